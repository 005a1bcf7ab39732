"""The network of `palette-classes`: every pixel one of the 32 main colours of a character's pictures.

The source, a coloring network for one anime character, gives each pixel a class by cross-entropy on one-hot labels,
with dropout, because a regression onto the label's number does not converge. What the layers are it leaves open. Here
five steps halve the picture, so that a pixel's class is decided with the whole figure in sight, and five bring it back,
each joined by what was seen at that size, so that colours end at the lines. The colours belong to the weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.analysis.palette import LIGHT
from mangapaint.colorizers.gamut import COUNT
from mangapaint.colorizers.networks.color import lab_from_srgb, lightness
from mangapaint.colorizers.networks.distribution import soft_encoded
from mangapaint.colorizers.networks.shape import number, padded, whole

WIDENED = (1, 2, 4, 8, 8, 8)
"""Channels from full size to the smallest, as multiples of the width."""
MULTIPLE = 2 ** (len(WIDENED) - 1)
"""Pixels that both sides are padded to a multiple of."""
DROPPED = 0.5
"""Part of the values that dropout takes away at the three smallest sizes.

On eight pictures and their counterparts, less of it, or only at the end, or pictures normalised each by itself instead
of in batches, put fewer of the counterparts' pixels right.
"""
DROPPING = 2
"""So many of the steps up have dropout behind them; the smallest picture has it, too."""
COARSE = 4
"""How much smaller than the page the distribution over bins is."""
LEAST = 1e-6
"""The chance of a bin that no colour of the palette is near."""


class PaletteClasses(nn.Module):
    """From pages to scores of the palette's colours. ``colors`` in its shape is how many there are."""

    palette: Tensor
    """sRGB, uint8 (colors, 3)."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        self.shape = whole(shape, width="16", colors="32")
        count = number(self.shape, "colors")
        channels = [number(self.shape, "width") * times for times in WIDENED]
        self.register_buffer("palette", torch.zeros(count, 3, dtype=torch.uint8))
        self.first = _layer(1, channels[0])
        pairs = list(itertools.pairwise(channels))
        self.down = nn.ModuleList(nn.Sequential(_layer(*pair, stride=2), _layer(pair[1], pair[1])) for pair in pairs)
        self.up = nn.ModuleList(_layer(above + own, own) for own, above in reversed(pairs))
        self.drop = nn.Dropout(DROPPED)
        self.head = nn.Conv2d(channels[0], count, 1)

    def forward(self, page: Tensor) -> Tensor:
        """Return scores (n, colors, h, w) of pages 0..1, (n, 1, h, w)."""
        seen = [self.first(padded(page, MULTIPLE) * 2 - 1)]
        for down in self.down:
            seen.append(down(seen[-1]))
        values = self.drop(seen.pop())
        for step, up in enumerate(self.up):
            below = seen.pop()
            values = up(torch.cat([nnf.interpolate(values, scale_factor=2.0, mode="nearest"), below], dim=1))
            if step < DROPPING:
                values = self.drop(values)
        return self.head(values)[..., : page.shape[-2], : page.shape[-1]]

    def nearest(self, rgb: Tensor) -> Tensor:
        """Return the class of each pixel of sRGB 0..1, (n, 3, h, w), int64 (n, h, w): the nearest colour.

        By the distance that palettes are made with, in which L counts less; of equal ones the first.
        """
        pixels = lab_from_srgb(rgb).permute(0, 2, 3, 1)
        axes = torch.tensor([LIGHT, 1, 1], device=rgb.device)
        distances = torch.cdist(pixels.flatten(0, 2) * axes, self._lab() * axes)
        return distances.argmin(dim=1).reshape(pixels.shape[:3])

    def painted(self, page: Tensor, keeps: Tensor) -> tuple[Tensor, Tensor]:
        """Colour pages; see ``networks.table.Network``."""
        scores = self(page).float()
        lab = self._lab()[scores.argmax(dim=1)].permute(0, 3, 1, 2)
        light = torch.where(keeps[:, None, None, None], lightness(page), lab[:, :1])
        return torch.cat([light, lab[:, 1:]], dim=1), self._bins(scores)

    def _bins(self, scores: Tensor) -> Tensor:
        """Return logits of the bins of the a,b plane at a quarter of the sides: each colour over those next to it."""
        which, shares = soft_encoded(self._lab().T[None, 1:, :, None])
        table = shares.new_zeros(len(self.palette), COUNT).scatter(1, which[0, ..., 0].T, shares[0, ..., 0].T)
        chances = nnf.avg_pool2d(torch.softmax(scores, dim=1), COARSE, ceil_mode=True)
        return torch.einsum("nkhw,kq->nqhw", chances, table).clamp(min=LEAST).log()

    def _lab(self) -> Tensor:
        """Return the palette as CIELAB, float (colors, 3)."""
        return lab_from_srgb(self.palette.T[None, :, :, None] / 255)[0, ..., 0].T


def _layer(below: int, above: int, *, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(below, above, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(above), nn.ReLU())
