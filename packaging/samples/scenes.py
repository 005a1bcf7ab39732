"""Stages the page's four panels and the reference frame: who stands where, in which pose, and where hints go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .canvas import Points
from .face import Face, Mood
from .fox import draw_fox_head, draw_running_fox, draw_scarf, draw_sitting_fox
from .girl import Arm, Leg, Pose, draw_girl, head_of
from .letters import draw_bubble, draw_effect
from .palette import Area
from .pen import Knots, Pen, oval, spline
from .scenery import (
    Box,
    draw_boat,
    draw_cloud,
    draw_fence,
    draw_flower,
    draw_foliage,
    draw_gull,
    draw_headland,
    draw_house,
    draw_meadow,
    draw_sea,
    draw_sky,
    draw_sparkle,
    draw_speed_lines,
)


@dataclass(frozen=True)
class Hint:
    """A scribble of one area's colour along a line, in canvas pixels."""

    area: Area
    width: float
    points: Points


@dataclass(frozen=True)
class Panel:
    """A panel's corners on the page, its lines' weight, what is drawn in it, and the lettering laid on its frame."""

    corners: tuple[tuple[float, float], ...]
    weight: float
    draw: Callable[[Pen, Box], list[Hint]]
    letter: Callable[[Pen], None]

    @property
    def box(self) -> Box:
        """The rectangle around the corners, in page pixels."""
        xs, ys = zip(*self.corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))


def _hint(pen: Pen, area: Area, width: float, knots: Knots) -> Hint:
    return Hint(area, width, pen.on_page(spline(knots, 5)))


ARRIVAL = Pose(
    Face(Mood.JOY, -0.5, (-2, 0)),
    tilt=-4,
    wind=(120, -50),
    arms=(Arm((-104, 118), (-146, 46), -24, is_open=True), Arm((92, 224), (88, 296), 186)),
    skirt=(34, -14),
)
WONDER = Pose(Face(Mood.AWE, -0.35, (-2, -1)), tilt=5, wind=(150, -70), hair=1.15)
CUDDLE = Pose(Face(Mood.BEAM, 0.35), tilt=8, wind=(-70, -20))
CHASE = Pose(
    Face(Mood.SHOUT, -0.7, (-2, 0)),
    tilt=-4,
    wind=(230, -140),
    arms=(Arm((-120, 180), (-186, 128), -56, is_open=True), Arm((112, 204), (152, 268), 150, is_behind=True)),
    legs=(Leg((92, 516), (190, 560), 62, is_flipped=True), Leg((-84, 510), (-96, 636), 8, is_flipped=True)),
    skirt=(54, -22),
)
WELCOME = Pose(
    Face(Mood.JOY, 0.45, (1, 1)),
    tilt=5,
    wind=(-110, -30),
    arms=(Arm((-92, 226), (-78, 296), 172), Arm((106, 122), (140, 44), -20, is_open=True)),
    skirt=(-26, -8),
)


def draw_arrival(pen: Pen, box: Box) -> list[Hint]:
    """Draw the first panel: girl and fox on the hill above the sea."""
    draw_sky(pen, box)
    pen.screen(
        (Area.SKY, Area.SKY_SHADE),
        [(box.left, box.top), (box.right, box.top), (box.right, 260), (box.left, 260)],
        0.2,
        0.0,
    )
    for x, y, size in ((330, 330, 1.05), (700, 400, 0.7), (1380, 330, 1.0)):
        draw_cloud(pen.at(x, y, scale=size))
    horizon = 440.0
    draw_headland(pen, box, horizon)
    draw_sea(pen, box, horizon)
    draw_boat(pen.at(690, 500, scale=0.9))
    for x, y, size in ((560, 215, 1.0), (640, 250, 0.7), (500, 275, 0.6)):
        draw_gull(pen.at(x, y, scale=size))
    draw_house(pen.at(235, 690, scale=1.0))
    for x, y, size in ((60, 800, 0.9), (420, 830, 0.62)):
        draw_foliage(pen.at(x, y, scale=size))
    ridge: Knots = [(box.left, 850), (300, 846), (520, 800), (800, 742), (1100, 716), (1400, 726), (box.right, 700)]
    draw_meadow(pen, box, ridge, tufts=42)
    girl, fox = pen.at(1110, 252, scale=0.72), pen.at(852, 630, scale=0.74)
    draw_girl(girl, ARRIVAL)
    draw_sitting_fox(fox, is_happy=True, blown=30)
    draw_fence(pen.at(1316, 728), 4)
    draw_foliage(pen.at(1560, 120, scale=1.0))
    draw_foliage(pen.at(1440, 76, scale=0.66))
    return [
        _hint(pen, Area.SEA, 22, [(500, 564), (580, 570), (660, 562), (730, 570)]),
        _hint(pen, Area.SKY, 24, [(780, 200), (850, 190), (920, 204)]),
        _hint(pen, Area.GRASS, 24, [(640, 806), (720, 800), (790, 806)]),
        _hint(girl, Area.DRESS, 16, [(0, 340), (14, 390), (28, 430)]),
        _hint(pen, Area.CLOUD, 18, [(290, 352), (330, 346), (370, 352)]),
    ]


def letter_arrival(pen: Pen) -> None:
    """Letter the first panel."""
    draw_bubble(pen.at(1400, 300), 132, 92, (-176, 16), ("WE", "MADE IT!"), 35)


