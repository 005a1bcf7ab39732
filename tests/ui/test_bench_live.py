"""The measurement through the real window, a dense screen, and a machine without one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from test_session import page_file

from mangapaint import cli
from mangapaint.errors import UserError
from mangapaint.ui import app, bench


@pytest.fixture(autouse=True)
def _no_window_left(qapp):
    """Delete the windows that were made here: one that is only closed makes each later change of style slower."""
    yield
    for window in qapp.topLevelWidgets():
        if isinstance(window, app.Window):
            window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_bench_measures_what_it_promises(qtbot, tmp_path):
    result = bench.live(page_file(tmp_path / "page.png"), strokes=5)
    numbers = {"p50_ms", "p95_ms", "max_ms", "frames_per_s", "pan_frames_per_s", "first_picture_ms", "analysis_s",
               "peak_mb", "resident_mb"}  # fmt: skip
    assert numbers <= set(result)
    at_once = {"p50_ms", "p95_ms", "max_ms"}  # 0 where the page had its colours before the pen was lifted
    assert all(isinstance(result[name], float) for name in numbers)
    assert {name: result[name] for name in numbers - at_once if result[name] <= 0} == {}
    assert 0 <= result["p50_ms"] <= result["p95_ms"] <= result["max_ms"]
    assert result["resident_mb"] <= result["peak_mb"] * 1.05
    assert (result["size"], result["strokes"]) == ([300, 200], 5)
    assert isinstance(result["torch_loaded"], bool)
    json.dumps(result)
    assert not any(widget.isVisible() for widget in QApplication.topLevelWidgets())


def test_the_bench_leaves_no_strokes_and_no_settings_behind(qtbot, tmp_path):
    bench.live(page_file(tmp_path / "page.png"), strokes=1)
    home = Path(os.environ["XDG_DATA_HOME"]).parent
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("strokes", [0, -3])
def test_a_bench_needs_strokes(tmp_path, strokes):
    with pytest.raises(UserError, match="strokes"):
        bench.live(page_file(tmp_path / "page.png"), strokes=strokes)


def test_a_page_that_cannot_be_opened_ends_the_bench_in_one_line(qtbot, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"nothing")
    with pytest.raises(UserError, match=r"broken\.png") as told:
        bench.live(tmp_path / "broken.png", strokes=1)
    assert "\n" not in told.value.line()


# --- without a screen


def test_without_a_display_the_window_refuses_in_one_line(monkeypatch, capsys, tmp_path):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(app, "Window", None)
    with pytest.raises(UserError, match="no display"):
        app.run(tmp_path / "page.png")
    assert cli.main([str(tmp_path / "page.png")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "mangapaint colorize" in said.err


@pytest.mark.parametrize(
    ("platform", "variable"),
    [("linux", "DISPLAY"), ("linux", "WAYLAND_DISPLAY"), ("linux", "QT_QPA_PLATFORM"), ("darwin", ""), ("win32", "")],
)
def test_with_a_display_it_does_not(monkeypatch, platform, variable):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, ":0")
    app._require_display()


@pytest.fixture
def exec_ends(qtbot, qapp, monkeypatch):
    """Let the program run until its page is open, and close its window then; gives the names of the pages."""
    opened, handler = [], signal.getsignal(signal.SIGINT)

    def exec_now(self=None) -> int:
        (window,) = [item for item in qapp.topLevelWidgets() if isinstance(item, app.Window) and item.isVisible()]
        qtbot.waitUntil(lambda: window.session.page is not None)
        opened.append(window.session.page.name)
        window.close()
        return 0

    monkeypatch.setattr(QApplication, "exec", exec_now)
    yield opened
    signal.signal(signal.SIGINT, handler)
    qapp.setProperty("mangapaint_error", None)


def test_the_window_opens_the_page_it_is_given_and_ends_with_it(exec_ends, tmp_path):
    assert app.run(page_file(tmp_path / "page.png")) == 0
    assert exec_ends == ["page.png"]


def test_ctrl_c_closes_the_window_only_when_qt_is_not_in_the_middle_of_something(qtbot, qapp, monkeypatch, exec_ends):
    def exec_interrupted(self=None) -> int:
        (window,) = [item for item in qapp.topLevelWidgets() if isinstance(item, app.Window) and item.isVisible()]
        signal.raise_signal(signal.SIGINT)
        assert window.isVisible()
        qtbot.waitUntil(lambda: not window.isVisible())
        return 0

    monkeypatch.setattr(QApplication, "exec", exec_interrupted)
    assert app.run(None) == 0


def test_the_window_opens_the_sample(exec_ends):
    assert app.run(None, sample=True) == 0
    assert exec_ends == ["page.png"]


def test_what_could_not_be_kept_at_the_end_is_said_in_one_line(exec_ends, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path / "file" / "folder"))
    assert cli.main([str(page_file(tmp_path / "page.png"))]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len([line for line in said if "settings were not kept" in line]) == 1


# --- a dense screen


DENSE = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from mangapaint.settings import Settings
from mangapaint.ui.window import Window
application = QApplication([])
window = Window(Settings(), kept=Path(sys.argv[2]))
window.show()
def settle():
    while window.session.jobs.running or not window.session.page:
        application.processEvents()
window.session.open(Path(sys.argv[1]))
settle()
def screen(x, y):
    return window.canvas.view.transform.map(QPointF(x, y)).toPoint()
points = [screen(60, 80), screen(75, 90), screen(90, 85)]
QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[0])
for point in points[1:]:
    QTest.mouseMove(window.canvas, point)
QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[-1])
settle()
for overlay in ("edges", "corners"):
    window.toggle_overlay(overlay)
settle()
application.sendEvent(window.canvas, QEvent(QEvent.Type.Leave))
image = window.canvas.grab().toImage()
def painted(x, y):
    at = window.canvas.view.transform.map(QPointF(x, y)) * image.devicePixelRatio()
    return image.pixelColor(at.toPoint()).getRgb()[:3]
edge = window.session.layers["edges"][1].level(0)
print(json.dumps({
    "ratio": image.devicePixelRatio(), "size": [image.width(), image.height()],
    "canvas": [window.canvas.width(), window.canvas.height()],
    "stroke": painted(75, 90), "region": painted(40, 150), "other": painted(215, 100), "ink": painted(30.5, 100.5),
    "points": window.session.document.strokes[0].points.tolist(),
    "edges": sum(painted(x + 0.5, y + 0.5)[2] > 150 > painted(x + 0.5, y + 0.5)[0]
                 for y, x in zip(*(edge[..., 3] == 255).nonzero())) / int((edge[..., 3] == 255).sum()),
}))
window.close()
"""


def test_on_a_dense_screen_all_layers_are_at_their_place(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "2"}
    page = page_file(tmp_path / "page.png")
    command = [sys.executable, "-c", DENSE, str(page), str(tmp_path / "kept")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found["ratio"] == 2
    assert found["size"] == [2 * part for part in found["canvas"]]
    assert tuple(found["stroke"]) == tuple(found["region"]) == (232, 183, 150)
    assert tuple(found["other"]) == (255, 255, 255)
    assert tuple(found["ink"]) != (255, 255, 255)
    assert found["points"][0] == pytest.approx([60, 80], abs=0.5)
    assert found["edges"] > 0.95
