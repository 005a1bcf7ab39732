"""The method ``propagation``: hints flow over the page's regions, at native size.

A hint colours the regions it lies in; other regions take the colour that reaches them over the cheapest way across
the region graph, where crossing ink costs. On line art the way is short, so that areas nobody has decided about stay
bare; on gray pages every region is reached. A region with hints of several colours is divided between them by
a flood from the hints that never leaves the region. Kin to LazyBrush (Sykora, Dingliana, Collins 2009) and to the
colorization of line art in G'MIC (Fourey, Tschumperle, Revoy 2018), decided on regions instead of pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint, Vote, of_stroke, vote
from mangapaint.analysis.labels import nearest
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Split
from mangapaint.document.page import Color, Kind, Pixels, Reference
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Stroke
from mangapaint.progress import Progress

SPLIT_PIXELS = 250_000
"""Working size of the flood that divides one region between several colours."""
MOST_COLORS = 65_000
"""... which one region can hold; further ones count as the last."""
WALL = 1 << 20
REACH = 1.2
"""How far colour flows on line art: into what is mostly enclosed by it, but not across a second line. Measured on 65
line drawings with 10 to 100 random dots: unlimited reach gains 0.1 to 0.5 points and paints a fox with the sea."""

Index = NDArray[np.uint16]
Numbers = NDArray[np.uint8] | NDArray[np.uint16]
"""The number of a region's colour for each pixel; 8 bits where they suffice."""


@dataclass(eq=False)
class Prepared:
    """A page made ready, and what was worked out for strokes and divided regions seen before."""

    analysis: PageAnalysis
    votes: dict[Stroke | Hint, Vote | None] = field(default_factory=dict)
    splits: dict[tuple[int, tuple[Hint, ...]], tuple[Rect, Numbers]] = field(default_factory=dict)
    frames: dict[int, _Frame] = field(default_factory=dict)


class Propagation:
    """Hints flow over the page's regions."""

    info = MethodInfo(
        id="propagation",
        title="Flow from hints",
        source="kin to Sykora et al. 2009 (LazyBrush) and Fourey, Tschumperle, Revoy 2018",
        needs=frozenset({Need.HINTS}),
        kinds=frozenset(Kind),
    )

    def prepare(self, analysis: PageAnalysis, references: tuple[Reference, ...], progress: Progress) -> Prepared:
        """Keep the analysis; the region graph is part of it."""
        del references
        progress.check()
        return Prepared(analysis)

    def colorize(self, prepared: Prepared, request: ColorRequest, progress: Progress) -> Colorization:
        """Let the hints flow."""
        votes = _votes(prepared, request)
        progress.check()
        colors, seeds = _colors(votes)
        mixed = _hints_of_mixed_regions(votes)
        own = _own_colors(votes, seeds, prepared.analysis.regions.count)
        regions, confidence = _flow(prepared.analysis, own)
        progress.check()
        splits = tuple(_split(prepared, region, hints, seeds) for region, hints in sorted(mixed.items()))
        _forget(prepared, request, mixed)
        return Colorization(request.stamp, self.info.id, colors, regions, splits, confidence)


def _votes(prepared: Prepared, request: ColorRequest) -> list[Vote]:
    """Return every hint's vote, oldest first; each is worked out once."""
    height, width = prepared.analysis.gray.shape
    items: tuple[Stroke | Hint, ...] = (*request.hints, *request.strokes)
    for item in items:
        if item not in prepared.votes:
            hint = of_stroke(item, height, width) if isinstance(item, Stroke) else item
            prepared.votes[item] = None if hint is None else vote(hint, prepared.analysis)
    known = (prepared.votes[item] for item in items)
    return [found for found in known if found is not None]


def _forget(prepared: Prepared, request: ColorRequest, mixed: dict[int, tuple[Hint, ...]]) -> None:
    """Drop what was remembered for strokes that are gone, so that a day of drawing does not fill the memory."""
    if len(prepared.votes) > 2 * (len(request.strokes) + len(request.hints)) + 64:
        wanted = {*request.strokes, *request.hints}
        prepared.votes = {item: known for item, known in prepared.votes.items() if item in wanted}
    live = set(mixed.items())
    prepared.splits = {key: split for key, split in prepared.splits.items() if key in live}
    prepared.frames = {region: frame for region, frame in prepared.frames.items() if region in mixed}


