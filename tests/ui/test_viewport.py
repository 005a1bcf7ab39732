from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from mangapaint.ui.viewport import LARGEST, MARGIN, SMALLEST, Viewport

SIZE = QSizeF(641, 480)
TURNED = list(itertools.product((0.0, 15.0, -90.0, 137.5), (False, True)))
POINTS = (QPointF(0, 0), QPointF(320, 240), QPointF(633.5, 17.25))


def looked(angle: float, mirrored: bool, *, zoom: float = 0.37) -> Viewport:
    return Viewport(SIZE, QPointF(410.3, 777.1), zoom, angle, mirrored)


def apart(one: QPointF, two: QPointF) -> float:
    return (one - two).manhattanLength()


@pytest.mark.parametrize(("angle", "mirrored"), TURNED)
def test_page_to_screen_and_back_is_the_same_point(angle, mirrored):
    view = looked(angle, mirrored)
    for point in POINTS:
        assert apart(view.transform.map(view.to_page(point)), point) < 1e-6


@pytest.mark.parametrize(("angle", "mirrored"), TURNED)
def test_the_page_point_in_the_middle_is_the_center(angle, mirrored):
    view = looked(angle, mirrored)
    assert apart(view.to_page(QPointF(SIZE.width() / 2, SIZE.height() / 2)), view.center) < 1e-6


@pytest.mark.parametrize(("angle", "mirrored"), TURNED)
@pytest.mark.parametrize("factor", [1.7, 0.2])
def test_zooming_keeps_the_page_point_under_the_pointer(angle, mirrored, factor):
    view = looked(angle, mirrored)
    for anchor in POINTS:
        zoomed = view.zoomed(factor, anchor)
        assert zoomed.zoom == pytest.approx(0.37 * factor)
        assert apart(zoomed.to_page(anchor), view.to_page(anchor)) < 1e-6


def test_zooming_stops_at_its_limits_and_still_keeps_the_point():
    view, anchor = looked(20, True), POINTS[2]
    for factor, limit in ((1e9, LARGEST), (1e-9, SMALLEST)):
        zoomed = view.zoomed(factor, anchor)
        assert zoomed.zoom == limit
        assert apart(zoomed.to_page(anchor), view.to_page(anchor)) < 1e-6


@pytest.mark.parametrize(("angle", "mirrored"), TURNED)
@pytest.mark.parametrize("zoom", [0.37, 1.0, 4.0])
def test_panning_moves_the_page_by_exactly_the_hand(angle, mirrored, zoom):
    view = looked(angle, mirrored, zoom=zoom)
    page = view.to_page(QPointF(100, 100))
    moved = view.panned(30, -45).transform.map(page)
    assert apart(moved, QPointF(130, 55)) < 1e-6


def test_small_pans_at_full_size_add_up():
    view = Viewport(SIZE, QPointF(50, 50), 1.0)
    page = view.to_page(QPointF(10, 10))
    for _ in range(10):
        view = view.panned(0.3, -0.3)
    assert apart(view.transform.map(page), QPointF(13, 7)) <= 1.0


def test_an_upright_page_at_full_size_lies_on_whole_pixels():
    view = Viewport(SIZE, QPointF(50.3, 77.7), 1.0)
    shown = view.transform
    assert (shown.dx(), shown.dy()) == (round(shown.dx()), round(shown.dy()))
    assert (shown.m11(), shown.m22(), shown.m12(), shown.m21()) == (1, 1, 0, 0)
    turned = view.rotated(10).transform
    assert turned.m12() != 0


@pytest.mark.parametrize("angle", [0.0, 90.0, 30.0])
def test_a_fitted_page_touches_the_margin_and_is_in_the_middle(angle):
    view = Viewport(SIZE, QPointF(), 3.0, angle).fitted(2480, 3508)
    seen = view.to_screen(QRectF(0, 0, 2480, 3508))
    assert apart(seen.center(), QPointF(SIZE.width() / 2, SIZE.height() / 2)) < 1e-6
    free = min(seen.left(), seen.top())
    assert free == pytest.approx(MARGIN)
    assert max(seen.left(), seen.top()) >= free


def test_fitting_the_width_fills_it_and_never_shows_beyond_the_margins():
    for center in (QPointF(0, -500), QPointF(0, 1700), QPointF(0, 99999)):
        seen = Viewport(SIZE, center, 1.0).fitted(2480, 3508, whole=False).to_screen(QRectF(0, 0, 2480, 3508))
        assert (seen.left(), seen.width()) == (pytest.approx(MARGIN), pytest.approx(SIZE.width() - 2 * MARGIN))
        assert seen.top() <= MARGIN + 1e-6
        assert seen.bottom() >= SIZE.height() - MARGIN - 1e-6


def test_a_tiny_page_is_not_fitted_beyond_the_largest_zoom_nor_a_huge_one_below_the_smallest():
    assert Viewport(SIZE).fitted(1, 1).zoom == LARGEST
    assert Viewport(SIZE).fitted(1, 10_000_000).zoom == SMALLEST


def test_turning_is_clockwise_as_seen_also_in_the_mirror():
    for mirrored in (False, True):
        view = Viewport(SIZE, QPointF(100, 100), 1.5, 0.0, mirrored)
        right = view.to_page(QPointF(SIZE.width() / 2 + 50, SIZE.height() / 2))
        seen = view.rotated(90).transform.map(right)
        assert apart(seen, QPointF(SIZE.width() / 2, SIZE.height() / 2 + 50)) < 1e-6


def test_the_mirror_turns_left_to_right_on_the_screen():
    view = looked(0, False)
    page = view.to_page(QPointF(200, 100))
    assert apart(view.mirror().transform.map(page), QPointF(SIZE.width() - 200, 100)) < 1e-6
    assert looked(33, False).mirror().mirror() == looked(33, False)


def test_the_mirror_keeps_what_is_up_on_a_turned_page():
    view = looked(33, False)
    for page in (QPointF(0, 300), QPointF(0, -300)):
        below = view.center + page
        assert apart(view.mirror().transform.map(below), view.transform.map(below)) < 1e-6


def test_the_angle_stays_within_a_half_turn():
    view = Viewport(SIZE)
    for _ in range(30):
        view = view.rotated(15)
        assert -180 <= view.angle < 180
    assert view.angle == pytest.approx(90)
    assert view.upright().angle == 0


def test_the_text_names_zoom_angle_and_mirror():
    assert looked(0, False, zoom=0.5).text.startswith("50 %")
    assert "-15°" in looked(-15, False).text
    assert "mirrored" in looked(0, True).text
