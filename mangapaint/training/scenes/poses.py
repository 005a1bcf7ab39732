"""Poses: how bodies are built, how arms and legs are held, and the flat skeleton that both give in a view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mangapaint.training.scenes.shapes import Points

Floats = NDArray[np.floating[Any]]
"""Numbers of either precision."""

T = TypeVar("T")
Angles = tuple[float, float, float, float]
"""Of a limb's upper and lower bone, in degrees: how far it swings forward (0 hangs, 90 points ahead, 180 points up) and
how far it is spread aside."""
TILT = 0.16
"""What is nearer lies so much lower in the picture: the camera looks down a little."""
SHORTEST = 0.42
"""A bone that points at the viewer is drawn at least this part of its length, or it would be a stump."""
HANDS = 0.40
"""Length of a hand, in forearms."""


class View(Enum):
    """From where a person is seen; the value is how far it has turned to the picture's right, in degrees."""

    FRONT = 0
    QUARTER_LEFT = -38
    QUARTER_RIGHT = 38
    PROFILE_LEFT = -86
    PROFILE_RIGHT = 86
    BEHIND_LEFT = -142
    BEHIND_RIGHT = 142
    BEHIND = 180


class Hand(Enum):
    """How a hand is held."""

    RELAXED = "relaxed"
    FIST = "fist"
    OPEN = "open"
    POINTING = "pointing"


class Layer(IntEnum):
    """Painter's order of what a figure consists of."""

    CAPE = 0
    BACK_HAIR = 1
    FAR_ARM = 2
    LEGS = 3
    TRUNK = 4
    LAP = 5
    NEAR_ARM = 6
    OVER = 7
    HEAD = 8
    RAISED = 9


@dataclass(frozen=True)
class Build:
    """A body's measures, in parts of its height: ``heads`` high, half widths of the trunk, half thickness of limbs.

    ``bust`` is how far the chest stands out, ``stature`` the height beside a man's.
    """

    name: str
    heads: float
    legs: float
    shoulder: float
    chest: float
    waist: float
    hip: float
    arm: float
    leg: float
    bust: float
    stature: float

    @property
    def radius(self) -> float:
        """Half the head from crown to chin."""
        return 0.5 / self.heads


BUILDS: tuple[Build, ...] = (
    Build("woman", 5.9, 0.49, 0.088, 0.071, 0.052, 0.076, 0.019, 0.041, 0.016, 0.94),
    Build("man", 6.3, 0.48, 0.110, 0.092, 0.072, 0.073, 0.026, 0.045, 0.0, 1.0),
    Build("tall", 6.9, 0.52, 0.097, 0.078, 0.060, 0.068, 0.021, 0.038, 0.0, 1.08),
    Build("girl", 5.0, 0.46, 0.084, 0.070, 0.056, 0.074, 0.020, 0.041, 0.008, 0.86),
    Build("boy", 5.1, 0.46, 0.094, 0.080, 0.066, 0.070, 0.023, 0.042, 0.0, 0.88),
    Build("child", 3.9, 0.41, 0.092, 0.080, 0.074, 0.080, 0.025, 0.044, 0.0, 0.66),
    Build("small", 2.9, 0.29, 0.108, 0.096, 0.092, 0.100, 0.032, 0.050, 0.0, 0.55),
    Build("stout", 5.4, 0.43, 0.124, 0.122, 0.130, 0.122, 0.033, 0.058, 0.0, 0.95),
)


@dataclass(frozen=True)
class Arms:
    """How both arms are held, and their hands; the first is the one at the picture's left in a front view."""

    angles: tuple[Angles, Angles]
    hands: tuple[Hand, Hand] = (Hand.RELAXED, Hand.RELAXED)


@dataclass(frozen=True)
class Legs:
    """How both legs are held; ``lift`` is how far above the ground, ``lean`` how far the trunk leans forward (degrees).

    ``seat``: sits on a stool. ``aside``: only good from the side.
    """

    angles: tuple[Angles, Angles]
    lift: float = 0.0
    lean: float = 0.0
    seat: bool = False
    aside: bool = False


