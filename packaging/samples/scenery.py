"""Draws what surrounds the figures: sky, sea, hills, grass, trees, a house, flowers and speed lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .palette import Area
from .pen import EVEN, FLICK, Knots, Pen, arc, oval


@dataclass(frozen=True)
class Box:
    """A scene's rectangle, in the pen's units."""

    left: float
    top: float
    right: float
    bottom: float

    def below(self, y: float) -> tuple[Knots, ...]:
        """Return the sides of the part below y, from its right end round to its left end."""
        return ([(self.right, y), (self.right, self.bottom)], [(self.right, self.bottom), (self.left, self.bottom)],
                [(self.left, self.bottom), (self.left, y)])  # fmt: skip

    @property
    def outline(self) -> Knots:
        """A closed smooth curve that lies around the whole box."""
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return oval(x, y, (self.right - self.left) * 0.75, (self.bottom - self.top) * 0.75)


def draw_sky(pen: Pen, box: Box) -> None:
    """Fill the whole box with sky, deeper at the top."""
    pen.shape(Area.SKY, [(box.left, box.top), (box.right, box.top)], *box.below(box.top), width=0)
    wave = [
        (box.left + (box.right - box.left) * t, box.top + (box.bottom - box.top) * (0.2 + 0.012 * np.sin(9 * t)))
        for t in np.linspace(0, 1, 9)
    ]
    pen.shade(
        Area.SKY,
        wave,
        [wave[-1], (box.right, box.top)],
        [(box.right, box.top), (box.left, box.top)],
        [(box.left, box.top), wave[0]],
    )


def puffs(tops: Knots, bulge: float = 0.3) -> list[Knots]:
    """Return rounded scallops from point to point."""
    return [arc(a, b, bulge) for a, b in pairwise(tops)]


CLOUD: Knots = [(-150, 40), (-128, 6), (-86, -8), (-54, -52), (10, -60), (54, -30), (96, -22), (124, 12), (152, 40)]


def draw_cloud(pen: Pen) -> None:
    """Draw a heap of cloud, about 300 units wide."""
    pen.shape(Area.CLOUD, *puffs(CLOUD, 0.3), width=0.9, press=(0.6, 1.0, 0.6))
    pen.shade(Area.CLOUD, [(-150, 44), (-90, 14), (-20, 22), (60, 8), (150, 44), (0, 60), (-150, 44)])
    pen.lines([arc((-70, 8), (-24, -2), 0.3), arc((10, -8), (52, 6), 0.3), arc((60, 14), (88, 18), 0.3)], 0.6)
    pen.line([(-150, 40), (0, 42), (152, 40)], 0.6, EVEN)


def draw_sea(pen: Pen, box: Box, horizon: float) -> None:
    """Draw the sea up to the horizon, its waves longer as they come nearer."""
    pen.shape(Area.SEA, [(box.left, horizon), (box.right, horizon)], *box.below(horizon), width=0)
    pen.line([(box.left, horizon), (box.right, horizon)], 0.8, EVEN)
    random = np.random.default_rng(11)
    for row in range(7):
        y = horizon + 16 + 24 * row + row * row * 3
        for x in np.arange(box.left + random.uniform(0, 120), box.right, 170 + 18 * row):
            long = random.uniform(22, 44) * (1 + row * 0.22)
            start = x + random.uniform(-40, 40)
            pen.line(
                [(start, y), (start + long * 0.3, y - 3), (start + long * 0.6, y + 1), (start + long, y - 2)], 0.65
            )
    for y in (horizon + 4, horizon + 60, horizon + 130):
        pen.shade(
            Area.SEA,
            [
                (box.left, y),
                (box.right, y - 4),
                (box.right, y + 12),
                ((box.left + box.right) / 2, y + 20),
                (box.left, y + 10),
                (box.left, y),
            ],
        )


def draw_boat(pen: Pen) -> None:
    """Draw a small sailing boat, its hull's middle at the origin."""
    pen.shape(
        Area.CLOUD, [(0, -8), (3, -40), (0, -76)], [(0, -76), (34, -30), (40, -10)], [(40, -10), (0, -8)], width=0.8
    )
    pen.shape(
        Area.RIBBON, [(-5, -10), (-6, -62)], [(-6, -62), (-20, -30), (-28, -12)], [(-28, -12), (-5, -10)], width=0.8
    )
    pen.shape(Area.TRUNK, [(-36, -4), (46, -4)], [(46, -4), (32, 14), (-24, 14)], [(-24, 14), (-36, -4)], width=0.9)


