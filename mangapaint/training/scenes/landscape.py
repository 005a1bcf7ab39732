"""Sky, distance, ground and ways of places outdoors, drawn from a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes.buildings import cloud
from mangapaint.training.scenes.curves import ellipse, matrix, smooth, star
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Identity, Mark, Points, Shape, placed
from mangapaint.training.scenes.views import MARGIN, Hour, Place, View

Rng = np.random.Generator
_WIDE = 2.6
"""How far to either side of the middle the distance is drawn, as an angle."""


@dataclass(frozen=True)
class Backdrop:
    """Something far away, drawn from the place's parts by its name ("wood", or "wood 2" for a second one)."""

    material: str
    outline: Callable[[Parts, str, Rng, View], list[Shape | Mark]]
    extra: Mapping[str, str]

    def parts(self, name: str) -> dict[str, str]:
        """Return the names and materials of what it needs."""
        return {name: self.material, **self.extra}

    def draw(self, parts: Parts, name: str, form: Rng, view: View) -> list[Shape | Mark]:
        """Draw it."""
        return self.outline(parts, name, form, view)


@dataclass(frozen=True)
class Way:
    """A path, road or river on the ground."""

    materials: Mapping[str, str]
    draw: Callable[[Parts, Rng, View], list[Shape | Mark]]


def sky(place: Place, form: Rng, view: View) -> list[Shape | Mark]:
    """Draw the sky over the whole picture: bands if it has any, sun, moon and stars, clouds."""
    drawing: list[Shape | Mark] = [Shape(view.whole(), place.base["sky"], line=0, round=0)]
    bands = [identity for name, identity in place.base.items() if name.startswith("sky ")]
    for index, identity in enumerate(bands):
        top = view.horizon - view.focal * 0.85 * (1 - (index + 1) / (len(bands) + 0.5)) - 0.1 * view.focal
        if top < view.height:
            drawing.append(Shape(view.whole(max(top, -MARGIN)), identity, line=0, round=0))
    lights = _stars(place.base, form, view) if place.hour is Hour.NIGHT else []
    return [*drawing, *lights, *_orb(place, form, view), *_clouds(place.base, form, view)]


def _orb(place: Place, form: Rng, view: View) -> list[Shape | Mark]:
    """Return the sun or the moon, which also may be hidden."""
    angle, high, radius, hidden = form.uniform((-0.7, 0.25, 0.06, 0), (0.7, 0.6, 0.12, 1))
    x, y, r = float(view.across(angle)), view.horizon - view.focal * high, view.focal * radius
    if hidden > 0.75 or not (-r < x < view.width + r and -r < y < view.height + r):
        return []
    if place.hour is not Hour.NIGHT:
        return [Shape(ellipse(x, y, r), place.base["sun"], line=0.7, round=0)]
    craters = tuple(
        Shape(ellipse(x + a * r, y + b * r, c * r), place.base["star"], line=0.5, round=0)
        for a, b, c in ((-0.3, -0.2, 0.22), (0.3, 0.3, 0.17), (0.2, -0.45, 0.12))
    )
    return [Shape(ellipse(x, y, r), place.base["moon"], line=0.7, round=0.2, inside=craters if hidden < 0.4 else ())]


def _stars(parts: Parts, form: Rng, view: View) -> list[Shape | Mark]:
    angles, heights, sizes = (
        form.uniform((-1.6,), (1.6,), 60),
        form.uniform(0.1, 1.4, 60),
        form.uniform(0.004, 0.012, 60),
    )
    xs, ys = view.across(angles), view.horizon - view.focal * heights
    inside = (xs > 0) & (xs < view.width) & (ys > 0) & (ys < view.height)
    return [
        Shape(star(x, y, view.focal * size, tips=4, inner=0.4), parts["star"], line=0, round=0)
        for x, y, size in zip(xs[inside], ys[inside], sizes[inside], strict=True)
    ]


