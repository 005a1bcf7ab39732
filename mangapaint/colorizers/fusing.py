"""Evidence fused on regions: hints hold in theirs, and elsewhere counts what a method read off the references."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.commonest import commonest
from mangapaint.analysis.hints import Hint
from mangapaint.colorizers.method import Blend, Colorization, ColorRequest, Matches, MethodInfo
from mangapaint.colorizers.propagation import Prepared, Propagation
from mangapaint.colorizers.working import lightness, to_lab
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Stroke
from mangapaint.progress import Progress

Mark = Stroke | Hint

HINTS = Propagation()
"""What hints alone come to."""
FLOW = 0.5
"""Colour that flows in from elsewhere with less confidence than this yields to any evidence."""
MOST_COLORS = 4096
"""Different colours that regions may take; beyond these the last bits of each channel are dropped."""
SAMPLED = 500_000
"""Page pixels that are looked at for the colours of regions; smaller regions than fall between take their middle's."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A page's colours without any hint.

    ``colors`` is uint8 (R, 3) sRGB, the flat colour of each region; ``confidence`` float32 (R,), 0 where colour is
    withheld. ``lab`` is float32 (h, w, 3), CIELAB (L 0..100), spread over the whole page: colours from pixel to pixel
    for regions that keep the page's luminance, a,b 0 where withheld; None where there are only flats.
    """

    colors: Pixels
    confidence: NDArray[np.float32]
    lab: NDArray[np.float32] | None = None
    matches: Matches | None = None


@dataclass(eq=False)
class Fusion:
    """One page's evidence, made ready to be fused with hints; ``hints`` is what propagation prepared."""

    evidence: Evidence
    hints: Prepared
    _blend: Blend | None = field(default=None, repr=False)

    @classmethod
    def of(cls, request: ColorRequest, evidence: Evidence, progress: Progress) -> Fusion:
        """Make evidence for a request's page ready."""
        return cls(evidence, HINTS.prepare(request, progress))

    def colorized(self, request: ColorRequest, info: MethodInfo, progress: Progress, *,
                  heard: Collection[Mark] | None = None) -> Colorization:  # fmt: skip
        """Return the page's colours: a region's own hint beats all; then evidence, unless a hint is very near.

        ``heard`` are marks that the evidence has heard itself, if it hears any: where the page's luminance stays only
        others overrule it.
        """
        marks: tuple[Mark, ...] = (*request.hints, *request.strokes)
        held = self.hints.ballot.count(marks)
        evidence, regions = self.evidence, self.hints.analysis.regions
        may = ~held.protected & (evidence.confidence > 0)
        settled = np.zeros(regions.count, bool)
        if heard is not None:
            known = frozenset(heard)
            settled = may & regions.keeps & ~self.hints.ballot.touched([mark for mark in marks if mark not in known])
        hinted = HINTS.colorize(self.hints, request, progress, settled=settled)
        # A region's own hint has confidence 1.
        taken = settled | may & (FLOW + (1 - FLOW) * evidence.confidence > hinted.confidence)
        flat = taken & ~regions.keeps if evidence.lab is not None else taken
        index, added = _numbered(evidence.colors, flat, len(hinted.colors))
        names = np.where(flat, index, np.where(taken, 0, hinted.regions)).astype(np.uint16)
        return replace(
            hinted,
            method=info.id,
            colors=np.concatenate([hinted.colors, added]),
            regions=names,
            confidence=np.where(taken, evidence.confidence, hinted.confidence).astype(np.float32),
            blends=(*self._blends(~taken | flat), *hinted.blends),
            matches=replace(evidence.matches, used=taken) if evidence.matches else None,
        )

    def _blends(self, spared: NDArray[np.bool_]) -> tuple[Blend, ...]:
        """Return the evidence as a blend over all but the spared regions; the same object while these are the same."""
        if self.evidence.lab is None or spared.all():
            return ()
        known = self._blend
        if known is None or known.spared is None or not np.array_equal(spared, known.spared):
            height, width = self.hints.analysis.gray.shape
            known = Blend(None, Rect.whole(height, width), self.evidence.lab, spared=spared, smooth=False)
            self._blend = known
        return (known,)


def _numbered(colors: Pixels, taken: NDArray[np.bool_], first: int) -> tuple[NDArray[np.int64], Pixels]:
    """Number the colours of the taken regions from ``first`` on: each region's number, and the table of colours."""
    used = colors[taken].astype(np.int64)
    bits = 0
    while len(np.unique(_packed(used >> bits))) > MOST_COLORS:
        bits += 1
    _, at, inverse = np.unique(_packed(used >> bits), return_index=True, return_inverse=True)
    numbers = np.zeros(len(colors), np.int64)
    numbers[taken] = first + inverse.ravel()
    return numbers, colors[taken][at]


def _packed(colors: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(colors @ np.array([1 << 16, 1 << 8, 1]))


def flats(analysis: PageAnalysis, picture: Pixels) -> Pixels:
    """Return the commonest colour of each region in a coloured picture spread over the page, uint8 (R, 3).

    ``picture`` is uint8 RGB (h, w, 3) of any size. Ink does not count, unless a region is nothing else.
    """
    height, width = analysis.gray.shape
    labels, ink = analysis.regions.labels, analysis.ink
    step = max(1, round((labels.size / SAMPLED) ** 0.5))
    ys, xs = np.arange(0, height, step), np.arange(0, width, step)
    seen, inked = labels[np.ix_(ys, xs)].ravel().astype(np.int64), ink[np.ix_(ys, xs)].ravel()
    rows, columns = ys * picture.shape[0] // height, xs * picture.shape[1] // width
    colors = picture[np.ix_(rows, columns)].reshape(-1, 3)
    middles = np.minimum(
        analysis.regions.boxes[:, :2] + analysis.regions.boxes[:, 2:], 2 * np.array([width, height]) - 1
    )
    x, y = (middles // 2).T
    fallback = picture[y * picture.shape[0] // height, x * picture.shape[1] // width]
    out = commonest(colors, seen, analysis.regions.count, fallback=fallback)
    return commonest(colors[~inked], seen[~inked], analysis.regions.count, fallback=out)


def of_picture(analysis: PageAnalysis, picture: Pixels, *, confidence: float = 0.5) -> Evidence:
    """Return the evidence of a method that colours pixels: a whole picture, uint8 RGB (h, w, 3), of any size.

    Pages that keep their luminance take its a,b from pixel to pixel, others the commonest colour of each region.
    """
    regions = analysis.regions
    sure = np.where(regions.outside & ~regions.keeps, 0, confidence).astype(np.float32)
    lab = None
    if regions.keeps.any():
        lab = at_page(analysis, to_lab(picture))
    return Evidence(flats(analysis, picture), sure, lab)


def at_page(analysis: PageAnalysis, lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the same field with the page's own L, float32 (h, w, 3): composition lets a,b follow the edges of L."""
    gray = cv2.resize(analysis.gray, lab.shape[1::-1], interpolation=cv2.INTER_AREA)
    return np.dstack([lightness(np.asarray(gray, dtype=np.uint8)), lab[..., 1:]]).astype(np.float32)
