"""All references small, with what each gave to the page, and the places to drop more."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from mangapaint.document.page import Pixels
from mangapaint.ui.docks.cells import Pictures, middle_square
from mangapaint.ui.docks.reference_picture import image_of
from mangapaint.ui.theme import Theme, picture

THUMB = 52
GAP = 4
BAR = 4
"""Logical pixels of the bar below a thumbnail that says what it gave."""


def percent(part: float) -> str:
    """Say a part (0..1) in whole per cent; what is little is not nothing."""
    return "<1\u2009%" if 0 < part < 0.005 else f"{part * 100:.0f}\u2009%"


class Thumbnails(Pictures):
    """All references small, the selected one framed, and behind them a place to add more."""

    picked = Signal(int)
    pointed = Signal(int)
    """The reference under the pointer, or -1."""
    moreRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._images: list[QImage] = []
        self._shown: list[Pixels] = []
        self._names: list[str] = []
        self._shares: list[float] | None = None
        self._chosen = 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_pictures(self, pictures: Sequence[Pixels], names: Sequence[str], chosen: int) -> None:
        """Show these, one of them chosen."""
        if [id(item) for item in pictures] != [id(item) for item in self._shown]:
            self._shown = list(pictures)
            self._images = [image_of(middle_square(item, THUMB)) for item in pictures]
        self._names = list(names)
        self._chosen = chosen
        self._refit()

    def set_shares(self, shares: Sequence[float] | None) -> None:
        """Show below each as a bar which part of the page (0..1) came from it; None: there is nothing to say."""
        new = None if shares is None else list(shares)
        if new != self._shares:
            self._shares = new
            self._refit()

    def cell(self, index: int) -> QRect:
        """Where a thumbnail is painted and pressed; after the last one comes the place to add more."""
        row, column = divmod(index, self._columns())
        return QRect(column * (THUMB + GAP), row * self._step(), THUMB, THUMB)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        for index in range(len(self._images)):
            self._paint_thumb(painter, index)
        self._paint_more(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose, or ask for more."""
        index = self._pressed(event)
        if index == len(self._images):
            self.moreRequested.emit()
        elif index >= 0:
            self.picked.emit(index)

    def tip(self, index: int) -> str:
        """What is said of a thumbnail; of the one after the last, what it is for."""
        if index == len(self._images):
            return "Add references: drop pictures here, or browse"
        if index < 0:
            return ""
        name = self._names[index]
        return name if self._shares is None else f"{name}: {told(self._shares[index])}"

    def _paint_thumb(self, painter: QPainter, index: int) -> None:
        box, chosen = self.cell(index), index == self._chosen
        painter.drawImage(box, self._images[index])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.accent if chosen else self._theme.line), 2 if chosen else 1))
        inset = 1.0 if chosen else 0.5
        painter.drawRect(QRectF(box).adjusted(inset, inset, -inset, -inset))
        if self._shares is not None:
            bar = QRectF(box.left(), box.bottom() + 1 + GAP, box.width(), BAR)
            painter.fillRect(bar, QColor(self._theme.line))
            bar.setWidth(bar.width() * self._shares[index])
            painter.fillRect(bar, QColor(self._theme.text))

    def _on_pointed(self, index: int) -> None:
        self.pointed.emit(index if index < len(self._images) else -1)

    def _count(self) -> int:
        return len(self._images) + 1

    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (THUMB + GAP))

    def _step(self) -> int:
        return THUMB + GAP if self._shares is None else THUMB + GAP + BAR + 2 * GAP

    def _refit(self) -> None:
        rows = -(-(len(self._images) + 1) // self._columns())
        self.setFixedHeight(rows * self._step() - (GAP if self._shares is None else 2 * GAP))
        self.update()


def told(share: float) -> str:
    """Say in words what a reference gave."""
    return f"gave {percent(share)} of the page its colour" if share else "nothing came from it"


class DropArea(QPushButton):
    """A dashed frame that says what may be dropped; a press browses instead."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hot = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Drop reference pictures here or browse")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(104)

    def set_hot(self, hot: bool) -> None:
        """Show that what is held over it may be dropped."""
        self._hot = hot
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self._hot or self.hasFocus()
        pen = QPen(QColor(self._theme.accent if marked else self._theme.secondary), 1.5 if self._hot else 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(self._theme.hover) if self.underMouse() or self._hot else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.text))
        box = self.rect()
        mark = picture("reference", self._theme.secondary, size=20, ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.center().x() - 10, 16), mark)
        line = painter.fontMetrics().height()
        painter.drawText(QRect(0, 44, box.width(), line), Qt.AlignmentFlag.AlignCenter, "Drop coloured pictures here")
        painter.setPen(QColor(self._theme.text if self.underMouse() else self._theme.secondary))
        painter.drawText(QRect(0, 48 + line, box.width(), line), Qt.AlignmentFlag.AlignCenter, "or browse")
