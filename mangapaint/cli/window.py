"""The command without a name: the window."""

from __future__ import annotations

import argparse
from pathlib import Path

from mangapaint.cli.command import Command
from mangapaint.errors import UserError


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", nargs="?", type=Path, metavar="PAGE", help="the page to open")
    parser.add_argument("--sample", action="store_true", help="open the sample page with its reference and hints")


def _run(options: argparse.Namespace) -> int:
    try:
        from mangapaint.ui.app import run
    except ImportError as error:
        remedy = "run: mangapaint doctor"
        raise UserError(f"the window cannot be opened here ({error})", remedy=remedy) from error
    return run(options.page, sample=options.sample)


WINDOW = Command("", "Open the window, on a page if one is given.", _arguments, _run)
