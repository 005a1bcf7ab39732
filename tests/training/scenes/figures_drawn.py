"""A house on a meadow and a snowman, as drawings for the tests of pen and paint, and pictures made of them."""

from __future__ import annotations

import numpy as np

from mangapaint.training.scenes.rendering import Artist, Layers, Rendering, developed
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Points, Shape
from mangapaint.training.scenes.styles import BLACK, Paint, Pen, Screen, Screening, Shading, Style, Wear

PAPER = Identity(0, "paper", (255, 255, 255))
SKY = Identity(1, "sky", (150, 200, 240))
WALL = Identity(2, "wall", (220, 180, 140))
DOOR = Identity(3, "door", (120, 60, 40))
ROOF = Identity(4, "roof", (40, 30, 30))
SNOW = Identity(5, "snow", (240, 244, 250))
ALL = (PAPER, SKY, WALL, DOOR, ROOF, SNOW)

PEN = Pen(width=2.0, pressure=0.0, taper=0.0, gaps=0.0, repeats=1, wobble=0.0, behind=0.8)
FLAT = Paint(Shading.FLAT, depth=0.8, shadow=(160, 160, 200), cast=False, gloss=0.0, texture=0.0)
SCREEN = Screen(Screening.DOTS, pitch=5.0, angle=45.0, share=1.0, fading=False, hatched=False)
STYLE = Style(PEN, FLAT, SCREEN, Wear(), line=BLACK, solid=False, light=(0.6, 0.8), taste=1)


def box(left: float, top: float, right: float, bottom: float) -> Points:
    return np.array(((left, top), (right, top), (right, bottom), (left, bottom)), np.float32)


def disc(x: float, y: float, radius: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return np.stack((x + radius * np.cos(angles), y + radius * np.sin(angles)), axis=1).astype(np.float32)


def house() -> Drawing:
    """On 120x100 pixels: a wall of 60x50 under a dark roof; a door in it reaches over its lower edge, clipped by it."""
    roof = np.array(((20, 40), (60, 10), (100, 40)), np.float32)
    door = Shape(box(50, 60, 70, 120), DOOR)
    crack = Mark(np.array(((36, 50), (40, 80)), np.float32))
    return (
        Shape(box(-5, -5, 125, 105), SKY, line=0, round=0),
        Shape(box(30, 40, 90, 90), WALL, round=0, inside=(door,), marks=(crack,)),
        Shape(roof, ROOF, round=0, solid=True),
    )


def snowman() -> Drawing:
    return (Shape(disc(60, 70, 25), SNOW, round=1.0), Shape(disc(60, 32, 16), SNOW, round=1.0))


def pictured(drawing: Drawing, style: Style = STYLE, *, seed: int = 0, span: float = 0.0,
             size: tuple[int, int] = (120, 100)) -> Rendering:  # fmt: skip
    rng = np.random.default_rng(seed)
    layers = Layers.blank(*size, PAPER)
    Artist(style, rng, 1.0, span=span).draw(layers, drawing)
    return developed(layers, style, ALL, rng)
