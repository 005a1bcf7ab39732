"""Blends at native size: colours kept small, spread over a part of the page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.regions import RegionMap
from mangapaint.colorizers.method import Blend
from mangapaint.colorizers.working import lightness
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

GUIDE_RADIUS = 2
"""Small pixels around each one in which a,b are taken to follow L (guided filter: He, Sun, Tang 2010)."""
GUIDE_NOISE = 4.0
"""Variance of L, CIELAB squared, up to which a place counts as even."""
HUES = 720
LIGHTS = 256
EXACT = np.array([0.25, 0.5, 0.5], np.float32)
"""CIELAB that a colour within sRGB may differ by on its way there and back: L then stays within one gray level."""
KNOWN = 64
"""Blends whose small pictures are remembered."""
FINEST = np.float32(0.5)
"""Differences of CIELAB that are shown; smaller ones are not seen."""
STEPS = 32
"""Places between two small pixels: what OpenCV's maps of whole numbers can tell apart."""
LANES = 16
"""OpenCV converts so many pixels at a time, and those left over at the end not quite like the others."""

Planes = NDArray[np.float32]


def multiplied(blend: Blend, rect: Rect) -> Pixels:
    """Return the blend's colours inside ``rect``, which must lie within its own; uint8 RGB (h, w, 3)."""
    return np.asarray(_placed(_rgb(blend), blend.rect, rect), dtype=np.uint8)


def shaded(analysis: PageAnalysis, blend: Blend, rect: Rect) -> Pixels:
    """Return the page inside ``rect`` with the blend's a,b at the page's own L, uint8 RGB (h, w, 3).

    a,b follow the page's edges: around each point of the blend they are a linear function of L, which native L is
    put into. Chroma is lowered where it would leave sRGB at that L.
    """
    gray = analysis.gray[rect.slices]
    light = _LIGHT[gray]
    # One plane at a time: on interleaved channels the same arithmetic takes four times as long.
    slopes_a, slopes_b, offsets_a, offsets_b = cv2.split(_placed(_guided(blend), blend.rect, rect))
    a, b = slopes_a * light + offsets_a, slopes_b * light + offsets_b
    chroma, hue = cv2.cartToPolar(a, b, angleInDegrees=True)
    most = _most_chroma()[gray, (hue * (HUES / 360)).astype(np.int32) % HUES]
    share = np.minimum(1, most / np.maximum(chroma, 1e-6))
    lab = cv2.merge([light, a * share, b * share])
    wide = gray.shape[1]
    padded = cv2.copyMakeBorder(lab, 0, 0, 0, -wide % LANES, cv2.BORDER_CONSTANT)
    rgb = cv2.cvtColor(padded, cv2.COLOR_LAB2RGB)[:, :wide]
    return np.asarray(np.rint(np.clip(rgb, 0, 1) * 255), dtype=np.uint8)


