"""Which regions are worth a second look: their colour came with little confidence, or from no reference at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.held import Ballot
from mangapaint.colorizers.method import Colorization
from mangapaint.document.strokes import Purpose, Stroke

if TYPE_CHECKING:
    from mangapaint.ui.work import Shown

TINY_PART = 1e-4
"""Of the page: smaller regions are not worth a look of their own ..."""
UNMATCHED_PART = 1e-3
"""... and smaller ones that no reference could colour are left for later."""


def doubtful(analysis: PageAnalysis, colorization: Colorization, below: float,
             strokes: tuple[Stroke, ...] = ()) -> NDArray[np.intp]:  # fmt: skip
    """Return the regions with less confidence than ``below`` (0..1), the least certain first, then the largest.

    These are coloured ones and, where references were looked at, those that found no match there. Left out is what
    is tiny, what the artist's ``strokes`` protect or keep uncoloured, and what is no matter of colouring: margins,
    gutters, bubbles.
    """
    regions, confidence = analysis.regions, colorization.confidence
    parts = regions.areas / regions.labels.size
    colored = colored_by(colorization)
    kept = colored & (confidence < below) & (parts >= TINY_PART)
    if colorization.matches is not None:
        bare = ~colored & (confidence == 0) & (parts >= UNMATCHED_PART)
        kept |= bare & ~_protected(analysis, strokes)
    found = np.flatnonzero(kept & ~regions.outside & ~regions.bubbles)
    return found[np.lexsort((-parts[found], confidence[found]))]


def colored_by(colorization: Colorization) -> NDArray[np.bool_]:
    """Return which regions have any colour, bool (R,)."""
    colored = colorization.regions > 0
    colored[[part.region for part in colorization.splits]] = True
    for blend in colorization.blends:
        if blend.region is not None:
            colored[blend.region] = True
        elif blend.spared is None:
            colored[:] = True
        else:
            colored |= ~blend.spared
    return colored


def _protected(analysis: PageAnalysis, strokes: tuple[Stroke, ...]) -> NDArray[np.bool_]:
    """Return which regions the artist protects, bool (R,)."""
    marks = [item for item in strokes if item.purpose in (Purpose.PROTECT, Purpose.FREE)]
    return Ballot(analysis).count(tuple(marks)).protected


def doubts_of(shown: Shown | None, below: float) -> NDArray[np.intp]:
    """Return the doubtful regions of what is shown; none where nothing was coloured."""
    if shown is None or shown.colorization is None or shown.analysis is None:
        return np.zeros(0, np.intp)
    return doubtful(shown.analysis, shown.colorization, below, shown.request.strokes if shown.request else ())


def places(shown: Shown | None, below: float) -> list[NDArray[np.intp]]:
    """Gather the doubtful regions into places: those of one colour that touch are looked at together, as a shelf of
    books. What has no colour is looked at by itself. The least certain place comes first, in each its least certain
    region."""
    found = doubts_of(shown, below)
    if not len(found) or shown is None or shown.colorization is None or shown.analysis is None:
        return []
    from scipy.sparse import coo_array  # slow to import; the window must not wait for it
    from scipy.sparse.csgraph import connected_components

    regions, color = shown.analysis.regions, shown.colorization.regions
    order = np.full(regions.count, -1, np.int64)
    order[found] = np.arange(len(found))
    one, two = regions.borders.a, regions.borders.b
    joined = (order[one] >= 0) & (order[two] >= 0) & (color[one] == color[two])
    joined &= colored_by(shown.colorization)[one]
    pairs = order[one[joined]], order[two[joined]]
    graph = coo_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(len(found), len(found)))
    names = connected_components(graph, directed=False)[1]
    firsts = np.sort(np.unique(names, return_index=True)[1])
    return [found[names == names[first]] for first in firsts]
