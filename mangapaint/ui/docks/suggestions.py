"""A region's match in the references and the next best, as colours to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.document.page import Color
from mangapaint.ui.docks.cells import Cells
from mangapaint.ui.docks.reference_thumbs import percent
from mangapaint.ui.theme import Theme, small, tabular

WIDE, HIGH, GAP = 52, 36, 4
WORDS = 16
"""Logical pixels below a suggestion for how sure it is."""
CROP = 22
"""Logical pixels of the part of the reference that is shown beside the colour."""


@dataclass(frozen=True, eq=False)
class Suggestion:
    """One colour on offer, what the reference shows at its place, its name, how sure it is (0..1), and whether the
    region has it now."""

    color: Color
    crop: QImage
    name: str
    confidence: float
    taken: bool


class Suggestions(Cells):
    """The match first, then the next best; a click gives the region that colour."""

    picked = Signal(int)
    pointed = Signal(int)
    """The suggestion under the pointer, or -1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._rows: tuple[Suggestion, ...] = ()
        self._text = ""
        self.setFixedHeight(HIGH + WORDS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(tabular(small(self.font())))
        self.setAccessibleName("Suggestions for the region")

    @property
    def text(self) -> str:
        """What is said where nothing is on offer."""
        return "" if self._rows else self._text

    def set_rows(self, rows: Sequence[Suggestion], text: str) -> None:
        """Offer these; where there are none, say why."""
        self._rows, self._text = tuple(rows), text
        self._point(min(self._pointed, len(self._rows) - 1))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._pointed >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def cell(self, index: int) -> QRect:
        """Where a suggestion is painted and pressed."""
        return QRect(index * (WIDE + GAP), 0, WIDE, HIGH)

    def tip(self, index: int) -> str:
        """What is said of a suggestion."""
        if index < 0:
            return ""
        row = self._rows[index]
        sure = f"{row.name}, {percent(row.confidence)} sure"
        return f"{sure}: the region's match" if index == 0 else sure

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them, or the words."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        if not self._rows:
            painter.setPen(QColor(self._theme.secondary))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, self._text)
        for index, row in enumerate(self._rows):
            self._paint_row(painter, index, row)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        index = self._pressed(event)
        if index >= 0:
            self.picked.emit(index)

    def _paint_row(self, painter: QPainter, index: int, row: Suggestion) -> None:
        box = QRectF(self.cell(index))
        shape = QPainterPath()
        shape.addRoundedRect(box, 4, 4)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(box, QColor(*row.color))
        painter.drawImage(QRectF(box.right() - CROP, box.top(), CROP, HIGH), row.crop)
        painter.restore()
        marked = row.taken or index == self._pointed
        edge = self._theme.accent if row.taken else self._theme.text if marked else self._theme.line
        painter.setPen(QPen(QColor(edge), 2 if marked else 1))
        inset = 1.0 if marked else 0.5
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 4, 4)
        painter.setPen(QColor(self._theme.text if marked else self._theme.secondary))
        words = QRectF(box.left(), box.bottom(), box.width(), WORDS)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, percent(row.confidence))

    def _on_pointed(self, index: int) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
        self.pointed.emit(index)

    def _count(self) -> int:
        return len(self._rows)
