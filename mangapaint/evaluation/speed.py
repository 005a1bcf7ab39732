"""How long one more stroke takes on a page: from the request to the composed part that changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.compose import bands, changed, compose
from mangapaint.colorizers.method import Colorization, ColorRequest, Method, Stamp
from mangapaint.colorizers.weights import Weights
from mangapaint.document.page import Kind, Page
from mangapaint.document.strokes import Stroke, stroke
from mangapaint.errors import UserError
from mangapaint.evaluation import gmic
from mangapaint.evaluation.dots import dot_radius
from mangapaint.evaluation.hints_bench import methods_from_hints
from mangapaint.formats.images import read_page
from mangapaint.progress import Progress, Silent, Span

FEW, MANY = 60, 500
"""Strokes that lie on the page before one more is drawn; the other tool is given the few."""
DRAWN = 20
"""Strokes that are timed."""


def page_speed(path: Path, methods: Sequence[str] = (), *, weights: Weights | None = None, vs_gmic: bool = False,
               seed: int = 0, progress: Progress | None = None) -> dict[str, Any]:  # fmt: skip
    """Time one more stroke on a page for each method that can colour its kind, and G'MIC's update beside them.

    Returns page, size (height, width), kind, methods (for each and each number of strokes: median_ms, p95_ms) and
    gmic (strokes, seconds, times: G'MIC's time over each method's median with most strokes), None without it.
    """
    progress = progress or Silent()
    if vs_gmic:
        gmic.check()
    progress.report(0.0, "Reading the page")
    page = read_page(path)
    analysis = analyze(page, progress=Span(progress, 0, 0.2))
    strokes = random_dots(page, MANY + DRAWN, seed)
    chosen = [item for item in methods_from_hints(methods, weights) if analysis.kind in item.info.kinds]
    if not chosen:
        raise UserError(f"no method can colour a page of kind {analysis.kind.value}", path=path,
                        remedy="give a page of lines")  # fmt: skip
    rows: list[dict[str, Any]] = []
    for number, method in enumerate(chosen):
        progress.report(0.2 + 0.3 * number / len(chosen), method.info.id)
        first = ColorRequest(Stamp(page.id, 0), analysis, method=method.info.id, seed=seed, weights=weights)
        rows += _timed(method, first, strokes)
    progress.report(0.5, "G'MIC")
    beside = _beside(analysis, strokes[:FEW], rows) if vs_gmic else None
    progress.report(1.0, "Done")
    size = [page.height, page.width]
    return {"page": str(path), "size": size, "kind": analysis.kind.value, "methods": rows, "gmic": beside}


def random_dots(page: Page, count: int, seed: int) -> tuple[Stroke, ...]:
    """Return dots of random colours at random places; fewer of them are the first of more."""
    rng = np.random.default_rng(seed)
    rows = rng.random((count, 5))
    places = (rows[:, :2] * (page.width, page.height)).tolist()
    colors = (rows[:, 2:] * 256).astype(int).tolist()
    width = 2 * dot_radius(page.height, page.width) + 1
    return tuple(stroke([at], width=width, color=(r, g, b)) for at, (r, g, b) in zip(places, colors, strict=True))


def _timed(method: Method, first: ColorRequest, strokes: tuple[Stroke, ...]) -> list[dict[str, Any]]:
    rows = []
    for before in (FEW, MANY):
        spent = _updates(method, first, strokes[: before + DRAWN], before)
        median, most = (round(float(np.percentile(spent, part)), 2) for part in (50, 95))
        rows.append({"method": method.info.id, "strokes": before, "median_ms": median, "p95_ms": most})
    return rows


def _updates(method: Method, first: ColorRequest, strokes: tuple[Stroke, ...], before: int) -> list[float]:
    """Return the milliseconds of each update, one for each stroke after the first so many."""
    prepared = method.prepare(first, Silent())
    shown: Colorization | None = None
    spent = []
    for count in range(before, len(strokes) + 1):
        request = replace(first, stamp=Stamp(first.stamp.page, count), strokes=strokes[:count])
        start = time.perf_counter()
        new = method.colorize(prepared, request, Silent())
        _compose_changed(first.analysis, shown, new)
        spent.append(1000 * (time.perf_counter() - start))
        shown = new
    return spent[1:]


def _compose_changed(analysis: PageAnalysis, shown: Colorization | None, new: Colorization) -> None:
    rect = changed(analysis, shown, new)
    for band in bands(rect):
        compose(analysis, new, band)


def _beside(analysis: PageAnalysis, strokes: tuple[Stroke, ...], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Time one update of G'MIC: it starts from the beginning at every stroke."""
    if analysis.kind is not Kind.LINE:
        raise UserError(f"G'MIC colours line art, and this page is {analysis.kind.value}", path=analysis.page.path,
                        remedy="give a page of lines, or leave out --vs gmic")  # fmt: skip
    start = time.perf_counter()
    gmic.colored(analysis.gray, strokes)
    seconds = time.perf_counter() - start
    times = {row["method"]: round(1000 * seconds / row["median_ms"], 1) for row in rows if row["strokes"] == MANY}
    return {"strokes": len(strokes), "seconds": round(seconds, 2), "times": times}
