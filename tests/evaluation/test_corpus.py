"""Which drawings and series a folder holds, and how their pictures are read."""

from __future__ import annotations

import numpy as np
from PIL import Image

from mangapaint.evaluation.corpus import Group, line_art, load, series


def test_line_art_is_a_line_with_its_colours_by_name(data):
    (data / "lineart" / "boxes-01" / "color.png").unlink()  # a page without its truth is none
    found = [(sample.group, sample.name) for sample in line_art(data / "lineart")]
    assert found == [(Group.HAND, "asp-boxes"), (Group.VECTOR, "boxes-00")]


def test_series_are_folders_of_pictures_in_order(data):
    folder = data / "series"
    (folder / "one" / "credits.txt").touch()
    (folder / "one" / "._000.png").touch()  # what some systems leave beside each file
    (folder / "empty").mkdir()
    (folder / "loose.png").touch()
    assert [[sample.name for sample in one] for one in series(folder)] == [
        ["one/000", "one/001"],
        ["two/000", "two/001"],
    ]


def test_a_gray_page_is_the_truths_luma_and_line_art_its_own_file(data):
    hand, vector, _ = (load(sample) for sample in line_art(data / "lineart"))
    gray = load(next(series(data / "series"))[0])
    assert gray.page.pixels.shape == (120, 160)
    assert gray.page.pixels[30, 30] == round(0.299 * 220 + 0.587 * 60 + 0.114 * 60)
    assert gray.truth[30, 30].tolist() == [220, 60, 60]
    assert set(np.unique(vector.page.pixels)) == {0, 255}
    assert hand.truth.shape == (120, 160, 3)


def test_a_truth_of_another_size_or_of_one_channel_fits_all_the_same(data):
    large = Image.open(data / "lineart" / "asp-boxes" / "color.jpg").convert("L").resize((320, 240))
    large.save(data / "lineart" / "asp-boxes" / "color.jpg")
    assert load(next(line_art(data / "lineart"))).truth.shape == (120, 160, 3)
