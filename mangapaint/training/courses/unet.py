"""How `unet` learns: the squared difference of every pixel and channel, as the ConvNet of manga colorization did."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from mangapaint.colorizers.networks.unet import Unet
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import color_of, nothing, page_of, pictured
from mangapaint.training.losses import l2
from mangapaint.training.samples import Arrays, Input


class UnetCourse(Course):
    """A U-Net and its loss."""

    network: Unet

    def __init__(self, config: Config, surveyed: Arrays) -> None:
        super().__init__()
        self.network = Unet(config)

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the mean squared difference in sRGB."""
        return l2(self.network(page_of(batch)), color_of(batch))

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return the one turn."""
        return (tuple(self.network.parameters()),)

    def shown(self, batch: Batch) -> Tensor:
        """Return the network's own RGB, also where a page would keep its L: that is what its source reports on."""
        return self.network(page_of(batch))


RECIPE = Recipe(method="unet", example=pictured, course=UnetCourse, survey=nothing,
                inputs=(Input.GRAY, Input.EDGES, Input.INK, Input.TONE), rate=1e-3, betas=(0.9, 0.999))  # fmt: skip
