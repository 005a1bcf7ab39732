"""PySide6 6.12.0 drops a reference to None, True and False per call below Python 3.12, until the interpreter aborts."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from test_canvas import open_window
from test_session import settle

from mangapaint.document.rect import Rect
from mangapaint.document.strokes import stroke

ROUNDS = 200
TOLERANCE = 60
"""References that come and go by themselves; the fault loses at least one per call."""
IMMORTAL = sys.version_info >= (3, 12)


def lost(work: Callable[[int], object]) -> int:
    """How many references to one of the singletons are lost over ``ROUNDS`` calls, after a few to warm up.

    That some are gained is harmless: PySide6 keeps one for each action it makes.
    """
    for number in range(10):
        work(number)
    before = [sys.getrefcount(item) for item in (None, True, False)]
    for number in range(ROUNDS):
        work(number)
    after = [sys.getrefcount(item) for item in (None, True, False)]
    return max(one - two for one, two in zip(before, after, strict=True))


@pytest.mark.skipif(IMMORTAL, reason="None is not counted from Python 3.12 on")
def test_the_watch_notices_the_fault():
    none = ctypes.py_object(None)
    assert lost(lambda _number: ctypes.pythonapi.Py_DecRef(none)) > TOLERANCE
    for _ in range(ROUNDS + 10):
        ctypes.pythonapi.Py_IncRef(none)


def test_widget_updates_keep_the_singletons(qtbot):
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()

    def work(number: int) -> None:
        label.setText(str(number))
        label.setVisible(number % 2 == 0)
        label.setEnabled(number % 3 == 0)
        label.update()
        label.repaint()

    assert lost(work) <= TOLERANCE


def test_painting_panning_and_hovering_in_the_window_keep_the_singletons(qtbot, tmp_path):
    window = open_window(qtbot, tmp_path)
    for overlay in ("edges", "corners", "regions", "palette"):
        window.session.set_overlay(overlay, replace(window.session.overlays[overlay], on=True))
    settle(qtbot, window.session)

    def work(number: int) -> None:
        QTest.mouseMove(window.canvas, QPoint(100 + number, 200))
        window.canvas.change_view(lambda view: view.panned(1, -1))
        window.canvas.refresh(Rect(0, 0, 50, 50))
        window.canvas.repaint(QRect(0, 0, 300, 300))
        window.parts.status.set_latency(number)
        window.parts.bar.set_overlay("edges", number % 2 == 0, 0.5)

    assert lost(work) <= TOLERANCE


def test_jobs_and_what_they_show_keep_the_singletons(qtbot, tmp_path):
    window = open_window(qtbot, tmp_path)

    def work(number: int) -> None:
        item = stroke([(60 + number % 50, 80)], width=8, color=(200, 40, 50))
        window.session.set_draft(window.session.history.present.with_stroke(item))
        settle(qtbot, window.session)
        assert window.session.picture.color(40, 160) == (200, 40, 50)

    assert lost(work) <= TOLERANCE
