"""The benchmark of hints: right where the right answer is easy, and means of what was measured."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from toymethods import ship

from mangapaint.colorizers.method import Need
from mangapaint.colorizers.propagation import Propagation
from mangapaint.errors import UserError
from mangapaint.evaluation import gmic, hints_bench, sheets
from mangapaint.evaluation.hints_bench import Measured, Plan, bench_hints, summary
from mangapaint.evaluation.selection import Selection
from mangapaint.evaluation.tables import HINTS, as_text, hints_as_text
from mangapaint.formats.images import read

FIGURES = {"group", "method", "dots", "fill", "regions", "chroma", "psnr", "leak", "seconds"}


@pytest.fixture
def plan(data) -> Plan:
    return Plan(Selection((data,), everything=True), counts=(40, 4), methods=("propagation",))


def few(plan: Plan) -> Plan:
    """The same on one picture of each group."""
    return replace(plan, pictures=replace(plan.pictures, limit=1))


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
        found = bench_hints(replace(few(plan), seed=seed))["pictures"]
        return [{key: value for key, value in row.items() if key != "seconds"} for row in found]

    assert exactness(3) == exactness(3)
    assert exactness(3) != exactness(4)


def test_progress_names_the_pictures(plan):
    steps = Steps()
    bench_hints(few(plan), steps)
    assert steps.texts == ["boxes-00", "asp-boxes", "one/000", "Done"]
    assert steps.fractions == sorted(steps.fractions)
    assert steps.fractions[-1] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counts": ()}, "--counts"),
        ({"counts": (10, -1)}, "--counts"),
        ({"counts": (0,)}, "--counts above 0"),
        ({"methods": ("magic",)}, "magic"),
    ],
)
def test_what_cannot_be_measured_is_refused(plan, change, words):
    with pytest.raises(UserError, match=words):
        bench_hints(replace(plan, **change))


class Unhinted:
    """Says that it needs no hints."""

    def __init__(self):
        self.info = replace(Propagation.info, id="unhinted", needs=frozenset({Need.WEIGHTS}))
        self._inner = Propagation()

    def prepare(self, request, progress):
        return self._inner.prepare(request, progress)

    def colorize(self, prepared, request, progress):
        return self._inner.colorize(prepared, request, progress)


@pytest.fixture
def unhinted(monkeypatch, tmp_path):
    """Two methods, one of which can do without hints; its weights come with the program."""
    ship(monkeypatch, tmp_path / "home", (0, 0, 0), method="unhinted")
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (Propagation(), Unhinted()))


@pytest.mark.usefixtures("unhinted")
def test_no_dot_at_all_is_for_methods_that_need_none(monkeypatch, plan):
    monkeypatch.setattr(gmic, "check", lambda: None)
    monkeypatch.setattr(gmic, "colored", lambda line, strokes: np.repeat(line[..., None], 3, axis=2))
    found = bench_hints(replace(few(plan), counts=(0, 3), methods=("propagation", "unhinted"), vs_gmic=True))
    drawn = [(row["method"], row["dots"]) for row in found["rows"] if row["group"] == "vector"]
    assert drawn == [("gmic", 3), ("propagation", 3), ("unhinted", 0), ("unhinted", 3)]
    rows = {(row["group"], row["method"], row["dots"]): row["chroma"] for row in found["rows"]}
    assert rows["vector", "unhinted", 0] == 0 < rows["vector", "unhinted", 3]
    alone = bench_hints(replace(few(plan), counts=(0,), methods=("propagation", "unhinted")))
    assert {row["method"] for row in alone["rows"]} == {"unhinted"}


@pytest.mark.usefixtures("unhinted")
def test_a_sheet_has_a_row_a_picture_and_a_cell_for_each_method_and_count(monkeypatch, plan, tmp_path):
    rows = {}

    def write_sheets(folder, name, own):
        rows[name] = own
        return [folder / f"{name}-01.png"]

    monkeypatch.setattr(sheets, "write_sheets", write_sheets)
    plan = replace(plan, counts=(0, 40), methods=("propagation", "unhinted"), sheets=tmp_path / "out")
    found = bench_hints(plan)
    assert {name: len(own) for name, own in rows.items()} == {"vector": 2, "hand": 1, "gray": 2}
    words = [cell.words for cell in rows["vector"][0].cells]
    fill = {(item["method"], item["dots"]): item for item in found["pictures"] if item["name"] == "boxes-00"}
    told = [f"fill {100 * item['fill']:.0f} %, {item['psnr']:.1f} dB" for item in fill.values()]
    assert words == ["boxes-00", f"propagation, 40 dots: {told[0]}", f"unhinted, 0 dots: {told[1]}",
                     f"unhinted, 40 dots: {told[2]}", "truth"]  # fmt: skip
    most = [fill["propagation", 40]["fill"], fill["unhinted", 40]["fill"]]
    assert rows["vector"][0].worth == pytest.approx(np.mean(most), abs=1e-4)
    assert ": chroma " in rows["gray"][0].cells[1].words
    assert found["sheets"] == [str(tmp_path / "out" / f"{name}-01.png") for name in ("vector", "hand", "gray")]


def test_sheets_are_written_and_told(plan, tmp_path):
    found = bench_hints(replace(few(plan), counts=(1,), sheets=tmp_path / "out"))
    assert [read(tmp_path / "out" / f"{name}-01.png").width for name in ("vector", "hand", "gray")] == [800] * 3
    assert hints_as_text(found).splitlines()[-1] == f"wrote {tmp_path / 'out' / 'gray-01.png'}"
    assert "wrote" not in hints_as_text(bench_hints(few(plan)))


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
    found = bench_hints(replace(few(plan), vs_gmic=True))
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
