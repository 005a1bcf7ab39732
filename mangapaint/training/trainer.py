"""Training a network, a few steps at a time: for the window and for the command line, on one process or several."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

import numpy as np
import torch
from torch import nn

from mangapaint.colorizers.weights import Weights, load
from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.progress import Progress
from mangapaint.training import checkpoint as checkpoints
from mangapaint.training.averaging import Averaged, Best
from mangapaint.training.checkpoint import Checkpoint
from mangapaint.training.course import Config, Course, Recipe
from mangapaint.training.distributed import Group
from mangapaint.training.loading import Loader, Supply, steps_from, to_device
from mangapaint.training.plan import Plan, check, pace
from mangapaint.training.recipes import recipe
from mangapaint.training.record import IDLE, SPENT, STOPPED, Moment, thinned
from mangapaint.training.samples import Arrays, Sample
from mangapaint.training.saving import beginning, save_weights
from mangapaint.training.stepping import Learner, seed_chance
from mangapaint.training.watching import Watch

SURVEYED = 400
"""Samples that are looked at before the first step, at most."""

Warn = Callable[[str], None]


class Trainer:
    """A training as far as it has come: ``begun`` or ``resumed``, then ``advance`` until it has ``ended``.

    ``moment`` says how far it is, ``history`` how it went, oldest first. Call it from one thread at a time, and
    ``close`` it. All it does by chance depends on the plan's seed and the step's number, so on a processor a plan with
    ``steps`` always comes to the same weights, resumed or not.
    """

    def __init__(self, plan: Plan, course: Course, config: Config, surveyed: Arrays, *, samples: Supply,
                 validation: Supply | None, group: Group, warn: Warn) -> None:  # fmt: skip
        how = recipe(plan.method)
        self.plan = plan
        self.moment = Moment()
        self.history: list[Moment] = []
        self._how = how
        self._config = dict(config)
        self._surveyed = surveyed
        self._beginning = ""
        self._samples = samples
        self._group = group
        self._course = course.to(group.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._averaged = Averaged(course.network, plan.decay)
        self._best = Best(plan.patience)
        self._learner = Learner(course, betas=how.betas, group=group, half=plan.half, warn=warn)
        self._validated = validation is not None
        self._watch = Watch(validation or samples, how, varied=how.hinted or len(plan.inputs) > 1,
                            device=group.device, autocast=self._learner.autocast)  # fmt: skip
        self._loader: Loader | None = None
        self._looked = 0.0
        self._stop = ""

    @classmethod
    def begun(cls, plan: Plan, samples: Supply, validation: Supply | None, progress: Progress, *,
              group: Group | None = None, start: Path | None = None, warn: Warn = print) -> Trainer:  # fmt: skip
        """Return a training that is about to take its first step.

        Without ``validation`` nothing is validated, and nothing ends early. ``start`` are weights of the
        same method and shape to start from instead of chance. ``warn`` is told, a line each, what a person should know.
        Raises ``UserError`` for a plan that cannot be carried out.
        """
        how, group = _checked(plan, group)
        learned = None if start is None else load(Weights.at(start), plan.method)
        config = {**({} if learned is None else _shape(learned)), **dict(plan.shape)}
        with _by_itself(group.device):
            seed_chance(_chance(plan.seed), group.device)
            surveyed = how.survey(_Surveyed(samples, progress))
            course = _course(how, config, surveyed)
        if start is not None and learned is not None:
            _take_over(course.network, learned, start, own=surveyed)
        made = cls(plan, course, config, surveyed, samples=samples, validation=validation, group=group, warn=warn)
        made._beginning = "" if start is None else beginning(start)
        return made

    @classmethod
    def resumed(cls, path: Path, plan: Plan, samples: Supply, validation: Supply | None, *, group: Group | None = None,
                warn: Warn = print) -> Trainer:  # fmt: skip
        """Return a training as a checkpoint has kept it; ``plan`` may last longer, or be carried out elsewhere.

        Raises ``UserError`` for a checkpoint of another plan, and where there is none.
        """
        how, group = _checked(plan, group)
        kept = checkpoints.read(path)
        kept.check(plan, path)
        try:
            surveyed = {name: value.numpy() for name, value in kept.group("survey").items()}
            config = dict(kept.said["config"])
            with _by_itself(group.device):
                course = how.course(config, surveyed)
            found = cls(plan, course, config, surveyed, samples=samples, validation=validation, group=group, warn=warn)
            found._take_up(kept)
            if kept.said["plan"].get("data") != plan.data:
                warn("the pictures are no longer those that this training began with")
        except (KeyError, TypeError, ValueError, IndexError, RuntimeError) as error:
            raise checkpoints.damaged(path) from error
        return found

    @property
    def ended(self) -> str:
        """Why the training is over, in words; empty while it is not."""
        return self.moment.ended

    def advance(self, seconds: float, progress: Progress) -> Moment:
        """Learn for so long, at least a step, no further than to the next look or the end; return how far it is.

        Raises ``Cancelled`` between two steps, ``UserError`` where learning cannot go on.
        """
        end, before = time.monotonic() + seconds, self.moment
        waited = self._waited()
        losses = []
        while not self.ended:
            progress.check()
            losses.append(self._step())
            if self.moment.due or time.monotonic() >= end:
                break
        if losses:
            self._note(losses, before, self._waited() - waited)
        return self.moment

    def stop(self, why: str = STOPPED) -> None:
        """End the training after its present step, with all its processes."""
        self._stop = why

    def validate(self) -> Moment:
        """Measure the averaged weights on pictures that nothing is learned from; return the moment with what came out.

        Without such pictures nothing is measured.
        """
        self.moment = replace(self.moment, due=False)
        if self._validated:
            with self._timed(), _by_itself(self._group.device):
                seed_chance(_chance(self.plan.seed), self._group.device)
                loss, error = self._watch.measured(self._course, self._averaged.network, self._learner.turns - 1)
            self.moment = replace(self.moment, validation=loss, error=error)
            if self._best.weigh(self._averaged.network, loss):
                self.stop(IDLE)
        if self.history and self.history[-1].step == self.moment.step:
            self.history[-1] = self.moment
        return self.moment

    def sheet(self) -> Pixels:
        """Return what the averaged weights make of some samples, uint8 RGB: page, hints, result and truth."""
        with self._timed():
            return self._watch.sheet(self._course, self._averaged.network)

    def weights(self, path: Path, about: Mapping[str, str]) -> None:
        """Write the averaged network, ``about`` in its metadata; raises ``UserError`` where that is not possible.

        With patience, the weights are those of the best look.
        """
        network = self._best.in_place(self._averaged.network)
        save_weights(path, network, method=self.plan.method, shape=_shape(network), about={**self.about(), **about})

    def about(self) -> dict[str, str]:
        """Return what the weights' metadata says of the training."""
        plan, moment = self.plan, self.moment
        inputs = ",".join(dict.fromkeys(item.value for item in plan.inputs))
        said = {"inputs": inputs, "size": plan.size, "batch": plan.batch, "seed": plan.seed, "steps": moment.step,
                "seconds": round(moment.seconds), "device": plan.device, "precision": self._learner.precision,
                "data_sha256": plan.data, "loss": moment.loss, "validation": moment.validation,
                "error": moment.error} | ({"from": self._beginning} if self._beginning else {})  # fmt: skip
        return {key: f"{value:.6g}" if isinstance(value, float) else str(value) for key, value in said.items()}

    def checkpoint(self) -> Checkpoint:
        """Return all that is needed to go on from here."""
        surveyed = {name: torch.from_numpy(np.array(value)) for name, value in self._surveyed.items()}
        turns = {f"turn{turn}": checkpoints.remembered(row) for turn, row in enumerate(self._learner.optimizers)}
        groups = {"course": self._course.state_dict(), "average": self._averaged.network.state_dict(),
                  "best": self._best.weights, "survey": surveyed, **turns}  # fmt: skip
        said: dict[str, Any] = {
            "plan": self.plan.as_dict(),
            "config": self._config,
            "from": self._beginning,
            "moment": self.moment.as_dict(),
            "history": [moment.as_dict() for moment in self.history],
            "looked": self._looked,
            "best": [self._best.loss, self._best.looks],
            "learner": self._learner.said(),
        }
        return Checkpoint(checkpoints.grouped(groups), said)

    def close(self) -> None:
        """End the processes that make samples, and leave those that learn together; there are no more steps."""
        self._learner.close()
        if self._loader is not None:
            self._loader.close()
            self._loader = None

    def _take_up(self, kept: Checkpoint) -> None:
        """Be what a checkpoint says."""
        said = kept.said
        self._course.load_state_dict(kept.group("course"))
        self._averaged.network.load_state_dict(kept.group("average"))
        for turn, optimizer in enumerate(self._learner.optimizers):
            checkpoints.remind(optimizer, kept.group(f"turn{turn}"))
        self._learner.take_up(said["learner"])
        self._best.weights = {name: value.to(self._group.device) for name, value in kept.group("best").items()}
        self._best.loss, self._best.looks = said["best"]
        self._looked = said["looked"]
        self._beginning = said.get("from", "")
        self.history = [Moment.of(row) for row in said["history"]]
        self.moment = Moment.of(said["moment"])
        share = self.plan.share(self.moment.step, self.moment.seconds)
        self.moment = replace(self.moment, share=share, ended=SPENT if share >= 1 else "")

    def _step(self) -> float:
        """Take a step and note how far the training has come; return its loss."""
        plan, moment = self.plan, self.moment
        with self._timed(), _by_itself(self._group.device):
            batch = to_device(self._batches().next(), self._group.device)
            rate = (plan.rate or self._how.rate) * pace(moment.share, moment.step)
            loss = self._learner.step(batch, rate=rate, seed=_chance(plan.seed, moment.step, self._group.rank))
            self._averaged.update(self._course.network, moment.step + 1)
        moment = replace(self.moment, step=moment.step + 1, rate=rate)
        share, stopped = self._group.agreed([plan.share(moment.step, moment.seconds), float(bool(self._stop))])
        ended = (self._stop or STOPPED) if stopped else SPENT if share >= 1 else ""
        due = plan.looks(share) > plan.looks(self._looked)
        if due:
            self._looked = share
        self.moment = replace(moment, share=share, due=due, ended=ended)
        return loss

    def _note(self, losses: Sequence[float], before: Moment, waited: float) -> None:
        """Complete the moment after some steps, and remember it."""
        now, numbers = self.moment, [loss for loss in losses if math.isfinite(loss)]
        took = max(now.seconds - before.seconds, 1e-9)
        self.moment = replace(
            now,
            loss=sum(numbers) / len(numbers) if numbers else math.nan,
            waiting=min(1.0, waited / took),
            speed=(now.step - before.step) * self.plan.batch / took,
        )
        self.history = thinned([*self.history, self.moment])

    def _batches(self) -> Loader:
        if self._loader is None:
            plan, group = self.plan, self._group
            numbered = steps_from(self.moment.step, batch=plan.batch, rank=group.rank, processes=group.size)
            self._loader = Loader(self._samples, self._how.example, numbered, workers=plan.workers,
                                  pinned=group.device != "cpu")  # fmt: skip
        return self._loader

    def _waited(self) -> float:
        return 0.0 if self._loader is None else self._loader.waited

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Count what is done as time of the training."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.moment = replace(self.moment, seconds=self.moment.seconds + time.monotonic() - begun)


