"""Learned on a few pages: `guided`, taught these alone, beside methods that know nothing but the hints.

The hints are dots of the truth as `bench hints` places them, the pages the series' other ones, turned gray, and
every method runs as it does in the window.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.method import ColorRequest, Method, Stamp
from mangapaint.colorizers.registry import method as method_by_id
from mangapaint.document.page import Kind, Pixels
from mangapaint.document.strokes import Stroke
from mangapaint.evaluation import metrics, sheets
from mangapaint.evaluation.corpus import Group, Loaded, Sample, load
from mangapaint.evaluation.dots import dots, seed_of
from mangapaint.evaluation.hints_bench import coloring
from mangapaint.evaluation.networks_parts import EVERY, Outcome
from mangapaint.evaluation.networks_teaching import Lesson, Setting, Setup, Taught, said, settings, taught
from mangapaint.progress import Progress, Span
from mangapaint.training.samples import Input

PART, METHOD = "guided", "guided"
BESIDE = ("levin", "propagation")
COUNTS = (0, 5, 20)
SHOWN = 5
"""The count of dots whose results are on the sheet."""
SETTINGS = settings(
    quick=Setting(128, 4, steps=600),
    cpu=Setting(192, 4),
    cuda=Setting(256, 32),
)
LARGE = (("size", "large"),)
MOST_QUICK = 8
"""Pages that are measured at most where it must be quick."""


def measure_guided(setup: Setup, progress: Progress) -> Outcome:
    """Teach the network the first pages of the series and measure all methods on the others."""
    setting, cut = setup.setting(SETTINGS), setup.series.few(setup.pages)
    item = taught(setup, setting, _lesson(setup), cut, Span(progress, 0.0, 0.7), steps=setup.count(setting),
                  minutes=setup.minutes, start=setup.start)  # fmt: skip
    outcome = Outcome([said(setup, setting, PART, item)])
    held = cut.held[:MOST_QUICK] if setup.quick else cut.held
    for place, number in enumerate(held):
        progress.report(0.7 + 0.3 * place / len(held), f"Measuring {setup.series.names([number])[0]}")
        _measure(setup, item, number, outcome)
    return outcome


def _lesson(setup: Setup) -> Lesson:
    """Return what is taught: a network as large as the device allows, or as large as the one it starts from."""
    large = setup.device == "cuda" and not setup.quick and setup.start is None
    return Lesson(METHOD, METHOD, Input.GRAY, LARGE if large else ())


def _measure(setup: Setup, item: Taught, number: int, outcome: Outcome) -> None:
    """Measure every method on one page at every count of dots."""
    name = setup.series.names([number])[0]
    loaded = load(Sample(name, Group.GRAY, setup.series.path(number)))
    strokes = dots(loaded.truth, max(COUNTS), seed=seed_of(name, setup.seed))
    first = ColorRequest(Stamp(loaded.page.id, 0), analyze(loaded.page, kind=Kind.GRAY), device=setup.device,
                         seed=setup.seed, weights=item.weights)  # fmt: skip
    cells: list[sheets.Cell | None] = [sheets.cell(loaded.page.pixels, name)]
    chroma = []
    for method in (method_by_id(each) for each in (METHOD, *BESIDE)):
        rows, shown = _each_count(method, first, loaded, strokes)
        outcome.pictures.extend({"series": setup.series.name, "name": name, **row} for row in rows)
        chroma.append(next(row["chroma"] for row in rows if row["dots"] == SHOWN))
        cells.append(sheets.cell(shown, f"{method.info.id}, {SHOWN} dots: {chroma[-1]:.2f}"))
    outcome.sheet.append(sheets.Row((*cells, sheets.cell(loaded.truth, "truth")), chroma[0]))


def _each_count(method: Method, first: ColorRequest, loaded: Loaded,
                strokes: Sequence[Stroke]) -> tuple[list[dict[str, Any]], Pixels]:  # fmt: skip
    """Return a method's figures at every count of dots, and its picture at the one that is shown."""
    colored = coloring(method, first)
    rows, shown = [], loaded.page.pixels
    for count in COUNTS:
        start = time.perf_counter()
        result = colored(tuple(strokes[:count]))
        rows.append({"dots": count, "method": method.info.id, "chroma": metrics.chroma_accuracy(result, loaded.truth),
                     "psnr": metrics.psnr(result, loaded.truth), "seconds": time.perf_counter() - start})  # fmt: skip
        shown = result if count == SHOWN else shown
    return rows, shown


def with_wins(rows: Sequence[dict[str, Any]], pictures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of means with the number of pages on which `guided` has the higher chroma accuracy: ``behind``."""
    chroma = {(item["series"], item["name"], item["dots"], item["method"]): item["chroma"] for item in pictures}
    return [{**row, "behind": _behind(row, chroma)} for row in rows]


def _behind(row: dict[str, Any], chroma: dict[tuple[Any, ...], float]) -> int | None:
    if row["method"] == METHOD:
        return None
    own = [key for key in chroma if key[2:] == (row["dots"], row["method"]) and row["series"] in (key[0], EVERY)]
    return sum(chroma[(*key[:3], METHOD)] > chroma[key] for key in own)
