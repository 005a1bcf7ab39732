"""What every method is: the request it gets, the colorization it returns, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint
from mangapaint.colorizers.guesses import Guesses
from mangapaint.colorizers.weights import Weights
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
    """Something an artist may decide about a method: its choices in words ("off", "on"), the default first.

    ``prepares``: what the method prepares depends on it, too.
    """

    id: str
    title: str
    choices: tuple[str, ...]
    help: str = ""
    prepares: bool = False


@dataclass(frozen=True)
class MethodInfo:
    """What a method says about itself; ``source`` is its citation, ``kinds`` the kinds of page it can colour.

    ``hurries``: it heeds a request that is ``hurried``. ``suits`` are the kinds of page on which "auto" thinks of it
    (None: all that it can colour).
    """

    id: str
    title: str
    source: str
    needs: frozenset[Need]
    kinds: frozenset[Kind]
    devices: tuple[str, ...] = ("cpu",)
    options: tuple[Option, ...] = ()
    hurries: bool = False
    suits: frozenset[Kind] | None = None


@dataclass(frozen=True, order=True)
class Stamp:
    """Of which page, and of which moment of it, a result is; later moments are larger."""

    page: str
    moment: int


@dataclass(frozen=True, eq=False)
class ColorRequest:
    """Everything one colorization needs. The same for the window, the command line and the tests.

    ``weights`` are those learned on a series (None: those that come with the program, for methods that need any).
    ``hurried``: the artist waits, so new hints show where they are, and what takes long may stay as it was.
    """

    stamp: Stamp
    analysis: PageAnalysis
    strokes: tuple[Stroke, ...] = ()
    hints: tuple[Hint, ...] = ()
    references: tuple[Reference, ...] = ()
    method: str = "auto"
    device: str = "auto"
    seed: int = 0
    options: tuple[tuple[str, str], ...] = ()
    weights: Weights | None = None
    hurried: bool = False

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
    keeps its own luminance, a,b follow the page's edges. ``smooth``: a,b are averaged where L is even, because their
    borders are ragged; otherwise they are as they are where L is as in ``lab``.
    """

    region: int | None
    rect: Rect
    lab: NDArray[np.float32]
    row: int = 0
    spared: NDArray[np.bool_] | None = None
    smooth: bool = True


@dataclass(frozen=True, eq=False)
class Matches:
    """Where in the references each region's colour was found, and the next best places: (R, k), best first.

    ``reference`` is int16, the place in the request's references, -1 where there is no such match; ``at`` float32
    (R, k, 2), x and y there as parts (0..1) of its width and height; ``color`` uint8 (R, k, 3) sRGB; ``confidence``
    float32. ``areas`` are the references' own areas, one int32 (h, w) picture of labels each, spread over the whole
    reference whatever its size; ``area`` is int32 (R, k), the label there. ``used`` is bool (R,): the regions whose
    colour is from their match, not from a hint, and not withheld.
    """

    reference: NDArray[np.int16]
    at: NDArray[np.float32]
    color: Pixels
    confidence: NDArray[np.float32]
    area: NDArray[np.int32]
    areas: tuple[NDArray[np.int32], ...]
    used: NDArray[np.bool_]


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
    matches: Matches | None = None
    guesses: Guesses | None = None


class Method(Protocol):
    """One way to colorize. Values in, values out."""

    @property
    def info(self) -> MethodInfo:
        """What the method says about itself."""

    def prepare(self, request: ColorRequest, progress: Progress) -> Any:
        """Work out what does not depend on hints; may take long. The caller keeps the result (see ``ready``).

        It may depend on the request's analysis and references, its seed and device, and options that prepare.
        """

    def colorize(self, prepared: Any, request: ColorRequest, progress: Progress) -> Colorization:
        """Colour the page; called once for each stroke with what ``prepare`` returned for this page."""


@runtime_checkable
class Learner(Method, Protocol):
    """A method that learns from the references first, in steps that the artist watches and may end at any time.

    ``prepare`` only makes ready to learn; what it returns colours already, however badly.
    """

    def learn(self, prepared: Any, request: ColorRequest, progress: Progress) -> Any:
        """Return what was prepared, having learned a step more (about a second)."""

    def learned(self, prepared: Any) -> float:
        """Return how much of what it means to learn it has learned, 0..1."""
