"""How the weights that ship are taught: what the recipe fills in, what it leaves as it was said, and whom it serves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mangapaint.colorizers.gamut import COUNT
from mangapaint.errors import UserError
from mangapaint.training.plan import Plan, check, differences
from mangapaint.training.recipes import recipe
from mangapaint.training.running import Order, _as_shipped
from mangapaint.training.samples import Input
from mangapaint.training.shipped import TEACHINGS, teaching

SHIPPED = sorted(TEACHINGS)


def order(method: str = "guided", **said: object) -> Order:
    return Order(method, Path("out.safetensors"), shipped=True, **said)


@pytest.mark.parametrize(("method", "device"), SHIPPED)
def test_every_recipe_can_be_carried_out(method, device):
    how = recipe(method)
    plan = _as_shipped(order(method), device).plan(how, device)
    check(plan, how.inputs)
    how.course(dict(plan.shape), {"bins": np.ones(COUNT, np.float32)})
    assert plan.device == device
    assert plan.minutes is None


@pytest.mark.parametrize(("method", "device"), SHIPPED)
def test_what_is_left_open_is_filled_in(method, device):
    said, how = _as_shipped(order(method), device), TEACHINGS[method, device]
    assert (said.steps, said.scenes, said.size, said.batch, said.rate) == (
        how.steps, how.scenes, how.size, how.batch, how.rate,
    )  # fmt: skip
    assert (said.inputs, said.shape, said.series, said.minutes) == (how.inputs, how.shape, False, None)


@pytest.mark.parametrize(("name", "value"), [
    ("scenes", 0), ("series", True), ("inputs", (Input.INK,)), ("shape", (("size", "large"),)), ("steps", 7),
    ("size", 64), ("batch", 3), ("rate", 0.5), ("seed", 4), ("data", (Path("frogs"),)), ("workers", 0),
    ("patience", 3), ("start", Path("known.safetensors")),
])  # fmt: skip
def test_what_is_said_stays_and_changes_nothing_else(name, value):
    usual = _as_shipped(order(), "cpu")
    found = _as_shipped(order(**{name: value}), "cpu")
    assert getattr(found, name) == value
    assert replace(found, **{name: getattr(usual, name)}) == usual


def test_who_says_how_long_it_takes_is_not_held_to_its_steps():
    found = _as_shipped(order(minutes=3.0), "cpu")
    assert (found.minutes, found.steps) == (3.0, None)
    both = _as_shipped(order(minutes=3.0, steps=9), "cpu")
    assert (both.minutes, both.steps) == (3.0, 9)


def test_the_shape_of_weights_to_start_from_goes_before_the_recipes():
    start = Path("known.safetensors")
    assert _as_shipped(order("colorful"), "cuda").shape
    assert _as_shipped(order("colorful", start=start), "cuda").shape == ()
    wide = (("width", "64"),)
    assert _as_shipped(order("colorful", start=start, shape=wide), "cuda").shape == wide


def test_several_processes_share_a_larger_batch(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert _as_shipped(order(), "cuda").batch == 4 * TEACHINGS["guided", "cuda"].batch
    assert _as_shipped(order(batch=6), "cuda").batch == 6


def test_a_device_has_a_recipe_of_its_own():
    one, other = (_as_shipped(order(), device) for device in ("cpu", "cuda"))
    assert one.steps < other.steps


@pytest.mark.parametrize(("method", "device"), [("unet", "cpu"), ("gan", "cuda"), ("guided", "abacus")])
def test_methods_of_which_no_weights_ship_are_refused(method, device):
    with pytest.raises(UserError) as caught:
        teaching(method, device)
    line = caught.value.line()
    assert f"no weights of {method} ship" in line
    assert "--recipe" in line
    assert all(name in line for name, _ in TEACHINGS)


def test_a_training_may_go_on_in_another_precision_but_not_at_another_size():
    plan = Plan("guided", (Input.GRAY,), half=True)
    assert differences(replace(plan, half=False), plan.as_dict()) == []
    assert differences(replace(plan, half=False, size=64), plan.as_dict()) == ["size"]
