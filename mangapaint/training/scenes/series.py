"""A series of pictures of the same people, animals and places, in one style; each can be made again from its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from mangapaint.document.page import Color, Pixels
from mangapaint.training.samples import Labels, Original
from mangapaint.training.scenes import animals, looks, people, poses, props, surroundings
from mangapaint.training.scenes.animals import Animal
from mangapaint.training.scenes.bubbles import Rect, bubble, free_place
from mangapaint.training.scenes.curves import rect
from mangapaint.training.scenes.inking import FINE, SHIFT, pen_scale, speed_lines, thickness, whole
from mangapaint.training.scenes.lettering import sound
from mangapaint.training.scenes.panels import (
    HANDY,
    HEIGHTS,
    HIGH,
    NEAR,
    SIZE,
    SIZES,
    STANDING,
    VIEWS,
    Actor,
    Framing,
    Panel,
    Sized,
    View,
    arranged,
    divided,
    framing,
)  # fmt: skip
from mangapaint.training.scenes.people import Person
from mangapaint.training.scenes.props import Prop
from mangapaint.training.scenes.rendering import Artist, Layers, developed, drawn_mask
from mangapaint.training.scenes.screening import screened, worn
from mangapaint.training.scenes.shapes import Figure, Identity, Shape, placed
from mangapaint.training.scenes.styles import Style, drawn, varied
from mangapaint.training.scenes.surroundings import Place

PAPER = Identity(0, "paper", (255, 255, 255))
"""Gutters, bubbles, empty backgrounds, in all series."""
SOUNDS: tuple[Color, ...] = ((255, 224, 60), (240, 80, 60), (255, 255, 255), (120, 200, 240), (250, 150, 50))
BACKDROPS: tuple[Color, ...] = ((250, 232, 200), (208, 228, 244), (246, 214, 222), (220, 238, 212), (226, 218, 240))
LEAST = 32
"""Pictures are at least so many pixels wide and high."""
SMALL = 256
"""Panels whose shorter side is less, in pixels of a picture of 512, are small."""
SEEN = (poses.View.FRONT, poses.View.QUARTER_LEFT, poses.View.QUARTER_RIGHT, poses.View.PROFILE_LEFT,
        poses.View.PROFILE_RIGHT)  # fmt: skip
"""From where faces are seen from near."""
SEEN_SHARES = (0.3, 0.26, 0.26, 0.09, 0.09)


@dataclass(frozen=True)
class Cast:
    """Who and what may be seen; ``paper``, ``sound`` and ``backdrop`` are bubbles, sound effects, empty backgrounds."""

    people: tuple[Person, ...]
    animals: tuple[Animal, ...]
    props: tuple[Prop, ...]
    places: tuple[Place, ...]
    paper: Identity
    sound: Identity
    backdrop: Identity


@dataclass(frozen=True, eq=False)
class Stage:
    """Draws panels; ``scale`` is how many pixels are one of the pen's."""

    cast: Cast
    style: Style
    rng: Generator
    scale: float

    def play(self, layers: Layers, panel: Panel) -> None:
        """Draw a panel, its frame too."""
        outline = layers.fine(panel.points)
        box = layers.box(outline)
        if box is None:
            return
        part = layers.part(box)
        mask = drawn_mask(part.fine(panel.points), part.ink.shape)
        clear = cv2.countNonZero(mask) == mask.size
        over = part if clear else part.copied()
        self._scene(over, panel)
        if not clear:
            part.take(over, mask)
        if panel.framed:
            width = int(thickness(self.style.pen.width * self.scale * FINE * 1.4))
            cv2.polylines(layers.ink, [whole(outline)], isClosed=True, color=0, thickness=width, shift=SHIFT)

    def _scene(self, layers: Layers, panel: Panel) -> None:
        corners = panel.corners
        kind = framing(self.rng, small=min(layers.ink.shape) < SMALL * self.scale * FINE)
        view = VIEWS[kind]
        actors = arranged(self._figures(kind), view, self.rng, corners=corners)
        self._background(layers, corners, view, actors)
        for actor in self._with_prop(actors, kind, corners):
            self._act(layers, actor, view, grounded=kind in STANDING)
        self._sounds(layers, panel.inner, actors)

    def _artist(self, pen: float, span: float = 0.0) -> Artist:
        return Artist(self.style, self.rng, self.scale, width=pen, span=span)

    def _figures(self, kind: Framing) -> list[Sized]:
        """Return who is seen, each at most once."""
        rng, cast = self.rng, self.cast
        count = int(rng.integers(2, 4)) if kind is Framing.GROUP else 1
        chosen = [cast.people[i] for i in rng.permutation(len(cast.people))[:count]]
        draw = _facing if VIEWS[kind].head[0] >= NEAR else people.draw
        persons = [Sized(draw(who, rng), who.stature) for who in chosen]
        beasts = [cast.animals[i] for i in rng.permutation(len(cast.animals))]
        if not beasts or (kind is not Framing.GROUP and rng.random() > 0.18):
            return persons
        beast = Sized(animals.draw(beasts[0], rng), SIZES.get(beasts[0].kind, SIZE))
        return [*persons[: count - 1], beast]

    def _background(self, layers: Layers, corners: Rect, view: View, actors: Sequence[Actor]) -> None:
        """Draw a place, or a plain ground; speed lines, now and then."""
        rng = self.rng
        plain = rng.random() < (0.5 if view.head[0] > 0.2 else 0.25)
        if plain or not self.cast.places:
            self._plain(layers, corners)
        else:
            self._place(layers, corners, view)
        if rng.random() < (0.35 if plain else 0.04):
            self._speed(layers, actors)

    def _plain(self, layers: Layers, corners: Rect) -> None:
        ground = self.cast.backdrop if self.rng.random() < 0.5 else self.cast.paper
        self._artist(1.0).draw(layers, (Shape(rect(*corners), ground, line=0, round=0),))

    def _place(self, layers: Layers, corners: Rect, view: View) -> None:
        rng = self.rng
        left, top, right, bottom = corners
        width, height = round((right - left) * view.zoom) + 2, round((bottom - top) * view.zoom) + 2
        place = self.cast.places[rng.integers(len(self.cast.places))]
        drawing = surroundings.draw(place, rng, width, height)
        spare_x, spare_y = width - (right - left), height - (bottom - top)
        x, y = left - rng.uniform(0, 1) * spare_x, top - rng.uniform(0.25, 0.7) * spare_y
        moved = placed(drawing, np.array(((1, 0, x), (0, 1, y)), np.float32))
        self._artist(view.pen * self.style.pen.behind).draw(layers, moved)

    def _speed(self, layers: Layers, actors: Sequence[Actor]) -> None:
        middle = layers.fine(np.array(actors[0].head[:2], np.float32)).tolist()
        speed_lines(layers.ink, self.rng, middle=(middle[0], middle[1]))

    def _act(self, layers: Layers, actor: Actor, view: View, *, grounded: bool) -> None:
        artist = self._artist(view.pen, actor.scale)
        if grounded:
            artist.ground(layers, actor.x, actor.y, actor.stance)
        artist.draw(layers, actor.drawing)

    def _with_prop(self, actors: Sequence[Actor], kind: Framing, corners: Rect) -> Sequence[Actor]:
        """Add, now and then, a thing: small ones before the figures, or at the lower edge, large ones behind them."""
        rng = self.rng
        if not self.cast.props or kind is Framing.FACE or rng.random() < 0.45:
            return actors
        left, _, right, bottom = corners
        prop = self.cast.props[rng.integers(len(self.cast.props))]
        high, nearest = HEIGHTS.get(prop.kind, HIGH), actors[-1]
        if high > HANDY and kind not in STANDING:
            return actors
        scale = nearest.scale / nearest.size * high * rng.uniform(0.9, 1.1)
        x = float(rng.choice([rng.uniform(0.08, 0.28), rng.uniform(0.72, 0.92)])) * (right - left) + left
        y = nearest.y + 0.03 * nearest.scale if kind in STANDING else bottom + 0.12 * scale
        thing = Actor(props.draw(prop, rng), x, y, scale, mirrored=bool(rng.random() < 0.5))
        if high <= HANDY:
            return [*actors, thing]
        return [replace(thing, y=actors[0].y - 0.03 * nearest.scale), *actors]

    def _sounds(self, layers: Layers, corners: Rect, actors: Sequence[Actor]) -> None:
        """Draw sound effects, bubbles and captions over everything."""
        rng, artist = self.rng, self._artist(1.0)
        avoid = [area for actor in actors for area in (actor.face, actor.body)]
        if rng.random() < 0.12:
            avoid += self._noise(artist, layers, corners, avoid)
        for speaker in [*actors, None]:
            if rng.random() > (0.5 if speaker else 0.18):
                continue
            at = speaker.head[:2] if speaker else None
            said = bubble(rng, self.cast.paper, within=corners, speaker=at, avoid=avoid)
            if said:
                artist.draw(layers, said.shapes)
                artist.write(layers, said.strokes, said.height * 0.13)
                avoid.append(said.rect)

    def _noise(self, artist: Artist, layers: Layers, corners: Rect, avoid: Sequence[Rect]) -> list[Rect]:
        """Draw a sound effect where there is room; returns the area that it takes."""
        left, top, right, bottom = corners
        height = float(min(right - left, bottom - top) * self.rng.uniform(0.09, 0.16))
        strokes = sound(self.rng, middle=(0.0, 0.0), height=height)
        points = np.concatenate(strokes)
        half = float(np.abs(points[:, 0]).max()) + 0.3 * height, float(np.abs(points[:, 1]).max()) + 0.3 * height
        middle = free_place(self.rng, half, corners, avoid)
        if middle is None:
            return []
        moved = [(stroke + np.array(middle)).astype(np.float32) for stroke in strokes]
        artist.outlined(layers, moved, self.cast.sound, height * 0.22)
        x, y = middle
        return [(x - half[0], y - half[1], x + half[0], y + half[1])]


