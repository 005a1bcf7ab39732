"""The colour wheel: a ring of hues around a square of saturation and value."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from enum import Enum, auto
from math import atan2, cos, degrees, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mangapaint.document.page import Color
from mangapaint.ui.docks.picking import Picking, mark
from mangapaint.ui.theme import Theme

RING = 0.07
"""The ring's width, as a part of the wheel's."""
GAP = 0.035
EDGE = 2
"""Room around the ring for its mark, in pixels."""
PART_STEP = 0.01
HUE_STEP = 2.0

FloatImage = NDArray[np.float32]


@dataclass(frozen=True)
class Hsv:
    """Hue in degrees 0..360, saturation and value 0..1; keeps its hue where the colour is gray."""

    hue: float = 0.0
    saturation: float = 0.0
    value: float = 0.0

    @property
    def color(self) -> Color:
        """The nearest sRGB colour."""
        red, green, blue = colorsys.hsv_to_rgb((self.hue % 360) / 360, self.saturation, self.value)
        return round(red * 255), round(green * 255), round(blue * 255)

    def towards(self, color: Color) -> Hsv:
        """The same colour as ``color``, with the hue or saturation kept where ``color`` does not say one."""
        hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in color))
        if value == 0:
            return Hsv(self.hue, self.saturation, 0.0)
        return Hsv(self.hue if saturation == 0 else hue * 360, saturation, value)


class Part(Enum):
    """What a press took hold of."""

    RING = auto()
    SQUARE = auto()


class ColorWheel(Picking):
    """Press and drag the ring or the square; arrows change saturation and value, with Shift or Page keys the hue."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._hsv = Hsv()
        self._ring: tuple[tuple[int, float], QImage] | None = None
        self._square: tuple[tuple[int, float, float], QImage] | None = None
        self.setAccessibleName("Colour wheel")

    @property
    def hsv(self) -> Hsv:
        """Where the marks stand."""
        return self._hsv

    def set_color(self, color: Color) -> None:
        """Move the marks to a colour without telling anyone."""
        if self._hsv.color != color:
            self._hsv = self._hsv.towards(color)
        self.update()

    def outer(self) -> QRectF:
        """The square that the ring fills."""
        edge = min(self.width(), self.height())
        return QRectF((self.width() - edge) / 2, (self.height() - edge) / 2, edge, edge)

    def square(self) -> QRectF:
        """The square of saturation (to the right) and value (upwards), on whole pixels."""
        edge = self.outer().width()
        side = int((edge / 2 - ring_width(edge) - GAP * edge - EDGE) * 2**0.5) // 2 * 2
        center = self.outer().center()
        return QRectF(round(center.x() - side / 2), round(center.y() - side / 2), side, side)

    def hue_point(self, hue: float) -> QPointF:
        """Where a hue lies in the middle of the ring."""
        edge = self.outer().width()
        reach = edge / 2 - EDGE - ring_width(edge) / 2
        center = self.outer().center()
        return QPointF(center.x() + reach * cos(radians(hue)), center.y() - reach * sin(radians(hue)))

    def square_point(self, saturation: float, value: float) -> QPointF:
        """Where a saturation and value lie in the square."""
        box = self.square()
        return QPointF(box.left() + saturation * box.width(), box.top() + (1 - value) * box.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ring, square and their marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(self.outer(), self._ring_image())
        painter.drawImage(self.square(), self._square_image())
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.square().adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2)
        mark(
            painter,
            self.hue_point(self._hsv.hue),
            ring_width(self.outer().width()) / 2 - 1,
            Hsv(self._hsv.hue, 1, 1).color,
        )
        mark(painter, self.square_point(self._hsv.saturation, self._hsv.value), 5, self._hsv.color)
        painter.end()

    def _part_at(self, at: QPointF) -> Part | None:
        if self.square().adjusted(-2, -2, 2, 2).contains(at):
            return Part.SQUARE
        return Part.RING if self._on_ring(at) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows change saturation and value; with Shift, or Page up and down, the hue."""
        step = _key_step(Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if step is None:
            super().keyPressEvent(event)
            return
        hue, saturation, value = step
        self._pick(
            Hsv((self._hsv.hue + hue) % 360, _part(self._hsv.saturation + saturation), _part(self._hsv.value + value))
        )

    def _on_ring(self, at: QPointF) -> bool:
        center = self.outer().center()
        reach = hypot(at.x() - center.x(), at.y() - center.y())
        edge = self.outer().width()
        return edge / 2 - ring_width(edge) - GAP / 2 * edge <= reach <= edge / 2

    def _drag(self, at: QPointF) -> None:
        if self._held is Part.RING:
            center = self.outer().center()
            hue = degrees(atan2(center.y() - at.y(), at.x() - center.x())) % 360
            self._pick(Hsv(hue, self._hsv.saturation, self._hsv.value))
        elif self._held is Part.SQUARE:
            box = self.square()
            saturation, value = (at.x() - box.left()) / box.width(), 1 - (at.y() - box.top()) / box.height()
            self._pick(Hsv(self._hsv.hue, _part(saturation), _part(value)))

    def _pick(self, hsv: Hsv) -> None:
        self._hsv = hsv
        self.update()
        self.colorPicked.emit(hsv.color)

    def _ring_image(self) -> QImage:
        key = (int(self.outer().width()), self.devicePixelRatioF())
        if self._ring is None or self._ring[0] != key:
            self._ring = key, _image(ring_pixels(round(key[0] * key[1]), key[1]))
        return self._ring[1]

    def _square_image(self) -> QImage:
        key = (int(self.square().width()), self.devicePixelRatioF(), self._hsv.hue)
        if self._square is None or self._square[0] != key:
            self._square = key, _image(square_pixels(round(key[0] * key[1]), self._hsv.hue))
        return self._square[1]


def ring_width(edge: float) -> float:
    """The ring's width in a wheel of a width, both in logical pixels."""
    return max(10.0, RING * edge)


