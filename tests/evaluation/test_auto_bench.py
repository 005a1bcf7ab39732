"""The benchmark without hints and references: which ways are run, what they are called, and what is found."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from toymethods import Blank, Copying, Imagining, imagined, ship

from mangapaint.errors import UserError
from mangapaint.evaluation import auto_bench, sheets
from mangapaint.evaluation.auto_bench import Plan, bench_auto, ways_of
from mangapaint.evaluation.coloring import methods_unguided
from mangapaint.evaluation.selection import Selection

RED, GREEN = (220, 60, 60), (60, 160, 80)
"""The colours of two of the four boxes."""
PAPER = (255, 255, 255)
GROUPS = ("vector", "drawn by hand", "turned gray")
REFUSED = UserError("there is nothing to colour the page from", path="page.png", remedy="draw a stroke")


class Other(Imagining):
    """Another that has learned, but only to colour line art."""

    info = replace(Imagining.info, id="other", kinds=frozenset(Imagining.info.kinds - Blank.info.kinds))


@pytest.fixture
def imagining(monkeypatch) -> Imagining:
    """Beside a method that needs a reference, one that needs only weights, which have not come with the program."""
    method = Imagining()
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (Copying(), method, Other()))
    choosing(monkeypatch, None)
    return method


def choosing(monkeypatch, method) -> None:
    """Let "auto" mean this method, or nothing."""

    def choose(request):
        if method is None:
            raise REFUSED
        return method

    monkeypatch.setattr(auto_bench, "choose", choose)


@pytest.fixture
def plan(data, tmp_path, imagining) -> Plan:
    """Weights that know red, on one picture of each group."""
    red = imagined(tmp_path / "weights" / "red.safetensors", RED)
    return Plan(Selection((data,), limit=1), weights=(red,))


def rows(found):
    return {(row["group"], row["method"]): row for row in found["rows"]}


def test_a_quarter_of_the_boxes_is_red_and_the_rest_is_wrong(plan):
    found = rows(bench_auto(plan))
    assert list(found) == [(group, name) for group in GROUPS for name in ("gray", "red")]
    bare, red = found["vector", "gray"], found["vector", "red"]
    assert (bare["chroma"], bare["wrong"], bare["colored"], bare["seconds"]) == (0, None, 0, None)
    assert 0.2 < bare["fill"] < 0.45  # the paper between the boxes
    assert red["colored"] > 0.99
    assert 0.1 < red["chroma"] < 0.25
    assert red["wrong"] == pytest.approx(1 - red["chroma"], abs=0.01)
    assert red["fill"] == pytest.approx(0.17, abs=0.05)
    assert red["regions"] == pytest.approx(1 / 5, abs=0.05)
    assert red["psnr"] < bare["psnr"]
    assert red["seconds"] > 0
    gray = found["turned gray", "red"]
    assert (gray["fill"], gray["regions"]) == (None, None)
    assert gray["chroma"] is not None


def test_everything_is_plain_json_with_each_picture(plan):
    found = json.loads(json.dumps(bench_auto(plan), allow_nan=False))
    assert [(item["name"], item["method"]) for item in found["pictures"]][:2] == [
        ("boxes-00", "gray"),
        ("boxes-00", "red"),
    ]
    assert found["ways"] == [{"name": "red", "method": "imagining", "weights": str(plan.weights[0].path)}]
    assert found["skipped"] == [{"name": "auto", "why": "there is nothing to colour the page from; draw a stroke"}]
    assert found["sheets"] == []


def test_methods_run_with_the_weights_that_come_with_them_and_files_with_their_own(monkeypatch, plan, tmp_path):
    ship(monkeypatch, tmp_path / "home", PAPER)
    found = bench_auto(plan)
    assert [way["name"] for way in found["ways"]] == ["imagining", "red"]
    assert found["ways"][0]["weights"] == str(tmp_path / "home" / "weights" / "imagining.safetensors")
    got = rows(found)
    assert got["vector", "imagining"]["colored"] == 0
    assert got["vector", "red"]["colored"] > 0.99


def test_what_auto_chooses_is_told_by_its_name_and_not_coloured_twice(monkeypatch, imagining, plan, tmp_path):
    ship(monkeypatch, tmp_path / "home", GREEN)
    choosing(monkeypatch, imagining)
    plan = replace(plan, pictures=replace(plan.pictures, everything=True, limit=None), weights=())
    found = bench_auto(plan)
    got = rows(found)
    assert list(got)[:3] == [("vector", name) for name in ("gray", "imagining", "auto: imagining")]
    own, auto = (got["vector", name] for name in ("imagining", "auto: imagining"))
    assert {**own, "method": ""} == {**auto, "method": ""}
    assert found["skipped"] == []
    assert imagining.times == 5 + 1  # the pictures, and once to read the weights


def test_auto_alone_runs_what_it_chooses(monkeypatch, imagining, plan, tmp_path):
    ship(monkeypatch, tmp_path / "home", GREEN)
    choosing(monkeypatch, imagining)
    found = rows(bench_auto(replace(plan, methods=("auto",), weights=())))
    assert {name for _, name in found} == {"gray", "auto: imagining"}
    assert found["vector", "auto: imagining"]["chroma"] > 0
    named = rows(bench_auto(replace(plan, methods=("imagining",))))
    assert {name for _, name in named} == {"gray", "imagining", "red"}


def test_kinds_that_a_method_cannot_colour_are_left_out(plan, tmp_path):
    other = imagined(tmp_path / "weights" / "lines.safetensors", GREEN, method="other")
    found = rows(bench_auto(replace(plan, weights=(*plan.weights, other))))
    assert [name for group, name in found if group == "vector"] == ["gray", "red", "lines"]
    assert [name for group, name in found if group == "turned gray"] == ["gray", "red"]


def test_files_of_one_name_are_told_by_their_folders(monkeypatch, imagining, data, tmp_path):
    ship(monkeypatch, tmp_path / "home", GREEN)

    def names(*files: str) -> list[str]:
        weights = [imagined(tmp_path / f"{file}.safetensors", RED) for file in files]
        return [way.name for way in ways_of(Plan(Selection((data,)), weights=tuple(weights)))][1:]

    assert names("a/best", "b/best", "b/last") == ["a/best", "b/best", "last"]
    assert names("a/gray", "a/imagining") == ["a/gray", "a/imagining"]
    assert names("x/a/best", "y/a/best") == [str(tmp_path / f"{one}/a/best.safetensors") for one in "xy"]
    twice = (imagined(tmp_path / "a" / "best.safetensors", RED),) * 2
    assert [way.name for way in ways_of(Plan(Selection((data,)), weights=twice))] == ["imagining", "best"]


def test_sheets_have_page_results_and_truth_with_the_worst_first(monkeypatch, plan, tmp_path):
    written = {}

    def write_sheets(folder, name, own):
        written[name] = own
        return [folder / f"{name}-01.png"]

    monkeypatch.setattr(sheets, "write_sheets", write_sheets)
    green = imagined(tmp_path / "green.safetensors", GREEN)
    plan = replace(plan, weights=(*plan.weights, green), sheets=tmp_path / "out")
    found = bench_auto(plan)
    assert (tmp_path / "out").is_dir()
    assert found["sheets"] == [str(tmp_path / "out" / f"{name}-01.png") for name in ("vector", "hand", "gray")]
    (row,) = written["vector"]
    mine = {item["method"]: item for item in found["pictures"] if item["name"] == "boxes-00"}
    told = [f"{name}: fill {100 * mine[name]['fill']:.0f} %, {mine[name]['psnr']:.1f} dB" for name in ("red", "green")]
    assert [cell.words for cell in row.cells] == ["boxes-00", *told, "truth"]
    assert row.worth == pytest.approx((mine["red"]["fill"] + mine["green"]["fill"]) / 2, abs=1e-4)
    (row,) = written["gray"]
    assert row.cells[1].words.startswith("red: chroma ")
    assert np.ptp(row.cells[0].picture, axis=2).max() == 0  # the page is gray


def test_methods_that_need_guidance_or_have_no_weights_are_refused_by_name(monkeypatch, plan, tmp_path):
    with pytest.raises(UserError, match="copying needs reference"):
        bench_auto(replace(plan, methods=("copying",)))
    with pytest.raises(UserError, match=r"other cannot run here: .*mangapaint train other"):
        bench_auto(replace(plan, methods=("other",)))
    with pytest.raises(UserError, match="magic"):
        bench_auto(replace(plan, methods=("magic",)))
    assert methods_unguided(()) == ()
    named = ways_of(replace(plan, methods=("imagining",)))
    assert [way.name for way in named] == ["red"]  # its weights are given


def test_where_nothing_colours_by_itself_it_is_said(monkeypatch, plan, tmp_path):
    bare = replace(plan, weights=())
    with pytest.raises(UserError, match=r"no method here colours a page by itself; .*--weights"):
        bench_auto(bare)
    with pytest.raises(UserError, match="no method here colours a page by itself"):
        bench_auto(replace(bare, methods=("auto",)))
    ship(monkeypatch, tmp_path / "home", GREEN)
    with pytest.raises(UserError, match=r"nothing here colours these pictures by itself; .*draw a stroke"):
        bench_auto(replace(bare, methods=("auto",)))
