"""Finding, coarse to fine, the place in the references that each pixel of a page is like (for ``analogy``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.progress import Progress

LEVELS = 5
COLOR_SHARE = 0.3
"""How much a difference in a,b (in hundreds) counts beside one in gray (white 1)."""
KEPT_DIMENSIONS = 12
"""Principal components of the neighbourhoods that are compared; 98 percent of what there is to tell apart."""
LOOKED_UP = 16_000
"""Pixels of a level that are looked up one by one; the others begin with a neighbour's place."""
JUMPS = (8, 4, 2, 1, 1)
"""Pixels from which places are handed on, round after round."""
KAPPA = 25.0
"""Coherence: on the finest level a neighbour's place may fit worse by so many times. 0, 1, 5, 25: .673, .677, .685,
.690 of chroma accuracy."""

Field = NDArray[np.float32]
Places = NDArray[np.intp]
"""Of each pixel (h, w), a flat index into an atlas."""


@dataclass(frozen=True, eq=False)
class Pyramid:
    """A picture at ``LEVELS`` sizes, the coarsest first: ``gray`` (h, w, 1), white 1, and ``lab`` (h, w, 3), 0..1."""

    gray: list[Field]
    lab: list[Field]


@dataclass(frozen=True, eq=False)
class Level:
    """One size of the references, which lie below each other in an atlas ``width`` pixels wide, of n pixels.

    ``looks`` (n, d) is what a neighbourhood is like, ``around`` (n, c) the a,b next to each pixel, ``lab`` (n, 3) its
    colour; ``owner`` int16 (n,) the reference it belongs to, -1 where there is none. ``frames``, int (references, 3),
    are the first row of each, its height and its width.
    """

    width: int
    frames: NDArray[np.intp]
    looks: Field
    around: Field
    lab: Field
    owner: NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Found:
    """The places found for a page on one level, (h, w)."""

    level: Level
    places: Places

    @property
    def colors(self) -> Field:
        """What these places have, L, a, b in hundreds, (h, w, 3)."""
        return self.level.lab[self.places]


@dataclass(frozen=True, eq=False)
class Basis:
    """The axes along which neighbourhoods differ most: ``mean`` (d,), ``axes`` (d, k)."""

    mean: Field
    axes: Field

    @classmethod
    def of(cls, rows: Field) -> Basis:
        """Find the principal components of ``rows``, (n, d)."""
        mean = rows.mean(axis=0)
        centered = rows - mean
        _, axes = np.linalg.eigh(centered.T @ centered / len(rows))
        return cls(mean, np.ascontiguousarray(axes[:, ::-1][:, :KEPT_DIMENSIONS]))

    def along(self, field: Field) -> Field:
        """Return neighbourhoods (h, w, d) along the axes, (h * w, k)."""
        return np.asarray((field.reshape(-1, field.shape[2]) - self.mean) @ self.axes, dtype=np.float32)


def analogous(page: Field, references: list[tuple[Field, Field]], progress: Progress) -> Field:
    """Return the colours that answer to a page, float32 (h, w, 3).

    ``page`` is its gray, white 1, float32 (h, w); ``references`` are gray that agrees with it, (h, w), and colours,
    (h, w, 3), CIELAB in hundreds, as the result.
    """
    own = _pyramid(page)
    sources = [Pyramid(_pyramid(gray), _pyramid(lab)) for gray, lab in references]
    coarse: Found | None = None
    for at in range(LEVELS):
        progress.report(at / LEVELS, "Finding likenesses")
        coarse = _found(own, sources, at, coarse, progress)
    assert coarse is not None
    return coarse.colors


def _found(page: list[Field], sources: list[Pyramid], at: int, coarse: Found | None, progress: Progress) -> Found:
    """Find a place for each pixel of one level, given the ``coarse`` one's."""
    level, basis = _level(sources, at)
    looks = basis.along(_looks(page[at], (page[at - 1], coarse.colors[..., 1:]) if coarse else None))
    start = _looked_up(level, looks, page[at].shape)
    if coarse:
        start = _better(level, looks, start, _finer(coarse, level, page[at].shape))
    leeway = 1 + KAPPA * 2.0 ** (at + 1 - LEVELS)
    return Found(level, _coherent(level, looks, start, leeway, progress))


