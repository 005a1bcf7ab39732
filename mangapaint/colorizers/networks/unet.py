"""The U-Net of manga colorization with a ConvNet: six convolutions down, six up, what was seen joined again.

After Isola et al. 2017 ("Image-to-Image Translation with Conditional Adversarial Networks"): from a page, gray or its
lines alone, to RGB. Every convolution has a stride of 2; down with leaky ReLU, up, transposed, with ReLU; all are batch
normalised but the first, the last, and the innermost, where a small picture has only one value left.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.networks.color import lab_from_srgb, lightness
from mangapaint.colorizers.networks.shape import number, padded, whole

WIDENED = (1, 2, 4, 8, 8, 8)
"""Channels of the six steps, as multiples of the first step's."""
MULTIPLE = 2 ** len(WIDENED)
"""Pixels that both sides are padded to a multiple of."""
LEAK = 0.2


class Unet(nn.Module):
    """From pages to colours. ``width`` in its shape is the channels of the first step; 32 suits a processor."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        self.shape = whole(shape, width="64")
        channels = [number(self.shape, "width") * times for times in WIDENED]
        self.first = nn.Conv2d(1, channels[0], 4, stride=2, padding=1)
        pairs = list(itertools.pairwise(channels))
        self.down = nn.ModuleList(_Down(*pair, normalised=pair is not pairs[-1]) for pair in pairs)
        # The innermost gets what comes from below alone; all others what was seen at their size, too.
        entering = [2 * above for above in channels[:-1]] + channels[-1:]
        self.up = nn.ModuleList(_Up(entering[step], channels[step - 1]) for step in range(len(channels) - 1, 0, -1))
        self.last = nn.ConvTranspose2d(entering[0], 3, 4, stride=2, padding=1)

    def forward(self, page: Tensor) -> Tensor:
        """Return sRGB 0..1, (n, 3, h, w), of pages 0..1, (n, 1, h, w)."""
        seen = [self.first(padded(page, MULTIPLE) * 2 - 1)]
        for down in self.down:
            seen.append(down(seen[-1]))
        values = seen.pop()
        for up in self.up:
            values = torch.cat([up(values), seen.pop()], dim=1)
        colors = torch.sigmoid(self.last(torch.relu(values)).float())
        return colors[..., : page.shape[-2], : page.shape[-1]]

    def painted(self, page: Tensor, keeps: Tensor) -> tuple[Tensor, None]:
        """Colour pages; see ``networks.table.Network``."""
        lab = lab_from_srgb(self(page))
        light = torch.where(keeps[:, None, None, None], lightness(page), lab[:, :1])
        return torch.cat([light, lab[:, 1:]], dim=1), None


class _Down(nn.Module):
    """Half the size, leaky ReLU before it."""

    def __init__(self, below: int, above: int, *, normalised: bool) -> None:
        super().__init__()
        self.step = nn.Conv2d(below, above, 4, stride=2, padding=1, bias=not normalised)
        self.norm = nn.BatchNorm2d(above) if normalised else nn.Identity()

    def forward(self, values: Tensor) -> Tensor:
        return self.norm(self.step(nnf.leaky_relu(values, LEAK)))


class _Up(nn.Module):
    """Twice the size, ReLU before it."""

    def __init__(self, above: int, below: int) -> None:
        super().__init__()
        self.step = nn.ConvTranspose2d(above, below, 4, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(below)

    def forward(self, values: Tensor) -> Tensor:
        return self.norm(self.step(torch.relu(values)))
