"""``mangapaint bench``: the table of what can be measured, each a command below it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from mangapaint.cli.bench_auto import AUTO
from mangapaint.cli.bench_hints import HINTS
from mangapaint.cli.bench_live import LIVE
from mangapaint.cli.bench_networks import NETWORKS
from mangapaint.cli.bench_odds import ODDS
from mangapaint.cli.bench_reference import REFERENCE
from mangapaint.cli.command import Command

MEASURES = (LIVE, HINTS, REFERENCE, ODDS, AUTO, NETWORKS)


def _arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")
    for row in MEASURES:
        one = kinds.add_parser(row.name, help=row.help)
        row.arguments(one)
        one.set_defaults(measure=row.run)


def _run(options: argparse.Namespace) -> int:
    measure: Callable[[argparse.Namespace], int] = options.measure
    return measure(options)


BENCH = Command("bench", "Measure how fast the window is, and how exactly pages are coloured.", _arguments, _run)
