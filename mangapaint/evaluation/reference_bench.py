"""``mangapaint bench reference``: how exactly pages are coloured from one coloured picture, without a hand."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.method import ColorRequest, Learner, Matches, Method, Stamp
from mangapaint.colorizers.weights import Weights
from mangapaint.document.page import Kind, Pixels
from mangapaint.errors import UserError
from mangapaint.evaluation import match_lines, metrics, sheets
from mangapaint.evaluation.coloring import Options, check_choices, colored, methods_from_reference
from mangapaint.evaluation.pairs import DRAWN, Loaded, Pair, Skipped, find, load
from mangapaint.evaluation.scene_pairs import POSES, load_scenes, scene_pairs
from mangapaint.evaluation.tables import plain
from mangapaint.formats.atomic import make_folder
from mangapaint.formats.writing import write_png
from mangapaint.progress import Progress, Silent, Span

FIGURES = ("chroma", "occurring", "regions", "psnr", "labels", "wrong", "colored", "seconds")
LEARNERS_EVERY = 8
"""Methods that learn for minutes run on each so many-th pair, unless all are asked for."""
CHANGES = {"flip": "mirrored", "bust": "cut to the bust", "body": "cut to the body"}
"""What changes to the target are called in the table, where the index's own word does not say it."""
LINES = "matches"
"""The folder beside the sheets that match lines are drawn into."""
APART = frozenset({DRAWN, *POSES})
"""Kinds that are not among "all"."""


@dataclass(frozen=True)
class Measured:
    """One page coloured by one method.

    ``occurring`` is ``chroma`` over the colours that occur in the references. ``stages`` are the seconds of each step
    from the decoded page to the coloured one, ``seconds`` their sum.
    """

    name: str
    input: str
    kind: str
    change: str
    split: str
    method: str
    chroma: float
    occurring: float
    regions: float
    psnr: float
    labels: float
    wrong: float
    colored: float
    seconds: float
    stages: dict[str, float]


