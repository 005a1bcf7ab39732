"""Regions of a page: connected areas bounded by ink, and the graph of which touches which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.ink import ink_mask
from mangapaint.analysis.kind import DOT_PIXELS
from mangapaint.analysis.labels import nearest
from mangapaint.document.page import Kind, Pixels
from mangapaint.document.rect import Rect

if TYPE_CHECKING:
    from scipy import sparse

Labels = NDArray[np.uint16] | NDArray[np.int32]
SMALLEST = 8
"""Areas of fewer pixels are specks in the ink, not regions."""
GRAY_WORKING_PIXELS = 1_000_000
LARGE_PART = 0.005
"""Of the page: larger areas wait for a hint of their own. Colour crosses ink only into small ones (locks, buttons)."""
INSIDE_PART = 0.2
"""A neighbour smaller than this part of a region lies in it rather than around it."""
STRONG_INK = 0.5
"""Borders with less ink than this (closed gaps, faint lines) let colour into areas of any size."""
FLAT_GRADIENT = 6.0
"""Gray levels per pixel below which a gray page counts as flat: where its regions grow from."""


_ALL, _FIRST, _LAST = slice(None), slice(None, -1), slice(1, None)
SHIFTS = (((_ALL, _FIRST), (_ALL, _LAST)), ((_ALL, _LAST), (_ALL, _FIRST)),
          ((_FIRST, _ALL), (_LAST, _ALL)), ((_LAST, _ALL), (_FIRST, _ALL)))  # fmt: skip
"""Index pairs that lay an array beside itself, shifted by one pixel each way."""


@dataclass(frozen=True)
class RegionMap:
    """Every pixel of a page belongs to one region; ink pixels to the nearest, so that fills reach under the line.

    ``labels`` is read-only (H, W), 0..count-1, uint16 where that suffices, otherwise int32.
    ``cost`` is a sparse (count, count) matrix: what it costs a colour to cross from the row's into the column's
    region, about 0.05 (open) to 2 (solid ink); no entry where it may not. ``outside`` is bool (count,): gutters and
    margins, which take colour only from a hint of their own. ``shade`` is float32 (count,): mean luma, 0..255.
    """

    labels: Labels
    cost: sparse.csr_array
    outside: NDArray[np.bool_]
    shade: NDArray[np.float32]

    @property
    def count(self) -> int:
        """How many regions there are, at least one."""
        return len(self.shade)

    @cached_property
    def areas(self) -> NDArray[np.int64]:
        """Pixels of each region, int64 (count,)."""
        return np.bincount(self.labels.ravel(), minlength=self.count)

    @cached_property
    def boxes(self) -> NDArray[np.int32]:
        """Bounding rectangle of each region, int32 (count, 4): x0, y0, x1, y1, half open."""
        return _bounding_boxes(self.labels, self.count)

    def ready(self) -> RegionMap:
        """Work out now what the first stroke would otherwise have to wait for; returns itself."""
        import scipy.sparse.csgraph  # noqa: F401 - half as slow to import as all of the analysis

        for name in ("areas", "boxes"):
            getattr(self, name)
        return self

    def box(self, regions: NDArray[np.intp]) -> Rect:
        """Return the rectangle around some regions; empty for none."""
        if not len(regions):
            return Rect(0, 0, 0, 0)
        boxes = self.boxes[regions]
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        return Rect(int(low[0]), int(low[1]), int(high[0]), int(high[1]))

    @cached_property
    def outlines(self) -> Pixels:
        """Where one region ends and the next begins, uint8 (H, W), 255 on the border."""
        border = np.zeros(self.labels.shape, np.uint8)
        border[:, 1:][self.labels[:, 1:] != self.labels[:, :-1]] = 255
        border[1:][self.labels[1:] != self.labels[:-1]] = 255
        return border


def region_map(gray: Pixels, kind: Kind, *, gap: int = 0) -> RegionMap:
    """Divide a page into regions.

    Line art and screentone: areas of paper bounded by ink, where a hole in the ink up to ``gap`` pixels wide does
    not count. Gray: areas of even luma, from a watershed of the gradient.
    """
    if kind.keeps_luminance:
        labels = _gray_labels(gray)
    else:
        ink = ink_mask(_without_dots(gray) if kind is Kind.TONE else gray)
        labels = _under_ink(_paper_labels(~ink, gap))
    return _described(labels, gray, kind)


def _without_dots(gray: Pixels) -> Pixels:
    """Lift the dots of a screentone, and their soft rims, out of the page: small marks become white paper."""
    dark = ink_mask(gray).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    small = stats[:, cv2.CC_STAT_AREA] <= DOT_PIXELS
    small[0] = False
    rims = cv2.dilate(small[labels].view(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(rims, 255, gray).astype(np.uint8)


def _paper_labels(paper: NDArray[np.bool_], gap: int) -> NDArray[np.int32]:
    """Label the areas of paper 1..n (0: ink or speck), int32 (H, W)."""
    if gap >= 2:
        return _parted_at_gaps(paper, gap)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper.view(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    return _renumbered(labels, stats[:count, cv2.CC_STAT_AREA] >= SMALLEST)


def _renumbered(labels: NDArray[np.generic], keep: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number the kept labels 1..n; label 0 and what is not kept become 0."""
    keep = keep.copy()
    keep[0] = False
    return np.where(keep, np.cumsum(keep), 0).astype(np.int32)[labels]


