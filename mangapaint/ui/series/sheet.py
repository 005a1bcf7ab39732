"""The sheet of samples: pages, hints, what the network makes of them, and the truth, row by row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.document.page import Pixels
from mangapaint.ui.controls import Painted
from mangapaint.ui.docks.reference_picture import image_of
from mangapaint.ui.theme import Theme, small

ROWS = {3: ("Page", "Result", "Truth"), 4: ("Page", "Hints", "Result", "Truth")}
LEFT = 56
"""Room for what the rows are."""
EMPTY, HIGHEST = 224, 420
"""Height without a sheet, and at most."""
WAITING = "Samples appear here after the first seconds of learning."


class SampleSheet(Painted):
    """Shows a sheet as large as there is room, with the names of its rows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._image = QImage()
        self._rows = 3
        self.setFont(small(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Samples of what was learned")

    def set_sheet(self, pixels: Pixels | None, rows: int = 3) -> None:
        """Show a sheet, uint8 RGB (h, w, 3), of so many rows; None: there is none yet."""
        self._image = QImage() if pixels is None else image_of(pixels)
        self._rows = rows
        self._refit()

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(640, EMPTY)

    def field(self) -> QRectF:
        """Where the sheet is painted."""
        scale = self.height() / max(1, self._image.height())
        return QRectF(LEFT, 0, self._image.width() * scale, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheet's form."""
        super().resizeEvent(event)
        self._refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet and what its rows are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(self._theme.secondary))
        box = self.field()
        if self._image.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, WAITING)
        else:
            painter.drawImage(box, self._image)
            high = box.height() / self._rows
            for number, text in enumerate(ROWS[self._rows]):
                words = QRectF(0, box.top() + number * high, LEFT - 8, high)
                painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _refit(self) -> None:
        """Be as high as the sheet is at this width, within reason."""
        room = max(1, self.width() - LEFT)
        high = self._image.height() * min(room / max(1, self._image.width()), 1.0)
        self.setFixedHeight(EMPTY if self._image.isNull() else max(1, min(HIGHEST, round(high))))
        self.update()
