"""Colours carried by hand: from where they are seen to a region of the page that takes them."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from mangapaint.document.page import Color

FORMAT = "application/x-mangapaint-color"
SWATCH = 28
"""Logical pixels of the swatch that follows the pointer, ..."""
ASIDE = QPoint(-10, -10)
"""... beside it, so that the region under the pointer can be seen."""


def carry(source: QWidget, color: Color) -> None:
    """Let the hand carry a colour until it is dropped somewhere or Esc is pressed; returns then."""
    drag = QDrag(source)
    drag.setMimeData(packed(color))
    drag.setPixmap(swatch(color, source.devicePixelRatioF()))
    drag.setHotSpot(ASIDE)
    drag.exec(Qt.DropAction.CopyAction)


def packed(color: Color) -> QMimeData:
    """Return what is carried; other programs see a plain colour."""
    mime = QMimeData()
    mime.setColorData(QColor(*color))
    mime.setData(FORMAT, bytes(color))
    return mime


def unpacked(mime: QMimeData) -> Color | None:
    """Return the colour that is carried; None for anything that did not begin in this window."""
    held = bytes(mime.data(FORMAT).data()) if mime.hasFormat(FORMAT) else b""
    return (held[0], held[1], held[2]) if len(held) == 3 else None


def swatch(color: Color, ratio: float) -> QPixmap:
    """Draw a carried colour: a small square in a light and a dark line."""
    pixmap = QPixmap(round(SWATCH * ratio), round(SWATCH * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(*color))
    painter.setPen(QPen(QColor(20, 20, 20), 1))
    painter.drawRoundedRect(QRectF(0.5, 0.5, SWATCH - 1, SWATCH - 1), 4, 4)
    painter.setPen(QPen(QColor(255, 255, 255), 1))
    painter.drawRoundedRect(QRectF(1.5, 1.5, SWATCH - 3, SWATCH - 3), 3, 3)
    painter.end()
    return pixmap


class DropTarget(QWidget):
    """A widget that carried colours may be dropped on, where ``takes_color`` says so of a point of the widget."""

    colorCarried = Signal(object)
    """The point (QPointF) a colour is held over that would be taken there, or None."""
    colorDropped = Signal(object, object)
    """The point and the colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.takes_color: Callable[[QPointF], bool] = lambda _at: False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome colours; anything else is offered to what lies behind."""
        if unpacked(event.mimeData()) is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        taken = unpacked(event.mimeData()) is not None and self.takes_color(event.position())
        event.setAccepted(taken)
        self.colorCarried.emit(event.position() if taken else None)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere, or Esc was pressed."""
        self.colorCarried.emit(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self.colorCarried.emit(None)
        color = unpacked(event.mimeData())
        if color is not None and self.takes_color(event.position()):
            event.acceptProposedAction()
            self.colorDropped.emit(event.position(), color)
