"""Tells in the status bar how the chosen method fares: what it lacks, and how far it has learned."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mangapaint.ui.session import Session
from mangapaint.ui.statusbar import StatusBar

ASKED = ("open", "reference", "export")
"""Jobs whose own progress is worth more than that of learning, which rests meanwhile."""


class MethodNews(QObject):
    """Between the session and the status bar."""

    def __init__(self, session: Session, status: StatusBar) -> None:
        super().__init__(session)
        self._session, self._status = session, status
        session.lackChanged.connect(status.set_lack)
        session.learning.changed.connect(self._show)
        session.jobs.started.connect(self._show)
        session.jobs.idle.connect(self._show)
        status.stopRequested.connect(session.stop_learning)
        status.learnOnRequested.connect(session.learn_on)

    def _show(self) -> None:
        running, lesson = self._session.jobs.running, self._session.learning.lesson
        if lesson is None or (running is not None and running.name in ASKED):
            self._status.set_learning(None)
        else:
            self._status.set_learning(lesson.learned, goes_on=lesson.goes_on)
