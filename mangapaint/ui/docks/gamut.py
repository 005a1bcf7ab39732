"""The a,b plane: all colours of one lightness that a screen can show, to choose from, and the lightness beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mangapaint.colorizers.working import to_lab
from mangapaint.document.page import Color, Pixels
from mangapaint.ui.docks.picking import Picking, mark
from mangapaint.ui.theme import Theme

REACH = 112.0
"""The plane goes so far from gray, in a and in b: all of sRGB lies within."""
GRID = 128
"""Places a side for which colours are worked out."""
DARKEST, LIGHTEST = 4.0, 98.0
"""Beyond these nothing but gray is left to choose from."""
OFF = 0.75
"""CIELAB distance by which a colour changes on its way to sRGB and back where it is just outside."""
STRIP, GAP = 12, 12
"""Width of the strip of lightness and its distance from the plane, in pixels."""
PLANES = 24
"""Planes that are remembered."""
RING = 5.0
GUESS_RING = 3.5
LINE = 1.5
"""Width of a ring's light line: there are more marks than on the wheel."""

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Lab:
    """A colour in CIELAB: L 0..100, a, b."""

    lightness: float
    a: float
    b: float

    @classmethod
    def of(cls, color: Color) -> Lab:
        """Return a colour of sRGB."""
        lightness, a, b = to_lab(np.array([[color]], np.uint8))[0, 0].tolist()
        return cls(lightness, a, b)

    @property
    def color(self) -> Color:
        """The nearest colour of sRGB, each channel by itself."""
        red, green, blue = colors(np.array([[(self.lightness, self.a, self.b)]], np.float32))[0, 0].tolist()
        return red, green, blue


def colors(lab: Field) -> Pixels:
    """Return CIELAB (h, w, 3) as sRGB, uint8 (h, w, 3), clipped."""
    rgb = np.clip(cv2.cvtColor(np.ascontiguousarray(lab), cv2.COLOR_LAB2RGB), 0, 1)
    return np.asarray(np.rint(rgb * 255), dtype=np.uint8)


@lru_cache(PLANES)
def plane(lightness: int) -> Pixels:
    """Return the colours of one L, premultiplied RGBA uint8 (GRID, GRID, 4): a to the right, b upwards, from -REACH to
    REACH; transparent where sRGB has none."""
    axis = ((np.arange(GRID, dtype=np.float32) + 0.5) / GRID * 2 - 1) * REACH
    a, b = np.meshgrid(axis, axis[::-1])
    lab = np.dstack([np.full_like(a, lightness), a, b]).astype(np.float32)
    rgb = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1)
    away = np.linalg.norm(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB) - lab, axis=2)
    cover = np.clip(1.5 - away / OFF, 0, 1)  # fades within a cell: the rim is smooth at any size
    found = np.rint(np.dstack([rgb * cover[..., None], cover]) * 255).astype(np.uint8)
    found.flags.writeable = False
    return found


def within(wanted: Lab) -> Lab:
    """Return the colour itself where sRGB has it, otherwise the one of its lightness nearest to it."""
    reached = plane(round(wanted.lightness))[..., 3] >= 128
    column = (wanted.a / REACH + 1) / 2 * GRID - 0.5
    row = (1 - wanted.b / REACH) / 2 * GRID - 0.5
    near = min(max(round(row), 0), GRID - 1), min(max(round(column), 0), GRID - 1)
    if reached[near] or not reached.any():
        return wanted
    rows, columns = np.nonzero(reached)
    best = int(np.argmin((rows - row) ** 2 + (columns - column) ** 2))
    a, b = (columns[best] + 0.5) / GRID * 2 - 1, 1 - (rows[best] + 0.5) / GRID * 2
    return Lab(wanted.lightness, float(a) * REACH, float(b) * REACH)


class Part(Enum):
    """What a press took hold of."""

    PLANE = auto()
    STRIP = auto()


