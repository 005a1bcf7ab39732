"""Methods whose answer is known: one that copies the reference, one that learns to, and ones that cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from mangapaint.colorizers.method import Colorization, MethodInfo, Need, Option
from mangapaint.document.page import Kind
from mangapaint.errors import UserError

INFO = MethodInfo("copying", "Copying", "none", frozenset({Need.REFERENCE}), frozenset({Kind.GRAY, Kind.LINE}),
                  options=(Option("shift", "Shift", ("none", "red")),))  # fmt: skip


def copied(request, *, method: str, part: float = 1.0) -> Colorization:
    """Each region in the colour that the reference has at its place; of the regions only the first part."""
    labels = request.analysis.regions.labels
    reference = cv2.resize(request.references[0].pixels, labels.shape[::-1], interpolation=cv2.INTER_NEAREST)
    count = request.analysis.regions.count
    colors = np.zeros((count + 1, 3), np.uint8)
    for region in range(count):
        colors[region + 1] = np.median(reference[labels == region], axis=0)
    index = np.arange(1, count + 1, dtype=np.uint16)
    index[round(part * count) :] = 0
    return Colorization(request.stamp, method, colors, index, (), np.ones(count, np.float32))


class Copying:
    info = INFO

    def prepare(self, request, progress):
        return dict(request.options).get("shift", "none")

    def colorize(self, prepared, request, progress):
        found = copied(request, method="copying")
        return found if prepared == "none" else replace(found, colors=np.full_like(found.colors, (250, 20, 20)))


@dataclass(frozen=True)
class Learned:
    steps: int = 0


class Learning:
    """Learns in four steps, and colours as much of the page as it has learned."""

    info = replace(INFO, id="learning", options=(Option("patches", "Patches", ("whole", "single"), prepares=True),))

    def __init__(self):
        self.asked = []

    def prepare(self, request, progress):
        self.asked.append(dict(request.options))
        return Learned()

    def learn(self, prepared, request, progress):
        return Learned(prepared.steps + 1)

    def learned(self, prepared):
        return prepared.steps / 4

    def colorize(self, prepared, request, progress):
        return copied(request, method="learning", part=prepared.steps / 4)


class Blank:
    """Finds no colour for anything, and cannot colour lines."""

    info = replace(INFO, id="blank", kinds=frozenset({Kind.GRAY}), options=())

    def prepare(self, request, progress):
        return None

    def colorize(self, prepared, request, progress):
        return copied(request, method="blank", part=0)


class Refusing(Blank):
    info = replace(INFO, id="refusing", options=())

    def prepare(self, request, progress):
        raise UserError("the reference is too small", remedy="give a larger one")
