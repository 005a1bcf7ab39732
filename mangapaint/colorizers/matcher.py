"""The method ``matcher``: each part of the page takes the colours of the same part in the references.

The page's panels are looked up in the references in two ways: registered as a whole (moved, turned, enlarged, mirrored)
and place by place. All of it is voted on by patches of even luminance (line art: by regions), so one region takes one
decision, and what is not to be found in the references stays as it is. Hints overrule it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers import device, parts
from mangapaint.colorizers.fusing import Evidence, Fusion
from mangapaint.colorizers.levin_affinity import patch_graph
from mangapaint.colorizers.matching import EVEN_ODDS, REGISTERED_WEIGHT, Find, colors_of, found, light_part
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.colorizers.odds import DECIDED, DECIDED_LEARNED, Row, likely
from mangapaint.colorizers.places import matches
from mangapaint.colorizers.pointing import Describer
from mangapaint.colorizers.sights import Sight, of_page, of_reference
from mangapaint.colorizers.voting import Cells, Decision, decided, decided_signs, of_patches, of_regions
from mangapaint.colorizers.weights import Weights, method_of, shipped
from mangapaint.document.page import Kind, Reference
from mangapaint.document.rect import Rect
from mangapaint.progress import Progress, Span

WITHHELD = 0.2
"""Below this confidence colour is withheld: there about one region in ten would be right."""
SMALL, SOONEST = 0.005, 0.1
"""Regions of line art that are a smaller part of the panel are coloured sooner, by the root of how much smaller, down
to so much of that confidence: a wrong one is a small mistake, a white one is a click of its own."""
GUESSED = 0.005
"""Below this confidence colour is withheld even if guesses are wanted."""
EXACT_FROM, EXACT_TO = 0.4, 0.6
"""Between these parts of the highest weight a registered colour replaces the patch's, pixel by pixel."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Looked:
    """A panel (or the whole page) and the references as they were seen, what was found, and what each of its cells
    decided."""

    sight: Sight
    references: tuple[Sight, ...]
    finds: tuple[Find, ...]
    cells: Cells
    decision: Decision


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
        devices=("cpu", "cuda"),
        options=(
            Option("unsure", "What is hardly found", ("leave", "guess"),
                   "Leave: it stays uncoloured. Guess: it takes its best match, and is listed as unsure.",
                   prepares=True),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Fusion:
        """Look the page up in the references; a second or two."""
        analysis = request.analysis
        rects, guess = parts.rects(analysis), request.option(self.info, "unsure") == "guess"
        describer = describer_of(request.weights, request.device)
        matched = []
        for number, rect in enumerate(rects):
            progress.report(0.8 * number / len(rects), "Matching the references")
            panel = len(rects) > 1
            looked = looked_up(analysis, rect, request.references, describer, panel=panel)
            matched.append(_matched(rect, looked, learned=describer is not None, guess=guess))
        progress.report(0.8, "Matching the references")
        return Fusion.of(request, _evidence(analysis, matched), Span(progress, 0.9, 1))

    def colorize(self, prepared: Fusion, request: ColorRequest, progress: Progress) -> Colorization:
        """Fuse what was found with the hints."""
        return prepared.colorized(request, self.info, progress)


def describer_of(given: Weights | None, wanted: str = "auto") -> Describer | None:
    """Return what describes places by what was learned, on a device; None where there are no weights that can be used.

    Those that ship are taken where none of this method are given.
    """
    weights = given if given is not None and method_of(given) == Matcher.info.id else shipped(Matcher.info.id)
    if weights is None:
        return None
    from mangapaint.colorizers.matcher_running import Describer as Learned  # torch is slow to import

    return Learned(weights, device.resolve(wanted, Matcher.info.devices))


def looked_up(analysis: PageAnalysis, rect: Rect, references: tuple[Reference, ...], describer: Describer | None, *,
              panel: bool) -> Looked:  # fmt: skip
    """Look one part of the page up, a ``panel`` of several or the whole, and let its cells decide."""
    sight = of_page(analysis, rect, panel=panel)
    seen = tuple(of_reference(reference, lines=sight.lines, panel=panel) for reference in references)
    finds, cells = found(sight, seen, describer), _cells(sight)
    decision = decided(cells, [find.proposal for find in finds], colors_of(seen), light=light_part(sight))
    return Looked(sight, seen, finds, cells, decision)


def _matched(rect: Rect, looked: Looked, *, learned: bool, guess: bool) -> Part:
    """Colour one part of the page as its cells have decided."""
    taken = None if looked.sight.lines else _taken(looked.finds, looked.sight.fine.shape)
    lab, sure = _colored(looked, taken, (DECIDED_LEARNED if learned else DECIDED)[looked.sight.lines])
    known = sure >= (GUESSED if guess else _withheld(looked.cells, regions=looked.sight.lines)[looked.cells.labels])
    lab[~known, 1:] = 0
    return Part(rect, looked.references, looked.finds, lab, sure, known)


def _withheld(cells: Cells, *, regions: bool) -> Field:
    """Return for each cell the confidence below which its colour is withheld, float32 (n,); small ``regions`` less."""
    sooner = np.clip(np.sqrt(cells.parts / SMALL), SOONEST, 1) if regions else np.ones(cells.count)
    return np.asarray(WITHHELD * sooner, dtype=np.float32)


def _cells(sight: Sight) -> Cells:
    """Return what takes one colour each: regions of line art, patches of even luminance elsewhere."""
    return of_patches(patch_graph(sight.fine, pattern=False)) if sight.division is None else of_regions(sight.division)


def _taken(finds: Sequence[Find], shape: tuple[int, ...]) -> tuple[Field, Field]:
    """Return the colours that pixels are most surely registered with, (h, w, 3), and their weight, (h, w)."""
    best, exact = np.zeros(shape, np.float32), np.zeros((*shape, 3), np.float32)
    for find in finds:
        if find.exact:
            weight = find.proposal.weight.reshape(shape)
            better = weight > best
            best = np.where(better, weight, best)
            exact = np.where(better[..., None], find.proposal.lab.reshape(exact.shape), exact)
    return exact, best


def _colored(looked: Looked, taken: tuple[Field, Field] | None, row: Row) -> tuple[Field, Field]:
    """Return each pixel's colour and how sure it is: its cell's decision, or what it is exactly registered with.

    ``taken`` is what gray pages are registered with, None for line art; ``row`` is of ``odds.DECIDED``.
    """
    labels = looked.cells.labels
    lab, sure = looked.decision.lab[labels], likely(decided_signs(looked.cells, looked.decision), row)[labels]
    if taken is None:
        return lab, sure
    exact, best = taken
    part = np.clip((best / REGISTERED_WEIGHT - EXACT_FROM) / (EXACT_TO - EXACT_FROM), 0, 1)
    sure = np.maximum(sure, part * (EVEN_ODDS[False] + (1 - EVEN_ODDS[False]) * np.sqrt(best / REGISTERED_WEIGHT)))
    lab = lab * (1 - part[..., None]) + exact * part[..., None]
    return lab.astype(np.float32), sure.astype(np.float32)


def _evidence(analysis: PageAnalysis, matched: Sequence[Part]) -> Evidence:
    """Put the panels' colours together to what is known of the page, with the places where they were found."""
    whole = parts.spread(analysis, matched)
    where = matches(analysis, [(part.rect, part.finds) for part in matched], matched[0].references)
    likely = parts.by_region(analysis, whole.sure)
    where = replace(where, confidence=where.confidence * likely[:, None])
    return replace(parts.evidence(analysis, whole), matches=where)
