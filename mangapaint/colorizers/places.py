"""Where in the references each region's colours were found: the matches an artist may look at, take over or pin."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.commonest import commonest
from mangapaint.analysis.labels import nearest
from mangapaint.colorizers.matching import Find
from mangapaint.colorizers.method import Matches
from mangapaint.colorizers.sights import Sight
from mangapaint.colorizers.voting import labelled, palette
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

BEST = 4
"""Matches that are kept of each region."""
SMALLEST_AREA = 12
"""Working pixels; smaller areas of a reference belong to what surrounds them."""
AREA_COLORS, AREA_ROUNDS = 24, (12, 0.5)
"""Of an area's colours: how many at most, and k-means' rounds and least step."""
SPARSE = 4
"""Only each so many-th fine pixel is counted: regions are larger."""
LEAST_WEIGHT = 1e-3
LEAST_SHARE = 0.04
"""Of a region's votes; what has fewer is no suggestion."""

Labels = NDArray[np.int32]


def matches(analysis: PageAnalysis, parts: Sequence[tuple[Rect, Sequence[Find]]],
            references: Sequence[Sight]) -> Matches:  # fmt: skip
    """Gather what was found for the parts of a page by its regions and the areas of the references."""
    areas = tuple(areas_of(reference) for reference in references)
    starts = np.cumsum([0, *(int(area.max()) + 1 for area in areas)])
    votes = [_votes(analysis, rect, find, areas, starts) for rect, finds in parts for find in finds]
    region, area, weight, lab, at = (np.concatenate([vote[i] for vote in votes]) for i in range(5))
    return _ranked(analysis.regions.count, (region, area, weight, lab, at), starts, areas)


def areas_of(reference: Sight) -> Labels:
    """Divide a reference into its areas of one colour, int32 (h, w) at the working size, from 0."""
    assert reference.lab is not None
    height, width = reference.light.shape
    lab = cv2.resize(reference.lab, (width, height), interpolation=cv2.INTER_AREA)
    smooth = np.dstack([cv2.medianBlur(np.ascontiguousarray(lab[..., i]), 5) for i in range(3)])
    colors = palette(smooth.reshape(-1, 3), light=1.0, most=AREA_COLORS, rounds=AREA_ROUNDS)
    names = labelled(smooth.reshape(-1, 3), colors, light=1.0).reshape(height, width)
    return _connected(names.astype(np.uint8))


def _connected(names: NDArray[np.uint8]) -> Labels:
    """Number the connected areas of one name; small ones join what is nearest."""
    areas, count = np.zeros(names.shape, np.int32), 0
    for name in np.unique(names):
        found, pieces, stats, _ = cv2.connectedComponentsWithStats((names == name).view(np.uint8), connectivity=4)
        kept = stats[:found, cv2.CC_STAT_AREA] >= SMALLEST_AREA
        kept[0] = False
        numbers = np.where(kept, count + np.cumsum(kept), 0).astype(np.int32)
        areas += numbers[pieces]
        count += int(kept.sum())
    return nearest(areas) - 1 if count else np.zeros_like(areas)


_Votes = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float32], NDArray[np.float32]]
"""Of each vote: region, area (counted through all references), weight, CIELAB, and x and y in the reference."""


def _votes(analysis: PageAnalysis, rect: Rect, find: Find, areas: Sequence[Labels],
           starts: NDArray[np.int64]) -> _Votes:  # fmt: skip
    """Return a find's votes as rows; the places without weight are left out."""
    proposal = find.proposal
    fine = (proposal.weight * proposal.sure)[proposal.row[::SPARSE, ::SPARSE]]
    y, x = np.nonzero(fine > LEAST_WEIGHT)
    row = proposal.row[::SPARSE, ::SPARSE][y, x]
    height, width = proposal.row.shape
    rows = rect.y0 + ((SPARSE * y + 0.5) * rect.height / height).astype(np.intp)
    columns = rect.x0 + ((SPARSE * x + 0.5) * rect.width / width).astype(np.intp)
    region = analysis.regions.labels[np.minimum(rows, rect.y1 - 1), np.minimum(columns, rect.x1 - 1)].astype(np.int64)
    at, number = np.clip(find.at[row], 0, 1), find.reference[row]
    area = np.zeros(len(y), np.int64)
    for item, labels in enumerate(areas):
        there = number == item
        size = np.array(labels.shape[::-1])
        place = np.minimum((at[there] * size).astype(np.intp), size - 1)
        area[there] = starts[item] + labels[place[:, 1], place[:, 0]]
    return region, area, fine[y, x].astype(np.float64), proposal.lab[row], at.astype(np.float32)


