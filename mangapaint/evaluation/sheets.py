"""Contact sheets: what was measured, to look at. One row a picture, as small pictures with a line under each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mangapaint.analysis.ink import as_rgb
from mangapaint.document.page import Pixels
from mangapaint.formats.atomic import check_target, make_folder
from mangapaint.formats.writing import write_png

SIDE = 256
"""Longest side of a picture on a sheet."""
CAPTION = 20
"""Height of the line under it."""
GAP = 8
ROWS = 12
"""Pictures on a sheet, one below the other."""
GROUND, TEXT = 236, 20
"""Gray values of the sheet and its words."""
LETTER = 13


@dataclass(frozen=True, eq=False)
class Cell:
    """One small picture, uint8 RGB within SIDE x SIDE, and the words under it."""

    picture: Pixels
    words: str


@dataclass(frozen=True, eq=False)
class Row:
    """What was made of one page; None where there is no picture. ``worth`` is what rows are sorted by, nan the best."""

    cells: tuple[Cell | None, ...]
    worth: float


def cell(picture: Pixels, words: str) -> Cell:
    """Return a picture, uint8 (H, W) or (H, W, 3), made small enough for a sheet."""
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return Cell(as_rgb(small), words)


def check_folder(folder: Path) -> None:
    """Make the folder where it is missing; raise ``UserError``, before any work, where nothing can be written."""
    make_folder(folder)
    check_target(folder / "sheet.png", suffix=".png")


def write_sheets(folder: Path, name: str, rows: Sequence[Row]) -> list[Path]:
    """Write rows, the worst first, as NAME-01.png and so on; return the files."""
    order = sorted(rows, key=lambda row: math.inf if math.isnan(row.worth) else row.worth)
    paths = []
    for start in range(0, len(order), ROWS):
        path = folder / f"{name}-{start // ROWS + 1:02}.png"
        write_png(path, drawn(order[start : start + ROWS]), compress=6)
        paths.append(path)
    return paths


def write_all(folder: Path, rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """Write the rows under each name as ``write_sheets`` does; return the files."""
    return [str(path) for name, own in rows.items() for path in write_sheets(folder, name, own)]


def drawn(rows: Sequence[Row]) -> Pixels:
    """Draw rows as one sheet, uint8 RGB; each as high as its highest picture."""
    columns = max(len(row.cells) for row in rows)
    heights = [max((item.picture.shape[0] for item in row.cells if item), default=0) + CAPTION for row in rows]
    size = columns * (SIDE + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1)
    sheet = Image.new("RGB", size, (GROUND,) * 3)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(LETTER)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, item in enumerate(row.cells):
            if item is not None:
                left = GAP + column * (SIDE + GAP)
                sheet.paste(Image.fromarray(item.picture), (left, top))
                words = _fitting(item.words, font)
                pen.text((left, top + item.picture.shape[0] + 2), words, fill=(TEXT,) * 3, font=font)
        top += height + GAP
    return np.asarray(sheet)


def _fitting(words: str, font: ImageFont.ImageFont | ImageFont.FreeTypeFont) -> str:
    """Return the words, their end cut off where the column is too narrow for them."""
    while font.getlength(words) > SIDE:
        words = words[:-2].rstrip("…") + "…"
    return words
