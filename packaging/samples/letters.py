"""Letters text with pen strokes of our own, in speech bubbles and as sound effects."""

from __future__ import annotations

import numpy as np

from .canvas import Points
from .palette import Area
from .pen import EVEN, Knots, Pen, spline

GLYPHS: dict[str, tuple[Knots, ...]] = {
    "A": ([(0, 6), (2, 0)], [(2, 0), (4, 6)], [(0.8, 4), (3.2, 4)]),
    "D": ([(0.3, 0), (0.3, 6)], [(0, 0), (2.4, 0.4), (3.8, 3), (2.4, 5.6), (0, 6)]),
    "E": ([(0.4, 0), (0.4, 6)], [(0.4, 0), (3.5, 0)], [(0.4, 2.9), (3, 2.9)], [(0.4, 6), (3.6, 6)]),
    "F": ([(0.4, 0), (0.4, 6)], [(0.4, 0), (3.6, 0)], [(0.4, 2.9), (3, 2.9)]),
    "H": ([(0.3, 0), (0.3, 6)], [(3.7, 0), (3.7, 6)], [(0.3, 3), (3.7, 3)]),
    "I": ([(2, 0), (2, 6)], [(1, 0), (3, 0)], [(1, 6), (3, 6)]),
    "K": ([(0.4, 0), (0.4, 6)], [(3.7, 0), (0.5, 3.4)], [(1.4, 2.6), (3.9, 6)]),
    "L": ([(0.5, 0), (0.5, 6)], [(0.5, 6), (3.6, 6)]),
    "M": ([(0, 6), (0.3, 0)], [(0.3, 0), (2, 4)], [(2, 4), (3.7, 0)], [(3.7, 0), (4, 6)]),
    "N": ([(0.3, 6), (0.3, 0)], [(0.3, 0), (3.7, 6)], [(3.7, 6), (3.7, 0)]),
    "O": ([(2, 0), (0.4, 1.1), (0, 3), (0.5, 5), (2, 6), (3.5, 5), (4, 3), (3.6, 1.1), (2, 0)],),
    "P": ([(0.4, 0), (0.4, 6)], [(0.2, 0.1), (2.6, 0.1), (3.7, 1.6), (2.6, 3.2), (0.4, 3.3)]),
    "R": ([(0.4, 0), (0.4, 6)], [(0.2, 0.1), (2.6, 0.1), (3.6, 1.5), (2.6, 3), (0.4, 3.1)], [(1.8, 3.1), (3.9, 6)]),
    "S": ([(3.6, 0.8), (2.2, -0.1), (0.6, 0.8), (0.8, 2.3), (3, 3.4), (3.5, 5), (2, 6.1), (0.2, 5.2)],),
    "T": ([(0, 0), (4, 0)], [(2, 0), (2, 6)]),
    "U": ([(0.3, 0), (0.3, 4), (2, 6.1), (3.7, 4), (3.7, 0)],),
    "W": ([(0, 0), (0.9, 6)], [(0.9, 6), (2, 1.6)], [(2, 1.6), (3.1, 6)], [(3.1, 6), (4, 0)]),
    "Y": ([(0, 0), (2, 3)], [(4, 0), (2, 3)], [(2, 3), (2, 6)]),
    "!": ([(2, -0.3), (2, 3.9)], [(2, 5.7), (2, 6)]),
    ",": ([(2, 5.4), (1.6, 7)],),
    " ": (),
}
NARROW = {"I": 3.4, "!": 2.4, ",": 2.4, " ": 2.6}
ADVANCE = 5.4


def text_width(text: str) -> float:
    """Return a line's width in units of a sixth of a capital's height."""
    return sum(NARROW.get(letter, ADVANCE) for letter in text) - (ADVANCE - 4)


