"""Trees and other things that grow or lie outdoors, one unit high, drawn from their parts.

``detail`` 0..1 is how many lines are drawn; what is drawn from ``form`` must not depend on it.
"""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import Point, arc, blob, bumpy, ellipse, leaf, line, smooth, tube
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Drawing, Mark, Points, Shape

Rng = np.random.Generator


def tree(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tree with a round crown, of one piece or of several."""
    lean, wide = form.uniform(-0.04, 0.04), form.uniform(0.28, 0.42)
    crown = parts["crown"]
    bumps = int(form.integers(7, 12))
    if form.random() < 0.4:
        heads = [_crown(form, lean, -0.65, (wide, 0.35), bumps)]
    else:
        heads = [
            _crown(form, lean + x * wide, y, (wide * 0.66, 0.22), bumps - 2)
            for x, y in ((-0.5, -0.55), (0.52, -0.58), (0.0, -0.78), (0.05, -0.56))
        ]
    fork = (
        Shape(
            tube(((0.0, -0.25), (side * 0.08, -0.38), (side * 0.2, -0.5)), (0.06, 0.05, 0.03), steps=3), parts["trunk"]
        )
        for side in (-1, 1)
    )
    return (
        *fork,
        _trunk(parts, form, (lean, -0.5), 0.13),
        *(Shape(points, crown, round=0.7, marks=_leaves(form, points, detail)) for points in heads),
    )


def _crown(form: Rng, x: float, y: float, size: Point, bumps: int) -> Points:
    return bumpy(x, y, size, bumps=bumps, depth=float(form.uniform(0.12, 0.22)))


def _trunk(parts: Parts, form: Rng, top: Point, wide: float) -> Shape:
    x, y = top
    left = smooth(((-wide, 0.02), (-wide * 0.5, -0.08), (x - wide * 0.4, y)), False)
    right = smooth(((x + wide * 0.4, y), (wide * 0.5, -0.08), (wide, 0.02)), False)
    grain = tuple(
        Mark(line((at * wide, -high), (at * wide + 0.01, -high - form.uniform(0.04, 0.12))), 0.5)
        for at, high in ((-0.25, 0.05), (0.2, 0.1), (0.0, 0.2), (0.25, 0.26), (-0.2, 0.3))
    )
    return Shape(np.concatenate((left, right)), parts["trunk"], round=0.6, marks=grain)


def _leaves(form: Rng, outline: Points, detail: float) -> tuple[Mark, ...]:
    """Return small curves that say that a crown is of leaves."""
    low, high = outline.min(axis=0), outline.max(axis=0)
    places = form.uniform(low * 0.8 + high * 0.2, low * 0.2 + high * 0.8, (12, 2))[: int(3 + 9 * detail)]
    size = float(high[1] - low[1]) * 0.08
    return tuple(_scallop(x, y, size) for x, y in places)


def _scallop(x: float, y: float, size: float) -> Mark:
    return Mark(
        smooth(
            ((x - 2 * size, y), (x - size, y + 0.8 * size), (x, y), (x + size, y + 0.8 * size), (x + 2 * size, y)),
            False,
            steps=2,
        ),
        0.6,
    )


def poplar(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tall narrow tree."""
    wide = float(form.uniform(0.13, 0.2))
    crown = blob(form, 0, -0.56, (wide, 0.46), rough=0.06)
    return (
        _trunk(parts, form, (0, -0.3), 0.07),
        Shape(crown, parts["crown"], round=0.7, marks=_leaves(form, crown, detail)),
    )


def conifer(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A fir of some layers."""
    layers = int(form.integers(3, 6))
    wide = float(form.uniform(0.2, 0.32))
    tops = np.linspace(-1, -0.45, layers)
    skirts = [_skirt(wide * (0.5 + 0.5 * (i + 1) / layers), y, 0.62 / layers + 0.12) for i, y in enumerate(tops)]
    marks = tuple(
        Mark(smooth(((x - 0.03, y), (x, y + 0.04), (x + 0.03, y)), False, steps=2), 0.5)
        for x, y in form.uniform((-0.12, -0.7), (0.12, -0.2), (8, 2))[: int(8 * detail)]
    )
    return (
        _trunk(parts, form, (0, -0.2), 0.06),
        *(Shape(skirt, parts["crown"], round=0.6, marks=marks) for skirt in reversed(skirts)),
    )


def _skirt(wide: float, top: float, high: float) -> Points:
    hem = [(x * wide, top + high - (0.05 if i % 2 else 0) - 0.03 * abs(x)) for i, x in enumerate(np.linspace(1, -1, 7))]
    return line((0, top), (wide * 0.35, top + high * 0.5), *hem, (-wide * 0.35, top + high * 0.5))


def palm(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A palm, bent a little."""
    lean = float(form.uniform(-0.2, 0.2))
    top = (lean, -0.78)
    trunk = tube(((0, 0.02), (lean * 0.25, -0.4), top), (0.1, 0.07, 0.06))
    rings = tuple(
        Mark(arc(lean * 0.25 * (-y / 0.4), y, 0.05, 0.015, turns=(0, np.pi)), 0.5)
        for y in np.arange(-0.72, -0.04, 0.09)
    )
    ways = form.permutation(np.linspace(-2.95, -0.2, 7))
    fronds = (_frond(parts, top, (lean + 0.38 * np.cos(a), -0.66 + 0.16 * np.sin(a))) for a in ways.tolist())
    nuts = (Shape(ellipse(lean + x, -0.76, 0.03), parts["trunk"], line=0.7, round=1) for x in (-0.03, 0.03))
    return (Shape(trunk, parts["trunk"], marks=rings), *fronds, *nuts)


def _frond(parts: Parts, foot: Point, tip: Point) -> Shape:
    bend = -0.35 * float(np.sign(tip[0] - foot[0]))
    rib = Mark(leaf(foot, tip, 0.0, bend=bend)[:12], 0.5)
    return Shape(leaf(foot, tip, 0.1, bend=bend), parts["crown"], marks=(rib,))


def acacia(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tree of the savanna, its crown flat."""
    forks = tuple(
        Shape(tube(((0, -0.1), (x * 0.4, -0.4), (x, -0.74)), (0.09, 0.05, 0.03)), parts["trunk"])
        for x in (-0.3, 0.05, 0.32)
    )
    heads = [(x, -0.78 + y, form.uniform(0.24, 0.34)) for x, y in ((-0.36, 0.04), (0.36, 0.02), (0.0, -0.08))]
    crowns = (bumpy(x, y, (r, 0.12), bumps=9) for x, y, r in heads)
    return (
        *forks,
        _trunk(parts, form, (0, -0.2), 0.1),
        *(Shape(points, parts["crown"], marks=_leaves(form, points, detail * 0.5)) for points in crowns),
    )


def bare(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tree without leaves."""
    ends = ((-0.34, -0.8), (-0.1, -1.0), (0.16, -0.95), (0.36, -0.74))
    arms = tuple(
        Shape(
            tube(((0, -0.2), (x * 0.3, -0.45), (x * 0.7, 0.6 * y - 0.1), (x, y)), (0.1, 0.08, 0.05, 0.01)),
            parts["trunk"],
        )
        for x, y in ends
    )
    twigs = tuple(
        Mark(
            smooth(
                ((x * 0.7, 0.6 * y - 0.1), (x * 0.7 + side * 0.08, y * 0.8), (x * 0.7 + side * 0.14, y * 0.86)), False
            ),
            1.2,
        )
        for x, y in ends
        for side in (-1, 1)
    )
    return (*twigs, *arms, _trunk(parts, form, (0, -0.3), 0.11))


def bush(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A bush, in flower or not; a unit high."""
    wide = float(form.uniform(0.7, 1.2))
    heads = [(x * wide, -0.4 - form.uniform(0, 0.15), 0.42 * wide) for x in (-0.5, 0.5, 0.0)]
    shapes = [
        Shape(points, parts["bush"], round=0.6, marks=_leaves(form, points, detail))
        for points in (bumpy(x, y, (r, -y), bumps=9, depth=0.14) for x, y, r in heads)
    ]
    if form.random() < 0.6:
        return tuple(shapes)
    spots = form.uniform((-0.6 * wide, -0.75), (0.6 * wide, -0.15), (7, 2))
    return (
        *shapes,
        *(Shape(bumpy(x, y, (0.08, 0.08), bumps=5, depth=0.4), parts["flower"], line=0.6) for x, y in spots),
    )


def tuft(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tuft of grass."""
    tips = np.sort(form.uniform(-0.8, 0.8, 5))
    outline: list[Point] = [(-0.4, 0.0)]
    for i, tip in enumerate(tips):
        outline += [(float(tip), -float(form.uniform(0.6, 1.0))), (-0.3 + 0.15 * (i + 1), -0.1)]
    return (Shape(line(*outline), parts["blade"], line=0.7, round=0.2),)


def flowers(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A few flowers on stalks."""
    heads = [(x + form.uniform(-0.1, 0.1), -form.uniform(0.6, 1.0)) for x in (-0.45, 0.0, 0.45)]
    petals = int(form.integers(5, 8))
    stalks = (Mark(smooth(((x * 0.5, 0), (x * 0.8, y * 0.5), (x, y)), False, steps=3), 1.1) for x, y in heads)
    leaves = (Shape(leaf((x * 0.5, 0), (x * 0.5 + 0.25, -0.35), 0.12), parts["blade"], line=0.6) for x, _ in heads[:2])
    blooms = (
        part
        for x, y in heads
        for part in (
            Shape(bumpy(x, y, (0.2, 0.2), bumps=petals, depth=0.4), parts["flower"], line=0.7),
            Shape(ellipse(x, y, 0.06), parts["eye"], line=0.5),
        )
    )
    return (*stalks, *leaves, *blooms)


def cactus(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A cactus with arms."""
    high = float(form.uniform(0.35, 0.6))
    arms = [
        tube(
            ((side * 0.05, -y), (side * 0.28, -y), (side * 0.3, -y - 0.12), (side * 0.3, -y - 0.26)),
            (0.12, 0.14, 0.14, 0.08),
        )
        for side, y in ((-1, high), (1, high * 0.7))
    ][: form.integers(1, 3)]
    body = smooth(((-0.13, 0), (-0.14, -0.5), (-0.1, -0.93), (0, -1), (0.1, -0.93), (0.14, -0.5), (0.13, 0)), False)
    ribs = tuple(Mark(line((x, -0.05), (x, -0.92)), 0.5) for x in (-0.06, 0.0, 0.06))
    return (*(Shape(arm, parts["cactus"]) for arm in arms), Shape(body, parts["cactus"], marks=ribs))


def rock(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A boulder with a few cracks."""
    points = np.array(((-0.8, 0), (-0.75, -0.4), (-0.35, -0.85), (0.2, -0.95), (0.7, -0.5), (0.8, 0)), np.float32)
    points[1:-1] += form.uniform(-0.15, 0.12, (4, 2))
    hatch = tuple(
        Mark(line((x, -0.1 - 0.1 * i), (x + 0.12, -0.32 - 0.1 * i)), 0.5) for i, x in enumerate((0.42, 0.5, 0.56))
    )
    crack = Mark(line((-0.3, -0.75), (-0.15, -0.5), (-0.25, -0.3)), 0.7)
    return (Shape(points.astype(np.float32), parts["rock"], round=0.5, marks=(*hatch, crack)),)


def reeds(parts: Parts, form: Rng, detail: float) -> Drawing:
    """Stalks of corn or reed in a row."""
    stalks = []
    for x in np.linspace(-0.6, 0.6, 5):
        lean = float(form.uniform(-0.15, 0.15))
        stalks += [
            Shape(leaf((x, 0), (x + lean, -0.85), 0.09), parts["blade"], line=0.6),
            Shape(leaf((x + lean * 0.8, -0.7), (x + lean, -1), 0.12), parts["ear"], line=0.6),
        ]
    return tuple(stalks)
