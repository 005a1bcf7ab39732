"""Draws a figure in colour for the method ``matcher``, moves it about, and looks at what became of the page."""

from __future__ import annotations

from dataclasses import replace

import cv2
import drawing
import numpy as np
from referring import lab, reference, turned

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.drawn import line_art
from mangapaint.colorizers.compose import compose, rgb
from mangapaint.colorizers.matcher import Matcher
from mangapaint.colorizers.method import Colorization, ColorRequest, Stamp
from mangapaint.document.page import Kind, Pixels
from mangapaint.document.rect import Rect
from mangapaint.progress import Silent

SIDE = 320
SKY, GRASS, HAIR, SKIN, DRESS, RIBBON = (
    (150, 200, 235), (105, 165, 80), (120, 70, 40), (245, 205, 175), (190, 45, 70), (240, 210, 70),
)  # fmt: skip
INK = (20, 20, 20)
HEAD_AT, DRESS_AT, RIBBON_AT, SKY_AT, GRASS_AT = (160, 130), (160, 235), (205, 68), (40, 60), (45, 300)
"""Places, x and y, that show SKIN, DRESS, RIBBON, SKY and GRASS and nothing else."""
METHOD = Matcher()


def figure(*, seed: int = 0) -> Pixels:
    """A girl with brown hair, a yellow ribbon and a red dress under the sky, RGB; ``seed`` is for the small things."""
    fine = drawing.FINE
    canvas = np.empty((SIDE * fine, SIDE * fine, 3), np.uint8)
    canvas[:], canvas[275 * fine :] = SKY, GRASS
    _tufts(canvas, seed)
    _body(canvas)
    _head(canvas)
    return np.asarray(cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _at(*points: tuple[float, float]) -> np.ndarray:
    return np.rint(np.array(points) * drawing.FINE).astype(np.int32)


def _shape(canvas: Pixels, color, *points: tuple[float, float]) -> None:
    cv2.fillPoly(canvas, [_at(*points)], color)
    cv2.polylines(canvas, [_at(*points)], isClosed=True, color=INK, thickness=2 * drawing.FINE)


def _disc(canvas: Pixels, color, x: float, y: float, size: tuple[float, float]) -> None:
    axes = round(size[0] * drawing.FINE), round(size[1] * drawing.FINE)
    center = tuple(int(value) for value in _at((x, y))[0])
    cv2.ellipse(canvas, center, axes, 0, 0, 360, color, -1)
    cv2.ellipse(canvas, center, axes, 0, 0, 360, INK, 2 * drawing.FINE)


def _stroke(canvas: Pixels, *points: tuple[float, float], color=INK, pen: float = 1.5) -> None:
    cv2.polylines(canvas, [_at(*points)], isClosed=False, color=color, thickness=round(pen * drawing.FINE))


def _tufts(canvas: Pixels, seed: int) -> None:
    """Clouds' edges and blades of grass."""
    random = np.random.default_rng(seed)
    for x, y in zip(random.uniform(8, SIDE - 8, 18), random.uniform(282, 314, 18), strict=True):
        _stroke(canvas, (x - 3, y - 7), (x, y), (x + 4, y - 5))
    for x, y in ((45, 25), (262, 40), (285, 150), (30, 140)):
        _stroke(canvas, (x - 22, y + 6), (x - 9, y - 3), (x, y + 5), (x + 11, y - 4), (x + 20, y + 6))


def _body(canvas: Pixels) -> None:
    _shape(canvas, DRESS, (138, 172), (182, 172), (222, 300), (98, 300))
    _shape(canvas, SKIN, (128, 182), (140, 178), (112, 250), (98, 246))
    _shape(canvas, SKIN, (180, 178), (192, 182), (240, 226), (228, 236))
    for x in (122, 143, 178, 200):
        _stroke(canvas, (160 + (x - 160) * 0.55, 255), (x, 296))
    for x, y in ((150, 190), (168, 196), (152, 214), (176, 214)):
        _disc(canvas, RIBBON, x, y, (4, 4))


def _head(canvas: Pixels) -> None:
    _disc(canvas, HAIR, 160, 108, (62, 66))
    _disc(canvas, SKIN, 160, 124, (42, 46))
    _shape(canvas, HAIR, (116, 112), (138, 70), (186, 72), (206, 112), (188, 98), (176, 110), (162, 94), (144, 108),
           (134, 98))  # fmt: skip
    for x in (106, 114, 204, 212):
        _stroke(canvas, (160 + (x - 160) * 0.8, 62), (x, 104), (x + 2, 138))
    _shape(canvas, RIBBON, (196, 66), (172, 48), (178, 78), (196, 66), (226, 50), (224, 84))
    for x in (143, 177):
        _disc(canvas, (250, 250, 250), x, 128, (9, 7))
        _disc(canvas, (40, 60, 50), x + 2, 128, (4, 6))
        _stroke(canvas, (x - 11, 116), (x, 112), (x + 9, 115))
    _stroke(canvas, (160, 138), (157, 146), (162, 147))
    _stroke(canvas, (150, 157), (161, 161), (172, 155))


def moved(picture: Pixels, *, turn: float = 0, scale: float = 1.0, mirrored: bool = False,
          shift: tuple[float, float] = (0, 0)) -> Pixels:  # fmt: skip
    """A picture turned by degrees about its middle, scaled, mirrored and shifted; the sheet grows with the scale."""
    source = np.ascontiguousarray(picture[:, ::-1]) if mirrored else picture
    height, width = source.shape[:2]
    size = round(width * scale), round(height * scale)
    way = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn, scale)
    way[:, 2] += (size[0] - width) / 2 + shift[0], (size[1] - height) / 2 + shift[1]
    small = cv2.GaussianBlur(source, (0, 0), (1 / scale - 1) / 2) if scale < 1 else source
    return np.asarray(cv2.warpAffine(small, way, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def stranger(height: int = SIDE, width: int = SIDE) -> Pixels:
    """A gray page that shows nothing of the figure: soft noise at every size."""
    random = np.random.default_rng(7)
    layers = (cv2.GaussianBlur(random.normal(0, 1, (height, width)), (0, 0), blur) * blur for blur in (0.7, 2, 6, 18))
    noise = sum(layers)
    return np.clip(128 + 90 * noise / np.abs(noise).max(), 0, 255).astype(np.uint8)


def gray_page(picture: Pixels) -> PageAnalysis:
    return analyze(drawing.page(turned(picture) if picture.ndim == 3 else picture), kind=Kind.GRAY)


def line_page(picture: Pixels) -> PageAnalysis:
    return analyze(drawing.page(line_art(picture)), kind=Kind.LINE)


def asked(analysis: PageAnalysis, *references: Pixels, **fields) -> ColorRequest:
    pictures = tuple(reference(item) for item in references)
    return ColorRequest(Stamp(analysis.page.id, 0), analysis, references=pictures, **fields)


def matched(analysis: PageAnalysis, *references: Pixels, strokes: tuple = ()) -> Colorization:
    request = asked(analysis, *references)
    return METHOD.colorize(METHOD.prepare(request, Silent()), replace(request, strokes=strokes), Silent())


def shown(analysis: PageAnalysis, colorization: Colorization) -> Pixels:
    return rgb(compose(analysis, colorization, Rect.whole(*analysis.gray.shape)))


def chroma(pixels: Pixels) -> np.ndarray:
    return np.hypot(lab(pixels)[..., 1], lab(pixels)[..., 2])
