"""What training is made of: coloured pictures, and samples of them, each with the page a network is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

Labels = NDArray[np.int32]
Arrays = Mapping[str, NDArray[np.generic]]
"""Named arrays of one sample; those of a batch are stacked along a new first axis and become tensors."""
NOWHERE = -1
"""The label of pixels that belong to no region: ink, and what is not known."""


class Input(Enum):
    """What a network is given of a picture: its luma, edges of Canny, its ink alone, or ink with screentone."""

    GRAY = "gray"
    EDGES = "edges"
    INK = "ink"
    TONE = "tone"

    @property
    def keeps(self) -> bool:
        """Whether the page's luminance is the colours' own."""
        return self is Input.GRAY


@dataclass(frozen=True, eq=False)
class Original:
    """A coloured picture, uint8 RGB (h, w, 3), with what else is known of it (None: nothing).

    ``series`` is what it is divided by (training, validation), never the picture. ``line`` is its line drawing, uint8
    (h, w), ink dark on white; ``tone`` the same with screentone; ``regions`` int32 (h, w), areas of one thing, and
    ``identities`` int32 (h, w), what the thing is, the same number in all pictures of one series; ``NOWHERE`` on ink.
    """

    name: str
    series: str
    color: Pixels
    line: Pixels | None = None
    tone: Pixels | None = None
    regions: Labels | None = None
    identities: Labels | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """What a network is shown once, all of one size.

    ``page`` is uint8 (h, w), the uncoloured picture; ``color`` uint8 RGB (h, w, 3), the truth; ``hints`` uint8 RGBA
    (h, w, 4), alpha 255 where there is a hint, else 0 all; ``regions`` int32 (h, w), areas of one colour, ``NOWHERE``
    on ink. ``fine`` are page and hints as they were drawn, some times as large, if that is wanted at all.
    ``reference`` is another picture of the same things, of which those belong together that have the same number in the
    ``regions`` of both.
    """

    input: Input
    page: Pixels
    color: Pixels
    hints: Pixels
    regions: Labels
    fine: tuple[Pixels, Pixels] | None = None
    reference: Sample | None = None
