"""Label maps: giving the pixels between labelled areas to the nearest one."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint16] | NDArray[np.int32]
"""Labels of a whole page: 16 bits where they suffice."""
L = TypeVar("L", NDArray[np.uint8], NDArray[np.uint16], NDArray[np.int32])


def nearest(labels: L, *, precise: bool = False) -> tuple[L, NDArray[np.float32]]:
    """Give every pixel labelled 0 the label of the nearest other one.

    ``labels`` is (H, W). Returns the filled map, of the same type, and the distance to the nearest labelled pixel,
    float32, in pixels (from a 5x5 mask where ``precise``, otherwise 3x3). A map without any label comes back as it is.
    """
    known = labels > 0
    if not known.any():
        return labels, np.full(labels.shape, np.inf, np.float32)
    mask = 5 if precise else 3
    bare = (~known).view(np.uint8)
    distance, source = cv2.distanceTransformWithLabels(bare, cv2.DIST_L2, mask, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(source.max()) + 1, labels.dtype)
    owner[source[known]] = labels[known]
    return owner[source], distance
