"""The benchmark of references: right where the right answer is easy, means of what was measured, nothing hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from toymethods import Blank, Copying, Learning, Refusing

from mangapaint.colorizers.method import Need
from mangapaint.colorizers.propagation import Propagation
from mangapaint.document.page import Kind
from mangapaint.errors import Cancelled, UserError
from mangapaint.evaluation import coloring
from mangapaint.evaluation.pairs import DRAWN, Pair
from mangapaint.evaluation.reference_bench import Plan, _jobs, bench_reference, same_pictures
from mangapaint.evaluation.tables import REFERENCE, as_text, reference_as_text
from mangapaint.formats.images import read

BOTH = (Kind.GRAY, Kind.LINE)


@pytest.fixture
def plan(paired) -> Plan:
    return Plan(paired)


def by_name(found, figure, method="copying"):
    return {item["name"]: item[figure] for item in found["pictures"] if item["method"] == method}


class Steps:
    def __init__(self, *, stop_at: str = ""):
        self.texts, self.fractions, self.stop_at = [], [], stop_at

    def report(self, fraction, text):
        self.fractions.append(fraction)
        self.texts.append(text)
        if text == self.stop_at:
            raise Cancelled

    def check(self):
        pass


def test_a_copy_is_right_where_the_reference_is(plan):
    found = bench_reference(plan, methods=[Copying()])
    chroma, labels = by_name(found, "chroma"), by_name(found, "labels")
    assert chroma["same"] > 0.95
    assert chroma["plain"] == chroma["same"]
    assert chroma["other"] < 0.1
    assert labels["same"] > 0.8 > 0.6 > labels["other"]
    assert by_name(found, "wrong")["other"] > 0.9
    assert by_name(found, "colored")["other"] > 0.95
    assert by_name(found, "regions")["same"] > by_name(found, "regions")["other"]
    assert by_name(found, "psnr")["same"] > by_name(found, "psnr")["other"]


def test_what_leaves_all_gray_is_never_wrong_and_colours_nothing(plan):
    found = bench_reference(plan, methods=[Blank()])
    assert by_name(found, "chroma", "blank") == {"other": 0.0, "plain": 0.0, "same": 0.0}
    assert by_name(found, "colored", "blank")["same"] == 0
    assert by_name(found, "wrong", "blank")["same"] is None


def test_rows_are_means_for_each_kind_each_change_and_all(plan):
    found = bench_reference(plan, methods=[Copying(), Blank()])
    rows = {(row["group"], row["method"]): row for row in found["rows"]}
    groups = ["boxes", "boxes, recoloured", "pairs", "all mirrored", "all"]
    assert list(rows) == [(group, method) for group in groups for method in ("copying", "blank")]
    chroma = by_name(found, "chroma")
    assert rows["boxes", "copying"]["chroma"] == chroma["same"]
    assert rows["all mirrored", "copying"]["chroma"] == chroma["other"]
    assert rows["all", "copying"]["chroma"] == pytest.approx(sum(chroma.values()) / 3, abs=1e-4)
    assert [rows[group, "blank"]["pictures"] for group in groups] == [1, 1, 1, 1, 3]
    assert found["same_pictures"] == []


def test_seconds_are_of_all_stages(plan):
    for item in bench_reference(plan, methods=[Learning()])["pictures"]:
        assert set(item["stages"]) == {"analysis", "prepare", "learn", "colorize", "compose"}
        assert item["stages"]["analysis"] > 0
        assert item["seconds"] == pytest.approx(sum(item["stages"].values()), abs=1e-3)


def test_lines_take_colour_and_drawn_pages_are_a_kind_by_themselves(plan):
    found = bench_reference(replace(plan, inputs=BOTH), methods=[Copying(), Blank()])
    rows = {(row["input"], row["group"], row["method"]): row for row in found["rows"]}
    assert rows["line", DRAWN, "copying"]["chroma"] > 0.8
    assert rows["line", "boxes", "copying"]["chroma"] > 0.9
    assert rows["line", "all", "copying"]["pictures"] == 3
    assert ("line", "all", "blank") not in rows
    assert rows["gray", "all", "blank"]["pictures"] == 3


def test_a_method_that_learns_is_let_learn_to_the_end_on_few_pictures(plan):
    found = bench_reference(plan, methods=[Copying(), Learning()])
    assert by_name(found, "chroma", "learning") == {"other": by_name(found, "chroma")["other"]}
    assert {row["method"]: row["chroma"] for row in found["same_pictures"] if row["group"] == "boxes, recoloured"} == {
        "copying": by_name(found, "chroma")["other"],
        "learning": by_name(found, "chroma")["other"],
    }
    text = reference_as_text(found)
    assert "on the pictures that all these methods ran on" in text
    everywhere = bench_reference(replace(plan, everything=True), methods=[Copying(), Learning()])
    assert by_name(everywhere, "chroma", "learning") == by_name(everywhere, "chroma")
    assert everywhere["same_pictures"] == []


@pytest.mark.parametrize(("every", "stride"), [(1, 8), (2, 8), (3, 9), (8, 8), (10, 10)])
def test_each_eighth_is_counted_among_those_that_are_chosen(paired, plan, every, stride):
    pairs = [Pair(f"{number}", Kind.GRAY, paired, paired) for number in range(41)]
    jobs = _jobs(pairs, [Blank(), Learning()], replace(plan, every=every))
    assert [int(job.pair.name) for job in jobs] == list(range(0, 41, every))
    assert [int(job.pair.name) for job in jobs if len(job.methods) == 2] == list(range(0, 41, stride))
    assert {job.columns for job in jobs} == {("blank", "learning")}


def test_limit_and_every_hold_for_each_sort_by_itself(plan):
    found = bench_reference(replace(plan, inputs=BOTH, every=2, limit=1), methods=[Copying()])
    assert [(item["name"], item["input"]) for item in found["pictures"]] == [
        ("other", "gray"),
        ("other", "line"),
        ("asp-01-01 > asp-01-02", "line"),
    ]


def test_options_reach_the_methods_that_have_them(plan):
    learning = Learning()
    options = (("shift", "red"), ("patches", "single"))
    found = bench_reference(replace(plan, options=options, limit=1), methods=[Copying(), learning, Blank()])
    assert learning.asked == [{"patches": "single"}]
    plain = bench_reference(replace(plan, limit=1), methods=[Copying()])
    assert by_name(found, "psnr") != by_name(plain, "psnr")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limit": 0}, "--limit"),
        ({"every": 0}, "--every"),
        ({"options": (("shift", "blue"),)}, "copying has no option shift=blue.*none|red"),
        ({"options": (("depth", "1"),)}, "copying, blank: there is no option depth=1"),
        ({"splits": ("tests",)}, "no pairs of tests"),
    ],
)
def test_what_cannot_be_measured_is_refused(plan, change, words):
    with pytest.raises(UserError, match=words):
        bench_reference(replace(plan, **change), methods=[Copying(), Blank()])


def test_methods_that_cannot_colour_these_pages_are_told(plan):
    with pytest.raises(UserError, match="none of these methods"):
        bench_reference(replace(plan, inputs=(Kind.LINE,)), methods=[Blank()])


def test_what_is_broken_is_skipped_by_name_and_the_rest_measured(paired, plan):
    (paired / "pairs" / "same" / "target.png").write_bytes(b"no picture")
    (paired / "pairs" / "plain" / "source.png").unlink()
    found = bench_reference(plan, methods=[Copying(), Refusing()])
    assert list(by_name(found, "chroma")) == ["other"]
    why = {item["name"]: item["why"] for item in found["skipped"]}
    assert why["plain"] == "there is no source.png"
    assert "target.png" in why["same"]
    assert why["other"] == "refusing: the reference is too small; give a larger one"
    assert "skipped other: refusing: the reference is too small" in reference_as_text(found)


def test_when_nothing_could_be_measured_the_first_reason_is_told(plan):
    with pytest.raises(UserError, match=r"no pair could be measured; other: refusing: .*too small"):
        bench_reference(plan, methods=[Refusing()])


def test_figures_are_plain_json(plan):
    found = bench_reference(plan, methods=[Blank(), Copying()])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_sheets_show_each_pair_in_a_row_for_each_input(plan, tmp_path):
    folder = tmp_path / "out"
    found = bench_reference(replace(plan, inputs=BOTH, sheets=folder), methods=[Copying(), Blank(), Learning()])
    assert found["sheets"] == [str(folder / "gray-01.png"), str(folder / "line-01.png")]
    widths = [read(Path(path)).width for path in found["sheets"]]
    assert widths[0] - widths[1] == (widths[0] - 8) // 6  # reference, page, three methods, truth; lines have two
    assert str(folder / "gray-01.png") in reference_as_text(found)


def test_a_folder_for_sheets_that_cannot_be_is_refused_before_any_work(plan, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file"):
        bench_reference(replace(plan, sheets=tmp_path / "file"), methods=[Refusing()])


def test_progress_names_the_pairs_and_can_stop_it(plan):
    steps = Steps()
    bench_reference(plan, steps, methods=[Copying(), Learning()])
    assert [text for text in steps.texts if text != "Learning"] == ["other", "plain", "same", "Done"]
    assert "Learning" in steps.texts
    assert steps.fractions == sorted(steps.fractions)
    assert steps.fractions[-1] == 1
    assert max(steps.fractions[:-1]) < 1
    with pytest.raises(Cancelled):
        bench_reference(plan, Steps(stop_at="plain"), methods=[Copying()])


def test_same_pictures_are_those_of_every_method_of_their_input(plan):
    one = bench_reference(replace(plan, inputs=BOTH), methods=[Copying(), Learning()])
    assert {row["input"] for row in one["same_pictures"]} == {"gray", "line"}
    assert same_pictures([]) == []


class Greedy(Copying):
    info = replace(Copying.info, id="greedy", needs=frozenset({Need.HINTS, Need.REFERENCE}))


def test_all_that_need_a_reference_alone_are_measured_unless_named(monkeypatch):
    methods = (Propagation(), Greedy(), Copying(), Blank())
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", methods)
    assert coloring.methods_from_reference(()) == methods[2:]
    assert coloring.methods_from_reference(["blank", "blank"]) == methods[3:]
    for name in ("greedy", "propagation"):
        with pytest.raises(UserError, match=f"{name} needs hints"):
            coloring.methods_from_reference(["copying", name])
    with pytest.raises(UserError, match="magic"):
        coloring.methods_from_reference(["magic"])
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", methods[:1])
    with pytest.raises(UserError, match="no method"):
        coloring.methods_from_reference(())


def test_a_method_that_cannot_run_here_is_left_out_or_refused_by_name(monkeypatch):
    from mangapaint.colorizers.registry import Capability

    methods = (Copying(), Blank())
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", methods)
    rows = (Capability(Copying.info, available=False, why_not="no weights"), Capability(Blank.info, available=True))
    monkeypatch.setattr("mangapaint.colorizers.registry.capabilities", lambda _: rows)
    assert coloring.methods_from_reference(()) == methods[1:]
    with pytest.raises(UserError, match="copying cannot run here: no weights"):
        coloring.methods_from_reference(["copying"])


def test_a_gpu_that_is_not_there_is_told_before_any_work(monkeypatch, plan):
    monkeypatch.setattr("mangapaint.colorizers.device.probe", lambda: type("D", (), {"cuda": "", "why_not": "none"}))
    with pytest.raises(UserError, match="CUDA"):
        bench_reference(replace(plan, device="cuda"), methods=[Copying()])


def test_the_table_is_aligned_with_words_to_the_left(plan):
    lines = as_text(bench_reference(plan, methods=[Blank(), Copying()])["rows"], REFERENCE).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1].startswith("boxes              gray   blank    ")
    assert lines[1].split()[3:5] == ["1", "0.0"]
    assert lines[1].split()[9] == "-"


def test_only_colours_that_the_reference_has_count_as_occurring(plan):
    found = bench_reference(plan, methods=[Copying()])
    occurring, chroma = by_name(found, "occurring"), by_name(found, "chroma")
    assert occurring["same"] == pytest.approx(chroma["same"], abs=0.02)
    assert "occurring %" in reference_as_text(found)
    assert {row["group"]: row["occurring"] for row in found["rows"]}["boxes"] == occurring["same"]
