from __future__ import annotations

import json
from pathlib import Path

import pytest
from shown import Given, known, write_series

from mangapaint.errors import UserError
from mangapaint.training.originals import Originals, open_sources
from mangapaint.training.splitting import divide

TWENTY = [f"series-{number}" for number in range(20)]


def _of(counts: dict[str, int], *folders: Path) -> Originals:
    """Originals that are never read."""
    rows = ((series, at) for series, count in counts.items() for at in range(count))
    return Originals(tuple(Given(known(), f"{series}/{at}", series) for series, at in rows), folders)


def _series(originals: Originals, numbers: tuple[int, ...]) -> set[str]:
    return {originals.sources[number].series for number in numbers}


def test_series_are_divided_whole() -> None:
    originals = _of(dict.fromkeys(TWENTY, 3))
    split = divide(originals, seed=1)
    assert sorted(split.training + split.validation) == list(range(60))
    assert not _series(originals, split.training) & _series(originals, split.validation)
    assert len(split.validation) == 6
    assert "18 series for training, 2 for validation" in split.how


def test_a_seed_always_gives_the_same_split_and_another_another() -> None:
    originals = _of(dict.fromkeys(TWENTY, 1))
    backwards = _of(dict.fromkeys(TWENTY[::-1], 2))
    kept = [_series(originals, divide(originals, seed=seed).validation) for seed in range(4)]
    assert _series(backwards, divide(backwards, seed=2).validation) == kept[2]
    assert len({frozenset(names) for names in kept}) > 1


def test_two_series_are_one_each() -> None:
    originals = _of({"a": 2, "b": 5})
    split = divide(originals, seed=0)
    assert {frozenset(_series(originals, part)) for part in (split.training, split.validation)} == {
        frozenset("a"),
        frozenset("b"),
    }


@pytest.mark.parametrize(("pictures", "kept"), [(1, 0), (2, 0), (3, 1), (8, 1), (30, 3)])
def test_a_single_series_keeps_its_last_pictures_and_says_so(pictures: int, kept: int) -> None:
    split = divide(_of({"book": pictures}), seed=0)
    assert split.training == tuple(range(pictures - kept))
    assert split.validation == tuple(range(pictures - kept, pictures))
    assert "one series" in split.how
    assert (f"last {kept} of {pictures}" in split.how) == bool(kept)


def _said(folder: Path, **lists: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "split.json").write_text(json.dumps({"_": "a note", **lists}))
    return folder


def test_a_file_that_says_so_decides(tmp_path: Path) -> None:
    folder = _said(tmp_path, train=["a"], validation=["b", "morevna-sita"], evaluation_only=["c"])
    originals = _of({"a": 2, "b": 2, "c": 2, "new": 2, "deeper/b": 1, "morevna-sita": 1}, folder)
    split = divide(originals, seed=0)
    assert _series(originals, split.training) == {"a", "new"}
    assert _series(originals, split.validation) == {"b", "deeper/b", "morevna-sita"}
    assert "split.json" in split.how


def test_stories_of_line_art_go_with_their_series(tmp_path: Path) -> None:
    folder = _said(tmp_path, train=["asp-0005-anansi"], validation=["asp-0001-a-tall-man"],
                   evaluation_only=["asp-0009-frogs"], lineart_validation_stories=["0066"])  # fmt: skip
    originals = _of(
        dict.fromkeys(["asp-0001", "asp-0005", "asp-0066", "asp-0009", "asp-00", "asp-0066-title"], 1), folder
    )
    split = divide(originals, seed=0)
    assert _series(originals, split.validation) == {"asp-0001", "asp-0066"}
    assert _series(originals, split.training) == {"asp-0005", "asp-00", "asp-0066-title"}


def test_the_file_is_found_beside_a_part_of_the_data(tmp_path: Path) -> None:
    write_series(tmp_path / "series", ["a", "b", "c"])
    _said(tmp_path, validation=["b"])
    for path in (tmp_path, tmp_path / "series"):
        originals = open_sources([path])
        assert _series(originals, divide(originals, seed=0).validation) == {"b"}
    alone = open_sources([tmp_path / "series" / "b"])
    assert len(divide(alone, seed=0).training) == 2


def test_a_file_that_keeps_nothing_for_validation_leaves_it_to_the_lot(tmp_path: Path) -> None:
    originals = _of({"a": 2, "b": 2, "c": 2, "d": 2}, _said(tmp_path, train=["a"], evaluation_only=["d"]))
    split = divide(originals, seed=0)
    assert len(split.validation) == 2
    assert _series(originals, split.training + split.validation) == {"a", "b", "c"}


def test_no_series_left_for_training_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no series for training"):
        divide(_of({"a": 2, "b": 2}, _said(tmp_path, validation=["a", "b"])), seed=0)


@pytest.mark.parametrize("text", ["{", "[]", '{"train": "a"}', '{"validation": [1]}', '{"train": null}'])
def test_a_file_that_cannot_be_understood_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "split.json").write_text(text)
    with pytest.raises(UserError, match=r"split\.json: it does not say"):
        divide(_of({"a": 2}, tmp_path), seed=0)
