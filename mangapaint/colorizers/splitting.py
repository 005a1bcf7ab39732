"""Regions that hold hints of several colours: divided between them by a flood, or blended where colours are akin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint
from mangapaint.analysis.labels import nearest
from mangapaint.colorizers.method import Blend
from mangapaint.document.page import Color, Pixels
from mangapaint.document.rect import Rect

SPLIT_PIXELS = 120_000
"""Working size of the flood that divides one region between several colours."""
MOST_COLORS = 65_000
"""... which one region can hold; further ones count as the last."""
WALL = 1 << 20
AKIN = 18.0
"""CIELAB distance up to which two colours in one region are one gradient rather than two flats."""
MOST_BLENDED = 64
"""A region with more colours than this is no gradient."""
BLEND_PIXELS = 10_000
"""Working size of a blend: it is smooth, so few points tell all of it."""
SAMPLES = 12
"""Points that stand for one hint in a blend ..."""
APART = 6.0
"""... and page pixels within which those of one colour are one."""
LOST = 3.0
"""A hint so many times as far away as the nearest one adds nothing to a blend."""
AT_A_TIME = 32
"""Points laid into a blend at a time: what fits the processor's cache."""

Numbers = NDArray[np.uint8] | NDArray[np.uint16]
"""The number of a region's colour for each pixel; 8 bits where they suffice."""
_Laid = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Flat indices of a hint's pixels in a region's rectangle, at native size and at the flood's."""


@dataclass(frozen=True, eq=False)
class Parted:
    """A region divided: over ``rect``, each pixel's row of ``colors``; ``blends`` overrule whole rows."""

    rect: Rect
    index: Numbers
    colors: tuple[Color | None, ...]
    blends: tuple[Blend, ...]


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


@dataclass(eq=False)
class Splitter:
    """Divides regions of one page; what was worked out is kept as long as it holds."""

    analysis: PageAnalysis
    known: dict[tuple[int, tuple[Hint, ...], bool], Parted] = field(default_factory=dict)
    frames: dict[int, _Frame] = field(default_factory=dict)

    def parted(self, mixed: dict[int, tuple[Hint, ...]], *, soft: bool) -> dict[int, Parted]:
        """Divide regions between the colours of their hints, oldest first; ``soft`` blends colours that are akin."""
        keys = {region: (region, hints, soft) for region, hints in mixed.items()}
        self.known = {key: self.known.get(key) or self._divided(*key) for key in keys.values()}
        self.frames = {region: frame for region, frame in self.frames.items() if region in mixed}
        return {region: self.known[key] for region, key in keys.items()}

    def _frame(self, region: int) -> _Frame:
        """Make a region ready for floods, once."""
        if region not in self.frames:
            rect = self.analysis.regions.box(np.array([region]))
            inside = self.analysis.regions.labels[rect.slices] == region
            step = _step(inside.size)
            size = -(-rect.width // step), -(-rect.height // step)
            share = cv2.resize(_padded(inside.view(np.uint8) * 255, step), size, interpolation=cv2.INTER_AREA)
            gray = cv2.resize(_padded(self.analysis.gray[rect.slices], step), size, interpolation=cv2.INTER_AREA)
            self.frames[region] = _Frame(rect, step, share > 0, cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR))
        return self.frames[region]

    def _divided(self, region: int, hints: tuple[Hint, ...], soft: bool) -> Parted:
        """Flood a region from its hints.

        Rows of the result: first one for each family of akin colours, then, where families blend, one for each colour
        (the hints' own pixels keep theirs exactly). Colours are numbered by their value: where two floods meet, the
        numbers decide, and it must not matter in what order the hints were drawn.
        """
        frame = self._frame(region)
        colors = sorted({hint.color for hint in hints}, key=lambda color: color or ())[:MOST_COLORS]
        family = _families(colors) if soft and len(colors) <= MOST_BLENDED else np.arange(len(colors))
        row = {color: number for number, color in enumerate(colors)}
        of = [row.get(hint.color, len(colors) - 1) for hint in hints]
        laid = self._laid_all(region, frame, hints)
        seeds = np.zeros(frame.inside.shape, np.int32)
        _put(seeds, [small for _, small in laid], [int(family[number]) + 1 for number in of])
        grown = _enlarged(_flood(frame, seeds), (frame.rect.height, frame.rect.width))
        groups = int(family.max()) + 1
        exact = groups if groups < len(colors) else 0
        if exact and exact + len(colors) > 1 << 8:
            grown = grown.astype(np.uint16)
        _put(grown, [native for native, _ in laid], [exact + number for number in of])
        first = [colors[int(np.argmax(family == group))] for group in range(groups)]
        blends = []
        for group in np.flatnonzero(np.bincount(family) > 1).tolist():
            own = [(number, native) for number, (native, _) in zip(of, laid, strict=True) if family[number] == group]
            seen = [(number, native[grown.take(native) == exact + number]) for number, native in own]
            spots = [(number, at) for number, at in seen if len(at)]
            if spots:
                blends.append(Blend(region, frame.rect, _blended(frame.rect, colors, spots), row=group))
        return Parted(frame.rect, grown, (*first, *colors) if exact else tuple(first), tuple(blends))

    def _laid_all(self, region: int, frame: _Frame, hints: tuple[Hint, ...]) -> list[_Laid]:
        """Return where each hint lies in a region; worked out once for each, and forgotten with it."""
        if len(frame.laid) > 2 * len(hints) + 32:
            for gone in frame.laid.keys() - set(hints):
                del frame.laid[gone]
        for hint in hints:
            if hint not in frame.laid:
                frame.laid[hint] = _laid(self.analysis, region, frame, hint)
        return [frame.laid[hint] for hint in hints]


