"""A part of a page beside the references: for each place the colours found there, and how likely each is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.neighbours import NEAREST, descriptions, nearest
from mangapaint.colorizers.registration import Warp, warps
from mangapaint.colorizers.sights import Sight
from mangapaint.colorizers.voting import Proposal

REGISTERED_WEIGHT = 6.0
LIKE_WEIGHT, POINTED_WEIGHT = 0.3, 1.0
"""Votes of a working pixel for what it is registered with, for what looks like it, and for what it points at."""
EVEN_ODDS = {False: 0.5, True: 0.3}
"""A registered place that is no likelier right than this has no vote: of luminance, and of lines."""
SHARPNESS = 2.0
"""How quickly the weight of the next best places falls with their distance."""
OUTSIDE = -100.0
"""L of what lies beyond a reference's border."""
WORST = 30.0
"""Differences of L count up to this one."""

REGISTERED: dict[bool, tuple[float, ...]] = {
    False: (1.121, -0.068, -0.095, -0.162, 0.907, 1.292, 0.264, 0.03),
    True: (-1.834, -0.006, -0.027, -0.042, -0.009, 2.906, 0.299, -0.065),
}
"""What each sign (see ``registered_signs``) adds to the odds that a registered place is right, for luminance and for
lines; the constant first."""
LOOKS: dict[bool, tuple[float, ...]] = {
    False: (-1.442, -0.191, -0.287, -1.408, 0.011, -0.013, -0.033, 0.127),
    True: (-0.578, -0.081, 0.008, -1.347, -0.016, -0.053, 0.009, 0.0),
}
"""The same for places that look alike (see ``alike_signs``), ..."""
POINTED: dict[bool, tuple[float, ...]] = {
    False: (1.0, -1.0, -0.5, -0.5, -0.05, -0.05, -0.03, 0.0),
    True: (0.0, -1.0, -0.5, -0.5, -0.05, -0.05, 0.0, 0.0),
}
"""... and for those that a network points at."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Find:
    """What one way of looking found for a part of a page.

    ``proposal`` is its vote; ``reference`` int16 (n,), which reference each row of it is from; ``at`` float32 (n, 2), x
    and y there in parts of its size; ``exact`` whether colours may be taken over pixel by pixel.
    """

    proposal: Proposal
    reference: NDArray[np.int16]
    at: Field
    exact: bool


class Describer(Protocol):
    """Knows what the places of pictures are like, and which of others they point at; equal ones know the same."""

    def __hash__(self) -> int:
        """Return a number that is the same for equal ones."""

    def described(self, sight: Sight) -> Field:
        """Return a description of each place of a picture, float32 (h, w, d)."""

    def nearest(self, page: Field, others: Field, count: int) -> tuple[NDArray[np.intp], Field]:
        """Return for places (n, d) the indices of ``count`` others of (m, d), best first, and how far they are."""


@lru_cache(maxsize=6)
def found(page: Sight, references: tuple[Sight, ...], describer: Describer | None = None) -> tuple[Find, ...]:
    """Look for a part of a page in the references, in every way; the latest answers are remembered.

    Places that look alike are found by their own luminance, or by what a ``describer`` says of them.
    """
    registered = [find for number, item in enumerate(references) for find in _registered(page, item, number)]
    alike = _alike(page, references) if describer is None else _pointed(page, references, describer)
    return (*registered, *alike)


def _weights(table: dict[bool, tuple[float, ...]], page: Sight) -> Field:
    return np.array(table[page.lines], np.float32)


def _registered(page: Sight, reference: Sight, number: int) -> list[Find]:
    size = (page.light.shape[0], page.light.shape[1])
    found_there = reference.features, reference.mirrored
    all_of_them = warps(page.fine, page.features, reference.fine, found_there, size)
    return [_taken(page, reference, number, warp) for warp in all_of_them]


def _taken(page: Sight, reference: Sight, number: int, warp: Warp) -> Find:
    """Take the reference's colours over along a transform, at the fine size."""
    assert reference.lab is not None
    light = _along(_compared(reference), warp.at, warp.scale)
    likely = likelihood(page.light, light, warp.pairs, _weights(REGISTERED, page))
    weight = REGISTERED_WEIGHT * np.clip((likely - EVEN_ODDS[page.lines]) / (1 - EVEN_ODDS[page.lines]), 0, 1) ** 2
    height, width = page.fine.shape
    at = cv2.resize(warp.at, (width, height), interpolation=cv2.INTER_LINEAR)
    lab = _along(reference.lab, at, warp.scale * warp.at.shape[1] / width).reshape(-1, 3)
    fine = cv2.resize(weight.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR).ravel()
    size = np.array(reference.fine.shape[::-1], np.float32)
    row = np.arange(height * width, dtype=np.int32).reshape(height, width)
    return Find(Proposal(lab, fine, np.ones_like(fine), row), np.full(len(lab), number, np.int16),
                ((at + 0.5) / size).reshape(-1, 2), exact=True)  # fmt: skip


