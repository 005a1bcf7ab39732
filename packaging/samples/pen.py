"""Draws curves through a few knots: tapered ink lines, closed shapes, limbs and ovals, in a figure's own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .canvas import Canvas, Points
from .palette import Area, shade_of

Knots = Sequence[tuple[float, float]]
Press = Sequence[float]
TAPERED: Press = (0.4, 0.9, 1.0, 0.85, 0.3)
EVEN: Press = (0.8, 1.0, 0.8)
FLICK: Press = (1.0, 0.7, 0.1)
LONG = 150.0
"""Page pixels from which a line may have a gap, as a hand-drawn one does."""


def spline(knots: Knots | Points, per_span: int = 14) -> Points:
    """Return a dense smooth curve through the knots, closed where the last knot is the first."""
    points = np.asarray(knots, dtype=np.float64)
    if len(points) < 3:
        return np.linspace(points[0], points[-1], per_span)
    closed = bool(np.allclose(points[0], points[-1]))
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    padded = np.vstack((before, points, after))
    spans = np.maximum(np.hypot(*np.diff(padded, axis=0).T), 1e-6) ** 0.5
    slopes = (padded[2:] - padded[:-2]) / (spans[1:] + spans[:-1])[:, None]
    u = np.linspace(0, 1, per_span, endpoint=False)[None, :, None]
    a, b = points[:-1, None], points[1:, None]
    long = spans[1:-1, None, None]
    start, end = slopes[:-1, None] * long, slopes[1:, None] * long
    curve = (2 * u**3 - 3 * u**2 + 1) * a + (u**3 - 2 * u**2 + u) * start
    curve = curve + (3 * u**2 - 2 * u**3) * b + (u**3 - u**2) * end
    return np.vstack((curve.reshape(-1, 2), points[-1:]))


def arc(start: tuple[float, float], end: tuple[float, float], bulge: float) -> Knots:
    """Return knots from start to end, pushed to the left of the way by a part of its length."""
    (ax, ay), (bx, by) = start, end
    return [start, ((ax + bx) / 2 + (by - ay) * bulge, (ay + by) / 2 - (bx - ax) * bulge), end]


def along(line: Points) -> NDArray[np.float64]:
    """Return each point's distance from the beginning of a line."""
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))


