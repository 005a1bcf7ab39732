"""What was measured, as aligned text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column: its heading, the value's name in a row, and how it is written."""

    heading: str
    key: str
    form: Callable[[Any], str] = str


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


COLUMNS = (
    Column("pictures of", "group"),
    Column("method", "method"),
    Column("dots", "dots"),
    Column("pictures", "pictures"),
    Column("fill %", "fill", _percent),
    Column("regions %", "regions", _percent),
    Column("chroma %", "chroma", _percent),
    Column("PSNR dB", "psnr", "{:.1f}".format),
    Column("leak %", "leak", _percent),
    Column("s/update", "seconds", "{:.3f}".format),
)


def as_text(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as a table; what was not measured is a dash."""
    cells = [[column.heading for column in COLUMNS], *([_cell(column, row) for column in COLUMNS] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(COLUMNS))]
    return "\n".join(_line(line, widths) for line in cells)


def _cell(column: Column, row: dict[str, Any]) -> str:
    value = row[column.key]
    return "-" if value is None else column.form(value)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Words stand to the left, numbers to the right."""
    words = [cell.ljust(width) for cell, width in zip(cells[:2], widths, strict=False)]
    numbers = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join([*words, *numbers])


def speed_as_text(found: dict[str, Any]) -> str:
    """Return what one more stroke on a page takes, and how often that is what the other tool takes."""
    height, width = found["size"]
    lines = [f"one more stroke on {found['page']} ({width} x {height})"]
    lines += [
        f"{row['method']:<16} {row['strokes']:>4} on it: median {row['median_ms']:.1f} ms, 95 % {row['p95_ms']:.1f} ms"
        for row in found["methods"]
    ]
    if found["gmic"] is not None:
        lines.append(f"{'gmic':<16} {found['gmic']['strokes']:>4} on it: {found['gmic']['seconds']:.1f} s")
        lines += [f"{name}: {times:.0f} times as fast" for name, times in found["gmic"]["times"].items()]
    return "\n".join(lines)