def _put(target: NDArray[Any], places: list[NDArray[np.intp]], values: list[int]) -> None:
    """Write values at flat indices, later ones over earlier ones."""
    target.put(np.concatenate(places), np.repeat(values, [len(place) for place in places]))


def _blended(rect: Rect, colors: list[Color | None], hints: list[tuple[int, NDArray[np.intp]]]) -> NDArray[np.float32]:
    """Blend colours over a rectangle, CIELAB float32 (h, w, 3): each point takes the mean of its hints, near ones more.

    Of each hint: the number of its colour, and the flat indices in the rectangle of those of its pixels that show.
    """
    part = min(1.0, (BLEND_PIXELS / rect.area) ** 0.5)
    wide, high = max(1, round(rect.width * part)), max(1, round(rect.height * part))
    some = [at[np.linspace(0, len(at) - 1, min(SAMPLES, len(at))).astype(int)] for _, at in hints]
    spots = np.concatenate([np.column_stack([at % rect.width, at // rect.width]) for at in some])
    numbers = np.repeat([number for number, _ in hints], [len(at) for at in some])
    at, found, counts = _gathered(spots, numbers, max(APART, rect.width / wide))
    values = np.column_stack([_lab([colors[number] for number in found.tolist()]), np.ones(len(found))])
    x = (np.arange(wide) + 0.5) * rect.width / wide
    y = (np.arange(high) + 0.5) * rect.height / high
    return _weighted(x, y, at, values * counts[:, None])


def _gathered(spots: NDArray[np.intp], numbers: NDArray[np.intp],
              side: float) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:  # fmt: skip
    """Let spots (N, 2) of one colour in one square be one; return their middles, colours, and how many they are."""
    keys = np.column_stack([np.floor(spots / side).astype(np.intp), numbers])
    found, which, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    middles = [np.bincount(which, spots[:, axis]) / counts for axis in (0, 1)]
    return np.column_stack(middles), found[:, 2], counts


def _weighted(x: NDArray[np.float64], y: NDArray[np.float64], spots: NDArray[np.float64],
              values: NDArray[np.float64]) -> NDArray[np.float32]:  # fmt: skip
    """Return the mean of values (N, 3), weighted by nearness to their spots (N, 2), at each place of a grid.

    A nearer spot outweighs one further away by the fourth power of the distance, and those ``LOST`` times as far as
    the nearest do not count, so that a new hint changes only its surroundings. ``values`` is (N, 4): each times how
    often it counts, and that number.
    """
    across = ((x[None] - spots[:, :1]) ** 2).astype(np.float32)
    down = ((y[None] - spots[:, 1:]) ** 2 + 1).astype(np.float32)
    some = [slice(start, start + AT_A_TIME) for start in range(0, len(spots), AT_A_TIME)]
    near = np.full((len(y), len(x)), np.inf, np.float32)
    for part in some:
        np.minimum(near, (down[part, :, None] + across[part, None]).min(axis=0), out=near)
    least = 1 / (LOST**2 * near) ** 2
    total = np.zeros((near.size, 4), np.float32)
    for part in some:
        square = down[part, :, None] + across[part, None]
        weight = np.maximum(1 / (square * square) - least, 0)
        total += weight.reshape(-1, near.size).T @ values[part].astype(np.float32)
    return np.asarray(total[:, :3] / total[:, 3:]).reshape(len(y), len(x), 3)


def _lab(colors: list[Color | None]) -> NDArray[np.float32]:
    """Return CIELAB of colours, float32 (N, 3)."""
    rgb = np.array([color or (255, 255, 255) for color in colors], np.float32)[None] / 255
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0], dtype=np.float32)


def _families(colors: list[Color | None]) -> NDArray[np.intp]:
    """Number the families of colours that lead to each other in akin steps; "keep uncoloured" is akin to none."""
    values = _lab(colors)
    bare = np.array([color is None for color in colors])
    family = np.arange(len(colors))
    for here in range(len(colors)):
        akin = (np.linalg.norm(values - values[here], axis=1) <= AKIN) & ~bare & (not bare[here])
        akin[here] = True
        family[np.isin(family, family[akin])] = family[akin].min()
    return np.unique(family, return_inverse=True)[1].astype(np.intp)


def _step(pixels: int) -> int:
    """Return by how much, a power of two, an area is shrunk for the flood."""
    return 1 << max(0, int(np.ceil(np.log2(max(1.0, pixels / SPLIT_PIXELS)) / 2)))


def _padded(pixels: Pixels, step: int) -> Pixels:
    """Fill up rows and columns to a multiple of the step."""
    high, wide = -pixels.shape[0] % step, -pixels.shape[1] % step
    return np.asarray(cv2.copyMakeBorder(pixels, 0, high, 0, wide, cv2.BORDER_REPLICATE))


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
        filled = nearest(filled)
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
