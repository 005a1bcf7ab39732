"""Simulated hints: the same each time, where a hand would put them, in the truth's colours."""

from __future__ import annotations

import numpy as np
import pytest

from mangapaint.analysis.hints import of_stroke
from mangapaint.evaluation.dots import dot_radius, dots, seed_of

RED, BLUE = (220, 40, 40), (40, 60, 210)


@pytest.fixture
def truth():
    picture = np.empty((100, 140, 3), np.uint8)
    picture[:, :70], picture[:, 70:] = RED, BLUE
    return picture


def places(strokes):
    return [item.points[0].tolist() for item in strokes]


def test_the_same_seed_gives_the_same_dots_and_fewer_are_the_first_of_more(truth):
    many = dots(truth, 30, seed=5)
    assert len(many) == 30
    assert places(dots(truth, 30, seed=5)) == places(many)
    assert places(dots(truth, 10, seed=5)) == places(many[:10])
    assert places(dots(truth, 30, seed=6)) != places(many)


def test_a_pictures_seed_is_of_its_name():
    assert seed_of("page-01") == 11354821558881719763
    assert len({seed_of("page-01"), seed_of("page-02"), seed_of("page-01", 1)}) == 3


def test_dots_have_the_colour_under_them_and_keep_off_edges(truth):
    radius = dot_radius(100, 140)
    for item in dots(truth, 60, seed=1):
        hint = of_stroke(item, 100, 140)
        under = truth[hint.rect.slices][hint.mask]
        assert (under == item.color).all()
        assert hint.mask.sum() <= (2 * radius + 1) ** 2
    assert {item.color for item in dots(truth, 60, seed=1)} == {RED, BLUE}


def test_dots_keep_off_the_ink(truth):
    ink = np.zeros((100, 140), bool)
    ink[:, :100] = True
    for item in dots(truth, 20, seed=2, ink=ink):
        hint = of_stroke(item, 100, 140)
        assert not ink[hint.rect.slices][hint.mask].any()


def test_dots_seek_the_even_places():
    noise = np.random.default_rng(0).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    noise[:, :50] = RED
    assert all(item.points[0, 0] < 50 for item in dots(noise, 20, seed=3))


def test_where_nothing_is_even_or_bare_dots_are_made_all_the_same():
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    assert len(dots(noise, 12, seed=1)) == 12
    assert len(dots(noise, 12, seed=1, ink=np.ones((60, 60), bool))) == 12


def test_dots_are_apart_while_there_is_room():
    even = np.full((60, 60, 3), 128, np.uint8)
    at = [(int(x) // 5, int(y) // 5) for x, y in places(dots(even, 100, seed=4))]
    assert len(set(at)) == 100
    assert len(dots(even, 200, seed=4)) == 200


def test_a_dots_colour_is_the_mean_under_it():
    checks = np.indices((50, 50)).sum(axis=0) % 2
    picture = np.where(checks[..., None], np.uint8([100, 120, 140]), np.uint8([104, 124, 144])).astype(np.uint8)
    for item in dots(picture, 10, seed=1):
        assert np.abs(np.subtract(item.color, (102, 122, 142))).max() <= 1
