"""How learning goes, as curves: the loss on what is learned from, and on what is not, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mangapaint.ui.controls import Painted
from mangapaint.ui.theme import Theme, small, tabular, width_of

Points = list[tuple[float, float]]

LEFT, FOOT, TOP, RIGHT = 44, 20, 20, 8
"""Room for the words around the field."""
MOST = 600
"""Points that are drawn of a curve; of more, neighbours are averaged."""
SMOOTH = 0.15
"""How much each value counts in the running mean that is drawn strongly."""
DOT = 2.5
SPAN = 0.3
"""Powers of ten that the scale spans at least."""
LEARNED, HELD_OUT = "learned from", "not learned from"


class LossCurve(Painted):
    """Passive: what is set is shown. Seconds run to the right, the loss upwards."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._learned: Points = []
        self._smooth: Points = []
        self._held_out: Points = []
        self.setFont(tabular(small(self.font())))
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip("The loss: how far what is made of the pictures is from their true colours; less is better")
        self.setAccessibleName("Loss")

    def set_curves(self, learned: Sequence[tuple[float, float]], held_out: Sequence[tuple[float, float]]) -> None:
        """Show (seconds, loss) on what is learned from, and on what is not; what is no number is left out."""
        self._learned = _thinned([point for point in learned if _is_shown(point)])
        self._smooth = _smoothed(self._learned)
        self._held_out = _changes([point for point in held_out if _is_shown(point)])
        last = f"{self._smooth[-1][1]:.3g}" if self._smooth else "none yet"
        self.setAccessibleName(f"Loss, {last}")
        self.update()

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(480, 144)

    def field(self) -> QRectF:
        """Where the curves are drawn."""
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -FOOT)

    def point(self, seconds: float, loss: float) -> QPointF:
        """Where a moment lies."""
        box, (low, high) = self.field(), self._span()
        up = (log10(loss) - low) / (high - low)
        return QPointF(box.left() + seconds / self._end() * box.width(), box.bottom() - up * box.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scale, the curves and what they are, once there is something to show."""
        if not self._learned:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_scale(painter)
        self._paint_line(painter, self._learned, self._theme.line, 1)
        self._paint_line(painter, self._smooth, self._theme.text, 1.5)
        self._paint_line(painter, self._held_out, self._theme.secondary, 1, dashed=True)
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        painter.setBrush(QColor(self._theme.panel))
        for seconds, loss in self._held_out:
            painter.drawEllipse(self.point(seconds, loss), DOT, DOT)
        self._paint_legend(painter)
        painter.end()

    def _paint_scale(self, painter: QPainter) -> None:
        box = self.field()
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        for value in ticks(*self._span()):
            y = round(self.point(0, value).y()) + 0.5
            painter.setPen(QPen(QColor(self._theme.line), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(QColor(self._theme.secondary))
            words = QRectF(0, y - 10, LEFT - 8, 20)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}")
        painter.setPen(QColor(self._theme.secondary))
        foot = QRectF(box.left(), box.bottom() + 2, box.width(), FOOT - 2)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "0:00")
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, clock(self._end()))

    def _paint_line(self, painter: QPainter, points: Points, color: str, width: float, *,
                    dashed: bool = False) -> None:  # fmt: skip
        pen = QPen(QColor(color), width)
        if dashed:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([self.point(*point) for point in points]))

    def _paint_legend(self, painter: QPainter) -> None:
        """Say in the upper right corner which curve is which."""
        middle, right = TOP / 2 - 2, float(self.width() - RIGHT)
        for text, dotted in ((HELD_OUT, True), (LEARNED, False)):
            if dotted and not self._held_out:
                continue
            left = right - width_of(self.font(), text)
            painter.setPen(QColor(self._theme.secondary))
            painter.drawText(QRectF(left, 0, right - left, TOP - 4), Qt.AlignmentFlag.AlignVCenter, text)
            painter.setPen(QPen(QColor(self._theme.text), 1.5))
            painter.setBrush(QColor(self._theme.panel))
            if dotted:
                painter.drawEllipse(QPointF(left - 10, middle), DOT, DOT)
            else:
                painter.drawLine(QPointF(left - 18, middle), QPointF(left - 6, middle))
            right = left - 32

    def _end(self) -> float:
        return max(1.0, self._learned[-1][0] if self._learned else 0.0)

    def _span(self) -> tuple[float, float]:
        """Return the powers of ten that are shown, with some room above and below."""
        values = [log10(loss) for _, loss in (*self._smooth, *self._held_out, *self._learned[-MOST // 2 :])] or [0.0]
        low, high = min(values), max(values)
        room = max(SPAN - (high - low), 0.0) / 2 + 0.04
        return low - room, high + room


def ticks(low: float, high: float) -> list[float]:
    """Return round values (1, 2 or 5 times a power of ten) between two powers of ten; fewer where there are many."""
    steps = (1, 2, 5) if high - low < 1.6 else (1,)
    found = [step * 10.0**power for power in range(floor(low), floor(high) + 1) for step in steps]
    return [value for value in found if low <= log10(value) <= high]


def clock(seconds: float) -> str:
    """Write a time as minutes and seconds, with hours where there are any."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _is_shown(point: tuple[float, float]) -> bool:
    return isfinite(point[0]) and isfinite(point[1]) and point[1] > 0


def _thinned(points: Points) -> Points:
    """Return as many points as can be seen, each the mean of some neighbours."""
    together = -(-len(points) // MOST) or 1
    groups = [points[at : at + together] for at in range(0, len(points), together)]
    return [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]


def _smoothed(points: Points) -> Points:
    """Return the running mean of a curve."""
    found: Points = []
    for seconds, loss in points:
        before = found[-1][1] if found else loss
        found.append((seconds, before + max(SMOOTH, 1 / (len(found) + 1)) * (loss - before)))
    return found


def _changes(points: Points) -> Points:
    """Return those that differ from the one before: what was found at a look stands until the next one."""
    return [point for number, point in enumerate(points) if not number or point[1] != points[number - 1][1]]
