"""Animals of a series, each with a coat of its own: chosen once, then drawn in poses and moods, facing either way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes import beasts, creatures, fabled
from mangapaint.training.scenes.builds import BUILDS
from mangapaint.training.scenes.curves import matrix
from mangapaint.training.scenes.materials import Parts, made
from mangapaint.training.scenes.shapes import Figure, Identity, placed

Drawer = Callable[[Parts, np.random.Generator, np.random.Generator], Figure]
"""Draws from parts, what is the animal's own in all pictures, and what may differ from one to the next."""


@dataclass(frozen=True)
class Animal:
    """An animal; ``form`` seeds its markings and proportions."""

    kind: str
    identities: tuple[Identity, ...]
    form: int


@dataclass(frozen=True)
class _Kind:
    draw: Drawer
    materials: Mapping[str, str]
    maybe: Mapping[str, float]
    """Parts that not each one has, and how many do."""


_FACE = {"white": "snow", "pupil": "rubber", "iris": "liquid", "nose": "leather", "mouth": "leather", "tongue": "pink"}
_MAYBE = {"iris": 0.4, "belly": 0.6, "patch": 0.5, "collar": 0.3}


def _beast(build: str, coat: str, **others: str) -> _Kind:
    materials = {"coat": coat, "belly": "pale", "patch": coat, "inner": "pink", "collar": "bright", **_FACE, **others}
    maybe = {name: share for name, share in _MAYBE.items() if name not in others}
    materials = {name: of for name, of in materials.items() if of}
    return _Kind(partial(beasts.draw, BUILDS[build]), materials, maybe)


def _creature(draw: Drawer, coat: str, **others: str) -> _Kind:
    return _Kind(draw, {"coat": coat, **_FACE, **others}, {"iris": 0.5})


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "bear": _beast("bear", "fur", patch=""),
        "bird": _creature(creatures.bird, "bright", wing="bright", belly="pale", beak="beak", comb="fruit"),
        "cat": _beast("cat", "fur"),
        "cow": _beast("cow", "hide", horn="pale", hoof="dark", mane="tail", nose="pink"),
        "dog": _beast("dog", "fur"),
        "dragon": _creature(fabled.dragon, "reptile", belly="pale", wing="bright", horn="pale", flame="sun"),
        "elephant": _beast("elephant", "skin", patch="", horn="pale", hoof="pale", mane="tail"),
        "fish": _creature(creatures.fish, "fish", fin="fish", patch="bright"),
        "fox": _beast("fox", "fur"),
        "frog": _creature(creatures.frog, "frog", belly="pale", patch="leaf"),
        "giraffe": _beast("giraffe", "lion", horn="bark", hoof="dark", patch="clay", mane="tail"),
        "goat": _beast("goat", "wool", horn="wood", hoof="dark"),
        "horse": _beast("horse", "hide", mane="tail", hoof="dark"),
        "lion": _beast("lion", "lion", patch="", mane="mane"),
        "monster": _creature(fabled.monster, "bright", belly="pale", patch="bright", horn="pale"),
        "mouse": _beast("mouse", "fur"),
        "owl": _creature(creatures.owl, "fur", belly="pale", wing="hide", beak="beak"),
        "pig": _beast("pig", "pink", hoof="dark", nose="pink"),
        "rabbit": _beast("rabbit", "fur"),
        "sheep": _beast("sheep", "wool", patch="", hoof="dark"),
        "snake": _creature(creatures.snake, "frog", patch="bright"),
        "turtle": _creature(creatures.turtle, "frog", shell="bark", rim="sand"),
    }
)


def animal(rng: np.random.Generator, first: int) -> Animal:
    """Choose an animal; its identities are numbered on from ``first``."""
    kind = list(KINDS)[rng.integers(len(KINDS))]
    has = {name: bool(rng.random() < share) for name, share in KINDS[kind].maybe.items()}
    materials = {name: of for name, of in KINDS[kind].materials.items() if has.get(name, True)}
    return Animal(kind, tuple(made(rng, first, materials).values()), int(rng.integers(1 << 31)))


def draw(animal: Animal, rng: np.random.Generator) -> Figure:
    """Draw the animal in a pose and a mood."""
    parts = {identity.name: identity for identity in animal.identities}
    figure = KINDS[animal.kind].draw(parts, np.random.default_rng(animal.form), rng)
    mirrored, turn = bool(rng.random() < 0.5), float(rng.uniform(-0.05, 0.05))
    view = matrix(0, 0, 1, turn=turn, mirrored=mirrored)
    x, y, radius = figure.head
    at = view @ np.array((x, y, 1), np.float32)
    return Figure(placed(figure.drawing, view), (float(at[0]), float(at[1]), radius))
