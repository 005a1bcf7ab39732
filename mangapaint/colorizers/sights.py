"""Pictures made ready for matching: a page's panels and the references, at the sizes they are looked at."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.drawn import line_art
from mangapaint.analysis.ink import as_rgb
from mangapaint.colorizers.areas import INK, NOWHERE, Areas, described, parted
from mangapaint.colorizers.parts import grid
from mangapaint.colorizers.registration import Features, features, mirrored
from mangapaint.colorizers.working import lightness, shrunk, to_lab
from mangapaint.document.page import Picture, Pixels
from mangapaint.document.rect import Rect

FINE, FINE_PANEL = 640, 448
"""Longest side at which features are looked for and colours voted on: of a picture, and of each panel of several."""
WORKING = 320
"""Longest side at which pictures are laid over each other."""
COARSE, COARSE_PANEL = 160, 112
"""Longest side at which every place is compared with every place: of a picture, and of each panel of several."""
SOFT, SOFT_WORKING = 1.0, 1.5
"""Blur of lines at the fine and the working size."""
AREAS = 512
"""Areas of a picture that are matched as wholes, at most."""
ROOM = 0.02
"""Of the longer side: the distance from the next line at which it counts for 1 - 1/e."""

Field = NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Sight:
    """A picture, or a part of it, at three sizes. Equal names are equal pictures.

    ``fine`` is uint8 (H, W), luma, or of line art its lines, soft; ``light`` and ``coarse`` are what is compared,
    float32 0..100, at the working and the coarse size: CIELAB L, of line art the softened lines and the room between
    them. ``features`` are those of ``fine``, ``mirrored`` those of its mirror image. ``lab`` is float32 (H, W, 3), the
    colours at the fine size, without the lines where it was drawn as line art; a page has none. ``division`` int (H, W)
    is how it is divided, where that is known: the regions of a page of line art.
    """

    name: tuple[str, ...]
    fine: Pixels = field(compare=False, repr=False)
    light: Field = field(compare=False, repr=False)
    coarse: Field = field(compare=False, repr=False)
    features: Features = field(compare=False, repr=False)
    lab: Field | None = field(compare=False, repr=False, default=None)
    lines: bool = False
    division: NDArray[np.integer] | None = field(compare=False, repr=False, default=None)

    @cached_property
    def areas(self) -> Areas:
        """What is matched as wholes, at the fine size."""
        if self.division is None:
            return parted(self.fine, lines=self.lines, most=AREAS)
        return described(np.where(self.fine < INK, NOWHERE, self.division.astype(np.int32)), most=AREAS)

    @cached_property
    def mirrored(self) -> Features:
        """The features of the mirror image."""
        return features(mirrored(self.fine))


def of_page(analysis: PageAnalysis, part: Rect, *, panel: bool = False) -> Sight:
    """Make a part of a page ready: what has lines is seen as lines, what has washes as luminance.

    If it is a ``panel``, one of several, it is seen less finely.
    """
    fine, coarse = (FINE_PANEL, COARSE_PANEL) if panel else (FINE, COARSE)
    name = analysis.page.id, str(part), str(fine)
    if has_lines(analysis, part):
        paper = shrunk(np.where(analysis.ink[part.slices], np.uint8(0), np.uint8(255)), fine)
        x, y = grid(paper.shape, (part.height, part.width))
        division = analysis.regions.labels[part.slices][y[:, None], x]
        known = f"{zlib.crc32(division.tobytes()):08x}"  # the same page may be divided otherwise
        return replace(_drawn((*name, "lines", known), paper, None, coarse), division=division)
    return _shaded(name, shrunk(np.ascontiguousarray(analysis.gray[part.slices]), fine), None, coarse)


def has_lines(analysis: PageAnalysis, part: Rect) -> bool:
    """Say whether a part of a page is line art: its regions take full colours instead of keeping its luminance."""
    labels = analysis.regions.labels[part.slices][::4, ::4]
    return not bool(np.mean(analysis.regions.keeps[labels]) > 0.5)


@dataclass(frozen=True)
class _Asked:
    """A reference by name, seen as lines or as luminance, and for a panel or a whole page."""

    name: str
    lines: bool
    panel: bool
    picture: Picture = field(compare=False)


def of_reference(picture: Picture, *, lines: bool, panel: bool = False) -> Sight:
    """Make a reference ready, as lines drawn from it or as luminance, for a page or a panel of one; the latest ones are
    remembered."""
    return _known_reference(_Asked(picture.id, lines, panel, picture))


@lru_cache(maxsize=16)
def _known_reference(asked: _Asked) -> Sight:
    fine = shrunk(as_rgb(asked.picture.pixels), FINE)
    lab = to_lab(fine)
    coarse = COARSE_PANEL if asked.panel else COARSE
    name = asked.name, str(coarse)
    if not asked.lines:
        gray = np.asarray(cv2.cvtColor(fine, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        return _shaded(name, gray, lab, coarse)
    paper = line_art(fine)
    return _drawn((*name, "lines"), paper, without_lines(lab, paper == 0), coarse)


def _shaded(name: tuple[str, ...], fine: Pixels, lab: Field | None, longest: int) -> Sight:
    light, coarse = (lightness(shrunk(fine, side)) for side in (WORKING, longest))
    return Sight(name, fine, light, coarse, features(fine), lab)


def _drawn(name: tuple[str, ...], paper: Pixels, lab: Field | None, longest: int) -> Sight:
    """Make line art ready: lines are softened, because the same line is never drawn twice in the same place."""
    soft = np.asarray(cv2.GaussianBlur(paper, (0, 0), SOFT), dtype=np.uint8)
    light = _softened(shrunk(paper, WORKING), SOFT_WORKING)
    return Sight(name, soft, light, _roomy(paper, longest), features(soft), lab, lines=True)


def _softened(paper: Pixels, blur: float) -> Field:
    return np.asarray(cv2.GaussianBlur(paper.astype(np.float32) * np.float32(100 / 255), (0, 0), blur))


def _roomy(paper: Pixels, longest: int) -> Field:
    """Return at the coarse size how much room is around each place: its distance from the next line."""
    size = shrunk(paper, longest).shape[::-1]
    far = cv2.distanceTransform((paper > 127).astype(np.uint8), cv2.DIST_L2, 5)
    far = np.minimum(far, max(paper.shape))  # where there is no line at all
    room = 100 * (1 - np.exp(-far / (ROOM * max(paper.shape))))
    return np.asarray(cv2.resize(room.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def without_lines(colors: NDArray[Number], ink: NDArray[np.bool_]) -> NDArray[Number]:
    """Return colours (h, w, 3) with the lines taken out: each of their pixels gets the nearest colour beside them."""
    inked = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8))
    if inked.all():
        return colors
    _, index = cv2.distanceTransformWithLabels(inked, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(index.max()) + 1, np.intp)
    bare = np.flatnonzero(inked.ravel() == 0)
    owner[index.ravel()[bare]] = bare
    return colors.reshape(-1, 3)[owner[index]]