@dataclass(frozen=True)
class Plan:
    """What is to be measured: of each sort of pairs found every ``every``-th, at most ``limit``.

    ``data`` is where pairs are found, ``scenes`` of how many series of scenes pairs are drawn; one of them may be none.
    """

    data: Path | None = None
    scenes: int = 0
    methods: tuple[str, ...] = ()
    options: Options = ()
    weights: Weights | None = None
    inputs: tuple[Kind, ...] = (Kind.GRAY,)
    splits: tuple[str, ...] = ()
    everything: bool = False
    every: int = 1
    limit: int | None = None
    sheets: Path | None = None
    device: str = "auto"
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Job:
    """A pair, the methods that are to colour it, and the ids of all that could (a column of the sheet each)."""

    pair: Pair
    methods: tuple[Method, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ground:
    """A loaded pair with its page's analysis, the seconds this took, the colours that label its pixels, and where those
    are that occur in the references."""

    loaded: Loaded
    analysis: PageAnalysis
    seconds: float
    labels: metrics.Field
    occurring: metrics.Mask


@dataclass(eq=False)
class Record:
    """All that was found out so far."""

    measured: list[Measured]
    skipped: list[Skipped]
    rows: dict[str, list[sheets.Row]]


def bench_reference(plan: Plan, progress: Progress | None = None, *,
                    methods: Sequence[Method] | None = None) -> dict[str, Any]:  # fmt: skip
    """Measure; ``methods`` overrules those the plan names.

    Returns ``rows`` (means for each input, kind of pair and method), ``same_pictures`` (the same over the pictures
    that every method ran on; empty where that is all), ``pictures`` (what the rows are means of), ``skipped`` (name,
    why) and ``sheets`` (the files).
    """
    progress = progress or Silent()
    _check(plan)
    chosen = methods_from_reference(plan.methods, plan.weights) if methods is None else tuple(methods)
    check_choices(chosen, plan.options, plan.device)
    pairs, skipped = ([], []) if plan.data is None else find(plan.data, plan.inputs, splits=plan.splits)
    pairs += scene_pairs(plan.scenes, plan.inputs)
    jobs = _jobs(pairs, chosen, plan)
    if plan.sheets is not None:
        sheets.check_folder(plan.sheets)
    record = Record([], skipped, {})
    for number, job in enumerate(jobs):
        progress.report(number / len(jobs), job.pair.name)
        _measure(job, plan, record, Span(progress, number / len(jobs), (number + 0.99) / len(jobs)))
    if not record.measured:
        raise UserError(
            "no pair could be measured",
            path=plan.data,
            remedy="; ".join(f"{item.name}: {item.why}" for item in record.skipped[:1]),
        )
    return _report(plan, record, progress)


def _check(plan: Plan) -> None:
    if plan.every < 1 or (plan.limit is not None and plan.limit < 1):
        raise UserError("a bench needs pictures", remedy="give --limit and --every as 1 or more")


def _jobs(pairs: Sequence[Pair], methods: Sequence[Method], plan: Plan) -> list[Job]:
    """Return which pairs are coloured by which methods; methods that learn get few of them."""
    stride = 1 if plan.everything else -(-LEARNERS_EVERY // plan.every)
    jobs = []
    for sort in dict.fromkeys(map(_sort, pairs)):
        members = [pair for pair in pairs if _sort(pair) == sort]
        for number, pair in enumerate(members[:: plan.every][: plan.limit]):
            able = [item for item in methods if pair.input in item.info.kinds]
            now = [item for item in able if number % stride == 0 or not isinstance(item, Learner)]
            jobs += [Job(pair, tuple(now), tuple(item.info.id for item in able))] if now else []
    if not jobs:
        remedy = "choose others, or another --input; see: mangapaint methods"
        raise UserError("none of these methods can colour these pages", path=plan.data, remedy=remedy)
    return jobs


def _sort(pair: Pair) -> tuple[Kind, bool, bool]:
    """Return what is counted together: pairs of an input, drawn by people, or scenes."""
    return pair.input, pair.page is None, pair.scene is None


def _measure(job: Job, plan: Plan, record: Record, progress: Progress) -> None:
    """Colour one pair's page by all its methods and put down what came of it."""
    try:
        ground = _ground(load(job.pair) if job.pair.scene is None else load_scenes(job.pair))
    except UserError as error:
        record.skipped.append(Skipped(job.pair.name, error.line()))
        return
    found: dict[str, tuple[Measured, Pixels]] = {}
    for number, method in enumerate(job.methods):
        part = Span(progress, number / len(job.methods), (number + 1) / len(job.methods))
        try:
            found[method.info.id] = _by_method(method, ground, plan, part)
        except UserError as error:
            record.skipped.append(Skipped(job.pair.name, f"{method.info.id}: {error.line()}"))
    record.measured += [measured for measured, _ in found.values()]
    if plan.sheets is not None and found:
        record.rows.setdefault(job.pair.input.value, []).append(_row(job, ground.loaded, found))


def _ground(loaded: Loaded) -> Ground:
    start = time.perf_counter()
    analysis = analyze(loaded.page, kind=loaded.pair.input)
    seconds = time.perf_counter() - start
    pixels = [reference.pixels for reference in loaded.references]
    return Ground(loaded, analysis, seconds, metrics.label_colors(pixels[0]), metrics.occurring(loaded.truth, pixels))


def _by_method(method: Method, ground: Ground, plan: Plan, progress: Progress) -> tuple[Measured, Pixels]:
    stamp = Stamp(ground.loaded.page.id, 0)
    request = ColorRequest(stamp, ground.analysis, references=ground.loaded.references, device=plan.device,
                           seed=plan.seed, options=plan.options, weights=plan.weights)  # fmt: skip
    run = colored(method, request, progress)
    if plan.sheets is not None and run.matches is not None:
        _write_lines(plan.sheets, method, ground, run.matches)
    stages = {"analysis": ground.seconds} | run.stages
    return _judged(ground, method.info.id, run.result, stages), run.result


def _write_lines(folder: Path, method: Method, ground: Ground, matches: Matches) -> None:
    """Draw where the page's colours are from."""
    pair = ground.loaded.pair
    name = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in pair.name)
    sheet = match_lines.drawn(ground.loaded.page.pixels, ground.loaded.references[0].pixels, ground.analysis, matches)
    make_folder(folder / LINES)
    write_png(folder / LINES / f"{name}-{pair.input.value}-{method.info.id}.png", sheet, compress=6)


def _judged(ground: Ground, method: str, result: Pixels, stages: dict[str, float]) -> Measured:
    pair, truth = ground.loaded.pair, ground.loaded.truth
    return Measured(
        name=pair.name,
        input=pair.input.value,
        kind=pair.kind,
        change=pair.change,
        split=pair.split,
        method=method,
        chroma=metrics.chroma_accuracy(result, truth),
        occurring=metrics.chroma_accuracy(result, truth, ground.occurring),
        regions=metrics.region_accuracy(result, truth, _counted(ground)),
        psnr=metrics.psnr(result, truth),
        labels=metrics.label_accuracy(result, truth, ground.labels),
        wrong=metrics.wrong_part(result, truth),
        colored=metrics.colored_part(result, truth),
        seconds=sum(stages.values()),
        stages={name: round(value, 4) for name, value in stages.items()},
    )


def _counted(ground: Ground) -> NDArray[np.integer[Any]]:
    """Return the regions, int (H, W), -1 where they are not counted.

    Of line art the ink is not: it is the artist's, and small regions would be right or wrong by their ink alone.
    """
    labels, counted = ground.analysis.regions.labels, ground.loaded.counted
    if counted is not None:
        labels = np.where(counted, labels, -1)
    return np.where(ground.analysis.ink, -1, labels) if ground.loaded.pair.input is Kind.LINE else labels


def _row(job: Job, loaded: Loaded, found: dict[str, tuple[Measured, Pixels]]) -> sheets.Row:
    """Return a pair's row on the sheet: reference, page, what each method made of it, truth."""
    cells: list[sheets.Cell | None] = [
        sheets.cell(loaded.references[0].pixels, loaded.pair.name),
        sheets.cell(loaded.page.pixels, "page"),
    ]
    for name in job.columns:
        measured, result = found.get(name, (None, None))
        told = "" if measured is None else f"{name}: chroma {100 * measured.chroma:.0f} %"
        cells.append(None if result is None else sheets.cell(result, told))
    worth = metrics.mean([measured.chroma for measured, _ in found.values()])
    return sheets.Row((*cells, sheets.cell(loaded.truth, "truth")), worth)


def _report(plan: Plan, record: Record, progress: Progress) -> dict[str, Any]:
    """Write the sheets and return everything as plain values."""
    written: list[Path] = []
    if plan.sheets is not None:
        for given, rows in record.rows.items():
            written += sheets.write_sheets(plan.sheets, given, rows)
    progress.report(1.0, "Done")
    return {
        "data": str(plan.data or ""),
        "seed": plan.seed,
        "rows": summary(record.measured),
        "same_pictures": summary(same_pictures(record.measured)),
        "pictures": [plain(asdict(item)) for item in record.measured],
        "skipped": [asdict(item) for item in record.skipped],
        "sheets": [str(path) for path in written],
    }


def summary(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Return the mean of each figure for each input, group of pairs and method.

    Groups are the kinds of pairs, then what was done to the target, then all pairs but those drawn by people and
    scenes, which are kinds by themselves.
    """
    rows = []
    for given in dict.fromkeys(item.input for item in measured):
        members = [item for item in measured if item.input == given]
        for group, inside in _groups(members):
            for method in dict.fromkeys(item.method for item in inside):
                mine = [item for item in inside if item.method == method]
                means = {figure: metrics.mean([getattr(item, figure) for item in mine]) for figure in FIGURES}
                rows.append(plain({"group": group, "input": given, "method": method, "pictures": len(mine), **means}))
    return rows


def _groups(measured: Sequence[Measured]) -> Iterator[tuple[str, list[Measured]]]:
    kinds = sorted({item.kind for item in measured}, key=lambda kind: (kind in APART, kind))
    for kind in kinds:
        yield kind, [item for item in measured if item.kind == kind]
    for change in sorted({item.change for item in measured} - {""}):
        yield f"all {CHANGES.get(change, change)}", [item for item in measured if item.change == change]
    if len(set(kinds) - APART) > 1:
        yield "all", [item for item in measured if item.kind not in APART]


def same_pictures(measured: Sequence[Measured]) -> list[Measured]:
    """Return what was measured on pictures that every method of their input ran on; nothing where that is all."""
    ran: dict[tuple[str, str], set[str]] = {}
    for item in measured:
        ran.setdefault((item.input, item.name), set()).add(item.method)
    every = {given: set().union(*(done for (own, _), done in ran.items() if own == given)) for given, _ in ran}
    kept = [item for item in measured if ran[item.input, item.name] == every[item.input]]
    return [] if len(kept) == len(measured) else kept
