"""The benchmark of odds: what is said is held against the truth, and the fit says what would be true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mangapaint.cli import main
from mangapaint.colorizers import odds
from mangapaint.document.page import Kind, Reference
from mangapaint.errors import UserError
from mangapaint.evaluation import odds_bench
from mangapaint.evaluation.odds_bench import CUT, DECIDED, FOUND, REGISTERED, STRANGE, Plan, Said, bench_odds, fitted
from mangapaint.evaluation.pairs import FOLLOWING
from mangapaint.evaluation.scene_pairs import FIRST, POSES, load_scenes, scene_pairs

ROW = (0.0, 1.0)


def said(likely: float, right: bool, *, count: int = 100, kind: str = "one") -> Said:
    """Many things that are said to be so likely, all of them right or none."""
    signs = np.full((count, 1), np.log(likely / (1 - likely)))
    return Said(DECIDED, Kind.LINE, kind, signs, np.full(count, right), np.full(count, 1 / count), ROW)


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    """A series of two pictures of the same discs in many colours, a little apart."""
    rng = np.random.default_rng(0)
    picture = np.full((240, 320, 3), 255, np.uint8)
    for x, y, size, *color in rng.integers(0, [300, 220, 22, 220, 220, 220], (60, 6)).tolist():
        cv2.circle(picture, (x + 10, y + 10), size + 4, color, -1)
        cv2.circle(picture, (x + 10, y + 10), size + 4, (0, 0, 0), 2)
    folder = tmp_path / "busy" / "discs"
    folder.mkdir(parents=True)
    for number in range(2):
        Image.fromarray(np.roll(picture, 5 * number, axis=1)).save(folder / f"{number}.png")
    return folder.parent


def test_a_fit_finds_what_the_truth_was_drawn_from():
    rng = np.random.default_rng(0)
    signs = rng.normal(size=(40_000, 2))
    true = np.array([-1.0, 0.5, 2.0])
    right = rng.random(len(signs)) < 1 / (1 + np.exp(-(signs @ true[1:] + true[0])))
    np.testing.assert_allclose(fitted(signs, right, np.ones(len(signs))), true, atol=0.1)


def test_what_counts_nothing_changes_no_fit():
    rng = np.random.default_rng(0)
    signs, right = rng.normal(size=(1000, 1)), rng.random(1000) < 0.5
    worth = np.where(right, 1.0, 0.0)
    assert fitted(signs, right, worth)[0] > 2, "all that counts is right"


def test_rows_say_how_much_is_right_of_what_is_said():
    rows = {row["said"]: row for row in odds_bench._rows([said(0.5, True), said(0.5, False), said(0.12, False)])
            if row["group"] == "all"}  # fmt: skip
    assert rows["40 to 60"]["right"] == pytest.approx(0.5)
    assert rows["40 to 60"]["part"] == pytest.approx(2 / 3)
    assert rows["10 to 15"]["right"] == 0
    assert rows.keys() == {"40 to 60", "10 to 15"}


def test_kinds_of_pairs_count_the_same_however_many_there_are():
    group = [said(0.5, True, kind="rare"), *[said(0.5, False, kind="often")] * 9]
    rows = {row["group"]: row["right"] for row in odds_bench._rows(group)}
    assert rows == {"rare": 1, "often": 0, "all": pytest.approx(0.5)}


@pytest.mark.shipped
def test_series_are_measured_by_what_is_found_and_what_is_decided(busy):
    found = bench_odds(Plan(busy))
    assert {(row["input"], row["what"]) for row in found["rows"]} == {
        (given, what) for given in ("gray", "line") for what in (REGISTERED, FOUND, DECIDED)
    }
    assert {row["group"] for row in found["rows"]} == {FOLLOWING, CUT, "all"}
    for key in {(row["input"], row["what"], row["group"]) for row in found["rows"]}:
        rows = [row for row in found["rows"] if (row["input"], row["what"], row["group"]) == key]
        assert sum(row["part"] for row in rows) == pytest.approx(1)
        assert all(0 <= row["right"] <= 1 for row in rows)
    assert [len(row["best"]) for row in found["fits"]] == [len(row["now"]) for row in found["fits"]]
    assert found["skipped"] == []


def test_without_a_network_nothing_is_found(busy):
    found = bench_odds(Plan(busy, inputs=(Kind.LINE,), hand_made=True))
    assert {row["what"] for row in found["rows"]} == {REGISTERED, DECIDED}
    fit = found["fits"][-1]
    registered = [row for row in found["rows"] if row["what"] == REGISTERED and row["group"] == FOLLOWING]
    assert registered[-1]["said"] == "80 to 100"
    assert registered[-1]["right"] > 0.8
    assert registered[-1]["part"] > registered[0]["part"], "it is the same picture"
    assert fit["now"] == list(odds.DECIDED[True])


def test_scenes_are_not_those_that_are_measured():
    pairs, _ = odds_bench._pairs(Plan(scenes=1, inputs=(Kind.LINE,)))
    assert [pair.kind for pair in pairs] == list(POSES)
    assert min(pair.scene.series for pair in pairs) >= FIRST + odds_bench.MEASURED


def test_a_right_claim_is_told_from_a_wrong_one():
    truth = np.zeros((4, 4, 3), np.float32)
    truth[:, 2:] = (50, 40, 0)
    labels = np.repeat(np.array([[0, 0, 2, -1]]), 4, axis=0)  # nothing is of 1
    colors = np.array([[14, 0, 0], [0, 0, 0], [50, 29, 0]], np.float32)
    claim = odds_bench.Claim(DECIDED, np.arange(3, dtype=np.float32)[:, None], colors, labels, ROW)
    judged = odds_bench._judged(claim, truth, "one", lines=True)
    assert judged.right.tolist() == [True, False]
    assert judged.signs.tolist() == [[0], [2]]
    assert judged.worth.tolist() == pytest.approx([0.25, 0.75]), "what has colour counts most"
    lighter = replace(claim, colors=colors + np.float32([2, 0, 0]))
    assert odds_bench._judged(lighter, truth, "one", lines=True).right.tolist() == [False, False]
    assert odds_bench._judged(lighter, truth, "one", lines=False).right.tolist() == [True, False]


def test_larger_things_count_more_and_colour_most():
    worth = odds_bench._counting(np.array([1.0, 3, 2, 2]), np.array([False, False, True, True]))
    assert worth.tolist() == pytest.approx([0.0625, 0.1875, 0.375, 0.375])
    assert odds_bench._counting(np.array([1.0, 3]), np.array([True, True])).tolist() == pytest.approx([0.25, 0.75])


def test_pages_are_looked_up_in_references_of_another_series(data):
    found = bench_odds(Plan(data / "series", inputs=(Kind.LINE,), hand_made=True))
    assert {row["group"] for row in found["rows"]} == {FOLLOWING, CUT, STRANGE, "all"}
    pair = load_scenes(next(scene_pairs(1, (Kind.LINE,))))
    strangers = (Reference(np.zeros((4, 4, 3), np.uint8), "stranger"),)
    own = {pair.pair.scene.series: pair.references}
    assert not [*odds_bench._estranged(pair, own)], "its own series is no stranger"
    (strange,) = odds_bench._estranged(pair, {"other": strangers, **own})
    assert strange.references is strangers
    assert strange.pair.kind == STRANGE
    assert strange.page is pair.page


def test_a_broken_picture_is_skipped_and_only_broken_ones_are_refused(data):
    folder = data / "series"
    (folder / "one" / "000.png").write_bytes(b"no picture")
    plan = Plan(folder, inputs=(Kind.LINE,), hand_made=True)
    found = bench_odds(plan)
    assert [item["name"] for item in found["skipped"]] == ["one/001"]
    (folder / "two" / "000.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match="no pair could be measured"):
        bench_odds(plan)


@pytest.fixture
def settled(monkeypatch, tmp_path):
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path / "settings"))


def test_it_prints_a_table_and_the_fits_or_everything(settled, capsys, data):
    arguments = ["bench", "odds", "--data", str(data / "series"), "--input", "line", "--hand-made"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split()[:4] == ["pictures", "of", "input", "what"]
    assert "line, decided: now (" in said.out
    assert main([*arguments, "--json", "--every", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["parts"] == 4, "the panels of one page"


def test_without_weights_there_is_one_line_that_asks_for_some(settled, capsys, data):
    assert main(["bench", "odds", "--data", str(data / "series")]) == 1
    assert capsys.readouterr().err.count("--weights") == 1


@pytest.mark.parametrize("arguments", [[], ["--every", "0", "--scenes", "1"], ["--scenes", "-1"]])
def test_nothing_to_measure_is_one_line(settled, capsys, arguments):
    assert main(["bench", "odds", *arguments]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
