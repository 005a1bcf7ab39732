"""Contact sheets: what is on them, in which order, and how many there are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mangapaint.errors import UserError
from mangapaint.evaluation import sheets
from mangapaint.formats.images import read

RED = (200, 0, 0)


def row(worth: float, gray: int = 90, *, cells: int = 1) -> sheets.Row:
    picture = sheets.cell(np.full((64, 64), gray, np.uint8), f"{worth}")
    return sheets.Row((picture, *[None] * (cells - 1)), worth)


def test_a_picture_is_made_small_but_never_large():
    assert sheets.cell(np.zeros((512, 1024, 3), np.uint8), "").picture.shape == (128, 256, 3)
    assert sheets.cell(np.zeros((10, 20), np.uint8), "").picture.shape == (10, 20, 3)
    assert sheets.cell(np.zeros((1, 5000), np.uint8), "").picture.shape == (1, 256, 3)


def test_pictures_stand_side_by_side_with_words_under_them():
    red = sheets.cell(np.full((100, 256, 3), RED, np.uint8), "right")
    sheet = sheets.drawn([sheets.Row((red, None, red), 0.5)])
    step = sheets.SIDE + sheets.GAP
    assert sheet.shape == (100 + sheets.CAPTION + 2 * sheets.GAP, 3 * step + sheets.GAP, 3)
    assert sheet[50, step // 2].tolist() == sheet[50, 2 * step + step // 2].tolist() == list(RED)
    assert (sheet[:, step + sheets.GAP : 2 * step] == sheets.GROUND).all()
    words = sheet[sheets.GAP + 100 :, :step]
    assert words.min() < 100
    assert words.max() == sheets.GROUND


def test_words_that_are_too_long_end_before_the_next_picture():
    black = sheets.cell(np.zeros((20, 256), np.uint8), "a very long name " * 20)
    sheet = sheets.drawn([sheets.Row((black, None), 0.5)])
    assert (sheet[:, sheets.SIDE + 2 * sheets.GAP :] == sheets.GROUND).all()


def test_the_worst_come_first_and_the_unknown_last(tmp_path):
    rows = [row(0.9, 90), row(math.nan, 10), row(0.1, 200), row(0.5, 150)]
    (path,) = sheets.write_sheets(tmp_path, "gray", rows)
    assert path == tmp_path / "gray-01.png"
    column = read(path).pixels[:, sheets.GAP + 32].reshape(-1)
    step = 64 + sheets.CAPTION + sheets.GAP
    assert [int(column[sheets.GAP + 32 + number * step]) for number in range(4)] == [200, 150, 90, 10]


def test_a_sheet_has_so_many_rows_and_the_next_the_rest(tmp_path):
    paths = sheets.write_sheets(tmp_path, "line", [row(0.5)] * (sheets.ROWS + 1))
    assert [path.name for path in paths] == ["line-01.png", "line-02.png"]
    heights = [read(path).height for path in paths]
    assert heights[0] > heights[1] == 64 + sheets.CAPTION + 2 * sheets.GAP


def test_rows_under_several_names_are_several_sheets(tmp_path):
    paths = sheets.write_all(tmp_path, {"line": [row(0.5)] * (sheets.ROWS + 1), "gray": [row(0.5)]})
    assert paths == [str(tmp_path / name) for name in ("line-01.png", "line-02.png", "gray-01.png")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gray-01.png", "line-01.png", "line-02.png"]


def test_a_folder_is_made_and_a_file_in_its_place_refused(tmp_path):
    sheets.check_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file"):
        sheets.check_folder(tmp_path / "file")
