"""Places outdoors: which things belong to a land, where they stand, and how the land is drawn from a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes import buildings, plants
from mangapaint.training.scenes.landscape import BACKDROPS, WAYS, ground, sky
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Drawing, Mark, Shape, placed
from mangapaint.training.scenes.views import Group, Place, View

Rng = np.random.Generator
Standing = Callable[[Parts, Rng, float], Drawing]


@dataclass(frozen=True)
class Stand:
    """A kind of thing that stands about; ``size`` in metres, ``near`` how close it may be, ``wide`` in its heights."""

    materials: Mapping[str, str]
    draw: Standing
    size: tuple[float, float]
    near: float = 6.0
    far: float = 45.0
    wide: float = 0.7


@dataclass(frozen=True)
class Land:
    """What a land is made of: its ground, what is seen far off (from back to front), its way, what stands there."""

    ground: str
    behind: tuple[str, ...] = ()
    way: str = ""
    stands: Mapping[str, int] = field(default_factory=dict)
    tufted: bool = True


_LEAFY = {"trunk": "bark", "crown": "crown"}
_HOUSE = {"wall": "plaster", "side": "plaster", "roof": "roof", "door": "door", "frame": "pale", "pane": "glass"}
STANDS: Mapping[str, Stand] = MappingProxyType(
    {
        "acacia": Stand(_LEAFY, plants.acacia, (4, 7), 10),
        "arch": Stand({"gate": "bright", "beam": "dark"}, buildings.arch, (4, 5), 9, 20),
        "bare": Stand(_LEAFY, plants.bare, (3, 7), 7),
        "boat": Stand({"hull": "bright", "sail": "pale"}, buildings.boat, (4, 7), 35, 70),
        "bush": Stand({"bush": "bush", "flower": "flower"}, plants.bush, (0.6, 1.5), 4.5, 30, 1.8),
        "cactus": Stand({"cactus": "leaf"}, plants.cactus, (1.2, 3.5), 6),
        "conifer": Stand(_LEAFY, plants.conifer, (4, 9), 8),
        "fence": Stand({"fence": "wood"}, buildings.fence, (1.1, 1.2), 9, 9.1, 1.2),
        "flowers": Stand({"flower": "flower", "eye": "gold", "blade": "leaf"}, plants.flowers, (0.3, 0.6), 3, 14),
        "house": Stand(_HOUSE, buildings.house, (4.5, 7), 12, 34, 1.5),
        "hut": Stand({"wall": "clay", "roof": "wicker", "door": "dark"}, buildings.hut, (3, 4.5), 9, 34),
        "lamp": Stand({"post": "dark", "light": "light"}, buildings.lamp, (3.2, 4), 7, 25, 0.2),
        "palm": Stand(_LEAFY, plants.palm, (4, 7), 8, 26),
        "poplar": Stand(_LEAFY, plants.poplar, (4, 9), 9),
        "reeds": Stand({"blade": "leaf", "ear": "crop"}, plants.reeds, (1.2, 1.8), 5, 22, 0.9),
        "rock": Stand({"rock": "rock"}, plants.rock, (0.4, 1.6), 4.5, 30, 1.0),
        "shop": Stand({**_HOUSE, "awning": "bright", "stripe": "pale"}, buildings.shop, (5, 6.5), 13, 15, 0.8),
        "tent": Stand({"tent": "cloth", "inner": "dark"}, buildings.tent, (2, 3), 9, 24, 1.0),
        "tower": Stand({"tower": "tower", "side": "tower", "pane": "glass"}, buildings.tower, (10, 24), 20, 45),
        "tree": Stand(_LEAFY, plants.tree, (3.5, 8), 8),
        "tuft": Stand({"blade": "grass"}, plants.tuft, (0.15, 0.35), 2.5, 12, 0.9),
        "well": Stand({"wood": "wood", "roof": "roof", "stone": "rock"}, buildings.well, (2, 2.4), 9, 16),
    }
)
# The same kind may stand in a land in two or three colours, "tree" and "tree 2".
LANDS: Mapping[str, Land] = MappingProxyType(
    {
        "beach": Land("sand", ("hills", "sea"), "", {"palm": 4, "rock": 5, "boat": 3, "tuft": 6, "palm 2": 2}, False),
        "camp": Land(
            "grass", ("mountains", "wood", "sea"), "", {"tent": 3, "conifer": 8, "rock": 5, "tuft": 14, "tent 2": 2},
        ),
        "city": Land(
            "concrete", ("town",), "road", {"tower": 5, "tower 2": 5, "tower 3": 4, "shop": 2, "lamp": 6, "tree":
            4}, False,
        ),
        "desert": Land("sand", ("mountains", "hills"), "", {"cactus": 6, "rock": 6, "tuft": 8, "bare": 2}, False),
        "field": Land("grass", ("hills", "wood"), "path", {"reeds": 30, "house": 2, "tree": 4, "poplar": 5}),
        "forest": Land(
            "grass", ("wood", "wood 2"), "path", {"tree": 14, "tree 2": 10, "poplar": 8, "bush": 10, "flowers": 8,
            "tuft": 14},
        ),
        "garden": Land(
            "grass", ("hills",), "path", {"fence": 12, "tree": 5, "house": 2, "bush": 7, "flowers": 12, "flowers 2":
            10, "tuft": 8},
        ),
        "meadow": Land(
            "grass", ("mountains", "hills"), "path", {"tree": 6, "tree 2": 4, "bush": 8, "flowers": 12, "tuft": 18,
            "rock": 4},
        ),
        "mountains": Land(
            "grass", ("mountains", "mountains 2", "hills"), "river", {"conifer": 14, "conifer 2": 8, "rock": 10,
            "tuft": 10},
        ),
        "savanna": Land("grass", ("hills",), "path", {"acacia": 6, "hut": 3, "tuft": 20, "rock": 4, "bush": 5}),
        "sea": Land("sand", ("hills", "sea"), "", {"boat": 6, "boat 2": 4, "rock": 4}, False),
        "shrine": Land(
            "grass", ("wood",), "path", {"arch": 2, "tree": 8, "lamp": 5, "poplar": 6, "bush": 8, "tuft": 8},
        ),
        "snow": Land("snow", ("mountains", "wood"), "path", {"house": 3, "conifer": 10, "bare": 5, "rock": 4}, False),
        "street": Land("concrete", ("town",), "road", {"shop": 4, "shop 2": 4, "lamp": 5, "tree": 5, "bush": 3}, False),
        "village": Land(
            "grass", ("hills", "wood"), "path", {"house": 3, "house 2": 3, "house 3": 2, "tree": 6, "bush": 7,
            "well": 1, "tuft": 10},
        ),
    }
)  # fmt: skip


def base_materials(rng: np.random.Generator, kind: str, heaven: str) -> dict[str, str]:
    """Return what ground, sky and distance of a land are made of."""
    land = LANDS[kind]
    bands = int(rng.integers(2, 6)) if rng.random() < 0.4 else 0
    materials = {"sky": heaven} | {f"sky {band + 2}": heaven for band in range(bands)}
    materials |= {"sun": "sun", "moon": "moon", "star": "moon", "cloud": "cloud"}
    for name in land.behind:
        materials |= BACKDROPS[name.split()[0]].parts(name)
    materials |= {"ground": land.ground, "field": land.ground}
    return materials | (dict(WAYS[land.way].materials) if land.way else {})


def draw(place: Place, view: View) -> Drawing:
    """Draw all that is seen of the place, from the sky to what is nearest."""
    land = LANDS[place.kind]
    # Each layer has a generator of its own: what one leaves out when it is not in sight changes nothing in the others.
    forms = (np.random.default_rng((place.form, layer)) for layer in count())
    drawing = list(sky(place, next(forms), view))
    for name in land.behind:
        drawing += BACKDROPS[name.split()[0]].draw(place.base, name, next(forms), view)
    drawing += ground(place.base, next(forms), view, tufted=land.tufted)
    if land.way:
        drawing += WAYS[land.way].draw(place.base, next(forms), view)
    return (*drawing, *_things(place, next(forms), view))


def _things(place: Place, form: Rng, view: View) -> list[Shape | Mark]:
    """Return all things in sight, the nearest last."""
    seen = [spot for group in place.groups for spot in _spots(group, form)]
    drawing: list[Shape | Mark] = []
    for z, x, size, seed, group in sorted(seen, key=lambda spot: -spot[0]):
        stand = STANDS[group.kind]
        placing = view.standing(x, z, size)
        if view.sees(placing, stand.wide):
            fine = view.detail * min(1.0, view.focal * size / z / 120)
            drawing += placed(stand.draw(group.parts, np.random.default_rng(seed), fine), placing)
    return drawing


def _spots(group: Group, form: Rng) -> list[tuple[float, float, float, int, Group]]:
    """Return depth, place across, size and seed of a group's things, spread evenly over what can be seen."""
    stand, number = STANDS[group.kind], group.count
    share = (np.arange(number) + form.uniform(0.1, 0.9, number)) / number
    angles = 3.4 * form.permutation(share) - 1.7
    depths = stand.near * (stand.far / stand.near) ** form.random(number)
    xs = angles * depths
    clear = np.sign(xs) * 1.8 if stand.near >= 6 else 0
    sizes, seeds = form.uniform(*stand.size, number), form.integers(1 << 31, size=number)
    return [(*spot, group) for spot in zip(*(v.tolist() for v in (depths, xs + clear, sizes, seeds)), strict=True)]
