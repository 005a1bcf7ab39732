"""Strokes in a small JSON file: what the artist drew on a page, kept between two openings of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mangapaint.document.palette import color_of, hex_of
from mangapaint.document.strokes import Purpose, Stroke, stroke
from mangapaint.errors import UserError
from mangapaint.formats.atomic import write_text


def write_strokes(path: Path, strokes: tuple[Stroke, ...]) -> None:
    """Write ``{"strokes": [{"purpose", "color", "width", "points", "pressures"}]}``; raises ``UserError``."""
    # Row by row: one call for all would keep every other thread from running, the window's too.
    rows = ",\n".join(json.dumps(_row(item)) for item in strokes)
    write_text(path, f'{{"strokes": [\n{rows}\n]}}\n')


def read_strokes(path: Path) -> tuple[Stroke, ...]:
    """Read strokes; raises ``UserError`` naming the file for anything that is not such a file."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["strokes"]
        return tuple(_stroke(row) for row in rows)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UserError(f"the strokes cannot be read ({reason})", path=path, remedy="choose another file") from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        remedy = "choose a file written by mangapaint"
        raise UserError("this is no file of strokes", path=path, remedy=remedy) from error


def _row(item: Stroke) -> dict[str, Any]:
    return {
        "purpose": item.purpose.value,
        "color": None if item.color is None else hex_of(item.color),
        "width": max(0.01, round(item.width, 2)),
        "points": [[round(x, 2), round(y, 2)] for x, y in item.points.tolist()],
        "pressures": [round(pressure, 3) for pressure in item.pressures.tolist()],
    }


def _stroke(row: dict[str, Any]) -> Stroke:
    width = float(row["width"])
    points = [(float(x), float(y)) for x, y in row["points"]]
    if not 0 < width < 1e5 or not all(abs(value) < 1e7 for point in points for value in point):
        raise ValueError("a number is out of range")
    pressures = [float(value) for value in row.get("pressures", [1.0] * len(points))]
    if not all(0 <= value <= 1 for value in pressures):
        raise ValueError("a pressure is out of range")
    color = None if row["color"] is None else color_of(str(row["color"]))
    purpose = Purpose(row.get("purpose", Purpose.HINT.value))
    return stroke(points, width=width, color=color, pressures=pressures, purpose=purpose)
