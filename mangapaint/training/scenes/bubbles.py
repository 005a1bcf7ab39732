"""Speech bubbles and captions: round, cloudy, spiky or boxes, with tails and lettering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mangapaint.training.scenes.lettering import ADVANCE, LEADING, Strokes, broken, columns, lettered, words
from mangapaint.training.scenes.shapes import Identity, Points, Shape

POINTING = 1.6
"""Bubbles whose speaker is nearer, as a part of their own half sizes, have no tail."""
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


class Outline(Enum):
    """What a bubble's outline looks like."""

    ROUND = "round"
    CLOUD = "cloud"
    SPIKY = "spiky"
    BOX = "box"


@dataclass(frozen=True, eq=False)
class Bubble:
    """A bubble's areas, back to front, its lettering and how high a letter is, in pixels of the picture."""

    shapes: tuple[Shape, ...]
    strokes: Strokes
    height: float

    @property
    def rect(self) -> Rect:
        """The upright box about it, without its tail's little bubbles."""
        low, high = self.shapes[0].points.min(axis=0).tolist(), self.shapes[0].points.max(axis=0).tolist()
        return low[0], low[1], high[0], high[1]


def bubble(rng: Generator, paper: Identity, *, within: Rect, speaker: tuple[float, float] | None,
           avoid: Sequence[Rect]) -> Bubble | None:  # fmt: skip
    """Return a bubble in a panel that leaves some places free; None where there is no room.

    ``speaker`` is where its tail points to; without one it is a caption.
    """
    size = min(within[2] - within[0], within[3] - within[1])
    outline = _outline(rng) if speaker else Outline.BOX
    height = float(np.clip(size * rng.uniform(0.026, 0.042), 6, 22))
    upright = outline is not Outline.BOX and rng.random() < 0.4
    text = _columns(rng) if upright else broken(words(rng, int(rng.integers(1, 8))), int(rng.integers(6, 13)))
    half = _half(text, height, outline, upright=upright)
    middle = free_place(rng, half, within, avoid)
    if middle is None:
        return None
    strokes = (
        columns(rng, middle=middle, height=height, rows=[len(column) for column in text])
        if upright
        else lettered(text, rng, middle=middle, height=height)
    )
    return Bubble(_shapes(rng, outline, middle, half, paper, speaker), strokes, height)


def _outline(rng: Generator) -> Outline:
    return (Outline.ROUND, Outline.CLOUD, Outline.SPIKY)[rng.choice(3, p=[0.65, 0.2, 0.15])]


def _columns(rng: Generator) -> list[str]:
    """Return columns of characters; only their lengths count."""
    longest = int(rng.integers(3, 7))
    return ["x" * int(rng.integers(2, longest + 1)) for _ in range(rng.integers(1, 4))]


def _half(text: Sequence[str], height: float, outline: Outline, *, upright: bool) -> tuple[float, float]:
    """Return half the width and height of the bubble around a text."""
    unit, longest = height / 6, max(len(line) for line in text)
    if upright:
        wide, tall = len(text) * 8 * unit / 2, longest * 7.2 * unit / 2
    else:
        wide, tall = longest * ADVANCE * unit / 2, len(text) * LEADING * unit / 2
    if outline is Outline.BOX:
        return wide + height, tall + height * 0.7
    room = 1.6 if outline is Outline.SPIKY else 1.35
    return max(wide, height) * room + height * 0.6, max(tall, height) * room + height * 0.3


def free_place(rng: Generator, half: tuple[float, float], within: Rect,
           avoid: Sequence[Rect]) -> tuple[float, float] | None:  # fmt: skip
    """Return the best middle of some tries for what has such half sizes; None where there is no room.

    It lies high up, and over as little as possible of the areas to avoid.
    """
    left, top, right, bottom = within
    if half[0] * 2 > (right - left) * 0.8 or half[1] * 2 > (bottom - top) * 0.7:
        return None
    margin = 0.02 * (right - left)
    x = rng.uniform(left + half[0] + margin, max(left + half[0] + margin, right - half[0] - margin) + 1e-3, 14)
    y = rng.uniform(top + half[1] + margin, max(top + half[1] + margin, bottom - half[1] - margin) + 1e-3, 14)
    cost = (y - top) / (bottom - top) * 0.1
    for area in avoid:
        cost = cost + _covered(x, y, half, area)
    best = int(np.argmin(cost))
    return None if cost[best] > 0.22 else (float(x[best]), float(y[best]))