def _clouds(parts: Parts, form: Rng, view: View) -> list[Shape | Mark]:
    count = int(form.integers(0, 12))
    drawing: list[Shape | Mark] = []
    for angle, high, size, seed in form.uniform((-1.6, 0.1, 0.07, 0), (1.6, 1.2, 0.24, 1 << 31), (count, 4)):
        placing = matrix(
            float(view.across(angle)), view.horizon - view.focal * high, view.focal * size, mirrored=view.mirrored
        )
        if view.sees(placing, 1.2):
            drawing += placed(cloud(parts, np.random.default_rng(int(seed)), view.detail), placing)
    return drawing


def _risen(view: View, angles: np.ndarray, heights: np.ndarray, *, soft: bool) -> Points:
    """Return the outline of what rises over the horizon, down to a little below it."""
    top = np.stack((view.across(angles), view.horizon - view.focal * heights), axis=1)
    points = smooth(top, False, steps=4) if soft else top
    low = view.horizon + view.focal * 0.03
    foot = np.array(((points[-1, 0], low), (points[0, 0], low)))
    return np.concatenate((points, foot)).astype(np.float32)


def _mountains(parts: Parts, name: str, form: Rng, view: View) -> list[Shape | Mark]:
    count = int(form.integers(9, 15))
    scale = form.uniform(0.6, 1.2)
    angles = np.linspace(-_WIDE, _WIDE, 2 * count + 1) + form.uniform(-0.06, 0.06, 2 * count + 1)
    heights = np.where(
        np.arange(2 * count + 1) % 2, form.uniform(0.22, 0.42, 2 * count + 1), form.uniform(0.06, 0.18, 2 * count + 1)
    )
    heights = heights * scale
    peaks = [(angles[i], heights[i]) for i in range(1, 2 * count, 2)]
    caps = tuple(_cap(parts, view, *peak) for peak in peaks) if form.random() < 0.6 else ()
    ridges = tuple(_ridge(view, *peak) for peak in peaks)
    outline = _risen(view, angles, heights, soft=form.random() < 0.3)
    return [Shape(outline, parts[name], line=0.7, round=0.2, inside=caps, marks=ridges)]


def _cap(parts: Parts, view: View, angle: float, high: float) -> Shape:
    """Return the snow on a mountain; it is clipped by the mountain."""
    x, top, unit = float(view.across(np.array(angle))), view.horizon - view.focal * high * 1.05, view.focal * high
    ways = ((0, 0), (0.4, 0.42), (0.2, 0.3), (0.1, 0.44), (-0.06, 0.28), (-0.16, 0.4), (-0.4, 0.36))
    points = np.array([(x + dx * unit, top + dy * unit) for dx, dy in ways], np.float32)
    return Shape(points, parts["snow"], line=0.6, round=0.1)


def _ridge(view: View, angle: float, high: float) -> Mark:
    x, top, unit = float(view.across(np.array(angle))), view.horizon - view.focal * high, view.focal * high
    ways = ((0, 0.02), (0.05, 0.2), (-0.02, 0.32), (0.08, 0.5))
    return Mark(np.array([(x + dx * unit, top + dy * unit) for dx, dy in ways], np.float32), 0.6)


def _hills(parts: Parts, name: str, form: Rng, view: View) -> list[Shape | Mark]:
    angles = np.linspace(-_WIDE, _WIDE, 15)
    heights = form.uniform(0.03, 0.16, 15) * form.uniform(0.6, 1.3)
    return [Shape(_risen(view, angles, heights, soft=True), parts[name], line=0.7, round=0.2)]


def _wood(parts: Parts, name: str, form: Rng, view: View) -> list[Shape | Mark]:
    """Draw the edge of a wood: bumps of leaves or tips of firs."""
    count = int(form.integers(50, 90))
    angles = np.linspace(-_WIDE, _WIDE, 2 * count + 1)
    rough = form.uniform(0.07, 0.2) * form.uniform(0.8, 1.1, 2 * count + 1)
    soft = bool(form.random() < 0.6)
    dent = 0.06 if soft else 0.09
    heights = np.where(np.arange(2 * count + 1) % 2, rough, rough - dent)
    near = np.abs(view.across(angles) - view.width / 2) < view.width / 2 + 0.2 * view.focal
    seen = np.flatnonzero(near)
    if len(seen) < 3:
        return []
    part = slice(seen[0], seen[-1] + 1)
    return [Shape(_risen(view, angles[part], heights[part], soft=soft), parts[name], line=0.7, round=0.3)]


