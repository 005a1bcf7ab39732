"""Everything a page says by itself, worked out once and handed on as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.bubbles import bubbles
from mangapaint.analysis.division import Division, divided_by_lines, divided_by_panels, divided_by_shade
from mangapaint.analysis.gutters import gutters
from mangapaint.analysis.ink import flattened, ink_mask, levels, line_width, luminance, solids
from mangapaint.analysis.kind import kind_of_page, recognise, recognise_panels
from mangapaint.analysis.lettering import Lettering, find_lettering
from mangapaint.analysis.panels import panels
from mangapaint.analysis.regions import RegionMap
from mangapaint.analysis.tone import Tone, screentone, without_dots, without_tone
from mangapaint.document.page import Kind, Page, Pixels
from mangapaint.document.rect import Rect
from mangapaint.progress import Progress, Silent

WIDEST_GAP = 60
"""Pixels; wider holes in the ink are openings, not gaps."""
DEFAULT_GAPS = 2, 12
"""The least and the most that is closed unless the artist says otherwise."""
SKETCH_PIXELS = 1_000_000
"""Larger pages are first analysed at about this size."""

PAPER = 230
"""Bare paper is at least this bright."""
WASH = 12
"""Gray levels by which a wash is darker than the paper."""
BRIGHT_PART, BRIGHT_WASH = 0.72, 0.88
"""Of the paper's brightness: a bubble with its lettering is at least as bright, on a drawing and beside washes."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PageAnalysis:
    """What methods and composition need to know of a page.

    ``gray`` is its luma, uint8 (H, W); ``found`` the recognised kind and ``kind`` the one in force (an override wins);
    ``gap`` in page pixels. ``panels`` in reading order, with their ``kinds``; a page without panels is one.
    ``ink`` is bool (H, W), all False where the page has washes instead of lines; ``tone`` its screentone, if any;
    ``lettering`` its text. ``division`` is what ``regions`` for any gap are made of. ``exact`` is False for a sketch,
    made at a smaller size for the first moment.
    """

    page: Page
    gray: Pixels
    found: Kind
    kind: Kind
    gap: int
    panels: tuple[Rect, ...]
    kinds: tuple[Kind, ...]
    ink: Mask
    tone: Tone | None
    lettering: Lettering
    division: Division
    regions: RegionMap
    exact: bool = True

    def with_gap(self, gap: int | None) -> PageAnalysis:
        """Return the same analysis with another gap closed (None: the page's own); no pixel is looked at again."""
        width = default_gap(self.page) if gap is None else gap
        return self if width == self.gap else replace(self, gap=width, regions=self.division.regions(width))

    @property
    def line_width(self) -> float:
        """The drawing's typical line width in pixels; 1 without lines."""
        return line_width(self.ink)

    @property
    def solids(self) -> Mask:
        """Where the ink is no line but a black area, bool (H, W)."""
        return solids(self.ink, self.line_width)


def default_gap(page: Page) -> int:
    """Return the widest hole in the ink, in pixels, that is closed unless the artist says otherwise."""
    return int(np.clip(round(max(page.height, page.width) / 500), *DEFAULT_GAPS))


def analyze(page: Page, *, kind: Kind | None = None, gap: int | None = None,
            progress: Progress | None = None) -> PageAnalysis:  # fmt: skip
    """Analyse a page; ``kind`` and ``gap`` override what would be chosen from the page."""
    progress = progress or Silent()
    progress.report(0.0, "Reading the page")
    gray = luminance(page)
    drawing = flattened(page, gray)
    ink = ink_mask(drawing)
    progress.report(0.2, "Recognising the page")
    whole = recognise(page, gray)
    frames = _panels(gray, ink, whole)
    kinds = recognise_panels(page, gray, frames, whole, drawing)
    found = kind_of_page(kinds, [frame.area for frame in frames], whole)
    chosen = kind or found
    progress.report(0.3, "Finding lines and lettering")
    tone = screentone(drawing, ink) if Kind.TONE in (chosen, *kinds) and not chosen.keeps_luminance else None
    if tone is not None:
        ink = ink_mask(without_tone(drawing, tone))
    lettering = find_lettering(ink)
    if tone is not None:
        ink = without_dots(ink) | lettering.mask
    progress.report(0.5, "Finding the regions")
    division = _divided(gray, chosen, ink, lettering, frames, kinds)
    width = default_gap(page) if gap is None else gap
    division = _marked(division, chosen, ink, lettering, frames, default_gap(page), levels(gray)[1])
    regions = division.regions(width)
    ink = np.zeros(gray.shape, bool) if chosen.keeps_luminance else ink
    progress.report(1.0, "Page analysed")
    return PageAnalysis(page, gray, found, chosen, width, frames, kinds, ink, tone, lettering, division, regions)


