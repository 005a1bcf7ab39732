"""What hangs on walls: windows, doors, pictures, shelves; drawn in metres from their parts, the floor at y = 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mangapaint.training.scenes.curves import arc, bumpy, ellipse, leaf, limb, line, rect, smooth
from mangapaint.training.scenes.materials import WHITE, Parts
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Points, Shape

Rng = np.random.Generator


def window(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A window with bars, with curtains or without; green or roofs may show behind it."""
    half, low, high = form.uniform((0.45, 0.7, 1.7), (0.9, 1.0, 2.3))
    arched = bool(form.random() < 0.2)
    inside = _outside(parts, form, half, low)
    bars = _bars(form, half, low, high)
    glints = (Mark(line((-half * 0.7, -high * 0.8), (-half * 0.3, -high * 0.95)), 0.7, WHITE),)
    pane = Shape(_pane(half, low, high, arched), parts["pane"], round=0, inside=inside, marks=(*bars, *glints))
    frame = Shape(_pane(half + 0.08, low - 0.08, high + 0.08, arched), parts["frame"], round=0)
    sill = Shape(rect(-half - 0.15, -low, half + 0.15, -low + 0.09), parts["frame"], round=0)
    return (frame, pane, sill, *(_curtains(parts, form, half, high) if form.random() < 0.6 else ()))


def _pane(half: float, low: float, high: float, arched: bool) -> Points:
    if not arched:
        return rect(-half, -high, half, -low)
    top = arc(0, -high + 0.3, half, 0.3 + half * 0.3, turns=(np.pi, 2 * np.pi))
    return np.concatenate((top, line((half, -low), (-half, -low))))


def _bars(form: Rng, half: float, low: float, high: float) -> tuple[Mark, ...]:
    down, across = int(form.integers(1, 4)), int(form.integers(0, 3))
    xs, ys = np.linspace(-half, half, down + 2)[1:-1], np.linspace(-high, -low, across + 2)[1:-1]
    upright = (Mark(line((x, -high - 1), (x, -low)), 1.3) for x in xs)
    return (*upright, *(Mark(line((-half, y), (half, y)), 1.3) for y in ys))


def _outside(parts: Parts, form: Rng, half: float, low: float) -> tuple[Shape, ...]:
    manner = form.random()
    if manner < 0.4:
        heads = ((-half * 0.5, 0.35), (half * 0.45, 0.25))
        return tuple(Shape(bumpy(x, -low, (half * 0.7, r), bumps=8), parts["green"], line=0.6) for x, r in heads)
    if manner < 0.7:
        hill = smooth(((-half - 0.1, -low - 0.3), (0, -low - 0.45), (half + 0.1, -low - 0.25), (half, 0), (-half, 0)))
        return (Shape(hill, parts["green"], line=0.6),)
    return ()


def _curtains(parts: Parts, form: Rng, half: float, high: float) -> Drawing:
    """Return curtains at both sides, falling or tied, below their rail."""
    foot, tied = -float(form.choice((0.15, 0.6))), bool(form.random() < 0.5)
    shapes = []
    for side in (-1, 1):
        outer, inner = side * (half + 0.25), side * half * 0.45
        waist = side * (half * 0.85) if tied else inner
        edge = smooth(((inner, -high - 0.15), (waist, (foot - high) * 0.48), (inner * 1.1, foot)), False)
        folds = tuple(
            Mark(
                smooth(
                    (
                        (outer * a + inner * (1 - a), -high - 0.15),
                        (outer * a + waist * (1 - a), -high * 0.5),
                        (outer * a + inner * (1 - a), foot),
                    ),
                    False,
                ),
                0.6,
            )
            for a in (0.25, 0.5, 0.75)
        )
        outline = np.concatenate((edge, line((outer, foot), (outer, -high - 0.15))))
        shapes.append(Shape(outline, parts["curtain"], round=0.4, marks=folds))
    rail = Shape(limb((-half - 0.35, -high - 0.16), (half + 0.35, -high - 0.16), 0.06, 0.06), parts["frame"])
    return (*shapes, rail)


