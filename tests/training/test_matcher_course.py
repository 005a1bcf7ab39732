"""The network of ``matcher`` learns to point at what belongs together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from coursework import taught
from shown import given, known

from mangapaint.colorizers.areas import SIGNS
from mangapaint.training.augmentation import NONE, SERIES
from mangapaint.training.courses.matcher import AREAS, RECIPE, MatcherCourse, example
from mangapaint.training.loading import stacked
from mangapaint.training.pairing import Pairs
from mangapaint.training.samples import NOWHERE, Input


def batch(*, count=4, size=(64, 64), inputs=(Input.GRAY, Input.INK)):
    calm = replace(SERIES, wear=0.0, light=0.0)
    supply = Pairs(given(known()), (0,), inputs, size, calm, 1)
    return stacked([example(supply[number]) for number in range(count)])


def course():
    torch.manual_seed(0)
    return MatcherCourse({})


def test_it_learns_where_things_are_drawn_elsewhere():
    learner, given_pairs = course(), batch()
    losses = taught(learner, RECIPE, given_pairs, steps=60, rate=RECIPE.rate)
    assert losses[-1] < 0.5 * losses[0]
    learner.eval()
    with torch.inference_mode():
        made = learner.shown(given_pairs)
    assert made.shape == (4, 3, 64, 64)
    assert made.min() >= 0
    assert made.max() <= 1


def test_halves_of_a_batch_average_to_the_whole():
    learner, whole = course(), batch()
    halves = [{name: value[part] for name, value in whole.items()} for part in (np.s_[:2], np.s_[2:])]
    found = []
    for part in (whole, *halves):
        torch.manual_seed(5)  # the same places are asked
        found.append(learner(part, 0).item())
    assert found[0] == pytest.approx((found[1] + found[2]) / 2, rel=1e-4)


def test_what_the_reference_has_not_is_to_be_called_absent():
    learner, given_pairs = course(), batch(count=2)
    for name in ("others", "reference_labels"):
        given_pairs[name] = torch.full_like(given_pairs[name], 77)
    losses = taught(learner, RECIPE, given_pairs, steps=30, rate=RECIPE.rate)
    assert losses[-1] < 0.1 * losses[0]


def test_what_nobody_knows_is_not_asked_for():
    learner, given_pairs = course(), batch(count=2)
    for name in ("labels", "page_labels"):
        given_pairs[name] = torch.full_like(given_pairs[name], NOWHERE)
    assert learner(given_pairs, 0).item() == 0


def test_areas_are_labelled_by_what_most_of_them_is():
    supply = Pairs(given(known()), (0,), (Input.INK,), (96, 128), NONE, 1)
    made = example(supply[0])
    parting, labels, worth = (made[f"page_{name}"] for name in ("areas", "labels", "worth"))
    assert parting.shape == (96, 128)
    assert labels[parting[48, 64]] == 9, "the disc"
    assert (labels == NOWHERE).sum() >= AREAS - 3, "sky and ground are one where nothing parts them"
    assert worth[parting[48, 64]] == pytest.approx((parting == parting[48, 64]).sum() ** 0.5)
    assert made["page_signs"].shape == (AREAS, SIGNS)


def test_areas_that_are_of_several_things_are_not_asked_for():
    supply = Pairs(given(known()), (0,), (Input.INK,), (96, 128), NONE, 1)
    made = example(supply[0])
    around = made["page_areas"][5, 5]
    assert made["page_labels"][around] == NOWHERE != made["reference_labels"][around]


def test_areas_are_learned_as_well():
    learner, given_pairs = course(), batch(inputs=(Input.INK,))
    learner.network.wholes.last.weight.register_hook(lambda gradient: felt.append(float(gradient.abs().max())))
    felt = []
    learner(given_pairs, 0).backward()
    assert felt[0] > 0


def test_odd_sizes_are_cut_to_whole_cells():
    made = batch(count=1, size=(50, 62))
    assert made["page"].shape == made["reference"].shape == (1, 1, 48, 60)
    assert made["labels"].shape == made["others"].shape == (1, 12, 15)
    assert np.isfinite(course()(made, 0).item())
