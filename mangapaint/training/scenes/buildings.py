"""Houses and what people put up outdoors, drawn from their parts; one unit is as high as the thing.

``detail`` 0..1 is how many lines are drawn; what is drawn from ``form`` must not depend on it.
"""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.curves import arc, bumpy, ellipse, limb, line, rect, smooth
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Drawing, Mark, Points, Shape

Rng = np.random.Generator


def house(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A house: its gable or its long side in front."""
    wide = float(form.uniform(0.45, 0.7))
    eaves = -float(form.uniform(0.5, 0.62))
    front = Shape(rect(-wide, eaves, wide, 0), parts["wall"], round=0, marks=_walling(form, (wide, eaves), detail))
    if form.random() < 0.5:
        gable = line((-wide, eaves + 0.01), (0, -0.95), (wide, eaves + 0.01), (wide, 0), (-wide, 0))
        front = Shape(gable, parts["wall"], round=0, marks=front.marks)
        roof = (
            Shape(
                _band(((-wide - 0.08, eaves + 0.06), (0, -1.0), (wide + 0.08, eaves + 0.06)), 0.09),
                parts["roof"],
                round=0.1,
            ),
        )
        body: Drawing = (*_side(parts, wide, eaves, detail), front, *roof)
    else:
        slope = line((-wide - 0.1, eaves), (-wide * 0.8, -0.95), (wide * 0.8, -0.95), (wide + 0.1, eaves))
        body = (front, Shape(slope, parts["roof"], round=0.1, marks=_tiles(wide, (-0.95, eaves), detail)))
    chimney = (
        (Shape(rect(wide * 0.4, -1.05, wide * 0.4 + 0.12, -0.8), parts["wall"], round=0),)
        if form.random() < 0.5
        else ()
    )
    return (*chimney, *body, *_openings(parts, form, wide, eaves))


def _band(corners: tuple[tuple[float, float], ...], thick: float) -> Points:
    """Return a strip along a line with corners, ``thick`` below it."""
    lower = [(x, y + thick) for x, y in reversed(corners)]
    return line(*corners, *lower)


def _side(parts: Parts, wide: float, eaves: float, detail: float) -> Drawing:
    """Return the long side that is seen behind a gable."""
    far = wide * 1.9
    wall = Shape(line((wide, eaves), (far, eaves * 0.92), (far, -0.06), (wide, 0)), parts["side"], round=0)
    roof = line((0, -1.0), (far - wide * 0.95, -0.93), (far + 0.08, eaves * 0.88), (wide + 0.08, eaves + 0.06))
    tiles = tuple(
        Mark(
            line(
                (wide * s, -1 + (eaves + 1.06) * s),
                (far - wide * 0.95 + (wide * 0.95 + 0.08) * s, -0.93 + (eaves * 0.88 + 0.93) * s),
            ),
            0.5,
        )
        for s in np.linspace(0.2, 0.85, int(2 + 3 * detail))
    )
    pane = line(
        (wide * 1.3, eaves * 0.7), (wide * 1.55, eaves * 0.68), (wide * 1.55, eaves * 0.34), (wide * 1.3, eaves * 0.34)
    )
    return (wall, Shape(pane, parts["pane"], round=0), Shape(roof, parts["roof"], round=0.1, marks=tiles))


def _tiles(wide: float, rows: tuple[float, float], detail: float) -> tuple[Mark, ...]:
    ys = np.linspace(*rows, int(3 + 5 * detail))
    marks = [Mark(line((-wide * 1.3, y), (wide * 1.3, y)), 0.5) for y in ys[1:-1]]
    if detail > 0.5:
        step = ys[1] - ys[0]
        marks += [
            Mark(line((x + 0.06 * (i % 2), y), (x + 0.06 * (i % 2), y + step)), 0.4)
            for i, y in enumerate(ys[:-1])
            for x in np.arange(-wide, wide, 0.12)
        ]
    return tuple(marks)


def _walling(form: Rng, size: tuple[float, float], detail: float) -> tuple[Mark, ...]:
    """Return bricks here and there, or boards, or nothing."""
    wide, eaves = size
    manner = form.random()
    if manner < 0.35:
        spots = form.uniform((-wide, eaves), (wide * 0.85, 0), (12, 2))[: int(4 + 8 * detail)]
        return tuple(Mark(line((x, y), (x + 0.07, y), (x + 0.07, y + 0.035)), 0.5) for x, y in spots)
    if manner < 0.6:
        return tuple(Mark(line((-wide, y), (wide, y)), 0.4) for y in np.linspace(eaves, 0, int(4 + 5 * detail))[1:-1])
    return ()


def _openings(parts: Parts, form: Rng, wide: float, eaves: float) -> Drawing:
    """Return the door and the windows of a front."""
    at = float(form.choice((-0.5, 0.0, 0.5))) * wide
    door = (
        arc(at, eaves * 0.55, 0.12, 0.1, turns=(np.pi, 2 * np.pi))
        if form.random() < 0.4
        else rect(at - 0.12, eaves * 0.62, at + 0.12, 0)
    )
    if len(door) > 4:
        door = np.concatenate((door, line((at + 0.12, 0), (at - 0.12, 0))))
    spots = [x for x in (-0.55 * wide, 0.0, 0.55 * wide) if abs(x - at) > 0.2]
    windows = [part for x in spots for part in window(parts, x, eaves * 0.5, 0.1)]
    knob = Mark(ellipse(at + 0.07, eaves * 0.25, 0.012), 0.8)
    return (Shape(door, parts["door"], round=0, marks=(knob,)), *windows)


def window(parts: Parts, x: float, y: float, half: float) -> Drawing:
    """A window with bars, in a frame."""
    bars = (Mark(line((x, y - half), (x, y + half)), 0.8), Mark(line((x - half, y), (x + half, y)), 0.8))
    return (
        Shape(rect(x - half * 1.2, y - half * 1.2, x + half * 1.2, y + half * 1.2), parts["frame"], round=0, line=0.8),
        Shape(rect(x - half, y - half, x + half, y + half), parts["pane"], round=0, line=0.7, marks=bars),
    )


def hut(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A round hut with a roof of straw."""
    wide = float(form.uniform(0.4, 0.55))
    wall = smooth(((-wide, -0.5), (-wide, -0.03), (0, 0.02), (wide, -0.03), (wide, -0.5)), False)
    fringe = [(x, -0.42 + (0.05 if i % 2 else 0.0)) for i, x in enumerate(np.linspace(wide + 0.18, -wide - 0.18, 15))]
    straw = tuple(Mark(line((x * 0.2, -0.95), (x, -0.45)), 0.5) for x in np.linspace(-wide, wide, int(5 + 6 * detail)))
    return (
        Shape(wall, parts["wall"], round=0.6),
        Shape(line((-0.12, 0), (-0.12, -0.34), (0.12, -0.34), (0.12, 0)), parts["door"], round=0, solid=True),
        Shape(line((0, -1), *fringe), parts["roof"], round=0.5, marks=straw),
    )


def tower(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tall building of a city with rows of windows."""
    wide = float(form.uniform(0.14, 0.3))
    rows = int(form.integers(5, 11))
    tall = 0.94 / rows
    side = line((wide, -1), (wide * 1.4, -0.97), (wide * 1.4, 0), (wide, 0))
    bars = tuple(Mark(line((x, -1), (x, 0)), 0.6) for x in np.linspace(-wide, wide, int(form.integers(4, 8)))[1:-1])
    bands = tuple(
        Shape(
            rect(-wide * 0.85, -0.96 + i * tall, wide * 0.85, -0.96 + (i + 0.6) * tall),
            parts["pane"],
            line=0.6,
            round=0,
            marks=bars,
        )
        for i in range(rows)
    )
    tank = (Shape(rect(-wide * 0.3, -1.05, wide * 0.1, -0.99), parts["tower"], round=0),) if form.random() < 0.5 else ()
    return (
        *tank,
        Shape(side, parts["side"], round=0),
        Shape(rect(-wide, -1, wide, 0), parts["tower"], round=0, inside=bands),
    )


def shop(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A shop front with an awning."""
    wide = float(form.uniform(0.5, 0.7))
    edges = np.linspace(-wide * 0.9, wide * 0.9, 8)
    awning = (
        Shape(
            line((a * 0.95, -0.55), (b * 0.95, -0.55), (b, -0.4), ((a + b) / 2, -0.37), (a, -0.4)),
            parts[name],
            round=0.1,
        )
        for a, b, name in zip(edges[:-1], edges[1:], ("awning", "stripe") * 4, strict=False)
    )
    upper = (part for x in (-0.55, 0.0, 0.55) for part in window(parts, x * wide, -0.8, 0.09))
    return (
        Shape(rect(-wide, -1, wide, 0), parts["wall"], round=0),
        Shape(rect(-wide - 0.03, -1.04, wide + 0.03, -0.97), parts["frame"], round=0),
        *upper,
        Shape(
            rect(-wide * 0.85, -0.42, wide * 0.2, -0.1),
            parts["pane"],
            round=0,
            marks=(Mark(line((-wide * 0.3, -0.5), (-wide * 0.3, 0))),),
        ),
        Shape(rect(wide * 0.35, -0.42, wide * 0.8, 0), parts["door"], round=0),
        *awning,
        Shape(rect(-wide * 0.6, -0.7, wide * 0.6, -0.58), parts["stripe"], round=0, marks=_scribble(form, wide)),
    )


def _scribble(form: Rng, wide: float) -> tuple[Mark, ...]:
    """Return letters that say nothing."""
    xs = np.linspace(-wide * 0.45, wide * 0.45, 6)
    return tuple(
        Mark(line(*((x + form.uniform(-0.03, 0.03), form.uniform(-0.675, -0.605)) for _ in range(4)))) for x in xs
    )


def fence(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A stretch of fence, 2.4 units wide."""
    tip = float(form.choice((0.0, 0.1)))
    rails = (Shape(rect(-1.2, y, 1.2, y + 0.1), parts["fence"], round=0) for y in (-0.75, -0.35))
    pales = (
        Shape(
            line((x - 0.08, 0), (x - 0.08, -0.9), (x, -0.9 - tip), (x + 0.08, -0.9), (x + 0.08, 0)),
            parts["fence"],
            round=0.1,
        )
        for x in np.arange(-1.1, 1.2, 0.27)
    )
    return (*rails, *pales)


def lamp(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A street lamp."""
    return (
        Shape(limb((0, -0.85), (0, 0), 0.02, 0.035), parts["post"], line=0.8, solid=True),
        Shape(
            line((-0.045, -0.95), (0.045, -0.95), (0.03, -0.85), (-0.03, -0.85)), parts["light"], line=0.8, round=0.2
        ),
        Shape(line((-0.06, -0.95), (0, -1), (0.06, -0.95)), parts["post"], line=0.8, solid=True),
    )


def well(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A well with a roof."""
    stones = tuple(
        Mark(line((x, y), (x + 0.16, y), (x + 0.16, y + 0.1)), 0.6)
        for y in (-0.3, -0.2, -0.1)
        for x in np.arange(-0.4 + y, 0.4, 0.2)
    )
    posts = (Shape(rect(x - 0.03, -0.8, x + 0.03, -0.3), parts["wood"], round=0.2) for x in (-0.32, 0.32))
    return (
        *posts,
        Shape(line((-0.5, -0.68), (0, -1), (0.5, -0.68)), parts["roof"], round=0.1),
        Shape(rect(-0.42, -0.36, 0.42, 0), parts["stone"], round=0.5, marks=stones),
    )


def arch(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A gate of two posts and two beams, as before a shrine."""
    posts = (
        Shape(line((x * 0.9 - 0.05, -0.9), (x * 0.9 + 0.05, -0.9), (x + 0.06, 0), (x - 0.06, 0)), parts["gate"])
        for x in (-0.4, 0.4)
    )
    top = smooth(((-0.66, -1.02), (0, -0.96), (0.66, -1.02), (0.62, -0.86), (0, -0.86), (-0.62, -0.86)), steps=3)
    return (
        *posts,
        Shape(rect(-0.48, -0.74, 0.48, -0.66), parts["gate"], round=0.2),
        Shape(top, parts["beam"], round=0.2),
    )


def tent(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A tent."""
    flap = Shape(line((0, -0.95), (0.22, 0), (-0.22, 0)), parts["inner"], round=0, solid=True)
    seams = tuple(Mark(line((0, -1), (x, 0)), 0.6) for x in (-0.6, 0.6))
    return (Shape(line((0, -1), (0.95, 0), (-0.95, 0)), parts["tent"], round=0.2, marks=seams), flap)


def boat(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A sailing boat."""
    hull = smooth(((-0.5, -0.22), (0, -0.16), (0.55, -0.26), (0.35, 0), (-0.35, 0)), steps=3)
    return (
        Shape(line((0.02, -1), (0.02, -0.24), (-0.42, -0.28)), parts["sail"], round=0.3),
        Shape(line((0.06, -0.9), (0.06, -0.24), (0.4, -0.3)), parts["sail"], round=0.3),
        Mark(line((0.04, -1), (0.04, -0.18)), 1.6),
        Shape(hull, parts["hull"], round=0.4),
    )


def cloud(parts: Parts, form: Rng, detail: float) -> Drawing:
    """A cloud: a heap with a flat foot, or a streak; about two units wide."""
    if form.random() < 0.2:
        return (Shape(bumpy(0, -0.3, (1.1, 0.18), bumps=9), parts["cloud"], line=0.7, round=0.3),)
    centers = np.linspace(-0.75, 0.75, int(form.integers(3, 6)))
    radii = form.uniform(0.28, 0.5, len(centers)) * (1.15 - 0.5 * np.abs(centers))
    x = np.linspace(-1.15, 1.15, 49)[:, None]
    high = np.sqrt(np.clip(radii**2 - (x - centers) ** 2, 0, None)).max(axis=1) * 1.3
    seen = np.flatnonzero(high > 0)
    top = np.stack((x[:, 0], -high), axis=1)[max(seen[0] - 1, 0) : seen[-1] + 2]
    curls = tuple(
        Mark(arc(c, -r * 0.4, r * 0.6, r * 0.6, turns=(3.4, 4.8)), 0.5) for c, r in zip(centers, radii, strict=True)
    )
    return (Shape(top.astype(np.float32), parts["cloud"], line=0.7, round=0.4, marks=curls if detail > 0.4 else ()),)
