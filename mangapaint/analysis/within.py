"""A place well within a region."""

from __future__ import annotations

import cv2
import numpy as np

from mangapaint.analysis.analysis import PageAnalysis

LOOKED_PIXELS = 250_000
"""Of a region's rectangle, so many are looked at."""


def within(analysis: PageAnalysis, region: int) -> tuple[float, float]:
    """Return a page point well within a region, off the ink where there is room."""
    box = analysis.regions.box(np.array([region]))
    mask = np.zeros((1, 1), bool)
    for step in (1 + int((box.area / LOOKED_PIXELS) ** 0.5), 1):
        part = np.s_[box.y0 : box.y1 : step, box.x0 : box.x1 : step]
        mine = analysis.regions.labels[part] == region
        bare = mine & ~analysis.ink[part]
        mask = bare if bare.any() else mine
        if mask.any():
            break
    padded = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    y, x = np.unravel_index(int(cv2.distanceTransform(padded, cv2.DIST_L2, 3).argmax()), padded.shape)
    return box.x0 + (int(x) - 1) * step + 0.5, box.y0 + (int(y) - 1) * step + 0.5
