"""What every method is: the request it gets, the colorization it returns, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint
from mangapaint.document.page import Kind, Pixels, Reference
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Stroke
from mangapaint.progress import Progress


class Need(Enum):
    """What a method cannot work without."""

    HINTS = "hints"
    REFERENCE = "reference"
    SERIES = "series"
    WEIGHTS = "weights"


@dataclass(frozen=True)
class MethodInfo:
    """What a method says about itself; ``source`` is its citation, ``kinds`` the kinds of page it can colour."""

    id: str
    title: str
    source: str
    needs: frozenset[Need]
    kinds: frozenset[Kind]
    devices: tuple[str, ...] = ("cpu",)


@dataclass(frozen=True, order=True)
class Stamp:
    """Of which page, and of which moment of it, a result is; later moments are larger."""

    page: str
    moment: int


@dataclass(frozen=True, eq=False)
class ColorRequest:
    """Everything one colorization needs. The same for the window, the command line and the tests."""

    stamp: Stamp
    analysis: PageAnalysis
    strokes: tuple[Stroke, ...] = ()
    hints: tuple[Hint, ...] = ()
    references: tuple[Reference, ...] = ()
    method: str = "auto"
    device: str = "auto"
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Split:
    """A region that holds several colours.

    ``index`` is uint8 or uint16 (h, w) over ``rect``, a row of ``names`` for each pixel of the region (the rest is
    not used); ``names`` is uint16 (n,), the colour indices these stand for.
    """

    region: int
    rect: Rect
    index: NDArray[np.uint8] | NDArray[np.uint16]
    names: NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Colorization:
    """A page's colours.

    ``colors`` is uint8 (K, 3) sRGB; index 0 means "uncoloured" and its row is not used. ``regions`` is uint16
    (R,), the colour index of each region; ``splits`` overrule it inside single regions. ``confidence`` is float32
    (R,), 1 for a hint's own region and less the further the colour had to flow.
    """

    stamp: Stamp
    method: str
    colors: Pixels
    regions: NDArray[np.uint16]
    splits: tuple[Split, ...]
    confidence: NDArray[np.float32]


class Method(Protocol):
    """One way to colorize. Values in, values out."""

    @property
    def info(self) -> MethodInfo:
        """What the method says about itself."""

    def prepare(self, analysis: PageAnalysis, references: tuple[Reference, ...], progress: Progress) -> Any:
        """Work out what depends on the page and references alone; may take long. The caller keeps the result."""

    def colorize(self, prepared: Any, request: ColorRequest, progress: Progress) -> Colorization:
        """Colour the page; called once for each stroke with what ``prepare`` returned for this page."""
