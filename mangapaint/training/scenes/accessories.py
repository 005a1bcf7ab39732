"""What people wear beside clothes: glasses and masks on the face, scarves and bags on the body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes.bodies import Body, Item, limb
from mangapaint.training.scenes.curves import ellipse, line, smooth
from mangapaint.training.scenes.looks import Front
from mangapaint.training.scenes.poses import Floats, Layer
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Shape

ON_FACE: tuple[str, ...] = ("", "glasses", "square glasses", "sunglasses", "eyepatch", "mask")
ON_BODY: tuple[str, ...] = ("", "scarf", "bag", "backpack", "necklace")
EYES_AT = 0.05
"""How far the middle of glasses is below that of the eyes."""


def on_face(front: Front, name: str, color: Identity) -> Drawing:
    """Return what is worn before the eyes or the mouth, in head units."""
    if not name or abs(front.yaw) > np.deg2rad(105):
        return ()
    return _ON_FACE[name](front, color)


def _lenses(front: Front) -> list[tuple[float, float, float, float]]:
    """Middle x, y and radii of both lenses, those that are seen."""
    looks = front.looks
    lenses = []
    for side in (-1, 1):
        angle = side * looks.apart + front.yaw
        if np.cos(angle) > 0.12:
            wide = (looks.eye_wide + 0.08) * max(float(np.cos(angle)), 0.34)
            lenses.append((0.8 * float(np.sin(angle)), looks.eye_y + EYES_AT, wide, looks.eye_tall + 0.09))
    return lenses


def _glasses(front: Front, color: Identity, *, square: bool = False, dark: bool = False) -> Drawing:
    parts: list[Shape | Mark] = []
    lenses = _lenses(front)
    for x, y, wide, tall in lenses:
        rim = _rim(x, y, (wide, tall), square=square)
        if dark:
            parts.append(
                Shape(
                    rim,
                    color,
                    solid=True,
                    round=0.3,
                    marks=(Mark(line((x - wide * 0.5, y + tall * 0.4), (x, y - tall * 0.5)), 0.8, (230, 230, 235)),),
                )
            )
        else:
            hole = _rim(x, y, (wide - 0.035, tall - 0.04), square=square)
            ring = np.concatenate((rim, rim[:1], hole[:1], hole[::-1])).astype(np.float32)
            parts.append(Shape(ring, color, line=0.0, round=0.0))
            parts += [Mark(np.concatenate((edge, edge[:1])), 0.5) for edge in (rim, hole)]
    return (*parts, *_temples(front, color, lenses))


def _rim(x: float, y: float, radii: tuple[float, float], *, square: bool) -> Floats:
    if not square:
        return ellipse(x, y, *radii)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    around = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    return (np.sign(around) * np.abs(around) ** 0.5 * (radii[0], radii[1] * 0.72) + (x, y)).astype(np.float32)


def _temples(front: Front, color: Identity, lenses: list[tuple[float, float, float, float]]) -> Drawing:
    """The bridge, and the bar that leads to the ear."""
    parts: list[Shape] = []
    y = front.looks.eye_y + EYES_AT - 0.04
    if len(lenses) == 2:
        left, right = sorted(lenses)
        parts.append(Shape(limb(((left[0] + left[2], y), (right[0] - right[2], y)), (0.022, 0.022)), color, line=0.4))
    if abs(front.yaw) > 0.2 and lenses:
        lens = min(lenses, key=lambda each: each[0] * front.side)
        begin = lens[0] - front.side * lens[2]
        x = 0.86 * float(np.sin(np.deg2rad(-98 * front.side) + front.yaw))
        parts.append(Shape(limb(((begin, y), (x, y - 0.02)), (0.022, 0.022)), color, line=0.4))
    return tuple(parts)


def _eyepatch(front: Front, color: Identity) -> Drawing:
    """Over the eye at the picture's right in a front view."""
    angle = front.looks.apart + front.yaw
    y = front.looks.eye_y
    if np.cos(angle) < 0.12:
        return ()
    x, wide = 0.78 * float(np.sin(angle)), 0.27 * max(float(np.cos(angle)), 0.4)
    strap = smooth(((-0.78 * np.cos(front.yaw), -0.5), (x - wide, y - 0.2), (x, y), (x + wide, y - 0.05)), False)
    return (
        Mark(strap, 1.4),
        Shape(
            smooth(
                (
                    (x - wide, y - 0.2),
                    (x, y - 0.26),
                    (x + wide, y - 0.2),
                    (x + wide * 0.8, y + 0.2),
                    (x, y + 0.3),
                    (x - wide * 0.8, y + 0.2),
                )
            ),
            color,
            solid=True,
        ),
    )


def _mask(front: Front, color: Identity) -> Drawing:
    """A cloth mask over nose and mouth."""
    turned = float(np.sin(front.yaw))
    x, half = 0.40 * turned, 0.26 + 0.3 * front.narrow
    knots = np.array(
        (
            (-0.9, -0.1),
            (-0.45, -0.22),
            (0, -0.26),
            (0.45, -0.22),
            (0.9, -0.1),
            (0.8, 0.22),
            (0.35, 0.42),
            (-0.35, 0.42),
            (-0.8, 0.22),
        )
    )
    points = smooth(knots * (half, 0.9) + (x, 0.66), steps=4)
    folds = tuple(
        Mark(smooth(((x - half * 0.6, y), (x + 0.1 * turned, y + 0.04), (x + half * 0.6, y)), False, steps=3), 0.5)
        for y in (0.66, 0.78)
    )
    return (Shape(points, color, round=0.4, marks=folds),)