@dataclass(frozen=True)
class Pen:
    """A canvas seen from a figure: ``matrix`` (2, 3) takes its units to page pixels, ``weight`` is a line's width."""

    canvas: Canvas
    matrix: NDArray[np.float64]
    weight: float

    def at(self, x: float, y: float, *, scale: float = 1.0, degrees: float = 0.0, flip: bool = False) -> Pen:
        """Return a pen whose origin lies at x, y, turned clockwise, enlarged, and mirrored left to right."""
        turn = np.deg2rad(degrees)
        rotated = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
        if flip:
            rotated = rotated @ np.diag([-1.0, 1.0])
        local = np.hstack((rotated, [[x], [y]]))
        return replace(self, matrix=self.matrix @ np.vstack((local, [0.0, 0.0, 1.0])))

    def heavy(self, factor: float) -> Pen:
        """Return a pen with thicker or thinner lines."""
        return replace(self, weight=self.weight * factor)

    def on_page(self, points: Knots | Points) -> Points:
        """Take points of the figure to page pixels."""
        flat = np.asarray(points, dtype=np.float64)
        return np.asarray(flat @ self.matrix[:, :2].T + self.matrix[:, 2])

    def line(self, knots: Knots | Points, width: float = 1.0, press: Press = TAPERED) -> None:
        """Ink a smooth line; ``press`` is the width's course along it."""
        self._ink(self.on_page(spline(knots)), width, press)

    def lines(self, many: Sequence[Knots], width: float = 1.0, press: Press = TAPERED) -> None:
        """Ink several lines alike."""
        for knots in many:
            self.line(knots, width, press)

    def shape(self, area: Area, *runs: Knots, width: float = 1.0, press: Press = TAPERED, bare: int = 0) -> None:
        """Fill an outline made of smooth runs that meet in corners, and ink them (but the last ``bare`` ones)."""
        curves = [self.on_page(spline(run)) for run in runs]
        self.canvas.fill(np.vstack(curves), area)
        for curve in curves[: len(curves) - bare]:
            self._ink(curve, width, press)

    def limb(self, area: Area, spine: Knots, widths: Press, *, width: float = 1.0, cap: bool = False,
             bare: tuple[float, float] = (0.0, 0.0)) -> None:  # fmt: skip
        """Fill a tube around a spine, as wide as said along it, and ink its sides (and its end with ``cap``).

        ``bare`` is the part of its left and its right side (of one that hangs down) that has no line, from the root.
        """
        curve = spline(spine)
        path = along(curve)
        across = np.interp(path, np.linspace(0, path[-1], len(widths)), widths)[:, None] / 2
        ahead = np.gradient(curve, axis=0)
        normal = np.stack((-ahead[:, 1], ahead[:, 0]), axis=1) / np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
        left, right = curve + normal * across, curve - normal * across
        self.canvas.fill(self.on_page(np.vstack((left, right[::-1]))), area)
        for side, part in zip((left, right), bare, strict=True):
            self._ink(self.on_page(side[round(len(side) * part) :]), width, TAPERED)
        if cap:
            self._ink(self.on_page(np.stack((left[-1], right[-1]))), width, EVEN)

    def oval(self, area: Area, x: float, y: float, rx: float, ry: float, *, width: float = 1.0) -> None:
        """Fill and ink an ellipse."""
        self.shape(area, oval(x, y, rx, ry), width=width, press=EVEN)

    def blot(self, *runs: Knots) -> None:
        """Fill an outline with solid ink."""
        self.canvas.blot(self.on_page(np.vstack([spline(run) for run in runs])))

    def shade(self, area: Area, *runs: Knots, into: Area | None = None) -> None:
        """Put one area in shadow inside an outline (or turn it into another); seen in the coloured picture only."""
        outline = self.on_page(np.vstack([spline(run) for run in runs]))
        self.canvas.become(outline, area, shade_of(area) if into is None else into)

    def screen(self, areas: tuple[Area, ...], corners: Knots | Points, top: float, bottom: float | None = None) -> None:
        """Lay screentone on areas inside a polygon; seen on the page only."""
        self.canvas.screen(self.on_page(corners), areas, top, top if bottom is None else bottom)

    def _ink(self, curve: Points, width: float, press: Press) -> None:
        if width <= 0 or len(curve) < 2:
            return
        curve = _evenly(curve)
        path = along(curve)
        course = np.interp(path, np.linspace(0, path[-1], len(press)), press)
        sway = 1 + 0.07 * np.sin(path / 23 + self.canvas.random.uniform(0, 6.28))
        widths = width * self.weight * course * sway
        if path[-1] > LONG and self.canvas.random.random() < 0.07:
            start = path[-1] * self.canvas.random.uniform(0.15, 0.85)
            opened = start + widths.mean() + self.canvas.random.uniform(2, 3.5)
            self.canvas.stroke(curve[path <= start], widths[path <= start])
            curve, widths = curve[path >= opened], widths[path >= opened]
        self.canvas.stroke(curve, widths)


def oval(x: float, y: float, rx: float, ry: float) -> Knots:
    """Return the knots of an ellipse."""
    turns = np.linspace(0, 2 * np.pi, 13)
    return [(float(x + rx * np.sin(t)), float(y - ry * np.cos(t))) for t in turns[:-1]] + [(x, y - ry)]


def _evenly(curve: Points, step: float = 1.5) -> Points:
    """Return the same line with points about ``step`` page pixels apart."""
    path = along(curve)
    at = np.linspace(0, path[-1], max(2, int(path[-1] / step) + 1))
    return np.stack([np.interp(at, path, curve[:, i]) for i in (0, 1)], axis=1)


def pen_on(canvas: Canvas, weight: float) -> Pen:
    """Return a pen in page pixels."""
    return Pen(canvas, np.eye(2, 3), weight)
