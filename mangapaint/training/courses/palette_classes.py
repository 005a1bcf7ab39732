"""How `palette-classes` learns: cross-entropy with the palette's nearest colour, made from the whole training set."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mangapaint.colorizers.networks.palette_classes import PaletteClasses
from mangapaint.training.course import Batch, Config, Course, Recipe
from mangapaint.training.courses.pictures import as_painted, color_of, page_of, pictured
from mangapaint.training.losses import class_entropy
from mangapaint.training.samples import Arrays, Input, Sample
from mangapaint.training.surveys import palette_of

COLORS = 32


class PaletteClassesCourse(Course):
    """A network with the main colours of what it is taught on."""

    network: PaletteClasses

    def __init__(self, config: Config, surveyed: Arrays) -> None:
        super().__init__()
        self.network = PaletteClasses(config)
        palette = torch.from_numpy(surveyed["palette"].copy())
        # Where there are fewer colours than classes the last is repeated; the repetitions are never the right class.
        own = torch.arange(len(self.network.palette)).clamp(max=len(palette) - 1)
        self.network.palette.copy_(palette[own])

    def forward(self, batch: Batch, turn: int) -> Tensor:
        """Return the cross-entropy of the pixels' classes."""
        with torch.no_grad():
            classes = self.network.nearest(color_of(batch))
        return class_entropy(self.network(page_of(batch)), classes)

    def turns(self) -> Sequence[Sequence[nn.Parameter]]:
        """Return the one turn."""
        return (tuple(self.network.parameters()),)

    def shown(self, batch: Batch) -> Tensor:
        """Return each pixel's colour, with the page's L where that is kept."""
        return as_painted(self.network, batch)


def survey(samples: Sequence[Sample]) -> Arrays:
    """Find the main colours of all pictures together, the largest first: at most 32, none of them alike to the eye."""
    return {"palette": palette_of(samples, COLORS)}


RECIPE = Recipe(method="palette-classes", example=pictured, course=PaletteClassesCourse, survey=survey,
                inputs=(Input.GRAY, Input.EDGES, Input.INK, Input.TONE), rate=1e-3, betas=(0.9, 0.999))  # fmt: skip
