"""A training for ``torchrun``: the toy network, with as many processes as there are; writes what it has learned."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import lessons
import torch

from mangapaint.progress import Silent
from mangapaint.training import checkpoint
from mangapaint.training.distributed import joined, leave
from mangapaint.training.recipes import RECIPES
from mangapaint.training.trainer import Trainer


def learn(path: Path, steps: int, told_to_stop: int) -> None:
    """Learn with an unequal hint of when to stop: only the second process is told."""
    torch.set_num_threads(1)
    RECIPES[lessons.METHOD] = lessons.RECIPE
    with joined("cpu") as group:
        training = Trainer.begun(lessons.plan(steps=steps, batch=8), lessons.ToySamples(),
                                 lessons.ToySamples(4, seed=9), Silent(), group=group)  # fmt: skip
        while not training.ended:
            if training.moment.step == told_to_stop and group.rank == 1:
                training.stop()
            training.advance(0, Silent())
        training.close()
        if group.first:
            checkpoint.write(path, training.checkpoint())


if __name__ == "__main__":
    signal.alarm(120)
    learn(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    leave(0)
