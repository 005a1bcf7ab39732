"""Hairstyles as a table, and the locks that somebody's hair has: the same in all pictures.

Longitudes are in radians: 0 the face, positive to its left (the picture's right in a front view), pi the back of the
head. Heights are in units of a head: the crown at -1, the chin at 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class Style:
    """A way to wear hair. ``sides`` and ``back`` are how far down it reaches, ``volume`` how far it stands off.

    ``flare``: how much wider it is a head lower. ``curl``: locks are round bumps. ``spikes``: how far tufts stand off
    the crown. ``tail``: what is tied behind. ``flat``: a hat fits over it.
    """

    fringe: str
    sides: float
    back: float
    volume: float = 0.08
    flare: float = 0.05
    curl: bool = False
    spikes: float = 0.0
    tail: str = ""
    flat: bool = True
    lock: float = 22.0


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "bob": Style("straight", 0.78, 0.95, 0.10, 0.10),
        "swept bob": Style("swept", 0.70, 0.85, 0.10, 0.14),
        "long straight": Style("straight", 1.25, 3.2, 0.08, 0.06),
        "princess": Style("straight", 0.72, 3.6, 0.08, 0.04),
        "long parted": Style("parted", 1.5, 2.8, 0.09, 0.10),
        "long wavy": Style("swept", 1.3, 2.6, 0.14, 0.16, curl=True, lock=16),
        "shoulder": Style("swept", 1.0, 1.4, 0.10, 0.14),
        "ponytail": Style("swept", 0.75, 0.15, 0.07, tail="high"),
        "low ponytail": Style("parted", 0.55, 0.4, 0.07, tail="low"),
        "twin tails": Style("straight", 0.8, 0.3, 0.08, tail="twin", flat=False),
        "pigtails": Style("parted", 0.3, 0.35, 0.07, tail="pig"),
        "braids": Style("straight", 0.35, 0.35, 0.07, tail="braids"),
        "one braid": Style("swept", 0.6, 0.4, 0.08, tail="braid"),
        "bun": Style("parted", 0.5, 0.2, 0.06, tail="bun", flat=False),
        "two buns": Style("straight", 0.6, 0.3, 0.07, tail="buns", flat=False),
        "spiky": Style("spiky", 0.35, 0.55, 0.10, spikes=0.42, flat=False, lock=26),
        "wild": Style("spiky", 0.6, 1.1, 0.14, 0.25, spikes=0.28, flat=False, lock=26),
        "messy": Style("messy", 0.3, 0.5, 0.14, spikes=0.12, lock=20),
        "short": Style("messy", 0.12, 0.38, 0.09),
        "short parted": Style("side", 0.05, 0.32, 0.08),
        "curtains": Style("parted", 0.3, 0.5, 0.10),
        "slick": Style("hairline", 0.02, 0.42, 0.07),
        "buzz": Style("hairline", -0.02, 0.25, 0.02, lock=30),
        "curly": Style("straight", 0.75, 1.0, 0.24, 0.05, curl=True, flat=False, lock=17),
        "afro": Style("hairline", 0.35, 0.5, 0.45, -0.1, curl=True, flat=False, lock=18),
        "bald": Style("none", 0.0, 0.0),
    }
)


@dataclass(frozen=True)
class Lock:
    """One lock of the curtain: where it begins and ends, where its tip is, and how high the notch before it goes."""

    begin: float
    end: float
    tip: float
    tip_y: float
    notch_y: float


@dataclass(frozen=True)
class Hair:
    """Somebody's hair: the style with its own locks and tufts, the same in all pictures."""

    style: Style
    locks: tuple[Lock, ...]
    tufts: tuple[float, ...]
    solid: bool
    length: float


