"""Draws the girl from head to boots in any pose: long hair, red ribbon, sailor collar, travel dress and satchel."""

from __future__ import annotations

from dataclasses import dataclass, field

from .face import Face, draw_face
from .hair import Wind, draw_back_hair, draw_front_hair, draw_ribbon
from .palette import Area
from .pen import EVEN, FLICK, Knots, Pen, oval

Joint = tuple[float, float]


@dataclass(frozen=True)
class Arm:
    """Elbow and wrist, how the hand is turned (degrees, fingers up at 0), and whether it is open."""

    elbow: Joint
    wrist: Joint
    hand: float = 180.0
    is_open: bool = False
    is_behind: bool = False


@dataclass(frozen=True)
class Leg:
    """Knee and ankle, and how the foot is turned (degrees, toes to the right at 0)."""

    knee: Joint
    ankle: Joint
    foot: float = 0.0
    is_flipped: bool = False


@dataclass(frozen=True)
class Pose:
    """How the girl stands, in units: the head's middle at the origin, the chin at y = 96, shoulders at y = 150."""

    face: Face = field(default_factory=Face)
    tilt: float = 0.0
    wind: Wind = (0.0, 0.0)
    arms: tuple[Arm, Arm] = (Arm((-86, 225), (-92, 300)), Arm((86, 225), (92, 300)))
    legs: tuple[Leg, ...] = (Leg((-21, 548), (-36, 654), 0, True), Leg((23, 552), (20, 664)))
    skirt: tuple[float, float] = (0.0, 0.0)
    hair: float = 1.0


SHOULDER = (54.0, 148.0)


def draw_girl(pen: Pen, pose: Pose) -> None:
    """Draw the whole girl; a panel's edge makes it a bust or a close-up."""
    head = head_of(pen, pose)
    draw_back_hair(head, pose.wind, pose.hair)
    for side, arm in zip((-1, 1), pose.arms, strict=True):
        if arm.is_behind:
            _arm(pen, side, arm)
    for leg in pose.legs:
        _leg(pen, leg)
    _neck(pen)
    _dress(pen, pose)
    _satchel(pen, pose)
    for side, arm in zip((-1, 1), pose.arms, strict=True):
        if not arm.is_behind:
            _arm(pen, side, arm)
    _collar(pen)
    draw_face(head, pose.face)
    draw_front_hair(head, pose.wind, pose.face.turn)
    draw_ribbon(head.at(-60, -100, degrees=-28, scale=0.92), pose.wind)


def head_of(pen: Pen, pose: Pose) -> Pen:
    """Return the pen that draws a posed girl's head, the face's middle at its origin."""
    return pen.at(0, 112, degrees=pose.tilt).at(0, -98)


def _neck(pen: Pen) -> None:
    pen.shape(Area.SKIN, [(-19, 70), (-18, 112), (-44, 142)], [(-44, 142), (0, 215), (44, 142)],
              [(44, 142), (18, 112), (19, 70)])  # fmt: skip
    pen.shade(Area.SKIN, [(-30, 70), (30, 70), (26, 118), (0, 128), (-26, 116), (-30, 70)])
    pen.lines([[(-10, 160), (-24, 153)], [(10, 160), (24, 153)]], 0.6)


