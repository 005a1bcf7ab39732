"""Distributions over the bins of the a,b plane: from colours to them, and back to one colour.

Zhang, Isola, Efros 2016: truth is soft-encoded over the five nearest bins, and a prediction becomes one colour by the
annealed mean, which lies between the mean (pale, of one colour) and the mode (vivid, patchy).
"""

from __future__ import annotations

import torch
from torch import Tensor

from mangapaint.colorizers.gamut import bins

NEAREST = 5
DEVIATION = 5.0
"""Of the Gaussian, in a,b, that weighs the nearest bins."""
TEMPERATURE = 0.38
"""Of the annealed mean; 1 is the mean, towards 0 it becomes the mode."""


def centres(like: Tensor) -> Tensor:
    """Return the bins' a,b as (313, 2) on the device and of the type of ``like``."""
    return torch.from_numpy(bins().copy()).to(like)


def soft_encoded(ab: Tensor) -> tuple[Tensor, Tensor]:
    """Return the nearest bins of colours (n, 2, h, w): their numbers, int64 (n, 5, h, w), and weights that sum to 1."""
    points = ab.permute(0, 2, 3, 1).reshape(-1, 2).float()
    squared = torch.cdist(points, centres(points)).square()
    near, which = squared.topk(NEAREST, dim=1, largest=False)
    weights = torch.softmax(-near / (2 * DEVIATION**2), dim=1)
    count, _, height, width = ab.shape
    shape = count, height, width, NEAREST
    return which.reshape(shape).permute(0, 3, 1, 2), weights.reshape(shape).permute(0, 3, 1, 2)


def annealed_mean(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Return one a,b for each distribution, (n, 2, h, w), from logits (n, 313, h, w); temperature 0 is the mode."""
    if temperature == 0:
        return centres(logits)[logits.argmax(dim=1)].permute(0, 3, 1, 2)
    with torch.autocast(logits.device.type, enabled=False):  # half precision would be off by half a unit of a,b
        chances = torch.softmax(logits.float() / temperature, dim=1)
        return torch.einsum("nqhw,qc->nchw", chances, centres(chances))
