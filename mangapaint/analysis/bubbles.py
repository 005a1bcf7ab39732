"""Speech bubbles and captions: the regions that hold lettering and little else."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.lettering import FOREIGN, ROOM_AREA, ROOM_SOLIDITY, ROOM_TEXT, Lettering, outline

PURE = 0.85
"""A text lies in a region if this part of its ink does."""
MOST_TEXT = 0.85
"""Of a bubble's region: its texts, as rectangles, cover no more."""
RIM = 0.02
"""Of the square root of a region's area: as far inside as its own line reaches."""
SPECK = 0.05
"""Of a bubble: smaller regions within it belong to its lettering."""
SAMPLES = 1_000_000
"""Pixels of a label map that are looked at to measure regions."""

Mask = NDArray[np.bool_]


def bubbles(labels: NDArray[np.integer], count: int, ink: Mask, lettering: Lettering, outside: Mask) -> Mask:
    """Tell the regions that are speech bubbles or captions, and the specks of regions within them, bool (count,).

    ``labels`` is (H, W), 0..count-1, made without the lettering's ink and reaching under the ink; ``ink`` and the
    lettering are of the same page; ``outside`` is bool (count,), margins and gutters. A bubble is compact, not large,
    empty but for its text, and wholly holds a text. Text without a bubble protects nothing.
    """
    found = np.zeros(count, bool)
    texts: dict[int, float] = {}
    for block in lettering.blocks:
        held = labels[block.slices][lettering.mask[block.slices]]
        distinct, counts = np.unique(held, return_counts=True)
        if len(held) and counts.max() >= PURE * len(held):
            region = int(distinct[counts.argmax()])
            texts[region] = texts.get(region, 0) + block.area
    step = max(1, round(np.sqrt(labels.size / SAMPLES)))
    sample = labels[::step, ::step]
    foreign = (ink & ~lettering.mask)[::step, ::step]
    for region, text in texts.items():
        inside = sample == region
        if not outside[region] and _holds_text(inside, foreign, text / step**2):
            found[region] = True
            found[_specks(labels, region, inside, step)] = True
    return np.asarray(found & ~outside)


def _holds_text(inside: Mask, foreign: Mask, text: float) -> bool:
    """Whether a region, bool (h, w), is shaped like a bubble and holds ``text`` pixels of text and little other ink."""
    x, y, width, height = cv2.boundingRect(inside.view(np.uint8))
    if width * height > 2 * ROOM_AREA * inside.size:
        return False
    # A margin, so that the page's border bounds a bubble like a line does.
    crop = cv2.copyMakeBorder(inside[y : y + height, x : x + width].view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    area = cv2.countNonZero(crop)
    filled, solidity = outline(crop)
    depth = cv2.distanceTransform(crop, cv2.DIST_L2, 3)[1:-1, 1:-1]
    # The bubble's own line lies under the region's rim.
    within = foreign[y : y + height, x : x + width] & (depth > 2 + RIM * np.sqrt(area))
    return bool(area <= ROOM_AREA * inside.size and solidity >= ROOM_SOLIDITY
                and ROOM_TEXT * filled <= text <= MOST_TEXT * filled
                and within.sum() + max(0.0, filled - area) <= FOREIGN * filled)  # fmt: skip


def _specks(labels: NDArray[np.integer], region: int, inside: Mask, step: int) -> NDArray[np.integer]:
    """Return the small regions that a bubble encloses: what is left in and between letters."""
    x, y, width, height = (value * step for value in cv2.boundingRect(inside.view(np.uint8)))
    crop = labels[max(0, y - step) : y + height + step, max(0, x - step) : x + width + step]
    own = (crop == region).view(np.uint8)
    outlines, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros(crop.shape, np.uint8), outlines, -1, 1, cv2.FILLED)
    others, sizes = np.unique(crop[(filled > 0) & (own == 0)], return_counts=True)
    return others[sizes <= SPECK * own.sum()]
