"""Beasts on four legs, from the side: standing, walking, running, lying, grazing; drawn from their measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mangapaint.training.scenes.builds import STRIPED, Build, tail_tip
from mangapaint.training.scenes.curves import Point, arc, blob, bumpy, ellipse, leaf, limb, line, merged, smooth, tube
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.muzzles import (
    Ears,
    Mood,
    Pieces,
    ear_side,
    eye,
    mood,
    mouth_side,
    nose,
    ruff,
    snout,
    whiskers,
)
from mangapaint.training.scenes.shapes import Figure, Mark, Points, Shape
from mangapaint.training.scenes.sitting import sitting

Rng = np.random.Generator


def draw(build: Build, parts: Parts, form: Rng, rng: Rng) -> Figure:
    """Draw the beast standing, walking, running or lying, or as it sits before us."""
    if build.sits and rng.random() < 0.4:
        return sitting(build, parts, form, mood(rng), rng)
    return _sideways(build, parts, form, mood(rng), rng)


def _sideways(build: Build, parts: Parts, form: Rng, face: Mood, rng: Rng) -> Figure:
    lying = bool(rng.random() < 0.15)
    swing = 0.0 if lying else float(rng.choice((0.0, 0.35, 0.7), p=(0.4, 0.4, 0.2)))
    if lying:
        build = replace(build, leg=(build.leg[0] * 0.25, build.leg[1]))
    (long, tall), high = build.body, build.leg[0]
    head = _head_at(build, rng)
    near, far = _legs(build, (-swing, swing * 0.6)), _legs(build, (swing * 0.5, -swing * 0.8))
    trunk_of_body = _barrel(build)
    neck = limb((long * 0.36, -high - tall * 0.62), (head[0], head[1]), build.neck[2] * 1.25, build.neck[2])
    skull = [
        ellipse(*head),
        limb((head[0], head[1] + head[2] * 0.2), _snout(build, head), head[2] * 1.2, build.head[2]),
    ]
    outline = merged([trunk_of_body, neck, *near, *skull])
    inside = (*_coat(build, parts, form, near, head), *_collar(build, parts, head))
    seams = tuple(Mark(_seam(build, x), 0.8) for x in (-0.33, 0.33))
    drawing: Pieces = [Shape(leg, parts["coat"], inside=_hoof(build, parts, leg)) for leg in far]
    drawing += _tail(build, parts, rng)
    drawing += _behind(build, parts, head)
    drawing.append(Shape(outline, parts["coat"], round=0.7, inside=inside, marks=seams))
    drawing += _crest(build, parts, head) if build.mane == "crest" else []
    drawing += _face_side(build, parts, head, face)
    return Figure(tuple(drawing), head)


def _barrel(build: Build) -> Points:
    """Return the outline of the body."""
    (long, tall), high = build.body, build.leg[0]
    if build.woolly:
        return bumpy(0, -high - tall * 0.5, (long * 0.55, tall * 0.56), bumps=15, depth=0.1)
    ways = (
        (-0.5, -0.62),
        (-0.4, -0.98),
        (0.0, -0.93),
        (0.38, -1.0),
        (0.52, -0.6),
        (0.4, -0.12),
        (0.0, 0.02),
        (-0.38, -0.06),
    )
    return smooth([(x * long, -high + y * tall) for x, y in ways])


def _head_at(build: Build, rng: Rng) -> tuple[float, float, float]:
    """Return where the head is: up, or lowered to graze."""
    (long, tall), (ahead, above, _), radius = build.body, build.neck, build.head[0]
    nod = float(rng.choice((rng.uniform(-0.08, 0.05), min(above * 0.7, 0.16)), p=(0.85, 0.15)))
    y = -build.leg[0] - tall * 0.75 - above + nod
    return long * 0.42 + ahead, min(y, -radius * 1.1), radius


def _snout(build: Build, head: tuple[float, float, float]) -> Point:
    return head[0] + head[2] * 0.5 + build.head[1], head[1] + head[2] * 0.38


def _legs(build: Build, swings: tuple[float, float]) -> list[Points]:
    """Return a hind leg and a fore leg; a swing is how far the foot is moved, in leg lengths."""
    (long, tall), (high, wide) = build.body, build.leg
    legs = []
    for x, swing in zip((-0.36, 0.36), swings, strict=True):
        hip, foot = (x * long, -high - tall * 0.35), (x * long + swing * high, -wide * 0.35)
        knee = ((hip[0] + foot[0]) / 2 + 0.1 * high * (1 if x > 0 else -1), (hip[1] + foot[1]) / 2)
        leg = tube((hip, knee, foot), (wide * 1.9, wide * 1.15, wide * 0.9), steps=4)
        paw = ellipse(foot[0] + wide * 0.22, foot[1], wide * 0.62, wide * 0.36)
        legs.append(merged([leg, paw]))
    return legs


def _seam(build: Build, x: float) -> Points:
    """Return the line where a near leg joins the body."""
    (long, tall), wide = build.body, build.leg[1]
    y = -build.leg[0] - tall * 0.3
    return smooth(
        ((x * long - wide * 0.8, y), (x * long - wide * 0.55, y + tall * 0.2), (x * long - wide * 0.5, y + tall * 0.3)),
        False,
    )


def _coat(
    build: Build, parts: Parts, form: Rng, legs: Sequence[Points], head: tuple[float, float, float]
) -> tuple[Shape, ...]:
    """Return what is on the coat: a belly, stripes or patches, stockings, a pale muzzle."""
    (long, tall), high = build.body, build.leg[0]
    striped = bool(form.random() < STRIPED)
    shapes: list[Shape] = []
    if "belly" in parts:
        shapes.append(
            Shape(ellipse(0.02 * long, -high + tall * 0.02, long * 0.4, tall * 0.24), parts["belly"], line=0.6)
        )
        tip = _snout(build, head)
        shapes.append(
            Shape(
                ellipse(tip[0], tip[1] + 0.02, build.head[1] * 0.6 + 0.05, build.head[2] * 0.6),
                parts["belly"],
                line=0.6,
            )
        )
    if "patch" in parts:
        shapes += _stripes(build, parts, form) if striped else _patches(build, parts, form)
    for leg in legs if build.hooved or form.random() < 0.3 else ():
        shapes += _hoof(build, parts, leg)
    return tuple(shapes)


def _stripes(build: Build, parts: Parts, form: Rng) -> list[Shape]:
    (long, tall), high = build.body, build.leg[0]
    xs = np.linspace(-0.4, 0.3, int(form.integers(4, 8))) * long
    return [
        Shape(
            leaf((x, -high - tall * 1.1), (x + 0.04, -high - tall * 0.35), long * 0.06, bend=0.08),
            parts["patch"],
            line=0.6,
        )
        for x in xs
    ]


def _patches(build: Build, parts: Parts, form: Rng) -> list[Shape]:
    (long, tall), high = build.body, build.leg[0]
    spots = form.uniform((-0.5, -1.0), (0.5, -0.2), (int(form.integers(3, 7)), 2))
    size = float(form.uniform(0.06, 0.16)) * long
    return [
        Shape(blob(form, x * long, -high + y * tall, (size, size * 0.8), rough=0.25), parts["patch"], line=0.6)
        for x, y in spots
    ]


def _hoof(build: Build, parts: Parts, leg: Points) -> tuple[Shape, ...]:
    """Return a hoof or a stocking, to be clipped by the leg."""
    name = "hoof" if build.hooved else "belly"
    if name not in parts:
        return ()
    foot = leg[leg[:, 1] > -build.leg[1] * 0.8]
    if not len(foot):
        return ()
    left, right = float(foot[:, 0].min()) - 0.05, float(foot[:, 0].max()) + 0.05
    return (
        Shape(
            line((left, -build.leg[1] * 0.75), (right, -build.leg[1] * 0.75), (right, 0.1), (left, 0.1)),
            parts[name],
            line=0.7,
        ),
    )


def _tail(build: Build, parts: Parts, rng: Rng) -> Pieces:
    (long, tall), high = build.body, build.leg[0]
    x, y, sway = -long * 0.47, -high - tall * 0.75, float(rng.uniform(-0.1, 0.15))
    end = (x - 0.12 - sway, min(y + tall * 1.2, -0.05))
    hanging = ((x + 0.03, y), (x - 0.1, y - 0.02), (x - 0.15 - sway, y + tall * 0.5), end)
    raised = ((x + 0.05, y), (x - 0.12, y - 0.02), (x - 0.2, y - 0.2), (x - 0.14 + sway, y - 0.36))
    coat, mane = parts["coat"], parts.get("mane", parts["coat"])
    tuft = leaf((end[0] + 0.01, end[1] - 0.06), (end[0] - 0.03, end[1] + 0.1), 0.09)
    strand = Mark(smooth(hanging, False), 0.6)
    curl = ((x, y), (x - 0.06, y - 0.04), (x - 0.03, y - 0.09), (x - 0.01, y - 0.03), (x - 0.1, y - 0.06))
    tails: dict[str, Pieces] = {
        "thin": [Shape(tube(raised, (0.07, 0.06, 0.06, 0.04)), coat)],
        "bushy": [Shape(tube(raised, (0.05, 0.14, 0.2, 0.02)), coat, inside=tail_tip(parts, raised[-1]))],
        "stub": [Shape(ellipse(x - 0.02, y + 0.05, 0.08), parts.get("belly", coat), round=0.9)],
        "curl": [Mark(smooth(curl, False), 1.8)],
        "tuft": [Shape(tube(hanging, (0.05, 0.035, 0.03, 0.03)), coat), Shape(tuft, mane)],
        "hair": [Shape(tube(hanging, (0.06, 0.1, 0.14, 0.03)), mane, marks=(strand,))],
    }
    return tails[build.tail]


def _behind(build: Build, parts: Parts, head: tuple[float, float, float]) -> Pieces:
    """Return what is behind the head: a ruff, or the far ear."""
    x, y, r = head
    if build.mane == "ruff":
        return [ruff(parts, (x - r * 0.2, y, r), 13)]
    return [] if build.ears in (Ears.FLOPPY, Ears.FAN) else ear_side(parts, build.ears, (x + r * 0.3, y, r), -0.1)


def _collar(build: Build, parts: Parts, head: tuple[float, float, float]) -> tuple[Shape, ...]:
    """Return a collar with its bell, to be clipped by the neck."""
    (long, tall), high = build.body, build.leg[0]
    if "collar" not in parts:
        return ()
    shoulder = (long * 0.36, -high - tall * 0.62)
    x, y = 0.45 * shoulder[0] + 0.55 * head[0], 0.45 * shoulder[1] + 0.55 * head[1]
    right, down = head[0] - shoulder[0], head[1] - shoulder[1]
    reach = build.neck[2] * 0.8 / (float(np.hypot(right, down)) + 1e-6)
    over, under = (x + down * reach, y - right * reach), (x - down * reach, y + right * reach)
    bell = (x - down * reach * 0.55, y + right * reach * 0.55)
    return Shape(limb(over, under, 0.06, 0.06), parts["collar"]), Shape(
        ellipse(*bell, 0.035), parts["white"], round=0.6
    )


def _crest(build: Build, parts: Parts, head: tuple[float, float, float]) -> Pieces:
    """Return a horse's mane along its neck."""
    (long, tall), high = build.body, build.leg[0]
    x, y, r = head
    base = (long * 0.22, -high - tall * 1.0)
    back = smooth(
        (
            (x + r * 0.2, y - r * 1.1),
            (x - r * 0.9, y - r * 0.7),
            ((x + base[0]) / 2 - r * 0.7, (y + base[1]) / 2 - r * 0.2),
            base,
        ),
        False,
    )
    front = smooth(
        (
            base,
            ((x + base[0]) / 2 + r * 0.3, (y + base[1]) / 2 + r * 0.4),
            (x - r * 0.35, y - r * 0.1),
            (x + r * 0.35, y - r * 0.5),
        ),
        False,
    )
    strands = tuple(Mark(np.stack((back[i], front[-i - 1])).astype(np.float32), 0.5) for i in range(3, 13, 3))
    return [Shape(np.concatenate((back, front)), parts["mane"], round=0.4, marks=strands, solid=True)]


