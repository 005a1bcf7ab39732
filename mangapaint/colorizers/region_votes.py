"""Regions decide what networks propose: each takes the one colour that most of it is likely of, or a hint's.

A network that knows a distribution proposes one for each place. Those of a region's places are added up; what then is
likeliest, a bin with its surroundings, is the region's colour, refined to the mean of what the network painted there.
Where a hint's colour is nearly as likely it is taken instead, exactly: an artist gives skin one colour, not two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.gamut import COUNT, bins
from mangapaint.colorizers.guesses import NEAR, Likely, around
from mangapaint.colorizers.working import to_lab
from mangapaint.document.page import Color, Pixels
from mangapaint.document.rect import Rect

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FINER = 4
"""So many samples are taken along each place's side."""
NEUTRAL, WHITE = 8.0, 90.0
"""Chroma up to which, and L down from which, a colour is a gray that says no more than that the network does not know:
such regions stay as they are, since on paper a gray is more of a claim than none."""
TAKEN = 0.5
"""A hint's colour is taken where it is so likely beside the likeliest one, ..."""
LIGHT_APART = 15.0
"""... a colour that many L lighter or darker than the network paints counting 0.6 of that."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Cells:
    """Which places of a part of the page belong to which regions: ``shares`` (R, h * w), how many samples each region
    has in each place; and each sample's ``region``, (m, n), ink left out as -1."""

    shares: csr_array
    region: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Votes:
    """What regions have decided: ``colors`` uint8 (R, 3), how likely each is, float32 (R,), 0 where nothing voted."""

    colors: Pixels
    chance: Field


def cells(analysis: PageAnalysis, rect: Rect, size: tuple[int, int]) -> Cells:
    """Find the regions of a part of the page whose places are ``size`` (h, w)."""
    from scipy.sparse import coo_array

    rows, columns = size[0] * FINER, size[1] * FINER
    y = rect.y0 + ((np.arange(rows) + 0.5) * rect.height / rows).astype(np.intp)
    x = rect.x0 + ((np.arange(columns) + 0.5) * rect.width / columns).astype(np.intp)
    region = analysis.regions.labels[np.ix_(y, x)].astype(np.int64)
    bare = ~analysis.ink[np.ix_(y, x)]
    place = (np.arange(rows) // FINER * size[1])[:, None] + np.arange(columns) // FINER
    owners, places, weights = region[bare], place[bare], np.ones(int(bare.sum()), np.float32)
    small = _unseen(analysis, rect, owners)
    x, y = _middles(analysis)[:, small]
    column, row = (x - rect.x0) * size[1] // rect.width, (y - rect.y0) * size[0] // rect.height
    index = np.concatenate([owners, small]), np.concatenate([places, row * size[1] + column])
    values = np.concatenate([weights, np.ones(len(small), np.float32)])
    shares = coo_array((values, index), shape=(analysis.regions.count, size[0] * size[1])).tocsr()
    return Cells(shares, np.where(bare, region, -1))


def _unseen(analysis: PageAnalysis, rect: Rect, seen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the regions with their middle in a part of the page that none of the samples lies in."""
    x, y = _middles(analysis)
    inside = (x >= rect.x0) & (x < rect.x1) & (y >= rect.y0) & (y < rect.y1)
    inside[seen] = False
    return np.flatnonzero(inside)


def _middles(analysis: PageAnalysis) -> NDArray[np.integer]:
    """Return x and y of the middle of each region's box, (2, R)."""
    return np.asarray((analysis.regions.boxes[:, :2] + analysis.regions.boxes[:, 2:]) // 2).T


def votes(count: int, parts: Sequence[tuple[Cells, Likely, Field]], hints: Sequence[Color] = ()) -> Votes:
    """Let ``count`` regions decide, from what is likely in each part and what was painted there, CIELAB (h, w, 3).

    ``hints`` are the colours that the artist has given.
    """
    total, weight = np.zeros((count, COUNT), np.float32), np.zeros(count, np.float32)
    for own, likely, _ in parts:
        total += own.shares @ likely.chances.reshape(-1, COUNT)
        weight += own.shares.sum(axis=1)
    chances = np.asarray(total / np.maximum(weight, np.float32(1e-6))[:, None], dtype=np.float32)
    masses = chances @ around()
    best = masses.argmax(axis=1)
    chance = masses[np.arange(count), best]
    middle = (chances * around()[best]) @ bins() / np.maximum(chance, np.float32(1e-9))[:, None]
    lab = _refined(middle, parts)
    colors = np.asarray(np.rint(np.clip(cv2.cvtColor(lab[None], cv2.COLOR_LAB2RGB)[0], 0, 1) * 255), dtype=np.uint8)
    known = (weight > 0) & ((np.hypot(lab[:, 1], lab[:, 2]) > NEUTRAL) | (lab[:, 0] > WHITE))
    if len(hints):
        colors, chance, taken = _with_hints(chances, lab, colors, chance, np.array(sorted(set(hints)), np.uint8))
        known |= taken & (weight > 0)
    return Votes(colors, np.where(known, chance, 0).astype(np.float32))


def _refined(wanted: Field, parts: Sequence[tuple[Cells, Likely, Field]]) -> Field:
    """Return the mean of what was painted in each region near its likeliest a,b (R, 2), CIELAB float32 (R, 3).

    Where nothing was, or no sample lies in a region, it is these a,b, as light as the region's places.
    """
    count = len(wanted)
    sums, near, light, lights = np.zeros((count, 3)), np.zeros(count), np.zeros(count), np.zeros(count)
    for own, likely, painted in parts:
        light += own.shares @ likely.light.ravel()
        lights += own.shares.sum(axis=1)
        small = cv2.resize(painted, own.region.shape[::-1], interpolation=cv2.INTER_LINEAR).reshape(-1, 3)
        region = own.region.ravel()
        there = region >= 0
        region, small = region[there], small[there]
        alike = np.linalg.norm(small[:, 1:] - wanted[region], axis=1) <= NEAR
        near += np.bincount(region[alike], minlength=count)
        sums += np.stack([np.bincount(region[alike], small[alike, at], count) for at in range(3)], axis=1)
    usual = np.concatenate([(light / np.maximum(lights, 1))[:, None], wanted], axis=1)
    return np.where(near[:, None] > 0, sums / np.maximum(near, 1)[:, None], usual).astype(np.float32)


def _with_hints(chances: Field, lab: Field, colors: Pixels, chance: Field,
                hints: Pixels) -> tuple[Pixels, Field, NDArray[np.bool_]]:  # fmt: skip
    """Give regions a hint's colour where that is nearly as likely as their own; return which have taken one, too."""
    given = to_lab(hints[None])[0]
    near = (np.linalg.norm(bins()[:, None] - given[None, :, 1:], axis=2) <= NEAR).astype(np.float32)
    likely = chances @ near
    apart = (lab[:, :1] - given[None, :, 0]) / LIGHT_APART
    scores = likely * np.exp(-np.square(apart) / 2)
    best = scores.argmax(axis=1)
    rows = np.arange(len(best))
    taken = scores[rows, best] >= TAKEN * chance
    return np.where(taken[:, None], hints[best], colors), np.where(taken, likely[rows, best], chance), taken
