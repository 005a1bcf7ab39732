"""Faces of animals, from the front and from the side: eyes, noses, mouths, ears, whiskers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from mangapaint.training.scenes.curves import Point, arc, bumpy, ellipse, leaf, line, smooth
from mangapaint.training.scenes.materials import WHITE, Parts
from mangapaint.training.scenes.shapes import Mark, Points, Shape

Rng = np.random.Generator
Pieces = list[Shape | Mark]


class Ears(Enum):
    """How ears are made."""

    POINTED = "pointed"
    FLOPPY = "floppy"
    LONG = "long"
    ROUND = "round"
    ASIDE = "aside"
    FAN = "fan"


@dataclass(frozen=True)
class Mood:
    """What a face shows in one picture."""

    closed: bool
    open_mouth: bool
    cross: bool
    smile: float
    gaze: float


def mood(rng: Rng) -> Mood:
    """Choose what a face shows."""
    closed, opened, cross = rng.random(3) < (0.18, 0.3, 0.15)
    return Mood(bool(closed), bool(opened), bool(cross), float(rng.uniform(-0.6, 1)), float(rng.uniform(-0.3, 0.3)))


def eye(parts: Parts, at: Point, radius: float, mood: Mood, *, side: float = -1) -> Pieces:
    """Return an eye: a dot with a glint, or one with its white, or closed; ``side`` is 1 for one right of the nose."""
    x, y = at
    if mood.closed:
        return [Mark(arc(x, y, radius, radius * 0.7, turns=(0.2, np.pi - 0.2)), 1.2)]
    ends = (x + side * radius * 1.3, y - radius * 1.9), (x - side * radius * 1.2, y - radius * 1.2)
    brow: Pieces = [Mark(line(*ends), 1.4)] if mood.cross else []
    glint = Shape(ellipse(x - radius * 0.25, y - radius * 0.35, radius * 0.28), parts["white"], line=0, round=0)
    if "iris" not in parts:
        return [*brow, Shape(ellipse(x, y, radius * 0.75, radius), parts["pupil"], solid=True, round=0), glint]
    look = x + mood.gaze * radius
    iris = Shape(
        ellipse(look, y, radius * 0.72),
        parts["iris"],
        line=0.7,
        inside=(Shape(ellipse(look, y, radius * 0.36, radius * 0.5), parts["pupil"], solid=True, round=0), glint),
    )
    return [Shape(ellipse(x, y, radius, radius * 1.1), parts["white"], line=0.9, round=0.2, inside=(iris,)), *brow]


def mouth_front(parts: Parts, at: Point, size: float, mood: Mood) -> Pieces:
    """Return the mouth below a nose: two curves, opened or not."""
    x, y = at
    low = y + size * 0.55
    curves: Pieces = [
        Mark(
            smooth(
                ((x, y), (x + side * size * 0.1, low), (x + side * size * 0.6, low - size * 0.35 * mood.smile)), False
            )
        )
        for side in (-1, 1)
    ]
    if not mood.open_mouth:
        return curves
    jaw = smooth(
        ((x - size * 0.4, low - size * 0.1), (x, low), (x + size * 0.4, low - size * 0.1), (x, low + size * 0.8))
    )
    tongue = Shape(ellipse(x, low + size * 0.65, size * 0.28, size * 0.25), parts["tongue"], line=0.6)
    return [Shape(jaw, parts["mouth"], round=0, inside=(tongue,)), *curves]


def mouth_side(parts: Parts, corner: Point, tip: Point, mood: Mood) -> Pieces:
    """Return the line of a mouth from its corner in the cheek to the tip of the snout, or an open one."""
    (x, y), (end, low) = corner, tip
    lift = 0.04 * mood.smile
    shut = smooth(((x, y - lift), ((x + end) / 2, max(y, low) + 0.012), (end, low)), False)
    if not mood.open_mouth:
        return [Mark(shut)]
    gap = (end - x) * 0.45
    jaw = smooth(
        (
            (x, y - lift),
            ((x + end) / 2, max(y, low)),
            (end, low),
            (end - gap * 0.4, low + gap * 0.8),
            (x + gap * 0.5, low + gap * 0.6),
        )
    )
    tongue = Shape(ellipse((x + end) / 2, low + gap * 0.65, gap * 0.5, gap * 0.22), parts["tongue"], line=0.6)
    return [Shape(jaw, parts["mouth"], round=0, inside=(tongue,))]


def whiskers(at: Point, size: float, sides: tuple[int, ...] = (-1, 1)) -> Pieces:
    """Return three thin lines at each side of a nose."""
    x, y = at
    return [
        Mark(line((x + side * size * 0.5, y + dy * size * 0.3), (x + side * size * 1.5, y + dy * size)), 0.5)
        for side in sides
        for dy in (-0.25, 0.05, 0.35)
    ]


def ears_front(parts: Parts, kind: Ears, head: tuple[float, float, float], turn: float) -> Pieces:
    """Return both ears of a head seen from the front, of radius ``head[2]``; ``turn`` lets them hang or rise."""
    return [piece for side in (-1, 1) for piece in _ear_front(parts, kind, head, side * 1.0, turn)]


def _ear_front(parts: Parts, kind: Ears, head: tuple[float, float, float], side: float, turn: float) -> Pieces:
    x, y, r = head
    outlines: dict[Ears, tuple[Points, Points | None]] = {
        Ears.POINTED: (_horn(x, y, r, side, 1.0), _horn(x, y, r, side, 0.6)),
        Ears.ROUND: (
            ellipse(x + side * r * 0.75, y - r * 0.75, r * 0.36),
            ellipse(x + side * r * 0.75, y - r * 0.75, r * 0.2),
        ),
        Ears.LONG: (
            leaf((x + side * r * 0.3, y - r * 0.6), (x + side * r * (0.6 + turn), y - r * 2.3), r * 0.55),
            leaf((x + side * r * 0.36, y - r * 0.9), (x + side * r * (0.57 + turn), y - r * 2.05), r * 0.26),
        ),
        Ears.FLOPPY: (
            leaf((x + side * r * 0.6, y - r * 0.85), (x + side * r * 1.15, y + r * 0.5), r * 0.62, bend=-0.25 * side),
            None,
        ),
        Ears.ASIDE: (
            leaf((x + side * r * 0.65, y - r * 0.5), (x + side * r * 1.55, y - r * (0.55 + turn)), r * 0.45),
            None,
        ),
        Ears.FAN: (
            smooth(
                [
                    (x + side * r * a, y + r * b)
                    for a, b in ((0.6, -0.7), (1.5, -1.0), (1.95, -0.3), (1.5, 0.6), (0.8, 0.5))
                ]
            ),
            smooth(
                [
                    (x + side * r * a, y + r * b)
                    for a, b in ((0.9, -0.5), (1.45, -0.7), (1.7, -0.25), (1.4, 0.3), (0.95, 0.3))
                ]
            ),
        ),
    }
    outer, inner = outlines[kind]
    inside = (Shape(inner, parts["inner"], line=0.7),) if inner is not None and "inner" in parts else ()
    return [Shape(outer, parts["patch" if kind is Ears.FLOPPY and "patch" in parts else "coat"], inside=inside)]


def _horn(x: float, y: float, r: float, side: float, size: float) -> Points:
    """Return a pointed ear."""
    base, tip = (x + side * r * 0.55, y - r * 0.7), (x + side * r * (0.6 + 0.28 * size), y - r * (0.7 + 0.75 * size))
    return smooth(
        (
            (base[0] - side * r * 0.4 * size, base[1] - 0.12 * r),
            (tip[0] - side * 0.05 * r, tip[1]),
            tip,
            (base[0] + side * r * 0.36 * size, base[1] + r * 0.3),
        ),
        steps=3,
    )


def ear_side(parts: Parts, kind: Ears, head: tuple[float, float, float], lean: float) -> Pieces:
    """Return the near ear of a head that looks to the right."""
    x, y, r = head
    outlines: dict[Ears, Points] = {
        Ears.POINTED: line(
            (x - r * 0.55, y - r * 0.55), (x - r * (0.45 + lean), y - r * 1.55), (x + r * 0.15, y - r * 0.8)
        ),
        Ears.ROUND: ellipse(x - r * 0.35, y - r * 0.8, r * 0.34),
        Ears.LONG: leaf((x - r * 0.2, y - r * 0.7), (x - r * (0.6 + 2 * lean), y - r * 2.4), r * 0.55),
        Ears.FLOPPY: leaf((x - r * 0.1, y - r * 0.8), (x - r * 0.5, y + r * 0.75), r * 0.75, bend=0.2),
        Ears.ASIDE: leaf((x - r * 0.35, y - r * 0.65), (x - r * (1.0 + lean), y - r * 1.15), r * 0.42),
        Ears.FAN: smooth(
            [
                (x + r * a, y + r * b)
                for a, b in ((0.05, -0.8), (-0.9, -1.0), (-1.5, -0.2), (-1.2, 0.8), (-0.4, 1.0), (0.05, 0.2))
            ]
        ),
    }
    outline = outlines[kind]
    middle = outline.mean(axis=0, dtype=np.float32)
    inner = ((outline - middle) * 0.58 + middle).astype(np.float32)
    seen = "inner" in parts and kind is not Ears.FLOPPY
    inside = (Shape(inner, parts["inner"], line=0.6),) if seen else ()
    return [Shape(outline, parts["patch" if kind is Ears.FLOPPY and "patch" in parts else "coat"], inside=inside)]


def nose(parts: Parts, at: Point, size: float) -> Shape:
    """Return a nose with a glint."""
    x, y = at
    glint = (Mark(line((x - size * 0.3, y - size * 0.25), (x + size * 0.1, y - size * 0.35)), 0.6, WHITE),)
    outline = smooth(((x - size, y - size * 0.5), (x + size, y - size * 0.5), (x, y + size * 0.7)), steps=4)
    return Shape(outline, parts["nose"], round=0.6, solid=True, marks=glint)


def snout(parts: Parts, at: Point, size: float) -> Shape:
    """Return a pig's nose."""
    x, y = at
    holes = tuple(Mark(ellipse(x + side * size * 0.35, y, size * 0.12, size * 0.22), 0.9) for side in (-1, 1))
    return Shape(ellipse(x, y, size, size * 0.75), parts["nose"], round=0.5, marks=holes)


def ruff(parts: Parts, head: tuple[float, float, float], tips: int) -> Shape:
    """Return a lion's mane around a head."""
    x, y, r = head
    angles = np.arange(tips) * 2 * np.pi / tips
    strands = tuple(
        Mark(
            line(
                (x + 1.1 * r * np.cos(a), y + 1.1 * r * np.sin(a)), (x + 1.4 * r * np.cos(a), y + 1.4 * r * np.sin(a))
            ),
            0.7,
        )
        for a in angles
    )
    return Shape(bumpy(x, y + 0.1 * r, (1.6 * r, 1.6 * r), bumps=tips), parts["mane"], round=0.5, marks=strands)
