"""What was learned, on disk: names that can be folders, weights as they are now, pictures that are still there."""

from __future__ import annotations

import os

import pytest
from toytuition import weights_file

from mangapaint.ui.series.shelf import LONGEST_NAME, Shelf, Taught, named


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "series")


def test_an_empty_shelf_has_nothing(shelf):
    assert shelf.taught() == ()
    assert shelf.weights("Pepper", "unet") is None
    assert not shelf.goes_on("Pepper", "unet")
    assert shelf.pictures("Pepper") == ()
    assert not shelf.folder.exists()


def test_what_was_learned_is_found_by_series_and_method(shelf):
    for series, method in (("Pepper", "unet"), ("Alba", "guided"), ("Pepper", "gan")):
        weights_file(shelf.weights_path(series, method), method)
    (shelf.folder / "Pepper" / "unet.checkpoint").write_bytes(b"x")
    (shelf.folder / "Pepper" / ".mangapaint-1.safetensors").write_bytes(b"half a file")
    found = shelf.taught()
    assert [(row.series, row.method) for row in found] == [("Alba", "guided"), ("Pepper", "gan"), ("Pepper", "unet")]
    assert found[0] == Taught("Alba", "guided", shelf.folder / "Alba" / "guided.safetensors")
    assert shelf.goes_on("Pepper", "unet")
    assert not shelf.goes_on("Pepper", "gan")


def test_weights_learned_anew_are_other_weights(shelf):
    path = shelf.weights_path("Pepper", "unet")
    weights_file(path, "unet")
    before = shelf.weights("Pepper", "unet")
    assert before == shelf.weights("Pepper", "unet")
    os.utime(path, ns=(1, 1))
    assert shelf.weights("Pepper", "unet") != before
    assert shelf.weights("", "unet") is None
    assert shelf.weights("Pepper", "auto") is None


def test_pictures_are_remembered_as_long_as_they_exist(shelf, tmp_path):
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    for path in (one, two):
        path.write_bytes(b"x")
    shelf.note("Pepper", (two, one))
    assert shelf.pictures("Pepper") == (two, one)
    one.unlink()
    assert shelf.pictures("Pepper") == (two,)
    (shelf.folder / "Pepper" / "pictures.json").write_text("[" * 9)
    assert shelf.pictures("Pepper") == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Pepper", "Pepper"),
        ("  Pepper \t & Carrot ", "Pepper & Carrot"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a/b\\c:d", "a-b-c-d"),
        (".hidden.", "hidden"),
        ("\u3042\u305a\u307e\u3093\u304c", "\u3042\u305a\u307e\u3093\u304c"),
        ("\x00\n", ""),
        ("...", ""),
    ],
)
def test_a_name_can_be_a_folder(typed, name):
    assert named(typed) == name


def test_long_names_are_cut(tmp_path):
    for letter in ("x", "\u3042", "\U0001f98a"):
        name = named(letter * 500)
        assert 0 < len(name) <= LONGEST_NAME
        (tmp_path / name).mkdir()
