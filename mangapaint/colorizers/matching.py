"""A part of a page beside the references: for each place the colours found there, and how likely each is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.neighbours import descriptions, nearest
from mangapaint.colorizers.odds import LOOKS, POINTED, REGISTERED, Row, likely
from mangapaint.colorizers.pointing import BEST, Describer, Places, Pointed, matched_signs, places_of, pointed_signs
from mangapaint.colorizers.registration import Warp, warps
from mangapaint.colorizers.sights import Sight
from mangapaint.colorizers.voting import LIGHT_PART, Proposal, akin_to, palette

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


@lru_cache(maxsize=6)
def found(page: Sight, references: tuple[Sight, ...], describer: Describer | None = None) -> tuple[Find, ...]:
    """Look for a part of a page in the references, in every way; the latest answers are remembered.

    Places that look alike are found by their luminance; where there is a ``describer``, by what it says instead.
    """
    registered = [find for number, item in enumerate(references) for find in _registered(page, item, number)]
    if describer is None:
        return (*registered, *_alike(page, references))
    return (*registered, *_pointed(page, references, describer))


@lru_cache(maxsize=4)
def colors_of(references: tuple[Sight, ...]) -> Field:
    """Return the colours of some references that places are given, float32 (k, 3) CIELAB."""
    pixels = [item.lab[::2, ::2].reshape(-1, 3) for item in references if item.lab is not None]
    return palette(np.concatenate(pixels), light=light_part(references[0]))


def light_part(sight: Sight) -> float:
    """Return what a step of L counts when colours are gathered: of line art it is the colours' own."""
    return 1.0 if sight.lines else LIGHT_PART


def _registered(page: Sight, reference: Sight, number: int) -> list[Find]:
    return [_taken(page, reference, number, warp) for warp in registrations(page, reference)]


def registrations(page: Sight, reference: Sight) -> list[Warp]:
    """Return the transforms by which a page shows what a reference does, at the working size."""
    size = (page.light.shape[0], page.light.shape[1])
    found_there = reference.features, reference.mirrored
    return warps(page.fine, page.features, reference.fine, found_there, size)


