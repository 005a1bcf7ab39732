"""Draws the companion: a small fox with big ears, a brush of a tail and a scarf."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .palette import Area
from .pen import EVEN, FLICK, Knots, Pen, along, oval, spline


def draw_fox_head(pen: Pen, *, is_yapping: bool = False, is_happy: bool = False) -> None:
    """Draw the head, about 130 units wide, its middle at the origin and its chin at y = 50."""
    for side in (-1, 1):
        ear = pen.at(0, 0, flip=side < 0)
        ear.shape(Area.FUR, [(18, -40), (34, -88), (56, -112)], [(56, -112), (68, -70), (58, -22)], width=1.0)
        ear.shape(Area.CREAM, [(32, -44), (42, -76), (60.5, -92)], [(60.5, -92), (65, -66), (57, -28)], width=0.7)
        ear.lines([[(38, -42), (46, -62)], [(46, -38), (51, -56)]], 0.6, FLICK)
        ear.shade(Area.FUR, [(40, -92), (57, -116), (64, -88), (40, -92)], into=Area.EAR)
    side_runs: list[Knots] = [[(0, -62), (36, -54), (58, -28), (62, 4)], [(62, 4), (80, 14)], [(80, 14), (68, 20)],
                              [(68, 20), (74, 34)], [(74, 34), (56, 36)], [(56, 36), (34, 50), (0, 54)]]  # fmt: skip
    mirrored: list[Knots] = [[(-x, y) for x, y in run][::-1] for run in side_runs[::-1]]
    pen.shape(Area.FUR, *side_runs, *mirrored, width=0)
    pen.line([(-23, -58), (0, -62), (23, -58)], press=EVEN)
    for run in (*side_runs[1:], *mirrored[:-1]):
        pen.line(run)
    for side in (-1, 1):
        cheek = pen.at(0, 0, flip=side < 0)
        cheek.lines([[(58, -30), (62, -14), (62, 4)], [(34, -54), (46, -46), (58, -30)]], press=EVEN)
        cheek.shade(Area.FUR, [(0, 8), (22, 3), (46, 13), (80, 14)], [(80, 14), (68, 20)],
                    [(68, 20), (74, 34)], [(74, 34), (56, 36)], [(56, 36), (34, 50), (0, 56)],
                    into=Area.CREAM)  # fmt: skip
        cheek.shade(Area.CREAM, [(10, 44), (40, 40), (70, 30), (60, 44), (30, 54), (0, 56), (10, 44)])
        cheek.line([(0, 9), (22, 3), (46, 13), (80, 14)], 0.7, EVEN)
        cheek.lines([[(50, 26), (60, 28)], [(46, 32), (54, 35)]], 0.5, FLICK)
        _fox_eye(cheek.at(30, -8), is_happy=is_happy)
    pen.lines([[(-5, -58), (-4, -46)], [(3, -59), (3, -43)], [(10, -57), (9, -49)]], 0.6, FLICK)
    pen.blot([(-9, 12), (0, 9), (9, 12), (5, 20), (0, 23), (-5, 20), (-9, 12)])
    pen.shape(Area.EYE, oval(-3, 13, 2.4, 1.5), width=0)
    _fox_mouth(pen, is_yapping=is_yapping)
    pen.screen((Area.EAR,), oval(0, 0, 160, 160), 0.4)


def _fox_eye(pen: Pen, *, is_happy: bool) -> None:
    if is_happy:
        pen.line([(-12, 5), (-3, -5), (5, -4), (13, 5)], 1.8, (0.4, 1, 1, 0.5))
        return
    pen.blot(oval(0, 0, 10, 13))
    pen.shape(Area.EYE, oval(-3, -5, 4, 4.6), width=0)
    pen.shape(Area.EYE, oval(4, 6, 2, 2.3), width=0)
    pen.line([(-11, -8), (0, -14), (12, -6)], 1.0, (0.3, 1.0, 0.6))
    pen.line([(-6, -26), (4, -29)], 1.0)


def _fox_mouth(pen: Pen, *, is_yapping: bool) -> None:
    if is_yapping:
        pen.shape(
            Area.MOUTH, [(-15, 28), (0, 26), (15, 28)], [(15, 28), (9, 44), (0, 48), (-9, 44), (-15, 28)], width=0.9
        )
        pen.shade(Area.MOUTH, oval(0, 43, 7, 6), into=Area.TONGUE)
        pen.line([(-6, 41), (0, 38), (6, 41)], 0.6)
    pen.line([(0, 22), (0, 27)], 0.8, EVEN)
    pen.lines([[(0, 27), (-8, 31), (-15, 26)], [(0, 27), (8, 31), (15, 26)]], 0.8)


def draw_scarf(pen: Pen, *, blown: float = 0.0) -> None:
    """Draw the scarf round the neck, its knot at the origin, its ends blown sideways."""
    tip = (38 + blown, 54 - abs(blown) * 0.25)
    pen.limb(Area.SCARF, [(18, 6), (tip[0] / 2 + 13, 21), tip], (16, 22, 26), width=0.9, cap=True)
    pen.shape(Area.SCARF, [(-46, -10), (0, 4), (46, -10)], [(46, -10), (50, 6), (42, 14)],
              [(42, 14), (0, 26), (-42, 14)], [(-42, 14), (-50, 6), (-46, -10)], width=1.0)  # fmt: skip
    pen.shade(Area.SCARF, [(-46, 8), (0, 16), (46, 8), (42, 16), (0, 28), (-42, 16), (-46, 8)])
    pen.screen((Area.SCARF, Area.SCARF_SHADE), oval(0, 20, 180, 120), 0.26)
    pen.lines([[(-34, 1), (-31, 6)], [(30, 0), (25, 8)], [(3, 8), (6, 15)]], 0.6, FLICK)


def draw_sitting_fox(pen: Pen, *, is_yapping: bool = False, is_happy: bool = False, blown: float = 20.0) -> None:
    """Draw the fox sitting; the head's middle is the origin, the paws stand at y = 190."""
    _tail(pen, [(26, 172), (62, 168), (97, 116), (86, 36)], 1.0)
    pen.shape(Area.FUR, [(-34, 36), (-52, 100), (-66, 150), (-50, 188)], [(-50, 188), (0, 194), (54, 188)],
              [(54, 188), (72, 146), (52, 96), (34, 36)])  # fmt: skip
    pen.shade(Area.FUR, [(34, 50), (56, 100), (72, 148), (54, 190), (30, 190), (48, 150), (34, 50)])
    pen.lines([[(-52, 142), (-42, 147), (-38, 160)], [(54, 142), (44, 148), (39, 160)]], 0.8)
    pen.shape(Area.CREAM, [(-24, 44), (-36, 74), (-22, 92)], [(-22, 92), (-11, 106)], [(-11, 106), (0, 96)],
              [(0, 96), (11, 108)], [(11, 108), (22, 92)], [(22, 92), (36, 74), (24, 44)], width=0.8)  # fmt: skip
    for side in (-1, 1):
        leg = pen.at(-4 * side, 0, flip=side < 0)
        leg.limb(Area.FUR, [(15, 122), (17, 152), (17, 188)], (26, 25, 26), width=0.9)
        leg.shape(
            Area.EAR,
            [(31, 168), (36, 186), (30, 195), (4, 195), (0, 186), (3, 168)],
            [(3, 168), (17, 162), (31, 168)],
            width=0.9,
            press=EVEN,
            bare=1,
        )
        leg.lines([[(31, 168), (24, 164)], [(3, 168), (9, 164)]], 0.8, EVEN)
    pen.screen((Area.EAR,), oval(0, 170, 120, 60), 0.4)
    draw_scarf(pen.at(0, 50), blown=blown)
    draw_fox_head(pen, is_yapping=is_yapping, is_happy=is_happy)


