"""One step of learning: all turns of a course on one batch, in mixed precision, in as many parts as memory asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from mangapaint.colorizers.device import half_precision
from mangapaint.errors import UserError
from mangapaint.training.course import Batch, Course
from mangapaint.training.distributed import Group, shared, unshared

SHORTENED = 4.0
"""A gradient longer than so many usual ones is shortened to that."""
REMEMBERED = 0.05
"""How much the newest gradient counts in what is usual."""
MOST_SKIPPED = 100
"""Steps in a row that may come to nothing."""
FULL = "not enough memory"
"""What torch says where a processor's memory is full."""


class Learner:
    """A course, the optimisers of its turns and what they remember.

    ``parts``: into how many a batch is divided; it doubles whenever memory runs out. ``skipped``: turns without a
    gradient that is a number, which are left out. ``warn`` is told of either. ``half``: in half precision, if the
    device is faster by it.
    """

    def __init__(self, course: Course, *, betas: tuple[float, float], group: Group, half: bool,
                 warn: Callable[[str], None]) -> None:  # fmt: skip
        self.course = course
        self.parts = 1
        self.skipped = 0
        self._group = group
        self._warn = warn
        turns = [list(turn) for turn in course.turns()]
        self.optimizers = [torch.optim.Adam(turn, betas=betas, fused=True) for turn in turns]
        self._usual = [0.0] * len(turns)
        self._modules = [shared(course, turn, group) for turn in turns]
        self._in_a_row = 0
        self._precision = half_precision(group.device) if half else None
        self._scaler = torch.amp.GradScaler("cuda", enabled=self._precision == torch.float16)

    @property
    def turns(self) -> int:
        """How many turns a step has."""
        return len(self.optimizers)

    @property
    def precision(self) -> str:
        """In what most is reckoned: "float32", or the half precision that the device is fast in."""
        return str(self._precision or torch.float32).removeprefix("torch.")

    def said(self) -> dict[str, Any]:
        """Return what has to be remembered beside tensors, as JSON can hold it."""
        return {"parts": self.parts, "skipped": self.skipped, "usual": self._usual, "scaler": self._scaler.state_dict()}

    def take_up(self, said: Mapping[str, Any]) -> None:
        """Be what ``said`` told of another."""
        self.parts, self.skipped, self._usual = said["parts"], said["skipped"], list(said["usual"])
        if self._scaler.is_enabled() and said["scaler"]:
            self._scaler.load_state_dict(dict(said["scaler"]))

    def step(self, batch: Batch, *, rate: float, seed: int) -> float:
        """Take all turns on a batch and return the last one's loss; what is drawn by chance depends on ``seed`` alone.

        Raises ``UserError`` where memory does not do for a single sample, or nothing was gained for many steps.
        """
        self.course.train()
        loss = math.nan
        for turn in range(self.turns):
            kept = [buffer.clone() for buffer in self.course.buffers()]
            loss = self._loss(turn, batch, seed + turn, kept)
            if not self._improved(turn, rate):
                self._restore(kept)
        return loss

    def close(self) -> None:
        """Leave the other processes: what is called together with them must not outlive their group."""
        self._modules = []

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context a course is called in."""
        kind = self._group.device.split(":")[0]
        return nullcontext() if self._precision is None else torch.autocast(kind, self._precision)

    def _loss(self, turn: int, batch: Batch, seed: int, kept: list[Tensor]) -> float:
        """Find a turn's gradients, dividing the batch further until memory does; return the loss."""
        while True:
            seed_chance(seed, self._group.device)
            try:
                return self._gradients(turn, batch)
            except (RuntimeError, MemoryError) as error:
                if not _is_full(error):
                    raise
            # Outside of the handler, as the error holds what has to be given free.
            self._halve(_count(batch))
            self._restore(kept)

    def _gradients(self, turn: int, batch: Batch) -> float:
        module = self._modules[turn]
        self.optimizers[turn].zero_grad(set_to_none=True)
        loss, parts = 0.0, list(_divided(batch, self.parts))
        for number, part in enumerate(parts):
            share = _count(part) / _count(batch)
            with unshared(module) if number < len(parts) - 1 else nullcontext():
                with self.autocast():
                    found: Tensor = module(part, turn)
                self._scaler.scale(found * share).backward()  # type: ignore[no-untyped-call]
            loss += float(found.detach()) * share
        return loss

    def _improved(self, turn: int, rate: float) -> bool:
        """Let a turn's optimiser take its step; return whether it could: not where gradients are no numbers."""
        optimizer = self.optimizers[turn]
        self._scaler.unscale_(optimizer)
        parameters = [row for group in optimizer.param_groups for row in group["params"] if row.grad is not None]
        length = torch.nn.utils.get_total_norm([row.grad for row in parameters])
        counts = self._counts(float(length))
        if counts:
            self._shorten(turn, parameters, length)
            for group in optimizer.param_groups:
                group["lr"] = rate
            self._scaler.step(optimizer)
        self._scaler.update()
        return counts

    def _counts(self, length: float) -> bool:
        if math.isfinite(length):
            self._in_a_row = 0
            return True
        self.skipped += 1
        self._in_a_row += 1
        if self._in_a_row > MOST_SKIPPED:
            raise UserError("what is learned is no longer made of numbers", remedy="give a lower --rate")
        if self._precision != torch.float16:  # its scale is found by such steps
            self._warn("a step whose gradient is no number was left out")
        return False

    def _shorten(self, turn: int, parameters: list[nn.Parameter], length: Tensor) -> None:
        """Cut off what of a turn's gradient is far longer than usual, and remember how long it was."""
        usual = self._usual[turn] or float(length)
        torch.nn.utils.clip_grads_with_norm_(parameters, SHORTENED * usual, length)
        self._usual[turn] = usual + (min(float(length), SHORTENED * usual) - usual) * REMEMBERED

    def _halve(self, own: int) -> None:
        """Divide batches into twice as many parts; ``own`` is how many samples this process has of one."""
        if self._group.size > 1:
            raise UserError("there is not enough memory for this process's part of a batch",
                            remedy="give a smaller --batch or --size")  # fmt: skip
        if self.parts >= own:
            problem = "there is not enough memory for a single sample"
            raise UserError(problem, remedy="close other programs, or give a smaller --size or network (--shape)")
        self.parts = min(own, 2 * self.parts)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._warn(f"not enough memory: from now on a batch of {own} is learned in {self.parts} parts")

    def _restore(self, kept: list[Tensor]) -> None:
        """Put back what normalisations have counted."""
        with torch.no_grad():
            for buffer, value in zip(self.course.buffers(), kept, strict=True):
                buffer.copy_(value)


def seed_chance(seed: int, device: str) -> None:
    """Let what is drawn by chance from here on, on the processor and on ``device``, depend on ``seed`` alone."""
    if device.startswith("cuda"):
        torch.cuda.manual_seed(seed)
    # torch.manual_seed is some milliseconds slower: it also notes who asked, for devices that are not in use.
    torch.default_generator.manual_seed(seed)


def _divided(batch: Batch, parts: int) -> Iterator[Batch]:
    """Divide a batch into so many parts, as even as possible."""
    pieces = {name: value.tensor_split(parts) for name, value in batch.items()}
    return (dict(zip(pieces, row, strict=True)) for row in zip(*pieces.values(), strict=True))


def _count(batch: Batch) -> int:
    return len(next(iter(batch.values())))


def _is_full(error: Exception) -> bool:
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or FULL in str(error)
