"""How likely a distribution over the bins of the a,b plane holds one colour."""

from __future__ import annotations

import torch
from torch import Tensor

from mangapaint.colorizers.guesses import NEAR
from mangapaint.colorizers.networks.distribution import centres


def chance_of(chances: Tensor, ab: Tensor) -> Tensor:
    """Return how likely colours are, (m,) 0..1: what their surroundings have of distributions (m, 313).

    ``ab`` is (m, 2).
    """
    near = torch.cdist(ab.float(), centres(chances)) <= NEAR
    return (chances * near).sum(dim=1)
