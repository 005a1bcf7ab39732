"""What people wear on their hair: hats, ribbons, bands, ears. In units of a head, as faces are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes.curves import ellipse, line, smooth
from mangapaint.training.scenes.hair import MIDDLE, Worn
from mangapaint.training.scenes.poses import Floats
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Points, Shape

ON_HEAD: tuple[str, ...] = (
    "", "cap", "straw hat", "beanie", "witch hat", "helmet", "ribbon", "hairband", "headphones", "cat ears", "flower",
)  # fmt: skip
HATS = frozenset({"cap", "straw hat", "beanie", "witch hat", "helmet"})
"""They need hair that lies flat, and hide what is above them."""


def on_head(worn: Worn, name: str, color: Identity) -> Drawing:
    """Return what is worn on the hair, in head units."""
    return _ON_HEAD[name](worn, color) if name else ()


def _crown(worn: Worn, low: float, *, extra: float = 0.1, tall: float = 1.0) -> Floats:
    """The outline of a cap over the hair, down to a height at its edges; its lower edge is bowed."""
    wide, middle = worn.reach
    wide, high = wide + extra * 0.6, (1.0 + worn.hair.style.volume + extra + MIDDLE) * tall
    angles = np.linspace(0, np.pi, 19)
    dome = np.stack((middle + wide * np.cos(angles), low - (high + low - MIDDLE) * np.sin(angles)), axis=1)
    bow = 0.14 * (1 if abs(worn.yaw) < np.pi / 2 else -0.3)
    edge = np.stack(
        (np.linspace(middle - wide, middle + wide, 9)[1:-1], low + bow * np.sin(np.linspace(0, np.pi, 9)[1:-1])), axis=1
    )
    return np.concatenate((dome, edge))


def _cap(worn: Worn, color: Identity) -> Drawing:
    """A cap with a peak over the brow."""
    dome = _crown(worn, -0.42)
    x, facing = float(np.sin(worn.yaw)), float(np.cos(worn.yaw))
    top = worn.reach[1]
    seams = tuple(
        Mark(smooth(((top, float(dome[9, 1])), (top + bend, -0.85), (top + bend * 1.25, -0.42)), False), 0.5)
        for bend in (-0.45 + x * 0.4, 0.35 + x * 0.4)
    )
    crown = Shape(dome.astype(np.float32), color, round=0.8, marks=seams)
    button = Shape(ellipse(top, float(dome[9, 1]), 0.07, 0.05), color, line=0.8)
    if facing < -0.2:
        return (button, crown)
    return (button, crown, Shape(_peak(x, facing), color, round=0.5))


def _peak(x: float, facing: float) -> Points:
    """The peak of a cap that looks to x (-1 to 1)."""
    across = np.array((-1.0, -0.3, 0.3, 1.0, 0.85, 0.0, -0.85)) * 0.62 * max(abs(facing), 0.35)
    ahead = np.array((0.0, 0.1, 0.1, 0.0, 0.5, 0.62, 0.5)) * x
    down = np.array((-0.42, -0.36, -0.36, -0.42, -0.2, -0.1, -0.2))
    lifted = np.array((0.0, 0.0, 0.0, 0.0, 0.06, 0.14, 0.06)) * abs(x)
    return smooth(np.stack((0.78 * x + across + ahead, down - lifted), axis=1))


def _brim(worn: Worn, color: Identity, width: float, crown: Floats) -> Drawing:
    """A hat with a brim all around and a band."""
    middle = worn.reach[1]
    brim = Shape(ellipse(middle, -0.42, width, width * 0.24), color, round=0.4)
    top = Shape(
        crown.astype(np.float32),
        color,
        round=0.7,
        marks=(Mark(crown[18:].astype(np.float32) - np.array((0, 0.16), np.float32), 0.8),),
    )
    return (brim, top)


def _straw(worn: Worn, color: Identity) -> Drawing:
    return _brim(worn, color, 1.55, _crown(worn, -0.46, extra=0.06, tall=0.96))


def _witch(worn: Worn, color: Identity) -> Drawing:
    wide, middle = worn.reach
    lean = 0.3 if worn.yaw >= 0 else -0.3
    knots = np.array(
        (
            (-wide, -0.46),
            (-wide * 0.6, -1.1),
            (-0.1 + lean * 0.4, -1.75),
            (lean * 1.7, -2.05),
            (0.2 + lean * 0.5, -1.65),
            (wide * 0.7, -1.05),
            (wide, -0.46),
        )
    )
    cone = np.concatenate(
        (
            smooth(knots + np.array((middle, 0.0)), False),
            np.array(((middle + wide * 0.5, -0.36), (middle, -0.33), (middle - wide * 0.5, -0.36))),
        )
    )
    brim = Shape(ellipse(middle, -0.42, 1.6, 0.36), color, solid=True, round=0.4)
    folds = (
        Mark(smooth(knots[[1, 5]] * (0.8, 0.9) + (middle, -0.1), False), 0.6),
        Mark(np.array(((middle - wide * 0.9, -0.62), (middle, -0.52), (middle + wide * 0.9, -0.62)), np.float32), 0.9),
    )
    return (brim, Shape(cone.astype(np.float32), color, solid=True, round=0.6, marks=folds))


def _beanie(worn: Worn, color: Identity) -> Drawing:
    dome = _crown(worn, -0.4, extra=0.14)
    wide, middle = worn.reach
    wide += 0.1
    band = smooth(
        (
            (middle - wide, -0.62),
            (middle - wide, -0.3),
            (middle - wide * 0.5, -0.22),
            (middle, -0.2),
            (middle + wide * 0.5, -0.22),
            (middle + wide, -0.3),
            (middle + wide, -0.62),
            (middle + wide * 0.5, -0.54),
            (middle, -0.52),
            (middle - wide * 0.5, -0.54),
        ),
        steps=3,
    )
    ribs = tuple(
        Mark(line((middle + x * wide, -0.56), (middle + x * wide, -0.24)), 0.5)
        for x in (-0.75, -0.45, -0.15, 0.15, 0.45, 0.75)
    )
    ball = Shape(ellipse(middle, float(dome[9, 1]) - 0.08, 0.2), color, round=0.8)
    return (ball, Shape(dome.astype(np.float32), color, round=0.8), Shape(band, color, round=0.5, marks=ribs))


def _helmet(worn: Worn, color: Identity) -> Drawing:
    dome = _crown(worn, -0.36, extra=0.1)
    middle = worn.reach[1]
    top = float(dome[9, 1])
    x = middle + 0.75 * float(np.sin(worn.yaw))
    ridge = smooth(((middle, top), (x * 0.7 + middle * 0.3, -0.9), (x, -0.24)), False)
    rim = dome[18:].astype(np.float32)
    return (
        Shape(
            dome.astype(np.float32),
            color,
            round=0.9,
            marks=(Mark(ridge, 1.2), Mark(rim - np.array((0, 0.14), np.float32), 0.8)),
        ),
    )


def _ribbon(worn: Worn, color: Identity) -> Drawing:
    """A bow at the side of the head."""
    angle = np.deg2rad(55) + worn.yaw
    if np.cos(angle) < -0.35:
        return ()
    wide, middle = worn.reach
    return _bow(middle + 0.72 * wide * float(np.sin(angle)), -0.78, color)


def _bow(x: float, y: float, color: Identity, size: float = 0.32) -> Drawing:
    wing = np.array(((0.05, 0.0), (0.5, -0.42), (1.1, -0.5), (1.15, 0.1), (1.0, 0.45), (0.5, 0.3)))
    parts = [
        Shape(
            (smooth(wing * (side, 1)) * size + (x, y)).astype(np.float32),
            color,
            round=0.5,
            marks=(Mark(line((x + side * 0.15 * size, y), (x + side * 0.6 * size, y - 0.05 * size)), 0.6),),
        )
        for side in (-1, 1)
    ]
    return (*parts, Shape(ellipse(x, y, 0.22 * size, 0.26 * size), color, round=0.6))


def _hairband(worn: Worn, color: Identity) -> Drawing:
    """A band over the crown from ear to ear."""
    if np.cos(worn.yaw) < -0.3:
        return ()
    wide, middle = worn.reach
    tall = 0.88 + worn.hair.style.volume * 1.3
    edges = [_hoop(worn.yaw, ahead) * (wide, tall) + (middle, MIDDLE) for ahead in (0.12, 0.42)]
    return (Shape(np.concatenate((edges[0], edges[1][::-1])).astype(np.float32), color, round=0.4),)


def _hoop(yaw: float, ahead: float) -> Floats:
    """The seen part of a hoop over a ball, so far before its middle, from one side to the other."""
    turns = np.linspace(-1.5, 1.5, 25)
    radius = float(np.sqrt(1 - ahead**2))
    x, y = radius * np.sin(turns), -radius * np.cos(turns)
    nearer = -x * np.sin(yaw) + ahead * np.cos(yaw)
    points = np.stack((x * np.cos(yaw) + ahead * np.sin(yaw), y), axis=1)
    seen = points[nearer > -0.02]
    return seen if len(seen) > 2 else points[11:14]


def _headphones(worn: Worn, color: Identity) -> Drawing:
    wide, middle = worn.reach
    tall = 0.92 + worn.hair.style.volume * 1.3
    angles = np.linspace(0.05, np.pi - 0.05, 17)
    squeeze = max(abs(float(np.cos(worn.yaw))), 0.25)
    half = (wide + 0.06) * squeeze
    arc = np.stack((middle + half * np.cos(angles), MIDDLE - (tall + 0.1) * np.sin(angles)), axis=1)
    inner = np.stack((middle + (half - 0.1) * np.cos(angles), MIDDLE - tall * np.sin(angles)), axis=1)
    band = Shape(np.concatenate((arc, inner[::-1])).astype(np.float32), color, round=0.5)
    cups = []
    for side in (-1, 1):
        angle = side * np.pi / 2 + worn.yaw
        facing = float(np.cos(angle))
        if facing > -0.3:
            x = middle + wide * float(np.sin(angle))
            cups.append(Shape(ellipse(x, 0.2, 0.13 + 0.16 * max(facing, 0), 0.3), color, round=0.6))
    return (band, *cups)


def _cat_ears(worn: Worn, color: Identity) -> Drawing:
    wide, middle = worn.reach
    top = -0.7 - worn.hair.style.volume * 0.8
    ears = []
    for side in (-1, 1):
        angle = side * np.deg2rad(62) + worn.yaw
        x = middle + 0.72 * wide * float(np.sin(angle))
        knots = (
            (x - 0.3, top),
            (x - 0.16 + 0.06 * side, top - 0.38),
            (x + 0.12 * side, top - 0.66),
            (x + 0.18 + 0.06 * side, top - 0.3),
            (x + 0.28, top + 0.05),
        )
        marks = (
            Mark(
                smooth(((x - 0.1, top - 0.1), (x + 0.09 * side, top - 0.46), (x + 0.12, top - 0.06)), False, steps=3),
                0.6,
            ),
        )
        ears.append(
            Shape(np.concatenate((smooth(knots, False, steps=4), line((x, top + 0.12)))), color, round=0.5, marks=marks)
        )
    return tuple(ears)


def _flower(worn: Worn, color: Identity) -> Drawing:
    angle = np.deg2rad(-62) + worn.yaw
    if np.cos(angle) < -0.2:
        return ()
    wide, middle = worn.reach
    x, y = middle + 0.85 * wide * float(np.sin(angle)), -0.45
    petals = [
        Shape(ellipse(x + 0.16 * np.cos(turn), y + 0.16 * np.sin(turn), 0.13), color, line=0.7, round=0.3)
        for turn in np.arange(5) * 2 * np.pi / 5 - np.pi / 2
    ]
    return (*petals, Mark(smooth(ellipse(x, y, 0.06)[::3]), 0.9))


_ON_HEAD: Mapping[str, Callable[[Worn, Identity], Drawing]] = MappingProxyType(
    {
        "cap": _cap,
        "straw hat": _straw,
        "beanie": _beanie,
        "witch hat": _witch,
        "helmet": _helmet,
        "ribbon": _ribbon,
        "hairband": _hairband,
        "headphones": _headphones,
        "cat ears": _cat_ears,
        "flower": _flower,
    }
)
