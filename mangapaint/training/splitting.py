"""Which originals are for training and which for validation: series are divided whole, never their pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from mangapaint.errors import UserError
from mangapaint.training.originals import Originals
from mangapaint.training.sources import WHOLE

FILE = "split.json"
VALIDATED = 0.1
"""The part that is kept for validation where nothing else is said."""
FEWEST = 3
"""Pictures of a single series from which on one is kept for validation."""


class Part(Enum):
    """What a series is for."""

    TRAINING = "train"
    VALIDATION = "validation"
    NEITHER = "evaluation_only"


@dataclass(frozen=True)
class Split:
    """The numbers of the originals that are for training and for validation, and in words how they were divided."""

    training: tuple[int, ...]
    validation: tuple[int, ...]
    how: str


@dataclass(frozen=True)
class Rules:
    """What a ``split.json`` says: series by name; and of line art, named SOURCE-STORY-PAGE, the stories."""

    parts: tuple[tuple[str, Part], ...]
    stories: frozenset[str] = frozenset()

    def part(self, series: str) -> Part:
        """Return what a series is for: the training, if it is not mentioned.

        The series of line art lacks the title that a listed one may have: "book-0001" is "book-0001-a-tall-man", too.
        """
        pieces = series.split("/")
        for name, part in self.parts:
            if name in (*pieces, series) or (name.startswith(f"{pieces[-1]}-") and _story(series)):
                return part
        return Part.VALIDATION if _story(series) in self.stories else Part.TRAINING


def divide(originals: Originals, *, seed: int) -> Split:
    """Divide originals for training and validation, always in the same way for a seed and the names of the series.

    A ``split.json`` in one of their folders is obeyed. Raises ``UserError`` for one that cannot be understood, and
    where nothing is left for training.
    """
    series = originals.series
    rules = read_rules(originals.folders)
    parts = {name: rules.part(name) if rules else Part.TRAINING for name in series}
    if rules and Part.VALIDATION in parts.values():
        return _by_series(originals, parts, f"as {FILE} says")
    trained = [name for name in series if parts[name] is Part.TRAINING]
    if len(trained) == 1:
        return _by_picture(originals, trained[0])
    for name in _drawn(trained, seed):
        parts[name] = Part.VALIDATION
    return _by_series(originals, parts, "by lot")


def rules_beside(folder: Path) -> Rules | None:
    """Return what is said of splits in a folder or beside it."""
    whole = folder.absolute()
    return read_rules((whole, whole.parent))


def read_rules(folders: Iterable[Path]) -> Rules | None:
    """Return what the ``split.json`` of the folders say together; None if there is none."""
    found = [_rules(path) for folder in folders for path in _places(folder) if path.is_file()]
    if not found:
        return None
    return Rules(tuple(row for rules in found for row in rules.parts), frozenset().union(*(x.stories for x in found)))


def _places(folder: Path) -> tuple[Path, ...]:
    """Return where a folder's file may lie: in it, or beside it if the folder is only a part of the data."""
    whole = folder.absolute()
    return (whole / FILE, whole.parent / FILE) if whole.name in WHOLE else (whole / FILE,)


def _rules(path: Path) -> Rules:
    try:
        said = json.loads(path.read_text("utf-8"))
        parts = [(name, part) for part in Part for name in _names(said, part.value)]
        return Rules(tuple(parts), frozenset(_names(said, "lineart_validation_stories")))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        remedy = 'it needs lists "train", "validation" and "evaluation_only" of series; mend or remove it'
        raise UserError("it does not say how the series are split", path=path, remedy=remedy) from error


def _names(said: dict[str, list[str]], key: str) -> Sequence[str]:
    names = said.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError(key)
    return names


def _story(series: str) -> str:
    """Return the story of a series SOURCE-STORY; empty for other names."""
    pieces = series.split("/")[-1].split("-")
    return pieces[1] if len(pieces) == 2 and pieces[1].isdigit() else ""


def _drawn(series: Sequence[str], seed: int) -> Sequence[str]:
    """Draw series for validation, at least one."""

    def lot(name: str) -> bytes:
        return hashlib.blake2b(f"{seed}/{name}".encode()).digest()

    return sorted(series, key=lot)[: max(1, round(len(series) * VALIDATED))] if len(series) > 1 else []


def _by_series(originals: Originals, parts: dict[str, Part], how: str) -> Split:
    training, validation = (
        tuple(number for number, source in enumerate(originals.sources) if parts[source.series] is part)
        for part in (Part.TRAINING, Part.VALIDATION)
    )
    if not training:
        raise UserError(f"{FILE} leaves no series for training", remedy="add others, or give their folders one by one")
    count = [sum(part is one for part in parts.values()) for one in (Part.TRAINING, Part.VALIDATION)]
    return Split(training, validation, f"{count[0]} series for training, {count[1]} for validation, {how}")


def _by_picture(originals: Originals, series: str) -> Split:
    """Keep the last pictures of the only series: there is no other way, and neighbours are as unlike as can be."""
    numbers = originals.of(series)
    kept = max(1, round(len(numbers) * VALIDATED)) if len(numbers) >= FEWEST else 0
    training, validation = numbers[: len(numbers) - kept], numbers[len(numbers) - kept :]
    how = f"one series only: its last {kept} of {len(numbers)} pictures are for validation"
    return Split(training, validation, how if kept else "one series of few pictures: all are for training")
