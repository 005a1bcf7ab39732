"""Samples without end: what number 1234 shows is the same in every process and whatever came before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.hint_flow import resized
from mangapaint.errors import UserError
from mangapaint.training.augmentation import Augmentation, augmented, worn
from mangapaint.training.inputs import page_of
from mangapaint.training.originals import Originals
from mangapaint.training.samples import NOWHERE, Input, Original, Sample
from mangapaint.training.simulated_hints import simulated

ORDER, SHOWN = 0, 1
"""What a generator of random numbers is for: the order of an epoch, or one sample."""
DRAWN = (Input.INK, Input.TONE)
"""Pages that need a line drawing."""


@dataclass(frozen=True, eq=False)
class Epochs:
    """Shows each of some originals once, in an order that depends on the epoch and the ``seed``."""

    indices: tuple[int, ...]
    seed: int
    _orders: dict[int, NDArray[np.intp]] = field(default_factory=dict)

    def found(self, originals: Originals, number: int, *, drawn: bool, divided: bool) -> tuple[int, Original]:
        """Return the original of a sample with its number; if it is broken, the next good one of the epoch.

        Raises ``UserError`` where none can be read.
        """
        for further in range(len(self.indices)):
            at = self._at(number, further)
            read = originals.drawn if drawn else originals.get
            original = read(at, divided=divided)
            if original is not None:
                return at, original
        raise UserError("none of the pictures can be used", remedy="give other pictures to learn from")

    def _at(self, number: int, further: int) -> int:
        """Return which original stands at a place of an epoch, or further on in it, around its end."""
        epoch, place = divmod(number, len(self.indices))
        return self.indices[int(self._order(epoch)[(place + further) % len(self.indices)])]

    def _order(self, epoch: int) -> NDArray[np.intp]:
        """Return the order of an epoch; that of the last one asked for is remembered."""
        if epoch not in self._orders:
            self._orders.clear()
            rng = np.random.default_rng((ORDER, self.seed, epoch))
            self._orders[epoch] = rng.permutation(len(self.indices))
        return self._orders[epoch]


@dataclass(frozen=True, eq=False)
class Endless:
    """What a network is shown, by number from 0, as many as are asked for.

    ``indices`` are the originals it is made from; an epoch shows each once, in an order of its own. ``inputs`` are
    what pages are made as, one of them at random; ``size`` is height and width.
    """

    originals: Originals
    indices: tuple[int, ...]
    inputs: tuple[Input, ...]
    size: tuple[int, int]
    augmentation: Augmentation
    seed: int

    def __post_init__(self) -> None:
        if not self.indices or not self.inputs:
            raise ValueError("no originals or no inputs to make samples of")

    @cached_property
    def epochs(self) -> Epochs:
        """In which order the originals are shown."""
        return Epochs(self.indices, self.seed)

    def __len__(self) -> int:
        """How many originals there are: so many samples are an epoch, and there is a sample of every number beyond."""
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class Samples(Endless):
    """Pages by themselves.

    Without ``hinted`` there are no hints, and areas only where somebody has drawn them. All are drawn ``finer`` times
    as large, and then shrunk.
    """

    hinted: bool
    finer: int = 1

    def __getitem__(self, number: int) -> Sample:
        """Return a sample; raises ``UserError`` where none of the originals can be read."""
        rng = np.random.default_rng((SHOWN, self.seed, number))
        chosen = self.inputs[int(rng.integers(len(self.inputs)))]
        _, original = self.epochs.found(self.originals, number, drawn=chosen in DRAWN, divided=self.hinted)
        size = self.size[0] * self.finer, self.size[1] * self.finer
        placed = augmented(original, size, self.augmentation, input=chosen, rng=rng)
        page = worn(page_of(chosen, placed, rng), self.augmentation, rng)
        # Nobody asks for areas where there are no hints.
        regions = np.full(size, NOWHERE, np.int32) if placed.regions is None else placed.regions
        hints = simulated(placed.color, regions, rng) if self.hinted else np.zeros((*size, 4), np.uint8)
        drawn = Sample(chosen, page, placed.color, hints, regions)
        return drawn if self.finer == 1 else shrunk(drawn, self.finer)


def shrunk(sample: Sample, times: int) -> Sample:
    """Return a sample of which so many pixels on a side have become one, with what it was as ``fine``.

    Where any of them has a hint, the one has, too.
    """
    height, width = (side // times for side in sample.page.shape)
    page, color = (np.asarray(cv2.resize(layer, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
                   for layer in (sample.page, sample.color))  # fmt: skip
    hints = resized(sample.hints, (height, width))
    regions = np.ascontiguousarray(sample.regions[times // 2 :: times, times // 2 :: times])
    return Sample(sample.input, page, color, hints, regions, (sample.page, sample.hints))
