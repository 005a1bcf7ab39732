"""Methods that learn: in steps between which strokes are coloured, never anew without need, until they are stopped."""

from __future__ import annotations

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
from learner import COLORS, STEPS, Toy, installed
from test_coarse import Slow, large_page
from test_session import BLUE, LEFT, RED, RIGHT, draw, page_file, reference_file, settle, shown, with_stroke

from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import learning
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit
from mangapaint.ui.wishes import MOST_WAYS_MADE, REST


@pytest.fixture
def toy(monkeypatch) -> Toy:
    monkeypatch.setattr(learning, "LOOKS", 0.0)  # look after every step, however quick it was
    return installed(monkeypatch)


@pytest.fixture
def session(qtbot, tmp_path, toy):
    session = Session(Settings(), kept=tmp_path / "kept")
    session.failures = []
    session.failed.connect(session.failures.append)
    yield session
    session.jobs.close()


@pytest.fixture
def learns(qtbot, session, tmp_path, toy) -> Session:
    """A page and a reference; the toy has begun to learn."""
    session.open(page_file(tmp_path / "page.png"))
    session.add_reference(reference_file(tmp_path / "reference.png"))
    qtbot.waitUntil(lambda: session.document is not None and len(session.document.references) == 1)
    session.choose(method="toy")
    is_learning(qtbot, session)
    return session


def is_learning(qtbot, session: Session) -> None:
    """Wait for a step that runs and has not been dropped."""
    running = lambda: session.jobs.running  # noqa: E731
    qtbot.waitUntil(lambda: running() is not None and running().name == "learn" and running() is not session._dropped)


def shows(qtbot, session: Session, color, at=RIGHT) -> None:
    qtbot.waitUntil(lambda: session.picture.color(*at) == color)


def steps(qtbot, session: Session, toy: Toy, count: int) -> None:
    """Let so many steps through and see the page take what was learned."""
    wanted = toy.done + count
    toy.let(count)
    qtbot.waitUntil(lambda: toy.done == wanted)
    shows(qtbot, session, COLORS[wanted])


def release(session: Session, at, color) -> None:
    session.apply(Edit("Brush stroke", with_stroke(session, at, color)))


# --- steps


def test_every_step_shows_at_once_and_the_last_one_ends_it(qtbot, learns, toy):
    shows(qtbot, learns, COLORS[0])
    for number in range(1, STEPS):
        steps(qtbot, learns, toy, 1)
        assert learns.learning.lesson == learning.Lesson(number / STEPS, goes_on=True)
    steps(qtbot, learns, toy, 1)
    settle(qtbot, learns)
    assert learns.learning.lesson is None
    assert (len(toy.prepared), toy.begun) == (1, STEPS)
    assert learns.failures == []


def test_references_alone_colour_a_page_without_a_stroke(qtbot, learns):
    shows(qtbot, learns, COLORS[0])
    assert learns.document.strokes == ()


def test_the_picture_counts_as_up_to_date_while_learning_goes_on(qtbot, learns, toy):
    assert learns.is_fresh
    told = []
    learns.freshChanged.connect(told.append)
    steps(qtbot, learns, toy, 2)
    is_learning(qtbot, learns)
    assert told == []
    toy.let(STEPS)
    settle(qtbot, learns)
    assert told == [False, True]  # what is counted in the picture is counted again in the end


def test_what_takes_long_to_look_at_is_looked_at_less_often(qtbot, learns, toy, monkeypatch):
    monkeypatch.setattr(learning, "LOOKS", 1e9)
    before = toy.colorized
    toy.let(STEPS - 1)
    qtbot.waitUntil(lambda: toy.begun == STEPS)
    assert toy.colorized == before
    toy.let()
    settle(qtbot, learns)
    assert toy.colorized == before + 1
    assert learns.picture.color(*RIGHT) == COLORS[STEPS]


