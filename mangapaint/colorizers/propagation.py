"""The method ``propagation``: hints flow over the page's regions, at native size.

A hint colours the regions it lies in. A region with hints of several colours is divided between them by a flood that
never leaves it and follows even shades first (kin to Yatziv and Sapiro's geodesic blending, 2006), or blended where the
colours are akin. Other regions take the colour that reaches them over the cheapest way across the region graph, where
crossing ink costs, and carry a confidence. Strokes may stray over a line, as in LazyBrush (Sykora, Dingliana, Collins
2009). Kin to the colorization of line art in G'MIC (Fourey, Tschumperle, Revoy 2018), decided on regions instead of
pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.held import Ballot, Held
from mangapaint.colorizers.likeness import MOST_ROWS, Likeness
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option, Split
from mangapaint.colorizers.splitting import Parted, Splitter
from mangapaint.document.page import Color, Kind, Pixels
from mangapaint.progress import Progress

REACH = 1.2
"""How far colour flows on line art by nearness alone: into what is mostly enclosed, but not across a second line."""
ENOUGH_COLORS = 2
"""Only from so many colours in a panel on is there anything to choose between for the areas that have no hint."""
ENOUGH_DECIDED = 0.4
"""... and only when hints have decided about this part of it: the small rest then finishes itself."""
LARGE_PART = 0.1
"""Of the panel: larger areas wait for a hint of their own. Measured on 65 drawings with 10, 30 and 100 random dots:
without this 0.5 points more are right at 10 dots on vector drawings and none elsewhere, but whole skies are wrong."""
MOST_NAMES = 256
"""Colours that are gone and may keep their number."""

Index = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A page made ready, and what was worked out for strokes and regions seen before."""

    analysis: PageAnalysis
    ballot: Ballot
    splitter: Splitter
    likeness: Likeness
    names: dict[Color | None, int] = field(default_factory=dict)
    splits: dict[int, tuple[Parted, Split]] = field(default_factory=dict)


class Propagation:
    """Hints flow over the page's regions."""

    info = MethodInfo(
        id="propagation",
        title="Flow from hints",
        source="kin to Sykora et al. 2009 (LazyBrush) and Fourey, Tschumperle, Revoy 2018",
        needs=frozenset({Need.HINTS}),
        kinds=frozenset(Kind),
        options=(
            Option("areas", "Areas without a hint", ("likeliest", "near"),
                   "Likeliest: once hints cover two fifths of a panel, its smaller areas take the likeliest colour. "
                   "Near: only small areas follow what encloses them."),
            Option("colors", "Several colours in one area", ("auto", "flat"),
                   "Auto: colours that are akin blend, others stay flat. Flat: no blending."),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Prepared:
        """Keep the analysis; the region graph is part of it."""
        analysis = request.analysis
        progress.check()
        return Prepared(analysis, Ballot(analysis), Splitter(analysis), Likeness(analysis))

    def colorize(self, prepared: Prepared, request: ColorRequest, progress: Progress, *,
                 settled: NDArray[np.bool_] | None = None) -> Colorization:  # fmt: skip
        """Let the hints flow; regions that are ``settled`` otherwise, bool (R,), are not divided between theirs."""
        held = prepared.ballot.count((*request.hints, *request.strokes))
        progress.check()
        soft = request.option(self.info, "colors") == "auto"
        mixed = {region: hints for region, hints in held.mixed.items() if settled is None or not settled[region]}
        parted = prepared.splitter.parted(mixed, soft=soft)
        progress.check()
        colors, names = _numbered(prepared, held)
        own = np.full(prepared.analysis.regions.count, -1, np.int64)
        own[list(held.own)] = [names[color] for color in held.own.values()]
        regions, confidence = _flow(prepared, own, held.protected)
        if request.option(self.info, "areas") == "likeliest":
            _guess(prepared, own, held.protected, regions, confidence)
        splits = _splits(prepared, parted, names)
        blends = tuple(blend for region in sorted(parted) for blend in parted[region].blends)
        return Colorization(request.stamp, self.info.id, colors, regions, splits, confidence, blends)


def _numbered(prepared: Prepared, held: Held) -> tuple[Pixels, dict[Color | None, int]]:
    """Number the hints' colours from 1; "keep uncoloured" is 0. A colour keeps its number as long as it may."""
    names, colors = prepared.names, held.colors()
    if len(names) > MOST_NAMES + 2 * len(colors):
        names.clear()
        prepared.splits.clear()
    for color in (None, *colors):
        names.setdefault(color, len(names))
    table = [(255, 255, 255), *(color for color in names if color is not None)]
    return np.array(table, np.uint8), names


def _splits(prepared: Prepared, parted: dict[int, Parted], names: dict[Color | None, int]) -> tuple[Split, ...]:
    """Return the divided regions; one that is as it was is the same object, which is told apart at once."""
    known = prepared.splits
    for region, part in parted.items():
        if region not in known or known[region][0] is not part:
            numbers = np.array([names[color] for color in part.colors], np.uint16)
            known[region] = part, Split(region, part.rect, part.index, numbers)
    for gone in known.keys() - parted.keys():
        del known[gone]
    return tuple(known[region][1] for region in sorted(parted))


def _flow(prepared: Prepared, own: NDArray[np.int64],
          protected: NDArray[np.bool_]) -> tuple[Index, NDArray[np.float32]]:  # fmt: skip
    """Give regions the colour whose way over the graph is cheapest; confidence falls with the way's cost.

    ``own`` is the colour index of each region's hints, -1 where there are none.
    """
    sources = np.flatnonzero(own >= 0)
    index, confidence = np.zeros(len(own), np.uint16), np.zeros(len(own), np.float32)
    if len(sources):
        from scipy.sparse.csgraph import dijkstra  # slow to import; the list of methods must not wait for it

        regions = prepared.analysis.regions
        reach = np.inf if regions.keeps.any() else REACH
        cost, _, origin = dijkstra(regions.cost, indices=sources, min_only=True, return_predecessors=True, limit=reach)
        reached = np.isfinite(cost) & ~protected & (regions.keeps | (cost <= REACH))
        index[reached] = own[origin[reached]]
        confidence[reached] = np.exp(-cost[reached])
    return index, confidence


def _guess(prepared: Prepared, own: NDArray[np.int64], protected: NDArray[np.bool_], index: Index,
           confidence: NDArray[np.float32]) -> None:  # fmt: skip
    """Give areas of line art that no hint has reached the likeliest colour among those of their panel."""
    regions, likeness = prepared.analysis.regions, prepared.likeness
    sources = np.flatnonzero((own >= 0) & ~likeness.closed)[: MOST_ROWS // regions.count]
    panels = len(prepared.analysis.panels) + 1
    pairs = np.unique(np.column_stack([likeness.panels[sources], own[sources]]), axis=0)
    rich = np.bincount(pairs[:, 0] + 1, minlength=panels) >= ENOUGH_COLORS
    rich &= np.bincount(likeness.panels[sources] + 1, likeness.parts[sources], panels) >= ENOUGH_DECIDED
    closed = protected | likeness.closed | regions.outside | regions.keeps | (likeness.parts > LARGE_PART)
    open_ = np.flatnonzero(rich[likeness.panels + 1] & (confidence == 0) & ~closed)
    if not len(sources) or not len(open_):
        return
    score = likeness.compared(sources, open_)
    best = score.argmax(axis=0)
    odds = score[best, np.arange(len(open_))]
    reached = np.isfinite(odds)
    index[open_[reached]] = own[sources[best[reached]]]
    confidence[open_[reached]] = 1 / (1 + np.exp(-odds[reached]))
