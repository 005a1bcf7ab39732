"""Distributions over the bins of the a,b plane: from colours to them, and back to one colour.

Zhang, Isola, Efros 2016: truth is soft-encoded over the five nearest bins, and a prediction becomes one colour by the
annealed mean, which lies between the mean (pale, of one colour) and the mode (vivid, patchy). Where nothing but the
distribution is known, the colour that is likeliest to be nearly right is better: of two likely ones it takes one, where
the annealed mean lies between them and is neither.
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

CHROMAS, HUES = (11.0, 13.0, 16.0, 19.0, 23.0, 28.0, 34.0, 42.0, 52.0, 64.0), 32
"""The colours that are tried; what has less than the first is seen as gray."""
NEARLY = 6.0
"""Deviation, in a,b, of the Gaussian by which a bin speaks for a colour."""
GRAY, GRAY_PART = 8.0, 0.3
"""Bins of less chroma are gray; they count so much less, for gray is what all uncertain things are a little."""
FIRM = 0.015
"""Of colours that are less likely than the likeliest by this part, the mean takes 1/e: smaller is patchier."""
BARE, SURELY = 0.8, 0.9
"""A place that is gray with this chance loses colour, and with this one has none."""


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


def likeliest(logits: Tensor) -> Tensor:
    """Return the a,b that are likeliest to be nearly right, (n, 2, h, w), from logits (n, 313, h, w).

    Uncertain places are pale, those that are gray for certain have no colour. Chroma accuracy of one network on 45
    pictures of other series: .18, where the mean has .14, the mode .01, and the annealed mean .05.
    """
    with torch.autocast(logits.device.type, enabled=False):
        chances = torch.softmax(logits.float(), dim=1)
        grid, bearing, gray = _tried(chances)
        right = torch.einsum("nqhw,rq->nrhw", chances, bearing)
        shares = torch.softmax(right.clamp(min=1e-12).log() / FIRM, dim=1)
        colored = ((SURELY - chances[:, gray].sum(dim=1, keepdim=True)) / (SURELY - BARE)).clamp(0, 1)
        return torch.einsum("nrhw,rc->nchw", shares, grid) * colored


def _tried(like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the colours that are tried, (r, 2), how each bin bears upon them, (r, 313), and which bins are gray."""
    turn = torch.arange(HUES, device=like.device) * (2 * torch.pi / HUES)
    around = torch.stack([turn.cos(), turn.sin()], dim=1).to(like)
    grid = torch.cat([chroma * around for chroma in CHROMAS])
    places = centres(like)
    gray = places.norm(dim=1) < GRAY
    bearing = torch.exp(-torch.cdist(grid, places).square() / (2 * NEARLY**2)) * torch.where(gray, GRAY_PART, 1.0)
    return grid, bearing, gray
