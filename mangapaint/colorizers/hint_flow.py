"""Hints as a network takes them: laid on a coarse grid, and carried from there to every place they reach first.

The geodesic distance of Yatziv and Sapiro 2006 ("Fast image and video colorization using chrominance blending"), on
cells of 4 x 4 pixels: a step costs what the luminance changes on it, so colour flows far over even ground and stops at
lines. Each cell takes the colour of the hint that reaches it first, and knows how near that is. Beside
that, what ``levin`` spreads from the hints, pixel by pixel: better where there are many, or soft shades.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers import levin_solving
from mangapaint.colorizers.levin_affinity import PatchGraph, patch_graph
from mangapaint.colorizers.working import lightness, to_lab
from mangapaint.document.page import Pixels

if TYPE_CHECKING:
    from scipy.sparse import csr_array

CELL = 4
"""Pixels of a cell's side."""
STEP = 0.05
"""What a step to the next cell costs on even ground; ..."""
SLOPE = 6.0
"""... one over so many units of L costs 1 more, and ..."""
REACH = 3.0
"""... a cell so far away is near to 1/e."""
TOKENS = 128
"""Cells that speak for all hints; each patch of one colour has at least one where there are so many at all."""
AB_SCALE, LIGHT_SCALE = 110.0, 100.0
"""a,b and L are divided by these, so that all that a network sees is about 1 at most."""
SCALE = np.array([LIGHT_SCALE, AB_SCALE, AB_SCALE], np.float32)
"""... L, a and b together."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class HintFlow:
    """Hints on the cells of a page.

    ``given`` is float32 (4, h, w): L, a, b of the hints in a cell (scaled to about 1) and the part of it that they
    cover; ``flow`` the same of the hint that is nearest, and how near (0..1, 0 without any hint), ``source`` int32
    (h, w) that hint's cell, -1 without any. ``tokens`` is int64 (TOKENS,), flat numbers of cells that speak for all, -1
    where there are fewer. ``spread`` is float32 (h, w, 3) of the page's own size, CIELAB by levin; 0 without any hint.
    """

    given: Field
    flow: Field
    tokens: NDArray[np.int64]
    source: NDArray[np.int32]
    spread: Field

    @property
    def halved(self) -> Field:
        """``spread`` at half its size, rounded up, scaled like ``given``: float32 (3, h / 2, w / 2)."""
        height, width = self.spread.shape[:2]
        even = cv2.copyMakeBorder(self.spread, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        half = cv2.resize(even, (even.shape[1] // 2, even.shape[0] // 2), interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray((half / SCALE).transpose(2, 0, 1), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Ground:
    """A page as hints flow over it: the graph of its cells, with what a step from one to the next costs, and that of
    its patches, on which levin spreads them; these may be those of a finer picture of the same."""

    graph: csr_array
    patches: PatchGraph

    @classmethod
    def of(cls, page: Pixels, fine: Pixels | None = None) -> Ground:
        """Make a page ready, uint8 (h, w); ``fine`` is the same picture of another size, if levin is to see more."""
        return cls(_graph(_light(page)), patch_graph(page if fine is None else fine, pattern=False))


def hint_flow(ground: Ground, hints: Pixels, fine: Pixels | None = None, *, spread: bool = True) -> HintFlow:
    """Lay hints, uint8 RGBA (h, w, 4) with alpha 0 or 255, on a page of the same size.

    ``fine`` are the same hints on a larger picture of it, if there are any. Without ``spread`` levin does not spread
    them, which takes most of the time.
    """
    given = laid(hints)
    height, width = given.shape[1:]
    flow, tokens = np.zeros((4, height, width), np.float32), np.full(TOKENS, -1, np.int64)
    source = np.full((height, width), -1, np.int32)
    covered = np.flatnonzero(given[3] > 0)
    if len(covered):
        nearest, distance = _nearest(ground, covered)
        source[:] = nearest.reshape(height, width)
        flow[:3] = given[:3].reshape(3, -1)[:, source]
        flow[3] = np.exp(distance.reshape(height, width) / -REACH)
        chosen = _spread(given, covered)
        tokens[: len(chosen)] = chosen
    wanted = None
    if spread:
        there = ground.patches.labels.shape[0], ground.patches.labels.shape[1]
        wanted = levin_solving.pictured(ground.patches, resized(hints if fine is None else fine, there))
    return HintFlow(given, flow, tokens, source, _spread_by_levin(ground, wanted, hints.shape))


def resized(hints: Pixels, size: tuple[int, int]) -> Pixels:
    """Return hints, uint8 RGBA (h, w, 4), at another size (height, width); none is lost where pixels become one."""
    out = np.zeros((*size, 4), np.uint8)
    y, x = np.nonzero(hints[..., 3])
    out[y * size[0] // hints.shape[0], x * size[1] // hints.shape[1]] = hints[y, x]
    return out


def _spread_by_levin(ground: Ground, wanted: levin_solving.Demands | None, shape: tuple[int, ...]) -> Field:
    """Return what levin makes of what hints demand, CIELAB float32 (h, w, 3) of a ``shape``; 0 without any."""
    (height, width), (rows, columns) = shape[:2], ground.patches.labels.shape
    if wanted is None:
        return np.zeros((height, width, 3), np.float32)
    found = levin_solving.solved(ground.patches, wanted, edges=True, texture=True)
    lab = levin_solving.smoothed(ground.patches, wanted, found)
    if (rows, columns) == (height, width):
        return lab
    larger = height > rows or width > columns
    return cv2.resize(lab, (width, height), interpolation=cv2.INTER_LINEAR if larger else cv2.INTER_AREA)


def laid(hints: Pixels) -> Field:
    """Return the mean colour and the cover of the hints in each cell, float32 (4, h / 4, w / 4), rounded up."""
    bordered = whole_cells(hints, cv2.BORDER_CONSTANT)
    alpha = (bordered[..., 3] > 0).astype(np.float32)
    size = bordered.shape[1] // CELL, bordered.shape[0] // CELL
    cover = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    color = cv2.resize(bordered[..., :3].astype(np.float32) * alpha[..., None], size, interpolation=cv2.INTER_AREA)
    mean = color / np.maximum(cover, 1e-6)[..., None]
    lab = to_lab(np.rint(np.clip(mean, 0, 255)).astype(np.uint8)) / SCALE
    return np.ascontiguousarray(np.dstack([lab * (cover > 0)[..., None], cover]).transpose(2, 0, 1), dtype=np.float32)


def _light(page: Pixels) -> Field:
    """Return the L of each cell: its darkest pixel counts as much as its mean, so that a thin line is not lost."""
    whole = lightness(whole_cells(page, cv2.BORDER_REPLICATE))
    rows, columns = whole.shape[0] // CELL, whole.shape[1] // CELL
    cells = whole.reshape(rows, CELL, columns, CELL)
    return np.asarray((cells.mean(axis=(1, 3)) + cells.min(axis=(1, 3))) / 2, dtype=np.float32)


def whole_cells(layers: Any, border: int) -> Any:
    """Return a picture (h, w) or (h, w, c), and below and to the right as much border as makes its cells whole."""
    down, right = -layers.shape[0] % CELL, -layers.shape[1] % CELL
    return cv2.copyMakeBorder(layers, 0, down, 0, right, border, value=(0, 0, 0, 0))


def _graph(light: Field) -> csr_array:
    """Return what a step from each cell to each of its neighbours costs."""
    from scipy.sparse import coo_array

    index = np.arange(light.size, dtype=np.int32).reshape(light.shape)
    steps = (
        (np.s_[:, :-1], np.s_[:, 1:], 1.0),
        (np.s_[:-1], np.s_[1:], 1.0),
        (np.s_[:-1, :-1], np.s_[1:, 1:], 2**0.5),
        (np.s_[1:, :-1], np.s_[:-1, 1:], 2**0.5),
    )
    costs = np.concatenate([(STEP * far + np.abs(light[a] - light[b]) / SLOPE).ravel() for a, b, far in steps])
    rows = np.concatenate([index[a].ravel() for a, _, _ in steps])
    columns = np.concatenate([index[b].ravel() for _, b, _ in steps])
    return coo_array((costs, (rows, columns)), shape=(light.size, light.size)).tocsr()


def _nearest(ground: Ground, sources: NDArray[np.intp]) -> tuple[NDArray[np.intp], Field]:
    """Return the source that is nearest to each cell, (n,), and how far it is, float32 (n,)."""
    from scipy.sparse.csgraph import dijkstra

    found, _, source = dijkstra(ground.graph, directed=False, indices=sources, return_predecessors=True, min_only=True)
    return np.asarray(source, dtype=np.intp), np.asarray(found, dtype=np.float32)


def _spread(given: Field, covered: NDArray[np.intp]) -> NDArray[np.int64]:
    """Choose cells that speak for all: of every patch of one colour one, then others spread evenly over the rest."""
    if len(covered) <= TOKENS:
        return covered.astype(np.int64)
    coarse = np.rint(given[:3] * 20).astype(np.int64)
    patches = np.zeros(given.shape[1:], np.int32)
    _, connected = cv2.connectedComponents((given[3] > 0).astype(np.uint8), patches, connectivity=8)
    key = ((connected * 64 + coarse[0] + 32) * 64 + coarse[1] + 32) * 64 + coarse[2] + 32
    _, first = np.unique(key.ravel()[covered], return_index=True)
    order = np.random.default_rng(0).permutation(len(covered))
    chosen = list(dict.fromkeys([*np.random.default_rng(1).permutation(first)[:TOKENS].tolist(), *order.tolist()]))
    return np.sort(covered[np.array(chosen[:TOKENS])]).astype(np.int64)
