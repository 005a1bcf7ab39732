"""What must outlive a page or the window: strokes, exports, and a clean end while the worker is busy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from test_canvas import SCRIBBLE, drag, open_window
from test_session import BLUE, LEFT, RED, RIGHT, Gate, draw, open_page, page_file, settle, shown, with_stroke

from mangapaint.batch import composed
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import dialogs
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit

NOISE = ("This plugin does not support",)
"""What the offscreen platform says by itself."""


@pytest.fixture
def sessions(qtbot, tmp_path):
    """Make sessions that share one folder for kept strokes, as several starts of the program do."""
    made: list[Session] = []

    def make() -> Session:
        session = Session(Settings(), kept=tmp_path / "kept")
        session.failures = []
        session.failed.connect(session.failures.append)
        session.said = []
        session.message.connect(session.said.append)
        made.append(session)
        return session

    yield make
    for session in made:
        session.jobs.close()


@pytest.fixture
def session(sessions) -> Session:
    return sessions()


@pytest.fixture
def page(tmp_path):
    return page_file(tmp_path / "page.png")


# --- strokes are kept


def test_strokes_are_found_again_by_the_next_start(qtbot, sessions, page):
    first = sessions()
    open_page(qtbot, first, page)
    draw(qtbot, first, LEFT, RED)
    draw(qtbot, first, RIGHT, None)
    first.close()
    second = sessions()
    open_page(qtbot, second, page)
    assert [item.color for item in second.document.strokes] == [RED, None]
    assert second.document.strokes[0].points.tolist() == first.document.strokes[0].points.tolist()
    np.testing.assert_array_equal(shown(second), shown(first))


def test_strokes_are_found_again_after_another_page_also_under_another_name(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    open_page(qtbot, session, page_file(tmp_path / "other.png", shift=9))
    assert session.document.strokes == ()
    (tmp_path / "renamed.png").write_bytes(page.read_bytes())
    open_page(qtbot, session, tmp_path / "renamed.png")
    assert [item.color for item in session.document.strokes] == [RED]
    assert session.picture.color(40, 160) == RED


@pytest.mark.parametrize("settled", [True, False])
def test_opening_the_open_page_again_keeps_its_strokes(qtbot, session, page, settled):
    open_page(qtbot, session, page)
    session.apply(Edit("Brush stroke", with_stroke(session, LEFT, RED)))
    if settled:
        settle(qtbot, session)
    open_page(qtbot, session, page)
    assert [item.color for item in session.document.strokes] == [RED]


def test_a_stroke_drawn_while_the_same_page_is_opened_again_is_kept(qtbot, session, page, monkeypatch):
    open_page(qtbot, session, page)
    gate = Gate(monkeypatch, "shown_ready")
    session.open(page)
    qtbot.waitUntil(gate.entered.is_set)
    session.apply(Edit("Brush stroke", with_stroke(session, LEFT, RED)))
    gate.opened.set()
    settle(qtbot, session)
    assert [item.color for item in session.document.strokes] == [RED]


def test_undone_strokes_are_not_found_again(qtbot, sessions, page):
    first = sessions()
    open_page(qtbot, first, page)
    draw(qtbot, first, LEFT, RED)
    first.undo()
    settle(qtbot, first)
    first.close()
    second = sessions()
    open_page(qtbot, second, page)
    assert second.document.strokes == ()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe\x00", b'{"strokes": [{"color": 1}]}'])
def test_a_broken_file_of_kept_strokes_does_not_keep_the_page_from_opening(qtbot, session, page, tmp_path, content):
    open_page(qtbot, session, page)
    (tmp_path / "kept").mkdir(exist_ok=True)
    broken = tmp_path / "kept" / f"{session.page.id}.json"
    open_page(qtbot, session, page_file(tmp_path / "other.png", shift=9))
    broken.write_bytes(content)
    open_page(qtbot, session, page)
    assert session.page.name == page.name
    assert session.document.strokes == ()
    assert len(session.failures) == 1
    assert str(broken) in session.failures[0]
    draw(qtbot, session, LEFT, RED)
    session.close()
    assert json.loads(broken.read_text())["strokes"][0]["color"] == "#dc2832"


def test_a_folder_that_cannot_be_made_is_told_of_and_painting_goes_on(qtbot, session, page, tmp_path):
    (tmp_path / "kept").write_text("a file is in the way")
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    open_page(qtbot, session, page_file(tmp_path / "other.png", shift=9))
    assert session.page.name == "other.png"
    assert session.failures
    assert "kept" in session.failures[0]
    draw(qtbot, session, RIGHT, BLUE)
    assert session.picture.color(*RIGHT) == BLUE


# --- exports are written


def read(path) -> np.ndarray:
    return cv2.imread(str(path))[..., ::-1]


def test_an_export_is_exactly_the_composed_page(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    draw(qtbot, session, RIGHT, BLUE)
    session.export(tmp_path / "out.png")
    settle(qtbot, session)
    np.testing.assert_array_equal(read(tmp_path / "out.png"), composed(session.analysis, session.shown.colorization))
    np.testing.assert_array_equal(read(tmp_path / "out.png"), shown(session))
    assert session.history.is_exported
    assert any("out.png" in text for text in session.said)


def test_an_export_is_of_the_moment_it_was_asked_for(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    session.export(tmp_path / "out.png")
    session.apply(Edit("Brush stroke", with_stroke(session, RIGHT, BLUE)))
    settle(qtbot, session)
    assert tuple(read(tmp_path / "out.png")[160, 40]) == RED
    assert tuple(read(tmp_path / "out.png")[RIGHT[::-1]]) == (255, 255, 255)
    assert not session.history.is_exported


def test_a_failing_export_is_told_of_and_painting_goes_on(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    session.export(tmp_path / "gone" / "out.png")
    settle(qtbot, session)
    assert len(session.failures) == 1
    assert "gone" in session.failures[0]
    assert not session.history.is_exported
    draw(qtbot, session, RIGHT, BLUE)
    assert session.picture.color(*RIGHT) == BLUE


@pytest.mark.parametrize("busy", [False, True])
def test_an_export_is_written_although_the_window_closes_right_after(qtbot, session, page, tmp_path, busy):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    if busy:
        session.apply(Edit("Brush stroke", with_stroke(session, RIGHT, BLUE)))
    session.export(tmp_path / "out.png")
    session.close()
    assert tuple(read(tmp_path / "out.png")[160, 40]) == RED
    before = (tmp_path / "out.png").stat().st_mtime_ns
    session.close()
    assert (tmp_path / "out.png").stat().st_mtime_ns == before


def test_an_export_that_fails_while_the_window_closes_is_told_of(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    settle(qtbot, session)
    session.export(tmp_path / "gone" / "out.png")
    assert session.jobs.running is not None
    with pytest.raises(UserError, match="folder"):
        session.close()


def test_one_export_that_fails_at_the_end_does_not_keep_the_other_from_being_written(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    session.apply(Edit("Brush stroke", with_stroke(session, LEFT, RED)))
    session.export(tmp_path / "gone" / "out.png")
    session.export(tmp_path / "out.png")
    with pytest.raises(UserError, match="gone"):
        session.close()
    assert (tmp_path / "out.png").is_file()


def test_export_asks_once_and_then_writes_where_it_did_before(qtbot, tmp_path, monkeypatch):
    window, asked = open_window(qtbot, tmp_path), []

    def ask(parent, start):
        asked.append(start)
        return tmp_path / "out.png"

    monkeypatch.setattr(dialogs, "ask_export", ask)
    drag(qtbot, window, SCRIBBLE)
    assert window.parts.bar.name.full.endswith("\u2022")
    for _ in range(2):
        QTest.keyClick(window.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, window.session)
        np.testing.assert_array_equal(read(tmp_path / "out.png"), shown(window.session))
        assert window.parts.bar.name.full == "page.png"
        drag(qtbot, window, [(200, 100), (210, 110)])
    assert asked == [tmp_path / "page-color.png"]


def test_an_export_that_was_not_answered_writes_nothing(qtbot, tmp_path, monkeypatch):
    window = open_window(qtbot, tmp_path)
    monkeypatch.setattr(dialogs, "ask_export", lambda parent, start: None)
    before = set(tmp_path.iterdir())
    QTest.keyClick(window.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window.session)
    assert set(tmp_path.iterdir()) == before


# --- the program ends


BUSY = """
import sys, threading, time
from pathlib import Path
from mangapaint.ui import app, work
begun = threading.Event()
def analyzed(document, progress):
    begun.set()
    while True:
        progress.report(0.5, "long")
        time.sleep(0.001)
