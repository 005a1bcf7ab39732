"""Pages and references at the size at which methods look at pixels, and the coloured picture that comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.ink import as_rgb, luminance
from mangapaint.analysis.tone import without_tone
from mangapaint.document.page import Pixels, Reference

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Example:
    """A reference at working size: ``gray`` its luma, uint8 (h, w), and ``lab`` CIELAB (L 0..100), float32."""

    gray: Pixels
    lab: Field


def example(reference: Reference, longest: int) -> Example:
    """Return a reference with at most ``longest`` pixels on its long side."""
    pixels = shrunk(reference.pixels, longest)
    return Example(luminance(Reference(pixels, reference.name)), to_lab(as_rgb(pixels)))


def page_gray(analysis: PageAnalysis, longest: int) -> Pixels:
    """Return a page's luma with at most ``longest`` pixels on the long side, uint8; screentone as its mean gray."""
    gray, tone = analysis.gray, analysis.tone
    if tone is not None:
        gray = np.minimum(without_tone(gray, tone), tone.value)
    return shrunk(gray, longest)


def shrunk(pixels: Pixels, longest: int) -> Pixels:
    """Return a picture with at most ``longest`` pixels on its long side, at least one on the other; never enlarged."""
    height, width = pixels.shape[:2]
    share = min(1.0, longest / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    if size == (width, height):
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def shared_side(side: int, count: int, most: int) -> int:
    """Return the long side at which ``count`` pictures are together no larger than ``most`` at ``side``."""
    return max(1, round(side * min(1.0, (most / count) ** 0.5)))


def to_lab(rgb: Pixels) -> Field:
    """Return CIELAB (L 0..100), float32 (h, w, 3), of sRGB uint8 (h, w, 3)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)


def lightness(gray: Pixels) -> Field:
    """Return CIELAB L, 0..100, float32, of gray values."""
    return np.asarray(_LIGHT[gray])


_LIGHT = to_lab(np.arange(256, dtype=np.uint8).reshape(1, 256, 1).repeat(3, axis=2))[0, :, 0]


def painted(analysis: PageAnalysis, gray: Pixels, lab: Field) -> Pixels:
    """Return a coloured picture of a page, uint8 RGB (h, w, 3): ``lab``, with the page's own L where it keeps that.

    ``gray`` is the page, uint8 (h, w), ``lab`` the colours found for it, CIELAB, float32 (h, w, 3).
    """
    rows, columns = (np.arange(n) * whole // n for n, whole in zip(gray.shape, analysis.gray.shape, strict=True))
    keeps = analysis.regions.keeps[analysis.regions.labels[np.ix_(rows, columns)]]
    light = np.where(keeps, lightness(gray), lab[..., 0])
    rgb = cv2.cvtColor(np.dstack([light, lab[..., 1:]]).astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.asarray(np.rint(np.clip(rgb, 0, 1) * 255), dtype=np.uint8)
