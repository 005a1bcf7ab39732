"""What a network makes of a page by itself, pixel by pixel: what is measured where its method would do more."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.networks.color import srgb_from_lab
from mangapaint.colorizers.networks.distribution import annealed_mean
from mangapaint.document.page import Pixels

if TYPE_CHECKING:
    from mangapaint.colorizers.networks.table import Network

FINER = 4
"""That many times as fine as its distribution is the page."""


@torch.inference_mode()
def answer(network: nn.Module, page: Pixels, *, keeps: bool, device: str, temperature: float | None = None) -> Pixels:
    """Return a page, uint8 (h, w), as a network (see ``networks.table.Network``) paints it, uint8 RGB (h, w, 3).

    ``keeps``: L is the page's own, not the network's. ``temperature`` is of the annealed mean, 0 the mode, for a
    network that knows a distribution; None is the network's own choice.
    """
    shown = torch.from_numpy(page.astype(np.float32) / np.float32(255))[None, None].to(device)
    lab, logits = cast("Network", network).painted(shown, torch.tensor([keeps], device=device))
    if temperature is not None and logits is not None:
        lab = torch.cat([lab[:, :1], _fine(annealed_mean(logits.float(), temperature), lab)], dim=1)
    rgb = srgb_from_lab(lab)[0, :, : page.shape[0], : page.shape[1]] * 255
    return np.ascontiguousarray(rgb.round().to(torch.uint8).permute(1, 2, 0).cpu().numpy())


def _fine(ab: Tensor, like: Tensor) -> Tensor:
    """Return colours at a quarter of a page's sides at its own size."""
    rows, columns = ab.shape[-2:]
    fine = nnf.interpolate(ab, size=(FINER * rows, FINER * columns), mode="bilinear", align_corners=False)
    return fine[..., : like.shape[-2], : like.shape[-1]]
