"""A recurring place, and how it is looked at: from where, how near, how high, to which side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import numpy as np

from mangapaint.document.page import Color
from mangapaint.training.scenes.curves import Matrix, matrix, rect
from mangapaint.training.scenes.materials import Parts, made, mixed
from mangapaint.training.scenes.shapes import Identity, Points

EYE = 1.6
"""How high the eye is above the ground, in metres."""
MARGIN = 8.0
"""How far what fills the picture reaches over its edges, in pixels, so that no outline shows there."""


class Hour(Enum):
    """When a place outdoors is seen; its colours are chosen for it."""

    DAY = "day"
    SUNSET = "sunset"
    NIGHT = "night"


_LIGHT: Mapping[Hour, tuple[Color, float]] = MappingProxyType(
    {Hour.DAY: ((255, 255, 255), 0.0), Hour.SUNSET: ((214, 110, 70), 0.28), Hour.NIGHT: ((30, 40, 100), 0.5)}
)


@dataclass(frozen=True)
class Group:
    """Things of one kind that share their colours: the firs of a wood, one chair of a room."""

    kind: str
    count: int
    parts: Parts


@dataclass(frozen=True)
class Place:
    """A place: ``base`` are ground, sky, walls; ``form`` seeds where all stands; ``detail`` is 0..1: how much is drawn.

    All identities stand in ``identities``, those of ``base`` first, then those of ``groups``, then those of ``plain``,
    which are the plain backgrounds that pictures in this place may have instead.
    """

    kind: str
    indoors: bool
    hour: Hour
    base: Parts
    groups: tuple[Group, ...]
    plain: Parts
    form: int
    detail: float

    @property
    def identities(self) -> tuple[Identity, ...]:
        """All that has a colour of its own here."""
        parts = (self.base, *(group.parts for group in self.groups), self.plain)
        return tuple(identity for some in parts for identity in some.values())


@dataclass(frozen=True)
class View:
    """A picture of ``width`` x ``height`` pixels, taken ``x`` metres aside of a place's middle.

    ``horizon`` is its row in pixels (it may lie outside), ``focal`` how many pixels an angle of 1 is wide, ``pan`` the
    angle the view is turned by.
    """

    width: int
    height: int
    horizon: float
    focal: float
    x: float
    pan: float
    mirrored: bool
    detail: float

    @property
    def side(self) -> int:
        """-1 where left and right are exchanged, else 1."""
        return -1 if self.mirrored else 1

    def across(self, angles: np.ndarray) -> np.ndarray:
        """Return the columns of what is far away, seen at these angles."""
        return self.width / 2 + self.side * self.focal * (angles - self.pan)

    def ground(self, x: np.ndarray, z: np.ndarray) -> Points:
        """Return where points on the ground are seen, ``z`` metres ahead."""
        columns = self.across((x - self.x) / z)
        return np.stack((columns, self.horizon + self.focal * EYE / z), axis=-1).astype(np.float32)

    def standing(self, x: float, z: float, size: float) -> Matrix:
        """Return the map of a thing one unit high to where it stands, ``size`` metres high."""
        at = self.ground(np.array(x), np.array(z))
        return matrix(float(at[0]), float(at[1]), self.focal * size / z, mirrored=self.mirrored)

    def sees(self, placing: Matrix, wide: float) -> bool:
        """Say whether a thing so placed, ``wide`` units to both sides and one unit high, shows in the picture."""
        scale = float(np.hypot(placing[0, 0], placing[1, 0]))
        x, y = placing[:, 2]
        return -wide * scale < x < self.width + wide * scale and 0 < y < self.height + 1.2 * scale

    def whole(self, top: float | None = None) -> Points:
        """Return an outline that covers the picture, or what of it lies below a row."""
        start = -MARGIN if top is None else top
        return rect(-MARGIN, start, self.width + MARGIN, max(self.height + MARGIN, start + 1))


def lit(rng: np.random.Generator, first: int, materials: Mapping[str, str], *, hour: Hour) -> dict[str, Identity]:
    """Return identities as ``made`` does, in the light of the hour."""
    light, share = _LIGHT[hour]
    glowing = ("sky", "sun", "moon", "star", "light", "cloud")
    return {
        name: one if name.startswith(glowing) else Identity(one.number, name, mixed(one.color, light, share))
        for name, one in made(rng, first, materials).items()
    }