_DOWN: Angles = (2, 10, 10, 5)
_HIP: Angles = (-15, 46, 10, -60)
_UP: Angles = (172, 22, 176, 8)
_WAVE: Angles = (70, 62, 172, 10)
_BENT: Angles = (8, 10, 95, -38)

ARMS: Mapping[str, Arms] = MappingProxyType(
    {
        "down": Arms((_DOWN, _DOWN)),
        "loose": Arms(((-6, 14, 22, 2), (4, 12, 16, 2))),
        "hips": Arms((_HIP, _HIP), (Hand.FIST, Hand.FIST)),
        "hip": Arms((_HIP, _DOWN), (Hand.FIST, Hand.RELAXED)),
        "behind": Arms(((-24, 18, -14, -28), (-24, 18, -14, -28))),
        "crossed": Arms(((16, 14, 62, -74), (16, 14, 100, -78)), (Hand.FIST, Hand.RELAXED)),
        "holding": Arms((_BENT, _BENT), (Hand.FIST, Hand.FIST)),
        "shrug": Arms(((0, 26, 105, 58), (0, 26, 105, 58)), (Hand.OPEN, Hand.OPEN)),
        "thinking": Arms(((34, 8, 152, -40), (16, 12, 80, -70)), (Hand.FIST, Hand.RELAXED)),
        "swing": Arms(((30, 8, 48, 3), (-30, 8, -12, 3)), (Hand.FIST, Hand.FIST)),
        "run": Arms(((44, 12, 126, -8), (-58, 14, 24, 2)), (Hand.FIST, Hand.FIST)),
        "up": Arms((_UP, _UP), (Hand.OPEN, Hand.OPEN)),
        "cheer": Arms(((150, 40, 176, -6), _DOWN), (Hand.FIST, Hand.RELAXED)),
        "triumph": Arms(((120, 62, 176, 6), (120, 62, 176, 6)), (Hand.FIST, Hand.FIST)),
        "wave": Arms((_WAVE, _DOWN), (Hand.OPEN, Hand.RELAXED)),
        "waist wave": Arms((_WAVE, _HIP), (Hand.OPEN, Hand.FIST)),
        "point aside": Arms(((70, 80, 80, 86), _DOWN), (Hand.POINTING, Hand.RELAXED)),
        "point ahead": Arms(((86, 8, 88, 4), _DOWN), (Hand.POINTING, Hand.RELAXED)),
        "point up": Arms(((60, 30, 168, 4), _HIP), (Hand.POINTING, Hand.FIST)),
        "spread": Arms(((30, 76, 40, 80), (30, 76, 40, 80)), (Hand.OPEN, Hand.OPEN)),
        "guard": Arms(((40, 22, 140, -22), (50, 22, 130, -22)), (Hand.FIST, Hand.FIST)),
        "lap": Arms(((24, 10, 62, -18), (24, 10, 62, -18))),
        "knees": Arms(((46, 8, 66, -4), (46, 8, 66, -4))),
        "prop": Arms(((-34, 14, -24, 8), (-34, 14, -24, 8)), (Hand.OPEN, Hand.OPEN)),
    }
)

