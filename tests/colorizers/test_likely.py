"""What a distribution over a,b holds likely."""

from __future__ import annotations

import pytest
import torch

from mangapaint.colorizers.gamut import COUNT
from mangapaint.colorizers.networks.distribution import centres
from mangapaint.colorizers.networks.likely import chance_of, distinct

GRID = centres(torch.zeros(1))


def chances(**at: float) -> torch.Tensor:
    """One distribution; keys are a and b with an underscore between, m for minus."""
    found = torch.zeros(1, COUNT)
    for name, part in at.items():
        place = torch.tensor([float(word.replace("m", "-")) for word in name.strip("_").split("_")])
        found[0, int(torch.cdist(place[None], GRID).argmin())] = part
    return found


def test_a_colour_is_as_likely_as_the_bins_around_it():
    spread = chances(_40_20=0.3, _50_20=0.2, _50_30=0.1, _m40_20=0.4)
    near = torch.tensor([[40.0, 20.0], [-40.0, 20.0], [0.0, -80.0], [62.0, 20.0]])
    found = chance_of(spread.expand(4, -1), near)
    assert found.tolist() == pytest.approx([0.6, 0.4, 0.0, 0.2])


def test_the_likeliest_colours_are_distinct_and_the_best_is_first():
    colors, likely = distinct(chances(_40_20=0.3, _50_20=0.3, _m40_20=0.35, _0_m50=0.05), 3)
    assert likely[0].tolist() == pytest.approx([0.6, 0.35, 0.05])
    assert torch.allclose(colors[0], torch.tensor([[45.0, 20.0], [-40.0, 20.0], [0.0, -50.0]]), atol=1e-4)


def test_when_nothing_is_left_the_rest_has_no_chance():
    colors, likely = distinct(chances(_0_0=1.0), 4)
    assert likely[0].tolist() == [1, 0, 0, 0]
    assert torch.isfinite(colors).all()


def test_a_row_sums_to_at_most_one():
    found = torch.softmax(torch.randn(20, COUNT, generator=torch.Generator().manual_seed(3)) * 3, dim=1)
    _, likely = distinct(found, 5)
    assert float(likely.sum(dim=1).max()) <= 1 + 1e-5
    assert bool((likely[:, :-1] >= likely[:, 1:] - 1e-6).all())
