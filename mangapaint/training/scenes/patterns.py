"""What is printed on cloth: stripes, dots, a figure, a sash."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.bodies import Trunk
from mangapaint.training.scenes.curves import ellipse, star
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Identity, Points, Shape


def patterned(pattern: str, trunk: Trunk, parts: Parts) -> tuple[Shape, ...]:
    """Return what is printed on cloth about the trunk: "stripes", "dots", "logo", "sash", or nothing for ""."""
    if not pattern:
        return ()
    return {"stripes": _stripes, "dots": _dots, "logo": _logo, "sash": _sash}[pattern](trunk, parts["trim"])


def _stripes(trunk: Trunk, color: Identity) -> tuple[Shape, ...]:
    return tuple(Shape(trunk.band(v, v + 0.065, 1.15), color, line=0.3, round=0.3) for v in np.arange(0.14, 1.0, 0.13))


def _dots(trunk: Trunk, color: Identity) -> tuple[Shape, ...]:
    size = trunk.build.chest * 0.09
    shapes = []
    for row, height in enumerate(np.arange(0.14, 0.95, 0.13)):
        around = np.arange(0, 2 * np.pi, np.pi / 4) + (row % 2) * np.pi / 8
        around = around[np.cos(around + trunk.yaw) > 0.15]
        for lon, (x, y) in zip(around, trunk.at(around, height), strict=True):
            wide = size * float(np.cos(lon + trunk.yaw)) ** 0.5
            shapes.append(Shape(ellipse(float(x), float(y), wide, size)[::2], color, line=0.3, round=0.1))
    return tuple(shapes)


def _logo(trunk: Trunk, color: Identity) -> tuple[Shape, ...]:
    facing = trunk.shows(0.0)
    if facing < 0.25:
        return ()
    x, y = trunk.at(0.0, 0.38)[0]
    size = trunk.build.chest * 0.42
    tips = sum(color.color) % 4 + 3
    figure = star(0, 0, size, tips=tips, inner=0.45 if tips != 4 else 0.95)
    return (Shape((figure * (facing**0.5, 1) + (x, y)).astype(np.float32), color, line=0.6, round=0.1),)


def _sash(trunk: Trunk, color: Identity) -> tuple[Shape, ...]:
    """A broad stripe from one shoulder to the other hip, before and behind."""
    before = ((-1.5, 0.08), (-0.8, 0.0), (1.5, 0.75), (1.5, 1.0))
    places = before if trunk.shows(0.0) > 0 else tuple((np.pi - lon, height) for lon, height in before)
    return (Shape(trunk.patch(places, 1.1), color, line=0.5),)


def scattered(points: Points, size: float, color: Identity) -> tuple[Shape, ...]:
    """Return dots all over a piece of cloth; they are clipped by its outline where they lie inside of it."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    rows = np.arange(top + size, bottom, 4.2 * size)
    return tuple(
        Shape(ellipse(float(x), float(y), size)[::2], color, line=0.3, round=0.1)
        for row, y in enumerate(rows)
        for x in np.arange(left + (row % 2) * 2.4 * size, right, 4.8 * size)
    )
