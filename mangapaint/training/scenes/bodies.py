"""The body that clothes lie on: limbs, hands, feet, and a trunk of which each place can be found in any view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import ArrayLike

from mangapaint.training.scenes.curves import ellipse, line, smooth
from mangapaint.training.scenes.poses import TILT, Build, Floats, Hand, Held, Layer, Skeleton, ankle_height, skeleton
from mangapaint.training.scenes.shapes import Identity, Mark, Points, Shape

Item = tuple[Layer, Shape | Mark]

HEIGHTS = np.array((0.0, 0.05, 0.12, 0.22, 0.36, 0.5, 0.64, 0.8, 0.92, 1.04))
"""Where along the trunk, from the neck to below the pelvis, its cross-sections are known."""

FOLDED = -0.5
"""A limb whose bones have this cosine between them, or less, is folded: upper and lower part cannot be told apart."""

HANDS: Mapping[Hand, Points] = MappingProxyType(
    {
        Hand.RELAXED: line(
            (-0.05, -0.26), (0.3, -0.36), (0.7, -0.33), (0.98, -0.16), (1.0, 0.06), (0.74, 0.2), (0.56, 0.24),
            (0.66, 0.4), (0.5, 0.5), (0.22, 0.37), (-0.05, 0.26),
        ),
        Hand.FIST: line(
            (-0.05, -0.27), (0.2, -0.42), (0.55, -0.44), (0.72, -0.2), (0.7, 0.2), (0.5, 0.4), (0.2, 0.38),
            (-0.05, 0.27),
        ),
        Hand.OPEN: line(
            (-0.05, -0.26), (0.35, -0.4), (0.68, -0.66), (0.8, -0.6), (0.62, -0.3), (1.0, -0.36), (1.04, -0.22),
            (0.66, -0.1), (1.12, -0.05), (1.12, 0.09), (0.66, 0.09), (0.98, 0.24), (0.93, 0.36), (0.5, 0.27),
            (0.52, 0.66), (0.38, 0.7), (0.18, 0.38), (-0.05, 0.26),
        ),
        Hand.POINTING: line(
            (-0.05, -0.26), (0.22, -0.42), (0.56, -0.42), (0.62, -0.1), (0.66, 0.1), (1.2, 0.14), (1.24, 0.28),
            (0.62, 0.36), (0.42, 0.44), (0.2, 0.4), (-0.05, 0.26),
        ),
    }
)  # fmt: skip
"""Outlines: x from the wrist to the finger tips, y towards the thumb."""

FINGERS: Mapping[Hand, tuple[Points, ...]] = MappingProxyType(
    {
        Hand.RELAXED: (line((0.6, -0.1), (0.95, -0.07)), line((0.62, 0.07), (0.9, 0.08))),
        Hand.FIST: (line((0.42, -0.18), (0.7, -0.16)), line((0.42, 0.02), (0.7, 0.02)), line((0.3, 0.36), (0.45, 0.2))),
        Hand.OPEN: (),
        Hand.POINTING: (
            line((0.34, -0.2), (0.6, -0.2)),
            line((0.34, -0.02), (0.62, -0.02)),
            line((0.2, 0.2), (0.52, 0.06)),
        ),
    }
)


@dataclass(frozen=True, eq=False)
class Trunk:
    """A trunk as a stack of ellipses along its axis.

    Places on it are told by a longitude (radians, 0 the body's front, positive to its left) and a height ``v``: 0 at
    the neck, 1 at the pelvis, more below.
    """

    build: Build
    yaw: float
    neck: Points
    pelvis: Points

    @property
    def axis(self) -> Points:
        """From the neck to the pelvis."""
        return self.pelvis - self.neck

    @cached_property
    def _sections(self) -> tuple[Floats, Floats, Floats]:
        """Half widths, half depths, and how far forward, at ``HEIGHTS``."""
        b = self.build
        soft = b.waist / b.chest if b.waist > b.chest else 1.0
        wide = np.array((0.36 * b.shoulder, 0.66 * b.shoulder, 0.98 * b.shoulder, 1.02 * b.chest + 0.1 * b.shoulder,
                         b.chest, b.waist * 1.06, b.waist, 0.86 * b.hip + 0.1 * b.waist, b.hip, b.hip))  # fmt: skip
        deep = np.array((0.3, 0.42, 0.5, 0.66, 0.74, 0.72 * soft, 0.74 * soft, 0.78, 0.82, 0.8)) * np.minimum(
            wide, b.chest * 1.1
        )
        fore = np.array((-0.1, -0.1, 0, 0.12, 0.16, 0.1, 0.02, -0.06, -0.1, -0.08)) * b.chest
        fore += np.array((0, 0, 0.2, 0.7, 1.0, 0.5, 0, 0, 0, 0)) * b.bust
        return wide, deep + np.array((0, 0, 0.1, 0.5, 0.7, 0.2, 0, 0, 0, 0)) * b.bust, fore

    def at(self, longitude: ArrayLike, height: ArrayLike, grow: float | Floats = 1.0) -> Points:
        """Return where places are seen, (n, 2); those on the far side lie at the edge."""
        lon, v = np.broadcast_arrays(np.atleast_1d(np.asarray(longitude, float)), np.asarray(height, float))
        wide, deep, fore = (np.interp(v, HEIGHTS, section) for section in self._sections)
        sin, cos = np.sin(self.yaw), np.cos(self.yaw)
        x = grow * (wide * np.sin(lon) * cos + deep * np.cos(lon) * sin)
        z = grow * (-wide * np.sin(lon) * sin + deep * np.cos(lon) * cos)
        edge = np.hypot(wide * cos, deep * sin) * grow
        x = np.where(z < 0, np.where(x < 0, -edge, edge), x) + fore * sin
        axis = self.axis
        aside = np.array((axis[1], -axis[0])) / (np.hypot(*axis) + 1e-9)
        point = self.neck + v[:, None] * axis + x[:, None] * aside
        point[:, 1] += TILT * np.maximum(z, 0)
        return point.astype(np.float32)

    def edge(self, side: int, height: ArrayLike, grow: float | Floats = 1.0) -> Points:
        """Return the outline at the picture's left (-1) or right (1), (n, 2)."""
        v = np.atleast_1d(np.asarray(height, float))
        wide, deep, _ = (np.interp(v, HEIGHTS, section) for section in self._sections)
        lon = np.arctan2(wide * np.cos(self.yaw) * side, deep * np.sin(self.yaw) * side)
        return self.at(lon, v, grow)

    def shows(self, longitude: float) -> float:
        """How much a place at that longitude faces the viewer, -1 to 1."""
        return float(np.cos(longitude + self.yaw))

    def collar(self, top: float, bottom: float, grow: float) -> Points:
        """Return the outline of a thick ring about the neck, lower in its middle than at its sides."""
        yaw = (self.yaw + np.pi / 2) % np.pi - np.pi / 2
        middle = float(np.clip(yaw, -0.5, 0.5)) - self.yaw
        left, right = (self.edge(side, (top - 0.02, (top + bottom) / 2 - 0.01), grow) for side in (-1, 1))
        places = ((middle - 0.7, bottom - 0.02), (middle, bottom + 0.02), (middle + 0.7, bottom - 0.02))
        throat = self.at(middle, top + 0.35 * (bottom - top), grow)
        return smooth(np.concatenate((left, self.patch(places, grow), right[::-1], throat)), steps=4)

    def band(self, top: float, bottom: float, grow: float = 1.0) -> Points:
        """Return the outline of a band around the trunk between two heights."""
        around = np.linspace(-np.pi / 2, np.pi / 2, 9) - self.yaw
        return np.concatenate((self.at(around, top, grow), self.at(around[::-1], bottom, grow)))

    def patch(self, places: ArrayLike, grow: float = 1.0) -> Points:
        """Return the polygon of places (longitude, height), (n, 2)."""
        spots = np.asarray(places, float)
        return self.at(spots[:, 0], spots[:, 1], grow)


@dataclass(frozen=True, eq=False)
class Body:
    """A body as it is held, and what its clothes need to know of it."""

    build: Build
    held: Held
    skeleton: Skeleton
    trunk: Trunk

    @property
    def behind(self) -> bool:
        """Whether its back is towards the viewer."""
        return bool(np.cos(self.skeleton.yaw) < -0.2)

    @property
    def bent(self) -> bool:
        """Whether it sits: a thigh is raised towards the level."""
        return any(self.raised(side) for side in (0, 1))

    def raised(self, side: int) -> bool:
        """Whether a thigh is lifted so far that it lies before the trunk, or behind it."""
        hip, knee = self.skeleton.legs[side, 0], self.skeleton.legs[side, 1]
        return bool(knee[1] - hip[1] < 0.66 * (self.build.legs - ankle_height(self.build)) * 0.5)

    def arm_layer(self, side: int) -> Layer:
        """Whether an arm is behind the trunk, before it, or before the face."""
        depth = float(self.skeleton.arm_depth[side].mean())
        tip = self.skeleton.arms[side, 2:].mean(axis=0)
        near_face = float(np.hypot(*(tip - self.skeleton.head))) < 1.5 * self.build.radius
        if near_face and depth > 0.03:
            return Layer.RAISED
        return Layer.NEAR_ARM if depth > -0.02 else Layer.FAR_ARM

    def leg_layer(self, side: int) -> Layer:
        """Whether a leg is drawn before the trunk or over it."""
        return Layer.LAP if self.raised(side) and self.skeleton.leg_depth[side] > 0 else Layer.LEGS


def bodied(build: Build, how: Held) -> Body:
    """Return a body of that build as it is held."""
    bones = skeleton(build, how)
    return Body(build, how, bones, Trunk(build, bones.yaw, bones.neck, bones.pelvis))


def limb(chain: ArrayLike, halves: ArrayLike, *, capped: bool = False) -> Points:
    """Return the outline about joints (n, 2), ``halves`` (n,) wide to either side; smooth at the joints.

    ``capped``: the last end is round, else it is nearly flat, as a cuff.
    """
    joints, half = np.asarray(chain, float), np.asarray(halves, float)
    bones = np.diff(joints, axis=0)
    ahead = bones / (np.hypot(bones[:, :1], bones[:, 1:]) + 1e-9)
    if len(ahead) > 1 and np.sum(ahead[:-1] * ahead[1:], axis=1).min() < FOLDED:
        return _hull([(tuple(joint), width) for joint, width in zip(joints.tolist(), half.tolist(), strict=True)])
    aside = np.stack((-ahead[:, 1], ahead[:, 0]), axis=1)
    at_joints = _mitred(aside)
    middles = (joints[:-1] + joints[1:]) / 2
    wide = (half[:-1] + half[1:]) / 2
    edges = []
    for side in (1.0, -1.0):
        corners = joints + side * _held_in(at_joints, ahead, side) * half[:, None]
        between = middles + side * aside * wide[:, None]
        both = np.empty((2 * len(joints) - 1, 2))
        both[::2], both[1::2] = corners, between
        edges.append(both)
    start = joints[:1] - ahead[:1] * half[0] * 0.6
    end = joints[-1:] + ahead[-1:] * half[-1] * (0.9 if capped else 0.18)
    return np.concatenate(
        (
            smooth(np.concatenate((start, edges[0], end)), False),
            smooth(np.concatenate((end, edges[1][::-1], start)), False),
        )
    )


def _mitred(aside: Floats) -> Floats:
    """Normals at the joints, as long as it takes to keep the limb's thickness where it bends."""
    inner = aside[:-1] + aside[1:]
    closeness = 1 + np.sum(aside[:-1] * aside[1:], axis=1, keepdims=True)
    return np.concatenate((aside[:1], inner / np.maximum(closeness, 0.6), aside[-1:]))


def _held_in(normals: Floats, ahead: Floats, side: float) -> Floats:
    """The outer side of a bend is rounder than the mitre: shorten it there."""
    turn = np.zeros(len(normals))
    turn[1:-1] = ahead[:-1, 0] * ahead[1:, 1] - ahead[:-1, 1] * ahead[1:, 0]
    length = np.hypot(normals[:, 0], normals[:, 1])
    most = np.where(turn * side < 0, 1.04, 1.5)
    return normals * np.minimum(1, most / np.maximum(length, 1e-6))[:, None]


def hand(skeleton: Skeleton, side: int, how: Hand, skin: Identity) -> Shape:
    """Return a hand at the end of an arm; ``side`` 0 or 1."""
    wrist, tip = skeleton.arms[side, 2].astype(float), skeleton.arms[side, 3].astype(float)
    along = tip - wrist
    length = max(float(np.hypot(*along)), 1e-6)
    full = _full_hand(skeleton)
    size = max(length, 0.75 * full)
    ahead = along / length
    aside = np.array((-ahead[1], ahead[0]))
    inwards = (1 if side == 0 else -1) * np.cos(skeleton.yaw) + np.sin(skeleton.yaw)
    if aside @ np.array((inwards, -0.35)) < 0:
        aside = -aside
    frame = np.stack((ahead * size, aside * full * 0.86))
    points = (smooth(HANDS[how], steps=3) @ frame + wrist).astype(np.float32)
    marks = tuple(Mark((finger @ frame + wrist).astype(np.float32), 0.6) for finger in FINGERS[how])
    return Shape(points, skin, round=0.6, marks=marks)


def _full_hand(skeleton: Skeleton) -> float:
    """Length of a hand that is seen from the side, from the trunk's length."""
    return float(np.hypot(*(skeleton.pelvis - skeleton.neck))) * 0.17


def shoe(skeleton: Skeleton, side: int, build: Build) -> Points:
    """Return the outline of a foot with its shoe."""
    ankle, toes = skeleton.legs[side, 2].astype(float), skeleton.feet[side].astype(float)
    shin = ankle - skeleton.legs[side, 1]
    shin /= np.hypot(*shin) + 1e-9
    down = np.array((0.0, 1.0)) if abs(shin[0]) < 0.3 and shin[1] > 0 else shin
    height, thick = ankle_height(build), build.leg * 0.62
    circles = (
        (ankle, thick * 0.86),
        (ankle + down * (height - thick * 0.62) - toes * 0.22, thick * 0.62),
        (ankle + down * (height - thick * 0.66) + toes * 0.5, thick * 0.66),
        (ankle + down * (height - thick * 0.5) + toes * 0.9, thick * 0.5),
    )
    return _hull(circles)


def _hull(circles: Sequence[tuple[ArrayLike, float]]) -> Points:
    """Return the outline of what a string around circles (centre, radius) encloses."""
    rounds = np.concatenate([ellipse(0, 0, radius) + np.asarray(centre, np.float32) for centre, radius in circles])
    return np.asarray(cv2.convexHull(rounds.astype(np.float32)), np.float32)[:, 0]
