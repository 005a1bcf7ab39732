"""Hints are taken out of an area, whatever its shape, and one point of a fill out of the others."""

from __future__ import annotations

import time

import numpy as np
import pytest

from mangapaint.analysis.hints import of_stroke
from mangapaint.document.document import Document
from mangapaint.document.page import Page
from mangapaint.document.strokes import Purpose, cleared, parted, stroke

RED = (220, 30, 40)
PAGE = Page(np.full((100, 200), 255, np.uint8), "blank")


def middle(points: np.ndarray) -> np.ndarray:
    """The area from x = 80 to 120."""
    return (points[:, 0] >= 80) & (points[:, 0] < 120)


def line(*points, width=10.0, purpose=Purpose.HINT):
    return stroke(points, width=width, color=RED, purpose=purpose)


def test_a_line_through_the_area_is_cut_at_both_borders():
    document = Document(PAGE, (line((20, 50), (180, 50)),)).with_cleared(middle)
    left, right = document.strokes
    assert left.points[0].tolist() == [20, 50]
    assert right.points[-1].tolist() == [180, 50]
    assert 73 < left.points[:, 0].max() < 80
    assert 120 < right.points[:, 0].min() < 127
    assert (left.color, left.width, left.purpose) == (RED, 10.0, Purpose.HINT)


def test_the_round_ends_of_what_is_left_hardly_reach_into_the_area():
    cover = np.zeros((100, 200), bool)
    for item in cleared((line((20, 50), (180, 50), width=30),), middle):
        hint = of_stroke(item, 100, 200)
        cover[hint.rect.slices] |= hint.mask
    assert cover[:, :80].any()
    assert cover[:, 80:100].sum() < 0.25 * 30**2
    assert cover[:, 100:120].sum() < 0.25 * 30**2


def test_a_line_between_two_far_points_is_cut_where_the_area_is_and_nowhere_else():
    pieces = cleared((line((0, 10), (200, 90)),), middle)
    assert [piece.points[[0, -1], 0].round().tolist() for piece in pieces] == [
        [0, pytest.approx(76, abs=3)],
        [pytest.approx(124, abs=3), 200],
    ]


def test_pressure_runs_on_in_the_pieces():
    item = stroke([(0, 50), (200, 50)], width=10, color=RED, pressures=[0, 1])
    for piece in cleared((item,), middle):
        np.testing.assert_allclose(piece.pressures, piece.points[:, 0] / 200, atol=1e-5)


def test_a_stroke_wholly_inside_is_gone_and_one_outside_is_the_very_same():
    outside = line((10, 10), (60, 90))
    assert cleared((line((85, 10), (110, 90)), outside), middle) == (outside,)
    document = Document(PAGE, (outside,))
    assert document.with_cleared(middle) is document
    assert Document(PAGE).with_cleared(middle).strokes == ()


def test_points_of_a_fill_are_no_line_and_go_one_by_one():
    fill = line((20, 50), (100, 50), (180, 50), width=1, purpose=Purpose.FILL)
    across = line((20, 20), (180, 20), width=1, purpose=Purpose.FILL)
    (left, same) = cleared((fill, across), middle)
    assert left.points.tolist() == [[20, 50], [180, 50]]
    assert left.purpose is Purpose.FILL
    assert same is across


def test_protection_is_no_hint_and_stays():
    strokes = tuple(line((90, 50), (110, 50), purpose=purpose) for purpose in (Purpose.PROTECT, Purpose.FREE))
    assert cleared(strokes, middle) == strokes
    assert cleared(strokes, middle, (Purpose.FREE,)) == strokes[:1]


def test_lines_of_different_strokes_are_not_joined():
    """From the end of one to the start of the next is no way through the area."""
    strokes = (line((10, 50), (60, 50)), line((140, 50), (190, 50)))
    assert cleared(strokes, middle) == strokes


def test_five_hundred_strokes_are_cleared_at_once():
    rng = np.random.default_rng(1)
    strokes = tuple(
        stroke(rng.uniform(0, 3000, 2) + np.cumsum(rng.normal(0, 6, (40, 2)), axis=0), width=30, color=RED)
        for _ in range(500)
    )
    document = Document(PAGE, strokes)
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        document.with_cleared(lambda points: (points[:, 0] > 1000) & (points[:, 0] < 1400))
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.1


def test_the_nearest_point_of_a_fill_is_parted_from_the_others():
    fill = line((20, 50), (100, 50), (180, 50), width=1, purpose=Purpose.FILL)
    taken, left = parted(fill, 105, 48)
    assert taken.points.tolist() == [[100, 50]]
    assert left.points.tolist() == [[20, 50], [180, 50]]
    assert parted(taken, 0, 0) == (taken, None)
    hint = line((20, 50), (100, 50))
    assert parted(hint, 20, 50) == (hint, None)
