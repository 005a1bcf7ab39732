"""The table of networks: how each method's is made from its shape, and what all of them can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from torch import Tensor, nn

from mangapaint.colorizers.networks.colorful import Colorful
from mangapaint.colorizers.networks.descriptors import DescriptorNetwork
from mangapaint.colorizers.networks.guided import GuidedNetwork
from mangapaint.colorizers.networks.palette_classes import PaletteClasses
from mangapaint.colorizers.networks.unet import Unet

Shape = Mapping[str, str]


class Network(Protocol):
    """A network that colours a page by itself, without hints."""

    @property
    def shape(self) -> dict[str, str]:
        """What ``NETWORKS`` makes the like of it from."""

    def painted(self, page: Tensor, keeps: Tensor) -> tuple[Tensor, Tensor | None]:
        """Colour pages of any size: float (n, 1, h, w), 0 black, 1 white. Call it in evaluation mode.

        ``keeps`` is bool (n,), whether a page's luminance is the colours' own (gray pages, not line art): then only a,b
        are to be taken. Returns CIELAB float (n, 3, h, w), which need not lie in sRGB, and the logits of the bins of
        the a,b plane (``colorizers.gamut``) at a quarter of the page's sides, (n, 313, ceil(h / 4), ceil(w / 4)); None
        from networks that hold nothing likely but the one colour.
        """


NETWORKS: dict[str, Callable[[Shape], nn.Module]] = {
    "palette-classes": PaletteClasses,
    "unet": Unet,
    "gan": Unet,
    "colorful": Colorful,
    "guided": GuidedNetwork,
    "matcher": DescriptorNetwork,
}
"""By method. Raises ``KeyError`` or ``ValueError`` for a shape that is not one of its own."""
