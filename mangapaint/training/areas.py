"""Areas of nearly one colour in a coloured picture, for what nobody drew with regions: fast rather than exact."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.training.samples import NOWHERE, Labels

WORKING = 384
"""Longer side at which areas are looked for."""
SMOOTH, SMOOTH_COLOR, SMOOTH_SPACE = 7, 30.0, 4.0
"""Diameter and deviations of the bilateral filter that takes texture away."""
BITS = 5
"""Leading bits of R, G and B by which colours fall into one cell."""
COLORS = 16
"""Colours a picture is reduced to."""
ALIKE = 8.0
"""Colours nearer than this to a commoner one, with L counted as below, are noise of it."""
LEARNED = 2000
"""Pixels the colours are found in."""
SHADE = 0.6
"""What L counts beside a and b: a thing and its shadow are often one area."""
SMALLEST = 20
"""Smaller areas, in working pixels, are texture."""
BLACK_LIGHTNESS, BLACK_CHROMA = 25.0, 12.0
"""CIELAB L and chroma below which a colour may be ink; ..."""
SOLID = 9
"""... it is an area where a disc of this diameter fits in."""
INKED = 255
"""Stands for no main colour."""
INK = 128
"""Values of a line drawing below this are ink."""

Field = NDArray[np.float32]


def areas(color: Pixels, line: Pixels | None = None) -> Labels:
    """Return the areas of nearly one colour of a picture, uint8 RGB (h, w, 3), as int32 (h, w) from 0.

    ``NOWHERE`` on ink (that of ``line``, uint8 (h, w), too), along borders, and on areas too small to matter.
    """
    height, width = color.shape[:2]
    scale = min(1.0, WORKING / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(color, size, interpolation=cv2.INTER_AREA)
    smooth = np.asarray(cv2.bilateralFilter(small, SMOOTH, SMOOTH_COLOR, SMOOTH_SPACE), dtype=np.uint8)
    small_areas = _connected(_reduced(smooth))
    found = np.asarray(cv2.resize(small_areas, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.int32)
    if line is not None:
        found[line < INK] = NOWHERE
    return found


def _reduced(rgb: Pixels) -> Pixels:
    """Return which main colour each pixel has, uint8 (h, w), ``INKED`` for ink; colours are compared in cells."""
    parts = rgb >> (8 - BITS)
    cells = (parts[..., 0].astype(np.uint16) << 2 * BITS) | (parts[..., 1].astype(np.uint16) << BITS) | parts[..., 2]
    counts = np.bincount(cells.ravel(), minlength=1 << 3 * BITS)
    held = np.flatnonzero(counts)
    middles = np.stack([held >> 2 * BITS, held >> BITS & (1 << BITS) - 1, held & (1 << BITS) - 1], axis=1)
    lab = _weighted_lab(((middles << (8 - BITS)) + (1 << 7 - BITS)).astype(np.uint8))
    centers = _main_colors(lab, counts[held])
    table = np.zeros(len(counts), np.uint8)
    table[held] = ((centers**2).sum(axis=1) - 2 * (lab @ centers.T)).argmin(axis=1)
    which = table[cells]
    dark = (centers[:, 0] < BLACK_LIGHTNESS * SHADE) & (np.hypot(centers[:, 1], centers[:, 2]) < BLACK_CHROMA)
    black = dark[which].view(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (SOLID, SOLID))
    which[black > cv2.morphologyEx(black, cv2.MORPH_OPEN, disc)] = INKED
    return which


def _connected(which: Pixels) -> Labels:
    """Return the connected parts of one main colour that are large enough, and thicker than two pixels."""
    square = np.ones((3, 3), np.uint8)
    # Pixels with all neighbours of their own colour: where two colours meet, both sides stand back.
    inner = ((cv2.erode(which, square) == cv2.dilate(which, square)) & (which != INKED)).view(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=4)
    kept = stats[:count, cv2.CC_STAT_AREA] >= SMALLEST
    kept[0] = False
    names = np.where(kept, np.cumsum(kept), 0).astype(np.uint16)
    grown = cv2.dilate(names[parts], square)
    return np.asarray(grown.astype(np.int32) + NOWHERE)


def _weighted_lab(colors: Pixels) -> Field:
    """Return CIELAB, float32 (n, 3), of uint8 RGB (n, 3), with the weight of L."""
    lab = cv2.cvtColor(colors[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    return np.asarray(lab * np.array([SHADE, 1, 1], np.float32), dtype=np.float32)


def _main_colors(lab: Field, counts: NDArray[np.intp]) -> Field:
    """Return the main colours of cells, float32 (n, 3): k-means of some pixels, without those like a commoner one."""
    # Every so many-th pixel, in the order of their cells.
    at = np.searchsorted(np.cumsum(counts), np.arange(0, counts.sum(), max(1, counts.sum() // LEARNED)), side="right")
    sample = np.ascontiguousarray(lab[at])
    count = min(COLORS, len(np.unique(at)))
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 12, 0.5)
    cv2.setRNGSeed(0)
    _, of, centers = cv2.kmeans(sample, count, np.zeros((0, 1), np.int32), criteria, 1, cv2.KMEANS_PP_CENTERS)
    order = np.argsort(-np.bincount(of.ravel(), minlength=count), kind="stable")
    kept: list[Field] = []
    for center in np.asarray(centers, dtype=np.float32)[order]:
        if all(np.linalg.norm(center - other) > ALIKE for other in kept):
            kept.append(center)
    return np.stack(kept)