LEGS: Mapping[str, Legs] = MappingProxyType(
    {
        "stand": Legs(((0, 4, 0, 2), (0, 4, 0, 2))),
        "ease": Legs(((8, 9, -4, 6), (-2, 3, 0, 2))),
        "wide": Legs(((4, 17, 0, 14), (-2, 17, -4, 14))),
        "walk": Legs(((26, 3, 14, 2), (-18, 3, -40, 2)), lean=3),
        "stroll": Legs(((18, 4, 10, 2), (-10, 4, -26, 2)), lean=1),
        "run": Legs(((66, 4, -4, 2), (-26, 4, -84, 2)), lift=0.03, lean=14),
        "dash": Legs(((-34, 5, -66, 3), (52, 5, 8, 2)), lift=0.02, lean=20),
        "jump": Legs(((52, 16, -36, 10), (14, 12, -58, 8)), lift=0.10),
        "leap": Legs(((60, 8, 40, 4), (-46, 8, -60, 4)), lift=0.14, lean=10),
        "lunge": Legs(((44, 22, -4, 12), (-16, 26, -34, 20)), lean=8),
        "stool": Legs(((72, 8, 2, 3), (72, 8, 4, 3)), seat=True),
        "stool crossed": Legs(((76, 2, 20, -14), (70, 8, 2, 3)), seat=True),
        "knees up": Legs(((126, 9, 22, 4), (120, 9, 24, 4)), lean=-8),
        "cross-legged": Legs(((78, 58, 66, -72), (74, 58, 80, -70)), lean=2),
        "kneel": Legs(((8, 5, -94, 3), (4, 5, -95, 3)), aside=True),
        "heels": Legs(((80, 6, -92, 3), (78, 6, -93, 3)), aside=True),
        "stretched": Legs(((86, 7, 88, 5), (90, 7, 86, 5)), lean=-14, aside=True),
        "one knee": Legs(((84, 8, 0, 4), (2, 5, -92, 3)), lean=6, aside=True),
    }
)


@dataclass(frozen=True)
class Pose:
    """What legs and arms go together."""

    legs: tuple[str, ...]
    arms: tuple[str, ...]


POSES: Mapping[str, Pose] = MappingProxyType(
    {
        "standing": Pose(("stand", "ease", "wide"), ("down", "loose", "hip", "behind", "hips")),
        "walking": Pose(("walk", "stroll"), ("swing", "swing", "wave", "loose")),
        "running": Pose(("run", "dash"), ("run",)),
        "jumping": Pose(("jump", "leap"), ("up", "triumph", "spread", "run")),
        "sitting": Pose(("stool", "stool crossed"), ("lap", "knees", "crossed", "wave", "thinking")),
        "on the floor": Pose(("knees up", "cross-legged", "stretched"), ("knees", "lap", "prop", "wave")),
        "kneeling": Pose(("kneel", "heels", "one knee"), ("lap", "holding", "down", "knees")),
        "arms up": Pose(("stand", "wide", "ease"), ("up", "cheer", "triumph")),
        "pointing": Pose(("stand", "ease", "lunge"), ("point aside", "point ahead", "point up")),
        "crossed": Pose(("stand", "ease", "wide"), ("crossed",)),
        "holding": Pose(("stand", "ease", "stroll"), ("holding",)),
        "waving": Pose(("stand", "ease", "stroll"), ("wave", "waist wave")),
        "thinking": Pose(("stand", "ease"), ("thinking", "shrug")),
        "fighting": Pose(("lunge", "wide"), ("guard", "spread")),
    }
)


