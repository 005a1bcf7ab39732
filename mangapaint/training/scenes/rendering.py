"""Draws shapes with pen and paint, in painter's order, and keeps what is true of every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mangapaint.document.page import Color, Pixels
from mangapaint.training.samples import NOWHERE, Labels
from mangapaint.training.scenes.inking import FINE, SHIFT, Hand, Whole, hatched, pen_scale, thickness, whole
from mangapaint.training.scenes.shading import Lamp, Outline, ground_shadow, multiplier
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Points, Shape
from mangapaint.training.scenes.styles import Style

DARK = 95
"""Things darker than this luma may be filled with black."""
THIN = 0.5
"""Outlines that are thinner, as a part of the pen's width, do not show a shape by themselves."""
PALE = 150
"""Marks of a colour lighter than this luma are left white by the pen."""
BRIGHT = 40
"""Where there is so much light, black hair is left white."""
HATCHED = 165
"""Where there is so much shadow, it is hatched."""
INKED = 128
"""Darker pixels of the drawing are ink: they belong to nothing."""
SKIN = frozenset({"skin", "blush"})
"""What has warm shadows."""
TENDER = 0.5
"""Skin is shaded so much less than other bodies that are as round."""
THROWING = 0.05
"""Shapes whose shorter side is a smaller part of their figure throw no shadows on it."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, right and bottom excluded."""


def luma(color: Color) -> float:
    """Return how light a colour is, 0..255."""
    red, green, blue = color
    return 0.299 * red + 0.587 * green + 0.114 * blue


@dataclass(frozen=True, eq=False)
class Layers:
    """A picture in the making, ``FINE`` times as large as it will be, or a part of one.

    ``ink`` uint8, black on white; ``paint`` uint8 RGB; ``owner`` uint16, the identity's number; ``shadow`` and
    ``light`` uint8, how much of them there is. ``left`` and ``top`` are where the part lies in the whole.
    """

    ink: Pixels
    paint: Pixels
    owner: NDArray[np.uint16]
    shadow: Pixels
    light: Pixels
    left: int = 0
    top: int = 0

    @staticmethod
    def blank(width: int, height: int, ground: Identity) -> Layers:
        """Return empty paper for a picture of so many pixels."""
        shape = height * FINE, width * FINE
        return Layers(
            ink=np.full(shape, 255, np.uint8),
            paint=np.full((*shape, 3), ground.color, np.uint8),
            owner=np.full(shape, ground.number, np.uint16),
            shadow=np.zeros(shape, np.uint8),
            light=np.zeros(shape, np.uint8),
        )

    def fine(self, points: Points) -> Outline:
        """Return points of the picture as points of these layers."""
        return np.asarray(points * FINE + np.float32((FINE - 1) / 2) - np.array((self.left, self.top)), np.float32)

    def box(self, outline: Outline) -> Box | None:
        """Return what part of these layers an outline may touch; None: it lies outside."""
        height, width = self.ink.shape
        low, high = np.floor(outline.min(axis=0)).astype(int) - 1, np.ceil(outline.max(axis=0)).astype(int) + 2
        left, top = max(int(low[0]), 0), max(int(low[1]), 0)
        right, bottom = min(int(high[0]), width), min(int(high[1]), height)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def part(self, box: Box) -> Layers:
        """Return a part of these layers, not copied: what is drawn on it is drawn on them."""
        left, top, right, bottom = box
        at = slice(top, bottom), slice(left, right)
        return Layers(self.ink[at], self.paint[at], self.owner[at], self.shadow[at], self.light[at],
                      self.left + left, self.top + top)  # fmt: skip

    def copied(self) -> Layers:
        """Return the same, to be drawn on without consequences."""
        return Layers(self.ink.copy(), self.paint.copy(), self.owner.copy(), self.shadow.copy(), self.light.copy(),
                      self.left, self.top)  # fmt: skip

    def take(self, other: Layers, mask: Pixels) -> None:
        """Take over what another part of the same place has where the mask is not 0."""
        for mine, theirs in zip(self._all(), other._all(), strict=True):
            cv2.copyTo(theirs, mask, mine)

    def _all(self) -> tuple[NDArray[np.generic], ...]:
        return self.ink, self.paint, self.owner, self.shadow, self.light


