"""Every network that can be trained learns eight pictures by heart, and goes on exactly where it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from lessons import same, values

from mangapaint.colorizers.weights import Weights, load
from mangapaint.progress import Silent
from mangapaint.training import checkpoint
from mangapaint.training.augmentation import NONE
from mangapaint.training.originals import Originals
from mangapaint.training.plan import Plan
from mangapaint.training.recipes import RECIPES, recipe
from mangapaint.training.samples import Original
from mangapaint.training.sampling import Samples
from mangapaint.training.trainer import Trainer

COUNT, SIDE = 8, 64
"""Pictures, and their sides."""


class Drawn:
    """A disc on a ground, in colours of their own."""

    series = "discs"
    files = ()

    def __init__(self, number: int) -> None:
        self.name = f"discs/{number}"
        self._number = number

    def read(self) -> Original:
        rng = np.random.default_rng(self._number)
        pixels = np.full((SIDE, SIDE, 3), rng.integers(120, 256, 3), np.uint8)
        middle = tuple(rng.integers(SIDE // 4, 3 * SIDE // 4, 2).tolist())
        cv2.circle(pixels, middle, SIDE // 4, tuple(rng.integers(20, 220, 3).tolist()), -1)
        return Original(self.name, self.series, pixels)


@dataclass(frozen=True)
class Lesson:
    """What suffices to learn them by heart; by how much of what it was at first the error must have fallen."""

    method: str
    shape: tuple[tuple[str, str], ...]
    steps: int
    left: float


LESSONS = (
    Lesson("unet", (("width", "8"),), 150, 0.3),
    Lesson("gan", (("width", "8"),), 150, 0.3),
    Lesson("palette-classes", (("width", "8"),), 150, 0.3),
    Lesson("colorful", (("width", "8"),), 150, 0.3),
    Lesson("guided", (), 60, 0.3),
)
by_method = pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.method for lesson in LESSONS])


def samples(method: str) -> Samples:
    how = recipe(method)
    return Samples(Originals(tuple(Drawn(number) for number in range(COUNT))), tuple(range(COUNT)),
                   inputs=how.inputs[:1], size=(SIDE, SIDE), augmentation=NONE, hinted=how.hinted, seed=0)  # fmt: skip


def begun(lesson: Lesson, steps: int, batch: int) -> Trainer:
    plan = Plan(lesson.method, recipe(lesson.method).inputs[:1], shape=lesson.shape, size=SIDE, batch=batch, steps=steps)
    shown = samples(lesson.method)
    return Trainer.begun(plan, shown, shown, Silent())


def test_every_network_is_taught_here():
    assert {lesson.method for lesson in LESSONS} == set(RECIPES)


@by_method
def test_it_learns_eight_pictures_by_heart(lesson: Lesson, tmp_path: Path):
    training = begun(lesson, lesson.steps, COUNT)
    before = training.validate()
    while not training.ended:
        training.advance(60, Silent())
    after = training.validate()
    print(lesson.method, before.error, after.error, before.validation, after.validation)
    assert after.error < lesson.left * before.error
    training.weights(tmp_path / "known.safetensors", {})
    load(Weights.at(tmp_path / "known.safetensors"), lesson.method)


@by_method
def test_it_goes_on_exactly_where_it_was(lesson: Lesson, tmp_path: Path):
    whole, part = begun(lesson, 4, 2), begun(lesson, 4, 2)
    for training, steps in ((whole, 4), (part, 2)):
        while training.moment.step < steps:
            training.advance(0, Silent())
    checkpoint.write(tmp_path / "part.checkpoint", part.checkpoint())
    shown = samples(lesson.method)
    resumed = Trainer.resumed(tmp_path / "part.checkpoint", part.plan, shown, shown)
    while not resumed.ended:
        resumed.advance(60, Silent())
    assert resumed.moment.step == 4
    assert not same(values(part), values(whole))
    assert same(values(resumed), values(whole))
