"""Tests of what is remembered of a series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mangapaint.document.page import Page, Reference
from mangapaint.errors import UserError
from mangapaint.formats.memory import LONGEST, RECALLED, Memory


def page_at(path: Path) -> Page:
    return Page(np.full((40, 30), 255, np.uint8), path.name, path)


def colored(value: int, size: tuple[int, int] = (40, 30)) -> np.ndarray:
    return np.full((*size, 3), (value, 120, 30), np.uint8)


@pytest.fixture
def memory(tmp_path) -> Memory:
    return Memory(tmp_path / "remembered")


def test_the_nearest_pages_before_come_first_by_number(memory, tmp_path):
    for number in (1, 2, 9, 10, 12):
        memory.remember(page_at(tmp_path / f"page {number}.png"), colored(number))
    found = memory.recall(page_at(tmp_path / "page 11.png"))
    assert [item.pixels[0, 0, 0] for item in found] == [10, 9]
    assert len(found) == RECALLED
    assert found[0].name == "page 10.png, as you coloured it"
    assert all(memory.holds(item) for item in found)


def test_pages_after_are_taken_where_there_are_none_before(memory, tmp_path):
    for number in (2, 3, 4):
        memory.remember(page_at(tmp_path / f"{number}.png"), colored(number))
    assert [item.pixels[0, 0, 0] for item in memory.recall(page_at(tmp_path / "1.png"))] == [2, 3]


def test_a_page_is_no_reference_of_itself_and_other_folders_are_other_series(memory, tmp_path):
    memory.remember(page_at(tmp_path / "a" / "1.png"), colored(1))
    assert memory.recall(page_at(tmp_path / "a" / "1.png")) == ()
    assert memory.recall(page_at(tmp_path / "b" / "2.png")) == ()
    assert len(memory.recall(page_at(tmp_path / "a" / "2.png"))) == 1


def test_what_is_remembered_last_counts(memory, tmp_path):
    page = page_at(tmp_path / "1.png")
    memory.remember(page, colored(1))
    memory.remember(page, colored(200))
    (found,) = memory.recall(page_at(tmp_path / "2.png"))
    assert found.pixels[0, 0, 0] == 200
    memory.forget(page)
    assert memory.recall(page_at(tmp_path / "2.png")) == ()
    memory.forget(page)  # again does no harm


def test_large_pages_are_kept_small(memory, tmp_path):
    memory.remember(page_at(tmp_path / "1.png"), colored(1, (3508, 2480)))
    (found,) = memory.recall(page_at(tmp_path / "2.png"))
    assert found.pixels.shape == (LONGEST, round(LONGEST * 2480 / 3508), 3)


def test_pictures_of_the_clipboard_belong_to_no_series(memory):
    page = Page(np.full((40, 30), 255, np.uint8), "clipboard")
    memory.remember(page, colored(1))
    memory.forget(page)
    assert memory.recall(page) == ()
    assert not memory.folder.exists()


def test_broken_pictures_are_left_out(memory, tmp_path):
    memory.remember(page_at(tmp_path / "1.png"), colored(1))
    (kept,) = memory.folder.glob("*/*.png")
    kept.write_bytes(b"no picture")
    assert memory.recall(page_at(tmp_path / "2.png")) == ()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "remembered").write_bytes(b"a file")
    with pytest.raises(UserError, match="cannot be remembered"):
        Memory(tmp_path / "remembered").remember(page_at(tmp_path / "1.png"), colored(1))


def test_references_of_the_artist_are_not_held(memory, tmp_path):
    assert not memory.holds(Reference(colored(1), "sheet", tmp_path / "sheet.png"))
    assert not memory.holds(Reference(colored(1), "pasted"))
