"""The plot that shows how good a palette is: a picture's colours and the palette's on two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.palette import color_cells, lab_of, rgb_of
from mangapaint.document.page import Picture, Pixels
from mangapaint.document.palette import Palette

RIM = (64, 64, 64, 128)
"""Half-transparent gray around the dots: it tells white ones from a light ground and black ones from a dark."""
AIR = 0.1
"""Part of a field that is left free on each side."""
GROWTH = 0.07
"""Radius of the dot of a colour that fills the whole picture, as a part of the field's side."""
FINE = 4
"""Dots are placed to a sixteenth of a pixel (cv2's fractional bits)."""
GROUND, FIELD, LINE, TEXT = (244, 244, 244), (255, 255, 255), (208, 208, 208), (34, 34, 34)
FONT = cv2.FONT_HERSHEY_SIMPLEX

Points = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Dots:
    """Colours as dots: ``at`` is where they lie on the two components, in CIELAB units, float32 (N, 2); ``colors``
    uint8 sRGB (N, 3); ``shares`` the part of the picture each stands for, float64 (N,)."""

    at: Points
    colors: Pixels
    shares: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Components:
    """A picture's true colours and its palette's, both on the two directions of CIELAB in which the true ones differ
    most.

    ``explained`` is the part of the true colours' variance that lies in each direction (0..1; 0 and 0 for a picture of
    one colour), ``axes`` the directions, float64 (2, 3) over L, a, b. ``error`` is the mean CIELAB distance from a
    pixel's colour to the palette's nearest.
    """

    true: Dots
    chosen: Dots
    axes: NDArray[np.float64]
    explained: tuple[float, float]
    error: float

    @property
    def span(self) -> tuple[float, float, float]:
        """The square that holds all dots of both: its left and lower end and its side, in CIELAB units."""
        both = np.concatenate([self.true.at, self.chosen.at])
        low, high = both.min(axis=0), both.max(axis=0)
        side = max(1.0, float((high - low).max()) / (1 - 2 * AIR))
        left, lower = (low + high - side) / 2
        return float(left), float(lower), side


def components(picture: Picture, palette: Palette, *, seed: int = 0) -> Components:
    """Lay a picture's colours and its palette's on the principal components of the former.

    Raises ``ValueError`` for an empty palette.
    """
    if not palette.swatches:
        raise ValueError("a palette without colours")
    cells = color_cells(picture, seed=seed)
    shares = cells.pixels / cells.pixels.sum()
    middle = shares @ cells.lab
    axes, explained = _principal(cells.lab - middle, shares)
    colors = np.array(palette.colors, np.uint8)
    lab = lab_of(colors)
    off = np.linalg.norm(cells.lab[:, None] - lab, axis=2).min(axis=1)
    true = Dots(((cells.lab - middle) @ axes.T).astype(np.float32), rgb_of(cells.lab), shares)
    chosen = Dots(((lab - middle) @ axes.T).astype(np.float32), colors, np.array([x.share for x in palette.swatches]))
    return Components(true, chosen, axes, explained, float(shares @ off))


