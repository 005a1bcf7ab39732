"""``mangapaint bench hints``: how exactly pages are coloured from a few random dots of the truth."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.ink import luminance
from mangapaint.batch import composed
from mangapaint.colorizers.method import ColorRequest, Method, Need, Stamp
from mangapaint.colorizers.registry import LEARNT, METHODS, capabilities
from mangapaint.colorizers.registry import method as method_by_id
from mangapaint.colorizers.weights import Weights, method_of
from mangapaint.document.page import Kind, Pixels
from mangapaint.document.strokes import Stroke
from mangapaint.errors import UserError
from mangapaint.evaluation import gmic, metrics
from mangapaint.evaluation.corpus import Group, Loaded, Sample, find, load
from mangapaint.evaluation.dots import dots, seed_of
from mangapaint.evaluation.leaks import leak
from mangapaint.evaluation.tables import plain
from mangapaint.progress import Progress, Silent

COUNTS = (10, 30, 100)
FIGURES = ("fill", "regions", "chroma", "psnr", "leak", "seconds")

Colored = Callable[[tuple[Stroke, ...]], Pixels]
"""Colours a page that has been made ready, from hints; what it takes is one update's time."""


@dataclass(frozen=True)
class Measured:
    """One picture coloured in one way from so many dots; what is not measured for its kind is nan."""

    name: str
    group: str
    method: str
    dots: int
    fill: float
    regions: float
    chroma: float
    psnr: float
    leak: float
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What is to be measured."""

    data: Path
    counts: tuple[int, ...] = COUNTS
    methods: tuple[str, ...] = ()
    weights: Weights | None = None
    vs_gmic: bool = False
    kinds: tuple[Kind, ...] = (Kind.LINE, Kind.GRAY)
    everything: bool = False
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Ground:
    """A loaded sample, analysed, with all its dots (the first of them are the fewer) and its ink."""

    loaded: Loaded
    analysis: PageAnalysis
    ink: NDArray[np.bool_]
    strokes: tuple[Stroke, ...]


def bench_hints(plan: Plan, progress: Progress | None = None) -> dict[str, Any]:
    """Measure; returns ``rows`` (means for each group, method and count) and ``pictures``, which they are means of."""
    progress = progress or Silent()
    _check(plan)
    methods = methods_from_hints(plan.methods, plan.weights)
    samples = find(plan.data, everything=plan.everything, limit=plan.limit, kinds=plan.kinds)
    measured: list[Measured] = []
    for number, sample in enumerate(samples):
        progress.report(number / len(samples), sample.name)
        measured += _measure(sample, methods, plan)
    progress.report(1.0, "Done")
    if not measured:
        raise UserError(
            "none of these methods can colour these pictures", remedy="choose others; see: mangapaint methods"
        )
    pictures = [plain(asdict(item)) for item in measured]
    return {"data": str(plan.data), "seed": plan.seed, "rows": summary(measured), "pictures": pictures}


def summary(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Return the mean of each figure over the pictures of a group, for each method and count of dots."""
    keys = dict.fromkeys((item.group, item.method, item.dots) for item in measured)
    rows = []
    for group, method, count in sorted(keys, key=lambda key: ([item.value for item in Group].index(key[0]), *key[1:])):
        members = [item for item in measured if (item.group, item.method, item.dots) == (group, method, count)]
        means = {figure: metrics.mean([getattr(item, figure) for item in members]) for figure in FIGURES}
        rows.append(plain({"group": group, "method": method, "dots": count, "pictures": len(members), **means}))
    return rows


def _check(plan: Plan) -> None:
    if not plan.counts or min(plan.counts) < 1:
        raise UserError("a bench needs hints", remedy="give --counts as numbers above 0, such as 10,30,100")
    if plan.limit is not None and plan.limit < 1:
        raise UserError("a bench needs pictures", remedy="give --limit 1 or more")
    if plan.vs_gmic:
        gmic.check()


def methods_from_hints(ids: Sequence[str], weights: Weights | None = None) -> tuple[Method, ...]:
    """Return the named methods, or all that work from hints alone; and the one whose weights are given.

    Raises ``UserError`` for one that needs something else, or weights that are not there.
    """
    names = [*ids, *([method_of(weights)] if weights else [])]
    named = tuple(method_by_id(name) for name in dict.fromkeys(names))
    unable = ", ".join(item.info.id for item in named if not item.info.needs <= LEARNT | {Need.HINTS})
    if unable:
        raise UserError(f"{unable} cannot work from hints alone", remedy="name other methods with --method")
    for row in capabilities(weights):
        if not row.available and row.info.id in names:
            raise UserError(f"{row.info.id} cannot run here", remedy=row.why_not)
    usual = () if ids else tuple(item for item in METHODS if item.info.needs == {Need.HINTS})
    return tuple(dict.fromkeys((*usual, *named)))


def _measure(sample: Sample, methods: Sequence[Method], plan: Plan) -> Iterator[Measured]:
    """Colour one sample in every way that its kind allows."""
    loaded = load(sample)
    ground = _ground(loaded, plan)
    kind = sample.group.kind
    for method in methods:
        if kind in method.info.kinds:
            first = ColorRequest(Stamp(loaded.page.id, 0), ground.analysis, method=method.info.id, seed=plan.seed,
                                 weights=plan.weights)  # fmt: skip
            yield from _each_count(ground, method.info.id, coloring(method, first), plan)
    if plan.vs_gmic and kind is Kind.LINE:
        line = luminance(loaded.page)
        yield from _each_count(ground, gmic.ID, lambda strokes: gmic.colored(line, strokes), plan)


def _ground(loaded: Loaded, plan: Plan) -> Ground:
    kind = loaded.sample.group.kind
    analysis = analyze(loaded.page, kind=kind)
    ink = metrics.ink_of(luminance(loaded.page)) if kind is Kind.LINE else np.zeros(analysis.gray.shape, bool)
    seed = seed_of(loaded.sample.name, plan.seed)
    return Ground(loaded, analysis, ink, dots(loaded.truth, max(plan.counts), seed=seed, ink=ink))


def coloring(method: Method, first: ColorRequest) -> Colored:
    """Return what one update of the whole picture is for a method, which is made ready for a request without hints."""
    prepared = method.prepare(first, Silent())

    def colored(strokes: tuple[Stroke, ...]) -> Pixels:
        request = replace(first, stamp=Stamp(first.stamp.page, len(strokes)), strokes=strokes)
        return composed(first.analysis, method.colorize(prepared, request, Silent()))

    return colored


def _each_count(ground: Ground, method: str, colored: Colored, plan: Plan) -> Iterator[Measured]:
    for count in sorted(set(plan.counts)):
        strokes = ground.strokes[:count]
        start = time.perf_counter()
        result = colored(strokes)
        seconds = time.perf_counter() - start
        yield _judged(ground, method, count, result, seconds)


def _judged(ground: Ground, method: str, count: int, result: Pixels, seconds: float) -> Measured:
    sample, truth = ground.loaded.sample, ground.loaded.truth
    drawn = sample.group.kind is Kind.LINE
    return Measured(
        name=sample.name,
        group=sample.group.value,
        method=method,
        dots=count,
        fill=metrics.fill_accuracy(result, truth, ground.ink) if drawn else math.nan,
        regions=metrics.region_accuracy(result, truth, ground.analysis.regions.labels) if drawn else math.nan,
        chroma=metrics.chroma_accuracy(result, truth),
        psnr=metrics.psnr(result, truth),
        leak=math.nan if drawn else leak(result, truth),
        seconds=seconds,
    )
