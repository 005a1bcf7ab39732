"""The method ``levin``: neighbours of similar luminance get similar colours, by sparse least squares from the hints.

Levin, Lischinski, Weiss 2004 ("Colorization using Optimization"), solved on a graph of patches (superpixels) in a few
hundredths of a second and smoothed from pixel to pixel afterwards. Options: edges that hold colour back (Huang et al.
2005), hints that speak for all places that look like theirs (Luan et al. 2007), and pattern continuity across
screentone (Qu, Wong, Heng 2006). Measured beside propagation: soft shades and washes come nearer to the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint, painted
from mangapaint.colorizers.held import Ballot
from mangapaint.colorizers.levin_affinity import PatchGraph, Values, patch_graph
from mangapaint.colorizers.method import Blend, Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.document.page import Color, Kind
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke
from mangapaint.progress import Progress

HOLD = 1000.0
"""How strongly a hint holds a patch it lies in, against affinities of about 1."""
MEANT_PART = 0.5
"""A patch is held if the hint has this part of the pixels there that it has in any one, or covers this part of it; it
has only strayed into others."""
LIKENESS = 0.001
"""How strongly hints of the same looks draw a patch, against affinities of about 1."""
LOOK_SCALE = 6.0
TEXTURE_PART = 0.3
"""Steps of luminance within which two places look alike, and how much a step of texture counts beside luminance."""
ALIKE_DISTANCE = 0.3
"""... and the distance, in parts of the page's diagonal, over which a likeness fades."""
LIKE_HINTS = 8
"""A patch listens to so many hints at most."""
CONFIDENCE_SCALE = 64.0
"""Steps of luminance over which confidence falls to 1/e; so it does over the page's diagonal."""
SWEEPS = 3
"""How often colour is smoothed from pixel to pixel: patches have ragged borders. Gains 0.05 dB."""

MOST_COLORS = 1 << 24
"""... that hints can have; patch and colour share one number."""
PLACES = ((slice(None), slice(None, -1)), (slice(None), slice(1, None)),
          (slice(None, -1), slice(None)), (slice(1, None), slice(None)))  # fmt: skip
"""All pixels that have one to the right, to the left, below, above."""

Field = NDArray[np.float32]
Spots = NDArray[np.intp]
"""Flat indices of working pixels."""


@dataclass(eq=False)
class Prepared:
    """A page made ready: its graphs (with and without patterns, made when needed), and where hints lie on them."""

    analysis: PageAnalysis
    ballot: Ballot
    graphs: dict[bool, PatchGraph] = field(default_factory=dict)
    laid: dict[Stroke | Hint, Spots] = field(default_factory=dict)
    pairs: dict[PatchGraph, tuple[Spots, Spots]] = field(default_factory=dict)

    def graph(self, *, pattern: bool) -> PatchGraph:
        """Return the page's patches."""
        if pattern not in self.graphs:
            self.graphs[pattern] = patch_graph(self.analysis.gray, pattern=pattern)
        return self.graphs[pattern]

    def shared(self, graph: PatchGraph) -> tuple[Spots, Spots]:
        """Return which regions and patches share pixels: two (n,)."""
        if graph not in self.pairs:
            self.pairs[graph] = _shared(self.analysis, graph)
        return self.pairs[graph]


@dataclass(frozen=True, eq=False)
class _Constraints:
    """What the hints demand: the colours, ``pinned`` pixels and theirs, ``held`` patches and theirs."""

    lab: Values
    pinned: Spots
    pinned_color: NDArray[np.intp]
    held: NDArray[np.intp]
    held_color: NDArray[np.intp]


def _spared(prepared: Prepared, request: ColorRequest) -> NDArray[np.bool_]:
    """Return the regions that stay bare, bool (count,): protected ones, and margins and gutters without a hint."""
    held = prepared.ballot.count((*request.hints, *request.strokes))
    outside = prepared.analysis.regions.outside.copy()
    outside[list(held.hints)] = False
    return np.asarray(held.protected | outside)


