"""The bucket: whole regions filled and emptied, with real events on the real window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from test_canvas import (
    BLUE,
    LEFT_BUTTON,
    NO_KEY,
    SCRIBBLE,
    WHITE,
    begin,
    color_at,
    drag,
    grabbed,
    open_window,
    rgb,
    screen,
)
from test_session import LEFT, RIGHT, Gate, page_file, settle

from mangapaint.analysis import within as places
from mangapaint.analysis.within import within
from mangapaint.document.document import Document
from mangapaint.document.strokes import Purpose
from mangapaint.settings import Settings
from mangapaint.ui.filling import BucketTool, filled, region_at
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.tools import At, Brush, ToolId
from mangapaint.ui.window import Window

SHIFT = Qt.KeyboardModifier.ShiftModifier
ACROSS = ((60, 100), (240, 100))
"""From the left box through its wall, the gutter and the right box's wall into the right box, in one quick step."""


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    window = open_window(qtbot, tmp_path)
    QTest.keyClick(window.canvas, "F")
    assert window.paintbox.tool is ToolId.BUCKET
    return window


def empty(qtbot, window: Window, points) -> None:
    begin(window, points, SHIFT)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, SHIFT, screen(window, points[-1]))
    settle(qtbot, window.session)


def regions_of(window: Window, item) -> list[int | None]:
    return [region_at(window.session.analysis, x, y) for x, y in item.points.tolist()]


# --- points and regions


@pytest.mark.parametrize("at", [LEFT, RIGHT, (5, 5)])
def test_a_point_well_within_a_region_lies_in_it_off_the_ink(window, at):
    analysis = window.session.analysis
    x, y = within(analysis, region_at(analysis, *at))
    assert region_at(analysis, x, y) == region_at(analysis, *at)
    assert not analysis.ink[int(y), int(x)]


def test_a_thin_region_in_a_large_rectangle_has_a_point_too(window, monkeypatch):
    monkeypatch.setattr(places, "LOOKED_PIXELS", 50)
    analysis = window.session.analysis
    margin = region_at(analysis, 5, 5)
    assert region_at(analysis, *within(analysis, margin)) == margin
    labels = np.zeros((200, 300), np.uint16)
    labels[17, 3:] = labels[17:, 3] = 1
    boxes = np.array([[0, 0, 300, 200], [3, 17, 300, 200]], np.int32)
    thin = replace(analysis, regions=replace(analysis.regions, labels=labels, boxes=boxes))
    assert region_at(thin, *within(thin, 1)) == 1


def test_filling_regions_takes_the_place_of_what_filled_them(window):
    analysis = window.session.analysis
    both = [region_at(analysis, *LEFT), region_at(analysis, *RIGHT)]
    once = filled(window.session.document, analysis, both, BLUE)
    (item,) = once.strokes
    assert [region_at(analysis, *point) for point in item.points.tolist()] == both
    again = filled(once, analysis, both[:1], FIRST)
    assert [(one.color, len(one.points)) for one in again.strokes] == [(BLUE, 1), (FIRST, 1)]


# --- filling


def test_a_click_fills_the_region_as_one_step(qtbot, window):
    drag(qtbot, window, [LEFT])
    (item,) = window.session.document.strokes
    assert (item.purpose, item.color, len(item.points)) == (Purpose.FILL, FIRST, 1)
    assert window.session.history.undo_text == "Fill"
    assert color_at(window, (40, 160)) == FIRST
    assert color_at(window, (215, 100)) == WHITE
    assert window.paintbox.recent[0] == FIRST


def test_the_region_takes_the_colour_while_the_button_is_down(qtbot, window):
    begin(window, [LEFT])
    settle(qtbot, window.session)
    assert window.session.history.undo_text is None
    assert color_at(window, (40, 160)) == FIRST
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, LEFT))
    settle(qtbot, window.session)
    assert window.session.document.strokes == ()
    assert color_at(window, (40, 160)) == WHITE


def test_a_quick_drag_fills_every_region_it_passes_once_and_as_one_step(qtbot, window):
    drag(qtbot, window, [*ACROSS, ACROSS[0]])
    (item,) = window.session.document.strokes
    wanted = [region_at(window.session.analysis, x, 100) for x in (60, 150, 240)]
    assert regions_of(window, item) == wanted
    assert len(set(wanted)) == 3
    assert not any(window.session.analysis.ink[int(y), int(x)] for x, y in item.points.tolist())
    window.session.undo()
    settle(qtbot, window.session)
    assert window.session.document.strokes == ()


