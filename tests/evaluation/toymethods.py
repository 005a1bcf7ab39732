"""Methods whose answer is known: one copies the reference, one learns to, one knows by heart, and others cannot."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from mangapaint.colorizers.method import Colorization, MethodInfo, Need, Option
from mangapaint.colorizers.weights import FORMAT, SUMS, Weights, meant_for, metadata
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


class Imagining:
    """Has learned one colour, which stands in its weights, and takes it for everything."""

    info = MethodInfo("imagining", "Imagining", "none", frozenset({Need.WEIGHTS}), frozenset({Kind.GRAY, Kind.LINE}))

    def __init__(self):
        self.times = 0

    def prepare(self, request, progress):
        return json.loads(metadata(meant_for(self.info.id, request.weights).path)["color"])

    def colorize(self, prepared, request, progress):
        self.times += 1
        ones = np.ones(request.analysis.regions.count, np.float32)
        colors = np.array([(0, 0, 0), prepared], np.uint8)
        return Colorization(request.stamp, self.info.id, colors, ones.astype(np.uint16), (), ones)


def imagined(path: Path, color: tuple[int, int, int], *, method: str = "imagining") -> Weights:
    """Weights of that method, in a file."""
    said = {"__metadata__": {"format": FORMAT, "method": method, "color": json.dumps(color)}}
    header = json.dumps(said).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    return Weights.at(path)


def ship(monkeypatch, folder: Path, color: tuple[int, int, int], *, method: str = "imagining") -> Weights:
    """Let such weights be those that come with the program, alone."""
    made = imagined(folder / "weights" / f"{method}.safetensors", color, method=method)
    told = f"{hashlib.sha256(made.path.read_bytes()).hexdigest()}  {made.path.name}\n"
    (made.path.parent / SUMS).write_text(told)
    monkeypatch.setattr("mangapaint.colorizers.weights.resources", lambda: folder)
    return made
