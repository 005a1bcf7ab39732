"""How `gan` learns: two turns a step, the discriminator's and the generator's, which also has L1 to obey.

The source: adversarial loss + 100 * L1, Adam at 2e-4 with beta1 0.5, no noise as input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from mangapaint.colorizers.networks.gan import Discriminator
from mangapaint.colorizers.networks.unet import Unet
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import color_of, nothing, page_of, pictured
from mangapaint.training.losses import adversarial, generated
from mangapaint.training.samples import Arrays, Input


class GanCourse(Course):
    """A generator, which ships, and a discriminator, which does not."""

    network: Unet

    def __init__(self, config: Config, surveyed: Arrays) -> None:
        super().__init__()
        self.network = Unet(config)
        self.discriminator = Discriminator(self.network.shape)

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the discriminator's loss on turn 0, the generator's on turn 1."""
        page, truth = page_of(batch), color_of(batch)
        if turn == 0:
            with torch.no_grad():
                found = self.network(page)
            real = adversarial(self.discriminator(page, truth), real=True)
            return (real + adversarial(self.discriminator(page, found), real=False)) / 2
        found = self.network(page)
        with _frozen(self.discriminator):
            return generated(self.discriminator(page, found), found, truth)

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return the discriminator's turn and the generator's."""
        return tuple(self.discriminator.parameters()), tuple(self.network.parameters())

    def shown(self, batch: Batch) -> Tensor:
        """Return the generator's own RGB, also where a page would keep its L: that is what its source reports on."""
        return self.network(page_of(batch))


@contextmanager
def _frozen(module: nn.Module) -> Iterator[None]:
    """Let gradients pass through a module without reaching its parameters."""
    module.requires_grad_(False)
    try:
        yield
    finally:
        module.requires_grad_(True)


RECIPE = Recipe(method="gan", example=pictured, course=GanCourse, survey=nothing,
                inputs=(Input.GRAY, Input.EDGES, Input.INK, Input.TONE), rate=2e-4, betas=(0.5, 0.999))  # fmt: skip
