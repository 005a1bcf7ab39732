"""Animals that do not go on four legs, each drawn in its own way."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import arc, bumpy, ellipse, leaf, limb, line, merged, smooth, tube
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.muzzles import Pieces, eye, mood
from mangapaint.training.scenes.shapes import Figure, Mark, Shape

Rng = np.random.Generator


def bird(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A bird: perched or in flight, a hen's comb on its head or not."""
    face = mood(rng)
    long = float(form.uniform(0.25, 0.45))
    head = (0.26, -0.76, 0.2)
    body = merged(
        [
            smooth(((-0.34, -0.5), (0.1, -0.66), (0.36, -0.45), (0.2, -0.14), (-0.1, -0.12), (-0.32, -0.34))),
            ellipse(*head),
            limb((0.16, -0.45), (0.25, -0.7), 0.36, 0.3),
        ]
    )
    beak = ((0.42, -0.82), (0.62, -0.74), (0.42, -0.69))
    opened = [Shape(line((0.42, -0.73), (0.58, -0.68), (0.42, -0.66)), parts["beak"])] if face.open_mouth else []
    drawing: Pieces = [*_bird_legs(parts, rng)]
    tail = [leaf((-0.25, -0.44), (-0.3 - long, -0.44 + dy), 0.14) for dy in (-0.2, -0.08, 0.05)]
    drawing += [Shape(points, parts["wing"], round=0.3) for points in tail]
    drawing += _comb(parts) if form.random() < 0.4 else _tuft(parts) if form.random() < 0.5 else []
    belly = Shape(ellipse(0.2, -0.3, 0.26, 0.24), parts["belly"], line=0.6)
    drawing += opened
    drawing.append(Shape(body, parts["coat"], round=0.8, inside=(belly,)))
    drawing.append(Shape(line(*beak), parts["beak"]))
    drawing += eye(parts, (0.32, -0.8), 0.05, face)
    drawing += _wing(parts, up=bool(rng.random() < 0.3))
    return Figure(tuple(drawing), head)


def _bird_legs(parts: Parts, rng: Rng) -> Pieces:
    step = float(rng.uniform(0, 0.1))
    legs: Pieces = []
    for x in (-0.02 - step, 0.12 + step):
        legs.append(Shape(limb((x * 0.8, -0.2), (x, -0.02), 0.035, 0.035), parts["beak"], line=0.8))
        legs.append(
            Shape(
                smooth(((x - 0.05, -0.02), (x + 0.02, -0.05), (x + 0.12, -0.01), (x, 0.0)), steps=3),
                parts["beak"],
                line=0.8,
            )
        )
    return legs


def _comb(parts: Parts) -> Pieces:
    return [
        Shape(bumpy(0.24, -0.96, (0.13, 0.09), bumps=6, depth=0.35), parts["comb"]),
        Shape(ellipse(0.42, -0.6, 0.05, 0.08), parts["comb"], round=0.8),
    ]


def _tuft(parts: Parts) -> Pieces:
    return [Shape(leaf((0.22, -0.9), (0.22 + dx, -1.08), 0.06), parts["wing"]) for dx in (-0.16, -0.05)]


def _wing(parts: Parts, *, up: bool) -> Pieces:
    if up:
        outline = smooth(
            ((0.14, -0.5), (-0.02, -0.9), (-0.3, -1.08), (-0.36, -0.9), (-0.3, -0.72), (-0.2, -0.5), (-0.06, -0.38))
        )
        plumes = tuple(
            Mark(smooth(((-0.02, -0.5), (a, b), (a * 1.5, b - 0.14)), False), 0.7)
            for a, b in ((-0.1, -0.75), (-0.18, -0.68))
        )
        return [Shape(outline, parts["wing"], round=0.4, marks=plumes)]
    outline = smooth(((0.14, -0.48), (0.0, -0.54), (-0.25, -0.46), (-0.42, -0.3), (-0.16, -0.24), (0.08, -0.3)))
    plumes = tuple(
        Mark(smooth(((0.0 - d, -0.42 + d * 0.3), (-0.14 - d, -0.3), (-0.26 - d, -0.3)), False), 0.7)
        for d in (0.0, 0.09)
    )
    return [Shape(outline, parts["wing"], round=0.4, marks=plumes)]


