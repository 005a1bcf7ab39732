"""The pen: outlines and marks as strokes of varying width, tapered, with gaps and repeats; hatching, speed lines."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.training.scenes.shapes import Points
from mangapaint.training.scenes.styles import Pen

FINE = 3
"""Pictures are drawn this much larger and averaged."""
SHIFT = 4
"""Binary places of coordinates that are handed to cv2."""
STEP = 4.0
"""How far apart, in pixels, the points are at which a stroke's width may change."""
CORNER = np.cos(np.radians(50))
"""Where a line turns by more, one stroke ends and the next begins."""
LIFT = 60.0
"""``Pen.gaps`` is the chance of one gap in so many pixels of line."""
INK = (0, 0, 0, 0)
Path = NDArray[np.float64]
Whole = NDArray[np.int32]


def whole(points: Points | Path) -> Whole:
    """Return points of the fine picture as cv2 takes them."""
    return np.rint(points * (1 << SHIFT)).astype(np.int32)


def pen_scale(width: int, height: int) -> float:
    """Return how many pixels of a picture are one of its pen's; small pictures have somewhat heavier lines."""
    size = min(width, height) / 512
    return float(size if size > 1 else size**0.6)


def thickness(width: NDArray[np.float64] | float) -> Whole:
    """Return what cv2 must be told to draw a line of about that many pixels: its lines are 1, 3, 5... wide."""
    return np.maximum(1, 2 * np.rint((np.asarray(width) - 1) / 2)).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Hand:
    """Draws lines with a pen; points are in pixels of the fine picture, ``scale`` of them are one of the pen's.

    ``light`` is where shadows fall to: lines are heavier there. All randomness is ``rng``'s.
    """

    pen: Pen
    rng: Generator
    scale: float
    light: tuple[float, float] = (0.0, 0.0)

    def outline(self, ink: Pixels, points: Points, *, width: float) -> None:
        """Draw a closed outline, in strokes that begin and end at its corners, black on ``ink``."""
        path = _around(points, STEP * self.scale)
        if len(path) < 3:
            return
        for stroke in _strokes(path, self.rng):
            self._stroke(ink, stroke, width=width, thin=0.45)

    def mark(self, layer: Pixels, points: Points, *, width: float, value: tuple[int, ...] = INK) -> None:
        """Draw an open line, thin at its ends, in the given value."""
        path = _dense(np.asarray(points, np.float64), STEP * self.scale)
        if len(path) > 1:
            self._stroke(layer, path, width=width, thin=0.8, value=value)

    def _stroke(self, layer: Pixels, path: Path, *, width: float, thin: float,
                value: tuple[int, ...] = INK) -> None:  # fmt: skip
        pen, rng = self.pen, self.rng
        for _ in range(pen.repeats):
            drawn = _shaken(path, pen.wobble * self.scale, rng) if pen.wobble else path
            widths = self._widths(drawn, width=width, thin=thin)
            for start, stop in _lifted(drawn, pen.gaps, self.scale, rng):
                _draw(layer, drawn[start:stop], widths[start:stop], value)

    def _widths(self, path: Path, *, width: float, thin: float) -> Whole:
        """Return how thick the line is at each point, as cv2 takes it."""
        pen, count = self.pen, len(path)
        place = np.arange(count) / (count - 1)
        ends = np.minimum(1, np.minimum(place, 1 - place) * max(2.5, count / 5))
        widths = width * pen.width * self.scale * (1 - thin * pen.taper * (1 - ends))
        if pen.pressure:
            swell = np.sin(2 * np.pi * (place * self.rng.uniform(0.5, 2) + self.rng.random()))
            widths *= 1 + 0.35 * pen.pressure * (swell + _side(path, self.light))
        return thickness(widths)


def _draw(layer: Pixels, path: Path, widths: Whole, value: tuple[int, ...]) -> None:
    """Draw one piece of line in runs of equal width."""
    if len(path) < 2:
        return
    points = whole(path)
    bounds = np.flatnonzero(np.diff(widths)) + 1
    for start, stop in zip([0, *bounds.tolist()], [*bounds.tolist(), len(path) - 1], strict=True):
        run = points[start : stop + 1]
        if len(run) > 1:
            cv2.polylines(layer, [run], isClosed=False, color=value, thickness=int(widths[start]), shift=SHIFT)


def _around(points: Points, step: float) -> Path:
    closed = np.concatenate((points, points[:1])).astype(np.float64)
    return _dense(closed, step)


def _dense(path: Path, step: float) -> Path:
    """Return the path with points added where they are more than ``step`` apart; doubled points are dropped."""
    lengths = np.hypot(*np.diff(path, axis=0).T)
    keep = np.concatenate(([True], lengths > 1e-3))
    path, at = path[keep], np.concatenate(([0.0], np.cumsum(lengths)))[keep]
    if len(path) < 2:
        return path
    between = np.arange(step, at[-1], step)
    places = np.sort(np.concatenate((at, between)))
    return np.stack((np.interp(places, at, path[:, 0]), np.interp(places, at, path[:, 1])), axis=1)


