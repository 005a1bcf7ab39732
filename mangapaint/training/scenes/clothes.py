"""Clothes: cuts as a table, and how a body is dressed in one, from the cape behind it to the cuffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from mangapaint.training.scenes.bodies import Body, Item, hand, limb, shoe
from mangapaint.training.scenes.curves import ellipse, smooth
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.patterns import patterned, scattered
from mangapaint.training.scenes.poses import Floats, Layer
from mangapaint.training.scenes.shapes import Mark, Points, Shape
from mangapaint.training.scenes.tailoring import TOPS, Garment


@dataclass(frozen=True)
class Cut:
    """What somebody wears, colours apart.

    ``sleeve`` is how much of the arm it covers, ``wide`` how wide sleeves are at the wrist. ``hem`` is how far the top
    goes down (1: the pelvis), ``skirt`` how much of the legs a skirt covers, ``legs`` how much trousers do, ``socks``
    how much of the shins. ``dark``: may be filled with black in line art.
    """

    top: str
    sleeve: float = 1.0
    wide: float = 1.0
    hem: float = 0.95
    skirt: float = 0.0
    legs: float = 0.0
    socks: float = 0.0
    boots: float = 0.0
    pleats: bool = False
    cape: bool = False
    dark: bool = False
    whole: bool = False
    pattern: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """Names of the coloured things that belong to it."""
        parts = {
            "cape": self.cape,
            "bottom": (self.legs > 0 or self.skirt > 0) and not self.whole,
            "socks": self.socks > 0,
            "trim": self.pattern != "",
        }
        own = [name for name, worn in parts.items() if worn]
        return tuple(dict.fromkeys(("top", *TOPS[self.top].roles, *own, "shoes")))


def dressed(body: Body, cut: Cut, parts: Parts) -> list[Item]:
    """Return legs, trunk and arms in their clothes, each with its layer."""
    return [
        *_cape(body, cut, parts),
        *(item for side in _far_first(body.skeleton.leg_depth) for item in _leg(body, cut, parts, side)),
        *_pelvis(body, cut, parts),
        *_neck(body, cut, parts),
        *_skirt(body, cut, parts),
        *_top(body, cut, parts),
        *(item for side in _far_first(body.skeleton.arm_depth[:, 1]) for item in _arm(body, cut, parts, side)),
    ]


def _far_first(depths: Points) -> list[int]:
    return [int(side) for side in np.argsort(depths)]


def _part(chain: Points, begin: float, end: float) -> Points:
    """A piece of a limb's joints (3, 2), from one share of its length to another."""
    places = np.array([begin, *([0.5] if begin < 0.46 and end > 0.54 else []), end]) * 2
    return np.stack([np.interp(places, (0, 1, 2), chain[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def _halves(profile: tuple[float, float, float], begin: float, end: float) -> Floats:
    places = np.array([begin, *([0.5] if begin < 0.46 and end > 0.54 else []), end]) * 2
    return np.interp(places, (0, 1, 2), profile)


def _leg(body: Body, cut: Cut, parts: Parts, side: int) -> list[Item]:
    """A leg from skin to shoe."""
    layer, chain, thick = body.leg_layer(side), body.skeleton.legs[side], body.build.leg
    profile = (thick * 1.08, thick * 0.8, thick * 0.5)
    shapes: list[Shape | Mark] = []
    if cut.legs < 0.95:
        shapes.append(Shape(limb(chain, profile), parts["skin"], round=0.8, marks=_knee(chain, thick)))
    if cut.socks:
        shapes.append(_stocking(chain, profile, cut, parts))
    sole = Shape(shoe(body.skeleton, side, body.build), parts["shoes"], solid=cut.dark, round=0.5)
    trousers = _trouser(body, cut, parts, side)
    low = [*trousers, sole] if cut.legs < 0.9 or cut.boots else [sole, *trousers]
    shapes.extend(low)
    if cut.boots:
        begin = 1 - cut.boots / 2
        halves = _halves(profile, begin, 1.0) * 1.12 + thick * 0.12
        shapes.append(Shape(limb(_part(chain, begin, 1.03), halves), parts["shoes"], solid=cut.dark, round=0.6))
    return [(layer, shape) for shape in shapes]


def _knee(chain: Points, thick: float) -> tuple[Mark, ...]:
    bow = np.array(((-0.4, 0.1), (0.0, 0.35), (0.4, 0.1))) * thick + chain[1]
    return (Mark(smooth(bow, False, steps=3), 0.5),)


def _stocking(chain: Points, profile: tuple[float, float, float], cut: Cut, parts: Parts) -> Shape:
    begin = 1 - cut.socks / 2
    return Shape(
        limb(_part(chain, begin, 1.02), _halves(profile, begin, 1.0) * 1.08), parts["socks"], solid=cut.dark, round=0.7
    )


def _trouser(body: Body, cut: Cut, parts: Parts, side: int) -> list[Shape]:
    if not cut.legs:
        return []
    chain, thick = body.skeleton.legs[side], body.build.leg
    loose = 1.25 if cut.legs < 0.9 else 1.0
    profile = (thick * 1.14, thick * (0.98 if cut.legs > 0.9 else 1.2), thick * 0.82)
    end = min(cut.legs, 1.04)
    piece = _part(chain, 0.0, end)
    halves = _halves(profile, 0.0, end) * np.linspace(1, loose, len(piece))
    piece[-1] = chain[2] + (chain[2] - chain[1]) * (2 * end - 2) if end > 1 else piece[-1]
    role = "top" if cut.whole else "bottom"
    return [Shape(limb(piece, halves), parts[role], solid=cut.dark, round=0.6, marks=_folds(piece, thick))]


def _folds(chain: Points, thick: float) -> tuple[Mark, ...]:
    """Creases at the bend of a limb."""
    if len(chain) < 3:
        return ()
    joint, before = chain[1], chain[0]
    ahead = (joint - before) / (np.hypot(*(joint - before)) + 1e-9)
    aside = np.array((-ahead[1], ahead[0]))
    lines = ((-0.9, -0.3, -0.1, 0.1), (0.9, 0.1, 0.2, -0.1))
    return tuple(
        Mark(
            np.stack(
                (joint + aside * a * thick + ahead * b * thick, joint + aside * c * thick + ahead * d * thick)
            ).astype(np.float32),
            0.6,
        )
        for a, b, c, d in lines
    )


def _pelvis(body: Body, cut: Cut, parts: Parts) -> list[Item]:
    """What joins the legs: filled without an outline, which is drawn at its sides alone."""
    if cut.skirt and not body.bent:
        return []
    identity = parts["skin"] if not cut.legs else parts["top" if cut.whole else "bottom"]
    heights = np.array((0.62, 0.72, 0.82, 0.92, 1.0))
    left, right = body.trunk.edge(-1, heights, 1.03), body.trunk.edge(1, heights, 1.03)
    crotch = body.trunk.at(0.0, 1.1)
    points = np.concatenate((left, crotch, right[::-1]))
    return [
        (Layer.TRUNK, Shape(points, identity, line=0.0, solid=cut.dark, round=0.6)),
        *((Layer.TRUNK, Mark(edge[:4], 1.0)) for edge in (left, right)),
    ]


def _neck(body: Body, cut: Cut, parts: Parts) -> list[Item]:
    """The neck, and the shoulders where they are bare."""
    trunk, radius = body.trunk, body.build.radius
    slim = radius * (0.36 if body.build.heads > 3.5 else 0.28)
    chain = np.stack((body.skeleton.head + np.array((0.0, 0.55 * radius)), trunk.neck, trunk.neck + 0.14 * trunk.axis))
    low = slim * (0.9 + 0.8 * abs(np.cos(trunk.yaw)))
    shapes = [Shape(limb(chain, (slim, slim * 1.02, low)), parts["skin"], round=0.5)]
    if cut.sleeve == 0:
        collarbone = Mark(trunk.patch(((-0.9, 0.075), (-0.3, 0.1), (-0.1, 0.12))), 0.5)
        marks = () if body.behind else (collarbone,)
        shapes.append(Shape(Garment(trunk, 0.9, 0.03, 0.98).outline, parts["skin"], round=0.6, marks=marks))
    return [(Layer.TRUNK, shape) for shape in shapes]


def _skirt(body: Body, cut: Cut, parts: Parts) -> list[Item]:
    if not cut.skirt:
        return []
    identity = parts["top" if cut.whole else "bottom"]
    points, marks = _seated_skirt(body, cut) if _drapes(body, cut) else _hanging_skirt(body, cut)
    layer = Layer.LAP if body.bent and not body.behind else Layer.TRUNK
    dotted = cut.whole and cut.pattern == "dots"
    inside = scattered(points, body.build.chest * 0.1, parts["trim"]) if dotted else ()
    return [(layer, Shape(points, identity, solid=cut.dark, round=0.4, marks=marks, inside=inside))]


def _drapes(body: Body, cut: Cut) -> bool:
    """Whether a skirt lies on the legs: of somebody who sits, and a long one of somebody who leaps."""
    thighs = body.skeleton.legs[:, 1] - body.skeleton.legs[:, 0]
    shins = body.skeleton.legs[:, 2] - body.skeleton.legs[:, 1]
    apart = np.abs(np.concatenate((thighs, shins))[:, 0]).max() > 0.3 * body.build.legs
    return body.bent or (cut.skirt > 0.6 and bool(apart))


def _hanging_skirt(body: Body, cut: Cut) -> tuple[Points, tuple[Mark, ...]]:
    """A skirt of somebody who stands or runs: from the waist out to where the legs are."""
    trunk, legs, thick = body.trunk, body.skeleton.legs, body.build.leg
    share = np.array((cut.skirt,)) * 2
    ends = np.array([[np.interp(share[0], (0, 1, 2), leg[:, axis]) for axis in (0, 1)] for leg in legs])
    flare = (0.5 + (0.9 if cut.pleats else 0.5) * min(cut.skirt * 2, 1.3)) * thick + 0.25 * body.build.hip * min(
        cut.skirt * 2, 1
    )
    top = trunk.edge(-1, (0.6, 0.74, 0.9), 1.06), trunk.edge(1, (0.6, 0.74, 0.9), 1.06)
    left = min(ends[:, 0].min(), float(top[0][2, 0]) + thick * 0.6) - flare
    right = max(ends[:, 0].max(), float(top[1][2, 0]) - thick * 0.6) + flare
    y = float(ends[:, 1].mean())
    sway = body.held.wind * 0.06 * cut.skirt
    count = 13 if cut.pleats else 9
    across = np.linspace(0, 1, count)
    wave = np.where(np.arange(count) % 2, 1.0, -1.0) * thick * (0.14 if cut.pleats else 0.1)
    bow = thick * 0.45 * np.sin(across * np.pi)
    hem = np.stack((left + (right - left) * across + sway, y + bow + wave), axis=1)
    points = np.concatenate((top[0][:-1], smooth(np.concatenate((top[0][-1:], hem[:1])), False, steps=3)[:-1],
                             hem if cut.pleats else smooth(hem, False, steps=3), top[1][::-1]))  # fmt: skip
    return points.astype(np.float32), _pleats(top, hem, every=1 if cut.pleats else 3)


def _pleats(top: tuple[Points, Points], hem: Floats, *, every: int) -> tuple[Mark, ...]:
    begin = top[0][0] + (top[1][0] - top[0][0]) * np.linspace(0, 1, len(hem))[:, None]
    reach = 0.95 if every == 1 else 0.5
    pairs = [(hem[i], hem[i] + (begin[i] - hem[i]) * reach) for i in range(every, len(hem) - 1, max(every, 2))]
    return tuple(Mark(np.stack(pair).astype(np.float32), 0.6) for pair in pairs)


def _seated_skirt(body: Body, cut: Cut) -> tuple[Points, tuple[Mark, ...]]:
    """A skirt of somebody who sits: laid over the thighs."""
    thick = body.build.leg
    rounds = [body.trunk.edge(side, (0.62, 0.8, 1.0), 1.06) for side in (-1, 1)]
    for leg in body.skeleton.legs:
        for share in np.linspace(0, min(cut.skirt, 0.97), 4)[1:] * 2:
            x, y = (float(np.interp(share, (0, 1, 2), leg[:, axis])) for axis in (0, 1))
            rounds.append(ellipse(x, y, thick * 1.25)[::3])
    hull = np.asarray(cv2.convexHull(np.concatenate(rounds).astype(np.float32)), np.float32)[:, 0]
    waist = body.trunk.at(0.0, 0.62)[0]
    knees = body.skeleton.legs[:, 0] * 0.35 + body.skeleton.legs[:, 1] * 0.65
    marks = tuple(Mark(np.stack((waist * 0.6 + knee * 0.4, knee)).astype(np.float32), 0.6) for knee in knees)
    return hull, marks


def _top(body: Body, cut: Cut, parts: Parts) -> list[Item]:
    """The garment about the trunk with all that is sewn to it."""
    top = TOPS[cut.top]
    hem = min(cut.hem, 1.05) if body.bent else cut.hem
    garment = Garment(body.trunk, hem, top.dip, top.grow, top.flare, straps=cut.sleeve == 0 and top.straps)
    inside, marks = top.details(garment, parts)
    shape = Shape(
        garment.outline,
        parts["top"],
        solid=cut.dark,
        round=0.55,
        inside=(*patterned(cut.pattern, body.trunk, parts), *inside),
        marks=marks,
    )
    return [(Layer.TRUNK, shape), *((Layer.TRUNK, part) for part in top.over(garment, parts))]


def _arm(body: Body, cut: Cut, parts: Parts, side: int) -> list[Item]:
    layer, chain, thick = body.arm_layer(side), body.skeleton.arms[side, :3], body.build.arm
    profile = (thick * 1.2, thick, thick * 0.74)
    shapes: list[Shape | Mark] = []
    held = hand(body.skeleton, side, body.held.arms.hands[side], parts.get("gloves", parts["skin"]))
    if cut.sleeve < 0.95:
        shapes += [Shape(limb(_part(chain, 0, 1.0), profile), parts["skin"], round=0.8), held]
    else:
        shapes.append(held)
    if "gloves" in parts:
        shapes.append(
            Shape(limb(_part(chain, 0.82, 1.02), _halves(profile, 0.82, 1.0) * 1.25), parts["gloves"], round=0.6)
        )
    if cut.sleeve:
        shapes += _sleeve(chain, thick, cut, parts)
    return [(layer, shape) for shape in shapes]


def _sleeve(chain: Points, thick: float, cut: Cut, parts: Parts) -> list[Shape]:
    end = min(cut.sleeve, 0.98)
    piece = _part(chain, 0, end)
    loose = np.linspace(1.16, 1.3 if cut.sleeve < 0.9 else 1.1, len(piece))
    halves = _halves((thick * 1.2, thick * 1.05, thick * 0.95), 0, end) * loose
    halves[-1] *= cut.wide
    if cut.wide > 1.5:
        piece[-1, 1] += halves[-1] * 0.55
        halves[1:-1] *= 1 + 0.35 * (cut.wide - 1)
    role = TOPS[cut.top].sleeve
    shapes = [Shape(limb(piece, halves), parts[role], solid=cut.dark, round=0.6, marks=_folds(piece, thick))]
    if TOPS[cut.top].cuffs and cut.wide < 1.5:
        begin = end - 0.09
        cuff = _halves((thick * 1.2, thick * 1.1, thick * 1.08), begin, end) * 1.1
        shapes.append(Shape(limb(_part(chain, begin, end + 0.01), cuff), parts["trim"], round=0.5))
    return shapes


def _cape(body: Body, cut: Cut, parts: Parts) -> list[Item]:
    if not cut.cape:
        return []
    trunk, build = body.trunk, body.build
    low = min(float(trunk.pelvis[1]) + build.legs * 0.72, -0.03)
    left, right = trunk.edge(-1, (0.02, 0.1), 1.1), trunk.edge(1, (0.02, 0.1), 1.1)
    wide = build.shoulder * 1.5
    back = float(np.sin(trunk.yaw)) * -build.chest * 0.9
    across = np.linspace(-1, 1, 7)
    hem = np.stack((float(trunk.pelvis[0]) + back * 1.6 + across * wide + body.held.wind * 0.1,
                    low + 0.012 * np.where(np.arange(7) % 2, 1, -1)), axis=1)  # fmt: skip
    points = smooth(np.concatenate((left, hem, right[::-1])), steps=4)
    neck = trunk.neck
    marks = tuple(Mark(np.stack((spot, spot + (neck - spot) * 0.6)).astype(np.float32), 0.7) for spot in hem[1:-1:2])
    layer = Layer.OVER if body.behind else Layer.CAPE
    cloth = Shape(points, parts["cape"], round=0.4, marks=marks)
    collar = Shape(trunk.collar(-0.01, 0.1, 1.3), parts["cape"], round=0.4)
    return [(layer, cloth), (Layer.OVER, collar)]


CUTS: Mapping[str, Cut] = MappingProxyType(
    {
        "sailor": Cut("sailor", 1.0, skirt=0.40, socks=0.9, pleats=True, hem=0.8),
        "summer sailor": Cut("sailor", 0.32, skirt=0.36, socks=0.35, pleats=True, hem=0.8),
        "blazer and skirt": Cut("blazer", skirt=0.38, socks=0.9, pleats=True, hem=0.95),
        "blazer and trousers": Cut("blazer", legs=1.0),
        "school coat": Cut("tunic", legs=1.0, whole=True, dark=True, hem=1.02),
        "suit": Cut("blazer", legs=1.0, whole=True, dark=True, hem=1.06),
        "dress": Cut("dress", 0.3, skirt=0.46, whole=True, hem=0.66, socks=0.2),
        "summer dress": Cut("dress", 0.0, skirt=0.44, whole=True, hem=0.66, pattern="dots"),
        "long dress": Cut("dress", 1.0, skirt=0.9, whole=True, hem=0.66),
        "ball gown": Cut("dress", 0.28, skirt=0.93, whole=True, pleats=True, hem=0.66),
        "maid": Cut("apron", 0.35, skirt=0.5, whole=True, hem=0.68, socks=1.0, dark=True),
        "hoodie": Cut("hoodie", legs=1.0),
        "hoodie and skirt": Cut("hoodie", skirt=0.3, socks=0.3),
        "hoodie and shorts": Cut("hoodie", legs=0.42, socks=0.25),
        "t-shirt": Cut("tee", 0.3, legs=1.0, pattern="logo"),
        "striped t-shirt": Cut("tee", 0.3, legs=0.42, socks=0.25, pattern="stripes"),
        "t-shirt and skirt": Cut("tee", 0.28, skirt=0.36, socks=0.3, pattern="logo", hem=0.72),
        "dotted t-shirt": Cut("tee", 0.3, skirt=0.6, pattern="dots", hem=0.72),
        "plain t-shirt": Cut("tee", 0.32, legs=0.45, socks=0.2),
        "football": Cut("tee", 0.34, legs=0.4, socks=0.85, pattern="sash"),
        "tank top": Cut("tank", 0.0, legs=0.4, hem=0.9),
        "tank and trousers": Cut("tank", 0.0, legs=1.0, boots=0.7, hem=0.9),
        "shirt": Cut("shirt", legs=1.0, hem=0.86),
        "shirt and skirt": Cut("shirt", 0.32, skirt=0.42, hem=0.74, socks=0.2),
        "sweater": Cut("sweater", legs=1.0, hem=1.0),
        "striped sweater": Cut("sweater", skirt=0.42, pattern="stripes", socks=1.0, hem=0.9),
        "kimono": Cut("robe", 0.96, 2.7, skirt=0.93, whole=True, hem=0.7),
        "flowered kimono": Cut("robe", 0.96, 2.9, skirt=0.93, whole=True, hem=0.7, pattern="dots"),
        "wizard": Cut("robe", 1.0, 2.2, skirt=0.93, whole=True, hem=0.7, cape=True),
        "training": Cut("robe", 0.85, 1.4, legs=1.0, whole=True, hem=1.05),
        "knight": Cut("armour", legs=1.0, boots=0.85, cape=True, hem=0.84),
        "squire": Cut("armour", skirt=0.32, boots=0.9, hem=0.8, pleats=True),
        "coat": Cut("coat", legs=1.0, hem=1.6),
        "hero": Cut("tunic", legs=1.0, boots=0.8, cape=True, hem=0.9),
        "traveller": Cut("tunic", 0.9, legs=1.0, boots=0.75, cape=True, hem=1.1),
        "overalls": Cut("overalls", 0.35, legs=1.0, hem=0.9),
        "overall shorts": Cut("overalls", 0.9, legs=0.42, socks=0.4, hem=0.9, pattern="stripes"),
    }
)
