"""A method that holds colours likely, so that a test knows which: other ones left and right, and after each stroke."""

from __future__ import annotations

import cv2
import numpy as np

from mangapaint.colorizers import registry
from mangapaint.colorizers.guesses import Guesses
from mangapaint.colorizers.method import Colorization, MethodInfo
from mangapaint.document.page import Kind

LEFT_COLORS = ((220, 40, 50), (200, 150, 40), (90, 90, 90))
RIGHT_COLORS = ((40, 80, 200), (30, 160, 60), (90, 90, 90))
CHANCES = (0.6, 0.25, 0.001)


def lab_of(colors) -> np.ndarray:
    return cv2.cvtColor(np.array([colors], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]


class Sides(Guesses):
    """What is likely left and right of the middle."""

    def __init__(self, colors, width: int) -> None:
        super().__init__(())
        object.__setattr__(self, "lab", [lab_of(row).astype(np.float32) for row in colors])
        object.__setattr__(self, "middle", width / 2)

    def at(self, x, y):
        return self.lab[x >= self.middle], np.array(CHANCES, np.float32)


class ToyGuesser:
    """Leaves the page bare. With every stroke the first two colours change their places."""

    info = MethodInfo("toy", "Toy", "none", frozenset(), frozenset(Kind))

    def prepare(self, request, progress):
        return request.analysis

    def colorize(self, prepared, request, progress):
        order = (1, 0, 2) if len(request.strokes) % 2 else (0, 1, 2)
        sides = [[colors[rank] for rank in order] for colors in (LEFT_COLORS, RIGHT_COLORS)]
        count = prepared.regions.count
        return Colorization(
            request.stamp, "toy", np.zeros((1, 3), np.uint8), np.zeros(count, np.uint16), (),
            np.zeros(count, np.float32), guesses=Sides(sides, prepared.page.width),
        )  # fmt: skip


def register(monkeypatch) -> ToyGuesser:
    """Make it the first that "auto" thinks of."""
    method = ToyGuesser()
    monkeypatch.setattr(registry, "METHODS", (method, *registry.METHODS))
    return method
