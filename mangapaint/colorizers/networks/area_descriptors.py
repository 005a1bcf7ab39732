"""The part of the network of ``matcher`` that compares areas as wholes, each beside those that it touches.

After Casey et al. 2021 ("The Animation Transformer") and Dai et al. 2024 ("Learning Inclusion Matching for Animation
Paint Bucket Colorization"): what convolutions see is pooled over each area of line art, and areas attend to those of
their own picture and of the other in turn. Here they know how long the border is that they share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.areas import SIGNS
from mangapaint.colorizers.networks.attention import HEADS, Attending

CHANNELS, LAYERS = 128, 3
SHARP, QUICK = 10.0, 10.0
"""By what inner products are multiplied before anything is learned; and how much faster single numbers are learned."""
NEVER = -1e4
"""The logit of areas that are not there."""


@dataclass(frozen=True, eq=False)
class Parting:
    """Areas of pictures, of which there may be fewer than k: ``labels`` (n, h, w), -1 nowhere; ``signs`` (n, k, SIGNS)
    and ``touching`` (n, k, k) as ``colorizers.areas`` has them."""

    labels: Tensor
    signs: Tensor
    touching: Tensor

    def members(self, rows: int, columns: int) -> Tensor:
        """Return how much of each area lies in each place of a grid, (n, k, rows * columns): 1 in all, or 0."""
        count, areas = self.signs.shape[:2]
        height, width = self.labels.shape[1:]
        y, x = (torch.arange(side, device=self.labels.device) * parts // side
                for side, parts in ((height, rows), (width, columns)))  # fmt: skip
        place = (y[:, None] * columns + x).expand(count, -1, -1)
        first = torch.arange(count, device=self.labels.device).reshape(-1, 1, 1) * areas
        known = self.labels >= 0
        key = (first + self.labels.long()) * (rows * columns) + place
        counts = torch.bincount(key[known], minlength=count * areas * rows * columns).float()
        counts = counts.reshape(count, areas, rows * columns)
        return counts / counts.sum(dim=2, keepdim=True).clamp(min=1)


class AreaNetwork(nn.Module):
    """Says which areas of references those of pages are, given what is known of the places they lie in."""

    def __init__(self, known: int, colors: int) -> None:
        super().__init__()
        self.known = nn.Linear(known + SIGNS, CHANNELS)
        self.tint = nn.Linear(colors, CHANNELS, bias=False)
        self.own = nn.ModuleList(Attending(CHANNELS) for _ in range(LAYERS))
        self.other = nn.ModuleList(Attending(CHANNELS) for _ in range(LAYERS))
        self.beside = nn.Parameter(torch.zeros(LAYERS, 2, HEADS))
        self.last = nn.Linear(CHANNELS, CHANNELS)
        self.absent = nn.Linear(CHANNELS, 1)
        for layer in (self.tint, self.absent):
            nn.init.zeros_(layer.weight)
        nn.init.zeros_(self.absent.bias)
        self.sharp = nn.Parameter(torch.tensor(math.log(SHARP) / QUICK))

    def forward(self, page: Tensor, reference: Tensor, colors: Tensor, here: Parting,
                there: Parting) -> tuple[Tensor, Tensor]:  # fmt: skip
        """Return the logits of the areas of pages, (n, p), for those of references, (n, p, r), and for none, (n, p).

        ``page`` and ``reference`` are what is known of them, (n, p, known) and (n, r, known), ``colors`` (n, r, c).
        """
        one, two = (self.known(torch.cat([x, y.signs.to(x)], dim=2)) for x, y in ((page, here), (reference, there)))
        two = two + self.tint(colors.to(two))
        missing = [_missing(item) for item in (here, there)]
        for number, (own, other) in enumerate(zip(self.own, self.other, strict=True)):
            ties = [self._ties(number, item) + gap for item, gap in zip((here, there), missing, strict=True)]
            one, two = own(one, one, ties[0]), own(two, two, ties[1])
            one, two = other(one, two, missing[1]), other(two, one, missing[0])
        found, others = (nnf.normalize(self.last(x).float(), dim=2) for x in (one, two))
        logits = found @ others.transpose(1, 2) * (QUICK * self.sharp).exp()
        return logits + missing[1][:, 0], self.absent(one).float()[..., 0]

    def _ties(self, number: int, areas: Parting) -> Tensor:
        """Return what touching adds to how much areas attend to each other, (n, HEADS, k, k)."""
        touching = areas.touching.to(self.beside)[:, None]
        long, at_all = QUICK * self.beside[number].reshape(2, 1, HEADS, 1, 1)
        return long * touching + at_all * (touching > 0)


def _missing(areas: Parting) -> Tensor:
    """Return ``NEVER`` for the areas that are not there, (n, 1, 1, k), else 0: the size's sign of none is 0 there."""
    there = areas.signs.abs().sum(dim=2) > 0
    return torch.where(there, 0.0, NEVER)[:, None, None]