def _strokes(path: Path, rng: Generator) -> list[Path]:
    """Cut a closed path (its first point again at its end) at its corners, or anywhere if it has none."""
    ring = path[:-1]
    ahead = np.roll(ring, -1, axis=0) - ring
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-6)[:, None]
    turning = (ahead * np.roll(ahead, 1, axis=0)).sum(axis=1)
    cuts = np.flatnonzero(turning < CORNER)
    if not len(cuts):
        cuts = np.array([int(rng.integers(len(ring)))])
    turned = np.roll(ring, -int(cuts[0]), axis=0)
    ends = [*(cuts[1:] - cuts[0]).tolist(), len(ring)]
    around = np.concatenate((turned, turned[:1]))
    return [around[start : stop + 1] for start, stop in zip([0, *ends[:-1]], ends, strict=True)]


def _shaken(path: Path, reach: float, rng: Generator) -> Path:
    """Return the path as an unsteady hand draws it: moved a little as a whole and wavy."""
    moved = rng.normal(0, 0.4 * reach, 2)
    knots = max(2, len(path) // 5)
    waves = rng.normal(0, 0.6 * reach, (knots, 2))
    place, at = np.arange(len(path)) * ((knots - 1) / (len(path) - 1)), np.arange(knots)
    shaken = np.stack((np.interp(place, at, waves[:, 0]), np.interp(place, at, waves[:, 1])), axis=1)
    return path + moved + shaken


def _lifted(path: Path, gaps: float, scale: float, rng: Generator) -> list[tuple[int, int]]:
    """Return from where to where the pen is on the paper, as slices of the path."""
    count = len(path)
    if not gaps or count < 12 or rng.random() > gaps * count * STEP / LIFT:
        return [(0, count)]
    middle, half = int(rng.integers(4, count - 4)), int(rng.integers(1, 3))
    return [(0, middle - half + 1), (middle + half, count)]


def _side(path: Path, light: tuple[float, float]) -> NDArray[np.float64]:
    """Return -1..1, how far each point lies to the side where shadows fall."""
    middle = path.mean(axis=0)
    away = (path - middle) @ np.array(light)
    return away / max(float(np.abs(away).max()), 1e-6)


def hatched(shape: tuple[int, int], rng: Generator, *, scale: float, width: float) -> Pixels:
    """Return uint8 (h, w), 0 on the lines of a hatching and 255 between them; ``scale`` pixels are one of the pen's."""
    height, width_ = shape
    paper = np.full(shape, 255, np.uint8)
    angle = np.radians(rng.choice([45, 60, 120, 135]) + rng.uniform(-6, 6))
    along, across = np.array([np.cos(angle), -np.sin(angle)]), np.array([np.sin(angle), np.cos(angle)])
    reach, pitch = float(np.hypot(height, width_)), rng.uniform(4.0, 6.5) * scale
    count = int(reach / pitch)
    offsets = (np.arange(count) - count / 2) * pitch + rng.normal(0, pitch * 0.1, count)
    middles = np.array([width_ / 2, height / 2]) + offsets[:, None] * across
    turned = along + rng.normal(0, 0.008, (count, 2))
    ends = np.stack((middles - turned * reach / 2, middles + turned * reach / 2), axis=1)
    thick = int(thickness(width * scale * 0.55))
    cv2.polylines(paper, list(whole(ends)), isClosed=False, color=0, thickness=thick, shift=SHIFT)
    return paper


def speed_lines(ink: Pixels, rng: Generator, *, middle: tuple[float, float]) -> None:
    """Draw lines that point to the middle, which stays free, or run across all of a drawing in one direction."""
    height, width = ink.shape
    if rng.random() < 0.6:
        wedges = rays(rng, middle, hole=0.42 * min(width, height), reach=2.2 * max(width, height))
    else:
        wedges = streaks(rng, (width, height), slope=float(rng.uniform(-0.3, 0.3)))
    for wedge in wedges:
        cv2.fillConvexPoly(ink, wedge, 0, shift=SHIFT)


def rays(rng: Generator, middle: tuple[float, float], *, hole: float, reach: float) -> list[Whole]:
    """Return thin triangles that point to ``middle`` from all sides, as wedges for cv2; ``hole`` stays free."""
    count = int(rng.integers(70, 150))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    half = rng.uniform(0.002, 0.011, count)
    near = hole * rng.uniform(0.9, 1.35, count)
    tips = _polar(middle, near, angles)
    return [whole(wedge) for wedge in np.stack(
        (tips, _polar(middle, reach, angles - half), _polar(middle, reach, angles + half)), axis=1)]  # fmt: skip


def streaks(rng: Generator, size: tuple[float, float], *, slope: float) -> list[Whole]:
    """Return thin wedges that run across a picture of ``size`` (width, height), as speed lines do."""
    width, height = size
    count = int(rng.integers(25, 60))
    left = rng.uniform(-0.4, 0.6, count) * width
    right = left + rng.uniform(0.3, 1.1, count) * width
    y = rng.uniform(-0.1, 1.1, count) * height
    thick = rng.uniform(0.001, 0.006, count) * height
    drop = (right - left) * slope
    near, far = np.stack((left, y), axis=1), np.stack((right, y + drop), axis=1)
    aside = np.stack((np.zeros(count), thick), axis=1)
    wedges = np.stack((near, far - aside, far + aside), axis=1)
    return [whole(wedge) for wedge in wedges]


def _polar(middle: tuple[float, float], radius: NDArray[np.float64] | float,
           angles: NDArray[np.float64]) -> NDArray[np.float64]:  # fmt: skip
    return np.stack((middle[0] + radius * np.cos(angles), middle[1] + radius * np.sin(angles)), axis=1)