def draw_headland(pen: Pen, box: Box, horizon: float) -> None:
    """Draw far hills on the left of the horizon."""
    pen.shape(Area.HILL, [(box.left, horizon - 96), (box.left + 130, horizon - 118), (box.left + 290, horizon - 58),
                          (box.left + 430, horizon - 34), (box.left + 560, horizon + 2)],
              [(box.left + 560, horizon + 2), (box.left, horizon + 2)], width=0.8)  # fmt: skip
    pen.shade(Area.HILL, [(box.left, horizon - 40), (box.left + 180, horizon - 50), (box.left + 360, horizon - 20),
                          (box.left + 560, horizon + 4), (box.left, horizon + 4),
                          (box.left, horizon - 40)])  # fmt: skip
    pen.lines([[(box.left + 120, horizon - 96), (box.left + 160, horizon - 70)],
               [(box.left + 260, horizon - 54), (box.left + 320, horizon - 30)]], 0.5)  # fmt: skip


def draw_meadow(pen: Pen, box: Box, ridge: Knots, *, tufts: int = 34, seed: int = 5) -> None:
    """Draw a grassy hill below a ridge that runs from left to right, with tufts and small flowers."""
    pen.shape(Area.GRASS, ridge, [ridge[-1], (box.right, box.bottom)],
              [(box.right, box.bottom), (box.left, box.bottom)], [(box.left, box.bottom), ridge[0]],
              width=1.0)  # fmt: skip
    lower = [(x, y + 44 + 26 * np.sin(x / 90)) for x, y in ridge]
    pen.shade(
        Area.GRASS,
        lower,
        [lower[-1], (box.right, box.bottom)],
        [(box.right, box.bottom), (box.left, box.bottom)],
        [(box.left, box.bottom), lower[0]],
    )
    random = np.random.default_rng(seed)
    xs, ys = np.array(ridge, float).T
    for _ in range(tufts):
        x = random.uniform(box.left, box.right)
        crest = float(np.interp(x, xs, ys))
        y = crest + random.uniform(0.02, 1) ** 1.4 * max(10.0, box.bottom - crest)
        if random.random() < 0.22:
            draw_flower(pen.at(x, y, scale=random.uniform(0.5, 0.8)))
        else:
            draw_tuft(pen.at(x, y, scale=random.uniform(0.7, 1.25)))


def draw_tuft(pen: Pen) -> None:
    """Draw three blades of grass."""
    pen.lines(
        [[(-7, 0), (-9, -10), (-15, -18)], [(0, 0), (0, -14), (4, -25)], [(7, 0), (10, -9), (18, -14)]], 0.7, FLICK
    )


def draw_flower(pen: Pen) -> None:
    """Draw a small five-petalled flower."""
    for petal in range(5):
        pen.at(0, 0, degrees=72 * petal + 12).oval(Area.FLOWER, 0, -9, 5.6, 7.5, width=0.7)
    pen.oval(Area.DRESS, 0, 0, 4.4, 4.4, width=0.6)


FOLIAGE: Knots = [(-118, 20), (-126, -40), (-90, -84), (-40, -120), (24, -118), (78, -92), (116, -44), (112, 14),
                  (70, 48), (14, 60), (-50, 54), (-118, 20)]  # fmt: skip


def draw_tree(pen: Pen) -> None:
    """Draw a round tree, its trunk's foot at y = 190."""
    pen.shape(
        Area.TRUNK, [(-20, 30), (-16, 120), (-34, 192)], [(-34, 192), (36, 190)], [(36, 190), (16, 120), (20, 30)]
    )
    pen.lines([[(-6, 70), (-4, 130), (-10, 170)], [(6, 90), (6, 140)]], 0.6)
    draw_foliage(pen)


def draw_foliage(pen: Pen) -> None:
    """Draw a mass of leaves, about 240 units wide."""
    pen.shape(Area.LEAF, *puffs(FOLIAGE, 0.24), width=1.0)
    pen.shade(
        Area.LEAF,
        [(-118, 24), (-60, 10), (0, 26), (60, 0), (124, -40), (120, 30), (70, 64), (0, 74), (-70, 66), (-118, 24)],
    )
    pen.lines([arc((-76, -20), (-34, -34), 0.35), arc((-30, -66), (14, -74), 0.35), arc((20, -22), (62, -34), 0.35),
               arc((-30, 14), (6, 10), 0.35), arc((48, 16), (84, 2), 0.35),
               arc((52, -66), (80, -60), 0.35)], 0.7)  # fmt: skip
    pen.screen((Area.LEAF_SHADE,), oval(0, 0, 200, 200), 0.22)


