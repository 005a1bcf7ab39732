"""``mangapaint bench auto``: how pages come out when nobody says anything, neither by a hint nor by a reference."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from mangapaint.analysis.ink import as_rgb, luminance
from mangapaint.colorizers.method import ColorRequest, Method, Stamp
from mangapaint.colorizers.registry import AUTO, choose
from mangapaint.colorizers.registry import method as method_by_id
from mangapaint.colorizers.weights import Weights, method_of, shipped
from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.evaluation import metrics, sheets
from mangapaint.evaluation.coloring import colored, methods_unguided
from mangapaint.evaluation.judging import Ground, accuracy, decisive, ground_of, in_words, means
from mangapaint.evaluation.selection import Selection, find
from mangapaint.evaluation.tables import plain
from mangapaint.progress import Progress, Silent

GRAY = "gray"
"""What the page as it is is called."""
OWN_WEIGHTS = "train one (mangapaint train), or give weights (--weights)"
FIGURES = ("fill", "regions", "chroma", "psnr", "wrong", "colored", "seconds")


@dataclass(frozen=True, eq=False)
class Way:
    """A method with weights of its own (None: those that come with it), and what it is called here."""

    name: str
    method: Method
    weights: Weights | None = None


@dataclass(frozen=True)
class Measured:
    """One page coloured in one way; what is not measured for its kind is nan.

    ``seconds`` are from the decoded page to the coloured one, with the weights read before, unless more networks are
    measured than stay in memory.
    """

    name: str
    group: str
    method: str
    fill: float
    regions: float
    chroma: float
    psnr: float
    wrong: float
    colored: float
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What is to be measured: the named methods and AUTO (none named: all there are), and the given weights."""

    pictures: Selection
    methods: tuple[str, ...] = ()
    weights: tuple[Weights, ...] = ()
    sheets: Path | None = None

    @property
    def auto(self) -> bool:
        """Whether what AUTO chooses is to be measured, too."""
        return not self.methods or AUTO in self.methods


@dataclass(eq=False)
class Record:
    """All that was found out so far; ``refused`` says why AUTO chose nothing, ``begun`` which ways have run before."""

    measured: list[Measured] = field(default_factory=list)
    rows: dict[str, list[sheets.Row]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)


def bench_auto(plan: Plan, progress: Progress | None = None) -> dict[str, Any]:
    """Measure.

    Returns ``rows`` (means for each group and way), ``pictures`` (what they are means of), ``ways`` (name, method,
    weights), ``skipped`` (name, why) and ``sheets`` (the files).
    """
    progress = progress or Silent()
    ways = ways_of(plan)
    samples = find(plan.pictures)
    if plan.sheets is not None:
        sheets.check_folder(plan.sheets)
    record = Record()
    for number, sample in enumerate(samples):
        progress.report(number / len(samples), sample.name)
        _measure(ground_of(sample), ways, plan, record)
    if all(item.method == GRAY for item in record.measured):
        why = record.refused.get(AUTO, OWN_WEIGHTS)
        raise UserError("nothing here colours these pictures by itself", remedy=why)
    written = [] if plan.sheets is None else sheets.write_all(plan.sheets, record.rows)
    progress.report(1.0, "Done")
    return {
        "data": plan.pictures.folders,
        "ways": [_told(way) for way in ways],
        "rows": means(record.measured, ("group", "method"), FIGURES),
        "pictures": [plain(asdict(item)) for item in record.measured],
        "skipped": [{"name": name, "why": why} for name, why in record.refused.items()],
        "sheets": written,
    }


def ways_of(plan: Plan) -> tuple[Way, ...]:
    """Return the ways that are measured on each page, beside what AUTO chooses: methods, then weights by their files.

    Raises ``UserError`` where nothing here can colour a page by itself, or a named method cannot.
    """
    ids = [name for name in plan.methods if name != AUTO]
    files = tuple(dict.fromkeys(plan.weights))
    given = [method_by_id(method_of(item)) for item in files]
    methods = methods_unguided(ids, {item.info.id for item in given}) if ids or not plan.methods else ()
    own = tuple(Way(item.info.id, item) for item in methods)
    taken = {GRAY, *(way.name for way in own)}
    ways = (*own, *(Way(_name(item, files, taken), by, item) for item, by in zip(files, given, strict=True)))
    if not ways and not methods_unguided(()):
        raise UserError("no method here colours a page by itself", remedy=OWN_WEIGHTS)
    return ways


