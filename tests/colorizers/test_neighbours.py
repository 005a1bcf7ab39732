"""The places most alike: all of them where there are few, nearly all where only groups are looked through."""

from __future__ import annotations

import numpy as np
import pytest

from mangapaint.colorizers import neighbours
from mangapaint.colorizers.neighbours import NEAREST, descriptions, nearest


def clouds(count: int, *, seed: int = 0, middles: int = 60, dimensions: int = 12) -> np.ndarray:
    """Descriptions as pictures have them: in clouds, not evenly spread."""
    random = np.random.default_rng(seed)
    centers = np.random.default_rng(99).normal(0, 1, (middles, dimensions))
    return (centers[random.integers(0, middles, count)] + random.normal(0, 0.3, (count, dimensions))).astype(np.float32)


def by_force(page: np.ndarray, others: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    far = ((page[:, None].astype(np.float64) - others[None]) ** 2).sum(axis=2)
    index = far.argsort(axis=1, kind="stable")[:, :count]
    return index, np.take_along_axis(far, index, axis=1)


@pytest.mark.parametrize("count", [1, 3, 8, 200])
def test_among_few_all_are_compared(count):
    page, others = clouds(50), clouds(count, seed=1)
    index, far = nearest(page, others)
    right, distance = by_force(page, others, min(NEAREST, count))
    assert index.shape == far.shape == (50, min(NEAREST, count))
    assert far.dtype == np.float32
    np.testing.assert_array_equal(index, right)
    np.testing.assert_allclose(far, distance, rtol=1e-3, atol=1e-3)


def test_few_are_compared_in_parts_and_none_is_left_out(monkeypatch):
    page, others = clouds(50), clouds(40, seed=1)
    whole = nearest(page, others)
    monkeypatch.setattr(neighbours, "AT_ONCE", 7)
    for one, other in zip(nearest(page, others), whole, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_among_many_nearly_all_of_the_nearest_are_found():
    page, others = clouds(300), clouds(5000, seed=1)
    assert len(others) > neighbours.LEAST_GROUPED
    index, far = nearest(page, others)
    right, distance = by_force(page, others, NEAREST)
    recall = np.mean([len(np.intersect1d(*rows)) / NEAREST for rows in zip(index, right, strict=True)])
    assert recall > 0.9
    assert np.mean(index[:, 0] == right[:, 0]) > 0.9
    assert (np.diff(far, axis=1) >= 0).all()
    assert (far >= distance.astype(np.float32) - 1e-3).all()
    assert all(len(set(row)) == NEAREST for row in index.tolist())
    there = ((page[:, None].astype(np.float64) - others[index]) ** 2).sum(axis=2)
    np.testing.assert_allclose(far, there, rtol=1e-3, atol=1e-3)


def test_a_place_is_its_own_nearest():
    others = clouds(4000)
    index, far = nearest(others[::10], others)
    assert np.mean(index[:, 0] == np.arange(0, 4000, 10)) > 0.999
    assert far[:, 0].max() < 1e-2


@pytest.mark.parametrize("kinds", [1, 2, 5])
def test_fewer_groups_than_are_looked_through_do_no_harm(kinds):
    some = clouds(kinds)
    others = np.repeat(some, 2000, axis=0)
    index, far = nearest(some, others)
    assert index.shape == (kinds, NEAREST)
    assert np.isfinite(far).all()
    np.testing.assert_array_equal(index // 2000, np.repeat(np.arange(kinds)[:, None], NEAREST, axis=1))


def test_the_same_question_has_the_same_answer():
    page, others = clouds(100), clouds(3000, seed=1)
    for one, other in zip(nearest(page, others), nearest(page.copy(), others.copy()), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("size", [(20, 31), (1, 1), (1, 40), (40, 1), (2, 3)])
def test_every_place_is_described(size):
    light = np.random.default_rng(0).uniform(0, 100, size).astype(np.float32)
    found = descriptions(light)
    assert found.shape[0] == size[0] * size[1]
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert found.shape[1] == descriptions(np.zeros((5, 5), np.float32)).shape[1]


def test_position_is_a_weak_prior():
    """Two equal things: the nearer one is preferred; a thing that looks otherwise is not, however near."""
    light = np.full((60, 120), 80, np.float32)
    light[20:40, 20:40], light[20:40, 80:100] = 30, 30
    page = np.full((60, 120), 80, np.float32)
    page[20:40, 56:76] = 30
    others = descriptions(light)
    index, _ = nearest(descriptions(page)[30 * 120 + 66][None], others)
    y, x = divmod(index[0, 0], 120)
    assert light[y, x] == 30
    assert x >= 80


def test_moved_things_are_found_where_they_went():
    random = np.random.default_rng(3)
    light = np.full((64, 64), 90, np.float32)
    thing = random.uniform(10, 60, (16, 16)).astype(np.float32)
    light[8:24, 8:24] = thing
    page = np.full((64, 64), 90, np.float32)
    page[36:52, 40:56] = thing
    asked = [(y + 36) * 64 + x + 40 for y in range(3, 13) for x in range(3, 13)]
    index, _ = nearest(descriptions(page)[asked], descriptions(light))
    right = np.array([(y + 8) * 64 + x + 8 for y in range(3, 13) for x in range(3, 13)])
    assert np.mean(index[:, 0] == right) > 0.9