def test_nothing_is_learned_from_a_sketch(qtbot, session, toy, tmp_path, monkeypatch):
    exact = Slow(monkeypatch, "analyzed")
    cv2.imwrite(str(tmp_path / "large.png"), large_page())
    session.open(tmp_path / "large.png")
    session.add_reference(reference_file(tmp_path / "reference.png"))
    qtbot.waitUntil(lambda: exact.calls > 0)
    session.choose(method="toy")
    large = stroke([(250, 1100), (300, 1110)], width=20, color=RED)
    session.apply(Edit("Brush stroke", session.history.present.with_stroke(large)))
    shows(qtbot, session, RED, at=(150, 150))  # hints flow until more is known
    assert session.lack == ""
    assert (toy.prepared, toy.begun) == ([], 0)
    assert session.learning.lesson is None
    exact.opened.set()
    is_learning(qtbot, session)
    assert [request.analysis.exact for request in toy.prepared] == [True]
    assert session.picture.color(150, 150) == RED
    shows(qtbot, session, COLORS[0], at=(1000, 1100))


# --- strokes meanwhile


def test_a_stroke_is_coloured_although_a_step_is_not_done(qtbot, learns, toy):
    steps(qtbot, learns, toy, 1)
    is_learning(qtbot, learns)
    release(learns, LEFT, RED)
    shows(qtbot, learns, RED, at=(40, 160))
    assert toy.done == 1
    assert learns.picture.color(*RIGHT) == COLORS[1]
    toy.let(STEPS)
    settle(qtbot, learns)
    assert learns.picture.color(40, 160) == RED
    assert learns.picture.color(*RIGHT) == COLORS[STEPS]
    assert len(toy.prepared) == 1


def test_nothing_is_learned_while_the_pen_is_down(qtbot, learns, toy):
    learns.set_draft(with_stroke(learns, LEFT, RED))
    settle(qtbot, learns)
    assert learns.picture.color(40, 160) == RED
    learns.set_draft(None)
    is_learning(qtbot, learns)


def test_who_draws_without_rest_does_not_keep_it_from_learning(qtbot, learns, toy):
    for number in range(MOST_WAYS_MADE):
        is_learning(qtbot, learns)
        release(learns, LEFT, (number, 0, 200))
        shows(qtbot, learns, (number, 0, 200), at=(40, 160))
    is_learning(qtbot, learns)
    release(learns, LEFT, RED)
    qtbot.wait(60)
    assert learns.jobs.running.name == "learn"
    assert learns.picture.color(40, 160) != RED
    toy.let()
    shows(qtbot, learns, RED, at=(40, 160))
    assert toy.done == 1
    is_learning(qtbot, learns)
    release(learns, LEFT, BLUE)
    shows(qtbot, learns, BLUE, at=(40, 160))  # and again it gives way
    assert toy.done == 1


def test_an_overlay_does_not_wait_for_the_step(qtbot, learns, toy):
    learns.set_overlay("edges", learns.overlays["edges"].__class__(True, 0.9, (1.4,)))
    qtbot.waitUntil(lambda: "edges" in learns.layers)
    assert toy.done == 0


def test_strokes_are_kept_while_it_learns(qtbot, learns, toy, tmp_path):
    release(learns, LEFT, RED)
    is_learning(qtbot, learns)
    qtbot.wait(REST + 200)
    toy.let()
    qtbot.waitUntil(lambda: learns.keep_due is None)
    assert (tmp_path / "kept" / f"{learns.page.id}.json").is_file()
    is_learning(qtbot, learns)


