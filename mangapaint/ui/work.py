"""What the window has the worker do: pure functions from frozen values to results, run as jobs."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis, analyze, sketch
from mangapaint.analysis.components import Fields, components, fields
from mangapaint.analysis.corners import corners
from mangapaint.analysis.edges import edges
from mangapaint.analysis.palette import main_colors, posterised
from mangapaint.colorizers.compose import bands, bare, changed, compose
from mangapaint.colorizers.method import Colorization, ColorRequest, Method, Stamp
from mangapaint.colorizers.ready import Ready, ready
from mangapaint.colorizers.weights import Weights
from mangapaint.document.document import Document
from mangapaint.document.page import Page, Picture, Pixels, Reference
from mangapaint.document.palette import Palette
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Stroke, stroke
from mangapaint.errors import UserError
from mangapaint.formats.atomic import make_folder
from mangapaint.formats.images import read_page, read_reference
from mangapaint.formats.memory import Memory
from mangapaint.formats.strokes import read_strokes, write_strokes
from mangapaint.progress import Progress, Span
from mangapaint.ui.doubts import doubts_of
from mangapaint.ui.guidance import lacking, suited
from mangapaint.ui.leaving import Left, remembered
from mangapaint.ui.pyramid import ALIGN, LEVELS, Patch, patch

EDGE_COLOR = (0, 190, 230)
REGION_COLOR = (240, 140, 30)
DOUBT_COLOR, DOUBT_HALO = (120, 50, 225), (255, 255, 255)
DOUBT_LEAST = 0.5
"""How strongly the outline of a region is drawn that is only just worth a look; 1 for the least certain ones."""
DOUBT_SIDE = 700
"""For each so many pixels of the page's longer side an outline of doubt is a pixel thicker."""
PREVIEW_PIXELS = 2_500_000
"""Outlines that follow a slider are drawn coarsely from this many pixels on."""
CORNER_COLOR = (230, 0, 158)
MOST_CROSSES = 400
VIEW_SIDE = 640
PLOT_SIDE = 300
"""Pixels of a field of the palette's plot: what the dock shows, at twice the scale."""
PALETTE_LEVEL = 2
"""The palette's flats are shown from the picture at a quarter of its size."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A page ready to be shown, with what was drawn on it before; ``seconds`` is what reading the file took.

    ``trouble`` says why what was drawn before could not be read.
    """

    page: Page
    picture: Patch
    strokes: tuple[Stroke, ...] = ()
    references: tuple[Reference, ...] = ()
    seconds: float = 0.0
    trouble: str = ""


@dataclass(frozen=True)
class Shown:
    """What the picture shows: a moment of the page, its colorization under an analysis, and what that was asked for."""

    stamp: Stamp
    colorization: Colorization | None = None
    analysis: PageAnalysis | None = None
    request: ColorRequest | None = None


@dataclass(frozen=True, eq=False)
class Recolored:
    """A colorization and the parts of the picture it changed; ``ready`` is kept for the next one.

    ``lack`` says what the chosen method lacks, ``seconds`` is what colouring took.
    """

    request: ColorRequest
    colorization: Colorization | None
    parts: tuple[Patch, ...]
    ready: Ready | None
    lack: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Learned:
    """What a method has ready after one more step of learning, and what the step took."""

    ready: Ready
    seconds: float


@dataclass(frozen=True, eq=False)
class ReferenceColors:
    """A reference's main colours, under which setting of their number they were found, and the plot of them."""

    choice: str
    palette: Palette
    plot: Fields


@dataclass(frozen=True, eq=False)
class PaletteLayer:
    """The palette overlay: the colours, and the picture in nothing but them, uint8 RGB (h, w, 3)."""

    palette: Palette
    flats: Pixels


def open_page(path: Path, kept: Path | None, limit: float, progress: Progress, *, memory: Memory | None = None,
              left: Left | None = None) -> Opened:  # fmt: skip
    """Read a page from a file; ``kept`` is the folder where strokes drawn earlier are looked for.

    With a ``memory`` the page that is ``left`` is remembered, and others of the series are recalled as references.
    """
    trouble = remembered(left, memory)
    progress.report(0.0, f"Opening {path.name}")
    start = time.perf_counter()
    page = read_page(path, limit_megapixels=limit)
    seconds = time.perf_counter() - start
    opened = replace(shown_ready(page, kept), seconds=seconds)
    recalled = memory.recall(page) if memory else ()
    return replace(opened, references=recalled, trouble=opened.trouble or trouble)