def _part(value: float) -> float:
    return min(1.0, max(0.0, value))


def _key_step(key: Qt.Key, shift: bool) -> tuple[float, float, float] | None:
    """What a key adds to hue, saturation and value; None where it means nothing here."""
    if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) or (shift and key in (Qt.Key.Key_Left, Qt.Key.Key_Right)):
        return (HUE_STEP if key in (Qt.Key.Key_PageUp, Qt.Key.Key_Right) else -HUE_STEP), 0.0, 0.0
    return {
        Qt.Key.Key_Left: (0.0, -PART_STEP, 0.0),
        Qt.Key.Key_Right: (0.0, PART_STEP, 0.0),
        Qt.Key.Key_Up: (0.0, 0.0, PART_STEP),
        Qt.Key.Key_Down: (0.0, 0.0, -PART_STEP),
    }.get(key)


def pure(hue: FloatImage) -> FloatImage:
    """Return the full colours (..., 3), 0..1, of hues in degrees."""
    offsets = np.array([0, 120, 240], np.float32)
    distance = np.abs((hue[..., None] - offsets + 180) % 360 - 180)
    return np.asarray(np.clip(2 - distance / 60, 0, 1), dtype=np.float32)


def ring_pixels(edge: int, ratio: float) -> NDArray[np.uint8]:
    """Paint the hue ring, premultiplied RGBA uint8 (edge, edge, 4), its edges smooth to a pixel."""
    axis = np.arange(edge, dtype=np.float32) + 0.5 - edge / 2
    x, y = axis[None, :], -axis[:, None]
    reach = np.hypot(x, y)
    outside = edge / 2 - EDGE * ratio
    inside = outside - ring_width(edge / ratio) * ratio
    cover = np.clip(outside - reach + 0.5, 0, 1) * np.clip(reach - inside + 0.5, 0, 1)
    color = pure(np.degrees(np.arctan2(y, x)).astype(np.float32)) * cover[..., None]
    return np.round(np.dstack([color, cover]) * 255).astype(np.uint8)


def square_pixels(edge: int, hue: float) -> NDArray[np.uint8]:
    """Paint saturation to the right and value upwards for one hue, opaque RGBA uint8 (edge, edge, 4)."""
    ramp = ((np.arange(edge, dtype=np.float32) + 0.5) / edge).astype(np.float32)
    full = pure(np.array([hue], np.float32))
    color = (1 - ramp[None, :, None] * (1 - full)) * ramp[::-1, None, None]
    return np.round(np.dstack([color, np.ones((edge, edge), np.float32)]) * 255).astype(np.uint8)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """Copy pixels into a picture that owns them."""
    height, width = pixels.shape[:2]
    view = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    return view.copy()
