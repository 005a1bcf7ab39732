"""The finest division of a page, measured once, from which the regions for any gap follow without looking at pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.basins import SMALLEST, Basins, basins
from mangapaint.analysis.borders import Borders, borders
from mangapaint.analysis.even import even_areas
from mangapaint.analysis.graph import Ways, crossing_costs
from mangapaint.analysis.labels import Extent, Labels, compact, measured
from mangapaint.analysis.regions import RegionMap
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

NECK = 0.7
"""A hole is narrower than this part of the areas on both sides; otherwise it is a mere narrowing of one area."""
SLACK = 0.5
"""Pixels by which a hole's width may be off."""
TINY = 5.0
"""Closed areas smaller than a square of this side, in pixels of a page 3,508 pixels long, belong to a neighbour:
corners of hatching, the holes in a clump of hair."""
TINY_PAGE = 3508


@dataclass(frozen=True, eq=False)
class Ties:
    """Which parts belong together, int64 (N,): ``a`` and ``b`` do unless a gap of ``width`` pixels is to be closed.

    ``width`` is float64 (N,), infinite where they always do.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    width: NDArray[np.float64]

    def kept(self, parts: NDArray[np.intp]) -> Ties:
        """Return the ties among some parts (their numbers, ascending), which are numbered anew from 0."""
        held = np.isin(self.a, parts) & np.isin(self.b, parts)
        a, b = np.searchsorted(parts, self.a[held]), np.searchsorted(parts, self.b[held])
        return Ties(a.astype(np.int64), b.astype(np.int64), self.width[held])

    def owners(self, count: int, gap: float) -> NDArray[np.int32]:
        """Return the region of each part when gaps up to ``gap`` are closed, int32 (count,), 0..n-1."""
        from scipy import sparse  # takes as long to import as everything else of this room together
        from scipy.sparse.csgraph import connected_components

        held = self.width > gap
        links = sparse.coo_array((np.ones(int(held.sum())), (self.a[held], self.b[held])), shape=(count, count))
        return np.asarray(connected_components(links, directed=False)[1], dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Division:
    """The parts of a page that any choice of gap leaves whole.

    ``labels`` is read-only (H, W), 0..count-1. Of each part: ``areas`` pixels int64, ``boxes`` int32 (count, 4),
    ``shade`` float64 mean luma, ``keeps`` bool: keeps the page's luminance, ``outside`` bool: margin or gutter,
    ``bubble`` bool: speech. ``borders`` lie between parts, ``ties`` say for which gaps two of them are one region.
    """

    labels: Labels
    borders: Borders
    ties: Ties
    areas: NDArray[np.int64]
    boxes: NDArray[np.int32]
    shade: NDArray[np.float64]
    keeps: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    bubble: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many parts there are, at least one."""
        return len(self.areas)

    def regions(self, gap: float) -> RegionMap:
        """Return the regions of the page when holes in the ink up to ``gap`` pixels wide are closed."""
        owner = self.ties.owners(self.count, gap)
        count = int(owner.max()) + 1
        areas = np.bincount(owner, self.areas, count).astype(np.int64)
        share = 1 / np.maximum(areas, 1)
        shade = np.bincount(owner, self.areas * self.shade, count) * share
        keeps, outside, bubble = (np.bincount(owner, self.areas * flag, count) * share > 0.5
                                  for flag in (self.keeps, self.outside, self.bubble))  # fmt: skip
        merged = self.borders.merged(owner, count)
        ways = Ways(merged, areas, shade, keeps, outside)
        same = count == self.count
        labels = self.labels if same else _renamed(self.labels, owner)
        return RegionMap(labels, owner, merged, crossing_costs(ways), areas, _boxes(self.boxes, owner, count),
                         shade.astype(np.float32), keeps, outside, bubble)  # fmt: skip

    def enlarged(self, times: int, height: int, width: int) -> Division:
        """Return the division of a page so many times as large, cut to its height and width.

        Less than ``times`` pixels are cut off at the right and at the bottom, so that every part keeps some.
        """
        labels = self.labels.repeat(times, axis=0).repeat(times, axis=1)[:height, :width]
        labels.setflags(write=False)
        edges, ties = self.borders, self.ties
        down, across = (np.minimum(times, side - times * np.arange(-(-side // times))) for side in (height, width))
        pixels = np.outer(down, across).ravel()
        return replace(
            self,
            labels=labels,
            borders=replace(edges, length=edges.length * times, gap=edges.gap * times),
            ties=replace(ties, width=ties.width * times),
            areas=np.bincount(self.labels.ravel(), pixels, self.count).astype(np.int64),
            boxes=np.minimum(self.boxes * times, [width, height, width, height]).astype(np.int32),
        )

    def marked(self, *, outside: NDArray[np.bool_], bubble: NDArray[np.bool_]) -> Division:
        """Return the same division with its margins and bubbles known, bool (count,) each."""
        return replace(self, outside=outside, bubble=bubble)


def _renamed(labels: Labels, owner: NDArray[np.int32]) -> Labels:
    names = owner.astype(np.uint16) if int(owner.max()) < 1 << 16 else owner
    renamed: Labels = names.take(labels)
    renamed.setflags(write=False)
    return renamed


def _boxes(boxes: NDArray[np.int32], owner: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    merged = np.empty((count, 4), np.int32)
    merged[:, :2], merged[:, 2:] = np.iinfo(np.int32).max, 0
    for column in range(2):
        np.minimum.at(merged[:, column], owner, boxes[:, column])
        np.maximum.at(merged[:, 2 + column], owner, boxes[:, 2 + column])
    return merged


def divided_by_lines(gray: Pixels, ink: NDArray[np.bool_]) -> Division:
    """Divide a page along its ink, bool (H, W); ``gray`` is its luma."""
    found = basins(~ink)
    edges = borders(found.labels, gray, found.depth, found.count)
    extent = measured(found.labels, found.count, gray, ink)
    open_areas = extent.areas - extent.sums[1]
    return _described(found.labels, extent, edges, _ties(edges, found, open_areas < _tiny(gray.shape)), keeps=False)


def _tiny(shape: tuple[int, ...]) -> float:
    """Return the area in pixels below which a closed area of a page is tiny."""
    return max(SMALLEST, (TINY * max(shape) / TINY_PAGE) ** 2)


def _described(labels: Labels, extent: Extent, edges: Borders, ties: Ties, *, keeps: bool) -> Division:
    """Make a division of a label map that has been measured, its luma first."""
    count = len(extent.areas)
    shade, none = extent.sums[0] / extent.areas, np.zeros(count, bool)
    return Division(compact(labels, count), edges, ties, extent.areas, extent.boxes, shade, np.full(count, keeps),
                    none, none)  # fmt: skip


def _ties(edges: Borders, found: Basins, tiny: NDArray[np.bool_]) -> Ties:
    """Find what holds the basins together: the widest ways between them, and a neighbour for each tiny one.

    A way that is hardly narrower than the smaller of the two areas it joins is no hole: it always holds.
    """
    order = np.argsort(-edges.gap, kind="stable")
    order = order[edges.gap[order] > 0]
    root = list(range(found.count))
    peaks, long = found.peaks.tolist(), found.long.tolist()
    kept: list[tuple[int, int, float]] = []
    for a, b, width in zip(edges.a[order].tolist(), edges.b[order].tolist(), edges.gap[order].tolist(), strict=True):
        one, two = _root(root, a), _root(root, b)
        if one == two:
            continue
        smaller, larger = (one, two) if peaks[one] < peaks[two] else (two, one)
        narrowing = width + SLACK >= NECK * 2 * peaks[smaller] and not long[smaller]
        kept.append((a, b, np.inf if narrowing else width))
        root[smaller] = larger
    kept.extend(_tiny_ties(edges, tiny))
    a, b, width = np.array(kept, np.float64).reshape(-1, 3).T
    return Ties(a.astype(np.int64), b.astype(np.int64), width)


def _root(root: list[int], at: int) -> int:
    """Follow a part to the one that stands for all it is tied to, shortening the way."""
    while root[at] != at:
        root[at] = root[root[at]]
        at = root[at]
    return at


def _tiny_ties(edges: Borders, tiny: NDArray[np.bool_]) -> list[tuple[int, int, float]]:
    """Tie each tiny area to the neighbour with which it shares the widest hole, or else the faintest line."""
    here, there = edges.ways
    order = np.lexsort((-edges.both(edges.length), edges.both(np.round(edges.ink, 1)), -edges.both(edges.gap), here))
    order = order[tiny[here[order]]]
    _, first = np.unique(here[order], return_index=True)
    best = order[first]
    return [(int(a), int(b), np.inf) for a, b in zip(here[best], there[best], strict=True)]


def divided_by_shade(gray: Pixels) -> Division:
    """Divide a gray page into areas of even luma: it has no lines, and so no gaps."""
    labels = even_areas(gray)
    count, nothing = int(labels.max()) + 1, np.zeros(0, np.int64)
    edges = borders(labels, gray, None, count)
    ties = Ties(nothing, nothing, np.zeros(0))
    return _described(labels, measured(labels, count, gray), edges, ties, keeps=True)


def divided_by_panels(gray: Pixels, ink: NDArray[np.bool_], washed: tuple[Rect, ...]) -> Division:
    """Divide a page along its ink, bool (H, W), and the panels ``washed`` into areas of even luma."""
    found = basins(~ink)
    lines = borders(found.labels, gray, found.depth, found.count)
    extent = measured(found.labels, found.count, ink)
    ties = _ties(lines, found, extent.areas - extent.sums[0] < _tiny(gray.shape))
    labels, total = found.labels.astype(np.int32), found.count
    for panel in washed:
        areas = even_areas(np.ascontiguousarray(gray[panel.slices]))
        labels[panel.slices] = areas + total
        total += int(areas.max()) + 1
    present = np.flatnonzero(np.bincount(labels.ravel(), minlength=total))
    names = np.zeros(total, np.int32)
    names[present] = np.arange(len(present))
    labels = names[labels]
    edges = borders(labels, gray, found.depth, len(present))
    whole = _described(labels, measured(labels, len(present), gray), edges,
                       ties.kept(present[present < found.count]), keeps=False)  # fmt: skip
    return replace(whole, keeps=present >= found.count)
