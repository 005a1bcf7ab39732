"""Hints as pixels: strokes and hint pictures laid on the page's regions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.document.page import Color, Pixels
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke

SUBPIXEL_BITS = 4
STRAY_PART = 0.25
"""A region is meant if the hint has at least this part of a brush-sized square in it; less has strayed over a line."""
COVERED_PART = 0.5
"""... or if the hint covers at least this part of the region: an eye is smaller than the brush."""
MANY_HINTS = 2000
MANY_PIXELS = 1 << 29
"""Bytes that the masks of a picture's hints may take in all."""
COARSER = (0xFF, 0xF8, 0xE0, 0xC0, 0x80)
"""What is looked at of each channel: all of it, or only so many leading bits where there are too many colours."""


@dataclass(frozen=True, eq=False)
class Hint:
    """One colour laid on some pixels.

    ``mask`` is bool (h, w) over ``rect`` (within the page); ``width`` is the brush's diameter in pixels;
    ``color`` is sRGB, or None for "keep this uncoloured".
    """

    color: Color | None
    rect: Rect
    mask: NDArray[np.bool_]
    width: float


@dataclass(frozen=True, eq=False)
class Vote:
    """The regions a hint means, int (N,), and how many of its pixels lie in each, int (N,)."""

    hint: Hint
    regions: NDArray[np.intp]
    pixels: NDArray[np.intp]

    @cached_property
    def parts(self) -> tuple[tuple[int, int, float], ...]:
        """Region, pixels, and the part of all these pixels that lies in it."""
        share = self.pixels / max(1, int(self.pixels.sum()))
        return tuple(zip(self.regions.tolist(), self.pixels.tolist(), share.tolist(), strict=True))


def of_stroke(stroke: Stroke, height: int, width: int) -> Hint | None:
    """Paint a stroke; None where it lies outside the page."""
    rect = stroke.bounds.intersection(Rect.whole(height, width))
    if not rect.area:
        return None
    mask = np.zeros((rect.height, rect.width), np.uint8)
    scale = 1 << SUBPIXEL_BITS
    at = np.rint((stroke.points - (rect.x0 + 0.5, rect.y0 + 0.5)) * scale).astype(int)
    radii = np.maximum(np.rint((stroke.radii - 0.5) * scale).astype(int), 0)
    for (x, y), radius in zip(at.tolist(), radii.tolist(), strict=True):
        cv2.circle(mask, (x, y), radius, 1, -1, cv2.LINE_8, SUBPIXEL_BITS)
    for start, end, a, b in zip(at[:-1].tolist(), at[1:].tolist(), stroke.radii, stroke.radii[1:], strict=False):
        cv2.line(mask, start, end, 1, max(1, round(float(a + b))), cv2.LINE_8, SUBPIXEL_BITS)
    return Hint(stroke.color, rect, mask.view(np.bool_), stroke.width) if mask.any() else None


def painted(stroke: Stroke, height: int, width: int) -> Hint | None:
    """Paint a stroke as pixels of its colour, of a fill the dots that it stands for; None outside the page."""
    if stroke.purpose is not Purpose.FILL or len(stroke.points) == 1:
        return of_stroke(stroke, height, width)
    dots = [replace(stroke, points=stroke.points[i : i + 1].copy(), pressures=stroke.pressures[i : i + 1].copy())
            for i in range(len(stroke.points))]  # fmt: skip
    found = [hint for hint in (of_stroke(dot, height, width) for dot in dots) if hint is not None]
    if not found:
        return None
    rect = stroke.bounds.intersection(Rect.whole(height, width))
    mask = np.zeros((rect.height, rect.width), bool)
    for hint in found:
        mask[hint.rect.within(rect).slices] |= hint.mask
    return Hint(stroke.color, rect, mask, stroke.width)


def of_picture(colors: Pixels, mask: NDArray[np.bool_]) -> tuple[Hint, ...]:
    """Take a hint picture apart: every connected patch of one colour is a hint.

    ``colors`` is uint8 (H, W, 3), ``mask`` bool (H, W). In a picture of very many colours (a photograph as hints)
    colours that begin with the same bits count as one: the commonest of them.
    """
    y, x = np.nonzero(mask)
    _, patches = cv2.connectedComponents(mask.view(np.uint8), connectivity=8)
    rgb = colors[y, x].astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    return tuple(_patch(x[group], y[group], rgb[group]) for group in _groups(x, y, patches[y, x], rgb))


def _groups(x: NDArray[np.intp], y: NDArray[np.intp], patch: NDArray[np.int32],
            rgb: NDArray[np.int64]) -> list[NDArray[np.intp]]:  # fmt: skip
    """Group pixels by patch and colour, the latter as exactly as hints and memory allow."""
    groups: list[NDArray[np.intp]] = []
    for bits in COARSER if len(x) else ():
        keys = (patch.astype(np.int64) << 24) | (rgb & bits * 0x010101)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        groups = np.split(order, starts[1:])
        if len(starts) <= MANY_HINTS and _extent(x[order], starts) @ _extent(y[order], starts) <= MANY_PIXELS:
            break
    return groups


def _extent(values: NDArray[np.intp], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.asarray(np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts) + 1)


def _patch(x: NDArray[np.intp], y: NDArray[np.intp], rgb: NDArray[np.int64]) -> Hint:
    rect = Rect(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)
    mask = np.zeros((rect.height, rect.width), bool)
    mask[y - rect.y0, x - rect.x0] = True
    padded = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    width = 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())
    found, counts = np.unique(rgb, return_counts=True)
    color = int(found[counts.argmax()])
    return Hint((color >> 16, color >> 8 & 255, color & 255), rect, mask, width)


def vote(hint: Hint, analysis: PageAnalysis) -> Vote:
    """Decide which regions a hint means.

    Pixels on ink do not count (unless there are no others). A region the hint only strays into does not count
    either, so that a scribble may touch the line.
    """
    labels = analysis.regions.labels[hint.rect.slices]
    bare = hint.mask & ~analysis.ink[hint.rect.slices]
    inside = labels[bare] if bare.any() else labels[hint.mask]
    regions, pixels = np.unique(inside, return_counts=True)
    regions = regions.astype(np.intp)
    meant = (pixels >= min(STRAY_PART * hint.width**2, pixels.max())) | (
        pixels >= COVERED_PART * analysis.regions.areas[regions]
    )
    return Vote(hint, regions[meant], pixels[meant])
