"""Which areas share a colour: near ones, alike ones, never across panels, gutters and bubbles."""

from __future__ import annotations

import drawing
import numpy as np
import pytest
from painting import CELL, grid, region_at, with_bubble

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers import likeness
from mangapaint.colorizers.likeness import Likeness


@pytest.fixture(scope="module")
def ruled() -> PageAnalysis:
    """12 x 8 equal cells."""
    return grid(12, 8)


@pytest.fixture(scope="module")
def panels() -> PageAnalysis:
    return analyze(drawing.page(drawing.panels()))


def cell(page: PageAnalysis, column: int, row: int) -> int:
    return region_at(page, (column + 0.5) * CELL, (row + 0.5) * CELL)


def compared(page: PageAnalysis, *sources: int) -> np.ndarray:
    return Likeness(page).compared(np.array(sources), np.arange(page.regions.count))


def test_the_nearer_the_likelier(ruled):
    middle = cell(ruled, 2, 4)
    (score,) = compared(ruled, middle)
    row = [score[cell(ruled, column, 4)] for column in range(3, 12)]
    assert np.isfinite(score).all()
    assert (np.diff(row[1:]) < 0).all()


def test_areas_at_the_same_height_are_likelier_than_those_above_and_below(ruled):
    (score,) = compared(ruled, cell(ruled, 4, 4))
    assert score[cell(ruled, 7, 4)] > score[cell(ruled, 4, 7)]


def test_areas_of_the_same_size_and_form_are_likelier():
    def draw(canvas):
        for x in (20, 120, 220):
            drawing.box(canvas, x, 60, x + 60, 120)
        drawing.box(canvas, 320, 60, 380, 64 + 30)

    page = analyze(drawing.page(drawing.antialiased(180, 400, draw)))
    (score,) = compared(page, region_at(page, 250, 90))
    same, other = region_at(page, 150, 90), region_at(page, 350, 80)
    assert len({same, other, region_at(page, 250, 90)}) == 3
    assert score[same] > score[other]


def test_no_way_leads_to_another_panel_or_over_a_gutter(panels):
    found = Likeness(panels)
    assert len(panels.panels) == 3
    assert set(found.panels.tolist()) >= {0, 1, 2}
    (score,) = compared(panels, region_at(panels, 60, 50))
    assert np.isfinite(score[region_at(panels, 20, 20)])
    for place in ((40, 160), (120, 160), (80, 98)):
        assert score[region_at(panels, *place)] == -np.inf


def test_nothing_is_shared_with_or_through_a_bubble():
    def draw(canvas):
        for x in (10, 70, 130):
            drawing.box(canvas, x, 10, x + 60, 110)

    page = analyze(drawing.page(drawing.antialiased(120, 200, draw)))
    left, right = region_at(page, 30, 60), region_at(page, 160, 60)
    bubble = with_bubble(page, 100, 60)
    closed = Likeness(bubble).closed
    assert np.flatnonzero(closed).tolist() == [region_at(page, 100, 60)]
    (before,), (after,) = compared(page, left), compared(bubble, left)
    assert after[region_at(page, 100, 60)] == -np.inf
    assert after[right] <= before[right]


def test_the_paper_around_a_single_drawing_may_share_a_colour(panels, ruled):
    assert Likeness(panels).closed[region_at(panels, 80, 98)]
    figure = analyze(drawing.page(drawing.target()))
    assert figure.regions.outside.any()
    assert Likeness(figure).closed.any() == (len(figure.panels) > 1)
    assert not Likeness(ruled).closed.any()


def test_comparisons_do_not_depend_on_what_was_compared_before(ruled, monkeypatch):
    everywhere = np.arange(ruled.regions.count)
    sources = np.arange(0, ruled.regions.count, 3)
    fresh = Likeness(ruled).compared(sources, everywhere)
    warm = Likeness(ruled)
    for last in range(1, len(sources) + 1):
        found = warm.compared(sources[:last], everywhere)
    np.testing.assert_array_equal(found, fresh)
    np.testing.assert_array_equal(warm.compared(sources, everywhere[5:9]), fresh[:, 5:9])
    monkeypatch.setattr(likeness, "AT_A_TIME", 5)
    np.testing.assert_array_equal(Likeness(ruled).compared(sources, everywhere), fresh)


def test_what_is_gone_is_forgotten(ruled):
    found = Likeness(ruled)
    everywhere = np.arange(ruled.regions.count)
    found.compared(everywhere, everywhere)
    assert len(found.rows) == len(everywhere)
    found.compared(everywhere[:3], everywhere)
    assert set(found.rows) == {0, 1, 2}
    assert all(row.base is None for row in found.rows.values())


def test_a_page_of_one_region_has_a_likeness():
    page = analyze(drawing.page(np.full((40, 30), 255, np.uint8)))
    assert page.regions.count == 1
    assert np.isfinite(compared(page, 0)).all()