def _covered(x: NDArray[np.float64], y: NDArray[np.float64], half: tuple[float, float],
             area: Rect) -> NDArray[np.float64]:  # fmt: skip
    """Return what share of an area, or of the bubble if that is smaller, bubbles at x, y would cover."""
    left, top, right, bottom = area
    wide = np.minimum(x + half[0], right) - np.maximum(x - half[0], left)
    tall = np.minimum(y + half[1], bottom) - np.maximum(y - half[1], top)
    least = min((right - left) * (bottom - top), 4 * half[0] * half[1])
    return np.maximum(wide, 0) * np.maximum(tall, 0) / max(1.0, least)


def _shapes(rng: Generator, outline: Outline, middle: tuple[float, float], half: tuple[float, float],
            paper: Identity, speaker: tuple[float, float] | None) -> tuple[Shape, ...]:  # fmt: skip
    if outline is Outline.BOX or speaker is None:
        return (_flat(_box(middle, half), paper),)
    toward = np.arctan2((speaker[1] - middle[1]) / half[1], (speaker[0] - middle[0]) / half[0])
    reach = float(np.hypot((speaker[1] - middle[1]) / half[1], (speaker[0] - middle[0]) / half[0]))
    angles, radii = _polar(rng, outline)
    ring = _ring(middle, half, angles, radii)
    if outline is Outline.CLOUD:
        return (_flat(ring, paper), *_puffs(middle, half, float(toward), min(reach, 2.2), paper))
    if reach > POINTING:
        ring = _tailed(ring, angles, float(toward), _ring(middle, half, toward, min(reach - 0.15, 1.9)))
    return (_flat(ring, paper),)


def _flat(points: Points, paper: Identity) -> Shape:
    return Shape(points, paper, line=0.9, round=0)


def _box(middle: tuple[float, float], half: tuple[float, float]) -> Points:
    x, y = middle
    corners = (
        (x - half[0], y - half[1]),
        (x + half[0], y - half[1]),
        (x + half[0], y + half[1]),
        (x - half[0], y + half[1]),
    )
    return np.array(corners, np.float32)


def _polar(rng: Generator, outline: Outline) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a bubble's outline as angles and radii, parts of its half width and height."""
    if outline is Outline.SPIKY:
        count = 2 * int(rng.integers(9, 15))
        angles = np.linspace(-np.pi, np.pi, count, endpoint=False) + rng.normal(0, 0.04, count)
        return angles, np.where(np.arange(count) % 2, 0.82, rng.uniform(1.0, 1.3, count))
    angles = np.linspace(-np.pi, np.pi, 96, endpoint=False)
    if outline is Outline.CLOUD:
        return angles, 0.86 + 0.17 * np.abs(np.sin(angles * int(rng.integers(8, 13)) / 2))
    # Between an ellipse and a rounded box, a little uneven.
    power = rng.uniform(2.0, 2.8)
    radii = (np.abs(np.cos(angles)) ** power + np.abs(np.sin(angles)) ** power) ** (-1 / power)
    return angles, radii * (1 + 0.02 * np.sin(angles * 3 + rng.uniform(0, 6)))


def _ring(middle: tuple[float, float], half: tuple[float, float], angles: NDArray[np.float64] | float,
          radii: NDArray[np.float64] | float) -> Points:  # fmt: skip
    x, y = middle[0] + half[0] * radii * np.cos(angles), middle[1] + half[1] * radii * np.sin(angles)
    return np.stack((x, y), axis=-1).astype(np.float32)


def _tailed(ring: Points, angles: NDArray[np.float64], toward: float, tip: Points) -> Points:
    """Return the outline with a tail in place of what lies about the angle to the speaker."""
    apart = np.abs((angles - toward + np.pi) % (2 * np.pi) - np.pi)
    first = int(np.argmin(apart))
    turned, near = np.roll(ring, -first, axis=0), np.roll(apart, -first) < 0.16
    near[0] = True
    return np.concatenate((tip[None], turned[~near])).astype(np.float32)


def _puffs(middle: tuple[float, float], half: tuple[float, float], toward: float, reach: float,
           paper: Identity) -> list[Shape]:  # fmt: skip
    """Return the small bubbles that lead from a thought to its thinker."""
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    puffs = []
    for part, size in ((0.35, 0.13), (0.75, 0.08)):
        at = _ring(middle, half, toward, 1.05 + (reach - 1.05) * part)
        radius = size * min(half)
        puffs.append(_flat(_ring((float(at[0]), float(at[1])), (radius * 1.2, radius), angles, 1.0), paper))
    return puffs
