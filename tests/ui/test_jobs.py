"""The worker: no timing is asserted; what must not run yet is held at a gate."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QThread

from mangapaint.errors import UserError
from mangapaint.ui import jobs as jobs_module
from mangapaint.ui.jobs import Job, Jobs


class Desk:
    """Whoever owns the work: holds the newest wish, and notes what is reported."""

    def __init__(self) -> None:
        self.wish: Job | None = None
        self.ran: list[object] = []
        self.heard: list[tuple[str, object]] = []
        self.threads: set[QThread] = set()
        self.jobs = Jobs(self._next)
        self.jobs.started.connect(lambda job: self._hear("started", job.name))
        self.jobs.finished.connect(lambda job, result: self._hear("finished", result))
        self.jobs.failed.connect(lambda job, error: self._hear("failed", error))
        self.jobs.cancelled.connect(lambda job: self._hear("cancelled", job.name))
        self.jobs.progressed.connect(lambda job, fraction, text: self._hear("progressed", (fraction, text)))
        self.jobs.idle.connect(lambda: self._hear("idle", None))

    def _hear(self, what: str, of: object) -> None:
        self.heard.append((what, of))
        self.threads.add(QThread.currentThread())

    def _next(self) -> Job | None:
        wish, self.wish = self.wish, None
        return wish

    def ask(self, name: str, run: Callable[..., object], **fields: object) -> Job:
        self.wish = Job(name, name, run, (name,), **fields)
        self.jobs.wake()
        return self.wish or self.jobs.running

    def of(self, what: str) -> list[object]:
        return [item for kind, item in self.heard if kind == what]


class Gate:
    """Work that waits until it is let through, or is cancelled."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()
        self.left = False

    def __call__(self, progress) -> str:
        self.entered.set()
        while not self.opened.wait(0.002):
            progress.check()
        self.left = True
        return "through"


@pytest.fixture
def desk(qtbot):
    desk = Desk()
    yield desk
    assert desk.jobs.close()


def idle(qtbot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: desk.heard[-1:] == [("idle", None)])


def test_a_job_runs_in_another_thread_and_its_result_arrives_in_this_one(qtbot, desk):
    desk.ask("one", lambda progress: QThread.currentThread())
    idle(qtbot, desk)
    (worker,) = desk.of("finished")
    assert worker is not QThread.currentThread()
    assert desk.threads == {QThread.currentThread()}
    assert desk.of("started") == ["one"]


def test_of_many_wishes_while_a_job_runs_only_the_newest_is_run(qtbot, desk):
    gate = Gate()
    desk.ask("first", gate)
    for number in range(50):
        desk.ask(str(number), lambda progress, number=number: desk.ran.append(number))
    assert desk.jobs.running is not None
    assert desk.jobs.running.name == "first"
    gate.opened.set()
    idle(qtbot, desk)
    assert desk.ran == [49]
    assert desk.of("finished") == ["through", None]


def test_a_running_job_is_not_cancelled_by_the_next_wish(qtbot, desk):
    gate = Gate()
    desk.ask("first", gate)
    desk.ask("second", lambda progress: "second")
    gate.opened.set()
    idle(qtbot, desk)
    assert desk.of("finished") == ["through", "second"]
    assert desk.of("cancelled") == []


