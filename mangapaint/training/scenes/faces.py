"""Faces: heads in any view, and eyes, brows, nose and mouth that say what somebody feels.

Everything here is in units of a head: its middle at 0, 0, the crown at y = -1 and the chin at y = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes import eyes
from mangapaint.training.scenes.curves import ellipse, line, smooth
from mangapaint.training.scenes.looks import Frame, Front, Looks
from mangapaint.training.scenes.materials import mixed
from mangapaint.training.scenes.poses import Floats
from mangapaint.training.scenes.shapes import Drawing, Mark, Shape

# Corresponding points of the outline: crown, down the side the face looks to, chin (the eleventh), up the other side.
_HALF = ((0.38, -0.93), (0.66, -0.70), (0.80, -0.35), (0.825, -0.02), (0.80, 0.25), (0.745, 0.46), (0.64, 0.65),
         (0.46, 0.83), (0.22, 0.96))  # fmt: skip
_FRONT = np.array(((0, -1), *_HALF, (0, 1.0), *((-x, y) for x, y in reversed(_HALF))))
_QUARTER = np.array(((0.04, -1), (0.42, -0.92), (0.70, -0.66), (0.80, -0.32), (0.755, 0.0), (0.80, 0.26), (0.76, 0.47),
                     (0.68, 0.66), (0.56, 0.84), (0.41, 0.97), (0.25, 1.0), (0.02, 0.93), (-0.26, 0.78), (-0.5, 0.59),
                     (-0.66, 0.40), (-0.78, 0.2), (-0.87, -0.05), (-0.88, -0.38), (-0.71, -0.72),
                     (-0.36, -0.95)))  # fmt: skip
_PROFILE = np.array(((-0.02, -1), (0.38, -0.92), (0.67, -0.66), (0.77, -0.3), (0.73, 0.08), (0.90, 0.43), (0.76, 0.53),
                     (0.775, 0.65), (0.71, 0.75), (0.68, 0.92), (0.50, 1.0), (0.28, 0.96), (0.04, 0.82), (-0.14, 0.66),
                     (-0.32, 0.54), (-0.56, 0.4), (-0.82, 0.12), (-0.95, -0.3), (-0.80, -0.7),
                     (-0.42, -0.95)))  # fmt: skip
_BACK = np.where(_FRONT[:, 1:] > 0.4, _FRONT * (1, 0.4) + (0, 0.24), _FRONT)
_KEYS = np.deg2rad((0.0, 42.0, 90.0, 180.0))
_OUTLINES = np.stack((_FRONT, _QUARTER, _PROFILE, _BACK))

_LINES: Mapping[str, tuple[tuple[float, float], ...]] = MappingProxyType(
    {
        "flat": ((-0.8, 0.0), (0.0, 0.06), (0.8, 0.0)),
        "smile": ((-1.05, -0.12), (-0.5, 0.26), (0.0, 0.36), (0.5, 0.26), (1.05, -0.12)),
        "small smile": ((-0.7, -0.05), (0.0, 0.18), (0.7, -0.05)),
        "side smile": ((-0.8, 0.14), (0.1, 0.12), (0.9, -0.2)),
        "frown": ((-0.8, 0.2), (-0.35, -0.06), (0.0, -0.1), (0.35, -0.06), (0.8, 0.2)),
        "small": ((-0.4, 0.0), (0.0, 0.1), (0.4, 0.0)),
        "wavy": ((-0.9, 0.1), (-0.5, -0.1), (-0.1, 0.12), (0.3, -0.1), (0.8, 0.08)),
        "cat": ((-0.9, -0.16), (-0.5, 0.16), (-0.06, 0.02), (0.0, -0.12), (0.06, 0.02), (0.5, 0.16), (0.9, -0.16)),
    }
)
_MOUTHS: Mapping[str, tuple[tuple[float, float], ...]] = MappingProxyType(
    {
        "open": ((-1.0, -0.3), (0.0, -0.18), (1.0, -0.3), (0.82, 0.4), (0.35, 0.9), (-0.35, 0.9), (-0.82, 0.4)),
        "grin": ((-1.1, -0.22), (0.0, -0.02), (1.1, -0.22), (0.8, 0.3), (0.0, 0.5), (-0.8, 0.3)),
        "shout": ((-0.8, -0.5), (0.0, -0.62), (0.8, -0.5), (1.0, 0.5), (0.55, 1.0), (-0.55, 1.0), (-1.0, 0.5)),
        "talk": ((-0.6, -0.2), (0.0, -0.24), (0.6, -0.2), (0.4, 0.42), (0.0, 0.56), (-0.4, 0.42)),
        "oh": ((-0.4, 0.0), (-0.28, -0.36), (0.0, -0.46), (0.28, -0.36), (0.4, 0.0), (0.3, 0.46), (0.0, 0.58),
               (-0.3, 0.46)),
    }
)  # fmt: skip


def outline(looks: Looks, yaw: float) -> Floats:
    """Return the control points (20, 2) of a head's outline, seen from ``yaw`` (radians, -pi to pi)."""
    turned = min(abs(yaw), float(np.pi))
    index = int(np.clip(np.searchsorted(_KEYS, turned, side="right") - 1, 0, len(_KEYS) - 2))
    share = (turned - _KEYS[index]) / (_KEYS[index + 1] - _KEYS[index])
    points = (1 - share) * _OUTLINES[index] + share * _OUTLINES[index + 1]
    low = np.maximum(points[:, 1] - 0.1, 0)
    points[:, 0] *= 1 + (looks.jaw - 1) * np.minimum(low * 2, 1)
    points[:, 1] += low * (looks.chin - 1)
    points[:, 0] *= -1 if yaw < 0 else 1
    return points


