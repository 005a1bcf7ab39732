"""Hair: a curtain of locks around the head, found in any view, with tails, buns and braids.

In units of a head, as faces are: its middle at 0, 0, the crown at y = -1, the chin at y = 1. Longitudes are in radians:
0 the face, positive to its left (the picture's right in a front view), pi the back of the head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes.curves import ellipse, smooth
from mangapaint.training.scenes.hairstyles import Hair, Lock
from mangapaint.training.scenes.poses import Floats
from mangapaint.training.scenes.shapes import Identity, Mark, Points, Shape

SKULL = (0.85, 0.82, 1.0)
"""Half width of the hair about the skull, and its depth before and behind, before its volume is added."""
NARROWEST = 0.2
"""Locks that would appear narrower at the edge of what is seen are not drawn apart."""
TEMPLE = 1.16
"""Longitude up to which locks belong to the fringe (radians)."""
RECEDING = 0.92
"""A fringe that is seen from the side does not reach the outline of the head but to this angle (radians)."""
BROW = -0.46
"""Where a fringe that is seen from the side leaves the outline of the head."""
MIDDLE = -0.12
"""The height at which it is widest; it hangs straight below."""


_TAILS: Mapping[str, tuple[tuple[float, float, float], ...]] = MappingProxyType(
    {
        "high": ((180, -0.72, 1.9),),
        "low": ((180, 0.35, 1.7),),
        "twin": ((-112, -0.5, 2.1), (112, -0.5, 2.1)),
        "pig": ((-115, 0.25, 0.9), (115, 0.25, 0.9)),
        "braids": ((-108, 0.5, 1.5), (108, 0.5, 1.5)),
        "braid": ((150, 0.5, 2.0),),
        "bun": ((180, -0.62, 0.0),),
        "buns": ((-125, -0.74, 0.0), (125, -0.74, 0.0)),
    }
)
"""Where tails are tied: longitude in degrees, height, and length (0: a bun)."""


@dataclass(frozen=True, eq=False)
class Worn:
    """Hair in a view: ``yaw`` is the head's in radians, ``wind`` blows to the picture's right."""

    hair: Hair
    identity: Identity
    tie: Identity
    yaw: float
    wind: float

    @property
    def reach(self) -> tuple[float, float]:
        """Half the width of the hair about the skull, and where its middle is."""
        wide, fore, back = SKULL
        sin, cos = float(np.sin(self.yaw)), float(np.cos(self.yaw))
        volume = self.hair.style.volume
        before = np.hypot(wide * cos, fore * sin) * (1 + volume * (1 - 0.5 * abs(sin)))
        after = np.hypot(wide * cos, back * sin) * (1 + volume)
        return float(before + after) / 2, float(before - after) / 2 * (1 if sin > 0 else -1)


def front(worn: Worn) -> tuple[Shape | Mark, ...]:
    """Return what lies on the head: the near side of the curtain, and tails that hang on it."""
    if not worn.hair.locks:
        return ()
    tied = [part for anchor in _TAILS.get(worn.hair.style.tail, ()) for part in _tail(worn, anchor, near=True)]
    return (_curtain(worn, near=True), *tied)


def behind(worn: Worn) -> tuple[Shape | Mark, ...]:
    """Return what is seen behind the head and the body: the far side of the curtain, and tails."""
    if not worn.hair.locks:
        return ()
    tied = [part for anchor in _TAILS.get(worn.hair.style.tail, ()) for part in _tail(worn, anchor, near=False)]
    return (*tied, _curtain(worn, near=False))


def _curtain(worn: Worn, *, near: bool) -> Shape:
    yaw = worn.yaw if near else worn.yaw + np.pi
    edge, notches = _edge(worn, yaw)
    if not near:
        edge = edge[::-1] * (-1, 1) + (2 * worn.reach[1], 0)
    dome = _dome(worn, float(edge[-1, 1]), float(edge[0, 1]))
    points = _blown(np.concatenate((edge, dome)), worn.wind)
    marks = _strands(worn, notches) if near else ()
    return Shape(points, worn.identity, solid=worn.hair.solid, round=0.7, marks=marks)


@dataclass(frozen=True)
class _Seen:
    """A lock in a view: angles from the viewer's direction, positive to the picture's right, and heights.

    ``own`` is the longitude of its tip on the head.
    """

    begin: float
    end: float
    tip: float
    tip_y: float
    notch_y: float
    next_y: float
    own: float

    @property
    def width(self) -> float:
        """How wide what is seen of it appears, in half widths of the hair."""
        left, right = np.sin(np.clip((self.begin, self.end), -np.pi / 2, np.pi / 2))
        return float(right - left)


def _edge(worn: Worn, yaw: float) -> tuple[Floats, Floats]:
    """The lower edge of the half that faces the viewer, from the picture's left to its right, and its notches."""
    seen = _seen(worn.hair.locks, yaw)
    angles, heights = [], []
    if abs(seen[0].own) < TEMPLE:
        angles.append(-np.pi / 2)
        heights.append(BROW)
    for index, lock in enumerate(seen):
        most = np.pi / 2 if abs(lock.own) > TEMPLE else RECEDING
        tip = float(np.clip(lock.tip, -most, most))
        outermost = (index == 0 and np.sin(tip) < -0.72) or (index == len(seen) - 1 and np.sin(tip) > 0.72)
        if index or not (outermost or angles):
            angles.append(float(np.clip(lock.begin, -most, most)) if index else -np.pi / 2)
            heights.append(lock.notch_y)
        angles.append(np.copysign(most, tip) if outermost else tip)
        heights.append(lock.tip_y)
    if angles[-1] < 1.57:
        angles.append(np.pi / 2)
        heights.append(seen[-1].next_y if abs(seen[-1].own) > TEMPLE else BROW)
    knots = np.stack((_x_of(worn, np.array(angles), np.array(heights)), heights), axis=1)
    notches = knots[1:-1][(knots[1:-1, 1] < knots[:-2, 1]) & (knots[1:-1, 1] < knots[2:, 1])]
    return (smooth(knots, False, steps=5) if worn.hair.style.curl else _pointed(knots)), notches


