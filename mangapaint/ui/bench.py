"""``mangapaint bench live``: real mouse events in the real window, and how soon the page takes colour."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from operator import methodcaller
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from mangapaint.batch import peak_mb
from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui.jobs import Job
from mangapaint.ui.window import Window
from mangapaint.ui.wishes import warming

SIZE = 1280, 800
PATIENCE = 120.0
STEPS = 24
STEP_INTERVAL = 0.008
"""Seconds between two events of the pen: 125 a second, as a tablet sends them."""
COLORS = ((232, 183, 150), (58, 91, 160), (200, 60, 70), (120, 170, 90), (245, 225, 140), (110, 75, 60),
          (150, 110, 180), (90, 190, 200))  # fmt: skip
PAN_STEPS = 60


class _Driver:
    """Drives the window as a hand would and notes what a person would see, and when."""

    def __init__(self, window: Window, app: QApplication) -> None:
        self.window, self.app = window, app
        self.shown_moment = -1
        self.frames: list[float] = []
        self.job_seconds: dict[str, float] = {}
        self._job_start = 0.0
        window.canvas.painted.connect(self._on_painted)
        window.session.jobs.started.connect(self._on_started)
        window.session.jobs.finished.connect(self._on_finished)

    def _on_painted(self) -> None:
        self.frames.append(time.perf_counter())
        shown = self.window.session.shown
        self.shown_moment = shown.stamp.moment if shown else -1

    def _on_started(self, job: Job) -> None:
        self._job_start = time.perf_counter()

    def _on_finished(self, job: Job, _result: Any) -> None:
        self.job_seconds[job.name] = time.perf_counter() - self._job_start

    def until(self, what: Callable[[], bool], doing: str) -> float:
        """Let the window live until something is so; returns the seconds it took."""
        start = time.perf_counter()
        while not what():
            self.app.processEvents()
            if time.perf_counter() - start > PATIENCE:
                raise UserError(f"{doing} took over {PATIENCE:.0f} s", remedy="try a smaller page")
            time.sleep(0.0005)
        return time.perf_counter() - start

    def send(self, kind: QEvent.Type, at: QPointF, *, down: bool) -> None:
        """Send one mouse event, as the window system would."""
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.LeftButton if down else Qt.MouseButton.NoButton
        place = QPointF(self.window.canvas.mapToGlobal(QPoint(round(at.x()), round(at.y()))))
        event = QMouseEvent(kind, at, place, button, held, Qt.KeyboardModifier.NoModifier)
        self.app.sendEvent(self.window.canvas, event)

    def stroke(self, points: list[QPointF]) -> tuple[float, int]:
        """Draw a stroke; returns the milliseconds from its end to its coloured repaint, and the frames meanwhile."""
        before = len(self.frames)
        self.send(QEvent.Type.MouseButtonPress, points[0], down=True)
        for point in points[1:]:
            until = time.perf_counter() + STEP_INTERVAL
            self.send(QEvent.Type.MouseMove, point, down=True)
            while time.perf_counter() < until:
                self.app.processEvents()
                time.sleep(0.0005)
        frames = len(self.frames) - before
        self.send(QEvent.Type.MouseButtonRelease, points[-1], down=False)
        moment = self.window.session.moment
        seconds = self.until(lambda: self.shown_moment >= moment, "a stroke")
        return seconds * 1000, frames


def live(page: Path, *, strokes: int, seed: int = 0) -> dict[str, Any]:
    """Draw random strokes on a page in the real window (offscreen unless a platform is chosen) and measure.

    Returns p50_ms and p95_ms (release of a stroke to its coloured repaint), frames_per_s (repaints while
    dragging), pan_frames_per_s (repaints while panning during a colorization), first_picture_ms (decoded page to
    first repaint), sketch_s (coarse analysis, 0 where none is needed), analysis_s, peak_mb and resident_mb.
    """
    if strokes < 1:
        raise UserError("a bench needs strokes", remedy="give --strokes 1 or more")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(["mangapaint"])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as kept:
        window = Window(Settings(), kept=Path(kept))
        try:
            return _measured(window, app, page, strokes, np.random.default_rng(seed))
        finally:
            window.close()


def _measured(window: Window, app: QApplication, page: Path, strokes: int, rng: np.random.Generator) -> dict[str, Any]:
    window.resize(*SIZE)
    window.show()
    driver = _Driver(window, app)
    window.session.order(warming())
    driver.until(lambda: "warm" in driver.job_seconds, "getting ready")
    failures: list[str] = []
    window.session.failed.connect(failures.append)
    window.session.open(page)
    driver.until(lambda: bool(window.session.page or failures), "opening the page")
    if failures:
        raise UserError(failures[0])
    opened = time.perf_counter()
    decoded = len(driver.frames)
    driver.until(lambda: len(driver.frames) > decoded, "the first picture")
    first = driver.job_seconds["open"] - window.session.read_seconds + (time.perf_counter() - opened)
    driver.until(lambda: window.session.is_fresh and window.session.analysis is not None, "the analysis")
    waits, rates = [], []
    for number in range(strokes):
        window.paintbox.pick(COLORS[number % len(COLORS)])
        points = _scribble(window, rng)
        start = time.perf_counter()
        wait, frames = driver.stroke(points)
        waits.append(wait)
        rates.append(frames / max(1e-6, time.perf_counter() - start - wait / 1000))
    return {
        "page": str(page),
        "size": [window.session.page.width, window.session.page.height] if window.session.page else None,
        "strokes": strokes,
        "p50_ms": round(float(np.percentile(waits, 50)), 1),
        "p95_ms": round(float(np.percentile(waits, 95)), 1),
        "max_ms": round(max(waits), 1),
        "frames_per_s": round(float(np.median(rates)), 1),
        "pan_frames_per_s": round(_pan(driver, rng), 1),
        "first_picture_ms": round(first * 1000, 1),
        "sketch_s": round(driver.job_seconds.get("sketch", 0.0), 3),
        "analysis_s": round(driver.job_seconds["analyze"], 3),
        "peak_mb": peak_mb(),
        "resident_mb": round(psutil.Process().memory_info().rss / 1e6, 1),
        "torch_loaded": "torch" in sys.modules,
    }


def _scribble(window: Window, rng: np.random.Generator) -> list[QPointF]:
    """Return a wavering line somewhere on the page, in screen pixels."""
    page, view = window.session.page, window.canvas.view
    assert page is not None
    start = rng.uniform((0.1, 0.1), (0.9, 0.9)) * (page.width, page.height)
    way = np.cumsum(rng.normal(0, 0.004, (STEPS, 2)) + rng.normal(0, 0.003, 2), axis=0) * page.width
    path = np.clip(start + way, 1, (page.width - 2, page.height - 2))
    return [view.transform.map(QPointF(float(x), float(y))) for x, y in path]


def _pan(driver: _Driver, rng: np.random.Generator) -> float:
    """Pan without rest while the worker colours; returns repaints a second."""
    canvas, session = driver.window.canvas, driver.window.session
    document = session.history.present if session.history else None
    assert document is not None
    before, start = len(driver.frames), time.perf_counter()
    for _ in range(PAN_STEPS):
        dx, dy = rng.uniform(-8, 8, 2).tolist()
        canvas.change_view(methodcaller("panned", dx, dy))
        driver.app.processEvents()
        if session.is_fresh:
            at = rng.uniform((0, 0), (document.page.width, document.page.height))
            session.set_draft(document.with_stroke(stroke([at.tolist()], width=24, color=COLORS[0])))
    session.set_draft(None)
    return (len(driver.frames) - before) / (time.perf_counter() - start)
