"""Pages and colours as a loader hands them over, in bytes, and as networks take them, on the device."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from mangapaint.colorizers.networks.color import srgb_from_lab
from mangapaint.colorizers.networks.table import Network
from mangapaint.training.course import Batch
from mangapaint.training.samples import Arrays, Sample


def pictured(sample: Sample) -> Arrays:
    """Return a sample's page, uint8 (h, w), its colours, uint8 (h, w, 3), and whether the page keeps its luminance."""
    return {"page": sample.page, "color": sample.color, "keeps": np.array(sample.input.keeps)}


def page_of(batch: Batch) -> Tensor:
    """Return the pages of a batch, float (n, 1, h, w), 0 black, 1 white."""
    return batch["page"][:, None].float() / 255


def color_of(batch: Batch) -> Tensor:
    """Return the colours of a batch, sRGB 0..1, (n, 3, h, w)."""
    return batch["color"].permute(0, 3, 1, 2).float() / 255


def as_painted(network: Network, batch: Batch) -> Tensor:
    """Return how a network paints a batch, sRGB 0..1, (n, 3, h, w)."""
    lab, _ = network.painted(page_of(batch), batch["keeps"])
    return srgb_from_lab(lab)


def nothing(samples: Sequence[Sample]) -> Arrays:
    """Find out nothing of the training set: for networks that need not know it before the first step."""
    return {}
