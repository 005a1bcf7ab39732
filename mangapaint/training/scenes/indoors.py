"""Rooms: what belongs to which, where it hangs and stands, and walls, floor and ceiling drawn from a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mangapaint.training.scenes import fittings, furniture, things, vessels
from mangapaint.training.scenes.curves import line, matrix, rect
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Points, Shape, placed
from mangapaint.training.scenes.views import EYE, Group, Place, View

Rng = np.random.Generator
WALL = 4.5
"""How far the back wall is from the eye, in metres."""
NEAR = 0.9
"""How far the side walls and the floor reach towards the eye."""


@dataclass(frozen=True)
class Piece:
    """Something in a room, ``wide`` metres to both sides; on the wall, or standing before it."""

    materials: Mapping[str, str]
    draw: fittings.Fitting
    wide: float
    hung: bool = False
    tall: bool = False
    """Whether it stands at the wall only, as it would hide the room."""


@dataclass(frozen=True)
class Room:
    """What a room is made of, which manners its walls and floor may have, and what is in it."""

    walls: tuple[str, ...]
    floors: tuple[str, ...]
    pieces: Mapping[str, int]
    rug: float = 0.0


def _object(draw: Callable[[Parts, Rng, Rng], Drawing], size: float) -> fittings.Fitting:
    """Return a drawer of an object ``size`` metres high, always in the same state."""
    scale = matrix(0, 0, size)
    return lambda parts, form, detail: placed(draw(parts, form, np.random.default_rng(7)), scale)


_BOOKS = {"book": "bright", "book 2": "cloth", "book 3": "leather", "jar": "glass"}
_LAID = {"cloth": "cloth", "vase": "bright"}
PIECES: Mapping[str, Piece] = MappingProxyType(
    {
        "altar": Piece(
            {"altar": "wood", "statue": "gold", "wax": "pale", "light": "light"}, furniture.altar, 1.0, tall=True,
        ),
        "banner": Piece({"banner": "bright", "sign": "gold", "rod": "wood"}, fittings.banner, 0.5, True),
        "barrel": Piece({"barrel": "wood", "hoop": "metal"}, furniture.barrel, 0.4),
        "basket": Piece({"basket": "wicker", "cloth": "cloth", "fruit": "fruit"}, _object(vessels.basket, 0.55), 0.35),
        "bed": Piece({"bed": "wood", "sheet": "pale", "blanket": "blanket", "trim": "pale"}, furniture.bed, 1.15),
        "bench": Piece({"counter": "pale", "top": "wood", "glass": "glass", "liquid": "liquid"}, furniture.bench, 1.1),
        "board": Piece({"frame": "wood", "board": "board"}, fittings.board, 2.0, True),
        "bookcase": Piece({"shelf": "wood", "back": "leather", **_BOOKS}, furniture.bookcase, 0.8, tall=True),
        "chair": Piece({"wood": "wood", "seat": "cloth"}, _object(things.chair, 0.95), 0.45),
        "clock": Piece({"rim": "bright", "face": "paper"}, fittings.clock, 0.3, True),
        "counter": Piece({"counter": "wood", "top": "pale", **_LAID}, furniture.counter, 1.5, tall=True),
        "crates": Piece({"crate": "wood"}, furniture.crates, 0.65),
        "cupboard": Piece({"cupboard": "wood"}, fittings.cupboard, 0.7, True),
        "cushion": Piece({"cushion": "cloth"}, furniture.cushion, 0.4),
        "desk": Piece({"desk": "wood", "metal": "metal", "paper": "paper"}, furniture.desk, 0.4),
        "door": Piece({"frame": "wood", "door": "door", "pane": "glass"}, fittings.door, 0.55, True),
        "fridge": Piece({"fridge": "pale"}, furniture.fridge, 0.4, tall=True),
        "hanging": Piece({"light": "light", "shade": "bright"}, fittings.hanging, 0.3, True),
        "ivy": Piece({"leaf": "leaf", "pot": "clay"}, fittings.ivy, 0.25, True),
        "lamp": Piece({"stand": "metal", "shade": "light"}, furniture.lamp, 0.3),
        "machine": Piece(
            {"metal": "metal", "pane": "liquid", "panel": "dark", "face": "paper", "light": "fire"},
            furniture.machine, 0.75, tall=True,
        ),
        "mirror": Piece({"rim": "gold", "pane": "glass"}, fittings.mirror, 0.4, True),
        "picture": Piece({"frame": "wood", "picture": "picture", "motif": "picture"}, fittings.picture, 0.55, True),
        "pillar": Piece({"pillar": "concrete"}, furniture.pillar, 0.3),
        "pot": Piece(
            {"pot": "clay", "leaf": "leaf", "flower": "flower", "eye": "gold"}, _object(vessels.pot, 0.9), 0.4,
        ),
        "shelf": Piece({"shelf": "wood", **_BOOKS}, fittings.shelf, 1.0, True),
        "sofa": Piece({"sofa": "cloth", "cushion": "bright", "wood": "wood"}, furniture.sofa, 1.2),
        "stove": Piece(
            {"stove": "pale", "pane": "dark", "top": "dark", "pan": "metal"}, furniture.stove, 0.45, tall=True,
        ),
        "table": Piece({"table": "wood", **_LAID}, furniture.table, 0.9),
        "torch": Piece({"wood": "wood", "flame": "sun", "light": "light"}, fittings.torch, 0.2, True),
        "tub": Piece({"tub": "pale", "foam": "snow", "metal": "gold"}, furniture.tub, 0.95),
        "window": Piece(
            {"frame": "pale", "pane": "sky", "green": "bush", "curtain": "curtain"}, fittings.window, 1.1, True,
        ),
    }
)  # fmt: skip
ROOMS: Mapping[str, Room] = MappingProxyType(
    {
        "barn": Room(
            ("boards",), ("boards", "plain"), {"window": 3, "crates": 4, "barrel": 4, "basket": 3, "door": 1,
            "shelf": 2},
        ),
        "bathroom": Room(
            ("tiles",), ("tiles",), {"mirror": 2, "window": 2, "tub": 2, "pot": 2, "cupboard": 2, "door": 1,
            "basket": 1}, 0.5,
        ),
        "bedroom": Room(
            ("stripes", "plain", "panels"), ("boards", "plain"), {"window": 3, "picture": 3, "door": 1, "bed": 2,
            "bookcase": 2, "lamp": 2, "chair": 1, "ivy": 1}, 0.7,
        ),
        "classroom": Room(
            ("plain", "panels"), ("boards", "tiles"), {"board": 1, "clock": 1, "window": 3, "door": 1, "desk": 9,
            "picture": 2},
        ),
        "corridor": Room(
            ("panels", "plain"), ("boards", "tiles"), {"door": 4, "window": 3, "clock": 1, "pot": 3, "picture": 2,
            "hanging": 2}, 0.2,
        ),
        "hall": Room(
            ("bricks",), ("tiles", "plain"), {"banner": 4, "torch": 4, "window": 3, "pillar": 4, "chair": 2,
            "barrel": 1}, 0.8,
        ),
        "kitchen": Room(
            ("tiles", "plain"), ("tiles", "boards"), {"window": 2, "cupboard": 3, "clock": 1, "counter": 3, "stove":
            2, "fridge": 1, "table": 1, "chair": 2},
        ),
        "laboratory": Room(
            ("tiles", "plain", "bricks"), ("tiles",), {"shelf": 3, "board": 1, "window": 1, "bench": 3, "machine":
            2, "lamp": 1, "hanging": 2},
        ),
        "library": Room(
            ("panels", "plain"), ("boards",), {"window": 2, "picture": 2, "bookcase": 6, "table": 2, "chair": 2,
            "lamp": 2, "hanging": 1}, 0.6,
        ),
        "living room": Room(
            ("stripes", "plain", "panels"), ("boards", "plain"), {"window": 3, "picture": 3, "door": 1, "shelf": 1,
            "sofa": 2, "table": 2, "lamp": 2, "pot": 2, "bookcase": 1}, 0.8,
        ),
        "office": Room(
            ("plain", "panels"), ("tiles", "plain"), {"window": 4, "board": 1, "clock": 1, "desk": 5, "bookcase": 2,
            "pot": 2, "machine": 1},
        ),
        "shop": Room(
            ("plain", "boards", "stripes"), ("boards", "tiles"), {"shelf": 6, "window": 1, "door": 1, "counter": 2,
            "crates": 2, "barrel": 2, "basket": 3, "hanging": 2},
        ),
        "temple": Room(
            ("panels", "plain"), ("boards",), {"banner": 3, "window": 2, "altar": 1, "pillar": 4, "cushion": 4,
            "hanging": 3, "pot": 2},
        ),
    }
)  # fmt: skip
_WALL_LINES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "boards": (0.0, 0.25),
        "bricks": (0.2, 0.0),
        "panels": (0.0, 0.0),
        "plain": (0.0, 0.0),
        "stripes": (0.0, 0.0),
        "tiles": (0.3, 0.3),
    }
)
"""How far apart the lines of a wall are, across and upright, in metres; 0: there are none."""


def base_materials(rng: np.random.Generator, kind: str) -> dict[str, str]:
    """Return what walls, floor and ceiling of a room are made of."""
    wall = "brick" if ROOMS[kind].walls == ("bricks",) else "wood" if kind == "barn" else "wall"
    return {
        "ceiling": "pale",
        "wall": wall,
        "stripe": wall,
        "panel": "wood",
        "skirting": "wood",
        "floor": "floor",
        "rug": "rug",
        "border": "rug",
    }


def things_of(rng: np.random.Generator, kind: str) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Return the kinds of things in a room, how many there are, and what they are made of."""
    for name, count in ROOMS[kind].pieces.items():
        yield name, count, PIECES[name].materials


