"""Hints as a hand would give them, taken from the truth, at random: patches, dots in areas, scribbles along them.

Patches are those of Zhang et al. 2017 ("Real-Time User-Guided Image Colorization with Learned Deep Priors"): their
count follows a geometric distribution, they lie mostly about the middle, and sometimes all of the truth is revealed.
Dots and scribbles follow areas, as those of artists do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.training.samples import NOWHERE, Labels

ENDS = 1 / 8
"""Probability that no more hints follow a hint: seven in the mean."""
MANY, MOST = 0.25, 128
"""How often there may be far more hints: a count whose logarithm is even up to this many."""
NONE, ALL = 0.04, 0.01
"""How often there is no hint at all (beside what the count's distribution says), and how often all is revealed."""
LARGEST = 9
"""Side of the largest patch in pixels, and diameter of the largest dot."""
WIDEST = 6
"""Width of the widest scribble in pixels."""
CENTRAL = 0.5
"""How often patches lie about the middle, with a deviation of a quarter of each side, rather than anywhere."""
TRIED = 4
"""Places that are looked at for each patch; the most even one is taken."""
STRIDE, TURN = 5.0, 0.45
"""Length of a scribble's steps in pixels, and deviation of their turns in radians."""
LONGEST = 24
"""Steps of a scribble at most."""
SAMPLED = 4
"""Areas are counted on every so many-th row and column."""


@dataclass(frozen=True, eq=False)
class _Truth:
    """What hints are taken from."""

    color: Pixels
    regions: Labels

    @cached_property
    def sizes(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The areas that can be hinted, and how likely each is: large ones more, but by their width."""
        seen = self.regions[::SAMPLED, ::SAMPLED]
        numbers, counts = np.unique(seen[seen > NOWHERE], return_counts=True)
        roots = np.sqrt(counts)
        return numbers, roots / max(float(roots.sum()), 1.0)

    @cached_property
    def depth(self) -> NDArray[np.float32]:
        """How far each pixel is from its area's border, float32 (h, w)."""
        border = np.ones(self.regions.shape, np.uint8)
        border[:, 1:][self.regions[:, 1:] != self.regions[:, :-1]] = 0
        border[1:][self.regions[1:] != self.regions[:-1]] = 0
        border[self.regions == NOWHERE] = 0
        border[[0, -1]] = 0
        border[:, [0, -1]] = 0
        return np.asarray(cv2.distanceTransform(border, cv2.DIST_L2, 3), dtype=np.float32)


def simulated(color: Pixels, regions: Labels, rng: np.random.Generator) -> Pixels:
    """Return random hints on a picture, uint8 RGBA (h, w, 4): alpha 255 where there is one, elsewhere 0 all.

    ``color`` is the truth, uint8 RGB (h, w, 3); ``regions`` int32 (h, w), its areas, ``NOWHERE`` between them.
    """
    hints = np.zeros((*color.shape[:2], 4), np.uint8)
    fate = rng.random()
    if fate < ALL:
        hints[..., :3], hints[..., 3] = color, 255
    elif fate >= ALL + NONE:
        truth = _Truth(color, regions)
        for way in _ways(truth, _count(rng), rng):
            way(hints, truth, rng)
    return hints


def _count(rng: np.random.Generator) -> int:
    """Draw how many hints there are."""
    if rng.random() < MANY:
        return round(float(MOST ** rng.random()))
    return int(rng.geometric(ENDS)) - 1


Way = Callable[[Pixels, _Truth, np.random.Generator], None]


def _ways(truth: _Truth, count: int, rng: np.random.Generator) -> list[Way]:
    """Choose how each hint is given: mostly one artist has one habit."""
    if not len(truth.sizes[0]):
        return [_patch] * count
    ways: list[Way] = [_patch, _dot, _scribble]
    habit = rng.choice(4, p=(0.45, 0.15, 0.2, 0.2))
    return [ways[rng.integers(3)] if habit == 3 else ways[habit] for _ in range(count)]


def _patch(hints: Pixels, truth: _Truth, rng: np.random.Generator) -> None:
    """Reveal the mean colour of a square, at the most even of a few places."""
    side = int(rng.integers(1, LARGEST + 1))
    height, width = (max(1, length - side + 1) for length in truth.color.shape[:2])
    central = rng.random() < CENTRAL
    parts = rng.normal(0.5, 0.25, (TRIED, 2)) if central else rng.random((TRIED, 2))
    rows, columns = (np.clip(parts[:, axis] * length, 0, length - 1).astype(int)
                     for axis, length in enumerate((height, width)))  # fmt: skip
    patches = [truth.color[y : y + side, x : x + side].reshape(-1, 3) for y, x in zip(rows, columns, strict=True)]
    best = int(np.argmin([np.ptp(patch, axis=0).max() for patch in patches]))
    y, x = rows[best], columns[best]
    hints[y : y + side, x : x + side] = _opaque(patches[best])


def _dot(hints: Pixels, truth: _Truth, rng: np.random.Generator) -> None:
    """Dot an area near its middle."""
    inside = truth.regions == _area(truth, rng)
    _, deepest, _, (x, y) = cv2.minMaxLoc(truth.depth, inside.view(np.uint8))
    radius = min(float(rng.uniform(0.5, LARGEST / 2)), deepest)
    mark = np.zeros(inside.shape, np.uint8)
    cv2.circle(mark, (x, y), int(radius), 1, cv2.FILLED)
    _reveal(hints, truth, (mark > 0) & inside)


def _scribble(hints: Pixels, truth: _Truth, rng: np.random.Generator) -> None:
    """Wander through an area, and turn where it ends."""
    area = _area(truth, rng)
    inside = truth.regions == area
    width = int(rng.integers(1, WIDEST + 1))
    mark = np.zeros(inside.shape, np.uint8)
    cv2.polylines(mark, [np.rint(_walk(inside, rng)).astype(np.int32)], isClosed=False, color=1, thickness=width)
    _reveal(hints, truth, (mark > 0) & inside)


def _walk(inside: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the points of a walk that starts anywhere in an area, float64 (n, 2) of x and y, n at least 1."""
    start = rng.choice(np.flatnonzero(inside))
    at = np.array(divmod(int(start), inside.shape[1])[::-1], np.float64)
    steps = int(rng.integers(2, LONGEST + 1))
    turns = rng.normal(0, TURN, steps)
    angle = float(rng.uniform(0, 2 * np.pi))
    walk = [at]
    for turn in turns:
        angle += turn
        ahead = walk[-1] + STRIDE * np.array([np.cos(angle), np.sin(angle)])
        x, y = np.rint(ahead).astype(int)
        if 0 <= x < inside.shape[1] and 0 <= y < inside.shape[0] and inside[y, x]:
            walk.append(ahead)
        else:
            angle += np.pi / 2
    return np.array(walk)


def _area(truth: _Truth, rng: np.random.Generator) -> int:
    numbers, likely = truth.sizes
    return int(rng.choice(numbers, p=likely))


def _reveal(hints: Pixels, truth: _Truth, mark: NDArray[np.bool_]) -> None:
    if mark.any():
        hints[mark] = _opaque(truth.color[mark])


def _opaque(colors: Pixels) -> Pixels:
    """Return the mean of some colours, uint8 (n, 3), as RGBA."""
    return np.append(np.rint(colors.mean(axis=0)), 255).astype(np.uint8)
