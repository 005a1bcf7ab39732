"""What must be known of a whole training set before the first step: its main colours, how frequent bins are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.palette import main_colors
from mangapaint.colorizers.gamut import COUNT, frequencies
from mangapaint.document.page import Picture, Pixels
from mangapaint.training.samples import Sample

LOOKED_AT = 800_000
"""About as many pixels of a training set make its palette."""
SIDE = 16
"""Its pictures are looked at in squares of so many pixels, whose neighbours tell a colour from a mixture of two."""


def palette_of(samples: Sequence[Sample], count: int) -> Pixels:
    """Return the main colours of all samples' colours together, uint8 RGB (k, 3), k at most ``count``.

    From every picture as many squares, spread over it evenly. Raises ``ValueError`` without samples.
    """
    each = max(1, LOOKED_AT // (SIDE * SIDE * max(1, len(samples))))
    squares = [square for sample in samples for square in _squares(sample.color, each)]
    mosaic = Picture(np.ascontiguousarray(np.concatenate(squares)), "training set")
    return np.array(main_colors(mosaic, count=count).colors, np.uint8)


def bins_of(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """Return how frequent each bin of the a,b plane is in all samples, float32 (313,); each counts the same."""
    return np.asarray(sum((frequencies(sample.color) for sample in samples), np.zeros(COUNT)), dtype=np.float32)


def _squares(color: Pixels, count: int) -> Iterator[Pixels]:
    """Return up to so many squares of a picture, as wide as one another: evenly spread, the last at its far corner."""
    height, width = color.shape[:2]
    sides = round((count * height / width) ** 0.5), round((count * width / height) ** 0.5)
    for y in _places(height, sides[0]):
        for x in _places(width, sides[1]):
            square = color[y : y + SIDE, x : x + SIDE]
            missing = SIDE - square.shape[0], SIDE - square.shape[1]
            yield np.pad(square, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")


def _places(length: int, count: int) -> list[int]:
    last = max(0, length - SIDE)
    return np.unique(np.linspace(0, last, max(1, min(count, -(-length // SIDE)))).astype(int)).tolist()
