"""Draws coloured pictures to learn from, writes them in folders, and stands in for scenes."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from mangapaint.document.page import Pixels
from mangapaint.training.originals import Originals
from mangapaint.training.samples import NOWHERE, Labels, Original

SKY, GROUND, DISC = (120, 180, 240), (90, 160, 70), (220, 40, 50)


def picture(height: int = 96, width: int = 128, *, turn: int = 0) -> Pixels:
    """Sky, ground and a disc with a black outline; ``turn`` gives other colours."""
    colors = [tuple(np.roll(color, turn).tolist()) for color in (SKY, GROUND, DISC)]
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = colors[0], colors[1]
    middle, radius = (width // 2, height // 2), height // 4
    cv2.circle(pixels, middle, radius, colors[2], cv2.FILLED)
    cv2.circle(pixels, middle, radius, (0, 0, 0), 2)
    return pixels


def things(height: int = 96, width: int = 128) -> Labels:
    """What is sky (4), ground (5) and disc (9) in ``picture``, ``NOWHERE`` on its outline."""
    labels = np.empty((height, width), np.int32)
    labels[: height // 2], labels[height // 2 :] = 4, 5
    cv2.circle(labels, (width // 2, height // 2), height // 4, 9, cv2.FILLED)
    cv2.circle(labels, (width // 2, height // 2), height // 4, NOWHERE, 2)
    return labels


def known(height: int = 96, width: int = 128) -> Original:
    """A picture of which everything is known."""
    color = picture(height, width)
    line = np.where((color == 0).all(axis=2), np.uint8(0), np.uint8(255))
    tone = line.copy()
    tone[height // 2 :: 4, ::4] = 0
    return Original("drawn", "drawn", color, line, tone, things(height, width), things(height, width))


def write(path: Path, pixels: Pixels) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels if pixels.ndim == 2 else pixels[..., ::-1])
    return path


def write_series(folder: Path, names: Sequence[str], *, pictures: int = 2) -> Path:
    """Write folders of pictures, a series each."""
    for name in names:
        for number in range(pictures):
            write(folder / name / f"{number}.png", picture(turn=number % 3))
    return folder


class Given:
    """A source that is handed its picture; None cannot be read."""

    files = ()

    def __init__(self, original: Original | None, name: str = "given", series: str = "given") -> None:
        self.original, self.name, self.series = original, name, series
        self.reads = 0

    def read(self) -> Original:
        from mangapaint.errors import UserError

        self.reads += 1
        if self.original is None:
            raise UserError("it is broken")
        return self.original


def given(*originals: Original | None, **settings: object) -> Originals:
    return Originals(tuple(Given(original, f"given/{at}") for at, original in enumerate(originals)), **settings)


class _Scene:
    def __init__(self, seed: int, index: int, width: int, height: int) -> None:
        self.color = picture(height, width, turn=(seed + index) % 3)

    def original(self, name: str, series: str) -> Original:
        height, width = self.color.shape[:2]
        return replace(known(height, width), name=name, series=series, color=self.color)


class ToySeries:
    """Stands in for ``scenes.series.Series``; counts which series were made and which scenes drawn."""

    made: ClassVar[list[int]] = []
    drawn: ClassVar[list[tuple[int, int]]] = []

    def __init__(self, seed: int) -> None:
        self.seed = seed

    @staticmethod
    def of(seed: int) -> ToySeries:
        ToySeries.made.append(seed)
        return ToySeries(seed)

    def scene(self, index: int, *, width: int, height: int) -> _Scene:
        ToySeries.drawn.append((self.seed, index))
        return _Scene(self.seed, index, width, height)


@pytest.fixture
def toy_scenes(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[ToySeries]]:
    """Series of scenes that take no time to draw."""
    from mangapaint.training import sources

    module = types.ModuleType("mangapaint.training.scenes.series")
    module.Series = ToySeries  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sources, "LINED_UP", sources.SCENES + 1)  # nobody is there to be lined up
    ToySeries.made.clear()
    ToySeries.drawn.clear()
    sources._scene_series.cache_clear()
    yield ToySeries
    sources._scene_series.cache_clear()
