"""The measurement of networks: each part from pictures to its table, under equal conditions, the same every time."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from serieswork import TINY, make_tiny, scene, write_series

from mangapaint.colorizers.weights import load
from mangapaint.errors import UserError
from mangapaint.evaluation import networks_bench, networks_teaching
from mangapaint.evaluation.networks_bench import Plan, bench_networks
from mangapaint.evaluation.networks_colorful import vivid
from mangapaint.evaluation.networks_guided import with_wins
from mangapaint.evaluation.networks_parts import EVERY, means
from mangapaint.evaluation.networks_series import Series
from mangapaint.evaluation.networks_sources import distance, orders
from mangapaint.evaluation.networks_teaching import Lesson, Setting, Setup, lessons_taught
from mangapaint.evaluation.tables import networks_as_text
from mangapaint.progress import Silent
from mangapaint.training.answers import answer
from mangapaint.training.augmentation import NONE
from mangapaint.training.samples import Input

WAYS = [("gray", "uncoloured"), ("gray", "unet"), ("gray", "gan")]


@pytest.fixture
def data(tmp_path, monkeypatch):
    make_tiny(monkeypatch)
    write_series(tmp_path / "series" / "story", 5)
    return tmp_path


def without_times(rows):
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


def test_the_sources_table_has_both_networks_and_inputs_beside_what_was_reported(data):
    found = bench_networks(Plan(data, parts=("sources",), quick=True, seed=3))
    rows = {(row["input"], row["method"]): row for row in found["sources"]}
    assert list(rows) == [(given, method) for given in ("gray", "edges") for _, method in WAYS]
    assert (rows["gray", "gan"]["reported_l1"], rows["edges", "unet"]["reported_l2"]) == (16.25, 4720.35)
    assert rows["gray", "uncoloured"]["reported_l1"] is None
    assert {row["pictures"] for row in rows.values()} == {1}
    assert [row["name"] for row in found["pictures"]["sources"]] == found["series"][0]["held_out"] * 6
    assert found["colorful"] is found["guided"] is None
    assert json.loads(json.dumps(found)) == found


def test_networks_of_a_part_learn_under_equal_conditions(data):
    found = bench_networks(Plan(data, parts=("sources", "colorful"), steps=3))
    for part, count in (("sources", 4), ("colorful", 3)):
        rows = [row for row in found["trainings"] if row["part"] == part]
        alike = {(row["steps"], row["batch"], row["size"], row["pictures"], row["shape"]["width"]) for row in rows}
        assert len(rows) == count
        assert len(alike) == 1
        assert next(iter(alike))[0] == 3


def test_a_measurement_comes_out_the_same_for_a_seed(data):
    plans = [Plan(data, parts=("sources", "guided"), steps=1, pages=3, seed=seed) for seed in (1, 1, 2)]
    one, again, other = (bench_networks(plan) for plan in plans)
    for part in ("sources", "guided"):
        assert without_times(one["pictures"][part]) == without_times(again["pictures"][part])
        assert without_times(one["pictures"][part]) != without_times(other["pictures"][part])


def test_minutes_are_those_of_all_networks_of_a_part(data, monkeypatch):
    monkeypatch.setattr(networks_teaching, "_step_seconds", lambda *_: 0.5)
    found = bench_networks(Plan(data, parts=("sources",), minutes=0.4))
    assert {row["steps"] for row in found["trainings"]} == {round(0.4 * 60 / (4 * 0.5))}


def test_how_long_a_step_takes_is_tried(data):
    found = bench_networks(Plan(data, parts=("colorful",), minutes=1e-6))
    assert {row["steps"] for row in found["trainings"]} == {networks_teaching.FEWEST}


def test_a_network_learns_the_series_it_is_measured_on(data):
    series = Series.of(data / "series" / "story", seed=0, progress=Silent())
    setting, lesson = Setting(64, 4, steps=120), Lesson("unet", "unet", Input.GRAY, (("width", "16"),), NONE)
    setup = Setup(series, data, quick=True)
    (item,) = lessons_taught(setup, setting, [lesson], series.most(), Silent())
    shown = series.sample(series.most().held[0], Input.GRAY, size=64, seed=0)
    result = answer(load(item.weights, "unet"), shown.page, keeps=False, device="cpu")
    assert (item.steps, item.pictures) == (120, 4)
    assert distance(result, shown.color)[0] < 0.8 * distance(np.dstack([shown.page] * 3), shown.color)[0]


def test_likely_colours_are_compared_in_every_way(data):
    found = bench_networks(Plan(data, parts=("colorful",), quick=True))
    ways = [(row["network"], row["color"]) for row in found["colorful"]]
    colors = ["likeliest", "T 0.38", "mean (T 1)", "mode (T 0)"]
    assert ways == [*(("classes-rebalanced", color) for color in colors), *(("classes", color) for color in colors),
                    ("l2", "itself")]  # fmt: skip
    assert [row["shape"]["predicts"] for row in found["trainings"]] == ["classes", "classes", "l2"]
    assert [row["shape"]["rebalance"] for row in found["trainings"]] == ["on", "off", "off"]
    results = {tuple(row[key] for key in ("chroma", "psnr", "vivid")) for row in found["colorful"]}
    assert len(results) > 3


def test_guided_is_measured_on_the_pages_it_has_not_seen(data, tmp_path):
    found = bench_networks(Plan(data, parts=("guided",), quick=True, pages=3, sheets=tmp_path / "sheets"))
    told = found["series"][0]
    measured = {row["name"] for row in found["pictures"]["guided"]}
    assert len(told["guided_learned"]) == 3
    assert len(measured) == 2
    assert not measured & set(told["guided_learned"])
    rows = {(row["method"], row["dots"]): row for row in found["guided"]}
    assert set(rows) == {(method, count) for method in ("guided", "levin", "propagation") for count in (0, 5, 20)}
    for method in ("levin", "propagation"):
        assert rows[method, 0]["chroma"] == 0
        assert rows[method, 20]["chroma"] > 0.5
    assert rows["guided", 20]["chroma"] > 0.5
    assert [row["shape"] for row in found["trainings"]] == [{"size": "small", "hints": "all"}]
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["guided-01.png"]


def test_guided_can_start_from_weights(data, tmp_path):
    from mangapaint.colorizers.networks.guided import GuidedNetwork
    from mangapaint.colorizers.weights import Weights
    from mangapaint.training.saving import save_weights

    network = GuidedNetwork({})
    network.bins.bias.data[100] = 30.0  # from the beginning everything is of this colour
    save_weights(tmp_path / "known.safetensors", network, method="guided", shape=network.shape, about={})
    start = Weights.at(tmp_path / "known.safetensors")
    plan = Plan(data, parts=("guided",), steps=1, pages=4)
    fresh, known = (bench_networks(item)["guided"][0] for item in (plan, replace(plan, start=start)))
    assert (fresh["dots"], known["dots"]) == (0, 0)
    assert fresh["psnr"] > known["psnr"] + 0.3


@pytest.mark.parametrize("wrong", [
    {"minutes": 1.0, "quick": True},
    {"minutes": 0.0},
    {"minutes": math.inf},
    {"steps": -1},
    {"pages": 5},
    {"pages": 0},
    {"seed": -1},
    {"parts": ("everything",)},
    {"series": ("nobody",)},
])  # fmt: skip
def test_what_cannot_be_measured_is_refused_before_anything_is_learned(data, monkeypatch, wrong):
    monkeypatch.setattr(networks_teaching, "_begun", lambda *_, **__: pytest.fail("it began to learn"))
    with pytest.raises(UserError):
        bench_networks(Plan(data, **wrong))


def test_weights_of_another_method_are_refused(data, tmp_path):
    from mangapaint.colorizers.networks.unet import Unet
    from mangapaint.colorizers.weights import Weights
    from mangapaint.training.saving import save_weights

    network = Unet({"width": "2"})
    save_weights(tmp_path / "unet.safetensors", network, method="unet", shape=network.shape, about={})
    with pytest.raises(UserError, match="unet, not guided"):
        bench_networks(Plan(data, start=Weights.at(tmp_path / "unet.safetensors")))


def test_each_series_counts_the_same_in_the_mean(data):
    write_series(data / "series" / "other", 12)
    found = bench_networks(Plan(data, series=("story", "other"), parts=("sources",), quick=True))
    rows = [row for row in found["sources"] if (row["input"], row["method"]) == ("edges", "unet")]
    assert [(row["series"], row["pictures"]) for row in rows] == [("story", 1), ("other", 2), (EVERY, 3)]
    assert rows[2]["l1"] == pytest.approx((rows[0]["l1"] + rows[1]["l1"]) / 2, abs=1e-3)


def test_means_leave_out_what_could_not_be_measured():
    rows = [{"series": "a", "of": "x", "chroma": value} for value in (0.25, math.nan, 0.75)]
    assert means(rows, ("of",), ("chroma",)) == [{"series": "a", "of": "x", "pictures": 3, "chroma": 0.5}]


def test_orders_hold_where_the_smaller_figure_is_where_it_should_be():
    figures = {("gray", "unet"): (20, 900), ("gray", "gan"): (10, 950), ("edges", "unet"): (30, 2000),
               ("edges", "gan"): (40, 800)}  # fmt: skip
    rows = [{"input": given, "method": method, "l1": l1, "l2": l2} for (given, method), (l1, l2) in figures.items()]
    assert [(row["order"], row["of"], row["l1"], row["l2"]) for row in orders(rows)] == [
        ("gan < unet", "gray", True, False),
        ("gan < unet", "edges", False, True),
        ("gray < edges", "unet", True, True),
        ("gray < edges", "gan", True, False),
    ]


def test_pages_are_counted_on_which_guided_is_ahead():
    chroma = {("p", "guided"): 0.5, ("p", "levin"): 0.4, ("q", "guided"): 0.1, ("q", "levin"): 0.4,
              ("r", "guided"): 0.2, ("r", "levin"): 0.2}  # fmt: skip
    pictures = [{"series": "s", "name": name, "dots": 5, "method": method, "chroma": value}
                for (name, method), value in chroma.items()]  # fmt: skip
    rows = [
        {"series": series, "dots": 5, "method": method} for series in ("s", EVERY) for method in ("guided", "levin")
    ]
    assert [row["behind"] for row in with_wins(rows, pictures)] == [None, 1, None, 1]


def test_distance_is_per_pixel_and_channel():
    truth = np.zeros((2, 2, 3), np.uint8)
    result = truth.copy()
    result[0, 0] = 0, 30, 0
    assert distance(result, truth) == (30 / 12, 900 / 12)
    assert distance(truth, result) == (30 / 12, 900 / 12)


def test_half_the_chroma_is_half_as_vivid():
    truth = scene(0)
    gray = np.repeat(truth.mean(axis=2, keepdims=True), 3, axis=2)
    pale = np.rint((truth + gray) / 2).astype(np.uint8)
    assert vivid(truth, truth) == 1
    assert vivid(gray.astype(np.uint8), truth) < 0.01
    assert 0.35 < vivid(pale, truth) < 0.65
    assert math.isnan(vivid(truth, np.zeros_like(truth)))


def test_everything_can_be_read(data):
    found = bench_networks(Plan(data, quick=True, pages=3))
    text = networks_as_text(found)
    for words in ("reported L1", "1219.73", "gray < edges (unet): L1", "mode (T 0)", "learned on 3 pages",
                  "propagation", "classes-rebalanced"):  # fmt: skip
        assert words in text
    assert set(networks_bench.PARTS) == {"sources", "colorful", "guided"}
    assert len(found["trainings"]) == 4 + 3 + 1
    assert {row["steps"] for row in found["trainings"]} == {row.steps for row in TINY.values()}
