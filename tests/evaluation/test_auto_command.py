"""``mangapaint bench auto`` as it is typed: a table, JSON, and one line for what is wrong."""

from __future__ import annotations

import json

import pytest
import torch
from toymethods import imagined

from mangapaint.cli import main
from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.document.page import Kind
from mangapaint.evaluation import auto_bench, tables
from mangapaint.training.saving import save_weights

SHAPE = {"width": "2"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two files of weights of a small network that has learned nothing; none come with the program."""
    monkeypatch.setattr("mangapaint.colorizers.weights.resources", lambda: tmp_path)
    paths = [tmp_path / "first.safetensors", tmp_path / "second.safetensors"]
    for number, path in enumerate(paths):
        torch.manual_seed(number)
        network = NETWORKS["colorful"](SHAPE)
        save_weights(path, network, method="colorful", shape=network.shape, about={"size": "64"})
    return paths


def bench(*arguments: object) -> int:
    return main(["bench", "auto", *map(str, arguments)])


def test_it_prints_a_table_or_everything(capsys, data, files, tmp_path):
    asked = ["--data", data, "--limit", 1, "--weights", files[0], "--weights", files[1]]
    assert bench(*asked, "--sheets", tmp_path / "out") == 0
    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert [line.split()[-9] for line in lines[1:4]] == ["gray", "first", "second"]
    assert lines[10:13] == ["", f"first: colorful with {files[0]}", f"second: colorful with {files[1]}"]
    assert f"wrote {tmp_path / 'out' / 'gray-01.png'}" in lines
    assert (tmp_path / "out" / "gray-01.png").is_file()
    assert bench(*asked, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["data"] == [str(data)]
    assert len(found["pictures"]) == sum(row["pictures"] for row in found["rows"])
    assert [row["method"] for row in found["rows"]][:3] == ["gray", "first", "second"]


def test_arguments_reach_the_plan(monkeypatch, capsys, data, files):
    seen = []
    monkeypatch.setattr(auto_bench, "bench_auto", lambda plan, _: seen.append(plan) or {})
    monkeypatch.setattr(tables, "auto_as_text", lambda found: "")
    arguments = ["--data", data / "series", "--data", data, "--kind", "gray", "--each", 3, "--all",
                 "--split", "train,validation", "--limit", 7, "--method", "guided", "--method", "auto",
                 "--weights", files[0], "--sheets", data / "out"]  # fmt: skip
    assert bench(*arguments) == 0
    assert bench("--data", data) == 0
    capsys.readouterr()
    plan, usual = seen
    assert (plan.methods, plan.sheets) == (("guided", "auto"), data / "out")
    assert [weights.path for weights in plan.weights] == [files[0]]
    assert plan.pictures == auto_bench.Selection(
        (data / "series", data), (Kind.GRAY,), ("train", "validation"), each=3, everything=True, limit=7
    )
    assert usual == auto_bench.Plan(auto_bench.Selection((data,)))


def test_what_is_wrong_is_said_in_one_line(capsys, data, files, tmp_path):
    imagined(tmp_path / "foreign.safetensors", (0, 0, 0), method="dreaming")
    for arguments, words in (
        (["--weights", tmp_path / "nowhere.safetensors"], "nowhere.safetensors"),
        (["--weights", tmp_path / "foreign.safetensors"], "dreaming"),
        (["--weights", files[0], "--each", 0], "--each"),
        (["--weights", files[0], "--split", "train"], "split.json"),
        (["--weights", files[0], "--method", "levin"], "levin needs hints"),
        (["--method", "guided"], "guided cannot run here"),
        ([], "--weights"),
    ):
        assert bench("--data", data, *arguments) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1
        assert words in said.err


def test_without_pictures_it_is_used_wrongly(capsys):
    assert bench("--limit", 1) == 2
    assert "--data" in capsys.readouterr().err
