"""Starts the window."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui.window import Window
from mangapaint.ui.wishes import warming

SIGNAL_INTERVAL = 250
"""Milliseconds between the moments at which Python may notice Ctrl+C in the terminal."""


def run(page: Path | None, *, sample: bool = False) -> int:
    """Open the window, on a page or the sample if asked for; returns the exit code when it is closed."""
    _require_display()
    app = QApplication.instance() or QApplication(["mangapaint"])
    QGuiApplication.setApplicationDisplayName("mangapaint")
    QGuiApplication.setDesktopFileName("mangapaint")
    window = Window(Settings.load())
    window.show()
    window.start_notes()
    if sample:
        window.session.open_sample()
    elif page:
        window.session.open(page)
    else:
        window.session.order(warming())
    # Not at once: Python may be in the middle of painting.
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, window.close))
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(SIGNAL_INTERVAL)
    code = app.exec()
    if not window.session.jobs.ended:
        os._exit(code)  # a job that cannot be interrupted still runs; everything is already written
    trouble = app.property("mangapaint_error")
    if trouble:
        raise UserError(str(trouble))
    return code


def _require_display() -> None:
    """Say in one line that there is no screen, where Qt would abort the program."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        remedy = "start it on a desktop, or use the command line (mangapaint colorize --help)"
        raise UserError("there is no display for the window", remedy=remedy)
