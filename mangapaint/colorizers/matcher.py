"""The method ``matcher``: each part of the page takes the colours of the same part in the references.

The page's panels are looked up in the references in two ways: registered as a whole (moved, turned, enlarged, mirrored)
and place by place. All of it is voted on by patches of even luminance (line art: by regions), so one region takes one
decision, and what is not to be found in the references stays as it is. Hints overrule it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.fusing import Evidence, Fusion, at_page, flats
from mangapaint.colorizers.levin_affinity import patch_graph
from mangapaint.colorizers.matching import EVEN_ODDS, REGISTERED_WEIGHT, Find, found
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.colorizers.places import matches
from mangapaint.colorizers.sights import COARSE, COARSE_PANEL, Sight, of_page, of_reference
from mangapaint.colorizers.voting import LIGHT_PART, Cells, Decision, decided, of_patches, of_regions, palette
from mangapaint.document.page import Kind, Reference
from mangapaint.document.rect import Rect
from mangapaint.progress import Progress, Span

RIGHT = {False: (-1.735, -0.787, 5.15), True: (-1.858, -1.662, 3.512)}
"""How the odds that a cell's colour is right follow from its votes, for luminance and for lines: a constant, the share
for "not to be found in the references", the share that agrees. A logistic regression on the patches of 26 pairs of
pictures and 13 unrelated ones (gray), and on the regions of these as line art and of 22 drawn pages."""
WITHHELD = {False: 0.15, True: 0.2}
"""Below this confidence colour is withheld: there 9 of 100 patches and 5 of 100 regions would be right."""
GUESSED = 0.02
"""... and below this one even if guesses are wanted."""
EXACT_FROM, EXACT_TO = 0.4, 0.6
"""Between these parts of the highest weight a registered colour replaces the patch's, pixel by pixel."""
LEAST_PANELS = 0.6
"""Panels that cover less of the page than this are not trusted: the page is then looked up as a whole."""
WORKING_PIXELS = 1_500_000
"""The page's colours are kept at this size at most."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Part:
    """A panel (or the whole page) with what was found for it, and its colours: ``lab`` float32 (h, w, 3) at the
    fine size, ``sure`` float32 (h, w), how likely these are right: colour is withheld where ``known`` is False."""

    rect: Rect
    references: tuple[Sight, ...]
    finds: tuple[Find, ...]
    lab: Field
    sure: Field
    known: NDArray[np.bool_]


class Matcher:
    """Each part of the page takes the colours of the same part in the references."""

    info = MethodInfo(
        id="matcher",
        title="Match references",
        source="ours; kin to Welsh et al. 2002 and Sykora et al. 2009, with Lowe 2004, Tola et al. 2010, Grady 2006",
        needs=frozenset({Need.REFERENCE}),
        kinds=frozenset(Kind),
        options=(
            Option("unsure", "What is hardly found", ("leave", "guess"),
                   "Leave: it stays uncoloured. Guess: it takes its best match, and is listed as unsure.",
                   prepares=True),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Fusion:
        """Look the page up in the references; a second or two."""
        analysis = request.analysis
        rects, guess = _parts(analysis), request.option(self.info, "unsure") == "guess"
        parts = []
        for number, rect in enumerate(rects):
            progress.report(0.8 * number / len(rects), "Matching the references")
            coarse = COARSE if len(rects) == 1 else COARSE_PANEL
            parts.append(_matched(analysis, rect, request.references, coarse=coarse, guess=guess))
        progress.report(0.8, "Matching the references")
        return Fusion.of(request, _evidence(analysis, parts), Span(progress, 0.9, 1))

    def colorize(self, prepared: Fusion, request: ColorRequest, progress: Progress) -> Colorization:
        """Fuse what was found with the hints."""
        return prepared.colorized(request, self.info, progress)


def _parts(analysis: PageAnalysis) -> tuple[Rect, ...]:
    """Return what is looked up by itself: the panels, or the whole page."""
    whole = Rect.whole(analysis.page.height, analysis.page.width)
    covered = sum(panel.area for panel in analysis.panels)
    return analysis.panels if len(analysis.panels) > 1 and covered >= LEAST_PANELS * whole.area else (whole,)


def _matched(analysis: PageAnalysis, rect: Rect, references: tuple[Reference, ...], *, coarse: int,
             guess: bool) -> Part:  # fmt: skip
    """Look one part of the page up and decide on its colours."""
    sight = of_page(analysis, rect, coarse=coarse)
    looked = tuple(of_reference(reference, lines=sight.lines, coarse=coarse) for reference in references)
    finds = found(sight, looked)
    light = 1.0 if sight.lines else LIGHT_PART
    cells = _cells(analysis, rect, sight)
    decision = decided(cells, [find.proposal for find in finds], _palette(looked, light), light=light)
    lab, sure = _colored(cells.labels, decision, finds if not sight.lines else (), lines=sight.lines)
    known = sure >= (GUESSED if guess else WITHHELD[sight.lines])
    lab[~known, 1:] = 0
    return Part(rect, looked, finds, lab, sure, known)


def _cells(analysis: PageAnalysis, rect: Rect, sight: Sight) -> Cells:
    """Return what takes one colour each: regions of line art, patches of even luminance elsewhere."""
    if not sight.lines:
        return of_patches(patch_graph(sight.fine, pattern=False))
    x, y = _grid(sight.fine.shape, (rect.height, rect.width))
    return of_regions(analysis.regions.labels[rect.slices][y[:, None], x])


@lru_cache(maxsize=4)
def _palette(references: tuple[Sight, ...], light: float) -> Field:
    """Return the colours of the references that cells are given, float32 (k, 3) CIELAB."""
    pixels = [item.lab[::2, ::2].reshape(-1, 3) for item in references if item.lab is not None]
    return palette(np.concatenate(pixels), light=light)


def _colored(
    labels: NDArray[np.integer], decision: Decision, finds: Sequence[Find], *, lines: bool
) -> tuple[Field, Field]:
    """Return each pixel's colour and how sure it is: its cell's decision, or what it is exactly registered with."""
    lab = decision.lab[labels]
    constant, absent, agreed = RIGHT[lines]
    likely = 1 / (1 + np.exp(-(constant + absent * decision.absent + agreed * decision.agreed)))
    sure = likely[labels].astype(np.float32)
    best, exact = np.zeros(lab.shape[:2], np.float32), lab
    for find in finds:
        if find.exact:
            weight = find.proposal.weight.reshape(best.shape)
            better = weight > best
            best = np.where(better, weight, best)
            exact = np.where(better[..., None], find.proposal.lab.reshape(lab.shape), exact)
    part = np.clip((best / REGISTERED_WEIGHT - EXACT_FROM) / (EXACT_TO - EXACT_FROM), 0, 1)
    sure = np.maximum(sure, part * (EVEN_ODDS[lines] + (1 - EVEN_ODDS[lines]) * np.sqrt(best / REGISTERED_WEIGHT)))
    lab = lab * (1 - part[..., None]) + exact * part[..., None]
    return lab.astype(np.float32), sure.astype(np.float32)


def _evidence(analysis: PageAnalysis, parts: Sequence[Part]) -> Evidence:
    """Put the panels' colours together to what is known of the page."""
    height, width = analysis.gray.shape
    finest = max(part.lab.shape[1] / part.rect.width for part in parts)
    scale = min(1.0, finest, (WORKING_PIXELS / (height * width)) ** 0.5)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    lab, sure, known = np.zeros((*size, 3), np.float32), np.zeros(size, np.float32), np.zeros(size, np.uint8)
    lab[..., 0] = 100
    for part in parts:
        place = _scaled(part.rect, size, (height, width))
        there = place.width, place.height
        lab[place.slices] = cv2.resize(part.lab, there, interpolation=cv2.INTER_LINEAR)
        sure[place.slices] = cv2.resize(part.sure, there, interpolation=cv2.INTER_NEAREST)
        known[place.slices] = cv2.resize(part.known.view(np.uint8), there, interpolation=cv2.INTER_NEAREST)
    picture = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1) * 255
    colors = flats(analysis, np.rint(picture).astype(np.uint8))
    likely = _by_region(analysis, sure)
    confidence = np.where(_by_region(analysis, known.astype(np.float32)) >= 0.5, likely, 0).astype(np.float32)
    field = at_page(analysis, lab) if analysis.regions.keeps.any() else None
    where = matches(analysis, [(part.rect, part.finds) for part in parts], parts[0].references)
    return Evidence(colors, confidence, field, replace(where, confidence=where.confidence * likely[:, None]))


