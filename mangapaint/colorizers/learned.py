"""The methods ``palette-classes``, ``unet``, ``gan``, ``colorful``: a network that learned a series colours its pages.

Each panel is shown to the network by itself, at a size at which it can see what is drawn: gray pages as luma, others as
ink, as far as it has learned these. Regions of line art take the commonest of the network's colours, which then cannot
bleed over lines; gray pages take a,b from pixel to pixel. Where the network knows a distribution over colours, it says
how sure each region is and what else is likely: of what is hardly likely nothing is shown. Hints overrule it. The
networks' sources are cited in ``networks``, one file each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.drawn import line_art
from mangapaint.analysis.edges import edges
from mangapaint.colorizers import device, parts
from mangapaint.colorizers.fusing import Evidence, Fusion
from mangapaint.colorizers.guesses import Guesses, Likely
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.colorizers.region_votes import Cells, cells, votes
from mangapaint.colorizers.sights import has_lines
from mangapaint.colorizers.weights import Weights, load, meant_for, metadata
from mangapaint.colorizers.working import shrunk
from mangapaint.document.page import Color, Kind, Pixels
from mangapaint.document.rect import Rect
from mangapaint.errors import UserError
from mangapaint.progress import Progress, Span

if TYPE_CHECKING:
    from torch import nn

    from mangapaint.colorizers.learned_running import Painting

SURE = 0.5
"""How sure the colours of networks are that do not say it."""
WITHHELD = 0.1
"""Colours that are less likely are withheld."""
SIZE = "size"
"""Where weights say how many pixels on a side their network was shown when it learned."""
TIMES = 1.5
"""That many times as large a part is shown, because it learned from whole pictures and, larger, from parts of them. Of
a network that learned at 128 chroma accuracy on six other pages of its series was .278 at 128, .295 at 192, .284 at
256, .260 at 384, .253 at 512."""
UNSAID, LEAST, MOST = 512, 128, 1024
"""Longest side where weights do not say it; the least and the most that it is on its own."""
INPUTS = "inputs"
"""Where weights say what their network knows pages as, with commas between; ..."""
USUAL = ("gray", "ink")
"""... where they do not say it."""
WORKING_SIZE = Option(
    "size", "Working size", ("auto", "256", "512", "1024"),
    "Longer side in pixels at which the network sees each panel. Auto: what suits how it learned.", prepares=True,
)  # fmt: skip

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the page with its colours, as ``parts.Part`` says, and what else is likely there, if that is known."""

    rect: Rect
    lab: Field
    sure: Field
    known: NDArray[np.bool_]
    likely: Likely | None = None


@dataclass(frozen=True, eq=False)
class Opened:
    """A method's network on the device that a request asks for, and how it is to be shown pages: at most ``longest``
    pixels on the long side, as one of what it ``knows`` pages as."""

    weights: Weights
    network: nn.Module
    device: str
    longest: int
    knows: tuple[str, ...]

    @classmethod
    def of(cls, info: MethodInfo, request: ColorRequest) -> Opened:
        """Open the weights that a request means for a method; raises ``UserError`` where there are none."""
        weights = meant_for(info.id, request.weights)
        if weights is None:
            raise UserError(f"{info.id} has not been trained", path=request.analysis.page.path,
                            remedy=f"train it (mangapaint train {info.id}), or give weights (--weights)")  # fmt: skip
        where = device.resolve(request.device, info.devices)
        network = load(weights, info.id, device=where)
        return cls(weights, network, where, side(request.option(info, "size"), weights), known_inputs(weights))

    def seen(self, analysis: PageAnalysis, rect: Rect, longest: int | None = None) -> tuple[Pixels, bool]:
        """Return what the network is shown of a part of the page (see ``seen``), or the same of another size."""
        return seen(analysis, rect, longest or self.longest, self.knows)


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the network made of a page, ready to be fused with hints."""

    fusion: Fusion
    guesses: Guesses | None


@dataclass(frozen=True)
class Learned:
    """A network colours pages as it has learned to."""

    info: MethodInfo

    def prepare(self, request: ColorRequest, progress: Progress) -> Prepared:
        """Run the network on each part of the page; raises ``UserError`` where there are no weights for it."""
        progress.report(0.0, "Reading the weights")
        found = _painted(request.analysis, Opened.of(self.info, request), Span(progress, 0.1, 0.9))
        known = evidence(request.analysis, found, cells_of(request.analysis, found))
        return Prepared(Fusion.of(request, known, Span(progress, 0.9, 1)), guesses(found))

    def colorize(self, prepared: Prepared, request: ColorRequest, progress: Progress) -> Colorization:
        """Fuse what the network said with the hints."""
        found = prepared.fusion.colorized(request, self.info, progress)
        return replace(found, guesses=prepared.guesses)


def _painted(analysis: PageAnalysis, opened: Opened, progress: Progress) -> list[Part]:
    """Show each part of the page to the network of a method."""
    from mangapaint.colorizers.learned_running import painting  # torch is slow to import

    rects = parts.rects(analysis)
    found = []
    for number, rect in enumerate(rects):
        progress.report(number / len(rects), "Colouring as learned")
        gray, keeps = opened.seen(analysis, rect)
        made = painting(opened.network, gray, keeps=keeps, device=opened.device)
        if not made.finite:
            raise UserError("the network's colours are no numbers", path=opened.weights.path, remedy="train it again")
        found.append(part(rect, made))
    return found


def known_inputs(weights: Weights) -> tuple[str, ...]:
    """Return the names of what a file's network knows pages as."""
    said = metadata(weights.path).get(INPUTS, "")
    return tuple(said.split(",")) if said else USUAL


