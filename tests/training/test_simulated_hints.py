from __future__ import annotations

import numpy as np
import pytest
from shown import picture, things

from mangapaint.training import simulated_hints as module
from mangapaint.training.samples import NOWHERE
from mangapaint.training.simulated_hints import simulated


def _many(count: int) -> list[np.ndarray]:
    return [simulated(picture(), things(), np.random.default_rng(seed)) for seed in range(count)]


def _only(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(module, "_ways", lambda truth, count, rng: [getattr(module, way)] * max(1, count))
    monkeypatch.setattr(module, "NONE", 0.0)
    monkeypatch.setattr(module, "MANY", 0.0)
    monkeypatch.setattr(module, "ALL", 0.0)


def test_hints_are_opaque_colours_of_the_truth_or_nothing() -> None:
    colors = np.unique(picture().reshape(-1, 3), axis=0).astype(int)
    for hints in _many(60):
        assert hints.shape == (96, 128, 4)
        assert hints.dtype == np.uint8
        assert set(np.unique(hints[..., 3])) <= {0, 255}
        on = hints[..., 3] > 0
        assert (hints[~on] == 0).all()
        if on.any():
            away = np.abs(np.unique(hints[on][:, :3], axis=0).astype(int)[:, None] - colors).max(axis=2).min(axis=1)
            assert np.median(away) <= 2


def test_counts_reach_from_none_to_all() -> None:
    parts = np.array([(hints[..., 3] > 0).mean() for hints in _many(600)])
    assert 0.08 < (parts == 0).mean() < 0.25  # none: 4 %, and an eighth of the counts
    assert 0.001 < (parts == 1).mean() < 0.03
    assert 0 < np.median(parts) < 0.05


def _counts(monkeypatch: pytest.MonkeyPatch, count: int) -> np.ndarray:
    """How many hints so many pictures were given."""
    found: list[int] = []
    ways = module._ways

    def counted(truth: object, wanted: int, rng: np.random.Generator) -> list[object]:
        found.append(wanted)
        return ways(truth, 0, rng)

    monkeypatch.setattr(module, "_ways", counted)
    _many(count)
    return np.array(found)


def test_counts_reach_far(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = _counts(monkeypatch, 3000)
    assert 0.93 < len(counts) / 3000 < 0.97, "the others have none, or all"
    assert counts.min() == 0
    assert 100 < counts.max() <= module.MOST
    assert 0.05 < (counts >= 32).mean() < 0.12  # two sevenths of a quarter, and few of the others
    assert 0.02 < (counts >= 64).mean() < 0.06
    assert 3 <= np.median(counts) <= 7


def test_of_many_hints_every_magnitude_is_as_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 1.0)
    counts = _counts(monkeypatch, 2000)
    assert counts.min() == 1
    magnitudes = np.log2(counts) / np.log2(module.MOST)
    assert abs(np.median(magnitudes) - 0.5) < 0.06
    assert (np.histogram(magnitudes, 4, (0, 1))[0] / len(counts) > 0.2).all()


def test_without_the_many_counts_hardly_reach_that_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 0.0)
    assert (_counts(monkeypatch, 2000) >= 32).mean() < 0.03


def test_the_most_hints_are_laid(monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, "_patch")
    monkeypatch.setattr(module, "MANY", 1.0)
    monkeypatch.setattr(module, "LARGEST", 1)
    dots = [int((hints[..., 3] > 0).sum()) for hints in _many(40)]
    assert 60 < max(dots) <= module.MOST


def test_the_full_picture_is_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALL", 1.0)
    hints = simulated(picture(), things(), np.random.default_rng(0))
    np.testing.assert_array_equal(hints[..., :3], picture())
    assert (hints[..., 3] == 255).all()


def test_patches_are_squares_where_colour_is_even(monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, "_patch")
    monkeypatch.setattr(module, "ENDS", 1.0)
    noisy = picture()
    noisy[:, 64:] = np.random.default_rng(0).integers(0, 255, (96, 64, 3))
    sides, left = set(), 0
    for seed in range(80):
        on = simulated(noisy, things(), np.random.default_rng(seed))[..., 3] > 0
        rows, columns = np.flatnonzero(on.any(axis=1)), np.flatnonzero(on.any(axis=0))
        assert on[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
        assert len(rows) == len(columns)
        sides.add(len(rows))
        left += len(rows) == 1 or columns[-1] < 64
    assert sides == set(range(1, 10))
    assert left > 65


def test_a_patch_reveals_its_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, "_patch")
    monkeypatch.setattr(module, "ENDS", 1.0)
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3)).astype(np.uint8)
    for seed in range(10):
        hints = simulated(noise, np.full((40, 40), NOWHERE, np.int32), np.random.default_rng(seed))
        on = hints[..., 3] > 0
        np.testing.assert_allclose(hints[on][0, :3], noise[on].mean(axis=0), atol=0.51)


@pytest.mark.parametrize("way", ["_dot", "_scribble"])
def test_dots_and_scribbles_stay_in_one_area(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    _only(monkeypatch, way)
    monkeypatch.setattr(module, "ENDS", 1.0)
    areas, lengths = set(), []
    for seed in range(60):
        hints = simulated(picture(), things(), np.random.default_rng(seed))
        on = hints[..., 3] > 0
        assert on.any()
        (area,) = np.unique(things()[on])
        assert area != NOWHERE
        np.testing.assert_array_equal(np.unique(hints[on][:, :3], axis=0), [picture()[things() == area][0]])
        areas.add(int(area))
        rows, columns = np.nonzero(on)
        lengths.append(max(np.ptp(rows), np.ptp(columns)))
    assert areas == {4, 5, 9}
    assert max(lengths) > 25 if way == "_scribble" else max(lengths) <= 9


def test_dots_lie_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, "_dot")
    disc = np.where(things() == 9, 9, NOWHERE).astype(np.int32)
    hints = simulated(picture(), disc, np.random.default_rng(1))
    rows, columns = np.nonzero(hints[..., 3])
    assert abs(rows.mean() - 48) <= 4
    assert abs(columns.mean() - 64) <= 4


def test_a_picture_without_areas_is_hinted_too() -> None:
    nowhere = np.full((96, 128), NOWHERE, np.int32)
    parts = [(simulated(picture(), nowhere, np.random.default_rng(seed))[..., 3] > 0).any() for seed in range(20)]
    assert sum(parts) > 10


def test_small_pictures_are_hinted_without_harm() -> None:
    for seed in range(30):
        hints = simulated(np.full((5, 3, 3), 90, np.uint8), np.zeros((5, 3), np.int32), np.random.default_rng(seed))
        assert hints.shape == (5, 3, 4)
