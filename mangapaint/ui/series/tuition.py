"""What the window asks of the training: looking at pictures, beginning, a step, a look, keeping what was learned.

Plain functions on values, run as jobs. The training is imported when it is first needed, because torch takes seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from mangapaint.colorizers.device import resolve
from mangapaint.colorizers.weights import shipped
from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.formats.header import FORMATS
from mangapaint.progress import Progress, Span

if TYPE_CHECKING:
    from mangapaint.training.originals import Originals
    from mangapaint.training.plan import Plan
    from mangapaint.training.record import Moment
    from mangapaint.training.sampling import Samples
    from mangapaint.training.trainer import Trainer
    from mangapaint.ui.series.shelf import Shelf

STEP_SECONDS = 0.8
"""A step of learning ends after so long, at the end of what it is just reckoning."""
ENDLESS = 600.0
"""Minutes that stand for "until stopped"."""
CUTS = 8
"""Samples that are looked at, of however few pictures."""
MOST_PICTURES = 600
SMALL = 240
"""Longest side of a picture as the window shows it."""
SUFFIXES = frozenset(suffix for row in FORMATS if row.readable for suffix in row.suffixes)


@dataclass(frozen=True)
class Network:
    """A network that can learn a series: its method, its name, and what it is like, in few words."""

    method: str
    title: str
    about: str


NETWORKS: tuple[Network, ...] = (
    Network("guided", "Guided", "Colours what your hints leave open; follows every hint"),
    Network("unet", "U-Net", "Quick to learn; somewhat pale"),
    Network("gan", "U-Net with critic", "Livelier colours; slower to learn"),
    Network("palette-classes", "32 colours", "Even areas in the 32 commonest colours of the series"),
)
"""The first is what is meant unless something else is chosen."""
BOTH, GRAY, INK = "both", "gray", "ink"
PAGES = MappingProxyType({BOTH: "Gray pages and line art", GRAY: "Gray pages", INK: "Line art and screentone"})
"""What pages a network learns to colour; with one of them alone it learns sooner."""


@dataclass(frozen=True)
class Task:
    """What is to be learned: the series' name and pictures, by which method, for which pages (see ``PAGES``).

    ``minutes`` is None for as long as it is let; ``device`` as in the settings; ``further``: from where it was left.
    """

    series: str
    method: str
    pictures: tuple[Path, ...]
    pages: str = BOTH
    minutes: float | None = 20.0
    device: str = "auto"
    further: bool = False


@dataclass(frozen=True, eq=False)
class Look:
    """What was learned so far, as it can be seen: the moment, and the sheet of samples, uint8 RGB."""

    moment: Moment
    sheet: Pixels
    rows: int


def network(method: str) -> Network:
    """Return what is said of a method's network."""
    return next((row for row in NETWORKS if row.method == method), Network(method, method, ""))


