"""Strokes survive a file; whatever else the file holds is refused in one line that names it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError
from mangapaint.formats.strokes import read_strokes, write_strokes

GOOD = {"color": "#e01e28", "width": 12.5, "points": [[1.5, 2.25], [30, 40]], "pressures": [0.25, 1]}


def test_strokes_come_back(tmp_path):
    rng = np.random.default_rng(1)
    colors = [(220, 30, 40), None, (0, 0, 0)]
    before = tuple(
        stroke(rng.uniform(-50, 3000, (n, 2)), width=3.25 * n, color=color, pressures=rng.uniform(0, 1, n))
        for n, color in zip((1, 7, 40), colors, strict=True)
    )
    path = tmp_path / "頁 1 – straße.json"
    write_strokes(path, before)
    after = read_strokes(path)
    assert [item.color for item in after] == colors
    assert [item.width for item in after] == [item.width for item in before]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(other.points, one.points, atol=0.006)
        np.testing.assert_allclose(other.pressures, one.pressures, atol=0.0006)
        assert not other.points.flags.writeable
    write_strokes(path, ())
    assert read_strokes(path) == ()


def test_a_thin_stroke_stays_readable(tmp_path):
    path = tmp_path / "thin.json"
    write_strokes(path, (stroke([(1, 1)], width=0.001, color=None),))
    assert read_strokes(path)[0].width > 0


def test_pressure_may_be_missing(tmp_path):
    path = tmp_path / "strokes.json"
    path.write_text(json.dumps({"strokes": [{key: GOOD[key] for key in ("color", "width", "points")}]}))
    assert read_strokes(path)[0].pressures.tolist() == [1, 1]


def with_(**changes: object) -> str:
    return json.dumps({"strokes": [{**GOOD, **changes}]})


BROKEN = {
    "empty": "",
    "cut off": with_()[:-9],
    "another value": "[1, 2]",
    "a number": "7",
    "no strokes": "{}",
    "strokes are a number": '{"strokes": 5}',
    "strokes are text": '{"strokes": "abc"}',
    "a stroke is a list": '{"strokes": [[1, 2]]}',
    "nothing in it": '{"strokes": [{}]}',
    "no colour": json.dumps({"strokes": [{"width": 1, "points": [[1, 1]]}]}),
    "colour is a number": with_(color=5),
    "colour is a list": with_(color=[1, 2, 3]),
    "colour is a name": with_(color="red"),
    "width is text": with_(width="wide"),
    "width is none": with_(width=None),
    "width is zero": with_(width=0),
    "width is negative": with_(width=-3),
    "width is huge": with_(width=1e9),
    "width is NaN": with_(width=float("nan")),
    "width is infinite": with_(width=float("inf")),
    "width has 400 digits": with_(width=10**400),
    "no points": with_(points=[], pressures=[]),
    "points are a number": with_(points=3),
    "points of three": with_(points=[[1, 2, 3]], pressures=[1]),
    "points are flat": with_(points=[1, 2]),
    "a point is NaN": with_(points=[[float("nan"), 1]], pressures=[1]),
    "a point is infinite": with_(points=[[1, float("-inf")]], pressures=[1]),
    "a point is far away": with_(points=[[1e30, 1]], pressures=[1]),
    "a point has 400 digits": with_(points=[[10**400, 1]], pressures=[1]),
    "too few pressures": with_(pressures=[1]),
    "pressures are a number": with_(pressures=1),
    "pressures are text": with_(pressures="ab"),
    "pressures are nested": with_(pressures=[[1, 1], [1, 1]]),
    "pressure is NaN": with_(pressures=[float("nan"), 1]),
    "pressure is infinite": with_(pressures=[float("inf"), 1]),
    "pressure is huge": with_(pressures=[1e39, 1]),
    "pressure is none": with_(pressures=[None, 1]),
    "pressure has 400 digits": with_(pressures=[10**400, 1]),
    "very deep": "[" * 200_000,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_anything_else_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "bröken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="this is no file of strokes") as refused:
        read_strokes(path)
    assert refused.value.path == path
    assert refused.value.remedy
    assert "\n" not in refused.value.line()


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "picture.json"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(UserError, match=r"picture\.json: this is no file of strokes"):
        read_strokes(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(UserError, match="cannot be read") as refused:
            read_strokes(path)
        assert refused.value.path == path


def test_a_failed_write_keeps_the_earlier_file(tmp_path):
    path = tmp_path / "strokes.json"
    write_strokes(path, (stroke([(1, 1)], width=2, color=None),))
    earlier = path.read_bytes()
    with pytest.raises((ValueError, TypeError)):
        write_strokes(path, (stroke([(1, 1)], width=2, color="red"),))  # type: ignore[arg-type]
    with pytest.raises(UserError, match="folder"):
        write_strokes(tmp_path / "missing" / "strokes.json", ())
    assert path.read_bytes() == earlier
    assert [item.name for item in tmp_path.iterdir()] == ["strokes.json"]
