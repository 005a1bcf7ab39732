"""Light and shadow on shapes, cast by them and on the whole picture; amounts are uint8, 255 the most."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mangapaint.document.page import Color, Pixels
from mangapaint.training.scenes.inking import SHIFT, whole
from mangapaint.training.scenes.shapes import Points
from mangapaint.training.scenes.styles import Paint, Shading

LEAST = 40.0
"""Shapes whose area is smaller, in pixels of the fine picture, have no shades of their own."""
COARSE = 48
"""Soft shades are made so large at most, and enlarged."""
WARM: Color = (222, 172, 164)
"""What light is left in the shadows of skin."""
WHITE: Color = (255, 255, 255)
GLOSSY = 0.6
"""Bodies at least so round have highlights."""

Outline = NDArray[np.float32]
Where = NDArray[np.bool_]


@dataclass(frozen=True)
class Lamp:
    """Shades bodies in the manner of ``paint``; ``light`` is where shadows fall to, x and y of length 1."""

    paint: Paint
    light: tuple[float, float]

    def shaded(self, outline: Outline, mask: Pixels, roundness: float) -> Pixels | None:
        """Return how much in shadow a body is, the size of ``mask`` (255 in the outline); None: not at all."""
        thick = _thickness(outline)
        if self.paint.shading is Shading.FLAT or roundness <= 0 or thick * thick < LEAST:
            return None
        if self.paint.shading is Shading.CEL:
            return self._hard(outline, mask, thick * (0.12 + 0.38 * roundness))
        return self._soft(outline, mask, thick * (0.3 + 0.5 * roundness))

    def lit(self, outline: Outline, mask: Pixels, roundness: float) -> Pixels | None:
        """Return how bright the highlight on a body is, the size of ``mask``; None: there is none."""
        thick = _thickness(outline)
        if not self.paint.gloss or roundness < GLOSSY or thick * thick < 4 * LEAST:
            return None
        middle = outline.mean(axis=0) - np.array(self.light, np.float32) * thick * 0.5
        spot = np.zeros_like(mask)
        axes = (round(thick * 0.26 * (1 << SHIFT)), round(thick * 0.14 * (1 << SHIFT)))
        turn = float(np.degrees(np.arctan2(self.light[1], self.light[0]))) + 90
        at = tuple(whole(middle).tolist())
        cv2.ellipse(spot, at, axes, turn, 0, 360, self._gloss(), thickness=-1, shift=SHIFT)
        if self.paint.shading is Shading.SOFT:
            spot = _blurred(spot, thick * 0.12)
        return cv2.bitwise_and(spot, mask)

    def shine(self, outline: Outline, mask: Pixels) -> Pixels | None:
        """Return the bright band that hair has, a zigzag across its upper part; None: there is none."""
        low, high = outline.min(axis=0), outline.max(axis=0)
        width, height = (high - low).tolist()
        if not self.paint.gloss or width < 24 or height < 0.35 * width:
            return None
        # Long hair shines about the crown, not halfway down.
        height = min(height, width)
        across = np.arange(19) / 18
        level = low[1] + height * (0.3 - 0.07 * np.sin(np.pi * across))
        ragged = np.where(np.arange(19) % 2, 0.03, -0.015) * height
        thick = 0.06 * height * np.sin(np.pi * across)
        x = low[0] + width * across
        edges = np.stack(
            (np.append(x, x[::-1]), np.append(level + ragged, (level + thick + ragged * 0.6)[::-1])), axis=1
        )
        band = np.zeros_like(mask)
        cv2.fillPoly(band, [whole(edges)], round(0.7 * self._gloss()), shift=SHIFT)
        if self.paint.shading is Shading.SOFT:
            band = _blurred(band, height * 0.02)
        return cv2.bitwise_and(band, mask)

    def fallen(self, outline: Outline, mask: Pixels, reach: float) -> None:
        """Lay the shadow that a body throws, ``reach`` away from it, on a mask."""
        moved = outline + np.array(self.light, np.float32) * reach
        cv2.fillPoly(mask, [whole(moved)], self._cast(), shift=SHIFT)

    def _cast(self) -> int:
        return 255 if self.paint.shading is Shading.CEL else 150

    def _gloss(self) -> int:
        return round(255 * self.paint.gloss)

    def _hard(self, outline: Outline, mask: Pixels, reach: float) -> Pixels:
        shadow = mask.copy()
        moved = outline - np.array(self.light, np.float32) * reach
        cv2.fillPoly(shadow, [whole(moved)], 0, shift=SHIFT)
        return shadow

    def _soft(self, outline: Outline, mask: Pixels, reach: float) -> Pixels:
        height, width = mask.shape
        small = min(1.0, COARSE / max(height, width))
        size = max(2, round(width * small)), max(2, round(height * small))
        dark = np.full((size[1], size[0]), 255, np.uint8)
        moved = (outline - np.array(self.light, np.float32) * reach) * small
        cv2.fillPoly(dark, [whole(moved)], 0, shift=SHIFT)
        dark = cv2.GaussianBlur(dark, (0, 0), max(0.6, reach * small * 0.7))
        large: Pixels = cv2.resize(dark, (width, height), interpolation=cv2.INTER_LINEAR)
        return cv2.bitwise_and(large, mask)


def _thickness(outline: Outline) -> float:
    """Return about how wide a shape is, across: a strip's width, a circle's radius."""
    area = abs(float(cv2.contourArea(outline)))
    return 2 * area / max(1.0, float(cv2.arcLength(outline, True)))


def _blurred(spot: Pixels, sigma: float) -> Pixels:
    small = min(1.0, 2 * COARSE / max(spot.shape))
    size = max(2, round(spot.shape[1] * small)), max(2, round(spot.shape[0] * small))
    coarse = cv2.resize(spot, size, interpolation=cv2.INTER_AREA)
    coarse = cv2.GaussianBlur(coarse, (0, 0), max(0.6, sigma * small))
    return np.asarray(cv2.resize(coarse, spot.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def ground_shadow(x: float, y: float, width: float) -> Points:
    """Return the flat ellipse that a figure's shadow is on the ground."""
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.stack((x + width * np.cos(angles), y + 0.16 * width * np.sin(angles)), axis=1).astype(np.float32)


