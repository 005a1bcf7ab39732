"""The Color dock: what the brush paints with, and how wide."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mangapaint.document.page import Color
from mangapaint.document.palette import Swatch, color_of, hex_of
from mangapaint.ui.controls import Painted, Range, Track
from mangapaint.ui.docks.guesses import Guess, GuessRow
from mangapaint.ui.docks.picker import Picker
from mangapaint.ui.swatches import Swatches, paint_color
from mangapaint.ui.theme import Theme, icon, tabular

RECENT = 18
SPACING = 8
SIZES = Range(1, 500, 0.1, logarithmic=True)
WHOLE_FROM = 10
"""Sizes from here on are whole pixels."""


class ColorDock(QWidget):
    """Passive: setters in, signals out; None as a colour is "keep uncoloured"."""

    colorPicked = Signal(object)
    sizePicked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._color: Color | None = (0, 0, 0)
        self.picker = Picker(theme)
        self.wheel, self.gamut = self.picker.wheel, self.picker.gamut
        self.guesses = GuessRow(theme)
        self.sample = Sample(theme)
        self.hex = HexField()
        self.uncoloured = QPushButton("Keep uncoloured")
        self.uncoloured.setCheckable(True)
        self.uncoloured.setFixedHeight(28)
        self.uncoloured.setIconSize(QSize(16, 16))
        self.uncoloured.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.uncoloured.setToolTip("Strokes that keep what is under them uncoloured")
        self.recent = Swatches(theme)
        self.size_row = SizeRow()
        self._build()
        self._connect()
        self.set_theme(theme)
        self.set_color((0, 0, 0))

    @property
    def color(self) -> Color | None:
        """What is chosen."""
        return self._color

    def set_color(self, color: Color | None) -> None:
        """Show a colour without telling anyone."""
        self._color = color
        self.sample.set_color(color)
        self.uncoloured.setChecked(color is None)
        self.hex.set_color(color)
        self.guesses.set_color(color)
        if color is not None:
            self.picker.set_color(color)

    def set_recent(self, colors: Sequence[Color]) -> None:
        """Show the colours last used, newest first; each once, at most 18."""
        unique = tuple(dict.fromkeys(colors))[:RECENT]
        self.recent.set_swatches([Swatch(color) for color in unique])
        self.recent.setVisible(bool(unique))

    def set_guesses(self, guesses: Sequence[Guess] | None) -> None:
        """Offer the colours that are likely where the pointer last rested on the page, the likeliest first.

        None of them yet asks for the pointer; None: nothing is held likely anywhere, and there is no row.
        """
        if guesses is not None:  # room first: a window that had to grow for a moment would stay so
            self.picker.set_room(self.guesses.height() + SPACING)
        self.guesses.set_guesses(guesses)
        if guesses is None:
            self.picker.set_room(0)
        self.gamut.set_guesses([row.color for row in self.guesses.guesses])

    def set_size(self, size: float) -> None:
        """Show the brush's diameter in page pixels, without telling anyone."""
        self.size_row.set_size(size)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.uncoloured.setIcon(icon("transparent", theme, size=16))
        for part in (self.picker, self.guesses, self.sample, self.recent):
            part.set_theme(theme)

    def _build(self) -> None:
        entry = QHBoxLayout()
        entry.setSpacing(8)
        entry.addWidget(self.sample)
        entry.addWidget(self.hex)
        entry.addWidget(self.uncoloured, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(SPACING)
        column.addWidget(self.picker, 1)
        column.addSpacing(4)
        column.addWidget(self.guesses)
        column.addLayout(entry)
        column.addWidget(self.recent)
        column.addWidget(self.size_row)
        column.addStretch()
        self.recent.hide()

    def _connect(self) -> None:
        self.picker.picked.connect(self._pick)
        self.guesses.colorPicked.connect(self._pick)
        self.hex.colorPicked.connect(self._pick)
        self.recent.colorPicked.connect(self._pick)
        self.uncoloured.clicked.connect(lambda on: self._pick(None if on else self.wheel.hsv.color))
        self.size_row.sizePicked.connect(self.sizePicked)

    def _pick(self, color: Color | None) -> None:
        self.set_color(color)
        self.colorPicked.emit(color)


class Sample(Painted):
    """A square of the chosen colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._color: Color | None = None
        self.setFixedSize(28, 28)

    def set_color(self, color: Color | None) -> None:
        """Show a colour."""
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_color(painter, QRectF(self.rect()), self._color, self._theme)
        painter.end()


class HexField(QLineEdit):
    """A colour as hex; what cannot be read is marked while typed and put back when left."""

    colorPicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color: Color | None = None
        self.setFixedSize(84, 28)
        self.setMaxLength(9)
        self.setFont(tabular(self.font()))
        self.setAccessibleName("Colour as hex")
        self.textEdited.connect(lambda _text: self._mark())
        self.returnPressed.connect(self._commit)

    def set_color(self, color: Color | None) -> None:
        """Show a colour; None leaves the field empty."""
        self._color = color
        self.setText("" if color is None else hex_of(color))
        self.setPlaceholderText("none" if color is None else "#rrggbb")
        self._mark()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed, or put back what was there."""
        super().focusOutEvent(event)
        if self.isModified():
            self._commit()
        if self._read() is None:
            self.set_color(self._color)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts back what was there."""
        if event.key() == Qt.Key.Key_Escape:
            self.set_color(self._color)
            return
        super().keyPressEvent(event)

    def _commit(self) -> None:
        color = self._read()
        self.setModified(False)
        if color is not None and color != self._color:
            self.colorPicked.emit(color)

    def _read(self) -> Color | None:
        try:
            return color_of(self.text())
        except ValueError:
            return None

    def _mark(self) -> None:
        invalid = bool(self.text()) and self._read() is None
        if self.property("invalid") != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)


class SizeBox(QDoubleSpinBox):
    """Writes whole sizes without a fraction."""

    def textFromValue(self, value: float) -> str:
        """The number as it is read."""
        return f"{value:.1f}".removesuffix(".0")


class SizeRow(QWidget):
    """The brush's diameter: a slider that doubles evenly, and the number."""

    sizePicked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        caption = QLabel("Size")
        caption.setObjectName("secondary")
        self.track = Track()
        self.track.setRange(0, SIZES.steps)
        self.track.setAccessibleName("Brush size")
        self.spin = SizeBox()
        self.spin.setRange(SIZES.minimum, SIZES.maximum)
        self.spin.setDecimals(1)
        self.spin.setSuffix("\u2009px")
        self.spin.setFont(tabular(self.spin.font()))
        self.spin.setFixedSize(84, 28)
        self.spin.lineEdit().setTextMargins(4, 0, 0, 0)
        self.spin.setKeyboardTracking(False)
        self.spin.setAccessibleName("Brush size in pixels")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(caption)
        row.addWidget(self.track, 1)
        row.addWidget(self.spin)
        self.track.valueChanged.connect(self._slid)
        self.spin.valueChanged.connect(self._typed)
        self.set_size(24)

    def set_size(self, size: float) -> None:
        """Show a diameter without telling anyone."""
        for part in (self.track, self.spin):
            part.blockSignals(True)
        self.track.setValue(SIZES.position(size))
        self.spin.setValue(size)
        for part in (self.track, self.spin):
            part.blockSignals(False)

    def _slid(self, position: int) -> None:
        raw = SIZES.value(position)
        size = float(round(raw)) if raw >= WHOLE_FROM else round(raw, 1)
        self.set_size(size)
        self.sizePicked.emit(size)

    def _typed(self, size: float) -> None:
        self.set_size(size)
        self.sizePicked.emit(size)
