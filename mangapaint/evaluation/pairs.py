"""Pairs of pictures that a benchmark runs on: a coloured reference, and a page that is to take its colours.

A folder holds ``pairs/NAME/source.png`` and ``target.png`` (or is itself such a ``pairs``): both coloured, the target
turned gray or into line art. ``pairs/index.csv`` may say of each pair how the two differ (kind, target_transform) and
which part of the pictures it belongs to (split). ``lineart/pairs.csv`` names two folders a row (reference, target),
with ``color.png`` or ``color.jpg`` and a ``line.png`` that a person drew: the page is the target's. ``split.json``
beside may list the stories of these that are kept for validation (lineart_validation_stories). Where there is neither,
``series/NAME/`` (or ``NAME/``) are series: each of their pictures is the reference of the next.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.drawn import line_art
from mangapaint.document.page import Kind, Page, Pixels, Reference
from mangapaint.errors import UserError
from mangapaint.evaluation import corpus
from mangapaint.evaluation.corpus import PICTURES, Group, Sample
from mangapaint.formats.images import read_reference
from mangapaint.training.splitting import rules_beside

UNSORTED = "pairs"
"""The kind of pairs that no index says more about."""
DRAWN = "drawn by people, next page"
FOLLOWING = "series, next picture"

Row = Mapping[str, str]


@dataclass(frozen=True)
class PosedAs:
    """A pair that is drawn: of which series of scenes, and which of its line-ups are the references and the page."""

    series: int
    references: tuple[int, ...]
    page: int


@dataclass(frozen=True)
class Pair:
    """One pair: where reference and truth are, and the page (None: made from the truth, as ``input`` asks).

    Of a ``scene`` there are no files. ``kind`` says how the two differ, ``change`` what was done to the target besides
    ("flip"), ``split`` which part of the pictures the pair belongs to; the last two may be empty. ``input`` is GRAY or
    LINE.
    """

    name: str
    input: Kind
    reference: Path
    truth: Path
    page: Path | None = None
    kind: str = UNSORTED
    change: str = ""
    split: str = ""
    scene: PosedAs | None = None


@dataclass(frozen=True)
class Skipped:
    """A pair (or one method on it) that could not be measured, and why."""

    name: str
    why: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """A pair's pictures; the truth is uint8 RGB (H, W, 3) of the page's size.

    There are one or several ``references``. Only regions that lie where ``counted``, bool (H, W), is true are counted;
    None: all are.
    """

    pair: Pair
    page: Page
    references: tuple[Reference, ...]
    truth: Pixels
    counted: NDArray[np.bool_] | None = None


def find(data: Path, inputs: Sequence[Kind], *, splits: Sequence[str] = ()) -> tuple[list[Pair], list[Skipped]]:
    """Return a folder's pairs for the inputs, in order, and what is no whole pair; no split given means all.

    Raises ``UserError`` where there is no folder, no pair, or no pair of these splits.
    """
    if not data.is_dir():
        raise UserError("there is no such folder", path=data, remedy="give the folder that holds NAME/source.png")
    found = _found(data, inputs)
    pairs = [item for item in found if isinstance(item, Pair)]
    skipped = [item for item in found if isinstance(item, Skipped)]
    if not pairs:
        remedy = "it must hold NAME/source.png with target.png beside it, or series, NAME/*.png"
        raise UserError("there are no pairs to measure in it", path=data, remedy=_with_reason(remedy, skipped))
    return _of_splits(data, pairs, splits), skipped


def load(pair: Pair) -> Loaded:
    """Read a pair of files; raises ``UserError`` for a picture that cannot be read."""
    reference = read_reference(pair.reference)
    group = Group.GRAY if pair.page is None else Group.HAND
    read = corpus.load(Sample(pair.name, group, pair.truth, pair.page))
    made = pair.page is None and pair.input is Kind.LINE
    page = Page(line_art(read.truth), pair.name) if made else read.page
    return Loaded(pair, page, (reference,), read.truth)


def _found(data: Path, inputs: Sequence[Kind]) -> list[Pair | Skipped]:
    try:
        found = [*_of_pictures(_first_that_holds(data, "pairs"), inputs)]
        if Kind.LINE in inputs:
            found += _drawn(_first_that_holds(data, "lineart"))
        return found or [*_following(_first_that_holds(data, "series"), inputs)]
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UserError(f"it cannot be looked through ({reason})", path=data, remedy="choose another folder") from error


def _of_pictures(folder: Path, inputs: Sequence[Kind]) -> Iterator[Pair | Skipped]:
    """Yield the pairs of coloured pictures, once for each input."""
    index = {row.get("pair") or "": row for row in _rows(folder / "index.csv")}
    names = sorted({*index, *(path.name for path in folder.iterdir() if path.is_dir())} - {""})
    for name in names:
        reference, truth = (_picture(folder / name, stem) for stem in ("source", "target"))
        if reference is not None and truth is not None:
            row = index.get(name, {})
            for kind in inputs:
                yield Pair(name, kind, reference, truth, kind=row.get("kind") or UNSORTED,
                           change=row.get("target_transform") or "", split=row.get("split") or "")  # fmt: skip
        elif name in index or reference is not None or truth is not None:
            lacking = "source.png" if reference is None else "target.png"
            yield Skipped(name, f"there is no {lacking}")


def _drawn(folder: Path) -> Iterator[Pair | Skipped]:
    """Yield the pairs whose page was drawn by a person."""
    stories = _validation_stories(folder.parent / "split.json")
    for row in _rows(folder / "pairs.csv"):
        source, target = row.get("reference") or "", row.get("target") or ""
        reference, truth = (_picture(folder / name, "color") if name else None for name in (source, target))
        line = folder / target / "line.png"
        if reference is not None and truth is not None and line.is_file():
            split = _split_of(target, stories)
            yield Pair(f"{source} > {target}", Kind.LINE, reference, truth, line, kind=DRAWN, split=split)
        else:
            yield Skipped(f"{source} > {target}", "there is no color.png or line.png")


def _following(folder: Path, inputs: Sequence[Kind]) -> Iterator[Pair]:
    """Yield the pictures of series that another goes before, once for each input."""
    rules = rules_beside(folder)
    for samples in corpus.series(folder):
        name = samples[0].truth.parent.name
        split = rules.part(name).value if rules else ""
        for one, two in pairwise(samples):
            for kind in inputs:
                yield Pair(two.name, kind, one.truth, two.truth, kind=FOLLOWING, split=split)


def _validation_stories(path: Path) -> frozenset[str] | None:
    """Return the stories that are kept for validation; None where no file says which."""
    if not path.is_file():
        return None
    try:
        return frozenset(json.loads(path.read_text("utf-8"))["lineart_validation_stories"])
    except KeyError:
        return None
    except (OSError, ValueError, TypeError) as error:
        remedy = "mend it, or remove it to do without splits of line art"
        raise UserError("it does not say which stories are for validation", path=path, remedy=remedy) from error


def _split_of(name: str, stories: frozenset[str] | None) -> str:
    """Return the split of a drawn page, SOURCE-STORY-PAGE; empty where nothing says so."""
    if stories is None:
        return ""
    return "validation" if stories.intersection(name.split("-")[1:2]) else "train"


def _rows(path: Path) -> list[Row]:
    """Return a table's rows; none where there is no table."""
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError("it cannot be read as a table", path=path, remedy="save it as CSV in UTF-8") from error


def _picture(folder: Path, stem: str) -> Path | None:
    """Return a folder's picture of that name, whatever its format."""
    if not folder.is_dir():
        return None
    return next((path for path in sorted(folder.glob(f"{stem}.*")) if path.suffix.lower() in PICTURES), None)


def _first_that_holds(data: Path, name: str) -> Path:
    return data / name if (data / name).is_dir() else data


def _of_splits(data: Path, pairs: list[Pair], splits: Sequence[str]) -> list[Pair]:
    chosen = [pair for pair in pairs if not splits or pair.split in splits]
    if not chosen:
        known = ", ".join(sorted({pair.split for pair in pairs} - {""})) or "none"
        raise UserError(f"there are no pairs of {', '.join(splits)}", path=data, remedy=f"its splits are: {known}")
    return chosen


def _with_reason(remedy: str, skipped: Sequence[Skipped]) -> str:
    return f"{remedy} ({skipped[0].name}: {skipped[0].why})" if skipped else remedy