def open_pasted(page: Page, kept: Path | None, progress: Progress) -> Opened:
    """Make a picture from the clipboard ready to be shown."""
    progress.report(0.0, "Opening the clipboard's picture")
    return shown_ready(page, kept)


def shown_ready(page: Page, kept: Path | None) -> Opened:
    """Make a page ready to be shown."""
    earlier = kept / f"{page.id}.json" if kept else None
    strokes, trouble = _strokes_of(earlier) if earlier and earlier.is_file() else ((), "")
    whole = Rect.whole(page.height, page.width)
    return Opened(page, patch(bare(page.pixels), whole), strokes, trouble=trouble)


def _strokes_of(path: Path) -> tuple[tuple[Stroke, ...], str]:
    """Read strokes drawn earlier; where that fails, none, and why."""
    try:
        return read_strokes(path), ""
    except UserError as error:
        return (), error.line()


def open_sample(folder: Path, limit: float, progress: Progress) -> Opened:
    """Read the sample page with its reference and its hints."""
    opened = open_page(folder / "page.png", None, limit, progress)
    reference = read_reference(folder / "reference.png", limit_megapixels=limit)
    return replace(opened, strokes=read_strokes(folder / "strokes.json"), references=(reference,))


def open_reference(path: Path, limit: float, progress: Progress) -> Reference:
    """Read a reference from a file."""
    progress.report(0.0, f"Opening {path.name}")
    return read_reference(path, limit_megapixels=limit)


def recolor(request: ColorRequest, shown: Shown, known: Ready | None, progress: Progress) -> Recolored:
    """Colour the page and compose the part that looks different from what is shown.

    Without guidance the page goes back to being bare. ``known`` is what was made ready before, for use where it fits.
    """
    start = time.perf_counter()
    colorization, made = colored(request, known, Span(progress, 0, 0.8))
    progress.report(0.8, "Colouring")
    parts = _parts(request.analysis, shown, colorization, Span(progress, 0.8, 1))
    return Recolored(request, colorization, parts, made, lacking(request), time.perf_counter() - start)


def colored(request: ColorRequest, known: Ready | None,
            progress: Progress) -> tuple[Colorization | None, Ready | None]:  # fmt: skip
    """Run the request's method, with what was made ready for this page before where that still fits.

    Where it lacks guidance, nothing is coloured.
    """
    method = suited(request)
    if method is None:
        return None, known
    made = ready(method, request, Span(progress, 0, 0.6), known=known)
    return method.colorize(made.values, request, Span(progress, 0.6, 1)), made


def prepare(method: Method, request: ColorRequest, progress: Progress) -> Ready:
    """Make ready what a method works out from the references before it colours."""
    return ready(method, request, progress)


def learn(known: Ready, progress: Progress) -> Learned:
    """Let a method learn a step more."""
    progress.check()
    start = time.perf_counter()
    made = known.further(Span(progress, known.learned, known.learned))
    return Learned(made, time.perf_counter() - start)


def _parts(analysis: PageAnalysis, shown: Shown, new: Colorization | None,
           progress: Progress) -> tuple[Patch, ...]:  # fmt: skip
    """Compose what changed, in bands; all of it where the shown regions were others."""
    whole = Rect.whole(analysis.page.height, analysis.page.width)
    if shown.colorization is None and new is None:
        return ()
    rect = changed(analysis, shown.colorization, new) if shown.analysis is analysis else whole
    if not rect.area:
        return ()
    rect = rect.aligned(ALIGN).intersection(whole)
    parts = []
    for band in bands(rect):
        progress.check()
        parts.append(patch(compose(analysis, new, band), band))
    return tuple(parts)


def analyzed(document: Document, progress: Progress) -> PageAnalysis:
    """Analyse a document's page under its choice of kind and gap."""
    choice = document.choice
    return analyze(document.page, kind=choice.kind, gap=choice.gap, progress=progress)


