"""Blends at native size: the same in every part, the page's luminance kept, and no difference overlooked."""

from __future__ import annotations

from dataclasses import replace

import cv2
import drawing
import numpy as np
import pytest
from painting import levels

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.blending import FINEST, difference, multiplied, shaded
from mangapaint.colorizers.method import Blend
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect

HEIGHT, WIDTH = 150, 170
PLACE = Rect(11, 7, 160, 141)
NOWHERE = Rect(0, 0, 0, 0)


def even(color, size=(6, 8)) -> np.ndarray:
    one = cv2.cvtColor(np.array([[color]], np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.ascontiguousarray(np.broadcast_to(one, (*size, 3)))


def smooth(seed: int, size=(30, 34)) -> np.ndarray:
    few = np.random.default_rng(seed).uniform((25, -60, -60), (90, 60, 60), (5, 5, 3)).astype(np.float32)
    return cv2.resize(few, size[::-1], interpolation=cv2.INTER_CUBIC)


@pytest.fixture(scope="module")
def page() -> PageAnalysis:
    """Every gray value, softly."""
    noise = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
    soft = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 5), None, 0, 255, cv2.NORM_MINMAX)
    return analyze(drawing.page(soft), kind=Kind.GRAY)


def parts(seed: int):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        x0, y0 = int(rng.integers(PLACE.x0, PLACE.x1)), int(rng.integers(PLACE.y0, PLACE.y1))
        yield Rect(x0, y0, int(rng.integers(x0 + 1, PLACE.x1 + 1)), int(rng.integers(y0 + 1, PLACE.y1 + 1)))


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (30, 34), (134, 149), (200, 300)])
def test_a_part_is_as_it_is_in_the_whole(page, size):
    blend = Blend(None, PLACE, smooth(2, size))
    flat, shades = multiplied(blend, PLACE), shaded(page, blend, PLACE)
    assert flat.shape == shades.shape == (PLACE.height, PLACE.width, 3)
    for rect in parts(3):
        np.testing.assert_array_equal(multiplied(blend, rect), flat[rect.within(PLACE).slices])
        np.testing.assert_array_equal(shaded(page, blend, rect), shades[rect.within(PLACE).slices])


@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (220, 30, 40), (30, 60, 220), (200, 180, 90)])
def test_one_colour_everywhere_is_that_colour(color):
    found = multiplied(Blend(None, PLACE, even(color)), PLACE).astype(int)
    assert np.abs(found - color).max() <= 2


def test_colours_lie_where_they_belong():
    left_right = np.concatenate([even((220, 30, 40), (9, 5)), even((30, 60, 220), (9, 5))], axis=1)
    found = multiplied(Blend(None, PLACE, left_right), PLACE).astype(int)
    middle = PLACE.width / 2
    red = found[..., 0] > found[..., 2]
    assert red[:, : int(middle) - 2].all()
    assert not red[:, int(middle) + 2 :].any()
    np.testing.assert_array_equal(found, np.repeat(found[:1], PLACE.height, axis=0))
    assert (np.diff(found[0, :, 0]) <= 0).all()


def test_shades_keep_the_pages_own_luminance(page):
    found = shaded(page, Blend(None, PLACE, smooth(5)), PLACE)
    gray = page.gray[PLACE.slices]
    assert np.abs(levels(found) - gray).max() < 1.1
    assert (found[gray == 0] == 0).all()
    assert (found[gray == 255] == 255).all()
    assert np.ptp(found.astype(int), axis=2).max() > 60


def test_no_colour_stays_no_colour(page):
    values = smooth(6)
    values[..., 1:] = 0
    found = shaded(page, Blend(None, PLACE, values), PLACE).astype(int)
    assert np.abs(found - page.gray[PLACE.slices][..., None]).max() <= 1


def test_colour_follows_the_pages_edge_where_the_blend_knows_of_it():
    """An edge of the page between two small pixels is found by their luminance, not by their places."""
    gray = np.full((80, 160), 90, np.uint8)
    gray[:, 86:] = 200
    page = analyze(drawing.page(gray), kind=Kind.GRAY)
    small = np.empty((8, 16, 3), np.float32)
    light = cv2.cvtColor(np.repeat(gray[::10, 5::10][..., None], 3, axis=2).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    small[..., 0] = light[..., 0]
    small[..., 1:] = np.where(small[..., :1] > 60, (0, 40), (40, -20))
    found = shaded(page, Blend(None, Rect.whole(80, 160), small), Rect.whole(80, 160)).astype(int)
    warm = found[40, :, 0] - found[40, :, 2]
    assert warm[80:86].max() < 20
    assert warm[86:92].min() > 30


def test_chroma_is_lowered_rather_than_the_luminance_changed(page):
    strong = even((0, 0, 255))
    strong[..., 1:] *= 3
    found = shaded(page, Blend(None, PLACE, strong), PLACE)
    assert np.abs(levels(found) - page.gray[PLACE.slices]).max() < 1.1


def test_the_same_blend_differs_nowhere(page):
    blend = Blend(2, PLACE, smooth(1))
    assert difference(page.regions, blend, blend) == difference(page.regions, None, None) == NOWHERE
    assert difference(page.regions, blend, replace(blend, lab=blend.lab.copy())) == NOWHERE
    assert difference(page.regions, blend, replace(blend, lab=np.rint(blend.lab / FINEST) * FINEST)) == NOWHERE


def test_a_blend_that_comes_or_goes_or_changes_its_place_differs_wholly(page):
    blend = Blend(2, PLACE, smooth(1))
    assert difference(page.regions, blend, None) == difference(page.regions, None, blend) == PLACE
    other = Blend(2, Rect(100, 100, 170, 150), smooth(1))
    assert difference(page.regions, blend, other) == Rect(11, 7, 170, 150)
    assert difference(page.regions, blend, Blend(2, PLACE, smooth(1, (10, 10)))) == PLACE


@pytest.mark.parametrize("seed", range(12))
def test_every_pixel_that_differs_lies_in_the_difference(page, seed):
    rng = np.random.default_rng(seed)
    size = tuple(rng.integers(1, 60, 2).tolist())
    old = Blend(None, PLACE, smooth(seed, size))
    lab = old.lab.copy()
    y, x = int(rng.integers(size[0])), int(rng.integers(size[1]))
    lab[y : y + 3, x : x + 2] += rng.choice([0.1, 0.3, 2, 40])
    new = replace(old, lab=lab)
    rect = difference(page.regions, old, new)
    if size[0] > 40 and size[1] > 40:
        assert rect.area < PLACE.area
    outside = np.ones(page.gray.shape, bool)
    outside[rect.slices] = False
    outside = outside[PLACE.slices]
    for one, two in ((multiplied(old, PLACE), multiplied(new, PLACE)),
                     (shaded(page, old, PLACE), shaded(page, new, PLACE))):  # fmt: skip
        assert not (one != two).any(axis=2)[outside].any()
