"""The time of one more stroke on a page."""

from __future__ import annotations

import drawing
import numpy as np
import pytest
from PIL import Image

from mangapaint.errors import UserError
from mangapaint.evaluation import gmic, speed
from mangapaint.evaluation.tables import speed_as_text


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr(speed, "FEW", 3)
    monkeypatch.setattr(speed, "MANY", 12)
    monkeypatch.setattr(speed, "DRAWN", 4)
    path = tmp_path / "page.png"
    Image.fromarray(drawing.line_art(160)).save(path)
    return path


def test_each_method_is_timed_with_few_and_many_strokes(page):
    found = speed.page_speed(page, ["propagation"])
    assert found["size"] == [160, 160]
    assert found["gmic"] is None
    assert [(row["method"], row["strokes"]) for row in found["methods"]] == [("propagation", 3), ("propagation", 12)]
    assert all(0 < row["median_ms"] <= row["p95_ms"] for row in found["methods"])


def test_the_other_tool_gets_the_few_and_is_compared_with_the_many(page, monkeypatch):
    monkeypatch.setattr(gmic, "check", lambda: None)
    monkeypatch.setattr(gmic, "colored", lambda _line, strokes: seen.append(len(strokes)))
    seen: list[int] = []
    found = speed.page_speed(page, ["propagation"], vs_gmic=True)
    many = found["methods"][1]["median_ms"]
    assert seen == [found["gmic"]["strokes"]] == [3]
    assert found["gmic"]["times"]["propagation"] == pytest.approx(1000 * found["gmic"]["seconds"] / many, abs=20)
    text = speed_as_text(found)
    assert "160 x 160" in text
    assert "times as fast" in text


def test_a_gray_page_is_not_for_the_other_tool(tmp_path, page, monkeypatch):
    monkeypatch.setattr(gmic, "check", lambda: None)
    washed = np.tile(np.linspace(20, 235, 160).astype(np.uint8), (160, 1))
    Image.fromarray(washed).save(page)
    with pytest.raises(UserError, match="line art"):
        speed.page_speed(page, ["propagation"], vs_gmic=True)


def test_random_dots_lie_on_the_page_and_are_the_same_each_time():
    page = drawing.page(drawing.line_art(64))
    many, few = speed.random_dots(page, 50, 3), speed.random_dots(page, 10, 3)
    assert [item.color for item in few] == [item.color for item in many[:10]]
    at = np.concatenate([item.points for item in many])
    assert at.min() >= 0
    assert at.max() <= 64
    assert len({item.color for item in many}) == 50