def test_all_regions_of_a_drag_take_the_colour_over_older_hints(qtbot, window):
    window.paintbox.take(ToolId.BRUSH)
    drag(qtbot, window, SCRIBBLE)
    window.paintbox.take(ToolId.BUCKET)
    window.paintbox.pick(BLUE)
    drag(qtbot, window, ACROSS)
    QTest.keyClick(window.canvas, Qt.Key.Key_H)
    for point in ((40, 160), (120, 40), SCRIBBLE[1], (150, 10), (180, 40)):
        assert color_at(window, point) == BLUE


def test_a_fill_takes_the_place_of_an_older_one_in_its_region(qtbot, window):
    drag(qtbot, window, ACROSS)
    window.paintbox.pick(BLUE)
    drag(qtbot, window, [(100, 60)])
    old, new = window.session.document.strokes
    assert len(old.points) == 2
    assert (new.color, new.points.tolist()) == (BLUE, [pytest.approx((100, 60), abs=0.5)])
    assert color_at(window, (40, 160)) == BLUE


def test_the_bucket_can_keep_uncoloured(qtbot, window):
    window.paintbox.take(ToolId.BRUSH)
    drag(qtbot, window, SCRIBBLE)
    QTest.keyClick(window.canvas, "N")
    QTest.keyClick(window.canvas, "F")
    drag(qtbot, window, [LEFT])
    assert window.session.document.strokes[-1].color is None
    assert color_at(window, (40, 160)) == WHITE


def test_before_the_analysis_the_bucket_does_nothing(qtbot, tmp_path, monkeypatch):
    gate = Gate(monkeypatch, "analyzed")
    window = Window(Settings(), kept=tmp_path)
    qtbot.addWidget(window)
    window.show()
    window.session.open(page_file(tmp_path / "page.png"))
    qtbot.waitUntil(gate.entered.is_set)
    window.paintbox.take(ToolId.BUCKET)
    for modifiers in (NO_KEY, SHIFT):
        begin(window, ACROSS, modifiers)
        QTest.mouseRelease(window.canvas, LEFT_BUTTON, modifiers, screen(window, ACROSS[1]))
    assert window.session.document.strokes == ()
    gate.opened.set()
    settle(qtbot, window.session)


def test_beside_the_page_there_is_no_region(qtbot, window):
    drag(qtbot, window, [(-5, 50), (-5, -5), (400, -5), (400, 300)])
    assert window.session.document.strokes == ()
    assert region_at(window.session.analysis, 300, 10) is None
    assert region_at(None, 10, 10) is None


def test_ctrl_picks_a_colour_and_gives_the_bucket_back(qtbot, window):
    drag(qtbot, window, [LEFT])
    window.paintbox.pick(BLUE)
    begin(window, [(40, 160)], Qt.KeyboardModifier.ControlModifier)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (40, 160)))
    assert window.paintbox.foreground == FIRST
    drag(qtbot, window, [RIGHT])
    assert len(window.session.document.strokes) == 2


def test_a_pen_that_touches_a_line_has_not_crossed_it(window):
    analysis = window.session.analysis
    wall = [x for x in range(130, 150) if analysis.ink[100, x]]
    assert region_at(analysis, *LEFT) != region_at(analysis, wall[-1], 100)
    tool = BucketTool(lambda: analysis)
    tool.begin(Document(analysis.page), At(*LEFT), Brush())
    assert len(tool.extend(At(wall[-1] + 0.5, 100)).strokes[0].points) == 1
    assert len(tool.extend(At(wall[-1] + 4, 100)).strokes[0].points) == 2


