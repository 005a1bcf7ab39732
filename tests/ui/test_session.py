"""The session with real files and the real worker; gates hold a job where the order matters."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mangapaint.batch import composed
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import work
from mangapaint.ui.jobs import Job
from mangapaint.ui.pyramid import patch
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit

RED, BLUE = (220, 40, 50), (40, 80, 200)
LEFT, RIGHT = (85, 100), (215, 100)
"""A point in each of the page's two boxes."""


def page_file(path: Path, *, shift: int = 0) -> Path:
    """Write a page of 300 x 200 with two boxes and a soft black square; pages with another shift are other pages."""
    gray = np.full((200, 300), 255, np.uint8)
    cv2.rectangle(gray, (30, 30 + shift), (140, 170), 0, 3)
    cv2.rectangle(gray, (160, 30), (270, 170), 0, 3)
    gray[140:152, 240:252] = 0
    gray[130:162, 230:262] = cv2.GaussianBlur(gray[130:162, 230:262], (3, 3), 0)
    cv2.imwrite(str(path), gray)
    return path


def reference_file(path: Path) -> Path:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = RED[::-1], BLUE[::-1]
    cv2.imwrite(str(path), pixels)
    return path


class Gate:
    """Holds a function of the worker until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.entered, self.opened, self.calls = threading.Event(), threading.Event(), 0
        self._run = getattr(work, name)
        monkeypatch.setattr(work, name, self._held)

    def _held(self, *arguments):
        self.calls += 1
        self.entered.set()
        assert self.opened.wait(10)
        return self._run(*arguments)


@pytest.fixture
def session(qtbot, tmp_path):
    session = Session(Settings({"remember": "off"}), kept=tmp_path / "kept")
    session.failures = []
    session.failed.connect(session.failures.append)
    session.said = []
    session.message.connect(session.said.append)
    yield session
    session.jobs.close()


@pytest.fixture
def page(tmp_path) -> Path:
    return page_file(tmp_path / "page.png")


@pytest.fixture
def other(tmp_path) -> Path:
    return page_file(tmp_path / "other.png", shift=9)


def settle(qtbot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.jobs.running is None, timeout=20_000)


def open_page(qtbot, session: Session, path: Path) -> None:
    session.open(path)
    settle(qtbot, session)


def with_stroke(session: Session, at: tuple[int, int], color):
    item = stroke([at, (at[0] + 20, at[1] + 10)], width=8, color=color)
    return session.history.present.with_stroke(item)


def draw(qtbot, session: Session, at: tuple[int, int], color) -> None:
    session.apply(Edit("Brush stroke", with_stroke(session, at, color)))
    settle(qtbot, session)


def shown(session: Session) -> np.ndarray:
    return session.picture.level(0)[..., 2::-1].copy()


def results_of(session: Session) -> list[tuple[Job, object]]:
    results: list[tuple[Job, object]] = []
    session.jobs.finished.connect(lambda job, result: results.append((job, result)))
    return results


def gray_of(path: Path) -> np.ndarray:
    return cv2.imread(str(path))[..., ::-1]


# --- pages


def test_an_opened_page_is_shown_as_it_is(qtbot, session, page):
    open_page(qtbot, session, page)
    np.testing.assert_array_equal(shown(session), gray_of(page))
    assert session.analysis.kind is Kind.LINE
    assert session.settings.kept("recent") == [str(page)]
    assert session.is_fresh


def test_the_last_page_asked_for_wins(qtbot, session, page, other, tmp_path):
    session.open(page)
    session.open(page_file(tmp_path / "third.png", shift=20))
    session.open(other)
    settle(qtbot, session)
    assert session.page.name == other.name
    assert str(tmp_path / "third.png") not in session.settings.kept("recent")


def test_a_broken_file_leaves_the_last_good_page(qtbot, session, page, tmp_path):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    (tmp_path / "broken.png").write_bytes(page.read_bytes()[:60])
    open_page(qtbot, session, tmp_path / "broken.png")
    assert len(session.failures) == 1
    assert "broken.png" in session.failures[0]
    assert session.page.name == page.name
    assert len(session.document.strokes) == 1
    draw(qtbot, session, RIGHT, BLUE)
    assert session.picture.color(*RIGHT) == BLUE


def test_what_a_broken_file_interrupted_is_done_all_the_same(qtbot, session, page, tmp_path, monkeypatch):
    gate = Gate(monkeypatch, "analyzed")
    session.open(page)
    qtbot.waitUntil(gate.entered.is_set)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    session.open(tmp_path / "broken.png")
    gate.opened.set()
    settle(qtbot, session)
    assert len(session.failures) == 1
    assert session.analysis is not None


def test_a_page_asked_for_while_the_old_one_is_coloured_stays_bare(qtbot, session, page, other, monkeypatch):
    open_page(qtbot, session, page)
    gate = Gate(monkeypatch, "recolor")
    session.apply(Edit("Brush stroke", with_stroke(session, LEFT, RED)))
    qtbot.waitUntil(gate.entered.is_set)
    session.open(other)
    gate.opened.set()
    settle(qtbot, session)
    np.testing.assert_array_equal(shown(session), gray_of(other))


@pytest.mark.parametrize("turned", [False, True])
def test_results_of_an_old_page_are_dropped(qtbot, session, page, other, turned):
    page, other = (other, page) if turned else (page, other)
    results = results_of(session)
    session.set_overlay("edges", replace(session.overlays["edges"], on=True))
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    old = {job.name: (job, result) for job, result in results}
    open_page(qtbot, session, other)
    layers, analysis = dict(session.layers), session.analysis
    for name in ("colorize", "overlay", "analyze"):
        session._on_finished(*old[name])
    np.testing.assert_array_equal(shown(session), gray_of(other))
    assert session.analysis is analysis
    assert session.layers == layers


def test_results_older_than_what_is_shown_are_dropped(qtbot, session, page):
    results = results_of(session)
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    old = next(item for item in results if item[0].name == "colorize")
    draw(qtbot, session, LEFT, BLUE)
    draw(qtbot, session, (100, 60), BLUE)
    before, stamp = shown(session), session.shown.stamp
    session._on_finished(*old)
    assert session.shown.stamp == stamp
    np.testing.assert_array_equal(shown(session), before)


# --- strokes


def test_a_stroke_colours_its_region_and_nothing_else(qtbot, session, page):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    assert session.picture.color(40, 160) == RED
    assert session.picture.color(130, 40) == RED
    assert session.picture.color(*RIGHT) == (255, 255, 255)
    assert session.picture.color(30, 100) == (0, 0, 0)


def test_the_picture_is_always_what_the_whole_page_would_be(qtbot, session, page):
    open_page(qtbot, session, page)
    steps = [(LEFT, RED), (RIGHT, BLUE), ((60, 60), BLUE), ((5, 5), (9, 200, 9)), (LEFT, None)]
    for at, color in steps:
        draw(qtbot, session, at, color)
        np.testing.assert_array_equal(shown(session), composed(session.analysis, session.shown.colorization))


def test_a_high_page_is_right_in_every_size(qtbot, session, page, tmp_path):
    cv2.imwrite(str(tmp_path / "high.png"), np.tile(cv2.imread(str(page), cv2.IMREAD_GRAYSCALE)[:197, :299], (6, 1)))
    open_page(qtbot, session, tmp_path / "high.png")
    for at, color in ((LEFT, RED), ((10, 590), BLUE), ((LEFT[0], 100 + 5 * 197), BLUE)):
        draw(qtbot, session, at, color)
        np.testing.assert_array_equal(shown(session), composed(session.analysis, session.shown.colorization))
        whole = patch(session.picture.level(0), Rect.whole(6 * 197, 299))
        for number, level in enumerate(whole.levels):
            np.testing.assert_array_equal(session.picture.level(number), level)


def test_undo_brings_back_exactly_the_former_picture_and_redo_the_later(qtbot, session, page):
    open_page(qtbot, session, page)
    pictures = [shown(session)]
    for at, color in ((LEFT, RED), (RIGHT, BLUE), ((60, 60), BLUE)):
        draw(qtbot, session, at, color)
        pictures.append(shown(session))
    assert not (pictures[2] == pictures[3]).all()
    for step, expected in [(session.undo, 2), (session.undo, 1), (session.undo, 0), (session.redo, 1),
                           (session.redo, 2), (session.redo, 3), (session.redo, 3)]:  # fmt: skip
        step()
        settle(qtbot, session)
        np.testing.assert_array_equal(shown(session), pictures[expected])


def test_a_draft_shows_its_effect_and_leaves_no_trace_when_discarded(qtbot, session, page):
    open_page(qtbot, session, page)
    session.set_draft(with_stroke(session, LEFT, RED))
    settle(qtbot, session)
    assert session.picture.color(40, 160) == RED
    assert session.history.undo_text is None
    session.set_draft(None)
    settle(qtbot, session)
    np.testing.assert_array_equal(shown(session), gray_of(page))


def test_while_a_job_runs_many_drafts_cost_one_more_job(qtbot, session, page, monkeypatch):
    open_page(qtbot, session, page)
    gate = Gate(monkeypatch, "recolor")
    for step in range(30):
        session.set_draft(with_stroke(session, (40 + step, 60), RED))
    gate.opened.set()
    settle(qtbot, session)
    assert gate.calls == 2
    assert session.picture.color(40, 160) == RED


def test_the_wait_for_colours_is_told_once_a_stroke(qtbot, session, page):
    open_page(qtbot, session, page)
    waits = []
    session.stood.connect(waits.append)
    draw(qtbot, session, LEFT, RED)
    assert len(waits) == 1
    assert waits[0] > 0
    session.set_draft(with_stroke(session, LEFT, BLUE))
    settle(qtbot, session)
    assert len(waits) == 1


# --- the page's settings


def test_another_kind_analyses_and_colours_anew(qtbot, session, page):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    session.choose(kind=Kind.GRAY)
    settle(qtbot, session)
    assert session.analysis.kind is Kind.GRAY
    assert session.shown.colorization is not None
    np.testing.assert_array_equal(shown(session), composed(session.analysis, session.shown.colorization))
    assert session.picture.color(40, 160) != RED
    session.undo()
    settle(qtbot, session)
    assert session.analysis.kind is Kind.LINE
    assert session.picture.color(40, 160) == RED


def test_another_gap_analyses_anew(qtbot, session, page):
    open_page(qtbot, session, page)
    draw(qtbot, session, LEFT, RED)
    before = session.analysis
    session.choose(gap=before.gap + 12)
    assert session.analysis is None
    settle(qtbot, session)
    assert session.analysis is not before
    assert session.analysis.gap == before.gap + 12
    np.testing.assert_array_equal(shown(session), composed(session.analysis, session.shown.colorization))


def test_a_choice_made_while_the_page_is_analysed_holds(qtbot, session, page, monkeypatch):
    gate = Gate(monkeypatch, "analyzed")
    session.open(page)
    qtbot.waitUntil(gate.entered.is_set)
    session.choose(gap=7)
    session.apply(Edit("Brush stroke", with_stroke(session, LEFT, RED)))
    gate.opened.set()
    settle(qtbot, session)
    assert session.analysis.gap == 7
    assert session.picture.color(40, 160) == RED
    assert session.failures == []


# --- failures


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("odd"), "ValueError: odd"),
        (UserError("no colours", remedy="draw some"), "no colours; draw some"),
        (MemoryError(), "memory"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
    ids=lambda item: type(item).__name__,
)
def test_a_failing_job_is_told_once_and_tried_again_only_after_the_next_change(
    qtbot, session, page, monkeypatch, error, words
):
    open_page(qtbot, session, page)
    tried = []
    recolor = work.recolor

    def failing(*arguments):
        tried.append(1)
        raise error

    monkeypatch.setattr(work, "recolor", failing)
    draw(qtbot, session, LEFT, RED)
    session.jobs.wake()
    settle(qtbot, session)
    assert len(tried) == 1
    assert len(session.failures) == 1
    assert words in session.failures[0]
    assert "\n" not in session.failures[0]
    draw(qtbot, session, LEFT, BLUE)
    assert len(tried) == 2
    monkeypatch.setattr(work, "recolor", recolor)
    draw(qtbot, session, RIGHT, BLUE)
    assert session.picture.color(*RIGHT) == BLUE
    assert len(session.failures) == 2


def test_a_job_the_artist_cancelled_is_left_until_the_next_change(qtbot, session, page, monkeypatch):
    open_page(qtbot, session, page)
    gate = Gate(monkeypatch, "recolor")
    session.apply(Edit("Brush stroke", with_stroke(session, LEFT, RED)))
    session.jobs.cancel()
    gate.opened.set()
    settle(qtbot, session)
    assert session.picture.color(40, 160) == (255, 255, 255)
    assert session.failures == []
    draw(qtbot, session, RIGHT, BLUE)
    assert session.picture.color(40, 160) == RED