class Held:
    """Holds what the toy prepares until it is let go, or cancelled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, toy: Toy) -> None:
        self.lets, self.begun, self._prepare = threading.Event(), 0, toy.prepare
        monkeypatch.setattr(toy, "prepare", self._held)

    def _held(self, request, progress):
        self.begun += 1
        while not self.lets.wait(0.002):
            progress.check()
        return self._prepare(request, progress)


def test_while_references_are_looked_at_strokes_colour_by_hints_but_do_not_put_it_off_for_ever(
    qtbot, learns, toy, monkeypatch
):
    held = Held(monkeypatch, toy)
    learns.choose(options=(("size", "large"),))
    learns.ways_made = 0
    for number in range(MOST_WAYS_MADE):
        qtbot.waitUntil(lambda number=number: held.begun > number)
        color = [(200, 0, 0), (0, 200, 0), (0, 0, 200)][number]
        learns.apply(Edit("Bucket", replace(learns.document, strokes=(stroke([LEFT], width=9, color=color),))))
        shows(qtbot, learns, color, at=(40, 160))
        assert learns.picture.color(*RIGHT) == (255, 255, 255)
    qtbot.waitUntil(lambda: held.begun == MOST_WAYS_MADE + 1)
    release(learns, RIGHT, RED)
    qtbot.wait(60)
    assert learns.picture.color(*RIGHT) == (255, 255, 255)
    held.lets.set()
    shows(qtbot, learns, RED)
    shows(qtbot, learns, COLORS[0], at=(10, 10))
    assert held.begun == MOST_WAYS_MADE + 1


def test_what_is_prepared_is_dropped_when_it_is_not_wanted_any_more(qtbot, learns, toy, monkeypatch):
    held = Held(monkeypatch, toy)
    learns.choose(options=(("size", "large"),))
    qtbot.waitUntil(lambda: held.begun == 1)
    learns.ways_made = MOST_WAYS_MADE
    learns.choose(method="propagation")
    settle(qtbot, learns)
    assert held.begun == 1
    assert learns.failures == []


# --- never anew without need


def test_strokes_undo_and_other_decisions_do_not_make_it_learn_anew(qtbot, learns, toy):
    steps(qtbot, learns, toy, 2)
    release(learns, LEFT, RED)
    is_learning(qtbot, learns)
    for change in (learns.undo, learns.redo, learns.undo, lambda: learns.choose(options=(("mood", "wild"),))):
        change()
        is_learning(qtbot, learns)
    shows(qtbot, learns, COLORS[2])
    assert len(toy.prepared) == 1
    toy.let(STEPS)
    settle(qtbot, learns)
    assert toy.done == STEPS


def test_another_method_and_back_goes_on_where_it_was(qtbot, learns, toy):
    steps(qtbot, learns, toy, 2)
    release(learns, LEFT, RED)
    learns.choose(method="propagation")
    settle(qtbot, learns)
    assert learns.picture.color(*RIGHT) != COLORS[2]
    assert learns.learning.lesson is None
    learns.undo()
    shows(qtbot, learns, COLORS[2])
    is_learning(qtbot, learns)
    assert len(toy.prepared) == 1


@pytest.mark.parametrize("change", ["option", "reference"])
def test_what_it_is_prepared_from_makes_it_learn_anew_and_undo_brings_back_what_it_knew(
    qtbot, learns, toy, tmp_path, change
):
    steps(qtbot, learns, toy, 3)
    is_learning(qtbot, learns)
    if change == "option":
        learns.choose(options=(("size", "large"),))
    else:
        cv2.imwrite(str(tmp_path / "second.png"), np.full((30, 30, 3), 120, np.uint8))
        learns.add_reference(tmp_path / "second.png")
    shows(qtbot, learns, COLORS[0])
    is_learning(qtbot, learns)
    assert len(toy.prepared) == 2
    learns.undo()
    shows(qtbot, learns, COLORS[3])
    assert len(toy.prepared) == 2


def test_another_page_is_learned_for_anew(qtbot, learns, toy, tmp_path):
    steps(qtbot, learns, toy, 1)
    learns.open(page_file(tmp_path / "other.png", shift=9))
    settle(qtbot, learns)
    assert learns.page.name == "other.png"
    assert learns.learning.lesson is None
    assert learns.jobs.running is None


# --- stopped


def test_stopping_keeps_what_it_knows_and_learning_on_starts_from_there(qtbot, learns, toy):
    steps(qtbot, learns, toy, 2)
    is_learning(qtbot, learns)
    learns.stop_learning()
    settle(qtbot, learns)
    assert learns.learning.lesson == learning.Lesson(2 / STEPS, goes_on=False)
    assert learns.picture.color(*RIGHT) == COLORS[2]
    assert learns.is_fresh
    draw(qtbot, learns, LEFT, RED)
    assert learns.picture.color(40, 160) == RED
    assert learns.picture.color(*RIGHT) == COLORS[2]
    learns.learn_on()
    toy.let(STEPS)
    settle(qtbot, learns)
    assert learns.picture.color(*RIGHT) == COLORS[STEPS]
    assert (len(toy.prepared), toy.done) == (1, STEPS)


def test_stopping_shows_what_was_learned_and_not_looked_at_yet(qtbot, learns, toy, monkeypatch):
    monkeypatch.setattr(learning, "LOOKS", 1e9)
    toy.let(2)
    qtbot.waitUntil(lambda: toy.begun == 3)
    assert learns.picture.color(*RIGHT) == COLORS[0]
    learns.stop_learning()
    settle(qtbot, learns)
    assert learns.picture.color(*RIGHT) == COLORS[2]


def test_a_step_that_fails_is_told_of_once_and_ends_it_until_it_is_asked_to_go_on(qtbot, learns, toy):
    steps(qtbot, learns, toy, 1)
    is_learning(qtbot, learns)
    toy.error = UserError("no memory on the device", remedy="take the processor")
    toy.let()
    settle(qtbot, learns)
    draw(qtbot, learns, LEFT, RED)
    assert learns.failures == ["no memory on the device; take the processor"]
    assert learns.learning.lesson == learning.Lesson(1 / STEPS, goes_on=False)
    toy.error = None
    learns.learn_on()
    toy.let(STEPS)
    settle(qtbot, learns)
    assert learns.picture.color(*RIGHT) == COLORS[STEPS]


def test_colouring_that_fails_ends_learning_too(qtbot, learns, toy, monkeypatch):
    def failing(*_given):
        raise ValueError("odd")

    steps(qtbot, learns, toy, 1)
    is_learning(qtbot, learns)
    monkeypatch.setattr(toy, "colorize", failing)
    toy.let(STEPS)
    settle(qtbot, learns)
    assert toy.done == 2
    assert len(learns.failures) == 1
    assert learns.learning.lesson == learning.Lesson(2 / STEPS, goes_on=False)


# --- exports


def read(path) -> np.ndarray:
    return cv2.imread(str(path))[..., ::-1]


def test_an_export_is_what_the_window_shows_in_the_middle_of_learning(qtbot, learns, toy, tmp_path):
    steps(qtbot, learns, toy, 2)
    is_learning(qtbot, learns)
    learns.export(tmp_path / "out.png")
    qtbot.waitUntil((tmp_path / "out.png").is_file)
    is_learning(qtbot, learns)
    np.testing.assert_array_equal(read(tmp_path / "out.png"), shown(learns))
    assert (len(toy.prepared), toy.done) == (1, 2)


def test_an_export_of_what_is_not_prepared_yet_learns_to_the_end(qtbot, learns, toy, tmp_path):
    learns.choose(options=(("size", "large"),))
    learns.export(tmp_path / "out.png")
    qtbot.waitUntil(lambda: learns.jobs.running is not None and learns.jobs.running.name == "export")
    toy.let(STEPS)
    qtbot.waitUntil((tmp_path / "out.png").is_file)
    assert tuple(read(tmp_path / "out.png")[RIGHT[::-1]]) == COLORS[STEPS]


def test_an_export_that_learns_can_be_cancelled(qtbot, learns, toy, tmp_path):
    learns.choose(options=(("size", "large"),))
    learns.export(tmp_path / "out.png")
    qtbot.waitUntil(lambda: learns.jobs.running is not None and learns.jobs.running.name == "export")
    learns.jobs.cancel()
    is_learning(qtbot, learns)
    assert not (tmp_path / "out.png").exists()
    assert learns.failures == []
