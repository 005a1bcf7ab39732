import numpy as np
import pytest
import torch

from mangapaint.colorizers.hint_flow import CELL
from mangapaint.training.courses.guided import RECIPE, GuidedCourse, example
from mangapaint.training.samples import Input, Sample

SIDE = 64


def sample(seed, given=Input.GRAY, *, hinted=True):
    rng = np.random.default_rng(seed)
    color = np.full((SIDE, SIDE, 3), rng.integers(60, 220, 3), np.uint8)
    color[16:48, 16:48] = rng.integers(60, 220, 3)
    regions = np.zeros((SIDE, SIDE), np.int32)
    regions[16:48, 16:48] = 1
    page = np.rint(color @ [0.299, 0.587, 0.114]).astype(np.uint8)
    if not given.keeps:
        page = np.where((regions == 1) & (np.roll(regions, 2, 0) == 0), np.uint8(0), np.uint8(255))
    hints = np.zeros((SIDE, SIDE, 4), np.uint8)
    if hinted:
        hints[30:34, 30:34] = (*color[32, 32], 255)
    return Sample(given, page, color, hints, regions)


def batch(*samples):
    rows = [example(item) for item in samples]
    return {key: torch.from_numpy(np.stack([row[key] for row in rows])) for key in rows[0]}


def course():
    torch.manual_seed(0)
    return GuidedCourse({})


def test_it_learns_two_pictures_with_and_without_hints():
    learner, given = course(), batch(sample(1), sample(2, hinted=False), sample(3, Input.INK))
    optimizer = torch.optim.Adam(learner.parameters(), RECIPE.rate)
    first = learner(given, 0).item()
    for _ in range(100):
        optimizer.zero_grad()
        loss = learner(given, 0)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.5 * first
    learner.eval()
    with torch.inference_mode():
        made = learner.shown(given)
    truth = given["color"].float() / 255
    assert (made - truth)[1].abs().mean() < 0.05
    assert (made - truth)[0, :, 20:44, 20:44].abs().mean() < 0.05  # beyond, levin spreads the one hint over all


def test_halves_of_a_batch_average_to_the_whole():
    learner, samples = course(), [sample(number, Input.INK if number % 2 else Input.GRAY) for number in range(4)]
    whole = learner(batch(*samples), 0)
    halves = learner(batch(*samples[:2]), 0), learner(batch(*samples[2:]), 0)
    assert whole.item() == pytest.approx(sum(half.item() for half in halves) / 2, rel=1e-5)


def test_an_example_is_cut_to_whole_cells_and_the_same_each_time():
    item = sample(5)
    odd = Sample(item.input, item.page[:-1, :-3], item.color[:-1, :-3], item.hints[:-1, :-3], item.regions[:-1, :-3])
    one, two = example(odd), example(odd)
    assert one["page"].shape == (1, 60, 60)
    assert one["given"].shape == (4, 60 // CELL, 60 // CELL)
    assert all(np.array_equal(one[key], two[key]) for key in one)


def test_some_samples_are_told_their_colors_and_most_are_not():
    told = [bool(example(sample(number))["overall"][-1]) for number in range(40)]
    assert 2 <= sum(told) <= 20


def test_the_recipe_takes_every_input_and_hints():
    assert set(RECIPE.inputs) == set(Input)
    assert RECIPE.hinted
    (turn,) = course().turns()
    assert len(turn) == len(list(course().parameters()))
