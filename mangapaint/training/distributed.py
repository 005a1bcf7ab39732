"""Training by several processes, on one machine or many: who takes part, and how they stay of one mind.

``torchrun`` starts them and says so in the environment. Each takes its part of every batch; gradients are averaged, so
all have the same weights after every step, and those of a single process that takes the whole batch.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from mangapaint.errors import UserError
from mangapaint.training.course import Course


@dataclass(frozen=True)
class Group:
    """The processes of a training: which one this is, of how many. Only the first one writes files."""

    rank: int = 0
    size: int = 1
    device: str = "cpu"

    @property
    def first(self) -> bool:
        """Whether this is the process that speaks and writes."""
        return self.rank == 0

    def agreed(self, values: Sequence[float]) -> list[float]:
        """Return the largest of each value among all processes; all have to ask at the same time."""
        if self.size == 1:
            return list(values)
        told = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(told, dist.ReduceOp.MAX)
        return [float(value) for value in told]

    def check_batch(self, batch: int) -> None:
        """Raise ``UserError`` for a batch that cannot be divided among the processes."""
        if batch % self.size:
            remedy = f"give a --batch that {self.size} divides"
            raise UserError(f"a batch of {batch} cannot be divided among {self.size} processes", remedy=remedy)


def processes() -> int:
    """Return how many processes train, as ``torchrun`` says; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def leave(code: int) -> None:
    """End this process here and now if it trained with others, so that its end is clean.

    What torch leaves running for them sometimes aborts an interpreter that is shutting down (1 in 20 to 60 runs).
    """
    if processes() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@contextmanager
def joined(device: str) -> Iterator[Group]:
    """Take part in a training on "cpu" or "cuda": with all processes that ``torchrun`` has started, or alone."""
    if processes() == 1:
        yield Group(device=device)
        return
    own = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if device == "cuda" else device
    if device == "cuda":
        torch.cuda.set_device(own)
    dist.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield Group(dist.get_rank(), dist.get_world_size(), own)
        dist.barrier()  # nobody leaves while another still speaks to it
    finally:
        dist.destroy_process_group()


def shared(course: Course, turn: Sequence[nn.Parameter], group: Group) -> nn.Module:
    """Return what a course is called through in one turn, so that the turn's gradients are those of all processes."""
    if group.size == 1:
        return course
    own = {id(parameter) for parameter in turn}
    others = [row for row in course.parameters() if id(row) not in own and row.requires_grad]
    for parameter in others:
        parameter.requires_grad_(False)
    # A loss need not reach all parameters in each step. Where it does, torch says once that this was not needed.
    wrapped = DistributedDataParallel(course, find_unused_parameters=True)
    for parameter in others:
        parameter.requires_grad_(True)
    return wrapped


def unshared(module: nn.Module) -> AbstractContextManager[None]:
    """Return a context in which a turn's gradients are only added up here: for all parts of a batch but the last."""
    return module.no_sync() if isinstance(module, DistributedDataParallel) else nullcontext()
