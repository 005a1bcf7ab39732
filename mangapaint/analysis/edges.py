"""Edges: Canny after a Gaussian, as in the Auto-Coloring Network (2016): thresholds 20 and 80."""

from __future__ import annotations

import cv2
import numpy as np

from mangapaint.document.page import Pixels

CANNY_LOW = 20
CANNY_HIGH = 80


def edges(gray: Pixels, *, sigma: float = 1.4) -> Pixels:
    """Return edges as uint8 (H, W), 255 on an edge and 0 elsewhere; ``sigma`` of the Gaussian in pixels, 0 for none."""
    smooth = cv2.GaussianBlur(gray, (0, 0), sigma) if sigma > 0 else gray
    return np.asarray(cv2.Canny(smooth, CANNY_LOW, CANNY_HIGH), dtype=np.uint8)
