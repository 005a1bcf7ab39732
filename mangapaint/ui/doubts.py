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
