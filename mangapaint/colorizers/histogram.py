"""The method ``histogram``: ranges of gray take the mean colour of the reference's ranges that answer to them.

Liu, Zhang 2012 ("Automatic grayscale image colorization using histogram regression"). The luminance histograms of page
and reference are smoothed by locally weighted linear regression; where the slope is zero, at peaks and valleys, they
are cut into ranges; zero points are paired in order, and those without a partner are dropped.

What the source leaves open: several references make one histogram, each with the same weight. Histograms of drawings
are a few spikes and next to nothing between, so the root of the counts is regressed. Pairing is an alignment of least
cost: a pair costs by how far apart and how unlike in height its two are, a dropped zero point by how much it stands
out. Every gray value takes the mean colour of the range that answers to its own or, as an option, the weighted mean
about the value that answers to it, counted evenly from one zero point to the next. On 21 pairs the latter gains 5
points of chroma accuracy (.59 and .54) and 0.4 dB (28.6 and 28.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.fusing import Fusion, of_picture
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.colorizers.working import Example, example, page_gray, painted
from mangapaint.document.page import Kind
from mangapaint.progress import Progress

WORKING_SIDE = 1024
"""Pixels on the long side at which histograms are taken and colours laid out."""
BANDWIDTH = 3.0
"""Gray levels: deviation of the Gaussian that weights what a level's regression sees. From 4 on peaks run together:
on 21 pages 4 and 6 lose 5 and 7 points of chroma accuracy against 3."""
LEVEL_COST = 1 / 48
"""What a gray level's distance between two paired zero points costs, against heights of at most 1. Of 1/12,
1/24 and 1/48 this holds best when a page is darker or lighter than its reference."""
DROP_COST = 0.3
"""What it costs to drop any zero point, beside how much it stands out."""
WEIGHT_WIDTH = 3.0
"""Gray levels: deviation of the Gaussian about the level that a gray value answers to."""
FAR_WIDTH, FAR_SHARE = 32.0, 1e-4
"""... and of the one that speaks, this softly, where no pixel of the references is as near as that."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class ZeroPoint:
    """A level, 0..255, at which a smoothed histogram is flat, its height there (0..1), and whether it is a peak.

    ``stands_out`` is by how much it differs from the nearer in height of its two neighbours.
    """

    level: float
    height: float
    peak: bool
    stands_out: float


def regression(values: Values, bandwidth: float) -> tuple[Values, Values]:
    """Return value and slope of the locally weighted line through ``values``, (n,), at each of 0..n-1."""
    at = np.arange(len(values), dtype=np.float64)
    away = at[None] - at[:, None]
    weight = np.exp(-((away / bandwidth) ** 2) / 2)
    total, first, second = weight.sum(axis=1), (weight * away).sum(axis=1), (weight * away**2).sum(axis=1)
    mean, moment = weight @ values, (weight * away) @ values
    scale = total * second - first**2
    return (second * mean - first * moment) / scale, (total * moment - first * mean) / scale


def zero_points(counts: Values, bandwidth: float = BANDWIDTH) -> list[ZeroPoint]:
    """Return the peaks and valleys of a histogram, (256,), in order."""
    smooth, slope = regression(np.sqrt(counts / max(counts.max(), 1e-12)), bandwidth)
    rising = slope > 0
    turns = np.flatnonzero(rising[1:] != rising[:-1])
    levels = turns + slope[turns] / (slope[turns] - slope[turns + 1])
    heights = np.interp(levels, np.arange(len(counts)), smooth)
    beside = np.concatenate([smooth[:1], heights, smooth[-1:]])
    steps = np.abs(np.diff(beside))
    stands_out = np.minimum(steps[:-1], steps[1:])
    rows = zip(levels.tolist(), heights.tolist(), rising[turns].tolist(), stands_out.tolist(), strict=True)
    return [ZeroPoint(*row) for row in rows]


def paired(page: list[ZeroPoint], reference: list[ZeroPoint]) -> list[tuple[ZeroPoint, ZeroPoint]]:
    """Pair the zero points of two histograms in order, peaks with peaks, at the least cost; others are dropped."""
    drops = [np.cumsum([0.0, *(DROP_COST + point.stands_out for point in points)]) for points in (page, reference)]
    cost = np.add.outer(*drops)
    came = np.zeros(cost.shape, np.int8)
    came[0] = 2
    for i, own in enumerate(page, 1):
        for j, other in enumerate(reference, 1):
            ways = (
                cost[i - 1, j - 1] + _unlike(own, other),
                cost[i - 1, j] + DROP_COST + own.stands_out,
                cost[i, j - 1] + DROP_COST + other.stands_out,
            )
            came[i, j] = int(np.argmin(ways))
            cost[i, j] = ways[came[i, j]]
    return _traced(came, page, reference)


