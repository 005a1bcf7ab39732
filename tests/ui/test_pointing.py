"""The real window with a method that holds colours likely: where the pointer rests, they are offered and taken."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, NO_KEY, SCRIBBLE, drag, open_window, screen
from test_session import LEFT, RIGHT, settle
from toyguesser import CHANCES, LEFT_COLORS, RIGHT_COLORS, register

from mangapaint.colorizers.working import lightness
from mangapaint.document.page import Kind
from mangapaint.ui import pointing
from mangapaint.ui.docks.gamut import Lab
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.window import Window


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch) -> Window:
    register(monkeypatch)
    monkeypatch.setattr(pointing, "REST", 20)
    window = open_window(qtbot, tmp_path)
    window.session.choose(method="toy")
    settle(qtbot, window.session)
    return window


def offered(window: Window) -> list[tuple[int, int, int]]:
    return [row.color for row in window.parts.color.guesses.guesses]


def rest(qtbot, window: Window, at) -> None:
    QTest.mouseMove(window.canvas, screen(window, at) + QPoint(1, 0))
    QTest.mouseMove(window.canvas, screen(window, at))

    def rests() -> bool:
        place = window.pointing._place
        return place is not None and abs(place.x() - at[0]) < 2 and abs(place.y() - at[1]) < 2

    qtbot.waitUntil(rests)


def press_q(window: Window) -> None:
    window.actions_by_id["likely"].trigger()


def test_the_colours_likely_under_the_pointer_are_offered_with_their_chance(qtbot, window):
    row = window.parts.color.guesses
    assert row.isVisible()
    assert offered(window) == []
    rest(qtbot, window, LEFT)
    assert offered(window) == list(LEFT_COLORS[:2])  # what is hardly likely is not offered
    assert [guess.chance for guess in row.guesses] == pytest.approx(CHANCES[:2])
    rest(qtbot, window, RIGHT)
    assert offered(window) == list(RIGHT_COLORS[:2])
    rest(qtbot, window, (150, -10))  # beside the page
    assert offered(window) == []


def test_a_moving_pointer_changes_nothing_until_it_rests(qtbot, window, monkeypatch):
    rest(qtbot, window, LEFT)
    window.pointing._rest.setInterval(100_000)
    QTest.mouseMove(window.canvas, screen(window, RIGHT))
    QTest.mouseMove(window.canvas, QPoint(-5, -5))
    assert offered(window) == list(LEFT_COLORS[:2])


def test_a_click_takes_a_colour_and_it_is_marked(qtbot, window):
    rest(qtbot, window, RIGHT)
    row = window.parts.color.guesses
    QTest.mouseClick(row, LEFT_BUTTON, NO_KEY, row.cell(1).center())
    assert window.paintbox.foreground == RIGHT_COLORS[1]
    image = row.grab().toImage()
    cell = row.cell(1)
    assert image.pixelColor(cell.center()).getRgb()[:3] == RIGHT_COLORS[1]
    assert image.pixelColor(cell.center().x(), cell.top()).name() == window.theme.accent


def test_q_takes_the_likeliest_colour_and_pressed_again_the_next(qtbot, window):
    assert window.paintbox.foreground == FIRST
    rest(qtbot, window, LEFT)
    for expected in (0, 1, 0):
        press_q(window)
        assert window.paintbox.foreground == LEFT_COLORS[expected]


def test_a_hint_changes_what_is_offered_at_once(qtbot, window):
    rest(qtbot, window, LEFT)
    drag(qtbot, window, SCRIBBLE)
    rest(qtbot, window, LEFT)
    assert offered(window) == [LEFT_COLORS[1], LEFT_COLORS[0]]
    window.session.undo()
    settle(qtbot, window.session)  # without the pointer moving
    assert offered(window) == list(LEFT_COLORS[:2])


def test_without_guesses_there_is_no_row_and_q_says_so(qtbot, window):
    rest(qtbot, window, LEFT)
    window.session.choose(method="propagation")
    settle(qtbot, window.session)
    assert not window.parts.color.guesses.isVisible()
    press_q(window)
    assert window.paintbox.foreground == FIRST
    assert "likely" in window.parts.status.message.full


def test_the_plane_follows_the_lightness_under_the_pointer(qtbot, window, tmp_path):
    gamut = window.parts.color.gamut
    rest(qtbot, window, LEFT)  # line art has no lightness of its own: that of the likeliest colour
    assert gamut.lab.lightness == pytest.approx(Lab.of(LEFT_COLORS[0]).lightness, abs=0.5)
    gray = np.full((200, 300), 200, np.uint8)
    gray[:, 150:] = 90
    cv2.imwrite(str(tmp_path / "gray.png"), cv2.GaussianBlur(gray, (31, 31), 0))
    window.session.open(tmp_path / "gray.png")
    settle(qtbot, window.session)
    window.session.choose(kind=Kind.GRAY)
    settle(qtbot, window.session)
    for at, value in ((LEFT, 200), (RIGHT, 90)):
        rest(qtbot, window, at)
        assert gamut.lab.lightness == pytest.approx(float(lightness(np.array([value], np.uint8))[0]), abs=1.5)
    assert window.parts.color.color == FIRST


def test_likely_colours_that_look_alike_count_as_one(window):
    shown = window.session.shown
    guesses = shown.colorization.guesses
    guesses.lab[0][1] = guesses.lab[0][0] + 0.01
    (only,) = pointing.likely(shown, *LEFT)
    assert only.chance == pytest.approx(CHANCES[0] + CHANCES[1])