def _ranked(count: int, votes: _Votes, starts: NDArray[np.int64], areas: tuple[Labels, ...]) -> Matches:
    """Rank the areas that a region's votes name by their weight."""
    region, area, weight, lab, at = votes
    out = Matches(
        reference=np.full((count, BEST), -1, np.int16),
        at=np.zeros((count, BEST, 2), np.float32),
        color=np.full((count, BEST, 3), 255, np.uint8),
        confidence=np.zeros((count, BEST), np.float32),
        area=np.zeros((count, BEST), np.int32),
        areas=areas,
        used=np.zeros(count, bool),
    )
    if not len(region):
        return out
    span = int(starts[-1])
    keys, group = _grouped(region, area, count, span)
    total = np.bincount(group, weight, len(keys))
    whole = np.bincount(region, weight, count)
    rows, rank = _first(keys // span, total / whole[keys // span])
    place = keys[rows] // span, rank
    out.confidence[place] = total[rows] / whole[place[0]]
    colors = _shown(lab, group, len(keys))
    out.color[place] = colors[rows]
    out.at[place] = at[_typical(lab, weight, group, colors)[rows]]
    number = np.searchsorted(starts, keys[rows] % span, side="right") - 1
    out.reference[place] = number
    out.area[place] = keys[rows] % span - starts[number]
    return out


def _grouped(region: NDArray[np.int64], area: NDArray[np.int64], count: int,
             span: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:  # fmt: skip
    """Number the pairs of region and area that there are; return each, as region * span + area, and which a vote is.

    A table of all that there might be takes a tenth of the time that sorting the votes does.
    """
    regions, areas = (np.flatnonzero(np.bincount(values, minlength=1)) for values in (region, area))
    row, column = np.zeros(count, np.int64), np.zeros(span, np.int64)
    row[regions], column[areas] = np.arange(len(regions)), np.arange(len(areas))
    key = row[region] * len(areas) + column[area]
    there = np.zeros(len(regions) * len(areas), bool)
    there[key] = True
    found = np.flatnonzero(there)
    return regions[found // len(areas)] * span + areas[found % len(areas)], (np.cumsum(there, dtype=np.int64) - 1)[key]


def _first(owner: NDArray[np.int64], share: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows that are among the ``BEST`` of their owner (in order, 0..), and which of them each is."""
    rows = np.lexsort((-share, owner))
    rank = np.arange(len(rows)) - np.searchsorted(owner[rows], owner[rows])
    kept = (rank < BEST) & (share[rows] >= LEAST_SHARE)
    return rows[kept], rank[kept]


def _shown(lab: NDArray[np.float32], group: NDArray[np.intp], count: int) -> Pixels:
    """Return the commonest colour of each group of votes, uint8 (count, 3): lines that run through have no say."""
    rgb = np.clip(cv2.cvtColor(lab[None], cv2.COLOR_LAB2RGB)[0], 0, 1) * 255
    return commonest(np.rint(rgb).astype(np.uint8), group, count, fallback=np.zeros((count, 3), np.uint8))


def _typical(lab: NDArray[np.float32], weight: NDArray[np.float64], group: NDArray[np.intp],
             colors: Pixels) -> NDArray[np.intp]:  # fmt: skip
    """Return of each group the vote that stands for it: heavy, and of the group's own colour."""
    own = cv2.cvtColor(colors[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    order = np.argsort(weight / (1 + np.linalg.norm(lab - own[group], axis=1)), kind="stable")
    out = np.zeros(len(colors), np.intp)
    out[group[order]] = order  # the last of each group is its best
    return out
