"""Which pairs are measured, what their pages are, and what is said of broken ones."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.evaluation.pairs import DRAWN, FOLLOWING, UNSORTED, Skipped, find, load

GRAY, LINE = (Kind.GRAY,), (Kind.LINE,)


def test_the_index_says_how_two_pictures_differ_and_the_folders_which_there_are(paired):
    pairs, skipped = find(paired, GRAY)
    found = [(pair.name, pair.kind, pair.change, pair.split) for pair in pairs]
    assert found == [
        ("other", "boxes, recoloured", "flip", "validation"),
        ("plain", UNSORTED, "", ""),
        ("same", "boxes", "", "train"),
    ]
    assert skipped == []


def test_the_folder_of_pairs_may_be_given_itself(paired):
    assert find(paired / "pairs", GRAY)[0] == find(paired, GRAY)[0]


def test_each_input_has_its_pairs_and_people_drew_only_lines(paired):
    assert [(pair.name, pair.input) for pair in find(paired, (*GRAY, *LINE))[0]] == [
        *((name, kind) for name in ("other", "plain", "same") for kind in (Kind.GRAY, Kind.LINE)),
        ("asp-01-01 > asp-01-02", Kind.LINE),
    ]
    assert find(paired / "lineart", LINE)[0][-1].kind == DRAWN
    assert len(find(paired / "lineart", LINE)[0]) == 1


def test_a_gray_page_is_the_luma_a_line_page_is_binary_and_a_drawn_one_its_file(paired):
    pairs = {(pair.name, pair.input): pair for pair in find(paired, (*GRAY, *LINE))[0]}
    gray, line = load(pairs["same", Kind.GRAY]), load(pairs["same", Kind.LINE])
    drawn = load(pairs["asp-01-01 > asp-01-02", Kind.LINE])
    assert gray.page.pixels[30, 30] == round(0.299 * 220 + 0.587 * 60 + 0.114 * 60)
    assert np.unique(line.page.pixels).tolist() == [0, 255]
    assert line.page.pixels[30, 30] == 255
    assert np.array_equal(line.truth, gray.truth)
    assert drawn.page.path == paired / "lineart" / "asp-01-02" / "line.png"
    assert drawn.references[0].pixels.shape == drawn.truth.shape == (120, 160, 3)


def test_a_reference_of_another_format_will_do(paired):
    folder = paired / "pairs" / "same"
    shutil.copy(paired / "lineart" / "asp-01-01" / "color.jpg", folder / "source.jpg")
    (folder / "source.png").unlink()
    pair = next(pair for pair in find(paired, GRAY)[0] if pair.name == "same")
    assert load(pair).references[0].name == "source.jpg"


def test_splits_restrict_and_stories_have_theirs(paired):
    (paired / "split.json").write_text(json.dumps({"lineart_validation_stories": ["01"]}))
    found = [pair.name for pair in find(paired, LINE, splits=("validation",))[0]]
    assert found == ["other", "asp-01-01 > asp-01-02"]
    (paired / "split.json").write_text(json.dumps({"lineart_validation_stories": ["02"]}))
    assert [pair.name for pair in find(paired, LINE, splits=("train", "none"))[0]][-1].startswith("asp")
    (paired / "split.json").write_text("{}")
    assert find(paired, LINE)[0][-1].split == ""
    with pytest.raises(UserError, match=r"no pairs of tests.*train, validation"):
        find(paired, GRAY, splits=("tests",))


@pytest.mark.parametrize("text", ["[]", "{", '{"lineart_validation_stories": 3}'])
def test_a_broken_split_is_named(paired, text):
    (paired / "split.json").write_text(text)
    with pytest.raises(UserError, match=r"split\.json: .*validation"):
        find(paired, LINE)


def test_half_a_pair_is_skipped_by_name(paired):
    (paired / "pairs" / "same" / "target.png").unlink()
    (paired / "pairs" / "plain" / "source.png").unlink()
    (paired / "pairs" / "notes").mkdir()
    with (paired / "pairs" / "index.csv").open("a") as file:
        file.write("gone\n")
    with (paired / "lineart" / "pairs.csv").open("a") as file:
        file.write("asp-01-02\n")
    pairs, skipped = find(paired, LINE)
    assert [pair.name for pair in pairs] == ["other", "asp-01-01 > asp-01-02"]
    assert skipped == [
        Skipped("gone", "there is no source.png"),
        Skipped("plain", "there is no source.png"),
        Skipped("same", "there is no target.png"),
        Skipped("asp-01-02 > ", "there is no color.png or line.png"),
    ]


def test_an_unreadable_picture_is_a_user_error(paired):
    (paired / "pairs" / "same" / "target.png").write_bytes(b"no picture")
    pair = next(pair for pair in find(paired, GRAY)[0] if pair.name == "same")
    with pytest.raises(UserError, match=r"target\.png"):
        load(pair)


def test_a_folder_that_is_missing_or_holds_nothing_is_refused(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        find(tmp_path / "nowhere", GRAY)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"empty: there are no pairs .*target\.png"):
        find(tmp_path / "empty", GRAY)
    (tmp_path / "index.csv").write_text("pair\ngone\n")
    with pytest.raises(UserError, match="gone"):
        find(tmp_path, GRAY)
    (tmp_path / "index.csv").write_bytes(b"pair\n\xff\xfe\n")
    with pytest.raises(UserError, match=r"index\.csv: .*table"):
        find(tmp_path, GRAY)


def test_each_picture_of_a_series_is_the_reference_of_the_next(data):
    (data / "split.json").write_text(json.dumps({"validation": ["two"]}))
    pairs, skipped = find(data / "series", (*GRAY, *LINE))
    assert [(pair.name, pair.input, pair.kind, pair.split) for pair in pairs] == [
        (f"{name}/001", kind, FOLLOWING, split)
        for name, split in (("one", "train"), ("two", "validation"))
        for kind in (Kind.GRAY, Kind.LINE)
    ]
    assert (pairs[0].reference.name, pairs[0].truth.name) == ("000.png", "001.png")
    assert skipped == []
    assert load(pairs[1]).page.pixels.shape == (120, 160)
    assert [pair.name for pair in find(data / "series", GRAY, splits=["validation"])[0]] == ["two/001"]


def test_where_there_are_pairs_series_beside_them_are_not_looked_for(paired):
    (paired / "series").mkdir()
    shutil.copytree(paired / "pairs" / "same", paired / "series" / "one")
    assert FOLLOWING not in {pair.kind for pair in find(paired, GRAY)[0]}