work.analyzed = analyzed
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = QApplication(["mangapaint"])
def look():
    if begun.is_set():
        {then}
    else:
        QTimer.singleShot(10, look)
QTimer.singleShot(10, look)
code = app.run(Path(sys.argv[1]))
print("ended", code)
"""


def busy_program(page, tmp_path, then: str) -> subprocess.Popen[str]:
    home = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}
    environment = {**os.environ, **home, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", BUSY.format(then=then), str(page)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def ended(program: subprocess.Popen[str]) -> tuple[int, str, list[str]]:
    out, err = program.communicate(timeout=60)
    return program.returncode, out, [line for line in err.splitlines() if not line.startswith(NOISE)]


def test_closing_the_window_while_a_job_runs_ends_the_program_silently(page, tmp_path):
    program = busy_program(page, tmp_path, "[w.close() for w in application.topLevelWidgets()]")
    assert ended(program) == (0, "ended 0\n", [])


def test_ctrl_c_in_the_terminal_closes_the_window(page, tmp_path):
    program = busy_program(page, tmp_path, "print('busy', flush=True)")
    assert program.stdout.readline() == "busy\n"
    program.send_signal(signal.SIGINT)
    assert ended(program) == (0, "ended 0\n", [])


def test_a_job_that_never_stops_does_not_keep_the_program(page, tmp_path):
    never = "import mangapaint.ui.jobs as jobs; jobs.CLOSING_PATIENCE = 50; "
    program = busy_program(page, tmp_path, never + "[w.close() for w in application.topLevelWidgets()]")
    code, _, noise = ended(program)
    assert (code, noise) == (0, [])
