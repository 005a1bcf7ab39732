"""The pictures a benchmark runs on: pages that are to be coloured, beside their true colours.

A folder holds ``lineart/NAME/line.png`` with ``color.png`` or ``color.jpg`` beside it (or is itself such a
``lineart``), and ``series/NAME/*`` with coloured pictures, which are turned gray. Names of line art that begin with
``asp-`` were drawn by hand; the others are derived from vector drawings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from mangapaint.document.page import Kind, Page, Pixels
from mangapaint.errors import UserError
from mangapaint.evaluation.metrics import turned_gray
from mangapaint.formats.images import read, read_page

HAND = "asp-"
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


class Group(Enum):
    """What sort of pictures; figures are given for each by itself."""

    VECTOR = "vector"
    HAND = "drawn by hand"
    GRAY = "turned gray"

    @property
    def kind(self) -> Kind:
        """What its pages are taken for, whatever they look like."""
        return Kind.GRAY if self is Group.GRAY else Kind.LINE

    @property
    def every(self) -> int:
        """Of the sorted names, each so many-th is measured: enough for a stable mean, and done in minutes."""
        return 10 if self is Group.VECTOR else 8


@dataclass(frozen=True)
class Sample:
    """One picture: where the truth is, and the page (None: the truth turned gray)."""

    name: str
    group: Group
    truth: Path
    page: Path | None = None


@dataclass(frozen=True, eq=False)
class Loaded:
    """A sample's page, and its true colours as uint8 RGB (H, W, 3) of the page's size."""

    sample: Sample
    page: Page
    truth: Pixels


def find(data: Path, *, everything: bool = False, limit: int | None = None,
         kinds: Sequence[Kind] = (Kind.LINE, Kind.GRAY)) -> tuple[Sample, ...]:  # fmt: skip
    """Return the samples in a folder, in order; ``limit`` is the most of one group. Raises ``UserError`` for none."""
    if not data.is_dir():
        raise UserError("there is no such folder", path=data, remedy="give the folder that holds lineart/ or series/")
    found = [*_line_art(data), *_turned_gray(data)]
    chosen: list[Sample] = []
    for group in Group:
        members = [sample for sample in found if sample.group is group and group.kind in kinds]
        chosen += members[:: 1 if everything else group.every][:limit]
    if not chosen:
        remedy = "it must hold lineart/NAME/line.png with color.png beside it, or series/NAME/*.png"
        raise UserError("there are no pictures to measure in it", path=data, remedy=remedy)
    return tuple(chosen)


def load(sample: Sample) -> Loaded:
    """Read a sample; a truth of another size than its page is brought to the page's."""
    truth = read(sample.truth).pixels
    if truth.ndim == 2:
        truth = np.asarray(cv2.cvtColor(truth, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    page = Page(turned_gray(truth), sample.name) if sample.page is None else read_page(sample.page)
    if truth.shape[:2] != (page.height, page.width):
        truth = np.asarray(cv2.resize(truth, (page.width, page.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return Loaded(sample, page, truth)


def _line_art(data: Path) -> Iterable[Sample]:
    for line in sorted(_first_that_holds(data, "lineart").glob("*/line.png")):
        colors = (line.with_name(f"color{ending}") for ending in (".png", ".jpg"))
        truth = next((path for path in colors if path.is_file()), None)
        if truth is not None:
            name = line.parent.name
            yield Sample(name, Group.HAND if name.startswith(HAND) else Group.VECTOR, truth, line)


def _turned_gray(data: Path) -> Iterable[Sample]:
    """Yield the first picture of each series: the others look much like it."""
    for folder in sorted((data / "series").glob("*/")):
        pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
        if pictures:
            yield Sample(f"{folder.name}/{pictures[0].stem}", Group.GRAY, pictures[0])


def _first_that_holds(data: Path, name: str) -> Path:
    return data / name if (data / name).is_dir() else data
