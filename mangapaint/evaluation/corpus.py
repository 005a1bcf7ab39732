"""The pictures a benchmark runs on: pages that are to be coloured, beside their true colours.

Line art is ``NAME/line.png`` with ``color.png`` or ``color.jpg`` beside it. Names that begin with ``asp-`` were drawn
by hand; the others are derived from vector drawings. Series are folders of coloured pictures, which are turned gray.
Which of them are measured is for ``selection`` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from mangapaint.analysis.ink import as_rgb
from mangapaint.document.page import Kind, Page, Pixels
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


def load(sample: Sample) -> Loaded:
    """Read a sample; a truth of another size than its page is brought to the page's."""
    truth = as_rgb(read(sample.truth).pixels)
    page = Page(turned_gray(truth), sample.name) if sample.page is None else read_page(sample.page)
    if truth.shape[:2] != (page.height, page.width):
        truth = np.asarray(cv2.resize(truth, (page.width, page.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return Loaded(sample, page, truth)


def line_art(folder: Path) -> Iterator[Sample]:
    """Yield the drawings in a folder whose colours are known, by name."""
    for line in sorted(folder.glob("*/line.png")):
        colors = (line.with_name(f"color{ending}") for ending in (".png", ".jpg"))
        truth = next((path for path in colors if path.is_file()), None)
        if truth is not None:
            name = line.parent.name
            yield Sample(name, Group.HAND if name.startswith(HAND) else Group.VECTOR, truth, line)


def series(folder: Path) -> Iterator[tuple[Sample, ...]]:
    """Yield the pictures of each series in a folder, by name; none of a series without pictures."""
    for one in sorted(folder.glob("*/")):
        pictures = sorted(path for path in one.iterdir() if path.suffix.lower() in PICTURES and path.name[0] != ".")
        if pictures:
            yield tuple(Sample(f"{one.name}/{path.stem}", Group.GRAY, path) for path in pictures)