def _parted_at_gaps(paper: NDArray[np.bool_], gap: int) -> NDArray[np.int32]:
    """Label paper so that areas joined only through holes up to ``gap`` wide are apart.

    Every area that a ball of the gap's diameter fits into is one region, as far as the ball reaches (a straight way
    to the ball's centre never crosses ink). What no ball reaches is joined to the neighbour it touches most, if it
    is a mere corner or passage, and is a region of its own otherwise (a narrow lock of hair).
    """
    depth = cv2.distanceTransform(paper.view(np.uint8), cv2.DIST_L2, 5)
    core = depth > gap / 2
    count, cores = cv2.connectedComponents(core.view(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    reached, distance = nearest(cores, precise=True)
    labels = np.where(paper & (distance <= gap / 2 + 1), reached, 0).astype(np.int32)
    rest = paper & (labels == 0)
    found, pieces, stats, _ = cv2.connectedComponentsWithStats(rest.view(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    owners = _owners_of_pieces(labels, pieces, stats[:found, cv2.CC_STAT_AREA], gap, first=count)
    labels[rest] = owners[pieces[rest]]
    return _renumbered(labels, np.bincount(labels.ravel()) >= SMALLEST)


def _owners_of_pieces(labels: NDArray[np.int32], pieces: NDArray[np.int32], areas: NDArray[np.int32], gap: int,
                      *, first: int) -> NDArray[np.int32]:  # fmt: skip
    """Return for each piece the label it joins, or a new one from ``first`` on."""
    owners = (first + np.arange(len(areas))).astype(np.int32)
    pairs = np.concatenate([_contacts(pieces[a], labels[b]) for a, b in SHIFTS])
    if not len(pairs):
        return owners
    keys, contact = np.unique(pairs, return_counts=True)
    piece, label = keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32)
    order = np.argsort(contact, kind="stable")
    most = np.zeros(len(areas), np.int64)
    most[piece[order]] = contact[order]
    best = np.zeros(len(areas), np.int32)
    best[piece[order]] = label[order]
    total = np.bincount(piece, contact, len(areas))
    joins = (most > 0) & (areas <= total * gap)
    return np.where(joins, best, owners).astype(np.int32)


def _contacts(pieces: NDArray[np.int32], labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return (piece << 32 | label) for every pair of neighbouring pixels of which one is either."""
    meet = (pieces > 0) & (labels > 0)
    return (pieces[meet].astype(np.int64) << 32) | labels[meet]


def _under_ink(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give every unlabelled pixel the label of the nearest labelled one, so that regions meet in mid-line; 0-based."""
    if not labels.any():
        return np.zeros(labels.shape, np.int32)
    return nearest(labels)[0] - 1


def _gray_labels(gray: Pixels) -> NDArray[np.int32]:
    """Divide a gray page into areas of even luma, int32 (H, W) from 0.

    A watershed of the gradient, grown from its flat places, at a working size of at most one megapixel; brought to
    native size by the nearest pixel (luma stays native, so the border of chroma may be a few pixels coarse).
    """
    scale = min(1.0, (GRAY_WORKING_PIXELS / gray.size) ** 0.5)
    size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA) if scale < 1 else gray
    smooth = cv2.GaussianBlur(small, (0, 0), 1.0)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    slope = cv2.magnitude(dx, dy)
    count, seeds, stats, _ = cv2.connectedComponentsWithStats((slope < FLAT_GRADIENT / 2).view(np.uint8),
                                                              connectivity=4, ltype=cv2.CV_32S)  # fmt: skip
    seeds = _renumbered(seeds, stats[:count, cv2.CC_STAT_AREA] >= SMALLEST)
    if not seeds.any():
        return np.zeros(gray.shape, np.int32)
    flooded = _flooded(slope, seeds)
    return np.asarray(cv2.resize(flooded, gray.shape[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.int32) \
        if scale < 1 else flooded  # fmt: skip


def _flooded(slope: NDArray[np.float32], seeds: NDArray[np.int32]) -> NDArray[np.int32]:
    """Grow the seeds (1..n) along the gradient until they meet; int32 from 0."""
    # cv2.watershed wipes the outermost pixels, and with them seeds that lie nowhere else: give it a margin to wipe.
    relief = cv2.copyMakeBorder(np.clip(slope * 8, 0, 255).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    markers = cv2.copyMakeBorder(seeds, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    labels = cv2.watershed(cv2.cvtColor(relief, cv2.COLOR_GRAY2BGR), markers)[1:-1, 1:-1]
    return _under_ink(np.maximum(labels, 0))


def _described(labels: NDArray[np.int32], gray: Pixels, kind: Kind) -> RegionMap:
    count = int(labels.max()) + 1
    compact: Labels = labels.astype(np.uint16) if count <= 65536 else labels
    compact.setflags(write=False)
    size = np.maximum(np.bincount(labels.ravel(), minlength=count), 1)
    shade = np.bincount(labels.ravel(), gray.ravel(), count) / size
    borders = _borders(labels, gray, count)
    outside = np.zeros(count, bool) if kind.keeps_luminance else _outside(labels, count)
    if kind.keeps_luminance:
        step, passable = np.abs(shade[borders.a] - shade[borders.b]) / 64, None
    else:
        step, passable = borders.ink, ~outside & (size <= LARGE_PART * labels.size)
    cost = _crossing_costs(borders, step, size)
    if passable is not None:
        cost = _kept(cost, (borders.both(borders.ink) <= STRONG_INK) | passable[cost[1]], outside)
    from scipy import sparse  # takes as long to import as everything else of this room together

    graph = sparse.csr_array((cost[2], (cost[0], cost[1])), shape=(count, count))
    described = RegionMap(compact, graph, outside, shade.astype(np.float32))
    return described.ready()


def _outside(labels: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    """Tell margins and gutters: what holds nearly the whole of two sides of the page."""
    sides = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
    shares = np.stack([np.bincount(side, minlength=count) / len(side) for side in sides])
    return np.asarray((shares > 0.8).sum(axis=0) >= 2)


@dataclass(frozen=True)
class _Borders:
    """Every two touching regions, ``a`` < ``b``: the border's length in pixels, and its ink, 0 bare to 1 black."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    length: NDArray[np.float64]
    ink: NDArray[np.float64]

    def both(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Repeat values of the borders for both directions."""
        return np.concatenate([values, values])


def _borders(labels: NDArray[np.int32], gray: Pixels, count: int) -> _Borders:
    darkest = cv2.erode(gray, np.ones((3, 3), np.uint8))
    keys, ink = zip(*(_border(labels, darkest, axis, count) for axis in (0, 1)), strict=True)
    pairs, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    length = np.bincount(inverse, minlength=len(pairs)).astype(np.float64)
    strength = np.bincount(inverse, np.concatenate(ink), len(pairs)) / np.maximum(length, 1) / 255
    return _Borders(pairs // count, pairs % count, length, strength)


def _border(labels: NDArray[np.int32], darkest: Pixels, axis: int, count: int) -> tuple[NDArray[np.int64], Pixels]:
    """Return the pair (a * count + b, a < b) and the ink (0..255) at every pixel edge between two regions."""
    one, two = (labels[:-1], labels[1:]) if axis == 0 else (labels[:, :-1], labels[:, 1:])
    dark = darkest[1:] if axis == 0 else darkest[:, 1:]
    at = np.nonzero(one != two)
    a, b = one[at].astype(np.int64), two[at].astype(np.int64)
    return np.minimum(a, b) * count + np.maximum(a, b), 255 - dark[at]


Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""From, to, cost."""


def _crossing_costs(borders: _Borders, step: NDArray[np.float64], size: NDArray[np.intp]) -> Edges:
    """Return what it costs to cross each border, both ways: the step, less for what is mostly enclosed.

    What lies inside a region (the holes of a button) does not count as its surroundings.
    """
    here, there = np.concatenate([borders.a, borders.b]), np.concatenate([borders.b, borders.a])
    length = borders.both(borders.length)
    around = length * (size[here] >= INSIDE_PART * size[there])
    perimeter = np.bincount(there, around, len(size))
    shared = np.minimum(length / np.maximum(perimeter[there], 1), 1)
    return here, there, (0.05 + borders.both(step)) * (2 - shared)


def _kept(edges: Edges, passable: NDArray[np.bool_], outside: NDArray[np.bool_]) -> Edges:
    """Leave only the ways a colour may go: never from or to the outside, else where it is passable."""
    here, there, cost = edges
    kept = passable & ~outside[here] & ~outside[there]
    return here[kept], there[kept], cost[kept]


def _bounding_boxes(labels: Labels, count: int) -> NDArray[np.int32]:
    """Find first and last row and column of each label by scanning rows and columns for their distinct labels."""
    boxes = np.full((count, 4), -1, np.int32)
    for axis, (low, high) in ((0, (1, 3)), (1, (0, 2))):
        starts = np.ones(labels.shape, bool)
        along, behind = ((_ALL, _LAST), (_ALL, _FIRST)) if axis == 0 else ((_LAST, _ALL), (_FIRST, _ALL))
        np.not_equal(labels[along], labels[behind], out=starts[along])
        at = np.nonzero(starts)
        order = np.argsort(at[axis], kind="stable")
        where, which = at[axis][order], labels[at][order]
        boxes[which[::-1], low] = where[::-1]
        boxes[which, high] = where + 1
    return boxes
