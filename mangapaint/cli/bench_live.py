"""``mangapaint bench live``: how soon a page takes colour in the real window."""

from __future__ import annotations

import argparse
from pathlib import Path

from mangapaint.cli.command import DONE, Command, answer, json_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", type=Path, required=True, metavar="PAGE")
    parser.add_argument("--strokes", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    json_argument(parser)


def _run(options: argparse.Namespace) -> int:
    from mangapaint.ui.bench import live

    found = live(options.page, strokes=options.strokes, seed=options.seed)
    answer(options, found, "\n".join(f"{key:<18} {value}" for key, value in found.items()))
    return DONE


LIVE = Command("live", "strokes in the real window: how soon the page takes colour", _arguments, _run)
