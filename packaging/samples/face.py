"""Draws the girl's face: its outline, eyes, mouth and moods."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .palette import Area
from .pen import EVEN, FLICK, Knots, Pen, oval


class Mood(Enum):
    """What the face expresses."""

    JOY = "joy"
    BEAM = "beam"
    AWE = "awe"
    SHOUT = "shout"


@dataclass(frozen=True)
class Face:
    """A mood, how far the face is turned (-1 left .. 1 right), and where the eyes look, in units."""

    mood: Mood = Mood.JOY
    turn: float = 0.0
    look: tuple[float, float] = (0.0, 0.0)


EYE_DISTANCE = 33.5
EYE_LEVEL = 24.0
WHITE: Knots = [(-18, -4), (-10, -19), (4, -24), (16, -16), (20, 1), (14, 17), (0, 21), (-13, 15), (-18, -4)]
LASH: Knots = [(-20, -1), (-13, -16), (1, -24), (14, -20), (22, 0)]
DARK: Knots = [(-13, -3), (-12, -14), (-7, -22), (0, -24), (7, -22), (12, -14), (13, -3), (0, -8), (-13, -3)]
GLOW: Knots = [(-11, 7), (0, 12), (11, 7), (7, 16), (0, 19.5), (-7, 16), (-11, 7)]
CLOSED: Knots = [(-19, 10), (-12, -4), (0, -9), (13, -4), (22, 11)]


def draw_face(pen: Pen, face: Face) -> None:
    """Draw a face whose middle is the origin, with its chin at y = 96 and cheeks at x = -74 and 74."""
    turn = face.turn
    pen.shape(Area.SKIN, *_outline(turn), width=1.1)
    middle = 20 * turn
    for side in (-1, 1):
        near = 1 - 0.22 * max(0.0, side * turn)
        x = middle + side * EYE_DISTANCE * near
        _cheek(pen.at(x + side * 15, EYE_LEVEL + 30, scale=near))
        _eye(pen.at(x, EYE_LEVEL), side, near, face)
        if face.mood is not Mood.BEAM:
            _brow(pen.at(x, EYE_LEVEL - 44, flip=side < 0), near, face.mood)
    pen.line([(middle * 1.35, 47), (middle * 1.35 + (3 if turn >= 0 else -3), 51)], 1.0, FLICK)
    _mouth(pen.at(middle * 1.1, 70), face.mood)


def _outline(turn: float) -> list[Knots]:
    chin, jaw = 13 * turn, 8 * turn
    left, right = max(0.0, -turn) * 5, max(0.0, turn) * 5
    return [
        [(72 - right, -30), (74 - right, 6), (68, 40), (53 + jaw, 69), (25 + chin, 91), (chin, 97)],
        [(chin, 97), (-25 + chin, 91), (-53 + jaw, 69), (-68, 40), (-74 + left, 6), (-72 + left, -30)],
        [(-72 + left, -30), (-50, -95), (0, -112), (50, -95), (72 - right, -30)],
    ]


def _cheek(pen: Pen) -> None:
    pen.shade(Area.SKIN, oval(0, 0, 13, 7), into=Area.BLUSH)
    for x in (-6, 0, 6):
        pen.line([(x + 2, -4), (x - 2, 4)], 0.5, EVEN)


def _eye(pen: Pen, side: int, near: float, face: Face) -> None:
    """Draw one eye; highlights lie on the same side in both, so only the lids are mirrored."""
    wide = pen.at(0, 0, scale=1.08, flip=side < 0)
    wide = _narrowed(wide, near)
    if face.mood is Mood.BEAM:
        wide.line(CLOSED, 2.0, (0.4, 1.0, 1.2, 1.0, 0.6))
        wide.lines([[(19, 6), (27, 4)], [(16, 0), (23, -5)]], 0.9, FLICK)
        return
    wide.shape(Area.EYE, WHITE, width=0)
    plain = _narrowed(pen, near).at(*face.look, scale=1.08)
    plain.shape(Area.IRIS, oval(0, -2, 13.5, 22), width=0.8, press=EVEN)
    plain.shade(Area.IRIS, GLOW, into=Area.IRIS_LIGHT)
    plain.blot(DARK)
    plain.blot(oval(0, -1, 5.5, 9))
    plain.shape(Area.EYE, oval(-4.5, -13, 5, 6), width=0)
    plain.shape(Area.EYE, oval(5.5, 9, 2.8, 3.2), width=0)
    wide.line(LASH, 2.1, (0.4, 1.0, 1.35, 1.45, 0.7))
    wide.lines([[(16, -18), (23, -15)], [(20, -9), (25, -8)]], 1.3, FLICK)
    wide.line([(20, 1), (15, 16), (0, 21), (-13, 15), (-18, -4)], 0.6, (1.3, 1.0, 0.8, 0.8))


def _narrowed(pen: Pen, near: float) -> Pen:
    matrix = pen.matrix.copy()
    matrix[:, 0] *= near
    return Pen(pen.canvas, matrix, pen.weight)


def _brow(pen: Pen, near: float, mood: Mood) -> None:
    lift = {Mood.AWE: -7, Mood.JOY: -2}.get(mood, 0)
    inner = {Mood.AWE: -2, Mood.SHOUT: 4}.get(mood, 2)
    pen.line([(-15 * near, lift + inner), (2, lift - 5), (19 * near, lift + 1)], 1.3, (1.0, 0.9, 0.3))


def _mouth(pen: Pen, mood: Mood) -> None:
    if mood is Mood.AWE:
        pen.oval(Area.MOUTH, 0, 2, 7, 9, width=0.9)
        pen.shade(Area.MOUTH, oval(0, 9, 6, 4), into=Area.TONGUE)
        return
    half, depth = (22, 26) if mood is Mood.SHOUT else (19, 19)
    lower: Knots = [
        (half, -7),
        (half * 0.72, depth * 0.6 - 4),
        (0, depth - 5),
        (-half * 0.72, depth * 0.6 - 4),
        (-half, -7),
    ]
    pen.shape(Area.MOUTH, [(-half, -7), (0, -3), (half, -7)], lower, width=1.0, press=EVEN)
    tongue: Knots = [(-half * 0.6, depth * 0.45), (0, depth * 0.25), (half * 0.6, depth * 0.45)]
    pen.shade(Area.MOUTH, tongue, [(half * 0.6, depth * 0.45), (0, depth + 4), (-half * 0.6, depth * 0.45)],
              into=Area.TONGUE)  # fmt: skip
    pen.line(tongue, 0.6)
    pen.lines([[(-half - 3, -9), (-half, -6)], [(half + 3, -9), (half, -6)]], 0.9, EVEN)