def draw_house(pen: Pen) -> None:
    """Draw a cottage with its eaves at the origin: 320 units wide, its roof's ridge at y = -120."""
    pen.shape(Area.WALL, *box_runs(-128, 0, 150, 170))
    pen.shade(Area.WALL, *box_runs(-128, 0, 150, 28))
    pen.screen((Area.WALL_SHADE,), oval(0, 30, 300, 160), 0.3)
    pen.shape(Area.ROOF, *box_runs(62, -150, 104, -60), width=0.9)
    pen.shape(Area.ROOF, *box_runs(54, -166, 112, -148), width=0.9)
    _roof(pen)
    for x in (-84, 46):
        _window(pen.at(x, 54))


def box_runs(left: float, top: float, right: float, bottom: float) -> list[Knots]:
    """Return a rectangle's four sides."""
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return [list(side) for side in pairwise(corners)]


def _roof(pen: Pen) -> None:
    """Draw the roof with rows of round tiles."""
    eaves: Knots = [(178, 12), (-158, 12)]
    pen.shape(
        Area.ROOF, [(-100, -120), (120, -120)], [(120, -120), eaves[0]], eaves, [eaves[1], (-100, -120)], width=1.1
    )
    for row in range(1, 5):
        y = -120 + row * 26.4
        left, right = -100 - row * 11.6, 120 + row * 11.6
        for x in np.arange(left + (14 if row % 2 else 0), right - 24, 28):
            pen.line(arc((x, y), (min(x + 28, right), y), -0.28), 0.6, EVEN)
    pen.shade(Area.ROOF, *box_runs(-158, -8, 178, 14))


def _window(pen: Pen) -> None:
    pen.shape(Area.WINDOW, *box_runs(0, 0, 60, 66), width=0.9)
    pen.lines([[(30, 0), (30, 66)], [(0, 32), (60, 32)]], 0.8, EVEN)
    pen.shape(Area.WALL, *box_runs(-6, 66, 66, 76), width=0.8)


def draw_fence(pen: Pen, posts: int) -> None:
    """Draw a wooden fence that starts at the origin and runs to the right, a post every 84 units."""
    long = 84.0 * (posts - 1)
    for y in (-58, -30):
        pen.limb(Area.TRUNK, [(0, y + 3), (long * 0.5, y - 3), (long + 26, y + 2)], (11, 12, 11), width=0.8, cap=True)
    for index in range(posts):
        x, lean = 84.0 * index, 3 if index % 2 else -2
        left, right = (x - 8 + lean, -74.0), (x + 9 + lean, -74.0)
        pen.shape(Area.TRUNK, [(x - 9, 4), left], [left, (x + lean, -82)], [(x + lean, -82), right],
                  [right, (x + 9, 4)], [(x + 9, 4), (x - 9, 4)], width=0.9)  # fmt: skip
        pen.line([(x - 2 + lean, -64), (x - 2, -14)], 0.5)


def draw_gull(pen: Pen) -> None:
    """Draw a far gull."""
    pen.line([(-26, -6), (-14, -14), (0, 0)], 0.9, (0.2, 0.8, 1.0))
    pen.line([(0, 0), (14, -14), (28, -8)], 0.9, (1.0, 0.8, 0.2))


def draw_sparkle(pen: Pen) -> None:
    """Draw a four-pointed sparkle, 40 units high."""
    points: Sequence[tuple[float, float]] = ((0, -20), (12, 0), (0, 20), (-12, 0), (0, -20))
    runs = [[a, ((a[0] + b[0]) * 0.16, (a[1] + b[1]) * 0.16), b] for a, b in pairwise(points)]
    pen.shape(Area.FLOWER, *runs, width=0.7, press=EVEN)


def draw_speed_lines(pen: Pen, box: Box, *, count: int, slope: float, seed: int) -> None:
    """Draw lines that rush in from both sides, thick at the box's edges."""
    random = np.random.default_rng(seed)
    for index in range(count):
        y = box.top + (box.bottom - box.top) * (index + random.uniform(0, 0.9)) / count
        reach = (box.right - box.left) * random.uniform(0.12, 0.42)
        start, towards = (box.left, 1) if index % 2 else (box.right, -1)
        pen.line(
            [(start, y), (start + towards * reach, y + towards * reach * slope)],
            random.uniform(0.5, 1.5),
            (1.0, 0.7, 0.1),
        )
