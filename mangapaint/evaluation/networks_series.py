"""The series that networks are measured on: where it lies, which pictures are learned from, and which are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mangapaint.errors import UserError
from mangapaint.evaluation.dots import seed_of
from mangapaint.progress import Progress, Span
from mangapaint.training.augmentation import NONE
from mangapaint.training.originals import Originals, open_sources
from mangapaint.training.samples import Input, Sample
from mangapaint.training.sampling import Samples
from mangapaint.training.sources import PICTURES

HELD = 0.2
"""The part of a series that is held out where as much as possible is to be learned from."""


@dataclass(frozen=True)
class Cut:
    """The numbers of the pictures that are learned from, and of those that are not."""

    learned: tuple[int, ...]
    held: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Series:
    """A series, its pictures that can be used in an order drawn by lot."""

    name: str
    originals: Originals
    order: tuple[int, ...]

    @classmethod
    def of(cls, folder: Path, *, seed: int, progress: Progress) -> Series:
        """Open the pictures that lie in a folder; the lot depends on its name and the seed."""
        originals = open_sources(pictures(folder), progress=Span(progress, 0.0, 0.1))
        originals.fill(progress=Span(progress, 0.1, 1.0))
        usable = [number for number in range(len(originals)) if originals.get(number) is not None]
        name = folder.absolute().name
        rng = np.random.default_rng(seed_of(f"the order of {name}", seed))
        return cls(name, originals, tuple(rng.permutation(usable).tolist()))

    def few(self, pages: int) -> Cut:
        """Learn from so many pages; raises ``UserError`` where none would be left to measure on."""
        if pages >= len(self.order):
            problem = (
                f"{self.name} has {len(self.order)} pictures: {pages} pages to learn from leave none to measure on"
            )
            raise UserError(problem, remedy="give a lower --pages, or another --series")
        return Cut(self.order[:pages], self.order[pages:])

    def most(self) -> Cut:
        """Hold a fifth out and learn from the rest; raises ``UserError`` for a single picture."""
        return self.few(len(self.order) - max(1, round(HELD * len(self.order))) if len(self.order) > 1 else 1)

    def names(self, numbers: Sequence[int]) -> list[str]:
        """Return the names of pictures."""
        return [self.originals.sources[number].name for number in numbers]

    def path(self, number: int) -> Path:
        """Return a picture's file."""
        return self.originals.sources[number].files[0][1]

    def sample(self, number: int, given: Input, *, size: int, seed: int) -> Sample:
        """Return a whole picture, ``size`` pixels on its longer side, with the page that a network is given of it."""
        original = self.originals.get(number)
        assert original is not None  # the order has only those that can be read
        height, width = original.color.shape[:2]
        scale = size / max(height, width)
        sides = max(1, round(height * scale)), max(1, round(width * scale))
        return Samples(self.originals, (number,), (given,), sides, NONE, hinted=False, seed=seed)[0]


def find_series(data: Path, names: Sequence[str]) -> tuple[Path, ...]:
    """Return the folders of the series with these names; without names one: ``data`` itself if it holds pictures,
    otherwise that of the series with most of them. Raises ``UserError`` where there is none.
    """
    if not data.is_dir():
        raise UserError("there is no such folder", path=data, remedy="give a folder of pictures, or of series/NAME")
    if names:
        return tuple(_named(data, name) for name in dict.fromkeys(names))
    if pictures(data):
        return (data,)
    counts = {folder: len(pictures(folder)) for folder in sorted(_whole(data).iterdir()) if folder.is_dir()}
    best = max(counts, key=lambda folder: counts[folder], default=data)
    if not counts.get(best):
        raise UserError("there are no pictures in it", path=data, remedy="it must hold pictures, or series/NAME/*.png")
    return (best,)


def pictures(folder: Path) -> list[Path]:
    """Return the pictures in a folder, not those below it, in order."""
    inside = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in inside if path.suffix.lower() in PICTURES and path.is_file())


def _whole(data: Path) -> Path:
    return data / "series" if (data / "series").is_dir() else data


def _named(data: Path, name: str) -> Path:
    """Return the folder of a series in ``data``; ``data`` itself may be meant."""
    here = data.absolute()
    for folder in (_whole(data) / name, *([data] if here.name == name else [])):
        if folder.is_dir() and pictures(folder):
            return folder
    raise UserError(f"there is no series {name!r} with pictures", path=data, remedy="--series names a folder in it")
