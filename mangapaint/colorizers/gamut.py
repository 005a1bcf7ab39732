"""The a,b plane in bins: the 313 places of a grid of step 10 that sRGB can reach, or nearly.

Zhang, Isola, Efros 2016 ("Colorful Image Colorization"). 262 bins hold a colour of sRGB; those nearest to one are taken
in addition, so that a colour at the rim has bins on all sides, up to the published number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.working import to_lab
from mangapaint.document.page import Pixels

STEP = 10
COUNT = 313
SAMPLED = 5
"""Every so many-th value of R, G and B is looked at."""
REACH = 120
"""The grid goes so far on both axes."""
SEEN = 64
"""Side of the square at which a picture's colours are counted."""

Field = NDArray[np.float32]


@cache
def bins() -> Field:
    """Return the a,b of each bin, float32 (313, 2), in order of a, then b."""
    from scipy.spatial import cKDTree

    values = np.arange(0, 256, SAMPLED, dtype=np.float32) / 255
    rgb = np.stack(np.meshgrid(values, values, values, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    reached = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[:, 0, 1:]
    axis = np.arange(-REACH, REACH + 1, STEP, dtype=np.float32)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    away, _ = cKDTree(reached).query(grid)
    chosen = np.sort(np.argsort(away, kind="stable")[:COUNT])
    found = grid[chosen]
    found.flags.writeable = False
    return np.asarray(found, dtype=np.float32)


def frequencies(rgb: Pixels) -> Field:
    """Return how frequent each bin is in a picture, uint8 RGB (h, w, 3): float32 (313,) that sum to 1."""
    from scipy.spatial import cKDTree

    small = np.asarray(cv2.resize(rgb, (SEEN, SEEN), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    _, nearest = cKDTree(bins()).query(to_lab(small)[..., 1:].reshape(-1, 2))
    return np.asarray(np.bincount(nearest, minlength=COUNT) / nearest.size, dtype=np.float32)


def wanted(pictures: Sequence[Pixels]) -> Field:
    """Return how frequent each bin is in the mean of pictures, uint8 RGB, and behind it a 1: float32 (314,).

    All are 0 where there is no picture.
    """
    if not pictures:
        return np.zeros(COUNT + 1, np.float32)
    return np.append(np.mean([frequencies(item) for item in pictures], axis=0), 1).astype(np.float32)
