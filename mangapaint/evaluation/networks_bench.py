"""``mangapaint bench networks``: what networks make of a series that they were taught on the spot.

All is deterministic by seed where steps decide how long is learned, on a processor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from mangapaint.colorizers.device import resolve
from mangapaint.colorizers.weights import Weights, method_of
from mangapaint.errors import UserError
from mangapaint.evaluation import networks_guided, sheets
from mangapaint.evaluation.networks_colorful import measure_colorful
from mangapaint.evaluation.networks_guided import measure_guided, with_wins
from mangapaint.evaluation.networks_parts import EVERY, Outcome, means
from mangapaint.evaluation.networks_series import Series, find_series
from mangapaint.evaluation.networks_sources import measure_sources, orders, with_reported
from mangapaint.evaluation.networks_teaching import Setup
from mangapaint.evaluation.tables import plain
from mangapaint.progress import Progress, Silent, Span

MINUTES = 20.0
"""How long the networks of a part learn together, unless something else is said."""


@dataclass(frozen=True)
class Part:
    """One table: how it is measured, by what its rows differ beside the series, and which figures they have."""

    measure: Callable[[Setup, Progress], Outcome]
    keys: tuple[str, ...]
    figures: tuple[str, ...]


PARTS: Mapping[str, Part] = MappingProxyType({
    "sources": Part(measure_sources, ("input", "method"), ("l1", "l2")),
    "colorful": Part(measure_colorful, ("network", "color"), ("chroma", "psnr", "vivid")),
    "guided": Part(measure_guided, ("dots", "method"), ("chroma", "psnr", "seconds")),
})  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What is to be measured: the named series and parts, or the largest series and all parts.

    The networks of a part learn for ``minutes`` together, or each for ``steps``, or each for the few steps of its
    part (``quick``). ``pages`` is how many pages `guided` learns from, and ``start`` the weights it starts from (None:
    chance). ``sheets`` is a folder for pictures of what came of it.
    """

    data: Path
    series: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    minutes: float | None = None
    steps: int | None = None
    quick: bool = False
    pages: int = 8
    start: Weights | None = None
    sheets: Path | None = None
    device: str = "auto"
    seed: int = 0


def bench_networks(plan: Plan, progress: Progress | None = None) -> dict[str, Any]:
    """Teach and measure; return how, a table for each part, what was taught, each picture's figures, and the sheets.

    Raises ``UserError``, as far as possible before anything is learned.
    """
    progress = progress or Silent()
    _check(plan)
    names = [name for name in PARTS if name in plan.parts or not plan.parts]
    folders = find_series(plan.data, plan.series)
    with TemporaryDirectory(prefix="mangapaint-") as folder:
        setups = [_setup(plan, path, Path(folder), Span(progress, 0.0, 0.05)) for path in folders]
        _check_series(setups, names)
        span = Span(progress, 0.05, 1.0)
        outcomes = {name: _outcome(PARTS[name], setups, Span(span, at / len(names), (at + 1) / len(names)))
                    for at, name in enumerate(names)}  # fmt: skip
    progress.report(1.0, "Done")
    return _said(plan, setups, outcomes)


def _check(plan: Plan) -> None:
    for name in plan.parts:
        if name not in PARTS:
            raise UserError(f"there is no part {name!r}", remedy=f"choose among: {', '.join(PARTS)}")
    if sum((plan.minutes is not None, plan.steps is not None, plan.quick)) > 1:
        raise UserError("it is said twice how long to learn", remedy="give one of --minutes, --steps and --quick")
    for name, value in (("minutes", plan.minutes), ("steps", plan.steps), ("pages", plan.pages)):
        if value is not None and not 0 < value < float("inf"):
            raise UserError(f"--{name} is {value}", remedy="give a number above 0")
    if plan.seed < 0:
        raise UserError(f"--seed is {plan.seed}", remedy="give a number from 0 on")
    _check_start(plan)
    if plan.sheets is not None:
        sheets.check_folder(plan.sheets)


def _check_start(plan: Plan) -> None:
    if plan.start is not None and method_of(plan.start) != networks_guided.METHOD:
        problem = f"these weights are of the method {method_of(plan.start)}, not {networks_guided.METHOD}"
        raise UserError(problem, path=plan.start.path, remedy="--from is what guided starts from")


def _setup(plan: Plan, path: Path, folder: Path, progress: Progress) -> Setup:
    unsaid = plan.minutes is None and plan.steps is None and not plan.quick
    return Setup(
        series=Series.of(path, seed=plan.seed, progress=progress),
        folder=folder,
        device=resolve(plan.device, ("cpu", "cuda")),
        quick=plan.quick,
        steps=plan.steps,
        minutes=MINUTES if unsaid else plan.minutes,
        pages=plan.pages,
        start=plan.start,
        seed=plan.seed,
    )


def _check_series(setups: list[Setup], parts: list[str]) -> None:
    """Raise ``UserError``, before anything is learned, for a series that has too few pictures."""
    for setup in setups:
        if networks_guided.PART in parts:
            setup.series.few(setup.pages)
        setup.series.most()


def _outcome(part: Part, setups: list[Setup], progress: Progress) -> Outcome:
    """Measure a part on every series."""
    whole = Outcome([])
    for at, setup in enumerate(setups):
        span = Span(progress, at / len(setups), (at + 1) / len(setups))
        whole = whole.with_others(part.measure(setup, span))
    return whole


def _said(plan: Plan, setups: list[Setup], outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """Return everything as plain values."""
    tables = {name: means(found.pictures, PARTS[name].keys, PARTS[name].figures) for name, found in outcomes.items()}
    found: dict[str, Any] = {**_how(plan, setups), **dict.fromkeys(PARTS), "orders": None}
    if "sources" in tables:
        found["orders"] = orders(_together(tables["sources"]))
        tables["sources"] = [with_reported(row) for row in tables["sources"]]
    if "guided" in tables:
        tables["guided"] = with_wins(tables["guided"], outcomes["guided"].pictures)
    found |= {name: [plain(row) for row in rows] for name, rows in tables.items()}
    return {
        **found,
        "trainings": [plain(row) for each in outcomes.values() for row in each.trainings],
        "pictures": {name: [plain(row) for row in each.pictures] for name, each in outcomes.items()},
        "sheets": _written(plan, outcomes),
    }


def _how(plan: Plan, setups: list[Setup]) -> dict[str, Any]:
    """Return under which conditions it was measured."""
    asked = asdict(replace(plan, start=None))
    kept = {name: asked[name] for name in ("minutes", "steps", "quick", "pages", "seed")}
    series = [
        {
            "series": setup.series.name,
            "pictures": len(setup.series.order),
            "skipped": setup.series.originals.skipped,
            "held_out": setup.series.names(setup.series.most().held),
            "guided_learned": setup.series.names(setup.series.order[: setup.pages]),
        }
        for setup in setups
    ]
    start = None if plan.start is None else str(plan.start.path)
    return {"data": str(plan.data), **kept, "minutes": setups[0].minutes, "device": setups[0].device, "start": start,
            "series": series}  # fmt: skip


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of all series together, or of the only one."""
    return [row for row in rows if row["series"] == EVERY] or rows


def _written(plan: Plan, outcomes: dict[str, Outcome]) -> list[str]:
    """Write the sheets, if they were asked for; return the files."""
    if plan.sheets is None:
        return []
    return [str(path) for name, each in outcomes.items() for path in sheets.write_sheets(plan.sheets, name, each.sheet)]
