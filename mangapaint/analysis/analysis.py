"""Everything a page says by itself, worked out once and handed on as one value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.ink import ink_mask, luminance
from mangapaint.analysis.kind import recognise
from mangapaint.analysis.regions import RegionMap, region_map
from mangapaint.document.page import Kind, Page, Pixels
from mangapaint.progress import Progress, Silent

SMALLEST_GAP = 2
WIDEST_GAP = 12


@dataclass(frozen=True, eq=False)
class PageAnalysis:
    """What methods and composition need to know of a page.

    ``gray`` is its luma, uint8 (H, W); ``found`` the recognised kind and ``kind`` the one in force (an override wins);
    ``ink`` is bool (H, W), all False where the page has washes instead of lines; ``gap`` in page pixels.
    """

    page: Page
    gray: Pixels
    found: Kind
    kind: Kind
    gap: int
    ink: NDArray[np.bool_]
    regions: RegionMap


def default_gap(page: Page) -> int:
    """Return the widest hole in the ink, in pixels, that is closed unless the artist says otherwise."""
    return int(np.clip(round(max(page.height, page.width) / 500), SMALLEST_GAP, WIDEST_GAP))


def analyze(page: Page, *, kind: Kind | None = None, gap: int | None = None,
            progress: Progress | None = None) -> PageAnalysis:  # fmt: skip
    """Analyse a page; ``kind`` and ``gap`` override what would be chosen from the page."""
    progress = progress or Silent()
    progress.report(0.0, "Reading the page")
    gray = luminance(page)
    found = recognise(page, gray)
    progress.report(0.3, "Finding the regions")
    chosen = kind or found
    width = default_gap(page) if gap is None else gap
    ink = np.zeros(gray.shape, bool) if chosen.keeps_luminance else ink_mask(gray)
    regions = region_map(gray, chosen, gap=width)
    progress.report(1.0, "Page analysed")
    return PageAnalysis(page, gray, found, chosen, width, ink, regions)
