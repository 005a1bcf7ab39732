"""Outlines that scenes are drawn with: smooth curves, ellipses, limbs, leaves, bumps; and matrices that place them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from mangapaint.training.scenes.shapes import Points

Matrix = NDArray[np.float32]
"""An affine map of points, (2, 3)."""
Point = tuple[float, float]
_FINE, _SOFT = 160, 3
"""Merged pieces are drawn with so many pixels a unit, and smoothed over so many along the outline."""


def line(*points: Point) -> Points:
    """Return the points as an array; the outline of a polygon, or a line with corners."""
    return np.array(points, np.float32)


def rect(left: float, top: float, right: float, bottom: float) -> Points:
    """Return the four corners of an upright rectangle."""
    return np.array(((left, top), (right, top), (right, bottom), (left, bottom)), np.float32)


def ellipse(x: float, y: float, radius: float, tall: float | None = None, *, turn: float = 0.0) -> Points:
    """Return 36 points of an ellipse about x, y; ``tall`` is its radius along y before it is turned (radians)."""
    return _turned(_circle(36) * np.array((radius, radius if tall is None else tall), np.float32), turn) + _at(x, y)


def arc(x: float, y: float, radius: float, tall: float, *, turns: tuple[float, float]) -> Points:
    """Return a part of an ellipse's line, from one angle to another (radians, 0 right, clockwise on the screen)."""
    angles = np.linspace(*turns, 12)
    return np.stack((x + radius * np.cos(angles), y + tall * np.sin(angles)), axis=1).astype(np.float32)


def smooth(points: ArrayLike, closed: bool = True, *, steps: int = 6) -> Points:
    """Return a curve through the points (n, 2), ``steps`` points for each part of it (Catmull-Rom)."""
    knots = np.asarray(points, np.float32)
    if closed:
        around = np.concatenate((knots[-1:], knots, knots[:2]))
    else:
        around = np.concatenate((2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]))
    parts = np.stack((around[:-3], around[1:-2], around[2:-1], around[3:]))
    curve = np.einsum("sk,kpd->psd", _basis(steps), parts).reshape(-1, 2)
    return curve if closed else np.concatenate((curve, knots[-1:]))


def even(*right: Point) -> Points:
    """Return a smooth closed outline that is the same on both sides of x = 0, from its right side, top to bottom."""
    return smooth((*right, *((-x, y) for x, y in reversed(right) if x)))


def blob(rng: np.random.Generator, x: float, y: float, size: tuple[float, float], *, rough: float = 0.1) -> Points:
    """Return a soft, slightly irregular closed outline about x, y; ``size`` are its radii, ``rough`` a part of them."""
    radii = 1 + rng.uniform(-rough, rough, (8, 1))
    return smooth(_circle(8) * radii * np.array(size, np.float32) + _at(x, y))


def limb(a: Point, b: Point, width_a: float, width_b: float) -> Points:
    """Return the outline of an arm from ``a`` to ``b``, as wide as said at its round ends."""
    along = np.arctan2(b[1] - a[1], b[0] - a[0])
    angles = along + np.linspace(0.5 * np.pi, 1.5 * np.pi, 8)
    half = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    return np.concatenate((_at(*a) + half * (width_a / 2), _at(*b) - half * (width_b / 2))).astype(np.float32)


def tube(path: Sequence[Point], widths: Sequence[float], *, steps: int = 5) -> Points:
    """Return the outline of a bent arm along a smooth path; ``widths`` are those at the path's points."""
    curve = smooth(path, False, steps=steps)
    ahead = np.gradient(curve, axis=0)
    aside = np.stack((-ahead[:, 1], ahead[:, 0]), axis=1) / (np.hypot(ahead[:, :1], ahead[:, 1:]) + 1e-9)
    half = np.interp(np.arange(len(curve)) / steps, np.arange(len(widths)), widths)[:, None] / 2
    end, start = (curve[i] + half[i] * (_CAP @ _turning(aside[i])) for i in (-1, 0))
    # The start's cap is turned about the start, as it lies behind it.
    sides = (curve + aside * half, end, (curve - aside * half)[::-1], 2 * curve[0] - start)
    return np.concatenate(sides).astype(np.float32)


