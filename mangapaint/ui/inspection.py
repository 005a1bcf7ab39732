"""Looking into where colours came from: a region's match and suggestions, and colours pinned to regions by hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QColor, QKeySequence, QShortcut

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.document.page import Color, Reference
from mangapaint.ui.filling import filled, region_at
from mangapaint.ui.marks import Spot, Veil
from mangapaint.ui.matches import MOST, Place, areas_of, matches_of, origins, places_of, shares
from mangapaint.ui.parts import Parts
from mangapaint.ui.review import Review
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit


class Inspection(QObject):
    """Between the page's regions and the places in the references they were matched with.

    The region that is looked at is marked on the page like one that the review leads to; the review takes the mark
    away, when something is drawn or the page's regions are others.
    """

    def __init__(self, session: Session, parts: Parts, review: Review) -> None:
        super().__init__(parts.canvas)
        self._session, self._canvas, self._dock = session, parts.canvas, parts.references
        self._analysis: PageAnalysis | None = None
        self._regions: NDArray[np.intp] | None = None
        self._canvas.takes_color = lambda at: self._under(at) is not None
        self._canvas.colorCarried.connect(self._show_target)
        self._canvas.colorDropped.connect(self._pin)
        self._dock.placePicked.connect(self._take)
        self._dock.originPointed.connect(self._show_origin)
        review.marked.connect(self._look)
        review.left.connect(self._forget)
        session.opened.connect(self._forget)
        session.pictureChanged.connect(lambda _part: self._refresh())
        for number in range(MOST):
            QShortcut(QKeySequence(f"Alt+{number + 1}"), self._canvas.window(), partial(self._dock.pick_place, number))
        self._refresh()

    def point_at(self, point: QPointF) -> None:
        """Show where the colour of the region at a page point came from."""
        shown = self._session.shown
        region = region_at(shown.analysis, point.x(), point.y()) if shown else None
        if region is None or shown is None or shown.analysis is None or matches_of(shown) is None:
            return
        if self._regions is None or self._regions.tolist() != [region] or self._analysis is not shown.analysis:
            self._canvas.scene.spot = Spot.of(shown.analysis.regions, np.array([region]))
            self._canvas.update()
            self._look(np.array([region]))

    def _look(self, regions: NDArray[np.intp]) -> None:
        """Offer the places that regions were matched with, those of the first one."""
        shown = self._session.shown
        self._analysis, self._regions = (shown.analysis if shown else None), regions
        self._refresh()

    def _forget(self) -> None:
        self._analysis = self._regions = None
        self._canvas.scene.target = self._canvas.scene.veil = None
        self._refresh()

    def _refresh(self) -> None:
        """Show what the present colours say."""
        shown = self._session.shown
        self._dock.set_origins(shares(shown), areas_of(shown))
        if self._regions is None or shown is None or shown.analysis is not self._analysis:
            self._dock.set_places(None, None)
        else:
            region = int(self._regions[0])
            self._dock.set_places(places_of(shown, region), self._color_of(region))

    def _color_of(self, region: int) -> Color | None:
        """Return the colour a region has by the match or by one hint, None where it has none or several."""
        shown = self._session.shown
        if shown is None or shown.colorization is None:
            return None
        if origins(shown)[region : region + 1].max(initial=-1) >= 0:
            return next((place.color for place in places_of(shown, region)), None)
        index = int(shown.colorization.regions[region])
        red, green, blue = shown.colorization.colors[index].tolist()
        return (red, green, blue) if index else None

    def _take(self, place: Place) -> None:
        """Give the regions that are looked at a suggestion's colour."""
        if self._regions is not None and self._analysis is self._session.analysis:
            self._fill("Use suggestion", self._regions.tolist(), place.color)

    def _pin(self, at: QPointF, color: Color) -> None:
        """Give the region a colour was dropped on that colour."""
        region = self._under(at)
        if region is not None:
            self._fill("Pin match", [region], color)

    def _fill(self, text: str, regions: Sequence[int], color: Color) -> None:
        analysis, history = self._session.analysis, self._session.history
        if analysis is not None and history is not None and not self._session.is_drafting:
            self._session.apply(Edit(text, filled(history.present, analysis, regions, color)))

    def _under(self, at: QPointF) -> int | None:
        """Return the region at a point of the canvas."""
        point = self._canvas.view.to_page(at)
        return region_at(self._session.analysis, point.x(), point.y())

    def _show_target(self, at: QPointF | None) -> None:
        """Outline the region that a carried colour would go to."""
        scene, analysis = self._canvas.scene, self._session.analysis
        region = self._under(at) if at is not None else None
        if region != (scene.target.region if scene.target else None):
            known = analysis is not None and region is not None
            scene.target = Spot.of(analysis.regions, np.array([region])) if known and analysis else None
            self._canvas.update()

    def _show_origin(self, reference: Reference | None) -> None:
        """Lay everything back that did not get its colour from a reference."""
        scene, shown = self._canvas.scene, self._session.shown
        scene.veil = None
        ids = [item.id for item in shown.request.references] if shown and shown.request else []
        if reference is not None and reference.id in ids and shown and shown.analysis and matches_of(shown):
            clear = origins(shown) == ids.index(reference.id)
            gray = QColor(scene.theme.surround).lightness()
            scene.veil = Veil.of(shown.analysis.regions, clear, gray) if clear.any() else None
        self._canvas.update()
