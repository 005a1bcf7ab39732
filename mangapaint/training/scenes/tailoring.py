"""Tops: the garment about a trunk, and what is sewn to it: collars, ties, buttons, pockets, patterns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from mangapaint.training.scenes.bodies import Trunk, limb
from mangapaint.training.scenes.curves import ellipse, smooth
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.shapes import Identity, Mark, Points, Shape

ASKANCE = 0.25
"""A front that faces the viewer less than this is seen from the side: flaps of a collar would be slivers."""
Details = tuple[tuple[Shape, ...], tuple[Mark, ...]]
"""Shapes inside of a garment, and marks on it."""


@dataclass(frozen=True, eq=False)
class Garment:
    """Cloth about a trunk from the neck to a hem; ``dip`` is how far the neckline goes down in front."""

    trunk: Trunk
    hem: float
    dip: float
    grow: float = 1.06
    flare: float = 0.0
    straps: bool = False

    @cached_property
    def outline(self) -> Points:
        """The closed outline."""
        top = 0.12 if self.straps else 0.03
        heights = np.concatenate(
            ((top, 0.08, 0.14) if not self.straps else (top, 0.2), np.arange(0.26, self.hem - 0.05, 0.13), (self.hem,))
        )
        grow = self.grow + self.flare * np.maximum(heights - 0.5, 0)
        left, right = self.trunk.edge(-1, heights, grow), self.trunk.edge(1, heights, grow)
        around = np.linspace(-1.2, 1.2, 5) - self.trunk.yaw
        hem = self.trunk.at(around, self.hem, float(grow[-1]))
        return np.concatenate(
            (smooth(np.concatenate((left, hem, right[::-1])), False, steps=3), self._neckline(left, right))
        )

    def _neckline(self, left: Points, right: Points) -> Points:
        """From the right end of the shoulders to the left one, through the dip."""
        if self.straps:
            places = ((0.75, 0.03), (0.5, 0.06), (0.0, self.dip), (-0.5, 0.06), (-0.75, 0.03))
            knots = self.trunk.patch(places if np.cos(self.trunk.yaw) > 0 else [(lon + np.pi, v) for lon, v in places])
            knots = knots[np.argsort(-knots[:, 0])]
            return smooth(knots, False, steps=3)
        dip = self.dip if self.trunk.shows(0.0) > 0 else 0.01
        return smooth(np.concatenate((right[:1], self.trunk.at(0.0, dip), left[:1])), False, steps=4)[1:-1]

    @property
    def fronted(self) -> bool:
        """Whether anything of its front is seen."""
        return self.trunk.shows(0.0) > -0.1

    def front(self, places: ArrayLike) -> Points:
        """Return a polygon of places on its front."""
        return self.trunk.patch(places, self.grow)


def _no_details(garment: Garment, parts: Parts) -> Details:
    return (), ()


def _nothing_over(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    return ()


@dataclass(frozen=True)
class Top:
    """A kind of garment: its cut, the coloured things on it, and the functions that draw them."""

    roles: tuple[str, ...] = ()
    dip: float = 0.07
    grow: float = 1.06
    flare: float = 0.05
    sleeve: str = "top"
    cuffs: bool = False
    straps: bool = False
    details: Callable[[Garment, Parts], Details] = _no_details
    over: Callable[[Garment, Parts], tuple[Shape | Mark, ...]] = _nothing_over


def _sewn(garment: Garment, identity: Identity, *places: tuple[float, float], line: float = 0.8) -> Shape:
    return Shape(garment.front(places), identity, line=line, round=0.3)


def _seam(garment: Garment, *places: tuple[float, float], width: float = 0.6) -> Mark:
    return Mark(garment.front(places), width)


def _buttons(garment: Garment, identity: Identity, heights: tuple[float, ...], *, at: float = 0.0) -> tuple[Shape, ...]:
    size = garment.trunk.build.chest * 0.08
    if garment.trunk.shows(at) < 0.25:
        return ()
    spots = garment.front([(at, height) for height in heights])
    return tuple(Shape(ellipse(float(x), float(y), size * 0.9, size), identity, line=0.5, round=0.2) for x, y in spots)


def _mirror(places: tuple[tuple[float, float], ...]) -> tuple[tuple[tuple[float, float], ...], ...]:
    return places, tuple((-lon, height) for lon, height in places)


def _shirt(garment: Garment, parts: Parts) -> Details:
    if not garment.fronted:
        return (), ()
    buttons = _buttons(garment, parts["buttons"], (0.24, 0.38, 0.52, 0.66))
    return buttons, (
        _seam(garment, (0.08, 0.12), (0.08, garment.hem)),
        _seam(garment, (0.5, 0.32), (0.9, 0.32), (0.9, 0.42)),
    )


def _collar(garment: Garment, identity: Identity) -> tuple[Shape | Mark, ...]:
    if garment.trunk.shows(0.0) < ASKANCE:
        return (_band(garment, identity),)
    flaps = _mirror(((1.35, -0.03), (0.9, 0.08), (0.5, 0.17), (0.05, 0.09), (0.4, 0.04)))
    return tuple(Shape(garment.trunk.patch(flap, 1.1), identity, line=0.9, round=0.3) for flap in flaps)


def _band(garment: Garment, identity: Identity, *, high: float = -0.06) -> Shape:
    """A low standing collar."""
    return Shape(garment.trunk.band(high, 0.05, 1.12), identity, line=0.9, round=0.4)


def _shirt_collar(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    return _collar(garment, parts["top"])


def _blazer(garment: Garment, parts: Parts) -> Details:
    """Shirt and tie between lapels."""
    if not garment.fronted:
        return (), (_seam(garment, (np.pi, 0.6), (np.pi, garment.hem)),)
    shirt = _sewn(garment, parts["inner"], (-0.62, 0.0), (0.62, 0.0), (0.04, 0.52), (-0.04, 0.52))
    tie = _sewn(
        garment,
        parts["accent"],
        (-0.1, 0.08),
        (0.1, 0.08),
        (0.08, 0.15),
        (0.16, 0.42),
        (0.0, 0.52),
        (-0.16, 0.42),
        (-0.08, 0.15),
    )
    lapels = [
        _sewn(garment, parts["top"], *lapel)
        for lapel in _mirror(((0.55, 0.02), (0.85, 0.12), (0.8, 0.24), (0.6, 0.24), (0.05, 0.54), (0.3, 0.2)))
    ]
    buttons = _buttons(garment, parts["accent"], (0.6, 0.72), at=0.06)
    seam = _seam(garment, (0.04, 0.54), (0.08, 0.8), (0.2, garment.hem), width=0.8)
    pocket = _seam(garment, (0.6, 0.76), (1.0, 0.76))
    return (shirt, tie, *lapels, *buttons), (seam, pocket)


def _blazer_collar(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    if garment.trunk.shows(0.0) < ASKANCE:
        return (_band(garment, parts["top"]),)
    flaps = _mirror(((1.2, -0.03), (0.75, 0.06), (0.4, 0.13), (0.04, 0.07), (0.4, 0.03)))
    return tuple(Shape(garment.trunk.patch(flap, 1.08), parts["inner"], line=0.8, round=0.2) for flap in flaps)


def _tunic(garment: Garment, parts: Parts) -> Details:
    """Buttoned to the top, with a belt below the waist."""
    belt = Shape(garment.trunk.band(0.66, 0.74, garment.grow), parts["accent"], line=0.8, round=0.4)
    if not garment.fronted:
        return (belt,), ()
    buckle = _sewn(garment, parts["buttons"], (-0.16, 0.655), (0.16, 0.655), (0.16, 0.745), (-0.16, 0.745))
    return (*_buttons(garment, parts["buttons"], (0.16, 0.28, 0.4, 0.52)), belt, buckle), (
        _seam(garment, (0.0, 0.1), (0.0, 0.65)),
    )


def _standing_collar(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    return (_band(garment, parts["top"], high=-0.09),)


def _sailor(garment: Garment, parts: Parts) -> Details:
    line = garment.trunk.band(garment.hem - 0.07, garment.hem - 0.035, garment.grow)
    return (Shape(line, parts["trim"], line=0.4, round=0.3),), ()


def _sailor_collar(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    """The wide collar, square behind, and its scarf with a knot."""
    trim = parts["trim"]
    square = ((np.pi - 1.15, 0.04), (np.pi - 1.1, 0.3), (np.pi, 0.31), (np.pi + 1.1, 0.3), (np.pi + 1.15, 0.04))
    inner = tuple((lon, height - 0.035) for lon, height in square[1:4])
    back = Shape(garment.front(square), trim, round=0.3, marks=(Mark(garment.front(inner), 0.6),))
    if garment.trunk.shows(0.0) < 0.1:
        return (back,)
    flaps = [
        Shape(garment.front(flap), trim, round=0.3)
        for flap in _mirror(((1.5, 0.03), (1.5, 0.2), (0.75, 0.3), (0.0, 0.36), (0.5, 0.06)))
    ]
    if garment.trunk.shows(0.0) < 0.3:
        return (back, *flaps)
    return (*flaps, *_bow(garment, parts["accent"], 0.34))


def _bow(garment: Garment, identity: Identity, height: float) -> tuple[Shape, ...]:
    """A bow with two ends that hang down."""
    ends = _mirror(((0.02, height), (0.22, height + 0.22), (0.42, height + 0.17), (0.1, height)))
    wings = _mirror(((0.0, height), (0.42, height - 0.06), (0.46, height + 0.05), (0.0, height + 0.02)))
    knot = ((-0.09, height - 0.02), (0.09, height - 0.02), (0.08, height + 0.05), (-0.08, height + 0.05))
    return tuple(_sewn(garment, identity, *part) for part in (*ends, *wings, knot))


def _hoodie(garment: Garment, parts: Parts) -> Details:
    rib = Shape(garment.trunk.band(garment.hem - 0.07, garment.hem + 0.02, garment.grow * 1.05), parts["top"], line=0.7)
    if not garment.fronted:
        return (rib,), ()
    pocket = _sewn(garment, parts["top"], (-0.5, 0.62), (0.5, 0.62), (0.75, 0.86), (-0.75, 0.86), line=0.7)
    return (rib, pocket), ()


def _hood(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    thick = garment.trunk.build.chest
    if not garment.fronted:
        places = ((np.pi - 1.2, 0.02), (np.pi - 0.9, 0.24), (np.pi, 0.36), (np.pi + 0.9, 0.24), (np.pi + 1.2, 0.02))
        return (Shape(smooth(garment.front(places), steps=4), parts["top"], round=0.6),)
    cords = [
        Shape(
            limb(garment.front(((lon, 0.14), (lon * 0.9, 0.36))), (thick * 0.035, thick * 0.035)),
            parts["trim"],
            line=0.5,
        )
        for lon in (-0.3, 0.3)
    ]
    shown = cords if garment.trunk.shows(0.0) > 0.3 else []
    return (Shape(garment.trunk.collar(-0.03, 0.12, 1.35), parts["top"], round=0.6), *shown)


def _tee(garment: Garment, parts: Parts) -> Details:
    return (), (_seam(garment, (-0.5, 0.1), (0.0, garment.dip + 0.05), (0.5, 0.1)),) if garment.trunk.shows(
        0
    ) > 0.3 else ()


def _dress(garment: Garment, parts: Parts) -> Details:
    belt = Shape(
        garment.trunk.band(garment.hem - 0.08, garment.hem + 0.04, garment.grow * 1.04),
        parts["accent"],
        line=0.8,
        round=0.4,
    )
    return (belt,), ()


def _round_collar(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    if not garment.fronted:
        return ()
    return _bow(garment, parts["accent"], 0.14) if garment.trunk.shows(0.0) > 0.3 else ()


def _apron(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    """A white apron over a dress, with a bow behind."""
    white = parts["inner"]
    if not garment.fronted:
        bow = _mirror(((np.pi, 0.62), (np.pi - 0.6, 0.5), (np.pi - 0.6, 0.76)))
        return tuple(
            _sewn(garment, white, *((lon if index == 0 else 2 * np.pi + lon, v) for lon, v in wing))
            for index, wing in enumerate(bow)
        )
    bib = (
        (-0.5, 0.2),
        (0.5, 0.2),
        (0.6, 0.6),
        (0.95, 0.66),
        (0.9, 1.25),
        (0.0, 1.34),
        (-0.9, 1.25),
        (-0.95, 0.66),
        (-0.6, 0.6),
    )
    collar = [
        Shape(garment.front(flap), white, line=0.9)
        for flap in _mirror(((1.2, 0.02), (0.8, 0.13), (0.05, 0.12), (0.4, 0.04)))
    ]
    return (Shape(garment.front(bib), white, round=0.3, marks=(_seam(garment, (-0.75, 0.62), (0.75, 0.62)),)), *collar)


def _sweater(garment: Garment, parts: Parts) -> Details:
    rib = Shape(garment.trunk.band(garment.hem - 0.08, garment.hem + 0.02, garment.grow * 1.05), parts["top"], line=0.7)
    return (rib,), ()


def _roll_collar(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    return (_band(garment, parts["top"], high=-0.12),)


def _robe(garment: Garment, parts: Parts) -> Details:
    """Bands that cross over the chest, and a sash."""
    sash = Shape(garment.trunk.band(0.52, 0.76, garment.grow * 1.03), parts["accent"], line=0.9, round=0.4)
    if not garment.fronted:
        return (sash,), ()
    under = _sewn(garment, parts["inner"], (-0.6, 0.0), (0.6, 0.0), (0.1, 0.26), (-0.05, 0.26))
    crossing = ((-0.75, 0.0), (-0.45, 0.0), (0.4, 0.54), (0.1, 0.54))
    bands = [_sewn(garment, parts["trim"], *band) for band in _mirror(crossing)]
    return (under, *bands, sash), (_seam(garment, (0.3, 0.76), (0.4, garment.hem)),)


def _sash_knot(garment: Garment, parts: Parts) -> tuple[Shape | Mark, ...]:
    if garment.fronted:
        return ()
    box = ((np.pi - 0.6, 0.5), (np.pi + 0.6, 0.5), (np.pi + 0.6, 0.8), (np.pi - 0.6, 0.8))
    return (Shape(garment.front(box), parts["accent"], round=0.3),)


def _armour(garment: Garment, parts: Parts) -> Details:
    belt = Shape(garment.trunk.band(0.66, 0.76, garment.grow * 1.02), parts["accent"], line=0.9, round=0.5)
    rim = Shape(garment.trunk.band(0.0, 0.09, garment.grow * 1.02), parts["trim"], line=0.7, round=0.5)
    if not garment.fronted:
        return (belt, rim), ()
    crest = _sewn(garment, parts["trim"], (0.0, 0.24), (0.2, 0.36), (0.0, 0.52), (-0.2, 0.36))
    return (belt, rim, crest), (
        _seam(garment, (0.0, 0.12), (0.0, 0.66)),
        _seam(garment, (-1.3, 0.5), (0.0, 0.58), (1.3, 0.5)),
    )


def _coat(garment: Garment, parts: Parts) -> Details:
    """Open over what is worn below it."""
    belt = Shape(garment.trunk.band(0.64, 0.72, garment.grow * 1.02), parts["accent"], line=0.8)
    if not garment.fronted:
        return (belt,), (_seam(garment, (np.pi, 0.9), (np.pi, garment.hem)),)
    inner = _sewn(garment, parts["inner"], (-0.6, 0.0), (0.6, 0.0), (0.14, 0.4), (-0.14, 0.4))
    lapels = [
        _sewn(garment, parts["top"], *lapel)
        for lapel in _mirror(((0.6, 0.0), (1.1, 0.06), (1.0, 0.22), (0.1, 0.44), (0.3, 0.18)))
    ]
    buttons = (
        *_buttons(garment, parts["buttons"], (0.5, 0.82), at=0.3),
        *_buttons(garment, parts["buttons"], (0.5, 0.82), at=-0.3),
    )
    return (inner, *lapels, belt, *buttons), (_seam(garment, (0.05, 0.42), (0.06, garment.hem), width=0.9),)


def _overalls(garment: Garment, parts: Parts) -> Details:
    cloth = parts["bottom"]
    low = Shape(garment.trunk.band(0.66, garment.hem + 0.05, garment.grow * 1.02), cloth, line=0.8)
    turn = 0.0 if garment.fronted else np.pi
    bib = [(lon + turn, v) for lon, v in ((-0.55, 0.34), (0.55, 0.34), (0.7, 0.68), (-0.7, 0.68))]
    straps = [
        [(lon + turn, v) for lon, v in strap]
        for strap in _mirror(((0.38, 0.0), (0.58, 0.0), (0.55, 0.36), (0.35, 0.36)))
    ]
    buttons = (
        *_buttons(garment, parts["buttons"], (0.38,), at=0.44),
        *_buttons(garment, parts["buttons"], (0.38,), at=-0.44),
    )
    return (low, _sewn(garment, cloth, *bib), *(_sewn(garment, cloth, *strap) for strap in straps), *buttons), ()


TOPS: Mapping[str, Top] = MappingProxyType(
    {
        "tee": Top(details=_tee),
        "tank": Top((), 0.2, 1.02, straps=True),
        "shirt": Top(("buttons",), details=_shirt, over=_shirt_collar, cuffs=False),
        "blazer": Top(("inner", "accent"), 0.05, 1.1, 0.12, details=_blazer, over=_blazer_collar),
        "tunic": Top(("accent", "buttons"), 0.04, 1.08, 0.2, details=_tunic, over=_standing_collar),
        "sailor": Top(("trim", "accent"), 0.1, details=_sailor, over=_sailor_collar, cuffs=True),
        "hoodie": Top(("trim",), 0.06, 1.16, 0.1, details=_hoodie, over=_hood),
        "dress": Top(("accent",), 0.12, 1.03, straps=True, details=_dress, over=_round_collar),
        "apron": Top(("inner",), 0.05, 1.04, over=_apron),
        "sweater": Top((), 0.04, 1.14, 0.05, details=_sweater, over=_roll_collar),
        "robe": Top(("inner", "trim", "accent"), 0.12, 1.1, details=_robe, over=_sash_knot),
        "armour": Top(("trim", "accent", "inner"), 0.04, 1.12, sleeve="inner", details=_armour),
        "coat": Top(("inner", "accent", "buttons"), 0.05, 1.14, 0.22, details=_coat),
        "overalls": Top(("buttons", "bottom"), 0.06, details=_overalls),
    }
)
