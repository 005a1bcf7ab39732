"""The gap's slider: the outlines follow the hand, and a drag is one step."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, NO_KEY, SCRIBBLE, color_at, drag, grabbed, open_window, screen
from test_session import Gate, settle

from mangapaint.ui import work
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.window import Window


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    """The page of the other tests with a hole of nine pixels in the left box's right wall."""
    gray = np.full((200, 300), 255, np.uint8)
    cv2.rectangle(gray, (30, 30), (140, 170), 0, 3)
    cv2.rectangle(gray, (160, 30), (270, 170), 0, 3)
    gray[95:104, 136:146] = 255
    cv2.imwrite(str(tmp_path / "page.png"), gray)
    return open_window(qtbot, tmp_path, page=tmp_path / "page.png")


def hold(window: Window) -> QPoint:
    """Press the handle; return where it was pressed."""
    track = window.parts.bar.gap.slider.track
    at = track._handle().center()
    QTest.mousePress(track, LEFT_BUTTON, NO_KEY, at)
    return at


def pull(window: Window, at: QPoint, *ways: int) -> None:
    for way in ways:
        QTest.mouseMove(window.parts.bar.gap.slider.track, at + QPoint(way, 0))


def let_go(qtbot, window: Window) -> None:
    QTest.mouseRelease(window.parts.bar.gap.slider.track, LEFT_BUTTON)
    settle(qtbot, window.session)


def outlines(window: Window) -> bool:
    return "regions" in window.canvas.scene.layers


def test_the_outlines_show_while_the_slider_is_held_and_follow_it(qtbot, window):
    assert not outlines(window)
    at = hold(window)
    settle(qtbot, window.session)
    assert outlines(window)
    assert not window.session.overlays["regions"].on
    before = window.canvas.scene.layers["regions"][0].level(0).copy()
    pull(window, at, 8, 14, 20)
    settle(qtbot, window.session)
    after = window.canvas.scene.layers["regions"][0].level(0)
    assert window.session.analysis.gap == window.parts.bar.gap.slider.value > 9
    assert (after != before).any()
    let_go(qtbot, window)
    assert not outlines(window)
    assert window.session.layers == {}
    assert not window.actions_by_id["regions"].isChecked()


def test_on_a_large_page_the_outlines_that_follow_are_coarse_but_at_their_place(qtbot, window, monkeypatch):
    monkeypatch.setattr(work, "PREVIEW_PIXELS", 8_000)
    hold(window)
    settle(qtbot, window.session)
    layer, _ = window.canvas.scene.layers["regions"]
    assert layer.level(0).shape[:2] == (67, 100)
    image, line = grabbed(window), screen(window, (270, 60))
    row = [image.pixelColor(line.x() + d, line.y()) for d in range(-14, 15)]
    assert max(color.red() - color.blue() for color in row) > 100
    let_go(qtbot, window)


def test_a_drag_is_one_step_and_two_drags_are_two(qtbot, window):
    chosen = [window.session.document.choice.gap]
    for _ in range(2):
        at = hold(window)
        pull(window, at, 3, 6, 9, 12)
        assert window.session.is_drafting
        let_go(qtbot, window)
        chosen.append(window.session.document.choice.gap)
    assert chosen[0] is None
    assert chosen[1] < chosen[2]
    assert window.session.history.undo_text == "Change gap"
    for gap in chosen[1::-1]:
        window.session.undo()
        assert window.session.document.choice.gap == gap
    assert window.session.history.undo_text is None


def test_a_press_on_the_groove_is_part_of_the_drag(qtbot, window):
    track = window.parts.bar.gap.slider.track
    QTest.mousePress(track, LEFT_BUTTON, NO_KEY, QPoint(60, 10))
    assert window.session.history.undo_text is None
    assert window.session.is_drafting
    let_go(qtbot, window)
    window.session.undo()
    assert window.session.document.choice.gap is None


def test_a_press_without_a_pull_changes_nothing(qtbot, window):
    hold(window)
    let_go(qtbot, window)
    assert window.session.history.undo_text is None
    assert not outlines(window)


def test_an_overlay_that_is_on_stays_on(qtbot, window):
    QTest.keyClick(window.canvas, Qt.Key.Key_F9)
    settle(qtbot, window.session)
    at = hold(window)
    pull(window, at, 15)
    let_go(qtbot, window)
    assert outlines(window)
    key, layer = window.session.layers["regions"]
    gap = window.session.document.choice.gap
    assert gap in key
    assert gap == window.session.analysis.gap
    assert (layer.level(0)[..., 3] > 0).tolist() == (window.session.analysis.regions.outlines > 0).tolist()


