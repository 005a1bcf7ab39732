"""Hints as a hand would dot them, taken from the truth.

As Cobra simulates them (Zhuang et al. 2025): at random, but only where the true colour hardly varies under the dot,
because nobody hints at an edge.
"""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Color, Pixels
from mangapaint.document.strokes import Stroke, stroke
from mangapaint.evaluation.metrics import Mask, lab

SMALLEST_RADIUS = 2
DOTS_ACROSS = 100
"""A dot's diameter is the picture's longer side over this: about 5 px of 512."""
EVENNESS = (4.0, 8.0, 16.0, np.inf)
"""Standard deviation of CIELAB under a dot that is allowed; the next is tried where too few places are left."""
ENOUGH = 0.25
"""The part of the picture off the ink that must be allowed: elsewhere dots would crowd in the few even areas."""


def seed_of(name: str, seed: int = 0) -> int:
    """Return a picture's own seed, the same on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "little")


def dot_radius(height: int, width: int) -> int:
    """Return the radius of a dot in pixels."""
    return max(SMALLEST_RADIUS, round(max(height, width) / DOTS_ACROSS / 2))


def dots(truth: Pixels, count: int, *, seed: int, ink: Mask | None = None, radius: int | None = None,
         ) -> tuple[Stroke, ...]:  # fmt: skip
    """Dot the truth's colours: one-point strokes, off the ink and apart from each other while there is room.

    ``truth`` is uint8 RGB (H, W, 3), ``ink`` bool (H, W). The same seed gives the same dots, and fewer of them are
    the first of more.
    """
    height, width = truth.shape[:2]
    radius = dot_radius(height, width) if radius is None else radius
    rng = np.random.default_rng(seed)
    places = _places(truth, np.zeros((height, width), bool) if ink is None else ink, radius)
    chosen = _apart(rng.permutation(np.flatnonzero(places)), width, count, 2 * radius + 1)
    mean = cv2.filter2D(truth.astype(np.float32), -1, _disc(radius), borderType=cv2.BORDER_REFLECT)
    return tuple(_dot(x, y, radius, mean[y, x]) for x, y in chosen)


def _dot(x: int, y: int, radius: int, mean: NDArray[np.float32]) -> Stroke:
    red, green, blue = np.rint(np.clip(mean, 0, 255)).astype(int).tolist()
    color: Color = red, green, blue
    return stroke([(x + 0.5, y + 0.5)], width=2 * radius + 1, color=color)


def _disc(radius: int) -> NDArray[np.float32]:
    """Return a filter that averages under a dot."""
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = (x**2 + y**2 <= radius**2).astype(np.float32)
    return np.asarray(disc / disc.sum(), dtype=np.float32)


def _places(truth: Pixels, ink: Mask, radius: int) -> Mask:
    """Return where dots may lie: off the ink, where the colour under them is even enough."""
    size = 2 * radius + 1
    bare = cv2.dilate(ink.astype(np.uint8), np.ones((size, size), np.uint8)) == 0
    if not bare.any():
        bare = ~ink if not ink.all() else np.ones_like(ink)
    deviation = _deviation(truth, size)
    for limit in EVENNESS:
        allowed = bare & (deviation <= limit)
        if allowed.sum() >= ENOUGH * bare.sum():
            break
    return np.asarray(allowed)


def _deviation(truth: Pixels, size: int) -> NDArray[np.float32]:
    """Return the standard deviation of CIELAB in a square about each pixel, float32 (H, W)."""
    values = lab(truth).astype(np.float64)
    mean, squares = cv2.blur(values, (size, size)), cv2.blur(values**2, (size, size))
    return np.asarray(np.sqrt(np.maximum(squares - mean**2, 0).sum(axis=2)), dtype=np.float32)


def _apart(order: NDArray[np.intp], width: int, count: int, distance: int) -> list[tuple[int, int]]:
    """Return the first places of an order that keep their distance; once there is no room left, the first others."""
    taken: set[tuple[int, int]] = set()
    chosen: list[tuple[int, int]] = []
    late: list[tuple[int, int]] = []
    for y, x in (divmod(int(at), width) for at in order):
        if len(chosen) == count:
            break
        cell = y // distance, x // distance
        (late if cell in taken else chosen).append((x, y))
        taken.add(cell)
    return [*chosen, *late][:count]
