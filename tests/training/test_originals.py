from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest
from shown import Given, ToySeries, given, known, picture, toy_scenes, write, write_series

from mangapaint.errors import UserError
from mangapaint.training.originals import Content, Originals, open_sources
from mangapaint.training.samples import NOWHERE, Original

__all__ = ["toy_scenes"]


def test_folders_are_series_whatever_their_depth(tmp_path: Path) -> None:
    write_series(tmp_path, ["a", "b/c"])
    write(tmp_path / "top.png", picture())
    (tmp_path / "notes.txt").write_text("no picture")
    write(tmp_path / ".hidden" / "x.png", picture())
    found = open_sources([tmp_path])
    assert found.series == tuple(sorted(["a", "b/c", tmp_path.name]))
    assert found.names("b/c") == ("b/c/0", "b/c/1")
    assert len(found) == 5
    assert not found.skipped


def test_a_picture_is_what_was_written_and_has_areas(tmp_path: Path) -> None:
    write(tmp_path / "one.png", picture())
    original = open_sources([tmp_path / "one.png"]).get(0)
    assert original is not None
    np.testing.assert_array_equal(original.color, picture())
    assert original.regions is not None
    assert original.regions.dtype == np.int32
    sky, ground, disc = (original.regions[at] for at in ((5, 5), (90, 5), (48, 64)))
    assert len({int(sky), int(ground), int(disc), NOWHERE}) == 4
    assert original.regions[48, 64 - 24] == NOWHERE  # its outline


def test_files_of_one_folder_are_one_series_and_taken_once(tmp_path: Path) -> None:
    write_series(tmp_path, ["book"], pictures=3)
    files = sorted((tmp_path / "book").iterdir())
    found = open_sources([*files, files[0], tmp_path / "book"])
    assert found.series == ("book",)
    assert len(found) == 3


def test_large_pictures_are_brought_to_size(tmp_path: Path) -> None:
    write(tmp_path / "large.jpg", picture(600, 1536))
    original = open_sources([tmp_path]).get(0)
    assert original is not None
    assert original.color.shape == (300, 768, 3)


def test_what_cannot_be_learned_from_is_skipped_with_a_line(tmp_path: Path) -> None:
    write(tmp_path / "good.png", picture())
    write(tmp_path / "gray.png", np.repeat(picture()[..., :1], 3, axis=2))
    write(tmp_path / "tiny.png", picture(12, 40))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    (tmp_path / "cut.png").write_bytes((tmp_path / "good.png").read_bytes()[:300])
    told: list[str] = []
    found = open_sources([tmp_path], warn=told.append)
    read = {found.sources[at].name.split("/")[-1]: found.get(at) for at in range(len(found))}
    assert [name for name, original in read.items() if original is not None] == ["good"]
    assert [found.get(at) for at in range(len(found))].count(None) == 4
    assert told == found.skipped
    assert len(told) == 4  # each once, though asked for twice
    for name, why in (("gray", "no colours"), ("tiny", "smaller than 32"), ("broken", "damaged"), ("cut", "cut off")):
        (line,) = [line for line in told if f"{name}." in line]
        assert why in line
        assert "\n" not in line


def test_a_drawn_page_has_its_line_and_its_story_is_its_series(tmp_path: Path) -> None:
    line = cv2.resize(np.where((picture() == 0).all(axis=2), np.uint8(0), np.uint8(255)), (256, 192))
    for name in ("asp-0001-01", "asp-0001-02", "gull-7", "alone"):
        write(tmp_path / "lineart" / name / "color.jpg", picture())
        write(tmp_path / "lineart" / name / "line.png", line)
    write_series(tmp_path / "series", ["asp-0002-the-hat"])
    write(tmp_path / "pairs" / "p" / "source.png", picture())
    found = open_sources([tmp_path])
    assert found.series == ("alone", "asp-0001", "asp-0002-the-hat", "gull")
    assert found.names("asp-0001") == ("asp-0001-01", "asp-0001-02")
    original = found.get(found.of("gull")[0])
    assert original is not None
    assert original.line is not None
    assert original.line.shape == original.color.shape[:2] == (96, 128)
    assert original.line[48, 64 - 24] < 100 < original.line[5, 5]


