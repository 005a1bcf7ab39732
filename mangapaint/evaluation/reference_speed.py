"""How long one page takes from a reference, from the files to the coloured pixels, and the patch-wise network beside.

The network of "Auto-Coloring Network" (2016) looks at one patch for each pixel; others are compared with its time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mangapaint.analysis.analysis import analyze
from mangapaint.batch import Stages
from mangapaint.colorizers import registry
from mangapaint.colorizers.method import ColorRequest, Method, Stamp
from mangapaint.colorizers.ready import Ready, learned_through
from mangapaint.colorizers.weights import Weights
from mangapaint.errors import UserError
from mangapaint.evaluation.coloring import Learn, Options, check_choices, colored, methods_from_reference
from mangapaint.formats.images import read_page, read_reference
from mangapaint.progress import Progress, Silent, Span

PATCHES, BY_PATCH = "palette-cnn", ("patches", "single")
"""The method, and its option, that looks at one patch at a time."""


@dataclass(frozen=True)
class Timing:
    """What is to be timed; the patch-wise network learns for ``vs_seconds`` only, or to the end if that is 0."""

    page: Path
    reference: Path
    methods: tuple[str, ...] = ()
    options: Options = ()
    weights: Weights | None = None
    vs_patches: bool = False
    vs_seconds: float = 0.0
    device: str = "auto"
    seed: int = 0


def page_time(timing: Timing, progress: Progress | None = None) -> dict[str, Any]:
    """Time a page.

    Returns page, reference, size (height, width), kind, stages (seconds of read and analysis, which all methods
    share), methods (for each: method, seconds, which are all, and its own stages) and patches, None without it:
    seconds, learned (the part of its learning that was run; the seconds are for all of it) and times (these seconds
    over each method's).
    """
    progress = progress or Silent()
    methods = methods_from_reference(timing.methods, timing.weights)
    check_choices(methods, timing.options, timing.device)
    patches = _patches() if timing.vs_patches else None
    request, stages = _opened(timing, Span(progress, 0.0, 0.1))
    able = [item for item in methods if request.analysis.kind in item.info.kinds]
    if not able:
        raise UserError(f"none of these methods can colour a page of kind {request.analysis.kind.value}",
                        path=timing.page, remedy="choose others; see: mangapaint methods")  # fmt: skip
    shared = sum(stages.values())
    rows = []
    for number, method in enumerate(able):
        part = Span(progress, 0.1 + 0.4 * number / len(able), 0.1 + 0.4 * (number + 1) / len(able))
        rows.append(_row(method, request, shared, part))
    beside = _beside(patches, request, timing.vs_seconds, Span(progress, 0.5, 0.99)) if patches else None
    progress.report(1.0, "Done")
    return {
        "page": str(timing.page),
        "reference": str(timing.reference),
        "size": list(request.analysis.gray.shape),
        "kind": request.analysis.kind.value,
        "stages": stages,
        "methods": rows,
        "patches": None if beside is None else _compared(beside, rows, shared),
    }


def _patches() -> Method:
    """Return the patch-wise network; raises ``UserError`` where there is none."""
    found = methods_from_reference([PATCHES])[0]
    registry.check_options(found.info, (BY_PATCH,))
    return found


def _opened(timing: Timing, progress: Progress) -> tuple[ColorRequest, dict[str, float]]:
    """Read and analyse the page; returns the request for it and the seconds of both stages."""
    stages = Stages()
    progress.report(0.0, "Reading the page")
    with stages.stage("read"):
        page, reference = read_page(timing.page), read_reference(timing.reference)
    with stages.stage("analysis"):
        analysis = analyze(page, progress=progress)
    request = ColorRequest(Stamp(page.id, 0), analysis, references=(reference,), device=timing.device,
                           seed=timing.seed, options=timing.options, weights=timing.weights)  # fmt: skip
    return request, stages.seconds


def _row(method: Method, request: ColorRequest, shared: float, progress: Progress) -> dict[str, Any]:
    """Time one method, with what all methods share. Once: a second time it may remember what it found."""
    stages = {name: round(value, 4) for name, value in colored(method, request, progress).stages.items()}
    return {"method": method.info.id, "seconds": round(shared + sum(stages.values()), 4), "stages": stages}


def _beside(method: Method, request: ColorRequest, most: float, progress: Progress) -> dict[str, float]:
    """Run the patch-wise network; returns the seconds that the whole of it takes, and how much it learned."""
    others = tuple(option for option in request.options if option[0] != BY_PATCH[0])
    run = colored(method, replace(request, options=(*others, BY_PATCH)), progress,
                  learn=_learning_for(most) if most else learned_through)  # fmt: skip
    rest = sum(seconds for name, seconds in run.stages.items() if name != "learn")
    return {"seconds": rest + run.stages["learn"] / run.learned, "learned": run.learned}


def _learning_for(most: float) -> Learn:
    """Return what lets a method learn for so many seconds, but at least until it has learned anything."""

    def learn(item: Ready, progress: Progress) -> Ready:
        end = time.perf_counter() + most
        while item.learned < 1 and (item.learned == 0 or time.perf_counter() < end):
            progress.report(item.learned, "Learning patch by patch")
            item = item.further(Span(progress, item.learned, item.learned))
        return item

    return learn


def _compared(beside: dict[str, float], rows: Sequence[dict[str, Any]], shared: float) -> dict[str, Any]:
    whole = shared + beside["seconds"]
    times = {row["method"]: round(whole / row["seconds"], 1) for row in rows}
    return {"method": PATCHES, "seconds": round(whole, 2), "learned": round(beside["learned"], 4), "times": times}
