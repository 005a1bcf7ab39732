"""The options of a benchmark that say which pictures it runs on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def pictures_arguments(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add ``--data`` (a list, maybe empty) and what chooses among the pictures there; ``selection`` reads them."""
    parser.add_argument("--data", type=Path, action="append", default=[], required=required, metavar="DIR",
                        help="holds lineart/NAME/{line,color}.png and series/NAME/*.png; or NAME/{source,target}.png;"
                             " or series, NAME/*.png; may be given several times")  # fmt: skip
    parser.add_argument("--kind", choices=("all", "line", "gray"), default="all")
    parser.add_argument("--each", type=int, default=1, metavar="N", help="so many pictures of a series, evenly spread")
    parser.add_argument("--split", default="", metavar="NAME,NAME",
                        help="only pictures of these: train, validation, evaluation_only, as the pairs' index.csv or a"
                             " split.json in DIR or beside it says")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="all that lineart/ and series/ hold, not each tenth drawing"
                        " (drawn by hand: eighth) and each eighth series")  # fmt: skip
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many pictures of a group, evenly spread")


def selection(options: argparse.Namespace) -> Any:
    """Return the ``Selection`` that was asked for."""
    from mangapaint.document.page import Kind
    from mangapaint.evaluation.selection import Selection

    return Selection(
        data=tuple(options.data),
        kinds=(Kind.LINE, Kind.GRAY) if options.kind == "all" else (Kind(options.kind),),
        splits=tuple(filter(None, options.split.split(","))),
        each=options.each,
        everything=options.all,
        limit=options.limit,
    )