def pictures_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the pictures among some files and in some folders (and those below), in order, each once."""
    found: dict[Path, None] = {}
    for path in paths:
        for each in _below(path) if path.is_dir() else (path,):
            found[each.absolute()] = None
            if len(found) >= MOST_PICTURES:
                return tuple(found)
    return tuple(found)


def _below(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(where) / name


def look_at(path: Path, progress: Progress) -> Pixels:
    """Return a picture small, uint8 RGB (h, w, 3); raises ``UserError`` where nothing can be learned from it."""
    from mangapaint.training.sources import PictureFile

    progress.check()
    pixels = PictureFile(path.stem, "", path).read().color
    part = min(1.0, SMALL / max(pixels.shape[:2]))
    size = max(1, round(pixels.shape[1] * part)), max(1, round(pixels.shape[0] * part))
    return np.ascontiguousarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def gather(task: Task, progress: Progress) -> Originals:
    """Return the pictures of a task, all of one series wherever they lie; raises ``UserError`` where none can be used.

    What is read of them stays read, so a beginning that had to make way for a stroke has not been in vain.
    """
    from mangapaint.training.originals import open_sources

    found = open_sources(task.pictures, progress=progress)
    return replace(found, sources=tuple(_of_series(source, task.series) for source in found.sources), folders=())


def _of_series(source: Any, series: str) -> Any:
    return replace(source, series=series)


def begin(task: Task, shelf: Shelf, originals: Originals, progress: Progress) -> Trainer:
    """Return the training of a task, about to go on from its checkpoint or to take its first step."""
    from mangapaint.training.splitting import divide
    from mangapaint.training.trainer import Trainer

    originals.fill(drawn=task.pages != GRAY, progress=Span(progress, 0, 0.6))
    known = shipped(task.method)
    plan = _resumed_plan(task, shelf) if task.further else _plan(task, starts=known is not None)
    split = divide(originals, seed=plan.seed)
    samples, watched = _samples(plan, originals, split.training), _watched(plan, originals, split.validation)
    if task.further:
        path = shelf.checkpoint_path(task.series, task.method)
        return Trainer.resumed(path, plan, samples, watched, warn=_unheard)
    start = known.path if known is not None else None
    return Trainer.begun(plan, samples, watched, Span(progress, 0.6, 1), start=start, warn=_unheard)


def _plan(task: Task, *, starts: bool) -> Plan:
    """Return how a task is carried out; the shape is that of the weights it ``starts`` from."""
    from mangapaint.training.plan import CPU_SHAPES, USUAL, Plan
    from mangapaint.training.samples import Input

    inputs = {BOTH: (Input.GRAY, Input.INK), GRAY: (Input.GRAY,), INK: (Input.INK,)}[task.pages]
    minutes = ENDLESS if task.minutes is None else task.minutes
    device = resolve(task.device, ("cpu", "cuda"))
    usual = USUAL[device]
    shape = CPU_SHAPES.get(task.method, ()) if device == "cpu" and not starts else ()
    return Plan(
        task.method, inputs, shape=shape, size=usual.size, batch=usual.batch, minutes=minutes, device=device, half=True
    )


def _resumed_plan(task: Task, shelf: Shelf) -> Plan:
    """Return the plan by which a task was begun, for so much longer; raises ``UserError`` where it is not known."""
    from mangapaint.training import checkpoint
    from mangapaint.training.samples import Input

    path = shelf.checkpoint_path(task.series, task.method)
    said = checkpoint.read(path).said
    try:
        earlier, seconds = said["plan"], float(said["moment"]["seconds"])
        kept = {name: earlier[name] for name in ("size", "batch", "rate", "seed", "augmentation", "decay")}
        inputs, shape = tuple(Input(row) for row in earlier["inputs"]), tuple(dict(earlier["shape"]).items())
    except (KeyError, TypeError, ValueError) as error:
        raise UserError("it is not known how this was begun", path=path, remedy="learn anew") from error
    plan = _plan(task, starts=True)
    assert plan.minutes is not None
    return replace(plan, **kept, inputs=inputs, shape=shape, minutes=plan.minutes + seconds / 60)


def _samples(plan: Plan, originals: Originals, indices: tuple[int, ...]) -> Samples:
    """Return what is learned from: the series' pictures, varied, their colours as they are."""
    from mangapaint.training.augmentation import SERIES
    from mangapaint.training.recipes import recipe
    from mangapaint.training.sampling import Samples

    how = recipe(plan.method)
    return Samples(originals, indices, plan.inputs, (plan.size, plan.size), SERIES, plan.seed, how.hinted, how.finer)


def _watched(plan: Plan, originals: Originals, indices: tuple[int, ...]) -> Samples | None:
    """Return what is looked at: pictures that nothing is learned from, whole and in parts; none of very few."""
    from mangapaint.training.augmentation import NONE

    if not indices:
        return None
    often = indices * -(-CUTS // len(indices))
    cut = replace(NONE, whole=0.25, scale=(0.5, 1.5))
    return replace(_samples(plan, originals, often), augmentation=cut)


def _unheard(line: str) -> None:
    """What was skipped is known to whoever chose the pictures."""


def step(trainer: Trainer, progress: Progress) -> Moment:
    """Learn for about a second; return how far it is. Raises ``Cancelled`` between two steps: nothing is lost."""
    return trainer.advance(STEP_SECONDS, progress)


def look(trainer: Trainer, progress: Progress) -> Look:
    """Measure what was learned on pictures that nothing is learned from, and show it on samples."""
    from mangapaint.training.recipes import recipe

    progress.check()
    moment = trainer.validate()
    progress.check()
    return Look(moment, trainer.sheet(), 4 if recipe(trainer.plan.method).hinted else 3)


def keep(trainer: Trainer, task: Task, shelf: Shelf, *, resumable: bool) -> int:
    """Write the weights, each whole or not at all, and with ``resumable`` the checkpoint; return the step they are of.

    Raises ``UserError`` where that is not possible.
    """
    from mangapaint.training import checkpoint

    number = trainer.moment.step
    shelf.note(task.series, task.pictures)
    about = {"series": task.series, "credits": f"{len(task.pictures)} pictures chosen by the artist"}
    trainer.weights(shelf.weights_path(task.series, task.method), about)
    if resumable:
        checkpoint.write(shelf.checkpoint_path(task.series, task.method), trainer.checkpoint())
    return number
