"""Colours drawn pages with the method ``propagation``, and draws the pages that need more than one sort of panel."""

from __future__ import annotations

from dataclasses import replace

import cv2
import drawing
import numpy as np

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.compose import compose, rgb
from mangapaint.colorizers.method import Colorization, ColorRequest, Stamp
from mangapaint.colorizers.propagation import Prepared, Propagation
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke, stroke
from mangapaint.progress import Silent

RED, BLUE, GREEN = (220, 30, 40), (30, 60, 220), (60, 180, 75)
SKIN, LIT = (200, 120, 90), (210, 132, 104)
"""Akin to each other, and to none of the others."""
WHITE = (255, 255, 255)
METHOD = Propagation()
NEAR, FLAT = (("areas", "near"),), (("colors", "flat"),)
"""Options: colour only what hints are near to; no blending."""
CELL = 12
"""Side of a cell of ``grid`` in page pixels, its line among them."""


def dab(x: float, y: float, color, *, width: float = 8, purpose: Purpose = Purpose.HINT) -> Stroke:
    return stroke([(x - 3, y), (x + 3, y)], width=width, color=color, purpose=purpose)


def dot(x: float, y: float, color, *, width: float = 4, purpose: Purpose = Purpose.HINT) -> Stroke:
    return stroke([(x, y)], width=width, color=color, purpose=purpose)


def ready(analysis: PageAnalysis) -> Prepared:
    return METHOD.prepare(ColorRequest(Stamp(analysis.page.id, 0), analysis), Silent())


def colored(analysis: PageAnalysis, *strokes: Stroke, prepared: Prepared | None = None, **fields) -> Colorization:
    request = ColorRequest(Stamp(analysis.page.id, 1), analysis, strokes=strokes, **fields)
    return METHOD.colorize(prepared or ready(analysis), request, Silent())


def whole(analysis: PageAnalysis) -> Rect:
    return Rect.whole(*analysis.gray.shape)


def picture(analysis: PageAnalysis, colorization: Colorization | None) -> Pixels:
    return rgb(compose(analysis, colorization, whole(analysis)))


def at(pixels: Pixels, place: tuple[int, int]) -> tuple[int, ...]:
    return tuple(pixels[place[1], place[0]].tolist())


def levels(pixels: Pixels) -> np.ndarray:
    """The gray level, 0..255, that is as light (CIELAB L) as each pixel; float (H, W)."""
    steps = np.repeat(np.arange(256, dtype=np.float32)[None, :, None], 3, axis=2) / 255
    light = cv2.cvtColor(steps, cv2.COLOR_RGB2LAB)[0, :, 0]
    return np.interp(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0], light, np.arange(256))


def region_at(analysis: PageAnalysis, x: float, y: float) -> int:
    return int(analysis.regions.labels[int(y), int(x)])


def with_bubble(analysis: PageAnalysis, x: int, y: int) -> PageAnalysis:
    """The same page, the region at a place taken for a speech bubble."""
    bubbles = np.zeros(analysis.regions.count, bool)
    bubbles[region_at(analysis, x, y)] = True
    return replace(analysis, regions=replace(analysis.regions, bubbles=bubbles))


def mixed(size: int = 160) -> Pixels:
    """A panel of line art above a panel of washes: a ramp, a dark and a light area."""

    def draw(canvas: Pixels) -> None:
        drawing.box(canvas, size * 0.05, size * 0.05, size * 0.95, size * 0.45)
        drawing.circle(canvas, size * 0.3, size * 0.25, size * 0.12)
        drawing.circle(canvas, size * 0.7, size * 0.25, size * 0.05, pen=2)
        wide = round(size * 0.9 * drawing.FINE)
        ramp = np.linspace(210, 90, wide).astype(np.uint8)
        left = round(size * 0.05 * drawing.FINE)
        canvas[round(size * 0.55 * drawing.FINE) : round(size * 0.95 * drawing.FINE), left : left + wide] = ramp
        drawing.filled(canvas, size * 0.2, size * 0.65, size * 0.45, size * 0.85, 70)
        drawing.filled(canvas, size * 0.6, size * 0.6, size * 0.85, size * 0.75, 235)
        drawing.box(canvas, size * 0.05, size * 0.55, size * 0.95, size * 0.95)

    return drawing.antialiased(size, size, draw)


def grid(columns: int, rows: int) -> PageAnalysis:
    """A page ruled into so many cells by lines of one pixel, each cell a region."""
    pixels = np.full((rows * CELL + 1, columns * CELL + 1), 255, np.uint8)
    pixels[::CELL] = 0
    pixels[:, ::CELL] = 0
    return analyze(drawing.page(pixels))