class _Surveyed(Sequence[Sample]):
    """The first samples of a supply, each made when it is looked at."""

    def __init__(self, supply: Supply, progress: Progress) -> None:
        self._supply = supply
        self._progress = progress
        self._count = min(SURVEYED, len(supply))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Sample: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Sample]: ...

    def __getitem__(self, place: int | slice) -> Sample | Sequence[Sample]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self._count))]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        number = place % self._count
        self._progress.report(number / self._count, "Looking through the pictures")
        return self._supply[number]


def _checked(plan: Plan, group: Group | None) -> tuple[Recipe, Group]:
    how, group = recipe(plan.method), group or Group(device=plan.device)
    check(plan, how.inputs)
    group.check_batch(plan.batch)
    return how, group


def _course(how: Recipe, config: Config, surveyed: Arrays) -> Course:
    """Make a course; raises ``UserError`` for a shape that its network cannot have."""
    try:
        return how.course(config, surveyed)
    except (KeyError, ValueError) as error:
        said = error.args[0] if error.args else "unknown"
        raise UserError(
            f"{how.method} has no such --shape ({said})", remedy="leave it out, or see README.md"
        ) from error


def _take_over(network: nn.Module, learned: nn.Module, path: Path, *, own: Collection[str]) -> None:
    """Start from what another network has learned; raises ``UserError`` where it is of another shape.

    What was found out about the training set (a palette), by the names ``own``, stays as it is.
    """
    if _shape(network) != _shape(learned):
        said = ", ".join(f"{key}={value}" for key, value in _shape(learned).items())
        raise UserError(f"these weights are of another shape ({said})", path=path, remedy="leave out --shape")
    kept = {name: value for name, value in network.state_dict().items() if name in own}
    network.load_state_dict({**learned.state_dict(), **kept})


def _shape(network: nn.Module) -> dict[str, str]:
    return dict(network.shape)  # type: ignore[arg-type]  # see networks.table.Network


def _chance(*numbers: int) -> int:
    """Return a seed that depends on all numbers."""
    return int(np.random.default_rng([number % 2**63 for number in numbers]).integers(2**62))


@contextmanager
def _by_itself(device: str) -> Iterator[None]:
    """Reckon the same each time, whatever else draws by chance, and leave no trace in what draws afterwards."""
    cuda = device.startswith("cuda")
    memory: Any = torch.utils.deterministic
    exact, filled = torch.are_deterministic_algorithms_enabled(), memory.fill_uninitialized_memory
    tried = torch.backends.cudnn.benchmark
    with torch.random.fork_rng([device] if cuda else []):
        try:
            # A GPU would be slower by it, and some of its operations have no such form at all.
            torch.use_deterministic_algorithms(not cuda)
            memory.fill_uninitialized_memory = False
            torch.backends.cudnn.benchmark = cuda  # all batches are of one size: the fastest way is looked for once
            yield
        finally:
            torch.use_deterministic_algorithms(exact)
            memory.fill_uninitialized_memory = filled
            torch.backends.cudnn.benchmark = tried
