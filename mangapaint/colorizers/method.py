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
class Option:
    """Something an artist may decide about a method: its choices in words ("off", "on"), the default first."""

    id: str
    title: str
    choices: tuple[str, ...]
    help: str = ""


@dataclass(frozen=True)
class MethodInfo:
    """What a method says about itself; ``source`` is its citation, ``kinds`` the kinds of page it can colour."""

    id: str
    title: str
    source: str
    needs: frozenset[Need]
    kinds: frozenset[Kind]
    devices: tuple[str, ...] = ("cpu",)
    options: tuple[Option, ...] = ()


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
    options: tuple[tuple[str, str], ...] = ()

    def option(self, info: MethodInfo, option_id: str) -> str:
        """Return what was decided about an option of a method; its default where nothing valid was."""
        row = next(row for row in info.options if row.id == option_id)
        chosen = dict(self.options).get(option_id)
        return chosen if chosen in row.choices else row.choices[0]


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
class Blend:
    """Colours that change from pixel to pixel, kept small and brought to native size when the page is composed.

    ``lab`` is float32 (h, w, 3), CIELAB (L 0..100), laid over ``rect`` (page pixels) whatever its own size is;
    ``region`` is the region whose pixels it colours, None for every pixel of the page; of a divided region it colours
    those with the row ``row`` of its split. Regions that are ``spared``, bool (R,), it leaves alone. Where the page
    keeps its own luminance, L is ignored and a,b follow the page's edges.
    """

    region: int | None
    rect: Rect
    lab: NDArray[np.float32]
    row: int = 0
    spared: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Colorization:
    """A page's colours.

    ``colors`` is uint8 (K, 3) sRGB; index 0 means "uncoloured" and its row is not used. ``regions`` is uint16
    (R,), the colour index of each region; ``splits`` overrule it inside single regions, and ``blends`` overrule both.
    ``confidence`` is float32 (R,), 1 for a hint's own region, less the further the colour had to flow, 0 where none
    came.
    """

    stamp: Stamp
    method: str
    colors: Pixels
    regions: NDArray[np.uint16]
    splits: tuple[Split, ...]
    confidence: NDArray[np.float32]
    blends: tuple[Blend, ...] = ()


class Method(Protocol):
    """One way to colorize. Values in, values out."""

    @property
    def info(self) -> MethodInfo:
        """What the method says about itself."""

    def prepare(self, analysis: PageAnalysis, references: tuple[Reference, ...], progress: Progress) -> Any:
        """Work out what depends on the page and references alone; may take long. The caller keeps the result."""

    def colorize(self, prepared: Any, request: ColorRequest, progress: Progress) -> Colorization:
        """Colour the page; called once for each stroke with what ``prepare`` returned for this page."""
