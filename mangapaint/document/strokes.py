"""Strokes as vectors: drawn, erased in part, moved and recoloured without touching a pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Color
from mangapaint.document.rect import Rect

Points = NDArray[np.float32]
LIGHTEST = 0.15
"""The part of a stroke's width that is left at no pressure at all."""


class Purpose(Enum):
    """What a stroke does to the regions it is drawn on.

    HINT colours them and shares a region with other hints. FILL stands for single points, not for a line: each gives
    the whole region it lies in its colour, whatever earlier hints say there. PROTECT keeps regions as the page has
    them, whatever is drawn there; FREE takes protection away again.
    """

    HINT = "hint"
    FILL = "fill"
    PROTECT = "protect"
    FREE = "free"


@dataclass(frozen=True, eq=False)
class Stroke:
    """One mark made by hand, mostly a hint.

    ``points`` is read-only float32 (N, 2), x and y in page pixels (pixel centres at .5), N >= 1.
    ``pressures`` is read-only float32 (N,), 0..1. ``width`` is the diameter in page pixels at full pressure.
    ``color`` is sRGB 0..255, or None for "keep this uncoloured". Strokes compare by identity.
    """

    points: Points
    pressures: NDArray[np.float32]
    width: float
    color: Color | None
    purpose: Purpose = Purpose.HINT

    def __post_init__(self) -> None:
        self.points.setflags(write=False)
        self.pressures.setflags(write=False)

    @cached_property
    def radii(self) -> NDArray[np.float32]:
        """Half the width at each point, float32 (N,), in page pixels."""
        pressed = LIGHTEST + (1 - LIGHTEST) * np.clip(self.pressures, 0, 1)
        return np.asarray(pressed * (self.width / 2), dtype=np.float32)

    @cached_property
    def bounds(self) -> Rect:
        """The pixels the stroke may cover; may reach beyond the page."""
        low = np.floor((self.points - self.radii[:, None]).min(axis=0)).astype(int)
        high = np.ceil((self.points + self.radii[:, None]).max(axis=0)).astype(int)
        return Rect(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1)


def stroke(points: Iterable[Sequence[float]], *, width: float, color: Color | None,
           pressures: Iterable[float] | None = None,
           purpose: Purpose = Purpose.HINT) -> Stroke:  # fmt: skip
    """Build a stroke from plain numbers; pressure is full where none is given."""
    array = np.asarray(list(points), dtype=np.float32).reshape(-1, 2)
    if not len(array):
        raise ValueError("a stroke needs at least one point")
    pressed = np.ones(len(array), np.float32) if pressures is None else np.asarray(list(pressures), dtype=np.float32)
    if len(pressed) != len(array):
        raise ValueError("a stroke needs one pressure for each point")
    return Stroke(array, pressed, float(width), color, purpose)


def moved(item: Stroke, dx: float, dy: float) -> Stroke:
    """Return the stroke shifted by page pixels."""
    return replace(item, points=item.points + np.array([dx, dy], np.float32))


def recolored(item: Stroke, color: Color | None) -> Stroke:
    """Return the stroke in another colour."""
    return replace(item, color=color)


def hit(strokes: Sequence[Stroke], x: float, y: float, *, reach: float = 0.0) -> Stroke | None:
    """Return the topmost stroke within ``reach`` page pixels of a point, or None."""
    for item in reversed(strokes):
        if _near(item, x, y, reach) and bool((_distances(item, x, y) <= item.width / 2 + reach).any()):
            return item
    return None


def erased(item: Stroke, x: float, y: float, radius: float) -> tuple[Stroke, ...]:
    """Return what is left of a stroke outside a disc: itself, its pieces, or nothing."""
    if not _near(item, x, y, radius):
        return (item,)
    dense = _densified(item, spacing=max(1.0, min(radius, item.width) / 2))
    offsets = dense.points - np.array([x, y], np.float32)
    keep = np.hypot(offsets[:, 0], offsets[:, 1]) > radius + dense.radii * 0.5
    if bool(keep.all()):
        return (item,)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    return tuple(
        replace(item, points=dense.points[a:b], pressures=dense.pressures[a:b])
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


def _near(item: Stroke, x: float, y: float, reach: float) -> bool:
    box = item.bounds
    return box.x0 - reach <= x <= box.x1 + reach and box.y0 - reach <= y <= box.y1 + reach


def _distances(item: Stroke, x: float, y: float) -> NDArray[np.float32]:
    """Distance of a point from each segment of the stroke (or from its single points)."""
    lined = len(item.points) > 1 and item.purpose is not Purpose.FILL
    start = item.points[:-1] if lined else item.points
    along = (item.points[1:] if lined else item.points) - start
    to_point = np.array([x, y], np.float32) - start
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    part = np.clip((along * to_point).sum(axis=1) / length, 0, 1)
    rest = to_point - along * part[:, None]
    return np.asarray(np.hypot(rest[:, 0], rest[:, 1]), dtype=np.float32)


def _densified(item: Stroke, *, spacing: float) -> Stroke:
    """Return the same stroke with points no further apart than ``spacing``; where they are near, none is added."""
    if len(item.points) < 2 or item.purpose is Purpose.FILL:
        return item
    steps = np.hypot(*np.diff(item.points, axis=0).T)
    parts = np.maximum(np.ceil(steps / spacing - 1e-3), 1).astype(int)
    first = np.repeat(np.cumsum(parts) - parts, parts)
    at = np.repeat(np.arange(len(parts)), parts) + (np.arange(len(first)) - first) / np.repeat(parts, parts)
    where, at = np.arange(len(item.points)), np.append(at, len(parts))
    xy = np.stack([np.interp(at, where, item.points[:, i]) for i in (0, 1)], axis=1)
    pressed = np.interp(at, where, item.pressures)
    return replace(item, points=xy.astype(np.float32), pressures=pressed.astype(np.float32))
