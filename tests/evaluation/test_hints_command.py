"""``mangapaint bench hints`` as it is typed: which pictures, how many dots, and sheets."""

from __future__ import annotations

import json

import pytest

from mangapaint.cli import main
from mangapaint.document.page import Kind
from mangapaint.evaluation import hints_bench, tables
from mangapaint.evaluation.selection import Selection


def bench(*arguments: object) -> int:
    return main(["bench", "hints", *map(str, arguments)])


def test_arguments_reach_the_plan(monkeypatch, capsys, tmp_path):
    seen = []
    monkeypatch.setattr(hints_bench, "bench_hints", lambda plan, _: seen.append(plan) or {})
    monkeypatch.setattr(tables, "hints_as_text", lambda found: "")
    arguments = ["--data", "a", "--data", tmp_path, "--kind", "line", "--each", 4, "--split", "validation,",
                 "--limit", 2, "--counts", "0,5", "--sheets", tmp_path / "out", "--seed", 3]  # fmt: skip
    assert bench(*arguments) == 0
    assert bench("--data", tmp_path) == 0
    capsys.readouterr()
    plan, usual = seen
    assert [str(folder) for folder in plan.pictures.data] == ["a", str(tmp_path)]
    assert plan.pictures == Selection(plan.pictures.data, (Kind.LINE,), ("validation",), each=4, limit=2)
    assert (plan.counts, plan.sheets, plan.seed) == ((0, 5), tmp_path / "out", 3)
    assert usual == hints_bench.Plan(Selection((tmp_path,)))


def test_pairs_and_series_are_measured_together(capsys, data, paired):
    (data / "split.json").write_text(json.dumps({"validation": ["two"]}))
    asked = ("--data", data / "series", "--data", data / "pairs", "--split", "validation", "--each", 2)
    assert bench(*asked, "--counts", "5", "--method", "propagation", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["name"] for item in found["pictures"]] == ["two/000", "two/001", "other"]
    assert found["data"] == [str(data / "series"), str(data / "pairs")]


def test_sheets_are_told(capsys, data, tmp_path):
    asked = ("--data", data, "--kind", "gray", "--counts", "5", "--method", "propagation")
    assert bench(*asked, "--sheets", tmp_path / "out") == 0
    path = tmp_path / "out" / "gray-01.png"
    assert capsys.readouterr().out.splitlines()[-1] == f"wrote {path}"
    assert path.is_file()


@pytest.mark.parametrize(("arguments", "words"), [
    (["--counts", "0"], "--counts above 0"),
    (["--counts=-1,5"], "--counts"),
    (["--each", "0"], "--each"),
    (["--split", "validation"], "split.json"),
    (["--sheets", "FILE"], "FILE"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(monkeypatch, capsys, data, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").touch()
    assert bench("--data", data, "--method", "propagation", *arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert words in said.err
