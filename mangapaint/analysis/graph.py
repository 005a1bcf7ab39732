"""The region adjacency graph: what it costs a colour to go from one region to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.borders import Borders

if TYPE_CHECKING:
    from scipy import sparse

LARGE_PART = 0.005
"""Of the page: larger areas wait for a hint of their own. Colour crosses ink only into small ones (locks, buttons)."""
OPEN = 0.05
"""What a border costs that nothing holds a colour back on."""
INSIDE_PART = 0.2
"""A neighbour smaller than this part of a region lies in it rather than around it."""
STRONG_INK = 0.5
"""Borders with less ink than this (closed gaps, faint lines) let colour into areas of any size."""
SHADE_STEP = 64
"""Levels of luma between two areas of a gray page that hold a colour back as much as a black line."""


@dataclass(frozen=True, eq=False)
class Ways:
    """What decides about the ways from region to region, per region (count,): area, mean luma, and three flags."""

    borders: Borders
    areas: NDArray[np.int64]
    shade: NDArray[np.float64]
    keeps: NDArray[np.bool_]
    closed: NDArray[np.bool_]


def crossing(step: NDArray[np.float64], shared: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what it costs to cross borders: the step, 0..1, less for what shares much of its border, 0..1."""
    return (OPEN + step) * (2 - shared)


def crossing_costs(ways: Ways) -> sparse.csr_array:
    """Return what it costs a colour to cross from the row's region into the column's, sparse (count, count).

    About 0.05 (open) to 2 (solid ink), less for what is mostly enclosed; no entry where a colour may not go.
    """
    from scipy import sparse

    edges, areas = ways.borders, ways.areas
    here, there = edges.ways
    shaded = ways.keeps[edges.a] & ways.keeps[edges.b]
    step = np.where(shaded, np.abs(ways.shade[edges.a] - ways.shade[edges.b]) / SHADE_STEP, edges.ink)
    length = edges.both(edges.length)
    around = length * (areas[here] >= INSIDE_PART * areas[there])
    perimeter = np.bincount(there, around, len(areas))
    shared = np.minimum(length / np.maximum(perimeter[there], 1), 1)
    cost = crossing(edges.both(step), shared)
    small = areas <= LARGE_PART * areas.sum()
    may = edges.both(shaded) | (edges.both(edges.ink) <= STRONG_INK) | small[there]
    may &= ~ways.closed[here] & ~ways.closed[there]
    return sparse.csr_array((cost[may], (here[may], there[may])), shape=(len(areas), len(areas)))
