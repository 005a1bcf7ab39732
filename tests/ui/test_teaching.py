"""Learning a series beside the painting: in steps between which strokes are coloured, kept whatever happens."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from test_session import BLUE, LEFT, RED, draw, open_page, page_file, reference_file, settle, with_stroke
from toytuition import ToyTuition, weights_file

from mangapaint.colorizers import registry
from mangapaint.colorizers.method import Colorization, MethodInfo, Need
from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui.series import session as module
from mangapaint.ui.series.session import Stage
from mangapaint.ui.series.tuition import Task
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit


class ToyLearned:
    """Stands for a network: colours every region in one colour; remembers what weights it was asked to use."""

    info = MethodInfo("unet", "Series: U-Net", "none", frozenset({Need.SERIES}), frozenset(Kind))

    def __init__(self) -> None:
        self.prepared: list = []

    def prepare(self, request, progress):
        self.prepared.append(request.weights)
        return request.weights

    def colorize(self, prepared, request, progress):
        count = request.analysis.regions.count
        return Colorization(request.stamp, "unet", np.array([(255, 255, 255), BLUE], np.uint8),
                            np.ones(count, np.uint16), (), np.ones(count, np.float32))  # fmt: skip


@pytest.fixture
def toy(monkeypatch) -> ToyTuition:
    return ToyTuition(monkeypatch)


@pytest.fixture
def learned(monkeypatch) -> ToyLearned:
    method = ToyLearned()
    monkeypatch.setattr(registry, "METHODS", (registry.method("propagation"), method))
    return method


@pytest.fixture
def session(qtbot, tmp_path, toy, learned):
    session = Session(Settings(), kept=tmp_path / "pages")
    session.failures = []
    session.failed.connect(session.failures.append)
    yield session
    session.jobs.close()


def pictures(folder, count: int = 2):
    paths = [reference_file(folder / f"{number}.png") for number in range(count)]
    return tuple(path.absolute() for path in paths)


def task(folder, **changes) -> Task:
    return Task(**{"series": "Pepper", "method": "unet", "pictures": pictures(folder), "minutes": 1.0, **changes})


def begins(qtbot, session: Session, wanted: Task) -> None:
    session.teaching.start(wanted)
    qtbot.waitUntil(lambda: session.teaching.stage is Stage.LEARNING)
    is_learning(qtbot, session)


def is_learning(qtbot, session: Session) -> None:
    """Wait for a step that runs and has not been dropped."""
    running = lambda: session.jobs.running  # noqa: E731
    qtbot.waitUntil(
        lambda: running() is not None and running().key == ("series", "step") and running() is not session._dropped
    )


def steps(qtbot, session: Session, toy: ToyTuition, count: int) -> None:
    wanted = len(session.teaching.moments) + count
    toy.let(count)
    qtbot.waitUntil(lambda: len(session.teaching.moments) == wanted)


def over(qtbot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.teaching.stage is Stage.OVER)


# --- learning


def test_it_learns_without_a_page_until_its_time_is_over(qtbot, session, toy, tmp_path):
    begins(qtbot, session, task(tmp_path, minutes=3 / 60))
    assert session.teaching.left == pytest.approx(3)
    steps(qtbot, session, toy, 1)
    assert session.teaching.left == pytest.approx(2)
    assert session.teaching.seconds == 1
    toy.let(9)
    over(qtbot, session)
    assert [row.step for row in session.teaching.moments] == [1, 2, 3]
    assert toy.kept == [(3, True)]
    assert toy.trainers[0].closed
    assert session.teaching.taught[0].series == "Pepper"
    settle(qtbot, session)
    assert session.failures == []


def test_stopping_keeps_what_was_learned_and_it_can_be_continued(qtbot, session, toy, tmp_path):
    begins(qtbot, session, task(tmp_path, minutes=None))
    assert session.teaching.left is None
    steps(qtbot, session, toy, 2)
    session.teaching.stop()
    toy.let()  # without a page there is nothing a step would make way for
    over(qtbot, session)
    shelf = session.teaching.shelf
    assert shelf.goes_on("Pepper", "unet")
    assert shelf.pictures("Pepper") == pictures(tmp_path)
    known = int(shelf.checkpoint_path("Pepper", "unet").read_text())
    begins(qtbot, session, task(tmp_path, further=True))
    assert session.teaching.seconds == 0
    assert session.teaching.left == 60
    steps(qtbot, session, toy, 1)
    assert session.teaching.moments[-1].step == known + 1


def test_stopped_before_the_first_step_nothing_is_kept(qtbot, session, toy, tmp_path):
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    begins(qtbot, session, task(tmp_path))
    session.teaching.stop()
    settle(qtbot, session)
    assert session.teaching.stage is Stage.IDLE
    assert toy.kept == []
    assert toy.trainers[0].closed


def test_what_was_learned_is_looked_at_and_written_now_and_then(qtbot, session, toy, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FIRST_LOOK", 2.0)
    monkeypatch.setattr(module, "KEPT_EVERY", 4.0)
    begins(qtbot, session, task(tmp_path, minutes=None))
    steps(qtbot, session, toy, 1)
    assert session.teaching.look is None
    steps(qtbot, session, toy, 1)
    qtbot.waitUntil(lambda: session.teaching.look is not None)
    assert session.teaching.moments[-1].validation == pytest.approx(2 / 3)
    assert toy.kept == []
    steps(qtbot, session, toy, 2)
    qtbot.waitUntil(lambda: toy.kept == [(4, False)])  # the weights alone: the checkpoint is large
    first = session.teaching.look
    steps(qtbot, session, toy, 1)
    is_learning(qtbot, session)
    assert session.teaching.look is first  # pauses grow
    steps(qtbot, session, toy, 1)
    qtbot.waitUntil(lambda: session.teaching.look is not first)


def test_only_one_series_is_learned_at_a_time(qtbot, session, toy, tmp_path):
    begins(qtbot, session, task(tmp_path))
    session.teaching.start(task(tmp_path, series="Another"))
    steps(qtbot, session, toy, 1)
    assert session.teaching.task.series == "Pepper"
    assert len(toy.tasks) == 1


# --- beside the painting


@pytest.fixture
def learns(qtbot, session, toy, tmp_path) -> Session:
    """A page is open, and a series is being learned."""
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    begins(qtbot, session, task(tmp_path, minutes=None))
    return session


def test_a_stroke_is_coloured_although_a_step_is_not_done(qtbot, learns, toy):
    learns.apply(Edit("Brush stroke", with_stroke(learns, LEFT, RED)))
    qtbot.waitUntil(lambda: learns.picture.color(40, 160) == RED)
    assert (toy.steps, toy.dropped) == (0, 1)
    is_learning(qtbot, learns)
    steps(qtbot, learns, toy, 1)
    assert learns.ways_made == 0  # nothing else is put off for it


def test_nothing_is_learned_while_the_pen_is_down(qtbot, learns, toy):
    learns.set_draft(with_stroke(learns, LEFT, RED))
    settle(qtbot, learns)
    assert learns.picture.color(40, 160) == RED
    learns.set_draft(None)
    is_learning(qtbot, learns)


def test_no_step_begins_while_the_hand_moves_and_one_does_once_it_rests(qtbot, learns, toy, monkeypatch):
    monkeypatch.setattr(module, "HAND_REST", 0.2)
    qtbot.waitUntil(lambda: toy.begun == 1)
    for _ in range(8):
        learns.teaching.make_way()
        qtbot.wait(50)
        assert learns.jobs.running is None
    assert (toy.begun, toy.dropped) == (1, 1)
    qtbot.waitUntil(lambda: toy.begun == 2)


def test_a_hand_that_never_rests_does_not_keep_it_from_learning(qtbot, learns, toy, monkeypatch):
    monkeypatch.setattr(module, "HAND_REST", 60.0)
    monkeypatch.setattr(module, "LONGEST_REST", 0.3)
    toy.free = True

    def move() -> bool:
        learns.teaching.make_way()
        learns.jobs.wake()
        return len(learns.teaching.moments) >= 3

    qtbot.waitUntil(move)


def test_overlays_references_and_exports_come_first(qtbot, learns, toy, tmp_path):
    learns.set_overlay("edges", learns.overlays["edges"].__class__(True, 0.9, (1.4,)))
    qtbot.waitUntil(lambda: "edges" in learns.layers)
    learns.add_reference(reference_file(tmp_path / "reference.png"))
    qtbot.waitUntil(lambda: len(learns.document.references) == 1)
    with qtbot.waitSignal(learns.exported):
        learns.export(tmp_path / "out.png")
    assert toy.steps == 0


def test_another_page_may_be_opened_meanwhile(qtbot, learns, toy, tmp_path):
    steps(qtbot, learns, toy, 1)
    learns.open(page_file(tmp_path / "other.png", shift=9))
    qtbot.waitUntil(lambda: learns.page.name == "other.png")
    is_learning(qtbot, learns)
    steps(qtbot, learns, toy, 1)
    assert learns.teaching.moments[-1].step == 2


def test_the_picture_counts_as_up_to_date(qtbot, learns, toy):
    assert learns.is_fresh
    steps(qtbot, learns, toy, 1)
    is_learning(qtbot, learns)
    assert learns.is_fresh


# --- using it


def test_it_is_used_while_it_is_being_learned_and_the_page_follows(qtbot, learns, toy, learned, monkeypatch):
    monkeypatch.setattr(module, "KEPT_EVERY", 3.0)
    steps(qtbot, learns, toy, 1)
    learns.teaching.use()
    toy.let()
    qtbot.waitUntil(lambda: learns.picture.color(*LEFT) == BLUE)
    assert (learns.document.choice.method, learns.document.choice.series) == ("unet", "Pepper")
    assert learned.prepared[-1] == learns.teaching.shelf.weights("Pepper", "unet")
    assert learns.settings.kept("series") == ["Pepper", "unet"]
    before = len(learned.prepared)
    toy.let(4)
    qtbot.waitUntil(lambda: len(learned.prepared) > before)  # by what it knows now
    assert learned.prepared[-1] != learned.prepared[0]
    assert learns.teaching.stage is Stage.LEARNING


def test_the_choice_is_undone_like_any_other(qtbot, session, learned, tmp_path):
    weights_file(session.teaching.shelf.weights_path("Pepper", "unet"), "unet")
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    session.teaching.choose("Pepper", "unet")
    settle(qtbot, session)
    assert session.picture.color(*LEFT) == BLUE
    session.undo()
    settle(qtbot, session)
    assert session.document.choice.series == ""
    assert session.picture.color(*LEFT) == (255, 255, 255)


def test_a_series_that_is_there_no_more_is_told_and_nothing_breaks(qtbot, session, learned, tmp_path):
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    session.teaching.choose("Gone", "unet")
    settle(qtbot, session)
    assert "series" in session.lack
    assert learned.prepared == []
    assert session.failures == []


def test_the_export_has_the_colours_of_the_series(qtbot, session, learned, tmp_path):
    weights_file(session.teaching.shelf.weights_path("Pepper", "unet"), "unet")
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    session.teaching.choose("Pepper", "unet")
    with qtbot.waitSignal(session.exported):
        session.export(tmp_path / "out.png")
    assert tuple(cv2.imread(str(tmp_path / "out.png"))[LEFT[1], LEFT[0], ::-1].tolist()) == BLUE


def test_what_was_used_last_is_remembered_as_long_as_it_is_there(session, tmp_path):
    teaching = session.teaching
    assert teaching.last() is None
    session.settings.keep("series", ["Pepper", "unet"])
    assert teaching.last() is None
    weights_file(teaching.shelf.weights_path("Pepper", "unet"), "unet")
    teaching.taught = teaching.shelf.taught()
    assert teaching.last().series == "Pepper"


# --- the end


def test_closing_asks_nothing_and_keeps_all(qtbot, learns, toy):
    steps(qtbot, learns, toy, 2)
    learns.close()
    assert toy.kept == [(2, True)]
    assert toy.trainers[0].closed
    assert learns.teaching.shelf.goes_on("Pepper", "unet")


def test_closing_after_it_was_kept_writes_nothing_again(qtbot, learns, toy):
    steps(qtbot, learns, toy, 1)
    learns.teaching.stop()
    over(qtbot, learns)
    learns.close()
    assert len(toy.kept) == 1


def test_what_cannot_be_kept_at_the_end_is_raised(qtbot, learns, toy):
    steps(qtbot, learns, toy, 1)
    toy.keep_error = UserError("the disk is full")
    with pytest.raises(UserError, match="the disk is full"):
        learns.close()
    assert toy.trainers[0].closed


def test_a_step_that_fails_ends_it_with_what_was_learned(qtbot, learns, toy):
    steps(qtbot, learns, toy, 1)
    toy.error = UserError("not enough memory", remedy="choose fewer pictures")
    toy.let()
    over(qtbot, learns)
    assert learns.teaching.trouble == "not enough memory; choose fewer pictures"
    assert toy.kept == [(1, True)]
    draw(qtbot, learns, LEFT, RED)
    assert learns.picture.color(40, 160) == RED


def test_what_could_not_be_kept_can_be_kept_again(qtbot, learns, toy):
    steps(qtbot, learns, toy, 1)
    toy.keep_error = UserError("the disk is full")
    learns.teaching.stop()
    over(qtbot, learns)
    assert learns.teaching.is_unkept
    assert learns.teaching.trouble == "the disk is full"
    toy.keep_error = None
    learns.teaching.keep_again()
    qtbot.waitUntil(lambda: not learns.teaching.is_learning)
    assert toy.kept == [(1, True)]
    assert not learns.teaching.is_unkept
    assert learns.teaching.trouble == ""


# --- pictures


def test_pictures_are_looked_at_and_what_is_none_is_left_out_with_a_line(qtbot, session, tmp_path):
    folder = tmp_path / "pages"
    (folder / "more").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    one = pictures(folder, 1)
    two = pictures(folder / "more", 1)
    pictures(folder / ".hidden", 1)
    cv2.imwrite(str(folder / "gray.png"), np.full((60, 60), 128, np.uint8))
    (folder / "notes.txt").write_text("no picture")
    (folder / "z.png").write_bytes(b"broken")
    session.teaching.add([folder, *one])
    qtbot.waitUntil(lambda: all(item.small is not None for item in session.teaching.pictures))
    settle(qtbot, session)
    assert [item.path for item in session.teaching.pictures] == [*one, *two]
    refused = " ".join(session.teaching.refused)
    assert "gray.png" in refused
    assert "z.png" in refused
    assert "notes" not in refused
    session.teaching.remove(one[0])
    assert [item.path for item in session.teaching.pictures] == [*two]
    session.teaching.add(two)
    assert len(session.teaching.pictures) == 1
    assert session.failures == []
