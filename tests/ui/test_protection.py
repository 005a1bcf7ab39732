"""The protect brush, and what the page shows as protected, with real events on the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from test_canvas import (
    BLUE,
    LEFT_BUTTON,
    NO_KEY,
    WHITE,
    begin,
    color_at,
    colors_between,
    drag,
    open_window,
    rgb,
    screen,
)
from test_filling import empty
from test_session import LEFT, RIGHT

from mangapaint.document.strokes import Purpose, stroke
from mangapaint.ui.filling import region_at
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.tools import Edit
from mangapaint.ui.window import Window


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    return open_window(qtbot, tmp_path)


def test_protection_shows_as_a_hatching_that_no_colour_is_in(qtbot, window):
    """Neutral, over white as over colour, and gone with the hints."""
    QTest.keyClick(window.canvas, "P")
    window.paintbox.resize(40)
    drag(qtbot, window, [(60, 80), (110, 80)])
    (item,) = window.session.document.strokes
    assert (item.purpose, item.color) == (Purpose.PROTECT, None)
    assert window.session.history.undo_text == "Protect"
    seen = colors_between(window, (65, 70), (105, 90))
    assert len(seen) > 4
    assert all(max(color) - min(color) <= 2 for color in seen)
    assert min(max(color) for color in seen) < 200
    QTest.keyClick(window.canvas, "H")
    assert colors_between(window, (65, 70), (105, 90)) == {WHITE}


def test_shift_frees_and_a_colour_picked_for_protection_changes_nothing(qtbot, window):
    QTest.keyClick(window.canvas, "P")
    empty(qtbot, window, [(60, 80), (110, 80)])
    (item,) = window.session.document.strokes
    assert (item.purpose, item.color) == (Purpose.FREE, None)
    assert window.session.history.undo_text == "Free from protection"
    QTest.keyClick(window.canvas, "T")
    drag(qtbot, window, [(80, 80)])
    assert window.canvas.scene.selected is item
    window.pick_color(BLUE)
    assert window.session.document.strokes == (item,)
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert window.session.document.strokes == ()


def test_a_protected_region_takes_no_colour_and_freed_it_does(qtbot, window):
    QTest.keyClick(window.canvas, "P")
    drag(qtbot, window, [(60, 100), (110, 100)])
    QTest.keyClick(window.canvas, "F")
    drag(qtbot, window, [(50, 150)])
    drag(qtbot, window, [RIGHT])
    assert color_at(window, (40, 160)) == WHITE
    assert color_at(window, (180, 160)) == FIRST
    QTest.keyClick(window.canvas, "P")
    empty(qtbot, window, [(60, 100), (110, 100)])
    assert color_at(window, (40, 160)) == FIRST


def test_the_protect_brush_s_ring_holds_no_colour(window):
    QTest.keyClick(window.canvas, "P")
    window.paintbox.pick((255, 0, 0))
    QTest.mouseMove(window.canvas, screen(window, LEFT))
    assert rgb(window.canvas.grab().toImage().pixelColor(screen(window, (LEFT[0] + 3, LEFT[1])))) == WHITE


def test_what_is_protected_by_itself_is_hatched_while_the_tool_is_in_the_hand(window):
    analysis = window.session.analysis
    region = region_at(analysis, *LEFT)
    analysis.regions.bubbles.setflags(write=True)
    analysis.regions.bubbles[region] = True
    assert colors_between(window, (50, 70), (80, 90)) == {WHITE}
    QTest.keyClick(window.canvas, "P")
    assert len(colors_between(window, (50, 70), (80, 90))) > 3
    assert colors_between(window, (180, 70), (220, 90)) == {WHITE}
    QTest.keyClick(window.canvas, "B")
    assert colors_between(window, (50, 70), (80, 90)) == {WHITE}


def hatched(window: Window, at) -> bool:
    """Whether the region around a point is hatched, apart from strokes."""
    shape = window.canvas.scene.protected
    return shape is not None and shape.contains(QPointF(*at))


def test_the_hatching_follows_protection_and_freeing_while_they_are_drawn(qtbot, window):
    analysis = window.session.analysis
    bubble = np.arange(analysis.regions.count) == region_at(analysis, *LEFT)
    object.__setattr__(analysis.regions, "bubbles", bubble)
    QTest.keyClick(window.canvas, "P")
    assert (hatched(window, (40, 160)), hatched(window, (180, 160))) == (True, False)
    begin(window, [(180, 60), (220, 80)])
    assert window.session.is_drafting
    assert hatched(window, (180, 160))
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (220, 80)))
    assert not hatched(window, (180, 160))
    empty(qtbot, window, [(60, 80), (110, 80)])
    assert window.canvas.scene.protected is None
    window.session.undo()
    assert hatched(window, (40, 160))
    QTest.keyClick(window.canvas, "F")
    drag(qtbot, window, [LEFT])
    assert window.canvas.scene.protected is None
    QTest.keyClick(window.canvas, "P")
    assert not hatched(window, (40, 160))


def test_while_the_same_regions_are_protected_their_hatching_is_not_made_anew(qtbot, window):
    QTest.keyClick(window.canvas, "P")
    begin(window, [(60, 80), (80, 80)])
    before = window.canvas.scene.protected
    QTest.mouseMove(window.canvas, screen(window, (110, 80)))
    assert window.canvas.scene.protected is before is not None
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, (110, 80)))


def test_a_scribble_of_protection_that_crosses_itself_is_laid_on_once(qtbot, window):
    window.session.apply(_protected(window, [(50, 60), (120, 60), (50, 60)]))
    once = colors_between(window, (60, 55), (110, 65))
    window.session.undo()
    window.session.apply(_protected(window, [(50, 60), (120, 60)]))
    assert colors_between(window, (60, 55), (110, 65)) == once


def _protected(window: Window, points):
    item = stroke(points, width=20, color=None, purpose=Purpose.PROTECT)
    return Edit("Protect", window.session.history.present.with_stroke(item))
