"""Learning a series beside the painting: what was chosen for it, how far it has come, and which job is next."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from mangapaint.colorizers.weights import Weights
from mangapaint.document.document import Choice
from mangapaint.document.page import Pixels
from mangapaint.ui.jobs import Job, told
from mangapaint.ui.series import tuition
from mangapaint.ui.series.shelf import Shelf, Taught
from mangapaint.ui.series.tuition import Look, Task

if TYPE_CHECKING:
    from mangapaint.training.originals import Originals
    from mangapaint.training.record import Moment
    from mangapaint.training.trainer import Trainer
    from mangapaint.ui.session import Session

JOB = "series"
"""The name of all jobs of this module."""
FIRST_LOOK, LOOK_GROWS, LONGEST_LOOK = 8.0, 1.6, 60.0
"""Seconds of learning before it is first looked at; each pause is longer than the last by a factor, up to a minute."""
KEPT_EVERY = 60.0
"""Seconds of learning between two writings of the weights, so that little is lost whatever happens."""
HAND_REST = 0.6
"""Seconds the hand must rest on the page, or beside it, before a step begins: a stroke never waits for one then ..."""
LONGEST_REST = 6.0
"""... unless so many have passed without a step."""
LAST = "series"
"""Under which name the settings remember what was used last."""


class Stage(Enum):
    """How far learning is: nothing chosen to be learned, about to begin, learning, being written, over."""

    IDLE = auto()
    BEGINNING = auto()
    LEARNING = auto()
    KEEPING = auto()
    OVER = auto()


@dataclass(frozen=True, eq=False)
class Chosen:
    """A picture to learn from; ``small`` is uint8 RGB, None until it was looked at."""

    path: Path
    small: Pixels | None = None


class Teaching(QObject):
    """Lets a network learn, a second at a time, while nothing is being drawn. Knows no widget.

    ``moments`` is how it went, oldest first; ``look`` what it can do by now; ``trouble`` what went wrong, in a line;
    ``refused`` the pictures that nothing can be learned from, a line each.
    """

    picturesChanged = Signal()
    stageChanged = Signal()
    advanced = Signal()
    """There is a new moment."""
    looked = Signal()
    shelfChanged = Signal()
    """Something was learned that can be used, or there is more of it."""

    def __init__(self, session: Session, folder: Path) -> None:
        super().__init__(session)
        self._session = session
        self.shelf = Shelf(folder)
        self.taught: tuple[Taught, ...] = self.shelf.taught()
        self.pictures: tuple[Chosen, ...] = ()
        self.refused: tuple[str, ...] = ()
        self.stage = Stage.IDLE
        self.task: Task | None = None
        self.moments: list[Moment] = []
        self.look: Look | None = None
        self.trouble = ""
        self._originals: Originals | None = None
        self._trainer: Trainer | None = None
        self._begun_at = self._next_look = self._pause = self._kept_at = 0.0
        self._kept_step = -1
        self._use = False
        self._hand_at = self._stepped_at = 0.0
        self._waits = False

    # --- what it is asked

    @property
    def is_learning(self) -> bool:
        """True from the start until all is written."""
        return self.stage in (Stage.BEGINNING, Stage.LEARNING, Stage.KEEPING)

    @property
    def seconds(self) -> float:
        """How long it has learned this time."""
        return self._now - self._begun_at

    @property
    def left(self) -> float | None:
        """Seconds of learning that are left; None where there is no end to it."""
        minutes = self.task.minutes if self.task else None
        return None if minutes is None else max(0.0, 60 * minutes - self.seconds)

    @property
    def can_be_used(self) -> bool:
        """True once there is something learned that can colour a page."""
        task = self.task
        written = task is not None and self.shelf.weights(task.series, task.method) is not None
        return written or (self.stage is Stage.LEARNING and bool(self.moments))

    @property
    def is_unkept(self) -> bool:
        """True where learning is over and could not be written."""
        return self.stage is Stage.OVER and self._trainer is not None

    def weights_for(self, choice: Choice) -> Weights | None:
        """Return the weights that a choice of method and series means, as they are now."""
        return self.shelf.weights(choice.series, choice.method)

    def last(self) -> Taught | None:
        """Return what was used last, if it is still there."""
        kept = self._session.settings.kept(LAST)
        return next((row for row in self.taught if [row.series, row.method] == kept), None)

    # --- what it is told

    def add(self, paths: Iterable[Path]) -> None:
        """Learn from these pictures, too, and from those in these folders."""
        known = {item.path for item in self.pictures}
        fresh = [Chosen(path) for path in tuition.pictures_in(paths) if path not in known]
        self._set_pictures((*self.pictures, *fresh)[: tuition.MOST_PICTURES])

    def remove(self, path: Path) -> None:
        """Do not learn from a picture."""
        self._set_pictures(tuple(item for item in self.pictures if item.path != path))

    def clear(self) -> None:
        """Begin to choose anew."""
        self._set_pictures(())

    def start(self, task: Task) -> None:
        """Begin to learn; nothing if it is being done already."""
        if self.is_learning or not task.pictures:
            return
        self.task, self.trouble, self.look, self.moments = task, "", None, []
        self._originals, self._kept_step, self._use = None, -1, False
        self._set_stage(Stage.BEGINNING)

    def stop(self) -> None:
        """Learn no more; what was learned is written, and can be used."""
        if self.stage is Stage.LEARNING and self.moments:
            self._set_stage(Stage.KEEPING)
        elif self.stage in (Stage.BEGINNING, Stage.LEARNING):
            self._dismiss()
            self._set_stage(Stage.IDLE)
        self._session.give_way(JOB)

    def keep_again(self) -> None:
        """Write what could not be written before."""
        if self.is_unkept:
            self.trouble = ""
            self._set_stage(Stage.KEEPING)

    def make_way(self) -> None:
        """The hand moves over the page, or has drawn: a step that runs ends early, and none begins until it rests."""
        if self.stage is not Stage.LEARNING:
            return
        self._hand_at = time.monotonic()
        if self._is_hand_busy():
            self._session.give_way(JOB)
            self._wait()

    def _wait(self) -> None:
        """Look again once the hand may rest; with no timer to own: it would have to die in this thread."""
        if not self._waits:
            self._waits = True
            QTimer.singleShot(round(1000 * HAND_REST), self._waited)

    def _waited(self) -> None:
        self._waits = False
        if self._is_hand_busy():
            self._wait()
        else:
            self._session.jobs.wake()

    def _is_hand_busy(self) -> bool:
        now = time.monotonic()
        return now - self._hand_at < HAND_REST and now - self._stepped_at < LONGEST_REST

    def use(self) -> None:
        """Colour the open page with what was learned, from what is known by now."""
        if self.stage is Stage.LEARNING:
            self._use = True
            self._session.jobs.wake()
        elif self.task is not None:
            self.choose(self.task.series, self.task.method)

    def choose(self, series: str, method: str) -> None:
        """Have a series colour the open page, and remember it as the one that was used last."""
        self._session.settings.keep(LAST, [series, method])
        self._session.choose(method=method, series=series)

    def close(self) -> None:
        """Write what is not written yet, once the worker has ended; raises ``UserError``."""
        trainer, task = self._trainer, self.task
        self._trainer = None
        if trainer is None or task is None or not self._session.jobs.ended:
            return
        try:
            if trainer.moment.step > 0 and (self._kept_step != trainer.moment.step or self.stage is not Stage.OVER):
                tuition.keep(trainer, task, self.shelf, resumable=True)
        finally:
            trainer.close()

    # --- what comes next

    def next_job(self) -> Job | None:
        """Return the next thing to do, while nothing is being drawn; painting always comes first."""
        if self._session.is_drafting:
            return None
        waiting = next((item for item in self.pictures if item.small is None), None)
        if waiting is not None:
            return self._job("look at", f"Looking at {waiting.path.name}", partial(tuition.look_at, waiting.path),
                             about=waiting.path)  # fmt: skip
        return _NEXT[self.stage](self) if self.stage in _NEXT else None

    def _beginning(self) -> Job | None:
        assert self.task is not None
        if self._originals is None:
            return self._job("gather", "Looking through the pictures", partial(tuition.gather, self.task))
        run = partial(tuition.begin, self.task, self.shelf, self._originals)
        return self._job("begin", "Getting ready to learn", run)

    def _learning(self) -> Job | None:
        trainer = self._trainer
        assert trainer is not None
        if self._use or self.seconds - self._kept_at >= KEPT_EVERY:
            return self._keep_job(trainer, resumable=False)
        if self._is_hand_busy():
            return None
        if self.moments and (self.seconds >= self._next_look or self.moments[-1].due):
            return self._job("look", "Looking at what was learned", partial(tuition.look, trainer))
        return self._job("step", "Learning", partial(tuition.step, trainer))

    def _keeping(self) -> Job | None:
        trainer = self._trainer
        assert trainer is not None
        return self._keep_job(trainer, resumable=True)

    def _keep_job(self, trainer: Trainer, *, resumable: bool) -> Job:
        assert self.task is not None
        run = partial(_kept, trainer, self.task, self.shelf, resumable)
        return self._job("keep", "Keeping what was learned", run, must_end=True)

    def _job(self, what: str, title: str, run: Callable[[Any], Any], *, about: Any = None,
             must_end: bool = False) -> Job:  # fmt: skip
        return Job(JOB, title, run, (JOB, what), must_end=must_end, about=about)

    # --- what came back

    def finished(self, job: Job, result: Any) -> None:
        """Take what a job of this module has returned."""
        _ARRIVED[job.key[1]](self, job, result)

    def failed(self, job: Job, error: BaseException) -> None:
        """Say what went wrong: a picture is left out, anything else ends the learning."""
        if job.key[1] == "look at":
            self.refused = (*self.refused, told(job, error))
            self.remove(job.about)
            return
        self.trouble = told(job, error)
        if job.key[1] == "keep":
            self._set_stage(Stage.OVER)
        elif self._trainer is not None and self.moments:
            self._set_stage(Stage.KEEPING)
        else:
            self._dismiss()
            self._set_stage(Stage.IDLE)

    def cancelled(self, job: Job) -> None:
        """Leave what the artist has cancelled."""
        if job.key[1] == "look at":
            self.remove(job.about)
        else:
            self.stop()

    def _seen(self, job: Job, result: Pixels) -> None:
        self.pictures = tuple(Chosen(item.path, result) if item.path == job.about else item for item in self.pictures)
        self.picturesChanged.emit()

    def _gathered(self, job: Job, result: Originals) -> None:
        self._originals = result

    def _began(self, job: Job, result: Trainer) -> None:
        if self.stage is not Stage.BEGINNING:
            result.close()
            return
        self._trainer, self.moments = result, list(result.history)
        self._begun_at, self._stepped_at = result.moment.seconds, time.monotonic()
        self._next_look, self._pause, self._kept_at = FIRST_LOOK, FIRST_LOOK, 0.0
        self._set_stage(Stage.LEARNING)

    def _stepped(self, job: Job, result: Moment) -> None:
        self.moments.append(result)
        self._stepped_at = time.monotonic()
        self.advanced.emit()
        if result.ended and self.stage is Stage.LEARNING:
            self._set_stage(Stage.KEEPING)

    def _looked(self, job: Job, result: Look) -> None:
        self.look = result
        self._pause = min(LONGEST_LOOK, self._pause * LOOK_GROWS)
        self._next_look = self.seconds + self._pause
        if self.moments and self.moments[-1].step == result.moment.step:
            self.moments[-1] = result.moment
        self.looked.emit()

    def _written(self, job: Job, result: int) -> None:
        self._kept_step, self._kept_at = result, self.seconds
        self.taught = self.shelf.taught()
        uses, self._use = self._use, False
        if self.stage is Stage.KEEPING:
            self._dismiss()
            self._set_stage(Stage.OVER)
        self.shelfChanged.emit()
        task, document = self.task, self._session.document
        if task is None or document is None:
            return
        if uses:
            self.choose(task.series, task.method)
        elif (document.choice.series, document.choice.method) == (task.series, task.method):
            self._session.look_again()

    # --- itself

    @property
    def _now(self) -> float:
        """Seconds that the network has learned in all."""
        return self._trainer.moment.seconds if self._trainer else self.moments[-1].seconds if self.moments else 0.0

    def _dismiss(self) -> None:
        trainer, self._trainer, self._originals = self._trainer, None, None
        if trainer is not None:
            trainer.close()

    def _set_pictures(self, pictures: tuple[Chosen, ...]) -> None:
        self.pictures = pictures
        self.picturesChanged.emit()
        self._session.jobs.wake()

    def _set_stage(self, stage: Stage) -> None:
        self.stage = stage
        self.stageChanged.emit()
        self._session.jobs.wake()


def _kept(trainer: Trainer, task: Task, shelf: Shelf, resumable: bool, progress: Any) -> int:
    """Write what was learned, whole or not at all, whatever else is wanted meanwhile."""
    del progress
    return tuition.keep(trainer, task, shelf, resumable=resumable)


_NEXT: dict[Stage, Callable[[Teaching], Job | None]] = {
    Stage.BEGINNING: Teaching._beginning,
    Stage.LEARNING: Teaching._learning,
    Stage.KEEPING: Teaching._keeping,
}
_ARRIVED: dict[str, Callable[[Teaching, Job, Any], None]] = {
    "look at": Teaching._seen,
    "gather": Teaching._gathered,
    "begin": Teaching._began,
    "step": Teaching._stepped,
    "look": Teaching._looked,
    "keep": Teaching._written,
}
"""What becomes of a result, by what the job was for."""
