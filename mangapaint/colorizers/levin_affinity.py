"""A page as a graph for the method ``levin``: small patches of even luminance, and how alike neighbours are.

The affinity of Levin, Lischinski, Weiss 2004 ("Colorization using Optimization"), between patches instead of pixels.
Adaptive edges after Huang et al. 2005 ("An adaptive edge detection based colorization algorithm"), what a place looks
like (texture) after Luan et al. 2007 ("Natural image colorization"), pattern continuity over screentone after Qu, Wong,
Heng 2006 ("Manga colorization").
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

WORKING_PIXELS = 500_000
"""Patches are grown on a picture of at most this size."""
PATCHES = 4500
"""About how many there are to be on a plain page; details get patches of their own beyond that."""
MOST_PATCHES = 12_000
SMALLEST_CELL = 6
FLAT_SLOPE = 3.0
"""Gray levels per pixel below which a place is flat: where patches grow from."""
SPECK = 6
"""Flat places of fewer pixels are no patch."""
LUMA_SCALE = 8.0
"""Steps of luminance (0..255) over which the affinity falls to 1/e. 4 and 12 measured worse."""
PIXEL_SCALE = 3.0
"""... and between two pixels, where patches are smoothed."""
LOOSEST = 1e-6
"""No affinity is less: every patch hears of some hint."""
EDGE_CUT = 0.1
"""What an edge all along a border leaves of the affinity."""
EDGE_FLOOR = 2.0
EDGE_OVER_MEAN = 1.6
"""An edge is steeper (gray levels a pixel) than this floor, and than so many times its surroundings' mean slope."""
EDGE_WINDOW = 31
PATTERN_PIXELS = 2_250_000
"""Patterns are looked at on a picture of at most this size: dots must still be dots."""
WAVELENGTHS = (3.5, 6.0)
"""... of the pattern, in its pixels."""
DIRECTIONS = 4
PATTERN_GAIN = 2.0
"""How many steps of luminance a step of a pattern's energy counts."""
DOT_BLUR = 5.0
"""Blur, in pixels of the picture for patterns, that makes an even gray of dots."""

Gray = NDArray[np.float32]
Labels = NDArray[np.int32]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PatchGraph:
    """A page's patches and which of them touch.

    ``labels`` is int32 (h, w), the patch of each working pixel; ``luma`` float32 (h, w), 0..255, what the affinities
    were taken from. Per patch (n,): ``area``, and ``looks`` (n, f), mean luminance and texture in luminance steps, and
    ``place`` (n, 2), x and y in parts of the page's diagonal. Per border (m,): patches ``a`` and ``b``, its
    ``length`` in parts of their distance, how ``unlike`` they are in luminance steps, and the ``edge`` along it, 0..1.
    Per pixel: affinity to the next one ``across`` and ``down``, and ``share``, what it keeps of itself beside them.
    """

    labels: Labels
    luma: Gray
    area: Values
    looks: Values
    place: Values
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    length: Values
    unlike: Values
    edge: Values
    across: Gray
    down: Gray
    share: Gray

    @property
    def count(self) -> int:
        """How many patches there are, at least one."""
        return len(self.area)

    def weights(self, *, edges: bool) -> Values:
        """Return the affinity across each border, cut along detected edges if these are wanted."""
        cut = EDGE_CUT**self.edge if edges else 1.0
        return np.asarray(self.length * np.exp(-self.unlike / LUMA_SCALE) * cut + LOOSEST)


def patch_graph(gray: Pixels, *, pattern: bool) -> PatchGraph:
    """Divide a page into patches; with ``pattern`` the dots of a screentone are averaged away and told by frequency."""
    size = working_size(gray.shape[0], gray.shape[1], WORKING_PIXELS)
    luma, bands = _without_pattern(gray, size) if pattern else (_shrunk(gray, size), ())
    slope = _slope(luma)
    labels = _patches(luma, bands, slope)
    area = np.bincount(labels.ravel()).astype(np.float64)
    means = np.stack([_means(labels, area, layer) for layer in (luma, *bands)], axis=1)
    looks = np.concatenate([means, _texture(labels, area, luma, slope)], axis=1)
    middle = np.stack([_means(labels, area, axis) for axis in np.indices(labels.shape, np.float32)[::-1]], axis=1)
    a, b, length, step, edge = _borders(labels, (luma, *bands), _edges(slope))
    unlike = np.abs(means[a] - means[b]).sum(axis=1) + step
    near = length / np.maximum(np.hypot(*(middle[a] - middle[b]).T), 1)
    place = middle / float(np.hypot(*labels.shape))
    return PatchGraph(labels, luma, area, looks, place, a, b, near, unlike, edge, *_pixel_affinities(luma))


