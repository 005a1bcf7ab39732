"""What a distribution over a,b holds likely: of one colour, and which few colours it comes to."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mangapaint.colorizers.gamut import COUNT, bins
from mangapaint.colorizers.guesses import Guesses, Likely, distinct
from mangapaint.colorizers.networks.likely import chance_of
from mangapaint.document.rect import Rect


def chances(**at: float) -> np.ndarray:
    """One distribution; keys are a and b with an underscore between, m for minus."""
    found = np.zeros(COUNT, np.float32)
    for name, part in at.items():
        place = [float(word.replace("m", "-")) for word in name.strip("_").split("_")]
        found[np.linalg.norm(bins() - place, axis=1).argmin()] = part
    return found


def test_a_colour_is_as_likely_as_the_bins_around_it():
    spread = torch.from_numpy(chances(_40_20=0.3, _50_20=0.2, _50_30=0.1, _m40_20=0.4))
    near = torch.tensor([[40.0, 20.0], [-40.0, 20.0], [0.0, -80.0], [62.0, 20.0]])
    found = chance_of(spread.expand(4, -1), near)
    assert found.tolist() == pytest.approx([0.6, 0.4, 0.0, 0.2])


def test_the_likeliest_colours_are_distinct_and_the_best_is_first():
    colors, likely = distinct(chances(_40_20=0.3, _50_20=0.3, _m40_20=0.35, _0_m50=0.05), 3)
    assert likely.tolist() == pytest.approx([0.6, 0.35, 0.05])
    assert colors == pytest.approx(np.array([[45.0, 20.0], [-40.0, 20.0], [0.0, -50.0]]), abs=1e-4)


def test_when_nothing_is_left_the_rest_has_no_chance():
    colors, likely = distinct(chances(_0_0=1.0), 4)
    assert likely.tolist() == [1, 0, 0, 0]
    assert np.isfinite(colors).all()


def test_likelihoods_sum_to_at_most_one():
    scores = np.exp(np.random.default_rng(3).normal(0, 3, (20, COUNT)))
    for row in (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32):
        _, likely = distinct(row)
        assert likely.sum() <= 1 + 1e-5
        assert (likely[:-1] >= likely[1:] - 1e-6).all()


def test_each_place_of_a_part_has_its_own_and_between_parts_there_is_none():
    rows = np.stack([chances(_40_20=1.0), chances(_m40_20=1.0)])[None]
    part = Likely(Rect(10, 20, 110, 70), rows, np.array([[30, 80]], np.float32))
    guesses = Guesses((part,))
    lab, likely = guesses.at(12, 25)
    assert lab[0] == pytest.approx([30, 40, 20], abs=1e-3)
    assert likely[0] == pytest.approx(1)
    assert guesses.at(109, 69)[0][0] == pytest.approx([80, -40, 20], abs=1e-3)
    assert len(guesses.at(5, 25)[0]) == len(guesses.at(110, 25)[1]) == 0
