"""How near a coloured picture comes to the truth.

Pictures are uint8 RGB (H, W, 3). Parts are 0..1, and nan where there was nothing to count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.commonest import commonest
from mangapaint.analysis.ink import as_rgb, luminance
from mangapaint.document.page import Picture, Pixels

Mask = NDArray[np.bool_]
Field = NDArray[np.float32]

NEAR = 10.0
"""CIELAB distance up to which two colours count as the same."""
NEUTRAL = 10.0
"""CIELAB chroma up to which a colour counts as gray."""
RARE = 0.001
"""A colour of fewer of a reference's pixels does not occur there."""
AB_REACH, AB_STEP = 128, 2
"""How far a and b go to either side, and the steps in which they are counted."""
INK_LEVEL = 160
"""Gray value below which a pixel of line art is ink: an anti-aliased pixel more than a third black."""
MOST_DB = 100.0
"""What equal pictures get instead of infinity, which JSON does not know."""
LABELS, LABEL_SIDE = 24, 112
"""Colours of a reference that pixels are labelled with, and the side of the square they are compared at."""
MODE_BITS = 5
"""Leading bits of a channel by which colours count as one when the most frequent is looked for: JPEG noise is not."""


def lab(rgb: Pixels) -> Field:
    """Return CIELAB (L 0..100), float32 (H, W, 3)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)


def delta_e(a: Pixels, b: Pixels) -> Field:
    """Return the CIELAB distance (1976) of each pixel, float32 (H, W)."""
    return np.asarray(np.linalg.norm(lab(a) - lab(b), axis=2), dtype=np.float32)


def ink_of(line: Pixels) -> Mask:
    """Return the ink of line art on white, uint8 (H, W); no method has a say in it, so figures stay comparable."""
    return np.asarray(line < INK_LEVEL)


def off_ink(ink: Mask) -> Mask:
    """Return the pixels that are neither ink nor beside it: anti-aliasing is nobody's mistake."""
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)


def fill_accuracy(result: Pixels, truth: Pixels, ink: Mask) -> float:
    """Return the part of the pixels off the ink (dilated by one) within CIELAB distance 10 of the truth."""
    return _part(delta_e(result, truth) <= NEAR, off_ink(ink))


def chroma_accuracy(result: Pixels, truth: Pixels, counted: Mask | None = None) -> float:
    """Return the part of the coloured pixels whose a,b lie within 10 of the truth.

    Coloured are those with a CIELAB chroma above 10 in the result or in the truth, so that gray paper and ink, which
    every method gets right, do not count, and a gray result scores 0. Of these only pixels in ``counted``, bool (H, W),
    do, if it is given.
    """
    ours, true = lab(result)[..., 1:], lab(truth)[..., 1:]
    colored = (_length(ours) > NEUTRAL) | (_length(true) > NEUTRAL)
    return _part(_length(ours - true) <= NEAR, colored if counted is None else colored & counted)


def occurring(truth: Pixels, references: Sequence[Pixels]) -> Mask:
    """Return where a picture's a,b lie within 10 of at least a ``RARE`` part of those of some references' pixels."""
    plane = np.zeros((2 * AB_REACH // AB_STEP,) * 2, np.float32)
    for reference in references:
        rows, columns = _on_plane(lab(as_rgb(reference)))
        plane += np.bincount(rows * len(plane) + columns, minlength=plane.size).reshape(plane.shape) / len(rows)
    reach = int(NEAR) // AB_STEP
    near = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1]) <= NEAR / AB_STEP
    enough = cv2.filter2D(plane, -1, near.astype(np.float32), borderType=cv2.BORDER_CONSTANT) >= RARE
    rows, columns = _on_plane(lab(truth))
    return np.asarray(enough[rows, columns].reshape(truth.shape[:2]))