def _compared(reference: Sight) -> Field:
    """Return what of a reference is compared with the page's ``light``, at the fine size."""
    assert reference.lab is not None
    if not reference.lines:
        return np.ascontiguousarray(reference.lab[..., 0])
    size = reference.fine.shape[::-1]
    return np.asarray(cv2.resize(reference.light, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _along(values: Field, at: Field, scale: float) -> Field:
    """Return what lies at the given places of a reference, averaged where one of them covers several pixels."""
    even = cv2.GaussianBlur(values, (0, 0), scale / 2) if scale > 1.2 else values
    border = (OUTSIDE, 0, 0)
    return np.asarray(cv2.remap(even, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=border))


def likelihood(light: Field, taken: Field, pairs: int, weights: Field) -> Field:
    """Return how likely a registered place has the page's colour, 0..1, float32 (h, w): a logistic regression."""
    odds = registered_signs(light, taken, pairs) @ weights[1:] + weights[0]
    return np.asarray(np.where(taken < OUTSIDE / 2, 0, 1 / (1 + np.exp(-odds))), dtype=np.float32)


def registered_signs(light: Field, taken: Field, pairs: int) -> Field:
    """Return the signs that a registered place is right, float32 (h, w, 7).

    How much the pictures differ there, near and around, how well the surroundings correlate, near and wide, how many
    features agree (logarithm), and how busy the page is there (logarithm of the variance).
    """
    apart = np.minimum(np.abs(taken - light), WORST)
    near, around = (cv2.GaussianBlur(apart, (0, 0), blur) for blur in (0.7, 5.0))
    inside = np.maximum(taken, 0)
    close, busy = _correlation(light, inside, 4.0)
    wide, _ = _correlation(light, inside, 10.0)
    known = np.full_like(apart, np.log(pairs))
    return np.dstack([apart, near, around, close, wide, known, np.log(np.maximum(busy, 0.1))]).astype(np.float32)


def _correlation(one: Field, two: Field, blur: float) -> tuple[Field, Field]:
    """Return how well two pictures correlate around each place, -1..1, and the variance of the first one there."""
    mean_one, mean_two, squares_one, squares_two, products = (
        cv2.GaussianBlur(values, (0, 0), blur) for values in (one, two, one * one, two * two, one * two)
    )
    variance, other = (np.maximum(a - b * b, 0) for a, b in ((squares_one, mean_one), (squares_two, mean_two)))
    return (products - mean_one * mean_two + 2) / (np.sqrt(variance * other) + 2), variance


def _alike(page: Sight, references: Sequence[Sight]) -> list[Find]:
    """Look every place up among all places of all references and of their mirror images."""
    views = [_view(item, number, mirrored) for number, item in enumerate(references) for mirrored in (False, True)]
    place, far = nearest(descriptions(page.coarse), np.concatenate([view[0] for view in views]))
    places = _Places.of([view[1:] for view in views])
    sure = _sureness(page.coarse, places.lab[place], far, _weights(LOOKS, page))
    weight = np.exp(-SHARPNESS * (far - far[:, :1]) / (far[:, :1] + 0.02))
    weight *= LIKE_WEIGHT / weight.sum(axis=1, keepdims=True)
    return places.proposed(place, weight, sure, _spread(page.coarse.shape, page.fine.shape))


def _pointed(page: Sight, references: Sequence[Sight], describer: Describer) -> list[Find]:
    """Let every place point at those of all references that a network finds like it; mirror images are, too."""
    own, theirs = describer.described(page), [describer.described(item) for item in references]
    rows, columns = own.shape[:2]
    others = np.concatenate([item.reshape(-1, item.shape[2]) for item in theirs])
    place, far = describer.nearest(own.reshape(rows * columns, -1), others, NEAREST)
    places = _Places.of([_places(item, number, (own.shape[0], own.shape[1]))
                         for number, (item, own) in enumerate(zip(references, theirs, strict=True))])  # fmt: skip
    light = np.asarray(cv2.resize(page.coarse, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)
    sure = _sureness(light, places.lab[place], far, _weights(POINTED, page))
    weight = np.exp(far[:, :1] - far)
    weight *= POINTED_WEIGHT / weight.sum(axis=1, keepdims=True)
    return places.proposed(place, weight, sure, _spread((rows, columns), page.fine.shape))


@dataclass(frozen=True, eq=False)
class _Places:
    """Places of references, n in all: their colours ``lab`` (n, 3), in which reference, and where there, (n, 2)."""

    lab: Field
    number: NDArray[np.int16]
    at: Field

    @classmethod
    def of(cls, views: Sequence[tuple[Field, NDArray[np.int16], Field]]) -> _Places:
        """Put the places of some views together."""
        lab, number, at = (np.concatenate(rows) for rows in zip(*views, strict=True))
        return cls(lab, number, at)

    def proposed(self, place: NDArray[np.intp], weight: Field, sure: Field, row: NDArray[np.int32]) -> list[Find]:
        """Return the k best places (m, k) of each place of a page, with their weights (m, k), as proposals."""
        columns = [(place[:, k], weight[:, k]) for k in range(place.shape[1])]
        return [Find(Proposal(self.lab[best], vote, sure, row), self.number[best], self.at[best], exact=False)
                for best, vote in columns]  # fmt: skip


def _spread(coarse: tuple[int, ...], fine: tuple[int, ...]) -> NDArray[np.int32]:
    """Return which coarse pixel, counted along the rows, each fine one lies in, int32 (h, w)."""
    y, x = (np.arange(fine[i]) * coarse[i] // fine[i] for i in (0, 1))
    return np.asarray(y[:, None] * coarse[1] + x, dtype=np.int32)


@lru_cache(maxsize=8)
def _view(reference: Sight, number: int, mirrored: bool) -> tuple[Field, Field, NDArray[np.int16], Field]:
    """Return a reference's places, or those of its mirror image: descriptions, colours, its number, and where."""
    size = reference.coarse.shape[0], reference.coarse.shape[1]
    lab, numbers, at = _places(reference, number, size, mirrored=mirrored)
    light = np.ascontiguousarray(reference.coarse[:, ::-1]) if mirrored else reference.coarse
    return descriptions(light), lab, numbers, at


def _places(reference: Sight, number: int, size: tuple[int, int], *,
            mirrored: bool = False) -> tuple[Field, NDArray[np.int16], Field]:  # fmt: skip
    """Return the places of a grid (h, w) over a reference: colours (n, 3), its number (n,), and where, (n, 2)."""
    assert reference.lab is not None
    height, width = size
    lab = cv2.resize(reference.lab, (width, height), interpolation=cv2.INTER_AREA)
    y, x = (np.mgrid[:height, :width].astype(np.float32) + 0.5) / np.array([height, width], np.float32)[:, None, None]
    at = np.dstack([x, y])
    if mirrored:
        lab, at = lab[:, ::-1], at[:, ::-1]
    return lab.reshape(-1, 3), np.full(height * width, number, np.int16), at.reshape(-1, 2)


def _sureness(light: Field, lab: Field, far: Field, weights: Field) -> Field:
    """Return how likely the colour of the nearest places is right, 0..1, float32 (n,): a logistic regression."""
    odds = alike_signs(light, lab, far) @ weights[1:] + weights[0]
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


def alike_signs(light: Field, lab: Field, far: Field) -> Field:
    """Return the signs that the colours of the nearest places are right, float32 (n, 7).

    Logarithms of their distance, there, around, and typical of coloured places of the picture; how far their colours
    lie apart, there and around; how far their L is from the page's; and the contrast of the page (logarithm of its
    variance): on a dark, even page everything is near. ``lab`` is (n, k, 3), ``far`` (n, k).
    """
    best = far[:, 0]
    apart = np.linalg.norm(lab[..., 1:] - lab[..., 1:].mean(axis=1, keepdims=True), axis=2).mean(axis=1)
    spread = np.minimum(apart, 20).astype(np.float32)
    shade = np.minimum(np.abs(lab[..., 0] - light.reshape(-1, 1)).mean(axis=1), 20)
    colored = np.linalg.norm(lab[..., 1:].mean(axis=1), axis=1) > 10
    typical = np.full_like(best, np.median(best[colored]) if colored.any() else 0.0)
    around, spreads = (cv2.blur(values.reshape(light.shape), (9, 9)).ravel() for values in (best, spread))
    logs = (np.log(values + np.float32(0.05)) for values in (best, around, typical))
    contrast = np.full_like(best, np.log(float(light.var()) + 1))
    return np.stack([*logs, spread, spreads, shade, contrast], axis=1).astype(np.float32)
