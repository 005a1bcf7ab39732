"""Holds one oversampled drawing (areas, ink, screentone) and develops it into gray or coloured pixels."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .palette import Area, table

Points = NDArray[np.float64]
Pixels = NDArray[np.uint8]
OVERSAMPLED = 4
SUBPIXEL_BITS = 4
TONE_CELL = 6
"""Page pixels after which the screentone repeats: dots at 45 degrees, TONE_CELL / sqrt(2) apart."""


class Canvas:
    """A drawing of ``width`` x ``height`` page pixels; all points are in page pixels.

    Whatever is filled hides what was there before, its ink and tone included, so draw from far to near.
    """

    def __init__(self, width: int, height: int, seed: int = 0) -> None:
        self.size = (width, height)
        shape = (height * OVERSAMPLED, width * OVERSAMPLED)
        self.areas: Pixels = np.zeros(shape, np.uint8)
        self.ink: Pixels = np.zeros(shape, np.uint8)
        self.tone: Pixels = np.zeros(shape, np.uint8)
        self.random = np.random.default_rng(seed)

    def fill(self, outline: Points, area: Area) -> None:
        """Give the inside of an outline to an area."""
        for layer, value in ((self.areas, int(area)), (self.ink, 0), (self.tone, 0)):
            cv2.fillPoly(layer, [_fixed(outline)], value, shift=SUBPIXEL_BITS)

    def blot(self, outline: Points) -> None:
        """Fill an outline with ink."""
        cv2.fillPoly(self.ink, [_fixed(outline)], 255, shift=SUBPIXEL_BITS)

    def become(self, outline: Points, old: Area, new: Area) -> None:
        """Turn one area into another inside an outline, under the ink."""
        found = self._inside(outline)
        if found is not None:
            where, mask = found
            self.areas[where][mask & (self.areas[where] == old)] = new

    def screen(self, outline: Points, areas: tuple[Area, ...], top: float, bottom: float) -> None:
        """Lay screentone on some areas inside an outline, its darkness 0..1 running from top to bottom."""
        found = self._inside(outline)
        if found is None:
            return
        where, mask = found
        levels = np.linspace(top, bottom, mask.shape[0])[:, None] * np.ones(mask.shape)
        chosen = mask & np.isin(self.areas[where], [int(area) for area in areas])
        self.tone[where][chosen] = np.round(levels[chosen] * 255).astype(np.uint8)

    def stroke(self, line: Points, widths: NDArray[np.float64]) -> None:
        """Draw along a dense line with a round nib."""
        ends = _fixed(line)
        nibs = np.maximum(1, np.round(widths * OVERSAMPLED)).astype(int)
        for a, b, nib in zip(ends[:-1].tolist(), ends[1:].tolist(), nibs.tolist(), strict=False):
            cv2.line(self.ink, a, b, 255, nib, cv2.LINE_8, SUBPIXEL_BITS)

    def crop(self, outline: Points) -> None:
        """Leave blank paper outside an outline."""
        outside = np.ones(self.areas.shape, np.uint8)
        cv2.fillPoly(outside, [_fixed(outline)], 0, shift=SUBPIXEL_BITS)
        for layer in (self.areas, self.ink, self.tone):
            layer[outside > 0] = 0

    def line_art(self) -> Pixels:
        """Return ink and screentone on white, uint8 (height, width)."""
        cell = _tone_thresholds()
        repeats = -(-self.tone.shape[1] // cell.shape[1])
        rows: list[Pixels] = []
        for y in range(0, self.tone.shape[0], cell.shape[0]):
            tone, ink = self.tone[y : y + cell.shape[0]], self.ink[y : y + cell.shape[0]]
            limits = np.tile(cell, (1, repeats))[: tone.shape[0], : tone.shape[1]]
            rows.append(_reduced(np.where((ink > 0) | (tone > limits), 0, 255).astype(np.uint8)))
        return np.concatenate(rows)

    def painted(self) -> Pixels:
        """Return the areas' colours under the ink, uint8 (height, width, 3)."""
        colors, band, rows = table(), 64 * OVERSAMPLED, list[Pixels]()
        for y in range(0, self.areas.shape[0], band):
            seen = np.where(self.ink[y : y + band] > 0, int(Area.INK), self.areas[y : y + band])
            rows.append(_reduced(colors[seen]))
        return np.concatenate(rows)

    def area_map(self) -> Pixels:
        """Return the area at each page pixel, uint8 (height, width)."""
        half = OVERSAMPLED // 2
        return self.areas[half::OVERSAMPLED, half::OVERSAMPLED]

    def _inside(self, outline: Points) -> tuple[tuple[slice, slice], NDArray[np.bool_]] | None:
        """Return an outline's box on the layers and its mask there; None where it lies outside the canvas."""
        low = np.maximum(np.floor(outline.min(axis=0) * OVERSAMPLED).astype(int), 0)
        high = np.minimum(np.ceil(outline.max(axis=0) * OVERSAMPLED).astype(int) + 1, self.areas.shape[::-1])
        if (high <= low).any():
            return None
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        cv2.fillPoly(mask, [_fixed(outline - low / OVERSAMPLED)], 1, shift=SUBPIXEL_BITS)
        return (slice(low[1], high[1]), slice(low[0], high[0])), mask > 0


def _fixed(points: Points) -> NDArray[np.int32]:
    """Page pixels to OpenCV's fixed-point coordinates on the oversampled layers."""
    return np.round((points * OVERSAMPLED - 0.5) * (1 << SUBPIXEL_BITS)).astype(np.int32)


def _reduced(pixels: Pixels) -> Pixels:
    size = (pixels.shape[1] // OVERSAMPLED, pixels.shape[0] // OVERSAMPLED)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _tone_thresholds() -> Pixels:
    """One cell of the screentone: the darkness above which each of its samples is ink."""
    side = TONE_CELL * OVERSAMPLED
    y, x = (np.mgrid[:side, :side] + 0.5) / side * 2 * np.pi
    height = np.cos(x - y) + np.cos(x + y)
    ranks = np.argsort(np.argsort(-height, axis=None, kind="stable"), kind="stable").reshape(side, side)
    return (ranks * 255 // ranks.size).astype(np.uint8)