def head(front: Front) -> Drawing:
    """Return a head without hair, painted from ears to brows; from behind there is no face."""
    looks, skin = front.looks, front.parts["skin"]
    edge = outline(looks, front.yaw)
    blush = tuple(_blush(front)) if _faces(front.yaw) else ()
    skull = Shape(smooth(edge, steps=4), skin, round=0.8, inside=blush)
    far = [ear for side in (-1, 1) for ear in _ear(front, side, near=False)]
    near = [ear for side in (-1, 1) for ear in _ear(front, side, near=True)]
    features = _features(front, edge) if _faces(front.yaw) else []
    return (*far, skull, *near, *features)


def _faces(yaw: float) -> bool:
    return abs(yaw) < np.deg2rad(112)


def _features(front: Front, edge: Floats) -> list[Shape | Mark]:
    seeing = [part for side in (-front.side, front.side) for part in eyes.eye(front, side)]
    brows = [part for side in (-1, 1) for part in eyes.brow(front, side)]
    return [*_beard(front, edge), *_nose(front), *_mouth(front), *_freckles(front), *seeing, *brows]


def _ear(front: Front, side: int, *, near: bool) -> list[Shape]:
    angle = side * np.deg2rad(98) + front.yaw
    facing = float(np.cos(angle))
    if near != (facing > 0.12) or facing < -0.6:
        return []
    x, wide = 0.84 * np.sin(angle), max(0.17 * abs(facing), 0.11)
    back = -1 if np.sin(front.yaw) > 0 else 1
    lean = back * 0.22 * min(1, abs(np.sin(front.yaw)) * 1.5)
    points = ellipse(x, 0.28, wide, 0.25, turn=lean)
    inner = smooth(
        ((x - 0.4 * wide * side, 0.16), (x + 0.35 * wide * side, 0.14), (x + 0.3 * wide * side, 0.34)), False
    )
    return [Shape(points, front.parts["skin"], round=0.5, marks=(Mark(inner, 0.6),))]


def _blush(front: Front) -> list[Shape]:
    if not front.mood.blush:
        return []
    spots = []
    for side in (-1, 1):
        angle = side * 0.62 + front.yaw
        if np.cos(angle) > 0.1:
            y = front.looks.eye_y + front.looks.eye_tall + 0.12
            spots.append(ellipse(0.74 * np.sin(angle), y, 0.17 * max(float(np.cos(angle)), 0.4), 0.085))
    return [Shape(spot, front.parts["blush"], line=0.0, round=0.0) for spot in spots]


def _freckles(front: Front) -> list[Mark]:
    if not front.looks.freckles or abs(front.yaw) > 1.0:
        return []
    marks = []
    for side in (-1, 1):
        for dx, dy in ((-0.09, 0.0), (0.0, 0.06), (0.08, -0.01)):
            x, y = 0.74 * np.sin(side * 0.5 + front.yaw) + dx * front.narrow, 0.52 + dy
            marks.append(
                Mark(line((x, y), (x + 0.02, y + 0.015)), 0.7, mixed(front.parts["skin"].color, (90, 40, 20), 0.5))
            )
    return marks


