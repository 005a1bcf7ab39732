"""``mangapaint bench hints``: how exactly pages are coloured from a few random dots of the truth."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mangapaint.analysis.ink import luminance
from mangapaint.batch import composed
from mangapaint.colorizers.method import ColorRequest, Method, Need, Stamp
from mangapaint.colorizers.registry import LEARNT, METHODS, capabilities
from mangapaint.colorizers.registry import method as method_by_id
from mangapaint.colorizers.weights import Weights, method_of
from mangapaint.document.page import Pixels
from mangapaint.document.strokes import Stroke
from mangapaint.errors import UserError
from mangapaint.evaluation import gmic, metrics, sheets
from mangapaint.evaluation.corpus import Group
from mangapaint.evaluation.dots import dots, seed_of
from mangapaint.evaluation.judging import Ground, accuracy, decisive, ground_of, in_words, means
from mangapaint.evaluation.leaks import leak
from mangapaint.evaluation.selection import Selection, find
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

    pictures: Selection
    counts: tuple[int, ...] = COUNTS
    methods: tuple[str, ...] = ()
    weights: Weights | None = None
    vs_gmic: bool = False
    sheets: Path | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Shown:
    """What was measured of one picture coloured in one way, and that picture made small."""

    measured: Measured
    cell: sheets.Cell


def bench_hints(plan: Plan, progress: Progress | None = None) -> dict[str, Any]:
    """Measure; returns ``rows`` (means for each group, method and count), ``pictures``, which they are means of, and
    ``sheets`` (the files).
    """
    progress = progress or Silent()
    methods = methods_from_hints(plan.methods, plan.weights)
    _check(plan, methods)
    samples = find(plan.pictures)
    if plan.sheets is not None:
        sheets.check_folder(plan.sheets)
    measured: list[Measured] = []
    rows: dict[str, list[sheets.Row]] = {}
    for number, sample in enumerate(samples):
        progress.report(number / len(samples), sample.name)
        ground = ground_of(sample)
        found = list(_measure(ground, methods, plan))
        measured += [item.measured for item in found]
        if plan.sheets is not None and found:
            rows.setdefault(sample.group.name.lower(), []).append(_row(ground, found))
    if not measured:
        raise UserError(
            "none of these methods can colour these pictures", remedy="choose others; see: mangapaint methods"
        )
    written = [] if plan.sheets is None else sheets.write_all(plan.sheets, rows)
    progress.report(1.0, "Done")
    return {
        "data": plan.pictures.folders,
        "seed": plan.seed,
        "rows": summary(measured),
        "pictures": [plain(asdict(item)) for item in measured],
        "sheets": written,
    }


def summary(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Return the mean of each figure over the pictures of a group, for each method and count of dots."""
    groups = [group.value for group in Group]
    order = sorted(measured, key=lambda item: (groups.index(item.group), item.method, item.dots))
    return means(order, ("group", "method", "dots"), FIGURES)


def _check(plan: Plan, methods: Sequence[Method]) -> None:
    if not plan.counts or min(plan.counts) < 0:
        raise UserError("a bench needs hints", remedy="give --counts as numbers from 0 on, such as 0,10,30,100")
    if not any(_counts(plan, method) for method in methods):
        raise UserError("all these methods need hints", remedy="give --counts above 0, or weights that need none")
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


def _measure(ground: Ground, methods: Sequence[Method], plan: Plan) -> Iterator[Shown]:
    """Colour one page in every way that its kind allows."""
    seed = seed_of(ground.sample.name, plan.seed)
    strokes = dots(ground.loaded.truth, max(plan.counts), seed=seed, ink=ground.ink)
    for method in methods:
        counts = _counts(plan, method)
        if counts and ground.sample.group.kind in method.info.kinds:
            first = ColorRequest(Stamp(ground.loaded.page.id, 0), ground.analysis, method=method.info.id,
                                 seed=plan.seed, weights=plan.weights)  # fmt: skip
            colored = coloring(method, first)
            yield from (_once(ground, method.info.id, colored, strokes[:count], count) for count in counts)
    if plan.vs_gmic and ground.drawn:
        line = luminance(ground.loaded.page)
        for count in filter(None, sorted(set(plan.counts))):
            yield _once(ground, gmic.ID, lambda hints: gmic.colored(line, hints), strokes[:count], count)


def _counts(plan: Plan, method: Method) -> list[int]:
    """Return how many dots a method is given: none only where it can do without."""
    return [count for count in sorted(set(plan.counts)) if count or Need.HINTS not in method.info.needs]


def coloring(method: Method, first: ColorRequest) -> Colored:
    """Return what one update of the whole picture is for a method, which is made ready for a request without hints."""
    prepared = method.prepare(first, Silent())

    def colored(strokes: tuple[Stroke, ...]) -> Pixels:
        request = replace(first, stamp=Stamp(first.stamp.page, len(strokes)), strokes=strokes)
        return composed(first.analysis, method.colorize(prepared, request, Silent()))

    return colored


def _once(ground: Ground, method: str, colored: Colored, strokes: tuple[Stroke, ...], count: int) -> Shown:
    start = time.perf_counter()
    result = colored(strokes)
    seconds = time.perf_counter() - start
    measured = _judged(ground, method, count, result, seconds)
    dotted = "1 dot" if count == 1 else f"{count} dots"
    words = f"{method}, {dotted}: {in_words(ground.sample.group, asdict(measured))}"
    return Shown(measured, sheets.cell(result, words))


def _judged(ground: Ground, method: str, count: int, result: Pixels, seconds: float) -> Measured:
    sample = ground.sample
    return Measured(
        name=sample.name,
        group=sample.group.value,
        method=method,
        dots=count,
        **accuracy(ground, result),
        leak=math.nan if ground.drawn else leak(result, ground.loaded.truth),
        seconds=seconds,
    )


def _row(ground: Ground, found: Sequence[Shown]) -> sheets.Row:
    """Return a picture's row on the sheet: page, what each method made of each count of dots, truth."""
    most = max((item.measured.dots for item in found), default=0)
    name = decisive(ground.sample.group)
    worth = metrics.mean([getattr(item.measured, name) for item in found if item.measured.dots == most])
    page, truth = ground.loaded.page.pixels, ground.loaded.truth
    cells = (item.cell for item in found)
    return sheets.Row((sheets.cell(page, ground.sample.name), *cells, sheets.cell(truth, "truth")), worth)
