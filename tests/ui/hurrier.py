"""A method that hurries: a stroke shows at once, and what the rest of the page makes of it only when there is time."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers import registry
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need
from mangapaint.document.page import Kind
from mangapaint.progress import Progress

HEARD = ((90, 90, 90), (10, 60, 10), (20, 120, 20), (30, 180, 30), (40, 240, 40))
"""What everything without a stroke is coloured with once so many strokes were heard."""


@dataclass(eq=False)
class Known:
    """The page, and how many strokes were heard with care."""

    analysis: PageAnalysis
    heard: int = 0


class Hurrier:
    """Colours the regions of strokes in the strokes' colours, and all others by how many strokes it has heard.

    It prepares, and colours with care, as long as a test holds it: clear ``prepares`` or ``cares``.
    """

    info = MethodInfo(
        id="toy", title="Toy", source="the tests", needs=frozenset({Need.REFERENCE}), kinds=frozenset(Kind),
        hurries=True,
    )  # fmt: skip

    def __init__(self) -> None:
        self.hurried: list[ColorRequest] = []
        self.careful: list[ColorRequest] = []
        self.prepared = self.done = 0
        self.error: Exception | None = None
        self.prepares, self.cares = threading.Event(), threading.Event()
        self.prepares.set()
        self.cares.set()

    def prepare(self, request: ColorRequest, progress: Progress) -> Known:
        self.prepared += 1
        _wait(self.prepares, progress)
        return Known(request.analysis)

    def colorize(self, prepared: Known, request: ColorRequest, progress: Progress) -> Colorization:
        if request.hurried:
            self.hurried.append(request)
        else:
            self._care(prepared, request, progress)
        regions = prepared.analysis.regions
        names, colors = np.ones(regions.count, np.uint16), [(255, 255, 255), HEARD[prepared.heard]]
        for item in request.strokes:
            x, y = (int(value) for value in item.points[0])
            names[regions.labels[y, x]] = len(colors)
            colors.append(item.color)
        confidence = np.ones(regions.count, np.float32)
        return Colorization(request.stamp, "toy", np.array(colors, np.uint8), names, (), confidence)

    def _care(self, prepared: Known, request: ColorRequest, progress: Progress) -> None:
        self.careful.append(request)
        _wait(self.cares, progress)
        if self.error:
            raise self.error
        prepared.heard = len(request.strokes)
        self.done += 1


def _wait(event: threading.Event, progress: Progress) -> None:
    progress.check()
    while not event.wait(0.002):
        progress.check()


def register(monkeypatch: pytest.MonkeyPatch) -> Hurrier:
    """Make it the first that "auto" thinks of, before the one that only needs hints."""
    method = Hurrier()
    monkeypatch.setattr(registry, "METHODS", (method, registry.method("propagation")))
    return method
