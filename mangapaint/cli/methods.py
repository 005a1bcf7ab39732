"""``mangapaint methods``: the ways to colour a page, and which of them can run here."""

from __future__ import annotations

import argparse
from typing import Any

from mangapaint.cli.command import DONE, Command, answer, json_argument


def _run(options: argparse.Namespace) -> int:
    from mangapaint.colorizers.registry import capabilities

    rows: list[dict[str, Any]] = [
        {
            "id": row.info.id,
            "title": row.info.title,
            "source": row.info.source,
            "needs": sorted(need.value for need in row.info.needs),
            "kinds": sorted(kind.value for kind in row.info.kinds),
            "options": {item.id: list(item.choices) for item in row.info.options},
            "available": row.available,
            "why_not": row.why_not,
        }
        for row in capabilities()
    ]
    answer(options, rows, "\n".join(_line(row) for row in rows))
    return DONE


def _line(row: dict[str, Any]) -> str:
    here = "" if row["available"] else f"  not here: {row['why_not']}"
    line = f"{row['id']:<16} {row['title']:<20} needs {', '.join(row['needs']) or 'nothing':<10} {row['source']}{here}"
    return "\n".join([line, *(f"{'':<16} --option {key}={'|'.join(found)}" for key, found in row["options"].items())])


METHODS = Command("methods", "List the ways to colour a page.", json_argument, _run)
