"""Pictures made ready for matching: a page's panels and the references, at the sizes they are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.drawn import line_art
from mangapaint.colorizers.registration import Features, features
from mangapaint.document.page import Picture, Pixels
from mangapaint.document.rect import Rect

FINE = 640
"""Longest side at which features are looked for and colours are voted on."""
WORKING = 320
"""Longest side at which pictures are laid over each other."""
COARSE = 160
"""Longest side at which every place is compared with every place."""
SOFT, SOFT_WORKING = 1.0, 1.5
"""Blur of lines at the fine and the working size."""
ROOM = 0.02
"""Of the longer side: the distance from the next line at which it counts for 1 - 1/e."""

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Sight:
    """A picture, or a part of it, at three sizes. Equal names are equal pictures.

    ``fine`` is uint8 (H, W), luma, or of line art its lines, soft; ``light`` and ``coarse`` are what is compared,
    float32 0..100, at the working and the coarse size: CIELAB L, of line art the lines softened. ``features`` are
    those of ``fine``. ``lab`` is float32 (H, W, 3), the colours at the fine size, without the lines where it was drawn
    as line art; a page has none.
    """

    name: tuple[str, ...]
    fine: Pixels = field(compare=False, repr=False)
    light: Field = field(compare=False, repr=False)
    coarse: Field = field(compare=False, repr=False)
    features: Features = field(compare=False, repr=False)
    lab: Field | None = field(compare=False, repr=False, default=None)
    lines: bool = False


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


def of_page(analysis: PageAnalysis, part: Rect) -> Sight:
    """Make a part of a page ready: what has lines is seen as lines, what has washes as luminance."""
    drawn = has_lines(analysis, part)
    if drawn:
        paper = np.where(analysis.ink[part.slices], np.uint8(0), np.uint8(255))
        return _drawn((analysis.page.id, str(part), "lines"), shrunk(paper, FINE), None)
    return _shaded((analysis.page.id, str(part)), shrunk(np.ascontiguousarray(analysis.gray[part.slices]), FINE), None)


def has_lines(analysis: PageAnalysis, part: Rect) -> bool:
    """Say whether a part of a page is line art: its regions take full colours instead of keeping its luminance."""
    labels = analysis.regions.labels[part.slices][::4, ::4]
    return not bool(np.mean(analysis.regions.keeps[labels]) > 0.5)


@dataclass(frozen=True)
class _Asked:
    """A reference by name, seen as lines or as luminance."""

    name: str
    lines: bool
    picture: Picture = field(compare=False)


def of_reference(picture: Picture, *, lines: bool) -> Sight:
    """Make a reference ready, as lines drawn from it or as luminance; the latest ones are remembered."""
    return _known_reference(_Asked(picture.id, lines, picture))


@lru_cache(maxsize=16)
def _known_reference(asked: _Asked) -> Sight:
    pixels = asked.picture.pixels
    fine = shrunk(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2), FINE)
    lab = np.asarray(cv2.cvtColor(fine.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)
    if not asked.lines:
        return _shaded((asked.name,), np.asarray(cv2.cvtColor(fine, cv2.COLOR_RGB2GRAY), dtype=np.uint8), lab)
    paper = line_art(fine)
    return _drawn((asked.name, "lines"), paper, _without_lines(lab, paper == 0))


def _shaded(name: tuple[str, ...], fine: Pixels, lab: Field | None) -> Sight:
    light, coarse = (lightness(shrunk(fine, longest)) for longest in (WORKING, COARSE))
    return Sight(name, fine, light, coarse, features(fine), lab)


def _drawn(name: tuple[str, ...], paper: Pixels, lab: Field | None) -> Sight:
    """Make line art ready: lines are softened, because the same line is never drawn twice in the same place."""
    soft = np.asarray(cv2.GaussianBlur(paper, (0, 0), SOFT), dtype=np.uint8)
    light = _softened(shrunk(paper, WORKING), SOFT_WORKING)
    return Sight(name, soft, light, _roomy(paper), features(soft), lab, lines=True)


def _softened(paper: Pixels, blur: float) -> Field:
    return np.asarray(cv2.GaussianBlur(paper.astype(np.float32) * np.float32(100 / 255), (0, 0), blur))


def _roomy(paper: Pixels) -> Field:
    """Return at the coarse size how much room is around each place: its distance from the next line."""
    size = shrunk(paper, COARSE).shape[::-1]
    far = cv2.distanceTransform((paper > 127).astype(np.uint8), cv2.DIST_L2, 5)
    room = 100 * (1 - np.exp(-far / (ROOM * max(paper.shape))))
    return np.asarray(cv2.resize(room.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def _without_lines(lab: Field, ink: NDArray[np.bool_]) -> Field:
    """Return colours with the lines taken out: each of their pixels gets the nearest colour beside them."""
    inked = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8))
    if inked.all():
        return lab
    _, index = cv2.distanceTransformWithLabels(inked, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(index.max()) + 1, np.intp)
    bare = np.flatnonzero(inked.ravel() == 0)
    owner[index.ravel()[bare]] = bare
    return np.asarray(lab.reshape(-1, 3)[owner[index]])
