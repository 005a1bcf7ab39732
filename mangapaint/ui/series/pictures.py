"""The pictures a series is learned from, small, each with a cross to leave it out; more are dropped or looked for."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.document.page import Pixels
from mangapaint.ui.docks.cells import Cells
from mangapaint.ui.docks.reference_picture import image_of
from mangapaint.ui.series.session import Chosen
from mangapaint.ui.theme import Theme, picture

EDGE = 80
GAP = 8
CROSS = 20
SHARP = 3
"""Pixels of a small picture for each logical one, for dense screens."""


class PictureGrid(Cells):
    """Squares side by side and below one another; behind the last one is the place to add more."""

    removeRequested = Signal(object)
    moreRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._chosen: tuple[Chosen, ...] = ()
        self._images: dict[object, QImage] = {}
        self._crossed = False
        self._hot = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Pictures to learn from")

    def set_pictures(self, chosen: Sequence[Chosen]) -> None:
        """Show these; what was not looked at yet is an empty square."""
        self._chosen = tuple(chosen)
        known = {item.path: self._images.get(item.path) for item in chosen}
        self._images = {item.path: known[item.path] or image_of(_square(item.small))
                        for item in chosen if item.small is not None}  # fmt: skip
        self._refit()

    def set_hot(self, hot: bool) -> None:
        """Show that what is held over the window may be dropped."""
        self._hot = hot
        self.update()

    def cell(self, index: int) -> QRect:
        """Where a picture is painted and pressed; after the last one comes the place to add more."""
        row, column = divmod(index, self._columns())
        return QRect(column * (EDGE + GAP), row * (EDGE + GAP), EDGE, EDGE)

    def cross(self, index: int) -> QRect:
        """Where a picture's cross is pressed."""
        box = self.cell(index)
        return QRect(box.right() - CROSS - 1, box.top() + 3, CROSS, CROSS)

    def tip(self, index: int) -> str:
        """What is said of a picture; of the place after the last, what it is for."""
        if index == len(self._chosen):
            return "Add coloured pictures: drop them here, or browse"
        return self._chosen[index].path.name if index >= 0 else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what lies in the dirty part."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        for index in range(len(self._chosen)):
            if self.cell(index).intersects(event.rect()):
                self._paint_picture(painter, index)
        self._paint_more(painter, self.cell(len(self._chosen)))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell whether the cross is pointed at."""
        super().mouseMoveEvent(event)
        crossed = self._pointed >= 0 and self.cross(self._pointed).contains(event.position().toPoint())
        if crossed != self._crossed:
            self._crossed = crossed
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave a picture out where its cross is pressed, or ask for more."""
        index = self._pressed(event)
        if index == len(self._chosen):
            self.moreRequested.emit()
        elif index >= 0 and self.cross(index).contains(event.position().toPoint()):
            self.removeRequested.emit(self._chosen[index].path)

    def _paint_picture(self, painter: QPainter, index: int) -> None:
        box, image = self.cell(index), self._images.get(self._chosen[index].path)
        if image is None:
            painter.fillRect(box, QColor(self._theme.raised))
        else:
            painter.drawImage(box, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.text if index == self._pointed else self._theme.line), 1))
        painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))
        if index == self._pointed:
            self._paint_cross(painter, self.cross(index))

    def _paint_cross(self, painter: QPainter, box: QRect) -> None:
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.setBrush(QColor(self._theme.hover if self._crossed else self._theme.panel))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        mark = picture("close", self._theme.text, size=12, ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.left() + 4, box.top() + 4), mark)

    def _paint_more(self, painter: QPainter, box: QRect) -> None:
        pen = QPen(QColor(self._theme.accent if self._hot else self._theme.secondary), 1.5 if self._hot else 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        pointed = self._pointed == len(self._chosen)
        painter.setBrush(QColor(self._theme.hover) if pointed or self._hot else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)
        mark = picture("plus", self._theme.text, size=16, ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.left() + (EDGE - 16) / 2, box.top() + (EDGE - 16) / 2), mark)

    def _on_pointed(self, index: int) -> None:
        self._crossed = False
        self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)

    def _count(self) -> int:
        return len(self._chosen) + 1

    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (EDGE + GAP))

    def _refit(self) -> None:
        rows = -(-self._count() // self._columns())
        self.setFixedHeight(rows * (EDGE + GAP) - GAP)
        self._point(min(self._pointed, len(self._chosen)))
        self.update()


def _square(pixels: Pixels | None) -> Pixels:
    """The middle square of a picture, at the size it is painted in on dense screens."""
    assert pixels is not None
    rows, columns = pixels.shape[:2]
    edge = min(rows, columns)
    top, left = (rows - edge) // 2, (columns - edge) // 2
    goal = min(edge, SHARP * EDGE)
    square = np.ascontiguousarray(pixels[top : top + edge, left : left + edge])
    return np.ascontiguousarray(cv2.resize(square, (goal, goal), interpolation=cv2.INTER_AREA), dtype=np.uint8)
