"""Runs the network of ``matcher``: what each place of a picture is like, and which of other places it points at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from mangapaint.colorizers.networks.descriptors import DescriptorNetwork
from mangapaint.colorizers.sights import Sight
from mangapaint.colorizers.weights import Weights, load
from mangapaint.colorizers.working import shrunk

LONGEST = 320
"""Pixels on the long side at which pictures are described."""
AT_ONCE = 2048
"""Places that are compared with all others at a time."""

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Describer:
    """Describes places with the network of some weights, on a device."""

    weights: Weights
    device: str

    def described(self, sight: Sight) -> Field:
        """Return vectors of length 1 for a picture's places, float32 (h, w, d); those of the latest are remembered."""
        return _described(self, sight)

    @torch.inference_mode()
    def nearest(self, page: Field, others: Field, count: int) -> tuple[NDArray[np.intp], Field]:
        """Return for places (n, d) which of others (m, d) they point at most, best first, and how far these are.

        Indices, intp (n, k), and -log of their share of all that is pointed at, float32 (n, k); k at most ``count``.
        """
        network = cast(DescriptorNetwork, load(self.weights, "matcher", device=self.device))
        there = torch.from_numpy(np.ascontiguousarray(others.T)).to(self.device)[None]
        count = min(count, len(others))
        found = []
        for part in np.array_split(page, -(-len(page) // AT_ONCE)):
            here = torch.from_numpy(np.ascontiguousarray(part.T)).to(self.device)[None]
            logits = network.pointers(here, there)[0]
            best, index = logits.topk(count, dim=1)
            found.append((index.cpu().numpy(), (logits.logsumexp(dim=1, keepdim=True) - best).cpu().numpy()))
        place, far = (np.concatenate(rows) for rows in zip(*found, strict=True))
        return place.astype(np.intp), far.astype(np.float32)


@lru_cache(maxsize=24)
def _described(describer: Describer, sight: Sight) -> Field:
    network = load(describer.weights, "matcher", device=describer.device)
    seen = shrunk(sight.fine, LONGEST).astype(np.float32) / np.float32(255)
    page = torch.from_numpy(seen)[None, None].to(describer.device)
    with torch.inference_mode():
        found = network(page, torch.tensor([not sight.lines], device=describer.device))
    return np.ascontiguousarray(found[0].permute(1, 2, 0).cpu().numpy())