def _pixel_affinities(luma: Gray) -> tuple[Gray, Gray, Gray]:
    """Return the affinity of each pixel to the next across and down, and 1 / (1 + all of its affinities)."""
    across: Gray = np.exp(np.abs(np.diff(luma, axis=1)) * np.float32(-1 / PIXEL_SCALE))
    down: Gray = np.exp(np.abs(np.diff(luma, axis=0)) * np.float32(-1 / PIXEL_SCALE))
    total = np.ones(luma.shape, np.float32)
    for affinity, here, there in ((across, np.s_[:, :-1], np.s_[:, 1:]), (down, np.s_[:-1], np.s_[1:])):
        total[here] += affinity
        total[there] += affinity
    return across, down, np.float32(1) / total


def working_size(height: int, width: int, most: int) -> tuple[int, int]:
    """Return width and height of a picture shrunk to at most so many pixels."""
    scale = min(1.0, (most / (height * width)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shrunk(gray: Pixels, size: tuple[int, int]) -> Gray:
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA) if size != gray.shape[::-1] else gray
    return np.asarray(small, dtype=np.float32)


def _slope(luma: Gray) -> Gray:
    """Return gray levels per pixel, slightly smoothed."""
    smooth = cv2.GaussianBlur(luma, (0, 0), 0.8)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down))


def _means(labels: Labels, area: Values, layer: Gray) -> Values:
    return np.asarray(np.bincount(labels.ravel(), layer.ravel(), len(area)) / area)


