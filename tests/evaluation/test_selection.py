"""Which pictures of which folders are measured, how many of them, and of which splits."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.evaluation.corpus import Group
from mangapaint.evaluation.selection import Selection, find


def chosen(*data: Path, **wanted) -> list[str]:
    return [sample.name for sample in find(Selection(data, **wanted))]


def write_split(path: Path, **said: list[str]) -> None:
    path.write_text(json.dumps(said))


@pytest.fixture
def stories(tmp_path) -> Path:
    """Two series of ten pictures each, and drawings of two stories and of something else."""
    for number in range(10):
        for name in ("frogs", "cats"):
            path = tmp_path / "series" / name / f"{number:03}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    for name in ("asp-0007-01", "asp-0066-01", "asp-0066-02", "heads-00"):
        (tmp_path / "lineart" / name).mkdir(parents=True)
        for file in ("line.png", "color.png"):
            (tmp_path / "lineart" / name / file).touch()
    return tmp_path


def test_each_group_has_its_stride_and_all_is_all(data):
    found = find(Selection((data,)))
    assert [(sample.group, sample.name) for sample in found] == [
        (Group.VECTOR, "boxes-00"),
        (Group.HAND, "asp-boxes"),
        (Group.GRAY, "one/000"),
    ]
    assert len(chosen(data, everything=True)) == 5
    assert len(chosen(data, everything=True, limit=1)) == 3
    assert chosen(data, kinds=(Kind.GRAY,)) == ["one/000"]


def test_every_tenth_and_every_eighth(tmp_path):
    for name in [*(f"v-{i:02}" for i in range(21)), *(f"asp-{i:02}" for i in range(17))]:
        (tmp_path / name).mkdir()
        for file in ("line.png", "color.png"):
            (tmp_path / name / file).touch()
    (tmp_path / "v-00" / "color.png").unlink()
    assert chosen(tmp_path) == ["v-01", "v-11", "asp-00", "asp-08", "asp-16"]


@pytest.mark.parametrize(
    ("each", "numbers"), [(1, [0]), (2, [0, 5]), (4, [0, 2, 5, 7]), (10, range(10)), (99, range(10))]
)
def test_so_many_pictures_of_each_series_spread_evenly(stories, each, numbers):
    found = chosen(stories / "series", each=each)
    assert found == [f"{name}/{number:03}" for name in ("cats", "frogs") for number in numbers]


def test_the_stride_goes_over_series_and_spares_a_folder_of_nothing_but_series(stories):
    gray = (Kind.GRAY,)
    assert chosen(stories, each=2, kinds=gray) == ["cats/000", "cats/005"]
    assert chosen(stories, each=2, kinds=gray, everything=True) == chosen(stories / "series", each=2)


def test_the_targets_of_pairs_are_pictures_turned_gray(paired):
    shutil.rmtree(paired / "lineart")
    found = find(Selection((paired / "pairs",)))
    assert [(sample.name, sample.group, sample.truth.name, sample.page) for sample in found] == [
        (name, Group.GRAY, "target.png", None) for name in ("other", "plain", "same")
    ]
    assert find(Selection((paired,))) == find(Selection((paired / "pairs",)))
    assert chosen(paired / "pairs", splits=("validation",)) == ["other"]
    assert chosen(paired / "pairs", splits=("validation", "train")) == ["other", "same"]


def test_several_folders_are_one_collection_and_no_picture_comes_twice(stories, paired):
    folders = stories / "series", paired / "pairs", stories / "series"
    assert chosen(*folders) == ["cats/000", "frogs/000", "other", "plain", "same"]
    assert chosen(*folders, limit=3) == ["cats/000", "frogs/000", "plain"]


@pytest.mark.parametrize("place", ["series", "."])
def test_a_split_lies_in_the_folder_or_beside_it(stories, place):
    write_split(stories / place / "split.json", validation=["cats"], evaluation_only=["frogs"])
    assert chosen(stories / "series", splits=("validation",)) == ["cats/000"]
    assert chosen(stories / "series", splits=("evaluation_only",)) == ["frogs/000"]
    assert chosen(stories / "series") == ["cats/000", "frogs/000"]


def test_what_is_not_mentioned_may_have_been_trained_on(stories):
    write_split(stories / "split.json", validation=["cats"])
    assert chosen(stories / "series", splits=("train",)) == ["frogs/000"]


def test_drawings_by_hand_go_by_their_stories_exactly_and_others_by_their_series(stories):
    write_split(
        stories / "split.json",
        validation=["asp-0007-a-tall-man", "heads"],
        lineart_validation_stories=["0066"],
    )
    line = {"kinds": (Kind.LINE,), "everything": True}
    assert chosen(stories, splits=("validation",), **line) == ["heads-00", "asp-0066-01", "asp-0066-02"]
    assert chosen(stories, splits=("train",), **line) == ["asp-0007-01"]
    write_split(stories / "split.json", validation=["asp-0007-a-tall-man"])
    assert chosen(stories / "lineart", splits=("validation",), **line) == ["asp-0007-01"]


def test_a_split_comes_before_the_stride(stories):
    write_split(stories / "split.json", validation=["frogs"])
    assert chosen(stories, splits=("validation",)) == ["frogs/000"]


def test_a_broken_split_matters_only_where_splits_are_wanted(stories):
    (stories / "split.json").write_text("{")
    assert chosen(stories / "series")
    with pytest.raises(UserError, match=r"split\.json: .*split"):
        chosen(stories / "series", splits=("train",))


@pytest.mark.parametrize("wanted", [{"each": 0}, {"limit": 0}, {"each": -1}])
def test_less_than_one_picture_is_refused(stories, wanted):
    with pytest.raises(UserError, match="--each and --limit"):
        chosen(stories, **wanted)


def test_a_folder_that_is_missing_or_holds_nothing_is_refused_among_others_too(stories, tmp_path):
    with pytest.raises(UserError, match="nowhere: there is no such folder"):
        chosen(stories, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"empty: there are no pictures .*line\.png"):
        chosen(stories, tmp_path / "empty")


def test_where_nothing_is_left_it_is_said_why(stories):
    with pytest.raises(UserError, match=r"series: there are no pictures to measure as line; .*--kind"):
        chosen(stories / "series", kinds=(Kind.LINE,))
    with pytest.raises(UserError, match=r"series: nothing says of which split .*split\.json"):
        chosen(stories / "series", splits=("train",))
    write_split(stories / "split.json", validation=["cats"])
    with pytest.raises(UserError, match=r"no pictures of tests to measure as line or gray; .*: train, validation$"):
        chosen(stories / "series", splits=("tests",))