def draw_wonder(pen: Pen, box: Box) -> list[Hint]:
    """Draw the second panel: the girl's face, amazed."""
    draw_sky(pen, box)
    pen.screen((Area.SKY, Area.SKY_SHADE), box.outline, 0.0, 0.16)
    girl = pen.at(372, 1262, scale=2.1)
    head = head_of(girl, WONDER)
    for x, y, size in ((130, 985, 1.5), (210, 940, 0.8), (104, 1180, 0.9), (676, 1130, 1.2), (104, 1420, 1.1)):
        draw_sparkle(pen.at(x, y, scale=size))
    draw_girl(girl, WONDER)
    return [
        _hint(head, Area.HAIR, 26, [(36, -72), (58, -50), (72, -20)]),
        _hint(head, Area.SKIN, 22, [(14, 82), (24, 76), (34, 66)]),
    ]


def letter_wonder(pen: Pen) -> None:
    """Letter the second panel."""
    draw_bubble(pen.at(606, 972), 122, 76, (-74, 112), ("THE SEA!",), 35)


def draw_cuddle(pen: Pen, box: Box) -> list[Hint]:
    """Draw the third panel: girl and fox cheek to cheek."""
    pen.shape(Area.SKY, [(box.left, box.top), (box.right, box.top)], *box.below(box.top), width=0)
    pen.screen((Area.SKY,), [(box.left, box.top), (box.right, box.top), (box.right, 1330), (box.left, 1330)], 0.17, 0.0)
    for x, y, size in ((850, 950, 2.2), (806, 1050, 1.4), (1190, 905, 1.3), (1545, 1150, 1.6), (770, 1390, 1.7)):
        draw_flower(pen.at(x, y, scale=size))
    girl = pen.at(1010, 1180, scale=1.5)
    draw_girl(girl, CUDDLE)
    fox = pen.at(1318, 1246, scale=1.5, degrees=-9)
    fox.shape(Area.FUR, [(-36, 30), (-54, 110), (-70, 260)], [(-70, 260), (96, 260)], [(96, 260), (62, 110), (36, 30)])
    fox.shape(
        Area.CREAM,
        [(-24, 44), (-38, 100), (-20, 150)],
        [(-20, 150), (0, 166), (20, 150)],
        [(20, 150), (40, 100), (24, 44)],
        width=0.8,
    )
    draw_scarf(fox.at(0, 48), blown=-8)
    draw_fox_head(fox, is_yapping=True)
    return [
        _hint(fox, Area.FUR, 22, [(-36, -30), (-20, -36), (-12, -32)]),
        _hint(fox, Area.SCARF, 16, [(-26, 58), (-8, 63), (8, 63)]),
    ]


def letter_cuddle(pen: Pen) -> None:
    """Letter the third panel."""
    draw_bubble(pen.at(1466, 962), 92, 66, (-66, 110), ("YIP!",), 38, is_loud=True)


def draw_chase(pen: Pen, box: Box) -> list[Hint]:
    """Draw the last panel: the fox runs ahead, the girl after it."""
    draw_sky(pen, box)
    draw_speed_lines(pen, Box(box.left, box.top + 60, box.right, 2060), count=64, slope=0.02, seed=3)
    ridge: Knots = [(box.left, 2130), (400, 2104), (800, 2096), (1200, 2110), (box.right, 2080)]
    draw_meadow(pen, box, ridge, tufts=26, seed=9)
    for x, y, long in ((1210, 2224, 190), (420, 2136, 230)):
        pen.shape(Area.GRASS_SHADE, oval(x, y, long, 19), width=0)
        pen.screen((Area.GRASS_SHADE,), spline(oval(x, y, long, 19)), 0.3)
    fox = pen.at(240, 1880, scale=1.16)
    draw_running_fox(fox)
    girl = pen.at(1090, 1694, scale=0.76, degrees=-11)
    draw_girl(girl, CHASE)
    for x, y, size in ((1330, 2206, 0.34), (1420, 2212, 0.24)):
        draw_cloud(pen.at(x, y, scale=size))
    return [
        _hint(girl, Area.DRESS, 16, [(4, 340), (18, 390), (36, 430)]),
    ]


def letter_chase(pen: Pen) -> None:
    """Letter the last panel."""
    draw_bubble(pen.at(700, 1690), 156, 106, (226, 40), ("WAIT", "FOR ME!"), 40, is_loud=True)
    draw_effect(pen.at(560, 2226, degrees=-9), "DASH!", 88, growth=1.07)


def draw_welcome(pen: Pen, box: Box) -> list[Hint]:
    """Draw the reference frame: girl and fox before sea and meadow."""
    draw_sky(pen, box)
    for x, y, size in ((150, 360, 1.1), (850, 240, 1.15), (900, 520, 0.6)):
        draw_cloud(pen.at(x, y, scale=size))
    draw_headland(pen, box, 620)
    draw_sea(pen, box, 620)
    draw_boat(pen.at(820, 690, scale=1.0))
    draw_house(pen.at(60, 900, scale=0.9))
    draw_foliage(pen.at(236, 1000, scale=0.6))
    ridge: Knots = [(box.left, 1020), (300, 1010), (600, 1030), (box.right, 1000)]
    draw_meadow(pen, box, ridge, tufts=40, seed=4)
    draw_girl(pen.at(420, 452, scale=1.58), WELCOME)
    draw_sitting_fox(pen.at(742, 1080, scale=1.36), is_yapping=True, blown=-4)
    return []


PANELS = (
    Panel(((70, 70), (1584, 70), (1584, 800), (70, 880)), 2.7, draw_arrival, letter_arrival),
    Panel(((70, 908), (760, 871), (690, 1487), (70, 1520)), 3.7, draw_wonder, letter_wonder),
    Panel(((788, 870), (1584, 828), (1584, 1440), (718, 1486)), 3.2, draw_cuddle, letter_cuddle),
    Panel(((70, 1548), (1584, 1468), (1584, 2269), (70, 2269)), 2.8, draw_chase, letter_chase),
)
