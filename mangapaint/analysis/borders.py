"""Borders: which regions touch which, along what length, through how much ink, and how wide the holes in it are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

_STEPS = ((slice(None, -1), slice(None)), (slice(1, None), slice(None))), (
    (slice(None), slice(None, -1)), (slice(None), slice(1, None)))  # fmt: skip
"""Index pairs of every two pixels one above the other, and side by side."""


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

    def both(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Repeat values of the borders for both directions."""
        return np.concatenate([values, values])

    def merged(self, owner: NDArray[np.int32], count: int) -> Borders:
        """Return the borders of larger regions: ``owner`` says which one each of the present ones belongs to."""
        a, b = owner[self.a].astype(np.int64), owner[self.b].astype(np.int64)
        kept = a != b
        keys = np.minimum(a, b)[kept] * count + np.maximum(a, b)[kept]
        return _gathered(keys, count, self.length[kept], self.ink[kept], self.gap[kept])


def borders(labels: NDArray[np.int32], gray: Pixels, depth: NDArray[np.float32] | None, count: int) -> Borders:
    """Measure all borders of a label map, int32 (H, W), 0..count-1.

    ``depth`` is each pixel's distance to the ink; None on pages without lines, where nothing is a gap.
    """
    darkest = cv2.erode(gray, np.ones((3, 3), np.uint8))
    parts = [_along(labels, darkest, depth, one, two, count) for one, two in _STEPS]
    keys, ink, gap = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _gathered(keys, count, np.ones(len(keys)), ink, gap)


_Index = tuple[slice, slice]


def _along(labels: NDArray[np.int32], darkest: Pixels, depth: NDArray[np.float32] | None, one: _Index, two: _Index,
           count: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Return key (a * count + b), ink and hole at every pixel edge between two regions in one direction."""
    at = np.nonzero(labels[one] != labels[two])
    a, b = labels[one][at].astype(np.int64), labels[two][at].astype(np.int64)
    ink = (255.0 - darkest[two][at]) / 255
    gap = np.zeros(len(a)) if depth is None else 2.0 * np.minimum(depth[one][at], depth[two][at])
    return np.minimum(a, b) * count + np.maximum(a, b), ink, gap


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