def _panels(gray: Pixels, ink: Mask, kind: Kind) -> tuple[Rect, ...]:
    """Find the panels; on a page with washes they are what is darker than the paper, if there is bare paper at all."""
    if not kind.keeps_luminance:
        return panels(ink)
    paper = levels(gray)[1]
    return panels(gray < paper - WASH) if paper >= PAPER else (Rect.whole(*gray.shape),)


def _divided(gray: Pixels, kind: Kind, ink: Mask, lettering: Lettering, frames: tuple[Rect, ...],
             kinds: tuple[Kind, ...]) -> Division:  # fmt: skip
    """Divide the page as its kind asks for; letters part nothing."""
    if kind.keeps_luminance:
        return divided_by_shade(gray)
    lines = ink & ~lettering.mask if lettering.blocks else ink
    washed = tuple(frame for frame, one in zip(frames, kinds, strict=True) if one.keeps_luminance)
    return divided_by_panels(gray, lines, washed) if kind is Kind.MIXED and washed else divided_by_lines(gray, lines)


def _marked(division: Division, kind: Kind, ink: Mask, lettering: Lettering, frames: tuple[Rect, ...],
            gap: int, paper: int) -> Division:  # fmt: skip
    """Tell margins and speech bubbles, looking at the regions of the page's own gap."""
    if kind.keeps_luminance and not lettering.blocks:
        return division
    regions = division.regions(gap)
    outside = gutters(regions.labels, frames, regions.count) & ~regions.keeps
    speech = bubbles(regions.labels, regions.count, ink, lettering, outside)
    speech &= regions.shade >= np.where(regions.keeps, BRIGHT_WASH, BRIGHT_PART) * paper
    return division.marked(outside=outside[regions.parts], bubble=speech[regions.parts])


def sketch(page: Page, *, kind: Kind | None = None, gap: int | None = None) -> PageAnalysis:
    """Analyse a large page at a smaller size: what a hand can draw on until the exact analysis is there."""
    times = int(np.ceil((page.height * page.width / SKETCH_PIXELS) ** 0.5))
    if times < 2:
        return analyze(page, kind=kind, gap=gap)
    high, wide = -page.height % times, -page.width % times
    padded = cv2.copyMakeBorder(page.pixels, 0, high, 0, wide, cv2.BORDER_REPLICATE)
    size = padded.shape[1] // times, padded.shape[0] // times
    small = Page(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), page.name)
    width = default_gap(page) if gap is None else gap
    return _enlarged(analyze(small, kind=kind, gap=max(1, round(width / times))), page, times, width)


def _enlarged(small: PageAnalysis, page: Page, times: int, gap: int) -> PageAnalysis:
    """Bring an analysis of a page ``times`` smaller to the page's size."""
    high, wide = page.height, page.width

    def large(mask: Mask) -> Mask:
        return np.asarray(mask.repeat(times, axis=0).repeat(times, axis=1)[:high, :wide])

    def rect(item: Rect) -> Rect:
        grown = Rect(item.x0 * times, item.y0 * times, item.x1 * times, item.y1 * times)
        return grown.intersection(Rect.whole(high, wide))

    lettering = Lettering(large(small.lettering.mask), tuple(rect(block) for block in small.lettering.blocks))
    division = small.division.enlarged(times, high, wide)
    return PageAnalysis(page, luminance(page), small.found, small.kind, gap, tuple(rect(item) for item in small.panels),
                        small.kinds, large(small.ink), None, lettering, division, division.regions(gap),
                        exact=False)  # fmt: skip
