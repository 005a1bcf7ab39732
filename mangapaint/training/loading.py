"""Bringing samples to the network: by number, so that a training can go on anywhere, and made ahead where it can be.

Sample ``n`` of a training depends on its seed and ``n`` alone; step ``s`` takes the numbers from ``s * batch`` on. Of
several processes each takes its own part of them.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from mangapaint.errors import UserError
from mangapaint.training.course import Batch
from mangapaint.training.samples import Arrays, Sample

AHEAD = 4
"""Batches that each process makes ahead."""
MOST_WORKERS = 16


class Supply(Protocol):
    """Samples without end, by number, made of so many pictures."""

    def __len__(self) -> int:
        """Return of how many pictures; only the numbers below it are certain to show each of them once."""

    def __getitem__(self, number: int, /) -> Sample:
        """Return a sample: the same for the same number."""


def workers_for(device: str, processes: int = 1) -> int:
    """Return how many processes should make samples here, beside each of so many that learn.

    A processor that learns has little time to wait for, so one process is enough, and none where there are only two
    cores; a GPU takes all there are.
    """
    cores = (os.cpu_count() or 1) // processes
    if device == "cuda":
        return max(1, min(MOST_WORKERS, cores - 1))
    return 1 if cores > 2 else 0


def numbers(step: int, *, batch: int, rank: int = 0, processes: int = 1) -> range:
    """Return the numbers of the samples that one of some processes takes at a step; ``batch`` is of all of them."""
    own = batch // processes
    return range(step * batch + rank * own, step * batch + (rank + 1) * own)


def stacked(samples: Sequence[Arrays]) -> dict[str, Tensor]:
    """Return the arrays of some samples as a batch."""
    return {name: torch.from_numpy(np.stack([arrays[name] for arrays in samples])) for name in samples[0]}


def to_device(batch: Batch, device: str) -> dict[str, Tensor]:
    """Return a batch on a device."""
    return {name: value.to(device, non_blocking=True) for name, value in batch.items()}


class Loader:
    """The batches of a training, one after another from a step on; counts how long they had to be waited for.

    ``close`` it: its processes run on otherwise.
    """

    def __init__(self, samples: Supply, example: Callable[[Sample], Arrays], numbered: Iterable[range], *,
                 workers: int, pinned: bool) -> None:  # fmt: skip
        self.waited = 0.0
        loader = DataLoader(
            _Examples(samples, example),
            batch_sampler=map(list, numbered),
            num_workers=workers,
            collate_fn=_collated,
            pin_memory=pinned,
            prefetch_factor=AHEAD if workers else None,
            worker_init_fn=_settle,
        )
        self._batches: Iterator[dict[str, Tensor] | UserError] = iter(loader)

    def next(self) -> dict[str, Tensor]:
        """Return the next batch; raises ``UserError`` where none can be made."""
        begun = time.monotonic()
        try:
            batch = next(self._batches)
        except RuntimeError as error:
            if "DataLoader worker" not in str(error):
                raise
            problem = "a process that makes samples has ended, perhaps for want of memory"
            raise UserError(problem, remedy="give fewer --workers, or 0") from error
        finally:
            self.waited += time.monotonic() - begun
        if isinstance(batch, UserError):
            raise batch
        return batch

    def close(self) -> None:
        """End the processes that make samples."""
        # They are ended as soon as nobody holds the iterator.
        self._batches = iter(())


def steps_from(step: int, *, batch: int, rank: int = 0, processes: int = 1) -> Iterator[range]:
    """Return the numbers of the samples of each step from ``step`` on."""
    return (numbers(at, batch=batch, rank=rank, processes=processes) for at in itertools.count(step))


class _Examples(Dataset[Arrays | UserError]):
    """What a network is given of each sample."""

    def __init__(self, samples: Supply, example: Callable[[Sample], Arrays]) -> None:
        self._samples = samples
        self._example = example

    def __getitem__(self, number: int) -> Arrays | UserError:
        try:
            return self._example(self._samples[number])
        except UserError as error:
            # Torch would wrap what another process raises in a traceback.
            return error


def _collated(found: Sequence[Arrays | UserError]) -> dict[str, Tensor] | UserError:
    examples = [item for item in found if not isinstance(item, UserError)]
    return next((item for item in found if isinstance(item, UserError)), None) or stacked(examples)


def _settle(worker: int) -> None:
    """Leave Ctrl+C to the process that learns, and threads, which do not outlive a fork, alone."""
    import signal

    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(0)