# Tips of a fringe: longitude in degrees of its end and its tip, height of the tip, height of the notch before it.
_FRINGES: Mapping[str, tuple[tuple[float, float, float, float], ...]] = MappingProxyType(
    {
        "straight": ((-42, -54, 0.06, -0.1), (-16, -28, -0.02, -0.22), (12, -2, 0.0, -0.2), (38, 26, -0.02, -0.24),
                     (76, 52, 0.07, -0.16)),
        "swept": ((-44, -58, 0.2, -0.1), (-22, -44, 0.05, -0.28), (4, -24, 0.03, -0.36), (30, 2, -0.04, -0.46),
                  (76, 58, 0.22, -0.62)),
        "parted": ((-36, -58, 0.26, 0.0), (-6, -38, 0.0, -0.32), (6, 0, -0.66, -0.7), (36, 38, 0.0, -0.68),
                   (76, 58, 0.26, -0.32)),
        "side": ((-34, -50, -0.02, -0.24), (-6, -28, -0.1, -0.34), (26, -2, -0.2, -0.44), (36, 32, -0.62, -0.6),
                 (76, 56, -0.06, -0.6)),
        "spiky": ((-44, -56, 0.16, -0.16), (-18, -36, 0.08, -0.4), (8, -10, 0.14, -0.44), (34, 20, 0.04, -0.46),
                  (76, 50, 0.14, -0.42)),
        "messy": ((-46, -52, 0.08, -0.14), (-24, -40, 0.0, -0.3), (-4, -20, 0.06, -0.32), (20, 0, -0.02, -0.3),
                  (42, 28, 0.06, -0.34), (76, 50, 0.08, -0.26)),
        "hairline": ((-36, -50, -0.42, -0.36), (-12, -24, -0.56, -0.52), (12, 0, -0.58, -0.58), (36, 24, -0.56, -0.58),
                     (76, 50, -0.42, -0.52)),
    }
)  # fmt: skip


def grown(rng: np.random.Generator, name: str, *, solid: bool) -> Hair:
    """Return hair of a style with locks of its own."""
    style = STYLES[name]
    length = float(rng.uniform(0.85, 1.15))
    locks = [] if style.fringe == "none" else _around(rng, style, length)
    mirrored = bool(locks) and rng.random() < 0.5
    tufts = tuple(float(height) for height in style.spikes * rng.uniform(0.7, 1.2, 7))
    return Hair(style, tuple(_mirrored(locks) if mirrored else locks), tufts, solid, length)


def _around(rng: np.random.Generator, style: Style, length: float) -> list[Lock]:
    """Fringe, then the side, the back and the other side."""
    locks, begin = [], -76.0
    for end, tip, tip_y, notch_y in _FRINGES[style.fringe]:
        by = rng.normal(0, 0.02) if style.fringe != "hairline" else 0.0
        locks.append(_lock((begin, end, tip), tip_y + by, notch_y))
        begin = end
    sides, back = style.sides * (length if style.sides > 0.5 else 1), style.back * (length if style.back > 1 else 1)
    count = round((284 - begin) / style.lock)
    ends = np.linspace(begin, 284, count + 1)
    for left, right in pairwise(ends.tolist()):
        away = abs((left + right) / 2 - 180)
        reach = _reach(sides, back, away) + rng.normal(0, 0.035) * max(abs(back), 0.5)
        depth = min(0.3, 0.12 + 0.1 * max(reach, 0)) if style.fringe != "hairline" or style.curl else 0.05
        tip = (left + right) / 2 + rng.uniform(-0.3, 0.3) * style.lock
        locks.append(_lock((left, right, tip), reach, reach - depth))
    return locks


def _reach(sides: float, back: float, away: float) -> float:
    """How far down hair hangs so many degrees away from the middle of the back."""
    return float(np.interp(away, (0, 62, 80, 86, 104), (back, back, (back + sides) / 2, sides, sides)))


def _lock(degrees: tuple[float, float, float], tip_y: float, notch_y: float) -> Lock:
    begin, end, tip = np.deg2rad(degrees).tolist()
    return Lock(begin, end, tip, tip_y, notch_y)


def _mirrored(locks: list[Lock]) -> list[Lock]:
    """The same locks the other way round; a notch belongs to the end that was the beginning of the next lock."""
    notches = [lock.notch_y for lock in locks[1:]] + [locks[0].notch_y]
    return [
        Lock(-lock.end, -lock.begin, -lock.tip, lock.tip_y, notch)
        for lock, notch in zip(reversed(locks), reversed(notches), strict=True)
    ]
