"""What stands in rooms: tables, beds, shelves, stoves; drawn in metres from their parts, the floor at y = 0."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import arc, ellipse, limb, line, rect, smooth, tube
from mangapaint.training.scenes.fittings import books
from mangapaint.training.scenes.materials import WHITE, Parts
from mangapaint.training.scenes.shapes import Drawing, Mark, Shape

Rng = np.random.Generator


def table(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A table seen a little from above, laid with a cloth, a cup or a vase, or with nothing."""
    half, high = form.uniform((0.5, 0.68), (0.9, 0.78))
    legs = tuple(
        Shape(rect(x - 0.045, -high, x + 0.045, 0), parts["table"], round=0.2) for x in (-half * 0.86, half * 0.86)
    )
    back = tuple(
        Shape(rect(x - 0.04, -high, x + 0.04, -0.14), parts["table"], round=0.2) for x in (-half * 0.68, half * 0.68)
    )
    top = line((-half * 0.84, -high - 0.2), (half * 0.84, -high - 0.2), (half, -high), (-half, -high))
    plate = (
        Shape(top, parts["table"], round=0),
        Shape(rect(-half, -high, half, -high + 0.07), parts["table"], round=0),
    )
    hem = [(x, -high + (0.24 if i % 2 else 0.16)) for i, x in enumerate(np.linspace(half + 0.03, -half - 0.03, 9))]
    cloth = Shape(smooth((*top[:2], *hem), steps=3), parts["cloth"], round=0.1)
    covered = (cloth,) if form.random() < 0.35 else ()
    return (*back, *legs, *plate, *covered, *_laid(parts, form, half * 0.6, -high - 0.08))


def _laid(parts: Parts, form: Rng, half: float, y: float) -> Drawing:
    """Return what stands on a table."""
    drawing: list[Shape | Mark] = []
    for x, choice in zip(form.uniform(-half, half, 2), form.random(2), strict=True):
        if choice < 0.3:
            body = smooth(
                (
                    (x - 0.03, y - 0.3),
                    (x - 0.1, y - 0.14),
                    (x - 0.05, y),
                    (x + 0.05, y),
                    (x + 0.1, y - 0.14),
                    (x + 0.03, y - 0.3),
                )
            )
            drawing.append(Shape(body, parts["vase"], round=0.8))
        elif choice < 0.6:
            drawing += [
                Shape(ellipse(x + 0.07, y - 0.06, 0.04), parts["vase"]),
                Shape(rect(x - 0.06, y - 0.12, x + 0.06, y), parts["vase"]),
            ]
        elif choice < 0.8:
            drawing += [
                Shape(rect(x - 0.14, y - 0.05 * i - 0.05, x + 0.14 - 0.03 * i, y - 0.05 * i), parts[name], line=0.8)
                for i, name in enumerate(("cloth", "vase"))
            ]
    return tuple(drawing)


