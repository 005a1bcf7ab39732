"""Beings of fairy tales: dragons and monsters."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import arc, bumpy, ellipse, even, leaf, limb, line, merged, smooth, tube
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.muzzles import Pieces, eye, mood, mouth_front
from mangapaint.training.scenes.shapes import Figure, Mark, Points, Shape

Rng = np.random.Generator


def dragon(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A small dragon from its side, winged, its belly in plates."""
    face, lift = mood(rng), float(rng.uniform(-0.04, 0.04))
    spikes, horns = _spikes(parts, lift), _horns(parts, lift)
    near, far = (
        merged([limb((x, -0.25), (x + 0.02, -0.06), 0.2, 0.14), ellipse(x + 0.06, -0.05, 0.13, 0.055)])
        for x in (-0.16, 0.14)
    )
    drawing: Pieces = [_dragon_wing(parts, -0.08, 0.86), *spikes, horns[0], Shape(far, parts["coat"])]
    drawing.append(_dragon_body(parts, lift, near))
    arm = tube(((0.16, -0.5), (0.32, -0.42), (0.42, -0.5)), (0.12, 0.1, 0.08))
    drawing += [horns[1], Shape(arm, parts["coat"]), _dragon_wing(parts, 0.0, 1.0)]
    drawing += eye(parts, (0.38, -0.82 + lift), 0.055, face)
    drawing.append(Mark(ellipse(0.6, -0.72 + lift, 0.01), 0.8))
    if face.open_mouth:
        flame = smooth(((0.6, -0.64 + lift), (0.78, -0.72), (0.95, -0.6), (0.86, -0.54), (0.94, -0.46), (0.74, -0.5)))
        drawing.append(Shape(flame, parts["flame"], round=0.1))
    lips = smooth(((0.62, -0.64 + lift), (0.5, -0.62 + lift), (0.4, -0.66 + lift - 0.04 * face.smile)), False)
    return Figure((*drawing, Mark(lips)), (0.38, -0.76, 0.28))


def _dragon_body(parts: Parts, lift: float, leg: Points) -> Shape:
    """Return tail, body, near leg and head as one, with the plates of the belly on it."""
    tail = tube(((-0.1, -0.2), (-0.42, -0.1), (-0.68, -0.16), (-0.8, -0.4 - lift)), (0.3, 0.2, 0.1, 0.03))
    body = tube(((-0.08, -0.12), (0.02, -0.36), (0.12, -0.56), (0.3, -0.76 + lift)), (0.4, 0.44, 0.26, 0.2))
    head = (ellipse(0.32, -0.78 + lift, 0.17), limb((0.34, -0.74 + lift), (0.56, -0.68 + lift), 0.2, 0.15))
    plates = tuple(Mark(line((0.0, y), (0.5, y + 0.05)), 0.7) for y in np.arange(-0.5, -0.08, 0.08))
    front = tube(((0.14, -0.1), (0.22, -0.36), (0.27, -0.58)), (0.2, 0.22, 0.14))
    belly = Shape(front, parts["belly"], line=0.7, marks=plates)
    return Shape(merged([tail, body, leg, *head]), parts["coat"], round=0.8, inside=(belly,))


def _spikes(parts: Parts, lift: float) -> list[Shape]:
    back = ((-0.2, -0.42), (-0.06, -0.56), (0.06, -0.7), (0.16, -0.86 + lift), (-0.36, -0.24), (-0.54, -0.2))
    return [
        Shape(line((x - 0.06, y + 0.04), (x - 0.09, y - 0.12), (x + 0.07, y - 0.02)), parts["horn"], line=0.8)
        for x, y in back
    ]


def _horns(parts: Parts, lift: float) -> list[Shape]:
    """Return the far horn and the near one."""
    return [
        Shape(leaf((0.28 + d, -0.9 + lift), (0.1 + d, -1.1 + lift), 0.07, bend=0.15), parts["horn"])
        for d in (0.08, 0.0)
    ]


def _dragon_wing(parts: Parts, shift: float, size: float) -> Shape:
    ways = (
        (0.04, -0.48),
        (-0.22, -0.98),
        (-0.62, -0.92),
        (-0.5, -0.78),
        (-0.56, -0.62),
        (-0.36, -0.6),
        (-0.3, -0.46),
        (-0.12, -0.48),
    )
    points = [(0.04 + (x - 0.04) * size + shift, -0.48 + (y + 0.48) * size) for x, y in ways]
    bones = tuple(Mark(line(points[0], end), 0.8) for end in (points[1], points[3], points[5]))
    return Shape(line(*points), parts["wing"], round=0.3, marks=bones)


def monster(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A shaggy being with one to three eyes, horns or not."""
    face = mood(rng)
    wide, eyes = float(form.uniform(0.3, 0.45)), int(form.integers(1, 4))
    soft = even((0, -0.95), (wide * 0.8, -0.8), (wide, -0.4), (wide * 0.8, -0.12))
    body = soft if form.random() < 0.5 else bumpy(0, -0.52, (wide * 1.1, 0.44), bumps=17, depth=0.1)
    horns = [
        Shape(leaf((s * wide * 0.5, -0.84), (s * wide * 0.95, -1.1), 0.12, bend=-0.2 * s), parts["horn"])
        for s in (-1, 1)
    ]
    spots = tuple(
        Shape(ellipse(x, y, 0.06), parts["patch"], line=0.6)
        for x, y in form.uniform((-wide, -0.85), (wide, -0.2), (6, 2))
    )
    belly = Shape(ellipse(0, -0.25, wide * 0.65, 0.18), parts["belly"], line=0.6)
    drawing: Pieces = [*(horns if form.random() < 0.6 else ()), *_limbs(parts, wide, float(rng.uniform(-0.5, 0.1)))]
    drawing.append(Shape(body, parts["coat"], round=0.8, inside=(*spots, belly)))
    for x in (0.0,) if eyes == 1 else np.linspace(-0.17, 0.17, eyes).tolist():
        drawing += eye(parts, (x, -0.7), 0.15 if eyes == 1 else 0.085, face, side=1 if x > 0 else -1)
    drawing += [_maw(parts)] if face.open_mouth else mouth_front(parts, (0.0, -0.52), 0.16, face)
    return Figure(tuple(drawing), (0.0, -0.65, 0.32))


def _limbs(parts: Parts, wide: float, reach: float) -> list[Shape]:
    """Return arms, raised by ``reach``, and legs."""
    limbs = []
    for s in (-1, 1):
        arm = ((s * wide * 0.8, -0.5), (s * (wide + 0.16), -0.45), (s * (wide + 0.24), -0.45 + reach))
        limbs.append(Shape(tube(arm, (0.14, 0.11, 0.14)), parts["coat"]))
        leg = merged([limb((s * 0.16, -0.2), (s * 0.17, -0.06), 0.16, 0.15), ellipse(s * 0.2, -0.05, 0.13, 0.06)])
        limbs.append(Shape(leg, parts["coat"]))
    return limbs


def _maw(parts: Parts) -> Shape:
    """Return an open mouth with teeth."""
    teeth = tuple(
        Shape(line((x - 0.04, -0.51), (x + 0.04, -0.51), (x, -0.43)), parts["white"], line=0.7)
        for x in (-0.12, 0.0, 0.12)
    )
    return Shape(arc(0, -0.5, 0.2, 0.14, turns=(0, np.pi)), parts["mouth"], round=0, inside=teeth)
