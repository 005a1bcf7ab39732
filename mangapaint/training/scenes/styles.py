"""How a series is drawn: its pen, its shading, its screentone, its paper; drawn at random, varied by picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from numpy.random import Generator

from mangapaint.document.page import Color

BLACK: Color = (0, 0, 0)
SHADOWS: tuple[Color, ...] = (
    (176, 166, 208),
    (186, 170, 190),
    (160, 170, 212),
    (208, 172, 168),
    (204, 168, 184),
    (172, 172, 184),
)
"""What light is left in shadow; mostly bluish or violet, as painters have it."""
LINES: tuple[Color, ...] = ((62, 38, 30), (38, 32, 62), (74, 40, 52), (40, 40, 44))
"""Coloured outlines: browns, a dark violet, a soft black."""
EVENINGS: tuple[Color, ...] = ((132, 148, 215), (255, 214, 178), (168, 178, 236), (255, 226, 214))
"""The light of the whole picture at night, at sunset, at dusk, in the morning."""


class Shading(Enum):
    """No shadows; shadows with hard edges; shadows that fade."""

    FLAT = "flat"
    CEL = "cel"
    SOFT = "soft"


class Screening(Enum):
    """What screentone is made of."""

    DOTS = "dots"
    LINES = "lines"


@dataclass(frozen=True)
class Pen:
    """What outlines are drawn with; lengths in pixels of a picture whose shorter side is 512.

    ``pressure`` 0..1 is how much the width varies along a stroke and ``taper`` 0..1 how thin its ends are; ``gaps`` is
    the chance that the pen is lifted once in 60 pixels; ``repeats`` how many times a line is drawn, ``wobble`` how far
    from where it should be. ``behind`` is the width of the surroundings' lines as a part of the figures'.
    """

    width: float
    pressure: float
    taper: float
    gaps: float
    repeats: int
    wobble: float
    behind: float


@dataclass(frozen=True)
class Paint:
    """How colours are laid; parts are 0..1.

    ``depth`` is how dark shadows are, ``shadow`` what light is left in the darkest; ``cast`` whether things throw
    shadows on their own body, ``gloss`` how bright highlights are; ``texture`` how uneven the paint lies; ``tint`` the
    colour of the light that falls on everything.
    """

    shading: Shading
    depth: float
    shadow: Color
    cast: bool
    gloss: float
    texture: float
    tint: Color = (255, 255, 255)


@dataclass(frozen=True)
class Screen:
    """Screentone.

    ``pitch`` is in pixels between dots or lines, ``angle`` in degrees; ``share`` of the things that could have it do;
    ``fading``: it may run from dark to light; ``hatched``: shadows are hatched instead.
    """

    screening: Screening
    pitch: float
    angle: float
    share: float
    fading: bool
    hatched: bool


@dataclass(frozen=True)
class Wear:
    """What print and scanner did to the ink.

    ``blur`` is in pixels; ``grain``, ``slant`` (how much darker one side of the paper is) and what was ``black`` and
    ``white`` are levels 0..255; ``quality`` is that of JPEG (0: none).
    """

    blur: float = 0.0
    grain: float = 0.0
    black: float = 0.0
    white: float = 255.0
    slant: float = 0.0
    quality: int = 0


@dataclass(frozen=True)
class Style:
    """All of how a series is drawn.

    ``line`` is the colour of outlines in the coloured picture, None: a dark shade of what they enclose. ``solid``:
    dark things may be filled with black. ``light`` is where shadows fall to, x and y of length 1. ``taste`` decides
    which things of the series have screentone.
    """

    pen: Pen
    paint: Paint
    screen: Screen
    wear: Wear
    line: Color | None
    solid: bool
    light: tuple[float, float]
    taste: int


def drawn(rng: Generator) -> Style:
    """Return the style of a series."""
    return Style(
        pen=_pen(rng),
        paint=_paint(rng),
        screen=_screen(rng),
        wear=Wear(),
        line=_line(rng),
        solid=bool(rng.random() < 0.6),
        light=_light(rng),
        taste=int(rng.integers(1 << 30)),
    )


def varied(style: Style, rng: Generator) -> Style:
    """Return the style of one picture of the series: another side of light, a slightly other pen, a scan of its own."""
    pen = replace(
        style.pen, width=style.pen.width * rng.uniform(0.85, 1.2), gaps=style.pen.gaps * rng.uniform(0.5, 1.5)
    )
    tint = EVENINGS[rng.integers(len(EVENINGS))] if rng.random() < 0.06 else (255, 255, 255)
    paint = replace(style.paint, depth=style.paint.depth * rng.uniform(0.85, 1.1), tint=tint)
    screen = replace(style.screen, pitch=style.screen.pitch * rng.uniform(0.9, 1.15))
    return replace(style, pen=pen, paint=paint, screen=screen, light=_light(rng), wear=_wear(rng))


def _pen(rng: Generator) -> Pen:
    sketchy = rng.random() < 0.15
    return Pen(
        width=float(rng.choice([1.1, 1.4, 1.7, 2.0, 2.4, 3.0], p=[0.14, 0.2, 0.22, 0.2, 0.15, 0.09])),
        pressure=float(rng.choice([0.0, 0.25, 0.5, 0.8], p=[0.25, 0.3, 0.3, 0.15])),
        taper=float(rng.uniform(0.3, 1.0)),
        gaps=float(rng.uniform(0.1, 0.6)) if rng.random() < 0.35 else 0.0,
        repeats=int(rng.integers(2, 4)) if sketchy else 1,
        wobble=float(rng.uniform(0.8, 1.6)) if sketchy else float(rng.choice([0.0, 0.3, 0.6])),
        behind=float(rng.uniform(0.55, 0.9)),
    )


def _paint(rng: Generator) -> Paint:
    shading = (Shading.FLAT, Shading.CEL, Shading.SOFT)[rng.choice(3, p=[0.2, 0.5, 0.3])]
    return Paint(
        shading=shading,
        depth=float(rng.uniform(0.6, 1.0)),
        shadow=SHADOWS[rng.integers(len(SHADOWS))],
        cast=bool(shading is not Shading.FLAT and rng.random() < 0.8),
        gloss=float(rng.uniform(0.3, 0.75)) if shading is not Shading.FLAT and rng.random() < 0.8 else 0.0,
        texture=float(rng.uniform(0.02, 0.07)) if rng.random() < 0.35 else 0.0,
    )


def _screen(rng: Generator) -> Screen:
    return Screen(
        screening=Screening.LINES if rng.random() < 0.12 else Screening.DOTS,
        pitch=float(rng.uniform(3.2, 7.0)),
        angle=45.0 if rng.random() < 0.85 else float(rng.uniform(15, 75)),
        share=float(rng.uniform(0.35, 0.85)),
        fading=bool(rng.random() < 0.6),
        hatched=bool(rng.random() < 0.2),
    )


def _line(rng: Generator) -> Color | None:
    chance = rng.random()
    if chance < 0.72:
        return BLACK
    return None if chance < 0.86 else LINES[rng.integers(len(LINES))]


def _light(rng: Generator) -> tuple[float, float]:
    angle = math.radians(rng.uniform(30, 65))
    return (math.cos(angle) * (1 if rng.random() < 0.5 else -1), math.sin(angle))


def _wear(rng: Generator) -> Wear:
    if rng.random() < 0.5:
        return Wear()
    return Wear(
        blur=float(rng.uniform(0.3, 0.8)) if rng.random() < 0.5 else 0.0,
        grain=float(rng.uniform(1.0, 7.0)) if rng.random() < 0.5 else 0.0,
        black=float(rng.uniform(0, 45)),
        white=float(rng.uniform(235, 255)),
        slant=float(rng.uniform(0, 14)) if rng.random() < 0.3 else 0.0,
        quality=int(rng.integers(45, 96)) if rng.random() < 0.6 else 0,
    )
