"""What of a page is looked at by itself, and how its parts become one picture and one evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers import parts
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect


@dataclass(frozen=True, eq=False)
class Flat:
    """A part of one colour."""

    rect: Rect
    lab: np.ndarray
    sure: np.ndarray
    known: np.ndarray


def flat(rect: Rect, color, *, sure: float = 0.8, known: bool = True, size=(20, 30)) -> Flat:
    lab = np.full((*size, 3), color, np.float32)
    return Flat(rect, lab, np.full(size, sure, np.float32), np.full(size, known))


@pytest.fixture(scope="module")
def analysis() -> PageAnalysis:
    """Two boxes side by side, 96 x 64 pixels."""
    return analyze(drawing.page(drawing.two_boxes()), kind=Kind.LINE)


LEFT, RIGHT = Rect(0, 0, 48, 64), Rect(48, 0, 96, 64)
RED, BLUE = (50, 60, 40), (40, 10, -60)


def test_panels_are_looked_at_by_themselves_if_they_cover_most_of_the_page(analysis):
    whole = (Rect.whole(64, 96),)
    assert parts.rects(replace(analysis, panels=(LEFT,))) == whole
    assert parts.rects(replace(analysis, panels=(LEFT, RIGHT))) == (LEFT, RIGHT)
    small = Rect(0, 0, 30, 60), Rect(60, 0, 90, 60)  # 59 % of the page
    assert parts.rects(replace(analysis, panels=small)) == whole


def test_parts_become_one_picture_where_they_lie(analysis):
    found = parts.spread(analysis, [flat(LEFT, RED), flat(Rect(48, 32, 96, 64), BLUE, known=False)])
    height, width = found.sure.shape
    assert (height, width) == (40, 60)  # as fine as the parts
    assert found.lab[20, 10].tolist() == list(RED)
    assert found.lab[35, 50].tolist() == list(BLUE)
    assert found.lab[5, 50].tolist() == [100, 0, 0]  # paper between parts
    assert found.known[:, :30].all()
    assert not found.known[:, 30:].any()
    assert found.sure[5, 50] == 0


def test_a_region_takes_its_colour_unless_it_is_withheld(analysis):
    found = parts.evidence(analysis, parts.spread(analysis, [flat(LEFT, RED), flat(RIGHT, BLUE, known=False)]))
    left, right = analysis.regions.labels[32, 20], analysis.regions.labels[32, 70]
    assert found.confidence[left] == pytest.approx(0.8)
    assert found.confidence[right] == 0
    assert found.colors[left, 0] > 150 > found.colors[left, 2]
    assert found.lab is None  # line art has flats


def test_a_place_on_a_smaller_picture_is_never_empty():
    page = 1000, 800
    assert parts.scaled(Rect(0, 0, 800, 1000), (50, 40), page) == Rect(0, 0, 40, 50)
    thin = parts.scaled(Rect(799, 999, 800, 1000), (50, 40), page)
    assert (thin.width, thin.height) == (1, 1)
    assert thin.intersection(Rect(0, 0, 40, 50)) == thin


def test_a_region_between_the_pixels_of_a_small_field_has_the_value_of_its_middle(analysis):
    field = np.array([[0.25, 0.75]], np.float32)
    found = parts.by_region(analysis, field)
    assert found[analysis.regions.labels[32, 20]] == pytest.approx(0.25)
    assert found[analysis.regions.labels[32, 70]] == pytest.approx(0.75)
    assert found.shape == (analysis.regions.count,)
    dot = drawing.two_boxes()
    dot[20:26, [10, 15]] = dot[[20, 25], 10:16] = 0  # a box too small to be met
    small = analyze(drawing.page(dot), kind=Kind.LINE, gap=0)
    inner = small.regions.labels[22, 12]
    assert inner != small.regions.labels[40, 30]
    assert parts.by_region(small, field)[inner] == pytest.approx(0.25)


def test_the_middles_of_small_pixels_lie_on_the_page():
    x, y = parts.grid((2, 4), (10, 100))
    assert x.tolist() == [12, 37, 62, 87]
    assert y.tolist() == [2, 7]
