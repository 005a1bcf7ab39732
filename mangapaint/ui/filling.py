"""Filling: which region the pen is in, and the bucket that fills whole regions or empties them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.within import within
from mangapaint.document.document import Document
from mangapaint.document.page import Color
from mangapaint.document.strokes import HINTS, Inside, Points, Purpose, stroke
from mangapaint.ui.tools import At, Brush, Edit

DOT = 1.0
"""Width of a fill's points in page pixels; they are shown at one size on the screen, whatever the zoom."""
STEP = 1.5
"""Page pixels between the places that a dragged bucket looks at; a narrower region may be missed."""


def region_at(analysis: PageAnalysis | None, x: float, y: float) -> int | None:
    """Return the region a page point lies in; None beside the page, and before there is an analysis."""
    if analysis is None or not (0 <= x < analysis.page.width and 0 <= y < analysis.page.height):
        return None
    return int(analysis.regions.labels[int(y), int(x)])


class BucketTool:
    """Fills every region the pen passes with the brush's colour, or with Shift takes their hints away.

    ``analysis`` returns the page's analysis for the present document, None before there is one: then nothing happens.
    From press to release it is the same one, even if a better one arrives meanwhile: its regions have other numbers.
    """

    has_ring = False

    def __init__(self, analysis: Callable[[], PageAnalysis | None]) -> None:
        self._analysis = analysis
        self._held: PageAnalysis | None = None
        self._empties = False
        self._start: Document | None = None
        self._base: Document | None = None
        self._draft: Document | None = None
        self._last = At(0, 0)
        self._brush = Brush()
        self._done: set[int] = set()
        self._points: list[tuple[float, float]] = []

    @property
    def adds_stroke(self) -> bool:
        """True unless it takes hints away."""
        return not self._empties

    def begin(self, document: Document, at: At, brush: Brush) -> Document:
        """Fill or empty the region here."""
        self._start = self._base = self._draft = document
        self._last, self._brush, self._empties = at, brush, at.shift
        self._done, self._points = set(), []
        analysis = self._held = self._analysis()
        region = region_at(analysis, at.x, at.y)
        if analysis is not None and region is not None:
            self._enter(analysis, region, (at.x, at.y))
        return self._draft

    def extend(self, at: At) -> Document:
        """Fill or empty the regions on the way here."""
        assert self._draft is not None
        analysis = self._held
        if analysis is not None:
            for region, point in _entered(analysis, (self._last.x, self._last.y), (at.x, at.y)).items():
                if region not in self._done:
                    self._enter(analysis, region, point)
        self._last = at
        return self._draft

    def commit(self) -> Edit | None:
        """Lift the bucket."""
        start, draft, text = self._start, self._draft, "Take hints away" if self._empties else "Fill"
        self.cancel()
        return None if draft is None or draft is start else Edit(text, draft)

    def cancel(self) -> None:
        """Forget what was filled or emptied."""
        self._start = self._base = self._draft = self._held = None
        self._empties = False

    def _enter(self, analysis: PageAnalysis, region: int, point: tuple[float, float]) -> None:
        """Fill a region, in the place of what filled it before; or empty it."""
        assert self._base is not None
        self._done.add(region)
        gone = HINTS if self._empties else (Purpose.FILL,)
        self._base = self._draft = self._base.with_cleared(inside(analysis, region), gone)
        if not self._empties:
            self._points.append(point)
            filled = stroke(self._points, width=DOT, color=self._brush.color, purpose=Purpose.FILL)
            self._draft = self._base.with_stroke(filled)


def filled(document: Document, analysis: PageAnalysis, regions: Sequence[int], color: Color | None) -> Document:
    """Return a document in which regions are filled with a colour, in the place of what filled them before."""
    for region in regions:
        document = document.with_cleared(inside(analysis, region), (Purpose.FILL,))
    points = [within(analysis, region) for region in regions]
    return document.with_stroke(stroke(points, width=DOT, color=color, purpose=Purpose.FILL))


def inside(analysis: PageAnalysis, region: int) -> Inside:
    """Return what says of points whether they lie in a region."""
    labels = analysis.regions.labels
    left, top, right, bottom = analysis.regions.boxes[region].tolist()

    def lies(points: Points) -> NDArray[np.bool_]:
        x, y = points[:, 0], points[:, 1]
        within = (x >= left) & (x < right) & (y >= top) & (y < bottom)
        within[within] = labels[y[within].astype(np.intp), x[within].astype(np.intp)] == region
        return np.asarray(within)

    return lies


def _entered(
    analysis: PageAnalysis, start: tuple[float, float], end: tuple[float, float]
) -> dict[int, tuple[float, float]]:
    """Return the regions on the way from point to point, in their order, each with the middle of the way through it.

    Ink on the way does not count: a pen that touches a line has not crossed it.
    """
    way = np.hypot(end[0] - start[0], end[1] - start[1])
    points = np.linspace(start, end, max(2, int(np.ceil(way / STEP)) + 1))[1:]
    points = points[(points >= 0).all(axis=1) & (points < (analysis.page.width, analysis.page.height)).all(axis=1)]
    x, y = points.astype(np.intp).T
    bare = ~analysis.ink[y, x]
    points, labels = points[bare], analysis.regions.labels[y, x][bare]
    if not len(labels):
        return {}
    starts = np.flatnonzero(np.diff(labels.astype(np.int64), prepend=-1))
    ends = np.append(starts[1:], len(labels))
    found: dict[int, tuple[float, float]] = {}
    for region, middle in zip(labels[starts].tolist(), points[(starts + ends - 1) // 2].tolist(), strict=True):
        found.setdefault(region, (middle[0], middle[1]))
    return found
