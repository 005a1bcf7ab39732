"""Pages to requests to files, without a window: what the command line runs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil

from mangapaint.analysis.analysis import WIDEST_GAP, PageAnalysis, analyze
from mangapaint.analysis.components import Components, components, plotted
from mangapaint.analysis.corners import corners
from mangapaint.analysis.edges import edges
from mangapaint.analysis.hints import Hint, of_picture
from mangapaint.analysis.palette import main_colors
from mangapaint.colorizers.compose import compose, rgb
from mangapaint.colorizers.device import resolve
from mangapaint.colorizers.method import Colorization, ColorRequest, Method, Stamp
from mangapaint.colorizers.ready import learned_through, ready
from mangapaint.colorizers.registry import AUTO, check_options, check_weights, choose, method
from mangapaint.colorizers.weights import Weights
from mangapaint.document.page import Kind, Page, Pixels
from mangapaint.document.palette import Palette, hex_of
from mangapaint.document.rect import Rect
from mangapaint.errors import UserError
from mangapaint.formats.atomic import check_target, make_folder, write_text
from mangapaint.formats.images import read_hints, read_page, read_reference
from mangapaint.formats.palettes import write_gpl
from mangapaint.formats.writing import write_png
from mangapaint.progress import Progress, Silent, Span

NOT_THE_PAGE = ("palette.png", "palette-plot.png")
"""Pictures of an analysis that are not of the page's size."""
REGION_COLORS = 251
CORNER_COLOR = (255, 0, 255)
BUBBLE_TINT, LETTER_COLOR, PANEL_COLOR = (0.75, 1.0, 0.75), (200, 30, 30), (40, 110, 230)


@dataclass(frozen=True)
class Task:
    """One page to colour: the files, and the choices of the command line."""

    page: Path
    out: Path
    hints: Path | None = None
    references: tuple[Path, ...] = ()
    method: str = "auto"
    kind: Kind | None = None
    gap: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    weights: Path | None = None
    device: str = "auto"
    seed: int = 0
    image_limit: float = 400.0


@dataclass
class Report:
    """What was done: for ``--json``."""

    page: str
    out: str
    method: str
    device: str
    kind: str
    size: tuple[int, int]
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


class Stages:
    """Seconds of each stage of a task."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 4)


def peak_mb() -> float:
    """Return the largest memory this process has had, in MB."""
    if sys.platform == "win32":
        return round(psutil.Process().memory_info().peak_wset / 1e6, 1)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)


def colorize(task: Task, progress: Progress | None = None) -> Report:
    """Colour one page from files to a file; raises ``UserError`` and leaves nothing half-written."""
    progress = progress or Silent()
    stages = Stages()
    _check_out(task)
    weights = None if task.weights is None else Weights.at(task.weights)
    with stages.stage("read"):
        progress.report(0.0, "Reading")
        page, request_hints, references = _inputs(task)
    with stages.stage("analyze"):
        analysis = analyze(page, kind=task.kind, gap=task.gap, progress=Span(progress, 0.2, 0.5))
    request = ColorRequest(Stamp(page.id, 0), analysis, hints=request_hints, references=references,
                           method=task.method, device=task.device, seed=task.seed, options=task.options,
                           weights=weights)  # fmt: skip
    chosen = _chosen(request, task)
    device = resolve(task.device, chosen.info.devices)
    with stages.stage("prepare"):
        made = learned_through(ready(chosen, request, Span(progress, 0.5, 0.6)), Span(progress, 0.6, 0.75))
    with stages.stage("colorize"):
        colorization = chosen.colorize(made.values, request, Span(progress, 0.75, 0.8))
    with stages.stage("write"):
        progress.report(0.8, "Writing")
        write_png(task.out, composed(analysis, colorization), dpi=page.dpi, icc=page.icc)
    progress.report(1.0, "Done")
    return Report(str(task.page), str(task.out), chosen.info.id, device, analysis.kind.value,
                  (page.width, page.height), stages.seconds, peak_mb())  # fmt: skip


def _chosen(request: ColorRequest, task: Task) -> Method:
    """Return the method a task means; raises ``UserError`` where it lacks something or was given another's weights."""
    if task.method != AUTO:
        check_weights(method(task.method).info, request.weights)
    found = choose(request)
    check_options(found.info, task.options)
    check_weights(found.info, request.weights)
    return found


def _check_out(task: Task) -> None:
    """Refuse, before any work, an output that cannot be written or would replace what the artist gave."""
    check_target(task.out, suffix=".png")
    if task.gap is not None and not 0 <= task.gap <= WIDEST_GAP:
        raise UserError(f"a gap of {task.gap} pixels cannot be closed", remedy=f"choose 0 to {WIDEST_GAP} pixels")
    given = [task.page, *([task.hints] if task.hints else []), *task.references]
    if any(task.out.resolve() == path.resolve() for path in given):
        raise UserError("this would replace a picture you gave", path=task.out, remedy="choose another name for -o")


def composed(analysis: PageAnalysis, colorization: Colorization | None) -> Pixels:
    """Return the whole coloured page, uint8 RGB (H, W, 3), exactly as large as the page."""
    whole = Rect.whole(analysis.page.height, analysis.page.width)
    return rgb(compose(analysis, colorization, whole))