def _facing(who: Person, rng: Generator) -> Figure:
    """Draw somebody who does not turn away, as is usual from near."""
    view, pose = SEEN[rng.choice(len(SEEN), p=SEEN_SHARES)], list(poses.POSES)[rng.integers(len(poses.POSES))]
    mood = list(looks.MOODS)[rng.integers(len(looks.MOODS))]
    return people.posed(who, rng, pose=pose, view=view, mood=mood)


class Known(Protocol):
    """What belongs to a series: a person, an animal, a prop, a place."""

    @property
    def identities(self) -> tuple[Identity, ...]:
        """What its parts are."""


Thing = TypeVar("Thing", bound=Known)


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and all that is true of it.

    Of a picture of height h and width w: ``ink`` uint8 (h, w), the line drawing, dark on white; ``tone`` the same with
    screentone; ``color`` uint8 RGB (h, w, 3), the coloured picture; ``flats`` uint8 RGB, the one colour of what is
    there; ``shade`` uint8 RGB, the light on it: ``flats * shade / 255`` is ``color`` but for lines, highlights, marks
    that have colours of their own and mixed pixels at borders; ``regions`` int32 (h, w), connected areas of one
    identity from 0; ``identities`` int32 (h, w), ``Identity.number``; both are ``samples.NOWHERE`` on ink. ``ink`` and
    ``tone`` may be worn, as a scan is; regions are those of the drawing before. ``panels`` are as in ``panels.Panel``.
    """

    ink: Pixels
    tone: Pixels
    flats: Pixels
    shade: Pixels
    color: Pixels
    regions: Labels
    identities: Labels
    panels: tuple[Panel, ...]

    def original(self, name: str, series: str) -> Original:
        """Return it as a picture to learn from."""
        return Original(name, series, self.color, self.ink, self.tone, self.regions, self.identities)


@dataclass(frozen=True)
class Series:
    """Who and what is in a series, and how it is drawn."""

    seed: int
    style: Style
    cast: Cast

    @staticmethod
    def of(seed: int) -> Series:
        """Return the series of a number, 0 or more."""
        rng = default_rng((seed, 0))
        sound = Identity(1, "sound", SOUNDS[rng.integers(len(SOUNDS))])
        backdrop = Identity(2, "backdrop", BACKDROPS[rng.integers(len(BACKDROPS))])
        persons = _chosen(people.person, rng, count=int(rng.integers(1, 5)), first=3)
        beasts = _chosen(animals.animal, rng, count=int(rng.integers(0, 3)), first=_next(persons, 3))
        first = _next([*persons, *beasts], 3)
        things = _chosen(props.prop, rng, count=int(rng.integers(0, 4)), first=first)
        places = _chosen(surroundings.place, rng, count=int(rng.integers(1, 5)), first=_next(things, first))
        return Series(seed, drawn(rng), Cast(persons, beasts, things, places, PAPER, sound, backdrop))

    @property
    def identities(self) -> tuple[Identity, ...]:
        """All that there may be in its pictures."""
        cast = self.cast
        things: Sequence[Known] = [*cast.people, *cast.animals, *cast.props, *cast.places]
        return (cast.paper, cast.sound, cast.backdrop, *(one for thing in things for one in thing.identities))

    def scene(self, index: int, *, width: int = 512, height: int = 512) -> Scene:
        """Return a picture of the series, 0 or more, in pixels; what it shows depends on its number and its shape.

        Raises ``ValueError`` for pictures under ``LEAST`` pixels.
        """
        if min(width, height) < LEAST:
            raise ValueError(f"a scene of {width}x{height} pixels is too small, the least is {LEAST}")
        rng = default_rng((self.seed, 1 + index))
        style = varied(self.style, rng)
        layers = Layers.blank(width, height, self.cast.paper)
        panels = divided(rng, width, height)
        stage = Stage(self.cast, style, rng, pen_scale(width, height))
        for panel in panels:
            stage.play(layers, panel)
        return self.finished(layers, style, rng, panels)

    def finished(self, layers: Layers, style: Style, rng: Generator, panels: tuple[Panel, ...]) -> Scene:
        """Return what was drawn on layers in a style, as ink, tone and colours."""
        done = developed(layers, style, self.identities, rng)
        tone = screened(done.ink, done.shadow, done.identities, known=self.identities, style=style, rng=rng)
        return Scene(
            ink=worn(done.ink, style.wear, rng),
            tone=worn(tone, style.wear, rng),
            flats=done.flats,
            shade=done.shade,
            color=done.color,
            regions=done.regions,
            identities=done.identities,
            panels=panels,
        )


def _chosen(make: Callable[[Generator, int], Thing], rng: Generator, *, count: int, first: int) -> tuple[Thing, ...]:
    """Return some things whose identities are numbered on from ``first``."""
    made: list[Thing] = []
    for _ in range(count):
        made.append(make(rng, _next(made, first)))
    return tuple(made)


def _next(things: Sequence[Known], first: int) -> int:
    """Return the number after all that the things have, or ``first``."""
    return max((one.number + 1 for thing in things for one in thing.identities), default=first)