@dataclass(frozen=True)
class Held:
    """A pose that was decided upon, all angles in degrees; ``yaw`` and ``turn`` are those of the body and the head.

    ``sway`` leans the trunk to the picture's right, ``wind`` moves hair and cloth that way (-1 to 1).
    """

    arms: Arms
    legs: Legs
    yaw: float
    turn: float
    tilt: float
    sway: float
    wind: float


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Joints in the figure's units, float32; ``yaw`` is the body's and ``face`` the head's, in radians.

    ``arms`` (2, 4, 2): shoulder, elbow, wrist, finger tips. ``legs`` (2, 3, 2): hip, knee, ankle. ``feet`` (2, 2): from
    the ankle to the toes. Depths are towards the viewer, in the same units: of arms at elbow and wrist (2, 2), of knees
    (2,). ``neck`` and ``pelvis`` are the trunk's ends, ``head`` the head's centre.
    """

    yaw: float
    face: float
    arms: Points
    legs: Points
    feet: Points
    arm_depth: Points
    leg_depth: Points
    neck: Points
    pelvis: Points
    head: Points


def held(rng: np.random.Generator, name: str, view: View) -> Held:
    """Decide upon one pose of that name in a view: which legs and arms, which side is which, how far it is turned."""
    pose = POSES[name]
    aside = abs(np.sin(np.deg2rad(view.value))) > 0.5
    legs = LEGS[_chosen(rng, [row for row in pose.legs if aside or not LEGS[row].aside] or ["stand"])]
    arms = ARMS[_chosen(rng, _pointing(pose.arms, aside=aside))]
    mirrored = rng.random() < 0.5
    if rng.random() < 0.8 and name in ("walking", "running"):
        mirrored = False
    return Held(
        Arms(_jittered(rng, _ordered(arms.angles, mirrored)), _ordered(arms.hands, mirrored)),
        Legs(_jittered(rng, _ordered(legs.angles, mirrored), 2.0), legs.lift, legs.lean, legs.seat, legs.aside),
        yaw=view.value + rng.uniform(-7, 7),
        turn=_turned(rng, view),
        tilt=rng.normal(0, 6),
        sway=rng.normal(0, 2.5),
        wind=float(np.clip(rng.normal(0, 0.35), -1, 1)),
    )


def _pointing(arms: tuple[str, ...], *, aside: bool) -> list[str]:
    """An arm that points at the viewer is a stump: point aside from the front, ahead from the side."""
    unfit = "point aside" if aside else "point ahead"
    return [arm for arm in arms if arm != unfit]


def _ordered(pair: tuple[T, T], mirrored: bool) -> tuple[T, T]:
    return (pair[1], pair[0]) if mirrored else pair


def _chosen(rng: np.random.Generator, names: list[str]) -> str:
    return names[int(rng.integers(len(names)))]


def _turned(rng: np.random.Generator, view: View) -> float:
    """How far the head turns from the body; who is seen from behind looks over a shoulder at times."""
    if view is View.BEHIND:
        return rng.uniform(-8, 8)
    back = -np.sign(view.value) * rng.uniform(30, 58) if abs(view.value) > 90 and rng.random() < 0.5 else 0.0
    return float(back + rng.normal(0, 9))


def _jittered(rng: np.random.Generator, angles: tuple[Angles, Angles], by: float = 4.0) -> tuple[Angles, Angles]:
    first, second = (np.array(angles) + rng.normal(0, by, (2, 4))).tolist()
    return tuple(first), tuple(second)


def skeleton(build: Build, how: Held) -> Skeleton:
    """Return the joints of a body of that build as it is held, on the ground at y = 0."""
    yaw = np.deg2rad(how.yaw)
    radius = build.radius
    length = 0.97 - 2 * radius - build.legs - 0.16 * radius
    spine, _ = _seen(_spine(how), yaw)
    pelvis = np.zeros(2)
    neck = pelvis + spine[0] * length
    arms, arm_depth = _arms(build, how, (neck, neck - pelvis), length=length)
    legs, leg_depth = _legs(build, how.legs, yaw)
    feet = _feet(build, how.legs, yaw)
    head = neck + spine[1] * (1.12 * radius) + np.array((np.sin(yaw) * 0.16 * radius, 0.0))
    down = -how.legs.lift - _lowest(build, legs, feet)
    offset = np.array((0.0, down))
    return Skeleton(
        yaw,
        np.deg2rad(how.yaw + how.turn),
        *(np.asarray(joints + offset, np.float32) for joints in (arms, legs)),
        *(np.asarray(plain, np.float32) for plain in (feet, arm_depth, leg_depth)),
        *(np.asarray(joint + offset, np.float32) for joint in (neck, pelvis, head)),
    )


def _spine(how: Held) -> Floats:
    """Directions of trunk and neck; the neck leans half as far."""
    lean, sway = np.deg2rad((how.legs.lean, how.legs.lean * 0.5)), np.deg2rad((how.sway, how.sway))
    side = np.cos(np.deg2rad(how.yaw))
    return np.stack((np.sin(sway) * side, -np.cos(lean), np.sin(lean)), axis=1)


def _bones(angles: Floats) -> Floats:
    """Directions (2, bones, 3) of both sides' bones, from swing and spread in radians, (2, bones, 2)."""
    swing, spread = angles[..., 0], angles[..., 1]
    side = np.array(((-1.0,), (1.0,)))
    return np.stack((side * np.sin(spread), np.cos(spread) * np.cos(swing), np.cos(spread) * np.sin(swing)), axis=-1)