def _unlike(own: ZeroPoint, other: ZeroPoint) -> float:
    if own.peak is not other.peak:
        return np.inf
    return LEVEL_COST * abs(own.level - other.level) + abs(own.height - other.height)


def _traced(came: NDArray[np.int8], page: list[ZeroPoint],
            reference: list[ZeroPoint]) -> list[tuple[ZeroPoint, ZeroPoint]]:  # fmt: skip
    """Follow the cheapest way back from the last zero points."""
    pairs, i, j = [], len(page), len(reference)
    while i and j:
        if came[i, j] == 0:
            pairs.append((page[i - 1], reference[j - 1]))
        i, j = i - (came[i, j] != 2), j - (came[i, j] != 1)
    return pairs[::-1]


@dataclass(frozen=True, eq=False)
class Histogram:
    """How much of a picture has each gray value, ``counts`` float64 (256,), together 1, and the sums of ``lab``.

    ``lab`` is float64 (256, 3): L, a, b summed over these pixels, in the same measure.
    """

    counts: Values
    lab: Values


def joint_histogram(examples: list[Example]) -> Histogram:
    """Return the histogram of several references, each with the same weight."""
    counts, sums = np.zeros(256), np.zeros((256, 3))
    for item in examples:
        gray, share = item.gray.ravel(), 1 / (item.gray.size * len(examples))
        counts += np.bincount(gray, minlength=256) * share
        sums += (
            np.stack([np.bincount(gray, plane.ravel(), 256) for plane in np.moveaxis(item.lab, 2, 0)], axis=1) * share
        )
    return Histogram(counts, sums)


def color_table(page: Values, reference: Histogram, *, weighted: bool) -> NDArray[np.float32]:
    """Return the colour of each gray value of a page, CIELAB, float32 (256, 3).

    ``page`` is how often it has each gray value, (256,).
    """
    pairs = paired(zero_points(page), zero_points(reference.counts))
    own = np.array([0.0, *(pair[0].level for pair in pairs), 255.0])
    other = np.array([0.0, *(pair[1].level for pair in pairs), 255.0])
    about = _about(reference, np.interp(np.arange(256), own, other))
    return (about if weighted else _by_range(reference, own, other, about)).astype(np.float32)


def _about(reference: Histogram, levels: Values) -> Values:
    """Return the weighted mean colour about each of some levels, (n, 3)."""
    away = levels[:, None] - np.arange(256)
    weight = np.exp(-((away / WEIGHT_WIDTH) ** 2) / 2) + FAR_SHARE * np.exp(-((away / FAR_WIDTH) ** 2) / 2) + 1e-12
    return (weight @ reference.lab) / (weight @ reference.counts)[:, None]


def _by_range(reference: Histogram, own: Values, other: Values, fallback: Values) -> Values:
    """Return the mean colour of the range that answers to each gray value's, (256, 3).

    ``own`` and ``other`` are where ranges begin and end; those without a pixel take the ``fallback``, (256, 3).
    """
    count = len(own) - 1
    mine, others = (np.clip(np.searchsorted(ends, np.arange(256), "right") - 1, 0, count - 1) for ends in (own, other))
    held = np.bincount(others, reference.counts, count)
    sums = np.stack([np.bincount(others, plane, count) for plane in reference.lab.T], axis=1)
    means = sums / np.maximum(held, 1e-12)[:, None]
    return np.where(held[mine, None] > 0, means[mine], fallback)


class HistogramRanges:
    """Ranges of gray take the colours of the reference's."""

    info = MethodInfo(
        id="histogram",
        title="Gray ranges of a reference",
        source="Liu, Zhang 2012 (histogram regression)",
        needs=frozenset({Need.REFERENCE}),
        kinds=frozenset({Kind.GRAY, Kind.COLORED, Kind.TONE}),
        options=(
            Option("within", "Within a range of gray", ("mean", "weighted"),
                   "Mean: one colour for each range. Weighted: colours change with the gray value.", prepares=True),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Fusion:
        """Colour the page by its gray values."""
        analysis = request.analysis
        gray = page_gray(analysis, WORKING_SIDE)
        progress.check()
        joint = joint_histogram([example(item, WORKING_SIDE) for item in request.references])
        progress.check()
        counts = np.bincount(gray.ravel(), minlength=256) / gray.size
        table = color_table(counts, joint, weighted=request.option(self.info, "within") == "weighted")
        return Fusion.of(request, of_picture(analysis, painted(analysis, gray, table[gray])), progress)

    def colorize(self, prepared: Fusion, request: ColorRequest, progress: Progress) -> Colorization:
        """Let hints overrule what the histograms say."""
        return prepared.colorized(request, self.info, progress)