_ON_FACE: Mapping[str, Callable[[Front, Identity], Drawing]] = MappingProxyType(
    {
        "glasses": _glasses,
        "square glasses": lambda front, color: _glasses(front, color, square=True),
        "sunglasses": lambda front, color: _glasses(front, color, square=True, dark=True),
        "eyepatch": _eyepatch,
        "mask": _mask,
    }
)


def on_body(body: Body, name: str, color: Identity) -> list[Item]:
    """Return what is worn on the body, each part with its layer."""
    return _ON_BODY[name](body, color) if name else []


def _scarf(body: Body, color: Identity) -> list[Item]:
    trunk, thick = body.trunk, body.build.radius * 0.3
    lon = 0.5 if not body.behind else np.pi + 0.5
    end = trunk.patch(((lon, 0.05), (lon, 0.25), (lon, 0.5)), 1.12)
    end[1:, 0] += body.held.wind * 0.03 * np.array((1, 2))
    fringe = tuple(
        Mark(np.stack((end[-1] + (dx, -0.004), end[-1] + (dx, 0.008))).astype(np.float32), 0.5)
        for dx in (-0.4 * thick, 0.0, 0.4 * thick)
    )
    hanging = Shape(limb(end, np.array((0.5, 0.75, 0.9)) * thick), color, round=0.5, marks=fringe)
    folds = (Mark(trunk.patch(((lon - 1.1, 0.03), (lon - 0.7, 0.07), (lon - 0.1, 0.07)), 1.4), 0.5),)
    around = Shape(trunk.collar(-0.06, 0.11, 1.5), color, round=0.7, marks=folds)
    return [(Layer.OVER, hanging), (Layer.OVER, around)]


def _strap(body: Body, color: Identity, side: int) -> list[Item]:
    """A strap from the shoulder on one side (front view) across to the other hip, before and behind."""
    turn = np.pi if body.behind else 0.0
    sign = -side if body.behind else side
    places = [(turn + sign * lon, v) for lon, v in ((1.0, 0.03), (0.5, 0.25), (-0.4, 0.62), (-1.3, 0.92))]
    wide = np.full(len(places), body.build.chest * 0.09)
    return [(Layer.TRUNK, Shape(limb(body.trunk.patch(places, 1.12), wide), color, line=0.7))]


def _bag(body: Body, color: Identity) -> list[Item]:
    size = body.build.hip
    spot = body.trunk.at(-1.4, 0.98, 1.25)[0].astype(float)
    facing = body.trunk.shows(-1.4)
    wide = size * (0.55 + 0.35 * max(facing, 0))
    x, y = spot
    corners = np.array(((-1, -0.7), (1, -0.7), (1.05, 0.6), (0.8, 0.85), (-0.8, 0.85), (-1.05, 0.6)))
    flap = np.array(((-1.05, -0.75), (1.05, -0.75), (0.95, 0.1), (0.0, 0.25), (-0.95, 0.1)))
    layer = Layer.NEAR_ARM if facing > -0.25 else Layer.CAPE
    body_, lid = ((part * (wide, size) + (x, y)).astype(np.float32) for part in (corners, flap))
    return [*_strap(body, color, 1), (layer, Shape(body_, color, round=0.4)), (layer, Shape(lid, color, round=0.3))]


def _backpack(body: Body, color: Identity) -> list[Item]:
    trunk, size = body.trunk, body.build.shoulder
    x, y = trunk.at(np.pi, 0.42)[0].astype(float)
    x += float(np.sin(trunk.yaw + np.pi)) * size * 0.5
    wide = size * (0.78 + 0.15 * abs(float(np.cos(trunk.yaw))))
    tall = 0.40 * float(np.hypot(*trunk.axis))
    corners = np.array(((-0.7, -1), (0.7, -1), (1, -0.5), (1, 0.8), (0.8, 1), (-0.8, 1), (-1, 0.8), (-1, -0.5)))
    sack = Shape(
        (smooth(corners, steps=3) * (wide, tall) + (x, y)).astype(np.float32),
        color,
        round=0.6,
        marks=(Mark(line((x - wide, y), (x, y + tall * 0.15), (x + wide, y)), 0.7),),
    )
    items: list[Item] = [(Layer.OVER if body.behind else Layer.CAPE, sack)]
    for lon in (-0.85, 0.85):
        if trunk.shows(lon) > 0.05:
            strap = limb(trunk.patch(((lon, 0.03), (lon, 0.3), (lon * 1.5, 0.6)), 1.1), np.full(3, size * 0.1))
            items.append((Layer.TRUNK, Shape(strap, color, line=0.8)))
    return items


def _necklace(body: Body, color: Identity) -> list[Item]:
    if body.trunk.shows(0.0) < 0.2:
        return []
    chain = body.trunk.patch(((-1.1, 0.02), (-0.5, 0.14), (0.0, 0.2), (0.5, 0.14), (1.1, 0.02)), 1.08)
    wide = body.build.chest * 0.035
    x, y = chain[2]
    return [
        (Layer.TRUNK, Shape(limb(chain, np.full(5, wide)), color, line=0.4)),
        (Layer.TRUNK, Shape(ellipse(float(x), float(y) + 3 * wide, 4 * wide), color, line=0.8, round=0.6)),
    ]


_ON_BODY: Mapping[str, Callable[[Body, Identity], list[Item]]] = MappingProxyType(
    {"scarf": _scarf, "bag": _bag, "backpack": _backpack, "necklace": _necklace}
)