class GamutPicker(Picking):
    """Press and drag in the plane or on the strip; arrows move by one in a and b, Page keys in L."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._lab = Lab(50, 0, 0)
        self._color: Color = self._lab.color
        self._guesses: tuple[Color, ...] = ()
        self._image: tuple[tuple[int, int], QImage] | None = None
        self.setAccessibleName("Colours of one lightness")
        self.setToolTip("Colours of one lightness: a to the right, b upwards; L on the strip")

    @property
    def lab(self) -> Lab:
        """Where the marks stand: the lightness of the plane, and the chosen a and b."""
        return self._lab

    def set_color(self, color: Color) -> None:
        """Show a colour, in the plane of its lightness, without telling anyone."""
        if color != self._color:
            self._color, self._lab = color, Lab.of(color)
            self.update()

    def set_lightness(self, lightness: float) -> None:
        """Show the plane of another L; the chosen colour stays what it is."""
        self._lab = replace(self._lab, lightness=_bounded(lightness))
        self.update()

    def set_guesses(self, colors: Sequence[Color]) -> None:
        """Mark colours that are likely."""
        self._guesses = tuple(colors)
        self.update()

    def square(self) -> QRectF:
        """Where the plane is painted and pressed, on whole pixels."""
        edge = min(self.width() - GAP - STRIP, self.height() - 2) // 2 * 2
        left = (self.width() - edge - GAP - STRIP) // 2
        return QRectF(left, (self.height() - edge) // 2, edge, edge)

    def strip(self) -> QRectF:
        """Where the lightness is painted and pressed."""
        box = self.square()
        return QRectF(box.right() + GAP, box.top() + 4, STRIP, box.height() - 8)

    def point(self, a: float, b: float) -> QPointF:
        """Where a colour lies in the plane."""
        box = self.square()
        across, up = (a / REACH + 1) / 2, (b / REACH + 1) / 2
        return QPointF(box.left() + across * box.width(), box.bottom() - up * box.height())

    def strip_point(self, lightness: float) -> QPointF:
        """Where a lightness lies on the strip."""
        box = self.strip()
        return QPointF(box.center().x(), box.bottom() - lightness / 100 * box.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint plane, strip and their marks."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = self.square()
        painter.setPen(QPen(QColor(self._theme.line), 1))
        middle = self.point(0, 0)
        painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), box.top()), QPointF(middle.x(), box.bottom()))
        painter.drawImage(box, self._plane_image())
        self._paint_strip(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        for color in self._guesses:
            lab = Lab.of(color)
            mark(painter, self.point(lab.a, lab.b), GUESS_RING, color, line=LINE)
        mark(painter, self.point(self._lab.a, self._lab.b), RING, self._color, line=LINE)
        painter.end()

    def _part_at(self, at: QPointF) -> Part | None:
        if self.strip().adjusted(-4, -4, 4, 4).contains(at):
            return Part.STRIP
        return Part.PLANE if self.square().contains(at) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows change a and b by one; Page up and down, or up and down with Shift, the lightness."""
        step = _key_step(Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if step is None:
            super().keyPressEvent(event)
            return
        lightness, a, b = step
        self._pick(Lab(_bounded(self._lab.lightness + lightness), self._lab.a + a, self._lab.b + b))

    def _drag(self, at: QPointF) -> None:
        if self._held is Part.PLANE:
            box = self.square()
            across, up = (at.x() - box.left()) / box.width(), (box.bottom() - at.y()) / box.height()
            self._pick(replace(self._lab, a=(across * 2 - 1) * REACH, b=(up * 2 - 1) * REACH))
        elif self._held is Part.STRIP:
            box = self.strip()
            self._pick(replace(self._lab, lightness=_bounded((box.bottom() - at.y()) / box.height() * 100)))

    def _pick(self, lab: Lab) -> None:
        self._lab = within(lab)
        self._color = self._lab.color
        self.update()
        self.colorPicked.emit(self._color)

    def _plane_image(self) -> QImage:
        key = round(self._lab.lightness), round(self.square().width() * self.devicePixelRatioF())
        if self._image is None or self._image[0] != key:
            pixels = plane(key[0])
            small = QImage(pixels.data, GRID, GRID, 4 * GRID, QImage.Format.Format_RGBA8888_Premultiplied).copy()
            how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._image = key, small.scaled(key[1], key[1], *how)
        return self._image[1]

    def _paint_strip(self, painter: QPainter) -> None:
        box = self.strip()
        ramp = QLinearGradient(box.bottomLeft(), box.topLeft())
        for part in range(11):
            ramp.setColorAt(part / 10, QColor(*Lab(10.0 * part, 0, 0).color))
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.setBrush(ramp)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        at = self.strip_point(self._lab.lightness)
        mark(painter, at, STRIP / 2 - 1, Lab(self._lab.lightness, 0, 0).color, line=LINE)


def _bounded(lightness: float) -> float:
    return min(LIGHTEST, max(DARKEST, lightness))


def _key_step(key: Qt.Key, shift: bool) -> tuple[float, float, float] | None:
    """What a key adds to L, a and b; None where it means nothing here."""
    if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) or (shift and key in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
        return (1.0 if key in (Qt.Key.Key_PageUp, Qt.Key.Key_Up) else -1.0), 0.0, 0.0
    return {
        Qt.Key.Key_Left: (0.0, -1.0, 0.0),
        Qt.Key.Key_Right: (0.0, 1.0, 0.0),
        Qt.Key.Key_Up: (0.0, 0.0, 1.0),
        Qt.Key.Key_Down: (0.0, 0.0, -1.0),
    }.get(key)
