"""What a scene is drawn from: shapes in painter's order, each a part of something that has an identity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Color

Points = NDArray[np.float32]
"""x and y of a line's points, (n, 2), in pixels of the picture (they may lie outside), y downwards."""


@dataclass(frozen=True)
class Identity:
    """What a thing is, in all pictures of its series: "hair of the second character".

    ``number`` is unique in the series; ``color`` its flat sRGB; ``name`` what it is in words ("hair", "sky").
    """

    number: int
    name: str
    color: Color


@dataclass(frozen=True, eq=False)
class Mark:
    """A line drawn in ink, or (with ``color``) in a colour of its own: a fold, a strand, a mouth, a blade of grass.

    ``width`` is a part of the style's line width.
    """

    points: Points
    width: float = 1.0
    color: Color | None = None


@dataclass(frozen=True, eq=False)
class Shape:
    """An area of one thing, over whatever was drawn before it.

    ``points`` is its closed outline. ``line`` is the width of the outline as a part of the style's (0: none is drawn).
    ``solid``: may be filled with black in line art (dark hair, a suit). ``round`` is how much it is shaded as a round
    body, 0 (flat, as a wall) to 1. ``marks`` and ``inside`` lie on it, clipped by its outline: folds; stripes, dots,
    a pupil.
    """

    points: Points
    identity: Identity
    line: float = 1.0
    solid: bool = False
    round: float = 0.5
    marks: tuple[Mark, ...] = ()
    inside: tuple[Shape, ...] = ()


Drawing = tuple[Shape | Mark, ...]
"""Painter's order: what comes later covers what came before."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Something that stands in a scene, in units of its own: the ground at y = 0, its top near y = -1 when upright,
    x = 0 in its middle.

    ``head`` is x, y and radius of what to look at when the view is close.
    """

    drawing: Drawing
    head: tuple[float, float, float]


def placed(items: Iterable[Shape | Mark], matrix: NDArray[np.float32]) -> Drawing:
    """Return the same drawing moved by an affine matrix, float32 (2, 3)."""
    return tuple(_placed(item, matrix) for item in items)


def _placed(item: Shape | Mark, matrix: NDArray[np.float32]) -> Shape | Mark:
    points = _moved(item.points, matrix)
    if isinstance(item, Mark):
        return replace(item, points=points)
    marks = tuple(replace(mark, points=_moved(mark.points, matrix)) for mark in item.marks)
    inside = tuple(part for part in placed(item.inside, matrix) if isinstance(part, Shape))
    return replace(item, points=points, marks=marks, inside=inside)


def _moved(points: Points, matrix: NDArray[np.float32]) -> Points:
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
