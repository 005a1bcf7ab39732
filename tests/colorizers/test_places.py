"""Where in the references a region's colour was found: shapes, ranges, the right reference and the right place."""

from __future__ import annotations

import figures
import numpy as np
import pytest
from painting import region_at
from referring import reference

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.matching import Find
from mangapaint.colorizers.method import Matches
from mangapaint.colorizers.places import BEST, areas_of, matches
from mangapaint.colorizers.sights import Sight, of_reference
from mangapaint.colorizers.voting import Proposal
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

SIDE = 120
LEFT, RIGHT = (30, 60), (90, 60)


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Pixels:
    pixels = np.empty((SIDE, SIDE, 3), np.uint8)
    pixels[:, : SIDE // 2], pixels[:, SIDE // 2 :] = left, right
    return pixels


ONE = halves((210, 60, 50), (60, 90, 200))
OTHER = halves((90, 180, 80), (230, 210, 80))
SIGHTS: tuple[Sight, ...] = tuple(of_reference(reference(item), lines=False) for item in (ONE, OTHER))


@pytest.fixture(scope="module")
def page() -> PageAnalysis:
    """A dark and a light half."""
    return figures.gray_page(np.repeat(np.uint8([[90, 190]]), SIDE // 2, axis=1).repeat(SIDE, axis=0))


def find(number: np.ndarray, at: np.ndarray, *, weight: float = 1.0, sure: float = 1.0) -> Find:
    """Every page pixel points to a reference and a place in it, (SIDE, SIDE) and (SIDE, SIDE, 2) in parts."""
    count = number.size
    pixel = np.minimum((at.reshape(-1, 2) * SIDE).astype(int), SIDE - 1)
    lab = np.stack([SIGHTS[item].lab[y, x] for item, (x, y) in zip(number.ravel().tolist(), pixel, strict=True)])
    row = np.arange(count).reshape(number.shape)
    votes = Proposal(lab, np.full(count, weight, np.float32), np.full(count, sure, np.float32), row)
    return Find(votes, number.ravel().astype(np.int16), at.reshape(-1, 2).astype(np.float32), exact=True)


def everywhere(number: int, at: tuple[float, float], **fields: float) -> Find:
    return find(np.full((SIDE, SIDE), number), np.tile(np.float32(at), (SIDE, SIDE, 1)), **fields)


def own_places() -> np.ndarray:
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    return np.dstack([x + 0.5, y + 0.5]) / SIDE


def gathered(page: PageAnalysis, *finds: Find) -> Matches:
    return matches(page, [(Rect(0, 0, SIDE, SIDE), finds)], SIGHTS)


def sound(page: PageAnalysis, found: Matches) -> None:
    """What holds for all matches."""
    count = page.regions.count
    assert found.reference.shape == found.confidence.shape == found.area.shape == (count, BEST)
    assert found.at.shape == (count, BEST, 2)
    assert found.color.shape == (count, BEST, 3)
    assert [part.dtype for part in (found.reference, found.at, found.color, found.confidence, found.area)] == [
        np.int16, np.float32, np.uint8, np.float32, np.int32,
    ]  # fmt: skip
    assert -1 <= found.reference.min() <= found.reference.max() < len(SIGHTS)
    assert 0 <= found.at.min() <= found.at.max() <= 1
    assert 0 <= found.confidence.min() <= found.confidence.max() <= 1 + 1e-5
    assert (np.diff(found.confidence, axis=1) <= 1e-6).all()
    assert (found.confidence.sum(axis=1) <= 1 + 1e-5).all()
    absent = found.reference < 0
    assert not found.confidence[absent].any()
    assert (np.diff(absent.astype(int), axis=1) >= 0).all()
    assert len(found.areas) == len(SIGHTS)
    for number, x, y, area in zip(*(part[~absent] for part in (found.reference, found.at[..., 0], found.at[..., 1],
                                                               found.area)), strict=True):  # fmt: skip
        labels = found.areas[number]
        height, width = labels.shape
        assert labels[min(int(y * height), height - 1), min(int(x * width), width - 1)] == area


def test_each_region_is_told_its_reference_place_and_colour(page):
    number = np.zeros((SIDE, SIDE), int)
    number[:, SIDE // 2 :] = 1
    found = gathered(page, find(number, own_places()))
    sound(page, found)
    for place, item, color in ((LEFT, 0, (210, 60, 50)), (RIGHT, 1, (230, 210, 80))):
        region = region_at(page, *place)
        assert found.reference[region, 0] == item
        assert abs(found.at[region, 0, 0] - place[0] / SIDE) < 0.26
        np.testing.assert_allclose(found.color[region, 0], color, atol=2)
        assert found.confidence[region, 0] > 0.9


def test_the_next_best_places_follow_by_their_votes(page):
    finds = [everywhere(1, (0.25, 0.5), weight=1), everywhere(0, (0.75, 0.5), weight=3),
             everywhere(0, (0.25, 0.5), weight=2)]  # fmt: skip
    found = gathered(page, *finds)
    sound(page, found)
    region = region_at(page, *LEFT)
    assert found.reference[region].tolist() == [0, 0, 1, -1]
    np.testing.assert_allclose(found.confidence[region, :3], (3 / 6, 2 / 6, 1 / 6), atol=0.01)
    np.testing.assert_allclose(found.color[region, :3], ((60, 90, 200), (210, 60, 50), (90, 180, 80)), atol=2)


def test_the_place_that_is_shown_has_the_matchs_colour(page):
    """Of equal votes: not one on a line."""
    pixels = halves((210, 60, 50), (60, 90, 200))
    pixels[::5], pixels[:, ::5] = 20, 20
    lined = of_reference(reference(pixels), lines=False)
    y, x = np.mgrid[:SIDE, :SIDE]
    row = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    ones = np.ones(SIDE * SIDE, np.float32)
    votes = Proposal(lined.lab.reshape(-1, 3), ones * (1 + 0.01 * (pixels[y, x, 0] == 20).ravel()), ones, row)
    at = Find(votes, np.zeros(SIDE * SIDE, np.int16), own_places().reshape(-1, 2), exact=True)
    found = matches(page, [(Rect(0, 0, SIDE, SIDE), [at])], (lined,))
    for place, color in ((LEFT, (210, 60, 50)), (RIGHT, (60, 90, 200))):
        np.testing.assert_allclose(found.color[region_at(page, *place), 0], color, atol=2)
        there = (found.at[region_at(page, *place), 0] * SIDE).astype(int)
        assert tuple(pixels[there[1], there[0]].tolist()) == color


def test_votes_for_not_to_be_found_are_none(page):
    found = gathered(page, everywhere(0, (0.25, 0.5), sure=0.0), everywhere(1, (0.25, 0.5), weight=0.0))
    sound(page, found)
    assert (found.reference == -1).all()
    assert not found.confidence.any()


def test_crumbs_are_no_suggestion(page):
    found = gathered(page, everywhere(0, (0.25, 0.5)), everywhere(1, (0.25, 0.5), weight=0.005))
    sound(page, found)
    assert (found.reference[:, 1:] == -1).all()


def test_a_part_speaks_only_for_its_own_regions(page):
    found = matches(page, [(Rect(0, 0, SIDE // 2, SIDE), [everywhere(1, (0.75, 0.5))])], SIGHTS)
    sound(page, found)
    assert found.reference[region_at(page, *LEFT), 0] == 1
    assert found.reference[region_at(page, *RIGHT), 0] == -1


def test_a_reference_is_divided_into_areas_of_one_colour():
    found = areas_of(SIGHTS[0])
    assert found.dtype == np.int32
    assert found.shape == SIGHTS[0].light.shape
    assert np.unique(found).tolist() == [0, 1]
    assert found[60, 30] != found[60, 90]


def test_areas_of_one_colour_that_do_not_touch_are_two():
    pixels = halves((210, 60, 50), (210, 60, 50))
    pixels[:, 50:70] = (240, 240, 240)
    found = areas_of(of_reference(reference(pixels), lines=False))
    assert len({int(found[60, x]) for x in (20, 60, 100)}) == 3


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 3), (40, 40)])
def test_odd_references_are_one_area(size):
    found = areas_of(of_reference(reference(np.full((*size, 3), (200, 60, 60), np.uint8)), lines=False))
    assert found.shape == size
    assert not found.any()


def test_noise_is_no_heap_of_areas():
    noisy = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    found = areas_of(of_reference(reference(noisy), lines=False))
    assert found.min() == 0
    assert np.bincount(found.ravel()).min() > 0
    assert found.max() < 60 * 60 / 10