def leaf(a: Point, b: Point, width: float, *, bend: float = 0.0) -> Points:
    """Return the outline of a leaf with its tips at ``a`` and ``b``; ``bend`` moves its middle aside, in lengths."""
    start, end = _at(*a), _at(*b)
    along = end - start
    aside = np.stack((-along[1], along[0]))
    length = float(np.hypot(*along)) + 1e-9
    share = np.linspace(0, 1, 13)[:, None]
    bow = np.sin(np.pi * share)
    middle = start + share * along + bend * bow * aside
    half = aside / length * (width / 2) * bow
    return np.concatenate((middle + half, (middle - half)[-2:0:-1])).astype(np.float32)


def bumpy(x: float, y: float, size: tuple[float, float], *, bumps: int, depth: float = 0.18) -> Points:
    """Return a closed outline of round bumps, as of a cloud or a tree's crown; ``depth`` is a part of the radii."""
    angles = np.linspace(0, 2 * np.pi, bumps * 8, endpoint=False)
    radii = 1 - depth + depth * np.abs(np.sin(angles * bumps / 2))
    return np.stack((x + size[0] * radii * np.cos(angles), y + size[1] * radii * np.sin(angles)), axis=1).astype(
        np.float32
    )


def star(x: float, y: float, radius: float, *, tips: int = 5, inner: float = 0.45) -> Points:
    """Return a star's outline, one tip up."""
    radii = np.where(np.arange(2 * tips) % 2, inner, 1.0)[:, None] * radius
    return (_turned(_circle(2 * tips), -np.pi / 2) * radii + _at(x, y)).astype(np.float32)


def merged(pieces: Iterable[Points]) -> Points:
    """Return the outline around pieces that overlap, as one soft curve; they are about one unit high.

    Of pieces that do not touch, the largest remains.
    """
    whole = list(pieces)
    corner = np.min([piece.min(axis=0) for piece in whole], axis=0) - 2 / _FINE
    parts = [np.round((piece - corner) * _FINE).astype(np.int32) for piece in whole]
    size = np.concatenate(parts).max(axis=0) + 3
    mask = np.zeros((int(size[1]), int(size[0])), np.uint8)
    for part in parts:
        cv2.fillPoly(mask, [part], 255)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=len)[:, 0].astype(np.float32)
    around = np.concatenate((contour[-_SOFT:], contour, contour[:_SOFT]))
    sums = np.cumsum(np.concatenate((np.zeros((1, 2), np.float32), around)), axis=0, dtype=np.float64)
    soft = (sums[2 * _SOFT + 1 :] - sums[: -2 * _SOFT - 1]) / (2 * _SOFT + 1)
    return (soft[::_SOFT] / _FINE + corner).astype(np.float32)


def matrix(x: float, y: float, scale: float, *, turn: float = 0.0, mirrored: bool = False) -> Matrix:
    """Return the map that mirrors (if so) about x = 0, turns by radians, scales, and moves 0, 0 to x, y."""
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    side = -1 if mirrored else 1
    return np.array(((side * cos, -sin, x), (side * sin, cos, y)), np.float32)


_CAP = np.array([(np.cos(turn), np.sin(turn)) for turn in (0.785, 1.571, 2.356)], np.float32)
"""Points of a round end, aside and ahead."""


@lru_cache(maxsize=16)
def _circle(count: int) -> Points:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    circle = np.stack((np.cos(angles), np.sin(angles)), axis=1).astype(np.float32)
    circle.setflags(write=False)
    return circle


@lru_cache(maxsize=16)
def _basis(steps: int) -> NDArray[np.float32]:
    share = np.arange(steps) / steps
    powers = np.stack((np.ones(steps), share, share**2, share**3), axis=1)
    weights = np.array(((0, 2, 0, 0), (-1, 0, 1, 0), (2, -5, 4, -1), (-1, 3, -3, 1))) / 2
    basis: NDArray[np.float32] = (powers @ weights).astype(np.float32)
    basis.setflags(write=False)
    return basis


def _turned(points: Points, turn: float) -> Points:
    if not turn:
        return points
    cos, sin = np.cos(turn), np.sin(turn)
    return (points @ np.array(((cos, sin), (-sin, cos)))).astype(np.float32)


def _turning(aside: Points) -> Points:
    """Return the directions aside and ahead, as rows."""
    return np.array((aside, (aside[1], -aside[0])))


def _at(x: float, y: float) -> Points:
    return np.array((x, y), np.float32)
