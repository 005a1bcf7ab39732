"""A method that learns in four steps, each of which the test lets through; what it has learned shows in its colour."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers import registry
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.document.page import Kind
from mangapaint.progress import Progress

STEPS = 4
COLORS = ((90, 90, 90), (10, 60, 10), (20, 120, 20), (30, 180, 30), (40, 240, 40))
"""What everything without a stroke is coloured with after so many steps."""


@dataclass(frozen=True, eq=False)
class Known:
    """What the toy has ready: the page it is for, and the steps it has learned."""

    analysis: PageAnalysis
    steps: int


class Toy:
    """Colours every region in the colour of what it has learned, and those with a stroke in the stroke's colour."""

    info = MethodInfo(
        id="toy", title="Toy", source="the tests", needs=frozenset({Need.REFERENCE}), kinds=frozenset(Kind),
        options=(Option("size", "Size", ("small", "large"), prepares=True), Option("mood", "Mood", ("calm", "wild"))),
    )  # fmt: skip

    def __init__(self) -> None:
        self.prepared: list[ColorRequest] = []
        self.begun = self.done = self.colorized = 0
        self.error: Exception | None = None
        self._lets = threading.Semaphore(0)

    def let(self, steps: int = 1) -> None:
        """Let so many steps end."""
        self._lets.release(steps)

    def prepare(self, request: ColorRequest, progress: Progress) -> Known:
        self.prepared.append(request)
        return Known(request.analysis, 0)

    def learn(self, prepared: Known, request: ColorRequest, progress: Progress) -> Known:
        self.begun += 1
        progress.check()
        while not self._lets.acquire(timeout=0.002):
            progress.report(0.5, "Learning")
        if self.error:
            raise self.error
        self.done += 1
        return Known(prepared.analysis, prepared.steps + 1)

    def learned(self, prepared: Known) -> float:
        return prepared.steps / STEPS

    def colorize(self, prepared: Known, request: ColorRequest, progress: Progress) -> Colorization:
        self.colorized += 1
        regions = prepared.analysis.regions
        names = np.ones(regions.count, np.uint16)
        colors = [(255, 255, 255), COLORS[prepared.steps]]
        for item in request.strokes:
            x, y = (int(value) for value in item.points[0])
            names[regions.labels[y, x]] = len(colors)
            colors.append(item.color or (255, 255, 255))
        confidence = np.ones(regions.count, np.float32)
        return Colorization(request.stamp, "toy", np.array(colors, np.uint8), names, (), confidence)


def installed(monkeypatch: pytest.MonkeyPatch) -> Toy:
    """The toy, in a table of methods beside the one that only needs hints."""
    toy = Toy()
    monkeypatch.setattr(registry, "METHODS", (registry.method("propagation"), toy))
    return toy
