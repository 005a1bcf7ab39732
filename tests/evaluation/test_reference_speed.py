"""The time of one page from a reference, and the patch-wise network beside it."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest
from toymethods import Copying, Learning

from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.evaluation.reference_speed import Timing, page_time
from mangapaint.evaluation.tables import page_time_as_text


class Network(Learning):
    """The method that others are compared with."""

    info = replace(Learning.info, id="palette-cnn")


class Counting(Copying):
    def __init__(self):
        self.runs = 0

    def prepare(self, request, progress):
        self.runs += 1
        return super().prepare(request, progress)


@pytest.fixture
def network(monkeypatch) -> Network:
    method = Network()
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (Counting(), method))
    return method


@pytest.fixture
def timing(paired) -> Timing:
    folder = paired / "lineart"
    return Timing(folder / "asp-01-02" / "line.png", folder / "asp-01-01" / "color.jpg", methods=("copying",))


def test_a_page_is_timed_with_reading_and_analysis(network, timing):
    found = page_time(timing)
    assert found["size"] == [120, 160]
    assert found["kind"] == "line"
    assert found["patches"] is None
    assert set(found["stages"]) == {"read", "analysis"}
    (row,) = found["methods"]
    assert row["method"] == "copying"
    assert row["seconds"] == pytest.approx(sum(found["stages"].values()) + sum(row["stages"].values()), abs=1e-3)
    text = page_time_as_text(found)
    assert "line.png (160 x 120, line)" in text
    assert "times" not in text


def test_each_method_is_run_once_because_it_may_remember(network, timing, monkeypatch):
    counting = Counting()
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (counting, network))
    page_time(replace(timing, methods=("copying", "palette-cnn")))
    assert counting.runs == 1
    assert network.asked == [{}]


def test_others_are_compared_with_the_network_patch_by_patch(network, timing):
    found = page_time(replace(timing, options=(("patches", "whole"),), methods=(), vs_patches=True))
    assert network.asked == [{"patches": "whole"}, {"patches": "single"}]
    beside = found["patches"]
    assert beside["learned"] == 1
    assert beside["times"].keys() == {"copying", "palette-cnn"}
    assert "times as fast" in page_time_as_text(found)


def test_learning_may_end_early_and_is_counted_whole(network, timing, monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: 10.0 * next(ticks))
    found = page_time(replace(timing, vs_patches=True, vs_seconds=1.0))
    assert found["stages"] == {"read": 10.0, "analysis": 10.0}
    assert found["patches"]["learned"] == 0.25
    assert found["patches"]["seconds"] == 2 * 10 + 3 * 10 + 4 * 30  # shared; prepare, colorize, compose; learning
    assert found["methods"][0]["seconds"] == 2 * 10 + 4 * 10
    assert found["patches"]["times"]["copying"] == round(170 / 60, 1)
    assert "25.0 % of its learning" in page_time_as_text(found)


def test_what_cannot_be_timed_is_refused(network, timing, monkeypatch):
    gray_only = type("GrayOnly", (Copying,), {"info": replace(Copying.info, kinds=frozenset({Kind.GRAY}))})()
    monkeypatch.setattr("mangapaint.colorizers.registry.METHODS", (gray_only,))
    with pytest.raises(UserError, match="kind line"):
        page_time(timing)
    with pytest.raises(UserError, match="palette-cnn"):
        page_time(replace(timing, vs_patches=True))
    with pytest.raises(UserError, match="nowhere"):
        page_time(replace(timing, page=timing.page.with_name("nowhere.png")))
