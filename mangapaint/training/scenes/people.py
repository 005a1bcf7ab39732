"""People: somebody's looks, hair, clothes and colours, and that person drawn in a pose, a view and a mood."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mangapaint.document.page import Color
from mangapaint.training.scenes import accessories, clothes, faces, hair, headwear
from mangapaint.training.scenes.bodies import Body, Item, bodied
from mangapaint.training.scenes.clothes import CUTS, Cut
from mangapaint.training.scenes.curves import ellipse, line, matrix
from mangapaint.training.scenes.hair import Worn
from mangapaint.training.scenes.hairstyles import STYLES, Hair, grown
from mangapaint.training.scenes.looks import MOODS, Front, Looks, feeling
from mangapaint.training.scenes.materials import Parts, mixed
from mangapaint.training.scenes.poses import BUILDS, POSES, Build, Layer, View, held
from mangapaint.training.scenes.shapes import Drawing, Figure, Identity, Mark, Shape, placed

SKINS: tuple[Color, ...] = (
    (255, 228, 206), (252, 218, 192), (248, 206, 176), (244, 196, 160), (236, 184, 146), (222, 168, 126),
    (200, 144, 104), (170, 116, 80), (134, 88, 62), (104, 68, 50),
)  # fmt: skip
SKIN_SHARES = (0.18, 0.22, 0.18, 0.12, 0.08, 0.06, 0.05, 0.05, 0.04, 0.02)
HAIRS: tuple[Color, ...] = (
    (38, 32, 36), (46, 38, 44), (58, 44, 40), (84, 58, 42), (112, 74, 48), (146, 98, 58), (182, 130, 76),
    (222, 178, 104), (242, 212, 138), (160, 70, 44), (198, 92, 54), (206, 204, 208), (244, 240, 236),
)  # fmt: skip
DREAMT: tuple[Color, ...] = (
    (92, 136, 208), (60, 92, 170), (240, 150, 180), (232, 110, 140), (96, 180, 130), (150, 110, 190), (120, 200, 210),
    (212, 60, 66), (250, 220, 90),
)  # fmt: skip
"""Hair as it only grows in comics."""
IRISES: tuple[Color, ...] = (
    (92, 60, 40), (120, 78, 44), (66, 50, 48), (70, 120, 190), (90, 160, 210), (70, 150, 96), (150, 100, 190),
    (190, 130, 50), (200, 60, 70), (60, 140, 140), (130, 130, 146),
)  # fmt: skip
CLOTHS: tuple[Color, ...] = (
    (250, 250, 248), (236, 232, 222), (198, 196, 200), (120, 122, 132), (60, 60, 68), (44, 46, 58), (52, 66, 108),
    (70, 100, 170), (110, 160, 220), (190, 216, 240), (60, 130, 130), (120, 196, 180), (70, 130, 80), (150, 190, 100),
    (230, 220, 110), (246, 196, 80), (236, 146, 60), (214, 84, 60), (196, 50, 60), (232, 120, 140), (246, 190, 204),
    (150, 96, 170), (200, 176, 226), (110, 66, 60), (164, 116, 76), (214, 184, 140), (128, 44, 64), (90, 90, 50),
)  # fmt: skip
DARKS: tuple[Color, ...] = ((44, 46, 58), (40, 40, 46), (52, 58, 92), (62, 52, 56), (58, 40, 60), (36, 58, 60))
METALS: tuple[Color, ...] = ((176, 184, 198), (200, 204, 210), (150, 156, 174), (206, 176, 104), (110, 112, 128))
APART = 70.0
"""Cloths of one person are tried to be at least this far from each other (sRGB, Euclidean)."""
WOMANLY = frozenset({"woman", "girl"})
MANLY = frozenset({"man", "boy", "stout", "tall"})
FOR_WOMEN = frozenset({"bob", "long straight", "princess", "long wavy", "twin tails", "pigtails", "braids", "one braid",
                       "bun", "two buns", "swept bob", "long parted"})  # fmt: skip
FOR_MEN = frozenset({"spiky", "short", "short parted", "slick", "buzz", "bald", "curtains"})


@dataclass(frozen=True)
class Person:
    """Somebody with fixed looks and colours. ``identities`` are numbered on from the number the person was made with.

    ``stature`` is how tall this person is beside a grown man (1); figures are about 1 high whoever it is.
    """

    build: Build
    looks: Looks
    hair: Hair
    cut: Cut
    on_head: str
    on_face: str
    on_body: str
    identities: tuple[Identity, ...]

    @property
    def stature(self) -> float:
        """Height beside that of a grown man."""
        return self.build.stature

    @property
    def parts(self) -> dict[str, Identity]:
        """The identities by their names."""
        return {identity.name: identity for identity in self.identities}


def person(rng: np.random.Generator, first: int) -> Person:
    """Think of somebody; identities are numbered from ``first`` on."""
    build = BUILDS[int(rng.choice(len(BUILDS), p=(0.22, 0.18, 0.1, 0.16, 0.12, 0.1, 0.06, 0.06)))]
    style = _style(rng, build)
    cut = CUTS[_cut(rng, build)]
    on_head = _worn_on_head(rng, style, cut)
    on_face = _sometimes(rng, accessories.ON_FACE, (0.78, 0.07, 0.06, 0.04, 0.02, 0.03))
    on_body = _sometimes(rng, accessories.ON_BODY, (0.72, 0.08, 0.07, 0.06, 0.07))
    colors = _colors(rng, cut, style=style, extras=(on_head, on_face, on_body))
    identities = tuple(Identity(first + index, name, color) for index, (name, color) in enumerate(colors.items()))
    solid = _luma(colors["hair"]) < 95 and bool(rng.random() < 0.7)
    return Person(build, _looks(rng, build), grown(rng, style, solid=solid), cut, on_head, on_face, on_body, identities)


def _sometimes(rng: np.random.Generator, names: Sequence[str], shares: Sequence[float]) -> str:
    return names[int(rng.choice(len(names), p=shares))]


def _luma(color: Color) -> float:
    return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]


def _style(rng: np.random.Generator, build: Build) -> str:
    unlikely = FOR_MEN if build.name in WOMANLY else FOR_WOMEN if build.name in MANLY else frozenset({"bald"})
    names = list(STYLES)
    shares = np.array(
        [0.06 if name in unlikely else 0.3 if name in ("bald", "afro", "buzz") else 1.0 for name in names]
    )
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]


def _cut(rng: np.random.Generator, build: Build) -> str:
    """Who wears skirts is mostly a woman or a child; robes are for all."""
    names = list(CUTS)
    skirts = np.array([CUTS[name].skirt > 0 and CUTS[name].top not in ("robe", "armour") for name in names])
    share = 0.04 if build.name in MANLY else 1.4 if build.name in WOMANLY else 0.8
    weights = np.where(skirts, share, 0.7 if build.name in WOMANLY else 1.0)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _worn_on_head(rng: np.random.Generator, style: str, cut: Cut) -> str:
    if cut.top == "armour" and STYLES[style].flat and rng.random() < 0.3:
        return "helmet"
    if rng.random() < 0.62:
        return ""
    fitting = [name for name in headwear.ON_HEAD[1:] if STYLES[style].flat or name not in headwear.HATS]
    if style in ("bald", "afro", "buzz"):
        fitting = [name for name in fitting if name in headwear.HATS] or [""]
    return fitting[int(rng.integers(len(fitting)))]


def _looks(rng: np.random.Generator, build: Build) -> Looks:
    """Large round eyes for the young and for women, narrower ones for men."""
    young = build.name in ("child", "small")
    man = build.name in ("man", "tall", "stout")
    tall = rng.uniform(0.23, 0.3) if young else rng.uniform(0.12, 0.19) if man else rng.uniform(0.19, 0.27)
    wide = tall * rng.uniform(0.86, 1.02) if not man else rng.uniform(0.18, 0.22)
    return Looks(
        jaw=float(rng.uniform(0.98, 1.08) if man else rng.uniform(0.9, 1.02)),
        chin=float(rng.uniform(0.86, 0.93) if young else rng.uniform(0.98, 1.06) if man else rng.uniform(0.92, 1.0)),
        eye_wide=float(wide),
        eye_tall=float(tall),
        eye_y=float(rng.uniform(0.22, 0.3) if young else rng.uniform(0.12, 0.2)),
        apart=float(rng.uniform(0.46, 0.54)),
        slant=float(rng.choice((-0.16, 0.0, 0.0, 0.14, 0.26))),
        iris=float(rng.uniform(0.82, 1.0)),
        lash=float(rng.uniform(0.12, 0.2) if man else rng.uniform(0.18, 0.34)),
        brow=float(rng.uniform(0.3, 0.6) if man else rng.choice((0.1, 0.25, 0.35))),
        nose=int(rng.integers(3)),
        mouth_y=float(rng.uniform(0.66, 0.72) if young else rng.uniform(0.64, 0.7)),
        mouth_wide=float(rng.uniform(0.17, 0.25)),
        dots=bool(rng.random() < 0.1),
        freckles=bool(rng.random() < 0.08),
        beard=int(rng.choice(3, p=(0.7, 0.14, 0.16))) if man else 0,
    )


def _colors(rng: np.random.Generator, cut: Cut, *, style: str, extras: tuple[str, str, str]) -> dict[str, Color]:
    """The colour of everything that this person has, by name."""
    skin = _near(rng, SKINS[int(rng.choice(len(SKINS), p=SKIN_SHARES))], 4)
    pool = DREAMT if rng.random() < 0.24 else HAIRS
    own = _near(rng, pool[int(rng.integers(len(pool)))], 8)
    colors = {
        "skin": skin,
        "blush": mixed(skin, (232, 84, 90), 0.4),
        "eye white": (255, 255, 255) if rng.random() < 0.7 else (244, 246, 250),
        "iris": _near(rng, IRISES[int(rng.integers(len(IRISES)))], 10),
        "lashes": (34, 26, 32),
        "mouth": _near(rng, (150, 50, 56), 10),
        "tongue": (236, 130, 130),
        "hair": own,
        "brows": mixed(own, (40, 30, 30), 0.25),
        "stool": _near(rng, (166, 120, 78), 20),
    }
    used = [skin]
    roles = [*cut.roles, *(role for role in extras if role), *(("tie",) if STYLES[style].tail else ())]
    if "gloves" not in roles and rng.random() < 0.06:
        roles.append("gloves")
    for role in dict.fromkeys(roles):
        colors[role] = _cloth(rng, role, cut, used)
        used.append(colors[role])
    return colors


def _cloth(rng: np.random.Generator, role: str, cut: Cut, used: list[Color]) -> Color:
    """A colour for a garment, tried to be unlike those already worn."""
    pool = _pool(role, cut)
    color = pool[0]
    for _ in range(8):
        color = _near(rng, pool[int(rng.integers(len(pool)))], 8)
        if all(np.linalg.norm(np.subtract(color, other)) > APART for other in used):
            break
    return color


def _pool(role: str, cut: Cut) -> tuple[Color, ...]:
    if role == "top" and cut.dark:
        return DARKS
    if cut.top == "armour" and role in ("top", "helmet"):
        return METALS
    if cut.top in ("blazer", "apron", "robe") and role == "inner":
        return ((250, 250, 248), (240, 236, 226), (226, 236, 246))
    if cut.top == "sailor" and role == "top":
        return ((252, 252, 250), (250, 250, 248), (60, 62, 84), (236, 230, 214))
    if role == "buttons":
        return ((236, 200, 96), (220, 220, 226), (250, 248, 240), (70, 60, 60))
    if role == "straw hat":
        return ((236, 206, 130), (222, 186, 112), (250, 240, 214))
    if role in ("glasses", "square glasses", "sunglasses"):
        return ((60, 56, 66), (150, 60, 60), (70, 80, 130), (180, 150, 70))
    return CLOTHS


def _near(rng: np.random.Generator, color: Color, by: float) -> Color:
    """A colour like this one: a little lighter or darker, and of a slightly different hue."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in color))
    hue = (hue + rng.normal(0, by / 800)) % 1
    saturation = float(np.clip(saturation * rng.uniform(1 - by / 50, 1 + by / 50), 0, 1))
    value = float(np.clip(value * rng.uniform(1 - by / 120, 1 + by / 120), 0, 1))
    red, green, blue = (round(channel * 255) for channel in colorsys.hsv_to_rgb(hue, saturation, value))
    return red, green, blue