def _seen(locks: tuple[Lock, ...], yaw: float) -> list[_Seen]:
    """The locks that face the viewer, from the picture's left to its right; slivers at the edges are left out."""
    seen = []
    for lock, after in zip(locks, locks[1:] + locks[:1], strict=True):
        for turn in (-2 * np.pi, 0.0, 2 * np.pi):
            by = yaw + turn
            one = _Seen(
                lock.begin + by, lock.end + by, lock.tip + by, lock.tip_y, lock.notch_y, after.notch_y, lock.tip
            )
            if one.end > -np.pi / 2 and one.begin < np.pi / 2:
                seen.append(_lifted(one))
    seen.sort(key=lambda one: one.begin)
    return [one for one in seen if one.width > NARROWEST] or seen


def _lifted(one: _Seen) -> _Seen:
    """A fringe seen from the side lies on the brow: it must not cover the eye that is there."""
    if abs(one.own) > TEMPLE:
        return one
    share = float(np.clip((abs(one.tip) - 0.7) / 0.6, 0, 1))
    return replace(one, tip_y=min(one.tip_y, (1 - share) * one.tip_y - share * 0.16))


def _x_of(worn: Worn, angles: Floats, heights: Floats) -> Floats:
    wide, middle = worn.reach
    return middle + np.sin(angles) * _half(worn, heights, wide)


def _half(worn: Worn, heights: Floats, wide: float) -> Floats:
    """Half the width of the curtain at heights: a dome, hanging straight below its middle."""
    tall = 1 + MIDDLE + worn.hair.style.volume * 1.3
    up = np.clip((MIDDLE - heights) / tall, 0, 1)
    return wide * (np.sqrt(1 - up**2) + worn.hair.style.flare * np.maximum(heights - MIDDLE, 0))


