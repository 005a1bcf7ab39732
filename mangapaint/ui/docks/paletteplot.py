"""The small plot of a palette: a picture's true colours and the palette's, side by side on the same components."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.analysis.components import Fields
from mangapaint.document.page import Pixels
from mangapaint.ui.controls import Painted
from mangapaint.ui.theme import Theme, small, tabular

GAP = 8
ROOM, FOOT = 2, 4
"""Between a field and its words, and below these."""


class PalettePlot(Painted):
    """Two square fields, as large as the width allows, each with its two lines of words below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._images: tuple[QImage, ...] = ()
        self._scaled: tuple[QImage, ...] = ()
        self._words: tuple[tuple[str, str], ...] = ()
        self.setFont(tabular(small(self.font())))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fields(self, fields: Fields) -> None:
        """Show another plot."""
        first, second = (f"{part * 100:.0f}\u2009%" for part in fields.explained)
        axes, off = f"\u2192 {first}   \u2191 {second}", f"off by {fields.error:.1f} on average"
        self._words = ("True colours", axes), ("Palette", off)
        self._images = _image(fields.true), _image(fields.chosen)
        self._scaled = ()
        self.setToolTip(
            "The picture's colours and the palette's on the same two axes: the principal components of the picture's "
            f"colours in CIELAB. {first} of their differences lie across, {second} upwards. "
            "The larger a dot, the more of the picture has the colour."
        )
        self.setAccessibleName(f"Plot of the palette: {axes}, {off}")
        self.update()

    @property
    def side(self) -> int:
        """Width and height of a field."""
        return max(1, (self.width() - GAP) // 2)

    def field(self, number: int) -> QRect:
        """Where a field lies: 0 the true colours, 1 the palette."""
        return QRect(number * (self.width() - self.side), 0, self.side, self.side)

    def sizeHint(self) -> QSize:
        """As high as the fields and their words need at the present width."""
        return QSize(2 * 96 + GAP, self.side + ROOM + 2 * self.fontMetrics().height() + FOOT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fields square."""
        super().resizeEvent(event)
        self._scaled = ()
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both fields and their words."""
        painter = QPainter(self)
        for number, (image, words) in enumerate(zip(self._fitted(), self._words, strict=True)):
            box = self.field(number)
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.setBrush(QColor(self._theme.ground))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.drawImage(box.adjusted(1, 1, -1, -1), image)
            self._write(painter, box, words)
        painter.end()

    def _write(self, painter: QPainter, box: QRect, words: tuple[str, str]) -> None:
        line = self.fontMetrics().height()
        colors = self._theme.text, self._theme.secondary
        for number, (text, color) in enumerate(zip(words, colors, strict=True)):
            painter.setPen(QColor(color))
            at = QRect(box.left(), box.bottom() + 1 + ROOM + number * line, box.width(), line)
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, at.width())
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft, shown)

    def _fitted(self) -> tuple[QImage, ...]:
        """Return the images at the size they are painted in, sharp on this screen."""
        edge = max(1, round((self.side - 2) * self.devicePixelRatioF()))
        if not self._scaled or self._scaled[0].width() != edge:
            how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._scaled = tuple(image.scaled(edge, edge, *how) for image in self._images)
        return self._scaled


def _image(pixels: Pixels) -> QImage:
    """Copy premultiplied RGBA pixels into a picture that owns them."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied).copy()
