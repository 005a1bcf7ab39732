"""Which coloured regions are worth a second look, because their colour came with little confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.method import Colorization

if TYPE_CHECKING:
    from mangapaint.ui.work import Shown

TINY_PART = 1e-4
"""Of the page: smaller regions are not worth a look of their own."""


def doubtful(analysis: PageAnalysis, colorization: Colorization, below: float) -> NDArray[np.intp]:
    """Return the coloured regions with less confidence than ``below`` (0..1), the least certain first.

    Left out is what has no colour, what is tiny, and what is no matter of colouring: margins, gutters, bubbles.
    """
    regions = analysis.regions
    colored = colorization.regions > 0
    colored[[part.region for part in colorization.splits]] = True
    for blend in colorization.blends:
        colored[slice(None) if blend.region is None else blend.region] = True
    kept = colored & (colorization.confidence < below) & ~regions.outside & ~regions.bubbles
    found = np.flatnonzero(kept & (regions.areas >= TINY_PART * regions.labels.size))
    return found[np.argsort(colorization.confidence[found], kind="stable")]


def doubts_of(shown: Shown | None, below: float) -> NDArray[np.intp]:
    """Return the doubtful regions of what is shown; none where nothing is coloured."""
    if shown is None or shown.colorization is None or shown.analysis is None:
        return np.zeros(0, np.intp)
    return doubtful(shown.analysis, shown.colorization, below)


def places(shown: Shown | None, below: float) -> list[NDArray[np.intp]]:
    """Gather the doubtful regions into places: those of one colour that touch are looked at together, as a shelf of
    books. The least certain place comes first, and in each the least certain region."""
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
    pairs = order[one[joined]], order[two[joined]]
    graph = coo_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(len(found), len(found)))
    names = connected_components(graph, directed=False)[1]
    firsts = np.sort(np.unique(names, return_index=True)[1])
    return [found[names == names[first]] for first in firsts]