def seen(analysis: PageAnalysis, rect: Rect, longest: int, known: Collection[str] = USUAL) -> tuple[Pixels, bool]:
    """Return what a network is shown of a part of the page, uint8 (h, w), and whether that is luma whose L stays.

    At most ``longest`` pixels on the long side. ``known`` are the names of what the network knows pages as; the one
    that suits the part best is taken, luma if it knows none.
    """
    lines = has_lines(analysis, rect)
    toned = lines and analysis.tone is not None and bool(analysis.tone.dots[rect.slices].any())
    suiting = (*(("tone",) if toned else ()), *(_OF_LINES if lines else _OF_WASHES))
    name = next((name for name in suiting if name in known), "gray")
    return _SHOWN[name](analysis, rect, longest), name == "gray" and not lines


def _as_gray(analysis: PageAnalysis, rect: Rect, longest: int) -> Pixels:
    return shrunk(np.ascontiguousarray(analysis.gray[rect.slices]), longest)


def _as_edges(analysis: PageAnalysis, rect: Rect, longest: int) -> Pixels:
    return 255 - edges(_as_gray(analysis, rect, longest))


def _as_ink(analysis: PageAnalysis, rect: Rect, longest: int) -> Pixels:
    """Return the lines, without screentone; pages with washes have no ink of their own."""
    if not has_lines(analysis, rect):
        return line_art(np.dstack([_as_gray(analysis, rect, longest)] * 3))
    return shrunk(np.where(analysis.ink[rect.slices], np.uint8(0), np.uint8(255)), longest)


_SHOWN: Mapping[str, Callable[[PageAnalysis, Rect, int], Pixels]] = MappingProxyType(
    {"gray": _as_gray, "edges": _as_edges, "ink": _as_ink, "tone": _as_gray}
)
"""How a part of a page is made what a network has learned; the names are those that training writes into weights."""
_OF_WASHES, _OF_LINES = ("gray", "edges", "ink"), ("ink", "edges", "gray")
"""In this order, screentone as it is before all others if the network knows it."""


