"""The network of ``matcher``: describes each place of a picture so that the same thing drawn elsewhere is like it.

After Vondrick et al. 2018 ("Tracking emerges by colorizing videos"): descriptions are compared by their inner product,
and are good where they point at a reference's places that have the page's own colours. Convolutions see what is drawn;
deep down every place attends to all others of its picture, so that a sleeve is described by whose it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.networks.blocks import Residual, Up, down, norm
from mangapaint.colorizers.networks.shape import one_of, padded, whole

WIDTHS = {"small": (32, 64, 96, 128), "large": (48, 96, 160, 256)}
"""Channels at a half, a quarter, an eighth and a sixteenth of the picture."""
CELL = 4
"""Pixels of a side of what is described as one place."""
LENGTH = 64
"""Numbers of a description."""
LAYERS, HEADS, INNER = 2, 4, 2
"""Of the attention: layers, heads, and by how much its inner layer is wider."""
WAVES = 8
"""Sines and cosines along each axis by which places are told, the longest as long as the picture."""
SHARP = 10.0
"""By what inner products are multiplied before anything is learned."""
DIVISOR = 16


class DescriptorNetwork(nn.Module):
    """Describes the places of pictures."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        self.shape = whole(shape, size="small", context="on")
        half, quarter, eighth, sixteenth = WIDTHS[one_of(self.shape, "size", tuple(WIDTHS))]
        context = one_of(self.shape, "context", ("on", "off")) == "on"
        self.first = nn.Sequential(nn.Conv2d(3, half, 5, 2, 2), norm(half), nn.ReLU(), Residual(half))
        self.second = down(half, quarter, blocks=1)
        self.third = down(quarter, eighth, blocks=2)
        self.fourth = down(eighth, sixteenth, blocks=2)
        self.places = nn.Linear(4 * WAVES, sixteenth)
        self.context = nn.ModuleList(Attending(sixteenth) for _ in range(LAYERS if context else 0))
        self.up8 = Up(sixteenth, eighth)
        self.up4 = Up(eighth, quarter)
        self.last = nn.Sequential(Residual(quarter), nn.Conv2d(quarter, LENGTH, 1))
        self.sharp = nn.Parameter(torch.tensor(math.log(SHARP)))

    def forward(self, page: Tensor, keeps: Tensor) -> Tensor:
        """Describe pictures, float (n, 1, h, w), 0..1; ``keeps`` (n,) is 1 where they are gray and 0 for line art.

        Returns vectors of length 1, float (n, LENGTH, h / 4, w / 4), rounded up.
        """
        rows, columns = (-(-side // CELL) for side in page.shape[-2:])
        page = padded(page, DIVISOR)
        kept = keeps.to(page).reshape(-1, 1, 1, 1).expand_as(page)
        half = self.first(torch.cat([page - 0.5, (1 - page) * (1 - kept), kept], dim=1))
        quarter = self.second(half)
        eighth = self.third(quarter)
        deep = self._attended(self.fourth(eighth))
        found = self.last(self.up4(self.up8(deep, eighth), quarter))[..., :rows, :columns]
        return nnf.normalize(found.float(), dim=1)

    def pointers(self, page: Tensor, reference: Tensor) -> Tensor:
        """Return the logits of places, (n, LENGTH, p), for those of a reference, (n, LENGTH, r), as (n, p, r)."""
        return page.transpose(1, 2) @ reference * self.sharp.exp()

    def _attended(self, deep: Tensor) -> Tensor:
        """Let each place see all others; where it lies is told by waves over the picture."""
        count, channels, rows, columns = deep.shape
        waves = self.places(_waves(rows, columns, deep))
        tokens = deep.flatten(2).transpose(1, 2) + waves
        for layer in self.context:
            tokens = layer(tokens)
        return tokens.transpose(1, 2).reshape(count, channels, rows, columns)


class Attending(nn.Module):
    """Adds to each place what it sees in all others (Vaswani et al. 2017)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.before = nn.LayerNorm(channels)
        self.asked = nn.Linear(channels, 3 * channels)
        self.told = nn.Linear(channels, channels)
        self.after = nn.Sequential(nn.LayerNorm(channels), nn.Linear(channels, INNER * channels), nn.GELU(),
                                   nn.Linear(INNER * channels, channels))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, t, c)."""
        count, tokens, channels = x.shape
        query, key, value = (
            part.reshape(count, tokens, HEADS, channels // HEADS).transpose(1, 2)
            for part in self.asked(self.before(x)).chunk(3, dim=2)
        )
        seen = nnf.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(count, tokens, channels)
        x = x + self.told(seen)
        return x + self.after(x)


def _waves(rows: int, columns: int, like: Tensor) -> Tensor:
    """Return where the places of a grid lie, (rows * columns, 4 * WAVES), in parts of its longer side."""
    side = max(rows, columns)
    y, x = ((torch.arange(count, device=like.device) + 0.5 - count / 2) / side for count in (rows, columns))
    turns = torch.arange(1, WAVES + 1, device=like.device) * math.pi
    along = [torch.cat([torch.sin(axis[:, None] * turns), torch.cos(axis[:, None] * turns)], dim=1) for axis in (y, x)]
    grid = torch.cat([along[0][:, None].expand(-1, columns, -1), along[1][None].expand(rows, -1, -1)], dim=2)
    return grid.reshape(rows * columns, -1).to(like)
