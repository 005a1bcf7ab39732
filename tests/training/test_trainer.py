"""The trainer: what it learns, how exactly it goes on, and what it does when something runs out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lessons
import numpy as np
import pytest
import torch
from lessons import ToyCourse, ToySamples, finish, plan, same, trainer, values

from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.colorizers.weights import Weights, load, metadata
from mangapaint.errors import Cancelled, UserError
from mangapaint.progress import Silent
from mangapaint.training import checkpoint
from mangapaint.training import trainer as trainers
from mangapaint.training.recipes import RECIPES
from mangapaint.training.record import IDLE, SPENT, STOPPED
from mangapaint.training.samples import Input
from mangapaint.training.trainer import Trainer


@pytest.fixture(autouse=True)
def _toy(monkeypatch):
    monkeypatch.setitem(RECIPES, lessons.METHOD, lessons.RECIPE)
    monkeypatch.setitem(NETWORKS, lessons.METHOD, lessons.ToyNetwork)


@pytest.fixture
def taught(monkeypatch) -> Callable[[type[ToyCourse]], None]:
    """Lets the method be taught by another course."""

    def be(course: type[ToyCourse]) -> None:
        monkeypatch.setitem(RECIPES, lessons.METHOD, replace(lessons.RECIPE, course=course))

    return be


def resumed(kept: Trainer, path: Path, **changed: object) -> Trainer:
    checkpoint.write(path, kept.checkpoint())
    wanted = replace(kept.plan, **changed)
    return Trainer.resumed(path, wanted, ToySamples(), ToySamples(4, seed=9))


def test_it_learns_colours():
    learned = trainer(plan(steps=200, batch=8, rate=0.03))
    before = learned.validate().error
    after = finish(learned).validate()
    assert after.error < before / 5
    assert learned.history[-1].loss < learned.history[0].loss / 10
    assert learned.ended == SPENT
    assert after.step == 200


@pytest.mark.parametrize("norm", ["group", "batch"])
def test_it_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(norm, tmp_path):
    wanted = plan(shape=(("norm", norm),), patience=50)
    whole = finish(trainer(wanted))
    part = trainer(wanted)
    while part.moment.step < 13:
        part.advance(0, Silent())
    part.validate()
    going = resumed(part, tmp_path / "a.checkpoint")
    assert going.moment.step == 13
    assert not same(values(part), values(whole))
    assert same(values(finish(going)), values(whole))
    assert [row.step for row in going.history][:13] == list(range(1, 14))


def test_the_seed_decides_and_nothing_else_does():
    first = values(finish(trainer()))
    torch.manual_seed(1)
    torch.rand(7)
    state = torch.random.get_rng_state()
    again = values(finish(trainer()))
    assert torch.equal(state, torch.random.get_rng_state())
    assert same(first, again)
    assert not same(first, values(finish(trainer(plan(seed=1), ToySamples()))))


def test_each_step_takes_the_samples_of_its_numbers(tmp_path):
    samples = ToySamples(3)
    part = trainer(plan(), samples)
    samples.asked.clear()
    for _ in range(2):
        part.advance(0, Silent())
    assert samples.asked == list(range(8))
    going = resumed(part, tmp_path / "a.checkpoint")
    going._samples.asked.clear()
    going.advance(0, Silent())
    assert going._samples.asked == [8, 9, 10, 11]


def test_a_checkpoint_is_refused_by_another_plan(tmp_path):
    path = tmp_path / "a.checkpoint"
    part = trainer()
    for changed, said in (({"batch": 8}, "batch 4"), ({"shape": (("width", "4"),)}, "shape as usual"),
                          ({"inputs": (Input.INK,)}, "inputs gray"), ({"seed": 3}, "seed 0")):  # fmt: skip
        with pytest.raises(UserError, match=said):
            resumed(part, path, **changed)
    assert resumed(part, path, steps=80, workers=0, patience=3).plan.steps == 80


@pytest.mark.parametrize("content", [b"", b"nothing of the sort", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_what_is_no_checkpoint_is_refused(tmp_path, content):
    path = tmp_path / "a.checkpoint"
    with pytest.raises(UserError, match="no checkpoint"):
        Trainer.resumed(path, plan(), ToySamples(), None)
    path.write_bytes(content)
    with pytest.raises(UserError, match="damaged"):
        Trainer.resumed(path, plan(), ToySamples(), None)


def test_a_checkpoint_that_lacks_something_is_refused(tmp_path):
    path = tmp_path / "a.checkpoint"
    whole = trainer().checkpoint()
    checkpoint.write(path, replace(whole, tensors={"course.mean": whole.tensors["course.mean"]}))
    with pytest.raises(UserError, match="damaged"):
        Trainer.resumed(path, plan(), ToySamples(), None)


def test_more_steps_can_be_asked_for_later(tmp_path):
    done = finish(trainer())
    more = resumed(done, tmp_path / "a.checkpoint", steps=50)
    assert not more.ended
    assert finish(more).moment.step == 50
    assert resumed(done, tmp_path / "a.checkpoint").ended == SPENT


def test_pictures_that_changed_are_noticed(tmp_path):
    said: list[str] = []
    path = tmp_path / "a.checkpoint"
    checkpoint.write(path, trainer(plan(data="one")).checkpoint())
    Trainer.resumed(path, plan(data="other"), ToySamples(), None, warn=said.append)
    assert len(said) == 1
    assert "pictures" in said[0]


def test_full_memory_divides_the_batch_and_the_step_stays_the_same(taught, tmp_path):
    exact = values(finish(trainer(plan(batch=8, steps=6))))

    class Hungry(ToyCourse):
        def forward(self, batch, turn):
            if len(batch["page"]) > 2 and self.training:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().forward(batch, turn)

    taught(Hungry)
    said: list[str] = []
    divided = finish(trainer(plan(batch=8, steps=6), warn=said.append))
    assert len(said) == 2
    assert "4 parts" in said[1]
    found = values(divided)
    assert all(torch.allclose(found[name].float(), exact[name].float(), atol=1e-5) for name in exact)
    going = resumed(divided, tmp_path / "a.checkpoint", steps=7)
    finish(going)
    assert len(said) == 2, "the parts are remembered"


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: not enough memory: you tried")])
def test_memory_that_is_full_for_one_sample_is_said(taught, error):
    class Starved(ToyCourse):
        def forward(self, batch, turn):
            raise error

    taught(Starved)
    with pytest.raises(UserError, match="single sample"):
        trainer(warn=lambda line: None).advance(0, Silent())


def test_other_errors_are_not_taken_for_full_memory(taught):
    class Broken(ToyCourse):
        def forward(self, batch, turn):
            raise RuntimeError("shapes do not fit")

    taught(Broken)
    with pytest.raises(RuntimeError, match="shapes"):
        trainer().advance(0, Silent())


class Sick(ToyCourse):
    """Loses all measure whenever the first page is dark."""

    def forward(self, batch, turn):
        loss = super().forward(batch, turn)
        return loss * math.nan if self.training and batch["page"][0].mean() < 0.45 else loss


def test_a_loss_that_is_no_number_is_left_out(taught):
    taught(Sick)
    said: list[str] = []
    learned = finish(trainer(plan(shape=(("norm", "batch"),)), warn=said.append))
    assert 0 < len(said) < 80
    assert all(value.float().isfinite().all() for value in values(learned).values())
    assert learned.moment.step == 40
    assert math.isfinite(learned.validate().validation)


def test_learning_that_is_nothing_but_sick_ends(taught, monkeypatch):
    class Lost(ToyCourse):
        def forward(self, batch, turn):
            return super().forward(batch, turn) * math.inf

    taught(Lost)
    with pytest.raises(UserError, match="--rate"):
        finish(trainer(plan(steps=200), warn=lambda line: None))


def test_a_far_too_long_gradient_is_shortened(taught):
    class Jumpy(ToyCourse):
        def forward(self, batch, turn):
            loss = super().forward(batch, turn)
            return loss * (1e6 if batch["page"][0].mean() < 0.45 else 1)

    calm = finish(trainer(plan(steps=100, batch=8, rate=0.03))).validate().error
    taught(Jumpy)
    assert finish(trainer(plan(steps=100, batch=8, rate=0.03))).validate().error < 2 * calm


def test_time_ends_it(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(trainers.time, "monotonic", lambda: clock[0])

    class Slow(ToySamples):
        def __getitem__(self, number):
            clock[0] += 1.0
            return super().__getitem__(number)

    learned = trainer(plan(steps=None, minutes=1.0, batch=2), Slow())
    steps = [learned.advance(4, Silent()).step for _ in range(3)]
    assert steps == [2, 4, 6]
    finish(learned)
    assert learned.ended == SPENT
    assert 60 <= learned.moment.seconds < 80
    assert learned.moment.step < 31


def test_waiting_for_samples_is_measured(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(trainers.time, "monotonic", lambda: clock[0])

    class Slow(ToySamples):
        def __getitem__(self, number):
            clock[0] += 1.0
            return super().__getitem__(number)

    class Busy(ToyCourse):
        def forward(self, batch, turn):
            clock[0] += 6.0
            return super().forward(batch, turn)

    monkeypatch.setitem(RECIPES, lessons.METHOD, replace(lessons.RECIPE, course=Busy))
    moment = trainer(plan(), Slow()).advance(0, Silent())
    assert moment.waiting == pytest.approx(4 / 16)
    assert moment.speed == pytest.approx(4 / 16)
    assert moment.seconds == pytest.approx(16)


def test_patience_ends_it_with_the_best_weights(tmp_path, monkeypatch):
    learned = trainer(plan(steps=1000, patience=2))
    losses = iter([3.0, 1.0, 2.0, 1.5, 9.0])
    monkeypatch.setattr(learned._watch, "measured", lambda course, network, turn: (next(losses), 5.0))
    best: dict[str, torch.Tensor] = {}
    while not learned.ended:
        if learned.advance(60, Silent()).due and learned.validate().validation == 1.0:
            best = {name: value.half() for name, value in learned._averaged.network.state_dict().items()}
    assert learned.ended == IDLE
    learned.weights(tmp_path / "best.safetensors", {})
    found = load(Weights.at(tmp_path / "best.safetensors"), lessons.METHOD).state_dict()
    assert all(torch.equal(found[name].half(), best[name]) for name in best)


def test_it_is_looked_at_twenty_times_or_less_often_when_short():
    learned, due = trainer(plan(steps=100, batch=1)), []
    while not learned.ended:
        due += [moment.step for moment in [learned.advance(60, Silent())] if moment.due]
    assert due == [25, 50, 75, 100]
    assert plan(steps=6000).looks(1.0) == 20
    assert plan(steps=6000).looks(0.0499) == 0
    assert plan(steps=None, minutes=1.0).looks(1.0) == 3


def test_stopping_is_heard_between_two_steps():
    class Impatient(Silent):
        def check(self) -> None:
            raise Cancelled

    learned = trainer()
    learned.advance(0, Silent())
    with pytest.raises(Cancelled):
        learned.advance(60, Impatient())
    assert learned.moment.step == 1
    learned.stop()
    assert learned.advance(60, Silent()).step == 2
    assert learned.ended == STOPPED


def test_weights_say_what_they_are_and_can_be_started_from(tmp_path):
    path = tmp_path / "toy.safetensors"
    learned = finish(trainer(plan(shape=(("width", "4"),), steps=100)))
    learned.validate()
    learned.weights(path, {"credits": "drawn by hand"})
    said = metadata(path)
    assert said["credits"] == "drawn by hand"
    assert said["steps"] == "100"
    assert said["network.width"] == "4"
    assert said["inputs"] == "gray"
    assert float(said["validation"]) == pytest.approx(learned.moment.validation, rel=1e-4)
    further = trainer(plan(), start=path)
    assert further.validate().error == pytest.approx(learned.moment.error, abs=0.5)
    with pytest.raises(UserError, match="another shape"):
        trainer(plan(shape=(("width", "16"),)), start=path)


def test_the_average_is_what_is_shown_and_it_is_calmer(tmp_path):
    learned = finish(trainer(plan(steps=100, rate=0.2)))
    kept = learned.checkpoint()
    average, last = kept.group("average"), kept.group("course")
    assert not torch.equal(average["first.weight"], last["network.first.weight"])
    learned.weights(tmp_path / "toy.safetensors", {})
    found = load(Weights.at(tmp_path / "toy.safetensors"), lessons.METHOD)
    assert torch.equal(found.state_dict()["first.weight"].half(), average["first.weight"].half())


def test_a_sheet_shows_page_hints_result_and_truth():
    learned = finish(trainer(plan(steps=100, batch=8, rate=0.03)))
    sheet = learned.sheet()
    cell = lessons.SIDE + 4
    assert sheet.dtype == np.uint8
    assert sheet.shape == (4 * cell, 8 * cell, 3)
    rows = [sheet[row * cell : row * cell + lessons.SIDE, : lessons.SIDE].astype(int) for row in range(4)]
    sample = ToySamples(4, seed=9)[0]
    assert (rows[0] == sample.page[..., None]).all()
    assert (rows[1][:4, :4] == sample.color[0, 0]).all()
    assert abs(rows[2] - sample.color).mean() < 15
    assert (rows[3] == sample.color).all()


def test_pictures_that_always_look_the_same_are_looked_at_once(monkeypatch):
    monkeypatch.setitem(RECIPES, lessons.METHOD, replace(lessons.RECIPE, hinted=False))
    validation = ToySamples(3, seed=9)
    learned = Trainer.begun(plan(), ToySamples(), validation, Silent())
    learned.validate()
    assert validation.asked == [0, 1, 2]
    assert learned.sheet().shape == (3 * (lessons.SIDE + 4), 3 * (lessons.SIDE + 4), 3)


def test_without_validation_it_learns_all_the_same():
    learned = Trainer.begun(plan(patience=1), ToySamples(), None, Silent())
    finish(learned)
    assert math.isnan(learned.validate().validation)
    assert learned.moment.step == 40
    assert learned.sheet().size


@pytest.mark.parametrize(("changed", "said"), [
    ({"steps": None}, "needs an end"), ({"steps": 0}, "--steps"), ({"minutes": math.nan}, "--minutes"),
    ({"batch": 0}, "--batch"), ({"size": 8}, "--size"), ({"workers": -1}, "--workers"), ({"rate": -1.0}, "--rate"),
    ({"inputs": (Input.EDGES,)}, "does not learn from edges"), ({"shape": (("depth", "3"),)}, "no depth"),
    ({"method": "levin"}, "nothing that can be trained"),
])  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(changed, said):
    with pytest.raises(UserError, match=said):
        trainer(plan(**changed))
