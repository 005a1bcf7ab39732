"""Main colours of a picture: k-means in CIELAB."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Picture, Pixels
from mangapaint.document.palette import Palette, Swatch

SAMPLE = 40_000
SAME_COLOR = 4.0
"""CIELAB distance below which two main colours look the same and are merged."""


def main_colors(picture: Picture, *, count: int = 24, seed: int = 0) -> Palette:
    """Return up to ``count`` main colours of a picture, the largest first, with their share of it.

    Clustered on an even sample of pixels in CIELAB, so that distances are what a person sees; colours that
    cannot be told apart are merged. Deterministic for a seed.
    """
    sample = _sample(picture.pixels)
    lab = _lab(sample)
    count = min(count, len(np.unique(sample, axis=0)))
    cv2.setRNGSeed(seed)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 20, 0.3)
    _, labels, centers = cv2.kmeans(lab, count, np.zeros((0, 1), np.int32), criteria, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=count) / len(lab)
    merged = _merge(np.asarray(centers, np.float64), shares)
    swatches = tuple(Swatch(_rgb(center), share=float(share)) for center, share in merged)
    return Palette(swatches, name=picture.name)


def posterised(pixels: Pixels, palette: Palette) -> Pixels:
    """Return an RGB picture (H, W, 3) with each pixel replaced by the palette's nearest colour in CIELAB."""
    colors = np.array(palette.colors, np.uint8).reshape(-1, 3)
    centers = _lab(colors)
    coarse = pixels >> 3
    keys = (coarse[..., 0].astype(np.int32) << 10) | (coarse[..., 1].astype(np.int32) << 5) | coarse[..., 2]
    found, inverse = np.unique(keys, return_inverse=True)
    middle = np.stack([(found >> 10) & 31, (found >> 5) & 31, found & 31], axis=1).astype(np.uint8) * 8 + 4
    nearest = ((_lab(middle)[:, None] - centers[None]) ** 2).sum(axis=2).argmin(axis=1)
    return np.asarray(colors[nearest[inverse.reshape(keys.shape)]], dtype=np.uint8)


def _sample(pixels: Pixels) -> Pixels:
    """Return an even sample of the pixels as RGB uint8 (N, 3)."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / SAMPLE) ** 0.5))
    height, width = max(1, pixels.shape[0] // step), max(1, pixels.shape[1] // step)
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_NEAREST)
    # A single pixel counts twice: cv2.kmeans would take one row for three samples of one number.
    flat = np.repeat(small.reshape(height * width, -1), 2 if height * width == 1 else 1, axis=0)
    return np.ascontiguousarray(np.repeat(flat, 3, axis=1) if flat.shape[1] == 1 else flat)


def _lab(rgb: Pixels) -> NDArray[np.float32]:
    """Return CIELAB float32 (N, 3) of sRGB uint8 (N, 3)."""
    scaled = rgb.reshape(-1, 1, 3).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), dtype=np.float32).reshape(-1, 3)


def _rgb(lab: NDArray[np.float64]) -> tuple[int, int, int]:
    value = cv2.cvtColor(lab.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_LAB2RGB).reshape(3)
    red, green, blue = np.clip(np.rint(value * 255), 0, 255).astype(int)
    return int(red), int(green), int(blue)


def _merge(centers: NDArray[np.float64], shares: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], float]]:
    """Fold each colour into a larger one it cannot be told from; largest first."""
    kept: list[tuple[NDArray[np.float64], float]] = []
    for at in np.argsort(-shares, kind="stable"):
        twin = next((i for i, (c, _) in enumerate(kept) if np.linalg.norm(c - centers[at]) < SAME_COLOR), None)
        if twin is None:
            kept.append((centers[at], float(shares[at])))
        else:
            kept[twin] = (kept[twin][0], kept[twin][1] + float(shares[at]))
    return sorted((row for row in kept if row[1] > 0), key=lambda row: -row[1])
