"""Areas of even luma on pages that have washes instead of lines."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.basins import SMALLEST
from mangapaint.analysis.labels import nearest
from mangapaint.document.page import Pixels

GRAY_WORKING_PIXELS = 1_000_000
FLAT_GRADIENT = 6.0
"""Gray levels per pixel below which a gray page counts as flat: where its regions grow from."""


def even_areas(gray: Pixels) -> NDArray[np.int32]:
    """Divide a gray page into areas of even luma, int32 (H, W) from 0.

    A watershed of the gradient, grown from its flat places, at a working size of at most one megapixel; brought to
    native size by the nearest pixel (luma stays native, so the border of chroma may be a few pixels coarse).
    """
    scale = min(1.0, (GRAY_WORKING_PIXELS / gray.size) ** 0.5)
    size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA) if scale < 1 else gray
    smooth = cv2.GaussianBlur(small, (0, 0), 1.0)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    slope = cv2.magnitude(dx, dy)
    count, seeds, stats, _ = cv2.connectedComponentsWithStats((slope < FLAT_GRADIENT / 2).view(np.uint8),
                                                              connectivity=4, ltype=cv2.CV_32S)  # fmt: skip
    seeds = _renumbered(seeds, stats[:count, cv2.CC_STAT_AREA] >= SMALLEST)
    if not seeds.any():
        return np.zeros(gray.shape, np.int32)
    flooded = _flooded(slope, seeds)
    return np.asarray(cv2.resize(flooded, gray.shape[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.int32) \
        if scale < 1 else flooded  # fmt: skip


def _flooded(slope: NDArray[np.float32], seeds: NDArray[np.int32]) -> NDArray[np.int32]:
    """Grow the seeds (1..n) along the gradient until they meet; int32 from 0."""
    # cv2.watershed wipes the outermost pixels, and with them seeds that lie nowhere else: give it a margin to wipe.
    relief = cv2.copyMakeBorder(np.clip(slope * 8, 0, 255).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    markers = cv2.copyMakeBorder(seeds, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    labels = cv2.watershed(cv2.cvtColor(relief, cv2.COLOR_GRAY2BGR), markers)[1:-1, 1:-1]
    return _under_ink(np.maximum(labels, 0))


def _renumbered(labels: NDArray[np.generic], keep: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number the kept labels 1..n; label 0 and what is not kept become 0."""
    keep = keep.copy()
    keep[0] = False
    return np.where(keep, np.cumsum(keep), 0).astype(np.int32)[labels]


def _under_ink(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give every unlabelled pixel the label of the nearest labelled one, so that regions meet in mid-line; 0-based."""
    if not labels.any():
        return np.zeros(labels.shape, np.int32)
    return nearest(labels) - 1
