"""The References dock: coloured pictures that colours are taken from."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mangapaint.document.page import Color, Pixels, Reference
from mangapaint.ui.controls import ElidedLabel, IconButton, Painted
from mangapaint.ui.theme import Theme, picture, small

THUMB = 52
GAP = 4
LONGEST = 640
LARGE_HEIGHT = 220


class ReferencesDock(QWidget):
    """Passive: setters in, signals out. Files dropped anywhere on it are offered."""

    colorPicked = Signal(object)
    filesDropped = Signal(list)
    browseRequested = Signal()
    removeRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._references: tuple[Reference, ...] = ()
        self._small: dict[str, Pixels] = {}
        self._views: dict[str, Pixels] = {}
        self._selected: Reference | None = None
        self.large = LargePicture(theme)
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.name.setObjectName("secondary")
        self.name.setFont(small(self.name.font()))
        self.remove = IconButton("close", theme, tip="Remove this reference", size=12)
        self.remove.setObjectName("cross")
        self.remove.setFixedSize(20, 20)
        self.thumbs = Thumbnails(theme)
        self.area = DropArea(theme)
        self._head = QWidget()
        self._build()
        self._connect()
        self._show_all()

    @property
    def selected(self) -> Reference | None:
        """The reference shown large."""
        return self._selected

    def set_references(self, references: Sequence[Reference]) -> None:
        """Show these; the selected one stays selected while it is there, a new last one is selected."""
        before = {item.id for item in self._references}
        self._references = tuple(references)
        self._small = {item.id: self._small[item.id] if item.id in self._small else _shrunk(item)
                       for item in references}  # fmt: skip
        fresh = [item for item in references if item.id not in before]
        kept = [item for item in references if self._selected is not None and item.id == self._selected.id]
        self._selected = next(iter((*fresh[-1:], *kept, *self._references[:1])), None)
        self._show_all()

    def set_views(self, views: dict[str, Pixels]) -> None:
        """Show references (by id) with overlays, uint8 RGB (h, w, 3); colours are still picked from the bare ones."""
        self._views = views
        self._show_all()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for part in (self.large, self.remove, self.thumbs, self.area):
            part.set_theme(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.area.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self.area.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Offer the files."""
        self.area.set_hot(False)
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.filesDropped.emit(paths)

    def _build(self) -> None:
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self.name, 1)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.large, 1)
        column.addWidget(self._head)
        column.addWidget(self.thumbs)
        column.addWidget(self.area)
        column.addStretch()

    def _connect(self) -> None:
        self.large.colorPicked.connect(self.colorPicked)
        self.thumbs.picked.connect(self._select)
        self.area.clicked.connect(self.browseRequested)
        self.remove.clicked.connect(lambda: self.removeRequested.emit(self._selected))

    def _select(self, index: int) -> None:
        self._selected = self._references[index]
        self._show_all()

    def _show_all(self) -> None:
        item = self._selected
        for part in (self.large, self._head):
            part.setVisible(item is not None)
        self.thumbs.setVisible(len(self._references) > 1)
        self.area.set_compact(item is not None)
        if item is not None:
            self.large.set_pixels(self._small[item.id], self._views.get(item.id))
            self.name.set_full(item.name)
            chosen = [other.id for other in self._references].index(item.id)
            self.thumbs.set_pictures([self._small[other.id] for other in self._references], chosen)


def dropped_paths(mime: QMimeData | None) -> list[Path]:
    """The local files that are being dropped or were copied, in order; an empty clipboard has no data at all."""
    return [Path(url.toLocalFile()) for url in (mime.urls() if mime else ()) if url.isLocalFile()]


def _shrunk(reference: Reference) -> Pixels:
    """A copy no longer than the largest place it is shown in, uint8 (h, w, 3)."""
    part = min(1.0, LONGEST / max(reference.width, reference.height))
    size = (max(1, round(reference.width * part)), max(1, round(reference.height * part)))
    pixels = np.asarray(
        reference.pixels if part == 1 else cv2.resize(reference.pixels, size, interpolation=cv2.INTER_AREA)
    )
    return np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2), dtype=np.uint8)


