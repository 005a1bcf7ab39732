"""Strokes as they are drawn on the canvas, kept as one picture of the viewport.

Hints are thin-outlined strokes in their colour, the points of fills small diamonds of one size, protection a hatching.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF

from mangapaint.document.strokes import Purpose, Stroke
from mangapaint.ui.hatching import Hatch, hatch
from mangapaint.ui.viewport import Viewport

OUTLINE = 1.0
"""Logical pixels of the outline around a stroke."""
SELECTED = 2.0
SAME_WIDTH = 0.12
"""Points in a row whose radii differ by less than this part are drawn as one line."""
LIGHT_LUMA = 140
ACCENT = QColor("#3d8bfd")
DIAMOND = 4.5
"""Logical pixels from the middle of a fill's point to its corners."""
DIAMOND_REACH = DIAMOND + SELECTED + 1

SEEN = QMarginsF(DIAMOND_REACH, DIAMOND_REACH, DIAMOND_REACH, DIAMOND_REACH)
HATCHES = {Purpose.PROTECT: Hatch.PROTECTED, Purpose.FREE: Hatch.FREED}
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
        self._paths: WeakKeyDictionary[Stroke, QPainterPath] = WeakKeyDictionary()

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
        if not seen.marginsAdded(SEEN).intersects(QRectF(QPointF(), view.size)):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if item.purpose is Purpose.FILL:
            _draw_diamonds(painter, item, view, selected=selected)
        elif item.purpose is Purpose.HINT:
            self._draw_hint(painter, item, view, selected=selected)
        else:
            painter.setTransform(view.transform, True)
            painter.fillPath(self._path(item), hatch(HATCHES[item.purpose], view, selected=selected))
        painter.restore()

    def _draw_hint(self, painter: QPainter, item: Stroke, view: Viewport, *, selected: bool) -> None:
        painter.setTransform(view.transform, True)
        runs = self._runs.get(item)
        if runs is None:
            runs = self._runs[item] = _runs(item)
        edge = SELECTED if selected else OUTLINE
        _draw_runs(painter, runs, _outline(item, selected=selected), 2 * edge / view.zoom)
        _draw_runs(painter, runs, _filling(item, view), 0.0)

    def _path(self, item: Stroke) -> QPainterPath:
        """Return what a stroke covers as one shape, so that a translucent brush is laid on once."""
        path = self._paths.get(item)
        if path is None:
            path = self._paths[item] = _covered(_runs(item))
        return path


def end_of(item: Stroke, zoom: float) -> QRectF:
    """Return the page rectangle around what the last step of drawing may have added to a stroke."""
    fill = item.purpose is Purpose.FILL
    points = item.points if fill else item.points[-3:]
    reach = item.width / 2 + (DIAMOND_REACH if fill else 3) / zoom
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    size = np.maximum(high - low, 1)
    return QRectF(float(low[0]), float(low[1]), float(size[0]), float(size[1]))


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


def _draw_diamonds(painter: QPainter, item: Stroke, view: Viewport, *, selected: bool) -> None:
    """Draw the points of a fill in their colour, each with a line that stands out from it and one that does not."""
    outline = _outline(item, selected=selected)
    inner = QColor(*(item.color or (255, 255, 255)))
    for x, y in item.points.tolist():
        middle = view.transform.map(QPointF(x, y))
        for brush, reach in ((QBrush(inner), DIAMOND + 1), (outline, DIAMOND + 0.4)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(brush)
            painter.drawPolygon(_diamond(middle, reach + (SELECTED - OUTLINE if selected else 0)))
        painter.setBrush(inner)
        painter.drawPolygon(_diamond(middle, DIAMOND - 1.2))
        if item.color is None:
            painter.setPen(QPen(QColor(90, 90, 90), 1))
            painter.drawLine(middle + QPointF(-1.6, 1.6), middle + QPointF(1.6, -1.6))


def _diamond(middle: QPointF, reach: float) -> QPolygonF:
    steps = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
    return QPolygonF([middle + QPointF(x, y) for x, y in steps])


def _covered(runs: list[Run]) -> QPainterPath:
    covered = QPainterPath()
    covered.setFillRule(Qt.FillRule.WindingFill)
    stroker = QPainterPathStroker()
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    for polygon, width in runs:
        if polygon.size() == 1:
            covered.addEllipse(polygon.at(0), width / 2, width / 2)
            continue
        stroker.setWidth(width)
        line = QPainterPath()
        line.addPolygon(polygon)
        covered.addPath(stroker.createStroke(line))
    return covered


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
