"""Corners: FAST keypoints with their strength."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

HARD_PART = 0.01
"""A page with fewer gray pixels than this part is hard black and white."""


def corners(gray: Pixels, *, threshold: int = 20) -> NDArray[np.float32]:
    """Return FAST corners, strongest first, as float32 (N, 3): x, y in pixels and the response.

    ``threshold`` is the gray difference between the centre and the circle around it, 1..255.
    """
    hard = np.count_nonzero((gray > 0) & (gray < 255)) < HARD_PART * gray.size
    if hard:  # FAST drops corners of equal strength side by side, and on a page of two values all are equal
        gray = cv2.GaussianBlur(gray, (3, 3), 0)
    found = cv2.FastFeatureDetector.create(threshold=threshold, nonmaxSuppression=True).detect(gray)
    table = np.array([(*point.pt, point.response) for point in found], np.float32).reshape(-1, 3)
    return table[np.argsort(-table[:, 2], kind="stable")]
