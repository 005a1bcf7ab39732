"""How a picture is divided into panels, from how near each shows things, and where these stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mangapaint.training.scenes.bubbles import Rect
from mangapaint.training.scenes.curves import rect
from mangapaint.training.scenes.shapes import Drawing, Figure, Points, placed


class Framing(Enum):
    """How much of the figures is seen: a face, down to the chest, to the hips, all; several; all from far away."""

    FACE = "face"
    BUST = "bust"
    HALF = "half"
    FULL = "full"
    GROUP = "group"
    FAR = "far"


@dataclass(frozen=True)
class View:
    """Of a framing, all as parts of the panel's height.

    ``head`` is the radius of the head (0: the figure is as high as ``figure`` says), ``level`` where the head's middle
    is, or the feet where the whole figure is seen. ``zoom`` enlarges the place; ``pen`` is how wide lines are.
    """

    head: tuple[float, float] = (0.0, 0.0)
    figure: tuple[float, float] = (0.0, 0.0)
    level: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0
    pen: float = 1.0


VIEWS = {
    Framing.FACE: View(head=(0.24, 0.36), level=(0.46, 0.56), zoom=2.0, pen=1.25),
    Framing.BUST: View(head=(0.15, 0.2), level=(0.34, 0.44), zoom=1.6, pen=1.1),
    Framing.HALF: View(head=(0.1, 0.135), level=(0.26, 0.36), zoom=1.3),
    Framing.FULL: View(figure=(0.68, 0.86), level=(0.9, 0.97), pen=0.9),
    Framing.GROUP: View(figure=(0.55, 0.78), level=(0.88, 0.98), pen=0.85),
    Framing.FAR: View(figure=(0.25, 0.42), level=(0.78, 0.92), pen=0.7),
}
LIKELY = (0.16, 0.22, 0.18, 0.18, 0.18, 0.08)
"""How often each framing is chosen: close ones more often, as in comics."""
LIKELY_SMALL = (0.28, 0.3, 0.2, 0.1, 0.08, 0.04)
"""The same in small panels."""
HEIGHTS = MappingProxyType(
    {"car": 0.8, "bicycle": 0.6, "chair": 0.52, "umbrella": 0.5, "sword": 0.5, "shield": 0.4, "box": 0.35, "wand": 0.25,
     "balloon": 0.35, "basket": 0.25, "bucket": 0.22, "bag": 0.25, "ball": 0.2, "drum": 0.28, "flower pot": 0.3,
     "gift": 0.25, "lantern": 0.25, "book": 0.16, "key": 0.1, "cup": 0.08, "fruit": 0.08, "cake": 0.18, "teapot": 0.14,
     "hat": 0.16, "mushroom": 0.16, "candle": 0.16, "bottle": 0.18, "clock": 0.2}
)  # fmt: skip
"""How high things are as parts of a person's height; others are ``HIGH``."""
HIGH = 0.2
SIZES = MappingProxyType(
    {"bear": 0.95, "bird": 0.25, "cat": 0.3, "cow": 0.85, "dog": 0.42, "dragon": 1.4, "elephant": 1.5, "fish": 0.2,
     "fox": 0.36, "frog": 0.16, "giraffe": 1.9, "goat": 0.55, "horse": 1.05, "lion": 0.7, "monster": 0.8, "mouse": 0.12,
     "owl": 0.28, "pig": 0.5, "rabbit": 0.26, "sheep": 0.55, "snake": 0.3, "turtle": 0.25}
)  # fmt: skip
"""How high animals are as parts of a person's height; others are ``SIZE``."""
SIZE = 0.5
FEET = 0.12
"""What is so near the ground, as a part of the figure's height, stands on it."""
HANDY = 0.2
"""Higher things are not put before somebody who is seen from near."""
NEAR = 0.15
"""From near is where heads are larger, as parts of the panel's height."""
STANDING = frozenset({Framing.FULL, Framing.GROUP, Framing.FAR})
"""What shows the ground."""


def framing(rng: Generator, *, small: bool) -> Framing:
    """Return how near a panel looks at things."""
    return tuple(VIEWS)[rng.choice(len(VIEWS), p=LIKELY_SMALL if small else LIKELY)]


@dataclass(frozen=True, eq=False)
class Panel:
    """A panel's outline, four points in pixels, and whether a frame is drawn around it."""

    points: Points
    framed: bool

    @property
    def corners(self) -> Rect:
        """The upright box about it."""
        low, high = self.points.min(axis=0).tolist(), self.points.max(axis=0).tolist()
        return low[0], low[1], high[0], high[1]

    @property
    def inner(self) -> Rect:
        """The upright box within it."""
        x, y = self.points[:, 0].tolist(), self.points[:, 1].tolist()
        return max(x[0], x[3]), max(y[0], y[1]), min(x[1], x[2]), min(y[2], y[3])


def divided(rng: Generator, width: int, height: int) -> tuple[Panel, ...]:
    """Return the panels of a picture: one in most, up to six; gutters between them, some of them slanting."""
    if rng.random() < 0.68:
        return (_whole(rng, width, height),)
    size = min(width, height)
    margin, gutter = size * rng.uniform(0.0, 0.035), size * rng.uniform(0.015, 0.035)
    rows = int(rng.integers(1, 4)) if height >= width * 0.8 else 1
    counts = [int(rng.integers(1, 3)) for _ in range(rows)]
    if sum(counts) == 1:
        counts = [2]
    edges = _edges(rng, rows, margin, height - margin)
    panels: list[Panel] = []
    for count, (top, bottom) in zip(counts, pairwise(edges), strict=True):
        slant = rng.uniform(-0.08, 0.08) * size if rng.random() < 0.3 else 0.0
        across = _edges(rng, count, margin, width - margin)
        panels += _row(across, (top, bottom), gutter, slant)
    return tuple(panels)


