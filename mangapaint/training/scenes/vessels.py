"""Objects that hold something, and vehicles, one unit high, drawn from their parts."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import Point, arc, bumpy, ellipse, leaf, limb, line, rect, smooth, tube
from mangapaint.training.scenes.materials import WHITE, Parts
from mangapaint.training.scenes.shapes import Drawing, Mark, Shape

Rng = np.random.Generator


def cup(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A cup with a handle, full, sometimes steaming."""
    low = float(form.uniform(0.22, 0.36))
    body = smooth(
        ((-0.38, -0.7), (-0.38, -0.4), (-low, -0.04), (0, 0), (low, -0.04), (0.38, -0.4), (0.38, -0.7)), False
    )
    band = np.concatenate((arc(0, -0.42, 0.42, 0.08, turns=(np.pi, 0)), arc(0, -0.26, 0.42, 0.08, turns=(0, np.pi))))
    handle = tube(((0.34, -0.58), (0.56, -0.6), (0.58, -0.34), (0.3, -0.2)), (0.07,) * 4)
    steam = tuple(
        Mark(smooth(((x, -0.8), (x + 0.05, -0.86), (x - 0.02, -0.93), (x + 0.04, -1)), False), 0.7)
        for x in (-0.12, 0.1)
    )
    return (
        Shape(handle, parts["cup"]),
        Shape(body, parts["cup"], round=0.7, inside=(Shape(band, parts["band"]),) if form.random() < 0.7 else ()),
        Shape(ellipse(0, -0.7, 0.38, 0.08), parts["cup"], round=0.2),
        Shape(ellipse(0, -0.69, 0.33, 0.055), parts["drink"], line=0.7, round=0),
        *(steam if rng.random() < 0.6 else ()),
    )


