"""A network of two layers that learns quickly what colour gray values have, and samples for it; nothing is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from mangapaint.progress import Silent
from mangapaint.training.course import Batch, Course, Recipe
from mangapaint.training.plan import Plan
from mangapaint.training.samples import NOWHERE, Arrays, Input, Sample
from mangapaint.training.trainer import Trainer

METHOD = "toy"
SIDE = 16


class ToyNetwork(nn.Module):
    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        if not set(shape) <= {"width", "norm"}:
            raise ValueError(f"no {', '.join(sorted(set(shape) - {'width', 'norm'}))}")
        self.shape = {"width": "8", "norm": "group", **shape}
        width = int(self.shape["width"])
        self.first = nn.Conv2d(1, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width) if self.shape["norm"] == "batch" else nn.GroupNorm(2, width)
        self.drop = nn.Dropout(0.1 if self.shape["norm"] == "batch" else 0)
        self.last = nn.Conv2d(width, 3, 1)

    def forward(self, page: Tensor) -> Tensor:
        return self.last(torch.relu(self.drop(self.norm(self.first(page)))))


class ToyCourse(Course):
    """A network, and a critic that learns in a turn of its own what the network's mean error is."""

    def __init__(self, config: Mapping[str, str], surveyed: Arrays) -> None:
        super().__init__()
        self.network = ToyNetwork(config)
        self.critic = nn.Linear(1, 1)
        self.unused = nn.Parameter(torch.zeros(3))
        self.register_buffer("mean", torch.from_numpy(np.array(surveyed["mean"])))

    def forward(self, batch: Batch, turn: int) -> Tensor:
        error = (self.network(batch["page"]) + self.mean[:, None, None] - batch["color"]).square().mean(dim=(1, 2, 3))
        if turn == 0:
            return (self.critic(batch["page"].mean(dim=(1, 2, 3))[:, None])[:, 0] - error.detach()).square().mean()
        return error.mean()

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        return [*self.critic.parameters(), self.unused], list(self.network.parameters())

    def shown(self, batch: Batch) -> Tensor:
        return self.network(batch["page"]) + self.mean[:, None, None]


def example(sample: Sample) -> Arrays:
    return {"page": sample.page[None].astype(np.float32) / 255,
            "color": sample.color.transpose(2, 0, 1).astype(np.float32) / 255}  # fmt: skip


def survey(samples: Sequence[Sample]) -> Arrays:
    return {"mean": np.mean([sample.color.mean(axis=(0, 1)) / 255 for sample in samples], axis=0, dtype=np.float32)}


RECIPE = Recipe(method=METHOD, example=example, course=ToyCourse, survey=survey, inputs=(Input.GRAY, Input.INK),
                rate=0.01, betas=(0.9, 0.999), hinted=True)  # fmt: skip


class ToySamples:
    """Random gray pages; red grows with gray, blue falls, and green is always the same."""

    def __init__(self, count: int = 8, *, seed: int = 0, asked: list[int] | None = None) -> None:
        self._count = count
        self._seed = seed
        self.asked = [] if asked is None else asked

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Sample:
        self.asked.append(number)
        rng = np.random.default_rng((self._seed, number))
        page = rng.integers(256, size=(SIDE // 4, SIDE // 4), dtype=np.uint8).repeat(4, axis=0).repeat(4, axis=1)
        color = np.stack([page, np.full_like(page, 90), 255 - page], axis=2)
        hints = np.zeros((SIDE, SIDE, 4), np.uint8)
        hints[:4, :4] = (*color[0, 0], 255)
        return Sample(Input.GRAY, page, color, hints, np.full((SIDE, SIDE), NOWHERE, np.int32))


def plan(**changed: object) -> Plan:
    return Plan(**{"method": METHOD, "inputs": (Input.GRAY,), "steps": 40, "batch": 4, "size": 32, **changed})


def trainer(wanted: Plan | None = None, samples: ToySamples | None = None, **changed: object) -> Trainer:
    validation = ToySamples(4, seed=9)
    return Trainer.begun(wanted or plan(), samples or ToySamples(), validation, Silent(), **changed)


def finish(training: Trainer) -> Trainer:
    """Learn to the end, looking whenever it is due."""
    while not training.ended:
        if training.advance(60, Silent()).due:
            training.validate()
    return training


def values(training: Trainer) -> dict[str, Tensor]:
    """Everything a training has learned, by name."""
    return {name: value.clone() for name, value in training.checkpoint().tensors.items()}


def same(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)
