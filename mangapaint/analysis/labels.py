"""Label maps: giving the pixels between labelled areas to the nearest one, and measuring the areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint16] | NDArray[np.int32]
"""Labels of a whole page: 16 bits where they suffice."""
L = TypeVar("L", NDArray[np.uint8], NDArray[np.uint16], NDArray[np.int32])
BAND = 256
"""Rows that are looked at together: what is worked out on the way stays in the processor's cache."""


def nearest(labels: L) -> L:
    """Give every pixel labelled 0 the label of the nearest other one.

    ``labels`` is (H, W). Returns the filled map, of the same type; a map without any label comes back as it is.
    """
    known = labels > 0
    if not known.any():
        return labels
    bare = (~known).view(np.uint8)
    _, source = cv2.distanceTransformWithLabels(bare, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(source.max()) + 1, labels.dtype)
    owner[source[known]] = labels[known]
    return owner[source]


def compact(labels: NDArray[np.int32] | Labels, count: int) -> Labels:
    """Return labels 0..count-1 in the smallest type, read-only; the same array if it is that already."""
    smaller: Labels = labels.astype(np.uint16, copy=False) if count <= 1 << 16 else labels.astype(np.int32, copy=False)
    smaller.setflags(write=False)
    return smaller


@dataclass(frozen=True, eq=False)
class Extent:
    """How large the areas of a label map are, and where.

    Of each area, (count,): ``areas`` in pixels, int64; ``boxes`` (count, 4), its bounding rectangle x0, y0, x1, y1,
    half open, int32; ``sums`` float64, one array for each layer that was measured: the sum of its pixels' values.
    """

    areas: NDArray[np.int64]
    boxes: NDArray[np.int32]
    sums: tuple[NDArray[np.float64], ...]


def measured(labels: Labels, count: int, *layers: NDArray[np.uint8] | NDArray[np.bool_]) -> Extent:
    """Measure the areas of a label map, (H, W), 0..count-1, all of which occur; ``layers`` are of its shape."""
    areas = np.zeros(count, np.int64)
    boxes = np.zeros((count, 4), np.int32)
    boxes[:, :2] = max(labels.shape)
    sums = tuple(np.zeros(count) for _ in layers)
    width = labels.shape[1]
    for top in range(0, len(labels), BAND):
        band = labels[top : top + BAND].ravel()
        starts = _run_starts(band, width)
        ends = np.append(starts[1:], len(band))
        of = band[starts].astype(np.intp)
        y, x = np.divmod(starts, width)
        np.add.at(areas, of, ends - starts)
        for column, corner in enumerate((x, y + top)):
            np.minimum.at(boxes[:, column], of, corner.astype(np.int32))
        for column, corner in enumerate((x + ends - starts, y + top + 1), 2):
            np.maximum.at(boxes[:, column], of, corner.astype(np.int32))
        for total, layer in zip(sums, layers, strict=True):
            values = layer[top : top + BAND].ravel().view(np.uint8)
            np.add.at(total, of, np.add.reduceat(values, starts, dtype=np.int64).astype(np.float64))
    return Extent(areas, boxes, sums)


def _run_starts(band: NDArray[np.generic], width: int) -> NDArray[np.intp]:
    """Return where in some rows laid flat a label begins, or a row."""
    begins = np.empty(len(band), bool)
    np.not_equal(band[1:], band[:-1], out=begins[1:])
    begins[::width] = True
    return np.flatnonzero(begins)