def test_keys_change_the_gap_without_holding_it(qtbot, window):
    track = window.parts.bar.gap.slider.track
    track.setFocus()
    for _ in range(3):
        QTest.keyClick(track, Qt.Key.Key_Right)
    settle(qtbot, window.session)
    assert not window.session.is_drafting
    window.session.undo()
    assert window.session.document.choice.gap is None


def test_the_hole_is_closed_and_the_colour_stays_in(qtbot, window):
    window.session.choose(gap=3)
    settle(qtbot, window.session)
    drag(qtbot, window, SCRIBBLE)
    assert color_at(window, (150, 100)) == FIRST
    at = hold(window)
    pull(window, at, 12, 16)
    settle(qtbot, window.session)
    assert color_at(window, (150, 50)) == (255, 255, 255)
    assert color_at(window, (40, 160)) == FIRST
    let_go(qtbot, window)
    assert color_at(window, (40, 160)) == FIRST


def test_while_another_gap_is_looked_for_picture_and_controls_stand_still(qtbot, window, monkeypatch):
    drag(qtbot, window, SCRIBBLE)
    gate = Gate(monkeypatch, "regapped")
    bar = window.parts.bar
    kind = bar.kind.text()
    at = hold(window)
    pull(window, at, 10)
    qtbot.waitUntil(gate.entered.is_set)
    chosen = bar.gap.slider.value
    assert window.session.analysis is None
    assert bar.gap.isVisible()
    assert (bar.kind.text(), bar.kind.isEnabled()) == (kind, True)
    assert color_at(window, (40, 160)) == FIRST
    pull(window, at, 14)
    gate.opened.set()
    settle(qtbot, window.session)
    assert bar.gap.slider.value > chosen
    let_go(qtbot, window)


def test_after_a_step_back_the_controls_stand_still_too(qtbot, window, monkeypatch):
    for gap in (5, 9, 12):
        window.session.choose(kind=None, gap=gap)
        settle(qtbot, window.session)
    gate = Gate(monkeypatch, "regapped")
    window.session.undo()
    qtbot.waitUntil(gate.entered.is_set)
    assert window.session.analysis is None
    assert window.parts.bar.gap.isVisible()
    assert window.parts.bar.kind.isEnabled()
    gate.opened.set()
    settle(qtbot, window.session)


def test_a_gap_that_was_begun_is_shown_while_the_hand_moves_on(qtbot, window, monkeypatch):
    """What looks for it is not cancelled by the next value, or a steady hand would see nothing."""
    preview, previewed = work.outlines_preview, []
    monkeypatch.setattr(work, "outlines_preview", lambda known: previewed.append(known.gap) or preview(known))
    at = hold(window)
    settle(qtbot, window.session)
    gate = Gate(monkeypatch, "regapped")
    wanted = [window.parts.bar.gap.slider.value]
    for way in (6, 9, 12, 15):
        pull(window, at, way)
        wanted.append(window.parts.bar.gap.slider.value)
        qtbot.waitUntil(gate.entered.is_set)
    gate.opened.set()
    settle(qtbot, window.session)
    let_go(qtbot, window)
    assert previewed == [wanted[0], wanted[1], wanted[-1]]


def test_back_at_a_gap_that_is_known_its_outlines_show_again(qtbot, window):
    at = hold(window)
    seen = []
    for way in (15, 0, 15):
        pull(window, at, way)
        settle(qtbot, window.session)
        seen.append(window.canvas.scene.layers["regions"][0].level(0).copy())
    assert (seen[0] != seen[1]).any()
    np.testing.assert_array_equal(seen[0], seen[2])
    let_go(qtbot, window)


def test_a_page_opened_while_the_slider_is_held_takes_nothing_over(qtbot, window, tmp_path):
    at = hold(window)
    pull(window, at, 10)
    other = np.full((100, 120), 255, np.uint8)
    cv2.rectangle(other, (10, 10), (90, 80), 0, 3)
    cv2.imwrite(str(tmp_path / "other.png"), other)
    window.session.open(tmp_path / "other.png")
    settle(qtbot, window.session)
    assert not outlines(window)
    let_go(qtbot, window)
    assert window.session.document.choice.gap is None
    assert window.failures == []
