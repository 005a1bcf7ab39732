"""The colours that are likely at one place of the page, to take one of them."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.document.page import Color
from mangapaint.document.palette import hex_of
from mangapaint.ui.docks.cells import Cells
from mangapaint.ui.docks.reference_thumbs import percent
from mangapaint.ui.theme import Theme, small, tabular

MOST = 6
HIGH, GAP = 20, 4
WORDS = 14
"""Logical pixels below a colour for how likely it is."""
ASK = "Point at the page for likely colours"


@dataclass(frozen=True)
class Guess:
    """A colour and how likely it is (0..1)."""

    color: Color
    chance: float


class GuessRow(Cells):
    """Up to six colours side by side, the likeliest first; a click takes one."""

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._guesses: tuple[Guess, ...] = ()
        self._chosen: Color | None = None
        self.setFixedHeight(HIGH + WORDS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(tabular(small(self.font())))
        self.setAccessibleName("Likely colours under the pointer")
        self.hide()

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What is on offer."""
        return self._guesses

    def set_guesses(self, guesses: Sequence[Guess] | None) -> None:
        """Offer these, at most six; none yet asks to point at the page, and None hides the row."""
        self._guesses = tuple(guesses or ())[:MOST]
        self.setVisible(guesses is not None)
        self._point(min(self._pointed, len(self._guesses) - 1))
        self.update()

    def set_color(self, color: Color | None) -> None:
        """Mark the colour that is chosen, if it is on offer."""
        self._chosen = color
        self.update()

    def cell(self, index: int) -> QRect:
        """Where a colour is painted and pressed."""
        wide = (self.width() + GAP) // MOST - GAP
        return QRect(index * (wide + GAP), 0, wide, HIGH)

    def tip(self, index: int) -> str:
        """What is said of a colour."""
        if index < 0:
            return ""
        row = self._guesses[index]
        likely = f"{hex_of(row.color)}, {percent(row.chance)} likely where the pointer last rested"
        return f"{likely}; Q takes it" if index == 0 else likely

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them, or what is to be done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._guesses:
            painter.setPen(QColor(self._theme.secondary))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, ASK)
        for index, row in enumerate(self._guesses):
            self._paint_guess(painter, index, row)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take one."""
        index = self._pressed(event)
        if index >= 0:
            self.colorPicked.emit(self._guesses[index].color)

    def _paint_guess(self, painter: QPainter, index: int, row: Guess) -> None:
        box, taken = QRectF(self.cell(index)), row.color == self._chosen
        marked = taken or index == self._pointed
        edge = self._theme.accent if taken else self._theme.text if marked else self._theme.line
        inset = 1.0 if marked else 0.5
        painter.setPen(QPen(QColor(edge), 2 if marked else 1))
        painter.setBrush(QColor(*row.color))
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 4, 4)
        painter.setPen(QColor(self._theme.text if marked else self._theme.secondary))
        words = QRectF(box.left(), box.bottom(), box.width(), WORDS)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, percent(row.chance))

    def _on_pointed(self, index: int) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)

    def _count(self) -> int:
        return len(self._guesses)
