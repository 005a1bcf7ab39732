"""Where a page's colours are from, to look at: reference and page side by side, lines from regions to their matches."""

from __future__ import annotations

import cv2
import numpy as np

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.ink import as_rgb
from mangapaint.analysis.within import within
from mangapaint.colorizers.method import Matches
from mangapaint.document.page import Pixels

HEIGHT = 480
"""Of either picture."""
LINES = 24
"""Regions that have a line, the largest of those whose colour is from a match."""
THICK, RIM, DOT = 2, 4, 4
"""Pixels of a line, of the white or black under it, and of the dots at its ends."""
DARK = 110
"""Luma below which a line has a white rim."""


def drawn(page: Pixels, reference: Pixels, analysis: PageAnalysis, matches: Matches) -> Pixels:
    """Return both pictures as uint8 RGB, the first reference at the left, with their match lines.

    ``page`` is what is shown of the page, uint8 (H, W, 3), bare or coloured.
    """
    left, right = _shown(reference), _shown(page)
    sheet = np.hstack([left, right])
    regions = analysis.regions
    areas = np.bincount(regions.labels.ravel(), minlength=regions.count)
    chosen = [number for number in np.argsort(-areas) if matches.used[number] and matches.reference[number, 0] == 0]
    scale = right.shape[1] / regions.labels.shape[1], right.shape[0] / regions.labels.shape[0]
    for number in chosen[:LINES]:
        x, y = within(analysis, int(number))
        here = round(left.shape[1] + x * scale[0]), round(y * scale[1])
        there = tuple(np.rint(matches.at[number, 0] * (left.shape[1] - 1, left.shape[0] - 1)).astype(int).tolist())
        _line(sheet, there, here, tuple(matches.color[number, 0].tolist()))
    return sheet


def _shown(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    size = max(1, round(width * HEIGHT / height)), HEIGHT
    return as_rgb(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))


def _line(sheet: Pixels, one: tuple[int, ...], two: tuple[int, ...], color: tuple[int, ...]) -> None:
    rim = (255,) * 3 if np.dot(color, (0.299, 0.587, 0.114)) < DARK else (0,) * 3
    for shade, thick, dot in ((rim, RIM, DOT + 1), (color, THICK, DOT)):
        cv2.line(sheet, one, two, shade, thick, cv2.LINE_AA)
        for end in (one, two):
            cv2.circle(sheet, end, dot, shade, -1, cv2.LINE_AA)
