"""The a,b plane: which colours it has, where they are pressed, and that it agrees with the wheel beside it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from mangapaint.settings import Settings
from mangapaint.ui import theme as themes
from mangapaint.ui.docks.color import ColorDock
from mangapaint.ui.docks.gamut import DARKEST, GRID, REACH, Lab, plane, within
from mangapaint.ui.docks.guesses import Guess
from mangapaint.ui.theme import DARK
from mangapaint.ui.window import Window

LEFT = Qt.MouseButton.LeftButton
SKIN = (232, 183, 150)


@pytest.fixture
def dock(qtbot, qapp):
    themes.apply(qapp, DARK)
    dock = ColorDock(DARK)
    qtbot.addWidget(dock)
    dock.resize(300, 480)
    dock.show()
    qtbot.waitExposed(dock)
    qtbot.mouseClick(dock.picker.buttons["plane"], LEFT)
    QApplication.processEvents()
    return dock


@pytest.mark.parametrize("lightness", [20, 50, 80])
def test_the_plane_holds_exactly_the_colours_of_srgb(lightness):
    values = np.arange(0, 256, 3, dtype=np.float32) / 255
    rgb = np.stack(np.meshgrid(values, values, values), axis=-1).reshape(1, -1, 3)
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0]
    lab = lab[np.abs(lab[:, 0] - lightness) < 0.5]
    column = ((lab[:, 1] / REACH + 1) / 2 * GRID).astype(int)
    row = ((1 - lab[:, 2] / REACH) / 2 * GRID).astype(int)
    held = np.zeros((GRID, GRID), np.uint8)
    held[row, column] = 1
    shown = plane(lightness)[..., 3] > 0
    assert shown[held > 0].mean() > 0.99
    assert not shown[cv2.dilate(held, np.ones((7, 7))) == 0].any()


def test_each_place_of_the_plane_has_the_colour_that_is_painted_there():
    pixels = plane(60)
    assert pixels[GRID // 2, GRID // 2, 3] == 255
    for a, b in ((0, 0), (40, 30), (-40, 40), (10, -45)):
        column, row = int((a / REACH + 1) / 2 * GRID), int((1 - b / REACH) / 2 * GRID)
        assert pixels[row, column, :3].tolist() == pytest.approx(Lab(60, a, b).color, abs=5)


def test_a_press_picks_the_colour_there_and_shows_it_everywhere(qtbot, dock):
    dock.set_color(SKIN)
    dock.gamut.set_lightness(60)
    with qtbot.waitSignal(dock.colorPicked) as picked:
        qtbot.mouseClick(dock.gamut, LEFT, pos=dock.gamut.point(30, -20).toPoint())
    lab = Lab.of(picked.args[0])
    assert (lab.lightness, lab.a, lab.b) == (
        pytest.approx(60, abs=1),
        pytest.approx(30, abs=2),
        pytest.approx(-20, abs=2),
    )
    assert dock.color == dock.wheel.hsv.color == picked.args[0]


def test_a_press_beyond_the_colours_of_the_screen_picks_the_nearest(qtbot, dock):
    dock.gamut.set_lightness(50)
    with qtbot.waitSignal(dock.colorPicked) as picked:
        qtbot.mouseClick(dock.gamut, LEFT, pos=dock.gamut.point(-100, 0).toPoint())
    lab = Lab.of(picked.args[0])
    assert lab.lightness == pytest.approx(50, abs=2)
    assert -60 < lab.a < -35
    assert abs(lab.b) < 25


def test_the_strip_is_pressed_and_dragged_and_keeps_a_and_b(qtbot, dock):
    dock.set_color(Lab(60, 20, 10).color)
    gamut = dock.gamut
    qtbot.mousePress(gamut, LEFT, pos=gamut.strip_point(40).toPoint())
    assert Lab.of(dock.color).lightness == pytest.approx(40, abs=1)
    qtbot.mouseMove(gamut, gamut.strip_point(70).toPoint() + QPoint(40, 0))
    lab = Lab.of(dock.color)
    assert (lab.lightness, lab.a, lab.b) == (
        pytest.approx(70, abs=1),
        pytest.approx(20, abs=1),
        pytest.approx(10, abs=1),
    )
    qtbot.mouseMove(gamut, gamut.strip_point(-30).toPoint())
    assert gamut.lab.lightness == DARKEST
    qtbot.mouseRelease(gamut, LEFT)
    with qtbot.assertNotEmitted(dock.colorPicked):
        qtbot.mouseMove(gamut, gamut.point(0, 0).toPoint())


@pytest.mark.parametrize(
    ("key", "shift", "moved"),
    [
        (Qt.Key.Key_Left, False, (0, -1, 0)),
        (Qt.Key.Key_Right, False, (0, 1, 0)),
        (Qt.Key.Key_Up, False, (0, 0, 1)),
        (Qt.Key.Key_Down, False, (0, 0, -1)),
        (Qt.Key.Key_PageUp, False, (1, 0, 0)),
        (Qt.Key.Key_Down, True, (-1, 0, 0)),
    ],
)
def test_keys_move_by_one_unit(qtbot, dock, key, shift, moved):
    dock.gamut._lab = Lab(50, 10, -10)
    with qtbot.waitSignal(dock.colorPicked):
        qtbot.keyClick(dock.gamut, key, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)
    lab = dock.gamut.lab
    assert (lab.lightness - 50, lab.a - 10, lab.b + 10) == moved


def test_following_the_page_changes_the_plane_and_not_the_colour(qtbot, dock):
    dock.set_color(SKIN)
    with qtbot.assertNotEmitted(dock.colorPicked):
        dock.gamut.set_lightness(30)
    assert dock.color == SKIN
    assert dock.gamut.lab.lightness == 30
    dock.set_color((10, 20, 200))  # one taken elsewhere brings its own
    assert dock.gamut.lab.lightness == pytest.approx(Lab.of((10, 20, 200)).lightness)


def test_the_chosen_colour_and_the_likely_ones_are_marked(dock):
    dock.gamut.set_lightness(60)
    dock.set_color(Lab(60, 40, 40).color)
    likely = Lab(60, -40, 20)
    before = dock.gamut.grab().toImage()
    dock.set_guesses([Guess(likely.color, 0.5)])
    after = dock.gamut.grab().toImage()
    own, other = dock.gamut.point(40, 40).toPoint(), dock.gamut.point(-40, 20).toPoint()

    def brightest(image, at: QPoint) -> int:
        return max(image.pixelColor(at.x() + x, at.y()).lightness() for x in range(-8, 9))

    assert brightest(after, own) > 200
    assert brightest(after, other) > brightest(before, other) + 40
    assert after.pixelColor(other).getRgb()[:3] == pytest.approx(likely.color, abs=3)


def test_outside_of_the_colours_the_panel_shows(dock):
    dock.gamut.set_lightness(50)
    at = dock.gamut.mapTo(dock, dock.gamut.point(-100, -100).toPoint())
    assert dock.grab().toImage().pixelColor(at).name() == DARK.panel


def test_within_leaves_what_can_be_shown_alone():
    assert within(Lab(50, 12.5, -3.25)) == Lab(50, 12.5, -3.25)
    assert within(Lab(50, 12.5, 110)).b < 75


def test_one_way_of_choosing_is_in_front(qtbot, dock):
    assert dock.gamut.isVisible()
    assert not dock.wheel.isVisible()
    with qtbot.waitSignal(dock.picker.switched) as switched:
        qtbot.mouseClick(dock.picker.buttons["wheel"], LEFT)
    assert switched.args == ["wheel"]
    assert dock.wheel.isVisible()
    assert not dock.gamut.isVisible()


def test_the_way_is_remembered(qtbot, tmp_path):
    settings = Settings()
    window = Window(settings, kept=tmp_path / "kept")
    qtbot.addWidget(window)
    assert window.parts.color.picker.way == "wheel"
    window.show()
    qtbot.mouseClick(window.parts.color.picker.buttons["plane"], LEFT)
    other = Window(settings, kept=tmp_path / "kept")
    qtbot.addWidget(other)
    assert other.parts.color.picker.way == "plane"


def test_the_row_of_likely_colours_says_what_to_do_and_hides(dock):
    assert not dock.guesses.isVisible()
    dock.set_guesses([])
    assert dock.guesses.isVisible()
    assert dock.guesses.tip(-1) == ""
    text = dock.guesses.grab().toImage()
    dock.set_guesses([Guess(SKIN, 0.42)])
    assert dock.guesses.grab().toImage() != text
    assert "42" in dock.guesses.tip(0)
    dock.set_guesses(None)
    assert not dock.guesses.isVisible()


def test_the_row_takes_its_room_from_the_wheel_and_the_dock_needs_no_more(dock):
    least = dock.minimumSizeHint().height()
    dock.set_guesses([Guess(SKIN, 0.42)])
    assert dock.minimumSizeHint().height() == least
    dock.set_guesses(None)
    assert dock.minimumSizeHint().height() == least
