"""How ``guided`` learns: a distribution over bins and one colour for each place, from simulated hints or none.

Its configuration has, beside the network's shape, ``loss``: "both", "classes" or "color" for one of them alone, or
"smooth": both, the colour by smooth L1 alone, as in Zhang 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.gamut import wanted
from mangapaint.colorizers.hint_flow import CELL, Ground, hint_flow
from mangapaint.colorizers.networks.color import lab_from_srgb, srgb_from_lab
from mangapaint.colorizers.networks.guided import GuidedNetwork, HintTensors
from mangapaint.colorizers.networks.shape import one_of
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import nothing
from mangapaint.training.losses import bin_entropy, farness, region_unrest, smooth_l1
from mangapaint.training.samples import Arrays, Input, Sample

LIGHT_WEIGHT, UNREST_WEIGHT = 0.05, 0.1
"""What the L of fills and unrest within regions count beside the distribution."""
LOSSES = {"both": (1.0, 0.05, 8.0), "classes": (1.0, 0.0, 0.0), "color": (0.0, 0.05, 8.0), "smooth": (1.0, 0.5, 0.0)}
"""What the distribution counts, and of the one colour the smooth L1 and how far it is off, by what the configuration
says of ``loss``."""
FAR, COLORED = 10.0, 8.0
"""The a,b within which a colour is nearly right, and the chroma from which on a place is coloured: about as
``evaluation.metrics`` counts them. How far colours are off counts where there is one, made or true."""
FINER = 2
"""So many times as large as the network's are the pages on which levin spreads hints."""
TOLD = 4
"""Every so many-th sample is told which colours there are in all."""


class GuidedCourse(Course):
    """``guided`` and its losses."""

    network: GuidedNetwork

    def __init__(self, config: Config) -> None:
        super().__init__()
        own = {"loss": "both", **config}
        self.losses = LOSSES[one_of(own, "loss", tuple(LOSSES))]
        self.network = GuidedNetwork({key: value for key, value in own.items() if key != "loss"})

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the loss: cross-entropy, what the colour is off, and unrest."""
        answer = self.network(self.network.page(_page(batch), batch["keeps"]), _hints(batch))
        truth = lab_from_srgb(batch["color"].float() / 255)
        coarse, fine = nnf.avg_pool2d(truth, CELL), nnf.avg_pool2d(truth, 2)
        bare = ~batch["keeps"][:, None, None].expand(-1, *fine.shape[-2:])
        classes, smooth, far = self.losses
        loss = classes * bin_entropy(answer.logits, coarse[:, 1:])
        loss = loss + smooth * smooth_l1(answer.lab[:, 1:], fine[:, 1:])
        colored = torch.maximum(answer.lab[:, 1:].detach().float().norm(dim=1), fine[:, 1:].norm(dim=1)) > COLORED
        loss = loss + far * farness(answer.lab[:, 1:], fine[:, 1:], colored, scale=FAR)
        loss = loss + LIGHT_WEIGHT * smooth_l1(answer.lab[:, :1], fine[:, :1], bare & _off_lines(batch))
        return loss + UNREST_WEIGHT * region_unrest(answer.lab[:, 1:], batch["regions"])

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return all parameters: there is one turn."""
        return [list(self.network.parameters())]

    def shown(self, batch: Batch) -> Tensor:
        """Return the colours, with the page's own L where it keeps that, under the page's lines where not."""
        page = _page(batch)
        lab = nnf.interpolate(self.network(self.network.page(page, batch["keeps"]), _hints(batch)).lab,
                              page.shape[-2:], mode="bilinear", align_corners=False)  # fmt: skip
        own = lab_from_srgb(page.expand(-1, 3, -1, -1))[:, :1]
        keeps = batch["keeps"][:, None, None, None]
        rgb = srgb_from_lab(torch.cat([torch.where(keeps, own, lab[:, :1]), lab[:, 1:]], dim=1))
        return torch.where(keeps, rgb, rgb * page)


def example(sample: Sample) -> Arrays:
    """Return what the course is given of a sample: whole cells only, the page and truth as bytes.

    Levin is shown the page as fine as it was drawn: a method's pages are large, and so it sees them there.
    """
    height, width = (side // CELL * CELL for side in sample.page.shape)
    page, color = sample.page[:height, :width], sample.color[:height, :width]
    fine, hints = sample.fine or (sample.page, sample.hints)
    times = fine.shape[0] // sample.page.shape[0]
    fine, hints = (layer[: height * times, : width * times] for layer in (fine, hints))
    flow = hint_flow(Ground.of(page, fine), sample.hints[:height, :width], hints)
    return {
        "page": page[None],
        "keeps": np.asarray(sample.input.keeps),
        "color": color.transpose(2, 0, 1),
        "given": flow.given.astype(np.float16),
        "flow": flow.flow.astype(np.float16),
        "tokens": flow.tokens,
        "spread": flow.halved.astype(np.float16),
        "overall": wanted((color,) if crc32(page.tobytes()) % TOLD == 0 else ()),
        "regions": sample.regions[:height:2, :width:2],
    }


def _page(batch: Batch) -> Tensor:
    return batch["page"].float() / 255


def _hints(batch: Batch) -> HintTensors:
    given, flow, spread = (batch[name].float() for name in ("given", "flow", "spread"))
    return HintTensors(given, flow, batch["tokens"], spread, batch["overall"])


def _off_lines(batch: Batch) -> Tensor:
    """Return where the fill shows: L under a line is nobody's business, bool (n, h / 2, w / 2)."""
    return nnf.avg_pool2d(batch["page"].float(), 2)[:, 0] > 200


RECIPE = Recipe(
    method="guided",
    example=example,
    course=lambda config, survey: GuidedCourse(config),
    survey=nothing,
    inputs=(Input.GRAY, Input.INK, Input.EDGES, Input.TONE),
    rate=2e-3,
    betas=(0.9, 0.999),
    hinted=True,
    finer=FINER,
)
"""Twice the rate of Zhang 2017 for small sets: with steps as few as a CPU takes in minutes it came further."""