def _patches(luma: Gray, bands: tuple[Gray, ...], slope: Gray) -> Labels:
    """Grow patches from flat places, even luminance first; int32 (h, w) from 0."""
    seeds = _seeds(slope, max(SMALLEST_CELL, round((luma.size / PATCHES) ** 0.5)))
    smooth = cv2.GaussianBlur(luma, (0, 0), 0.8)
    # The flood crosses the smallest step first, of three channels the largest counts.
    layers = [np.clip(layer, 0, 255).astype(np.uint8) for layer in (smooth, *bands)]
    relief = cv2.merge([layers[0], *_strongest(layers[1:], layers[0])])
    # cv2.watershed wipes the outermost pixels: give it a margin to wipe.
    relief = cv2.copyMakeBorder(relief, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    markers = cv2.copyMakeBorder(seeds, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    grown = np.maximum(cv2.watershed(relief, markers)[1:-1, 1:-1], 0)
    grown = _ridges_joined(grown, luma)
    # Numbers that lost all their pixels are closed up.
    return np.unique(grown, return_inverse=True)[1].reshape(grown.shape).astype(np.int32)


def _strongest(bands: list[Pixels], plain: Pixels) -> list[Pixels]:
    """Return the two bands that vary most over the page, the plain picture where there are fewer."""
    ranked = sorted(bands, key=lambda band: -float(band.std()))
    return [*ranked, plain, plain][:2]


def _seeds(slope: Gray, cell: int) -> Labels:
    """Number the flat places, cut up by a grid of cells, 1..n; cells without any get their flattest pixel."""
    height, width = slope.shape
    columns, rows = -(-width // cell), -(-height // cell)
    grid = (np.arange(height)[:, None] // cell * columns + np.arange(width) // cell).astype(np.int64)
    _, flat = cv2.connectedComponents((slope < FLAT_SLOPE).view(np.uint8), connectivity=4)
    keys, places, area = np.unique(flat * np.int64(rows * columns) + grid, return_inverse=True, return_counts=True)
    area[(area < SPECK) | (keys < rows * columns)] = 0
    most = np.sort(area)[-MOST_PATCHES] if len(area) > MOST_PATCHES else 0
    kept = area > most
    seeds = (np.cumsum(kept) * kept)[places].reshape(slope.shape).astype(np.int32)
    held = np.bincount(grid[seeds > 0], minlength=rows * columns) > 0
    order = np.lexsort((slope.ravel(), grid.ravel()))
    flattest = order[np.flatnonzero(np.diff(grid.ravel()[order], prepend=-1))]
    flattest = flattest[~held]
    seeds.ravel()[flattest] = np.arange(len(flattest)) + int(kept.sum()) + 1
    return seeds


def _ridges_joined(labels: Labels, luma: Gray) -> Labels:
    """Give the pixels between patches (0) to the neighbour most like them, what then is left to any."""
    for _ in range(4):
        at = np.flatnonzero(labels.ravel() == 0)
        if not len(at):
            break
        y, x = np.divmod(at, labels.shape[1])
        best, owner = np.full(len(at), np.inf), np.zeros(len(at), np.int32)
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            there = np.clip(y + down, 0, labels.shape[0] - 1), np.clip(x + right, 0, labels.shape[1] - 1)
            unlike = np.where(labels[there] > 0, np.abs(luma[there] - luma[y, x]), np.inf)
            owner, best = np.where(unlike < best, labels[there], owner), np.minimum(unlike, best)
        labels = labels.copy()
        labels[y, x] = owner
    return labels


def _texture(labels: Labels, area: Values, luma: Gray, slope: Gray) -> Values:
    """Describe the surroundings of each patch: mean, deviation and busyness, (n, 3), in luminance steps."""
    mean = cv2.blur(luma, (15, 15))
    deviation = np.sqrt(np.maximum(cv2.blur(luma * luma, (15, 15)) - mean * mean, 0))
    busy = 2 * cv2.blur(slope, (9, 9))
    return np.stack([_means(labels, area, layer) for layer in (mean, deviation, busy)], axis=1)


def _edges(slope: Gray) -> Gray:
    """Detect edges, 1 on them: steep for the page and for their surroundings, gaps between their ends closed.

    Hysteresis as Canny has it, with a threshold that follows the local mean slope (Huang 2005).
    """
    usual = EDGE_OVER_MEAN * cv2.blur(slope, (EDGE_WINDOW, EDGE_WINDOW))
    weak, strong = slope > np.maximum(usual / 2, EDGE_FLOOR / 2), slope > np.maximum(usual, EDGE_FLOOR)
    count, pieces = cv2.connectedComponents(weak.view(np.uint8), connectivity=8)
    held = np.zeros(count, np.uint8)
    held[pieces[strong]] = 1
    held[0] = 0
    linked = cv2.morphologyEx(held[pieces], cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    return np.asarray(linked, dtype=np.float32)


_Borders = tuple[NDArray[np.int64], NDArray[np.int64], Values, Values, Values]


def _borders(labels: Labels, layers: tuple[Gray, ...], edges: Gray) -> _Borders:
    """Return of every two touching patches: a < b, the border's length, mean step across it, and edge along it."""
    count = int(labels.max()) + 1
    keys, steps, crossed = [], [], []
    for here, there in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        at = np.nonzero(labels[here] != labels[there])
        one, two = labels[here][at].astype(np.int64), labels[there][at].astype(np.int64)
        keys.append(np.minimum(one, two) * count + np.maximum(one, two))
        steps.append(sum(np.abs(layer[here][at] - layer[there][at]) for layer in layers))
        crossed.append(np.maximum(edges[here][at], edges[there][at]))
    pairs, which = np.unique(np.concatenate(keys), return_inverse=True)
    length = np.bincount(which, minlength=len(pairs)).astype(np.float64)
    mean = (np.bincount(which, np.concatenate(values), len(pairs)) / length for values in (steps, crossed))
    return pairs // count, pairs % count, length, *mean  # type: ignore[return-value]


def _without_pattern(gray: Pixels, size: tuple[int, int]) -> tuple[Gray, tuple[Gray, ...]]:
    """Return the page with dots averaged to gray, and the energy of its patterns, one layer a direction and frequency.

    The energies are those of Gabor filters (Qu 2006), as steps of luminance.
    """
    fine = _shrunk(gray, working_size(gray.shape[0], gray.shape[1], PATTERN_PIXELS))
    even = cv2.GaussianBlur(fine, (0, 0), DOT_BLUR / 2)
    detail = fine - even
    bands = []
    for wavelength in WAVELENGTHS:
        for direction in range(DIRECTIONS):
            kernel = _gabor(wavelength, np.pi * direction / DIRECTIONS)
            energy = cv2.GaussianBlur(np.abs(cv2.filter2D(detail, cv2.CV_32F, kernel)), (0, 0), DOT_BLUR)
            bands.append(PATTERN_GAIN * cv2.resize(energy, size, interpolation=cv2.INTER_AREA))
    return np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA)), tuple(bands)


def _gabor(wavelength: float, direction: float) -> Gray:
    """Return an even Gabor filter without response to plain gray."""
    kernel = cv2.getGaborKernel((11, 11), wavelength / 2, direction, wavelength, 1.0, 0)
    kernel -= kernel.mean()
    return np.asarray(kernel / np.abs(kernel).sum(), dtype=np.float32)
