"""Hints as pixels, and which regions they mean."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis import hints
from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.hints import Hint, of_picture, of_stroke, vote
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, stroke

RED, BLUE = (220, 30, 40), (30, 60, 220)


@pytest.fixture(scope="module")
def boxes() -> PageAnalysis:
    """Two boxes side by side, a line of one pixel between them at x = 48."""
    return analyze(drawing.page(drawing.two_boxes()))


@pytest.fixture(scope="module")
def target() -> PageAnalysis:
    return analyze(drawing.page(drawing.target()))


def region_at(analysis: PageAnalysis, x: int, y: int) -> int:
    return int(analysis.regions.labels[y, x])


def voted(analysis: PageAnalysis, *points: tuple[float, float], width: float) -> dict[int, int]:
    hint = of_stroke(stroke(points, width=width, color=RED), *analysis.gray.shape)
    assert hint is not None
    found = vote(hint, analysis)
    return dict(zip(found.regions.tolist(), found.pixels.tolist(), strict=True))


def union(found: tuple[Hint, ...], shape: tuple[int, int]) -> np.ndarray:
    """How many hints hold each pixel."""
    count = np.zeros(shape, int)
    for hint in found:
        count[hint.rect.slices] += hint.mask
    return count


def test_a_picture_is_taken_apart_by_colour_and_by_place():
    colors, mask = np.zeros((40, 60, 3), np.uint8), np.zeros((40, 60), bool)
    for x, color in ((2, RED), (20, RED), (28, BLUE), (45, BLUE)):
        colors[5:15, x : x + 8], mask[5:15, x : x + 8] = color, True
    mask[30, 50], colors[30, 50] = True, RED
    found = of_picture(colors, mask)
    assert sorted((hint.rect.x0, hint.rect.x1, hint.color) for hint in found) == [
        (2, 10, RED),
        (20, 28, RED),
        (28, 36, BLUE),
        (45, 53, BLUE),
        (50, 51, RED),
    ]
    np.testing.assert_array_equal(union(found, mask.shape), mask)
    assert [hint.width for hint in found if hint.rect.x0 == 50] == [pytest.approx(2, abs=0.2)]
    assert [hint.width for hint in found if hint.rect.x0 == 2] == [pytest.approx(8, rel=0.2)]


def test_no_opaque_pixel_is_no_hint():
    assert of_picture(np.zeros((5, 6, 3), np.uint8), np.zeros((5, 6), bool)) == ()


def test_patches_that_touch_by_a_corner_are_one():
    mask = np.eye(12, dtype=bool)
    assert len(of_picture(np.full((12, 12, 3), 9, np.uint8), mask)) == 1


def photograph(size: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    smooth = cv2.resize(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8), (size, size), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth + rng.normal(0, 9, smooth.shape), 0, 255).astype(np.uint8)


def test_a_photograph_as_hints_is_few_hints_of_its_own_colours(monkeypatch):
    photo, everywhere = photograph(400), np.ones((400, 400), bool)
    found = of_picture(photo, everywhere)
    assert 8 < len(found) <= hints.MANY_HINTS
    np.testing.assert_array_equal(union(found, (400, 400)), everywhere)
    for hint in found[:: len(found) // 8]:
        held = photo[hint.rect.slices][hint.mask]
        assert (held == hint.color).all(axis=1).any()
        assert np.abs(held.astype(int) - hint.color).max() < 64
    monkeypatch.setattr(hints, "MANY_PIXELS", 20 * 400 * 400)
    fewer = of_picture(photo, everywhere)
    assert sum(hint.mask.size for hint in fewer) <= 20 * 400 * 400
    np.testing.assert_array_equal(union(fewer, (400, 400)), everywhere)


def test_flat_colours_stay_exact_beside_a_photograph():
    colors, mask = np.zeros((300, 400, 3), np.uint8), np.zeros((300, 400), bool)
    colors[:, :300], mask[:, :300] = photograph(300), True
    colors[20:60, 320:390], mask[20:60, 320:390] = (201, 87, 33), True
    exact = [hint.color for hint in of_picture(colors, mask) if hint.rect.x0 == 320]
    assert exact == [(201, 87, 33)]


def test_a_scribble_that_touches_the_line_means_one_box(boxes):
    left, right = region_at(boxes, 20, 30), region_at(boxes, 70, 30)
    assert set(voted(boxes, (20, 30), (45, 30), width=10)) == {left}
    assert set(voted(boxes, (10, 20), (40, 40), (46, 30), width=8)) == {left}
    assert set(voted(boxes, (30, 30), (66, 30), width=10)) == {left, right}


def test_ink_does_not_vote(target):
    left = region_at(target, 40, 150)
    found = voted(target, (40, 20), (40, 100), width=12)
    assert set(found) == {left}
    hint = of_stroke(stroke([(40, 20), (40, 100)], width=12, color=RED), 200, 200)
    bare = hint.mask & ~target.ink[hint.rect.slices] & (target.regions.labels[hint.rect.slices] == left)
    assert found[left] == bare.sum() < hint.mask.sum()


def test_a_brush_larger_than_a_region_means_it_when_it_covers_it(target):
    small, left = region_at(target, 58, 98), region_at(target, 40, 150)
    assert set(voted(target, (58, 98), width=24)) == {small, left}
    assert set(voted(target, (58, 98), width=7)) == {small}
    assert small not in voted(target, (44, 98), width=20)


def test_a_dot_of_one_pixel_counts(target):
    hint = Hint(RED, Rect(58, 98, 59, 99), np.ones((1, 1), bool), 1.0)
    assert vote(hint, target).regions.tolist() == [region_at(target, 58, 98)]


def test_a_hint_only_on_ink_means_what_lies_under_it(boxes):
    on_line = Hint(RED, Rect(48, 20, 49, 40), np.ones((20, 1), bool), 1.0)
    found = vote(on_line, boxes)
    assert found.regions.tolist() == [region_at(boxes, 48, 30)]
    assert found.pixels.sum() == 20


def test_votes_count_pixels(boxes):
    rng = np.random.default_rng(0)
    for _ in range(30):
        points = rng.uniform((0, 0), (96, 64), (3, 2)).tolist()
        hint = of_stroke(stroke(points, width=float(rng.uniform(1, 30)), color=RED), 64, 96)
        found = vote(hint, boxes)
        assert len(found.regions) >= 1
        counted = hint.mask & ~boxes.ink[hint.rect.slices]
        for region, pixels in zip(found.regions.tolist(), found.pixels.tolist(), strict=True):
            assert pixels == (counted & (boxes.regions.labels[hint.rect.slices] == region)).sum()


def test_a_vote_tells_its_parts(boxes):
    hint = of_stroke(stroke([(30, 30), (60, 30)], width=8, color=RED), 64, 96)
    found = vote(hint, boxes)
    assert [part[:2] for part in found.parts] == list(zip(found.regions.tolist(), found.pixels.tolist(), strict=True))
    shares = {region: share for region, _, share in found.parts}
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[region_at(boxes, 20, 30)] > shares[region_at(boxes, 70, 30)] > 0.2


@pytest.mark.parametrize("purpose", list(Purpose))
def test_whatever_a_stroke_is_for_it_lies_on_the_same_pixels(purpose):
    points = [(10, 10), (40, 30), (20, 50)]
    drawn = of_stroke(stroke(points, width=7, color=RED, purpose=purpose), 64, 96)
    plain = of_stroke(stroke(points, width=7, color=RED), 64, 96)
    assert drawn.rect == plain.rect
    np.testing.assert_array_equal(drawn.mask, plain.mask)
