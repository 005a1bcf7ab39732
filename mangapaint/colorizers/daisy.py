"""Dense DAISY descriptors: what the gradients around every pixel of a gray picture are like.

Tola, Lepetit, Fua 2010 ("DAISY: An Efficient Dense Descriptor Applied to Wide-Baseline Stereo"). Gradients are sorted
by direction into one picture each, these are blurred, the wider the further out, and read off at the pixel and on
rings around it. Every histogram is brought to length one by itself, so that neither light nor contrast counts.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

Field = NDArray[np.float32]

PRESMOOTH = 0.5
"""Deviation, in pixels, of the Gaussian laid over the picture before gradients are taken."""
FAINT = 0.01
"""Length of a histogram (white 1, black 0, a pixel) that already counts as half of nothing: grain has no direction."""


def daisy(gray: Pixels | Field, *, radius: float = 15, rings: int = 3, histograms: int = 8,
          orientations: int = 8) -> Field:  # fmt: skip
    """Return a descriptor of each pixel, float32 (H, W, (rings * histograms + 1) * orientations).

    ``gray`` is uint8 0..255 or float32 0..1, (H, W) with at least one pixel; beyond its border it goes on as it ends.
    ``radius`` is that of the outermost ring in pixels; each ring has ``histograms`` places, the first to the right,
    further ones clockwise; directions of a histogram run clockwise from right, too. The middle comes first, then the
    rings outwards. Values are 0..1; a descriptor's length is at most 1, and near 0 where nothing is drawn.
    """
    layers = _directions(gray, orientations)
    places = 1 + rings * histograms
    out = np.empty((*layers.shape[:2], places, orientations), np.float32)
    reached = 0.0
    for ring in range(rings):
        sigma = radius * (ring + 1) / (2 * rings)
        layers = _blurred(layers, (sigma**2 - reached**2) ** 0.5)
        reached = sigma
        unit = layers / np.sqrt((layers**2).sum(axis=2, keepdims=True) + FAINT**2)
        if ring == 0:
            out[:, :, 0] = unit
        _read_ring(unit, radius * (ring + 1) / rings, out[:, :, 1 + ring * histograms : 1 + (ring + 1) * histograms])
    out /= np.float32(places**0.5)
    return out.reshape(*out.shape[:2], places * orientations)


def _directions(gray: Pixels | Field, count: int) -> Field:
    """Return how strongly the picture rises in each of so many directions, float32 (H, W, count), never negative."""
    plane = gray.astype(np.float32) / np.float32(255 if gray.dtype == np.uint8 else 1)
    smooth = _blurred(plane[..., None], PRESMOOTH)[..., 0]
    around = np.pad(smooth, 1, mode="edge")
    right = (around[1:-1, 2:] - around[1:-1, :-2]) / 2
    down = (around[2:, 1:-1] - around[:-2, 1:-1]) / 2
    angles = 2 * np.pi * np.arange(count, dtype=np.float32) / count
    return np.maximum(right[..., None] * np.cos(angles) + down[..., None] * np.sin(angles), 0)


def _blurred(layers: Field, sigma: float) -> Field:
    """Return layers, float32 (H, W, C), each under a Gaussian of ``sigma`` pixels."""
    blurred = cv2.GaussianBlur(np.ascontiguousarray(layers), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, dtype=np.float32).reshape(layers.shape)


def _read_ring(unit: Field, radius: float, out: Field) -> None:
    """Read histograms, (H, W, orientations), at the places of a ring into ``out``, (H, W, places, orientations)."""
    height, width = unit.shape[:2]
    count = out.shape[2]
    for place in range(count):
        angle = 2 * np.pi * place / count
        right, down = round(radius * float(np.cos(angle))), round(radius * float(np.sin(angle)))
        rows = np.clip(np.arange(height) + down, 0, height - 1)
        columns = np.clip(np.arange(width) + right, 0, width - 1)
        out[:, :, place] = unit[rows][:, columns]
