"""``mangapaint bench reference`` as it is typed: tables, JSON, and one line for what is wrong."""

from __future__ import annotations

import json
import shutil

import pytest
from toymethods import Blank, Copying, Learning

from mangapaint.cli import main
from mangapaint.evaluation import reference_bench


@pytest.fixture(autouse=True)
def methods(monkeypatch, tmp_path):
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path))
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (Copying(), Blank(), Learning()))


def bench(*arguments: object) -> int:
    return main(["bench", "reference", *map(str, arguments)])


def refused(capsys, *arguments: object) -> str:
    """The one line that is said; nothing else is printed."""
    assert bench(*arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    return said.err


def test_it_prints_a_table_or_everything(capsys, paired):
    arguments = ("--data", paired, "--input", "all", "--method", "copying", "--limit", 1)
    assert bench(*arguments) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split()[:5] == ["pictures", "of", "input", "method", "pictures"]
    assert said.err == ""
    assert bench(*arguments, "--json", "--seed", 2) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["seed"] == 2
    assert [(item["name"], item["input"]) for item in found["pictures"]] == [
        ("other", "gray"),
        ("other", "line"),
        ("asp-01-01 > asp-01-02", "line"),
    ]


def test_arguments_reach_the_plan(monkeypatch, paired, tmp_path):
    seen = []
    monkeypatch.setattr(reference_bench, "_check", seen.append)
    arguments = ["--method", "copying", "--method", "learning", "--option", "shift=red", "--all", "--every", 2,
                 "--split", "train,validation", "--sheets", tmp_path / "out", "--device", "cpu"]  # fmt: skip
    assert bench("--data", paired, *arguments) == 0
    (plan,) = seen
    assert plan.methods == ("copying", "learning")
    assert plan.options == (("shift", "red"),)
    assert plan.splits == ("train", "validation")
    assert (plan.everything, plan.every, plan.limit, plan.device) == (True, 2, None, "cpu")


def test_what_was_skipped_and_the_sheets_are_told(capsys, paired, tmp_path):
    (paired / "pairs" / "plain" / "target.png").unlink()
    assert bench("--data", paired, "--sheets", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "skipped plain: there is no target.png" in said
    assert f"wrote {tmp_path / 'out' / 'gray-01.png'}" in said
    assert "on the pictures that all these methods ran on" in said


def test_a_page_is_timed_alone_or_beside_the_figures(capsys, paired):
    folder = paired / "lineart"
    files = ("--page", folder / "asp-01-02" / "line.png", "--reference", folder / "asp-01-01" / "color.jpg")
    assert bench(*files, "--method", "copying") == 0
    assert "copying" in capsys.readouterr().out
    assert bench(*files, "--data", paired, "--limit", 1, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["page"]["size"] == [120, 160]
    assert len(found["pictures"]) == 3
    assert "palette-cnn" in refused(capsys, *files, "--vs", "patches")
    assert "--vs-seconds" in refused(capsys, *files, "--vs", "patches", "--vs-seconds", -1)
    assert "nowhere.png" in refused(capsys, "--page", "nowhere.png", *files[2:])


def test_it_says_in_one_line_what_is_wrong(capsys, paired, tmp_path):
    assert "--data" in refused(capsys)
    assert "--reference" in refused(capsys, "--page", "page.png")
    assert "--page" in refused(capsys, "--data", paired, "--vs", "patches")
    assert "no such folder" in refused(capsys, "--data", tmp_path / "nowhere")
    assert "no pairs" in refused(capsys, "--data", paired / "pairs" / "same")
    assert "magic" in refused(capsys, "--data", paired, "--method", "magic")
    assert "--limit" in refused(capsys, "--data", paired, "--limit", 0)
    assert "depth" in refused(capsys, "--data", paired, "--option", "depth=1")
    assert "its splits are" in refused(capsys, "--data", paired, "--split", "x")
    for name in ("other", "plain", "same"):
        (paired / "pairs" / name / "target.png").write_bytes(b"no picture")
    assert "target.png" in refused(capsys, "--data", paired)
    shutil.rmtree(paired / "pairs" / "other")
    assert bench("--input", "magic") == 2


def test_ctrl_c_ends_it_in_one_line(capsys, monkeypatch, paired):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(Copying, "colorize", interrupt)
    assert bench("--data", paired) == 130
    assert capsys.readouterr().err == "mangapaint: interrupted\n"