def test_progress_arrives_in_this_thread_and_not_more_often_than_it_can_be_seen(qtbot, desk, monkeypatch):
    def work(progress) -> None:
        for step in range(100):
            progress.report(step / 100, f"step {step}")

    clock = itertools.count(100.0, jobs_module.REPORT_INTERVAL / 2.5)
    monkeypatch.setattr(jobs_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    desk.ask("work", work)
    idle(qtbot, desk)
    assert [text for _, text in desk.of("progressed")] == [f"step {step}" for step in range(0, 100, 3)]
    assert desk.of("progressed")[1][0] == pytest.approx(0.03)
    assert desk.threads == {QThread.currentThread()}


@pytest.mark.parametrize(
    "error", [ValueError("broken"), UserError("no"), MemoryError(), KeyboardInterrupt(), SystemExit(3)], ids=repr
)
def test_an_exception_is_a_failure_and_the_worker_lives_on(qtbot, desk, error):
    def work(progress) -> None:
        raise error

    desk.ask("broken", work)
    idle(qtbot, desk)
    assert desk.of("failed") == [error]
    assert desk.jobs.running is None
    desk.ask("next", lambda progress: "fine")
    idle(qtbot, desk)
    assert desk.of("finished") == ["fine"]


def test_a_wish_that_came_while_a_failing_job_ran_is_run_after_it(qtbot, desk):
    gate = Gate()

    def work(progress) -> None:
        gate(progress)
        raise ValueError

    desk.ask("broken", work)
    desk.ask("next", lambda progress: "fine")
    gate.opened.set()
    idle(qtbot, desk)
    assert desk.of("finished") == ["fine"]


def test_cancel_stops_the_job_at_its_next_report(qtbot, desk):
    gate = Gate()
    desk.ask("long", gate)
    qtbot.waitUntil(gate.entered.is_set)
    desk.jobs.cancel()
    idle(qtbot, desk)
    assert desk.of("cancelled") == ["long"]
    assert not gate.left
    desk.ask("next", lambda progress: "fine")
    idle(qtbot, desk)
    assert desk.of("finished") == ["fine"]


def test_a_job_cancelled_before_it_began_does_not_run(qtbot, desk):
    desk.ask("never", lambda progress: desk.ran.append("never"))
    desk.jobs.cancel()
    idle(qtbot, desk)
    assert desk.ran == []
    assert desk.of("cancelled") == ["never"]


def test_cancel_without_a_job_changes_nothing(qtbot, desk):
    desk.jobs.cancel()
    desk.ask("one", lambda progress: "fine")
    idle(qtbot, desk)
    assert desk.of("finished") == ["fine"]


def test_a_worker_that_was_never_asked_starts_no_thread(qtbot, monkeypatch):
    started = []
    monkeypatch.setattr(QThread, "start", lambda thread, *_: started.append(thread))
    desk = Desk()
    desk.jobs.wake()
    assert desk.of("idle") == [None]
    assert desk.jobs.close()
    assert started == []


def test_closing_cancels_the_running_job_and_delivers_nothing_more(qtbot, desk):
    gate = Gate()
    desk.ask("long", gate)
    qtbot.waitUntil(gate.entered.is_set)
    assert desk.jobs.close()
    assert desk.jobs.ended
    assert not gate.left
    heard = list(desk.heard)
    qtbot.wait(20)
    assert desk.heard == heard


def test_a_result_that_is_on_its_way_when_the_worker_closes_is_not_delivered(qtbot, desk):
    ran = threading.Event()

    def work(progress) -> str:
        ran.set()
        return "late"

    desk.ask("quick", work)
    assert ran.wait(5)
    desk.jobs.close()
    qtbot.wait(20)
    assert desk.of("finished") == []


def test_closing_twice_and_waking_after_it_is_harmless(qtbot, desk):
    desk.ask("one", lambda progress: "fine")
    idle(qtbot, desk)
    assert desk.jobs.close()
    assert desk.jobs.close()
    desk.ask("late", lambda progress: desk.ran.append("late"))
    qtbot.wait(20)
    assert desk.ran == []
    assert desk.jobs.running is None


def test_closing_waits_for_what_must_end_instead_of_cancelling_it(qtbot, desk):
    gate = Gate()
    desk.ask("export", gate, must_end=True)
    qtbot.waitUntil(gate.entered.is_set)
    opener = threading.Timer(0.05, gate.opened.set)
    opener.start()
    assert desk.jobs.close()
    opener.join()
    assert gate.left


@pytest.mark.parametrize("warm", [False, True])
def test_what_must_end_is_run_although_the_worker_closes_before_it_began(qtbot, warm):
    for _ in range(20):
        desk = Desk()
        if warm:
            desk.ask("one", lambda progress: "fine")
            idle(qtbot, desk)
        desk.ask("export", lambda progress, ran=desk.ran: ran.append("export"), must_end=True)
        assert desk.jobs.close()
        assert desk.ran == ["export"]


def test_a_job_that_does_not_stop_is_told_of(qtbot, desk, monkeypatch):
    stuck, entered = threading.Event(), threading.Event()

    def work(progress) -> None:
        entered.set()
        stuck.wait(30)

    monkeypatch.setattr(jobs_module, "CLOSING_PATIENCE", 20)
    desk.ask("stuck", work)
    assert entered.wait(5)
    assert not desk.jobs.close()
    assert not desk.jobs.ended
    stuck.set()
    assert desk.jobs.close()
    assert desk.jobs.ended
