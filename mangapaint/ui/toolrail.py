"""The tools at the left edge, and the two colours at their foot."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QToolTip, QVBoxLayout, QWidget

from mangapaint.document.page import Color
from mangapaint.document.palette import hex_of
from mangapaint.ui.controls import Painted
from mangapaint.ui.swatches import paint_color
from mangapaint.ui.theme import ICON_SIZE, Theme, icon, picture

WIDTH = 44
BUTTON = 36


@dataclass(frozen=True)
class ToolRow:
    """One tool: its id, its name, its icon's name and its key."""

    id: str
    title: str
    icon: str
    key: str


class ToolRail(QWidget):
    """One button a tool, exactly one of them down."""

    toolPicked = Signal(str)
    swapRequested = Signal()
    colorClicked = Signal(bool)

    def __init__(self, rows: Sequence[ToolRow], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._rows = tuple(rows)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons = {row.id: self._button(row) for row in self._rows}
        self.colors = ColorPair(theme)
        self.colors.swapRequested.connect(self.swapRequested)
        self.colors.colorClicked.connect(self.colorClicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 8)
        column.setSpacing(4)
        for button in self._buttons.values():
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self.colors)
        self.set_theme(theme)

    def button(self, tool: str) -> QToolButton:
        """The button of a tool, to point at."""
        return self._buttons[tool]

    def set_active(self, tool: str) -> None:
        """Press a tool's button without telling anyone; an unknown id changes nothing."""
        if tool in self._buttons:
            self._buttons[tool].setChecked(True)

    def set_colors(self, foreground: Color | None, background: Color | None) -> None:
        """Show the two colours; None is "keep uncoloured"."""
        self.colors.set_colors(foreground, background)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for row in self._rows:
            self._buttons[row.id].setIcon(icon(row.icon, theme, active=theme.on_accent))
        self.colors.set_theme(theme)

    def _button(self, row: ToolRow) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFixedSize(BUTTON, BUTTON)
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setToolTip(f"{row.title}  {row.key}".rstrip())
        button.setAccessibleName(row.title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.toolPicked.emit(row.id))
        self._group.addButton(button)
        return button


class ColorPair(Painted):
    """Foreground over background, and a small arrow that swaps them."""

    swapRequested = Signal()
    colorClicked = Signal(bool)

    FRONT = QRect(1, 1, 23, 23)
    BACK = QRect(12, 12, 23, 23)
    SWAP = QRect(24, 0, 12, 12)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._front: Color | None = (0, 0, 0)
        self._back: Color | None = None
        self.setFixedSize(BUTTON, BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Foreground and background colour")

    def set_colors(self, front: Color | None, back: Color | None) -> None:
        """Show two colours."""
        self._front, self._back = front, back
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both squares, the arrow, and the ring of the keyboard's focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_color(painter, QRectF(self.BACK), self._back, self._theme)
        gap = QRectF(self.FRONT).adjusted(-2, -2, 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.panel))
        painter.drawRoundedRect(gap, 5, 5)
        paint_color(painter, QRectF(self.FRONT), self._front, self._theme, focused=self.hasFocus())
        painter.drawPixmap(
            self.SWAP, picture("swap", self._theme.secondary, size=self.SWAP.width(), ratio=self.devicePixelRatioF())
        )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Swap, or tell which square was meant."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        if self.FRONT.contains(at):
            self.colorClicked.emit(True)
        elif self.SWAP.contains(at):
            self.swapRequested.emit()
        elif self.BACK.contains(at):
            self.colorClicked.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter open the foreground."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.colorClicked.emit(True)
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say in the tooltip what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def tip(self, x: int, y: int) -> str:
        """The tooltip at a point of the widget."""
        if self.FRONT.contains(x, y):
            return f"Foreground  {_named(self._front)}"
        if self.SWAP.contains(x, y):
            return "Swap colours  X"
        return f"Background  {_named(self._back)}" if self.BACK.contains(x, y) else ""


def _named(color: Color | None) -> str:
    return "keep uncoloured" if color is None else hex_of(color)