def warm(progress: Progress) -> None:
    """Load what the first page would otherwise wait for."""
    progress.check()
    pixels = np.pad(np.full((200, 200), 255, np.uint8), 4)
    analysis = analyze(Page(pixels, "nothing"))
    request = ColorRequest(Stamp("", 0), analysis, strokes=(stroke([(9, 9)], width=4, color=(9, 9, 9)),))
    compose(analysis, colored(request, None, progress)[0], Rect.whole(*pixels.shape))


def sketched(document: Document, progress: Progress) -> PageAnalysis:
    """Analyse a document's page coarsely where it is large: something to draw on at once."""
    progress.report(0.0, "Analysing the page")
    return sketch(document.page, kind=document.choice.kind, gap=document.choice.gap)


def regapped(document: Document, known: PageAnalysis, progress: Progress) -> PageAnalysis:
    """Return a known analysis with the document's choice of gap."""
    progress.check()
    return known.with_gap(document.choice.gap)


def request_for(document: Document, analysis: PageAnalysis, stamp: Stamp, device: str, *,
                weights: Weights | None = None) -> ColorRequest:  # fmt: skip
    """Return the request that colours a document as it is; ``weights`` are those of the series it chose."""
    return ColorRequest(
        stamp,
        analysis,
        strokes=document.strokes,
        references=document.references,
        method=document.choice.method,
        device=device,
        options=document.choice.options,
        weights=weights,
    )


def colors_of(reference: Reference, choice: str, progress: Progress) -> ReferenceColors:
    """Find a reference's main colours; ``choice`` is the setting of their number."""
    progress.check()
    palette = main_colors(reference, count=count_of(choice))
    progress.check()
    return ReferenceColors(choice, palette, fields(components(reference, palette), PLOT_SIDE))


def count_of(choice: str) -> int | None:
    """Return the number of colours that a setting stands for, None where it is chosen for each picture."""
    return None if choice == "auto" else int(choice)


def keep(document: Document, folder: Path, progress: Progress) -> Document:
    """Write a document's strokes to where they are found when its page is opened again."""
    progress.check()
    make_folder(folder, what="strokes cannot be kept", remedy="check the folder")
    write_strokes(folder / f"{document.page.id}.json", document.strokes)
    return document


def edges_layer(gray: Pixels, sigma: float) -> Patch:
    """Return the edges overlay in all sizes."""
    return _lines(edges(gray, sigma=sigma), EDGE_COLOR)


def regions_layer(analysis: PageAnalysis) -> Patch:
    """Return the outlines of the regions in all sizes."""
    return _lines(analysis.regions.outlines, REGION_COLOR)


def outlines_preview(analysis: PageAnalysis) -> Patch:
    """Return the outlines of the regions as quickly as a slider moves, coarse on a large page."""
    labels = analysis.regions.labels
    step = 1 + int((labels.size / PREVIEW_PIXELS) ** 0.5)
    return replace(_lines(_borders(labels[::step, ::step]), REGION_COLOR), step=step)


def _borders(labels: NDArray[Any]) -> Pixels:
    """Return 255 where a pixel differs from the one before it or above it, else 0."""
    border = np.zeros(labels.shape, np.uint8)
    border[:, 1:][labels[:, 1:] != labels[:, :-1]] = 255
    border[1:][labels[1:] != labels[:-1]] = 255
    return border