def _principal(
    lab: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Return the two directions in which centred colours differ most, and their parts of the variance.

    The sign is the one with which each direction's largest part is positive, so that light stands to the right.
    """
    values, vectors = np.linalg.eigh((lab * shares[:, None]).T @ lab)
    axes = vectors.T[[2, 1]]
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]
    total = float(values.sum())
    first, second = (max(0.0, float(value)) / total if total > 1e-6 else 0.0 for value in values[[2, 1]])
    return axes, (first, second)


@dataclass(frozen=True, eq=False)
class Fields:
    """The plot's two fields, drawn: uint8 RGBA (side, side, 4), premultiplied; figures as in ``Components``."""

    true: Pixels
    chosen: Pixels
    explained: tuple[float, float]
    error: float


def fields(found: Components, side: int) -> Fields:
    """Draw both fields, for a window that lays them on its own ground."""
    return Fields(true_field(found, side), chosen_field(found, side), found.explained, found.error)


def true_field(found: Components, side: int) -> Pixels:
    """Draw the true colours as a cloud of dots, uint8 RGBA (side, side, 4), premultiplied, transparent elsewhere.

    A dot's area grows with its share. The cloud has one rim, not each of its thousands of dots.
    """
    discs = _discs(found, found.true, side, least=side / 230)
    rims = [_Disc(disc.place, disc.radius + _rim(side), RIM) for disc in discs]
    return _drawn([*rims, *discs], side)


def chosen_field(found: Components, side: int) -> Pixels:
    """Draw the palette likewise, on the same components and the same scale as ``true_field``, each dot with a rim."""
    discs = _discs(found, found.chosen, side, least=side / 60)
    rims = [_Disc(disc.place, disc.radius + _rim(side), RIM) for disc in discs]
    return _drawn([disc for pair in zip(rims, discs, strict=True) for disc in pair], side)


@dataclass(frozen=True)
class _Disc:
    """One dot to draw: its place in sixteenths of a pixel from the upper left corner, radius in pixels, RGBA."""

    place: tuple[int, int]
    radius: float
    color: tuple[int, int, int, int]


def _rim(side: int) -> float:
    return max(1.0, side / 280)


def _discs(found: Components, dots: Dots, side: int, *, least: float) -> list[_Disc]:
    """Return dots as discs, the largest first, so that none hides a smaller one."""
    left, lower, span = found.span
    part = (dots.at - (left, lower)) / span
    pixels = np.stack([part[:, 0], 1 - part[:, 1]], axis=1) * side - 0.5
    places = np.rint(pixels * (1 << FINE)).astype(int).tolist()
    radii = least + GROWTH * side * np.sqrt(dots.shares)
    return [
        _Disc((places[at][0], places[at][1]), float(radii[at]), (*dots.colors[at].tolist(), 255))
        for at in np.argsort(-radii, kind="stable").tolist()
    ]


def _drawn(discs: list[_Disc], side: int) -> Pixels:
    field = np.zeros((side, side, 4), np.uint8)
    for disc in discs:
        radius = round(disc.radius * (1 << FINE))
        cv2.circle(field, disc.place, radius, disc.color, cv2.FILLED, cv2.LINE_AA, FINE)
    return field


def plotted(found: Components, *, side: int = 560) -> Pixels:
    """Draw both fields side by side with their names and axes, uint8 RGB."""
    edge, head = side // 14, side // 10
    picture = np.full((head + side + head, 3 * edge + 2 * side, 3), GROUND, np.uint8)
    name = f"Palette: {len(found.chosen.colors)}, mean distance {found.error:.1f}"
    fields = (("True colours", true_field), (name, chosen_field))
    for number, (title, draw) in enumerate(fields):
        left = edge + number * (side + edge)
        box = picture[head : head + side, left : left + side]
        box[:] = over(draw(found, side), FIELD)
        cv2.rectangle(picture, (left, head), (left + side - 1, head + side - 1), LINE, 1)
        _write(picture, title, (left, head - side // 45), side)
        _write(picture, f"1st component, {found.explained[0]:.0%}", (left, head + side + side // 22), side)
        _write_upwards(picture, f"2nd component, {found.explained[1]:.0%}", (left, head + side), side)
    return picture


def over(field: Pixels, ground: tuple[int, int, int]) -> Pixels:
    """Lay a premultiplied field (H, W, 4) on an even ground, uint8 RGB (H, W, 3)."""
    through = (255 - field[..., 3:].astype(np.uint16)) * np.array(ground, np.uint16)
    return np.asarray(np.minimum(field[..., :3] + (through + 127) // 255, 255), dtype=np.uint8)


def _write(picture: Pixels, text: str, place: tuple[int, int], side: int) -> None:
    cv2.putText(picture, text, place, FONT, side / 1000, TEXT, 1, cv2.LINE_AA)


def _write_upwards(picture: Pixels, text: str, place: tuple[int, int], side: int) -> None:
    """Write along the left side of a field, from its lower end upwards."""
    left, bottom = place
    turned = np.ascontiguousarray(np.rot90(picture, -1))
    # A quarter turn clockwise takes column x to row x, and row y to the column height - 1 - y.
    _write(turned, text, (picture.shape[0] - bottom, left - side // 90), side)
    picture[:] = np.rot90(turned, 1)
