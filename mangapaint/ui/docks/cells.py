"""A row or grid of painted cells: which one is under the pointer, and what is said of it."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mangapaint.document.page import Pixels
from mangapaint.ui.controls import Painted
from mangapaint.ui.theme import Theme, picture

PLUS = 16
DENSE = 3
"""Pixels of a picture for each logical one, for dense screens."""


class Cells(Painted):
    """Follows the pointer over cells; ``_pointed`` is the one under it, -1 for none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pointed = -1
        self.setMouseTracking(True)

    def cell(self, index: int) -> QRect:
        """Where a cell is painted and pressed."""
        raise NotImplementedError

    def tip(self, index: int) -> str:
        """What is said of a cell; nothing of -1."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which one is pointed at."""
        self._point(self._index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """None is."""
        self._point(-1)

    def event(self, event: QEvent) -> bool:
        """Say something of what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(self._index_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def _count(self) -> int:
        raise NotImplementedError

    def _on_pointed(self, index: int) -> None:
        """Another cell is under the pointer, or none."""
        raise NotImplementedError

    def _point(self, index: int) -> None:
        if index != self._pointed:
            self._pointed = index
            self._on_pointed(index)
            self.update()

    def _pressed(self, event: QMouseEvent) -> int:
        """Return the cell that a press of the left button chooses, -1 for none."""
        return self._index_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else -1

    def _index_at(self, at: QPointF) -> int:
        return next((i for i in range(self._count()) if self.cell(i).contains(at.toPoint())), -1)


class Pictures(Cells):
    """Pictures as squares; behind the last one is the place to add more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._hot = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_hot(self, hot: bool) -> None:
        """Show that what is held over them may be dropped."""
        self._hot = hot
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self._refit()

    def _refit(self) -> None:
        """Take the height that the rows need."""
        raise NotImplementedError

    def _paint_more(self, painter: QPainter) -> None:
        """Paint the place to add more, which is the last cell."""
        last = self._count() - 1
        box = self.cell(last)
        pen = QPen(QColor(self._theme.accent if self._hot else self._theme.secondary), 1.5 if self._hot else 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        marked = self._pointed == last or self._hot
        painter.setBrush(QColor(self._theme.hover) if marked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)
        mark = picture("plus", self._theme.text, size=PLUS, ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.left() + (box.width() - PLUS) / 2, box.top() + (box.height() - PLUS) / 2), mark)


def middle_square(pixels: Pixels, edge: int) -> Pixels:
    """Return the middle square of a picture, for a cell with an edge of so many logical pixels."""
    rows, columns = pixels.shape[:2]
    side = min(rows, columns)
    top, left = (rows - side) // 2, (columns - side) // 2
    square = np.ascontiguousarray(pixels[top : top + side, left : left + side])
    goal = min(side, DENSE * edge)
    return np.ascontiguousarray(cv2.resize(square, (goal, goal), interpolation=cv2.INTER_AREA), dtype=np.uint8)
