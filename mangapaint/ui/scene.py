"""What lies on the drawing table, and in which order it is painted."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath

from mangapaint.document.document import Document
from mangapaint.document.strokes import Stroke
from mangapaint.ui import marks
from mangapaint.ui.hatching import Hatch, hatch
from mangapaint.ui.overlays import OverlayState
from mangapaint.ui.pyramid import Pyramid
from mangapaint.ui.strokelayer import StrokeLayer
from mangapaint.ui.theme import Theme
from mangapaint.ui.tools import Brush
from mangapaint.ui.viewport import Viewport

PROTECTED_OPACITY = 0.5
"""Of the hatching over what is protected by itself, so that its lettering can be read."""
Paint = Callable[[QPainter, Viewport], None]


class Look(Enum):
    """What of the page is shown."""

    ALL = auto()
    BARE = auto()
    RESULT = auto()


class Scene:
    """Everything the canvas paints. Holds nothing that it was not given."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.picture: Pyramid | None = None
        self.bare: Pyramid | None = None
        self.document: Document | None = None
        self.draft: Stroke | None = None
        self.selected: Stroke | None = None
        self.layers: dict[str, tuple[Any, OverlayState]] = {}
        self.highlight: marks.Highlight | None = None
        self.spot: marks.Spot | None = None
        self.target: marks.Spot | None = None
        self.veil: marks.Veil | None = None
        self.protected: QPainterPath | None = None
        self.brush = Brush()
        self.look = Look.ALL
        self.hides_hints = False
        self.moving = False
        self._strokes = StrokeLayer()
        self._crosses = marks.Crosses()

    def show_page(self, picture: Pyramid | None, bare: Pyramid | None) -> None:
        """Show another page."""
        self.picture, self.bare = picture, bare
        self.document = self.draft = self.selected = self.highlight = self.spot = self.protected = None
        self.target = self.veil = None
        self.layers.clear()

    def show_document(self, document: Document | None) -> None:
        """Show the strokes of a document."""
        self.document = document
        if document is None or not any(item is self.selected for item in document.strokes):
            self.selected = None

    def paint(self, painter: QPainter, view: Viewport, pointer: QPointF | None) -> None:
        """Paint all layers, from the bottom up; ``pointer`` is where the brush ring stands, if it does."""
        painter.fillRect(QRectF(QPointF(), view.size), QColor(self.theme.surround))
        if self.picture is None:
            return
        for layer in self._order():
            painter.save()
            layer(painter, view)
            painter.restore()
        if pointer is not None:
            marks.paint_ring(painter, pointer, self.brush.size * view.zoom, self.brush.color)

    def _order(self) -> tuple[Paint, ...]:
        """Return what is painted, from the bottom up."""
        extras: tuple[Paint, ...] = (
            self._veil,
            self._flats,
            self._edges,
            self._regions,
            self._corners,
            self._confidence,
            self._protected,
            self._hints,
            self._spot,
            self._strip,
        )
        return (self._page, *(extras if self.look is Look.ALL else ()), self._hud)

    def _page(self, painter: QPainter, view: Viewport) -> None:
        picture = self.bare if self.look is Look.BARE else self.picture
        assert picture is not None
        painter.setTransform(view.transform, True)
        picture.paint(painter, scale=_scale(painter, view))

    def _veil(self, painter: QPainter, view: Viewport) -> None:
        if self.veil and self.picture:
            painter.setTransform(view.transform, True)
            painter.setClipRect(QRectF(0, 0, self.picture.width, self.picture.height))
            self.veil.paint(painter)

    def _flats(self, painter: QPainter, view: Viewport) -> None:
        layer, state = self.layers.get("palette", (None, None))
        if layer and state and self.picture:
            painter.setTransform(view.transform, True)
            painter.setOpacity(state.opacity)
            marks.paint_flats(painter, layer, QRectF(0, 0, self.picture.width, self.picture.height))

    def _edges(self, painter: QPainter, view: Viewport) -> None:
        self._lines(painter, view, "edges")

    def _regions(self, painter: QPainter, view: Viewport) -> None:
        self._lines(painter, view, "regions")
        if self.highlight:
            painter.setTransform(view.transform, True)
            self.highlight.paint(painter)

    def _confidence(self, painter: QPainter, view: Viewport) -> None:
        self._lines(painter, view, "confidence")

    def _protected(self, painter: QPainter, view: Viewport) -> None:
        if self.protected and not self.hides_hints:
            painter.setTransform(view.transform, True)
            painter.setOpacity(PROTECTED_OPACITY)
            painter.fillPath(self.protected, hatch(Hatch.PROTECTED, view))

    def _spot(self, painter: QPainter, view: Viewport) -> None:
        for mark in (self.spot, self.target):
            if mark:
                mark.paint(painter, view)

    def _lines(self, painter: QPainter, view: Viewport, overlay: str) -> None:
        layer, state = self.layers.get(overlay, (None, None))
        if layer and state:
            painter.save()
            painter.setTransform(view.transform, True)
            painter.setOpacity(state.opacity)
            layer.paint(painter, scale=_scale(painter, view))
            painter.restore()

    def _corners(self, painter: QPainter, view: Viewport) -> None:
        layer, state = self.layers.get("corners", (None, None))
        if layer is not None and state:
            painter.setOpacity(state.opacity)
            self._crosses.paint(painter, layer, view)

    def _hints(self, painter: QPainter, view: Viewport) -> None:
        if self.hides_hints or self.document is None:
            return
        strokes = self.document.strokes
        drawing = self.draft is not None and bool(strokes) and strokes[-1] is self.draft
        painter.save()
        fixed = strokes[:-1] if drawing else strokes
        self._strokes.paint(painter, fixed, view, self.selected, moving=self.moving)
        painter.restore()
        if drawing:
            self._strokes.draw(painter, strokes[-1], view)

    def _strip(self, painter: QPainter, view: Viewport) -> None:
        layer, state = self.layers.get("palette", (None, None))
        if layer and state:
            marks.paint_strip(painter, layer.palette, QRectF(QPointF(), view.size).toRect())

    def _hud(self, painter: QPainter, view: Viewport) -> None:
        marks.paint_hud(painter, view.text, QRectF(QPointF(), view.size).toRect(), self.theme)


def _scale(painter: QPainter, view: Viewport) -> float:
    """Return device pixels for a page pixel."""
    return view.zoom * painter.device().devicePixelRatioF()
