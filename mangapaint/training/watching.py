"""Looking at what was learned: samples that are always the same ones, how far off they are, and a sheet of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from mangapaint.document.page import Pixels
from mangapaint.training import sheet
from mangapaint.training.course import Course, Recipe
from mangapaint.training.loading import Supply, stacked, to_device
from mangapaint.training.samples import Sample

WATCHED = 16
"""Samples that are looked at, at most; the first of them are on the sheet."""
TOGETHER = 8
"""Samples that go through the network at once."""


class Watch:
    """The first samples of a supply, made when they are first asked for, and what a network makes of them.

    Each picture is looked at once, unless its pages or hints are drawn by lot (``varied``): then as often as there is
    room. ``autocast`` returns the context a course is called in.
    """

    def __init__(self, supply: Supply, how: Recipe, *, varied: bool, device: str,
                 autocast: Callable[[], AbstractContextManager[object]]) -> None:  # fmt: skip
        self._supply = supply
        self._how = how
        self._count = WATCHED if varied else min(WATCHED, len(supply))
        self._device = device
        self._autocast = autocast
        self._made: list[Sample] = []

    def measured(self, course: Course, network: nn.Module, turn: int) -> tuple[float, float]:
        """Return the loss of a turn with ``network`` as the course's, and how far its pictures are from the truth.

        The latter is the mean difference per pixel and channel, 0..255.
        """
        loss = error = 0.0
        with self._in_place(course, network):
            for start in range(0, len(self._samples()), TOGETHER):
                group = self._samples()[start : start + TOGETHER]
                share = len(group) / len(self._samples())
                batch = self._batch(group)
                loss += float(course(batch, turn)) * share
                error += _error(_pictures(course.shown(batch)), group) * share
        return loss, error

    def sheet(self, course: Course, network: nn.Module) -> Pixels:
        """Return a sheet of what a network makes of the first samples, uint8 RGB."""
        group = self._samples()[: sheet.MOST]
        with self._in_place(course, network):
            results = _pictures(course.shown(self._batch(group)))
        return sheet.drawn(group, results, hinted=self._how.hinted)

    def _samples(self) -> list[Sample]:
        if not self._made:
            self._made = [self._supply[number] for number in range(self._count)]
        return self._made

    def _batch(self, group: Sequence[Sample]) -> dict[str, Tensor]:
        return to_device(stacked([self._how.example(sample) for sample in group]), self._device)

    @contextmanager
    def _in_place(self, course: Course, network: nn.Module) -> Iterator[None]:
        """Let a network be the course's for a while, not to be taught anything."""
        learning, course.network = course.network, network
        try:
            course.eval()
            with torch.no_grad(), self._autocast():
                yield
        finally:
            course.network = learning


def _pictures(shown: Tensor) -> list[Pixels]:
    rgb = (shown.float().clamp(0, 1) * 255).round().to(torch.uint8)
    return [np.ascontiguousarray(picture) for picture in rgb.permute(0, 2, 3, 1).cpu().numpy()]


def _error(pictures: Sequence[Pixels], samples: Sequence[Sample]) -> float:
    """Return the mean difference from the truth; a network may leave the last rows and columns out."""
    off = []
    for picture, sample in zip(pictures, samples, strict=True):
        truth = sample.color[: picture.shape[0], : picture.shape[1]]
        off.append(float(np.abs(picture.astype(np.int16) - truth).mean()))
    return sum(off) / len(off)