def image_of(pixels: Pixels) -> QImage:
    """Copy uint8 (H, W, 3) pixels into a picture that owns them."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class LargePicture(Painted):
    """The selected reference, as large as the dock is wide; a press picks the colour that is seen there."""

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pixels: Pixels | None = None
        self._shown: Pixels | None = None
        self._image = QImage()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Click to take a colour")
        self.setMinimumHeight(THUMB)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_pixels(self, pixels: Pixels, view: Pixels | None = None) -> None:
        """Show a picture, or its view with overlays, of the same shape but maybe another size."""
        shown = pixels if view is None else view
        if pixels is not self._pixels or shown is not self._shown:
            self._pixels, self._shown = pixels, shown
            self._image = image_of(shown)
            self._refit()

    def sizeHint(self) -> QSize:
        """As high as the picture asks."""
        return QSize(THUMB, self.maximumHeight())

    def place(self) -> QRectF:
        """Where the picture lies in the widget."""
        size = QSize(self._image.size()).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def color_at(self, at: QPointF) -> Color | None:
        """The colour seen at a point of the widget; None beside the picture."""
        place = self.place()
        if self._pixels is None or not place.contains(at):
            return None
        rows, columns = self._pixels.shape[:2]
        x = min(columns - 1, int((at.x() - place.left()) / place.width() * columns))
        y = min(rows - 1, int((at.y() - place.top()) / place.height() * rows))
        red, green, blue = (int(channel) for channel in self._pixels[y, x])
        return red, green, blue

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the picture asks."""
        super().resizeEvent(event)
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and a thin edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self.place()
        painter.drawImage(place, self._image)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick."""
        color = self.color_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and color is not None:
            self.colorPicked.emit(color)

    def _refit(self) -> None:
        if self._image.width():
            wanted = round(self.width() * self._image.height() / self._image.width())
            self.setMaximumHeight(max(THUMB, min(LARGE_HEIGHT, wanted)))
        self.update()


class Thumbnails(Painted):
    """All references small, the selected one framed."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._images: list[QImage] = []
        self._shown: list[Pixels] = []
        self._chosen = 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_pictures(self, pictures: Sequence[Pixels], chosen: int) -> None:
        """Show these, one of them chosen."""
        if [id(item) for item in pictures] != [id(item) for item in self._shown]:
            self._shown = list(pictures)
            self._images = [image_of(_cropped(item)) for item in pictures]
        self._chosen = chosen
        self._refit()

    def cell(self, index: int) -> QRect:
        """Where a thumbnail is painted and pressed."""
        row, column = divmod(index, self._columns())
        return QRect(column * (THUMB + GAP), row * (THUMB + GAP), THUMB, THUMB)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        for index, image in enumerate(self._images):
            box = self.cell(index)
            painter.drawImage(box, image)
            chosen = index == self._chosen
            painter.setPen(QPen(QColor(self._theme.accent if chosen else self._theme.line), 2 if chosen else 1))
            inset = 1.0 if chosen else 0.5
            painter.drawRect(QRectF(box).adjusted(inset, inset, -inset, -inset))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        at = event.position().toPoint()
        index = next((i for i in range(len(self._images)) if self.cell(i).contains(at)), -1)
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.picked.emit(index)

    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (THUMB + GAP))

    def _refit(self) -> None:
        rows = -(-len(self._images) // self._columns())
        self.setFixedHeight(max(0, rows * (THUMB + GAP) - GAP))
        self.update()


def _cropped(pixels: Pixels) -> Pixels:
    """The middle square of a picture, three times the thumbnail's edge for dense screens."""
    rows, columns = pixels.shape[:2]
    edge = min(rows, columns)
    top, left = (rows - edge) // 2, (columns - edge) // 2
    square = np.ascontiguousarray(pixels[top : top + edge, left : left + edge])
    goal = min(edge, 3 * THUMB)
    return np.ascontiguousarray(cv2.resize(square, (goal, goal), interpolation=cv2.INTER_AREA), dtype=np.uint8)


class DropArea(QPushButton):
    """A dashed frame that says what may be dropped; a press browses instead."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._compact = False
        self._hot = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Drop reference pictures here or browse")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Take one line where references are shown already."""
        self._compact = compact
        self.setFixedHeight(36 if compact else 104)
        self.update()

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
        if self._compact:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "Drop more, or browse")
            return
        mark = picture("reference", self._theme.secondary, size=20, ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.center().x() - 10, 16), mark)
        line = painter.fontMetrics().height()
        painter.drawText(QRect(0, 44, box.width(), line), Qt.AlignmentFlag.AlignCenter, "Drop coloured pictures here")
        painter.setPen(QColor(self._theme.text if self.underMouse() else self._theme.secondary))
        painter.drawText(QRect(0, 48 + line, box.width(), line), Qt.AlignmentFlag.AlignCenter, "or browse")