def door(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A door in its frame: with panels, of planks, or with a pane."""
    high = float(form.uniform(1.95, 2.15))
    manner = int(form.integers(3))
    marks: list[Mark] = [Mark(ellipse(0.33, -1.0, 0.025), 1.2)]
    inside: tuple[Shape, ...] = ()
    if manner == 0:
        boxes = (rect(-0.3, -high + 0.15, 0.3, -high * 0.55), rect(-0.3, -high * 0.45, 0.3, -0.15))
        marks += [Mark(np.concatenate((points, points[:1])), 0.7) for points in boxes]
    elif manner == 1:
        marks += [Mark(line((x, -high), (x, 0)), 0.7) for x in (-0.2, 0.0, 0.2)]
    else:
        inside = (Shape(rect(-0.25, -high + 0.2, 0.25, -high * 0.6), parts["pane"], round=0, line=0.8),)
    return (
        Shape(rect(-0.52, -high - 0.1, 0.52, 0), parts["frame"], round=0),
        Shape(rect(-0.43, -high, 0.43, 0), parts["door"], round=0, marks=tuple(marks), inside=inside),
    )


def picture(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A picture in its frame: hills, a face, or a pattern."""
    half, low = float(form.uniform(0.25, 0.5)), float(form.uniform(1.25, 1.5))
    high = low + float(form.uniform(0.4, 0.7))
    manner = int(form.integers(3))
    middle = -(low + high) / 2
    hill = smooth(((-half, middle + 0.05), (0, middle - 0.1), (half, middle + 0.1), (half, 0), (-half, 0)))
    motifs: tuple[tuple[Points, ...], ...] = (
        (hill, ellipse(half * 0.4, middle - 0.12, 0.07)),
        (ellipse(0, middle - 0.04, 0.11, 0.13), smooth(((-0.2, -low), (0, middle + 0.06), (0.2, -low)))),
        tuple(rect(x, -high, x + half * 0.25, -low) for x in np.arange(-half, half, half * 0.5)),
    )
    inside = tuple(Shape(points, parts["motif"], line=0.6, round=0.2) for points in motifs[manner])
    return (
        Shape(rect(-half - 0.06, -high - 0.06, half + 0.06, -low + 0.06), parts["frame"], round=0.2),
        Shape(rect(-half, -high, half, -low), parts["picture"], round=0, inside=inside, line=0.8),
    )


def board(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A long board with writing on it."""
    half = float(form.uniform(1.2, 1.9))
    white = sum(parts["board"].color) < 450
    chalk = WHITE if white else (60, 60, 70)
    rows = np.arange(-1.95, -1.2, 0.16)[: int(2 + 4 * form.random())]
    writing = tuple(
        Mark(_written(form, -half * 0.8 + form.uniform(0, 0.5), y, form.uniform(0.5, half)), 0.8, chalk) for y in rows
    )
    return (
        Shape(rect(-half - 0.08, -2.2, half + 0.08, -0.85), parts["frame"], round=0),
        Shape(rect(-half, -2.12, half, -0.97), parts["board"], round=0, marks=writing),
    )


def _written(form: Rng, x: float, y: float, wide: float) -> Points:
    count = max(int(wide / 0.05), 4)
    xs = x + np.linspace(0, wide, count)
    return np.stack((xs, y + form.uniform(-0.04, 0.04, count)), axis=1).astype(np.float32)


def clock(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A round clock high on the wall."""
    ticks = tuple(
        Mark(line((0.17 * np.cos(a), -2.3 + 0.17 * np.sin(a)), (0.2 * np.cos(a), -2.3 + 0.2 * np.sin(a))), 0.7)
        for a in np.arange(12) * np.pi / 6
    )
    hands = (Mark(line((0.08, -2.22), (0, -2.3), (0.02, -2.45)), 1.0),)
    return (
        Shape(ellipse(0, -2.3, 0.27), parts["rim"], round=0.3),
        Shape(ellipse(0, -2.3, 0.22), parts["face"], round=0, marks=ticks + hands, line=0.8),
    )


def shelf(parts: Parts, form: Rng, detail: float) -> Drawing:
    """One or two boards on the wall with books and jars on them."""
    half = float(form.uniform(0.6, 1.0))
    drawing: list[Shape | Mark] = []
    for y in (-1.35, -1.85)[: int(form.integers(1, 3))]:
        drawing += books(parts, form, (-half, half, y), full=0.7)
        drawing.append(Shape(rect(-half - 0.06, y, half + 0.06, y + 0.06), parts["shelf"], round=0))
    return tuple(drawing)


def books(parts: Parts, form: Rng, row: tuple[float, float, float], *, full: float) -> list[Shape | Mark]:
    """Return books, and now and then a jar, side by side from left to right on a board at a height."""
    left, right, floor = row
    names = [name for name in ("book", "book 2", "book 3", "jar") if name in parts]
    drawing: list[Shape | Mark] = []
    at = left + 0.02
    while at < right - 0.14:
        wide, high = form.uniform((0.04, 0.2), (0.1, 0.34))
        if form.random() < full:
            name = names[form.integers(len(names))]
            drawing.append(_jar(parts, at, floor) if name == "jar" else _back(parts[name], at, floor, wide, high))
            at += 0.1 if name == "jar" else 0
        at += wide + 0.005
    return drawing


def _back(identity: Identity, x: float, floor: float, wide: float, high: float) -> Shape:
    label = (Mark(line((x, floor - high * 0.75), (x + wide, floor - high * 0.75)), 0.6),)
    return Shape(rect(x, floor - high, x + wide, floor), identity, line=0.7, round=0.1, marks=label)


def _jar(parts: Parts, x: float, floor: float) -> Shape:
    points = smooth(
        (
            (x + 0.05, floor - 0.26),
            (x + 0.05, floor - 0.2),
            (x, floor - 0.1),
            (x + 0.02, floor),
            (x + 0.13, floor),
            (x + 0.15, floor - 0.1),
            (x + 0.1, floor - 0.2),
            (x + 0.1, floor - 0.26),
        ),
        False,
    )
    return Shape(points, parts["jar"], line=0.7, round=0.8)


def cupboard(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A cupboard on the wall with two doors."""
    half = float(form.uniform(0.45, 0.7))
    knobs = tuple(Mark(ellipse(x, -1.6, 0.02), 1.0) for x in (-0.08, 0.08))
    return (
        Shape(
            rect(-half, -2.25, half, -1.5),
            parts["cupboard"],
            round=0,
            marks=(Mark(line((0, -2.25), (0, -1.5))), *knobs),
        ),
    )


def banner(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A long cloth with a sign."""
    half = float(form.uniform(0.25, 0.4))
    sign = bumpy(0, -1.7, (half * 0.6, half * 0.6), bumps=int(form.integers(4, 8)), depth=0.4)
    stripe = Shape(rect(-half, -1.1, half, -1.0), parts["sign"], round=0, line=0.7)
    cloth = line((-half, -2.4), (half, -2.4), (half, -0.85), (0, -0.65), (-half, -0.85))
    return (
        Shape(cloth, parts["banner"], round=0.2, inside=(Shape(sign, parts["sign"], line=0.8), stripe)),
        Shape(limb((-half - 0.1, -2.4), (half + 0.1, -2.4), 0.06, 0.06), parts["rod"]),
    )


def torch(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A burning torch in its holder."""
    flame = smooth(((0, -2.2), (0.12, -1.95), (0.08, -1.8), (-0.08, -1.8), (-0.12, -1.95)))
    core = smooth(((0, -2.02), (0.05, -1.9), (0, -1.82), (-0.05, -1.9)))
    return (
        Shape(line((-0.08, -1.8), (0.08, -1.8), (0.03, -1.4), (-0.03, -1.4)), parts["wood"]),
        Shape(flame, parts["flame"], round=0.1, inside=(Shape(core, parts["light"], line=0),)),
    )


def hanging(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A lamp that hangs from above."""
    low = -float(form.uniform(2.0, 2.3))
    return (
        Mark(line((0, -4), (0, low - 0.3)), 1.2),
        Shape(ellipse(0, low, 0.09), parts["light"], round=0.5),
        Shape(
            smooth(((0, low - 0.32), (0.14, low - 0.2), (0.28, low), (-0.28, low), (-0.14, low - 0.2)), steps=3),
            parts["shade"],
        ),
    )


def mirror(parts: Parts, form: Rng, detail: float) -> Drawing:
    """An oval mirror."""
    glints = tuple(Mark(line((x - 0.1, -1.4), (x + 0.1, -1.75)), 0.7) for x in (-0.08, 0.02))
    return (
        Shape(ellipse(0, -1.6, 0.36, 0.48), parts["rim"]),
        Shape(ellipse(0, -1.6, 0.3, 0.42), parts["pane"], round=0.1, marks=glints),
    )


def ivy(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A plant that hangs from a small shelf."""
    leaves = [
        Shape(leaf((x, y), (x + side * 0.1, y + 0.09), 0.07), parts["leaf"], line=0.6)
        for x in (-0.14, 0.0, 0.14)
        for y, side in zip(np.arange(-1.85, -1.85 + form.uniform(0.2, 0.6), 0.1), (1, -1) * 4, strict=False)
    ]
    return (*leaves, Shape(line((-0.15, -2.1), (0.15, -2.1), (0.1, -1.85), (-0.1, -1.85)), parts["pot"], round=0.5))


Fitting = Callable[[Parts, Rng, float], Drawing]
