"""Turns the scenes' hints into strokes for the application and into a transparent picture."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .canvas import Pixels
from .palette import COLORS, Area, family
from .scenes import Hint

UNCOLORED = (Area.CLOUD, Area.BUBBLE)
"""Areas whose hint says "keep this uncoloured": null in the strokes, white in the picture."""


def check_hints(hints: list[Hint], areas: Pixels) -> None:
    """Raise ValueError unless each hint lies wholly in its own area; ``areas`` is the page's area at each pixel."""
    for hint in hints:
        under = np.unique(areas[_covered(hint, areas.shape)])
        if not set(under.tolist()) <= {int(area) for area in family(hint.area)}:
            found = ", ".join(Area(int(value)).name for value in under)
            raise ValueError(f"the hint for {hint.area.name} at {hint.points[0].round()} covers {found}")


def as_strokes(hints: list[Hint]) -> str:
    """Return the hints as JSON, a stroke a line: colour or null, width, points and pressures, in page pixels."""
    lines = ",\n".join("  " + json.dumps(_as_stroke(hint)) for hint in hints)
    return f'{{"strokes": [\n{lines}\n]}}\n'


def as_picture(hints: list[Hint], width: int, height: int) -> Pixels:
    """Return the hints as uint8 RGBA (height, width, 4), alpha 0 or 255."""
    picture = np.zeros((height, width, 4), np.uint8)
    for hint in hints:
        color = "#ffffff" if hint.area in UNCOLORED else COLORS[hint.area]
        picture[_covered(hint, (height, width))] = [*bytes.fromhex(color[1:]), 255]
    return picture


def _as_stroke(hint: Hint) -> dict[str, Any]:
    pressures = np.sin(np.linspace(0.5, np.pi - 0.5, len(hint.points))) ** 0.5
    return {
        "color": None if hint.area in UNCOLORED else COLORS[hint.area],
        "width": float(hint.width),
        "points": np.round(hint.points, 1).tolist(),
        "pressures": np.round(pressures, 2).tolist(),
    }


def _covered(hint: Hint, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    points = np.round(hint.points - 0.5).astype(np.int32)
    cv2.polylines(mask, [points], False, 1, round(hint.width), cv2.LINE_8)
    return mask > 0
