"""Regions of several colours: families of akin ones, floods that stay inside, hints kept to the pixel."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest
from painting import BLUE, CELL, FLAT, GREEN, LIT, RED, SKIN, colored, dab, dot, grid, picture, region_at

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.hints import Hint, of_stroke
from mangapaint.colorizers import splitting
from mangapaint.colorizers.splitting import AKIN, Parted, Splitter
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Stroke, stroke

LEFT = (40, 150)


@pytest.fixture(scope="module")
def target() -> PageAnalysis:
    """Two large boxes side by side, the left one with a small box in it."""
    return analyze(drawing.page(drawing.target()))


def hints(page: PageAnalysis, *strokes: Stroke) -> tuple[Hint, ...]:
    return tuple(of_stroke(item, *page.gray.shape) for item in strokes)


def parted(page: PageAnalysis, *strokes: Stroke, soft: bool = True) -> Parted:
    region = region_at(page, *LEFT)
    return Splitter(page).parted({region: hints(page, *strokes)}, soft=soft)[region]


def shown(page: PageAnalysis, found: Parted) -> np.ndarray:
    """The row of each pixel of the region, -1 elsewhere."""
    inside = page.regions.labels[found.rect.slices] == region_at(page, *LEFT)
    return np.where(inside, found.index.astype(int), -1)


def distance(one, two) -> float:
    lab = cv2.cvtColor(np.array([[one, two]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    return float(np.linalg.norm(lab[0] - lab[1]))


def test_unlike_colours_stay_flat_and_akin_ones_blend(target):
    assert distance(RED, BLUE) > AKIN > distance(SKIN, LIT)
    unlike = parted(target, dab(40, 40, RED), dab(40, 160, BLUE))
    assert (unlike.colors, unlike.blends) == ((BLUE, RED), ())
    akin = parted(target, dab(40, 40, SKIN), dab(40, 160, LIT))
    (blend,) = akin.blends
    assert (blend.region, blend.rect, blend.row) == (region_at(target, *LEFT), akin.rect, 0)
    assert akin.colors == (SKIN, SKIN, LIT)
    assert blend.lab.dtype == np.float32
    assert np.isfinite(blend.lab).all()


def test_flat_means_no_blend(target):
    strokes = dab(40, 40, SKIN), dab(40, 160, LIT)
    found = parted(target, *strokes, soft=False)
    assert (found.colors, found.blends) == ((SKIN, LIT), ())
    assert not colored(target, *strokes, options=FLAT).blends
    inside = target.regions.labels == region_at(target, *LEFT)
    pixels = picture(target, colored(target, *strokes, options=FLAT))[inside & (target.gray == 255)]
    assert {tuple(color) for color in pixels.tolist()} == {SKIN, LIT}


def test_steps_of_akin_colours_make_one_family_and_bare_paper_is_akin_to_none():
    steps = [(120 + 12 * number, 90 + 8 * number, 70) for number in range(10)]
    assert distance(steps[0], steps[-1]) > 2 * AKIN
    assert set(splitting._families(steps).tolist()) == {0}
    assert set(splitting._families([steps[0], steps[-1]]).tolist()) == {0, 1}
    assert splitting._families([steps[9], BLUE, *steps[:9]]).tolist() == [0, 1] + [0] * 9
    assert splitting._families([(255, 255, 255), None, (254, 254, 254)]).tolist() == [0, 1, 0]
    assert splitting._families([None]).tolist() == [0]


@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize("pixels", [250_000, 1000, 60])
def test_every_hint_pixel_keeps_its_colour_whatever_the_working_size(target, monkeypatch, soft, pixels):
    monkeypatch.setattr(splitting, "SPLIT_PIXELS", pixels)
    rng = np.random.default_rng(3)
    strokes = [dab(*rng.uniform((25, 25), (90, 175)).tolist(), color, width=3) for color in (SKIN, LIT, RED, None) * 3]
    found = parted(target, *strokes, soft=soft)
    owner = np.full(target.gray.shape, -1)
    for number, hint in enumerate(hints(target, *strokes)):
        owner[hint.rect.slices][hint.mask] = number
    rows, owner = shown(target, found), owner[found.rect.slices]
    assert rows.max() < len(found.colors)
    blended = {blend.row for blend in found.blends}
    for number, item in enumerate(strokes):
        mine = set(rows[(owner == number) & (rows >= 0)].tolist())
        assert len(mine) <= 1
        assert all(found.colors[row] == item.color for row in mine)
        assert not mine & blended


def test_every_pixel_of_a_region_is_given_to_a_hint_it_can_be_reached_from(target):
    found = parted(target, dab(40, 40, RED), dab(40, 160, BLUE), dab(80, 100, None))
    rows = shown(target, found)
    assert set(np.unique(rows).tolist()) == {-1, 0, 1, 2}
    for row in range(3):
        count, _ = cv2.connectedComponents((rows == row).astype(np.uint8))
        assert count == 2


def test_a_blend_lies_between_its_colours_and_reaches_them_at_their_hints(target):
    (blend,) = parted(target, dab(40, 40, SKIN), dab(40, 160, LIT)).blends
    ends = cv2.cvtColor(np.array([[SKIN, LIT]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    assert (blend.lab >= ends.min(axis=0) - 0.01).all()
    assert (blend.lab <= ends.max(axis=0) + 0.01).all()
    high, wide = blend.lab.shape[:2]
    for (x, y), end in zip(((40, 40), (40, 160)), ends, strict=True):
        row = int((y - blend.rect.y0) * high / blend.rect.height)
        column = int((x - blend.rect.x0) * wide / blend.rect.width)
        np.testing.assert_allclose(blend.lab[row, column], end, atol=0.3)
    middle = blend.lab[int((100 - blend.rect.y0) * high / blend.rect.height), wide // 4]
    assert np.linalg.norm(middle - ends.mean(axis=0)) < 0.25 * np.linalg.norm(ends[0] - ends[1])


def test_a_hint_painted_over_has_no_part_in_the_blend(target):
    under, over = dab(40, 100, SKIN, width=6), dab(40, 100, LIT, width=14)
    far = dab(80, 165, (206, 126, 98))
    (with_it,) = parted(target, under, over, far).blends
    (without,) = parted(target, over, far).blends
    np.testing.assert_array_equal(with_it.lab, without.lab)
    hidden = parted(target, under, dab(40, 130, LIT, width=6), stroke([(40, 90), (40, 140)], width=30, color=BLUE))
    assert hidden.blends == ()
    rows = set(np.unique(shown(target, hidden)).tolist()) - {-1}
    assert {hidden.colors[row] for row in rows} <= {BLUE, LIT}


def test_a_new_hint_changes_a_blend_near_it_and_not_beyond_its_neighbours():
    page = analyze(drawing.page(np.full((300, 300), 255, np.uint8)))
    region = region_at(page, 5, 5)
    rng = np.random.default_rng(1)
    strokes = [dot(x, y, (SKIN, LIT)[rng.integers(2)]) for x in range(15, 300, 30) for y in range(15, 300, 30)]
    splitter = Splitter(page)
    (old,) = splitter.parted({region: hints(page, *strokes)}, soft=True)[region].blends
    (new,) = splitter.parted({region: hints(page, *strokes, dot(60, 60, SKIN))}, soft=True)[region].blends
    differs = np.argwhere((np.abs(old.lab - new.lab) > 2e-4).any(axis=2)) * 300 / old.lab.shape[0]
    assert len(differs)
    assert (np.abs(differs - 60) < 100).all()


def test_the_order_of_hints_that_do_not_touch_does_not_matter_to_a_blend(target):
    strokes = [dab(30 + 13 * number, 40 + 40 * (number % 3), (SKIN, LIT)[number > 1]) for number in range(4)]
    (one,) = parted(target, *strokes).blends
    (two,) = parted(target, strokes[1], strokes[0], strokes[3], strokes[2]).blends
    np.testing.assert_array_equal(one.lab, two.lab)


@pytest.mark.parametrize("count", [127, 128, 255, 256, 257, 300])
def test_any_number_of_colours_fits_its_index(count):
    page = analyze(drawing.page(np.full((200, 200), 255, np.uint8)))
    region = region_at(page, 5, 5)
    places = [(5 + 11 * (number % 18), 5 + 11 * (number // 18)) for number in range(count)]
    marks = hints(page, *(dot(*place, (number % 256, 40 * (number // 256), 90), width=1)
                          for number, place in enumerate(places)))  # fmt: skip
    for soft in (True, False):
        found = Splitter(page).parted({region: marks}, soft=soft)[region]
        assert int(found.index.max()) < len(found.colors)
        for (x, y), hint in zip(places, marks, strict=True):
            assert found.colors[found.index[y, x]] == hint.color


def test_a_division_is_kept_as_long_as_it_holds(target, monkeypatch):
    splitter = Splitter(target)
    region = region_at(target, *LEFT)
    red, blue, more = hints(target, dab(40, 40, RED), dab(40, 160, BLUE), dab(80, 100, GREEN))
    first = splitter.parted({region: (red, blue)}, soft=True)[region]
    assert splitter.parted({region: (red, blue)}, soft=True)[region] is first
    assert splitter.parted({region: (red, blue)}, soft=False)[region] is not first
    splitter.parted({region: (red, blue, more)}, soft=True)
    assert len(splitter.known) == len(splitter.frames) == 1
    again = splitter.parted({region: (red, blue)}, soft=True)[region]
    np.testing.assert_array_equal(again.index, first.index)
    for number in range(200):
        marks = hints(target, dab(40, 40, RED), dab(30 + number % 50, 160, BLUE))
        splitter.parted({region: marks}, soft=True)
        assert len(splitter.frames[region].laid) <= 2 * 2 + 32 + 2
    splitter.parted({}, soft=True)
    assert not splitter.known
    assert not splitter.frames


def test_many_regions_can_be_divided_at_once():
    page = grid(10, 10)
    marks = {}
    for row in range(10):
        for column in range(10):
            x, y = column * CELL + 3, row * CELL + 6
            marks[region_at(page, x, y)] = hints(page, dot(x, y, RED, width=2), dot(x + 6, y, BLUE, width=2))
    found = Splitter(page).parted(marks, soft=True)
    assert len(found) == 100
    for region, item in found.items():
        assert item.rect == page.regions.box(np.array([region]))
        assert set(np.unique(item.index).tolist()) == {0, 1}


def test_a_region_of_one_pixel_with_two_hints_shows_the_newer():
    page = analyze(drawing.page(np.full((1, 1), 0, np.uint8)))
    marks = tuple(Hint(color, Rect(0, 0, 1, 1), np.ones((1, 1), bool), 1.0) for color in (SKIN, LIT))
    found = Splitter(page).parted({0: marks}, soft=True)[0]
    assert found.colors[found.index[0, 0]] == LIT
