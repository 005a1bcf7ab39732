"""A method that matches by the simplest rule, so that a test knows what comes out: left is left, right is right."""

from __future__ import annotations

import cv2
import numpy as np

from mangapaint.colorizers import registry
from mangapaint.colorizers.fusing import Evidence, Fusion
from mangapaint.colorizers.method import Matches, MethodInfo, Need
from mangapaint.document.page import Kind

SURE = (0.8, 0.5, 0.4, 0.3, 0.2, 0.1)
"""The confidence of a region's places, best first."""
LEFT_AREA, RIGHT_AREA = 3, 7
"""The labels of a reference's halves."""


def halves_file(path, left, right):
    """A reference of two colours, 60 x 40."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = left[::-1], right[::-1]
    cv2.imwrite(str(path), pixels)
    return path


class ToyMatcher:
    """A region's match is the half of the first reference that it lies in itself, then its other half, then the same
    of the second reference. Margins have none, nor have regions at the points of ``lost``."""

    info = MethodInfo("toy", "Toy", "none", frozenset({Need.REFERENCE}), frozenset(Kind))

    def __init__(self, lost=()):
        self.lost = lost

    def prepare(self, request, progress):
        regions = request.analysis.regions
        own = (regions.boxes[:, [0, 2]].mean(axis=1) >= request.analysis.page.width / 2).astype(int)
        count = 2 * len(request.references)
        side = own[:, None] ^ (np.arange(count) % 2)
        reference = np.broadcast_to(np.arange(count) // 2, side.shape)
        lost = regions.outside.copy()
        lost[[regions.labels[y, x] for x, y in self.lost]] = True
        colors = np.array([[item.pixels[0, 0], item.pixels[0, -1]] for item in request.references])
        confidence = np.where(lost[:, None], 0, SURE[:count]).astype(np.float32)
        areas = [np.where(np.arange(12) < 6, LEFT_AREA, RIGHT_AREA)[None].repeat(8, axis=0).astype(np.int32)]
        matches = Matches(
            np.where(confidence > 0, reference, -1).astype(np.int16),
            np.stack([0.25 + 0.5 * side, np.full(side.shape, 0.5)], axis=2).astype(np.float32),
            colors[reference, side],
            confidence,
            np.where(side, RIGHT_AREA, LEFT_AREA).astype(np.int32),
            tuple(areas * len(request.references)),
            np.zeros(regions.count, bool),
        )
        evidence = Evidence(matches.color[:, 0], confidence[:, 0], None, matches)
        return Fusion.of(request, evidence, progress)

    def colorize(self, prepared, request, progress):
        return prepared.colorized(request, self.info, progress)


def register(monkeypatch, method) -> None:
    """Make a method the first that "auto" thinks of."""
    monkeypatch.setattr(registry, "METHODS", (method, *registry.METHODS))
