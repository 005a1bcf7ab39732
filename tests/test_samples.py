"""The sample pictures are what the application expects, and their drawing is repeatable."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples"
PAGE_SIZE = (1654, 2339)


@pytest.fixture
def strokes() -> list[dict[str, Any]]:
    data = json.loads((SAMPLES / "strokes.json").read_text(encoding="utf-8"))
    return list(data["strokes"])


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The generator's pages, imported from the repository's folder."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("samples.page")


@pytest.mark.parametrize(
    ("name", "size", "mode", "kilobytes"),
    [
        ("page.png", PAGE_SIZE, "L", 400),
        ("reference.png", (1000, 1400), "RGB", 400),
        ("hints.png", PAGE_SIZE, "RGBA", 60),
    ],
)
def test_pictures(name: str, size: tuple[int, int], mode: str, kilobytes: int) -> None:
    path = SAMPLES / name
    with Image.open(path) as image:
        assert image.size == size
        assert image.mode == mode
        assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    assert path.stat().st_size < kilobytes * 1024


def test_nothing_else_is_shipped() -> None:
    names = {path.name for path in SAMPLES.iterdir()}
    assert names == {"page.png", "reference.png", "strokes.json", "hints.png"}


def test_page_is_black_on_white() -> None:
    with Image.open(SAMPLES / "page.png") as image:
        page = np.asarray(image)
    black, white = float((page < 64).mean()), float((page > 191).mean())
    assert white > 0.8
    assert 0.03 < black < 0.2
    assert black + white > 0.9


def test_strokes_lie_on_the_page(strokes: list[dict[str, Any]]) -> None:
    assert 40 <= len(strokes) <= 50
    for stroke in strokes:
        points = np.array(stroke["points"])
        assert points.shape[1] == 2
        assert (points - stroke["width"] / 2 >= 0).all()
        assert (points + stroke["width"] / 2 <= PAGE_SIZE).all()
        assert len(stroke["pressures"]) == len(points)
        assert re.fullmatch("#[0-9a-f]{6}", stroke["color"])


def test_hints_are_the_strokes(strokes: list[dict[str, Any]]) -> None:
    with Image.open(SAMPLES / "hints.png") as image:
        hints = np.asarray(image)
    opaque = hints[..., 3] > 0
    assert set(np.unique(hints[..., 3]).tolist()) == {0, 255}
    colors = {"#" + bytes(color).hex() for color in np.unique(hints[opaque][:, :3], axis=0).tolist()}
    assert colors == {stroke["color"] for stroke in strokes}
    for stroke in strokes:
        x, y = (int(value) for value in stroke["points"][len(stroke["points"]) // 2])
        assert "#" + bytes(hints[y, x, :3].tolist()).hex() == stroke["color"]


def test_drawing_is_repeatable(drawing: ModuleType) -> None:
    panel = drawing.PANELS[1]
    first, second = (drawing.draw_panel(panel, seed=1)[0].line_art() for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_page_shows_what_the_generator_draws(drawing: ModuleType) -> None:
    canvas, (x, y), _ = drawing.draw_panel(drawing.PANELS[1], seed=1)
    with Image.open(SAMPLES / "page.png") as image:
        page = np.asarray(image)[y : y + canvas.size[1], x : x + canvas.size[0]]
    inside = (slice(120, -120), slice(120, -160))
    off = np.abs(page[inside].astype(int) - canvas.line_art()[inside])
    assert off.mean() < 8