def test_line_and_colour_of_unlike_form_are_skipped(tmp_path: Path) -> None:
    write_series(tmp_path, ["good"])
    write(tmp_path / "bad-1" / "color.png", picture())
    write(tmp_path / "bad-1" / "line.png", np.full((200, 96), 255, np.uint8))
    found = open_sources([tmp_path])
    assert found.get(found.of("bad")[0]) is None
    assert "not of one form" in found.skipped[0]


def test_nothing_usable_is_said_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder"):
        open_sources([tmp_path / "missing"])
    with pytest.raises(UserError, match="no coloured pictures"):
        open_sources([tmp_path])
    write(tmp_path / "gray.png", picture()[..., 0])
    with pytest.raises(UserError, match=r"none of the pictures can be used.*no colours"):
        open_sources([tmp_path])


def test_scenes_are_series_of_the_seed_and_drawn_when_asked_for(toy_scenes: type[ToySeries]) -> None:
    found = open_sources([], scenes=3, seed=2)
    assert found.series == ("scenes-2000000", "scenes-2000001", "scenes-2000002")
    assert toy_scenes.made == [2000000]
    of = [found.get(at) for at in found.of("scenes-2000001")[:2]]
    assert [original.series for original in of if original] == ["scenes-2000001"] * 2
    assert toy_scenes.made == [2000000, 2000001]
    assert not set(open_sources([], scenes=1, seed=1).names("scenes-1000000")) & set(found.names("scenes-2000000"))


def test_pictures_are_remembered_as_far_as_there_is_room() -> None:
    source = Given(known())
    plenty = Originals((source,))
    first, again = plenty.get(0), plenty.get(0)
    assert source.reads == 1
    assert first is not None
    assert again is not None
    for layer in ("color", "line", "tone", "regions", "identities"):
        np.testing.assert_array_equal(getattr(again, layer), getattr(first, layer))
        assert getattr(again, layer).dtype == getattr(first, layer).dtype
    narrow = Originals((Given(known()), Given(known())), limit=known().color.nbytes * 3)
    for at in (0, 1, 0, 1):
        assert narrow.get(at) is not None
    assert [source.reads for source in narrow.sources] == [1, 2]


def test_labels_beyond_16_bits_are_remembered_as_they_are() -> None:
    labels = np.arange(96 * 128, dtype=np.int32).reshape(96, 128) * 10 - 1
    originals = given(Original("many", "many", picture(), regions=labels))
    originals.get(0)
    found = originals.get(0)
    assert found is not None
    np.testing.assert_array_equal(found.regions, labels)


def test_lines_are_drawn_once_where_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from mangapaint.training import originals as module

    calls: list[int] = []

    def line_art(color: np.ndarray) -> np.ndarray:
        calls.append(1)
        return np.where((color == 0).all(axis=2), np.uint8(0), np.uint8(255))

    monkeypatch.setattr(module, "line_art", line_art)
    bare = Original("bare", "bare", picture())
    originals = given(bare, known(), None)
    first = [originals.drawn(0), originals.drawn(0)]
    assert all(original is not None and original.line is not None for original in first)
    assert originals.drawn(1) is not None
    assert originals.drawn(2) is None
    assert calls == [1]


def test_filling_reads_all_at_once() -> None:
    originals = given(known(), None, known())
    originals.fill()
    assert [source.reads for source in originals.sources] == [1, 1, 1]
    assert len(originals.skipped) == 1
    originals.fill()
    assert [source.reads for source in originals.sources] == [1, 1, 1]


def test_contents_are_named_without_their_folders(tmp_path: Path, toy_scenes: type[ToySeries]) -> None:
    assert not toy_scenes.made
    path = write(tmp_path / "secret" / "book" / "one.png", picture())
    write(tmp_path / "secret" / "asp-1-2" / "color.png", picture())
    write(tmp_path / "secret" / "asp-1-2" / "line.png", picture()[..., 0])
    found = open_sources([tmp_path / "secret"], scenes=1, seed=0).contents()
    line = f"book/one.png {hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert Content("book", 1, hashlib.sha256(line.encode()).hexdigest()) in found
    assert [item.series for item in found] == ["asp-1", "book", "scenes-0"]
    assert found[-1].sha256 == ""


def test_originals_go_to_other_processes(tmp_path: Path) -> None:
    write_series(tmp_path, ["a"])
    originals = open_sources([tmp_path])
    there = pickle.loads(pickle.dumps(originals))
    original = there.get(1)
    assert original is not None
    np.testing.assert_array_equal(original.color, picture(turn=1))
