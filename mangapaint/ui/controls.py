"""The small controls that bars and docks share: a label that elides, a chip with a menu, a slider, a popover."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from dataclasses import dataclass
from math import log

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mangapaint.ui.theme import Theme, icon, tabular, width_of

LOG_STEPS = 1000


class Painted(QWidget):
    """A widget that paints itself in the theme's colours."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.update()


class ElidedLabel(QLabel):
    """One line that shortens itself where room is missing, with the whole text in its tooltip and its copies."""

    def __init__(self, parent: QWidget | None = None, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(parent)
        self._full = ""
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def full(self) -> str:
        """The whole text."""
        return self._full

    def set_full(self, text: str) -> None:
        """Show a text, in one line."""
        self._full = " ".join(text.split())
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for the whole text's width."""
        return QSize(width_of(self.font(), self._full) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Live with nearly none."""
        return QSize(min(40, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the whole text where the shortened one is selected from end to end."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy").triggered.connect(self._copy)
        menu.popup(event.globalPos())

    def _copy(self) -> None:
        chosen = self.selectedText()
        QGuiApplication.clipboard().setText(self._full if chosen in ("", self.text()) else chosen)

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, self._mode, self.width())
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class Chip(QPushButton):
    """A button that says what is chosen and opens the menu of choices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.setMenu(menu)

    def sizeHint(self) -> QSize:
        """Room for the text, the pin or picture before it and the arrow behind it."""
        picture = 0 if self.icon().isNull() else self.iconSize().width() + 4
        return QSize(width_of(self.font(), self.text()) + picture + 36, 28)


class IconButton(QToolButton):
    """A flat button with one of the theme's icons."""

    def __init__(
        self, name: str, theme: Theme, *, tip: str = "", size: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._size = size
        self.setIconSize(QSize(size, size))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.setIcon(icon(self._name, theme, size=self._size))

    def set_icon(self, name: str, theme: Theme) -> None:
        """Show another icon."""
        self._name = name
        self.set_theme(theme)


class Track(QSlider):
    """A horizontal slider whose handle comes to where the track is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(20)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump, then drag from there."""
        if event.button() == Qt.MouseButton.LeftButton and not self._handle().contains(event.position().toPoint()):
            self.setSliderDown(True)  # before the value changes, so that it counts as dragged
            span = max(1, self.width() - self._handle().width())
            at = round(event.position().x() - self._handle().width() / 2)
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, span))
        super().mousePressEvent(event)

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)


@dataclass(frozen=True)
class Range:
    """What a slider runs over; ``logarithmic`` gives each doubling the same way."""

    minimum: float
    maximum: float
    step: float = 1.0
    logarithmic: bool = False

    @property
    def steps(self) -> int:
        """How many positions the slider has above its first."""
        return LOG_STEPS if self.logarithmic else max(1, round((self.maximum - self.minimum) / self.step))

    def value(self, position: int) -> float:
        """The value at a position, rounded to whole steps."""
        part = position / self.steps
        if self.logarithmic:
            raw = self.minimum * float((self.maximum / self.minimum) ** part)
        else:
            raw = self.minimum + part * (self.maximum - self.minimum)
        stepped = self.minimum + round((raw - self.minimum) / self.step) * self.step
        return min(self.maximum, max(self.minimum, round(stepped, 6)))

    def position(self, value: float) -> int:
        """The position nearest a value."""
        inside = min(self.maximum, max(self.minimum, value))
        if self.logarithmic:
            return round(self.steps * log(inside / self.minimum) / log(self.maximum / self.minimum))
        return round(self.steps * (inside - self.minimum) / (self.maximum - self.minimum))


class ValueSlider(QWidget):
    """A slider with its value behind it."""

    valuePicked = Signal(float)
    held = Signal(bool)
    """The handle was taken hold of, or let go."""

    def __init__(self, span: Range, *, suffix: str = "", percent: bool = False, lowest: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._range = span
        self._suffix = suffix
        self._lowest = lowest
        self._percent = percent
        self._value = span.minimum
        self.track = Track()
        self.track.setRange(0, span.steps)
        self.label = QLabel()
        self.label.setFont(tabular(self.label.font()))
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        widest = max(width_of(self.label.font(), self._text(value)) for value in (span.minimum, span.maximum))
        self.label.setFixedWidth(widest + 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.track, 1)
        row.addWidget(self.label)
        self.track.valueChanged.connect(self._moved)
        self.track.sliderPressed.connect(lambda: self.held.emit(True))
        self.track.sliderReleased.connect(lambda: self.held.emit(False))
        self._show()

    @property
    def value(self) -> float:
        """What is chosen."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value without telling anyone."""
        self._value = min(self._range.maximum, max(self._range.minimum, value))
        self.track.blockSignals(True)
        self.track.setValue(self._range.position(self._value))
        self.track.blockSignals(False)
        self._show()

    def _moved(self, position: int) -> None:
        self._value = self._range.value(position)
        self._show()
        self.valuePicked.emit(self._value)

    def _show(self) -> None:
        self.label.setText(self._text(self._value))

    def _text(self, value: float) -> str:
        if self._lowest and value <= self._range.minimum:
            return self._lowest
        if self._percent:
            return f"{value * 100:.0f}\u2009%"
        digits = 0 if self._range.step >= 1 else 1 if self._range.step >= 0.1 else 2
        return f"{value:.{digits}f}" + (f"\u2009{self._suffix}" if self._suffix else "")


class Popover(QFrame):
    """A small panel that opens under a control and closes when anything else is pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(12, 12, 12, 12)
        self.rows.setSpacing(8)

    def open_under(self, anchor: QWidget) -> None:
        """Show the panel below a control, within its window and its screen."""
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        room = anchor.screen().availableGeometry().intersected(anchor.window().geometry())
        corner.setX(max(room.left() + 4, min(corner.x(), room.right() - self.width() - 4)))
        corner.setY(max(room.top() + 4, min(corner.y(), room.bottom() - self.height() - 4)))
        self.move(corner)
        self.show()
