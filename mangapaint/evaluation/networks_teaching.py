"""Teaching networks for a measurement: each lesson under the conditions of the others, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mangapaint.colorizers.weights import SHAPE, SUFFIX, Weights, metadata
from mangapaint.evaluation.networks_parts import Outcome
from mangapaint.evaluation.networks_series import Cut, Series
from mangapaint.progress import Progress, Silent, Span
from mangapaint.training.augmentation import SERIES, Augmentation
from mangapaint.training.samples import Input
from mangapaint.training.sampling import Samples

if TYPE_CHECKING:
    from mangapaint.training.trainer import Trainer

Shape = tuple[tuple[str, str], ...]
TRIAL = 6
"""Steps by which it is found out how long one takes; the first does not count."""
FEWEST = 10
"""Steps that are taken however little time there is."""


@dataclass(frozen=True)
class Setting:
    """How large networks are and what they are shown; ``steps`` is how many they take where it must be quick."""

    size: int
    batch: int
    shape: Shape = ()
    steps: int = 0


Settings = Mapping[str, Setting]
"""By what decides: "quick", or else the device."""


def settings(*, quick: Setting, cpu: Setting, cuda: Setting) -> Settings:
    """Return a part's settings."""
    return MappingProxyType({"quick": quick, "cpu": cpu, "cuda": cuda})


@dataclass(frozen=True)
class Lesson:
    """What one network is taught, the name it has among the others of its part, and how pictures are varied for it."""

    name: str
    method: str
    input: Input
    shape: Shape = ()
    augmentation: Augmentation = SERIES


@dataclass(frozen=True, eq=False)
class Setup:
    """What a part of the measurement is handed: a series, how long to learn from it, where, and a folder for weights.

    Either ``quick``, or ``steps``, or ``minutes``. ``pages`` is how many `guided` learns from, ``start`` what it knows.
    """

    series: Series
    folder: Path
    device: str = "cpu"
    quick: bool = False
    steps: int | None = None
    minutes: float | None = None
    pages: int = 8
    start: Weights | None = None
    seed: int = 0

    def setting(self, rows: Settings) -> Setting:
        """Return the setting that holds here."""
        return rows["quick" if self.quick else self.device]

    def count(self, setting: Setting) -> int | None:
        """Return how many steps are taken; None where minutes decide."""
        return setting.steps if self.quick else self.steps


@dataclass(frozen=True)
class Taught:
    """What came of a lesson: the weights, and what it took. ``notes`` are what the training had to say."""

    lesson: Lesson
    weights: Weights
    pictures: int
    steps: int
    seconds: float
    loss: float
    waiting: float
    notes: tuple[str, ...]


Measure = Callable[[Setup, Setting, Sequence[Taught], int, Outcome], None]
"""Measures what came of lessons on one picture, by its number in the series."""


def lessons_taught(setup: Setup, setting: Setting, lessons: Sequence[Lesson], cut: Cut,
                   progress: Progress) -> list[Taught]:  # fmt: skip
    """Teach all lessons for equally many steps on the same samples; return what came of each, in order.

    Where minutes decide, all lessons together take them: how many steps that makes is tried first.
    """
    steps = setup.count(setting)
    if steps is None:
        assert setup.minutes is not None
        took = sum(_step_seconds(setup, setting, lesson, cut) for lesson in lessons)
        steps = max(FEWEST, round(60 * setup.minutes / took))
    spans = (Span(progress, at / len(lessons), (at + 1) / len(lessons)) for at in range(len(lessons)))
    return [taught(setup, setting, lesson, cut, span, steps=steps)
            for lesson, span in zip(lessons, spans, strict=True)]  # fmt: skip


def measured(setup: Setup, setting: Setting, part: str, lessons: Sequence[Lesson], measure: Measure,
             progress: Progress) -> Outcome:  # fmt: skip
    """Teach all lessons of a part, and let ``measure`` add to the outcome what they make of each held out picture."""
    cut = setup.series.most()
    done = lessons_taught(setup, setting, lessons, cut, Span(progress, 0.0, 0.9))
    outcome = Outcome([said(setup, setting, part, item) for item in done])
    for place, number in enumerate(cut.held):
        progress.report(0.9 + 0.1 * place / len(cut.held), f"Measuring {setup.series.names([number])[0]}")
        measure(setup, setting, done, number, outcome)
    return outcome