def _dress(pen: Pen, pose: Pose) -> None:
    blown, lift = pose.skirt
    left, right = (-118 + blown * 0.7, 455 + lift * 0.2), (118 + blown, 455 + lift)
    hem: Knots = [right, (74 + blown, 478 + lift * 0.8), (34 + blown, 464 + lift * 0.5),
                  (-8 + blown * 0.9, 484 + lift * 0.4), (-56 + blown * 0.8, 468 + lift * 0.2), left]  # fmt: skip
    pen.shape(Area.DRESS, [(42, 262), (62 + blown * 0.1, 330), (92 + blown * 0.5, 400 + lift * 0.4), right], hem,
              [left, (-92 + blown * 0.4, 400), (-62, 330), (-42, 262)], width=1.1)  # fmt: skip
    for x in (-62, -14, 48):
        pen.shade(Area.DRESS, [(x * 0.4, 268), (x + blown * 0.6 - 10, 490 + lift * 0.4)],
                  [(x + blown * 0.7 + 26, 490 + lift * 0.5), (x * 0.7 + 12, 380), (x * 0.4, 268)])  # fmt: skip
        pen.line(
            [
                (x * 0.42, 292 if x < 0 else 344),
                (x * 0.75 + blown * 0.25, 375),
                (x * 0.9 + blown * 0.6, 420 + lift * 0.3),
            ],
            0.8,
            (0.3, 0.7, 1.0, 0.3),
        )
    pen.line([(-30, 278), (-44, 320)], 0.6, FLICK)
    edge = [(blown + (x - blown) * 0.86, y - 17) for x, y in hem]
    pen.line(edge, 0.7, EVEN)
    pen.shape(Area.DRESS, [(-58, 140), (-52, 190), (-42, 262)], [(-42, 262), (0, 270), (42, 262)],
              [(42, 262), (52, 190), (58, 140)], [(58, 140), (0, 190), (-58, 140)])  # fmt: skip
    pen.shade(Area.DRESS, [(-54, 150), (-36, 200), (-30, 262), (-44, 262), (-54, 190), (-54, 150)])
    pen.shape(Area.DRESS, [(-43, 256), (0, 265), (43, 256)], [(43, 256), (45, 276)], [(45, 276), (0, 286), (-45, 276)],
              [(-45, 276), (-43, 256)], width=0.9)  # fmt: skip
    pen.shade(Area.DRESS, [(-43, 256), (0, 265), (43, 256), (45, 276), (0, 286), (-45, 276), (-43, 256)])


def _satchel(pen: Pen, pose: Pose) -> None:
    hip = (74 + pose.skirt[0] * 0.15, 318.0)
    pen.limb(Area.BAG, [(42, 150), (48, 235), (hip[0] - 8, hip[1] - 20)], (11, 11), width=0.8)
    bag = pen.at(*hip, degrees=-8)
    bag.shape(Area.BAG, [(-36, -22), (36, -22)], [(36, -22), (40, 20), (34, 36)], [(34, 36), (0, 40), (-34, 36)],
              [(-34, 36), (-40, 20), (-36, -22)])  # fmt: skip
    bag.shade(Area.BAG, [(-38, 12), (38, 12), (34, 36), (0, 40), (-34, 36), (-38, 12)])
    bag.shape(Area.BAG, [(-39, -24), (39, -24)], [(39, -24), (38, 0), (20, 12)], [(20, 12), (-20, 12)],
              [(-20, 12), (-38, 0), (-39, -24)], width=0.9)  # fmt: skip
    bag.oval(Area.DRESS, 0, 11, 5, 6, width=0.8)
    everything = oval(0, 320, 400, 480)
    pen.screen((Area.BAG, Area.BAG_SHADE), everything, 0.16)
    pen.screen((Area.BOOT, Area.BOOT_SHADE), everything, 0.34)
    pen.screen((Area.DRESS_SHADE,), everything, 0.1)


def _collar(pen: Pen) -> None:
    for side in (-1, 1):
        half = pen.at(0, 0, flip=side < 0)
        half.shape(Area.COLLAR, [(0, 176), (20, 162), (32, 142), (26, 120)], [(26, 120), (52, 134), (76, 158)],
                   [(76, 158), (70, 178), (60, 192)], [(60, 192), (30, 206), (0, 226)])  # fmt: skip
        half.shade(Area.COLLAR, [(24, 120), (42, 132), (30, 166), (0, 190), (0, 174), (20, 160), (24, 120)])
        half.line([(62, 159), (50, 180), (27, 194)], 0.9, EVEN)
    for side in (-1, 1):
        wing = pen.at(0, 226, scale=0.88, flip=side < 0)
        wing.shape(Area.RIBBON, [(2, -6), (20, -17), (30, -10)], [(30, -10), (34, 10), (26, 22)],
                   [(26, 22), (12, 12), (2, 4)], width=0.9)  # fmt: skip
        wing.line([(8, 0), (18, -1)], 0.6, FLICK)
    pen.oval(Area.RIBBON, 0, 225, 8, 9, width=0.9)