def _colors(votes: list[Vote]) -> tuple[Pixels, dict[Color | None, int]]:
    """Number the hints' colours from 1; "keep uncoloured" is 0."""
    seeds: dict[Color | None, int] = {None: 0}
    for found in votes:
        seeds.setdefault(found.hint.color, len(seeds))
    table = [(255, 255, 255), *(color for color in seeds if color is not None)]
    return np.array(table, np.uint8), seeds


def _hints_of_mixed_regions(votes: list[Vote]) -> dict[int, tuple[Hint, ...]]:
    """Return the regions that hold hints of more than one colour, with these hints, oldest first."""
    held: dict[int, list[Hint]] = {}
    for found in votes:
        for region in found.regions.tolist():
            held.setdefault(region, []).append(found.hint)
    return {region: tuple(hints) for region, hints in held.items() if len({hint.color for hint in hints}) > 1}


def _own_colors(votes: list[Vote], seeds: dict[Color | None, int], count: int) -> NDArray[np.int64]:
    """Return the colour index with most hint pixels in each region, -1 where there is no hint; int64 (count,)."""
    if not votes:
        return np.full(count, -1, np.int64)
    region = np.concatenate([found.regions for found in votes])
    color = np.concatenate([np.full(len(found.regions), seeds[found.hint.color]) for found in votes])
    keys, inverse = np.unique(region * len(seeds) + color, return_inverse=True)
    pixels = np.bincount(inverse, np.concatenate([found.pixels for found in votes]))
    order = np.argsort(pixels, kind="stable")
    own = np.full(count, -1, np.int64)
    own[keys[order] // len(seeds)] = keys[order] % len(seeds)
    return own


def _flow(analysis: PageAnalysis, own: NDArray[np.int64]) -> tuple[Index, NDArray[np.float32]]:
    """Give every region the colour whose way over the graph is cheapest; confidence falls with the way's cost."""
    sources = np.flatnonzero(own >= 0)
    if not len(sources):
        return np.zeros(len(own), np.uint16), np.zeros(len(own), np.float32)
    from scipy.sparse.csgraph import dijkstra  # slow to import; the list of methods must not wait for it

    reach = np.inf if analysis.kind.keeps_luminance else REACH
    cost, _, origin = dijkstra(
        analysis.regions.cost, indices=sources, min_only=True, return_predecessors=True, limit=reach
    )
    reached = np.isfinite(cost)
    index = np.where(reached, own[np.where(reached, origin, sources[0])], 0).astype(np.uint16)
    return index, np.where(reached, np.exp(-np.where(reached, cost, 0)), 0).astype(np.float32)


def _split(prepared: Prepared, region: int, hints: tuple[Hint, ...], seeds: dict[Color | None, int]) -> Split:
    """Divide a region between the colours of its hints."""
    key = region, hints
    if key not in prepared.splits:
        prepared.splits[key] = _divided(prepared, region, hints)
    rect, local = prepared.splits[key]
    names = np.array([seeds[color] for color in _distinct(hints)[:MOST_COLORS]], np.uint16)
    return Split(region, rect, local, names)


def _distinct(hints: tuple[Hint, ...]) -> list[Color | None]:
    return list(dict.fromkeys(hint.color for hint in hints))


_Laid = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Flat indices of a hint's pixels in a region's rectangle, at native size and at the flood's."""


@dataclass(frozen=True, eq=False)
class _Frame:
    """A region made ready for floods: where it is, and ``inside`` and ``relief`` (uint8 BGR) ``step`` times smaller.

    ``laid`` remembers which of its pixels a hint covers.
    """

    rect: Rect
    step: int
    inside: NDArray[np.bool_]
    relief: Pixels
    laid: dict[Hint, _Laid] = field(default_factory=dict)


def _frame(prepared: Prepared, region: int) -> _Frame:
    """Make a region ready for floods, once."""
    if region not in prepared.frames:
        analysis = prepared.analysis
        rect = analysis.regions.box(np.array([region]))
        inside = analysis.regions.labels[rect.slices] == region
        step = _step(inside.size)
        size = -(-rect.width // step), -(-rect.height // step)
        share = cv2.resize(_padded(inside.view(np.uint8) * 255, step), size, interpolation=cv2.INTER_AREA)
        gray = cv2.resize(_padded(analysis.gray[rect.slices], step), size, interpolation=cv2.INTER_AREA)
        prepared.frames[region] = _Frame(rect, step, share > 0, cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR))
    return prepared.frames[region]


def _step(pixels: int) -> int:
    """Return by how much, a power of two, an area is shrunk for the flood."""
    return 1 << max(0, int(np.ceil(np.log2(max(1.0, pixels / SPLIT_PIXELS)) / 2)))


def _padded(pixels: Pixels, step: int) -> Pixels:
    """Fill up rows and columns to a multiple of the step."""
    high, wide = -pixels.shape[0] % step, -pixels.shape[1] % step
    return np.asarray(cv2.copyMakeBorder(pixels, 0, high, 0, wide, cv2.BORDER_REPLICATE))


def _divided(prepared: Prepared, region: int, hints: tuple[Hint, ...]) -> tuple[Rect, Numbers]:
    """Flood a region from its hints; return its rectangle and, over it, the number of the colour, (h, w)."""
    frame = _frame(prepared, region)
    numbers = {color: number for number, color in enumerate(_distinct(hints))}
    seeds = np.zeros(frame.inside.shape, np.int32)
    laid = _all_laid(prepared.analysis, region, frame, hints)
    for hint, (_, small) in zip(hints, laid, strict=True):
        seeds.put(small, min(numbers[hint.color], MOST_COLORS - 1) + 1)
    grown = _enlarged(_flood(frame, seeds), (frame.rect.height, frame.rect.width))
    for hint, (native, _) in zip(hints, laid, strict=True):
        grown.put(native, min(numbers[hint.color], MOST_COLORS - 1))
    return frame.rect, grown


def _all_laid(analysis: PageAnalysis, region: int, frame: _Frame, hints: tuple[Hint, ...]) -> list[_Laid]:
    """Return where each hint lies in a region; worked out once for each, and forgotten with it."""
    if len(frame.laid) > 2 * len(hints) + 32:
        for gone in frame.laid.keys() - set(hints):
            del frame.laid[gone]
    for hint in hints:
        if hint not in frame.laid:
            frame.laid[hint] = _laid(analysis, region, frame, hint)
    return [frame.laid[hint] for hint in hints]


def _laid(analysis: PageAnalysis, region: int, frame: _Frame, hint: Hint) -> _Laid:
    y, x = np.nonzero(hint.mask & (analysis.regions.labels[hint.rect.slices] == region))
    y, x = y + (hint.rect.y0 - frame.rect.y0), x + (hint.rect.x0 - frame.rect.x0)
    small = (y // frame.step) * frame.inside.shape[1] + x // frame.step
    return y * frame.rect.width + x, np.unique(small)


def _flood(frame: _Frame, seeds: NDArray[np.int32]) -> Numbers:
    """Flood the inside from the seeds (1..n); 0..n-1. Even luma is flooded first, so edges hold it back."""
    markers = np.where(frame.inside, seeds, WALL)
    markers = cv2.copyMakeBorder(markers, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=WALL)
    relief = cv2.copyMakeBorder(frame.relief, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    flooded = cv2.watershed(relief, markers)[1:-1, 1:-1]
    known: Numbers = np.where((flooded > 0) & (flooded < WALL), flooded, 0).astype(np.uint16)
    if int(seeds.max()) < 256:
        known = known.astype(np.uint8)
    bordered = cv2.dilate(known, np.ones((3, 3), np.uint8))
    filled = np.where(known > 0, known, bordered)
    if ((filled == 0) & frame.inside).any():
        filled, _ = nearest(filled)
    return np.maximum(filled, 1) - 1


def _enlarged(small: Numbers, shape: tuple[int, ...]) -> Numbers:
    """Bring the division to native size by doubling; a median between two doublings rounds the steps off its borders.

    The last doubling is left as it is: steps of two pixels are not seen at 300 dpi, and its median would cost as much
    as everything else.
    """
    while small.shape[0] < shape[0] or small.shape[1] < shape[1]:
        size = 2 * small.shape[1], 2 * small.shape[0]
        small = cv2.resize(cv2.medianBlur(small, 5), size, interpolation=cv2.INTER_NEAREST)
    return cast(Numbers, np.ascontiguousarray(small[: shape[0], : shape[1]]))