class Levin:
    """Neighbours of similar luminance get similar colours."""

    info = MethodInfo(
        id="levin",
        title="Soft colour from hints",
        source="Levin, Lischinski, Weiss 2004; Huang et al. 2005; Luan et al. 2007; Qu, Wong, Heng 2006",
        needs=frozenset({Need.HINTS}),
        kinds=frozenset({Kind.GRAY, Kind.COLORED, Kind.TONE}),
        options=(
            Option("edges", "Edges", ("adaptive", "plain"),
                   "Adaptive: colour stops at detected edges even where the step in gray is small."),
            Option("texture", "Similar places", ("on", "off"),
                   "On: a hint also speaks for other places of the same gray and texture."),
            Option("pattern", "Screentone patterns", ("auto", "off", "on"),
                   "On: colour flows over the dots of one pattern and stops where it changes. Auto: on screentone."),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Prepared:
        """Divide the page into patches."""
        analysis = request.analysis
        progress.check()
        prepared = Prepared(analysis, Ballot(analysis))
        prepared.shared(prepared.graph(pattern=analysis.kind is Kind.TONE))
        import scipy.sparse.linalg
        import scipy.spatial  # noqa: F401 - the first stroke need not wait for it

        return prepared

    def colorize(self, prepared: Prepared, request: ColorRequest, progress: Progress) -> Colorization:
        """Solve for the colours; without a hint on the page nothing is coloured."""
        chosen = request.option(self.info, "pattern")
        graph = prepared.graph(pattern=chosen == "on" or (chosen == "auto" and prepared.analysis.kind is Kind.TONE))
        progress.check()
        height, width = prepared.analysis.gray.shape
        demands = _constraints(prepared, graph, request)
        blends: tuple[Blend, ...] = ()
        confidence = np.zeros(prepared.analysis.regions.count, np.float32)
        if demands is not None:
            edges = request.option(self.info, "edges") == "adaptive"
            solved = _solved(graph, demands, edges=edges, texture=request.option(self.info, "texture") == "on")
            progress.check()
            own = prepared.analysis.kind.keeps_luminance
            lab = _smoothed(graph, demands, solved[:, 1:] if own else solved)
            if own:
                lab[..., 0] = _lightness(graph.luma)
            blends = (Blend(None, Rect.whole(height, width), lab, spared=_spared(prepared, request)),)
            confidence = _confidence(prepared, graph, demands)
        return Colorization(request.stamp, self.info.id, np.full((1, 3), 255, np.uint8),
                            np.zeros(len(confidence), np.uint16), (), confidence, blends)  # fmt: skip


def _constraints(prepared: Prepared, graph: PatchGraph, request: ColorRequest) -> _Constraints | None:
    """Lay the hints on the patches, newer ones over older ones; None where none lies on the page."""
    items: list[Stroke | Hint] = [
        *request.hints,
        *(stroke for stroke in request.strokes if stroke.purpose is not Purpose.FREE),
    ]
    laid = _laid(prepared, items, graph.labels.shape)
    numbers: dict[Color | None, int] = {}
    owner = np.full(graph.labels.size, -1, np.intp)
    meant: set[int] = set()
    for item in items:
        number = numbers.setdefault(_color(item), len(numbers))
        owner[laid[item]] = number
        meant.update((_meant(graph, laid[item]) * MOST_COLORS + number).tolist())
    pinned = np.flatnonzero(owner >= 0)
    if not len(pinned):
        return None
    pairs, pixels = np.unique(graph.labels.ravel()[pinned] * np.int64(MOST_COLORS) + owner[pinned], return_counts=True)
    wanted = np.isin(pairs, np.fromiter(meant, np.int64))
    if wanted.any():
        pairs, pixels = pairs[wanted], pixels[wanted]
    order = np.lexsort((-pixels, pairs // MOST_COLORS))
    best = pairs[order][np.flatnonzero(np.diff(pairs[order] // MOST_COLORS, prepend=-1))]
    return _Constraints(_colors(list(numbers)), pinned, owner[pinned], best // MOST_COLORS, best % MOST_COLORS)


def _meant(graph: PatchGraph, spots: Spots) -> NDArray[np.int64]:
    """Return the patches a hint means."""
    patches, pixels = np.unique(graph.labels.ravel()[spots], return_counts=True)
    most = np.minimum(pixels.max(initial=1), graph.area[patches])
    return patches[pixels >= MEANT_PART * most].astype(np.int64)


def _color(item: Stroke | Hint) -> Color | None:
    return None if isinstance(item, Stroke) and item.purpose is Purpose.PROTECT else item.color


def _colors(colors: list[Color | None]) -> Values:
    """Return CIELAB (n, 3); "keep uncoloured" is white."""
    table = np.array([[color or (255, 255, 255) for color in colors]], np.float32) / 255
    lab = np.asarray(cv2.cvtColor(table, cv2.COLOR_RGB2LAB)[0], dtype=np.float64)
    lab[[color is None for color in colors], 1:] = 0
    return lab


def _laid(prepared: Prepared, items: list[Stroke | Hint], shape: tuple[int, ...]) -> dict[Stroke | Hint, Spots]:
    """Find the working pixels under each hint, once; forget what is gone."""
    if len(prepared.laid) > 2 * len(items) + 64:
        prepared.laid = {item: prepared.laid[item] for item in items if item in prepared.laid}
    height, width = prepared.analysis.gray.shape
    for item in items:
        if item not in prepared.laid:
            prepared.laid[item] = _spots(item, (height, width), (shape[0], shape[1]))
    return prepared.laid


def _spots(item: Stroke | Hint, page: tuple[int, int], shape: tuple[int, int]) -> Spots:
    hint = painted(item, *page) if isinstance(item, Stroke) else item
    if hint is None:
        return np.zeros(0, np.intp)
    y, x = np.nonzero(hint.mask)
    row, column = (y + hint.rect.y0) * shape[0] // page[0], (x + hint.rect.x0) * shape[1] // page[1]
    return np.unique(row * shape[1] + column)


def _solved(graph: PatchGraph, demands: _Constraints, *, edges: bool, texture: bool) -> Values:
    """Return L,a,b of each patch, (n, 3).

    Minimises the sum over borders of affinity * (difference)^2, plus what holds patches at hints and draws them to
    hints that look alike: one sparse symmetric system, factorised whole (a few thousand unknowns).
    """
    from scipy import sparse
    from scipy.sparse.linalg import splu

    weights = graph.weights(edges=edges)
    pull, wanted = np.zeros(graph.count), np.zeros((graph.count, 3))
    if texture:
        pull, wanted = _drawn(graph, demands)
    wanted *= pull[:, None]
    pull[demands.held] += HOLD
    wanted[demands.held] += HOLD * demands.lab[demands.held_color]
    both = np.concatenate([graph.a, graph.b]), np.concatenate([graph.b, graph.a])
    beside = sparse.coo_array((np.tile(weights, 2), both), shape=(graph.count, graph.count)).tocsc()
    system = sparse.diags_array(beside.sum(axis=0) + pull).tocsc() - beside
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0, options={"SymmetricMode": True})
    return np.asarray(factors.solve(wanted), dtype=np.float64)


def _drawn(graph: PatchGraph, demands: _Constraints) -> tuple[Values, Values]:
    """Return how strongly each patch is drawn to hints that look alike, (n,), and to which L,a,b, (n, 3)."""
    from scipy.spatial import cKDTree

    looks = graph.looks / LOOK_SCALE
    looks[:, -3:] *= TEXTURE_PART
    points = np.concatenate([looks, graph.place / ALIKE_DISTANCE], axis=1)
    nearest = min(LIKE_HINTS, len(demands.held))
    found, which = cKDTree(points[demands.held]).query(points, np.arange(1, nearest + 1))
    apart = np.asarray(found, dtype=np.float64)
    alike = np.exp(-(apart**2) / 2)
    shares = np.exp((apart[:, :1] ** 2 - apart**2) / 2)
    colors = demands.lab[demands.held_color[which]]
    return LIKENESS * alike[:, 0], (shares[..., None] * colors).sum(axis=1) / shares.sum(axis=1, keepdims=True)


def _smoothed(graph: PatchGraph, demands: _Constraints, solved: Values) -> Field:
    """Lay the patches' colours out and smooth them between pixels of like luminance; hints stay as they are.

    ``solved`` is (n, c), the last c of L,a,b; float32 (h, w, 3), L left at 0 where it is not among them.
    """
    lab = np.zeros((*graph.luma.shape, 3), np.float32)
    pinned = demands.lab[demands.pinned_color].astype(np.float32)
    for channel in range(3 - solved.shape[1], 3):
        plane = solved[:, channel - 3].astype(np.float32)[graph.labels]
        for _ in range(SWEEPS):
            plane.put(demands.pinned, pinned[:, channel])
            gathered = graph.across * plane[:, 1:], graph.across * plane[:, :-1], \
                graph.down * plane[1:], graph.down * plane[:-1]  # fmt: skip
            for part, place in zip(gathered, PLACES, strict=True):
                plane[place] += part
            plane *= graph.share
        plane.put(demands.pinned, pinned[:, channel])
        lab[..., channel] = plane
    return lab


def _shared(analysis: PageAnalysis, graph: PatchGraph) -> tuple[Spots, Spots]:
    """Find which regions and patches share a working pixel; every region has at least one of its own."""
    labels = analysis.regions.labels
    anywhere = np.zeros(analysis.regions.count, np.int64)
    anywhere[labels.ravel()] = np.arange(labels.size)
    (height, width), (rows, columns) = labels.shape, graph.labels.shape
    y, x = np.divmod(anywhere, width)
    there = graph.labels[y * rows // height, x * columns // width]
    sampled = labels[np.arange(rows)[:, None] * height // rows, np.arange(columns) * width // columns].astype(np.int64)
    keys = [(sampled * graph.count + graph.labels).ravel(), np.arange(len(anywhere)) * graph.count + there]
    pairs = np.unique(np.concatenate(keys))
    return pairs // graph.count, pairs % graph.count


def _lightness(luma: Field) -> Field:
    """Return L, 0..100, of gray values 0..255."""
    return np.asarray(cv2.cvtColor(cv2.merge([luma / np.float32(255)] * 3), cv2.COLOR_RGB2LAB)[..., 0])


def _confidence(prepared: Prepared, graph: PatchGraph, demands: _Constraints) -> Field:
    """Return 1 for regions with a hint, less the further and the more unlike the nearest one, float32 (R,)."""
    from scipy import sparse
    from scipy.sparse.csgraph import dijkstra

    step = np.maximum(graph.unlike / CONFIDENCE_SCALE, np.hypot(*(graph.place[graph.a] - graph.place[graph.b]).T))
    ways = sparse.coo_array((step, (graph.a, graph.b)), shape=(graph.count, graph.count)).tocsr()
    cost = dijkstra(ways, directed=False, indices=demands.held, min_only=True)
    regions, patches = prepared.shared(graph)
    nearest = np.full(prepared.analysis.regions.count, np.inf)
    np.minimum.at(nearest, regions, cost[patches])
    return np.exp(-nearest).astype(np.float32)
