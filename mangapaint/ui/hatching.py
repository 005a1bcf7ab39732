"""Protection as it is drawn: a calm neutral hatching that reads on any colour, the same on every zoom."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from mangapaint.analysis.regions import RegionMap
from mangapaint.document.page import Pixels
from mangapaint.ui.viewport import Viewport

TILE = 8
"""Logical pixels after which the pattern repeats."""
SHARPNESS = 2
"""The pattern is drawn so much finer, for screens of a higher density."""
WASH = QColor(128, 128, 128, 56)
DARK, LIGHT = QColor(30, 30, 30, 130), QColor(250, 250, 250, 170)
MOST_PIXELS = 1_500_000
"""Of a page, looked at for the outlines of regions; larger ones are sampled."""


class Hatch(Enum):
    """What a hatching says: this keeps the page's look; or, this was freed again."""

    PROTECTED = auto()
    FREED = auto()


def hatch(kind: Hatch, view: Viewport, *, selected: bool = False) -> QBrush:
    """Return the brush for painting in page pixels; its pattern keeps its size and direction on the screen."""
    brush = QBrush(_tile(kind, selected))
    brush.setTransform(view.transform.inverted()[0])
    return brush


@cache
def _tile(kind: Hatch, selected: bool) -> QImage:
    tile = QImage(TILE * SHARPNESS, TILE * SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    tile.setDevicePixelRatio(SHARPNESS)
    wash = QColor(61, 139, 253, 90) if selected else WASH if kind is Hatch.PROTECTED else QColor(128, 128, 128, 28)
    tile.fill(wash)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if kind is Hatch.PROTECTED:
        for line, shift in ((LIGHT, 1.1), (DARK, 0.0)):
            painter.setPen(QPen(line, 1.0))
            for part in (-TILE, 0, TILE):
                painter.drawLine(QPointF(part - 1 + shift, TILE + 1), QPointF(part + TILE + 1 + shift, -1))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        for dot, shift in ((LIGHT, 0.6), (DARK, 0.0)):
            painter.setBrush(dot)
            painter.drawEllipse(QPointF(TILE / 2 + shift, TILE / 2 + shift), 1.1, 1.1)
    painter.end()
    return tile


def shape_of(regions: RegionMap, chosen: NDArray[np.bool_]) -> QPainterPath:
    """Return the regions of which ``chosen``, bool (count,), is True, as one shape in page pixels."""
    step = max(1, int(np.ceil((regions.labels.size / MOST_PIXELS) ** 0.5)))
    return outlined(chosen[regions.labels[::step, ::step]].view(np.uint8), step=step)


def outlined(mask: Pixels, *, step: float = 1.0, left: float = 0.0, top: float = 0.0) -> QPainterPath:
    """Return the outline of a mask, uint8 (h, w), as a shape; a pixel of it is ``step`` page pixels."""
    padded = cv2.copyMakeBorder(np.repeat(np.repeat(mask, 2, axis=0), 2, axis=1), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    contours, _ = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    shape = QPainterPath()
    shape.setFillRule(Qt.FillRule.OddEvenFill)
    for contour in contours:
        points = (contour[:, 0].astype(np.float64) - 0.5) * (step / 2) + (left, top)
        shape.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
        shape.closeSubpath()
    return shape
