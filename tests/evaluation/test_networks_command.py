"""``mangapaint bench networks`` as it is typed: tables, JSON, and one line for what is wrong."""

from __future__ import annotations

import json

import pytest
from serieswork import make_tiny, write_series

from mangapaint.cli import main
from mangapaint.cli.bench_networks import PARTS
from mangapaint.evaluation import networks_bench, tables


@pytest.fixture
def data(tmp_path, monkeypatch):
    make_tiny(monkeypatch)
    write_series(tmp_path / "series" / "story", 4)
    return tmp_path


def bench(*arguments: object) -> int:
    return main(["bench", "networks", *map(str, arguments)])


def test_it_prints_a_table_or_everything(capsys, data):
    arguments = ("--data", data, "--part", "colorful", "--quick", "--device", "cpu")
    assert bench(*arguments) == 0
    said = capsys.readouterr()
    assert said.out.startswith("likely colours")
    assert said.err == ""
    assert bench(*arguments, "--json", "--seed", 2) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["seed"], found["quick"], found["device"]) == (2, True, "cpu")
    assert len(found["colorful"]) == 9


def test_arguments_reach_the_plan(monkeypatch, capsys, data):
    seen = []
    monkeypatch.setattr(networks_bench, "bench_networks", lambda plan, _: seen.append(plan) or {})
    monkeypatch.setattr(tables, "networks_as_text", lambda found: "")
    arguments = ["--series", "a", "--series", "b", "--part", "guided", "--part", "sources", "--minutes", 2,
                 "--pages", 3, "--sheets", data / "out", "--device", "cpu", "--seed", 5, "--json"]  # fmt: skip
    assert bench("--data", data, *arguments) == 0
    assert bench("--data", data, "--json") == 0
    capsys.readouterr()
    plan, usual = seen
    assert (plan.series, plan.parts, plan.minutes, plan.pages) == (("a", "b"), ("guided", "sources"), 2.0, 3)
    assert (plan.sheets, plan.device, plan.seed, plan.quick) == (data / "out", "cpu", 5, False)
    assert usual == networks_bench.Plan(data)


def test_parts_are_those_that_can_be_measured():
    assert set(PARTS) == set(networks_bench.PARTS)


@pytest.mark.parametrize(("arguments", "said"), [
    (["--series", "nobody"], "nobody"),
    (["--pages", "9"], "4 pictures"),
    (["--minutes", "0"], "--minutes"),
    (["--from", "nowhere.safetensors"], "nowhere.safetensors"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(capsys, data, arguments, said):
    assert bench("--data", data, *arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert said in printed.err


@pytest.mark.parametrize("arguments", [["--quick", "--minutes", "3"], ["--part", "others"], []])
def test_wrong_usage_is_told_from_failure(capsys, data, arguments):
    given = ["--data", data, *arguments] if arguments else []
    assert bench(*given) == 2
    capsys.readouterr()
