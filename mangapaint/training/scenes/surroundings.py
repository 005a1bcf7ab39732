"""Places that a series comes back to, outdoors and indoors, and the pictures of them from one view or another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from mangapaint.document.page import Color
from mangapaint.training.scenes import indoors, outdoors
from mangapaint.training.scenes.materials import Parts, mixed
from mangapaint.training.scenes.plain import plain
from mangapaint.training.scenes.shapes import Drawing, Identity
from mangapaint.training.scenes.views import Group, Hour, Place, View, lit

__all__ = ["Place", "draw", "place"]
Rng = np.random.Generator
INDOORS = 0.45
"""How many places are rooms."""
_LOW: Mapping[Hour, tuple[Color, float]] = MappingProxyType(
    {Hour.DAY: ((255, 246, 232), 0.75), Hour.SUNSET: ((255, 226, 160), 0.8), Hour.NIGHT: ((110, 120, 190), 0.6)}
)
"""What the sky turns to at the horizon, and how far."""
PLAIN = 0.1
"""How many pictures show no place at all, but a plain background."""
_HOURS = ((Hour.DAY, "sky"), (Hour.SUNSET, "sunset"), (Hour.NIGHT, "night"))


def place(rng: np.random.Generator, first: int) -> Place:
    """Choose a place; its identities are numbered on from ``first``."""
    inside = bool(rng.random() < INDOORS)
    kinds: Mapping[str, object] = indoors.ROOMS if inside else outdoors.LANDS
    kind = list(kinds)[rng.integers(len(kinds))]
    return _room(rng, first, kind) if inside else _land(rng, first, kind)


def draw(place: Place, rng: np.random.Generator, width: int, height: int) -> Drawing:
    """Draw the place over 0..width x 0..height pixels, from a view chosen by ``rng``, from back to front."""
    if rng.random() < PLAIN:
        return plain(place, rng, width, height)
    view = _view(rng, place, (width, height))
    return indoors.draw(place, view) if place.indoors else outdoors.draw(place, view)


def _land(rng: Rng, first: int, kind: str) -> Place:
    hour, heaven = _HOURS[int(rng.choice(3, p=(0.74, 0.13, 0.13)))]
    base = lit(rng, first, outdoors.base_materials(rng, kind, heaven), hour=hour)
    return _furnished(rng, base, kind, hour)


def _room(rng: Rng, first: int, kind: str) -> Place:
    return _furnished(rng, lit(rng, first, indoors.base_materials(rng, kind), hour=Hour.DAY), kind, Hour.DAY)


def _furnished(rng: Rng, base: dict[str, Identity], kind: str, hour: Hour) -> Place:
    inside = kind in indoors.ROOMS
    first = next(iter(base.values())).number
    groups: list[Group] = []
    for thing, count, materials in indoors.things_of(rng, kind) if inside else _standing(kind):
        taken = len(base) + sum(len(group.parts) for group in groups)
        groups.append(Group(thing, count, lit(rng, first + taken, materials, hour=hour)))
    taken = len(base) + sum(len(group.parts) for group in groups)
    plain_parts = lit(rng, first + taken, {"plain": "plain", "plain 2": "plain"}, hour=Hour.DAY)
    form, detail = int(rng.integers(1 << 31)), float(rng.beta(2, 1.3))
    return Place(kind, inside, hour, _graded(base, hour), tuple(groups), plain_parts, form, detail)


def _standing(kind: str) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    for name, count in outdoors.LANDS[kind].stands.items():
        thing = name.split()[0]
        yield thing, count, outdoors.STANDS[thing].materials


def _graded(base: dict[str, Identity], hour: Hour) -> Parts:
    """Return the same parts, those of the sky's bands growing pale by degrees towards the lowest one."""
    bands = [name for name in base if name.startswith("sky ")]
    pale = mixed(base["sky"].color, *_LOW[hour]) if bands else (0, 0, 0)
    for index, name in enumerate(bands):
        color = mixed(base["sky"].color, pale, (index + 1) / len(bands))
        base[name] = Identity(base[name].number, name, color)
    return base


def _view(rng: Rng, place: Place, size: tuple[int, int]) -> View:
    """Choose from where a place is seen: as a whole most often; nearer, upwards or downwards now and then."""
    width, height = size
    manner = rng.random()
    horizon, zoom = rng.uniform(0.35, 0.65), rng.uniform(0.8, 1.4)
    if manner > 0.8:
        horizon, zoom = rng.uniform(-0.1, 1.3), rng.uniform(0.9, 1.6)
    elif manner > 0.6:
        horizon, zoom = rng.uniform(0.2, 0.8), rng.uniform(1.6, 3.2)
    unit = float(np.sqrt(width * height)) if width > height else float(height)
    return View(
        width,
        height,
        horizon * height,
        zoom * unit,
        float(rng.uniform(-5, 5)),
        float(rng.uniform(-0.5, 0.5)),
        bool(rng.random() < 0.3),
        place.detail * float(rng.uniform(0.6, 1.0)),
    )