def _name(weights: Weights, files: Sequence[Weights], taken: Collection[str]) -> str:
    """Return the shortest name that is a file's alone: its stem, its folder's and its own, or its whole path."""
    for form in (lambda path: path.stem, lambda path: f"{path.parent.name}/{path.stem}"):
        name = form(weights.path)
        if name not in taken and [form(item.path) for item in files].count(name) == 1:
            return name
    return str(weights.path)


def _measure(ground: Ground, ways: Sequence[Way], plan: Plan, record: Record) -> None:
    """Colour one page in every way that its kind allows, and put down what came of it."""
    bare = as_rgb(luminance(ground.loaded.page))
    kind = ground.sample.group.kind
    found = {way: _by_way(way, ground, record) for way in ways if kind in way.method.info.kinds}
    record.measured += [_judged(ground, GRAY, bare, math.nan), *(measured for measured, _ in found.values())]
    chosen = _chosen(ground, ways, record) if plan.auto else None
    if chosen is not None:
        found[chosen] = found.get(chosen) or _by_way(chosen, ground, record)
        name = f"{AUTO}: {chosen.method.info.id}"
        record.measured.append(replace(found[chosen][0], method=name))
    if plan.sheets is not None and found:
        record.rows.setdefault(ground.sample.group.name.lower(), []).append(_row(ground, found))


def _chosen(ground: Ground, ways: Sequence[Way], record: Record) -> Way | None:
    """Return the way that AUTO chooses for a page, one of ``ways`` if it is among them; put down why there is none."""
    try:
        method = choose(_request(ground))
    except UserError as error:
        record.refused.setdefault(AUTO, f"{error.what}; {error.remedy}")
        return None
    known = (way for way in ways if way.method is method and way.weights is None)
    return next(known, Way(f"{AUTO}: {method.info.id}", method))


def _request(ground: Ground, weights: Weights | None = None) -> ColorRequest:
    return ColorRequest(Stamp(ground.loaded.page.id, 0), ground.analysis, weights=weights)


def _by_way(way: Way, ground: Ground, record: Record) -> tuple[Measured, Pixels]:
    request = _request(ground, way.weights)
    if way.name not in record.begun:  # reads the weights, which is not to be timed
        record.begun.add(way.name)
        colored(way.method, request, Silent())
    run = colored(way.method, request, Silent())
    return _judged(ground, way.name, run.result, ground.seconds + sum(run.stages.values())), run.result


def _judged(ground: Ground, name: str, result: Pixels, seconds: float) -> Measured:
    truth = ground.loaded.truth
    return Measured(
        name=ground.sample.name,
        group=ground.sample.group.value,
        method=name,
        **accuracy(ground, result),
        wrong=metrics.wrong_part(result, truth),
        colored=metrics.colored_part(result, truth),
        seconds=seconds,
    )


def _row(ground: Ground, found: Mapping[Way, tuple[Measured, Pixels]]) -> sheets.Row:
    """Return a page's row on the sheet: page, what came of it in each way, truth."""
    group = ground.sample.group
    cells = [
        sheets.cell(result, f"{measured.method}: {in_words(group, asdict(measured))}")
        for measured, result in found.values()
    ]
    worth = metrics.mean([getattr(measured, decisive(group)) for measured, _ in found.values()])
    page, truth = ground.loaded.page.pixels, ground.loaded.truth
    return sheets.Row((sheets.cell(page, ground.sample.name), *cells, sheets.cell(truth, "truth")), worth)


def _told(way: Way) -> dict[str, str | None]:
    weights = way.weights or shipped(way.method.info.id)
    return {"name": way.name, "method": way.method.info.id, "weights": None if weights is None else str(weights.path)}
