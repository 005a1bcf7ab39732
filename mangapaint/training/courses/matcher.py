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
from numpy.typing import NDArray
from torch import Tensor, nn

from mangapaint.colorizers.areas import SIGNS, parted
from mangapaint.colorizers.networks.area_descriptors import Parting
from mangapaint.colorizers.networks.descriptors import CELL, Described, DescriptorNetwork, parts
from mangapaint.colorizers.sights import without_lines
from mangapaint.document.page import Pixels
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import nothing
from mangapaint.training.samples import NOWHERE, Arrays, Input, Labels, Sample

ASKED = 320
"""Places of each page that point, drawn by chance; all would take much longer."""
RARER = 0.5
"""What a place counts falls with this power of how many places have its label."""
NONE = 0.3
"""What a place counts that is not in the reference, against one that is."""
AREAS = 128
"""Of each picture so many are matched, the largest."""
SURE = 0.6
"""Of an area's pixels at least this part has to be of one label, or it is not asked for."""
DARK = 128
"""A reference's lines are what of its page is darker."""
LAB = (0.0, 128.0, 128.0)
"""What is taken from CIELAB in bytes, of which L is 255 at its most."""


Field = NDArray[np.float32]


class MatcherCourse(Course):
    """``matcher``'s network, and how far its places and areas point wrongly."""

    network: DescriptorNetwork

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.network = DescriptorNetwork(config)

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the mean of what pages lose by pointing at what is not theirs."""
        places, colors = self._described(batch)
        labels, others = (batch[name].flatten(1).long() for name in ("labels", "others"))
        return self._lost_by_places(places, labels, others) + self._lost_by_areas(places, colors, batch)

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return all parameters: there is one turn."""
        return [list(self.network.parameters())]

    def shown(self, batch: Batch) -> Tensor:
        """Return the colours that the page's places point at."""
        places, _ = self._described(batch)
        colors = nnf.avg_pool2d(batch["colors"].float() / 255, CELL)
        shares = torch.softmax(self.network.pointers(places.page.flatten(2), places.reference.flatten(2)), dim=2)
        rows, columns = colors.shape[-2:]
        found = (shares @ colors.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(-1, 3, rows, columns)
        return nnf.interpolate(found, scale_factor=CELL, mode="bilinear", align_corners=False)

    def _described(self, batch: Batch) -> tuple[Described, Tensor]:
        """Describe the places of pages and references; and return the colours that the network was given."""
        page, reference = batch["page"].float() / 255, batch["reference"].float() / 255
        lab = batch["lab"].float() - batch["lab"].new_tensor(LAB, dtype=torch.float32).reshape(3, 1, 1)
        colors = parts(torch.cat([lab[:, :1] * (100 / 255), lab[:, 1:]], dim=1))
        return self.network(page, reference, colors, batch["keeps"]), colors

    def _lost_by_places(self, places: Described, labels: Tensor, others: Tensor) -> Tensor:
        chosen = torch.randperm(labels.shape[1], device="cpu")[:ASKED].to(labels.device)
        labels, page, absent = (values.flatten(2 if values.ndim == 4 else 1)[..., chosen]
                                for values in (labels, places.page, places.absent))  # fmt: skip
        logits = self.network.pointers(page, places.reference.flatten(2)).float()
        worth = (labels[:, :, None] == labels[:, None]).sum(dim=2).float() ** -RARER
        return _lost(logits, absent, labels, others, worth)

    def _lost_by_areas(self, places: Described, colors: Tensor, batch: Batch) -> Tensor:
        here, there = (Parting(*(batch[f"{name}_{what}"] for what in ("areas", "signs", "touching")))
                       for name in ("page", "reference"))  # fmt: skip
        logits, absent = self.network.areas(places, colors, here, there)
        labels, others = batch["page_labels"].long(), batch["reference_labels"].long()
        return _lost(logits.float(), absent.float(), labels, others, batch["page_worth"])


def _lost(logits: Tensor, absent: Tensor, labels: Tensor, others: Tensor, worth: Tensor) -> Tensor:
    """Return -log of how much of what is pointed at is of the own label, or is "absent" where nothing is.

    ``logits`` (n, p, r) and ``absent`` (n, p) of p with ``labels`` (n, p), each counting by its ``worth`` (n, p), for r
    with ``others`` (n, r). A mean over pairs: 0 where nothing is known.
    """
    known = labels != NOWHERE
    same = (labels[:, :, None] == others[:, None]) & known[:, :, None]
    there = same.any(dim=2)
    whole = torch.logaddexp(logits.logsumexp(dim=2), absent)
    right = logits.masked_fill(~same, -1e4).logsumexp(dim=2) - whole
    right = torch.where(there, right, absent - whole)
    weights = worth * known * torch.where(there, 1.0, NONE)
    shares = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
    return -(right * shares).sum(dim=1).mean()


def example(sample: Sample) -> Arrays:
    """Return what the course is given of a pair: whole cells only, pictures as bytes, labels at their middles."""
    assert sample.reference is not None
    height, width = (side // CELL * CELL for side in sample.page.shape)
    seen, middles = (slice(height), slice(width)), (slice(CELL // 2, height, CELL), slice(CELL // 2, width, CELL))
    other = sample.reference
    lines = not sample.input.keeps
    colors = other.color if sample.input.keeps else without_lines(other.color, other.page < DARK)
    here, worth = _areas("page", sample.page[seen], sample.regions[seen], lines=lines, sure=SURE)
    there, _ = _areas("reference", other.page[seen], other.regions[seen], lines=lines, sure=0.5)
    return {
        **here,
        **there,
        "page_worth": worth,
        "page": sample.page[seen][None],
        "reference": other.page[seen][None],
        "keeps": np.asarray(sample.input.keeps),
        "labels": np.ascontiguousarray(sample.regions[middles]),
        "others": np.ascontiguousarray(other.regions[middles]),
        "colors": np.ascontiguousarray(other.color[seen].transpose(2, 0, 1)),
        "lab": np.ascontiguousarray(cv2.cvtColor(colors[seen], cv2.COLOR_RGB2LAB).transpose(2, 0, 1)),
    }


def _areas(name: str, picture: Pixels, regions: Labels, *, lines: bool, sure: float) -> tuple[Arrays, Field]:
    """Part a picture, and label its areas by what most of each is, at least a ``sure`` part; return what areas count.

    All arrays are as if there were ``AREAS`` of them.
    """
    areas = parted(picture, lines=lines, most=AREAS)
    count = areas.count
    signs, touching = np.zeros((AREAS, SIGNS), np.float32), np.zeros((AREAS, AREAS), np.float16)
    labels, worth = np.full(AREAS, NOWHERE, np.int32), np.zeros(AREAS, np.float32)
    signs[:count], touching[:count, :count] = areas.signs, areas.touching
    for number in range(count):
        inside = regions[areas.labels == number]
        values, counts = np.unique(inside[inside != NOWHERE], return_counts=True)
        if len(values) and counts.max() >= sure * len(inside):
            labels[number] = values[counts.argmax()]
        worth[number] = len(inside) ** RARER
    found: Arrays = {"areas": areas.labels, "signs": signs, "touching": touching, "labels": labels}
    return {f"{name}_{key}": value for key, value in found.items()}, worth


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
