"""Which hint an area without one most likely shares its colour with: the cheapest way over the graph, and likeness.

The weights were fitted by logistic regression on 205 drawings with 10 to 100 random dots each (every drawing that is
not measured with): is the area of the dot's colour? What they say: an area far away over the graph is less likely of
the same colour; one behind a common line is less likely, too, for lines are drawn where colours change; areas at the
same height, of the same size and form (two sleeves, two shoes, the parts of one sky) often share theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.graph import crossing

if TYPE_CHECKING:
    from scipy import sparse

WAY, BORDER, SIZE, FORM, EXTENT, ACROSS, ALONG, LARGE = -0.67, -2.44, -0.20, -0.27, -1.05, -0.29, -2.29, 0.08
"""Weights of: log of the way's cost; the part of the border that is shared; differences of log area, log of width to
height and the part of the box that is filled; distance across and along the panel's height; log of the hint's area."""
BIAS, CROWD = 1.80, -0.39
"""... and of one, and of the log of the number of areas with hints."""
NEAREST_WAY = 0.1
FARTHEST = 50.0
"""Ways that cost more are as far as any."""
MOST_ROWS = 1 << 25
"""Entries that all remembered comparisons may have; further hints are not compared with."""
AT_A_TIME = 64
"""Hints that are compared at a time: what is needed on the way takes ten times the memory of what is kept."""


@dataclass(eq=False)
class Likeness:
    """Compares areas of one page; what was compared is remembered."""

    analysis: PageAnalysis
    rows: dict[int, NDArray[np.float32]] = field(default_factory=dict)

    @cached_property
    def panels(self) -> NDArray[np.int32]:
        """The number of the panel each region lies in, int32 (count,); -1 for none."""
        boxes = self.analysis.regions.boxes
        x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        found = np.full(len(boxes), -1, np.int32)
        for number, panel in enumerate(self.analysis.panels):
            found[(x >= panel.x0) & (x < panel.x1) & (y >= panel.y0) & (y < panel.y1)] = number
        return found

    @cached_property
    def closed(self) -> NDArray[np.bool_]:
        """Regions that share their colour with none, bool (count,): bubbles, and margins and gutters between panels.

        The paper around a single figure is its background, which may well show through a bent arm.
        """
        regions = self.analysis.regions
        return regions.bubbles | regions.outside if len(self.analysis.panels) > 1 else regions.bubbles

    @cached_property
    def _forms(self) -> NDArray[np.float32]:
        """Log area, log width to height, part of the box filled, and middle x, y as parts of the panel; (count, 5)."""
        regions = self.analysis.regions
        wide = (regions.boxes[:, 2] - regions.boxes[:, 0]).astype(np.float64)
        high = (regions.boxes[:, 3] - regions.boxes[:, 1]).astype(np.float64)
        whole = max(self.analysis.gray.shape)
        sides = np.array([*(max(panel.width, panel.height) for panel in self.analysis.panels), whole], np.float64)
        side = np.maximum(sides[self.panels], 1)
        middle = regions.boxes.reshape(-1, 2, 2).sum(axis=1) / 2 / side[:, None]
        area = regions.areas / side**2
        return np.column_stack([np.log(area), np.log(wide / high), regions.areas / (wide * high), middle]).astype(
            np.float32
        )

    @cached_property
    def parts(self) -> NDArray[np.float64]:
        """The part of its panel, or else of the page, that each region covers, float64 (count,)."""
        whole = self.analysis.gray.size
        areas = np.array([*(panel.area for panel in self.analysis.panels), whole], np.float64)
        return self.analysis.regions.areas / np.maximum(areas[self.panels], 1)

    @cached_property
    def _ways(self) -> sparse.csr_array:
        """What it costs to go from region to region, sparse (count, count); nothing crosses gutters and bubbles."""
        from scipy import sparse

        regions, closed = self.analysis.regions, self.closed
        here, there, shared = self._shared
        cost = crossing(regions.borders.both(regions.borders.ink), shared)
        may = ~closed[here] & ~closed[there]
        return sparse.csr_array((cost[may], (here[may], there[may])), shape=(regions.count, regions.count))

    @cached_property
    def _shared(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """From, to, and the part of the latter's border that is shared with the former."""
        borders = self.analysis.regions.borders
        here, there = borders.ways
        length = borders.both(borders.length)
        around = np.bincount(there, length, self.analysis.regions.count)
        return here, there, length / np.maximum(around[there], 1)

    def compared(self, sources: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return how likely each region in ``places`` is of each source's colour: log odds, float32 (sources, places).

        -inf where there is no way.
        """
        new = np.array([source for source in sources.tolist() if source not in self.rows], np.intp)
        for start in range(0, len(new), AT_A_TIME):
            some = new[start : start + AT_A_TIME]
            self.rows.update(zip(some.tolist(), map(np.copy, self._rows(some)), strict=True))
        if len(self.rows) > 2 * len(sources) + 64:
            self.rows = {source: self.rows[source] for source in sources.tolist()}
        score = np.stack([self.rows[source][places] for source in sources.tolist()])
        score += np.float32(CROWD * np.log(len(sources)))
        return score

    def _rows(self, sources: NDArray[np.intp]) -> NDArray[np.float32]:
        from scipy.sparse.csgraph import dijkstra  # slow to import; the list of methods must not wait for it

        way = dijkstra(self._ways, indices=sources, limit=FARTHEST).astype(np.float32)
        forms = self._forms
        unlike = np.abs(forms[None] - forms[sources][:, None])
        score = (BIAS + WAY * np.log(way + NEAREST_WAY) + LARGE * forms[sources, :1]
                 + unlike @ np.array([SIZE, FORM, EXTENT, ACROSS, ALONG], np.float32))  # fmt: skip
        here, there, shared = self._shared
        place = np.full(self.analysis.regions.count, -1)
        place[sources] = np.arange(len(sources))
        beside = place[here] >= 0
        score[place[here[beside]], there[beside]] += BORDER * shared[beside]
        score[~np.isfinite(way) | (self.panels[sources][:, None] != self.panels[None])] = -np.inf
        return np.asarray(score, dtype=np.float32)
