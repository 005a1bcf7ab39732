"""What every test gets: Qt without a screen, a home of its own, and no thread left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakSet

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as the commands have it; before anything imports torch

import pytest
import shiboken6
from PySide6.QtCore import QThread
from tqdm import tqdm

PATIENCE = 2.0
"""Seconds a thread may take to end after its test."""

tqdm.monitor_interval = 0  # no watching thread: it would be taken for a leak


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep settings and kept pages in a folder of this test, never in the user's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(home / "config" / "mangapaint"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    return home


@pytest.fixture(autouse=True)
def _nothing_learned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory,
                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Leave the weights that ship aside, so that a test knows what colours; those marked ``shipped`` have them."""
    if request.node.get_closest_marker("shipped") is None:
        empty = tmp_path_factory.mktemp("resources")
        monkeypatch.setattr("mangapaint.colorizers.weights.resources", lambda: empty)


@pytest.fixture(autouse=True)
def _no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test after which a thread still runs that it has started, Python's or Qt's."""
    before = set(threading.enumerate())
    started: WeakSet[QThread] = WeakSet()
    start = QThread.start

    def noted(thread: QThread, *arguments: object) -> None:
        started.add(thread)
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", noted)
    yield
    left = [*_python_threads(before), *_qt_threads(started)]
    assert not left, f"threads left behind: {', '.join(left)}"


def _python_threads(before: set[threading.Thread]) -> list[str]:
    end = time.monotonic() + PATIENCE
    left = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):  # a Qt thread Python has met; Python forgets it late or never
            continue
        thread.join(max(0.0, end - time.monotonic()))
        if thread.is_alive():
            left.append(thread.name)
    return left


def _qt_threads(started: WeakSet[QThread]) -> list[str]:
    """Name those that run on; they are ended, because Qt aborts where a running thread is destroyed."""
    left = []
    for thread in list(started):
        if not shiboken6.isValid(thread) or thread.wait(round(PATIENCE * 1000)):
            continue
        left.append(thread.objectName() or type(thread).__name__)
        thread.quit()
        thread.wait(round(PATIENCE * 1000))
    return left
