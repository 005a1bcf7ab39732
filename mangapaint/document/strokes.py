"""Strokes as vectors: drawn, erased in part, moved and recoloured without touching a pixel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Color
from mangapaint.document.rect import Rect

Points = NDArray[np.float32]
Inside = Callable[[Points], NDArray[np.bool_]]
"""Says of points, float32 (N, 2) in page pixels, which of them lie in some area."""
Places = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Places along points: the number of the point before each, and how far to the next one it is (0..1)."""
LIGHTEST = 0.15
"""The part of a stroke's width that is left at no pressure at all."""
LOOKED_PART = 1 / 8
"""Of its width: how far apart the points of a stroke may be of which it is asked whether they lie in an area ..."""
LOOKED_LEAST, LOOKED_MOST = 1.0, 4.0
"""... and the page pixels this is kept between."""
CUT_BACK = 0.6
"""A hint is cut back by this part of its radius behind a border, so that its round end does not reach over it."""


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


HINTS = frozenset({Purpose.HINT, Purpose.FILL})
"""The purposes that give colour."""


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
    return _pieces(dense, keep)


def cleared(strokes: Sequence[Stroke], inside: Inside, purposes: Collection[Purpose] = HINTS) -> tuple[Stroke, ...]:
    """Return what is left of strokes outside an area: points of fills and pieces of lines in it are gone.

    Strokes for other ``purposes`` stay (protection is no hint). What the area does not touch is returned as it is.
    """
    some, whole = _reached(strokes, inside, purposes)
    left: list[Stroke] = []
    for item, hurt, gone in zip(strokes, some.tolist(), whole.tolist(), strict=True):
        left += () if gone else _cut(item, inside) if hurt else (item,)
    return tuple(left)


def parted(item: Stroke, x: float, y: float) -> tuple[Stroke, Stroke | None]:
    """Return the point of a fill nearest a place, as a fill of its own, and what is left without it."""
    if item.purpose is not Purpose.FILL or len(item.points) == 1:
        return item, None
    at = int(_distances(item, x, y).argmin())
    others = np.arange(len(item.points)) != at
    taken, left = (
        replace(item, points=item.points[part], pressures=item.pressures[part]) for part in (~others, others)
    )
    return taken, left


def _reached(
    strokes: Sequence[Stroke], inside: Inside, purposes: Collection[Purpose]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which strokes reach into an area and which lie wholly in it, bool (number of strokes,) each.

    All their points are looked at in one go.
    """
    meant = [number for number, item in enumerate(strokes) if item.purpose in purposes]
    if not meant:
        return np.zeros(len(strokes), bool), np.zeros(len(strokes), bool)
    points = np.concatenate([strokes[number].points for number in meant])
    counts = [len(strokes[number].points) for number in meant]
    owner = np.repeat(meant, counts)
    spacing = np.repeat([_looked_spacing(strokes[number]) for number in meant], counts)
    spacing[:-1][owner[1:] != owner[:-1]] = np.inf
    places = _spread(points, spacing[:-1])
    owner = owner[places[0]]
    hits = np.bincount(owner[inside(_between(points, places))], minlength=len(strokes))
    return hits > 0, (hits > 0) & (hits == np.bincount(owner, minlength=len(strokes)))


def _looked_spacing(item: Stroke) -> float:
    if item.purpose is Purpose.FILL:
        return np.inf
    return min(max(LOOKED_PART * item.width, LOOKED_LEAST), LOOKED_MOST)


def _cut(item: Stroke, inside: Inside) -> tuple[Stroke, ...]:
    """Return what is left of one stroke outside an area."""
    dense = _densified(item, spacing=_looked_spacing(item))
    gone = inside(dense.points)
    if not gone.any():
        return (item,)
    if item.purpose is Purpose.FILL:
        keep = ~gone
        return (replace(item, points=item.points[keep], pressures=item.pressures[keep]),) if keep.any() else ()
    arc = np.concatenate(([0], np.cumsum(np.hypot(*np.diff(dense.points, axis=0).T))))
    since = arc - np.maximum.accumulate(np.where(gone, arc, -np.inf))
    until = np.minimum.accumulate(np.where(gone, arc, np.inf)[::-1])[::-1] - arc
    return _pieces(dense, np.minimum(since, until) > CUT_BACK * dense.radii)


def _pieces(dense: Stroke, keep: NDArray[np.bool_]) -> tuple[Stroke, ...]:
    """Return the runs of points that are kept, each as a stroke of its own."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    return tuple(
        replace(dense, points=dense.points[a:b], pressures=dense.pressures[a:b])
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
    at = _spread(item.points, np.full(len(item.points) - 1, spacing))
    return replace(item, points=_between(item.points, at), pressures=_between(item.pressures, at))


def _spread(points: Points, spacing: NDArray[np.float64]) -> Places:
    """Return places along points, every point among them, no further apart than ``spacing`` pixels.

    ``spacing`` is (N - 1,); where it is infinite there is no place between a point and the next one.
    """
    steps = np.hypot(*np.diff(points, axis=0).T)
    parts = np.append(np.maximum(np.ceil(steps / spacing - 1e-3), 1).astype(int), 1)
    before = np.repeat(np.arange(len(parts)), parts)
    rest = (np.arange(len(before)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[before]
    return before, rest.astype(np.float32)


def _between(values: NDArray[np.float32], places: Places) -> NDArray[np.float32]:
    """Return the values (N, ...) of points at places between them, float32 (M, ...)."""
    before, rest = places
    ahead = np.append(np.diff(values, axis=0), values[-1:] * 0, axis=0)
    if values.ndim > 1:
        rest = rest[:, None]
    return np.asarray(values[before] + rest * ahead[before], dtype=np.float32)
