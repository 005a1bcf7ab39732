"""Regions of a page: connected areas bounded by ink, and the graph of which touches which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.borders import Borders
from mangapaint.analysis.labels import Labels
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True, eq=False)
class RegionMap:
    """Every pixel of a page belongs to one region; ink pixels to the nearest, so that fills reach under the line.

    ``labels`` is read-only (H, W), 0..count-1, uint16 where that suffices, otherwise int32. ``parts`` is int32: which
    region each part of the page's finest division belongs to. ``borders`` says which regions touch, and how.
    ``cost`` is a sparse (count, count) matrix: what it costs a colour to cross from the row's into the column's
    region; no entry where it may not. Of each region, (count,): ``areas`` int64 pixels; ``boxes`` int32 (count, 4),
    the bounding rectangle x0, y0, x1, y1, half open; ``shade`` float32, mean luma 0..255; ``keeps`` bool, whether the
    page's own luminance stays; ``outside`` bool: gutters and margins; ``bubbles`` bool: speech and captions. The
    last two take colour only from a hint of their own.
    """

    labels: Labels
    parts: NDArray[np.int32]
    borders: Borders
    cost: sparse.csr_array
    areas: NDArray[np.int64]
    boxes: NDArray[np.int32]
    shade: NDArray[np.float32]
    keeps: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    bubbles: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many regions there are, at least one."""
        return len(self.shade)

    def box(self, regions: NDArray[np.intp]) -> Rect:
        """Return the rectangle around some regions; empty for none."""
        if not len(regions):
            return Rect(0, 0, 0, 0)
        boxes = self.boxes[regions]
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        return Rect(int(low[0]), int(low[1]), int(high[0]), int(high[1]))

    @cached_property
    def outlines(self) -> Pixels:
        """Where one region ends and the next begins, uint8 (H, W), 255 on the border."""
        border = np.zeros(self.labels.shape, np.uint8)
        border[:, 1:][self.labels[:, 1:] != self.labels[:, :-1]] = 255
        border[1:][self.labels[1:] != self.labels[:-1]] = 255
        return border
