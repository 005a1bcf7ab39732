"""The curve of learning: where its points lie, what its scale says, and what is painted."""

from __future__ import annotations

import itertools
import math

import pytest
from PySide6.QtGui import QColor

from mangapaint.ui import theme as themes
from mangapaint.ui.series.curve import MOST, LossCurve, clock, ticks
from mangapaint.ui.series.sheet import SampleSheet
from mangapaint.ui.theme import DARK


@pytest.fixture
def curve(qtbot, qapp) -> LossCurve:
    themes.apply(qapp, DARK)
    curve = LossCurve(DARK)
    qtbot.addWidget(curve)
    curve.resize(480, 160)
    curve.show()
    return curve


def bright(curve: LossCurve, x: float, y: float) -> bool:
    """Whether something is drawn within two pixels."""
    image = curve.grab().toImage()
    ground = image.pixelColor(round(curve.field().right()) - 3, round(curve.field().bottom()) - 4).lightness()
    around = [image.pixelColor(round(x) + dx, round(y) + dy) for dx in (-2, 0, 2) for dy in range(-2, 3)]
    return max(color.lightness() for color in around) > ground + 60


def test_halving_the_loss_goes_down_by_the_same_way_wherever_it_is(curve):
    curve.set_curves([(second, 2.0**-second) for second in range(9)], [])
    ys = [curve.point(second, 2.0**-second).y() for second in range(9)]
    steps = [after - before for before, after in itertools.pairwise(ys)]
    assert steps == pytest.approx([steps[0]] * 8)
    assert steps[0] > 0
    assert all(curve.field().contains(curve.point(second, 2.0**-second)) for second in range(9))


def test_the_curves_are_painted_where_their_points_lie(curve):
    learned = [(0, 1.0), (10, 1.0), (20, 1.0)]
    curve.set_curves(learned, [(10, 3.0)])
    at, other = curve.point(5, 1.0), curve.point(10, 3.0)
    assert bright(curve, at.x(), at.y())
    assert bright(curve, other.x(), other.y())
    assert not bright(curve, at.x(), (at.y() + other.y()) / 2)


def test_what_is_no_number_is_left_out(curve):
    curve.set_curves([(1, math.nan), (2, 0.5), (3, math.inf), (4, 0.0), (5, 0.4)], [(1, math.nan)])
    assert [second for second, _ in curve._learned] == [2, 5]
    assert curve._held_out == []


def test_a_look_stands_as_one_point_until_the_next(curve):
    curve.set_curves([(1, 1)], [(1, 0.9), (2, 0.9), (3, 0.8), (4, 0.8)])
    assert curve._held_out == [(1, 0.9), (3, 0.8)]


def test_long_curves_are_thinned_to_what_can_be_seen(curve):
    curve.set_curves([(second, 1 + second % 2) for second in range(10 * MOST)], [])
    assert len(curve._learned) <= MOST
    assert {round(loss, 3) for _, loss in curve._learned} == {1.5}
    assert curve._learned[-1][0] == 10 * MOST - 1


def test_nothing_is_painted_before_the_first_moment(curve):
    image = curve.grab().toImage()
    assert {image.pixelColor(x, y).name() for x in range(0, 480, 5) for y in range(0, 160, 5)} == {DARK.ground}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-1, 0, [0.1, 0.2, 0.5, 1]), (-1.05, -0.65, [0.1, 0.2]), (-3, 0, [0.001, 0.01, 0.1, 1])],
)
def test_the_scale_has_round_numbers(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (61.4, "1:01"), (599.6, "10:00"), (3600, "1:00:00"), (-3, "0:00")]
)
def test_times_are_written_as_a_clock(seconds, text):
    assert clock(seconds) == text


def test_the_sheet_keeps_its_form_and_names_its_rows(qtbot, qapp):
    import numpy as np

    themes.apply(qapp, DARK)
    sheet = SampleSheet(DARK)
    qtbot.addWidget(sheet)
    sheet.resize(456, 100)
    sheet.show()
    pixels = np.zeros((300, 800, 3), np.uint8)
    pixels[100:200] = 200, 30, 40
    sheet.set_sheet(pixels, 3)
    field = sheet.field()
    assert field.width() / field.height() == pytest.approx(800 / 300, rel=0.02)
    image = sheet.grab().toImage()
    middle = field.center().toPoint()
    assert image.pixelColor(middle) == QColor(200, 30, 40)
    words = {image.pixelColor(x, middle.y()).lightness() for x in range(50)}
    assert max(words) > QColor(DARK.ground).lightness() + 60
    sheet.set_sheet(None)
    assert sheet.grab().toImage().pixelColor(middle) != QColor(200, 30, 40)
