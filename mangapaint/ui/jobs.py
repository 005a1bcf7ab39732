"""The worker thread: one job runs, one wish waits and the newest wins. The only file that knows threads.

A job is plain work on frozen values. Whoever owns the work is asked for the next job whenever the worker is free, so
what waits is always the newest wish. Results, failures and progress arrive on the main thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mangapaint.errors import Cancelled, UserError

REPORT_INTERVAL = 0.05
"""Seconds between two progress reports; more would only fill the event queue."""
CLOSING_PATIENCE = 10_000
"""Milliseconds the program waits at its end for a job to notice that it was cancelled."""
WRITING_PATIENCE = 120_000
"""The same for an export that is being written."""


@dataclass(frozen=True, eq=False)
class Job:
    """Work for the worker: ``run`` gets a progress and returns a result; ``key`` says what it is for.

    ``must_end`` marks work that writes what the artist asked for: closing waits for it instead of cancelling it.
    ``about`` is what may help to decide whether it should be cancelled.
    """

    name: str
    title: str
    run: Callable[[Any], Any]
    key: tuple[Any, ...] = ()
    must_end: bool = False
    about: Any = None


def told(job: Job, error: BaseException) -> str:
    """Say in one line what went wrong with a job."""
    if isinstance(error, UserError):
        return error.line()
    if isinstance(error, MemoryError):
        return f"{job.title}: not enough memory; close other programs or use a smaller page"
    return f"{job.title} failed ({type(error).__name__}: {error}); your strokes are safe, please report this"


class _JobProgress:
    """The progress of a running job. ``stop`` is set by the main thread and only read here."""

    def __init__(self, tell: Callable[[float, str], None]) -> None:
        self.stop = False
        self._tell = tell
        self._last = 0.0

    def report(self, fraction: float, text: str) -> None:
        self.check()
        now = time.monotonic()
        if now - self._last >= REPORT_INTERVAL:
            self._last = now
            self._tell(fraction, text)

    def check(self) -> None:
        if self.stop:
            raise Cancelled


class _Worker(QObject):
    """Lives in the thread and runs what it is handed."""

    done = Signal(object, object, object)
    progressed = Signal(object, float, str)

    def __init__(self) -> None:
        super().__init__()
        self.error: BaseException | None = None

    @Slot(object, object)
    def run(self, job: Job, progress: _JobProgress) -> None:
        """Run a job to its end; a failure is a result like any other, so the worker lives on."""
        result, self.error = None, None
        try:
            progress.check()
            result = job.run(progress)
        except BaseException as error:
            self.error = error
        self.done.emit(job, result, self.error)

    @Slot()
    def end(self) -> None:
        """End the thread, after all that was handed over before."""
        self.thread().quit()


class Jobs(QObject):
    """Runs jobs one after another in a thread of its own."""

    started = Signal(object)
    progressed = Signal(object, float, str)
    finished = Signal(object, object)
    """Job, result."""
    failed = Signal(object, object)
    """Job, exception."""
    cancelled = Signal(object)
    idle = Signal()
    _handed = Signal(object, object)
    _ending = Signal()

    def __init__(self, next_job: Callable[[], Job | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next_job = next_job
        self._running: tuple[Job, _JobProgress] | None = None
        self._closed = False
        self.ended = False
        self.last_error: BaseException | None = None
        self._thread = QThread()
        self._thread.setObjectName("mangapaint-worker")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._handed.connect(self._worker.run, Qt.ConnectionType.QueuedConnection)
        self._ending.connect(self._worker.end, Qt.ConnectionType.QueuedConnection)
        self._worker.done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self._worker.progressed.connect(self._on_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> Job | None:
        """The job that runs now."""
        return self._running[0] if self._running else None

    def wake(self) -> None:
        """Say that there may be something new to do; a running job is left to finish first."""
        if self._running is None and not self._closed:
            self._start(self._next_job())

    def cancel(self) -> None:
        """Ask the running job to stop at its next report; what it still returns is dropped."""
        if self._running:
            self._running[1].stop = True

    def close(self) -> bool:
        """Cancel and end the thread; False if a job did not stop in time (the thread is left to the system).

        Work that must end is waited for; what went wrong with it is left in ``last_error``.
        """
        self._closed = True
        if not (self.running and self.running.must_end):
            self.cancel()
        self._ending.emit()
        ended = self._thread.wait(WRITING_PATIENCE if self.running and self.running.must_end else CLOSING_PATIENCE)
        if ended and self.running and self.running.must_end:
            self.last_error = self._worker.error
        self._running = None
        self.ended = ended
        return ended

    def _start(self, job: Job | None) -> None:
        if job is None:
            self.idle.emit()
            return
        progress = _JobProgress(lambda fraction, text: self._worker.progressed.emit(job, fraction, text))
        self._running = job, progress
        if not self._thread.isRunning():
            self._thread.start()
        self.started.emit(job)
        self._handed.emit(job, progress)

    @Slot(object, float, str)
    def _on_progress(self, job: Job, fraction: float, text: str) -> None:
        if self.running is job:
            self.progressed.emit(job, fraction, text)

    @Slot(object, object, object)
    def _on_done(self, job: Job, result: object, error: BaseException | None) -> None:
        if self._closed:
            return
        stopped = self._running is not None and self._running[1].stop
        self._running = None
        if stopped:
            self.cancelled.emit(job)
        elif error is None:
            self.finished.emit(job, result)
        elif isinstance(error, Cancelled):
            self.cancelled.emit(job)
        else:
            self.failed.emit(job, error)
        self.wake()