def drawn_mask(outline: Outline, shape: tuple[int, ...]) -> Pixels:
    """Return uint8 of a shape (h, w), 255 within the outline."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [whole(outline)], 255, shift=SHIFT)
    return mask


@dataclass(frozen=True, eq=False)
class Artist:
    """Draws on layers in a style; ``width`` is that of the pen here, as a part of the style's.

    ``span`` is how high the figure is that is drawn, in pixels: its parts throw shadows on it. 0: they throw none.
    """

    style: Style
    rng: Generator
    scale: float
    width: float = 1.0
    span: float = 0.0

    @property
    def hand(self) -> Hand:
        """What draws the lines."""
        return Hand(self.style.pen, self.rng, self.scale * FINE, self.style.light)

    @property
    def lamp(self) -> Lamp:
        """What lays the shadows."""
        return Lamp(self.style.paint, self.style.light)

    def draw(self, layers: Layers, drawing: Drawing) -> None:
        """Draw all of it, what comes later over what came before."""
        family = {item.identity.number for item in drawing if isinstance(item, Shape)}
        among = (min(family), max(family)) if family else (0, 0)
        for item in drawing:
            if isinstance(item, Mark):
                self._mark(layers, item)
            else:
                self._throw(layers, item, among)
                self._shape(layers, item)

    def ground(self, layers: Layers, x: float, y: float, width: float) -> None:
        """Lay the shadow of a figure that stands at x, y on the ground."""
        outline = layers.fine(ground_shadow(x, y, width))
        if self.style.paint.cast and (box := layers.box(outline)):
            part = layers.part(box)
            mask = drawn_mask(part.fine(ground_shadow(x, y, width)), part.ink.shape)
            np.maximum(part.shadow, mask, out=part.shadow)

    def write(self, layers: Layers, strokes: Sequence[Points], thick: float) -> None:
        """Write lettering in ink; ``thick`` is in pixels of the picture."""
        self._letters(layers.ink, layers, strokes, thick, (0,))

    def outlined(self, layers: Layers, strokes: Sequence[Points], identity: Identity, thick: float) -> None:
        """Draw letters as areas of a thing, ``thick`` pixels of the picture wide, with an outline."""
        line = 2 * max(1.0, self.style.pen.width * self.scale)
        self._letters(layers.ink, layers, strokes, thick + 2 * line, (255,))
        self._letters(layers.ink, layers, strokes, thick + line, (0,))
        self._letters(layers.ink, layers, strokes, thick, (255,))
        for layer in (layers.shadow, layers.light):
            self._letters(layer, layers, strokes, thick + line, (0,))
        self._letters(layers.paint, layers, strokes, thick + line, identity.color)
        self._letters(layers.owner, layers, strokes, thick + line, (identity.number,))

    @staticmethod
    def _letters(layer: Pixels | NDArray[np.uint16], layers: Layers, strokes: Sequence[Points], thick: float,
                 value: tuple[int, ...]) -> None:  # fmt: skip
        points = [whole(layers.fine(stroke)) for stroke in strokes]
        width = int(thickness(thick * FINE))
        cv2.polylines(layer, points, isClosed=False, color=value, thickness=width, shift=SHIFT)

    def _shape(self, layers: Layers, shape: Shape) -> None:
        outline = layers.fine(shape.points)
        box = layers.box(outline) if len(outline) > 2 else None
        if box is None:
            return
        part = layers.part(box)
        inner = part.fine(shape.points)
        mask = drawn_mask(inner, part.ink.shape)
        filled = self._fill(part, shape, whole(inner))
        for layer in (part.shadow, part.light):
            cv2.fillPoly(layer, [whole(inner)], 0, shift=SHIFT)
        self._body(part, shape, inner, mask)
        if filled:
            cv2.bitwise_or(part.ink, cv2.inRange(cv2.bitwise_and(part.light, mask), BRIGHT, 255), dst=part.ink)
        self._within(part, shape, mask)
        if shape.line:
            self.hand.outline(layers.ink, outline, width=shape.line * self.width)

    def _fill(self, layers: Layers, shape: Shape, outline: Whole) -> bool:
        """Fill an outline on ink, paint and owner; returns whether it was filled with black."""
        color = shape.identity.color
        # What has hardly an outline, an eye's pupil, is to be seen by its black alone.
        black = shape.solid and luma(color) < DARK and (self.style.solid or shape.line < THIN)
        cv2.fillPoly(layers.ink, [outline], 0 if black else 255, shift=SHIFT)
        cv2.fillPoly(layers.paint, [outline], color, shift=SHIFT)
        cv2.fillPoly(layers.owner, [outline], shape.identity.number, shift=SHIFT)
        return black

    def _body(self, part: Layers, shape: Shape, outline: Outline, mask: Pixels) -> None:
        """Shade a shape as a body of its own; ``part`` is the place of its box, ``mask`` the shape in it."""
        tender = TENDER if shape.identity.name in SKIN else 1.0
        shadow = self.lamp.shaded(outline, mask, shape.round * tender)
        if shadow is not None:
            np.maximum(part.shadow, shadow, out=part.shadow)
        hair = shape.identity.name.endswith("hair")
        light = self.lamp.shine(outline, mask) if hair else self.lamp.lit(outline, mask, shape.round)
        if light is not None:
            np.maximum(part.light, light, out=part.light)

    def _within(self, part: Layers, shape: Shape, mask: Pixels) -> None:
        """Draw what lies on a shape, clipped by its outline."""
        if not shape.inside and not shape.marks:
            return
        clear = cv2.countNonZero(mask) == mask.size
        if not clear and not shape.inside and all(mark.color is None for mark in shape.marks):
            self._ink_within(part, shape.marks, mask)
            return
        over = part if clear else part.copied()
        for inside in shape.inside:
            self._inside(over, inside)
        for mark in shape.marks:
            self._mark(over, mark)
        if not clear:
            part.take(over, mask)

    def _ink_within(self, part: Layers, marks: Sequence[Mark], mask: Pixels) -> None:
        ink = part.ink.copy()
        over = replace(part, ink=ink)
        for mark in marks:
            self._mark(over, mark)
        cv2.copyTo(ink, mask, part.ink)

    def _inside(self, layers: Layers, shape: Shape) -> None:
        """Draw what lies on a shape: it keeps the shadow that the shape has there."""
        outline = layers.fine(shape.points)
        box = layers.box(outline) if len(outline) > 2 else None
        if box is None:
            return
        part = layers.part(box)
        inner = part.fine(shape.points)
        self._fill(part, shape, whole(inner))
        self._within(part, shape, drawn_mask(inner, part.ink.shape))
        if shape.line:
            self.hand.outline(layers.ink, outline, width=shape.line * self.width)

    def _mark(self, layers: Layers, mark: Mark) -> None:
        points, width = layers.fine(mark.points), mark.width * self.width
        if layers.box(points) is None:
            return
        if mark.color is None:
            self.hand.mark(layers.ink, points, width=width)
            return
        value = 255 if luma(mark.color) > PALE else 0
        state = self.rng.bit_generator.state
        self.hand.mark(layers.ink, points, width=width, value=(value,))
        self.rng.bit_generator.state = state
        self.hand.mark(layers.paint, points, width=width, value=mark.color)

    def _throw(self, layers: Layers, shape: Shape, among: tuple[int, int]) -> None:
        """Lay the shadow that a part of a figure throws on the figure's other parts."""
        if not (self.span and self.style.paint.cast and shape.line and shape.round):
            return
        outline = layers.fine(shape.points)
        span = self.span * FINE
        if (outline.max(axis=0) - outline.min(axis=0)).min() < THROWING * span:
            return
        reach = 0.014 * span
        box = layers.box(np.concatenate((outline, outline + np.array(self.style.light, np.float32) * reach)))
        if box is None:
            return
        part = layers.part(box)
        fallen = np.zeros_like(part.ink)
        self.lamp.fallen(part.fine(shape.points), fallen, reach)
        own = cv2.inRange(part.owner, among[0], among[1])
        np.maximum(part.shadow, cv2.bitwise_and(fallen, own), out=part.shadow)


