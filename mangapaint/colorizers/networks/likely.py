"""What a distribution over the bins of the a,b plane holds likely: how sure one colour is, and a few distinct ones."""

from __future__ import annotations

import torch
from torch import Tensor

from mangapaint.colorizers.networks.distribution import centres

NEAR = 15.0
"""Colours nearer than this in a,b are one: a bin and those around it."""


def chance_of(chances: Tensor, ab: Tensor) -> Tensor:
    """Return how likely colours are, (m,) 0..1: what their surroundings have of distributions (m, 313).

    ``ab`` is (m, 2).
    """
    near = torch.cdist(ab.float(), centres(chances)) <= NEAR
    return (chances * near).sum(dim=1)


def distinct(chances: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the likeliest colours of distributions (m, 313): a,b (m, count, 2), and how likely each is (m, count).

    Each is the mean of a bin with its surroundings, which then do not count any more: a row sums to at most 1. The
    likeliest surroundings are the first.
    """
    grid = centres(chances)
    around = (torch.cdist(grid, grid) <= NEAR).to(chances)
    colors, likely = [], []
    for _ in range(count):
        mass = chances @ around
        part, at = mass.max(dim=1)
        taken = chances * around[at]
        colors.append((taken @ grid) / part.clamp(min=1e-6)[:, None])
        likely.append(part)
        chances = chances - taken
    return torch.stack(colors, dim=1), torch.stack(likely, dim=1)
