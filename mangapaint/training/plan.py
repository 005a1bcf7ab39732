"""How a training is to go: what is learned from what, for how long, how fast, and how often it is looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mangapaint.errors import UserError
from mangapaint.training.samples import Input

RISE_STEPS, RISE_SHARE = 100, 0.05
"""The rate rises over the first steps, or the first part of all, whichever is shorter: Adam knows little then."""
LOOKS = 20
"""How often a training is looked at (validated, drawn as a sheet, kept) in all, unless it is short."""
LOOK_STEPS, LOOK_SECONDS = 25, 20.0
"""... then it is left alone for at least so long."""
MOST = MappingProxyType({"size": 2048, "batch": 4096, "workers": 256})
LEAST_SIZE = 32
BUDGET = frozenset({"steps", "minutes", "device", "workers", "half", "patience", "data"})
"""What may be another when a training goes on."""


@dataclass(frozen=True)
class Usual:
    """What suits a device: pixels along a side of a sample, and samples of a step."""

    size: int
    batch: int


USUAL = MappingProxyType({"cpu": Usual(192, 4), "cuda": Usual(256, 32)})
CPU_SHAPES = MappingProxyType({"unet": (("width", "32"),), "gan": (("width", "32"),)})
"""Of networks that are meant for a GPU, what a processor can teach in minutes."""


@dataclass(frozen=True)
class Plan:
    """One training.

    ``shape`` is the network's (what it leaves open is the network's own), ``size`` the side of the samples in pixels,
    ``batch`` how many a step has, of all processes together, ``rate`` Adam's at its highest (None: the method's own).
    It ends after ``steps`` or ``minutes``, whichever comes first; ``patience`` ends it after so many looks without
    anything gained (None: never). ``device`` is "cpu" or "cuda"; ``workers`` are processes that make samples, 0 for
    none (as a window needs it: processes cannot be forked safely beside its threads). ``augmentation`` names how
    samples are varied, ``decay`` is of the running average of the weights; ``half``: in half precision where
    the device is faster by it. ``data`` tells training sets apart.
    """

    method: str
    inputs: tuple[Input, ...]
    shape: tuple[tuple[str, str], ...] = ()
    size: int = USUAL["cpu"].size
    batch: int = USUAL["cpu"].batch
    rate: float | None = None
    steps: int | None = None
    minutes: float | None = None
    patience: int | None = None
    seed: int = 0
    device: str = "cpu"
    workers: int = 0
    augmentation: str = "series"
    decay: float = 0.999
    half: bool = False
    data: str = ""

    def share(self, step: int, seconds: float) -> float:
        """Return how much of the training is over after so many steps and seconds, 0..1."""
        by_steps = 0.0 if self.steps is None else step / self.steps
        by_time = 0.0 if self.minutes is None else seconds / (60 * self.minutes)
        return min(1.0, max(by_steps, by_time))

    def looks(self, share: float) -> int:
        """Return how often the training should have been looked at once such a share of it is over."""
        least = 0.0 if self.steps is None else LOOK_STEPS / self.steps
        shortest = 0.0 if self.minutes is None else LOOK_SECONDS / (60 * self.minutes)
        return math.floor(share / min(1.0, max(1 / LOOKS, least, shortest)) + 1e-9)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as JSON can hold it."""
        rows = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**rows, "inputs": [item.value for item in self.inputs], "shape": dict(self.shape)}


def pace(share: float, step: int) -> float:
    """Return which part of the highest rate a step has: it rises at first, then falls to nothing along a cosine."""
    rise = min(1.0, max((step + 1) / RISE_STEPS, share / RISE_SHARE))
    return rise * (1 + math.cos(math.pi * share)) / 2


def check(plan: Plan, offered: Sequence[Input]) -> None:
    """Raise ``UserError`` for a plan that cannot be carried out; ``offered`` are the inputs the method learns from."""
    if plan.steps is None and plan.minutes is None:
        raise UserError("a training needs an end", remedy="give --minutes or --steps")
    for name, value in (("--steps", plan.steps), ("--minutes", plan.minutes), ("--rate", plan.rate)):
        if value is not None and not 0 < value < math.inf:
            raise UserError(f"{name} is {value}", remedy="give a number above 0")
    _check_between("--size", plan.size, LEAST_SIZE, MOST["size"])
    _check_between("--batch", plan.batch, 1, MOST["batch"])
    _check_between("--workers", plan.workers, 0, MOST["workers"])
    for item in plan.inputs:
        if item not in offered:
            remedy = f"choose among: {', '.join(row.value for row in offered)}"
            raise UserError(f"{plan.method} does not learn from {item.value}", remedy=remedy)


def differences(plan: Plan, earlier: Mapping[str, Any]) -> list[str]:
    """Name what a plan has other than an ``earlier`` one, as ``as_dict`` gives it, apart from how long, and where."""
    rows = plan.as_dict()
    return [name for name, value in rows.items() if name not in BUDGET and earlier.get(name) != value]


def _check_between(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise UserError(f"{name} is {value}", remedy=f"give a number from {low} to {high}")
