"""A row or grid of painted cells: which one is under the pointer, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mangapaint.ui.controls import Painted
from mangapaint.ui.theme import Theme


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
