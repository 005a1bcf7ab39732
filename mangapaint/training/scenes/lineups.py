"""The people of a series side by side on paper: a design sheet, and the same ones in other poses and views."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator, default_rng

from mangapaint.training.scenes import looks, people, poses
from mangapaint.training.scenes.inking import pen_scale
from mangapaint.training.scenes.panels import Actor, breadth, tallness
from mangapaint.training.scenes.people import Person
from mangapaint.training.scenes.rendering import Artist, Layers
from mangapaint.training.scenes.series import Scene, Series
from mangapaint.training.scenes.shapes import Figure
from mangapaint.training.scenes.styles import varied

SHEET = 0
"""The number of the design sheet: everybody stands, calm, seen from the front."""
MOST = 3
"""So many people of a series at most."""
HIGH, WIDE = 0.86, 0.92
"""Parts of the picture's height that a person of usual stature takes, and of it and a place's width at most."""
FIRST = 1_000_000
"""Numbers of pictures from here on are line-ups."""
VIEWS = tuple(view for view in poses.View if view not in (poses.View.BEHIND, poses.View.BEHIND_LEFT,
                                                          poses.View.BEHIND_RIGHT))  # fmt: skip


def lineup(series: Series, number: int, *, width: int = 768, height: int = 512) -> Scene:
    """Return a picture of the people of a series: the design sheet, or another pose of each from 1 on."""
    rng = default_rng((series.seed, FIRST + number))
    style = varied(series.style, rng)
    layers = Layers.blank(width, height, series.cast.paper)
    cast: Sequence[Person] = series.cast.people[:MOST]
    for place, who in enumerate(cast):
        figure = _figure(who, rng, calm=number == SHEET)
        scale = min(
            HIGH * height * who.stature, WIDE * height / tallness(figure), WIDE * width / len(cast) / breadth(figure)
        )
        actor = Actor(figure, (place + 0.5) * width / len(cast), 0.95 * height, scale, mirrored=False)
        Artist(style, rng, pen_scale(width, height), span=scale).draw(layers, actor.drawing)
    return series.finished(layers, style, rng, ())


def _figure(who: Person, rng: Generator, *, calm: bool) -> Figure:
    if calm:
        return people.posed(who, rng, pose="standing", view=poses.View.FRONT, mood="calm")
    pose, mood = rng.choice(list(poses.POSES)), rng.choice(list(looks.MOODS))
    return people.posed(who, rng, pose=str(pose), view=VIEWS[rng.integers(len(VIEWS))], mood=str(mood))
