"""Backgrounds that show no place: one colour, bands, rays, a pattern, as behind a face or a feeling."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mangapaint.training.scenes.curves import bumpy, ellipse, line, star
from mangapaint.training.scenes.shapes import Drawing, Shape
from mangapaint.training.scenes.views import MARGIN, Place

Rng = np.random.Generator


def plain(place: Place, rng: np.random.Generator, width: int, height: int) -> Drawing:
    """Draw one of the place's plain backgrounds over the whole picture."""
    one, _ = place.plain.values()
    floor = Shape(
        line(
            (-MARGIN, -MARGIN), (width + MARGIN, -MARGIN), (width + MARGIN, height + MARGIN), (-MARGIN, height + MARGIN)
        ),
        one,
        line=0,
        round=0,
    )
    manners: tuple[Callable[[Place, Rng, float, float], list[Shape]], ...] = (
        _nothing,
        _nothing,
        _rays,
        _halves,
        _pattern,
    )
    return (floor, *manners[rng.integers(len(manners))](place, rng, width, height))


def _nothing(place: Place, rng: Rng, width: float, height: float) -> list[Shape]:
    return []


def _rays(place: Place, rng: Rng, width: float, height: float) -> list[Shape]:
    """Return rays from about the middle."""
    count, reach = int(rng.integers(8, 20)), float(np.hypot(width, height))
    x, y = width * rng.uniform(0.3, 0.7), height * rng.uniform(0.3, 0.7)
    edges = np.arange(2 * count) * np.pi / count + rng.uniform(0, 1)
    ends = [(x + reach * np.cos(a), y + reach * np.sin(a)) for a in edges]
    other = place.plain["plain 2"]
    return [Shape(line((x, y), a, b), other, line=0.6, round=0) for a, b in zip(ends[::2], ends[1::2], strict=True)]


def _halves(place: Place, rng: Rng, width: float, height: float) -> list[Shape]:
    """Return a second colour below a line, as a floor that is not drawn."""
    left, right = height * rng.uniform(0.3, 0.8), height * rng.uniform(0.3, 0.8)
    edge = line((-MARGIN, left), (width + MARGIN, right), (width + MARGIN, height + MARGIN), (-MARGIN, height + MARGIN))
    return [Shape(edge, place.plain["plain 2"], line=float(rng.integers(2)), round=0)]


def _pattern(place: Place, rng: Rng, width: float, height: float) -> list[Shape]:
    """Return dots, stars or flowers in rows, or strewn."""
    size = float(rng.uniform(0.03, 0.08)) * min(width, height)
    step = size * rng.uniform(3, 5)
    xs, ys = np.meshgrid(np.arange(0, width + step, step), np.arange(0, height + step, step))
    spots = np.stack((xs + step / 2 * (np.arange(len(xs)) % 2)[:, None], ys), axis=2).reshape(-1, 2)[:150]
    spots = spots + rng.uniform(-1, 1, spots.shape) * step * float(rng.choice((0, 0.3)))
    manner = int(rng.integers(3))
    makers = (
        lambda x, y: ellipse(x, y, size),
        lambda x, y: star(x, y, size * 1.3),
        lambda x, y: bumpy(x, y, (size, size), bumps=5, depth=0.4),
    )
    return [Shape(makers[manner](x, y), place.plain["plain 2"], line=0.7, round=0) for x, y in spots]
