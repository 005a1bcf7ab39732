"""``mangapaint analyze``: what a page says by itself, into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from mangapaint.cli.command import DONE, BarProgress, Command, answer, json_argument
from mangapaint.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", type=Path, metavar="PAGE")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    json_argument(parser, "analysis.json on stdout, too")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.batch import analyze_to

    limit = Settings.load()["image_limit"]
    found = analyze_to(options.page, options.out, image_limit=limit, progress=BarProgress())
    answer(options, found, f"{options.out}: {found['kind']}, {found['regions']} regions, {found['corners']} corners")
    return DONE


ANALYZE = Command("analyze", "Write a page's palette, edges, corners and regions.", _arguments, _run)
