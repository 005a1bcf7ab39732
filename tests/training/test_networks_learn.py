"""Every network that can be trained learns eight pictures by heart, and goes on exactly where it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from lessons import same, values

from mangapaint.colorizers.weights import Weights, load
from mangapaint.progress import Silent
from mangapaint.training import checkpoint
from mangapaint.training.augmentation import NONE
from mangapaint.training.loading import Supply
from mangapaint.training.originals import Originals
from mangapaint.training.pairing import Pairs
from mangapaint.training.plan import Plan
from mangapaint.training.recipes import RECIPES, recipe
from mangapaint.training.samples import Original
from mangapaint.training.sampling import Samples
from mangapaint.training.trainer import Trainer

COUNT, SIDE = 8, 32
"""Pictures, and their sides."""


class Drawn:
    """A disc on a ground, in colours of their own; stripes tell which ground it is, wherever one looks."""

    files = ()

    def __init__(self, number: int) -> None:
        self.name = f"discs/{number}"
        self.series = f"discs-{number}"  # what is alone in its series is paired with itself
        self._number = number

    def read(self) -> Original:
        rng = np.random.default_rng(self._number)
        ground, disc = rng.integers(60, 200, 3), rng.integers(60, 200, 3)
        y, x = np.mgrid[:SIDE, :SIDE]
        angle = np.pi * self._number / COUNT
        stripes = 50 * np.sign(np.sin((x * np.cos(angle) + y * np.sin(angle)) * 1.2))
        inside = np.hypot(x - SIDE / 2, y - SIDE / 2) < SIDE / 4
        pixels = np.where(inside[..., None], disc - stripes[..., None] / 2, ground + stripes[..., None])
        made = Original(self.name, self.series, pixels.astype(np.uint8))
        return replace(made, regions=(y // 4 * SIDE + x // 4).astype(np.int32))


@dataclass(frozen=True)
class Lesson:
    """What suffices to learn them by heart, and what part of the first error may be left."""

    method: str
    shape: tuple[tuple[str, str], ...]
    steps: int
    batch: int
    rate: float
    left: float


LESSONS = (
    Lesson("unet", (("width", "8"),), 150, 8, 0.02, 0.3),
    Lesson("gan", (("width", "8"),), 220, 4, 0.005, 0.4),
    Lesson("palette-classes", (("width", "8"),), 150, 8, 0.02, 0.3),
    Lesson("colorful", (("width", "8"),), 150, 8, 0.02, 0.4),
    Lesson("guided", (), 180, 8, 0.002, 0.5),
    Lesson("matcher", (), 60, 8, 0.002, 0.8),
)
by_method = pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.method for lesson in LESSONS])


def samples(method: str, *, hinted: bool = False) -> Supply:
    how, originals = recipe(method), Originals(tuple(Drawn(number) for number in range(COUNT)))
    if how.paired:
        return Pairs(originals, tuple(range(COUNT)), how.inputs[:1], (SIDE, SIDE), NONE, 0)
    return Samples(originals, tuple(range(COUNT)),
                   inputs=how.inputs[:1], size=(SIDE, SIDE), augmentation=NONE, hinted=hinted and how.hinted,
                   seed=0)  # fmt: skip


def begun(lesson: Lesson, steps: int, *, hinted: bool) -> Trainer:
    plan = Plan(lesson.method, recipe(lesson.method).inputs[:1], shape=lesson.shape, size=SIDE, batch=lesson.batch,
                rate=lesson.rate, steps=steps)  # fmt: skip
    return Trainer.begun(plan, samples(lesson.method, hinted=hinted), samples(lesson.method), Silent())


def test_every_network_is_taught_here():
    assert {lesson.method for lesson in LESSONS} == set(RECIPES)


@by_method
def test_it_learns_eight_pictures_by_heart(lesson: Lesson, tmp_path: Path):
    training = begun(lesson, lesson.steps, hinted=False)
    before = training.validate()
    while not training.ended:
        training.advance(60, Silent())
    after = training.validate()
    # What points at the right places is told by the loss: colours are those of whole places.
    was, left = (it.validation if recipe(lesson.method).paired else it.error for it in (before, after))
    assert left < lesson.left * was
    training.weights(tmp_path / "known.safetensors", {})
    load(Weights.at(tmp_path / "known.safetensors"), lesson.method)


@by_method
def test_it_goes_on_exactly_where_it_was(lesson: Lesson, tmp_path: Path):
    whole, part = (begun(lesson, 4, hinted=True) for _ in range(2))
    for training, steps in ((whole, 4), (part, 2)):
        while training.moment.step < steps:
            training.advance(0, Silent())
    checkpoint.write(tmp_path / "part.checkpoint", part.checkpoint())
    resumed = Trainer.resumed(tmp_path / "part.checkpoint", part.plan, samples(lesson.method, hinted=True), None)
    while not resumed.ended:
        resumed.advance(60, Silent())
    assert resumed.moment.step == 4
    assert not same(values(part), values(whole))
    assert same(values(resumed), values(whole))