def confidence_layer(page: Page, shown: Shown | None, below: float) -> Patch:
    """Return the outlines of the coloured regions with less confidence than ``below``, the least certain strongest.

    Neighbours of one colour share an outline: a shelf of books is one place to look at, not a thicket of lines.
    """
    strength = np.zeros((page.height, page.width), np.uint8)
    doubts = doubts_of(shown, below)
    if len(doubts) and shown and shown.colorization and shown.analysis:
        regions = shown.analysis.regions
        doubt = 1 - shown.colorization.confidence[doubts] / max(below, 1e-6)
        of_region = np.zeros(regions.count, np.uint8)
        of_region[doubts] = np.rint(255 * (DOUBT_LEAST + (1 - DOUBT_LEAST) * doubt))
        strength = of_region[regions.labels]
        thick = 2 * round(max(page.height, page.width) / DOUBT_SIDE) + 3
        alike = np.zeros(regions.count, np.uint16)
        alike[doubts] = 1 + shown.colorization.regions[doubts]
        border = _borders(alike[regions.labels])
        line, halo = (cv2.dilate(border, np.ones((wide, wide), np.uint8)) for wide in (thick, thick + 4))
        return _over(_lines(strength & line, DOUBT_COLOR), _lines(strength & (halo - line), DOUBT_HALO))
    return _lines(strength, DOUBT_COLOR)


def _over(one: Patch, two: Patch) -> Patch:
    """Lay translucent pictures over each other that share no pixel at their full size."""
    return replace(one, levels=tuple(cv2.add(a, b) for a, b in zip(one.levels, two.levels, strict=True)))


def _lines(mask: Pixels, color: tuple[int, int, int]) -> Patch:
    """Colour a mask of one-pixel lines; smaller sizes keep them visible (half way from mean to maximum)."""
    levels = [mask]
    for _ in range(1, LEVELS):
        high, wide = levels[-1].shape[0] % 2, levels[-1].shape[1] % 2
        even = cv2.copyMakeBorder(levels[-1], 0, high, 0, wide, cv2.BORDER_REPLICATE)
        mean = cv2.resize(even, (even.shape[1] // 2, even.shape[0] // 2), interpolation=cv2.INTER_AREA)
        most = cv2.dilate(even, np.ones((2, 2), np.uint8), anchor=(0, 0))[::2, ::2]
        levels.append(cv2.addWeighted(mean, 0.5, most, 0.5, 0))
    red, green, blue = color
    tables = [np.arange(256) * value // 255 for value in (blue, green, red, 255)]
    table = np.stack(tables, axis=1).astype(np.uint8)
    return Patch(Rect.whole(*mask.shape), tuple(table[level] for level in levels))


def corners_layer(gray: Pixels, threshold: float) -> NDArray[np.float32]:
    """Return the corners overlay: points, strongest first."""
    return corners(gray, threshold=round(threshold))


def reference_view(
    reference: Reference, palette: Palette | None, sigma: float | None, threshold: float | None, progress: Progress
) -> Pixels:
    """Return a reference with overlays, uint8 RGB (h, w, 3), at most ``VIEW_SIDE`` pixels long.

    ``palette`` shows it in nothing but these colours, ``sigma`` adds its edges, ``threshold`` its corners; None leaves
    that out.
    """
    progress.check()
    part = min(1.0, VIEW_SIDE / max(reference.width, reference.height))
    size = max(1, round(reference.width * part)), max(1, round(reference.height * part))
    small = cv2.resize(reference.pixels, size, interpolation=cv2.INTER_AREA)
    gray = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    view = cv2.cvtColor(small, cv2.COLOR_GRAY2RGB) if small.ndim == 2 else small.copy()
    if palette is not None and palette.swatches:
        view = posterised(view, palette)
    if sigma is not None:
        view[edges(gray, sigma=sigma) > 0] = EDGE_COLOR
    if threshold is not None:
        for x, y, _ in corners(gray, threshold=round(threshold))[:MOST_CROSSES].tolist():
            cv2.drawMarker(view, (int(x), int(y)), CORNER_COLOR, cv2.MARKER_CROSS, 7, 1)
    return np.asarray(view, dtype=np.uint8)


def palette_layer(screen: Pixels, references: tuple[Reference, ...], count: int | None,
                  known: Palette | None) -> PaletteLayer:  # fmt: skip
    """Return the palette overlay for the picture as it is shown, uint8 (h, w, 4) in a screen's order.

    The colours are the reference's where there is one, so that the artist sees the page in them; ``known`` are they
    if they were found before.
    """
    rgb = np.ascontiguousarray(screen[..., 2::-1])
    source: Picture = references[0] if references else Picture(rgb.copy(), "page")
    palette = known or main_colors(source, count=count)
    return PaletteLayer(palette, posterised(rgb, palette))