@dataclass(frozen=True, eq=False)
class Rendering:
    """A finished picture and what is true of it, all (h, w) or (h, w, 3); see ``series.Scene``."""

    ink: Pixels
    flats: Pixels
    shade: Pixels
    shadow: Pixels
    color: Pixels
    regions: Labels
    identities: Labels


def developed(layers: Layers, style: Style, identities: Sequence[Identity], rng: Generator) -> Rendering:
    """Return the picture at its own size; ``identities`` are at least those that were drawn, the paper first."""
    size = layers.ink.shape[1] // FINE, layers.ink.shape[0] // FINE
    if style.screen.hatched:
        _hatch(layers, style, rng, pen_scale(*size))
    ink = _reduced(layers.ink, size)
    shadow = _reduced(layers.shadow, size)
    owner: Labels = layers.owner[FINE // 2 :: FINE, FINE // 2 :: FINE].astype(np.int32)
    flats = _colors(identities)[owner]
    shade = multiplier(
        shadow, style.paint, rng, skin=_named(SKIN, identities)[owner], bare=owner == identities[0].number
    )
    painted = cv2.multiply(_reduced(layers.paint, size), shade, scale=1 / 255)
    color = _lined(_lightened(painted, _reduced(layers.light, size)), ink, style.line)
    owner[ink < INKED] = NOWHERE
    return Rendering(ink, flats, shade, shadow, color, regions(owner), owner)


def regions(owner: Labels) -> Labels:
    """Return int32 (h, w), the connected areas of one identity numbered from 0; ``NOWHERE`` where the owner is."""
    known = owner != NOWHERE
    height, width = owner.shape
    # Twice as fine, so that the places between two pixels say whether they are joined.
    joined = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    joined[::2, ::2] = known
    joined[::2, 1::2] = known[:, 1:] & (owner[:, 1:] == owner[:, :-1])
    joined[1::2, ::2] = known[1:] & (owner[1:] == owner[:-1])
    _, labels = cv2.connectedComponents(joined, connectivity=4)
    return np.ascontiguousarray(labels[::2, ::2] - 1, np.int32)


def _reduced(layer: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colors(identities: Sequence[Identity]) -> Pixels:
    """Return a table of colours by the identity's number."""
    known = {identity.number: identity.color for identity in identities}
    table = np.zeros((max(known) + 1, 3), np.uint8)
    table[list(known)] = list(known.values())
    return table


def _named(names: frozenset[str], identities: Sequence[Identity]) -> NDArray[np.bool_]:
    """Return which numbers are those of identities with such names."""
    table = np.zeros(max(identity.number for identity in identities) + 1, bool)
    table[[identity.number for identity in identities if identity.name in names]] = True
    return table


def _lightened(painted: Pixels, light: Pixels) -> Pixels:
    if not light.any():
        return painted
    dark = cv2.bitwise_not(painted)
    return cv2.bitwise_not(cv2.multiply(dark, cv2.merge([cv2.bitwise_not(light)] * 3), scale=1 / 255))


def _lined(painted: Pixels, ink: Pixels, line: Color | None) -> Pixels:
    """Lay the drawing over the paint, in the colour of its lines (None: dark shades of the paint)."""
    bare = cv2.merge([ink] * 3)
    over = cv2.multiply(painted, bare, scale=1 / 255)
    if line is not None and not any(line):
        return over
    own = np.full_like(painted, line) if line is not None else cv2.convertScaleAbs(cv2.blur(painted, (5, 5)), alpha=0.4)
    return cv2.add(over, cv2.multiply(own, cv2.bitwise_not(bare), scale=1 / 255))


def _hatch(layers: Layers, style: Style, rng: Generator, scale: float) -> None:
    lines = hatched(layers.ink.shape, rng, scale=scale * FINE, width=style.pen.width)
    dark = cv2.inRange(layers.shadow, HATCHED, 255)
    cv2.bitwise_and(layers.ink, cv2.bitwise_or(lines, cv2.bitwise_not(dark)), dst=layers.ink)
