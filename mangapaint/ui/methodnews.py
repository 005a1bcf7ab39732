"""Tells in the status bar how methods fare: what the chosen one lacks, how far it, or a series, has been learned."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mangapaint.ui.series.curve import clock
from mangapaint.ui.series.session import Stage, Teaching
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
        session.jobs.started.connect(self._show)
        session.jobs.idle.connect(self._show)
        teaching = session.teaching
        for news in (session.learning.changed, teaching.stageChanged, teaching.advanced):
            news.connect(self._show)
        status.stopRequested.connect(self._stop)
        status.learnOnRequested.connect(session.learn_on)

    def _show(self) -> None:
        running, lesson = self._session.jobs.running, self._session.learning.lesson
        teaching = self._session.teaching
        if running is not None and running.name in ASKED:
            self._status.set_learning(None)
        elif lesson is not None:
            self._status.set_learning(lesson.learned, goes_on=lesson.goes_on)
        elif teaching.stage in (Stage.BEGINNING, Stage.LEARNING):
            self._status.set_learning(_part(teaching), said=_told(teaching))
        else:
            self._status.set_learning(None)

    def _stop(self) -> None:
        """Stop what the progress is of."""
        if self._session.learning.lesson is not None:
            self._session.stop_learning()
        else:
            self._session.teaching.stop()


def _part(teaching: Teaching) -> float:
    left = teaching.left
    return teaching.seconds / max(1e-9, teaching.seconds + left) if left is not None else 0.0


def _told(teaching: Teaching) -> str:
    if teaching.stage is Stage.BEGINNING:
        return "Getting ready to learn"
    left = teaching.left
    return f"Learning, {clock(teaching.seconds)}" if left is None else f"Learning, {clock(left)} left"
