"""Votes on the colour of a picture's cells, decided together: neighbours that look alike decide alike.

Every working pixel proposes colours with a weight; the colours are gathered under the labels of a palette, and a random
walk over the cells' graph (Grady 2006), held by each cell's own votes, gives each the share of every label. One more
label stands for "not to be found in the references". The commonest label wins; it is never a mean of different ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.levin_affinity import PatchGraph

LIGHT_PART = 0.4
"""How much a step of L counts beside one of a,b when colours are gathered: shade moves L."""
COLORS, ROUNDS = 40, (20, 0.3)
"""Labels at most, and the rounds and least step of k-means."""
PALETTE_SAMPLE = 15_000
HOLD = 0.01
"""How strongly a pixel's vote of weight 1 holds its cell, against affinities of about 1."""
AKIN = 12.0
"""Labels whose a,b are nearer than this are shades of one colour and count together."""
OWN_PART = 0.05
"""Votes, in parts of a cell's pixels, at which the cell's own colours count as much as its label's."""
ALIKE = 6
"""How many cells of like looks each is tied to, wherever they lie..."""
ALIKE_WEIGHT = 0.01
"""... and how strongly, against affinities of about 1..."""
LOOK_STEP, TEXTURE_STEP, PLACE_STEP = 6.0, 20.0, 0.25
"""... when their luminance, texture and place (in parts of the diagonal) differ by less than these steps."""
SURELY, LEAST_PART = 1e-3, 1e-6
"""What is agreed less than this, or all but this, counts as so much, as does the number of a pixel's votes; and what is
added to the part of the picture that a cell is."""