def teapot(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A pot with a spout."""
    spout = line((0.3, -0.3), (0.6, -0.62), (0.68, -0.58), (0.46, -0.1), (0.3, -0.1))
    handle = tube(((-0.3, -0.6), (-0.62, -0.6), (-0.62, -0.25), (-0.34, -0.16)), (0.07,) * 4)
    band = np.concatenate((arc(0, -0.42, 0.5, 0.1, turns=(np.pi, 0)), arc(0, -0.26, 0.5, 0.1, turns=(0, np.pi))))
    return (
        Shape(handle, parts["pot"]),
        Shape(spout, parts["pot"]),
        Shape(ellipse(0, -0.38, 0.44, 0.38), parts["pot"], round=0.9, inside=(Shape(band, parts["band"]),)),
        Shape(smooth(((-0.22, -0.7), (0, -0.86), (0.22, -0.7), (0, -0.64))), parts["band"]),
        Shape(ellipse(0, -0.92, 0.07), parts["pot"], round=0.8),
    )


def bottle(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A potion bottle: round, square or pointed."""
    wide = float(form.choice((0.36, 0.28, 0.4)))
    low = float(form.choice((0.36, 0.28, 0.12)))
    body = smooth(
        (
            (-0.09, -0.85),
            (-0.09, -0.68),
            (-wide, -0.38),
            (-low, -0.03),
            (low, -0.03),
            (wide, -0.38),
            (0.09, -0.68),
            (0.09, -0.85),
        ),
        False,
    )
    level = float(form.uniform(-0.55, -0.3))
    liquid = smooth(((-0.5, level), (-0.2, level + 0.03), (0.2, level - 0.02), (0.5, level), (0.5, 0.1), (-0.5, 0.1)))
    dots = tuple(
        Mark(np.concatenate((ring, ring[:1])), 0.5)
        for ring in (ellipse(-0.08, level + 0.12, 0.035), ellipse(0.1, level + 0.2, 0.025))
    )
    glint = Mark(smooth(((-wide * 0.62, -0.42), (-wide * 0.7, -0.3), (-wide * 0.6, -0.16)), False), 1.2, WHITE)
    label = (Shape(rect(-0.12, -0.3, 0.14, -0.12), parts["label"], line=0.7, round=0),) if form.random() < 0.5 else ()
    return (
        Shape(rect(-0.07, -1, 0.07, -0.82), parts["cork"], round=0.4),
        Shape(
            body,
            parts["glass"],
            round=0.6,
            inside=(Shape(liquid, parts["liquid"], line=0.7), *label),
            marks=(*dots, glint),
        ),
        Shape(limb((-0.11, -0.84), (0.11, -0.84), 0.06, 0.06), parts["glass"]),
    )


def basket(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A wicker basket, full of fruit or covered."""
    handle = tube(((-0.44, -0.5), (-0.3, -0.92), (0.3, -0.92), (0.44, -0.5)), (0.06,) * 4)
    rows = [Mark(line((-0.6, y), (0.6, y)), 0.5) for y in (-0.38, -0.26, -0.14)]
    bars = [
        Mark(line((x + shift, y), (x + shift, y - 0.12)), 0.5)
        for y, shift in ((-0.38, 0), (-0.26, 0.06), (-0.14, 0), (-0.02, 0.06))
        for x in np.arange(-0.48, 0.5, 0.12)
    ]
    full = rng.random() < 0.6
    fruit = tuple(
        Shape(ellipse(x, -0.54 - y, 0.12), parts["fruit"], round=1)
        for x, y in ((-0.3, 0), (0.3, 0), (0.12, 0.08), (-0.1, 0.09))
    )
    cloth = (Shape(bumpy(0, -0.52, (0.48, 0.13), bumps=7), parts["cloth"]),)
    return (
        Shape(handle, parts["basket"]),
        *(fruit if full else cloth),
        Shape(line((-0.52, -0.5), (0.52, -0.5), (0.4, 0), (-0.4, 0)), parts["basket"], marks=(*rows, *bars), round=0.4),
        Shape(limb((-0.52, -0.5), (0.52, -0.5), 0.09, 0.09), parts["basket"]),
    )


def bucket(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A bucket of water."""
    handle = Mark(arc(0, -0.7, 0.4, 0.3, turns=(np.pi, 2 * np.pi)), 1.5)
    hoops = tuple(Mark(arc(0, y, 0.45, 0.08, turns=(0, np.pi)), 0.8) for y in (-0.56, -0.2))
    return (
        handle,
        Shape(line((-0.42, -0.7), (0.42, -0.7), (0.3, -0.03), (0, 0), (-0.3, -0.03)), parts["bucket"], marks=hoops),
        Shape(ellipse(0, -0.7, 0.42, 0.1), parts["bucket"], round=0.2),
        Shape(ellipse(0, -0.68, 0.36, 0.065), parts["water"], line=0.7, round=0),
    )


def pot(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A flower in a pot, with leaves."""
    blooms = ((0.0, -0.84), (-0.2, -0.68), (0.2, -0.7))[: form.integers(1, 4)]
    petals = int(form.integers(5, 9))
    stems = tuple(Mark(smooth(((0, -0.36), (x * 0.6, -0.5), (x, y)), False), 1.6) for x, y in blooms)
    leaves = tuple(
        Shape(
            leaf((0, -0.38), (x, y), 0.13, bend=0.15),
            parts["leaf"],
            marks=(Mark(line((0, -0.38), (x * 0.7, y * 0.9)), 0.4),),
        )
        for x, y in ((-0.36, -0.5), (0.36, -0.52), (-0.2, -0.6), (0.22, -0.6))
    )
    heads = [part for x, y in blooms for part in _bloom(parts, (x, y), petals)]
    return (
        *stems,
        *leaves,
        *heads,
        Shape(line((-0.27, -0.36), (0.27, -0.36), (0.2, 0), (-0.2, 0)), parts["pot"], round=0.5),
        Shape(rect(-0.31, -0.42, 0.31, -0.32), parts["pot"], round=0.3),
    )


def _bloom(parts: Parts, at: Point, petals: int) -> list[Shape]:
    flower = bumpy(*at, (0.16, 0.16), bumps=petals, depth=0.4)
    return [Shape(flower, parts["flower"]), Shape(ellipse(*at, 0.05), parts["eye"], line=0.7)]


def cake(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A round cake with icing and a cherry."""
    layer = Mark(arc(0, -0.26, 0.46, 0.08, turns=(0, np.pi)), 0.8)
    drops = [(x, -0.42 - 0.08 * (i % 2) - 0.04 * np.cos(3 * x)) for i, x in enumerate(np.linspace(0.46, -0.46, 9))]
    icing = smooth(((-0.46, -0.66), (0, -0.76), (0.46, -0.66), *drops))
    return (
        Shape(ellipse(0, -0.06, 0.62, 0.09), parts["plate"]),
        Shape(
            smooth(((-0.44, -0.64), (-0.44, -0.1), (0, 0), (0.44, -0.1), (0.44, -0.64)), False),
            parts["cake"],
            marks=(layer,),
        ),
        Shape(icing, parts["icing"]),
        Shape(ellipse(0, -0.84, 0.1), parts["cherry"], round=1),
        Mark(smooth(((0, -0.92), (0.05, -0.98), (0.1, -1)), False)),
    )


def drum(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A drum with cords."""
    edge = np.linspace(-0.44, 0.44, int(form.integers(7, 12)))
    zigzag = np.stack((edge, np.where(np.arange(len(edge)) % 2, -0.14, -0.66)), axis=1).astype(np.float32)
    return (
        Shape(
            smooth(((-0.45, -0.78), (-0.45, -0.1), (0, 0), (0.45, -0.1), (0.45, -0.78)), False),
            parts["drum"],
            marks=(Mark(zigzag),),
        ),
        Shape(
            np.concatenate((arc(0, -0.16, 0.46, 0.1, turns=(np.pi, 0)), arc(0, -0.09, 0.46, 0.1, turns=(0, np.pi)))),
            parts["rim"],
        ),
        Shape(ellipse(0, -0.8, 0.47, 0.14), parts["rim"]),
        Shape(ellipse(0, -0.83, 0.43, 0.12), parts["skin"], round=0.1),
    )


def bicycle(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A bicycle from its side."""
    back, front, crank, seat, head = (-0.52, -0.32), (0.52, -0.32), (-0.08, -0.3), (-0.2, -0.72), (0.36, -0.74)
    tubes = ((back, crank), (crank, seat), (back, seat), (seat, head), (crank, head), (front, head))
    frame = tuple(Shape(limb(a, b, 0.045, 0.045), parts["frame"], line=0.8) for a, b in tubes)
    bar = tube(((0.36, -0.74), (0.33, -0.92), (0.45, -0.97), (0.56, -0.88)), (0.04,) * 4)
    return (
        *(part for x, y in (back, front) for part in _wheel(parts, x, y)),
        *frame,
        Shape(ellipse(*crank, 0.08), parts["frame"]),
        Mark(line((-0.14, -0.2), (-0.02, -0.4)), 1.5),
        Shape(bar, parts["frame"], line=0.8),
        Shape(limb((-0.21, -0.84), (-0.2, -0.72), 0.04, 0.04), parts["frame"], line=0.8),
        Shape(smooth(((-0.36, -0.88), (-0.1, -0.86), (-0.08, -0.81), (-0.32, -0.8))), parts["saddle"], solid=True),
    )


def _wheel(parts: Parts, x: float, y: float) -> list[Shape | Mark]:
    angles = np.arange(0, np.pi, np.pi / 5)
    ways = [(0.28 * float(np.cos(a)), 0.28 * float(np.sin(a))) for a in angles]
    spokes = [Mark(line((x - right, y - down), (x + right, y + down)), 0.4) for right, down in ways]
    outer, inner = ellipse(x, y, 0.31), ellipse(x, y, 0.25)
    # A ring is one outline that goes round, crosses over, and comes back on the inner side.
    ring = np.concatenate((outer, outer[:1], inner[:1], inner[::-1]))
    return [
        Shape(ring, parts["tyre"], line=0, solid=True),
        *(Mark(np.concatenate((edge, edge[:1]))) for edge in (outer, inner)),
        *spokes,
    ]


def car(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A small car from its side."""
    hood = float(form.uniform(-0.62, -0.5))
    body = smooth(
        (
            (-0.98, -0.2),
            (-0.98, -0.52),
            (-0.72, -0.6),
            (-0.48, -0.94),
            (0.2, -0.96),
            (0.46, hood),
            (0.92, hood + 0.06),
            (1, -0.2),
        )
    )
    panes = (
        line((-0.56, -0.62), (-0.4, -0.86), (-0.12, -0.87), (-0.12, -0.62)),
        line((-0.04, -0.62), (-0.04, -0.87), (0.16, -0.87), (0.34, -0.62)),
    )
    glints = (Mark(line((-0.36, -0.68), (-0.28, -0.8)), 0.8, WHITE),)
    door = Mark(line((-0.08, -0.9), (-0.08, -0.2), (0.32, -0.2), (0.36, -0.6)), 0.6)
    wheels = tuple(
        Shape(ellipse(x, -0.19, radius), parts[name], solid=name == "tyre")
        for x in (-0.56, 0.58)
        for name, radius in (("tyre", 0.19), ("hub", 0.09))
    )
    return (
        Shape(body, parts["body"], round=0.7, marks=(door, Mark(line((0.2, -0.5), (0.28, -0.5)), 1.2))),
        *(Shape(pane, parts["glass"], round=0.1, marks=glints) for pane in panes),
        Shape(ellipse(0.95, -0.42, 0.06, 0.08), parts["lamp"]),
        *wheels,
    )
