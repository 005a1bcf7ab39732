"""Objects of a series, each in colours of its own: chosen once, then drawn from pictures of it that differ a little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes import things, vessels
from mangapaint.training.scenes.curves import matrix
from mangapaint.training.scenes.materials import Parts, made
from mangapaint.training.scenes.shapes import Drawing, Figure, Identity, placed

Drawer = Callable[[Parts, np.random.Generator, np.random.Generator], Drawing]
"""Draws from parts, what is the same in all pictures of the thing, and what may differ from one to the next."""


@dataclass(frozen=True)
class Prop:
    """An object; ``form`` seeds what is its own: proportions, how many stripes it has."""

    kind: str
    identities: tuple[Identity, ...]
    form: int


@dataclass(frozen=True)
class _Kind:
    materials: Mapping[str, str]
    draw: Drawer
    tilt: float = 0.06
    """How far it may lean, in radians."""


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "bag": _Kind({"bag": "leather", "flap": "cloth", "buckle": "gold"}, things.bag),
        "ball": _Kind({"ball": "bright", "stripe": "bright", "spot": "pale"}, things.ball, 1.5),
        "balloon": _Kind({"balloon": "bright"}, things.balloon, 0.2),
        "basket": _Kind({"basket": "wicker", "cloth": "cloth", "fruit": "fruit"}, vessels.basket),
        "bicycle": _Kind({"frame": "bright", "tyre": "rubber", "saddle": "leather"}, vessels.bicycle),
        "book": _Kind({"cover": "bright", "pages": "paper", "title": "gold"}, things.book, 0.3),
        "bottle": _Kind({"glass": "glass", "liquid": "liquid", "cork": "wood", "label": "paper"}, vessels.bottle),
        "box": _Kind({"box": "wood", "band": "metal"}, things.box),
        "bucket": _Kind({"bucket": "metal", "water": "water"}, vessels.bucket),
        "cake": _Kind({"cake": "sand", "icing": "flower", "cherry": "fruit", "plate": "pale"}, vessels.cake),
        "candle": _Kind({"wax": "pale", "flame": "fire", "stand": "gold"}, things.candle, 0.02),
        "car": _Kind(
            {"body": "bright", "glass": "glass", "tyre": "rubber", "hub": "metal", "lamp": "light"}, vessels.car
        ),
        "chair": _Kind({"wood": "wood", "seat": "cloth"}, things.chair),
        "clock": _Kind({"case": "bright", "face": "paper"}, things.clock),
        "cup": _Kind({"cup": "pale", "drink": "clay", "band": "bright"}, vessels.cup, 0.15),
        "drum": _Kind({"drum": "bright", "skin": "pale", "rim": "gold"}, vessels.drum, 0.15),
        "flower pot": _Kind({"pot": "clay", "leaf": "leaf", "flower": "flower", "eye": "gold"}, vessels.pot),
        "fruit": _Kind({"fruit": "fruit", "stalk": "bark", "leaf": "leaf"}, things.fruit, 0.2),
        "gift": _Kind({"paper": "bright", "ribbon": "bright"}, things.gift),
        "hat": _Kind({"hat": "cloth", "band": "bright"}, things.hat, 0.15),
        "key": _Kind({"key": "gold"}, things.key, 0.5),
        "lantern": _Kind({"frame": "dark", "light": "light"}, things.lantern, 0.15),
        "mushroom": _Kind({"cap": "bright", "stem": "pale", "dot": "pale"}, things.mushroom, 0.15),
        "shield": _Kind({"field": "bright", "rim": "metal", "sign": "gold"}, things.shield, 0.2),
        "sword": _Kind({"blade": "metal", "hilt": "gold", "grip": "leather"}, things.sword, 0.7),
        "teapot": _Kind({"pot": "clay", "band": "bright"}, vessels.teapot, 0.2),
        "umbrella": _Kind({"canopy": "bright", "panel": "bright", "stick": "wood"}, things.umbrella, 0.3),
        "wand": _Kind({"stick": "wood", "star": "gold"}, things.wand, 0.5),
    }
)


def prop(rng: np.random.Generator, first: int) -> Prop:
    """Choose an object; its identities are numbered on from ``first``."""
    kind = list(KINDS)[rng.integers(len(KINDS))]
    identities = made(rng, first, KINDS[kind].materials)
    return Prop(kind, tuple(identities.values()), int(rng.integers(1 << 31)))


def draw(prop: Prop, rng: np.random.Generator) -> Figure:
    """Draw the object as it may stand, lie or be held in one picture."""
    kind = KINDS[prop.kind]
    parts = {identity.name: identity for identity in prop.identities}
    drawing = kind.draw(parts, np.random.default_rng(prop.form), rng)
    turn = float(rng.uniform(-kind.tilt, kind.tilt))
    view = matrix(0, 0, 1, turn=turn, mirrored=bool(rng.random() < 0.5))
    view[:, 2] = (0.5 * np.sin(-turn), 0.5 * np.cos(turn) - 0.5)
    figure = placed(drawing, view)
    outlines = np.concatenate([item.points for item in figure])
    (left, top), (right, foot) = outlines.min(axis=0).tolist(), outlines.max(axis=0).tolist()
    return Figure(figure, ((left + right) / 2, (top + foot) / 2, max(right - left, foot - top) / 2))
