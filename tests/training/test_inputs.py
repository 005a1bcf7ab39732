from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from shown import known, picture

from mangapaint.evaluation.metrics import turned_gray
from mangapaint.training.inputs import LEVELS, page_of, screened
from mangapaint.training.samples import NOWHERE, Input, Original

BARE = Original("bare", "bare", picture())


def _rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_gray_is_the_luma_that_is_measured_with() -> None:
    np.testing.assert_array_equal(page_of(Input.GRAY, BARE, _rng()), turned_gray(picture()))


def test_edges_are_dark_on_white_and_nothing_between() -> None:
    page = page_of(Input.EDGES, BARE, _rng())
    assert set(np.unique(page)) == {0, 255}
    assert page[5, 5] == 255
    assert (page[:, 60:68].min(axis=1)[16:32] == 0).any()  # the top of the disc
    assert (page == 0).mean() < 0.1


def test_ink_is_the_pictures_own_or_drawn_from_it() -> None:
    own = known()
    assert page_of(Input.INK, own, _rng()) is own.line
    drawn = page_of(Input.INK, BARE, _rng())
    outline = (picture() == 0).all(axis=2)
    assert (drawn[outline] == 0).mean() > 0.8
    assert drawn[5, 5] == 255


def test_tone_is_the_pictures_own_or_screens_by_luminance() -> None:
    own = known()
    assert page_of(Input.TONE, own, _rng()) is own.tone
    for original in (replace(own, tone=None), replace(own, tone=None, regions=None)):
        page = page_of(Input.TONE, original, _rng())
        assert own.line is not None
        assert (page <= own.line).all()
        light, dark = page[4:20, 4:60], page[70:94, 4:60]  # sky, ground
        assert light.mean() > dark.mean() + 8
        assert dark.std() > 20  # dots, no gray wash


def test_there_is_no_screen_where_nothing_is_known_to_be() -> None:
    own = known()
    assert own.regions is not None
    regions = own.regions.copy()
    regions[70:94] = NOWHERE
    page = page_of(Input.TONE, replace(own, tone=None, regions=regions), _rng())
    assert (page[70:94, 4:30] == 255).all()
    assert (page[50:68, 4:30] == 0).any()


@pytest.mark.parametrize("seed", range(6))
def test_screens_cover_more_of_what_is_darker(seed: int) -> None:
    covered = []
    for light in (255, 210, 165, 125, 85, 0):
        dots = screened(np.full((90, 90), light, np.uint8), np.random.default_rng(seed))
        assert dots.dtype == np.uint8
        covered.append(1 - dots.mean() / 255)
    np.testing.assert_allclose(covered, [0, *LEVELS], atol=0.025)


def test_dots_lie_as_far_apart_as_the_screen_says() -> None:
    class Fixed:
        def uniform(self, low: float, high: float) -> float:
            return 8.0 if high > 2 else 0.0

    dots = screened(np.full((80, 80), 150, np.uint8), Fixed())  # type: ignore[arg-type]
    count, _ = cv2.connectedComponents((dots < 128).astype(np.uint8))
    assert 90 <= count - 1 <= 121
