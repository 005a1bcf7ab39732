"""Runs the networks that learned a series: pages in, colours, how sure they are and what else is likely out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from mangapaint.colorizers.networks.likely import chance_of
from mangapaint.colorizers.networks.shape import padded
from mangapaint.document.page import Pixels

if TYPE_CHECKING:
    from mangapaint.colorizers.networks.table import Network

MULTIPLE = 64
"""What pages' sides are padded to a multiple of, so that what networks return is spread over all of the page."""
SPREAD = 72
"""Longest side at which distributions are looked at."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Painting:
    """What a network makes of a picture, (h, w), all float32.

    ``lab`` is (h, w, 3), CIELAB. Of networks that know a distribution, spread over the picture at a smaller size:
    ``sure`` (h', w'), how likely the colour is, and ``chances`` (h', w', 313), those of all bins; otherwise None.
    """

    lab: Field
    sure: Field | None = None
    chances: Field | None = None

    @property
    def finite(self) -> bool:
        """Whether the colours are numbers."""
        return bool(np.isfinite(self.lab).all())


@torch.inference_mode()
def painting(network: torch.nn.Module, gray: Pixels, *, keeps: bool, device: str) -> Painting:
    """Run a network (see ``networks.table.Network``) on a picture, uint8 (h, w)."""
    page = torch.from_numpy(gray.astype(np.float32) / np.float32(255))[None, None].to(device)
    whole = padded(page, MULTIPLE)
    lab, logits = cast("Network", network).painted(whole, torch.tensor([keeps], device=device))
    lab = lab[..., : gray.shape[0], : gray.shape[1]].float()
    colors = lab[0].permute(1, 2, 0).cpu().numpy()
    if logits is None:
        return Painting(colors)
    rows, columns = (-(-logits.shape[at] * gray.shape[at] // whole.shape[at]) for at in (-2, -1))
    return with_distribution(colors, lab, logits[..., :rows, :columns].float())


def with_distribution(colors: Field, lab: Tensor, logits: Tensor) -> Painting:
    """Return a painting of colours, (h, w, 3), the same as a tensor (1, 3, h, w), with what logits say of them.

    The logits, (1, 313, h', w'), are spread over all of the picture.
    """
    rows, columns = logits.shape[-2:]
    share = min(1.0, SPREAD / max(rows, columns))
    size = max(1, round(rows * share)), max(1, round(columns * share))
    chances = torch.softmax(logits, dim=1)
    if size != (rows, columns):
        chances = nnf.adaptive_avg_pool2d(chances, size)
    chances = chances[0].flatten(1).T.contiguous()
    sure = chance_of(chances, nnf.adaptive_avg_pool2d(lab[:, 1:], size)[0].flatten(1).T)
    return Painting(colors, sure.reshape(size).cpu().numpy(), chances.reshape(*size, -1).cpu().numpy())
