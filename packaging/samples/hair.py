"""Draws the girl's hair: long locks behind, fringe and side locks before the face, and the ribbon."""

from __future__ import annotations

from .palette import Area
from .pen import EVEN, FLICK, Knots, Pen, arc, spline

Wind = tuple[float, float]
NOTCHES: Knots = [(68, 2), (42, -42), (13, -60), (-19, -48), (-68, 2)]
TIPS: Knots = [(56, -1), (29, -14), (-9, -8), (-50, -1)]
WHORL = (4.0, -116.0)


def draw_back_hair(pen: Pen, wind: Wind, length: float = 1.0) -> None:
    """Draw the locks that fall behind the body, blown by the wind (units the tips move)."""
    wx, wy = wind
    roots = [(-66, -1.0), (66, 1.0), (-44, -0.75), (44, 0.75), (-22, -0.4), (22, 0.4), (0, 0.0)]
    for place, (x, spread) in enumerate(roots):
        reach = length * (285 + 22 * (place % 3))
        tip = (x * 1.25 + spread * 34 + wx, reach + wy)
        bend = (x * 1.5 + spread * 12 + wx * 0.28, reach * 0.45 + wy * 0.3)
        low = (x * 1.2 + spread * 30 + wx * 0.55 - 10 * spread, reach * 0.76 + wy * 0.72)
        spine = [(x * 0.9, -40.0), bend, low, tip]
        bare = (0.0 if x == -66 else 0.6, 0.0 if x == 66 else 0.6)
        pen.limb(Area.HAIR, spine, (60, 74, 70, 52, 0), width=1.0, bare=bare)
        pen.shade(Area.HAIR, [(x - 44, -30), (x + 44, -30), (x + 50, 150), (x - 50, 150), (x - 44, -30)])
        flow = spline(spine)
        pen.line(flow[16:40:4], 0.6)


def draw_front_hair(pen: Pen, wind: Wind, turn: float) -> None:
    """Draw the crown, the fringe and the two locks before the ears."""
    shift, sway = 9 * turn, wind[0] * 0.22
    left, right = (-80 + sway, 138.0), (80 + sway, 138.0)
    crown: Knots = [
        left,
        (-92 + sway * 0.4, 90),
        (-93, 30),
        (-95, -20),
        (-84, -72),
        (-50, -113),
        (0, -126),
        (50, -113),
        (84, -72),
        (95, -20),
        (93, 30),
        (92 + sway * 0.4, 90),
        right,
    ]
    inner_right: Knots = [right, (70 + sway * 0.3, 66), (70, 40), (NOTCHES[0][0] + shift * 0.5, NOTCHES[0][1])]
    inner_left: Knots = [(NOTCHES[-1][0] + shift * 0.5, NOTCHES[-1][1]), (-70, 40), (-70 + sway * 0.3, 66), left]
    pen.shape(Area.HAIR, crown, inner_right, *_fringe(shift), inner_left, width=0)
    near_tips: list[Knots] = [
        [(x, 138), (x - sway * 0.34 - side * 8, 102)] for side, (x, _) in ((-1, left), (1, right))
    ]
    for run in (crown, inner_right[1:], *_fringe(shift), inner_left[:-1], *near_tips):
        pen.line(run, 1.1)
    _shine(pen, shift)
    _strands(pen, shift, sway)


def _fringe(shift: float) -> list[Knots]:
    """Return the fringe's edge from right to left: each lock a full outer side and a hollow inner side."""
    notches = [(x + shift * (0.5 if abs(x) > 50 else 1), y) for x, y in NOTCHES]
    tips = [(x + shift, y) for x, y in TIPS]
    runs: list[Knots] = []
    for notch, tip, following in zip(notches, tips, notches[1:], strict=False):
        before, after = (-0.1, 0.17) if tip[0] > shift else (0.17, -0.1)
        runs.append(arc(notch, tip, before))
        runs.append(arc(tip, following, after))
    return runs