def wrong_part(result: Pixels, truth: Pixels) -> float:
    """Return the part of the pixels coloured in the result (chroma above 10) whose a,b are more than 10 off."""
    ours, true = lab(result)[..., 1:], lab(truth)[..., 1:]
    return _part(_length(ours - true) > NEAR, _length(ours) > NEUTRAL)


def colored_part(result: Pixels, truth: Pixels) -> float:
    """Return the part of the pixels coloured in the truth (chroma above 10) that have any colour in the result."""
    ours, true = lab(result)[..., 1:], lab(truth)[..., 1:]
    return _part(_length(ours) > NEUTRAL, _length(true) > NEUTRAL)


def label_colors(source: Pixels) -> Field:
    """Return the colours that label pixels, as in "Auto-Coloring Network" (2016): k-means of a reference in RGB.

    ``source`` is uint8 (H, W) or (H, W, 3); returns float32 (K, 3), 24 or as many colours as there are.
    """
    small = _small(as_rgb(source)).reshape(-1, 3)
    count = min(LABELS, len(np.unique(small, axis=0)))
    cv2.setRNGSeed(0)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 50, 0.1)
    centers = cv2.kmeans(small, count, np.zeros((0, 1), np.int32), criteria, 1, cv2.KMEANS_PP_CENTERS)[2]
    return np.asarray(centers, dtype=np.float32)


def label_accuracy(result: Pixels, truth: Pixels, colors: Field) -> float:
    """Return the part of the pixels, at 112 x 112, whose nearest label is the same in result and truth.

    What "Auto-Coloring Network" (2016) reports; ``colors`` come from ``label_colors``.
    """
    return float(np.mean(_labels(result, colors) == _labels(truth, colors)))


def psnr(result: Pixels, truth: Pixels) -> float:
    """Return the peak signal-to-noise ratio over RGB in dB, 100 at the most."""
    error = float(np.mean((result.astype(np.float64) - truth) ** 2))
    return MOST_DB if not error else min(MOST_DB, 10 * math.log10(255**2 / error))


def region_accuracy(result: Pixels, truth: Pixels, labels: NDArray[np.integer[Any]]) -> float:
    """Return the part of the regions whose most frequent colour lies within CIELAB distance 10 of the truth's.

    ``labels`` is int (H, W); pixels below 0 belong to no region.
    """
    inside = labels >= 0
    numbers = np.unique(labels[inside], return_inverse=True)[1]
    if not len(numbers):
        return math.nan
    none = np.zeros((int(numbers.max()) + 1, 3), np.uint8)
    ours, true = (
        commonest(picture[inside], numbers, len(none), fallback=none, bits=MODE_BITS) for picture in (result, truth)
    )
    return float(np.mean(delta_e(ours[None], true[None]) <= NEAR))


def turned_gray(rgb: Pixels) -> Pixels:
    """Return a picture's luma as the page to colour, uint8 (H, W)."""
    return luminance(Picture(rgb, "truth"))


def mean(values: Sequence[float]) -> float:
    """Return the mean of the values that are known; nan where none is."""
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def _on_plane(values: Field) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the cells of the a,b plane that CIELAB values (H, W, 3) fall into, (H * W,) each."""
    a, b = (((values[..., i].ravel() + AB_REACH) / AB_STEP).astype(np.intp) for i in (1, 2))
    return a, b


def _small(rgb: Pixels) -> Field:
    """Return a picture at the size labels are compared at, float32 (112, 112, 3)."""
    small = cv2.resize(rgb, (LABEL_SIDE, LABEL_SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def _labels(rgb: Pixels, colors: Field) -> NDArray[np.intp]:
    """Return the nearest label of each pixel, (112, 112)."""
    distances = ((_small(rgb)[..., None, :] - colors) ** 2).sum(axis=3)
    return np.asarray(distances.argmin(axis=2))


def _part(good: Mask, counted: Mask) -> float:
    return float(good[counted].mean()) if counted.any() else math.nan


def _length(ab: Field) -> Field:
    return np.asarray(np.hypot(ab[..., 0], ab[..., 1]), dtype=np.float32)
