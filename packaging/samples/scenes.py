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
    tilt=-6,
    wind=(140, -70),
    arms=(Arm((-104, 118), (-150, 44), -28, is_open=True), Arm((118, 134), (160, 64), 28, is_open=True)),
    legs=(Leg((30, 532), (112, 592), -60, is_flipped=True), Leg((-9, 546), (-28, 654), 0, is_flipped=True)),
    skirt=(44, -18),
)
WONDER = Pose(Face(Mood.AWE, -0.35, (-2, -1)), tilt=5, wind=(150, -70), hair=1.15)
CUDDLE = Pose(Face(Mood.BEAM, 0.35), tilt=8, wind=(-70, -20))
CHASE = Pose(
    Face(Mood.SHOUT, -0.7, (-2, 0)),
    tilt=-4,
    wind=(230, -140),
    arms=(Arm((-120, 180), (-186, 128), -56, is_open=True), Arm((112, 204), (152, 268), 150, is_behind=True)),
    legs=(Leg((92, 516), (190, 560), -70, is_flipped=True), Leg((-84, 510), (-96, 636), 8, is_flipped=True)),
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
    for x, y, size in ((330, 330, 1.05), (700, 424, 0.75), (1380, 330, 1.0)):
        draw_cloud(pen.at(x, y, scale=size))
    horizon = 440.0
    draw_headland(pen, box, horizon)
    draw_sea(pen, box, horizon)
    draw_boat(pen.at(640, 520, scale=0.9))
    for x, y, size in ((560, 215, 1.0), (640, 250, 0.7), (500, 275, 0.6)):
        draw_gull(pen.at(x, y, scale=size))
    draw_house(pen.at(264, 690, scale=1.0))
    ridge: Knots = [(box.left, 834), (300, 832), (520, 798), (780, 738), (1000, 694), (1200, 678), (box.right, 668)]
    draw_meadow(pen, box, ridge, tufts=42, seed=6)
    for x, y, size in ((204, 806, 0.5), (78, 774, 0.95), (1560, 120, 1.0), (1440, 76, 0.66)):
        draw_foliage(pen.at(x, y, scale=size))
    girl, fox = pen.at(1106, 292, scale=0.72, degrees=-3), pen.at(834, 644, scale=0.8)
    draw_girl(girl, ARRIVAL)
    draw_sitting_fox(fox, is_happy=True, blown=30)
    draw_fence(pen.at(1340, 702), 4)
    return [
        _hint(pen, Area.SKY, 24, [(780, 200), (850, 190), (920, 204)]),
        _hint(pen, Area.SEA, 22, [(480, 584), (560, 590), (640, 582), (700, 590)]),
        _hint(pen, Area.SEA, 22, [(1330, 580), (1400, 586), (1470, 580)]),
        _hint(pen, Area.HILL, 20, [(130, 380), (190, 376), (250, 392)]),
        _hint(pen, Area.GRASS, 22, [(560, 824), (620, 812), (680, 806)]),
        _hint(pen, Area.ROOF, 16, [(236, 692), (270, 660), (316, 632), (342, 596), (347, 536)]),
        _hint(pen, Area.WALL, 12, [(256, 740), (272, 776), (290, 746)]),
        _hint(pen, Area.LEAF, 18, [(104, 774), (138, 792), (184, 796), (214, 802)]),
        _hint(pen, Area.LEAF, 18, [(1480, 104), (1510, 120), (1550, 130)]),
        *_arrival_figures(pen, girl, head_of(girl, ARRIVAL), fox),
    ]


def _arrival_figures(pen: Pen, girl: Pen, head: Pen, fox: Pen) -> list[Hint]:
    """Return the hints on the first panel's girl and fox."""
    return [
        _hint(head, Area.HAIR, 14, [(14, -92), (50, -74), (76, -30), (88, 20), (104, 62)]),
        _hint(pen, Area.HAIR, 8, [(1222, 396), (1204, 404), (1192, 413), (1180, 421)]),
        _hint(pen, Area.HAIR, 6, [(1204, 432), (1218, 440), (1232, 448)]),
        _hint(head, Area.RIBBON, 10, [(-92, -86), (-60, -100), (-26, -120)]),
        _hint(girl, Area.SKIN, 10, [(22, 82), (12, 96), (2, 112), (0, 130)]),
        _hint(girl, Area.SKIN, 8, [(-104, 116), (-126, 84), (-146, 48)]),
        _hint(girl, Area.SKIN, 8, [(126, 124), (142, 104), (152, 84)]),
        _hint(girl, Area.SKIN, 8, [(-18, 500), (0, 504), (30, 500)]),
        _hint(girl, Area.DRESS, 8, [(-36, 244), (-30, 290), (-8, 370), (12, 436)]),
        _hint(girl, Area.COLLAR, 8, [(-40, 166), (-26, 180), (0, 194), (26, 180), (40, 166)]),
        _hint(girl, Area.RIBBON, 6, [(-18, 226), (0, 226), (18, 226)]),
        _hint(girl, Area.BAG, 8, [(64, 306), (60, 324), (64, 342)]),
        _hint(girl, Area.BOOT, 8, [(-28, 630), (-28, 648), (-36, 664)]),
        _hint(girl, Area.BOOT, 8, [(92, 578), (106, 588)]),
        _hint(fox, Area.FUR, 12, [(-34, -24), (0, -36), (34, -24)]),
        _hint(fox, Area.FUR, 10, [(36, 140), (54, 158), (76, 162), (94, 142)]),
        _hint(fox, Area.SCARF, 8, [(-16, 66), (4, 68), (22, 63), (38, 65), (54, 76)]),
    ]


def letter_arrival(pen: Pen) -> None:
    """Letter the first panel."""
    draw_bubble(pen.at(1436, 292), 132, 90, (-168, 58), ("WE", "MADE IT!"), 35)


def draw_wonder(pen: Pen, box: Box) -> list[Hint]:
    """Draw the second panel: the girl's face, amazed."""
    draw_sky(pen, box)
    pen.screen((Area.SKY, Area.SKY_SHADE), box.outline, 0.0, 0.16)
    girl = pen.at(356, 1274, scale=2.1)
    head = head_of(girl, WONDER)
    for x, y, size in ((130, 985, 1.5), (210, 940, 0.8), (104, 1180, 0.9), (676, 1130, 1.2), (104, 1420, 1.1)):
        draw_sparkle(pen.at(x, y, scale=size))
    draw_girl(girl, WONDER)
    return [
        _hint(pen, Area.SKY, 22, [(630, 1150), (650, 1210), (640, 1260)]),
        _hint(head, Area.HAIR, 24, [(36, -72), (58, -50), (76, -10), (84, 40), (110, 70)]),
        _hint(head, Area.HAIR, 18, [(-82, 40), (-88, 58), (-92, 72)]),
        _hint(head, Area.RIBBON, 22, [(-92, -86), (-60, -100), (-26, -120)]),
        _hint(head, Area.SKIN, 20, [(6, 86), (18, 83), (30, 74)]),
        _hint(head, Area.IRIS, 10, [(-47, 36), (-42, 38)]),
        _hint(head, Area.IRIS, 10, [(20, 36), (25, 38)]),
        _hint(head, Area.MOUTH, 8, [(-10, 68), (-6, 68)]),
    ]


def letter_wonder(pen: Pen) -> None:
    """Letter the second panel."""
    draw_bubble(pen.at(606, 962), 122, 72, (-58, 104), ("THE SEA!",), 35)


def draw_cuddle(pen: Pen, box: Box) -> list[Hint]:
    """Draw the third panel: girl and fox cheek to cheek."""
    pen.shape(Area.BACKDROP, [(box.left, box.top), (box.right, box.top)], *box.below(box.top), width=0)
    pen.screen(
        (Area.BACKDROP,), [(box.left, box.top), (box.right, box.top), (box.right, 1330), (box.left, 1330)], 0.14, 0.0
    )
    for x, y, size in ((850, 950, 2.2), (806, 1050, 1.4), (1190, 905, 1.3), (1545, 1150, 1.6), (770, 1390, 1.7)):
        draw_flower(pen.at(x, y, scale=size))
    girl = pen.at(1010, 1180, scale=1.5)
    draw_girl(girl, CUDDLE)
    fox = pen.at(1282, 1246, scale=1.5, degrees=-9)
    fox.shape(
        Area.FUR, [(-40, 30), (-86, 110), (-112, 260)], [(-112, 260), (96, 260)], [(96, 260), (62, 110), (36, 30)]
    )
    fox.shape(
        Area.CREAM,
        [(-24, 44), (-34, 74), (-24, 96)],
        [(-24, 96), (-12, 110)],
        [(-12, 110), (0, 100)],
        [(0, 100), (12, 112)],
        [(12, 112), (24, 96)],
        [(24, 96), (34, 74), (24, 44)],
        width=0.8,
    )
    draw_scarf(fox.at(0, 48), blown=-8)
    draw_fox_head(fox, is_yapping=True)
    return [
        _hint(pen, Area.BACKDROP, 24, [(1250, 990), (1300, 1000), (1350, 990)]),
        *_cuddle_figures(girl, head_of(girl, CUDDLE), fox),
    ]


def _cuddle_figures(girl: Pen, head: Pen, fox: Pen) -> list[Hint]:
    """Return the hints on the third panel's girl and fox."""
    return [
        _hint(head, Area.HAIR, 22, [(20, -92), (50, -74), (72, -36), (82, 6), (84, 60), (95, 108)]),
        _hint(head, Area.RIBBON, 20, [(-92, -86), (-60, -100), (-26, -120)]),
        _hint(girl, Area.SKIN, 18, [(-20, 82), (-12, 96), (-2, 112), (0, 130)]),
        _hint(head, Area.MOUTH, 6, [(0, 71), (8, 71), (16, 71)]),
        _hint(girl, Area.COLLAR, 14, [(-40, 160), (-24, 174), (-14, 179)]),
        _hint(fox, Area.FUR, 20, [(-34, -30), (0, -40), (34, -30)]),
        _hint(fox, Area.FUR, 16, [(-40, 92), (-34, 112), (-18, 122)]),
        _hint(fox, Area.SCARF, 16, [(-16, 63), (4, 65), (20, 63), (27, 78), (28, 94)]),
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
    for x, y, long in ((1110, 2228, 190), (480, 2142, 250)):
        pen.shape(Area.GRASS_SHADE, oval(x, y, long, 19), width=0)
        pen.screen((Area.GRASS_SHADE,), spline(oval(x, y, long, 19)), 0.3)
    fox = pen.at(270, 1862, scale=1.3)
    draw_running_fox(fox)
    girl = pen.at(1016, 1690, scale=0.8, degrees=-11)
    draw_girl(girl, CHASE)
    for x, y, size in ((1330, 2082, 0.4), (1440, 2080, 0.28)):
        draw_cloud(pen.at(x, y, scale=size))
    return [
        _hint(girl, Area.DRESS, 8, [(-36, 244), (-28, 290), (0, 370), (28, 430)]),
        _hint(fox, Area.FUR, 18, [(-30, -42), (0, -50), (30, -42)]),
        _hint(pen, Area.GRASS, 24, [(170, 2196), (230, 2204), (300, 2196)]),
    ]


def letter_chase(pen: Pen) -> None:
    """Letter the last panel."""
    draw_bubble(pen.at(690, 1664), 156, 102, (216, 58), ("WAIT", "FOR ME!"), 40, is_loud=True)
    draw_effect(pen.at(510, 2152, degrees=-9), "DASH!", 88, growth=1.07)


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
