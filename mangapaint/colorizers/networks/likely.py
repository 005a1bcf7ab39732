"""What a distribution over the bins of the a,b plane holds likely: how sure one colour is, and a few distinct ones."""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

from mangapaint.colorizers.gamut import REACH, STEP
from mangapaint.colorizers.networks.distribution import centres

NEAR = 15.0
"""Colours nearer than this in a,b are one: a bin and the eight around it."""
SIDE = 2 * REACH // STEP + 1
"""Of the grid that the bins are places of."""


def chance_of(chances: Tensor, ab: Tensor) -> Tensor:
    """Return how likely colours are, (m,) 0..1: what their surroundings have of distributions (m, 313).

    ``ab`` is (m, 2).
    """
    near = torch.cdist(ab.float(), centres(chances)) <= NEAR
    return (chances * near).sum(dim=1)


def _mass(chances: Tensor, places: Tensor) -> Tensor:
    """Return what each bin has together with those around it, (m, 313): sums over squares of three on the grid."""
    laid = chances.new_zeros(len(chances), 1, SIDE * SIDE)
    laid[:, 0, places] = chances
    summed = nnf.avg_pool2d(laid.reshape(-1, 1, SIDE, SIDE), 3, stride=1, padding=1, divisor_override=1)
    return summed.flatten(1)[:, places]


def distinct(chances: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the likeliest colours of distributions (m, 313): a,b (m, count, 2), and how likely each is (m, count).

    Each is the mean of a bin with its surroundings, which then do not count any more: a row sums to at most 1. The
    likeliest surroundings are the first.
    """
    grid = centres(chances)
    around = (torch.cdist(grid, grid) <= NEAR).to(chances)
    places = ((grid + REACH) / STEP).round().long() @ torch.tensor([SIDE, 1], device=grid.device)
    colors, likely = [], []
    for _ in range(count):
        part, at = _mass(chances, places).max(dim=1)
        taken = chances * around[at]
        colors.append((taken @ grid) / part.clamp(min=1e-6)[:, None])
        likely.append(part)
        chances = chances - taken
    return torch.stack(colors, dim=1), torch.stack(likely, dim=1)
