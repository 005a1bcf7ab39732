"""Objects that are carried, worn, read, given or sat on, one unit high, drawn from their parts."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import arc, ellipse, even, leaf, limb, line, rect, smooth, star, tube
from mangapaint.training.scenes.materials import WHITE, Parts
from mangapaint.training.scenes.shapes import Drawing, Mark, Shape

Rng = np.random.Generator


def sword(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A blade with a guard, point up."""
    wide, curve = float(form.uniform(0.04, 0.09)), float(form.choice((0.0, 0.0, 0.12)))
    tip = (curve, -1.0)
    left = smooth(((-wide, -0.28), (-wide + curve * 0.25, -0.6), (-wide * 0.9 + curve * 0.65, -0.9), tip), False)
    right = smooth((tip, (wide * 0.9 + curve * 0.7, -0.9), (wide + curve * 0.25, -0.6), (wide, -0.28)), False)
    groove = Mark(smooth(((0, -0.3), (curve * 0.25, -0.6), (curve * 0.7, -0.9)), False), 0.5)
    wraps = tuple(Mark(line((-0.05, y), (0.05, y + 0.04)), 0.6) for y in (-0.2, -0.15, -0.1))
    return (
        Shape(np.concatenate((left, right[1:])), parts["blade"], round=0.2, marks=(groove,)),
        Shape(limb((0, -0.27), (0, -0.04), 0.06, 0.06), parts["grip"], marks=wraps, solid=True),
        Shape(limb((-0.17, -0.27), (0.17, -0.27), 0.05, 0.05), parts["hilt"]),
        Shape(ellipse(0, -0.03, 0.045), parts["hilt"], round=0.8),
    )