def _seen(directions: Floats, yaw: float) -> tuple[Floats, Floats]:
    """What the viewer sees of directions (..., 3): flat (..., 2), and how much they come nearer (...)."""
    x, y, z = directions[..., 0], directions[..., 1], directions[..., 2]
    nearer = -x * np.sin(yaw) + z * np.cos(yaw)
    return np.stack((x * np.cos(yaw) + z * np.sin(yaw), y + TILT * nearer), axis=-1), nearer


def _limbs(angles: tuple[Angles, Angles], yaw: float) -> tuple[Floats, Floats]:
    flat, nearer = _seen(_bones(np.deg2rad(np.array(angles).reshape(2, 2, 2))), yaw)
    lengths = np.hypot(flat[..., :1], flat[..., 1:]) + 1e-6
    return flat / lengths * np.maximum(lengths, SHORTEST), nearer


def _arms(build: Build, how: Held, trunk: tuple[Floats, Floats], *, length: float) -> tuple[Floats, Floats]:
    """Joints (2, 4, 2) and depths (2, 2) of both arms; ``trunk`` is the neck and what leads to it from the pelvis."""
    yaw = np.deg2rad(how.yaw)
    neck, up = trunk
    flat, nearer = _limbs(how.arms.angles, yaw)
    upper = length * 0.45
    sizes = np.array((upper, upper * 0.92, upper * 0.92 * HANDS))
    aside = np.array(((-1.0, 0.0, 0.0), (1.0, 0.0, 0.0))) * build.shoulder * 0.84
    sides, near = _seen(aside, yaw)
    shoulders = neck - up * 0.13 + sides
    bones = flat[:, (0, 1, 1)] * sizes[:, None]
    joints = np.concatenate((shoulders[:, None], shoulders[:, None] + np.cumsum(bones, axis=1)), axis=1)
    return joints, near[:, None] + np.cumsum(nearer * sizes[:2], axis=1)


def _legs(build: Build, legs: Legs, yaw: float) -> tuple[Floats, Floats]:
    """Joints (2, 3, 2) and depths (2,) of the knees, the pelvis at 0."""
    flat, nearer = _limbs(legs.angles, yaw)
    length = build.legs - ankle_height(build)
    sizes = np.array((length * 0.5, length * 0.5))
    aside = np.array(((-1.0, 0.0, 0.0), (1.0, 0.0, 0.0))) * build.hip * 0.52
    hips, near = _seen(aside, yaw)
    joints = np.concatenate((hips[:, None], hips[:, None] + np.cumsum(flat * sizes[:, None], axis=1)), axis=1)
    return joints, near + nearer[:, 0] * sizes[0]


def ankle_height(build: Build) -> float:
    """How far ankles are above the soles."""
    return 0.02 + 0.4 * build.leg


def _feet(build: Build, legs: Legs, yaw: float) -> Floats:
    """Both feet from the ankle to the toes (2, 2): square to a shin that is raised, else flat."""
    shins = np.array([row[2:] for row in legs.angles])
    raised = legs.lift > 0 or legs.lean < 0
    swing = np.where((shins[:, 0] < -12) | (shins[:, 0] > 30) | raised, shins[:, 0] + 84, 90.0)
    swing = np.clip(swing, -30, 175)
    angles = np.deg2rad(np.stack((swing, (12.0, 12.0)), axis=-1))[:, None]
    flat, _ = _seen(_bones(angles)[:, 0], yaw)
    return flat * (0.052 + 0.5 * build.leg)


def _lowest(build: Build, legs: Floats, feet: Floats) -> float:
    """Return the y of what touches the ground: a sole, a knee, or the seat."""
    soles = legs[:, 2, 1] + np.maximum(feet[:, 1] * 0.8, 0) + ankle_height(build) * np.where(feet[:, 1] > 0.03, 0.5, 1)
    return float(max(soles.max(), legs[:, 1, 1].max() + build.leg * 0.8, build.hip * 0.55))
