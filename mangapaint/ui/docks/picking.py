"""What all ways to pick a colour by hand share: a part that is held and dragged, and the mark on what is chosen."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.document.page import Color
from mangapaint.ui.controls import Painted
from mangapaint.ui.theme import Theme

MIN_SIZE = 128
BEST_SIZE = 232
MAX_SIZE = 240


class Picking(Painted):
    """Parts of it are pressed and dragged; ``_held`` is the one that is."""

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._held: Enum | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(MIN_SIZE, MIN_SIZE)
        self.setMaximumHeight(MAX_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return QSize(BEST_SIZE, BEST_SIZE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a part."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._part_at(event.position())
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow while held."""
        self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def _part_at(self, at: QPointF) -> Enum | None:
        """Return what a press takes hold of there."""
        raise NotImplementedError

    def _drag(self, at: QPointF) -> None:
        """Pick what lies there of the part that is held."""
        raise NotImplementedError


def mark(painter: QPainter, at: QPointF, radius: float, color: Color, *, line: float = 2) -> None:
    """Paint a ring of a dark and a light line, readable on any colour, filled with the colour it stands on."""
    painter.setBrush(QColor(*color))
    painter.setPen(QPen(QColor(0, 0, 0, 160), line + 1.5))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(QColor("#ffffff"), line))
    painter.drawEllipse(at, radius, radius)
