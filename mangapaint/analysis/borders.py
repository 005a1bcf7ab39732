"""Borders: which regions touch which, along what length, through how much ink, and how wide the holes in it are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.labels import BAND, Labels
from mangapaint.document.page import Pixels

Values = TypeVar("Values", NDArray[np.float64], NDArray[np.bool_])


@dataclass(frozen=True, eq=False)
class Borders:
    """Every two touching regions once, ``a`` < ``b``, int64 (N,), in order.

    ``length`` is the border's in pixels; ``ink`` the mean darkness of the line on it, 0 bare to 1 black; ``gap`` the
    width in pixels of its widest hole, 0 where the line is closed. All float64 (N,).
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    length: NDArray[np.float64]
    ink: NDArray[np.float64]
    gap: NDArray[np.float64]

    @property
    def ways(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """From and to, int64 (2 N,): every border in one direction, then in the other."""
        return np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a])

    def both(self, values: Values) -> Values:
        """Repeat values of the borders for both directions."""
        return np.concatenate([values, values])

    def merged(self, owner: NDArray[np.int32], count: int) -> Borders:
        """Return the borders of larger regions: ``owner`` says which one each of the present ones belongs to."""
        a, b = owner[self.a].astype(np.int64), owner[self.b].astype(np.int64)
        kept = a != b
        keys = np.minimum(a, b)[kept] * count + np.maximum(a, b)[kept]
        return _gathered(keys, count, self.length[kept], self.ink[kept], self.gap[kept])


def borders(labels: Labels, gray: Pixels, depth: NDArray[np.float32] | None, count: int) -> Borders:
    """Measure all borders of a label map, (H, W), 0..count-1.

    ``depth`` is each pixel's distance to the ink; None on pages without lines, where nothing is a gap.
    """
    parts = []
    for top in range(0, len(labels), BAND):
        rows = slice(top, top + BAND + 1)
        above = min(top, 1)
        darkest = cv2.erode(gray[top - above : top + BAND + 2], np.ones((3, 3), np.uint8))[above:][: BAND + 1]
        parts.append(_of_band(labels[rows], darkest, None if depth is None else depth[rows], count))
    a, b, length, ink, gap = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _gathered(a * count + b, count, length, ink, gap)


_Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _of_band(labels: Labels, darkest: Pixels, depth: NDArray[np.float32] | None, count: int) -> _Columns:
    """Measure the borders in ``BAND`` rows and to the row below, which comes with them unless the page ends."""
    width = labels.shape[1]
    flat, dark = labels.ravel(), darkest.ravel()
    inside = flat[: BAND * width]
    beside = np.flatnonzero(inside[:-1] != inside[1:])
    beside = beside[beside % width != width - 1]
    under = np.flatnonzero(flat[:-width] != flat[width:])
    at, other = np.concatenate([beside, under]), np.concatenate([beside + 1, under + width])
    a, b = flat[at].astype(np.int64), flat[other].astype(np.int64)
    ink = (255.0 - dark[other]) / 255
    gap = np.zeros(len(at)) if depth is None else 2.0 * np.minimum(depth.ravel()[at], depth.ravel()[other])
    found = _gathered(np.minimum(a, b) * count + np.maximum(a, b), count, np.ones(len(at)), ink, gap)
    return found.a, found.b, found.length, found.ink, found.gap


def _gathered(keys: NDArray[np.int64], count: int, length: NDArray[np.float64], ink: NDArray[np.float64],
              gap: NDArray[np.float64]) -> Borders:  # fmt: skip
    """Sum up pieces of borders that have the same key."""
    order = np.argsort(keys, kind="stable")
    pairs, starts = np.unique(keys[order], return_index=True)
    if not len(pairs):
        none = np.zeros(0)
        return Borders(pairs, pairs, none, none, none)
    length, ink, gap = length[order], ink[order], gap[order]
    total = np.add.reduceat(length, starts)
    return Borders(pairs // count, pairs % count, total, np.add.reduceat(ink * length, starts) / total,
                   np.maximum.reduceat(gap, starts))  # fmt: skip
