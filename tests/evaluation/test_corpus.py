"""Which pictures are measured, and how they are read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.evaluation.corpus import Group, find, load


def names(samples):
    return [(sample.group, sample.name) for sample in samples]


def test_each_group_has_its_stride_and_all_is_all(data):
    assert names(find(data)) == [(Group.VECTOR, "boxes-00"), (Group.HAND, "asp-boxes"), (Group.GRAY, "one/000")]
    assert len(find(data, everything=True)) == 5
    assert len(find(data, everything=True, limit=1)) == 3
    assert [sample.group for sample in find(data, kinds=(Kind.GRAY,))] == [Group.GRAY]


def test_every_tenth_and_every_eighth(tmp_path):
    for name in [*(f"v-{i:02}" for i in range(21)), *(f"asp-{i:02}" for i in range(17))]:
        (tmp_path / name).mkdir()
        for file in ("line.png", "color.png"):
            (tmp_path / name / file).touch()
    (tmp_path / "v-00" / "color.png").unlink()  # a page without its truth is none
    found = [sample.name for sample in find(tmp_path)]
    assert found == ["v-01", "v-11", "asp-00", "asp-08", "asp-16"]


def test_a_gray_page_is_the_truths_luma_and_line_art_its_own_file(data):
    vector, hand, gray = (load(sample) for sample in find(data))
    assert gray.page.pixels.shape == (120, 160)
    assert gray.page.pixels[30, 30] == round(0.299 * 220 + 0.587 * 60 + 0.114 * 60)
    assert gray.truth[30, 30].tolist() == [220, 60, 60]
    assert set(np.unique(vector.page.pixels)) == {0, 255}
    assert hand.truth.shape == (120, 160, 3)


def test_a_truth_of_another_size_or_of_one_channel_fits_all_the_same(data):
    large = Image.open(data / "lineart" / "boxes-00" / "color.png").convert("L").resize((320, 240))
    large.save(data / "lineart" / "boxes-00" / "color.png")
    assert load(find(data)[0]).truth.shape == (120, 160, 3)


def test_a_folder_that_is_missing_or_holds_nothing_is_refused(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        find(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"empty: there are no pictures .*line\.png"):
        find(tmp_path / "empty")
