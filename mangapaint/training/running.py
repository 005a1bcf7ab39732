"""``mangapaint train``: from pictures to a file of weights; a log, sheets and a checkpoint beside it as it goes."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import psutil
import torch

from mangapaint import __version__
from mangapaint.colorizers.device import resolve
from mangapaint.errors import UserError
from mangapaint.formats.atomic import check_target, make_folder, write_text
from mangapaint.formats.writing import write_png
from mangapaint.progress import Progress, Silent
from mangapaint.training import checkpoint as checkpoints
from mangapaint.training.augmentation import GENERAL, NONE, PAIRED, SERIES, Augmentation
from mangapaint.training.course import Recipe
from mangapaint.training.distributed import Group, joined, processes
from mangapaint.training.loading import Supply, workers_for
from mangapaint.training.originals import Content, Originals, of_lines, open_sources
from mangapaint.training.pairing import Pairs
from mangapaint.training.plan import CPU_SHAPES, USUAL, Plan, check
from mangapaint.training.recipes import recipe
from mangapaint.training.record import STOPPED, Moment, table
from mangapaint.training.samples import Input
from mangapaint.training.sampling import Samples
from mangapaint.training.shelf import Shelf
from mangapaint.training.shipped import teaching
from mangapaint.training.splitting import Split, divide
from mangapaint.training.trainer import Trainer

SUFFIX = ".safetensors"
MEMORY = 8 << 30
"""Bytes of pictures that are remembered where there is room: finding areas anew each time costs as much as a step."""
MINUTES = 20.0
"""How long a training takes unless it is said."""
AT_ONCE = 1.0
"""Seconds between two reports."""
KEPT = 300.0
"""Seconds of training from one checkpoint to the next."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What was asked for; None is what suits the method and the machine.

    ``data`` are folders, pictures and videos, of which a frame in ``every`` is taken; ``scenes`` is how many series of
    drawn scenes there are beside. ``series``: the pictures are one series, whose colours stay (None: if they are).
    ``shipped``: as the weights that ship are taught, where nothing else is said. ``start`` are weights to start from.
    ``about`` goes to the metadata of ``out``.
    """

    method: str
    out: Path
    data: tuple[Path, ...] = ()
    scenes: int | None = None
    every: int = 50
    series: bool | None = None
    inputs: tuple[Input, ...] = ()
    shipped: bool = False
    shape: tuple[tuple[str, str], ...] = ()
    start: Path | None = None
    resume: bool = False
    steps: int | None = None
    minutes: float | None = None
    patience: int | None = None
    size: int | None = None
    batch: int | None = None
    rate: float | None = None
    workers: int | None = None
    device: str = "auto"
    seed: int = 0
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """The table of how it went."""
        return self._beside(".log.csv")

    @property
    def sheets(self) -> Path:
        """The folder of samples."""
        return self._beside(".sheets")

    @property
    def checkpoint(self) -> Path:
        """What ``resume`` goes on from."""
        return self._beside(checkpoints.SUFFIX)

    def _beside(self, ending: str) -> Path:
        return self.out.with_name(self.out.stem + ending)

    def plan(self, how: Recipe, device: str) -> Plan:
        """Return the plan for a device, before the pictures are known."""
        usual = USUAL[device]
        unlimited = self.minutes is None and self.steps is None
        return Plan(
            method=self.method,
            inputs=self.inputs or how.inputs[:1],
            shape=tuple(sorted(self.shape)) or self._usual_shape(device),
            size=usual.size if self.size is None else self.size,
            batch=usual.batch * processes() if self.batch is None else self.batch,
            rate=self.rate,
            steps=self.steps,
            minutes=MINUTES if unlimited else self.minutes,
            patience=self.patience,
            seed=self.seed,
            device=device,
            half=True,
            workers=workers_for(device, processes()) if self.workers is None else self.workers,
        )

    def _usual_shape(self, device: str) -> tuple[tuple[str, str], ...]:
        """Return the shape that suits a device; that of the weights to start from goes first."""
        return CPU_SHAPES.get(self.method, ()) if device == "cpu" and self.start is None else ()


@dataclass(frozen=True)
class Report:
    """What came of it; ``interrupted`` if it was stopped before its end, with weights and checkpoint written."""

    out: Path
    moment: Moment
    interrupted: bool
    skipped: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        rows = self.moment.as_dict()
        return {"weights": str(self.out), **rows, "interrupted": self.interrupted, "skipped": list(self.skipped)}


def train(order: Order, *, preparing: Progress, learning: Progress, say: Say) -> Report | None:
    """Train as it was ordered; ``say`` is told a line at each look, and what else a person should know.

    Ctrl+C ends it after the present step, with everything written. Of several processes (``torchrun``) only the first
    one speaks, writes and has something to report. Raises ``UserError`` for what cannot be done, as far as possible
    before any work.
    """
    how = recipe(order.method)
    device = resolve(order.device, ("cpu", "cuda"))
    order = _as_shipped(order, device) if order.shipped else order
    plan = order.plan(how, device)
    check(plan, how.inputs)
    if order.resume and order.start is not None:
        raise UserError("--resume goes on from a checkpoint, --from begins with weights", remedy="give one of them")
    with joined(device) as group, TemporaryDirectory(prefix="mangapaint-") as shelf:
        told = say if group.first else _nothing
        _check_files(order)
        originals, split = _opened(order, plan, preparing, told)
        if plan.workers:
            originals = replace(originals, shelf=Shelf(Path(shelf)))
        contents = originals.contents(preparing)
        plan = replace(plan, augmentation=_augmentation(order, originals), data=_fingerprint(contents))
        order = replace(order, about={**_listed(contents, originals, split), **order.about})
        supplies = samples_for(plan, how, originals, split)
        if order.resume:
            trainer = Trainer.resumed(order.checkpoint, plan, *supplies, group=group, warn=told)
        else:
            trainer = Trainer.begun(plan, *supplies, preparing, group=group, start=order.start, warn=told)
        with closing(trainer), _stopping(trainer, group, told):
            _learn(trainer, order, group, learning if group.first else Silent(), told)
        if not group.first:
            return None
        return Report(order.out, trainer.moment, trainer.ended == STOPPED, tuple(originals.skipped))


def _as_shipped(order: Order, device: str) -> Order:
    """Return an order with what it leaves open as the weights that ship were taught."""
    how = teaching(order.method, device)
    endless = order.steps is None and order.minutes is None
    return replace(
        order,
        scenes=how.scenes if order.scenes is None else order.scenes,
        series=False if order.series is None else order.series,
        inputs=order.inputs or how.inputs,
        shape=order.shape or (how.shape if order.start is None else ()),
        steps=how.steps if endless else order.steps,
        size=how.size if order.size is None else order.size,
        batch=how.batch * processes() if order.batch is None else order.batch,
        rate=how.rate if order.rate is None else order.rate,
    )


def _learn(trainer: Trainer, order: Order, group: Group, progress: Progress, say: Say) -> None:
    """Advance a training to its end, and write what comes of it as it goes."""
    writing = _Writing(trainer, order, say) if group.first else None
    if writing is not None:
        writing.begin()
    while not trainer.ended:
        moment = trainer.advance(AT_ONCE, progress)
        progress.report(moment.share, f"step {moment.step}, loss {moment.loss:.4g}")
        if writing is not None:
            writing.note()
    if writing is not None:
        writing.end()


class _Writing:
    """The files beside the weights. What cannot be written on the way is said; the training goes on."""

    def __init__(self, trainer: Trainer, order: Order, say: Say) -> None:
        self._trainer = trainer
        self._order = order
        self._say = say
        self._kept = trainer.moment.seconds

    def begin(self) -> None:
        """Begin the log, with what is known of the training already."""
        write_text(self._order.log, table(self._trainer.history, header=True))

    def note(self) -> None:
        """Write what there is to write after some steps."""
        trainer = self._trainer
        if trainer.moment.due or (trainer.ended and trainer.ended != STOPPED):
            self._attempt(self._look)
        self._attempt(self._log)
        if trainer.moment.seconds >= self._kept + KEPT:
            self._kept = trainer.moment.seconds
            self._attempt(self._keep)

    def end(self) -> None:
        """Write the checkpoint and the weights; raises ``UserError`` where that is not possible."""
        self._keep()

    def _attempt(self, write: Callable[[], None]) -> None:
        try:
            write()
        except UserError as error:
            self._say(error.line())

    def _look(self) -> None:
        moment = self._trainer.validate()
        self._say(_line(moment))
        make_folder(self._order.sheets)
        write_png(self._order.sheets / f"step-{moment.step:06}.png", self._trainer.sheet(), compress=6)

    def _log(self) -> None:
        try:
            with self._order.log.open("a", encoding="utf-8") as file:
                file.write(table([self._trainer.moment], header=False))
        except OSError as error:
            reason = error.strerror or "no reason given"
            raise UserError(f"the log cannot be written ({reason})", path=self._order.log) from error

    def _keep(self) -> None:
        checkpoints.write(self._order.checkpoint, self._trainer.checkpoint())
        self._trainer.weights(self._order.out, self._order.about)


def _check_files(order: Order) -> None:
    """Raise ``UserError`` where something cannot be written, or would be lost."""
    check_target(order.out, suffix=SUFFIX)
    for path in (order.log, order.checkpoint):
        check_target(path)
    if not order.resume and checkpoints.is_unfinished(order.checkpoint):
        raise UserError("an unfinished training lies here", path=order.checkpoint,
                        remedy="go on with --resume, or remove it to begin anew")  # fmt: skip


def _opened(order: Order, plan: Plan, progress: Progress, say: Say) -> tuple[Originals, Split]:
    scenes = order.scenes or 0
    if not order.data and not scenes:
        raise UserError("there is nothing to learn from", remedy="give --data DIR or VIDEO, or --scenes N")
    room = psutil.virtual_memory().available // (2 * (plan.workers + 1) * processes())
    originals = open_sources(order.data, scenes=scenes, every=order.every, seed=order.seed, warn=say,
                             limit=min(MEMORY, room), progress=progress)  # fmt: skip
    split = divide(originals, seed=order.seed)
    say(f"{len(split.training)} pictures to learn from, {len(split.validation)} for validation ({split.how})")
    return originals, split


def _augmentation(order: Order, originals: Originals) -> str:
    one = len(originals.series) == 1 if order.series is None else order.series
    return "series" if one else "general"


def _fingerprint(contents: Sequence[Content]) -> str:
    """Return a SHA-256 over what all files hold, whatever folders they lie in."""
    return of_lines([f"{content.series} {content.sha256}" for content in contents])


def _listed(contents: Sequence[Content], originals: Originals, split: Split) -> dict[str, str]:
    """Return for the metadata which series are learned from, with how many pictures and their hashes; scenes by number.

    What this program, which draws the scenes, and torch are stands beside it: others may draw and learn otherwise.
    """
    learned = {originals.sources[number].series for number in split.training}
    rows = {row.series: [row.pictures, row.sha256] for row in contents if row.series in learned and row.sha256}
    drawn = sum(row.series in learned and not row.sha256 for row in contents)
    return {"data": json.dumps(rows), "scenes": str(drawn), "split": split.how, "mangapaint": __version__,
            "torch": torch.__version__}  # fmt: skip


def samples_for(plan: Plan, how: Recipe, originals: Originals, split: Split) -> tuple[Supply, Supply | None]:
    """Return the samples to learn from, varied as the plan says, and those for validation, if there are any."""

    def samples(numbers: tuple[int, ...], augmentation: Augmentation) -> Supply:
        if how.paired:
            return Pairs(originals, numbers, plan.inputs, (plan.size, plan.size), augmentation, plan.seed)
        return Samples(originals, numbers, inputs=plan.inputs, size=(plan.size, plan.size), augmentation=augmentation,
                       hinted=how.hinted, seed=plan.seed, finer=how.finer)  # fmt: skip

    varied = SERIES if plan.augmentation == "series" else PAIRED if how.paired else GENERAL
    if not how.hinted and not how.paired:  # nobody could tell which colours a thing has been given
        varied = replace(varied, recolor=0.0)
    return samples(split.training, varied), samples(split.validation, NONE) if split.validation else None


@contextmanager
def _stopping(trainer: Trainer, group: Group, say: Say) -> Iterator[None]:
    """Let Ctrl+C, or being told to end, stop a training after its present step; a second Ctrl+C does so at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        trainer.stop()
        if group.size == 1:  # torchrun passes on what its processes have heard already
            signal.signal(number, before[number])
        with suppress(RuntimeError):  # it may have come while a line was being written
            say("finishing this step, then writing what was learned")

    before: dict[int, Any] = {}
    try:
        for wanted in (signal.SIGINT, signal.SIGTERM):
            before[wanted] = signal.signal(wanted, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _line(moment: Moment) -> str:
    return (
        f"step {moment.step}, {moment.seconds:.0f} s: loss {moment.loss:.4g}, validation {moment.validation:.4g}, "
        f"off by {moment.error:.2f} of 255, {moment.speed:.1f} samples/s, {moment.waiting:.0%} waiting for data"
    )


def _nothing(line: str) -> None:
    """Say nothing: another process speaks."""
