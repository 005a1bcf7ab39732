"""Names every area that can be painted, with its colour in the reference frame."""

from __future__ import annotations

from enum import IntEnum, auto

import numpy as np
from numpy.typing import NDArray


class Area(IntEnum):
    """What a pixel belongs to; PAPER is what nothing was drawn on."""

    PAPER = 0
    INK = auto()
    SKIN = auto()
    SKIN_SHADE = auto()
    BLUSH = auto()
    HAIR = auto()
    HAIR_SHADE = auto()
    HAIR_LIGHT = auto()
    IRIS = auto()
    IRIS_LIGHT = auto()
    EYE = auto()
    MOUTH = auto()
    TONGUE = auto()
    RIBBON = auto()
    RIBBON_SHADE = auto()
    DRESS = auto()
    DRESS_SHADE = auto()
    COLLAR = auto()
    COLLAR_SHADE = auto()
    SLEEVE = auto()
    SLEEVE_SHADE = auto()
    BAG = auto()
    BAG_SHADE = auto()
    SOCK = auto()
    SOCK_SHADE = auto()
    BOOT = auto()
    BOOT_SHADE = auto()
    FUR = auto()
    FUR_SHADE = auto()
    CREAM = auto()
    CREAM_SHADE = auto()
    EAR = auto()
    SCARF = auto()
    SCARF_SHADE = auto()
    SKY = auto()
    SKY_SHADE = auto()
    CLOUD = auto()
    CLOUD_SHADE = auto()
    SEA = auto()
    SEA_SHADE = auto()
    HILL = auto()
    HILL_SHADE = auto()
    GRASS = auto()
    GRASS_SHADE = auto()
    LEAF = auto()
    LEAF_SHADE = auto()
    TRUNK = auto()
    ROOF = auto()
    ROOF_SHADE = auto()
    WALL = auto()
    WALL_SHADE = auto()
    WINDOW = auto()
    FLOWER = auto()
    BACKDROP = auto()
    BUBBLE = auto()


COLORS: dict[Area, str] = {
    Area.PAPER: "#ffffff",
    Area.INK: "#2c2436",
    Area.SKIN: "#fbdcc4",
    Area.SKIN_SHADE: "#eeb79d",
    Area.BLUSH: "#f7b9a8",
    Area.HAIR: "#8a5fa8",
    Area.HAIR_SHADE: "#66448a",
    Area.HAIR_LIGHT: "#b48fce",
    Area.IRIS: "#2f8f7f",
    Area.IRIS_LIGHT: "#7fd6bd",
    Area.EYE: "#ffffff",
    Area.MOUTH: "#b5484c",
    Area.TONGUE: "#ee8f8a",
    Area.RIBBON: "#e2534f",
    Area.RIBBON_SHADE: "#b93844",
    Area.DRESS: "#f6d27a",
    Area.DRESS_SHADE: "#dda957",
    Area.COLLAR: "#5b84c6",
    Area.COLLAR_SHADE: "#4466a4",
    Area.SLEEVE: "#fbf8f0",
    Area.SLEEVE_SHADE: "#d5d3e4",
    Area.BAG: "#a8704a",
    Area.BAG_SHADE: "#835237",
    Area.SOCK: "#fbf8f0",
    Area.SOCK_SHADE: "#d5d3e4",
    Area.BOOT: "#8d5540",
    Area.BOOT_SHADE: "#6d3d33",
    Area.FUR: "#ee9148",
    Area.FUR_SHADE: "#cb6c36",
    Area.CREAM: "#fff3df",
    Area.CREAM_SHADE: "#ecd3b8",
    Area.EAR: "#6b4038",
    Area.SCARF: "#3f9fa0",
    Area.SCARF_SHADE: "#2d7a82",
    Area.SKY: "#b5e0f2",
    Area.SKY_SHADE: "#8fcbe9",
    Area.CLOUD: "#ffffff",
    Area.CLOUD_SHADE: "#dcebf6",
    Area.SEA: "#58b3d0",
    Area.SEA_SHADE: "#3f97bd",
    Area.HILL: "#9bc8a4",
    Area.HILL_SHADE: "#7fb396",
    Area.GRASS: "#a6d27c",
    Area.GRASS_SHADE: "#82b868",
    Area.LEAF: "#6fb071",
    Area.LEAF_SHADE: "#4f9163",
    Area.TRUNK: "#9a755c",
    Area.ROOF: "#d9785f",
    Area.ROOF_SHADE: "#b95c52",
    Area.WALL: "#fbefd9",
    Area.WALL_SHADE: "#e3cfbb",
    Area.WINDOW: "#bfe0ea",
    Area.FLOWER: "#fbd3d6",
    Area.BACKDROP: "#fbd3d6",
    Area.BUBBLE: "#ffffff",
}


def shade_of(area: Area) -> Area:
    """Return the area's shaded side: itself where it has none."""
    return Area.__members__.get(f"{area.name}_SHADE", area)


def family(area: Area) -> tuple[Area, ...]:
    """Return the area with its shaded and lit sides."""
    names = (area.name, f"{area.name}_SHADE", f"{area.name}_LIGHT")
    return tuple(Area[name] for name in names if name in Area.__members__)


def table() -> NDArray[np.uint8]:
    """Return the colours as uint8 (number of areas, 3), in the order of their numbers."""
    rows = [list(bytes.fromhex(COLORS[area][1:])) for area in Area]
    return np.array(rows, dtype=np.uint8)