def _nose(front: Front) -> list[Shape | Mark]:
    turned = abs(front.yaw)
    x, side = 0.80 * np.sin(front.yaw), front.side
    if turned > np.deg2rad(68):
        return [
            Mark(smooth(((x - side * 0.12, 0.5), (x - side * 0.17, 0.44), (x - side * 0.13, 0.4)), False, steps=3), 0.6)
        ]
    y = front.looks.eye_y + 0.27
    if front.looks.nose == 0:
        return [Mark(line((x - 0.03, y), (x + 0.03, y + 0.01)), 0.9)]
    if front.looks.nose == 1:
        return [
            Mark(smooth(((x, y - 0.09), (x + side * 0.06, y + 0.02), (x - side * 0.02, y + 0.05)), False, steps=3), 0.8)
        ]
    wing = ((x - 0.08, y + 0.01), (x - 0.03, y + 0.05), (x + 0.03, y + 0.05), (x + 0.08, y + 0.01))
    bridge = ((x - side * 0.02, y - 0.22), (x + side * 0.04, y - 0.06))
    return [Mark(smooth(wing, False, steps=3), 0.8), Mark(line(*bridge), 0.5)]


def _mouth(front: Front) -> list[Shape | Mark]:
    looks, name = front.looks, front.mood.mouth
    turned = np.sin(front.yaw)
    x = (0.70 - 0.08 * abs(turned) ** 3) * turned
    frame = Frame(float(x), looks.mouth_y, looks.mouth_wide * front.narrow, 0.16)
    if name in _LINES:
        return [Mark(frame.to_head(smooth(_LINES[name], False, steps=4)), 0.9)]
    shape = frame.to_head(smooth(_MOUTHS[name], steps=4))
    teeth = Shape(
        frame.to_head(((-1.2, -0.7), (1.2, -0.7), (1.0, 0.0), (0, 0.08), (-1.0, 0.0))),
        front.parts["eye white"],
        line=0.3,
        round=0.0,
    )
    tongue = Shape(frame.to_head(ellipse(0, 0.85, 0.6, 0.42)), front.parts["tongue"], line=0.3, round=0.2)
    inside = {"grin": (_all_teeth(front, frame),), "oh": (), "talk": (tongue,)}.get(name, (tongue, teeth))
    return [Shape(shape, front.parts["mouth"], line=0.9, round=0.0, inside=inside)]


def _all_teeth(front: Front, frame: Frame) -> Shape:
    middle = Mark(frame.to_head(((-1.0, 0.14), (0.0, 0.24), (1.0, 0.14))), 0.4)
    return Shape(
        frame.to_head(((-1.3, -0.5), (1.3, -0.5), (1.0, 0.8), (-1.0, 0.8))),
        front.parts["eye white"],
        line=0.0,
        round=0.0,
        marks=(middle,),
    )


def _beard(front: Front, edge: Floats) -> list[Shape]:
    hair = front.parts["brows"]
    if front.looks.beard == 0:
        return []
    x, y, narrow = 0.72 * np.sin(front.yaw), front.looks.mouth_y, front.narrow
    if front.looks.beard == 1:
        half = np.array(((0.0, -0.13), (0.2, -0.12), (0.36, 0.0), (0.42, 0.1), (0.2, 0.02), (0.0, -0.04)))
        both = np.concatenate((half, (half * (-1, 1))[-2:0:-1]))
        return [Shape((smooth(both, steps=3) * (narrow, 1) + (x, y)).astype(np.float32), hair, line=0.8, solid=True)]
    jaw = edge[5:16] * (1.03, 1.06)
    jaw[:, 1] += 0.14 * np.sin(np.linspace(0, np.pi, len(jaw)))
    inner = np.array(((-0.5, -0.12), (-0.3, -0.17), (0, -0.13), (0.3, -0.17), (0.5, -0.12))) * (narrow, 1) + (x, y)
    inner = inner if front.side > 0 else inner[::-1]
    return [Shape(smooth(np.concatenate((jaw, inner)), steps=4), hair, line=0.9, solid=True)]
