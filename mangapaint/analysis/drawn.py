"""Line art drawn from a coloured picture: its outlines, and edges of colour where it has none.

What is black or white and nothing between, so that no colour can be read from it. Outlines are thin parts darker than
both sides (a black-hat); edges are those of Canny (1986) on CIELAB, from whichever channel changes most. Where a
picture has both, the outline counts. Areas stay white however dark they are, unless they are black.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

Mask = NDArray[np.bool_]
Field = NDArray[np.float32]

USUAL = 640
"""Longer side, in pixels, up to which lengths below are taken as they are; on larger pictures lines are wider, too."""
COLORED_LINE, BLACK_LINE = 2, 4
"""Half the width of the widest line, in colour and in black: a red ribbon is an area, a black brush stroke is none."""
BLACK_LIGHTNESS, BLACK_CHROMA = 60.0, 12.0
"""CIELAB L and chroma below which a line counts as black; pencil does."""
FAINT, CLEAR = 7.0, 16.0
"""How much darker (L) than its surroundings an outline is, everywhere and somewhere along it."""
CORE = 0.45
"""Part of an outline's own darkness from which on a pixel belongs to it: what is left and right is anti-aliasing."""
SOLID_LIGHTNESS, SOLID_CHROMA, SOLID_RADIUS = 10.0, 8.0, 3
"""An area is black below these, if a disc of this radius fits in."""
SMOOTH, SMOOTH_COLOR, SMOOTH_SPACE = 9, 28.0, 4.0
"""Diameter and deviations of the bilateral filter that takes texture away before edges are looked for."""
MOST_SMOOTH = 15
"""The largest diameter on large pictures: it costs the square."""
BLUR = 1.2
"""Deviation of the blur before gradients are taken."""
SHADE = 0.7
"""What a step in L counts beside one in a or b: shadows are rarely drawn, borders of colours are."""
WEAK_EDGE, EDGE = 2.0, 4.5
"""CIELAB per pixel, after the blur, of an edge everywhere and somewhere: a step of 4.5 there is some 13 in all."""
FIXED_POINT = 100
"""Gradients are handed on as whole numbers of this many parts."""
BESIDE = 2
"""Pixels beside an outline within which no edge is drawn: they would be the outline's own two sides."""
JOINED = 2
"""Half the hole in a line that is closed: outlines and edges end a little before each other."""
SPECK, HOLE = 8, 16
"""Ink shorter than this is texture; paper of fewer pixels that ink encloses is part of a line."""
RIM = 3
"""Paper laid around the picture while such are looked for: enough to count as paper by itself."""


def line_art(rgb: Pixels) -> Pixels:
    """Return the lines of a picture, uint8 RGB (H, W, 3), as uint8 (H, W): 0 where there is ink, 255 elsewhere."""
    unit = max(1.0, max(rgb.shape[:2]) / USUAL)
    drawn = _outlines(rgb, unit) | _solids(rgb, unit)
    beside = cv2.dilate(drawn.astype(np.uint8), _disc(BESIDE * unit)) > 0
    edges = (_edges(rgb, unit) & ~beside).astype(np.uint8)
    ink = drawn | (cv2.dilate(edges, np.ones((2, 2), np.uint8)) > 0)
    return np.where(_clean(_joined(ink, unit), unit), np.uint8(0), np.uint8(255))


def _outlines(rgb: Pixels, unit: float) -> Mask:
    """Return what is thin and darker than both its sides."""
    lab = _lab(rgb)
    light = cv2.GaussianBlur(lab[..., 0], (0, 0), 0.6 * unit)
    thin, thick = (
        cv2.morphologyEx(light, cv2.MORPH_BLACKHAT, _disc(radius * unit)) for radius in (COLORED_LINE, BLACK_LINE)
    )
    black = (light < BLACK_LIGHTNESS) & (np.hypot(lab[..., 1], lab[..., 2]) < BLACK_CHROMA)
    darker = np.where(black, thick, thin)
    core = darker > CORE * cv2.dilate(darker, _disc(BESIDE * unit))
    # Where a dark area has a corner, a speck is left: with it, no edge would be drawn around the corner.
    return _long(_reached(darker > CLEAR, darker > FAINT) & core, SPECK * unit)


def _solids(rgb: Pixels, unit: float) -> Mask:
    """Return the areas that are black."""
    lab = _lab(np.asarray(cv2.medianBlur(rgb, 5), dtype=np.uint8))
    black = (lab[..., 0] < SOLID_LIGHTNESS) & (np.hypot(lab[..., 1], lab[..., 2]) < SOLID_CHROMA)
    return np.asarray(cv2.morphologyEx(black.astype(np.uint8), cv2.MORPH_OPEN, _disc(SOLID_RADIUS * unit)) > 0)


def _edges(rgb: Pixels, unit: float) -> Mask:
    """Return the edges of colour, one pixel wide."""
    smooth = rgb
    for _ in range(2):
        size = min(MOST_SMOOTH, round(SMOOTH * unit))
        smooth = np.asarray(cv2.bilateralFilter(smooth, size, SMOOTH_COLOR, SMOOTH_SPACE * unit), dtype=np.uint8)
    weighted = _lab(smooth) * np.array([SHADE, 1, 1], np.float32)
    blurred = cv2.GaussianBlur(weighted, (0, 0), BLUR * unit) * (FIXED_POINT * unit)
    across, down = (cv2.Sobel(blurred, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    most = np.hypot(across, down).argmax(axis=2)[..., None]
    x, y = (np.asarray(np.take_along_axis(way, most, 2)[..., 0], dtype=np.int16) for way in (across, down))
    return np.asarray(cv2.Canny(x, y, WEAK_EDGE * FIXED_POINT, EDGE * FIXED_POINT, L2gradient=True) > 0)


def _reached(strong: Mask, weak: Mask) -> Mask:
    """Return the connected parts of what is weak that hold something strong."""
    count, labels = cv2.connectedComponents(weak.astype(np.uint8), connectivity=8)
    kept = np.zeros(count, bool)
    kept[np.unique(labels[strong & weak])] = True
    return np.asarray(kept[labels] & weak)


def _joined(ink: Mask, unit: float) -> Mask:
    """Return ink with small holes in its lines closed, but not the paper filled between lines that lie close."""
    closed = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, _disc(JOINED * unit))
    added = np.where(ink, np.uint8(0), closed)
    return np.asarray(ink | (added > cv2.morphologyEx(added, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))))


def _clean(ink: Mask, unit: float) -> Mask:
    """Return ink without specks of it in the paper, and of paper in it."""
    paper = np.pad(~_long(ink, SPECK * unit), RIM, constant_values=True)  # what is open to the rim is not enclosed
    _, labels, stats, _ = cv2.connectedComponentsWithStats(paper.astype(np.uint8), connectivity=4)
    clean = ~paper | (stats[:, cv2.CC_STAT_AREA] < HOLE * unit**2)[labels]
    return np.asarray(clean[RIM:-RIM, RIM:-RIM])


def _long(ink: Mask, least: float) -> Mask:
    """Return the connected parts that are at least so high or wide."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    long = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= least
    return np.asarray(long[labels] & ink)


def _lab(rgb: Pixels) -> Field:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)


def _disc(radius: float) -> Pixels:
    side = 2 * round(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)
