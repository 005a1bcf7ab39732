"""The method ``palette-cnn``: a small network learns one reference's palette and labels the page's pixels with it.

The Auto-Coloring Network (2016): one coloured frame, one similar gray one, and everything is learned from the first.
The reference's colours are clustered into a palette; the network learns to tell a pixel's colour from the gray, the
edges and the corners around it; the page's labels become a palette picture, which is enlarged twice, linearly, and
gives the page its a,b. Its authors wished for a number of colours chosen by the picture, for descriptors beside the
network, and for a,b as what is clustered; all three are options. Beyond the source: several references teach one
network, hints overrule it, and whole pictures are convolved instead of patches (see ``palette_cnn_network``), in a
sixth to an eighth of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mangapaint.colorizers import device, fusing, propagation
from mangapaint.colorizers.fusing import Fusion
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.colorizers.palette_cnn_pictures import Choices, Material, material
from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.progress import Progress

if TYPE_CHECKING:
    from mangapaint.colorizers.palette_cnn_learning import Training

EPOCHS = 100
STEP_SECONDS = 1.0
"""After so long the page is shown as it is then."""


@dataclass(eq=False)
class Prepared:
    """A page made ready and what was learned; ``fusion`` is what that gives the page, made when it is first asked for.

    ``steps`` is how many the network is to learn for in all.
    """

    material: Material
    training: Training
    steps: int
    hints: propagation.Prepared
    fusion: Fusion | None = field(default=None, repr=False)


@dataclass(frozen=True)
class PaletteCnn:
    """One network learns one page's references; it goes over all their pixels ``epochs`` times."""

    epochs: int = EPOCHS
    step_seconds: float = STEP_SECONDS

    info = MethodInfo(
        id="palette-cnn",
        title="Learn the reference's palette",
        source="Auto-Coloring Network, 2016",
        needs=frozenset({Need.REFERENCE}),
        kinds=frozenset(Kind),
        devices=("cpu", "cuda"),
        options=(
            Option("size", "Working size", ("112", "224"),
                   "Longer side in pixels at which the page is looked at. 224 shows finer things, four times as slow.",
                   prepares=True),
            Option("colors", "Colours", ("24", "32", "auto"),
                   "How many colours there are at most. Auto: as many as the references have.", prepares=True),
            Option("space", "Colours by", ("rgb", "ab"),
                   "RGB: light and dark of one hue are different colours. ab: only hue and chroma count.",
                   prepares=True),
            Option("descriptors", "Descriptors", ("off", "on"),
                   "On: what surrounds a pixel is also described by SIFT, for the network to compare.", prepares=True),
            Option("patches", "Patches", ("whole", "single"),
                   "Single: one patch of 29 x 29 after the other, as published; six to eight times as slow.",
                   prepares=True),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Prepared:
        """Look at the pictures, choose the palette, and make a network that knows nothing yet."""
        if not request.references:
            raise UserError("there is no reference to learn from", path=request.analysis.page.path,
                            remedy="give a coloured reference (--reference)")  # fmt: skip
        progress.report(0.0, "Looking at the references")
        made = material(request.analysis, request.references, _choices(self.info, request), seed=request.seed)
        progress.report(0.5, "Making the network")
        from mangapaint.colorizers import palette_cnn_learning as learning  # torch is slow to import

        padded = request.option(self.info, "patches") == "single"
        where = device.resolve(request.device, self.info.devices)
        training = learning.begun(made, padded=padded, seed=request.seed, device=where)
        steps = self.epochs * learning.steps_of(made, padded=padded) if len(made.colors) > 1 else 0
        return Prepared(made, training, steps, fusing.HINTS.prepare(request, progress))

    def learn(self, prepared: Prepared, request: ColorRequest, progress: Progress) -> Prepared:
        """Return what was prepared having learned for about a second more; what was given stays as it is."""
        progress.report(0.0, f"Learning the palette, {self.learned(prepared):.0%}")
        further = prepared.training.advanced(
            prepared.material, most=prepared.steps, seconds=self.step_seconds, progress=progress
        )
        return replace(prepared, training=further, fusion=None)

    def learned(self, prepared: Prepared) -> float:
        """Return how much of all epochs has been gone through, 0..1; there is nothing to learn about one colour."""
        return prepared.training.steps / prepared.steps if prepared.steps else 1.0

    def colorize(self, prepared: Prepared, request: ColorRequest, progress: Progress) -> Colorization:
        """Colour the page from what was learned so far; the network runs only the first time."""
        if prepared.fusion is None:
            labels = prepared.training.labels(prepared.material.page, progress)
            picture = prepared.material.picture(labels)
            prepared.fusion = Fusion(fusing.of_picture(request.analysis, picture), prepared.hints)
        progress.check()
        return prepared.fusion.colorized(request, self.info, progress)


def _choices(info: MethodInfo, request: ColorRequest) -> Choices:
    """Return what the artist decided."""
    count = request.option(info, "colors")
    return Choices(
        size=int(request.option(info, "size")),
        count=None if count == "auto" else int(count),
        chroma=request.option(info, "space") == "ab",
        described=request.option(info, "descriptors") == "on",
    )