Field = NDArray[np.float32]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Parts of a picture that take one colour each: ``labels`` int (h, w); ties between ``a`` and ``b`` (m,) of a
    ``weight`` (m,)."""

    labels: NDArray[np.integer]
    count: int
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: Values

    @cached_property
    def pixels(self) -> NDArray[np.intp]:
        """How many pixels each has, (n,)."""
        return np.bincount(self.labels.ravel(), minlength=self.count)

    @property
    def parts(self) -> Values:
        """What part of the picture each is, (n,)."""
        return self.pixels / self.labels.size


@dataclass(frozen=True, eq=False)
class Proposal:
    """A colour for each working pixel: ``lab`` float32 (n, 3), its ``weight`` float32 (n,) in votes of a pixel, and how
    much of that is ``sure``, float32 (n,), 0..1: the rest goes to "not to be found". ``row`` is int32 (h, w): which of
    the n each pixel proposes."""

    lab: Field
    weight: Field
    sure: Field
    row: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Decision:
    """Of each cell: its colour, float32 (n, 3) CIELAB, the share of the votes that agree with it, the share that says
    the references do not have it, and how many votes for colours its pixels have on the mean, float32 (n,) each."""

    lab: Field
    agreed: Field
    absent: Field
    votes: Field


def of_patches(graph: PatchGraph) -> Cells:
    """Return the cells of a gray picture: its patches of even luminance, tied to neighbours and to those alike."""
    from scipy.spatial import cKDTree

    looks = graph.looks / np.array([LOOK_STEP, *[TEXTURE_STEP] * (graph.looks.shape[1] - 1)])
    points = np.concatenate([looks, graph.place / PLACE_STEP], axis=1)
    count = min(ALIKE, graph.count - 1)
    a, b, weight = graph.a, graph.b, graph.weights(edges=True)
    if count > 0:
        apart, which = cKDTree(points).query(points, np.arange(2, count + 2))
        a = np.concatenate([a, np.repeat(np.arange(graph.count), count)])
        b = np.concatenate([b, np.asarray(which).ravel()])
        weight = np.concatenate([weight, ALIKE_WEIGHT * np.exp(-(np.asarray(apart).ravel() ** 2) / 2)])
    return Cells(graph.labels, graph.count, a, b, weight)


def of_regions(labels: NDArray[np.integer]) -> Cells:
    """Return the cells of line art: its regions, int (h, w), numbered anew; ink parts them, so none is tied."""
    _, inverse = np.unique(labels, return_inverse=True)
    none = np.zeros(0, np.int64)
    return Cells(inverse.reshape(labels.shape), int(inverse.max()) + 1, none, none, np.zeros(0))


def palette(lab: Field, *, light: float = LIGHT_PART, most: int = COLORS,
            rounds: tuple[int, float] = ROUNDS) -> Field:  # fmt: skip
    """Return the labels' colours, float32 (k, 3) CIELAB, of pictures' pixels (n, 3)."""
    sample = lab[:: max(1, len(lab) // PALETTE_SAMPLE)] * np.array([light, 1, 1], np.float32)
    sample = np.ascontiguousarray(sample if len(sample) > 1 else np.repeat(sample, 2, axis=0))
    count = min(most, len(np.unique(sample, axis=0)))
    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, *rounds)
    centers = cv2.kmeans(sample, count, np.zeros((0, 1), np.int32), ends, 1, cv2.KMEANS_PP_CENTERS)[2]
    return np.asarray(centers / np.array([light, 1, 1]), dtype=np.float32)


def labelled(lab: Field, colors: Field, *, light: float = LIGHT_PART) -> NDArray[np.intp]:
    """Return the nearest of the labels' colours for each pixel (n, 3), intp (n,)."""
    scale = np.array([light, 1, 1], np.float32)
    centers = colors * scale
    lengths = (centers * centers).sum(axis=1)
    parts = np.array_split(lab.reshape(-1, 3) * scale, max(1, lab.size // 100_000))
    return np.concatenate([(lengths - 2 * part @ centers.T).argmin(axis=1) for part in parts])


def akin_to(colors: Field, light: float) -> NDArray[np.bool_]:
    """Return which of the labels' colours (k, 3) are shades of one another, (k, k); in line art shades differ."""
    scaled = colors * np.array([light if light == 1 else 0, 1, 1], np.float32)
    return np.asarray(np.linalg.norm(scaled[:, None] - scaled[None], axis=2) < AKIN)


def decided(cells: Cells, proposals: Sequence[Proposal], colors: Field, *, light: float = LIGHT_PART) -> Decision:
    """Decide on the colour of every cell among the labels' ``colors``; ``light`` is what a step of L counts."""
    votes, sums, absent = _counted(cells, proposals, colors, light)
    shares = _walked(cells, np.column_stack([votes, absent]))
    near = akin_to(colors, light)
    akin = near[(shares[:, :-1] @ near).argmax(axis=1)]
    known = shares[:, :-1] * akin
    label = (known @ colors) / np.maximum(known.sum(axis=1), 1e-12)[:, None]
    own = (votes * akin).sum(axis=1)
    mean = (sums * akin[..., None]).sum(axis=1) / np.maximum(own, 1e-12)[:, None]
    area = cells.pixels
    part = (own / (own + OWN_PART * np.maximum(area, 1)))[:, None]
    lab = np.where(own[:, None] > 0, part * mean + (1 - part) * label, label)
    total = np.maximum(shares.sum(axis=1), 1e-12)
    return Decision(lab.astype(np.float32), (known.sum(axis=1) / total).astype(np.float32),
                    (shares[:, -1] / total).astype(np.float32),
                    (votes.sum(axis=1) / np.maximum(area, 1)).astype(np.float32))  # fmt: skip


def decided_signs(cells: Cells, decision: Decision) -> Field:
    """Return the signs that cells decided rightly, float32 (n, 7).

    The share of the votes that says the references do not have it; logarithms of the odds of the share that agrees, and
    of the part of the picture that the cell is; whether it reaches the border; the logarithm of its ``votes``; the
    share that agrees in all cells of the picture, on the mean; and the share that agrees in the cell.
    """
    part = cells.parts
    inside = np.clip(decision.agreed, SURELY, 1 - SURELY)
    at_border = np.zeros(cells.count)
    for side in (cells.labels[0], cells.labels[-1], cells.labels[:, 0], cells.labels[:, -1]):
        at_border[side] = 1
    counts = np.sqrt(part)
    agreeing = np.full(cells.count, (decision.agreed * counts).sum() / counts.sum())
    signs = [decision.absent, np.log(inside / (1 - inside)), np.log(part + LEAST_PART), at_border,
             np.log(decision.votes + SURELY), agreeing, decision.agreed]  # fmt: skip
    return np.stack(signs, axis=1).astype(np.float32)


def _counted(cells: Cells, proposals: Sequence[Proposal], colors: Field, light: float) -> tuple[Values, Values, Values]:
    """Count each cell's votes for every label, (n, k); the sum of the colours voted for, (n, k, 3); and for none."""
    count, labels = cells.count * len(colors), cells.labels.ravel().astype(np.int64)
    votes, sums, absent = np.zeros(count), np.zeros((count, 3)), np.zeros(cells.count)
    for item in proposals:
        row = item.row.ravel()
        key = labels * len(colors) + labelled(item.lab, colors, light=light)[row]
        sure = item.weight * item.sure
        votes += np.bincount(key, sure[row], count)
        for channel in range(3):
            sums[:, channel] += np.bincount(key, (sure * item.lab[:, channel])[row], count)
        absent += np.bincount(labels, (item.weight - sure)[row], cells.count)
    shape = cells.count, len(colors)
    return votes.reshape(shape), sums.reshape(*shape, 3), absent


def _walked(cells: Cells, votes: Values) -> Values:
    """Spread the votes over the graph, (n, k): one sparse symmetric system with a right-hand side for each label."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    both = np.concatenate([cells.a, cells.b]), np.concatenate([cells.b, cells.a])
    ties = sparse.coo_array((np.tile(cells.weight, 2), both), shape=(cells.count, cells.count)).tocsc()
    held = HOLD * votes.sum(axis=1) + 1e-6
    system = sparse.diags_array(np.asarray(ties.sum(axis=0)) + held).tocsc() - ties
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0, options={"SymmetricMode": True})
    return np.asarray(factors.solve(HOLD * votes))
