"""GIMP palettes are written and read, also as other programs write them."""

from __future__ import annotations

import contextlib
import random

import pytest

from mangapaint.document.palette import Palette, Swatch
from mangapaint.errors import UserError
from mangapaint.formats.palettes import read_gpl, write_gpl

PALETTE = Palette(
    (
        Swatch((232, 183, 150), "Pepper's hair"),
        Swatch((0, 0, 0), "ink  # 1"),
        Swatch((255, 255, 255)),
        Swatch((1, 2, 3), "肌"),
    ),
    name="Volume 1",
)


def test_round_trip(tmp_path):
    path = tmp_path / "a.gpl"
    write_gpl(path, PALETTE)
    found = read_gpl(path)
    assert found.name == "Volume 1"
    assert found.colors == PALETTE.colors
    assert [swatch.name for swatch in found.swatches] == ["Pepper's hair", "ink # 1", "", "肌"]


def test_written_as_gimp_does(tmp_path):
    path = tmp_path / "a.gpl"
    write_gpl(path, PALETTE)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:5] == ["GIMP Palette", "Name: Volume 1", "Columns: 0", "#", "232 183 150\tPepper's hair"]
    assert lines[6] == "255 255 255\tUntitled"


def test_names_cannot_break_the_lines(tmp_path):
    path = tmp_path / "a.gpl"
    write_gpl(path, Palette((Swatch((1, 2, 3), "two\nlines\u2028or\rmore"),), name="a\nb"))
    assert read_gpl(path) == Palette((Swatch((1, 2, 3), "two lines or more"),), name="a b")


def test_empty_palette_is_named_after_its_file(tmp_path):
    write_gpl(tmp_path / "skin.gpl", Palette())
    assert read_gpl(tmp_path / "skin.gpl") == Palette(name="skin")


@pytest.mark.parametrize(
    "content",
    [
        b"GIMP Palette\r\nName: My Colours\r\nColumns: 16\r\n# comment\r\n\r\n  1   2 3\tthe one\r\n",
        b"\xef\xbb\xbfGIMP Palette\nName: My Colours\n#\n1 2 3 the one",
        b"gimp palette\rNAME:My Colours\r1\t2\t3\tthe one\r",
    ],
)
def test_other_programs_files(tmp_path, content):
    (tmp_path / "a.gpl").write_bytes(content)
    assert read_gpl(tmp_path / "a.gpl") == Palette((Swatch((1, 2, 3), "the one"),), name="My Colours")


def test_old_latin_1_and_no_name(tmp_path):
    (tmp_path / "old.gpl").write_bytes(b"GIMP Palette\n1 2 3 gr\xfcn\n4 5 6\n")
    assert read_gpl(tmp_path / "old.gpl") == Palette((Swatch((1, 2, 3), "grün"), Swatch((4, 5, 6))), name="old")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1"),
        (b"RIFF....PAL ", "line 1"),
        (b"GIMP Palette\n1 2 3\n1 2\n", "line 3 is not a colour"),
        (b"GIMP Palette\n#\n\n-1 2 3\n", "line 4 is not a colour"),
        (b"GIMP Palette\n1 2 3x\n", "line 2 is not a colour"),
        (b"GIMP Palette\n1 256 3 bright\n", "line 2 has a number above 255"),
    ],
)
def test_broken_files_are_refused_with_the_line(tmp_path, content, words):
    (tmp_path / "a.gpl").write_bytes(content)
    with pytest.raises(UserError, match=words) as caught:
        read_gpl(tmp_path / "a.gpl")
    assert caught.value.path == tmp_path / "a.gpl"
    assert caught.value.remedy


def test_files_that_are_no_palettes(tmp_path):
    (tmp_path / "big.gpl").write_bytes(b"GIMP Palette\n" + b"#" * (5 << 20))
    for path in (tmp_path / "no.gpl", tmp_path, tmp_path / "big.gpl", tmp_path / "a\0b"):
        with pytest.raises(UserError):
            read_gpl(path)


def test_write_refuses_other_suffixes_and_missing_folders(tmp_path):
    with pytest.raises(UserError, match=r"save it as a\.gpl"):
        write_gpl(tmp_path / "a.txt", PALETTE)
    with pytest.raises(UserError, match="folder does not exist"):
        write_gpl(tmp_path / "no" / "a.gpl", PALETTE)


def test_damaged_bytes(tmp_path):
    path = tmp_path / "a.gpl"
    write_gpl(path, PALETTE)
    whole = path.read_bytes()
    dice = random.Random(3)
    for _ in range(200):
        data = bytearray(whole)
        data[dice.randrange(len(data))] = dice.randrange(256)
        path.write_bytes(data)
        with contextlib.suppress(UserError):
            read_gpl(path)
