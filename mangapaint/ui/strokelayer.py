"""Hints as they are drawn on the canvas: thin-outlined strokes, kept as one picture of the viewport."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from weakref import WeakKeyDictionary

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from mangapaint.document.strokes import Stroke
from mangapaint.ui.viewport import Viewport

OUTLINE = 1.0
"""Logical pixels of the outline around a stroke."""
SELECTED = 2.0
SAME_WIDTH = 0.12
"""Points in a row whose radii differ by less than this part are drawn as one line."""
LIGHT_LUMA = 140
ACCENT = QColor("#3d8bfd")

FEW = 24
"""So many strokes are drawn afresh even while the view moves."""

Run = tuple[QPolygonF, float]


class StrokeLayer:
    """Paints strokes; while only new strokes are added, only these are drawn.

    While the view moves, many strokes are shown as they were drawn last, moved along; the canvas asks for the exact
    picture once the view rests.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._drawn: tuple[Stroke, ...] = ()
        self._view: Viewport | None = None
        self._selected: Stroke | None = None
        self._runs: WeakKeyDictionary[Stroke, list[Run]] = WeakKeyDictionary()

    def paint(
        self, painter: QPainter, strokes: tuple[Stroke, ...], view: Viewport, selected: Stroke | None, *, moving: bool
    ) -> None:
        """Draw all strokes at their place on the screen (painter in logical screen pixels)."""
        known = len(self._drawn)
        same = selected is self._selected and _same(strokes[:known], self._drawn) and self._fits(painter, view)
        if same and moving and known == len(strokes) and known > FEW and self._view is not None:
            painter.setTransform(self._view.transform.inverted()[0] * view.transform, True)
            painter.drawImage(0, 0, self._image)
            return
        if not same or view != self._view:
            self._clear(painter, view)
            known = 0
        if len(strokes) > known:
            own = QPainter(self._image)
            for item in strokes[known:]:
                self.draw(own, item, view, selected=item is selected)
            own.end()
        self._drawn, self._view, self._selected = strokes, view, selected
        painter.drawImage(0, 0, self._image)

    def _fits(self, painter: QPainter, view: Viewport) -> bool:
        ratio = painter.device().devicePixelRatioF()
        return self._image.size() == _size(view, ratio) and self._image.devicePixelRatio() == ratio

    def _clear(self, painter: QPainter, view: Viewport) -> None:
        ratio = painter.device().devicePixelRatioF()
        if not self._fits(painter, view):
            self._image = QImage(_size(view, ratio), QImage.Format.Format_ARGB32_Premultiplied)
            self._image.setDevicePixelRatio(ratio)
        self._image.fill(Qt.GlobalColor.transparent)

    def draw(self, painter: QPainter, item: Stroke, view: Viewport, *, selected: bool = False) -> None:
        """Draw one stroke."""
        box = item.bounds
        seen = view.to_screen(QRectF(box.x0, box.y0, box.width, box.height))
        if not seen.intersects(QRectF(QPointF(), view.size)):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(view.transform, True)
        runs = self._runs.get(item)
        if runs is None:
            runs = self._runs[item] = _runs(item)
        edge = SELECTED if selected else OUTLINE
        _draw_runs(painter, runs, _outline(item, selected=selected), 2 * edge / view.zoom)
        _draw_runs(painter, runs, _filling(item, view), 0.0)
        painter.restore()


def _size(view: Viewport, ratio: float) -> QSize:
    return QSize(round(view.size.width() * ratio), round(view.size.height() * ratio))


def _same(one: Sequence[Stroke], two: Sequence[Stroke]) -> bool:
    return len(one) == len(two) and all(a is b for a, b in zip(one, two, strict=True))


def _draw_runs(painter: QPainter, runs: list[Run], brush: QBrush, wider: float) -> None:
    for polygon, width in runs:
        pen = QPen(brush, width + wider, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        if polygon.size() == 1:
            painter.drawPoint(polygon.at(0))
        else:
            painter.drawPolyline(polygon)


def _outline(item: Stroke, *, selected: bool) -> QBrush:
    if selected:
        return QBrush(ACCENT)
    red, green, blue = item.color or (255, 255, 255)
    light = 0.299 * red + 0.587 * green + 0.114 * blue > LIGHT_LUMA
    return QBrush(QColor(40, 40, 40, 210) if light else QColor(245, 245, 245, 220))


def _filling(item: Stroke, view: Viewport) -> QBrush:
    if item.color is not None:
        return QBrush(QColor(*item.color))
    hatch = QBrush(QColor(150, 150, 150), Qt.BrushStyle.BDiagPattern)
    hatch.setTransform(view.transform.inverted()[0])
    return hatch


def _runs(item: Stroke) -> list[Run]:
    """Cut a stroke into pieces of nearly equal width; each piece begins where the last one ended."""
    radii = item.radii
    cuts, first = [0], float(radii[0])
    for number, radius in enumerate(radii.tolist()):
        if abs(radius - first) > SAME_WIDTH * max(first, 1e-3):
            cuts.append(number)
            first = radius
    cuts.append(len(radii))
    points = [QPointF(x, y) for x, y in item.points.tolist()]
    return [(QPolygonF(points[max(0, a - 1) : b]), float(2 * radii[a:b].mean())) for a, b in pairwise(cuts)]