def _pyramid(picture: Field) -> list[Field]:
    """Return a picture, (h, w) or (h, w, c), at ``LEVELS`` sizes, halved again and again, the coarsest first."""
    levels = [picture.reshape(*picture.shape[:2], -1)]
    while len(levels) < LEVELS:
        height, width = levels[0].shape[:2]
        size = (width + 1) // 2, (height + 1) // 2
        half = cv2.resize(levels[0], size, interpolation=cv2.INTER_AREA)
        levels.insert(0, np.asarray(half, dtype=np.float32).reshape(size[1], size[0], -1))
    return levels


def _looks(gray: Field, before: tuple[Field, Field] | None) -> Field:
    """Return what the neighbourhood of each pixel is like, (h, w, d).

    That is 5x5 gray values and, from the coarser level ``before``, its gray (h, w, 1) and a,b (h, w, 2), 3x3 of each.
    """
    parts = [_neighbours(gray, 2)]
    if before is not None:
        coarse, ab = before
        parts += [_spread(_neighbours(plane, 1), gray.shape) for plane in (coarse, ab * np.float32(COLOR_SHARE))]
    return np.concatenate(parts, axis=2)


def _neighbours(planes: Field, radius: int) -> Field:
    """Return the values around each pixel side by side, (h, w, n * c), nearer ones with more weight."""
    height, width = planes.shape[:2]
    padded = np.pad(planes, ((radius, radius), (radius, radius), (0, 0)), mode="edge")
    steps = [(y, x) for y in range(2 * radius + 1) for x in range(2 * radius + 1)]
    shares = [np.exp(-((y - radius) ** 2 + (x - radius) ** 2) / radius**2) for y, x in steps]
    parts = [
        padded[y : y + height, x : x + width] * np.float32(share) for (y, x), share in zip(steps, shares, strict=True)
    ]
    return np.concatenate(parts, axis=2)