def multiplier(shadow: Pixels, paint: Paint, rng: Generator, *, skin: Where, bare: Where) -> Pixels:
    """Return what light is left everywhere, uint8 RGB (h, w, 3): flat colours times this / 255 are shaded ones.

    Where there is ``skin``, shadows are warm; on ``bare`` paper there is nothing but shadow.
    """
    plain = replace(paint, tint=WHITE)
    table = np.concatenate((_table(paint), _table(replace(paint, shadow=WARM)), _table(plain)))
    left = table[shadow + skin * np.uint16(256) + (bare & ~skin) * np.uint16(512)]
    if not paint.texture:
        return left
    uneven = 1 - paint.texture * _clouds(shadow.shape, rng)
    uneven[bare] = 1
    return np.asarray(cv2.multiply(left, np.repeat(uneven[..., None], 3, 2), dtype=cv2.CV_8U), np.uint8)


def _table(paint: Paint) -> Pixels:
    """Return the light that each amount of shadow leaves, uint8 RGB (256, 3)."""
    steps = np.arange(256, dtype=np.float32)[:, None] / 255 * paint.depth
    return np.rint((1 - steps * (1 - _light(paint.shadow))) * _light(paint.tint) * 255).astype(np.uint8)


def _clouds(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float32]:
    """Return soft blotches, 0..1, with some grain."""
    coarse = rng.random((max(2, shape[0] // 40), max(2, shape[1] // 40)), np.float32)
    fine = rng.random((max(2, shape[0] // 3), max(2, shape[1] // 3)), np.float32)
    size = shape[1], shape[0]
    soft = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    grain = cv2.resize(fine, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(0.7 * soft + 0.3 * grain, 0, 1), np.float32)


def _light(color: Color) -> NDArray[np.float32]:
    return (np.array(color) / 255).astype(np.float32)