def _face_side(build: Build, parts: Parts, head: tuple[float, float, float], face: Mood) -> Pieces:
    x, y, r = head
    tip = _snout(build, head)
    drawing: Pieces = []
    if build.horned:
        drawing.append(
            Shape(leaf((x - r * 0.15, y - r * 0.8), (x + r * 0.35, y - r * 1.9), r * 0.4, bend=0.3), parts["horn"])
        )
    drawing += ear_side(parts, build.ears, head, 0.1)
    drawing += eye(parts, (x + r * 0.3, y - r * 0.15), r * 0.2, face)
    if build.trunk:
        return drawing + _trunk(build, parts, head)
    drawing += mouth_side(
        parts, (x + r * 0.45, y + r * 0.62), (tip[0] + build.head[2] * 0.3, tip[1] + build.head[2] * 0.15), face
    )
    point = (tip[0] + build.head[2] * 0.36, tip[1] - build.head[2] * 0.22)
    drawing.append(snout(parts, point, r * 0.3) if build.snouted else nose(parts, point, build.head[2] * 0.22))
    return drawing + (whiskers((tip[0], tip[1]), r * 0.5, (-1,)) if build.whiskered else [])


def _trunk(build: Build, parts: Parts, head: tuple[float, float, float]) -> Pieces:
    x, y, r = head
    ways = ((x + r * 0.6, y), (x + r * 1.25, y + r * 0.5), (x + r * 1.3, y + r * 1.4), (x + r * 1.75, y + r * 1.7))
    rings = tuple(
        Mark(arc(x + r * 1.25, y + r * t, r * 0.4, r * 0.1, turns=(0.3, 2.8)), 0.6) for t in (0.4, 0.65, 0.9, 1.15)
    )
    tusk = Shape(leaf((x + r * 0.75, y + r * 0.5), (x + r * 1.7, y + r * 0.75), r * 0.2, bend=-0.2), parts["horn"])
    return [tusk, Shape(tube(ways, (r * 0.9, r * 0.6, r * 0.42, r * 0.3)), parts["coat"], marks=rings)]
