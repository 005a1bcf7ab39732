"""What a command is, and what commands share: exit codes, progress on stderr, answers on stdout, options."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mangapaint.colorizers.weights import Weights

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Command:
    """One command: its name, what it is for, its arguments and what it does; ``run`` returns the exit code."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


class BarProgress:
    """Progress as a bar on stderr."""

    def __init__(self) -> None:
        from tqdm import tqdm

        form = "{desc:<22} {percentage:3.0f}%|{bar:20}| {elapsed}"
        self._bar = tqdm(total=100, file=sys.stderr, leave=False, bar_format=form, disable=not sys.stderr.isatty())

    def report(self, fraction: float, text: str) -> None:
        """Move the bar."""
        self._bar.set_description_str(text, refresh=False)
        self._bar.n = round(100 * fraction)
        self._bar.refresh()
        if fraction >= 1:
            self._bar.close()

    def check(self) -> None:
        """Ctrl+C interrupts by itself."""


def json_argument(parser: argparse.ArgumentParser, text: str = "as JSON on stdout") -> None:
    """Add ``--json``, which ``answer`` looks at."""
    parser.add_argument("--json", action="store_true", help=text)


def weights_argument(
    parser: argparse._ActionsContainer, text: str = "learned on a series: see mangapaint train"
) -> None:
    """Add ``--weights``, a path or None."""
    parser.add_argument("--weights", type=Path, metavar="WEIGHTS.safetensors", help=text)


def opened_weights(options: argparse.Namespace) -> Weights | None:
    """Return the weights that ``--weights`` names; raises ``UserError`` where they cannot be read."""
    from mangapaint.colorizers.weights import Weights

    return None if options.weights is None else Weights.at(options.weights)


def answer(options: argparse.Namespace, values: Any, text: str) -> None:
    """Print what came of a command: as JSON where that was asked for, otherwise as text."""
    print(json.dumps(values, indent=2) if options.json else text)


def method_options(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return options of methods that were written as ID=CHOICE."""
    parts = (text.partition("=") for text in texts)
    return tuple((name, choice) for name, _, choice in parts)