def _whole(rng: Generator, width: int, height: int) -> Panel:
    inset = min(width, height) * rng.uniform(0.01, 0.04) if rng.random() < 0.25 else 0.0
    # Pixels' middles are whole numbers: without an inset it reaches beyond the last one.
    return Panel(rect(inset - 1, inset - 1, width - inset, height - inset), framed=inset > 0)


def _edges(rng: Generator, count: int, low: float, high: float) -> list[float]:
    """Return where parts of unequal size begin and end."""
    sizes = rng.uniform(0.8, 1.3, count)
    return [low, *(low + (high - low) * np.cumsum(sizes) / sizes.sum()).tolist()]


def _row(across: list[float], down: tuple[float, float], gutter: float, slant: float) -> list[Panel]:
    """Return the panels of one row; the gutters between them lean by ``slant``."""
    panels = []
    for index, (left, right) in enumerate(pairwise(across)):
        points = rect(left + gutter / 2, down[0] + gutter / 2, right - gutter / 2, down[1] - gutter / 2)
        if index > 0:
            points[0, 0] += slant
            points[3, 0] -= slant
        if index < len(across) - 2:
            points[1, 0] += slant
            points[2, 0] -= slant
        panels.append(Panel(points, framed=True))
    return panels


@dataclass(frozen=True, eq=False)
class Actor:
    """A figure where it stands: ``x``, ``y`` its feet and ``scale`` its height, in pixels; ``size`` see ``Sized``."""

    figure: Figure
    x: float
    y: float
    scale: float
    mirrored: bool
    size: float = 1.0

    @property
    def head(self) -> tuple[float, float, float]:
        """The middle and the radius of its head, in pixels."""
        x, y, radius = self.figure.head
        return self.x + (-x if self.mirrored else x) * self.scale, self.y + y * self.scale, radius * self.scale

    @property
    def matrix(self) -> NDArray[np.float32]:
        """What moves the figure from its own units to pixels."""
        side = -self.scale if self.mirrored else self.scale
        return np.array(((side, 0, self.x), (0, self.scale, self.y)), np.float32)

    @property
    def drawing(self) -> Drawing:
        """The figure in pixels."""
        return placed(self.figure.drawing, self.matrix)

    @property
    def stance(self) -> float:
        """Half of how wide the figure stands on the ground, in pixels."""
        points = _points(self.figure)
        feet = points[points[:, 1] > -FEET]
        return self.scale * (float(np.abs(feet[:, 0]).max()) * 1.15 if len(feet) else FEET)

    @property
    def face(self) -> Rect:
        """What should stay visible."""
        x, y, radius = self.head
        return x - radius, y - radius, x + radius, y + radius

    @property
    def body(self) -> Rect:
        """What is below the head, as wide as it."""
        x, y, radius = self.head
        return x - radius, y + radius, x + radius, max(self.y, y + 2 * radius)


@dataclass(frozen=True, eq=False)
class Sized:
    """A figure and its height as a part of a person's."""

    figure: Figure
    size: float


def arranged(figures: Sequence[Sized], view: View, rng: Generator, *, corners: Rect) -> list[Actor]:
    """Put figures side by side into a panel, as a view shows them; those further away first."""
    left, right = corners[0], corners[2]
    share, alone = rng.random(), len(figures) == 1
    spread = (np.arange(len(figures)) + 0.5) / len(figures) + rng.normal(0, 0.04, len(figures))
    actors = []
    for sized, place in zip(figures, spread.tolist(), strict=True):
        # What is small and alone is looked at from nearer.
        shown = Sized(sized.figure, sized.size**0.4) if alone else sized
        actors.append(_stood(shown, view, rng, x=left + place * (right - left), corners=corners, share=share))
    return sorted(actors, key=lambda actor: actor.y)


def _stood(sized: Sized, view: View, rng: Generator, *, x: float, corners: Rect, share: float) -> Actor:
    """Put a figure where a view shows it: its head at the view's level, or its feet; ``share`` is how near, 0..1."""
    left, top, right, bottom = corners
    height, figure = bottom - top, sized.figure
    size = min(height, 1.2 * (right - left))
    mirrored = bool(rng.random() < 0.5)
    level = top + rng.uniform(*view.level) * height
    if view.head[0]:
        scale = _between(view.head, share) * size / figure.head[2]
        aside = -figure.head[0] if mirrored else figure.head[0]
        return Actor(figure, x - aside * scale, level - figure.head[1] * scale, scale, mirrored, sized.size)
    scale = _between(view.figure, share) * size * sized.size
    scale = min(scale, 1.05 * (right - left) / breadth(figure))
    return Actor(figure, x, level, scale, mirrored, sized.size)


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _points(figure: Figure) -> Points:
    return np.concatenate([item.points for item in figure.drawing])


def tallness(figure: Figure) -> float:
    """Return how far a figure reaches up from the ground, in its own units: a raised hand, too."""
    return float(-_points(figure)[:, 1].min())


def breadth(figure: Figure) -> float:
    """Return how wide a figure is, in its own units."""
    x = _points(figure)[:, 0]
    return float(x.max() - x.min())
