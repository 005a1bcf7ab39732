"""The References dock: coloured pictures that colours are taken from, and where the page's colours came from."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mangapaint.analysis.ink import as_rgb
from mangapaint.document.page import Color, Pixels, Reference
from mangapaint.ui.controls import ElidedLabel, IconButton
from mangapaint.ui.docks.reference_areas import Labels
from mangapaint.ui.docks.reference_picture import LargePicture, image_of
from mangapaint.ui.docks.reference_thumbs import DropArea, Thumbnails, percent, told
from mangapaint.ui.docks.suggestions import CROP, HIGH, Suggestion, Suggestions
from mangapaint.ui.dropping import TakesFiles
from mangapaint.ui.matches import Place
from mangapaint.ui.theme import Theme, small, tabular

LONGEST = 640
CROPPED = 88
"""Of the shown picture's pixels, how high the part is that is shown beside a suggestion."""
ASK = "Ctrl+click a region to see its match"
NONE = "No match in the references"


class ReferencesDock(TakesFiles):
    """Passive: setters in, signals out. Files dropped anywhere on it are offered."""

    colorPicked = Signal(object)
    browseRequested = Signal()
    removeRequested = Signal(object)
    placePicked = Signal(object)
    """A suggestion (Place) to be taken."""
    grown = Signal()
    """There is more to show than ever before: the dock asks for room."""
    originPointed = Signal(object)
    """The reference of which it should be shown what came from it, or None."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._references: tuple[Reference, ...] = ()
        self._small: dict[str, Pixels] = {}
        self._views: dict[str, Pixels] = {}
        self._areas: Mapping[str, Labels] = {}
        self._shares: Mapping[str, float] | None = None
        self._places: tuple[Place, ...] | None = None
        self._taken: Place | None = None
        self._selected: Reference | None = None
        self._pointed = -1
        self._needs = (0.0, False)
        self.large = LargePicture(theme)
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.share = QLabel()
        for label in (self.name, self.share):
            label.setObjectName("secondary")
            label.setFont(tabular(small(label.font())))
        self.remove = IconButton("close", theme, tip="Remove this reference", size=12)
        self.remove.setObjectName("cross")
        self.remove.setFixedSize(20, 20)
        self.suggestions = Suggestions(theme)
        self.thumbs = Thumbnails(theme)
        self.area = DropArea(theme)
        self._head = QWidget()
        self._build()
        self._connect()
        self._show_all()

    @property
    def selected(self) -> Reference | None:
        """The reference shown large, unless a suggestion from another one is pointed at."""
        return self._selected

    def set_references(self, references: Sequence[Reference]) -> None:
        """Show these; the selected one stays selected while it is there, a new last one is selected."""
        before = {item.id for item in self._references}
        self._references = tuple(references)
        self._small = {item.id: self._small[item.id] if item.id in self._small else _shrunk(item)
                       for item in references}  # fmt: skip
        fresh = [item for item in references if item.id not in before]
        kept = [item for item in references if self._selected is not None and item.id == self._selected.id]
        self._selected = next(iter((*fresh[-1:], *kept, *self._references[:1])), None)
        if references:
            self.large.set_tallest(max(item.height / item.width for item in references))
        self._show_all()
        self._ask_for_room()

    def set_views(self, views: dict[str, Pixels]) -> None:
        """Show references (by id) with overlays, uint8 RGB (h, w, 3); colours are still picked from the bare ones."""
        self._views = views
        self._show_all()

    def set_origins(self, shares: Mapping[str, float] | None, areas: Mapping[str, Labels]) -> None:
        """Say which part of the page (0..1) each reference, by id, gave colour to, and which areas it has.

        Without shares no method looked at the references: then there is nothing to suggest either.
        """
        self._shares, self._areas = shares, areas
        self._show_all()
        self._ask_for_room()

    def set_places(self, places: Sequence[Place] | None, taken: Color | None) -> None:
        """Offer the places a region was matched with, best first; None: no region is looked at.

        ``taken`` is the colour it has. The reference that it came from, otherwise the best one, is selected.
        """
        new = None if places is None else tuple(places)
        before = self._places, self._taken
        self._places, self._taken = new, next((place for place in new or () if place.color == taken), None)
        if new and before != (new, self._taken):
            self._selected = self._by_id((self._taken or new[0]).reference) or self._selected
        rows = [self._suggestion(place, taken=place is self._taken) for place in new or ()]
        self.suggestions.set_rows(rows, ASK if new is None else NONE)
        self._show_all()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for part in (self.large, self.remove, self.suggestions, self.thumbs, self.area):
            part.set_theme(theme)

    def _build(self) -> None:
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self.name, 1)
        head.addWidget(self.share)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.large, 1)
        for part in (self._head, self.suggestions, self.thumbs, self.area):
            column.addWidget(part)
        column.addStretch()

    def _connect(self) -> None:
        self.large.colorPicked.connect(self.colorPicked)
        self.thumbs.picked.connect(self._select)
        self.thumbs.pointed.connect(self._point_at)
        self.thumbs.moreRequested.connect(self.browseRequested)
        self.suggestions.picked.connect(self.pick_place)
        self.suggestions.pointed.connect(self._peek)
        self.area.clicked.connect(self.browseRequested)
        self.remove.clicked.connect(lambda: self.removeRequested.emit(self._selected))

    def pick_place(self, index: int) -> None:
        """Take a suggestion, if there are so many."""
        if self._places is not None and index < len(self._places):
            self.placePicked.emit(self._places[index])

    def _select(self, index: int) -> None:
        self._selected = self._references[index]
        self._show_all()

    def _point_at(self, index: int) -> None:
        self.originPointed.emit(self._references[index] if index >= 0 else None)

    def _peek(self, index: int) -> None:
        self._pointed = index
        self._show_all()

    def _ask_for_room(self) -> None:
        tallest = max((item.height / item.width for item in self._references), default=0.0)
        needs = max(tallest, self._needs[0]), self._shares is not None or self._needs[1]
        if needs != self._needs:
            self._needs = needs
            self.grown.emit()

    def _set_hot(self, hot: bool) -> None:
        self.area.set_hot(hot)
        self.thumbs.set_hot(hot)

    def _by_id(self, reference: str) -> Reference | None:
        return next((item for item in self._references if item.id == reference), None)

    def _suggestion(self, place: Place, *, taken: bool) -> Suggestion:
        item = self._by_id(place.reference)
        crop = image_of(_around(self._small[item.id], place)) if item else QImage()
        return Suggestion(place.color, crop, item.name if item else "", place.confidence, taken)

    def _place(self) -> Place | None:
        """Return the place to be marked: the one that is pointed at, that was taken, or the match."""
        places = self._places or ()
        return places[self._pointed] if 0 <= self._pointed < len(places) else self._taken or next(iter(places), None)

    def _show_all(self) -> None:
        place = self._place()
        peeked = self._by_id(place.reference) if place and self._pointed >= 0 else None
        item = peeked or self._selected
        for part in (self.large, self._head, self.thumbs):
            part.setVisible(item is not None)
        self.area.setVisible(item is None)
        self.suggestions.setVisible(item is not None and self._shares is not None)
        if item is not None:
            self._show_large(item, place if place and place.reference == item.id else None)
            self._show_thumbs(item)

    def _show_large(self, item: Reference, place: Place | None) -> None:
        self.large.set_pixels(self._small[item.id], self._views.get(item.id))
        self.large.set_areas(self._areas.get(item.id))
        self.large.set_match(place)
        if item.name != self.name.full:
            self.name.set_full(item.name)
        share = self._shares.get(item.id, 0.0) if self._shares is not None else None
        self.share.setText("" if share is None else percent(share) if share else "unused")
        self.share.setToolTip("" if share is None else f"{item.name} {told(share)}")

    def _show_thumbs(self, item: Reference) -> None:
        ids = [other.id for other in self._references]
        self.thumbs.set_pictures([self._small[one] for one in ids], [other.name for other in self._references],
                                 ids.index(item.id))  # fmt: skip
        self.thumbs.set_shares(None if self._shares is None else [self._shares.get(one, 0.0) for one in ids])


def _shrunk(reference: Reference) -> Pixels:
    """A copy no longer than the largest place it is shown in, uint8 (h, w, 3)."""
    part = min(1.0, LONGEST / max(reference.width, reference.height))
    size = (max(1, round(reference.width * part)), max(1, round(reference.height * part)))
    pixels = np.asarray(
        reference.pixels if part == 1 else cv2.resize(reference.pixels, size, interpolation=cv2.INTER_AREA)
    )
    return np.ascontiguousarray(as_rgb(np.asarray(pixels, dtype=np.uint8)))


def _around(pixels: Pixels, place: Place) -> Pixels:
    """What a picture shows around a place, in the form of a suggestion's crop."""
    rows, columns = pixels.shape[:2]
    high = min(CROPPED, rows)
    wide = min(round(high * CROP / HIGH), columns)
    top = min(max(0, round(place.y * rows) - high // 2), rows - high)
    left = min(max(0, round(place.x * columns) - wide // 2), columns - wide)
    return np.ascontiguousarray(pixels[top : top + high, left : left + wide])
