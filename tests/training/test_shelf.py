from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shown import Given, ToySeries, known, picture, toy_scenes

from mangapaint.training import originals as module
from mangapaint.training.originals import Originals, open_sources
from mangapaint.training.samples import Original
from mangapaint.training.shelf import LAYERS, Shelf

__all__ = ["toy_scenes"]


def _same(one: Original | None, other: Original | None) -> None:
    assert one is not None
    assert other is not None
    for layer in LAYERS:
        np.testing.assert_array_equal(getattr(one, layer), getattr(other, layer))


def test_what_was_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep(7, known(), LAYERS)
    _same(Original("drawn", "drawn", **shelf.find(7, LAYERS)), known())
    assert shelf.find(8, LAYERS) == {}
    (tmp_path / "0000009-line.png").write_bytes(b"")
    (tmp_path / "0000009-color.png").write_bytes(b"no picture")
    assert shelf.find(9, LAYERS) == {}


def test_labels_that_do_not_fit_are_not_kept(tmp_path: Path) -> None:
    labels = np.full((40, 40), 70_000, np.int32)
    Shelf(tmp_path).keep(0, Original("many", "many", picture(40, 40), regions=labels), ["regions"])
    assert not list(tmp_path.iterdir())


def test_a_shelf_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    originals = Originals((Given(Original("bare", "bare", picture())),), limit=0, shelf=Shelf(tmp_path / "missing"))
    assert originals.drawn(0) is not None


def test_lines_and_areas_are_made_once_for_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name in ("areas", "line_art"):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args, name=name, real=real: (made.append(name), real(*args))[1])

    class Filed(Given):
        files = (("a.png", Path("a.png")),)

    def process() -> Originals:
        return Originals((Filed(Original("bare", "bare", picture())),), limit=0, shelf=Shelf(tmp_path))

    first, second = process(), process()
    _same(first.drawn(0), second.drawn(0))
    _same(first.drawn(0), second.drawn(0))
    assert made == ["areas", "line_art"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0000000-line.png", "0000000-regions.png"]


def test_scenes_are_drawn_once_for_all_processes(tmp_path: Path, toy_scenes: type[ToySeries]) -> None:
    plain = open_sources([], scenes=1, seed=3)
    toy_scenes.drawn.clear()
    first, second = (replace(plain, limit=0, shelf=Shelf(tmp_path), _memory=module._Memory()) for _ in range(2))
    _same(first.get(5), second.get(5))
    assert toy_scenes.drawn == [(3_000_000, 5)]
    again = second.get(5)
    assert again is not None
    assert (again.name, again.series) == ("scenes-3000000/005", "scenes-3000000")
