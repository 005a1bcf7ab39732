"""The network of the Auto-Coloring Network (2016). It imports torch, so it is itself imported only to run.

The source cuts a patch of 29 x 29 around every pixel and pads every convolution inside it with zeros: 29 -> 15 -> 8 ->
4 -> 2. That is ``padded``, the yardstick: what two patches share is computed twice, because beside their borders they
differ. Otherwise nothing is padded in the first three stages (30 -> 14 -> 6 -> 2, the field is 30 x 30), only
the picture is, at its border. Patches then agree where they overlap, so these stages run once over a whole picture,
and only the fourth convolution, padded in its 2 x 2 as in the source, and the dense layers run pixel by pixel; the
fourth max-pool is left out, as 2 x 2 is what it would lead to. All weights have the source's shapes.

A whole picture can be gone through in steps without computing anything for pixels that are not of the step: pixels a
stride of 4 or 8 apart share most of the first stages with each other. So an epoch is a walk through all such lattices.
"""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.palette_cnn_pictures import DESCRIPTOR_LENGTH

CHANNELS = (3, 16, 32, 64, 128)
DENSE = 256
DEVIATION = 0.02
"""Of the initial weights' normal distribution, which is cut off at twice that."""
KEPT = 0.5
"""Part of the dense layers' values that dropout leaves."""
FIELD, PADDED_FIELD = 30, 29
"""Sides of the patch a pixel's label is read from."""
TRUNK_STRIDE = 8
"""Pixels of the picture from one place to the next behind the first three stages."""


class PaletteNetwork(nn.Module):
    """Tells the label of a pixel from what surrounds it."""

    def __init__(self, colors: int, *, described: bool, padded: bool, seed: int) -> None:
        super().__init__()
        self.padded = padded
        self.field = PADDED_FIELD if padded else FIELD
        pairs = list(itertools.pairwise(CHANNELS))
        self.convolutions = nn.ModuleList(nn.Conv2d(below, above, 3) for below, above in pairs)
        self.norms = nn.ModuleList(nn.BatchNorm2d(above) for above in CHANNELS[1:])
        self.first = nn.Linear(CHANNELS[-1] * 4 + (DESCRIPTOR_LENGTH if described else 0), DENSE)
        self.second = nn.Linear(DENSE, DENSE)
        self.last = nn.Linear(DENSE, colors)
        generator = torch.Generator().manual_seed(seed)
        for layer in (*self.convolutions, self.first, self.second, self.last):
            bounds = {"a": -2 * DEVIATION, "b": 2 * DEVIATION}
            nn.init.trunc_normal_(layer.weight, std=DEVIATION, generator=generator, **bounds)
            nn.init.zeros_(layer.bias)

    def blocks(self, pictures: Tensor, *, stride: int = TRUNK_STRIDE) -> Tensor:
        """Return what the first three stages make of every ``stride``-th patch: (n, rows, columns, 64, side, side).

        ``pictures`` is (n, 3, H, W), and every patch lies wholly inside. ``stride`` is 1, 2, 4 or 8; where it is less
        than 8, convolutions and max-pools are dilated instead of leaving pixels out.
        """
        values, spacing = pictures, 1
        for stage in range(3):
            dilation = 2**stage // spacing
            values = self._convolved(stage, values, dilation)
            step = 2 if spacing < stride else 1
            values = nnf.max_pool2d(values, 2, stride=step, dilation=dilation, ceil_mode=self.padded)
            spacing *= step
        if self.padded:
            return values[:, None, None]
        apart = TRUNK_STRIDE // spacing
        rows, columns = values.shape[2] - apart, values.shape[3] - apart
        corners = [values[..., y : y + rows, x : x + columns] for y in (0, apart) for x in (0, apart)]
        return torch.stack(corners, dim=-1).permute(0, 2, 3, 1, 4).reshape(-1, rows, columns, CHANNELS[3], 2, 2)

    def scores(self, blocks: Tensor, descriptors: Tensor | None, noise: torch.Generator | None = None) -> Tensor:
        """Return each label's score, (n, K), from blocks (n, 64, side, side) and descriptors (n, 128), if there are.

        With ``noise``, dropout takes away half of the dense layers' values.
        """
        values = self._convolved(3, blocks.contiguous(), 1, padding=1)
        if self.padded:
            values = nnf.max_pool2d(values, 2)
        values = values.flatten(1)
        if descriptors is not None:
            values = torch.cat([values, descriptors], dim=1)
        for layer in (self.first, self.second):
            values = _dropped(nnf.relu(layer(values)), noise)
        return self.last(values)

    def _convolved(self, stage: int, values: Tensor, dilation: int, *, padding: int = 0) -> Tensor:
        layer = self.convolutions[stage]
        assert isinstance(layer, nn.Conv2d)
        padding = 1 if self.padded else padding
        found = nnf.conv2d(values, layer.weight, layer.bias, padding=padding, dilation=dilation)
        return nnf.relu(self.norms[stage](found))


def _dropped(values: Tensor, noise: torch.Generator | None) -> Tensor:
    """Drop half of the values; drawn on the processor, so that every device drops the same."""
    if noise is None:
        return values
    kept = torch.rand(values.shape, generator=noise) < KEPT
    return values * kept.to(values.device) / KEPT
