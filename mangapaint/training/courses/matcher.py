"""How ``matcher`` learns: each place of a page points at places of its reference that belong to the same thing.

After Vondrick et al. 2018 ("Tracking emerges by colorizing videos"): the loss is how little of what a place points at
is of its own label. Which things belong together is told by ``training.pairing``.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.networks.descriptors import CELL, DescriptorNetwork, parts
from mangapaint.colorizers.sights import without_lines
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import nothing
from mangapaint.training.samples import NOWHERE, Arrays, Input, Sample

ASKED = 320
"""Places of each page that point, drawn by chance; all would take much longer."""
RARER = 0.5
"""What a place counts falls with this power of how many places have its label."""
NONE = 0.3
"""What a place counts that is not in the reference, against one that is."""
DARK = 128
"""A reference's lines are what of its page is darker."""
LAB = (0.0, 128.0, 128.0)
"""What is taken from CIELAB in bytes, of which L is 255 at its most."""


class MatcherCourse(Course):
    """``matcher``'s network, and how far it points wrongly."""

    network: DescriptorNetwork

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.network = DescriptorNetwork(config)

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the mean of what pages lose by pointing at what is not theirs."""
        page, reference, absent = self._described(batch)
        return self._lost(page, reference, absent, batch["labels"].flatten(1).long(), batch["others"].flatten(1).long())

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return all parameters: there is one turn."""
        return [list(self.network.parameters())]

    def shown(self, batch: Batch) -> Tensor:
        """Return the colours that the page's places point at."""
        page, reference, _ = self._described(batch)
        colors = nnf.avg_pool2d(batch["colors"].float() / 255, CELL)
        shares = torch.softmax(self.network.pointers(page, reference), dim=2)
        rows, columns = colors.shape[-2:]
        found = (shares @ colors.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(-1, 3, rows, columns)
        return nnf.interpolate(found, scale_factor=CELL, mode="bilinear", align_corners=False)

    def _described(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Describe the places of pages and references, (n, LENGTH, places) each; and how absent the pages' are."""
        page, reference = batch["page"].float() / 255, batch["reference"].float() / 255
        lab = batch["lab"].float() - batch["lab"].new_tensor(LAB, dtype=torch.float32).reshape(3, 1, 1)
        lab = torch.cat([lab[:, :1] * (100 / 255), lab[:, 1:]], dim=1)
        found = self.network(page, reference, parts(lab), batch["keeps"])
        one, two, absent = (values.flatten(1 if values.ndim == 3 else 2) for values in found)
        return one, two, absent

    def _lost(self, page: Tensor, reference: Tensor, absent: Tensor, labels: Tensor, others: Tensor) -> Tensor:
        """Return -log of how much of what places point at is of their label, or is "absent" where nothing is."""
        chosen = torch.randperm(labels.shape[1], device="cpu")[:ASKED].to(labels.device)
        labels, page, absent = labels[:, chosen], page[:, :, chosen], absent[:, chosen]
        logits = self.network.pointers(page, reference).float()
        known = labels != NOWHERE
        same = (labels[:, :, None] == others[:, None]) & known[:, :, None]
        there = same.any(dim=2)
        whole = torch.logaddexp(logits.logsumexp(dim=2), absent)
        right = logits.masked_fill(~same, -1e4).logsumexp(dim=2) - whole
        right = torch.where(there, right, absent - whole)
        weights = (labels[:, :, None] == labels[:, None]).sum(dim=2).float() ** -RARER * known
        weights = weights * torch.where(there, 1.0, NONE)
        shares = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
        return -(right * shares).sum(dim=1).mean()


def example(sample: Sample) -> Arrays:
    """Return what the course is given of a pair: whole cells only, pictures as bytes, labels at their middles."""
    assert sample.reference is not None
    height, width = (side // CELL * CELL for side in sample.page.shape)
    seen, middles = (slice(height), slice(width)), (slice(CELL // 2, height, CELL), slice(CELL // 2, width, CELL))
    other = sample.reference
    colors = other.color if sample.input.keeps else without_lines(other.color, other.page < DARK)
    return {
        "page": sample.page[seen][None],
        "reference": other.page[seen][None],
        "keeps": np.asarray(sample.input.keeps),
        "labels": np.ascontiguousarray(sample.regions[middles]),
        "others": np.ascontiguousarray(other.regions[middles]),
        "colors": np.ascontiguousarray(other.color[seen].transpose(2, 0, 1)),
        "lab": np.ascontiguousarray(cv2.cvtColor(colors[seen], cv2.COLOR_RGB2LAB).transpose(2, 0, 1)),
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