def _pointed(knots: Floats) -> Floats:
    """Edges of locks: bows from each notch to the tip, and from the tip to the next notch."""
    start, end = knots[:-1], knots[1:]
    step = end - start
    falling = step[:, 1:] > 0
    bow = np.where(falling, np.array((-0.10, 0.12)), np.array((0.10, -0.02)))
    length = np.minimum(np.hypot(step[:, :1], step[:, 1:]), 1.6 * np.abs(step[:, :1]))
    middle = (start + end) / 2 + bow * length
    share = np.linspace(0, 1, 6)[None, :-1, None]
    curves = (1 - share) ** 2 * start[:, None] + 2 * share * (1 - share) * middle[:, None] + share**2 * end[:, None]
    return np.concatenate((curves.reshape(-1, 2), knots[-1:]))


def _dome(worn: Worn, right: float, left: float) -> Floats:
    """The upper outline from the right end of the edge over the crown to its left end."""
    wide, middle = worn.reach
    tall = 1 + MIDDLE + worn.hair.style.volume * 1.3
    begin, end = (float(np.arcsin(np.clip((MIDDLE - y) / tall, 0, 0.98))) for y in (right, left))
    angles = np.linspace(begin, np.pi - end, 25)
    out = 1 + _lumps(worn, angles)
    points = np.stack((middle + wide * np.cos(angles) * out, MIDDLE - tall * np.sin(angles) * out), axis=1)
    hang = [_hanging(worn, side, y) for side, y in ((1, right), (-1, left))]
    return np.concatenate((hang[0][::-1], points, hang[1]))


def _hanging(worn: Worn, side: int, low: float) -> Floats:
    """The outline below the dome, from its middle down to the end of the edge."""
    if low <= MIDDLE + 0.1:
        return np.zeros((0, 2))
    wide, middle = worn.reach
    count = max(2, int(4 * (low - MIDDLE)))
    heights = np.linspace(MIDDLE, low, count + 2)[1:-1]
    half = _half(worn, heights, wide)
    if worn.hair.style.curl:
        half = half * (1 + 0.06 * np.cos(np.arange(count) * np.pi))
    hanging = np.stack((middle + side * half, heights), axis=1)
    return smooth(hanging, False, steps=4) if worn.hair.style.curl else hanging


def _lumps(worn: Worn, angles: Floats) -> Floats:
    """How far the outline stands off the dome: bumps of curls, or tufts."""
    if worn.hair.style.curl:
        return 0.06 * np.abs(np.sin(angles * 6)) - 0.02
    if not worn.hair.style.spikes:
        return np.zeros_like(angles)
    tufts = np.array(worn.hair.tufts)
    place = np.clip(angles / np.pi, 0, 0.999) * len(tufts) - 0.25 * np.sin(worn.yaw)
    share = np.mod(place, 1)
    height = tufts[np.clip(place.astype(int), 0, len(tufts) - 1)]
    return height * np.maximum(1 - np.abs(share - 0.5) * 2.4, 0) * np.clip(np.sin(angles) * 1.6 + 0.25, 0, 1)


def _blown(points: Floats, wind: float) -> Points:
    low = np.maximum(points[:, 1] - 0.1, 0)
    swung = points.copy()
    swung[:, 0] += 0.16 * wind * low**1.4
    return swung.astype(np.float32)


def _strands(worn: Worn, notches: Floats) -> tuple[Mark, ...]:
    """A line from each notch towards the whorl."""
    if worn.hair.style.curl or worn.hair.style.fringe == "hairline":
        return ()
    whorl = np.array((worn.reach[1] * 2, -0.92))
    notches = notches[np.abs(notches[:, 0]) < worn.reach[0] * 0.95]
    marks = []
    for index, notch in enumerate(notches):
        share = 0.55 if index % 2 else 0.3
        end = notch + (whorl - notch) * share
        middle = (notch + end) / 2 + (0.06 * np.sign(notch[0] - whorl[0]), -0.04)
        marks.append(Mark(_blown(smooth((notch, middle, end), False, steps=4), worn.wind), 0.6))
    return tuple(marks)


