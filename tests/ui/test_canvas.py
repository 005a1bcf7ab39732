"""What the hand does on the canvas of the real window, and what is painted then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QInputDevice, QNativeGestureEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from test_session import page_file, settle

from mangapaint.settings import Settings
from mangapaint.ui.paintbox import FIRST, SECOND
from mangapaint.ui.tools import ToolId
from mangapaint.ui.window import Window

LEFT_BUTTON, MIDDLE_BUTTON, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
NO_KEY = Qt.KeyboardModifier.NoModifier
SCRIBBLE = ((60, 80), (75, 90), (90, 85))
"""Page points within the left box."""
WHITE = (255, 255, 255)
BLUE = (40, 80, 200)


def open_window(qtbot, folder: Path, *, settings: Settings | None = None, page: Path | None = None) -> Window:
    """The window with a page open, shown, active and at rest."""
    window = Window(settings or Settings(), kept=folder / "kept")
    window.failures = []
    window.session.failed.connect(window.failures.append)
    qtbot.addWidget(window)
    window.show()
    window.session.open(page or page_file(folder / "page.png"))
    settle(qtbot, window.session)
    qtbot.waitUntil(window.isActiveWindow)
    return window


def screen(window: Window, at: tuple[float, float]) -> QPoint:
    """The canvas pixel that shows a page point."""
    return window.canvas.view.transform.map(QPointF(*at)).toPoint()


def begin(window: Window, points: Sequence[tuple[float, float]], modifiers=NO_KEY) -> None:
    """Press and drag, and do not let go."""
    QTest.mousePress(window.canvas, LEFT_BUTTON, modifiers, screen(window, points[0]))
    for point in points[1:]:
        QTest.mouseMove(window.canvas, screen(window, point))


def drag(qtbot, window: Window, points: Sequence[tuple[float, float]]) -> None:
    begin(window, points)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, points[-1]))
    settle(qtbot, window.session)


def grabbed(window: Window) -> QImage:
    """The canvas as it is painted, the pointer out of the way."""
    QApplication.sendEvent(window.canvas, QEvent(QEvent.Type.Leave))
    return window.canvas.grab().toImage()


def color_at(window: Window, at: tuple[float, float]) -> tuple[int, int, int]:
    """What is painted over a page point."""
    return rgb(grabbed(window).pixelColor(screen(window, at)))


def rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def colors_between(window: Window, low: tuple[int, int], high: tuple[int, int]) -> set[tuple[int, int, int]]:
    image, a, b = grabbed(window), screen(window, low), screen(window, high)
    return {rgb(image.pixelColor(x, y)) for x in range(a.x(), b.x()) for y in range(a.y(), b.y())}


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    return open_window(qtbot, tmp_path)


# --- drawing


def test_dragging_draws_a_stroke_and_the_region_takes_the_colour_before_the_release(qtbot, window):
    assert color_at(window, (40, 160)) == WHITE
    begin(window, SCRIBBLE)
    settle(qtbot, window.session)
    assert window.session.history.undo_text is None
    assert color_at(window, (40, 160)) == FIRST
    assert color_at(window, (75, 90)) == FIRST
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[-1]))
    settle(qtbot, window.session)
    (item,) = window.session.document.strokes
    assert (item.color, item.width) == (FIRST, 24.0)
    for drawn, wanted in zip(item.points.tolist(), SCRIBBLE, strict=True):
        assert drawn == pytest.approx(wanted, abs=0.5)
    assert window.session.history.undo_text == "Brush stroke"
    assert color_at(window, (40, 160)) == FIRST
    assert color_at(window, (215, 100)) == WHITE
    assert window.paintbox.recent[0] == FIRST


def test_a_click_makes_a_dot_that_colours(qtbot, window):
    drag(qtbot, window, [(60, 80)])
    assert len(window.session.document.strokes[0].points) == 1
    assert color_at(window, (40, 160)) == FIRST


def test_strokes_are_drawn_at_their_place_on_a_turned_mirrored_page(qtbot, window):
    QTest.keyClick(window.canvas, Qt.Key.Key_M)
    QTest.keyClick(window.canvas, Qt.Key.Key_6)
    drag(qtbot, window, SCRIBBLE)
    assert window.session.document.strokes[0].points[0].tolist() == pytest.approx(SCRIBBLE[0], abs=0.5)
    assert color_at(window, (40, 160)) == FIRST
    assert color_at(window, (215, 100)) == WHITE


@pytest.mark.parametrize("tool", [ToolId.BRUSH, ToolId.ERASER, ToolId.MOVE])
def test_escape_discards_what_is_being_drawn(qtbot, window, tool):
    drag(qtbot, window, SCRIBBLE)
    before, picture = window.session.document, grabbed(window)
    window.paintbox.take(tool)
    begin(window, [(75, 90), (100, 100), (120, 140)])
    settle(qtbot, window.session)
    assert window.session.document is not before
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    QTest.mouseMove(window.canvas, screen(window, (80, 150)))
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (80, 150)))
    settle(qtbot, window.session)
    assert window.session.document is before
    window.canvas.select(None)
    assert grabbed(window) == picture


def test_another_tool_taken_by_its_key_while_drawing_discards_the_stroke(qtbot, window):
    begin(window, SCRIBBLE)
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[-1]))
    settle(qtbot, window.session)
    assert window.session.document.strokes == ()
    assert color_at(window, (40, 160)) == WHITE


def send_pen(window: Window, kind: QEvent.Type, at: tuple[float, float], pressure: float) -> None:
    pen = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
                          QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 3)  # fmt: skip
    place = window.canvas.view.transform.map(QPointF(*at))
    button = NO_BUTTON if kind == QEvent.Type.TabletMove else LEFT_BUTTON
    down = NO_BUTTON if kind == QEvent.Type.TabletRelease else LEFT_BUTTON
    anywhere = window.canvas.mapToGlobal(place)
    event = QTabletEvent(kind, pen, place, anywhere, pressure, 0, 0, 0, 0, 0, NO_KEY, button, down)
    QApplication.sendEvent(window.canvas, event)
    assert event.isAccepted()


def test_a_pen_draws_with_its_pressure(qtbot, window):
    send_pen(window, QEvent.Type.TabletPress, (50, 60), 0.1)
    send_pen(window, QEvent.Type.TabletMove, (80.25, 60.5), 0.5)
    send_pen(window, QEvent.Type.TabletMove, (110, 60), 1.0)
    send_pen(window, QEvent.Type.TabletRelease, (110, 60), 0.0)
    settle(qtbot, window.session)
    (item,) = window.session.document.strokes
    assert item.pressures.tolist() == pytest.approx([0.1, 0.5, 1.0], abs=0.001)
    assert item.radii[0] < item.radii[1] < item.radii[2] == 12
    assert item.points[1].tolist() == pytest.approx([80.25, 60.5], abs=0.01)
    assert color_at(window, (40, 160)) == FIRST


def test_only_the_button_that_began_ends(qtbot, window):
    begin(window, SCRIBBLE[:2])
    QTest.mousePress(window.canvas, MIDDLE_BUTTON, NO_KEY, screen(window, SCRIBBLE[1]))
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[1]))
    QTest.mouseRelease(window.canvas, MIDDLE_BUTTON, NO_KEY, screen(window, SCRIBBLE[1]))
    QTest.mouseMove(window.canvas, screen(window, (120, 150)))
    settle(qtbot, window.session)
    (item,) = window.session.document.strokes
    assert not window.session.is_drafting
    assert item.points[:, 1].max() < 100


def test_ctrl_picks_the_colour_seen_there_and_gives_the_brush_back(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    window.paintbox.pick(BLUE)
    begin(window, [(40, 160), (42, 160)], Qt.KeyboardModifier.ControlModifier)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (42, 160)))
    assert window.paintbox.foreground == FIRST
    assert len(window.session.document.strokes) == 1
    drag(qtbot, window, [(200, 100), (210, 100)])
    assert len(window.session.document.strokes) == 2


def test_the_picker_takes_colours_and_beside_the_page_none(qtbot, window):
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    assert window.paintbox.tool is ToolId.PICKER
    drag(qtbot, window, [(60, 60), (30, 100)])
    assert window.paintbox.foreground == (0, 0, 0)
    drag(qtbot, window, [(-5, -5)])
    assert window.paintbox.foreground == (0, 0, 0)
    assert window.session.history.undo_text is None


def test_the_eraser_takes_the_stroke_and_its_colour_away(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    drag(qtbot, window, [(50, 70), *SCRIBBLE, (100, 80)])
    assert window.session.document.strokes == ()
    assert color_at(window, (40, 160)) == WHITE
    assert window.session.history.undo_text == "Erase"


def test_a_moved_stroke_takes_its_colour_along(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    QTest.keyClick(window.canvas, Qt.Key.Key_T)
    begin(window, [(75, 90), (140, 95), (205, 100)])
    settle(qtbot, window.session)
    assert color_at(window, (180, 160)) == FIRST
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (205, 100)))
    settle(qtbot, window.session)
    assert color_at(window, (180, 160)) == FIRST
    assert color_at(window, (40, 160)) == WHITE
    assert window.session.document.strokes[0].points[0].tolist() == pytest.approx((190, 90), abs=0.8)
    assert window.canvas.scene.selected is window.session.document.strokes[0]


def test_a_selected_stroke_takes_a_picked_colour_and_goes_with_delete(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    QTest.keyClick(window.canvas, Qt.Key.Key_T)
    drag(qtbot, window, [(75, 90)])
    window.parts.color.colorPicked.emit(BLUE)
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == color_at(window, SCRIBBLE[1]) == BLUE
    assert window.canvas.scene.selected is window.session.document.strokes[0]
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    settle(qtbot, window.session)
    assert window.session.document.strokes == ()
    assert color_at(window, (40, 160)) == WHITE


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_N])
def test_keys_for_the_selected_stroke_do_no_harm_while_it_is_moved(qtbot, window, key):
    drag(qtbot, window, SCRIBBLE)
    QTest.keyClick(window.canvas, Qt.Key.Key_T)
    begin(window, [(75, 90), (80, 110)])
    QTest.keyClick(window.canvas, key)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (80, 110)))
    settle(qtbot, window.session)
    assert [item.color for item in window.session.document.strokes] == [FIRST]


def test_undo_and_redo_by_keys_and_not_in_the_middle_of_a_stroke(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    begin(window, [(200, 100), (210, 110)])
    QTest.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (210, 110)))
    settle(qtbot, window.session)
    assert len(window.session.document.strokes) == 2
    for count in (1, 0, 0):
        QTest.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, window.session)
        assert len(window.session.document.strokes) == count
    assert color_at(window, (40, 160)) == color_at(window, SCRIBBLE[1]) == WHITE
    assert not window.actions_by_id["undo"].isEnabled()
    QTest.keyClick(window.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == FIRST
    assert color_at(window, (215, 150)) == WHITE


# --- looking


def test_space_and_the_middle_button_pan(qtbot, window):
    at = window.canvas.view.transform.map(QPointF(60, 80))
    QTest.keyPress(window.canvas, Qt.Key.Key_Space)
    begin(window, [(60, 80), (75, 90)])
    QTest.mouseRelease(window.canvas, LEFT_BUTTON)
    QTest.keyRelease(window.canvas, Qt.Key.Key_Space)
    assert window.session.document.strokes == ()
    moved = window.canvas.view.transform.map(QPointF(60, 80)) - at
    assert (moved.x(), moved.y()) == pytest.approx((15 * 2.95, 10 * 2.95), abs=2)
    QTest.mousePress(window.canvas, MIDDLE_BUTTON, NO_KEY, QPoint(300, 300))
    QTest.mouseClick(window.canvas, LEFT_BUTTON, NO_KEY, QPoint(300, 300))
    QTest.mouseMove(window.canvas, QPoint(320, 290))
    QTest.mouseRelease(window.canvas, MIDDLE_BUTTON, NO_KEY, QPoint(320, 290))
    again = window.canvas.view.transform.map(QPointF(60, 80)) - at - moved
    assert (again.x(), again.y()) == pytest.approx((20, -10), abs=0.01)


def test_a_held_key_let_go_with_another_one_down_is_not_held_any_more(qtbot, window):
    for key in (Qt.Key.Key_Space, Qt.Key.Key_C):
        QTest.keyPress(window.canvas, key)
        QTest.keyRelease(window.canvas, key, Qt.KeyboardModifier.ControlModifier)
    drag(qtbot, window, SCRIBBLE)
    assert len(window.session.document.strokes) == 1
    assert color_at(window, (40, 160)) == FIRST


def wheel(window: Window, at: QPoint, *, angle=(0, 0), pixels=(0, 0), modifiers=NO_KEY, phase=None) -> None:
    anywhere = QPointF(window.canvas.mapToGlobal(at))
    event = QWheelEvent(QPointF(at), anywhere, QPoint(*pixels), QPoint(*angle), NO_BUTTON, modifiers,
                        phase or Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(window.canvas, event)


def test_the_wheel_zooms_about_the_pointer(window):
    at, before = QPoint(200, 500), window.canvas.view
    wheel(window, at, angle=(0, 120))
    assert window.canvas.view.zoom == pytest.approx(before.zoom * 1.0015**120)
    moved = window.canvas.view.to_page(QPointF(at)) - before.to_page(QPointF(at))
    assert moved.manhattanLength() < 1e-6
    wheel(window, at, angle=(0, -120))
    assert window.canvas.view.zoom == pytest.approx(before.zoom)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"angle": (0, 120), "modifiers": Qt.KeyboardModifier.ShiftModifier}, (120, 0)),
        ({"angle": (0, 120), "modifiers": Qt.KeyboardModifier.ControlModifier}, (0, 120)),
        ({"angle": (0, 8), "pixels": (7, -9), "phase": Qt.ScrollPhase.ScrollUpdate}, (7, -9)),
    ],
)
def test_wheel_with_keys_and_two_fingers_pan(window, event, expected):
    before = window.canvas.view.transform.map(QPointF())
    wheel(window, QPoint(200, 200), **event)
    moved = window.canvas.view.transform.map(QPointF()) - before
    assert (moved.x(), moved.y()) == pytest.approx(expected)


def test_a_pinch_zooms_about_the_fingers_and_turns(window):
    at, before = QPointF(250, 300), window.canvas.view
    for kind, value in ((Qt.NativeGestureType.ZoomNativeGesture, 0.25),
                        (Qt.NativeGestureType.RotateNativeGesture, 10.0)):  # fmt: skip
        event = QNativeGestureEvent(kind, QPointingDevice.primaryPointingDevice(), 2, at, at,
                                    QPointF(window.canvas.mapToGlobal(at)), value, QPointF())  # fmt: skip
        QApplication.sendEvent(window.canvas, event)
        if value < 1:
            assert (window.canvas.view.to_page(at) - before.to_page(at)).manhattanLength() < 1e-6
    assert window.canvas.view.zoom == pytest.approx(before.zoom * 1.25)
    assert window.canvas.view.angle == pytest.approx(10)


def test_keys_zoom_turn_and_mirror(window):
    def press(key: Qt.Key):
        QTest.keyClick(window.canvas, key)
        return window.canvas.view

    fitted = window.canvas.view
    assert press(Qt.Key.Key_1).zoom == 1.0
    assert color_at(window, (60, 30)) == (0, 0, 0)
    assert press(Qt.Key.Key_2) == fitted
    assert press(Qt.Key.Key_3).zoom == pytest.approx((window.canvas.width() - 48) / 300)
    assert press(Qt.Key.Key_6).angle == 15
    assert press(Qt.Key.Key_4).angle == 0
    assert press(Qt.Key.Key_4).angle == -15
    assert press(Qt.Key.Key_5).angle == 0
    assert press(Qt.Key.Key_M).mirrored
    assert color_at(window, (30, 100)) == (0, 0, 0)
    assert not press(Qt.Key.Key_M).mirrored


def test_held_keys_show_the_bare_page_and_the_result_alone(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    inside = (50, 70), (100, 100)
    assert len(colors_between(window, *inside)) > 1
    for key, expected in ((Qt.Key.Key_V, {FIRST}), (Qt.Key.Key_C, {WHITE})):
        QTest.keyPress(window.canvas, key)
        assert colors_between(window, *inside) == expected
        QTest.keyRelease(window.canvas, key)
        assert len(colors_between(window, *inside)) > 1
    QTest.keyClick(window.canvas, Qt.Key.Key_H)
    assert colors_between(window, *inside) == {FIRST}
    QTest.keyClick(window.canvas, Qt.Key.Key_H)
    assert len(colors_between(window, *inside)) > 1


def test_keys_change_the_brush_and_swap_the_colours(window):
    sizes = [window.paintbox.size]
    for key in (Qt.Key.Key_BracketRight, Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketLeft):
        QTest.keyClick(window.canvas, key)
        sizes.append(window.paintbox.size)
    assert sizes[0] < sizes[1]
    assert sizes[1] > sizes[2] > sizes[3]
    assert window.canvas.scene.brush.size == sizes[3]
    QTest.keyClick(window.canvas, Qt.Key.Key_X)
    assert (window.paintbox.foreground, window.paintbox.background) == (SECOND, FIRST)


def test_the_ring_has_the_brush_s_size_on_the_page(window):
    window.paintbox.resize(40)
    at = screen(window, (85, 100))
    QTest.mouseMove(window.canvas, at)
    image, radius = window.canvas.grab().toImage(), round(20 * window.canvas.view.zoom)
    darkest = min(range(radius - 6, radius + 7), key=lambda r: image.pixelColor(at.x() + r, at.y()).lightness())
    assert abs(darkest - radius) <= 1