def draw(place: Place, view: View) -> Drawing:
    """Draw all that is seen of the room, from its walls to what stands nearest."""
    # Each layer has a generator of its own: what one leaves out when it is not in sight changes nothing in the others.
    form, walls, floor, hung, standing = (np.random.default_rng((place.form, layer)) for layer in range(5))
    left, right, high = form.uniform((-6, 3.5, 2.6), (-3.5, 6, 3.4)).tolist()
    view = replace(view, x=float(np.clip(view.x, left + 2, right - 2)), pan=view.pan * 0.6)
    box = _Box(view, left, right, high)
    shell = (*_walls(place, walls, box), *_floor(place, floor, box))
    return (*shell, *_hung(place, hung, box), *_standing(place, standing, box))


@dataclass(frozen=True)
class _Box:
    """A room's inside as a view sees it."""

    view: View
    left: float
    right: float
    high: float

    def point(self, x: float, up: float, z: float) -> tuple[float, float]:
        """Return where a point is seen, ``up`` metres above the floor."""
        column = float(self.view.across(np.array((x - self.view.x) / z)))
        return column, self.view.horizon + self.view.focal * (EYE - up) / z

    def back(self, low: float, high: float) -> Points:
        """Return a strip of the back wall between two heights."""
        corners = ((self.left, low), (self.left, high), (self.right, high), (self.right, low))
        return line(*(self.point(x, up, WALL) for x, up in corners))

    def beside(self, x: float, low: float, high: float) -> Points:
        """Return a strip of a side wall."""
        return line(*(self.point(x, up, z) for up, z in ((low, WALL), (high, WALL), (high, NEAR), (low, NEAR))))


