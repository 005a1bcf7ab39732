"""What the method ``deep-features`` knows of each pixel: its surroundings in gray, DAISY, and what it belongs to.

The source takes the distribution over labels (sky, person, tree ...) from a network for scene parsing. None is shipped
here; in its place pixels of all pictures are clustered by what their wider surroundings are like, and the labels are
the clusters. ``Labelling`` is the seam: whatever gives each pixel of several gray pictures a distribution over common
labels, such as a network's own bottleneck, can take its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.daisy import daisy
from mangapaint.document.page import Pixels

PATCH_RADIUS = 3
"""The patch is 7 x 7, as in the source."""
DAISY_RADIUS, DAISY_RINGS, DAISY_PLACES, DAISY_DIRECTIONS = 15.0, 2, 8, 4
"""At working size. The source's has 32 numbers, this one 68. Its length is 1, which is as much as it should say beside
the patch: with length 4, or every number of the descriptor at the same deviation, .02 of chroma accuracy are lost."""
SCALES = (3.0, 6.0, 12.0, 24.0)
"""Deviations, in working pixels, of the Gaussians that show a pixel's wider surroundings."""
LABELS = 16
SAMPLE = 20_000
"""Pixels that are clustered; of more, an even choice."""

Field = NDArray[np.float32]
Labelling = Callable[[Sequence[Pixels], int], list[Field]]
"""Gives, for gray pictures, uint8 (h, w), and a seed, each pixel's distribution over common labels, (h, w, k)."""


def described(pictures: Sequence[Pixels], labelling: Labelling, *, seed: int) -> list[Field]:
    """Return the descriptor of each pixel of gray pictures, uint8 (h, w): float32 (h * w, d), 0..1."""
    labels = labelling(pictures, seed)
    return [_described(gray, its) for gray, its in zip(pictures, labels, strict=True)]


def _described(gray: Pixels, labels: Field) -> Field:
    edges = daisy(gray, radius=DAISY_RADIUS, rings=DAISY_RINGS, histograms=DAISY_PLACES, orientations=DAISY_DIRECTIONS)
    parts = [_patches(gray), edges, labels]
    return np.concatenate([part.reshape(gray.size, -1) for part in parts], axis=1)


def _patches(gray: Pixels) -> Field:
    """Return the 7 x 7 gray values around each pixel, white 1, float32 (h, w, 49)."""
    side = 2 * PATCH_RADIUS + 1
    padded = np.pad(gray.astype(np.float32) / np.float32(255), PATCH_RADIUS, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side))
    return windows.reshape(*gray.shape, side * side)


def clustered(pictures: Sequence[Pixels], seed: int) -> list[Field]:
    """Return soft clusters of what surrounds each pixel widely, wherever in the picture it lies: float32 (h, w, k)."""
    seen = [_surroundings(gray) for gray in pictures]
    rows = np.concatenate([item.reshape(-1, item.shape[2]) for item in seen])
    spread = np.maximum(rows.std(axis=0), 1e-3)
    sample = np.ascontiguousarray((rows / spread)[:: -(-len(rows) // SAMPLE)])
    centers = _centers(sample, seed)
    apart = [((item[:, :, None] / spread - centers) ** 2).sum(axis=3) for item in seen]
    scale = max(float(np.mean([item.min(axis=2).mean() for item in apart])), 1e-3)
    shares = [np.exp((item.min(axis=2, keepdims=True) - item) / (2 * scale)) for item in apart]
    return [item / item.sum(axis=2, keepdims=True) for item in shares]


def _surroundings(gray: Pixels) -> Field:
    """Return mean and deviation of gray around each pixel at several scales, float32 (h, w, 2 * scales)."""
    plane = gray.astype(np.float32) / np.float32(255)
    planes = []
    for scale in SCALES:
        mean, square = (cv2.GaussianBlur(item, (0, 0), scale, borderType=cv2.BORDER_REPLICATE)
                        for item in (plane, plane**2))  # fmt: skip
        planes += [mean, np.sqrt(np.maximum(square - mean**2, 0))]
    return np.stack([np.asarray(item, dtype=np.float32).reshape(gray.shape) for item in planes], axis=2)


def _centers(sample: Field, seed: int) -> Field:
    """Return the centres of up to ``LABELS`` clusters of rows, (n, d)."""
    different = np.unique(sample, axis=0)
    if len(different) <= LABELS:
        return different
    cv2.setRNGSeed(seed % 2**31)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 20, 0.01)
    _, _, centers = cv2.kmeans(sample, LABELS, np.zeros((0, 1), np.int32), criteria, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(centers, dtype=np.float32)
