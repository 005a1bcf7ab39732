"""Recognising the kind of a page: line art, gray, screentone or already coloured."""

from __future__ import annotations

import cv2
import numpy as np

from mangapaint.analysis.ink import ink_mask, levels
from mangapaint.document.page import Kind, Picture, Pixels

COLORED_CHROMA = 18
"""Spread of R, G, B above which a pixel counts as coloured; yellowed paper and blue pencil stay below or are few."""
COLORED_PART = 0.12
SHADE = 0.0115
"""A gray page's washes darken it at least this much on average (0 paper, 1 black); a line drawing's shade less."""
FLAT_WIDTH = 9
"""A wash is at least this many pixels wide everywhere; the soft ramps beside lines are narrower."""
DARK_PAPER = 200
"""Paper darker than this is no paper but a wash over the whole page."""
DOTTED_PART = 0.05
DOT_PIXELS = 150
"""A screentone dot at 300 dpi and 25 lines per inch has about this many pixels."""
DOT_CELL = 64
DOT_CROWD = 24
DOT_EVENNESS = 0.45
"""Screentone dots of one place are alike: their areas deviate by less than this part of the mean."""


def recognise(picture: Picture, gray: Pixels) -> Kind:
    """Return the kind of a whole page from its pixels at native size.

    Already coloured: many pixels with chroma beyond what paper and pencil show. Screentone: part of the page lies
    among crowds of small round ink marks of one size. Gray: part of it is flat and neither ink nor paper.
    Else line art.
    """
    if not picture.is_gray and _colored_part(picture.pixels) > COLORED_PART:
        return Kind.COLORED
    if levels(gray)[1] < DARK_PAPER or _shade(gray) > SHADE:
        return Kind.GRAY
    return Kind.TONE if _dotted_part(gray) > DOTTED_PART else Kind.LINE


def _colored_part(pixels: Pixels) -> float:
    """Part of the pixels whose colour differs from the page's commonest tint (yellowed paper is a tint)."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / 400_000) ** 0.5))
    sample = pixels[::step, ::step].reshape(-1, 3).astype(np.int16)
    tint = np.median(sample - sample.mean(axis=1, keepdims=True), axis=0)
    spread = np.ptp(sample - tint, axis=1)
    return float((spread > COLORED_CHROMA).mean())


def _shade(gray: Pixels) -> float:
    """Mean darkness over the page, 0..1, of what is smooth, wide, and clearly neither paper nor black."""
    black, paper = levels(gray)
    span = paper - black
    small = cv2.blur(gray, (5, 5))
    middle = cv2.inRange(small, black + 0.1 * span, paper - 0.05 * span)
    smooth = cv2.inRange(cv2.absdiff(gray, small), 0, 8)
    wide = cv2.erode(cv2.bitwise_and(middle, smooth), np.ones((FLAT_WIDTH, FLAT_WIDTH), np.uint8))
    covered = cv2.countNonZero(wide) / gray.size
    return float(covered * (paper - cv2.mean(small, mask=wide)[0]) / span) if covered else 0.0


def _dotted_part(gray: Pixels) -> float:
    """Part of the page that lies among small round ink marks, all of one size and as dense as screentone."""
    _, _, stats, centers = cv2.connectedComponentsWithStats(ink_mask(gray).view(np.uint8), connectivity=4)
    area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    round_ = (np.maximum(wide, high) <= 1.6 * np.minimum(wide, high)) & (area >= 0.5 * wide * high)
    dots = round_ & (area <= DOT_PIXELS) & (area >= 3)
    columns, rows = gray.shape[1] // DOT_CELL + 1, gray.shape[0] // DOT_CELL + 1
    cell = (centers[dots, 1] // DOT_CELL).astype(int) * columns + (centers[dots, 0] // DOT_CELL).astype(int)
    count = np.bincount(cell, minlength=columns * rows)
    mean = np.bincount(cell, area[dots], columns * rows) / np.maximum(count, 1)
    square = np.bincount(cell, area[dots] ** 2, columns * rows) / np.maximum(count, 1)
    even = np.sqrt(np.maximum(square - mean**2, 0)) < DOT_EVENNESS * mean
    return float(((count >= DOT_CROWD) & even).sum() * DOT_CELL**2 / gray.size)
