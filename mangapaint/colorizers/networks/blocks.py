"""Layers that networks are built of; none normalises over a batch, so a picture comes out the same in any company."""

from __future__ import annotations

import torch.nn.functional as nnf
from torch import Tensor, nn

GROUPS = 8
"""Channels are normalised in so many groups."""


class Residual(nn.Module):
    """Adds to what it is given."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.within = nn.Sequential(conv(channels, channels, dilation), norm(channels), nn.ReLU(),
                                    conv(channels, channels, dilation))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, c, h, w)."""
        return nnf.relu(x + self.within(x))


class Up(nn.Module):
    """Brings deep features to twice their size and joins them with those that were there."""

    def __init__(self, deep: int, channels: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(deep, channels, 1)
        self.within = nn.Sequential(conv(channels, channels), norm(channels), nn.ReLU(), conv(channels, channels))

    def forward(self, deep: Tensor, skipped: Tensor) -> Tensor:
        """Return (n, c, h, w) of the size of ``skipped``."""
        x = skipped + nnf.interpolate(self.narrow(deep), scale_factor=2, mode="bilinear", align_corners=False)
        return nnf.relu(x + self.within(x))


def down(before: int, after: int, *, blocks: int) -> nn.Sequential:
    """Return layers that halve the size and then add to what they have so many times."""
    return nn.Sequential(nn.Conv2d(before, after, 3, 2, 1), norm(after), nn.ReLU(),
                         *(Residual(after) for _ in range(blocks)))  # fmt: skip


def conv(before: int, after: int, dilation: int = 1) -> nn.Conv2d:
    """Return a convolution of 3 x 3 that keeps the size."""
    return nn.Conv2d(before, after, 3, padding=dilation, dilation=dilation)


def norm(channels: int) -> nn.GroupNorm:
    """Return a normalisation of each picture by itself."""
    return nn.GroupNorm(GROUPS, channels)
