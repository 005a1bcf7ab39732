"""What is remembered of a training as it goes, and its table, which a plot can be drawn from."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

MOST = 5000
"""Rows that are remembered; of more, every second one of the older half is forgotten."""
STOPPED, SPENT, IDLE = "stopped", "all that was planned is done", "nothing was gained any more"
"""Why a training is over: it was told to be, its steps or minutes are over, its patience is."""
HEADER = ("step", "seconds", "loss", "validation", "error", "rate", "waiting", "samples_per_second")


@dataclass(frozen=True)
class Moment:
    """A training at one moment; what is not known is nan.

    ``share`` is how much of it is over (0..1); ``loss`` the mean since the moment before; ``validation`` the loss on
    pictures that nothing is learned from and ``error`` the mean difference of what is made of them from the truth, per
    pixel and channel, 0..255: both of the averaged weights, when they were last looked at. ``waiting`` is the share of
    the time in which the device had to wait for samples, ``speed`` samples a second. ``due``: it is time to look
    (``Trainer.validate``). ``ended`` says why it is over, in words; empty while it is not.
    """

    step: int = 0
    seconds: float = 0.0
    share: float = 0.0
    loss: float = math.nan
    validation: float = math.nan
    error: float = math.nan
    rate: float = 0.0
    waiting: float = 0.0
    speed: float = 0.0
    due: bool = False
    ended: str = ""

    def row(self) -> tuple[float, ...]:
        """Return the moment as a row of the table, below ``HEADER``."""
        return (self.step, self.seconds, self.loss, self.validation, self.error, self.rate, self.waiting, self.speed)

    def as_dict(self) -> dict[str, Any]:
        """Return the moment as JSON can hold it: None for what is not known."""
        return {key: None if isinstance(value, float) and math.isnan(value) else value
                for key, value in asdict(self).items()}  # fmt: skip

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Moment:
        """Return what ``as_dict`` gave; raises ``TypeError`` for anything else."""
        known: dict[str, Any] = {key: math.nan if value is None else value for key, value in said.items()}
        return cls(**known)


def thinned(moments: list[Moment]) -> list[Moment]:
    """Return as many moments as are remembered, the newest among them."""
    if len(moments) <= MOST:
        return moments
    half = MOST // 2
    return moments[:-half:2] + moments[-half:]


def table(moments: Iterable[Moment], *, header: bool) -> str:
    """Return moments as lines of CSV; nothing where something is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(HEADER)
    for moment in moments:
        writer.writerow("" if math.isnan(value) else f"{value:.6g}" for value in moment.row())
    return out.getvalue()