def _walls(place: Place, form: Rng, box: _Box) -> list[Shape | Mark]:
    manner = ROOMS[place.kind].walls[form.integers(len(ROOMS[place.kind].walls))]
    base = place.base
    drawing: list[Shape | Mark] = [
        Shape(box.view.whole(), base["ceiling"], line=0, round=0),
        Shape(box.beside(box.left, 0, box.high), base["wall"], round=0),
        Shape(box.beside(box.right, 0, box.high), base["wall"], round=0),
        Shape(
            box.back(0, box.high),
            base["wall"],
            round=0,
            marks=_wall_lines(box, manner, place.detail),
            inside=_stripes(place, box) if manner == "stripes" else (),
        ),
    ]
    if manner == "panels":
        drawing += _clad(base["panel"], box, (0, 0.95), _uprights(box, 0.5, (0, 0.95)))
    return drawing + (_clad(base["skirting"], box, (0, 0.12), ()) if form.random() < 0.7 else [])


def _clad(identity: Identity, box: _Box, heights: tuple[float, float], marks: tuple[Mark, ...]) -> list[Shape | Mark]:
    """Return a strip around the room."""
    sides = [Shape(box.beside(x, *heights), identity, line=0.8, round=0) for x in (box.left, box.right)]
    return [*sides, Shape(box.back(*heights), identity, line=0.8, round=0, marks=marks)]