def taught(setup: Setup, setting: Setting, lesson: Lesson, cut: Cut, progress: Progress, *, steps: int | None = None,
           minutes: float | None = None, start: Weights | None = None) -> Taught:  # fmt: skip
    """Teach one lesson from the start, or from what ``start`` knows, and write its weights into the folder."""
    notes: list[str] = []
    path = setup.folder / f"{setup.series.name}-{lesson.name}{SUFFIX}"
    with _begun(setup, setting, lesson, cut, notes, steps=steps, minutes=minutes, start=start) as trainer:
        while not trainer.ended:
            moment = trainer.advance(1.0, progress)
            progress.report(moment.share, f"Teaching {lesson.name}: step {moment.step}")
        trainer.weights(path, {})
        end, last = trainer.moment, trainer.history[-1]
        waited = sum(row.waiting for row in trainer.history) / len(trainer.history)
    return Taught(lesson, Weights.at(path), len(cut.learned), end.step, end.seconds, last.loss, waited, tuple(notes))


def said(setup: Setup, setting: Setting, part: str, item: Taught) -> dict[str, Any]:
    """Return what is said of a lesson, as JSON can hold it once it is rounded."""
    return {
        "part": part,
        "series": setup.series.name,
        "network": item.lesson.name,
        "method": item.lesson.method,
        "input": item.lesson.input.value,
        "shape": {**dict(item.lesson.shape), **_shape(item.weights)},
        "pictures": item.pictures,
        "size": setting.size,
        "batch": setting.batch,
        "steps": item.steps,
        "seconds": item.seconds,
        "samples_per_second": item.steps * setting.batch / max(item.seconds, 1e-9),
        "waiting": item.waiting,
        "loss": item.loss,
        "notes": list(item.notes),
    }


def _shape(weights: Weights) -> dict[str, str]:
    """Return of which shape a network is, with what a lesson leaves open."""
    rows = metadata(weights.path)
    return {key.removeprefix(SHAPE): value for key, value in rows.items() if key.startswith(SHAPE)}


def _step_seconds(setup: Setup, setting: Setting, lesson: Lesson, cut: Cut) -> float:
    """Return how long a step of a lesson takes, with the samples it needs."""
    with _begun(setup, setting, lesson, cut, [], steps=TRIAL) as trainer:
        first = trainer.advance(0.0, Silent()).seconds
        while not trainer.ended:
            trainer.advance(60.0, Silent())
        return (trainer.moment.seconds - first) / (TRIAL - 1)


@contextmanager
def _begun(setup: Setup, setting: Setting, lesson: Lesson, cut: Cut, notes: list[str], *, steps: int | None = None,
           minutes: float | None = None, start: Weights | None = None) -> Iterator[Trainer]:  # fmt: skip
    """Lend the training of a lesson, about to take its first step."""
    from mangapaint.training.loading import workers_for  # torch is slow to import
    from mangapaint.training.plan import Plan
    from mangapaint.training.recipes import recipe
    from mangapaint.training.trainer import Trainer

    plan = Plan(lesson.method, (lesson.input,), shape=tuple(sorted(lesson.shape)), size=setting.size,
                batch=setting.batch, steps=steps, minutes=minutes, seed=setup.seed, device=setup.device,
                workers=workers_for(setup.device), half=True)  # fmt: skip
    how = recipe(plan.method)
    samples = Samples(setup.series.originals, cut.learned, plan.inputs, (plan.size, plan.size), lesson.augmentation,
                      hinted=how.hinted, seed=plan.seed, finer=how.finer)  # fmt: skip
    path = None if start is None else start.path
    with closing(Trainer.begun(plan, samples, None, Silent(), start=path, warn=notes.append)) as trainer:
        yield trainer