def _arm(pen: Pen, side: int, arm: Arm) -> None:
    start = (SHOULDER[0] * side, SHOULDER[1] + 8)
    _hand(pen.at(*arm.wrist, degrees=arm.hand, flip=side < 0), is_open=arm.is_open)
    pen.limb(Area.SKIN, [start, arm.elbow, arm.wrist], (28, 26, 24, 21, 17), width=1.0)
    middle = (start[0] * 0.45 + arm.elbow[0] * 0.55, start[1] * 0.45 + arm.elbow[1] * 0.55)
    pen.limb(Area.SLEEVE, [start, (start[0] * 0.7 + middle[0] * 0.3, start[1] * 0.7 + middle[1] * 0.3), middle],
             (30, 46, 52, 50, 38), cap=True)  # fmt: skip
    pen.line([start, (start[0] * 0.5 + middle[0] * 0.5 + 4, start[1] * 0.5 + middle[1] * 0.5)], 0.6, FLICK)


def _hand(pen: Pen, *, is_open: bool) -> None:
    """Draw a hand with the wrist at the origin and the fingers up."""
    if is_open:
        for x, reach, lean in ((-9, -36, -8), (-3, -42, -2), (4, -41, 4), (10, -35, 10)):
            pen.limb(
                Area.SKIN,
                [(x * 0.8, -14), (x + lean * 0.3, reach + 8), (x + lean, reach)],
                (8, 8, 7, 4),
                width=0.8,
                cap=True,
            )
        pen.limb(Area.SKIN, [(8, -6), (18, -14), (24, -24)], (9, 8, 4), width=0.8, cap=True)
        pen.shape(Area.SKIN, oval(0, -9, 11.5, 15), width=0)
        pen.lines([[(-11, -20), (-12, -10), (-8, 0)], [(11, -6), (8, 0)]], 0.9)
        return
    pen.shape(Area.SKIN, [(-9, 2), (-13, -12), (-9, -25), (2, -28), (11, -22), (12, -8), (9, 2)], width=0.9)
    pen.lines([[(-4, -27), (-4, -17)], [(3, -27), (3, -18)], [(12, -10), (5, -12), (4, -6)]], 0.7, FLICK)


def _leg(pen: Pen, leg: Leg) -> None:
    hip = (22.0 if leg.knee[0] > 0 else -22.0, 420.0)
    pen.limb(Area.SKIN, [hip, leg.knee, leg.ankle], (46, 42, 36, 32, 24), width=1.0)
    pen.shade(
        Area.SKIN, [(hip[0] - 70, 440), (hip[0] + 70, 440), (hip[0] + 90, 508), (hip[0] - 90, 508), (hip[0] - 70, 440)]
    )
    kx, ky = leg.knee
    ax, ay = leg.ankle
    top = (kx * 0.45 + ax * 0.55, ky * 0.45 + ay * 0.55)
    boot = pen.at(ax, ay, degrees=leg.foot, flip=leg.is_flipped)
    boot.shape(
        Area.BOOT,
        [(-16, -8), (-19, 14), (-15, 30)],
        [(-15, 30), (20, 32), (46, 30)],
        [(46, 30), (44, 12), (16, -2), (14, -12)],
    )
    boot.shade(Area.BOOT, [(-18, 16), (46, 20), (46, 32), (-16, 32), (-18, 16)])
    boot.line([(-17, 22), (20, 25), (46, 22)], 0.7, EVEN)
    pen.limb(Area.SOCK, [top, (top[0] * 0.8 + ax * 0.2, top[1] * 0.8 + ay * 0.2)], (34, 34), width=0.9, cap=True)
    pen.limb(Area.BOOT, [(top[0] * 0.75 + ax * 0.25, top[1] * 0.75 + ay * 0.25), (ax, ay + 4)], (36, 35, 33), width=1.0)
    pen.line([(kx - 7, ky + 6), (kx, ky + 10), (kx + 6, ky + 6)], 0.6)
