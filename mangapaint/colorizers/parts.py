"""What of a page is looked at by itself, and the parts' colours put together to evidence of the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.fusing import Evidence, at_page, flats
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

LEAST_PANELS = 0.6
"""Panels that cover less of the page than this are not trusted: the page is then looked at as a whole."""
WORKING_PIXELS = 1_500_000
"""The page's colours are kept at this size at most."""

Field = NDArray[np.float32]


class Part(Protocol):
    """A part of the page with its colours: ``lab`` float32 (h, w, 3), CIELAB, ``sure`` float32 (h, w), how likely these
    are right, ``known`` bool (h, w): elsewhere colour is withheld."""

    @property
    def rect(self) -> Rect:
        """Where it lies on the page."""

    @property
    def lab(self) -> Field:
        """Its colours."""

    @property
    def sure(self) -> Field:
        """How likely these are right."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where they are to be used."""


def rects(analysis: PageAnalysis) -> tuple[Rect, ...]:
    """Return what is looked at by itself: the panels, or the whole page."""
    whole = Rect.whole(analysis.page.height, analysis.page.width)
    covered = sum(panel.area for panel in analysis.panels)
    return analysis.panels if len(analysis.panels) > 1 and covered >= LEAST_PANELS * whole.area else (whole,)


@dataclass(frozen=True, eq=False)
class Spread:
    """The parts' colours spread over the whole page, (h, w) of any size; paper, not known, where there is no part."""

    lab: Field
    sure: Field
    known: NDArray[np.bool_]


def spread(analysis: PageAnalysis, found: Sequence[Part]) -> Spread:
    """Put parts together to one picture, as fine as the finest of them."""
    height, width = analysis.gray.shape
    finest = max(part.lab.shape[1] / part.rect.width for part in found)
    scale = min(1.0, finest, (WORKING_PIXELS / (height * width)) ** 0.5)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    lab, sure, known = np.zeros((*size, 3), np.float32), np.zeros(size, np.float32), np.zeros(size, np.uint8)
    lab[..., 0] = 100
    for part in found:
        place = scaled(part.rect, size, (height, width))
        there = place.width, place.height
        lab[place.slices] = cv2.resize(part.lab, there, interpolation=cv2.INTER_LINEAR)
        sure[place.slices] = cv2.resize(part.sure, there, interpolation=cv2.INTER_NEAREST)
        known[place.slices] = cv2.resize(part.known.view(np.uint8), there, interpolation=cv2.INTER_NEAREST)
    return Spread(lab, sure, known.view(bool))


def evidence(analysis: PageAnalysis, whole: Spread, colors: Pixels | None = None) -> Evidence:
    """Return what is known of the page: of a region that is mostly not known colour is withheld.

    ``colors``, uint8 (R, 3), are those of the regions where they have been decided (None: the commonest in each).
    """
    if colors is None:
        picture = np.clip(cv2.cvtColor(whole.lab, cv2.COLOR_LAB2RGB), 0, 1) * 255
        colors = flats(analysis, np.rint(picture).astype(np.uint8))
    used = by_region(analysis, whole.known.astype(np.float32)) >= 0.5
    confidence = np.where(used, by_region(analysis, whole.sure), 0).astype(np.float32)
    return Evidence(colors, confidence, at_page(analysis, whole.lab) if analysis.regions.keeps.any() else None)


def scaled(rect: Rect, size: tuple[int, int], page: tuple[int, ...]) -> Rect:
    """Return where a part of a page, (h, w) pixels, lies on a picture of it of another size; never empty."""
    y0, y1 = (round(y * size[0] / page[0]) for y in (rect.y0, rect.y1))
    x0, x1 = (round(x * size[1] / page[1]) for x in (rect.x0, rect.x1))
    y0, x0 = min(y0, size[0] - 1), min(x0, size[1] - 1)
    return Rect(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))


def by_region(analysis: PageAnalysis, field: Field) -> Field:
    """Return the mean over each region, float32 (R,), of a field (h, w) that is spread over the page."""
    height, width = analysis.gray.shape
    labels, x, y = analysis.regions.labels, *grid(field.shape, (height, width))
    seen = labels[y[:, None], x].ravel()
    count = np.bincount(seen, minlength=analysis.regions.count)
    total = np.bincount(seen, field.ravel(), analysis.regions.count)
    middles = ((analysis.regions.boxes[:, :2] + analysis.regions.boxes[:, 2:] - 1) // 2).T
    there = field[middles[1] * field.shape[0] // height, middles[0] * field.shape[1] // width]
    return np.where(count > 0, total / np.maximum(count, 1), there).astype(np.float32)


def grid(size: tuple[int, ...], page: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return x and y, on the page or a part of it, of the middle of each pixel of a smaller picture of it."""
    y, x = (((np.arange(size[i]) + 0.5) * page[i] / size[i]).astype(np.intp) for i in (0, 1))
    return x, y
