"""The method ``levin``: neighbours of similar luminance get similar colours, by sparse least squares from the hints.

Levin, Lischinski, Weiss 2004 ("Colorization using Optimization"), solved on a graph of patches (superpixels) in a few
hundredths of a second and smoothed from pixel to pixel afterwards (``levin_solving``). Options: edges that hold colour
back (Huang et al. 2005), hints that speak for all places that look like theirs (Luan et al. 2007), and pattern
continuity across screentone (Qu, Wong, Heng 2006). Measured beside propagation: soft shades and washes come nearer to
the truth.
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
from mangapaint.colorizers.levin_solving import Demands, Field, Spots, demands, key, meant, smoothed, solved
from mangapaint.colorizers.method import Blend, Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.document.page import Color, Kind
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke
from mangapaint.progress import Progress

CONFIDENCE_SCALE = 64.0
"""Steps of luminance over which confidence falls to 1/e; so it does over the page's diagonal."""


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
        wanted = _constraints(prepared, graph, request)
        blends: tuple[Blend, ...] = ()
        confidence = np.zeros(prepared.analysis.regions.count, np.float32)
        if wanted is not None:
            edges = request.option(self.info, "edges") == "adaptive"
            found = solved(graph, wanted, edges=edges, texture=request.option(self.info, "texture") == "on")
            progress.check()
            own = prepared.analysis.kind.keeps_luminance
            lab = smoothed(graph, wanted, found[:, 1:] if own else found)
            if own:
                lab[..., 0] = _lightness(graph.luma)
            blends = (Blend(None, Rect.whole(height, width), lab, spared=_spared(prepared, request)),)
            confidence = _confidence(prepared, graph, wanted)
        return Colorization(request.stamp, self.info.id, np.full((1, 3), 255, np.uint8),
                            np.zeros(len(confidence), np.uint16), (), confidence, blends)  # fmt: skip


def _constraints(prepared: Prepared, graph: PatchGraph, request: ColorRequest) -> Demands | None:
    """Lay the hints on the patches, newer ones over older ones; None where none lies on the page."""
    items: list[Stroke | Hint] = [
        *request.hints,
        *(stroke for stroke in request.strokes if stroke.purpose is not Purpose.FREE),
    ]
    laid = _laid(prepared, items, graph.labels.shape)
    numbers: dict[Color | None, int] = {}
    owner = np.full(graph.labels.size, -1, np.intp)
    wanted: set[int] = set()
    for item in items:
        number = numbers.setdefault(_color(item), len(numbers))
        owner[laid[item]] = number
        wanted.update(key(meant(graph, laid[item]), number).tolist())
    return demands(graph, owner, _colors(list(numbers)), wanted) if numbers else None


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


def _confidence(prepared: Prepared, graph: PatchGraph, wanted: Demands) -> Field:
    """Return 1 for regions with a hint, less the further and the more unlike the nearest one, float32 (R,)."""
    from scipy import sparse
    from scipy.sparse.csgraph import dijkstra

    step = np.maximum(graph.unlike / CONFIDENCE_SCALE, np.hypot(*(graph.place[graph.a] - graph.place[graph.b]).T))
    ways = sparse.coo_array((step, (graph.a, graph.b)), shape=(graph.count, graph.count)).tocsr()
    cost = dijkstra(ways, directed=False, indices=wanted.held, min_only=True)
    regions, patches = prepared.shared(graph)
    nearest = np.full(prepared.analysis.regions.count, np.inf)
    np.minimum.at(nearest, regions, cost[patches])
    return np.exp(-nearest).astype(np.float32)
