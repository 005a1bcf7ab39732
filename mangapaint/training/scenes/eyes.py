"""Eyes and brows: what a face says first. In units of a head, as faces are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes.curves import ellipse, smooth
from mangapaint.training.scenes.looks import SURFACE, Frame, Front
from mangapaint.training.scenes.poses import Floats
from mangapaint.training.scenes.shapes import Mark, Shape

_UPPER = np.array(((-1, 0.22), (-0.62, -0.6), (0, -1), (0.6, -0.82), (1, -0.05)))
_LOWER = np.array(((0.84, 0.58), (0.12, 0.98), (-0.7, 0.68)))


_CLOSED: Mapping[bool, Floats] = MappingProxyType(
    {
        True: np.array(((-0.95, 0.35), (-0.5, -0.12), (0.05, -0.28), (0.55, -0.12), (1.0, 0.35))),
        False: np.array(((-0.95, 0.2), (-0.5, 0.52), (0.05, 0.64), (0.55, 0.52), (1.05, 0.12))),
    }
)


def eye(front: Front, side: int) -> list[Shape | Mark]:
    """Return one eye, if it is seen; ``side`` is where it is in a front view: the picture's left (-1) or right (1)."""
    looks, mood = front.looks, front.mood
    angle = side * looks.apart + front.yaw
    facing = float(np.cos(angle))
    if facing < 0.16:
        return []
    open_ = mood.open[0 if side < 0 else 1]
    wide = looks.eye_wide * max(facing, 0.46) * side
    frame = Frame(SURFACE * float(np.sin(angle)) - 0.02 * front.side, looks.eye_y, wide, looks.eye_tall)
    if open_ < 0.15:
        return [_lash(front, frame, _CLOSED[mood.happy], looks.lash * 0.8)]
    if looks.dots:
        return _dot(front, frame)
    return _openeye(front, frame, open_)


def _dot(front: Front, frame: Frame) -> list[Shape | Mark]:
    dot = ellipse(0, 0.1, 0.42, 0.62)
    shine = ellipse(-0.12, -0.16, 0.13, 0.17)
    white = Shape(frame.to_head(shine), front.parts["eye white"], line=0.0, round=0.0)
    return [Shape(frame.to_head(dot), front.parts["lashes"], line=0.4, solid=True, round=0.0, inside=(white,))]


def _openeye(front: Front, frame: Frame, open_: float) -> list[Shape | Mark]:
    looks, parts = front.looks, front.parts
    upper, lower = _lids(front, open_)
    white = smooth(np.concatenate((upper, lower)), steps=4)
    ball = Shape(frame.to_head(white), parts["eye white"], line=0.35, round=0.15, inside=_iris(front, frame))
    marks: list[Shape | Mark] = [ball, _lash(front, frame, upper, looks.lash)]
    under = smooth(lower, False, steps=4)
    marks.append(Mark(frame.to_head(under), 0.7))
    if looks.lash > 0.16:
        crease = smooth(upper[1:4] * (1.0, 1.0) + (0.02, -0.36 - looks.lash), False, steps=4)
        marks.append(Mark(frame.to_head(crease), 0.45))
    return marks


def _lids(front: Front, open_: float) -> tuple[Floats, Floats]:
    looks, mood = front.looks, front.mood
    upper, lower = _UPPER.copy(), _LOWER.copy()
    for lid in (upper, lower):
        lid[:, 1] -= looks.slant * lid[:, 0]
    upper[:, 1] = np.where(upper[:, 1] < 0.1, (upper[:, 1] - 0.1) * open_ + 0.1, upper[:, 1])
    bent = max(mood.angry, 0) * 0.4 * (1 - upper[:, 0]) / 2 + max(-mood.angry, 0) * 0.4 * (1 + upper[:, 0]) / 2
    upper[:, 1] = np.minimum(upper[:, 1] + bent * (upper[:, 1] < 0.1), 0.4)
    return upper, lower


def _iris(front: Front, frame: Frame) -> tuple[Shape, ...]:
    """Iris, pupil and two lights; in the eye's frame, which may be mirrored, so lights go by the sign of its x."""
    looks, parts = front.looks, front.parts
    size = looks.iris * (0.7 if front.mood.small_iris else 1.0)
    left = np.sign(frame.wide)
    x = left * front.gaze[0] * 0.28 - 0.04
    y = front.gaze[1] * 0.2 + 0.02
    wide = min(size * looks.eye_tall / looks.eye_wide * 0.78, 0.8)
    iris = Shape(frame.to_head(ellipse(x, y, wide, size * 0.98)), parts["iris"], line=0.7, round=0.3)
    dark = Shape(
        frame.to_head(ellipse(x, y - size * 0.08, wide * 0.5, size * 0.56)),
        parts["lashes"],
        line=0.0,
        solid=True,
        round=0.0,
    )
    lights = (
        ellipse(x - left * wide * 0.42, y - size * 0.44, wide * 0.36, size * 0.3),
        ellipse(x + left * wide * 0.45, y + size * 0.48, wide * 0.2, size * 0.15),
    )
    white = parts["eye white"]
    return (iris, dark, *(Shape(frame.to_head(light), white, line=0.0, round=0.0) for light in lights))


def _lash(front: Front, frame: Frame, lid: Floats, thick: float) -> Shape:
    """The lashes along a lid: thickest outside, where long ones end in a tip."""
    along = smooth(lid, False, steps=4)
    share = np.linspace(0, 1, len(along))
    over = along - np.stack((np.zeros_like(share), thick * (0.35 + 0.9 * share)), axis=1)
    tip = lid[-1:] + np.array((0.22 + thick * 0.5, -0.24 - thick * 0.3))
    return Shape(
        frame.to_head(np.concatenate((along, tip, over[::-1]))), front.parts["lashes"], line=0.35, solid=True, round=0.0
    )


def brow(front: Front, side: int) -> list[Shape | Mark]:
    """Return the brow over an eye, if it is seen; ``side`` as for the eye."""
    looks, mood = front.looks, front.mood
    angle = side * (looks.apart + 0.03) + front.yaw
    facing = float(np.cos(angle))
    if facing < 0.16:
        return []
    wide = (looks.eye_wide * 0.95 + 0.02) * max(facing, 0.46) * side
    y = looks.eye_y - looks.eye_tall - 0.15 - mood.lifted
    frame = Frame(SURFACE * float(np.sin(angle)) - 0.02 * front.side, y, wide, 0.1)
    tilt = mood.angry * 0.75
    bow = np.array(
        ((-1.0, 0.25 + tilt), (-0.3, -0.28 + tilt * 0.3), (0.35, -0.42 - tilt * 0.3), (1.05, 0.1 - tilt * 0.75))
    )
    if looks.brow < 0.2:
        return [Mark(frame.to_head(smooth(bow, False, steps=4)), 1.2)]
    thick = np.array(((0, 1.0), (0, 1.1), (0, 0.9), (0, 0.15))) * looks.brow
    band = np.concatenate((smooth(bow - thick, False, steps=4), smooth((bow + thick)[::-1], False, steps=4)))
    return [Shape(frame.to_head(band), front.parts["brows"], line=0.5, solid=True, round=0.0)]