def _scaled(rect: Rect, size: tuple[int, int], page: tuple[int, ...]) -> Rect:
    y0, y1 = (round(y * size[0] / page[0]) for y in (rect.y0, rect.y1))
    x0, x1 = (round(x * size[1] / page[1]) for x in (rect.x0, rect.x1))
    y0, x0 = min(y0, size[0] - 1), min(x0, size[1] - 1)
    return Rect(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))


def _by_region(analysis: PageAnalysis, sure: Field) -> Field:
    """Return the mean of a field over each region, float32 (R,)."""
    height, width = analysis.gray.shape
    labels, x, y = analysis.regions.labels, *_grid(sure.shape, (height, width))
    seen = labels[y[:, None], x].ravel()
    count = np.bincount(seen, minlength=analysis.regions.count)
    total = np.bincount(seen, sure.ravel(), analysis.regions.count)
    middles = ((analysis.regions.boxes[:, :2] + analysis.regions.boxes[:, 2:] - 1) // 2).T
    there = sure[middles[1] * sure.shape[0] // height, middles[0] * sure.shape[1] // width]
    return np.where(count > 0, total / np.maximum(count, 1), there).astype(np.float32)


def _grid(size: tuple[int, ...], page: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return x and y, on the page or a part of it, of the middle of each pixel of a smaller picture of it."""
    y, x = (((np.arange(size[i]) + 0.5) * page[i] / size[i]).astype(np.intp) for i in (0, 1))
    return x, y
