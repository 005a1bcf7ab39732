"""Luminance, paper level and ink of a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Picture, Pixels

INK_PART = 0.62
"""Where between black (0) and paper (1) ink ends: high enough that thin anti-aliased lines stay closed."""


def luminance(picture: Picture) -> Pixels:
    """Return the luma of a picture (BT.601, as JPEG and cv2 have it), uint8 (H, W)."""
    if picture.is_gray:
        return picture.pixels
    gray = np.asarray(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    gray.setflags(write=False)
    return gray


def levels(gray: Pixels) -> tuple[int, int]:
    """Return the gray values of black and of paper: the darkest and the brightest two percent's limits."""
    histogram = np.bincount(gray.ravel()[:: max(1, gray.size // 1_000_000)], minlength=256)
    part = np.cumsum(histogram) / histogram.sum()
    black, paper = int(np.searchsorted(part, 0.01)), int(np.searchsorted(part, 0.98))
    return min(black, max(0, paper - 32)), paper


def ink_mask(gray: Pixels) -> NDArray[np.bool_]:
    """Return where the drawing's ink is, bool (H, W), judged between the page's own black and paper."""
    black, paper = levels(gray)
    return np.asarray(gray < black + INK_PART * (paper - black))
