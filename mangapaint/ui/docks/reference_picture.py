"""The selected reference, large: a click takes a colour, a drag carries the colour of an area to the page."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from math import hypot

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from mangapaint.document.page import Color, Pixels
from mangapaint.ui.carrying import carry
from mangapaint.ui.controls import Painted
from mangapaint.ui.docks.reference_areas import Labels, area_at, color_of, spread
from mangapaint.ui.matches import Place, outline
from mangapaint.ui.theme import Theme

LEAST_HEIGHT, MOST_HEIGHT = 96, 360
ROOM_FROM, ROOM_PART = 450, 0.35
"""The picture asks for this part of the window's height beyond so many pixels, which the other docks need."""
RING = 5.0
"""Radius of the mark at the matched place."""
LIGHT, DARK = QColor(255, 255, 255, 230), QColor(20, 20, 20, 240)


def image_of(pixels: Pixels) -> QImage:
    """Copy uint8 (H, W, 3) pixels into a picture that owns them."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class LargePicture(Painted):
    """The selected reference, as large as the dock is wide.

    A click picks the colour that is seen there. Dragging carries the colour of the area that was pressed, which is
    outlined under the pointer. The place a region was matched with is outlined more strongly, with a ring.
    """

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pixels: Pixels | None = None
        self._shown: Pixels | None = None
        self._image = QImage()
        self._tallest = 1.0
        self._given: Labels | None = None
        self._labels: Labels | None = None
        self._match: tuple[QPainterPath, QPointF] | None = None
        self._place: Place | None = None
        self._area: NDArray[np.bool_] | None = None
        self._hover = QPainterPath()
        self._pressed: QPointF | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Click to take a colour, drag it onto the page to give it to a region")
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_pixels(self, pixels: Pixels, view: Pixels | None = None) -> None:
        """Show a picture, or its view with overlays, of the same shape but maybe another size."""
        shown = pixels if view is None else view
        if pixels is not self._pixels or shown is not self._shown:
            if pixels is not self._pixels:
                self._given = self._labels = self._place = self._match = None
                self._leave()
            self._pixels, self._shown = pixels, shown
            self._image = image_of(shown)
            self._refit()

    def set_tallest(self, part: float) -> None:
        """Keep room for a picture that is so many times as high as wide: what lies below stands still when another
        reference is shown."""
        self._tallest = part
        self._refit()

    def set_areas(self, areas: Labels | None) -> None:
        """Take the picture's areas, labels of any size that are spread over it; None where they are not known."""
        if areas is not self._given and self._pixels is not None:
            self._given = areas
            self._labels = None if areas is None else spread(areas, *self._pixels.shape[:2])
            self._place = self._match = None
            self._leave()

    def set_match(self, place: Place | None) -> None:
        """Mark where a region was matched, or nothing."""
        if place != self._place:
            self._place = place
            self._match = None if place is None else (self._outline_of(place), QPointF(place.x, place.y))
            self.update()

    def sizeHint(self) -> QSize:
        """As high as the pictures ask, and the window has room for."""
        room = round(ROOM_PART * (self.window().height() - ROOM_FROM))
        return QSize(LEAST_HEIGHT, min(self.maximumHeight(), max(LEAST_HEIGHT, room)))

    def place(self) -> QRectF:
        """Where the picture lies in the widget."""
        size = QSize(self._image.size()).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def color_at(self, at: QPointF) -> Color | None:
        """The colour seen at a point of the widget; None beside the picture."""
        found = self._pixel(at)
        if found is None or self._pixels is None:
            return None
        red, green, blue = self._pixels[found[1], found[0]].tolist()
        return red, green, blue

    def area_color_at(self, at: QPointF) -> Color | None:
        """The colour of the area at a point of the widget; None beside the picture."""
        found = self._pixel(at)
        if found is None or self._pixels is None:
            return None
        return color_of(self._pixels, area_at(self._pixels, self._labels, *found), *found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be no higher than the pictures ask."""
        super().resizeEvent(event)
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, a thin edge and the marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self.place()
        painter.drawImage(place, self._image)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(place)
        way = QTransform.fromTranslate(place.left(), place.top()).scale(place.width(), place.height())
        _trace(painter, way.map(self._hover), 1.0)
        if self._match is not None:
            _trace(painter, way.map(self._match[0]), 1.5)
            _ring(painter, way.map(self._match[1]))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the place: it is not known yet whether it is clicked or dragged."""
        if event.button() == Qt.MouseButton.LeftButton and self._pixel(event.position()) is not None:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline the area under the pointer; carry the pressed one's colour away."""
        if self._pressed is None:
            self._point_at(event.position())
            return
        way = event.position() - self._pressed
        if hypot(way.x(), way.y()) >= QApplication.startDragDistance():
            color, self._pressed = self.area_color_at(self._pressed), None
            if color is not None:
                carry(self, color)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick what was clicked."""
        pressed, self._pressed = self._pressed, None
        color = self.color_at(pressed) if pressed is not None else None
        if event.button() == Qt.MouseButton.LeftButton and color is not None:
            self.colorPicked.emit(color)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        self._leave()

    def _pixel(self, at: QPointF) -> tuple[int, int] | None:
        place = self.place()
        if self._pixels is None or not place.contains(at):
            return None
        rows, columns = self._pixels.shape[:2]
        x = min(columns - 1, int((at.x() - place.left()) / place.width() * columns))
        y = min(rows - 1, int((at.y() - place.top()) / place.height() * rows))
        return x, y

    def _point_at(self, at: QPointF) -> None:
        found = self._pixel(at)
        if found is None or self._pixels is None:
            self._leave()
        elif self._area is None or not self._area[found[1], found[0]]:
            self._area = area_at(self._pixels, self._labels, *found)
            self._hover = outline(self._area)
            self.update()

    def _leave(self) -> None:
        self._area, self._hover = None, QPainterPath()
        self.update()

    def _outline_of(self, place: Place) -> QPainterPath:
        return QPainterPath() if self._labels is None else outline(self._labels == place.area)

    def _refit(self) -> None:
        wanted = round(self.width() * self._tallest)
        self.setMaximumHeight(max(LEAST_HEIGHT, min(MOST_HEIGHT, wanted)))
        self.update()


def _trace(painter: QPainter, shape: QPainterPath, width: float) -> None:
    for color, wide in ((LIGHT, width + 2), (DARK, width)):
        painter.strokePath(shape, QPen(color, wide))


def _ring(painter: QPainter, at: QPointF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, wide in ((DARK, 4.0), (LIGHT, 2.0)):
        painter.setPen(QPen(color, wide))
        painter.drawEllipse(at, RING, RING)