def draw_running_fox(pen: Pen) -> None:
    """Draw the fox leaping to the left; the head's middle is the origin, the body stretches to x = 260."""
    _tail(pen, [(226, 50), (290, 20), (348, 28), (402, -10)], 1.05)
    for hip, knee, paw in (((64, 76), (10, 108), (-52, 104)), ((206, 74), (252, 112), (312, 126))):
        _leg(pen, hip, knee, paw)
    pen.shape(Area.FUR, [(14, 20), (90, 2), (168, 8), (232, 34)], [(232, 34), (256, 66), (226, 92)],
              [(226, 92), (170, 84), (96, 96), (36, 92), (4, 50)])  # fmt: skip
    pen.shade(Area.FUR, [(40, 84), (96, 84), (170, 72), (240, 78), (226, 94), (170, 86), (96, 98), (36, 94), (40, 84)])
    pen.shape(Area.CREAM, [(14, 40), (60, 62), (74, 90)], [(74, 90), (40, 94), (6, 56)], width=0.7)
    for hip, knee, paw in (((76, 74), (44, 126), (-20, 140)), ((212, 66), (268, 92), (336, 92))):
        _leg(pen, hip, knee, paw)
    pen.screen((Area.EAR,), oval(150, 100, 300, 120), 0.4)
    draw_scarf(pen.at(14, 44, degrees=-14), blown=66)
    draw_fox_head(pen.at(0, 0, degrees=-6), is_yapping=True)


def _leg(pen: Pen, hip: tuple[float, float], knee: tuple[float, float], paw: tuple[float, float]) -> None:
    pen.limb(Area.FUR, [hip, knee, paw], (44, 36, 24, 20), width=0.9, cap=True)
    near = (knee[0] * 0.45 + paw[0] * 0.55, knee[1] * 0.45 + paw[1] * 0.55)
    beyond = (paw[0] + (paw[0] - knee[0]) * 0.12, paw[1] + (paw[1] - knee[1]) * 0.12)
    pen.limb(Area.EAR, [near, paw, beyond], (22, 23, 25, 12), width=0.9, cap=True)


def _tail(pen: Pen, spine: Knots, size: float) -> None:
    """Draw a brush along a spine; its last quarter is white beyond a jagged edge."""
    widths = [part * size for part in (20, 40, 60, 62, 40, 0)]
    pen.limb(Area.FUR, spine, widths, width=1.0)
    curve = spline(spine)
    path = along(curve)
    at = int(np.searchsorted(path, path[-1] * 0.74))
    ahead = (curve[at + 1] - curve[at]) / np.hypot(*(curve[at + 1] - curve[at]))
    across = np.array([-ahead[1], ahead[0]]) * float(np.interp(0.74, np.linspace(0, 1, len(widths)), widths)) / 2
    edge = np.array([curve[at] + across * t + ahead * (11 * size if place % 2 else 0)
                     for place, t in enumerate((-1, -0.5, 0, 0.5, 1))])  # fmt: skip
    beyond = np.array([edge[-1] + across + ahead * path[-1], edge[0] - across + ahead * path[-1]])
    pen.canvas.become(pen.on_page(np.vstack((edge, beyond))), Area.FUR, Area.CREAM)
    for start, end in pairwise(edge):
        pen.line(np.array([start, end]), 0.8, EVEN)
