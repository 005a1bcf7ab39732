"""Series to measure networks on: which one, in which order, what is held out, and what a network is shown of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from serieswork import scene, write_series

from mangapaint.errors import UserError
from mangapaint.evaluation.metrics import turned_gray
from mangapaint.evaluation.networks_series import Series, find_series
from mangapaint.progress import Silent
from mangapaint.training.samples import Input


def opened(folder, seed: int = 0) -> Series:
    return Series.of(folder, seed=seed, progress=Silent())


@pytest.fixture
def several(tmp_path):
    for name, count in (("few", 2), ("many", 5), ("some", 3)):
        write_series(tmp_path / "series" / name, count)
    write_series(tmp_path / "pairs" / "beside", 9)
    return tmp_path


def test_the_largest_series_is_taken_unless_others_are_named(several):
    assert [folder.name for folder in find_series(several, ())] == ["many"]
    assert [folder.name for folder in find_series(several / "series", ())] == ["many"]
    assert [folder.name for folder in find_series(several, ("some", "few", "some"))] == ["some", "few"]


def test_a_folder_of_pictures_is_a_series_itself(several):
    folder = several / "series" / "few"
    assert find_series(folder, ()) == (folder,)
    assert find_series(folder, ("few",)) == (folder,)


def test_what_is_not_there_is_refused(several):
    (several / "series" / "empty").mkdir()
    for data, names in ((several, ("nobody",)), (several, ("empty",)), (several / "none", ()),
                        (several / "series" / "empty", ())):  # fmt: skip
        with pytest.raises(UserError):
            find_series(data, names)


def test_the_order_is_drawn_by_lot_and_always_the_same_for_a_seed(tmp_path):
    folder = write_series(tmp_path / "story", 12)
    orders = [opened(folder, seed).order for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == list(range(12))
    assert orders[0] != tuple(range(12))


def test_broken_pictures_and_folders_below_are_left_out(tmp_path):
    folder = write_series(tmp_path / "story", 4)
    write_series(folder / "below", 3)
    (folder / "01.png").write_bytes(b"no picture")
    series = opened(folder)
    assert sorted(series.names(series.order)) == ["story/00", "story/02", "story/03"]
    assert len(series.originals.skipped) == 1


@pytest.mark.parametrize("count", [2, 3, 11])
def test_no_picture_is_learned_from_and_measured(tmp_path, count):
    series = opened(write_series(tmp_path / "story", count))
    few, most = series.few(1), series.most()
    for cut in (few, most):
        assert sorted(cut.learned + cut.held) == list(range(count))
        assert cut.held
    assert len(few.learned) == 1
    assert len(most.held) == max(1, round(count / 5))


def test_a_series_that_leaves_nothing_to_measure_on_is_refused(tmp_path):
    series = opened(write_series(tmp_path / "story", 3))
    with pytest.raises(UserError, match="3 pictures"):
        series.few(3)
    with pytest.raises(UserError):
        opened(write_series(tmp_path / "single", 1)).most()


def test_a_network_is_shown_the_whole_picture_at_its_size_without_a_rim(tmp_path):
    series = opened(write_series(tmp_path / "story", 2))
    truth = cv2.resize(scene(1), (64, 48), interpolation=cv2.INTER_AREA)
    sample = series.sample(1, Input.GRAY, size=64, seed=0)
    assert sample.color.shape == (48, 64, 3)
    assert np.abs(sample.color.astype(int) - truth).mean() < 3
    assert (sample.page == turned_gray(sample.color)).all()
    edges = series.sample(1, Input.EDGES, size=64, seed=0)
    assert (edges.color == sample.color).all()
    assert set(np.unique(edges.page)) == {0, 255}
    assert series.path(1).name == "01.png"