def draw_text(pen: Pen, lines: tuple[str, ...], height: float, *, bold: float = 1.0) -> None:
    """Letter some lines of capitals, centred on the origin."""
    unit = height / 6
    for row, text in enumerate(lines):
        x = -text_width(text) * unit / 2
        y = (row - (len(lines) - 1) / 2) * height * 1.55 - height / 2
        for letter in text:
            narrowing = (4 - min(4.0, NARROW.get(letter, ADVANCE))) / 2 * unit
            for knots in GLYPHS[letter]:
                curve = spline(knots) * unit + np.array([x - narrowing, y])
                pen.line(curve, height * 0.15 * bold / pen.weight, EVEN)
            x += NARROW.get(letter, ADVANCE) * unit


def draw_effect(pen: Pen, text: str, height: float, *, growth: float = 1.0) -> None:
    """Draw a sound effect of hollow letters that grow (or shrink) along a rising line from the origin."""
    x = 0.0
    for place, letter in enumerate(text):
        size = height * growth**place
        at = pen.at(x, -size * 0.5 + (7 if place % 2 else -7), degrees=-6 if place % 2 else 7)
        strokes = [spline(knots, 48) * (size / 6) for knots in GLYPHS[letter]]
        for thickness, is_ink in ((0.34, True), (0.25, False)):
            for stroke in strokes:
                width = size * thickness / pen.weight
                if is_ink:
                    at.line(stroke, width, (1.0, 1.0))
                else:
                    _hollow(at, stroke, width)
        x += NARROW.get(letter, ADVANCE) * size / 6 * 1.12


def _hollow(pen: Pen, stroke: Points, width: float) -> None:
    for x, y in stroke:
        pen.oval(Area.BUBBLE, float(x), float(y), width * pen.weight / 2, width * pen.weight / 2, width=0)


def draw_bubble(pen: Pen, rx: float, ry: float, tail: tuple[float, float], lines: tuple[str, ...], height: float,
                *, is_loud: bool = False) -> None:  # fmt: skip
    """Draw a speech bubble round the origin, its tail's tip at ``tail``, with lettering."""
    outline = _burst(rx, ry) if is_loud else _round(rx, ry)
    aim = float(np.arctan2(tail[1] / ry, tail[0] / rx))
    curve = spline(outline, 2 if is_loud else 14)
    angles = np.arctan2(curve[:, 1] / ry, curve[:, 0] / rx)
    away = np.abs(np.angle(np.exp(1j * (angles - aim))))
    inside = away < (0.2 if is_loud else 0.16)
    first = int(np.flatnonzero(inside & ~np.roll(inside, 1))[0])
    rolled, kept = np.roll(curve[:-1], -first, axis=0), ~np.roll(inside[:-1], -first)
    body = rolled[kept]
    tip = np.array([tail])
    middle = (body[-1] + body[0]) / 2 * 0.62 + tip[0] * 0.38
    left = np.vstack((body[-1:], (body[-1:] + middle) / 2, tip))
    right = np.vstack((tip, (body[:1] + middle) / 2, body[:1]))
    pen.canvas.fill(pen.on_page(np.vstack((body, left, right))), Area.BUBBLE)
    for run in (spline(left), spline(right)):
        pen.line(run, 1.1, EVEN)
    pen.line(body, 1.1, (1.0, 0.8, 1.1, 0.9, 1.0))
    draw_text(pen, lines, height, bold=1.15 if is_loud else 1.0)


def _round(rx: float, ry: float) -> Knots:
    """A rounder-than-elliptic closed outline, as hand-drawn bubbles are."""
    turns = np.linspace(0, 2 * np.pi, 17)
    squared = [
        (np.sign(np.cos(t)) * abs(np.cos(t)) ** 0.82, np.sign(np.sin(t)) * abs(np.sin(t)) ** 0.82) for t in turns
    ]
    return [(float(x * rx), float(y * ry)) for x, y in squared]


def _burst(rx: float, ry: float) -> Knots:
    """A spiky closed outline for shouting."""
    turns = np.linspace(0, 2 * np.pi, 45)
    reach = [1.14 + 0.05 * np.sin(7 * t) if place % 2 else 0.98 for place, t in enumerate(turns)]
    reach[-1] = reach[0]
    return [(float(np.cos(t) * rx * r), float(np.sin(t) * ry * r)) for t, r in zip(turns, reach, strict=True)]
