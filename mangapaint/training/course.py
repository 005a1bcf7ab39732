"""What a network learns by: the interface between the networks' losses and the trainer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from mangapaint.training.samples import Arrays, Input, Sample

Batch = Mapping[str, Tensor]
"""The arrays of some samples, stacked: (n, ...)."""
Config = Mapping[str, str]
"""Of which shape a network is, in words: as weights keep it (see ``colorizers.weights``)."""


class Course(nn.Module, ABC):
    """A network, and all that it needs only to learn (a discriminator, say). All of it is kept in a checkpoint."""

    network: nn.Module
    """What ships: ``colorizers.networks`` knows it."""

    @abstractmethod
    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the loss of a turn, a scalar: a mean over samples, so that halves of a batch average to the whole."""

    @abstractmethod
    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return what each turn improves; every step takes all turns in order, each with an optimiser of its own."""

    @abstractmethod
    def shown(self, batch: Batch) -> Tensor:
        """Return what the network makes of a batch, sRGB 0..1, float (n, 3, h, w); called in evaluation mode, without
        gradients."""


@dataclass(frozen=True)
class Recipe:
    """How the network of one method is made, what it is shown, and how fast it learns.

    ``example`` runs in the loader's processes; ``survey`` finds out what must be known of the whole training set before
    the first step (a palette, how frequent colours are) and is handed to ``course`` with the network's shape.
    ``inputs`` are what it can learn from, the first unless something else is asked for; samples are drawn ``finer``
    times as large as it is shown them, and come with a reference if they are ``paired`` (``training.pairing``).
    """

    method: str
    example: Callable[[Sample], Arrays]
    course: Callable[[Config, Arrays], Course]
    survey: Callable[[Sequence[Sample]], Arrays]
    inputs: tuple[Input, ...]
    rate: float
    betas: tuple[float, float]
    hinted: bool = False
    finer: int = 1
    paired: bool = False
