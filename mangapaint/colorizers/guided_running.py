"""Runs the network of ``guided``: a page is looked at once, then answers follow the hints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray

from mangapaint.colorizers.hint_flow import HintFlow
from mangapaint.colorizers.learned_running import Painting, with_distribution
from mangapaint.colorizers.networks.guided import GuidedNetwork, HintTensors, PageFeatures
from mangapaint.document.page import Pixels


@dataclass(frozen=True, eq=False)
class Looked:
    """What the network saw in a picture, and the network."""

    network: GuidedNetwork
    features: PageFeatures
    device: str

    @torch.inference_mode()
    def answer(self, flow: HintFlow, overall: NDArray[np.float32]) -> Painting:
        """Return the picture's colours for hints laid on it; ``overall`` (314,) are the colours wanted in all."""
        arrays = flow.given, flow.flow, flow.tokens, flow.halved, overall, flow.spread.transpose(2, 0, 1)
        *hints, spread = (torch.from_numpy(np.ascontiguousarray(item))[None].to(self.device) for item in arrays)
        answer = self.network(self.features, HintTensors(*hints))
        kept, own = (nnf.interpolate(layer, self.features.size, mode="bilinear", align_corners=False)
                     for layer in (answer.kept, answer.own))  # fmt: skip
        lab = kept * spread + own
        return with_distribution(lab[0].permute(1, 2, 0).cpu().numpy(), lab, answer.logits.float())


@torch.inference_mode()
def looked(network: torch.nn.Module, gray: Pixels, *, keeps: bool, device: str) -> Looked:
    """Look at a picture, uint8 (h, w); ``keeps``: its luminance is the colours' own."""
    guided = cast(GuidedNetwork, network)
    page = torch.from_numpy(gray.astype(np.float32) / np.float32(255))[None, None].to(device)
    return Looked(guided, guided.page(page, torch.tensor([float(keeps)], device=device)), device)