def part(rect: Rect, painting: Painting, *, hints: Field | None = None, withholds: bool = True) -> Part:
    """Return a part's colours as a network painted them; what is hardly likely is withheld if it ``withholds`` any.

    ``hints``, float32 (h', w') 0..1, is how far hints have decided each place, if there are any.
    """
    height, width = painting.lab.shape[:2]
    sure = np.full((1, 1), SURE, np.float32) if painting.sure is None else painting.sure
    sure = np.asarray(cv2.resize(sure, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    if hints is not None:
        sure = np.maximum(sure, cv2.resize(hints, (width, height), interpolation=cv2.INTER_LINEAR))
    known = (sure >= WITHHELD) | (not withholds)
    shown = painting.lab.copy()
    shown[~known, 1:] = 0
    return Part(rect, shown, sure, known, _likely(rect, painting))


def _likely(rect: Rect, painting: Painting) -> Likely | None:
    if painting.chances is None:
        return None
    rows, columns = painting.chances.shape[:2]
    light = cv2.resize(painting.lab[..., 0], (columns, rows), interpolation=cv2.INTER_AREA)
    return Likely(rect, painting.chances, np.clip(light, 0, 100))


def evidence(analysis: PageAnalysis, found: Sequence[Part], cells: Sequence[Cells], *,
             hints: Sequence[Color] = ()) -> Evidence:  # fmt: skip
    """Return what is known of the page; margins and gutters stay paper, whatever a network makes of them.

    Where the network knows distributions, regions vote upon them (``cells`` as ``cells_of`` gives them, one for each
    part), and may take one of the colours of ``hints``. Where nothing frames the page, what looks like its margin may
    as well be a background: then the network is believed.
    """
    regions, whole = analysis.regions, parts.spread(analysis, found)
    rows = [(own, part.likely, part.lab) for own, part in zip(cells, found, strict=False) if part.likely is not None]
    voted = votes(regions.count, rows, hints) if rows else None
    plain = np.zeros((regions.count, 3), np.uint8) if regions.keeps.all() else None  # no region will be flat
    known = parts.evidence(analysis, whole, voted.colors if voted else plain)
    sure = known.confidence
    if voted:
        sure = np.where(regions.keeps | (sure == 0), sure, voted.chance)
    framed = analysis.panels != (Rect.whole(*analysis.gray.shape),)
    bare = regions.outside & ~regions.keeps & framed
    return replace(known, confidence=np.where(bare, 0, sure).astype(np.float32))


def cells_of(analysis: PageAnalysis, found: Sequence[Part]) -> tuple[Cells, ...]:
    """Return how the page's regions lie in the parts' distributions; none where there are no distributions, or where no
    region will be flat, so that there is nothing to vote upon."""
    if analysis.regions.keeps.all():
        return ()
    return tuple(cells(analysis, item.rect, (item.likely.light.shape[0], item.likely.light.shape[1]))
                 for item in found if item.likely is not None)  # fmt: skip


def guesses(found: Sequence[Part]) -> Guesses | None:
    """Return what is likely on the page; None where the network does not say it."""
    known = tuple(item.likely for item in found if item.likely is not None)
    return Guesses(known) if known else None


def side(chosen: str, weights: Weights) -> int:
    """Return the longest side at which parts are shown, as chosen; "auto" is what suits how the network learned."""
    said = metadata(weights.path).get(SIZE, "")
    usual = round(TIMES * int(said)) if said.isdecimal() and len(said) < 6 else UNSAID
    return min(max(usual, LEAST), MOST) if chosen == "auto" else int(chosen)


def _learned(method_id: str, title: str, source: str, *, need: Need = Need.SERIES,
             suits: frozenset[Kind] | None = None) -> Learned:  # fmt: skip
    return Learned(MethodInfo(method_id, title, source, frozenset({need}), frozenset(Kind), ("cpu", "cuda"),
                              (WORKING_SIZE,), suits=suits))  # fmt: skip


SHADED = frozenset(kind for kind in Kind if kind.keeps_luminance)
"""Kinds of page that networks are asked about unasked: on the others hints alone are better."""
LEARNED = (
    _learned("palette-classes", "Palette of a series", "a CNN that gives each pixel one of a series' 32 colours"),
    _learned("unet", "Series: U-Net", "manga colorization with a ConvNet; Ronneberger, Fischer, Brox 2015 (U-Net)"),
    _learned("gan", "Series: U-Net against a critic", "manga colorization with a conditional GAN; Isola et al. 2017"),
    _learned(
        "colorful",
        "Learned, likely colours",
        "Zhang, Isola, Efros 2016 (Colorful Image Colorization)",
        need=Need.WEIGHTS,
        suits=SHADED,
    ),
)
