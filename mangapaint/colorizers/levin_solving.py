"""The system of equations behind ``levin``: what hints demand of a page's patches, solved and smoothed to pixels.

Levin, Lischinski, Weiss 2004 ("Colorization using Optimization"), on patches; hints that speak for places that look
like theirs after Luan et al. 2007 ("Natural image colorization").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.levin_affinity import PatchGraph, Values
from mangapaint.colorizers.working import to_lab
from mangapaint.document.page import Pixels

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
SWEEPS = 3
"""How often colour is smoothed from pixel to pixel: patches have ragged borders. Gains 0.05 dB."""

MOST_COLORS = 1 << 24
"""... that hints can have: patch and colour share one number."""
PLACES = ((slice(None), slice(None, -1)), (slice(None), slice(1, None)),
          (slice(None, -1), slice(None)), (slice(1, None), slice(None)))  # fmt: skip
"""All pixels that have one to the right, to the left, below, above."""

Field = NDArray[np.float32]
Spots = NDArray[np.intp]
"""Flat indices of working pixels."""


@dataclass(frozen=True, eq=False)
class Demands:
    """What the hints demand: the colours, CIELAB (n, 3), ``pinned`` pixels and theirs, ``held`` patches and theirs."""

    lab: Values
    pinned: Spots
    pinned_color: NDArray[np.intp]
    held: NDArray[np.intp]
    held_color: NDArray[np.intp]


def demands(graph: PatchGraph, owner: NDArray[np.intp], lab: Values, wanted: Collection[int]) -> Demands | None:
    """Return what hints demand; None where there are none.

    ``owner`` (h * w,) is the number of each pixel's colour, below 0 of none, ``lab`` the colours. ``wanted`` are pairs
    of a patch and a colour, as ``key`` makes them, that hints mean: others have only been strayed into.
    """
    pinned = np.flatnonzero(owner >= 0)
    if not len(pinned):
        return None
    pairs, pixels = np.unique(key(graph.labels.ravel()[pinned], owner[pinned]), return_counts=True)
    kept = np.isin(pairs, np.fromiter(wanted, np.int64, len(wanted)))
    if kept.any():
        pairs, pixels = pairs[kept], pixels[kept]
    order = np.lexsort((-pixels, pairs // MOST_COLORS))
    best = pairs[order][np.flatnonzero(np.diff(pairs[order] // MOST_COLORS, prepend=-1))]
    return Demands(lab, pinned, owner[pinned], best // MOST_COLORS, best % MOST_COLORS)


def key(patches: NDArray[np.integer], colors: NDArray[np.integer] | int) -> NDArray[np.int64]:
    """Return one number for each pair of a patch and a colour."""
    return np.asarray(patches * np.int64(MOST_COLORS) + colors, dtype=np.int64)


def meant(graph: PatchGraph, spots: Spots) -> NDArray[np.int64]:
    """Return the patches a hint means."""
    patches, pixels = np.unique(graph.labels.ravel()[spots], return_counts=True)
    most = np.minimum(pixels.max(initial=1), graph.area[patches])
    return patches[pixels >= MEANT_PART * most].astype(np.int64)


def pictured(graph: PatchGraph, hints: Pixels) -> Demands | None:
    """Return what a picture of hints demands, uint8 RGBA (h, w, 4) of the graph's size; None where it has none.

    Every patch of one colour in it is a hint of its own.
    """
    there = hints[..., 3] > 0
    packed = hints[..., :3].astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    colors, number = np.unique(packed[there], return_inverse=True)
    owner = np.full(there.size, -1, np.intp)
    owner[there.ravel()] = number.ravel()
    rgb = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1).astype(np.uint8)
    lab = np.asarray(to_lab(rgb[None])[0], dtype=np.float64) if len(rgb) else np.zeros((0, 3))
    return demands(graph, owner, lab, _meant_by_each(graph, owner, there))


def _meant_by_each(graph: PatchGraph, owner: NDArray[np.intp], there: NDArray[np.bool_]) -> Collection[int]:
    """Return the pairs of a patch and a colour that the hints of a picture mean."""
    spots = np.flatnonzero(there)
    count, piece = cv2.connectedComponents(there.view(np.uint8), connectivity=8)
    hint = np.unique(owner[spots] * np.int64(count) + piece.ravel()[spots], return_inverse=True)[1].ravel()
    patch = graph.labels.ravel()[spots].astype(np.int64)
    pairs, first, pixels = np.unique(hint * np.int64(graph.count) + patch, return_index=True, return_counts=True)
    most = np.zeros(int(hint.max(initial=0)) + 1, np.int64)
    np.maximum.at(most, pairs // graph.count, pixels)
    enough = np.minimum(np.maximum(most[pairs // graph.count], 1), graph.area[pairs % graph.count])
    chosen = first[pixels >= MEANT_PART * enough]
    return set(key(patch[chosen], owner[spots][chosen]).tolist())


def solved(graph: PatchGraph, demands: Demands, *, edges: bool, texture: bool) -> Values:
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


def _drawn(graph: PatchGraph, demands: Demands) -> tuple[Values, Values]:
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


def smoothed(graph: PatchGraph, demands: Demands, found: Values) -> Field:
    """Lay the patches' colours out and smooth them between pixels of like luminance; hints stay as they are.

    ``found`` is (n, c), the last c of L,a,b; float32 (h, w, 3), L left at 0 where it is not among them.
    """
    lab = np.zeros((*graph.luma.shape, 3), np.float32)
    pinned = demands.lab[demands.pinned_color].astype(np.float32)
    for channel in range(3 - found.shape[1], 3):
        plane = found[:, channel - 3].astype(np.float32)[graph.labels]
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