def _tail(worn: Worn, anchor: tuple[float, float, float], *, near: bool) -> list[Shape | Mark]:
    longitude, height, length = anchor
    angle = np.deg2rad(longitude) + worn.yaw
    facing = float(np.cos(angle))
    if near != (facing > (0.0 if length else -0.05)):
        return []
    _, middle = worn.reach
    x = middle + float(_x_of(worn, np.array([angle]), np.array([height]))[0] - middle) * 0.98
    outward = float(np.sin(angle))
    if not length:
        return _bun(worn, (x + 0.1 * outward, height - 0.22))
    return _hank(worn, (x, height), outward, length * worn.hair.length)


def _bun(worn: Worn, at: tuple[float, float]) -> list[Shape | Mark]:
    x, y = at
    swirl = smooth(
        ((x - 0.2, y + 0.1), (x - 0.12, y - 0.14), (x + 0.14, y - 0.12), (x + 0.1, y + 0.1), (x - 0.02, y + 0.04)),
        False,
    )
    ball = Shape(ellipse(x, y, 0.36, 0.33), worn.identity, solid=worn.hair.solid, round=0.9, marks=(Mark(swirl, 0.6),))
    return [ball, Shape(ellipse(x * 0.92, y + 0.28, 0.2, 0.07), worn.tie, line=0.8)]


def _hank(worn: Worn, at: tuple[float, float], outward: float, length: float) -> list[Shape | Mark]:
    """A tail or a braid that hangs from where it is tied."""
    x, y = at
    lean = outward if abs(outward) > 0.25 else 0.35 * (1 if worn.wind >= 0 else -1)
    sway = worn.wind * 0.35
    aside = np.array((0.0, 0.34, 0.55, 0.55, 0.42)) * lean + np.array((0.0, 0.0, 0.2, 0.6, 1.0)) * sway
    down = np.array((0.0, 0.0, 0.3, 0.66, 1.0)) * length - np.array((0.0, 0.06, 0.0, 0.0, 0.0))
    spine = smooth(np.stack((x + aside, y + down), axis=1), False)
    share = np.linspace(0, 1, len(spine))
    braided = worn.hair.style.tail.startswith("braid")
    half = np.interp(share, (0, 0.15, 0.45, 0.8, 1), (0.1, 0.22, 0.27, 0.17, 0.0)) * min(1.0, 0.45 + 0.35 * length)
    if braided:
        half = 0.13 * np.interp(share, (0, 0.8, 1), (1, 1, 0.3)) * (0.8 + 0.3 * np.abs(np.sin(share * np.pi * 5)))
    ahead = np.gradient(spine, axis=0)
    across = np.stack((-ahead[:, 1], ahead[:, 0]), axis=1) / (np.hypot(ahead[:, :1], ahead[:, 1:]) + 1e-9)
    left, right = spine + across * half[:, None], spine - across * half[:, None]
    points = np.concatenate((left, right[::-1])).astype(np.float32)
    marks = _plaits(left, right) if braided else (Mark(spine[3:15], 0.6),)
    tied = Shape(ellipse(x + 0.06 * lean, y, 0.13, 0.15), worn.tie, line=0.8)
    return [Shape(points, worn.identity, solid=worn.hair.solid, round=0.7, marks=marks), tied]


def _plaits(left: Floats, right: Floats) -> tuple[Mark, ...]:
    """Lines across a braid, to and fro between its edges."""
    return tuple(
        Mark(np.stack(((left, right)[step % 2][index], (right, left)[step % 2][index + 2])).astype(np.float32), 0.7)
        for step, index in enumerate(range(2, len(left) - 3, 3))
    )
