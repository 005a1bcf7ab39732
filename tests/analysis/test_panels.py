"""Panels in reading order, and the margins and gutters around them."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pages
import pytest

from mangapaint.analysis.gutters import gutters
from mangapaint.analysis.labels import nearest
from mangapaint.analysis.panels import panels
from mangapaint.document.rect import Rect

WHOLE = Rect(0, 0, pages.WIDTH, pages.HEIGHT)


def found(ink):
    return panels(ink > 0)


def assert_near(rects, boxes, *, within=10):
    corners = [(rect.x0, rect.y0, rect.x1, rect.y1) for rect in rects]
    assert len(corners) == len(boxes), corners
    assert np.abs(np.array(corners) - np.array(boxes)).max() <= within, corners


def labelled(ink):
    count, labels = cv2.connectedComponents((ink == 0).astype(np.uint8), connectivity=4)
    return nearest(labels) - 1, count - 1


def test_framed_panels_are_found_in_reading_order():
    assert_near(found(pages.page_of_panels()), pages.GRID)


def test_a_column_beside_rows_is_read_at_its_place():
    boxes = ((40, 40, 300, 1160), (320, 40, 810, 380), (320, 400, 810, 780), (320, 800, 810, 1160))
    assert_near(found(pages.page_of_panels(boxes)), boxes)


@pytest.mark.parametrize("degrees", [-1.5, 1.5])
def test_slightly_rotated_panels(degrees):
    assert_near(found(pages.rotated(pages.page_of_panels(), degrees)), pages.GRID, within=24)


def test_broken_frames():
    ink = pages.page_of_panels()
    for x, y in ((150, 380), (40, 500), (600, 400), (810, 1000)):
        ink[y - 6 : y + 6, x - 6 : x + 6] = 0
    assert_near(found(ink), pages.GRID)


def test_panels_bled_off_the_page():
    boxes = ((40, 40, 850, 380), (40, 400, 410, 780), (430, 400, 850, 780), (40, 800, 850, 1200))
    ink = pages.page_of_panels(
        tuple((x0, y0, x1 + 20 * (x1 == 850), y1 + 20 * (y1 == 1200)) for x0, y0, x1, y1 in boxes)
    )
    assert_near(found(ink), boxes)


def test_a_bubble_and_a_figure_may_bridge_gutters():
    ink = pages.page_of_panels()
    pages.bubble(ink, 420, 500, 60, 80, tail=False)
    pages.figure(ink, 220, 790, 130)
    assert_near(found(ink), pages.GRID)


def test_a_drawing_without_frame_between_framed_panels_is_a_panel():
    ink = pages.page_of_panels((pages.GRID[0], pages.GRID[1], pages.GRID[3]))
    pages.figure(ink, 620, 500, 240)
    rects = found(ink)
    assert len(rects) == 4
    assert abs(rects[2].x0 + rects[2].x1 - 1240) < 20, "the third in reading order is the figure"
    assert rects[2].y0 >= 380
    assert rects[2].y1 <= 800


def test_panels_between_oblique_gutters():
    ink = np.zeros((pages.HEIGHT, pages.WIDTH), np.uint8)
    upper, lower = [(40, 40), (810, 40), (810, 500), (40, 640)], [(40, 670), (810, 530), (810, 1160), (40, 1160)]
    cv2.polylines(ink, [np.array(upper, np.int32), np.array(lower, np.int32)], isClosed=True, color=1, thickness=4)
    assert_near(found(ink), ((40, 40, 810, 640), (40, 530, 810, 1160)))


def test_a_single_drawing_is_one_panel():
    ink = pages.blank()
    pages.figure(ink, 425, 500, 500)
    assert found(ink) == (WHOLE,)
    landscape = pages.blank()
    cv2.line(landscape, (0, 600), (850, 640), 1, 3)
    cv2.line(landscape, (0, 700), (850, 650), 1, 3)
    pages.figure(landscape, 400, 700, 300)
    assert found(landscape) == (WHOLE,)


def test_sizes_scale_with_the_page():
    large = cv2.resize(pages.page_of_panels(), None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    assert_near(found(large), [tuple(3 * value for value in box) for box in pages.GRID], within=30)


def test_margin_and_gutters_lie_outside_and_panels_do_not():
    ink = pages.page_of_panels()
    labels, count = labelled(ink)
    outside = gutters(labels, found(ink), count)
    assert outside[labels[5, 5]]
    assert outside[labels[600, 420]]
    assert not outside[labels[60, 60]]
    assert not outside[labels[1100, 700]]
    assert outside.sum() == 1


def test_a_gutter_shut_off_from_the_margin_is_one():
    ink = pages.page_of_panels(figures=False)
    cv2.line(ink, (410, 401), (430, 401), 1, 4)
    cv2.line(ink, (410, 778), (430, 778), 1, 4)
    labels, count = labelled(ink)
    outside = gutters(labels, tuple(Rect(*box) for box in pages.GRID), count)
    assert labels[600, 420] != labels[5, 5]
    assert outside[labels[600, 420]]
    assert not outside[labels[600, 100]]


def test_bled_panels_reach_the_border_and_are_not_outside():
    boxes = ((40, 40, 870, 380), (40, 400, 410, 780), (430, 400, 870, 780), (40, 800, 870, 1220))
    ink = pages.page_of_panels(boxes)
    labels, count = labelled(ink)
    outside = gutters(labels, found(ink), count)
    assert outside[labels[5, 5]]
    assert not outside[labels[200, 848]]
    assert not outside[labels[1198, 700]]


def test_paper_around_a_figure_is_outside_and_a_sky_is_not():
    single = pages.blank()
    pages.figure(single, 425, 500, 500)
    labels, count = labelled(single)
    assert gutters(labels, found(single), count)[labels[5, 5]]
    landscape = pages.blank()
    cv2.line(landscape, (0, 600), (850, 640), 1, 3)
    labels, count = labelled(landscape)
    assert not gutters(labels, found(landscape), count).any()


@pytest.mark.parametrize("ink", [np.zeros((1, 1), bool), np.ones((1, 1), bool), np.ones((3, 1), bool),
                                 np.random.default_rng(0).random((1500, 20)) < 0.1])  # fmt: skip
def test_tiny_pages_are_one_panel(ink):
    whole = (Rect.whole(*ink.shape),)
    assert panels(ink) == whole
    assert gutters(np.zeros(ink.shape, np.int32), whole, 1).shape == (1,)


def test_hostile_pages_take_bounded_time():
    random = np.random.default_rng(1)
    specks = np.zeros((3508, 2480), bool)
    specks[random.integers(0, 3508, 200_000), random.integers(0, 2480, 200_000)] = True
    start = time.perf_counter()
    for ink in (np.ones((3508, 2480), bool), random.random((3508, 2480), np.float32) < 0.5, specks):
        assert panels(ink) == (Rect.whole(3508, 2480),)
    assert time.perf_counter() - start < 6


def test_a_spiral_is_one_panel_and_is_looked_at_but_so_often():
    ink = np.zeros((900, 640), np.uint8)
    turn = np.linspace(0, 40 * np.pi, 8000)
    way = np.stack([320 + turn / turn.max() * 310 * np.cos(turn), 450 + turn / turn.max() * 310 * np.sin(turn)], axis=1)
    cv2.polylines(ink, [way.astype(np.int32)], isClosed=False, color=1, thickness=3)
    assert len(panels(ink.view(np.bool_))) == 1
