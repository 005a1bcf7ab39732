"""What lies under a point of a reference: the area it belongs to, and that area's colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Color, Pixels

Labels = NDArray[np.int32]
TOLERANCE = 14
"""Levels of a channel by which the pixels of an area may differ from the pressed one, where no method told areas."""
NEAR = 24.0
"""RGB distance within which pixels count as of the pressed colour ..."""
ENOUGH = 0.04
"""... and the part of the area that must be: less is a line or a speck."""
MODE_BITS = 4
"""Leading bits of a channel by which colours count as one when the commonest is looked for."""


def spread(labels: Labels, height: int, width: int) -> Labels:
    """Return a picture of labels brought to another size."""
    rows = np.arange(height) * labels.shape[0] // height
    columns = np.arange(width) * labels.shape[1] // width
    return np.ascontiguousarray(labels[np.ix_(rows, columns)], dtype=np.int32)


def area_at(pixels: Pixels, labels: Labels | None, x: int, y: int) -> NDArray[np.bool_]:
    """Return the area a pixel lies in, bool (h, w): the one with its label, or what is of one colour around it.

    ``pixels`` is uint8 (h, w, 3), ``labels`` int32 (h, w) or None.
    """
    if labels is not None:
        return np.asarray(labels == labels[y, x])
    height, width = pixels.shape[:2]
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 8 | (1 << 8) | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY
    cv2.floodFill(pixels.copy(), mask, (x, y), 0, (TOLERANCE,) * 3, (TOLERANCE,) * 3, flags)
    return mask[1:-1, 1:-1].astype(bool)


def color_of(pixels: Pixels, area: NDArray[np.bool_], x: int, y: int) -> Color:
    """Return the colour that is meant by pressing on a pixel of an area.

    It is the pressed one, evened out over all of the area that is like it; where that is next to nothing (a line, a
    speck of noise), the area's commonest colour.
    """
    members = pixels[area].astype(np.float32)
    around = pixels[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].reshape(-1, 3)
    alike = members[np.linalg.norm(members - np.median(around, axis=0), axis=1) <= NEAR]
    if len(alike) < max(1.0, ENOUGH * len(members)):
        alike = _commonest(members)
    red, green, blue = np.rint(np.median(alike, axis=0)).astype(int).tolist()
    return red, green, blue


def _commonest(members: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the colours, (n, 3), that fall into the fullest cell."""
    cells = (members.astype(np.int64) >> (8 - MODE_BITS)) @ np.array([1 << 2 * MODE_BITS, 1 << MODE_BITS, 1])
    return members[cells == np.bincount(cells).argmax()]
