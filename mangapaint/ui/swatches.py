"""Colours as small squares: how one is painted, and a grid or list of them."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mangapaint.document.page import Color
from mangapaint.document.palette import Swatch, hex_of
from mangapaint.ui.controls import Painted
from mangapaint.ui.theme import Theme, tabular

CELL = 24
GAP = 4
ROW = 28
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Layout(Enum):
    """Squares side by side, or one row a colour with its name and share."""

    GRID = "grid"
    LIST = "list"


class Swatches(Painted):
    """Colours to choose from with the mouse or the arrow keys."""

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, layout: Layout = Layout.GRID, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._layout = layout
        self._swatches: tuple[Swatch, ...] = ()
        self._hovered = -1
        self._current = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_swatches(self, swatches: Sequence[Swatch]) -> None:
        """Show these, in this order."""
        self._swatches = tuple(swatches)
        self._hovered, self._current = -1, min(self._current, max(0, len(self._swatches) - 1))
        self._refit()

    def set_layout(self, layout: Layout) -> None:
        """Show them as a grid or as a list."""
        self._layout = layout
        self._refit()

    def columns(self) -> int:
        """How many stand in one row."""
        return max(1, (self.width() + GAP) // (CELL + GAP)) if self._layout is Layout.GRID else 1

    def cell(self, index: int) -> QRect:
        """Where the colour at an index is painted and pressed."""
        if self._layout is Layout.LIST:
            return QRect(0, index * ROW, self.width(), ROW)
        row, column = divmod(index, self.columns())
        return QRect(column * (CELL + GAP), row * (CELL + GAP), CELL, CELL)

    def tip(self, index: int) -> str:
        """What the tooltip says of the colour at an index: its name, its hex and its share."""
        swatch = self._swatches[index]
        return "  ".join(part for part in (swatch.name, hex_of(swatch.color), share_text(swatch.share)) if part)

    def sizeHint(self) -> QSize:
        """As high as the colours need at the present width."""
        return QSize(CELL, self.height_at(self.width()))

    def height_at(self, width: int) -> int:
        """As high as the colours need at a width."""
        count = len(self._swatches)
        if self._layout is Layout.LIST:
            return count * ROW
        rows = -(-count // max(1, (width + GAP) // (CELL + GAP)))
        return max(0, rows * (CELL + GAP) - GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what lies in the dirty part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, swatch in enumerate(self._swatches):
            box = self.cell(index)
            if box.intersects(event.rect()):
                self._paint(painter, index, swatch, box)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._hover(self._index_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick."""
        index = self._index_at(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self.colorPicked.emit(self._swatches[index].color)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Space and Enter pick."""
        steps = {**STEPS, Qt.Key.Key_Up: -self.columns(), Qt.Key.Key_Down: self.columns()}
        key = Qt.Key(event.key())
        if not self._swatches:
            super().keyPressEvent(event)
        elif key in steps:
            self._current = max(0, min(len(self._swatches) - 1, self._current + steps[key]))
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.colorPicked.emit(self._swatches[self._current].color)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say in the tooltip which colour is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self.tip(index) if index >= 0 else "", self)
            return True
        return super().event(event)

    def _index_at(self, x: float, y: float) -> int:
        return next((i for i in range(len(self._swatches)) if self.cell(i).contains(int(x), int(y))), -1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def _refit(self) -> None:
        self.setFixedHeight(self.height_at(self.width()))
        self.updateGeometry()
        self.update()

    def _paint(self, painter: QPainter, index: int, swatch: Swatch, box: QRect) -> None:
        focused = self.hasFocus() and index == self._current
        if self._layout is Layout.GRID:
            edge = self._theme.text if index == self._hovered else None
            paint_color(painter, QRectF(box), swatch.color, self._theme, focused=focused, edge=edge)
            return
        if index == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.hover))
            painter.drawRoundedRect(box, 4, 4)
        square = QRectF(box.left() + 4, box.top() + 4, ROW - 8, ROW - 8)
        paint_color(painter, square, swatch.color, self._theme, focused=focused)
        self._paint_words(painter, index, swatch, box)

    def _paint_words(self, painter: QPainter, index: int, swatch: Swatch, box: QRect) -> None:
        painter.setFont(tabular(self.font()))
        quiet = self._theme.text if index == self._hovered else self._theme.secondary
        words = box.adjusted(ROW + 4, 0, -4, 0)
        share = share_text(swatch.share)
        painter.setPen(QColor(quiet))
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        metrics = QFontMetrics(painter.font())
        room = words.width() - metrics.horizontalAdvance(share) - 8
        name = metrics.elidedText(swatch.name or hex_of(swatch.color), Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def share_text(share: float) -> str:
    """A share as a person reads it; nothing where it is unknown."""
    if share <= 0:
        return ""
    return "<\u20091\u2009%" if share < 0.01 else f"{share * 100:.0f}\u2009%"


def paint_color(
    painter: QPainter, box: QRectF, color: Color | None, theme: Theme, *, focused: bool = False, edge: str | None = None
) -> None:
    """Paint one colour as a rounded square; None is a struck-out white square. ``edge`` replaces the line colour."""
    box = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(QColor(theme.accent if focused else edge or theme.line), 1))
    painter.setBrush(QColor(*color) if color is not None else QColor("#ffffff"))
    painter.drawRoundedRect(box, 4, 4)
    if color is None:
        painter.setPen(QPen(QColor(theme.error), 1.5))
        inset = min(box.width(), box.height()) * 0.16
        painter.drawLine(
            QPointF(box.left() + inset, box.bottom() - inset), QPointF(box.right() - inset, box.top() + inset)
        )