@pytest.mark.parametrize("step", [2, 3, 5])
def test_a_quick_hand_misses_no_region_larger_than_a_few_pixels(window, step):
    analysis = window.session.analysis
    labels = np.repeat(np.arange(300 // step, dtype=np.uint16), step)[None].repeat(200, axis=0)
    regions = replace(analysis.regions, labels=labels)
    regions.__dict__["boxes"] = np.array([(n * step, 0, n * step + step, 200) for n in range(300 // step)], np.int32)
    tool = BucketTool(lambda: replace(analysis, regions=regions, ink=np.zeros((200, 300), bool)))
    tool.begin(Document(analysis.page), At(1, 10), Brush())
    item = tool.extend(At(290, 150)).strokes[0]
    assert [int(x) // step for x in item.points[:, 0]] == list(range(290 // step + 1))


# --- emptying


def test_shift_takes_fills_and_pieces_of_hints_out_of_the_region_only(qtbot, window):
    drag(qtbot, window, [LEFT])
    window.paintbox.take(ToolId.BRUSH)
    drag(qtbot, window, [(60, 80), (240, 80)])
    window.paintbox.take(ToolId.BUCKET)
    empty(qtbot, window, [(50, 150)])
    assert window.session.history.undo_text == "Take hints away"
    left = region_at(window.session.analysis, *LEFT)
    assert all(left not in regions_of(window, item) for item in window.session.document.strokes)
    assert max(item.points[:, 0].max() for item in window.session.document.strokes) == pytest.approx(240, abs=1)
    assert color_at(window, (40, 160)) == WHITE
    assert color_at(window, (180, 160)) == FIRST
    window.session.undo()
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == FIRST
    assert len(window.session.document.strokes) == 2


def test_a_drag_with_shift_empties_all_it_passes_as_one_step(qtbot, window):
    drag(qtbot, window, ACROSS)
    empty(qtbot, window, [(60, 140), (240, 140)])
    assert window.session.document.strokes == ()
    window.session.undo()
    assert len(window.session.document.strokes) == 1


def test_emptying_an_empty_region_is_no_step(qtbot, window):
    empty(qtbot, window, [LEFT])
    assert window.session.history.undo_text is None
    drag(qtbot, window, [LEFT])
    assert window.session.document.strokes


# --- how it looks, and the other tools


def test_the_region_under_the_bucket_is_filled_thinly(qtbot, window):
    QTest.mouseMove(window.canvas, screen(window, LEFT))
    tinted = window.canvas.grab().toImage().pixelColor(screen(window, (50, 150)))
    assert rgb(tinted) == pytest.approx((252, 232, 210), abs=4)
    assert rgb(window.canvas.grab().toImage().pixelColor(screen(window, (215, 60)))) == WHITE
    QTest.keyClick(window.canvas, "B")
    assert rgb(window.canvas.grab().toImage().pixelColor(screen(window, (50, 150)))) == WHITE
    QTest.keyClick(window.canvas, "F")
    assert rgb(window.canvas.grab().toImage().pixelColor(screen(window, (50, 150)))) == rgb(tinted)


def test_a_filled_region_is_seen_in_its_own_colour_until_the_pointer_comes_back(qtbot, window):
    def seen():
        return rgb(window.canvas.grab().toImage().pixelColor(screen(window, (40, 160))))

    QTest.mouseMove(window.canvas, screen(window, LEFT))
    drag(qtbot, window, [LEFT])
    assert seen() == FIRST
    QTest.mouseMove(window.canvas, screen(window, (90, 110)))
    assert seen() == FIRST
    for point in (RIGHT, LEFT):
        QTest.mouseMove(window.canvas, screen(window, point))
    assert seen() != FIRST


@pytest.mark.parametrize("zoom", [0.8, 3.0])
def test_a_fill_s_point_is_seen_in_its_colour_at_one_size(qtbot, window, zoom):
    drag(qtbot, window, [LEFT])
    window.canvas.change_view(lambda view: replace(view, zoom=zoom))
    qtbot.wait(150)
    x, y = (window.session.document.strokes[0].points[0]).tolist()
    image, middle = grabbed(window), screen(window, (x, y))
    assert rgb(image.pixelColor(middle)) == FIRST
    other = [d for d in range(-12, 13) if rgb(image.pixelColor(middle + QPoint(d, 0))) != FIRST]
    assert 3 <= max(other) <= 6
    assert -6 <= min(other) <= -3


def test_one_point_is_moved_out_of_a_fill_and_takes_its_colour_along(qtbot, window):
    drag(qtbot, window, ACROSS)
    (item,) = window.session.document.strokes
    QTest.keyClick(window.canvas, "T")
    drag(qtbot, window, [tuple(item.points[0].tolist()), (100, 150)])
    left, moved = window.session.document.strokes
    assert left.points.tolist() == item.points[1:].tolist()
    assert moved.points.tolist() == [pytest.approx((100, 150), abs=1)]
    assert moved.purpose is Purpose.FILL
    assert window.canvas.scene.selected is moved
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == WHITE


def test_a_selected_fill_is_recoloured_whole(qtbot, window):
    drag(qtbot, window, ACROSS)
    QTest.keyClick(window.canvas, "T")
    drag(qtbot, window, [tuple(window.session.document.strokes[0].points[0].tolist())])
    window.pick_color(BLUE)
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == BLUE


def test_the_eraser_takes_single_points_of_a_fill(qtbot, window):
    drag(qtbot, window, ACROSS)
    QTest.keyClick(window.canvas, "E")
    drag(qtbot, window, [tuple(window.session.document.strokes[0].points[0].tolist())])
    assert sum(len(item.points) for item in window.session.document.strokes) == 2
    assert color_at(window, (40, 160)) == WHITE