def _wall_lines(box: _Box, manner: str, detail: float) -> tuple[Mark, ...]:
    across, upright = _WALL_LINES[manner]
    marks = _uprights(box, upright, (0, box.high)) if upright else ()
    if across:
        rows = np.arange(across, box.high, across)
        marks += tuple(Mark(line(box.point(box.left, up, WALL), box.point(box.right, up, WALL)), 0.5) for up in rows)
    return marks + (_bricks(box, across, detail) if manner == "bricks" else ())


def _uprights(box: _Box, step: float, heights: tuple[float, float]) -> tuple[Mark, ...]:
    """Return upright lines on the back wall, those that are in sight."""
    low, high = heights
    return tuple(Mark(line(box.point(x, low, WALL), box.point(x, high, WALL)), 0.5) for x in _steps(box, step))


def _stripes(place: Place, box: _Box) -> tuple[Shape, ...]:
    """Return the stripes of a wallpaper, to be clipped by the wall."""
    columns = (box.view.across((np.array((x, x + 0.2)) - box.view.x) / WALL) for x in _steps(box, 0.4))
    top, foot = box.point(0, box.high, WALL)[1], box.point(0, 0, WALL)[1]
    return tuple(Shape(rect(a, top, b, foot), place.base["stripe"], line=0.4, round=0) for a, b in columns)


def _steps(box: _Box, step: float) -> np.ndarray:
    """Return places along the back wall, those that are in sight."""
    reach = box.view.width / box.view.focal * WALL / 2 + 0.5
    middle = box.view.x + box.view.pan * WALL
    xs = np.arange(np.ceil((middle - reach) / step), (middle + reach) / step) * step
    return xs[(xs > box.left) & (xs < box.right)]


def _bricks(box: _Box, row: float, detail: float) -> tuple[Mark, ...]:
    """Return the short joints of bricks, here and there."""
    pick = np.random.default_rng(3)
    count = int((box.right - box.left) * (5 + 10 * detail))
    xs = np.round(pick.uniform(box.left, box.right, count) / 0.2) * 0.2
    ups = np.floor(pick.uniform(0, box.high, count) / row) * row
    return tuple(
        Mark(line(box.point(x, up, WALL), box.point(x, up + row, WALL)), 0.5) for x, up in zip(xs, ups, strict=True)
    )


