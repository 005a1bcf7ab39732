"""How ``matcher`` learns: each place of a page points at places of its reference that belong to the same thing.

After Vondrick et al. 2018 ("Tracking emerges by colorizing videos"): the loss is how little of what a place points at
is of its own label. Which things belong together is told by ``training.pairing``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.networks.descriptors import CELL, DescriptorNetwork
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import nothing
from mangapaint.training.samples import NOWHERE, Arrays, Input, Sample

ASKED = 640
"""Places of each page that point, drawn by chance; all would take four times as long."""
RARER = 0.5
"""What a place counts falls with this power of how many places have its label."""


class MatcherCourse(Course):
    """``matcher``'s network, and how far it points wrongly."""

    network: DescriptorNetwork

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.network = DescriptorNetwork(config)

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the mean of what both pictures of each pair lose when they point at each other."""
        one, two = self._described(batch)
        labels, others = batch["labels"].flatten(1).long(), batch["others"].flatten(1).long()
        return (self._lost(one, two, labels, others) + self._lost(two, one, others, labels)) / 2

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return all parameters: there is one turn."""
        return [list(self.network.parameters())]

    def shown(self, batch: Batch) -> Tensor:
        """Return the colours that the page's places point at, as light as the page."""
        one, two = self._described(batch)
        colors = nnf.avg_pool2d(batch["colors"].float() / 255, CELL)
        shares = torch.softmax(self.network.pointers(one, two), dim=2)
        rows, columns = colors.shape[-2:]
        found = (shares @ colors.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(-1, 3, rows, columns)
        return nnf.interpolate(found, scale_factor=CELL, mode="bilinear", align_corners=False)

    def _described(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Describe the pages and their references, (n, LENGTH, places) each."""
        both = torch.cat([batch["page"], batch["reference"]]).float() / 255
        found = self.network(both, batch["keeps"].repeat(2)).flatten(2)
        one, two = found.chunk(2)
        return one, two

    def _lost(self, page: Tensor, reference: Tensor, labels: Tensor, others: Tensor) -> Tensor:
        """Return -log of how much of what places point at is of their label, where that occurs in the reference."""
        chosen = torch.randperm(labels.shape[1], device="cpu")[:ASKED].to(labels.device)
        labels, page = labels[:, chosen], page[:, :, chosen]
        logits = self.network.pointers(page, reference).float()
        same = (labels[:, :, None] == others[:, None]) & (labels != NOWHERE)[:, :, None]
        counted = same.any(dim=2)
        right = logits.masked_fill(~same, -1e4).logsumexp(dim=2) - logits.logsumexp(dim=2)
        weights = (labels[:, :, None] == labels[:, None]).sum(dim=2).float() ** -RARER * counted
        shares = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
        return -(right * shares).sum(dim=1).mean()


def example(sample: Sample) -> Arrays:
    """Return what the course is given of a pair: whole cells only, pictures as bytes, labels at their middles."""
    assert sample.reference is not None
    height, width = (side // CELL * CELL for side in sample.page.shape)
    seen, middles = (slice(height), slice(width)), (slice(CELL // 2, height, CELL), slice(CELL // 2, width, CELL))
    other = sample.reference
    return {
        "page": sample.page[seen][None],
        "reference": other.page[seen][None],
        "keeps": np.asarray(sample.input.keeps),
        "labels": np.ascontiguousarray(sample.regions[middles]),
        "others": np.ascontiguousarray(other.regions[middles]),
        "colors": np.ascontiguousarray(other.color[seen].transpose(2, 0, 1)),
    }


RECIPE = Recipe(
    method="matcher",
    example=example,
    course=lambda config, survey: MatcherCourse(config),
    survey=nothing,
    inputs=(Input.GRAY, Input.INK),
    rate=1e-3,
    betas=(0.9, 0.98),
    paired=True,
)
