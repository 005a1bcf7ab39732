"""Small things painted on the canvas: brush ring, crosses at corners, palette strip, flats, zoom display."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QTransform

from mangapaint.analysis.regions import RegionMap
from mangapaint.document.page import Color, Pixels
from mangapaint.document.palette import Palette
from mangapaint.document.rect import Rect
from mangapaint.ui.hatching import outlined
from mangapaint.ui.theme import Theme, tabular
from mangapaint.ui.viewport import Viewport
from mangapaint.ui.work import CORNER_COLOR, REGION_COLOR, PaletteLayer

CROSS_ARM = 2
CROSS_COLOR = 0xFF000000 | CORNER_COLOR[0] << 16 | CORNER_COLOR[1] << 8 | CORNER_COLOR[2]
CROSS_HALO = 0xA0FFFFFF
CROSS_CELL = 10
"""Logical pixels; of the corners in one such square of the screen only the strongest has its cross."""
STRIP_HEIGHT = 20
STRIP_MARGIN = 12
HIGHLIGHT = (*REGION_COLOR, 51)
HIGHLIGHT_PIXELS = 250_000
"""Of a highlighted region's rectangle, so many are painted; larger ones coarsely."""
VEIL = 190
"""How strongly what did not come from a reference is veiled, 0..255."""
VEIL_PIXELS = 1_500_000


def paint_ring(painter: QPainter, at: QPointF, diameter: float, filling: Color | None) -> None:
    """Draw the brush at its true size: a dark and a light line, filled faintly with its colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = max(diameter / 2, 1.5)
    if filling is not None:
        painter.setBrush(QColor(*filling, 64))
    for line, grow in ((QColor(0, 0, 0, 200), 0.0), (QColor(255, 255, 255, 220), 1.0)):
        painter.setPen(QPen(line, 1.0))
        painter.drawEllipse(at, radius + grow, radius + grow)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_hud(painter: QPainter, text: str, area: QRect, theme: Theme) -> None:
    """Write zoom and angle at the lower right."""
    font = tabular(painter.font())
    painter.setFont(font)
    metrics = QFontMetrics(font)
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 8)
    box.moveBottomRight(area.bottomRight() - QRect(0, 0, 12, 12).bottomRight())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    ground = QColor(theme.panel)
    ground.setAlpha(225)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_strip(painter: QPainter, palette: Palette, area: QRect) -> None:
    """Draw the main colours as a strip along the lower edge, each as wide as its share (but never too thin)."""
    if not palette.swatches:
        return
    width = min(area.width() - 2 * STRIP_MARGIN - 160, 640)
    shares = np.array([max(item.share, 0.015) for item in palette.swatches])
    edges = np.concatenate(([0.0], np.cumsum(shares / shares.sum()))) * width
    top = area.bottom() - STRIP_MARGIN - STRIP_HEIGHT
    left = area.left() + STRIP_MARGIN
    painter.setPen(Qt.PenStyle.NoPen)
    for item, a, b in zip(palette.swatches, edges[:-1], edges[1:], strict=True):
        painter.fillRect(QRectF(left + a, top, b - a + 0.5, STRIP_HEIGHT), QColor(*item.color))
    for line, grow in ((QColor(0, 0, 0, 160), 0), (QColor(255, 255, 255, 160), 1)):
        painter.setPen(line)
        painter.drawRect(QRectF(left - grow - 0.5, top - grow - 0.5, width + 1 + 2 * grow, STRIP_HEIGHT + 1 + 2 * grow))


def paint_flats(painter: QPainter, layer: PaletteLayer, page: QRectF) -> None:
    """Draw the picture in nothing but the palette's colours."""
    flats = layer.flats
    image = QImage(flats.data, flats.shape[1], flats.shape[0], flats.strides[0], QImage.Format.Format_RGB888)
    painter.drawImage(page, image)