def _placed(small: Pixels | Planes, whole: Rect, rect: Rect) -> NDArray[Any]:
    """Cut ``rect`` out of a picture that is spread over ``whole``, interpolating linearly.

    Places are whole numbers counted from the beginning of ``whole``: a pixel is the same in whatever part of the page
    it is composed.
    """
    x, right = _places(rect.x0 - whole.x0, rect.x1 - whole.x0, small.shape[1] / whole.width)
    y, below = _places(rect.y0 - whole.y0, rect.y1 - whole.y0, small.shape[0] / whole.height)
    at = np.empty((rect.height, rect.width, 2), np.int16)
    at[..., 0], at[..., 1] = x, y[:, None]
    part = (below[:, None] * STEPS + right).astype(np.uint16)
    return cv2.remap(small, at, part, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _places(start: int, stop: int, scale: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for pixels in a row the number of the small pixel before each, and the steps from there."""
    at = np.floor(((np.arange(start, stop) + 0.5) * scale - 0.5) * STEPS + 0.5).astype(np.int64)
    return at // STEPS, at % STEPS


def _rounded(blend: Blend) -> Planes:
    """Return what is shown of a blend; without the rounding every stroke would change all of it a little."""
    return np.asarray(np.rint(blend.lab / FINEST) * FINEST, dtype=np.float32)


@lru_cache(maxsize=KNOWN)
def _rgb(blend: Blend) -> Pixels:
    rgb = cv2.cvtColor(_rounded(blend), cv2.COLOR_LAB2RGB)
    return np.asarray(np.rint(np.clip(rgb, 0, 1) * 255), dtype=np.uint8)


@lru_cache(maxsize=KNOWN)
def _guided(blend: Blend) -> Planes:
    """Return float32 (h, w, 4): a and b as slope * L + offset, slopes first."""
    size = 2 * GUIDE_RADIUS + 1, 2 * GUIDE_RADIUS + 1
    lab = _rounded(blend)
    light, ab = lab[..., :1], lab[..., 1:]
    mean, means = _mean(light, size), _mean(ab, size)
    variance = np.maximum(_mean(light * light, size) - mean * mean, 0)
    slope = (_mean(light * ab, size) - mean * means) / (variance + GUIDE_NOISE)
    even = _mean(slope, size)
    offset = _mean(means - slope * mean, size) if blend.smooth else ab - even * light
    return np.concatenate([even, offset], axis=2).astype(np.float32)


def _mean(values: NDArray[Any], size: tuple[int, int]) -> Planes:
    mean = cv2.blur(values, size, borderType=cv2.BORDER_REFLECT)
    return np.asarray(mean.reshape(values.shape), dtype=np.float32)


_LIGHT = lightness(np.arange(LIGHTS, dtype=np.uint8))
"""L of each gray value."""


@lru_cache(maxsize=1)
def _most_chroma() -> NDArray[np.float32]:
    """Return the largest chroma within sRGB for each gray value and hue, float32 (256, HUES)."""
    hue = np.radians((np.arange(HUES) + 0.5) * 360 / HUES)
    light = np.repeat(_LIGHT[:, None], HUES, axis=1)
    low, high = np.zeros_like(light), np.full_like(light, 140)
    for _ in range(10):
        middle = (low + high) / 2
        lab = np.stack([light, middle * np.cos(hue), middle * np.sin(hue)], axis=2).astype(np.float32)
        back = cv2.cvtColor(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1), cv2.COLOR_RGB2LAB)
        fits = (np.abs(back - lab) < EXACT).all(axis=2)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    low[[0, -1]] = 0
    return low


def difference(regions: RegionMap, old: Blend | None, new: Blend | None) -> Rect:
    """Return where two blends of one place look different."""
    if old is new:
        return Rect(0, 0, 0, 0)
    if old is None or new is None:
        only = old or new
        return only.rect if only else Rect(0, 0, 0, 0)
    if old.rect != new.rect or old.lab.shape != new.lab.shape:
        return old.rect.union(new.rect)
    bare = np.zeros(regions.count, bool)
    differs = (bare if old.spared is None else old.spared) != (bare if new.spared is None else new.spared)
    return regions.box(np.flatnonzero(differs)).union(_unlike(old, new))


def _unlike(old: Blend, new: Blend) -> Rect:
    """Return where the colours of two blends of one place are seen to differ."""
    if old.lab is new.lab:
        return Rect(0, 0, 0, 0)
    differs = (_rounded(old) != _rounded(new)).any(axis=2)
    x, y, width, height = cv2.boundingRect(differs.view(np.uint8))
    if not width:
        return Rect(0, 0, 0, 0)
    reach = 2 * GUIDE_RADIUS + 2
    across, down = new.rect.width / differs.shape[1], new.rect.height / differs.shape[0]
    return Rect(int(new.rect.x0 + (x - reach) * across), int(new.rect.y0 + (y - reach) * down),
                int(np.ceil(new.rect.x0 + (x + width + reach) * across)),
                int(np.ceil(new.rect.y0 + (y + height + reach) * down))).intersection(new.rect)  # fmt: skip
