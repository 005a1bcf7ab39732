"""A training that learns nothing, a step at a time, each of which the test lets through; it writes real files."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np

from mangapaint.errors import UserError
from mangapaint.formats.atomic import write_bytes
from mangapaint.training.record import Moment
from mangapaint.ui.series import tuition
from mangapaint.ui.series.tuition import Look

SECONDS = 1.0
"""What a step counts as."""


def weights_file(path, method: str, mark: str = "") -> None:
    """A file of weights that holds nothing."""
    head = json.dumps({"__metadata__": {"format": "mangapaint 1", "method": method, "mark": mark}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, len(head).to_bytes(8, "little") + head)


class ToyTrainer:
    """Counts steps."""

    def __init__(self, task, step: int) -> None:
        self.task, self.moment, self.history, self.closed = task, Moment(step=step, seconds=step * SECONDS), [], False

    def close(self) -> None:
        self.closed = True


class ToyTuition:
    """Stands for ``tuition``; ``let`` lets steps through. ``error`` is what the next step, or writing, fails with."""

    def __init__(self, monkeypatch, *, free: bool = False) -> None:
        self.steps = self.begun = self.dropped = 0
        self.tasks, self.trainers, self.kept = [], [], []
        self.error: UserError | None = None
        self.keep_error: UserError | None = None
        self.free = free
        self._lets = threading.Semaphore(0)
        for name in ("gather", "begin", "step", "look", "keep"):
            monkeypatch.setattr(tuition, name, getattr(self, name))

    def let(self, steps: int = 1) -> None:
        self._lets.release(steps)

    def gather(self, task, progress):
        return task.pictures

    def begin(self, task, shelf, originals, progress):
        self.tasks.append(task)
        step = int(shelf.checkpoint_path(task.series, task.method).read_text()) if task.further else 0
        self.trainers.append(ToyTrainer(task, step))
        return self.trainers[-1]

    def step(self, trainer, progress):
        self.begun += 1
        try:
            progress.check()
            while not self.free and not self._lets.acquire(timeout=0.002):
                progress.check()
        except BaseException:
            self.dropped += 1
            raise
        if self.error:
            raise self.error
        self.steps += 1
        now = trainer.moment
        seconds, minutes = now.seconds + SECONDS, trainer.task.minutes
        ended = "done" if minutes is not None and seconds >= 60 * minutes else ""
        trainer.moment = replace(now, step=now.step + 1, seconds=seconds, loss=1 / (now.step + 1), ended=ended)
        return trainer.moment

    def look(self, trainer, progress):
        trainer.moment = replace(trainer.moment, validation=2 / (trainer.moment.step + 1))
        return Look(trainer.moment, np.full((30, 60, 3), 200, np.uint8), 3)

    def keep(self, trainer, task, shelf, *, resumable):
        if self.keep_error:
            raise self.keep_error
        self.kept.append((trainer.moment.step, resumable))
        shelf.note(task.series, task.pictures)
        weights_file(shelf.weights_path(task.series, task.method), task.method, str(trainer.moment.step))
        if resumable:
            shelf.checkpoint_path(task.series, task.method).write_text(str(trainer.moment.step))
        return trainer.moment.step
