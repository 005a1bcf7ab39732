"""How learning, and what a method lacks, are told in the real window's status bar."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from learner import COLORS, STEPS, Toy, installed
from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, SCRIBBLE, begin, color_at, drag, open_window
from test_learning import is_learning, steps
from test_session import RIGHT, Gate, page_file, reference_file, settle

from mangapaint.ui import learning
from mangapaint.ui.methodnews import MethodNews
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.statusbar import SHOWN_AFTER_MS
from mangapaint.ui.window import Window

LACK = "\u201cToy\u201d needs a reference: drop a coloured picture on the references"


@pytest.fixture
def toy(monkeypatch) -> Toy:
    monkeypatch.setattr(learning, "LOOKS", 0.0)
    return installed(monkeypatch)


@pytest.fixture
def window(qtbot, tmp_path, toy) -> Window:
    window = open_window(qtbot, tmp_path)
    MethodNews(window.session, window.parts.status)
    return window


@pytest.fixture
def learns(qtbot, window, tmp_path) -> Window:
    """The toy has begun to learn, and its progress is there."""
    window.session.choose(method="toy")
    window.session.add_reference(reference_file(tmp_path / "reference.png"))
    is_learning(qtbot, window.session)
    qtbot.waitUntil(window.parts.status.progress.isVisible)
    return window


class Watch(QObject):
    """Notes whenever a widget is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.hidden += event.type() == QEvent.Type.Hide
        return False


def test_learning_is_one_steady_progress_while_strokes_are_coloured(qtbot, learns, toy):
    row, watch, texts = learns.parts.status.progress, Watch(), set()
    row.installEventFilter(watch)
    for signal in (learns.session.jobs.started, learns.session.jobs.finished, learns.session.jobs.idle):
        signal.connect(lambda *_job: texts.add(row.text.full))
    assert (row.text.full, row.bar.value()) == ("Learning 0 %", 0)
    steps(qtbot, learns.session, toy, 1)
    begin(learns, SCRIBBLE)
    qtbot.waitUntil(lambda: color_at(learns, (40, 160)) == FIRST)
    QTest.mouseRelease(learns.canvas, LEFT_BUTTON)
    assert (row.text.full, row.bar.value()) == ("Learning 25 %", 250)
    is_learning(qtbot, learns.session)
    steps(qtbot, learns.session, toy, 2)
    assert color_at(learns, RIGHT) == COLORS[3]
    assert (row.isVisible(), watch.hidden) == (True, 0)
    assert texts <= {f"Learning {number} %" for number in (0, 25, 50, 75)}
    toy.let()
    settle(qtbot, learns.session)
    assert color_at(learns, RIGHT) == COLORS[STEPS]
    qtbot.wait(SHOWN_AFTER_MS + 100)
    assert not row.isVisible()
    assert not learns.parts.status.learned.isVisible()


def test_the_cross_stops_and_keeps_and_the_button_goes_on(qtbot, learns, toy):
    status = learns.parts.status
    steps(qtbot, learns.session, toy, 1)
    is_learning(qtbot, learns.session)
    assert status.progress.cancel.toolTip() == "Stop learning; what it has learned stays"
    QTest.mouseClick(status.progress.cancel, LEFT_BUTTON)
    settle(qtbot, learns.session)
    assert not status.progress.isVisible()
    assert status.learned.text.text() == "Learned 25 %"
    assert color_at(learns, RIGHT) == COLORS[1]
    drag(qtbot, learns, SCRIBBLE)
    assert color_at(learns, (40, 160)) == FIRST
    assert color_at(learns, RIGHT) == COLORS[1]
    QTest.mouseClick(status.learned.button, LEFT_BUTTON)
    assert not status.learned.isVisible()
    toy.let(STEPS)
    settle(qtbot, learns.session)
    assert color_at(learns, RIGHT) == COLORS[STEPS]
    assert len(toy.prepared) == 1


def test_what_was_asked_for_shows_its_own_progress_with_its_own_cross(qtbot, learns, toy, tmp_path, monkeypatch):
    row, gate = learns.parts.status.progress, Gate(monkeypatch, "open_reference")
    learns.session.add_reference(tmp_path / "reference.png")
    qtbot.waitUntil(gate.entered.is_set)
    qtbot.waitUntil(lambda: row.isVisible() and row.text.full == "Opening reference.png")
    assert row.cancel.toolTip() == "Cancel"
    QTest.mouseClick(row.cancel, LEFT_BUTTON)
    gate.opened.set()
    is_learning(qtbot, learns.session)
    assert learns.session.learning.lesson.goes_on
    qtbot.waitUntil(lambda: row.isVisible() and row.text.full == "Learning 0 %")


def test_another_page_takes_the_progress_away(qtbot, learns, tmp_path):
    learns.session.open(page_file(tmp_path / "other.png", shift=9))
    settle(qtbot, learns.session)
    assert learns.session.page.name == "other.png"
    assert not learns.parts.status.learned.isVisible()
    assert not learns.parts.status.progress.isVisible()


def test_what_is_lacking_is_said_once_and_gone_when_it_is_there(qtbot, window, toy, tmp_path):
    said = []
    window.session.lackChanged.connect(said.append)
    window.session.choose(method="toy")
    settle(qtbot, window.session)
    status = window.parts.status
    assert status.message.full == LACK
    assert not status.mark.isVisible()
    for _ in range(2):
        drag(qtbot, window, SCRIBBLE)
    assert status.message.full == LACK
    assert said == [LACK]
    assert window.failures == []
    window.session.add_reference(reference_file(tmp_path / "reference.png"))
    is_learning(qtbot, window.session)
    assert color_at(window, (40, 160)) == FIRST
    assert color_at(window, RIGHT) == COLORS[0]
    assert said == [LACK, ""]
    assert status.message.full != LACK


def test_what_is_lacking_stands_behind_what_is_said_later(window):
    status = window.parts.status
    status.show_message("Draw something")
    status.set_lack(LACK)
    assert status.message.full == LACK
    status.show_message("Exported")
    assert status.message.full == "Exported"
    status.show_message("")
    status.set_standing("3 regions to look at")
    assert status.message.full == LACK
    status.set_lack("")
    assert status.message.full == "3 regions to look at"


def test_a_page_that_lacks_something_is_bare_and_exports_as_it_is_shown(qtbot, window, toy, tmp_path):
    drag(qtbot, window, SCRIBBLE)
    window.session.choose(method="toy")
    settle(qtbot, window.session)
    assert color_at(window, (40, 160)) == (255, 255, 255)
    window.session.export(tmp_path / "out.png")
    settle(qtbot, window.session)
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "out.png")), cv2.imread(str(tmp_path / "page.png")))
    assert window.failures == []