def _spread(planes: Field, shape: tuple[int, ...]) -> Field:
    """Return planes of a level at the size of the next finer one, each value twice as wide and high."""
    return planes[np.arange(shape[0]) // 2][:, np.arange(shape[1]) // 2]


def _level(sources: list[Pyramid], at: int) -> tuple[Level, Basis]:
    """Lay the references of one level out; the basis is that of what is to be seen in them."""
    before = [(item.gray[at - 1], item.lab[at - 1][..., 1:]) if at else None for item in sources]
    looks = [_looks(item.gray[at], coarse) for item, coarse in zip(sources, before, strict=True)]
    basis = Basis.of(np.concatenate([item.reshape(-1, item.shape[2]) for item in looks]))
    shapes = [item.gray[at].shape[:2] for item in sources]
    width = max(shape[1] for shape in shapes)
    tops = np.cumsum([0, *(shape[0] for shape in shapes[:-1])])
    seen = [basis.along(item).reshape(*shape, -1) for item, shape in zip(looks, shapes, strict=True)]
    around = [_around(item.lab[at]) for item in sources]
    owner = [np.full((*shape, 1), number, np.float32) for number, shape in enumerate(shapes, 1)]
    return Level(
        width,
        np.column_stack([tops, shapes]),
        _atlas(seen, width),
        _atlas(around, width),
        _atlas([item.lab[at] for item in sources], width),
        (_atlas(owner, width)[:, 0] - 1).astype(np.int16),
    ), basis


def _around(lab: Field) -> Field:
    """Return the a,b next to each pixel, (h, w, 18), with the weight they have beside gray."""
    return _neighbours(lab[..., 1:] * np.float32(COLOR_SHARE), 1)


def _atlas(planes: list[Field], width: int) -> Field:
    """Lay pictures (h, w, c) below each other, (n, c), zero beside those that are narrower than ``width``."""
    wide = [np.pad(plane, ((0, 0), (0, width - plane.shape[1]), (0, 0))) for plane in planes]
    return np.concatenate(wide).reshape(-1, planes[0].shape[2])


def _looked_up(level: Level, looks: Field, shape: tuple[int, ...]) -> Places:
    """Return the place that looks most like each pixel; between those that are looked up, as it goes on from there."""
    from scipy.spatial import cKDTree  # slow to import; the list of methods must not wait for it

    step = max(1, int(np.ceil((shape[0] * shape[1] / LOOKED_UP) ** 0.5)))
    rows, columns = np.arange(shape[0]), np.arange(shape[1])
    open_ = np.flatnonzero(level.owner >= 0)
    asked = (rows[::step, None] * shape[1] + columns[::step]).ravel()
    _, found = cKDTree(level.looks[open_]).query(looks[asked])
    grid = open_[found].reshape(len(rows[::step]), len(columns[::step]))
    return _moved(level, grid[rows // step][:, columns // step], (rows % step)[:, None], columns % step)


def _moved(level: Level, places: Places, down: NDArray[np.intp], right: NDArray[np.intp]) -> Places:
    """Return the places so far below and to the right of others, or these where no reference goes on as far."""
    moved, valid = _step(level, places, down, right)
    return np.where(valid, moved, places)


def _step(level: Level, places: Places, down: NDArray[np.intp],
          right: NDArray[np.intp]) -> tuple[Places, NDArray[np.bool_]]:  # fmt: skip
    """Return the places so far below and to the right of others, and whether they lie in the same reference."""
    column = places % level.width + right
    moved = places + down * level.width + right
    valid = (column >= 0) & (column < level.width) & (moved >= 0) & (moved < len(level.owner))
    moved = np.where(valid, moved, places)
    return moved, valid & (level.owner[moved] == level.owner[places])


def _finer(coarse: Found, level: Level, shape: tuple[int, ...]) -> Places:
    """Return the places of the coarser level on this one, (h, w)."""
    rows, columns = np.arange(shape[0]), np.arange(shape[1])
    places = coarse.places[rows // 2][:, columns // 2]
    owner = coarse.level.owner[places]
    above, (top, height, width) = coarse.level.frames[owner, 0], np.moveaxis(level.frames[owner], 2, 0)
    row = 2 * (places // coarse.level.width - above) + rows[:, None] % 2
    column = 2 * (places % coarse.level.width) + columns % 2
    return (top + np.minimum(row, height - 1)) * level.width + np.minimum(column, width - 1)


def _better(level: Level, looks: Field, places: Places, others: Places) -> Places:
    """Return, pixel by pixel, which of two places looks more like it; the first where they are equal."""
    return np.where(_misfit(level.looks, looks, others) < _misfit(level.looks, looks, places), others, places)


def _misfit(there: Field, here: Field, places: Places) -> Field:
    """Return the squared distances of what is there, (n, d), at some places from what is here, (h * w, d)."""
    apart = there[places.ravel()] - here
    return np.asarray(np.einsum("nd,nd->n", apart, apart), dtype=np.float32).reshape(places.shape)


def _coherent(level: Level, looks: Field, alike: Places, leeway: float, progress: Progress) -> Places:
    """Let neighbours hand on their places, as long as these fit at most ``leeway`` times as badly.

    ``alike`` is the place that looks most like each pixel, as far as it is known.
    """
    places = alike
    for jump in JUMPS:
        progress.check()
        around = _around(level.lab[places]).reshape(len(looks), -1)

        def misfit(at: Places, around: Field = around) -> Field:
            return _misfit(level.looks, looks, at) + _misfit(level.around, around, at)

        best, least = places, np.full(places.shape, np.inf, np.float32)
        for handed, valid in _handed_on(level, places, jump):
            fits = np.where(valid, misfit(handed), np.inf)
            best, least = np.where(fits < least, handed, best), np.minimum(fits, least)
        places = np.where(least <= leeway * misfit(alike), best, alike)
        alike = _better(level, looks, alike, best)
    return places


def _handed_on(level: Level, places: Places, jump: int) -> Iterator[tuple[Places, NDArray[np.bool_]]]:
    """Yield what each of eight neighbours, ``jump`` pixels away, hands on: a place, and whether there is one."""
    height, width = places.shape
    for down, right in ((y, x) for y in (-jump, 0, jump) for x in (-jump, 0, jump) if y or x):
        rows = np.clip(np.arange(height) + down, 0, height - 1)
        columns = np.clip(np.arange(width) + right, 0, width - 1)
        back = np.arange(height) - rows, np.arange(width) - columns
        yield _step(level, places[rows][:, columns], back[0][:, None], back[1])
