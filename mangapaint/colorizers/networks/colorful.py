"""The network of Zhang, Isola, Efros 2016 ("Colorful Image Colorization"): from L to what colours each place may have.

Eight blocks of convolutions as in VGG, each batch normalised at its end: three times half the size, then two dilated
blocks that see far without getting smaller, then twice the size again, so that the answer has a quarter of the page's
sides. The source's 64 channels are ``width``; fewer are quick enough for a processor. Line art has no luminance to
keep, so one more channel says the L of what is to be filled. ``predicts`` is "classes", the distribution over the bins
of the a,b plane, or "l2", one a,b: the regression that the source improves on.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.gamut import COUNT
from mangapaint.colorizers.networks.color import lightness
from mangapaint.colorizers.networks.distribution import likeliest
from mangapaint.colorizers.networks.shape import number, one_of, padded, whole

BLOCKS = ((1, 2, 2, 1), (2, 2, 2, 1), (4, 3, 2, 1), (8, 3, 1, 1), (8, 3, 1, 2), (8, 3, 1, 2), (8, 3, 1, 1))
"""Of each block its channels as multiples of the width, how many convolutions, the stride of the last, the dilation."""
SMALLER, MULTIPLE = 4, 8
"""How much smaller the answer is than the page; what the page's sides are padded to a multiple of."""
UNIT = 10.0
"""What 1 of the network's a,b and L stands for."""
MIDDLE = 50.0
"""The L that a 0 of the network's stands for."""


class Colorful(nn.Module):
    """From pages to distributions over a,b, or to a,b themselves."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        self.shape = whole(shape, width="24", predicts="classes")
        width = number(self.shape, "width")
        self.outputs = COUNT if one_of(self.shape, "predicts", ("classes", "l2")) == "classes" else 2
        layers: list[nn.Module] = []
        below = 1
        for times, count, stride, dilation in BLOCKS:
            layers += _block(below, width * times, count=count, stride=stride, dilation=dilation)
            below = width * times
        self.trunk = nn.Sequential(*layers)
        self.up = nn.ConvTranspose2d(below, width * 4, 4, stride=2, padding=1)
        self.rest = nn.Sequential(nn.ReLU(), *_block(width * 4, width * 4, count=2, stride=1, dilation=1))
        self.head = nn.Conv2d(width * 4, self.outputs + 1, 1)
        for module in (*self.trunk, *self.rest):
            if isinstance(module, nn.Conv2d):  # only each block's end is normalised, so values must keep their size
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, page: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (n, 313, h/4, w/4), or a,b (n, 2, h/4, w/4), and L 0..100 (n, 1, h/4, w/4).

        Of pages 0..1, (n, 1, h, w), whose sides are multiples of 8.
        """
        light = (lightness(page) - MIDDLE) / MIDDLE
        found = self.head(self.rest(self.up(self.trunk(light)))).float()
        colors, light = found[:, : self.outputs], found[:, self.outputs :]
        return (colors if self.outputs == COUNT else colors * UNIT), light * UNIT + MIDDLE

    def painted(self, page: Tensor, keeps: Tensor) -> tuple[Tensor, Tensor | None]:
        """Colour pages; see ``networks.table.Network``."""
        whole_page = padded(page, MULTIPLE)
        colors, light = self(whole_page)
        logits = colors if self.outputs == COUNT else None
        ab = colors if logits is None else likeliest(logits)
        small = torch.cat([light.clamp(0, 100), ab], dim=1)
        lab = nnf.interpolate(small, size=whole_page.shape[-2:], mode="bilinear", align_corners=False)
        lab = lab[..., : page.shape[-2], : page.shape[-1]]
        own = torch.where(keeps[:, None, None, None], lightness(page), lab[:, :1])
        return torch.cat([own, lab[:, 1:]], dim=1), logits if logits is None else _cut(logits, page)


def _cut(logits: Tensor, page: Tensor) -> Tensor:
    """Leave out what lies beyond the page."""
    height, width = page.shape[-2:]
    return logits[..., : -(-height // SMALLER), : -(-width // SMALLER)]


def _block(below: int, above: int, *, count: int, stride: int, dilation: int) -> list[nn.Module]:
    """Return some convolutions with ReLU, the last with the stride, and a batch normalisation."""
    layers: list[nn.Module] = []
    for at in range(count):
        step = stride if at == count - 1 else 1
        layers.append(nn.Conv2d(below, above, 3, stride=step, padding=dilation, dilation=dilation))
        layers.append(nn.ReLU())
        below = above
    return [*layers, nn.BatchNorm2d(above)]
