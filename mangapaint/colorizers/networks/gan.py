"""The discriminator of manga colorization with a conditional GAN; the generator is the U-Net of ``unet``.

After Isola et al. 2017 ("Image-to-Image Translation with Conditional Adversarial Networks"): six convolutions with a
stride of 2, batch normalised, with leaky ReLU, look at a page together with colours, and say whether these are its own.
They say so for each place by itself. Where one value may be left for a place, in the last, nothing is normalised.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from mangapaint.colorizers.networks.shape import number, padded
from mangapaint.colorizers.networks.unet import LEAK, MULTIPLE, WIDENED


class Discriminator(nn.Module):
    """Tells colours that a picture has from colours that a generator made. It has the generator's shape."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        channels = [number(shape, "width") * times for times in WIDENED]
        layers: list[nn.Module] = [nn.Conv2d(1 + 3, channels[0], 4, stride=2, padding=1), nn.LeakyReLU(LEAK)]
        for below, above in itertools.pairwise(channels[:-1]):
            layers += [nn.Conv2d(below, above, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(above)]
            layers.append(nn.LeakyReLU(LEAK))
        layers += [nn.Conv2d(channels[-2], channels[-1], 4, stride=2, padding=1), nn.LeakyReLU(LEAK)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(channels[-1], 1, 1))

    def forward(self, page: Tensor, colors: Tensor) -> Tensor:
        """Return what the sigmoid is taken of, (n, 1, h', w'), of pages (n, 1, h, w) and sRGB (n, 3, h, w), 0..1."""
        pair = torch.cat([page, colors.to(page)], dim=1) * 2 - 1
        return self.layers(padded(pair, MULTIPLE))
