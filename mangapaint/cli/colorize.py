"""``mangapaint colorize``: one page from hints or references into a PNG."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mangapaint.cli.command import (
    DEVICES,
    DONE,
    BarProgress,
    Command,
    answer,
    json_argument,
    method_options,
    weights_argument,
)
from mangapaint.settings import Settings

KINDS = ("auto", "line", "gray", "tone", "mixed")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", type=Path, metavar="PAGE")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.png")
    parser.add_argument("--hints", type=Path, metavar="HINTS.png", help="opaque pixels are hints; the page's size")
    parser.add_argument("--reference", type=Path, action="append", default=[], metavar="REF.png")
    parser.add_argument("--method", default="auto", metavar="ID", help="see: mangapaint methods")
    parser.add_argument("--kind", choices=KINDS, default="auto", help="what sort of page it is")
    parser.add_argument("--gap", type=int, metavar="PIXELS", help="holes in the ink up to this wide are closed")
    parser.add_argument("--option", action="append", default=[], metavar="ID=CHOICE", help="see: mangapaint methods")
    weights_argument(parser)
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--seed", type=int, default=0)
    json_argument(parser, "report on stdout")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.batch import Task, colorize
    from mangapaint.colorizers.registry import AUTO, method, unlearned
    from mangapaint.document.page import Kind

    if options.method != AUTO:
        method(options.method)
    task = Task(
        page=options.page,
        out=options.out,
        hints=options.hints,
        references=tuple(options.reference),
        method=options.method,
        kind=None if options.kind == "auto" else Kind(options.kind),
        gap=options.gap,
        options=method_options(options.option),
        weights=options.weights,
        device=options.device,
        seed=options.seed,
        image_limit=Settings.load()["image_limit"],
    )
    report = colorize(task, BarProgress())
    text = f"{report.out}: {report.method}, {report.kind}, {sum(report.seconds.values()):.1f} s"
    lack = "" if task.method != AUTO or task.references or task.weights else unlearned(Kind(report.kind))
    if lack:
        print(f"mangapaint: {lack}", file=sys.stderr)
    answer(options, report.as_dict(), text)
    return DONE


COLORIZE = Command("colorize", "Colour a page from hints or references into a PNG.", _arguments, _run)
