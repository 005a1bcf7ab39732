"""How `colorful` learns: cross-entropy over the bins of the a,b plane, rare colours counting more (Zhang 2016).

Its configuration has, beside the network's shape, ``rebalance``: "on", or "off" to let every pixel count the same. With
rebalancing rare colours would come out likelier than they are; so what they count more is added to the logits while
learning (as in Menon et al. 2021, "Long-tail learning via logit adjustment"), and the network's own say what is likely.
On line art a pixel tells the less of its surroundings' colour the darker its ink is.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.gamut import COUNT
from mangapaint.colorizers.networks.color import lab_from_srgb
from mangapaint.colorizers.networks.colorful import MULTIPLE, SMALLER, UNIT, Colorful
from mangapaint.colorizers.networks.shape import one_of, padded
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import as_painted, color_of, page_of, pictured
from mangapaint.training.losses import bin_entropy, l2, rebalancing, smooth_l1
from mangapaint.training.samples import Arrays, Input, Sample
from mangapaint.training.surveys import bins_of

SWITCH = ("on", "off")
SOLID = 1e-3
"""What a pixel of solid ink counts beside one of bare paper."""


class ColorfulCourse(Course):
    """A network, and what each bin counts."""

    network: Colorful
    weights: Tensor
    """Float (313,)."""

    def __init__(self, config: Config, surveyed: Arrays) -> None:
        super().__init__()
        own = {"rebalance": "on", **config}
        rebalanced = one_of(own, "rebalance", SWITCH) == "on"
        self.network = Colorful({key: value for key, value in own.items() if key != "rebalance"})
        frequent = torch.from_numpy(surveyed["bins"].copy())
        self.register_buffer("weights", rebalancing(frequent) if rebalanced else torch.ones(COUNT))

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the loss in a,b, and for pages that do not keep theirs, in L."""
        page = padded(page_of(batch), MULTIPLE)
        colors, light = self.network(page)
        truth = coarse(padded(lab_from_srgb(color_of(batch)), MULTIPLE), worth(page, batch["keeps"]))
        lines = ~batch["keeps"][:, None, None].expand(light.shape[0], *light.shape[2:])
        return self._in_ab(colors, truth[:, 1:]) + smooth_l1(light / UNIT, truth[:, :1] / UNIT, lines)

    def _in_ab(self, colors: Tensor, ab: Tensor) -> Tensor:
        if self.network.outputs == COUNT:
            return bin_entropy(colors + self.weights.log()[:, None, None], ab, self.weights)
        return l2(colors / UNIT, ab / UNIT)

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return the one turn."""
        return (tuple(self.network.parameters()),)

    def shown(self, batch: Batch) -> Tensor:
        """Return the annealed mean with the page's L, or with that of the fill where the page does not keep its own."""
        return as_painted(self.network, batch)


def coarse(lab: Tensor, worth: Tensor) -> Tensor:
    """Return CIELAB (n, 3, h, w) at the network's size: means over squares, each pixel as much as it is worth."""
    return nnf.avg_pool2d(lab * worth, SMALLER) / nnf.avg_pool2d(worth, SMALLER)


def worth(page: Tensor, keeps: Tensor) -> Tensor:
    """Return what each pixel counts, (n, 1, h, w): all the same on gray pages, on others only what is not ink."""
    return torch.where(keeps[:, None, None, None], torch.ones_like(page), page.clamp(min=SOLID))


def survey(samples: Sequence[Sample]) -> Arrays:
    """Find how frequent each bin is in all pictures together."""
    return {"bins": bins_of(samples)}


RECIPE = Recipe(method="colorful", example=pictured, course=ColorfulCourse, survey=survey,
                inputs=(Input.GRAY, Input.INK, Input.TONE, Input.EDGES), rate=1e-3, betas=(0.9, 0.99))  # fmt: skip