def _town(parts: Parts, name: str, form: Rng, view: View) -> list[Shape | Mark]:
    """Draw roofs of a far town."""
    edges = np.cumsum(form.uniform(0.05, 0.16, 60)) - _WIDE
    tops = form.uniform(0.08, 0.34, 60)
    angles = np.repeat(edges, 2)[1:]
    heights = np.repeat(tops, 2)[:-1]
    outline = _risen(view, angles, heights, soft=False)
    panes = tuple(
        Mark(
            np.stack(
                (view.across(np.array((a + 0.015, b - 0.015))), np.full(2, view.horizon - view.focal * h)), axis=1
            ).astype(np.float32),
            0.6,
        )
        for a, b, top in zip(edges[:-1], edges[1:], tops, strict=False)
        for h in np.arange(0.05, top - 0.02, 0.045)
    )
    return [Shape(outline, parts[name], line=0.7, round=0, marks=panes if view.detail > 0.3 else ())]


def _sea(parts: Parts, name: str, form: Rng, view: View) -> list[Shape | Mark]:
    """Draw water from the horizon on; the ground will cover it up to the shore."""
    if view.horizon > view.height:
        return []
    near = view.ground(form.uniform(-30, 30, 40), form.uniform(8, 60, 40))
    inside = (near[:, 0] > 0) & (near[:, 0] < view.width) & (near[:, 1] < view.height)
    waves = tuple(_wave(x, y, (y - view.horizon) * 0.4) for x, y in near[inside])
    return [Shape(view.whole(max(view.horizon, -MARGIN)), parts[name], line=0.7, round=0), *waves]


def _wave(x: float, y: float, size: float) -> Mark:
    ways = ((-1, 0), (-0.5, -0.14), (0, 0), (0.5, -0.14), (1, 0))
    return Mark(smooth([(x + dx * size, y + dy * size) for dx, dy in ways], False, steps=3), 0.6)


def ground(parts: Parts, form: Rng, view: View, *, tufted: bool) -> list[Shape | Mark]:
    """Draw the ground from the horizon, or from a shore, to the lower edge."""
    rise, far = form.uniform(0.0, 0.02, 24), form.uniform(0, 1, 4)
    xs = view.across(np.linspace(-_WIDE, _WIDE, 24))
    if view.horizon > view.height + 0.05 * view.focal:
        return []
    if "sea" in parts:
        edge = view.ground(np.linspace(-60, 60, 41), 14 + 2.5 * np.sin(np.linspace(0, 14, 41) + 6 * far[0]))
        surf = (edge - np.array((0, 0.025 * view.focal))).astype(np.float32)
        shapes = [Shape(_down_from(surf, view), parts["foam"], line=0.6, round=0)]
    else:
        edge = smooth(np.stack((xs, view.horizon - view.focal * rise), axis=1), False, steps=3)
        shapes = []
    shapes.append(Shape(_down_from(edge, view), parts["field" if far[1] < 0.5 else "ground"], line=0.8, round=0))
    if far[1] < 0.5 and "sea" not in parts:
        near = view.ground(np.linspace(-90, 90, 31), 9 + 22 * far[2] + 3 * np.sin(np.linspace(0, 9, 31) + 6 * far[3]))
        shapes.append(Shape(_down_from(near, view), parts["ground"], line=0.7, round=0))
    return [*shapes, *_litter(form, view, tufted)]


def _down_from(edge: Points, view: View) -> Points:
    """Return the outline of all that lies below a line across the picture, stretched to both sides if it ends there."""
    line = edge[np.argsort(edge[:, 0])]
    low = max(view.height + MARGIN, float(line[:, 1].max()) + 1)
    left, right = min(-MARGIN, float(line[0, 0])), max(view.width + MARGIN, float(line[-1, 0]))
    ends = np.array(((right, line[-1, 1]), (right, low), (left, low), (left, line[0, 1])))
    return np.concatenate((line, ends)).astype(np.float32)