def _inputs(task: Task) -> tuple[Page, tuple[Hint, ...], tuple[Any, ...]]:
    page = read_page(task.page, limit_megapixels=task.image_limit)
    hints: tuple[Hint, ...] = ()
    if task.hints is not None:
        size = page.height, page.width
        hints = of_picture(*read_hints(task.hints, size, limit_megapixels=task.image_limit))
    references = tuple(read_reference(path, limit_megapixels=task.image_limit) for path in task.references)
    return page, hints, references


def analyze_to(page_path: Path, folder: Path, *, image_limit: float = 400.0,
               progress: Progress | None = None) -> dict[str, Any]:  # fmt: skip
    """Write what a page says by itself into a folder (made if missing); return ``analysis.json``'s values."""
    progress = progress or Silent()
    page = read_page(page_path, limit_megapixels=image_limit)
    analysis = analyze(page, progress=Span(progress, 0.1, 0.5))
    points, palette = corners(analysis.gray), main_colors(page)
    colors = components(page, palette)
    progress.report(0.6, "Writing")
    summary = _summary(analysis, palette, colors, len(points))
    make_folder(folder)
    write_text(folder / "analysis.json", json.dumps(summary, indent=2) + "\n")
    for name, draw in _drawings(analysis, palette, colors, points).items():
        write_png(folder / name, draw(), dpi=page.dpi if name not in NOT_THE_PAGE else None)
    write_gpl(folder / "palette.gpl", palette)
    rows = "".join(f"{x:.0f},{y:.0f},{strength:.0f}\n" for x, y, strength in points.tolist())
    write_text(folder / "corners.csv", "x,y,response\n" + rows)
    progress.report(1.0, "Done")
    return summary


def _summary(analysis: PageAnalysis, palette: Palette, colors: Components, corner_count: int) -> dict[str, Any]:
    page = analysis.page
    return {
        "page": str(page.path or page.name),
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "kind": analysis.kind.value,
        "panels": [
            {"box": [frame.x0, frame.y0, frame.x1, frame.y1], "kind": kind.value}
            for frame, kind in zip(analysis.panels, analysis.kinds, strict=True)
        ],
        "regions": analysis.regions.count,
        "bubbles": int(analysis.regions.bubbles.sum()),
        "texts": len(analysis.lettering.blocks),
        "gap": analysis.gap,
        "line_width": round(analysis.line_width, 1),
        "screentone": analysis.tone is not None,
        "corners": corner_count,
        "palette": [{"color": hex_of(item.color), "share": round(item.share, 4)} for item in palette.swatches],
        "palette_error": round(colors.error, 2),
        "palette_components": [round(part, 4) for part in colors.explained],
    }


def _drawings(analysis: PageAnalysis, palette: Palette, colors: Components,
              points: Any) -> dict[str, Callable[[], Pixels]]:  # fmt: skip
    """Return the pictures of an analysis: file name and the function that draws it."""
    return {
        "palette.png": lambda: palette_strip(palette),
        "palette-plot.png": lambda: plotted(colors),
        "edges.png": lambda: edges(analysis.gray),
        "corners.png": lambda: _corners_on(analysis.gray, points),
        "regions.png": lambda: _regions_flat(analysis),
        "bubbles.png": lambda: _bubbles_on(analysis),
        "tone.png": lambda: analysis.tone.value if analysis.tone else np.full_like(analysis.gray, 255),
    }


def palette_strip(palette: Palette, *, height: int = 64, width: int = 64) -> Pixels:
    """Draw the palette as a strip of equal swatches, uint8 RGB (height, n * width, 3)."""
    colors = np.array(palette.colors, np.uint8).reshape(1, -1, 3)
    return np.repeat(np.repeat(colors, height, axis=0), width, axis=1)


def _corners_on(gray: Pixels, points: Any) -> Pixels:
    picture = np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    for x, y, _ in points.tolist():
        cv2.drawMarker(picture, (int(x), int(y)), CORNER_COLOR, cv2.MARKER_CROSS, 5, 1)
    return picture


def _bubbles_on(analysis: PageAnalysis) -> Pixels:
    """Draw the page with its panels framed, its bubbles tinted and its lettering in colour."""
    picture = np.asarray(cv2.cvtColor(analysis.gray, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    speech = analysis.regions.bubbles.take(analysis.regions.labels)
    picture[speech] = (picture[speech] * np.array(BUBBLE_TINT)).astype(np.uint8)
    picture[analysis.lettering.mask] = LETTER_COLOR
    for frame in analysis.panels:
        thick = max(1, max(picture.shape) // 700)
        cv2.rectangle(picture, (frame.x0, frame.y0), (frame.x1 - 1, frame.y1 - 1), PANEL_COLOR, thick)
    return picture


def _regions_flat(analysis: PageAnalysis) -> Pixels:
    """Draw each region in a colour of its own (neighbours in number differ in hue)."""
    hues = (np.arange(REGION_COLORS) * 107 % 180).astype(np.uint8)
    hsv = np.stack([hues, np.full_like(hues, 110), np.full_like(hues, 235)], axis=1)[None]
    colors = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0]
    colored: Pixels = colors[analysis.regions.labels % REGION_COLORS]
    colored[analysis.ink] = 0
    return colored
