"""``mangapaint bench hints``: how exactly pictures take colour from random dots of the truth, and how soon."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mangapaint.cli.bench_pictures import pictures_arguments, selection
from mangapaint.cli.command import DONE, BarProgress, Command, answer, json_argument, opened_weights, weights_argument
from mangapaint.errors import UserError


def _arguments(parser: argparse.ArgumentParser) -> None:
    pictures_arguments(parser, required=False)
    parser.add_argument("--counts", default="10,30,100", metavar="N,N",
                        help="dots on each picture; 0 is for methods that need none")  # fmt: skip
    parser.add_argument("--method", action="append", default=[], metavar="ID", help="default: all that need hints only")
    parser.add_argument("--vs", choices=("gmic",), help="measure this beside (pip install 'mangapaint[bench]')")
    parser.add_argument("--page", type=Path, metavar="PAGE", help="how long one more stroke takes on this page")
    weights_argument(parser, "measure the method that they are of, too")
    parser.add_argument("--sheets", type=Path, metavar="DIR",
                        help="write page, results and truth as contact sheets, those first whose chroma accuracy (line"
                             " art: fill accuracy), the mean over the methods, is lowest with most dots")  # fmt: skip
    parser.add_argument("--seed", type=int, default=0)
    json_argument(parser, "as JSON on stdout, with each picture's figures")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.hints_bench import bench_hints
    from mangapaint.evaluation.speed import page_speed
    from mangapaint.evaluation.tables import hints_as_text, speed_as_text

    if not options.data and options.page is None:
        raise UserError("there is nothing to measure", remedy="give --data DIR, --page PAGE or both")
    found: dict[str, Any] = {}
    texts: list[str] = []
    if options.page is not None:
        found["page"] = page_speed(options.page, options.method, weights=opened_weights(options),
                                   vs_gmic=options.vs == "gmic", seed=options.seed, progress=BarProgress())  # fmt: skip
        texts.append(speed_as_text(found["page"]))
    if options.data:
        found |= bench_hints(_plan(options), BarProgress())
        texts.append(hints_as_text(found))
    answer(options, found, "\n\n".join(texts))
    return DONE


def _plan(options: argparse.Namespace) -> Any:
    from mangapaint.evaluation.hints_bench import Plan

    return Plan(
        pictures=selection(options),
        counts=_counts(options.counts),
        methods=tuple(options.method),
        weights=opened_weights(options),
        vs_gmic=options.vs == "gmic",
        sheets=options.sheets,
        seed=options.seed,
    )


def _counts(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        remedy = "write numbers with commas between, such as 0,10,100"
        raise UserError(f"--counts {text!r} is no list of numbers", remedy=remedy) from error


HINTS = Command("hints", "random dots of the truth: how exactly pictures take colour", _arguments, _run)