def _taken(page: Sight, reference: Sight, number: int, warp: Warp) -> Find:
    """Take the reference's colours over along a transform, at the fine size."""
    light = compared_along(reference, warp)
    right = likelihood(page.light, light, warp.pairs, REGISTERED[page.lines])
    weight = REGISTERED_WEIGHT * np.clip((right - EVEN_ODDS[page.lines]) / (1 - EVEN_ODDS[page.lines]), 0, 1) ** 2
    height, width = page.fine.shape
    at, lab = colors_along(reference, warp, (height, width))
    fine = cv2.resize(weight.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR).ravel()
    size = np.array(reference.fine.shape[::-1], np.float32)
    row = np.arange(height * width, dtype=np.int32).reshape(height, width)
    return Find(Proposal(lab.reshape(-1, 3), fine, np.ones_like(fine), row), np.full(lab.size // 3, number, np.int16),
                ((at + 0.5) / size).reshape(-1, 2), exact=True)  # fmt: skip


def compared_along(reference: Sight, warp: Warp) -> Field:
    """Return what a page's ``light`` is compared with along a transform, at the working size."""
    return _along(_compared(reference), warp.at, warp.scale)


def colors_along(reference: Sight, warp: Warp, size: tuple[int, int]) -> tuple[Field, Field]:
    """Return where the pixels of a page of some size (h, w) lie in a reference, (h, w, 2), and its colours there."""
    assert reference.lab is not None
    at = cv2.resize(warp.at, size[::-1], interpolation=cv2.INTER_LINEAR)
    return at, _along(reference.lab, at, warp.scale * warp.at.shape[1] / size[1])


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


def likelihood(light: Field, taken: Field, pairs: int, row: Row) -> Field:
    """Return how likely a registered place has the page's colour, 0..1, float32 (h, w)."""
    return np.where(taken < OUTSIDE / 2, np.float32(0), likely(registered_signs(light, taken, pairs), row))


def registered_signs(light: Field, taken: Field, pairs: int) -> Field:
    """Return the signs that a registered place is right, float32 (h, w, 8).

    How much the pictures differ there, near and around, how well the surroundings correlate, near and wide, how many
    features agree (logarithm), how busy the page is there (logarithm of the variance), and how well the busy places of
    all that is registered correlate wide, on the mean: what a whole figure agrees in, its face does, too.
    """
    apart = np.minimum(np.abs(taken - light), WORST)
    near, around = (cv2.GaussianBlur(apart, (0, 0), blur) for blur in (0.7, 5.0))
    inside = np.maximum(taken, 0)
    close, busy = _correlation(light, inside, 4.0)
    wide, _ = _correlation(light, inside, 10.0)
    busy = np.maximum(busy, 0.1)
    counts = busy * (taken > OUTSIDE / 2)
    whole = (wide * counts).sum() / max(float(counts.sum()), 1e-6)
    known, agreed = np.full_like(apart, np.log(pairs)), np.full_like(apart, whole)
    return np.dstack([apart, near, around, close, wide, known, np.log(busy), agreed]).astype(np.float32)


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
    places = Places.joined([view[1] for view in views])
    sure = likely(alike_signs(page.coarse, places.lab[place], far), LOOKS[page.lines])
    weight = np.exp(-SHARPNESS * (far - far[:, :1]) / (far[:, :1] + 0.02))
    weight *= LIKE_WEIGHT / weight.sum(axis=1, keepdims=True)
    return _proposed(places, place, weight, sure, spread(page.coarse.shape, page.fine.shape))


def _pointed(page: Sight, references: tuple[Sight, ...], describer: Describer) -> list[Find]:
    """Let every place, or every area of line art, point at those of all references that a network finds like it."""
    answer = pointed_at(page, references, describer)
    if answer is None:
        return []
    pointed, signs = answer
    row = page.areas.labels.astype(np.int32) if page.lines else spread(pointed.shape, page.fine.shape)
    return _shared(pointed, likely(signs, POINTED[page.lines]), row)


def pointed_at(page: Sight, references: tuple[Sight, ...], describer: Describer) -> tuple[Pointed, Field] | None:
    """Return what places of a page, or areas of line art, point at, and the signs that it is right, float32 (m, 4).

    None where line art, or all references to it, have no areas.
    """
    if page.lines and not (page.areas.count and any(reference.areas.count for reference in references)):
        return None
    colors, light = colors_of(references), light_part(page)
    akin = akin_to(colors, light)
    if page.lines:
        pointed = describer.matched(page, references, colors, light)
        return pointed, matched_signs(pointed, akin, page.areas.signs[:, 0])
    pointed = describer.pointed(page, references, colors, light)
    return pointed, pointed_signs(pointed, akin)


def _shared(pointed: Pointed, sure: Field, row: NDArray[np.int32]) -> list[Find]:
    """Propose the best colours of what is pointed at; nothing where ``row``, int32 (h, w), is below 0."""
    order = np.argsort(-pointed.share, axis=1)[:, :BEST]
    share = np.take_along_axis(pointed.share, order, axis=1)
    weight = share * (POINTED_WEIGHT / np.maximum(share.sum(axis=1, keepdims=True), 1e-12))
    place = np.take_along_axis(pointed.place, order, axis=1)
    if (row < 0).any():  # the last row stands for them
        weight, sure = (np.concatenate([values, np.zeros_like(values[:1])]) for values in (weight, sure))
        place, row = np.concatenate([place, np.zeros_like(place[:1])]), np.where(row < 0, len(share), row)
    return _proposed(pointed.places, place, weight, sure, row)


def _proposed(places: Places, place: NDArray[np.intp], weight: Field, sure: Field,
              row: NDArray[np.int32]) -> list[Find]:  # fmt: skip
    """Return the k best places (m, k) of each place of a page, with their weights (m, k), as proposals."""
    columns = [(place[:, k], weight[:, k]) for k in range(place.shape[1])]
    return [Find(Proposal(places.lab[best], vote, sure, row), places.number[best], places.at[best], exact=False)
            for best, vote in columns]  # fmt: skip


def spread(coarse: tuple[int, ...], fine: tuple[int, ...]) -> NDArray[np.int32]:
    """Return which coarse pixel, counted along the rows, each fine one lies in, int32 (h, w)."""
    y, x = (np.arange(fine[i]) * coarse[i] // fine[i] for i in (0, 1))
    return np.asarray(y[:, None] * coarse[1] + x, dtype=np.int32)


@lru_cache(maxsize=8)
def _view(reference: Sight, number: int, mirrored: bool) -> tuple[Field, Places]:
    """Return a reference's places, or those of its mirror image, with their descriptions."""
    light = np.ascontiguousarray(reference.coarse[:, ::-1]) if mirrored else reference.coarse
    size = light.shape[0], light.shape[1]
    return descriptions(light), places_of(reference, number, size, mirrored=mirrored)


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
