"""Pictures on the screen: own pixel buffers in halving sizes, wrapped as QImages without a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

import qimage2ndarray  # isort: skip - must follow PySide6, or it looks for another binding
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

LEVELS = 4
ALIGN = 1 << (LEVELS - 1)
SHARP_FROM = 2.0
"""From this zoom on, pixels are shown as squares."""


@dataclass(frozen=True, eq=False)
class Patch:
    """Part of a picture in all sizes, uint8 (h, w, 4) each, in a screen's order (blue, green, red, alpha).

    Each of its pixels stands for ``step`` page pixels each way.
    """

    rect: Rect
    levels: tuple[Pixels, ...]
    step: int = 1


def patch(screen: Pixels, rect: Rect) -> Patch:
    """Make all sizes of a part; ``rect``'s corner must be a multiple of ``ALIGN``."""
    levels = [screen]
    for _ in range(1, LEVELS):
        levels.append(_halved(levels[-1]))
    return Patch(rect, tuple(levels))


def _halved(pixels: Pixels) -> Pixels:
    """Return the mean of every 2x2 pixels; a last odd row or column counts twice."""
    high, wide = pixels.shape[0] % 2, pixels.shape[1] % 2
    if high or wide:
        pixels = cv2.copyMakeBorder(pixels, 0, high, 0, wide, cv2.BORDER_REPLICATE)
    size = pixels.shape[1] // 2, pixels.shape[0] // 2
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


class Pyramid:
    """A whole picture for painting at any zoom. Owns the memory that its QImages show."""

    def __init__(self, whole: Patch, *, opaque: bool = True) -> None:
        self._step = whole.step
        self.width, self.height = whole.rect.width * whole.step, whole.rect.height * whole.step
        self._levels = [np.array(level, order="C", copy=True) for level in whole.levels]
        form = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        self._images = [QImage(x.data, x.shape[1], x.shape[0], x.strides[0], form) for x in self._levels]

    def level(self, number: int) -> Pixels:
        """Return one size's own pixels, uint8 (h, w, 4)."""
        return self._levels[number]

    def small(self, longest: int) -> Pixels:
        """Return the picture as uint8 RGB (h, w, 3), in the smallest size whose longer side has at least so many."""
        sides = [max(level.shape[:2]) for level in self._levels]
        number = max((n for n, side in enumerate(sides) if side >= longest), default=0)
        return np.ascontiguousarray(self._levels[number][..., 2::-1])

    def paste(self, part: Patch) -> None:
        """Replace a part of the picture in every size."""
        for number, (level, new) in enumerate(zip(self._levels, part.levels, strict=True)):
            y, x = part.rect.y0 >> number, part.rect.x0 >> number
            level[y : y + new.shape[0], x : x + new.shape[1]] = new

    def color(self, x: int, y: int) -> tuple[int, int, int]:
        """Return the RGB of a pixel."""
        blue, green, red, _ = self._levels[0][y, x].tolist()
        return red, green, blue

    def paint(self, painter: QPainter, *, scale: float) -> None:
        """Draw with the painter's transform (page pixels); ``scale`` is device pixels for a page pixel."""
        number = int(np.clip(np.floor(np.log2(1 / max(scale * self._step, 1e-6)) + 1e-6), 0, LEVELS - 1))
        painter.save()
        painter.setClipRect(QRectF(0, 0, self.width, self.height), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < SHARP_FROM)
        painter.setTransform(QTransform.fromScale(self._step << number, self._step << number), True)
        painter.drawImage(0, 0, self._images[number])
        painter.restore()


def pixels_of(image: QImage) -> Pixels:
    """Return a copy of a QImage as uint8 RGB (H, W, 3), transparent parts laid on white.

    A copy, because qimage2ndarray's views do not keep the QImage alive.
    """
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    rgb = qimage2ndarray.rgb_view(plain).astype(np.uint16)
    alpha = qimage2ndarray.alpha_view(plain).astype(np.uint16)[..., None]
    return cast(Pixels, ((rgb * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8))
