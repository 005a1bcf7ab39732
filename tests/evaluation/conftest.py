"""Small folders of pictures to measure on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

COLORS = ((220, 60, 60), (60, 160, 80), (70, 90, 210), (240, 220, 120))


def drawn(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Line art of four boxes, uint8 (120, 160), and its colours, (120, 160, 3)."""
    line, color = np.full((120, 160), 255, np.uint8), np.full((120, 160, 3), 255, np.uint8)
    for place in range(4):
        x, y = 8 + place % 2 * 76, 8 + place // 2 * 54
        cv2.rectangle(color, (x, y), (x + 64, y + 46), COLORS[(place + number) % 4], -1)
        for picture in (line, color):
            cv2.rectangle(picture, (x, y), (x + 64, y + 46), (0, 0, 0) if picture.ndim == 3 else 0, 2)
    return line, color


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two vector drawings, one drawn by hand, two series."""
    for number, name in enumerate(("boxes-00", "boxes-01", "asp-boxes")):
        folder = tmp_path / "lineart" / name
        folder.mkdir(parents=True)
        line, color = drawn(number)
        Image.fromarray(line).save(folder / "line.png")
        Image.fromarray(color).save(folder / ("color.jpg" if name.startswith("asp") else "color.png"), quality=95)
    for name in ("one", "two"):
        folder = tmp_path / "series" / name
        folder.mkdir(parents=True)
        for page in range(2):
            Image.fromarray(drawn(page)[1]).save(folder / f"{page:03}.png")
    return tmp_path


@pytest.fixture
def paired(tmp_path: Path) -> Path:
    """Three pairs of which an index tells two apart, and a story of two drawn pages.

    The reference has the target's colours in "same" and "plain", and others in "other".
    """
    for name, number in (("other", 1), ("plain", 0), ("same", 0)):
        folder = tmp_path / "pairs" / name
        folder.mkdir(parents=True)
        Image.fromarray(drawn(number)[1]).save(folder / "source.png")
        Image.fromarray(drawn(0)[1]).save(folder / "target.png")
    rows = ["pair,split,kind,target_transform", 'other,validation,"boxes, recoloured",flip', "same,train,boxes,"]
    (tmp_path / "pairs" / "index.csv").write_text("\n".join(rows) + "\n")
    for page in ("asp-01-01", "asp-01-02"):
        folder = tmp_path / "lineart" / page
        folder.mkdir(parents=True)
        line, color = drawn(0)
        Image.fromarray(line).save(folder / "line.png")
        Image.fromarray(color).save(folder / "color.jpg", quality=95)
    (tmp_path / "lineart" / "pairs.csv").write_text("reference,target\nasp-01-01,asp-01-02\n")
    return tmp_path
