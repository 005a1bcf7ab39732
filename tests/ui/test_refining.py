"""Colours come in a hurry first, and with care as soon as the artist pauses."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hurrier import HEARD, Hurrier, register
from learner import installed
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, NO_KEY, SCRIBBLE, begin, color_at, drag, open_window, screen
from test_session import BLUE, LEFT, RED, RIGHT, open_page, page_file, reference_file, settle, shown, with_stroke

from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import wishes
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit

BESIDE = (40, 160)
"""In the left box, beside the stroke in it."""
BARE = (255, 255, 255)
NEVER = 1e9


@pytest.fixture
def toy(monkeypatch) -> Hurrier:
    return register(monkeypatch)


@pytest.fixture
def session(qtbot, tmp_path, toy):
    """A page with a reference, coloured with care; what was begun since lies in ``begun``."""
    session = Session(Settings(), kept=tmp_path / "kept")
    session.failures, session.begun = [], []
    session.failed.connect(session.failures.append)
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    session.add_reference(reference_file(tmp_path / "reference.png"))
    fresh(qtbot, session)
    assert session.picture.color(*RIGHT) == HEARD[0]
    session.jobs.started.connect(lambda job: session.begun.append(job))
    yield session
    session.jobs.close()


@pytest.fixture
def patient(monkeypatch) -> None:
    """The artist is never taken to have paused."""
    monkeypatch.setattr(wishes, "PAUSE", NEVER)


def fresh(qtbot, session: Session) -> None:
    """Wait until nothing is left to do; what was drawn before it was coloured does not count as such."""
    qtbot.waitUntil(lambda: session.jobs.running is None and session.is_fresh and bool(session.document.references),
                    timeout=20_000)  # fmt: skip


def release(session: Session, at, color) -> None:
    session.apply(Edit("Brush stroke", with_stroke(session, at, color)))


def shows(qtbot, session: Session, color, at) -> None:
    qtbot.waitUntil(lambda: session.picture.color(*at) == color)


def is_refining(qtbot, session: Session) -> None:
    """Wait for a careful colouring that runs and has not been dropped."""

    def refines() -> bool:
        running = session.jobs.running
        return running is not None and running.name == "refine" and running is not session._dropped

    qtbot.waitUntil(refines)


def names(session: Session) -> list[str]:
    return [job.name for job in session.begun if job.name in ("colorize", "refine")]


# --- first in a hurry, then with care


def test_a_stroke_is_coloured_in_a_hurry_first_and_then_with_care(qtbot, session, toy):
    toy.cares.clear()
    toy.hurried.clear()
    release(session, LEFT, RED)
    is_refining(qtbot, session)
    assert session.picture.color(*BESIDE) == RED
    assert session.picture.color(*RIGHT) == HEARD[0]
    toy.cares.set()
    fresh(qtbot, session)
    assert session.picture.color(*BESIDE) == RED
    assert session.picture.color(*RIGHT) == HEARD[1]
    assert names(session) == ["colorize", "refine"]
    assert len(toy.hurried) == 1
    assert not session.shown.request.hurried
    assert session.failures == []


def test_both_are_of_the_same_moment_and_the_stroke_has_waited_for_the_first(qtbot, session, toy):
    waited = []
    session.stood.connect(waited.append)
    toy.cares.clear()
    release(session, LEFT, RED)
    is_refining(qtbot, session)
    moment = session.moment
    assert len(waited) == 1
    toy.cares.set()
    fresh(qtbot, session)
    assert session.moment == moment
    assert toy.hurried[-1].stamp == toy.careful[-1].stamp == session.shown.stamp
    assert len(waited) == 1


def test_while_the_artist_does_not_pause_there_is_no_care(qtbot, session, toy, patient, monkeypatch):
    before = len(toy.careful)
    for at, color in ((LEFT, RED), (RIGHT, BLUE), (LEFT, BLUE)):
        release(session, at, color)
        settle(qtbot, session)
        assert session.picture.color(*at) == color
    qtbot.wait(2 * 120)
    assert session.jobs.running is None
    assert len(toy.careful) == before
    assert not session.is_fresh
    monkeypatch.setattr(wishes, "PAUSE", 0)
    session.jobs.wake()
    fresh(qtbot, session)
    assert len(toy.careful) == before + 1
    assert shown(session)[5, 5].tolist() == list(HEARD[3])


def test_it_is_not_up_to_date_before_it_was_coloured_with_care(qtbot, session, toy):
    told = []
    session.freshChanged.connect(told.append)
    toy.cares.clear()
    release(session, LEFT, RED)
    is_refining(qtbot, session)
    assert not session.is_fresh
    assert told == [False]
    toy.cares.set()
    fresh(qtbot, session)
    assert told == [False, True]


def test_undo_and_redo_are_refined_too(qtbot, session, toy):
    release(session, LEFT, RED)
    fresh(qtbot, session)
    for change, color, heard in ((session.undo, HEARD[0], 0), (session.redo, RED, 1)):
        change()
        fresh(qtbot, session)
        assert session.picture.color(*BESIDE) == color
        assert session.picture.color(*RIGHT) == HEARD[heard]
    assert names(session) == ["colorize", "refine"] * 3


def test_a_method_that_does_not_hurry_is_never_asked_to(qtbot, tmp_path, monkeypatch):
    plain = installed(monkeypatch)
    plain.let(99)
    session = Session(Settings(), kept=tmp_path / "kept")
    begun = []
    session.jobs.started.connect(lambda job: begun.append(job.name))
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    release(session, LEFT, RED)
    settle(qtbot, session)
    assert session.shown.colorization.method == "propagation"
    session.add_reference(reference_file(tmp_path / "reference.png"))
    session.choose(method="toy")
    qtbot.waitUntil(lambda: session.shown.colorization.method == "toy" and session.is_fresh)
    settle(qtbot, session)
    assert "refine" not in begun
    assert not session.shown.request.hurried
    session.jobs.close()


# --- it makes way


def test_while_something_is_being_drawn_nothing_is_refined(qtbot, session, toy, monkeypatch):
    monkeypatch.setattr(wishes, "PAUSE", 0)
    before = len(toy.careful)
    for x in (85, 90, 95):
        session.set_draft(with_stroke(session, (x, 100), RED))
        settle(qtbot, session)
    qtbot.wait(2 * 120)
    assert session.picture.color(*BESIDE) == RED
    assert len(toy.careful) == before
    assert not session.is_fresh
    session.set_draft(None)
    fresh(qtbot, session)
    assert session.picture.color(*BESIDE) == HEARD[0]
    assert len(toy.careful) == before + 1


@pytest.mark.parametrize("begun", ["stroke", "draft", "undo"])
def test_whatever_the_artist_does_next_drops_it(qtbot, session, toy, begun):
    toy.cares.clear()
    release(session, LEFT, RED)
    is_refining(qtbot, session)
    dropped, done = session.jobs.running, toy.done
    if begun == "undo":
        session.undo()
        shows(qtbot, session, HEARD[0], BESIDE)
    else:
        second = with_stroke(session, RIGHT, BLUE)
        session.apply(Edit("Brush stroke", second)) if begun == "stroke" else session.set_draft(second)
        shows(qtbot, session, BLUE, RIGHT)
        assert session.picture.color(*BESIDE) == RED
    assert session.jobs.running is not dropped
    assert toy.done == done
    if begun == "draft":
        session.apply(Edit("Brush stroke", session.document))
    toy.cares.set()
    fresh(qtbot, session)
    assert toy.done == done + 1
    assert shown(session)[5, 5].tolist() == list(HEARD[0 if begun == "undo" else 2])
    assert session.failures == []


def test_it_is_put_off_as_often_as_the_artist_goes_on(qtbot, session, toy):
    """Nothing else gives way less for it."""
    toy.cares.clear()
    done = toy.done
    for number in range(6):
        release(session, LEFT, (number, 0, 200))
        is_refining(qtbot, session)
        assert session.picture.color(*BESIDE) == (number, 0, 200)
    assert toy.done == done
    assert session.ways_made == 0


def test_stopped_by_name_it_is_left_until_the_next_change(qtbot, session, toy):
    toy.cares.clear()
    release(session, LEFT, RED)
    is_refining(qtbot, session)
    session.jobs.cancel()
    fresh(qtbot, session)
    assert session.picture.color(*RIGHT) == HEARD[0]
    toy.cares.set()
    release(session, RIGHT, BLUE)
    fresh(qtbot, session)
    assert shown(session)[5, 5].tolist() == list(HEARD[2])


# --- it fails


def test_what_fails_is_told_once_and_given_up_until_the_next_change(qtbot, session, toy):
    toy.error = UserError("no memory on the device", remedy="take the processor")
    before = len(toy.careful)
    release(session, LEFT, RED)
    fresh(qtbot, session)
    for _ in range(3):
        session.jobs.wake()
        settle(qtbot, session)
    assert session.failures == ["no memory on the device; take the processor"]
    assert len(toy.careful) == before + 1
    assert session.picture.color(*BESIDE) == RED
    assert session.picture.color(*RIGHT) == HEARD[0]
    assert session.is_fresh
    toy.error = None
    release(session, RIGHT, BLUE)
    fresh(qtbot, session)
    assert len(session.failures) == 1
    assert shown(session)[5, 5].tolist() == list(HEARD[2])


# --- before it is prepared


def test_until_the_method_is_prepared_strokes_colour_by_hints_alone(qtbot, session, toy, tmp_path):
    toy.prepares.clear()
    done = toy.done
    session.open(page_file(tmp_path / "other.png", shift=9))
    qtbot.waitUntil(lambda: session.page.name == "other.png" and session.analysis is not None)
    session.add_reference(reference_file(tmp_path / "reference.png"))
    qtbot.waitUntil(lambda: bool(session.document.references))
    release(session, LEFT, RED)
    shows(qtbot, session, RED, BESIDE)
    assert session.shown.colorization.method == "propagation"
    assert not session.shown.request.hurried
    assert session.picture.color(*RIGHT) == BARE
    qtbot.waitUntil(lambda: session.jobs.running is not None and session.jobs.running.name == "prepare")
    assert toy.done == done
    assert not session.is_fresh
    toy.prepares.set()
    fresh(qtbot, session)
    assert session.shown.colorization.method == "toy"
    assert session.picture.color(*BESIDE) == RED
    assert session.picture.color(*RIGHT) == HEARD[1]
    assert toy.done == done + 1


# --- exports


def read(path) -> np.ndarray:
    return cv2.imread(str(path))[..., ::-1]


def test_an_export_is_coloured_with_care_although_the_window_is_not_yet(qtbot, session, toy, tmp_path, patient):
    release(session, LEFT, RED)
    settle(qtbot, session)
    assert session.picture.color(*RIGHT) == HEARD[0]
    session.export(tmp_path / "out.png")
    qtbot.waitUntil((tmp_path / "out.png").is_file)
    settle(qtbot, session)
    found = read(tmp_path / "out.png")
    assert tuple(found[BESIDE[::-1]]) == RED
    assert tuple(found[RIGHT[::-1]]) == HEARD[1]
    assert not toy.careful[-1].hurried
    assert toy.prepared == 1
    assert not session.is_fresh


def test_an_export_that_is_asked_for_meanwhile_is_what_the_window_shows_in_the_end(qtbot, session, toy, tmp_path):
    toy.cares.clear()
    release(session, LEFT, RED)
    is_refining(qtbot, session)
    session.export(tmp_path / "out.png")
    toy.cares.set()
    qtbot.waitUntil((tmp_path / "out.png").is_file)
    fresh(qtbot, session)
    np.testing.assert_array_equal(read(tmp_path / "out.png"), shown(session))


# --- in the window


def test_in_the_window_the_pen_hurries_and_its_rest_brings_care(qtbot, tmp_path, toy, monkeypatch):
    window = open_window(qtbot, tmp_path)
    session = window.session
    session.add_reference(reference_file(tmp_path / "reference.png"))
    fresh(qtbot, session)
    before = len(toy.careful)
    begin(window, SCRIBBLE)
    settle(qtbot, session)
    qtbot.wait(2 * 120)
    assert color_at(window, BESIDE) == FIRST
    assert color_at(window, RIGHT) == HEARD[0]
    assert len(toy.careful) == before
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[-1]))
    fresh(qtbot, session)
    assert color_at(window, BESIDE) == FIRST
    assert color_at(window, RIGHT) == HEARD[1]
    assert len(toy.careful) == before + 1
    drag(qtbot, window, [(200, 60), (210, 70)])
    fresh(qtbot, session)
    assert color_at(window, RIGHT) == FIRST
    assert color_at(window, (5, 100)) == HEARD[2]
    assert window.failures == []