def _floor(place: Place, form: Rng, box: _Box) -> list[Shape | Mark]:
    manner = ROOMS[place.kind].floors[form.integers(len(ROOMS[place.kind].floors))]
    corners = ((box.left, WALL), (box.right, WALL), (box.right, NEAR), (box.left, NEAR))
    outline = line(*(box.point(x, 0, z) for x, z in corners))
    if outline[:, 1].min() > box.view.height:
        return []
    step = {"boards": 0.35, "tiles": 0.6}.get(manner, 0.0)
    xs = np.arange(np.ceil(box.left / step), box.right / step) * step if step else ()
    marks = [Mark(line(box.point(x, 0, WALL), box.point(x, 0, NEAR)), 0.6) for x in xs]
    if manner == "tiles":
        rows = np.arange(NEAR, WALL, step)
        marks += [Mark(line(box.point(box.left, 0, z), box.point(box.right, 0, z)), 0.6) for z in rows]
    return [Shape(outline, place.base["floor"], round=0, marks=tuple(marks)), *_rug(place, form, box)]


def _rug(place: Place, form: Rng, box: _Box) -> list[Shape | Mark]:
    chance, x, z, wide, deep = form.uniform((0, -2, 2.6, 0.9, 0.5), (1, 2, 3.4, 1.6, 0.8)).tolist()
    if chance > ROOMS[place.kind].rug:
        return []
    angles = np.linspace(0, 2 * np.pi, 33)[:-1] if form.random() < 0.5 else np.pi / 4 + np.arange(4) * np.pi / 2
    ring = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    outer, inner = (
        line(*(box.point(x + size * wide * a, 0, z + size * deep * b) for a, b in ring)) for size in (1.0, 0.8)
    )
    return [Shape(outer, place.base["border"], line=0.8, round=0), Shape(inner, place.base["rug"], line=0.7, round=0)]


def _hung(place: Place, form: Rng, box: _Box) -> list[Shape | Mark]:
    """Return what hangs on the back wall, side by side."""
    queue = _shuffled([group for group in place.groups if PIECES[group.kind].hung], form)
    return [item for group, x, seed in _row(queue, form, box) for item in _piece(group, seed, box, (x, WALL))]


def _standing(place: Place, form: Rng, box: _Box) -> list[Shape | Mark]:
    """Return what stands: a row at the wall, and some things before it."""
    queue = _shuffled([group for group in place.groups if not PIECES[group.kind].hung], form)
    back = [group for index, group in enumerate(queue) if PIECES[group.kind].tall or index % 2]
    front = [group for index, group in enumerate(queue) if not (PIECES[group.kind].tall or index % 2)]
    rows = [(group, x, seed, float(form.uniform(3.7, 4.3))) for group, x, seed in _row(back, form, box)]
    rows += [(group, x, seed, float(form.uniform(2.6, 3.3))) for group, x, seed in _row(front, form, box)]
    rows.sort(key=lambda row: -row[3])
    return [item for group, x, seed, z in rows for item in _piece(group, seed, box, (x, z))]


def _shuffled(groups: list[Group], form: Rng) -> list[Group]:
    queue = [group for group in groups for _ in range(group.count)]
    return [queue[index] for index in form.permutation(len(queue))]


def _row(queue: list[Group], form: Rng, box: _Box) -> list[tuple[Group, float, int]]:
    """Return things with their places across and seeds, from left to right with gaps, until the wall ends."""
    row, at = [], box.left + 0.3
    total = sum(2 * PIECES[group.kind].wide for group in queue)
    gap = max(0.15, (box.right - box.left - 0.6 - total) / (len(queue) + 1))
    for group in queue:
        wide = PIECES[group.kind].wide
        at += wide + gap * form.uniform(0.5, 1.2)
        if at + wide < box.right:
            row.append((group, float(at), int(form.integers(1 << 31))))
        at += wide
    return row


def _piece(group: Group, seed: int, box: _Box, spot: tuple[float, float]) -> Drawing:
    piece, (x, z) = PIECES[group.kind], spot
    placing = box.view.standing(x, z, 1.0)
    reach = piece.wide * box.view.focal / z
    if not -reach < placing[0, 2] < box.view.width + reach:
        return ()
    return placed(piece.draw(group.parts, np.random.default_rng(seed), box.view.detail), placing)