def draw(who: Person, rng: np.random.Generator) -> Figure:
    """Draw a person in a free pose, view and mood."""
    views, poses, moods = list(View), list(POSES), list(MOODS)
    view = views[int(rng.choice(len(views), p=(0.26, 0.19, 0.19, 0.09, 0.09, 0.05, 0.05, 0.08)))]
    pose = poses[int(rng.integers(len(poses)))]
    return posed(who, rng, pose=pose, view=view, mood=moods[int(rng.integers(len(moods)))])


def posed(who: Person, rng: np.random.Generator, *, pose: str, view: View, mood: str) -> Figure:
    """Draw a person in a pose of ``POSES``, a view, and a mood of ``MOODS``; the rest is free."""
    body = bodied(who.build, held(rng, pose, view))
    parts = who.parts
    items: list[Item] = [
        *clothes.dressed(body, who.cut, parts),
        *_seat(body, parts),
        *accessories.on_body(body, who.on_body, parts.get(who.on_body, parts["skin"])),
        *_head(who, body, mood, gaze=(float(rng.uniform(-1, 1)), float(rng.uniform(-0.6, 0.6)))),
    ]
    items.sort(key=lambda item: item[0])
    x, y = body.skeleton.head
    return Figure(tuple(shape for _, shape in items), (float(x), float(y), who.build.radius))


