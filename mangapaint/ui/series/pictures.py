"""The pictures a series is learned from, small, each with a cross to leave it out; more are dropped or looked for."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mangapaint.ui.docks.cells import Pictures, middle_square
from mangapaint.ui.docks.reference_picture import image_of
from mangapaint.ui.series.session import Chosen
from mangapaint.ui.theme import Theme, picture

EDGE = 80
GAP = 8
CROSS = 20


class PictureGrid(Pictures):
    """Squares side by side and below one another; behind the last one is the place to add more."""

    removeRequested = Signal(object)
    moreRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._chosen: tuple[Chosen, ...] = ()
        self._images: dict[object, QImage] = {}
        self._crossed = False
        self.setAccessibleName("Pictures to learn from")

    def set_pictures(self, chosen: Sequence[Chosen]) -> None:
        """Show these; what was not looked at yet is an empty square."""
        self._chosen = tuple(chosen)
        known = {item.path: self._images.get(item.path) for item in chosen}
        self._images = {item.path: known[item.path] or image_of(middle_square(item.small, EDGE))
                        for item in chosen if item.small is not None}  # fmt: skip
        self._refit()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what lies in the dirty part."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        for index in range(len(self._chosen)):
            if self.cell(index).intersects(event.rect()):
                self._paint_picture(painter, index)
        self._paint_more(painter)
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