def owl(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """An owl from the front."""
    face = mood(rng)
    wide = float(form.uniform(0.28, 0.36))
    body = smooth(
        (
            (-wide, -0.86),
            (0, -0.9),
            (wide, -0.86),
            (wide * 1.15, -0.45),
            (wide * 0.7, -0.08),
            (0, -0.04),
            (-wide * 0.7, -0.08),
            (-wide * 1.15, -0.45),
        )
    )
    tufts = [
        Shape(line((s * wide * 0.4, -0.86), (s * wide * 1.15, -1.04), (s * wide * 1.02, -0.74)), parts["coat"])
        for s in (-1, 1)
    ]
    plumes = tuple(
        Mark(arc(x, y, 0.05, 0.04, turns=(0.2, 2.9)), 0.7) for y in (-0.42, -0.32, -0.22) for x in (-0.1, 0.0, 0.1)
    )
    belly = Shape(ellipse(0, -0.28, wide * 0.7, 0.26), parts["belly"], line=0.7, marks=plumes)
    wings = [
        Shape(leaf((s * wide * 0.85, -0.6), (s * wide * 1.0, -0.1), 0.2, bend=-0.12 * s), parts["wing"])
        for s in (-1, 1)
    ]
    feet = [Shape(bumpy(s * 0.12, -0.03, (0.08, 0.04), bumps=5), parts["beak"], line=0.8) for s in (-1, 1)]
    disks = [Shape(ellipse(s * 0.14, -0.7, 0.15), parts["belly"], line=0.8) for s in (-1, 1)]
    eyes = [piece for s in (-1, 1) for piece in eye(parts, (s * 0.14, -0.7), 0.09, face, side=s)]
    beak = Shape(line((-0.04, -0.65), (0.04, -0.65), (0, -0.55)), parts["beak"])
    return Figure(
        (*feet, *tufts, Shape(body, parts["coat"], round=0.7, inside=(belly,)), *wings, *disks, *eyes, beak),
        (0.0, -0.7, 0.3),
    )


def frog(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A frog that sits before us."""
    face = mood(rng)
    bumps = [ellipse(s * 0.2, -0.86, 0.13) for s in (-1, 1)]
    head = merged([ellipse(0, -0.66, 0.4, 0.25), *bumps])
    thighs = [Shape(ellipse(s * 0.34, -0.2, 0.18, 0.2, turn=s * 0.3), parts["coat"], round=0.8) for s in (-1, 1)]
    feet = [Shape(bumpy(s * 0.42, -0.04, (0.16, 0.05), bumps=5), parts["coat"]) for s in (-1, 1)]
    arms = [
        Shape(tube(((s * 0.18, -0.42), (s * 0.2, -0.2), (s * 0.14, -0.03)), (0.12, 0.1, 0.12)), parts["coat"])
        for s in (-1, 1)
    ]
    spots = tuple(
        Shape(ellipse(x, y, 0.06, 0.045), parts["patch"], line=0.6)
        for x, y in form.uniform((-0.3, -0.85), (0.3, -0.7), (3, 2))
    )
    low = -0.55 + 0.05 * face.smile
    lips = ((-0.3, -0.62), (-0.15, low - 0.01), (0, low), (0.15, low - 0.01), (0.3, -0.62))
    smile = Mark(smooth(lips, False), 1.2)
    gape = Shape(smooth(((-0.24, -0.6), (0, -0.57), (0.24, -0.6), (0, -0.44))), parts["mouth"], round=0)
    body = smooth(((-0.26, -0.5), (0.26, -0.5), (0.3, -0.15), (0, -0.04), (-0.3, -0.15)))
    belly = (Shape(ellipse(0, -0.22, 0.2, 0.22), parts["belly"], line=0.6),)
    drawing: Pieces = [
        *thighs,
        *feet,
        Shape(body, parts["coat"], inside=belly),
        *arms,
        Shape(head, parts["coat"], round=0.8, inside=spots),
    ]
    drawing += [piece for s in (-1, 1) for piece in eye(parts, (s * 0.2, -0.88), 0.085, face, side=s)]
    drawing += [Mark(ellipse(s * 0.04, -0.7, 0.006), 0.8) for s in (-1, 1)]
    return Figure((*drawing, gape if face.open_mouth else smile), (0.0, -0.7, 0.36))


def fish(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A fish from its side."""
    tall, sway = float(form.uniform(0.24, 0.4)), float(rng.uniform(-0.08, 0.08))
    top, low = -0.5 - tall, -0.5 + tall
    above = ((0.55, -0.5), (0.3, -0.5 - tall * 0.85), (-0.05, top), (-0.42, -0.56 + sway))
    body = smooth((*above, (-0.42, -0.44 + sway), (-0.05, low), (0.3, -0.5 + tall * 0.8)))
    fins = (
        smooth(((0.15, top + 0.05), (-0.1, -0.72 - tall * 0.8), (-0.3, -0.52 - tall * 0.6), (-0.2, -0.4 - tall * 0.5))),
        smooth(((0.1, -0.5 + tall * 0.8), (-0.08, low + 0.2), (-0.16, -0.5 + tall * 0.7))),
        smooth(((-0.36, -0.5 + sway), (-0.72, -0.78 + sway), (-0.62, -0.5 + 2 * sway), (-0.72, -0.22 + sway)), steps=4),
    )
    rays = tuple(Mark(line((-0.45, -0.5 + sway), (-0.64, y)), 0.5) for y in (-0.66, -0.5, -0.34))
    side = Shape(smooth(((0.12, -0.46), (-0.08, -0.34), (-0.06, -0.48)), steps=4), parts["fin"], line=0.8)
    mouth = Mark(smooth(((0.53, -0.46), (0.44, -0.42), (0.4, -0.46 - 0.04 * float(rng.uniform(-1, 1)))), False))
    gill = Mark(arc(0.2, -0.5, 0.06, tall * 0.6, turns=(1.9, 4.4)), 0.8)
    bands, scales = _scaled(parts, form)
    whole = Shape(body, parts["coat"], round=0.9, inside=bands, marks=scales)
    eyes = eye(parts, (0.34, -0.58), 0.055, mood(rng))
    return Figure(
        (*(Shape(fin, parts["fin"], marks=rays) for fin in fins), whole, gill, side, *eyes, mouth), (0.3, -0.5, 0.3)
    )


def _scaled(parts: Parts, form: Rng) -> tuple[tuple[Shape, ...], tuple[Mark, ...]]:
    """Return bands across a fish, or scales."""
    if form.random() < 0.5:
        spots = ((x, y) for x in (-0.2, -0.08, 0.04) for y in (-0.6, -0.5, -0.4))
        return (), tuple(Mark(arc(x, y, 0.05, 0.06, turns=(-1.3, 1.3)), 0.5) for x, y in spots)
    ways = line((-0.04, -1), (0.03, -0.5), (-0.04, 0), (0.04, 0), (0.11, -0.5), (0.04, -1))
    xs = np.linspace(-0.26, 0.18, int(form.integers(2, 5)))
    return tuple(Shape(smooth(ways + line((x, 0))), parts["patch"], line=0.6) for x in xs), ()


def turtle(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A turtle or tortoise from its side."""
    face = mood(rng)
    dome = float(form.uniform(0.6, 0.85))
    shell = smooth(
        ((-0.6, -0.22), (-0.5, -dome * 0.75), (-0.05, -dome), (0.4, -dome * 0.75), (0.52, -0.22), (0, -0.16))
    )
    plates = tuple(
        Mark(line(*ways), 0.8)
        for ways in (
            ((-0.6, -0.4), (-0.3, -0.5), (0.2, -0.5), (0.5, -0.4)),
            ((-0.3, -0.5), (-0.35, -1)),
            ((0.2, -0.5), (0.25, -1)),
            ((-0.05, -0.5), (-0.05, -0.2)),
            ((-0.4, -0.46), (-0.45, -0.2)),
            ((0.33, -0.46), (0.38, -0.2)),
        )
    )
    high = float(rng.uniform(0.4, 0.66))
    neck = tube(((0.36, -0.26), (0.56, -0.32), (0.66, -high)), (0.2, 0.17, 0.16))
    head = merged([neck, ellipse(0.72, -high - 0.04, 0.17, 0.14)])
    legs = [Shape(limb((x, -0.24), (x + 0.04, -0.05), 0.19, 0.17), parts["coat"]) for x in (-0.42, 0.28)]
    tail = Shape(leaf((-0.5, -0.2), (-0.74, -0.1), 0.1), parts["coat"])
    drawing: Pieces = [tail, *legs, Shape(head, parts["coat"], round=0.8)]
    drawing.append(Shape(shell, parts["shell"], round=0.8, marks=plates))
    drawing.append(
        Shape(
            smooth(((-0.62, -0.26), (0, -0.2), (0.55, -0.26), (0.5, -0.14), (0, -0.1), (-0.56, -0.14)), steps=3),
            parts["rim"],
        )
    )
    drawing += eye(parts, (0.77, -high - 0.08), 0.04, face)
    drawing.append(Mark(smooth(((0.88, -high), (0.8, -high + 0.04), (0.72, -high + 0.02 - 0.03 * face.smile)), False)))
    return Figure(tuple(drawing), (0.7, -high, 0.25))


def snake(parts: Parts, form: Rng, rng: Rng) -> Figure:
    """A snake that rises from its coils."""
    sway = float(rng.uniform(-0.12, 0.12))
    top = (0.1 + sway, -0.84)
    coils = [
        Shape(ellipse(0.0, y, r, 0.13), parts["coat"], round=0.8, inside=_rings(parts, y, r))
        for y, r in ((-0.13, 0.46), (-0.3, 0.33))
    ]
    neck = tube(((0.05, -0.32), (-0.16, -0.5), (0.08 + sway, -0.66), top), (0.17, 0.15, 0.13, 0.15))
    head = merged([neck, ellipse(top[0] + 0.08, top[1] - 0.03, 0.2, 0.13)])
    tongue = Mark(
        smooth(((top[0] + 0.26, top[1]), (top[0] + 0.34, top[1] + 0.02), (top[0] + 0.4, top[1] - 0.03)), False),
        1.2,
        parts["tongue"].color,
    )
    smile = Mark(
        smooth(((top[0] + 0.27, top[1]), (top[0] + 0.16, top[1] + 0.04), (top[0] + 0.06, top[1] + 0.01)), False)
    )
    tail = Shape(tube(((-0.36, -0.1), (-0.56, -0.05), (-0.7, -0.12)), (0.14, 0.09, 0.02)), parts["coat"])
    bands = tuple(
        Shape(ellipse(x, y, 0.1, 0.035), parts["patch"], line=0.6)
        for x, y in ((-0.1, -0.46), (-0.02, -0.58), (0.08, -0.68))
    )
    return Figure(
        (
            tail,
            *coils,
            Shape(head, parts["coat"], round=0.8, inside=bands),
            tongue,
            smile,
            *eye(parts, (top[0] + 0.12, top[1] - 0.07), 0.05, mood(rng)),
        ),
        (top[0], top[1], 0.25),
    )


def _rings(parts: Parts, y: float, radius: float) -> tuple[Shape, ...]:
    return tuple(
        Shape(ellipse(x * radius, y + 0.04, 0.05, 0.1), parts["patch"], line=0.6) for x in (-0.6, -0.2, 0.2, 0.6)
    )
