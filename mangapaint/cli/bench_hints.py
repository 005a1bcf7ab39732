"""``mangapaint bench hints``: how exactly pictures take colour from random dots of the truth, and how soon."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mangapaint.cli.command import DONE, BarProgress, Command, answer, json_argument, opened_weights, weights_argument
from mangapaint.errors import UserError


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="holds lineart/NAME/{line,color}.png and series/NAME/*.png")  # fmt: skip
    parser.add_argument("--counts", default="10,30,100", metavar="N,N", help="dots on each picture")
    parser.add_argument("--method", action="append", default=[], metavar="ID", help="default: all that need hints only")
    parser.add_argument("--kind", choices=("all", "line", "gray"), default="all")
    parser.add_argument("--all", action="store_true", help="all pictures, not each tenth (drawn by hand, gray: eighth)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many pictures of a group")
    parser.add_argument("--vs", choices=("gmic",), help="measure this beside (pip install 'mangapaint[bench]')")
    parser.add_argument("--page", type=Path, metavar="PAGE", help="how long one more stroke takes on this page")
    weights_argument(parser, "measure the method that they are of, too")
    parser.add_argument("--seed", type=int, default=0)
    json_argument(parser, "as JSON on stdout, with each picture's figures")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.hints_bench import bench_hints
    from mangapaint.evaluation.speed import page_speed
    from mangapaint.evaluation.tables import HINTS as COLUMNS
    from mangapaint.evaluation.tables import as_text, speed_as_text

    if options.data is None and options.page is None:
        raise UserError("there is nothing to measure", remedy="give --data DIR, --page PAGE or both")
    found: dict[str, Any] = {}
    texts: list[str] = []
    if options.page is not None:
        found["page"] = page_speed(options.page, options.method, weights=opened_weights(options),
                                   vs_gmic=options.vs == "gmic", seed=options.seed, progress=BarProgress())  # fmt: skip
        texts.append(speed_as_text(found["page"]))
    if options.data is not None:
        found |= bench_hints(_plan(options), BarProgress())
        texts.append(as_text(found["rows"], COLUMNS))
    answer(options, found, "\n\n".join(texts))
    return DONE


def _plan(options: argparse.Namespace) -> Any:
    from mangapaint.document.page import Kind
    from mangapaint.evaluation.hints_bench import Plan

    return Plan(
        data=options.data,
        counts=_counts(options.counts),
        methods=tuple(options.method),
        weights=opened_weights(options),
        vs_gmic=options.vs == "gmic",
        kinds=(Kind.LINE, Kind.GRAY) if options.kind == "all" else (Kind(options.kind),),
        everything=options.all,
        limit=options.limit,
        seed=options.seed,
    )


def _counts(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        remedy = "write numbers with commas between, such as 10,30,100"
        raise UserError(f"--counts {text!r} is no list of numbers", remedy=remedy) from error


HINTS = Command("hints", "random dots of the truth: how exactly pictures take colour", _arguments, _run)