def desk(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A desk for one, seen a little from above, with an open book now and then."""
    top = line((-0.3, -0.86), (0.3, -0.86), (0.38, -0.7), (-0.38, -0.7))
    legs = tuple(Mark(line((x, -0.62), (x * 1.06, 0)), 2.2) for x in (-0.32, 0.32))
    book = (
        Shape(
            line((-0.16, -0.82), (0, -0.8), (0.16, -0.82), (0.18, -0.74), (0, -0.72), (-0.18, -0.74)),
            parts["paper"],
            round=0,
            line=0.7,
        ),
    )
    return (
        *legs,
        Shape(rect(-0.34, -0.66, 0.34, -0.5), parts["metal"], round=0),
        Shape(top, parts["desk"], round=0),
        Shape(rect(-0.38, -0.7, 0.38, -0.65), parts["desk"], round=0),
        *(book if form.random() < 0.5 else ()),
    )


def bed(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A bed from its side."""
    folds = tuple(
        Mark(smooth(((x, -0.6), (x + 0.05, -0.45), (x - 0.02, -0.28)), False), 0.7) for x in (-0.2, 0.15, 0.5)
    )
    quilt = smooth(
        (
            (-0.45, -0.68),
            (0.2, -0.7),
            (0.9, -0.66),
            (0.98, -0.5),
            (0.97, -0.22),
            (0.2, -0.2),
            (-0.4, -0.22),
            (-0.5, -0.4),
        )
    )
    stripes = tuple(Shape(rect(x, -0.8, x + 0.12, 0), parts["trim"], round=0.2, line=0.6) for x in (-0.2, 0.2, 0.6))
    return (
        Shape(rect(-1.08, -1.05, -0.98, 0), parts["bed"], round=0.2),
        Shape(rect(-1.0, -0.42, 1.0, -0.2), parts["bed"], round=0),
        Shape(rect(-0.98, -0.56, 0.98, -0.36), parts["sheet"], round=0.2),
        Shape(smooth(((-0.95, -0.56), (-0.9, -0.76), (-0.55, -0.74), (-0.5, -0.56))), parts["sheet"], round=0.7),
        Shape(quilt, parts["blanket"], round=0.5, marks=folds, inside=stripes if form.random() < 0.4 else ()),
        Shape(rect(0.96, -0.75, 1.06, 0), parts["bed"], round=0.2),
    )


def sofa(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A sofa with cushions."""
    half = float(form.uniform(0.7, 1.1))
    arms = tuple(
        Shape(
            smooth(((x - 0.14, -0.58), (x, -0.64), (x + 0.14, -0.58), (x + 0.13, -0.06), (x - 0.13, -0.06))),
            parts["sofa"],
            round=0.7,
        )
        for x in (-half, half)
    )
    feet = tuple(Shape(rect(x - 0.04, -0.1, x + 0.04, 0), parts["wood"]) for x in (-half, half))
    seats = tuple(
        Shape(smooth(((a, -0.5), (b, -0.5), (b, -0.28), (a, -0.28)), steps=4), parts["sofa"])
        for a, b in ((-half + 0.1, 0), (0, half - 0.1))
    )
    return (
        *feet,
        Shape(
            smooth(((-half, -0.9), (0, -0.96), (half, -0.9), (half + 0.05, -0.2), (-half - 0.05, -0.2))),
            parts["sofa"],
            round=0.4,
        ),
        Shape(rect(-half, -0.34, half, -0.08), parts["sofa"], round=0.1),
        *seats,
        Shape(
            line((-half * 0.7, -0.84), (-half * 0.32, -0.78), (-half * 0.36, -0.46), (-half * 0.74, -0.5)),
            parts["cushion"],
            round=0.7,
        ),
        *arms,
    )


def bookcase(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A bookcase, more or less full."""
    half, high = form.uniform((0.4, 1.4), (0.75, 2.2))
    boards = np.linspace(-0.1, -high + 0.04, int(form.integers(4, 6)))
    rows = [shape for y in boards[:-1] for shape in books(parts, form, (-half + 0.04, half - 0.04, y), full=0.85)]
    planks = (Shape(rect(-half, y, half, y + 0.04), parts["shelf"], round=0, line=0.7) for y in boards[1:-1])
    return (
        Shape(rect(-half - 0.05, -high - 0.05, half + 0.05, 0), parts["shelf"], round=0),
        Shape(rect(-half, -high, half, -0.1), parts["back"], round=0, line=0.8, solid=True),
        *rows,
        *planks,
    )


def lamp(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A standing lamp."""
    return (
        Shape(ellipse(0, -0.03, 0.18, 0.045), parts["stand"]),
        Shape(limb((0, -1.3), (0, -0.04), 0.04, 0.04), parts["stand"], line=0.8),
        Shape(line((-0.14, -1.65), (0.14, -1.65), (0.26, -1.25), (-0.26, -1.25)), parts["shade"], round=0.5),
    )


def counter(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A kitchen's or a shop's counter with doors."""
    half = float(form.uniform(0.9, 1.5))
    edges = np.linspace(-half, half, int(2 * half / 0.5) + 1)
    seams = [Mark(line((x, -0.82), (x, -0.08)), 0.8) for x in edges[1:-1]]
    knobs = [Mark(ellipse(x + 0.06, -0.72, 0.02), 1.0) for x in edges[:-1]]
    return (
        Shape(rect(-half, -0.85, half, 0), parts["counter"], round=0, marks=(*seams, *knobs)),
        Shape(
            line((-half + 0.1, -1.02), (half - 0.1, -1.02), (half + 0.04, -0.88), (-half - 0.04, -0.88)),
            parts["top"],
            round=0,
        ),
        Shape(rect(-half - 0.04, -0.89, half + 0.04, -0.82), parts["top"], round=0),
        *_laid(parts, form, half * 0.8, -0.94),
    )


def stove(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A stove with a pan on it."""
    knobs = tuple(Mark(ellipse(x, -0.78, 0.025), 1.0) for x in (-0.22, -0.07, 0.08, 0.23))
    oven = Shape(rect(-0.26, -0.66, 0.26, -0.24), parts["pane"], round=0, solid=True)
    return (
        Shape(rect(-0.36, -0.86, 0.36, 0), parts["stove"], round=0, marks=knobs, inside=(oven,)),
        Shape(line((-0.3, -0.98), (0.3, -0.98), (0.38, -0.86), (-0.38, -0.86)), parts["top"], round=0, solid=True),
        Shape(limb((0.1, -1.08), (0.38, -1.12), 0.04, 0.04), parts["pan"], solid=True),
        Shape(smooth(((-0.24, -1.14), (0.12, -1.14), (0.08, -0.94), (-0.2, -0.94)), steps=3), parts["pan"], solid=True),
    )


def fridge(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A refrigerator."""
    seam = -float(form.choice((1.15, 0.6)))
    handles = tuple(Mark(line((-0.26, y), (-0.26, y - 0.2)), 1.8) for y in (seam - 0.1, seam + 0.3))
    return (
        Shape(
            rect(-0.36, -1.75, 0.36, 0),
            parts["fridge"],
            round=0.1,
            marks=(Mark(line((-0.4, seam), (0.4, seam))), *handles),
        ),
    )


def crates(parts: Parts, form: Rng, detail: float) -> Drawing:
    """Crates upon each other."""
    spots = ((-0.32, 0.0), (0.32, 0.0), (0.02, -0.58))[: int(form.integers(1, 4))]
    return tuple(
        Shape(rect(x - 0.3, y - 0.58, x + 0.3, y), parts["crate"], round=0, marks=_planks(x, y)) for x, y in spots
    )


def _planks(x: float, y: float) -> tuple[Mark, ...]:
    frame = rect(x - 0.24, y - 0.52, x + 0.24, y - 0.06)
    slant = (
        Mark(line((x - 0.24, y - 0.1), (x + 0.2, y - 0.52)), 0.8),
        Mark(line((x - 0.2, y - 0.06), (x + 0.24, y - 0.48)), 0.8),
    )
    return (Mark(np.concatenate((frame, frame[:1])), 0.8), *slant)


def barrel(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A barrel with hoops."""
    body = smooth(((-0.26, -0.85), (-0.36, -0.45), (-0.26, 0), (0.26, 0), (0.36, -0.45), (0.26, -0.85)), steps=4)
    staves = tuple(
        Mark(smooth(((x * 0.75, -0.9), (x, -0.45), (x * 0.75, 0)), False, steps=3), 0.6)
        for x in (-0.22, -0.08, 0.08, 0.22)
    )
    hoops = tuple(
        Shape(
            np.concatenate((arc(0, y, 0.4, 0.06, turns=(np.pi, 0)), arc(0, y + 0.08, 0.4, 0.06, turns=(0, np.pi)))),
            parts["hoop"],
            line=0.7,
        )
        for y in (-0.74, -0.22)
    )
    return (
        Shape(body, parts["barrel"], round=0.8, marks=staves, inside=hoops),
        Shape(ellipse(0, -0.87, 0.25, 0.06), parts["barrel"], round=0.1),
    )


def pillar(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A pillar that reaches over the ceiling."""
    flutes = tuple(Mark(line((x, -4), (x, -0.2)), 0.5) for x in (-0.1, 0.0, 0.1))
    return (
        Shape(rect(-0.18, -5, 0.18, -0.1), parts["pillar"], round=0.8, marks=flutes if form.random() < 0.6 else ()),
        Shape(rect(-0.26, -0.22, 0.26, 0), parts["pillar"], round=0.3),
    )


def altar(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A stepped table with a round figure, candles and bowls."""
    candles = [part for x in (-0.5, 0.5) for part in _candle(parts, x, -0.9)]
    steps = [
        Shape(rect(-half, y, half, y + 0.32), parts["altar"], round=0)
        for half, y in ((0.7, -0.9), (0.85, -0.6), (1.0, -0.3))
    ]
    robe = smooth(((-0.28, -0.92), (-0.2, -1.3), (0, -1.4), (0.2, -1.3), (0.28, -0.92)), steps=4)
    return (
        Shape(ellipse(0, -1.45, 0.34), parts["light"], round=0.1),
        Shape(robe, parts["statue"], round=0.8, marks=(Mark(arc(0, -1.3, 0.14, 0.25, turns=(0.2, 2.9)), 0.8),)),
        Shape(ellipse(0, -1.52, 0.14, 0.16), parts["statue"], round=0.9),
        *candles,
        *steps,
    )


def _candle(parts: Parts, x: float, y: float) -> list[Shape]:
    flame = smooth(((x, y - 0.4), (x + 0.04, y - 0.3), (x, y - 0.25), (x - 0.04, y - 0.3)), steps=3)
    return [Shape(rect(x - 0.04, y - 0.25, x + 0.04, y), parts["wax"]), Shape(flame, parts["light"], line=0.7)]


def bench(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A laboratory's table with flasks, tubes and a burner."""
    glasses = [
        part for x in form.permutation((-0.7, -0.25, 0.2, 0.65))[:3] for part in _flask(parts, form, float(x), -0.92)
    ]
    seams = tuple(Mark(line((x, -0.85), (x, 0)), 0.8) for x in (-0.35, 0.35))
    return (
        *glasses,
        Shape(rect(-1.0, -0.84, 1.0, 0), parts["counter"], round=0, marks=seams),
        Shape(rect(-1.08, -0.92, 1.08, -0.82), parts["top"], round=0),
    )


def _flask(parts: Parts, form: Rng, x: float, y: float) -> list[Shape]:
    size = float(form.uniform(0.24, 0.4))
    outlines = (
        line((-0.12, -1), (0.12, -1), (0.12, -0.6), (0.5, 0), (-0.5, 0), (-0.12, -0.6)),
        smooth(
            ((-0.12, -1), (-0.12, -0.7), (-0.42, -0.35), (-0.2, 0), (0.2, 0), (0.42, -0.35), (0.12, -0.7), (0.12, -1)),
            False,
        ),
        rect(-0.15, -1, 0.15, 0),
    )
    points = outlines[form.integers(3)] * size + line((x, y))
    liquid = Shape(rect(x - size, y - size * form.uniform(0.2, 0.6), x + size, y + 0.01), parts["liquid"], line=0.6)
    glint = (Mark(line((x - 0.04, y - 0.08), (x - 0.04, y - 0.2)), 0.7, WHITE),)
    return [Shape(points.astype(np.float32), parts["glass"], round=0.7, inside=(liquid,), marks=glint)]


def machine(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A machine with a screen, dials and knobs."""
    dials = tuple(
        Shape(
            ellipse(x, -0.75, 0.09),
            parts["face"],
            line=0.8,
            round=0.1,
            marks=(Mark(line((x, -0.75), (x + 0.05, -0.8))),),
        )
        for x in (-0.28, 0.0, 0.28)
    )
    lamps = tuple(Shape(ellipse(x, -0.5, 0.04), parts["light"], line=0.7) for x in np.linspace(-0.32, 0.32, 5))
    graph = (
        Mark(
            smooth(np.stack((np.linspace(-0.3, 0.3, 9), -1.2 + form.uniform(-0.12, 0.12, 9)), axis=1), False, steps=3),
            0.9,
        ),
    )
    pipe = tube(((0.44, -0.4), (0.7, -0.4), (0.66, -1.0), (0.7, -2.2)), (0.1,) * 4)
    return (
        Shape(pipe, parts["metal"]),
        Shape(rect(-0.5, -1.55, 0.5, 0), parts["metal"], round=0.1),
        Shape(rect(-0.36, -1.42, 0.36, -0.98), parts["pane"], round=0, inside=(), marks=graph),
        *dials,
        *lamps,
        Shape(
            rect(-0.4, -0.36, 0.4, -0.1),
            parts["panel"],
            round=0,
            marks=tuple(Mark(line((-0.4, y), (0.4, y)), 0.6) for y in (-0.3, -0.23, -0.16)),
        ),
    )


def tub(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A bath with foam."""
    foam = tuple(Shape(ellipse(x, -0.58, 0.14, 0.1), parts["foam"], line=0.8) for x in np.linspace(-0.6, 0.6, 6))
    feet = tuple(Shape(ellipse(x, -0.05, 0.08, 0.06), parts["metal"]) for x in (-0.5, 0.5))
    body = smooth(
        ((-0.85, -0.56), (-0.75, -0.2), (-0.5, -0.06), (0.5, -0.06), (0.75, -0.2), (0.85, -0.56)), False, steps=4
    )
    return (
        *feet,
        *foam,
        Shape(body, parts["tub"], round=0.6),
        Shape(limb((-0.9, -0.56), (0.9, -0.56), 0.08, 0.08), parts["tub"]),
    )


def cushion(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A flat cushion on the floor."""
    outline = smooth(((-0.4, -0.02), (-0.3, -0.2), (0.3, -0.2), (0.4, -0.02), (0, 0.04)), steps=4)
    return (Shape(outline, parts["cushion"], round=0.6, marks=(Mark(arc(0, -0.11, 0.05, 0.02, turns=(0, 6.2)), 0.7),)),)
