"""The benchmark of hints: right where the right answer is easy, and means of what was measured."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from mangapaint.colorizers.method import Need
from mangapaint.colorizers.propagation import Propagation
from mangapaint.errors import UserError
from mangapaint.evaluation import gmic, hints_bench
from mangapaint.evaluation.hints_bench import Measured, Plan, bench_hints, summary
from mangapaint.evaluation.tables import HINTS, as_text

FIGURES = {"group", "method", "dots", "fill", "regions", "chroma", "psnr", "leak", "seconds"}


@pytest.fixture
def plan(data) -> Plan:
    return Plan(data, counts=(40, 4), methods=("propagation",), everything=True)


class Steps:
    def __init__(self):
        self.texts, self.fractions = [], []

    def report(self, fraction, text):
        self.fractions.append(fraction)
        self.texts.append(text)

    def check(self):
        pass


def test_boxes_are_coloured_rightly_by_many_dots_and_less_so_by_few(plan):
    found = bench_hints(plan)
    rows = {(row["group"], row["dots"]): row for row in found["rows"]}
    assert list(rows) == [(group, count) for group in ("vector", "drawn by hand", "turned gray") for count in (4, 40)]
    assert rows["vector", 40]["pictures"] == 2
    assert rows["vector", 40]["fill"] > 0.99
    assert rows["vector", 40]["chroma"] > 0.9
    assert rows["turned gray", 40]["chroma"] > 0.6
    assert rows["vector", 4]["chroma"] < rows["vector", 40]["chroma"]
    assert all(row["seconds"] > 0 for row in found["rows"])
    assert len(found["pictures"]) == 10


def test_each_kind_has_its_figures_and_the_others_are_null(plan):
    found = json.loads(json.dumps(bench_hints(plan), allow_nan=False))
    for row in [*found["rows"], *found["pictures"]]:
        gray = row["group"] == "turned gray"
        assert row.keys() >= FIGURES
        assert (row["fill"] is None, row["regions"] is None) == (gray, gray)
        assert (row["leak"] is not None) <= gray
        assert row["psnr"] is not None


def test_the_same_seed_measures_the_same(plan):
    def exactness(seed):
        found = bench_hints(replace(plan, limit=1, seed=seed))["pictures"]
        return [{key: value for key, value in row.items() if key != "seconds"} for row in found]

    assert exactness(3) == exactness(3)
    assert exactness(3) != exactness(4)


def test_progress_names_the_pictures(plan):
    steps = Steps()
    bench_hints(replace(plan, limit=1), steps)
    assert steps.texts == ["boxes-00", "asp-boxes", "one/000", "Done"]
    assert steps.fractions == sorted(steps.fractions)
    assert steps.fractions[-1] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counts": ()}, "--counts"),
        ({"counts": (10, 0)}, "--counts"),
        ({"limit": 0}, "--limit"),
        ({"methods": ("magic",)}, "magic"),
    ],
)
def test_what_cannot_be_measured_is_refused(plan, change, words):
    with pytest.raises(UserError, match=words):
        bench_hints(replace(plan, **change))


class Greedy:
    """A method that needs more than hints."""

    info = replace(Propagation.info, id="greedy", needs=frozenset({Need.HINTS, Need.REFERENCE}))


class Grayish(Propagation):
    """One that colours only kinds there are no pictures of."""

    info = replace(Propagation.info, id="grayish", kinds=frozenset())


def test_methods_that_need_more_than_hints_are_left_out_or_refused_by_name(monkeypatch, plan):
    monkeypatch.setattr("mangapaint.evaluation.hints_bench.METHODS", (Greedy(), Propagation()))
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (Greedy(), Propagation()))
    assert [item.info.id for item in hints_bench.methods_from_hints(())] == ["propagation"]
    with pytest.raises(UserError, match="greedy cannot work from hints alone"):
        bench_hints(replace(plan, methods=("propagation", "greedy")))


def test_methods_that_fit_no_picture_are_told(monkeypatch, plan):
    monkeypatch.setattr("mangapaint.evaluation.hints_bench.METHODS", (Grayish(),))
    with pytest.raises(UserError, match="none of these methods"):
        bench_hints(replace(plan, methods=()))


def test_the_other_tool_is_measured_on_line_art_beside(monkeypatch, plan):
    seen = []
    monkeypatch.setattr(gmic, "check", lambda: None)

    def colored(line, strokes):
        seen.append((line.shape, len(strokes)))
        return np.repeat(line[..., None], 3, axis=2)

    monkeypatch.setattr(gmic, "colored", colored)
    found = bench_hints(replace(plan, vs_gmic=True, limit=1))
    rows = [(row["group"], row["dots"], row["chroma"]) for row in found["rows"] if row["method"] == "gmic"]
    assert rows == [(group, count, 0.0) for group in ("vector", "drawn by hand") for count in (4, 40)]
    assert seen == [((120, 160), 4), ((120, 160), 40)] * 2


def measured(method: str, dots: int, fill: float) -> Measured:
    return Measured("page", "vector", method, dots, fill, math.nan, 0.5, 20.0, math.nan, 0.01)


def test_a_summary_is_of_means_and_leaves_out_what_could_not_be_counted():
    rows = summary(
        [measured("b", 10, 0.5), measured("a", 10, 0.2), measured("b", 10, math.nan), measured("b", 10, 0.7)]
    )
    assert [(row["method"], row["pictures"], row["fill"], row["leak"]) for row in rows] == [
        ("a", 1, 0.2, None),
        ("b", 3, 0.6, None),
    ]


def test_the_table_is_aligned_and_says_percent():
    lines = as_text(summary([measured("a", 10, 0.2), measured("longer", 100, 0.987)]), HINTS).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].split()[:2] == ["pictures", "of"]
    assert lines[2].split() == ["vector", "longer", "100", "1", "98.7", "-", "50.0", "20.0", "-", "0.010"]