def _shine(pen: Pen, shift: float) -> None:
    """Draw the jagged band of light on the crown."""
    xs = [-70, -54, -40, -24, -8, 10, 26, 42, 58, 70]
    upper = [(x + shift * 0.4, -80 - 12 * (1 - (x / 75) ** 2) - (5 if i % 2 else 0)) for i, x in enumerate(xs)]
    lower = [(x + shift * 0.4, -66 - 12 * (1 - (x / 75) ** 2) + (9 if i % 2 else -3)) for i, x in enumerate(xs)]
    zigzag = [list(pair) for pair in zip(lower[::-1], lower[-2::-1], strict=False)]
    pen.shade(Area.HAIR, upper, [upper[-1], lower[-1]], *zigzag, [lower[0], upper[0]], into=Area.HAIR_LIGHT)
    for i in (2, 4, 6):
        x, y = lower[i]
        pen.line([(x, y - 12), (x * 1.04, y), (x * 1.08, y + 12)], 0.5)


def _strands(pen: Pen, shift: float, sway: float) -> None:
    for x, y in NOTCHES[1:-1]:
        pen.line([(x + shift, y), (x * 0.9 + shift, y - 15)], 0.8, FLICK)
    for x, y in TIPS:
        pen.line([(x + shift, y - 13), (x * 0.97 + shift, y - 32), (x * 0.88 + shift, y - 50)], 0.5)
    for x, y in ((-52, -98), (-24, -100), (36, -102), (60, -88)):
        pen.line([(x * 0.5, y - 10), (x * 0.8, y - 5), (x * 1.05, y + 14)], 0.6)
    for side in (-1, 1):
        pen.line([(83 * side, -30), (82 * side, 0), (82 * side + sway * 0.1, 40)], 0.6)
    pen.limb(Area.HAIR, [WHORL, (14, -140), (34 + sway * 0.4, -142)], (22, 14, 4), width=0.8, cap=True)
    top = (-70, -70)
    pen.shade(Area.HAIR, [(-98, 60), (-96, -20), top, (-80, -10), (-76, 60), (-84, 140), (-98, 60)])
    pen.shade(Area.HAIR, [(98, 60), (96, -20), (84, -70), (84, -10), (82, 60), (86, 140), (98, 60)])


def draw_ribbon(pen: Pen, wind: Wind) -> None:
    """Draw a bow with two tails, its knot at the origin."""
    for side in (-1, 1):
        wing = pen.at(0, 0, flip=side < 0)
        tail = (wind[0] * 0.05 * side, wind[1] * 0.1)
        wing.shape(Area.RIBBON, [(2, 4), (12, 24), (20 + tail[0], 50 + tail[1])],
                   [(20 + tail[0], 50 + tail[1]), (29 + tail[0], 42 + tail[1])],
                   [(29 + tail[0], 42 + tail[1]), (40 + tail[0], 44 + tail[1])],
                   [(40 + tail[0], 44 + tail[1]), (34, 26), (26, 12)], width=0.9)  # fmt: skip
    for side in (-1, 1):
        wing = pen.at(0, 0, flip=side < 0)
        wing.shape(Area.RIBBON, [(4, -6), (24, -30), (52, -36), (60, -22)], [(60, -22), (62, 4), (54, 22)],
                   [(54, 22), (40, 18), (26, 14)], [(26, 14), (4, 6)], width=1.0, bare=1)  # fmt: skip
        wing.shade(Area.RIBBON, [(2, 8), (30, 0), (62, 6), (54, 24), (28, 18), (2, 8)])
        wing.lines([[(8, -2), (24, -10), (40, -14)], [(8, 3), (24, 4), (36, 2)]], 0.7, FLICK)
    pen.shape(Area.RIBBON, [(-9, -9), (0, -11), (9, -9), (10, 0), (9, 10), (0, 12), (-9, 10), (-10, 0), (-9, -9)],
              width=1.0, press=EVEN)  # fmt: skip
