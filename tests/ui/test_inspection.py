"""The real window with references that regions are matched with: seeing, taking and pinning matches."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from test_canvas import LEFT_BUTTON, NO_KEY, WHITE, color_at, drag, open_window, rgb, screen
from test_session import LEFT, RIGHT, page_file, settle
from toymatcher import ToyMatcher, halves_file, register

from mangapaint.document.strokes import Purpose
from mangapaint.ui import carrying, review
from mangapaint.ui.docks.references import ASK, NONE
from mangapaint.ui.filling import region_at
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.tools import ToolId
from mangapaint.ui.window import Window

RED, BLUE, GREEN, OCHRE = (220, 40, 50), (40, 80, 200), (30, 160, 60), (200, 150, 40)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
COPY = Qt.DropAction.CopyAction


def matched(qtbot, folder: Path, monkeypatch, *, count: int = 2, lost=()) -> Window:
    """A page of two boxes, with references of two colours each."""
    register(monkeypatch, ToyMatcher(lost))
    monkeypatch.setattr(review, "REST", 30)
    window = open_window(qtbot, folder)
    colors = ((RED, BLUE), (GREEN, OCHRE))[:count]
    window.add_references([halves_file(folder / f"{number}.png", *both) for number, both in enumerate(colors)])
    settle(qtbot, window.session)
    return window


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch) -> Window:
    return matched(qtbot, tmp_path, monkeypatch)


def control_click(qtbot, window: Window, at) -> None:
    QTest.mouseClick(window.canvas, LEFT_BUTTON, CONTROL, screen(window, at))
    settle(qtbot, window.session)


def marked(window: Window) -> int | None:
    spot = window.canvas.scene.spot
    return spot.region if spot else None


def region(window: Window, at) -> int | None:
    return region_at(window.session.analysis, *at)


def offered(window: Window) -> list[tuple[int, int, int]]:
    return [row.color for row in window.parts.references.suggestions._rows]


def take(qtbot, window: Window, number: int) -> None:
    row = window.parts.references.suggestions
    QTest.mouseClick(row, LEFT_BUTTON, NO_KEY, row.cell(number).center())
    settle(qtbot, window.session)


# --- seeing


def test_ctrl_click_marks_the_region_and_shows_its_match_and_the_next_best(qtbot, window):
    dock = window.parts.references
    assert (dock.selected.name, dock.suggestions.text) == ("1.png", ASK)
    control_click(qtbot, window, RIGHT)
    assert window.paintbox.foreground == BLUE
    assert marked(window) == region(window, RIGHT)
    assert offered(window) == [BLUE, RED, OCHRE, GREEN]
    assert [row.taken for row in dock.suggestions._rows] == [True, False, False, False]
    assert dock.selected.name == "0.png"
    assert dock.large._match[1] == QPointF(0.75, 0.5)
    assert window.session.document.strokes == ()


def test_the_picker_shows_matches_while_it_is_dragged(qtbot, window):
    window.paintbox.take(ToolId.PICKER)
    QTest.mousePress(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, LEFT))
    assert offered(window)[0] == RED
    QTest.mouseMove(window.canvas, screen(window, RIGHT))
    assert offered(window)[0] == BLUE
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, RIGHT))
    assert marked(window) == region(window, RIGHT)


def test_the_matched_place_and_its_area_are_drawn_in_the_reference(qtbot, window):
    large = window.parts.references.large
    window.parts.references._select(0)
    bare = large.grab().toImage()
    control_click(qtbot, window, RIGHT)
    QApplication.sendEvent(large, QEvent(QEvent.Type.Leave))
    shot, place = large.grab().toImage(), large.place()
    ring = QPoint(round(place.left() + 0.75 * place.width()) + 5, round(place.center().y()))
    assert rgb(bare.pixelColor(ring)) == BLUE
    assert min(rgb(shot.pixelColor(ring))) > 200
    edge = range(round(place.center().x()) - 4, round(place.center().x()) + 5)
    drawn = [rgb(shot.pixelColor(x, round(place.top()) + 8)) for x in edge]
    assert min(sum(color) for color in drawn) < 120
    still = QPoint(round(place.left() + 0.25 * place.width()), round(place.center().y()))
    assert rgb(shot.pixelColor(still)) == RED


def test_a_region_without_a_match_says_so(qtbot, tmp_path, monkeypatch):
    window = matched(qtbot, tmp_path, monkeypatch, lost=[LEFT])
    assert color_at(window, LEFT) == WHITE
    control_click(qtbot, window, LEFT)
    assert marked(window) == region(window, LEFT)
    assert offered(window) == []
    assert window.parts.references.suggestions.text == NONE
    QTest.mouseMove(window.parts.references.suggestions, QPoint(20, 10))
    QTest.keyClick(window.canvas, "1", ALT)
    assert window.session.history.undo_text == "Add reference"


def test_j_leads_to_what_found_no_match_and_offers_what_there_is(qtbot, tmp_path, monkeypatch):
    window = matched(qtbot, tmp_path, monkeypatch, lost=[LEFT])
    QTest.keyClick(window.canvas, "J")
    assert marked(window) == region(window, LEFT)
    assert window.parts.references.suggestions.text == NONE
    assert window.parts.status.message.full == "Region 1 of 1 to look at"
    drag(qtbot, window, [LEFT])
    QTest.keyClick(window.canvas, "J")
    assert window.parts.status.message.full == "No region to look at"


def test_drawing_and_escape_take_the_mark_away(qtbot, window):
    control_click(qtbot, window, RIGHT)
    drag(qtbot, window, [LEFT])
    assert marked(window) is None
    assert window.parts.references.suggestions.text == ASK
    control_click(qtbot, window, RIGHT)
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert marked(window) is None
    assert offered(window) == []


def test_with_hints_alone_there_is_nothing_to_inspect(qtbot, tmp_path):
    window = open_window(qtbot, tmp_path)
    window.add_references([halves_file(tmp_path / "0.png", RED, BLUE)])
    settle(qtbot, window.session)
    window.session.choose(method="propagation")
    drag(qtbot, window, [LEFT])
    assert not window.parts.references.suggestions.isVisible()
    control_click(qtbot, window, LEFT)
    assert window.paintbox.foreground == FIRST
    assert marked(window) is None


# --- taking


def test_a_suggestion_is_taken_in_one_step_and_can_be_exchanged(qtbot, window):
    control_click(qtbot, window, RIGHT)
    assert color_at(window, (240, 60)) == BLUE
    take(qtbot, window, 2)
    assert color_at(window, (240, 60)) == OCHRE
    (hint,) = window.session.document.strokes
    assert (hint.purpose, hint.color) == (Purpose.FILL, OCHRE)
    assert region(window, hint.points[0].tolist()) == region(window, RIGHT)
    assert window.session.history.undo_text == "Use suggestion"
    assert marked(window) == region(window, RIGHT)
    dock = window.parts.references
    assert [row.taken for row in dock.suggestions._rows] == [False, False, True, False]
    assert dock.selected.name == "1.png"
    take(qtbot, window, 1)
    assert [item.color for item in window.session.document.strokes] == [RED]
    window.session.undo()
    window.session.undo()
    settle(qtbot, window.session)
    assert window.session.document.strokes == ()
    assert color_at(window, (240, 60)) == BLUE
    assert offered(window)[0] == BLUE


def test_alt_and_a_number_take_suggestions_without_the_mouse(qtbot, window):
    QTest.keyClick(window.canvas, "2", ALT)
    assert window.session.document.strokes == ()
    control_click(qtbot, window, LEFT)
    QTest.keyClick(window.canvas, "2", ALT)
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == BLUE
    QTest.keyClick(window.canvas, "5", ALT)
    assert len(window.session.document.strokes) == 1


def test_a_suggestion_pointed_at_shows_where_it_is_from_and_then_the_match_again(qtbot, window):
    control_click(qtbot, window, LEFT)
    dock = window.parts.references
    row = dock.suggestions
    heights = dock.large.height(), row.mapTo(dock, QPoint()).y()
    QTest.mouseMove(row, row.cell(3).center())
    assert dock.name.full == "1.png"
    assert dock.large._match[1] == QPointF(0.75, 0.5)
    assert row.tip(3) == "1.png, 30\u2009% sure"
    assert (dock.large.height(), row.mapTo(dock, QPoint()).y()) == heights
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    assert dock.name.full == "0.png"
    assert dock.large._match[1] == QPointF(0.25, 0.5)


# --- which reference


def test_each_reference_says_what_it_gave(qtbot, window):
    dock = window.parts.references
    assert dock.thumbs._shares == [pytest.approx(1), 0]
    assert dock.share.text() == "unused"
    assert dock.thumbs.tip(1) == "1.png: nothing came from it"
    dock._select(0)
    assert dock.share.text() == "100\u2009%"
    shot = dock.thumbs.grab().toImage()
    bars = [rgb(shot.pixelColor(dock.thumbs.cell(number).bottomLeft() + QPoint(26, 7))) for number in (0, 1)]
    assert bars[0] != bars[1]


def test_pointing_at_a_reference_lays_everything_else_back(qtbot, tmp_path, monkeypatch):
    window = matched(qtbot, tmp_path, monkeypatch, lost=[RIGHT])
    thumbs = window.parts.references.thumbs
    QTest.mouseMove(thumbs, thumbs.cell(0).center())
    assert color_at(window, LEFT) == RED
    assert max(color_at(window, RIGHT)) < 130
    assert max(color_at(window, (150, 190))) < 130
    QTest.mouseMove(thumbs, thumbs.cell(1).center())
    assert window.canvas.scene.veil is None
    QTest.mouseMove(thumbs, thumbs.cell(0).center())
    QApplication.sendEvent(thumbs, QEvent(QEvent.Type.Leave))
    assert color_at(window, RIGHT) == WHITE


def test_a_reference_taken_away_takes_its_matches_with_it(qtbot, window):
    control_click(qtbot, window, RIGHT)
    for reference in window.session.document.references:
        window.session.remove_reference(reference)
    settle(qtbot, window.session)
    dock = window.parts.references
    assert not dock.suggestions.isVisible()
    assert dock.area.isVisible()
    assert color_at(window, RIGHT) == WHITE


# --- pinning


def hand(kind, window: Window, at, mime: QMimeData):
    """Let what is carried reach, move over, or drop on a page point."""
    event = kind(
        screen(window, at) if kind is not QDropEvent else QPointF(screen(window, at)), COPY, mime, LEFT_BUTTON, NO_KEY
    )
    event.setAccepted(kind is QDropEvent)
    QApplication.sendEvent(window.canvas, event)
    return event


def test_dragging_from_a_reference_carries_the_area_s_colour(qtbot, window, monkeypatch):
    carried = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, _action: carried.append(carrying.unpacked(drag.mimeData())))
    large = window.parts.references.large
    place = large.place()
    at = QPointF(place.left() + place.width() / 4, place.center().y()).toPoint()
    QTest.mousePress(large, LEFT_BUTTON, NO_KEY, at)
    QTest.mouseMove(large, at + QPoint(3, 0))
    assert carried == []
    QTest.mouseMove(large, at + QPoint(0, -20))
    QTest.mouseMove(large, at + QPoint(0, -40))
    QTest.mouseRelease(large, LEFT_BUTTON, NO_KEY, at + QPoint(0, -40))
    assert carried == [GREEN]
    assert window.paintbox.foreground == FIRST
    QTest.mouseClick(large, LEFT_BUTTON, NO_KEY, at)
    assert window.paintbox.foreground == GREEN


def test_the_area_that_would_be_taken_is_outlined(qtbot, window):
    large = window.parts.references.large
    place = large.place()
    QTest.mouseMove(large, QPointF(place.left() + 0.8 * place.width(), place.center().y()).toPoint())
    box = large._hover.boundingRect()
    assert (box.left(), box.right()) == pytest.approx((0.5, 1), abs=0.02)
    QApplication.sendEvent(large, QEvent(QEvent.Type.Leave))
    assert large._hover.isEmpty()


def test_a_dropped_colour_is_pinned_in_one_step(qtbot, window):
    mime = carrying.packed(GREEN)
    assert hand(QDragEnterEvent, window, LEFT, mime).isAccepted()
    assert hand(QDragMoveEvent, window, LEFT, mime).isAccepted()
    assert window.canvas.scene.target.region == region(window, LEFT)
    assert not hand(QDragMoveEvent, window, (-20, 50), mime).isAccepted()
    assert window.canvas.scene.target is None
    hand(QDragMoveEvent, window, RIGHT, mime)
    assert hand(QDropEvent, window, RIGHT, mime).isAccepted()
    settle(qtbot, window.session)
    assert window.canvas.scene.target is None
    assert color_at(window, (240, 60)) == GREEN
    assert color_at(window, LEFT) == RED
    (hint,) = window.session.document.strokes
    assert (hint.purpose, hint.color) == (Purpose.FILL, GREEN)
    assert window.session.history.undo_text == "Pin match"
    window.session.undo()
    assert window.session.document.strokes == ()


def test_a_colour_carried_away_again_leaves_nothing(qtbot, window):
    mime = carrying.packed(GREEN)
    hand(QDragEnterEvent, window, LEFT, mime)
    hand(QDragMoveEvent, window, LEFT, mime)
    QApplication.sendEvent(window.canvas, QDragLeaveEvent())
    assert window.canvas.scene.target is None
    hand(QDropEvent, window, (-20, 50), mime)
    assert window.session.document.strokes == ()


def test_files_over_the_canvas_are_left_to_the_window(qtbot, window, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(page_file(tmp_path / "other.png", shift=5)))])
    enter = QDragEnterEvent(screen(window, LEFT), COPY, mime, LEFT_BUTTON, NO_KEY)
    window.canvas.dragEnterEvent(enter)
    assert not enter.isAccepted()
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert carrying.unpacked(mime) is None


def test_what_is_carried_looks_like_its_colour(qapp):
    image = carrying.swatch(GREEN, 2.0).toImage()
    assert image.width() == 2 * carrying.SWATCH
    assert rgb(image.pixelColor(image.rect().center())) == GREEN
    assert rgb(image.pixelColor(image.width() // 2, 2)) == (255, 255, 255)
