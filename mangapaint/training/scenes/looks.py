"""What faces are like and what they feel: features of somebody, moods as a table, and both together in a view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Points

SURFACE = 0.74
"""How far eyes and mouth are from the head's axis."""


@dataclass(frozen=True)
class Looks:
    """What a face is like, whatever it feels. Lengths in head units, angles in radians.

    ``jaw`` and ``chin`` stretch the face's lower half, ``slant`` lifts the outer corners of the eyes, ``lash`` is the
    thickness of the lashes and ``brow`` of the brows. ``dots``: the eyes are plain dots. ``nose`` and ``beard`` are
    kinds (beard: 0 none, 1 moustache, 2 full).
    """

    jaw: float
    chin: float
    eye_wide: float
    eye_tall: float
    eye_y: float
    apart: float
    slant: float
    iris: float
    lash: float
    brow: float
    nose: int
    mouth_y: float
    mouth_wide: float
    dots: bool
    freckles: bool
    beard: int


@dataclass(frozen=True)
class Mood:
    """What a face feels: how far eyes are open (left and right in the picture's front view), lids and brows, mouth.

    A closed eye (below 0.15) bends up when ``happy``. ``angry`` lowers brows and lids at the nose, below 0 outside.
    """

    mouth: str
    open: tuple[float, float] = (1.0, 1.0)
    angry: float = 0.0
    lifted: float = 0.0
    happy: bool = False
    blush: bool = False
    small_iris: bool = False


MOODS: Mapping[str, Mood] = MappingProxyType(
    {
        "calm": Mood("flat"),
        "smile": Mood("smile", lifted=0.03),
        "friendly": Mood("small smile"),
        "laugh": Mood("open", (0.0, 0.0), lifted=0.06, happy=True, blush=True),
        "joy": Mood("open", (1.05, 1.05), lifted=0.06),
        "angry": Mood("frown", (0.8, 0.8), angry=1.0, lifted=-0.06),
        "shout": Mood("shout", (0.95, 0.95), angry=1.1, lifted=-0.05, small_iris=True),
        "sad": Mood("frown", (0.8, 0.8), angry=-0.9, lifted=0.04),
        "surprised": Mood("oh", (1.2, 1.2), lifted=0.14, small_iris=True),
        "asleep": Mood("small", (0.0, 0.0)),
        "wink": Mood("grin", (1.0, 0.0), lifted=0.05, happy=True),
        "shy": Mood("wavy", (0.8, 0.8), angry=-0.7, lifted=0.03, blush=True),
        "smug": Mood("side smile", (0.6, 0.6), angry=0.35),
        "cat": Mood("cat", happy=True, lifted=0.03, blush=True),
        "grin": Mood("grin", (0.95, 0.95), angry=0.3),
        "talk": Mood("talk"),
    }
)


@dataclass(frozen=True, eq=False)
class Front:
    """A face in a view, and what it is drawn with; ``yaw`` in radians, ``gaze`` x and y from -1 to 1."""

    looks: Looks
    mood: Mood
    parts: Parts
    yaw: float
    gaze: tuple[float, float]

    @property
    def side(self) -> int:
        """Where the face looks to: the picture's left (-1) or right (1)."""
        return -1 if self.yaw < 0 else 1

    @property
    def narrow(self) -> float:
        """How wide things in the middle of the face appear."""
        return max(float(np.cos(self.yaw)), 0.42)


@dataclass(frozen=True)
class Frame:
    """Where an eye or a mouth is: its own x and y run from -1 to 1, an eye's x from the nose outwards."""

    x: float
    y: float
    wide: float
    tall: float

    def to_head(self, points: ArrayLike) -> Points:
        """Return points of its own in the head's units."""
        return (np.asarray(points, float) * (self.wide, self.tall) + (self.x, self.y)).astype(np.float32)


def feeling(name: str, looks: Looks) -> Mood:
    """Return a mood as this face shows it: dots cannot be half closed."""
    mood = MOODS[name]
    left, right = (1.0 if part > 0.15 else 0.0 for part in mood.open)
    return replace(mood, open=(left, right)) if looks.dots else mood
