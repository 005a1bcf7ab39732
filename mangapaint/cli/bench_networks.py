"""``mangapaint bench networks``: teaching networks a series on the spot, and what they make of its other pages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mangapaint.cli.command import DEVICES, DONE, BarProgress, Command, answer, json_argument

PARTS = ("sources", "colorful", "guided")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR",
                        help="holds series/NAME/*.png, or is itself a series")  # fmt: skip
    parser.add_argument("--series", action="append", default=[], metavar="NAME",
                        help="of DIR; default: the one with most pictures")  # fmt: skip
    parser.add_argument("--part", action="append", default=[], choices=PARTS, help="default: all")
    long = parser.add_mutually_exclusive_group()
    long.add_argument("--minutes", type=float, metavar="M", help="how long the networks of a part learn; default: 20")
    long.add_argument("--steps", type=int, metavar="N", help="how many steps each network takes, always the same ones")
    long.add_argument("--quick", action="store_true", help="small networks, few steps: minutes for all of it")
    parser.add_argument("--pages", type=int, default=8, metavar="N", help="how many pages guided learns from")
    parser.add_argument("--from", type=Path, dest="start", metavar="WEIGHTS", help="what guided starts from")
    parser.add_argument("--sheets", type=Path, metavar="DIR", help="write what came of it as contact sheets")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--seed", type=int, default=0)
    json_argument(parser, "as JSON on stdout, with each picture's figures")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.networks_bench import bench_networks
    from mangapaint.evaluation.tables import networks_as_text

    found = bench_networks(_plan(options), BarProgress())
    answer(options, found, networks_as_text(found))
    return DONE


def _plan(options: argparse.Namespace) -> Any:
    from mangapaint.colorizers.weights import Weights
    from mangapaint.evaluation.networks_bench import Plan

    return Plan(
        data=options.data,
        series=tuple(options.series),
        parts=tuple(options.part),
        minutes=options.minutes,
        steps=options.steps,
        quick=options.quick,
        pages=options.pages,
        start=None if options.start is None else Weights.at(options.start),
        sheets=options.sheets,
        device=options.device,
        seed=options.seed,
    )


NETWORKS = Command("networks", "networks taught a series on the spot: what they make of its pages", _arguments, _run)
