"""``mangapaint bench auto``: how pictures come out without a hint and without a reference."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mangapaint.cli.bench_pictures import pictures_arguments, selection
from mangapaint.cli.command import DONE, BarProgress, Command, answer, json_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    pictures_arguments(parser, required=True)
    parser.add_argument("--method", action="append", default=[], metavar="ID",
                        help="default: all that have weights here and need no more, and what auto chooses")  # fmt: skip
    parser.add_argument("--weights", type=Path, action="append", default=[], metavar="WEIGHTS.safetensors",
                        help="measure the method that they are of with these, too, under the file's name;"
                             " may be given several times")  # fmt: skip
    parser.add_argument("--sheets", type=Path, metavar="DIR",
                        help="write page, results and truth as contact sheets, those with the lowest mean chroma"
                             " accuracy (line art: fill accuracy) first")  # fmt: skip
    json_argument(parser, "as JSON on stdout, with each picture's figures")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.auto_bench import bench_auto
    from mangapaint.evaluation.tables import auto_as_text

    found = bench_auto(_plan(options), BarProgress())
    answer(options, found, auto_as_text(found))
    return DONE


def _plan(options: argparse.Namespace) -> Any:
    from mangapaint.colorizers.weights import Weights
    from mangapaint.evaluation.auto_bench import Plan

    return Plan(
        pictures=selection(options),
        methods=tuple(options.method),
        weights=tuple(Weights.at(path) for path in options.weights),
        sheets=options.sheets,
    )


AUTO = Command("auto", "no hint and no reference: how pictures come out by themselves", _arguments, _run)
