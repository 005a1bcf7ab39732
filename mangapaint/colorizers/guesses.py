"""What networks hold likely at each place of a page: distributions over the bins, and the few colours they come to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.gamut import bins
from mangapaint.document.rect import Rect

NEAR = 15.0
"""Colours nearer than this in a,b are one: a bin and the eight around it."""
NAMED = 5
"""Colours that are named for a place."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Likely:
    """What is likely in a part of the page, at (h, w) places spread over ``rect``.

    ``chances`` is float32 (h, w, 313), of each bin, rows sum to 1; ``light`` float32 (h, w), L 0..100.
    """

    rect: Rect
    chances: Field
    light: Field


@dataclass(frozen=True, eq=False)
class Guesses:
    """What is likely on a page, part by part."""

    parts: tuple[Likely, ...]

    def at(self, x: float, y: float) -> tuple[Field, Field]:
        """Return the likeliest colours of a page point, best first, CIELAB (k, 3), and how likely they are, (k,).

        A row sums to at most 1. Between the parts nothing is likely: k is 0.
        """
        for part in self.parts:
            rect = part.rect
            if rect.x0 <= x < rect.x1 and rect.y0 <= y < rect.y1:
                rows, columns = part.light.shape
                place = int((y - rect.y0) * rows / rect.height), int((x - rect.x0) * columns / rect.width)
                ab, chances = distinct(part.chances[place])
                light = np.full((len(ab), 1), part.light[place], np.float32)
                return np.concatenate([light, ab], axis=1), chances
        return np.zeros((0, 3), np.float32), np.zeros(0, np.float32)


def distinct(chances: Field, count: int = NAMED) -> tuple[Field, Field]:
    """Return the likeliest colours of a distribution (313,): a,b (count, 2), and how likely each is (count,).

    Each is the mean of a bin with its surroundings, which then do not count any more. The likeliest surroundings are
    the first.
    """
    left, colors, likely = chances.astype(np.float64), [], []
    for _ in range(count):
        masses = around() @ left
        at = int(masses.argmax())
        taken = left * around()[at]
        colors.append(taken @ bins() / max(masses[at], 1e-9))
        likely.append(masses[at])
        left = left - taken
    return np.array(colors, np.float32), np.array(likely, np.float32)


@cache
def around() -> Field:
    """Return which bins surround each bin, itself among them: float32 (313, 313), 0 or 1."""
    apart = np.linalg.norm(bins()[:, None] - bins()[None], axis=2)
    found = (apart <= NEAR).astype(np.float32)
    found.flags.writeable = False
    return found
