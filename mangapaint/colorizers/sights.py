"""Pictures made ready for matching: a page's panels and the references, at the sizes they are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.registration import Features, features
from mangapaint.document.page import Picture, Pixels
from mangapaint.document.rect import Rect

FINE = 640
"""Longest side at which features are looked for and colours are voted on."""
WORKING = 320
"""Longest side at which pictures are laid over each other."""
COARSE = 112
"""Longest side at which every place is compared with every place."""

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Sight:
    """A picture, or a part of it, at three sizes. Equal names are equal pictures.

    ``fine`` is uint8 (H, W); ``light`` and ``coarse`` are its CIELAB L, float32, at the working and the coarse size;
    ``features`` those of ``fine``. ``lab`` is float32 (H, W, 3), the colours at the fine size; a page has none.
    """

    name: tuple[str, ...]
    fine: Pixels = field(compare=False, repr=False)
    light: Field = field(compare=False, repr=False)
    coarse: Field = field(compare=False, repr=False)
    features: Features = field(compare=False, repr=False)
    lab: Field | None = field(compare=False, repr=False, default=None)


def shrunk(pixels: Pixels, longest: int) -> Pixels:
    """Return a picture no longer than that, averaged; at least one pixel."""
    scale = min(1.0, longest / max(pixels.shape[:2]))
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) if scale < 1 else pixels, dtype=np.uint8)


def lightness(gray: Pixels) -> Field:
    """Return CIELAB L, 0..100, of gray values, float32 (h, w)."""
    return np.asarray(_L_OF_GRAY[gray])


def _light_table() -> Field:
    gray = np.repeat(np.arange(256, dtype=np.float32)[None, :, None] / 255, 3, axis=2)
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_RGB2LAB)[0, :, 0], dtype=np.float32)


_L_OF_GRAY = _light_table()


def of_page(page_id: str, gray: Pixels, part: Rect) -> Sight:
    """Make a part of a page ready; ``gray`` is the whole page's luma, uint8 (H, W)."""
    fine = shrunk(np.ascontiguousarray(gray[part.slices]), FINE)
    return _sight((page_id, str(part)), fine, None)


@lru_cache(maxsize=16)
def _known_reference(picture: _Named) -> Sight:
    pixels = picture.picture.pixels
    fine = shrunk(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2), FINE)
    lab = np.asarray(cv2.cvtColor(fine.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)
    return _sight((picture.name,), np.asarray(cv2.cvtColor(fine, cv2.COLOR_RGB2GRAY), dtype=np.uint8), lab)


def of_reference(picture: Picture) -> Sight:
    """Make a reference ready; the latest ones are remembered."""
    return _known_reference(_Named(picture.id, picture))


@dataclass(frozen=True)
class _Named:
    name: str
    picture: Picture = field(compare=False)


def _sight(name: tuple[str, ...], fine: Pixels, lab: Field | None) -> Sight:
    light, coarse = (lightness(shrunk(fine, longest)) for longest in (WORKING, COARSE))
    return Sight(name, fine, light, coarse, features(fine), lab)
