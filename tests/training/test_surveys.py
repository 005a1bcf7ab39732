"""What is found out of a whole training set is of all its pictures."""

from __future__ import annotations

import numpy as np
import pytest
from coursework import sample

from mangapaint.colorizers.gamut import bins
from mangapaint.training import surveys


def flat(color, height=40, width=56):
    return np.full((height, width, 3), color, np.uint8)


def test_a_palette_has_the_colours_of_all_pictures():
    colors = [(220, 40, 50), (40, 90, 200), (250, 240, 90)]
    found = surveys.palette_of([sample(flat(color)) for color in colors], 32)
    assert found.dtype == np.uint8
    assert len(found) == 3
    for color in colors:
        assert np.abs(found.astype(int) - color).max(axis=1).min() <= 1


def test_a_palette_has_no_more_colours_than_asked_for():
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    assert len(surveys.palette_of([sample(noise)], 5)) == 5
    with pytest.raises(ValueError, match=r"."):
        surveys.palette_of([], 5)


def test_a_large_picture_is_looked_at_all_over_and_not_more_than_others(monkeypatch):
    monkeypatch.setattr(surveys, "LOOKED_AT", 40_000)
    large = flat((120, 180, 240), 900, 700)
    large[-40:, -40:] = 220, 40, 50
    squares = list(surveys._squares(large, 78))
    assert 60 <= len(squares) <= 95
    assert {square.shape for square in squares} == {(surveys.SIDE, surveys.SIDE, 3)}
    assert (squares[-1] == (220, 40, 50)).all()
    assert len(list(surveys._squares(large[:20, :20], 78))) == 4


@pytest.mark.parametrize("size", [(1, 1), (3, 100), (16, 16)])
def test_small_pictures_are_looked_at_too(size):
    found = surveys.palette_of([sample(flat((10, 200, 30), *size))], 4)
    assert np.abs(found.astype(int) - (10, 200, 30)).max() <= 1
    assert surveys.bins_of([sample(flat((10, 200, 30), *size))]).sum() >= 1


def test_bins_are_those_of_all_pictures_whatever_their_size():
    colors = [(220, 40, 50), (220, 40, 50), (40, 90, 200)]
    found = surveys.bins_of([sample(flat(color, 20 * size, 30 * size)) for size, color in enumerate(colors, 1)])
    assert found.shape == (313,)
    assert found.dtype == np.float32
    assert sorted(found[found > 0]) == pytest.approx([1, 2])
    red = bins()[found.argmax()]
    assert (red > 30).all()


def test_nothing_is_as_frequent_as_anything_else_without_pictures():
    assert not surveys.bins_of([]).any()
