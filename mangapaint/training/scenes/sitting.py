"""Beasts that sit before us, seen from the front, their heads large as in picture books."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.builds import STRIPED, Build, tail_tip
from mangapaint.training.scenes.curves import arc, blob, bumpy, ellipse, even, leaf, limb, line, merged, smooth, tube
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.muzzles import (
    Ears,
    Mood,
    Pieces,
    ears_front,
    eye,
    mouth_front,
    nose,
    ruff,
    snout,
    whiskers,
)
from mangapaint.training.scenes.shapes import Figure, Mark, Shape

Rng = np.random.Generator


def sitting(build: Build, parts: Parts, form: Rng, face: Mood, rng: Rng) -> Figure:
    """Draw the beast from the front, its head large as in picture books."""
    striped = bool(form.random() < STRIPED)
    wide = 0.2 + build.body[1] * 0.2
    head = (0.0, -0.68, 0.24 + build.head[0] * 0.3)
    tilt = float(rng.uniform(-0.04, 0.04))
    head = (tilt, head[1], head[2])
    body = smooth(
        ((-0.14, -0.55), (0.14, -0.55), (wide, -0.25), (wide * 0.9, -0.02), (-wide * 0.9, -0.02), (-wide, -0.25))
    )
    if build.woolly:
        body = bumpy(0, -0.28, (wide * 1.1, 0.3), bumps=15, depth=0.12)
    arms = [limb((side * 0.09, -0.38), (side * 0.1, -0.05), 0.12, 0.12) for side in (-1, 1)]
    feet = [ellipse(side * wide * 0.92, -0.05, 0.11, 0.06) for side in (-1, 1)]
    belly = (Shape(ellipse(0, -0.3, wide * 0.55, 0.22), parts["belly"], line=0.6),) if "belly" in parts else ()
    lines = tuple(Mark(line((side * 0.16, -0.3), (side * 0.155, -0.08)), 0.8) for side in (-1, 1))
    toes = tuple(Mark(line((x + dx, -0.07), (x + dx, -0.02)), 0.6) for x in (-0.1, 0.1) for dx in (-0.02, 0.02))
    drawing: Pieces = [*_tail_front(build, parts, wide)]
    drawing += [Shape(foot, parts["coat"]) for foot in feet]
    drawing.append(
        Shape(
            merged([body, *arms]),
            parts["coat"],
            round=0.7,
            inside=(*_marked(parts, form, wide, striped), *belly),
            marks=lines + toes,
        )
    )
    if "collar" in parts:
        drawing.append(Shape(limb((-0.16, -0.5), (0.16, -0.5), 0.07, 0.07), parts["collar"]))
    drawing += [ruff(parts, head, 15)] if build.mane == "ruff" else []
    marks_on_head = _forehead(parts, form, head, striped)
    drawing += _face_front(build, parts, head, face, marks_on_head)
    return Figure(tuple(drawing), head)


def _marked(parts: Parts, form: Rng, wide: float, striped: bool) -> tuple[Shape, ...]:
    if "patch" not in parts:
        return ()
    if striped:
        ends = [(s, y) for s in (-1, 1) for y in (-0.42, -0.3, -0.18)]
        return tuple(Shape(leaf((s * 0.25, y), (s * 0.11, y + 0.02), 0.05), parts["patch"], line=0.6) for s, y in ends)
    spots = form.uniform((-wide, -0.5), (wide, -0.05), (3, 2))
    return tuple(Shape(blob(form, x, y, (0.08, 0.07), rough=0.25), parts["patch"], line=0.6) for x, y in spots)


def _tail_front(build: Build, parts: Parts, wide: float) -> Pieces:
    widths = {"bushy": (0.08, 0.2, 0.2, 0.04), "hair": (0.06, 0.12, 0.12, 0.03)}.get(
        build.tail, (0.07, 0.06, 0.06, 0.05)
    )
    if build.tail in ("stub", "curl"):
        return []
    ways = ((wide * 0.6, -0.06), (wide + 0.14, -0.08), (wide + 0.2, -0.25), (wide + 0.12, -0.4))
    tuft = [Shape(ellipse(wide + 0.12, -0.42, 0.07), parts.get("mane", parts["coat"]))] if build.tail == "tuft" else []
    name = "mane" if build.tail == "hair" and "mane" in parts else "coat"
    return [
        Shape(tube(ways, widths), parts[name], inside=tail_tip(parts, ways[-1]) if build.tail == "bushy" else ()),
        *tuft,
    ]


def _face_front(build: Build, parts: Parts, head: tuple[float, float, float], face: Mood, marks: list[Shape]) -> Pieces:
    x, y, r = head
    ways = ((0, -0.92), (0.8, -0.65), (1.08, 0.2), (0, 0.85))
    skull = even(*((r * a, r * b) for a, b in ways)) + line((x, y))
    inside = [*marks]
    if "belly" in parts:
        inside.append(Shape(ellipse(x, y + r * 0.5, r * 0.55, r * 0.42), parts["belly"], line=0.6))
    drawing: Pieces = [] if build.ears is Ears.FLOPPY else ears_front(parts, build.ears, head, 0.4 * face.gaze)
    drawing += _horns(parts, head) if build.horned else []
    drawing.append(Shape(skull, parts["coat"], round=0.8, inside=tuple(inside)))
    drawing += ears_front(parts, build.ears, head, 0.0) if build.ears is Ears.FLOPPY else []
    if build.woolly:
        drawing.append(Shape(bumpy(x, y - r * 0.75, (r * 0.6, r * 0.35), bumps=8), parts["coat"]))
    for side in (-1, 1):
        drawing += eye(parts, (x + side * r * 0.42, y - r * 0.05), r * 0.17, face, side=side)
    if build.trunk:
        return drawing + _trunk(parts, head)
    drawing += mouth_front(parts, (x, y + r * 0.38), r * 0.34, face)
    at = (x, y + r * 0.3)
    drawing.append(snout(parts, at, r * 0.3) if build.snouted else nose(parts, at, r * 0.14))
    return drawing + (whiskers((x, y + r * 0.42), r * 0.62) if build.whiskered else [])


def _horns(parts: Parts, head: tuple[float, float, float]) -> Pieces:
    x, y, r = head
    return [
        Shape(
            leaf((x + s * r * 0.4, y - r * 0.75), (x + s * r * 0.75, y - r * 1.4), r * 0.25, bend=-0.3 * s),
            parts["horn"],
        )
        for s in (-1, 1)
    ]


def _trunk(parts: Parts, head: tuple[float, float, float]) -> Pieces:
    x, y, r = head
    ways = ((x, y + r * 0.1), (x, y + r * 0.7), (x + r * 0.1, y + r * 1.2), (x + r * 0.45, y + r * 1.35))
    rings = tuple(Mark(arc(x, y + r * t, r * 0.24, r * 0.06, turns=(0.3, 2.8)), 0.6) for t in (0.4, 0.6, 0.8, 1.0))
    tusks = (
        Shape(leaf((x + s * r * 0.3, y + r * 0.45), (x + s * r * 0.5, y + r * 1.0), r * 0.16), parts["horn"])
        for s in (-1, 1)
    )
    return [*tusks, Shape(tube(ways, (r * 0.5, r * 0.42, r * 0.34, r * 0.26)), parts["coat"], marks=rings)]


def _forehead(parts: Parts, form: Rng, head: tuple[float, float, float], striped: bool) -> list[Shape]:
    """Return stripes on the forehead, or a patch around one eye."""
    x, y, r = head
    if "patch" not in parts:
        return []
    if striped:
        return [
            Shape(leaf((x + dx * r, y - r * 1.1), (x + dx * r * 0.7, y - r * 0.4), r * 0.16), parts["patch"], line=0.6)
            for dx in (-0.35, 0.0, 0.35)
        ]
    side = float(form.choice((-1, 1)))
    return [Shape(blob(form, x + side * r * 0.5, y - r * 0.2, (r * 0.5, r * 0.6), rough=0.2), parts["patch"], line=0.6)]
