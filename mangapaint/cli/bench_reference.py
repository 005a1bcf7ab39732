"""``mangapaint bench reference``: how exactly pages take colour from one coloured picture, and how soon."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mangapaint.cli.command import (
    DEVICES,
    DONE,
    BarProgress,
    Command,
    answer,
    json_argument,
    method_options,
    opened_weights,
    weights_argument,
)
from mangapaint.errors import UserError

if TYPE_CHECKING:
    from mangapaint.document.page import Kind


def pairs_arguments(parser: argparse.ArgumentParser, *, given: str) -> None:
    """Add where pairs are from and which of them are measured; ``given`` is what targets become unless it is said."""
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="holds NAME/{source,target}.png, pairs/ and lineart/, or series/NAME/*.png")  # fmt: skip
    parser.add_argument("--scenes", type=int, default=0, metavar="N",
                        help="draw pairs, too: people of so many series of scenes in other poses")  # fmt: skip
    parser.add_argument("--input", choices=("gray", "line", "all"), default=given, help="what the targets become")
    parser.add_argument("--split", default="", metavar="NAME,NAME",
                        help="only pairs of these, by index.csv or split.json")  # fmt: skip
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each so many-th pair")


def inputs_of(options: argparse.Namespace) -> tuple[Kind, ...]:
    """Return what the targets are to become."""
    from mangapaint.document.page import Kind

    return (Kind.GRAY, Kind.LINE) if options.input == "all" else (Kind(options.input),)


def splits_of(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the splits that are wanted; none: all."""
    return tuple(filter(None, options.split.split(",")))


def _arguments(parser: argparse.ArgumentParser) -> None:
    pairs_arguments(parser, given="gray")
    parser.add_argument(
        "--method", action="append", default=[], metavar="ID", help="default: all that need a reference"
    )
    parser.add_argument("--option", action="append", default=[], metavar="ID=CHOICE", help="see: mangapaint methods")
    parser.add_argument("--all", action="store_true", help="every pair for methods that learn, too, not each eighth")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many pairs of a sort")
    parser.add_argument(
        "--sheets", type=Path, metavar="DIR", help="write what came of it as contact sheets, worst first"
    )
    parser.add_argument("--page", type=Path, metavar="PAGE", help="how long this page takes, with --reference")
    parser.add_argument("--reference", type=Path, metavar="REF")
    parser.add_argument("--vs", choices=("patches",), help="time the network patch by patch on the page beside")
    parser.add_argument("--vs-seconds", type=float, default=0.0, metavar="S",
                        help="end its learning after so long and say what all would take")  # fmt: skip
    parser.add_argument("--device", choices=DEVICES, default="auto")
    weights_argument(parser, "measure the method that they are of, too")
    parser.add_argument("--seed", type=int, default=0)
    json_argument(parser, "as JSON on stdout, with each picture's figures")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.reference_bench import bench_reference
    from mangapaint.evaluation.reference_speed import page_time
    from mangapaint.evaluation.tables import page_time_as_text, reference_as_text

    _check(options)
    found: dict[str, Any] = {}
    texts: list[str] = []
    if options.page is not None:
        found["page"] = page_time(_timing(options), BarProgress())
        texts.append(page_time_as_text(found["page"]))
    if options.data is not None or options.scenes:
        found |= bench_reference(_plan(options), BarProgress())
        texts.append(reference_as_text(found))
    answer(options, found, "\n\n".join(texts))
    return DONE


def _check(options: argparse.Namespace) -> None:
    if options.data is None and options.page is None and not options.scenes:
        remedy = "give --data DIR, --scenes N, or --page PAGE with --reference REF"
        raise UserError("there is nothing to measure", remedy=remedy)
    if options.scenes < 0:
        raise UserError("--scenes is less than nothing", remedy="give how many series are to be drawn")
    if (options.page is None) != (options.reference is None):
        raise UserError("a page is timed with its reference", remedy="give both --page PAGE and --reference REF")
    if options.vs and options.page is None:
        raise UserError("--vs times one page", remedy="give --page PAGE with --reference REF, too")
    if options.vs_seconds < 0:
        raise UserError("--vs-seconds is less than nothing", remedy="give seconds, or 0 to learn to the end")


def _timing(options: argparse.Namespace) -> Any:
    from mangapaint.evaluation.reference_speed import Timing

    return Timing(
        page=options.page,
        reference=options.reference,
        methods=tuple(options.method),
        options=method_options(options.option),
        weights=opened_weights(options),
        vs_patches=options.vs == "patches",
        vs_seconds=options.vs_seconds,
        device=options.device,
        seed=options.seed,
    )


def _plan(options: argparse.Namespace) -> Any:
    from mangapaint.evaluation.reference_bench import Plan

    return Plan(
        data=options.data,
        scenes=options.scenes,
        methods=tuple(options.method),
        options=method_options(options.option),
        weights=opened_weights(options),
        inputs=inputs_of(options),
        splits=splits_of(options),
        everything=options.all,
        every=options.every,
        limit=options.limit,
        sheets=options.sheets,
        device=options.device,
        seed=options.seed,
    )


REFERENCE = Command("reference", "one coloured picture: how exactly pages take it", _arguments, _run)