def wand(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A stick with a star."""
    tips = int(form.integers(5, 8))
    return (
        Shape(limb((0, -0.7), (0, -0.02), 0.045, 0.055), parts["stick"]),
        Shape(star(0, -0.8, 0.2, tips=tips), parts["star"], round=0.3),
    )


def key(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """An old key, its bow up."""
    teeth = int(form.integers(2, 4))
    bits = tuple(Shape(rect(0, -0.26 + i * 0.09, 0.14, -0.2 + i * 0.09), parts["key"]) for i in range(teeth))
    bow = ellipse(0, -0.78, 0.2, 0.2)
    hole = tuple(Mark(np.concatenate((ring, ring[:1]))) for ring in (ellipse(0, -0.78, 0.1),))
    return (*bits, Shape(rect(-0.04, -0.62, 0.04, -0.02), parts["key"]), Shape(bow, parts["key"], marks=hole))


def book(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A book: closed, or open before a reader."""
    return _open_book(parts) if rng.random() < 0.5 else _closed_book(parts, form)


def _closed_book(parts: Parts, form: Rng) -> Drawing:
    wide = float(form.uniform(0.3, 0.38))
    sign = star(0.04, -0.6, 0.13, tips=int(form.integers(4, 9)))
    edges = tuple(Mark(line((-wide, y), (wide + 0.06, y)), 0.4) for y in (-0.05, -0.025))
    return (
        Shape(rect(-wide, -0.12, wide + 0.06, 0), parts["pages"], round=0, marks=edges),
        Shape(rect(-wide, -1, wide, -0.07), parts["cover"], round=0.2, solid=True),
        Shape(sign, parts["title"], line=0.7, round=0),
        Shape(rect(-wide * 0.5, -0.34, wide * 0.7, -0.26), parts["title"], line=0.6, round=0),
        Mark(line((-wide * 0.78, -1), (-wide * 0.78, -0.07)), 0.7),
    )


def _open_book(parts: Parts) -> Drawing:
    cover = line((-0.62, -0.72), (0, -0.62), (0.62, -0.72), (0.62, -0.08), (0, 0), (-0.62, -0.08))
    sides = []
    for side in (-1, 1):
        top = smooth(((0, -0.68), (side * 0.25, -0.78), (side * 0.57, -0.76)), False)
        bottom = smooth(((side * 0.57, -0.14), (side * 0.25, -0.16), (0, -0.06)), False)
        rows = tuple(
            Mark(smooth(((side * 0.08, y + 0.03), (side * 0.25, y - 0.02), (side * 0.48, y)), False), 0.5)
            for y in np.arange(-0.66, -0.22, 0.075)
        )
        sides.append(Shape(np.concatenate((top, bottom)), parts["pages"], round=0.3, marks=rows))
    return (Shape(cover, parts["cover"], round=0), *sides)


def ball(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A ball with a stripe or with a spot and seams."""
    x, y, r = 0.0, -0.5, 0.5
    glint = Mark(arc(x, y, r * 0.75, r * 0.75, turns=(3.5, 4.2)), 1.2, WHITE)
    if form.random() < 0.5:
        band = np.concatenate(
            (arc(x, y - 0.12, 0.6, 0.16, turns=(0, np.pi)), arc(x, y + 0.14, 0.6, 0.16, turns=(np.pi, 0)))
        )
        inside: tuple[Shape, ...] = (Shape(band, parts["stripe"], round=0.5),)
    else:
        cuts = np.linspace(0, 2 * np.pi, 7)
        inside = tuple(
            Shape(smooth(((x, y), _at(x, y, r, a), _at(x, y, r * 1.2, a + 0.5), _at(x, y, r, b))), parts[name])
            for a, b, name in zip(cuts[:-1:2], cuts[1::2], ("stripe", "spot", "stripe"), strict=True)
        )
    return (Shape(ellipse(x, y, r), parts["ball"], round=1, inside=inside, marks=(glint,)),)


def _at(x: float, y: float, radius: float, angle: float) -> tuple[float, float]:
    return x + radius * float(np.cos(angle)), y + radius * float(np.sin(angle))


def balloon(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A balloon on a string."""
    tall = float(form.uniform(0.28, 0.36))
    body = smooth(((0, -1), (0.26, -0.9), (0.27, -0.72), (0, -1 + 2 * tall), (-0.27, -0.72), (-0.26, -0.9)))
    end = -1 + 2 * tall
    sway = float(rng.uniform(-0.1, 0.1))
    return (
        Mark(smooth(((0, end), (sway, end * 0.6), (-sway, end * 0.3), (sway * 0.5, 0)), False), 0.8),
        Shape(line((0, end - 0.02), (0.05, end + 0.05), (-0.05, end + 0.05)), parts["balloon"]),
        Shape(body, parts["balloon"], round=1, marks=(Mark(arc(0, -0.78, 0.17, 0.15, turns=(3.5, 4.4)), 1.2, WHITE),)),
    )


def box(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A wooden box, or a chest with bands, closed or open."""
    boards = tuple(Mark(line((-0.6, y), (0.6, y)), 0.7) for y in (-0.42, -0.22))
    bands = tuple(Shape(rect(x - 0.05, -0.7, x + 0.05, 0), parts["band"], round=0.2) for x in (-0.38, 0.38))
    front = Shape(rect(-0.55, -0.62, 0.55, 0), parts["box"], round=0.1, marks=boards, inside=bands)
    lock = Shape(rect(-0.07, -0.62, 0.07, -0.46), parts["band"])
    if form.random() < 0.5:
        top = line((-0.55, -0.62), (-0.38, -0.88), (0.72, -0.88), (0.55, -0.62))
        side = line((0.55, -0.62), (0.72, -0.88), (0.72, -0.24), (0.55, 0))
        return (front, Shape(top, parts["box"], round=0), Shape(side, parts["box"], round=0))
    high = -0.98 if rng.random() < 0.6 else -1.2
    lid = smooth(((-0.57, -0.6), (-0.52, high * 0.88), (0, high), (0.52, high * 0.88), (0.57, -0.6)), False)
    lid_bands = tuple(Shape(rect(x - 0.05, -1.3, x + 0.05, -0.5), parts["band"], round=0.2) for x in (-0.38, 0.38))
    return (Shape(lid, parts["box"], round=0.5, inside=lid_bands), front, lock)


def gift(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A wrapped present with a bow."""
    wide = float(form.uniform(0.34, 0.5))
    band = Shape(rect(-0.06, -0.8, 0.06, 0), parts["ribbon"], round=0.1)
    loops = tuple(Shape(leaf((0, -0.72), (side * 0.3, -0.97), 0.17), parts["ribbon"], round=0.6) for side in (-1, 1))
    return (
        Shape(rect(-wide, -0.55, wide, 0), parts["paper"], round=0.1, inside=(band,)),
        Shape(rect(-wide - 0.05, -0.72, wide + 0.05, -0.5), parts["paper"], round=0.1, inside=(band,)),
        *loops,
        Shape(ellipse(0, -0.74, 0.06), parts["ribbon"]),
    )


def bag(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A satchel."""
    wide = float(form.uniform(0.38, 0.48))
    body = smooth(
        ((-wide * 0.8, -0.68), (wide * 0.8, -0.68), (wide, -0.3), (wide * 0.9, 0), (-wide * 0.9, 0), (-wide, -0.3))
    )
    flap = smooth(((-wide * 0.85, -0.7), (wide * 0.85, -0.7), (wide * 0.8, -0.42), (0, -0.3), (-wide * 0.8, -0.42)))
    strap = tube(((-wide * 0.7, -0.66), (-wide * 0.4, -0.95), (wide * 0.4, -0.95), (wide * 0.7, -0.66)), (0.06,) * 4)
    return (
        Shape(strap, parts["bag"], solid=True),
        Shape(body, parts["bag"], solid=True),
        Shape(flap, parts["flap"], round=0.4),
        Shape(rect(-0.07, -0.4, 0.07, -0.27), parts["buckle"], round=0.2),
    )


def hat(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A hat with a brim: flat, round or pointed."""
    top = float(form.choice((-0.5, -0.62, -1.0)))
    wide = 0.1 if top == -1 else 0.3
    bend = float(form.uniform(-0.1, 0.2)) if top == -1 else 0.0
    crown = smooth(((-0.36, -0.12), (-wide, top * 0.8), (bend, top), (wide, top * 0.8), (0.36, -0.12), (0, -0.05)))
    band = Shape(
        smooth(((-0.4, -0.26), (0, -0.18), (0.4, -0.26), (0.4, -0.1), (0, -0.02), (-0.4, -0.1))), parts["band"]
    )
    folds = (Mark(smooth(((-0.1, -0.3), (-0.06, top * 0.6), (0.02, top * 0.8)), False), 0.6),)
    return (
        Shape(ellipse(0, -0.12, 0.62, 0.12), parts["hat"], solid=True),
        Shape(crown, parts["hat"], round=0.7, inside=(band,), marks=folds, solid=True),
    )


def candle(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A burning candle on its stand."""
    low = -float(form.uniform(0.1, 0.4))
    drip = smooth(((-0.1, -0.7), (0.1, -0.7), (0.11, -0.5), (0.06, -0.56), (0.0, -0.46), (-0.05, -0.58), (-0.1, -0.52)))
    flame = smooth(((0, -1), (0.07, -0.84), (0, -0.74), (-0.07, -0.84)))
    return (
        Shape(limb((0, low), (0, -0.04), 0.06, 0.08), parts["stand"]),
        Shape(ellipse(0, -0.04, 0.25, 0.05), parts["stand"]),
        Shape(rect(-0.1, -0.69, 0.1, low), parts["wax"], round=0.6),
        Shape(ellipse(0, low, 0.2, 0.05), parts["stand"]),
        Shape(drip, parts["wax"], line=0.7),
        Mark(line((0, -0.7), (0, -0.78)), 1.2),
        Shape(flame, parts["flame"], line=0.7, round=0.2),
    )


def lantern(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A lantern: of iron and glass, or of paper."""
    handle = Mark(arc(0, -0.84, 0.16, 0.15, turns=(np.pi, 2 * np.pi)), 1.5)
    if form.random() < 0.5:
        ribs = tuple(Mark(arc(0, y, 0.5, 0.06, turns=(0, np.pi)), 0.5) for y in np.arange(-0.74, -0.14, 0.1))
        body = Shape(ellipse(0, -0.48, 0.34, 0.38), parts["light"], round=0.8, marks=ribs)
        ends = (
            Shape(rect(-0.14, -0.88, 0.14, -0.8), parts["frame"], solid=True),
            Shape(rect(-0.14, -0.15, 0.14, -0.07), parts["frame"], solid=True),
        )
        return (handle, body, *ends, Mark(line((0, -0.07), (0, 0)), 1.5))
    bars = (Mark(line((0, -0.7), (0, -0.1)), 1.0), Mark(line((-0.25, -0.4), (0.25, -0.4)), 1.0))
    return (
        handle,
        Shape(line((-0.24, -0.66), (0.24, -0.66), (0.2, -0.1), (-0.2, -0.1)), parts["light"], round=0.2, marks=bars),
        Shape(line((-0.32, -0.64), (-0.1, -0.84), (0.1, -0.84), (0.32, -0.64)), parts["frame"], solid=True),
        Shape(rect(-0.26, -0.12, 0.26, 0), parts["frame"], solid=True),
    )


def clock(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """An alarm clock that shows some time."""
    angles = np.arange(12) * np.pi / 6
    ticks = tuple(Mark(line(_at(0, -0.46, 0.27, a), _at(0, -0.46, 0.31, a)), 0.8) for a in angles)
    hands = tuple(Mark(line((0, -0.46), _at(0, -0.46, r, float(rng.uniform(0, 6.3)))), 1.4) for r in (0.16, 0.24))
    bells = tuple(Shape(ellipse(x, -0.88, 0.14, 0.1, turn=x), parts["case"], round=0.8) for x in (-0.24, 0.24))
    feet = tuple(Shape(limb((x * 0.8, -0.2), (x, -0.02), 0.08, 0.07), parts["case"]) for x in (-0.26, 0.26))
    return (
        *feet,
        *bells,
        Shape(ellipse(0, -0.46, 0.42), parts["case"], round=0.5),
        Shape(ellipse(0, -0.46, 0.34), parts["face"], round=0.1, marks=ticks + hands),
    )


def chair(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A chair seen a little from above."""
    bars = int(form.integers(2, 5))
    rails = tuple(
        Shape(limb((x, -0.92), (x, -0.46), 0.05, 0.05), parts["wood"]) for x in np.linspace(-0.22, 0.22, bars)
    )
    back = tuple(Shape(limb((x, -0.97), (x, -0.1), 0.07, 0.06), parts["wood"]) for x in (-0.32, 0.32))
    front = tuple(Shape(limb((x, -0.4), (x * 1.04, -0.02), 0.08, 0.06), parts["wood"]) for x in (-0.38, 0.38))
    seat = line((-0.34, -0.48), (0.34, -0.48), (0.44, -0.34), (-0.44, -0.34))
    return (
        *back,
        *rails,
        Shape(rect(-0.34, -0.98, 0.34, -0.84), parts["wood"], round=0.2),
        *front,
        Shape(seat, parts["seat"], round=0.2),
        Shape(rect(-0.44, -0.34, 0.44, -0.28), parts["wood"], round=0.1),
    )


def umbrella(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """An umbrella, open or closed."""
    hook = tube(((0, -0.2), (0, -0.08), (0.06, -0.01), (0.13, -0.06)), (0.04,) * 4)
    if rng.random() < 0.25:
        folds = tuple(Mark(line((x, -0.34), (x * 0.2, -0.9)), 0.6) for x in (-0.06, 0.06))
        cloth = smooth(((0, -1), (0.1, -0.5), (0.05, -0.26), (-0.05, -0.26), (-0.1, -0.5)))
        return (Shape(hook, parts["stick"]), Shape(cloth, parts["canopy"], marks=folds, solid=True))
    hem = [arc(x, -0.55, 0.15, 0.06, turns=(0, -np.pi)) for x in (0.45, 0.15, -0.15, -0.45)]
    dome = np.concatenate((arc(0, -0.55, 0.6, 0.42, turns=(np.pi, 2 * np.pi)), *hem))
    panels = tuple(
        Shape(
            smooth(((0, -1.0), (side * 0.36, -0.8), (side * 0.6, -0.5), (side * 0.3, -0.5), (side * 0.2, -0.8))),
            parts["panel"],
        )
        for side in (-1, 1)
    )
    ribs = tuple(Mark(smooth(((0, -0.97), (x * 0.8, -0.8), (x, -0.5)), False), 0.7) for x in (-0.3, 0, 0.3))
    return (
        Shape(limb((0, -1), (0, -0.18), 0.035, 0.035), parts["stick"]),
        Shape(hook, parts["stick"]),
        Shape(dome, parts["canopy"], round=0.7, inside=panels, marks=ribs),
    )


def shield(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A shield with a sign on it."""
    outer = ellipse(0, -0.5, 0.48) if form.random() < 0.4 else _escutcheon(1.0)
    middle = line((0, -0.5))
    inner = (outer - middle) * 0.84 + middle
    tips = int(form.integers(4, 7))
    sign = Shape(star(0, -0.52, 0.2, tips=tips), parts["sign"], line=0.8, round=0.2)
    return (Shape(outer, parts["rim"]), Shape(inner.astype(np.float32), parts["field"], inside=(sign,)))


def _escutcheon(size: float) -> np.ndarray:
    return smooth(
        ((-0.4, -0.97), (0, -1), (0.4, -0.97), (0.42, -0.5), (0.25, -0.2), (0, 0), (-0.25, -0.2), (-0.42, -0.5))
    )


def mushroom(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """A toadstool."""
    stem = smooth(((-0.12, -0.55), (0.12, -0.55), (0.16, -0.1), (0.1, 0), (-0.1, 0), (-0.16, -0.1)))
    cap = smooth(((-0.48, -0.5), (-0.38, -0.8), (0, -1), (0.38, -0.8), (0.48, -0.5), (0.2, -0.44), (-0.2, -0.44)))
    spots = ((-0.24, -0.68, 0.09), (0.05, -0.85, 0.1), (0.26, -0.64, 0.08), (-0.02, -0.58, 0.06))
    dots = tuple(Shape(ellipse(x, y, r, r * 0.8), parts["dot"], line=0.7, round=0.2) for x, y, r in spots)
    return (Shape(stem, parts["stem"], round=0.6), Shape(cap, parts["cap"], round=0.8, inside=dots))


def fruit(parts: Parts, form: Rng, rng: Rng) -> Drawing:
    """An apple, a pear or an orange."""
    outlines = (
        even((0, -0.8), (0.22, -0.88), (0.46, -0.6), (0.32, -0.1), (0, -0.04)),
        even((0, -0.86), (0.16, -0.76), (0.2, -0.5), (0.38, -0.22), (0.2, 0)),
        ellipse(0, -0.43, 0.43),
    )
    body = outlines[form.integers(len(outlines))]
    glint = Mark(arc(-0.02, -0.42, 0.28, 0.3, turns=(3.4, 4.1)), 1.2, WHITE)
    rib = Mark(line((0, -0.85), (0.2, -0.95)), 0.5)
    return (
        Shape(body, parts["fruit"], round=1, marks=(glint,)),
        Shape(leaf((0, -0.85), (0.26, -0.98), 0.13), parts["leaf"], line=0.8, marks=(rib,)),
        Shape(limb((0, -0.82), (-0.03, -0.97), 0.03, 0.05), parts["stalk"]),
    )