def _litter(form: Rng, view: View, tufted: bool) -> list[Shape | Mark]:
    """Return blades of grass, or pebbles and ripples of sand, as lines."""
    count = 120
    z = 2.2 * (40 / 2.2) ** form.random(count)
    at = view.ground(form.uniform(-1.7, 1.7, count) * z, z)
    size = 0.12 * view.focal / z
    shown = (
        (at[:, 0] > 0)
        & (at[:, 0] < view.width)
        & (at[:, 1] > 0)
        & (at[:, 1] < view.height)
        & (form.random(count) < view.detail)
    )
    ways = (
        ((-0.7, -0.7), (-0.2, 0), (0, -1), (0.25, 0), (0.8, -0.6))
        if tufted
        else ((-1.2, 0), (-0.2, -0.12), (0.9, 0.05))
    )
    shape = np.array(ways, np.float32)
    return [Mark((point + shape * s).astype(np.float32), 0.6) for point, s in zip(at[shown], size[shown], strict=True)]


def _path(parts: Parts, form: Rng, view: View) -> list[Shape | Mark]:
    start, bend, slope, half = form.uniform((-1, 0.5, -0.5, 0.7), (1, 3, 0.5, 1.4))
    return _strip(parts["path"], view, _winding(start, bend, slope), half)


def _winding(start: float, bend: float, slope: float) -> tuple[np.ndarray, np.ndarray]:
    z = np.concatenate((1.2 * (40 / 1.2) ** np.linspace(0, 1, 26), (90.0,)))
    return _bent(z, start, bend, slope), z


def _bent(z: np.ndarray, start: float, bend: float, slope: float) -> np.ndarray:
    return start + bend * np.sin(1.7 * np.log(z / 2)) * np.minimum(z / 8, 1) + slope * z * 0.3


def _strip(
    identity: Identity, view: View, middle: tuple[np.ndarray, np.ndarray], half: float, line: float = 0.8
) -> list[Shape | Mark]:
    x, z = middle
    if view.horizon > view.height:
        return []
    return [
        Shape(np.concatenate((view.ground(x - half, z), view.ground(x + half, z)[::-1])), identity, line=line, round=0)
    ]


def _road(parts: Parts, form: Rng, view: View) -> list[Shape | Mark]:
    z = 1.0 * 120 ** np.linspace(0, 1, 12)
    x = np.full_like(z, form.uniform(-1.5, 1.5))
    half = float(form.uniform(2.0, 3.2))
    kerb = _strip(parts["kerb"], view, (x, z), half + 0.35, 0.7)
    dashes = [
        shape
        for start in np.arange(1.5, 26, 3)
        for shape in _strip(parts["stripe"], view, (x[:2], np.array((start, start + 1.5))), 0.09, 0.4)
    ]
    return [*kerb, *_strip(parts["road"], view, (x, z), half), *dashes]


def _river(parts: Parts, form: Rng, view: View) -> list[Shape | Mark]:
    start, bend, slope, half = form.uniform((-4, 1, -1, 1.5), (4, 4, 1, 3))
    water = _strip(parts["water"], view, _winding(start, bend, slope), half)
    z = form.uniform(4, 20, 9)
    x = _bent(z, start, bend, slope) + form.uniform(-half, half, 9) * 0.5
    return [*water, *(_wave(a, b, (b - view.horizon) * 0.15) for a, b in view.ground(x, z))] if water else []


BACKDROPS: Mapping[str, Backdrop] = MappingProxyType(
    {
        "hills": Backdrop("hill", _hills, {}),
        "mountains": Backdrop("far", _mountains, {"snow": "snow"}),
        "sea": Backdrop("sea", _sea, {"foam": "snow"}),
        "town": Backdrop("tower", _town, {}),
        "wood": Backdrop("hill", _wood, {}),
    }
)
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "path": Way({"path": "path"}, _path),
        "river": Way({"water": "water"}, _river),
        "road": Way({"road": "road", "kerb": "concrete", "stripe": "pale"}, _road),
    }
)