@dataclass(eq=False)
class Highlight:
    """One region, filled thinly. Owns the pixels its QImage shows."""

    region: int
    pixels: Pixels
    place: QRectF

    @staticmethod
    def of(regions: RegionMap, region: int) -> Highlight:
        """Make the filling of a region."""
        box = regions.box(np.array([region]))
        step = 1 + int((box.area / HIGHLIGHT_PIXELS) ** 0.5)
        labels = regions.labels[box.y0 : box.y1 : step, box.x0 : box.x1 : step]
        red, green, blue, alpha = HIGHLIGHT
        filling = np.array([part * alpha // 255 for part in (blue, green, red)] + [alpha], np.uint8)
        pixels = np.where((labels == region)[..., None], filling, np.uint8(0)).astype(np.uint8)
        size = labels.shape[1] * step, labels.shape[0] * step
        return Highlight(region, np.ascontiguousarray(pixels), QRectF(box.x0, box.y0, *size))

    def paint(self, painter: QPainter) -> None:
        """Draw it (painter in page pixels)."""
        high, wide = self.pixels.shape[:2]
        form = QImage.Format.Format_ARGB32_Premultiplied
        painter.drawImage(self.place, QImage(self.pixels.data, wide, high, 4 * wide, form))


@dataclass(frozen=True, eq=False)
class Spot:
    """One place the eye is led to: the outline of its regions in a dark and a light line."""

    region: int
    shape: QPainterPath
    box: Rect

    @staticmethod
    def of(regions: RegionMap, members: NDArray[np.intp]) -> Spot:
        """Trace regions; it is known by the first of them."""
        box = regions.box(members)
        step = 1 + int((box.area / 500_000) ** 0.5)
        chosen = np.zeros(regions.count, np.uint8)
        chosen[members] = 1
        mask = chosen[regions.labels[box.y0 : box.y1 : step, box.x0 : box.x1 : step]]
        return Spot(int(members[0]), outlined(mask, step=step, left=box.x0, top=box.y0), box)

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw it (painter in logical screen pixels)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = view.transform.map(self.shape)
        for color, width in ((QColor(255, 255, 255, 230), 4.5), (QColor(20, 20, 20, 240), 2.0)):
            painter.strokePath(shape, QPen(color, width))


@dataclass(frozen=True, eq=False)
class Veil:
    """All but some regions laid back behind a neutral veil. Owns the pixels its QImage shows."""

    pixels: Pixels
    place: QRectF

    @staticmethod
    def of(regions: RegionMap, clear: NDArray[np.bool_], gray: int) -> Veil:
        """Veil a page in a level of gray but for the regions that are ``clear``, bool (count,)."""
        step = 1 + int((regions.labels.size / VEIL_PIXELS) ** 0.5)
        labels = regions.labels[::step, ::step]
        level = gray * VEIL // 255
        veiled = np.array([level, level, level, VEIL], np.uint8)
        table = np.where(clear[:, None], np.uint8(0), veiled).astype(np.uint8)
        pixels = np.ascontiguousarray(table[labels])
        return Veil(pixels, QRectF(0, 0, labels.shape[1] * step, labels.shape[0] * step))

    def paint(self, painter: QPainter) -> None:
        """Draw it (painter in page pixels)."""
        high, wide = self.pixels.shape[:2]
        form = QImage.Format.Format_ARGB32_Premultiplied
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.place, QImage(self.pixels.data, wide, high, 4 * wide, form))


class Crosses:
    """Corners as small crosses of constant size, kept as one picture of the viewport."""

    def __init__(self) -> None:
        self._pixels: NDArray[np.uint32] = np.zeros((0, 0), np.uint32)
        self._shown: tuple[NDArray[np.float32], Viewport, float] | None = None

    def paint(self, painter: QPainter, points: NDArray[np.float32], view: Viewport) -> None:
        """Draw a cross at the points (x, y, ...; strongest first) of the page that are in view, none over another."""
        ratio = painter.device().devicePixelRatioF()
        if self._shown is None or self._shown[0] is not points or self._shown[1:] != (view, ratio):
            self._pixels = _crosses(points, view, ratio)
            self._shown = points, view, ratio
        high, wide = self._pixels.shape
        image = QImage(self._pixels.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(0, 0, image)


def _crosses(points: NDArray[np.float32], view: Viewport, ratio: float) -> NDArray[np.uint32]:
    arm = round(CROSS_ARM * ratio)
    wide, high = round(view.size.width() * ratio), round(view.size.height() * ratio)
    x, y = _mapped(points[:, :2] + 0.5, view.transform * QTransform.fromScale(ratio, ratio))
    seen = (x >= arm + 1) & (x < wide - arm - 1) & (y >= arm + 1) & (y < high - arm - 1)
    x, y = x[seen], y[seen]
    cell = round(CROSS_CELL * ratio)
    _, strongest = np.unique((y // cell) * (wide // cell + 1) + x // cell, return_index=True)
    x, y = x[strongest], y[strongest]
    pixels = np.zeros((high, wide), np.uint32)
    for value, wider in ((CROSS_HALO, 1), (CROSS_COLOR, 0)):
        for along in range(-arm - wider, arm + 1 + wider):
            for across in range(-wider, wider + 1):
                pixels[y + across, x + along] = value
                pixels[y + along, x + across] = value
    return pixels


def _mapped(points: NDArray[np.float32], way: QTransform) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Map points by an affine transform to whole pixels."""
    x = points[:, 0] * way.m11() + points[:, 1] * way.m21() + way.dx()
    y = points[:, 0] * way.m12() + points[:, 1] * way.m22() + way.dy()
    return np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
