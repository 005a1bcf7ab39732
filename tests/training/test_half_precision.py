"""Half precision: which devices learn in it, that they do learn, and that a training may go on without it."""

from __future__ import annotations

from dataclasses import replace

import lessons
import pytest
import torch
from lessons import ToyCourse, ToySamples, finish, plan, same, trainer, values

from mangapaint.colorizers.device import half_precision
from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.training import checkpoint
from mangapaint.training.recipes import RECIPES
from mangapaint.training.trainer import Trainer

ABLE = pytest.mark.skipif(half_precision("cpu") is None, reason="this processor multiplies no bfloat16 by itself")


class Noting(ToyCourse):
    """Notes in which precision its network answers."""

    seen: set[torch.dtype]

    def forward(self, batch, turn):
        Noting.seen.add(self.network.last(torch.zeros(1, self.network.last.in_channels, 1, 1)).dtype)
        return super().forward(batch, turn)


@pytest.fixture(autouse=True)
def _toy(monkeypatch):
    Noting.seen = set()
    monkeypatch.setitem(RECIPES, lessons.METHOD, replace(lessons.RECIPE, course=Noting))
    monkeypatch.setitem(NETWORKS, lessons.METHOD, lessons.ToyNetwork)


@pytest.mark.parametrize(("able", "wanted"), [
    ({"avx512_bf16": True}, torch.bfloat16),
    ({"amx_bf16": True, "avx512_bf16": False}, torch.bfloat16),
    ({"amx_bf16": False, "avx512_bf16": False, "avx512_f": True, "amx_int8": True}, None),
    ({"architecture": "aarch64"}, None),
])  # fmt: skip
def test_of_processors_those_that_multiply_it_by_themselves_take_it(monkeypatch, able, wanted):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert half_precision("cpu") is wanted


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_every_cuda_device_takes_it_in_the_form_that_it_has(monkeypatch, device):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    assert half_precision(device) is torch.bfloat16
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: False)
    assert half_precision(device) is torch.float16


@ABLE
def test_it_learns_colours_in_it():
    said: list[str] = []
    learned = trainer(plan(steps=200, batch=8, rate=0.03, half=True), warn=said.append)
    before = learned.validate().error
    after = finish(learned).validate()
    assert Noting.seen == {torch.bfloat16}
    assert after.error < before / 4
    assert {value.dtype for value in learned._averaged.network.state_dict().values()} == {torch.float32}
    assert learned._learner.skipped == 0
    assert said == []


@ABLE
def test_the_same_again_comes_to_the_same():
    one, two = (values(finish(trainer(plan(half=True)))) for _ in range(2))
    assert same(one, two)
    assert not same(one, values(finish(trainer(plan()))))


def test_unless_it_is_asked_for_everything_is_single():
    trainer(plan(steps=1)).advance(0, lessons.Silent())
    assert Noting.seen == {torch.float32}


def test_a_processor_without_it_learns_as_if_nothing_was_asked(monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    found = values(finish(trainer(plan(half=True, steps=10))))
    assert Noting.seen == {torch.float32}
    assert same(found, values(finish(trainer(plan(steps=10)))))


@pytest.mark.parametrize("before", [True, False])
def test_a_training_goes_on_in_the_other_precision(tmp_path, before):
    path = tmp_path / "a.checkpoint"
    part = trainer(plan(half=before))
    while part.moment.step < 10:
        part.advance(0, lessons.Silent())
    checkpoint.write(path, part.checkpoint())
    wanted = plan(half=not before)
    going = Trainer.resumed(path, wanted, ToySamples(), ToySamples(4, seed=9))
    assert going.moment.step == 10
    Noting.seen.clear()
    assert finish(going).moment.step == 40
    assert Noting.seen == {(half_precision("cpu") or torch.float32) if wanted.half else torch.float32}