def _head(who: Person, body: Body, mood: str, *, gaze: tuple[float, float]) -> list[Item]:
    """Face, hair and what is worn on both, moved to where the head is."""
    parts, yaw = who.parts, _wrapped(body.skeleton.face)
    front = Front(who.looks, feeling(mood, who.looks), parts, yaw, gaze)
    worn = Worn(who.hair, parts["hair"], parts.get("tie", parts["hair"]), yaw, body.held.wind)
    drawing: Drawing = (
        *faces.head(front),
        *accessories.on_face(front, who.on_face, parts.get(who.on_face, parts["skin"])),
        *hair.front(worn),
        *headwear.on_head(worn, who.on_head, parts.get(who.on_head, parts["hair"])),
    )
    x, y = body.skeleton.head
    place = matrix(float(x), float(y), who.build.radius, turn=float(np.deg2rad(body.held.tilt)))
    back = placed(hair.behind(worn), place)
    return [*((Layer.BACK_HAIR, part) for part in back), *((Layer.HEAD, part) for part in placed(drawing, place))]


def _wrapped(yaw: float) -> float:
    return float((yaw + np.pi) % (2 * np.pi) - np.pi)


def _seat(body: Body, parts: Parts) -> list[Item]:
    """A stool under somebody who sits."""
    if not body.held.legs.seat:
        return []
    x, y = body.skeleton.pelvis.astype(float)
    wide, top = body.build.hip * 1.15, y + body.build.hip * 0.25
    seat: list[Shape | Mark] = [
        Shape(
            line((x + a * wide, top), (x + b * wide, 0.0), (x + b * wide + 0.02, 0.0), (x + a * wide + 0.02, top)),
            parts["stool"],
            round=0.4,
        )
        for a, b in ((-0.7, -0.9), (0.5, 0.7))
    ]
    seat.append(Shape(ellipse(x, top, wide, wide * 0.28), parts["stool"], round=0.3))
    return [(Layer.CAPE, part) for part in seat]
