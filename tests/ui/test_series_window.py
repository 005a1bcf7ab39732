"""The window "Learn a series", in the real main window: choosing, watching, using, and what is said meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, NO_KEY, open_window
from test_session import reference_file, settle
from test_teaching import ToyLearned
from test_window import drop
from toytuition import ToyTuition, weights_file

from mangapaint.colorizers import registry
from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import dialogs
from mangapaint.ui.series import window as module
from mangapaint.ui.series.choosing import NO_NAME, NO_PICTURES
from mangapaint.ui.series.session import Stage
from mangapaint.ui.series.window import SeriesWindow
from mangapaint.ui.window import Window


@pytest.fixture
def toy(monkeypatch) -> ToyTuition:
    return ToyTuition(monkeypatch)


@pytest.fixture
def window(qtbot, tmp_path, toy, monkeypatch) -> Window:
    monkeypatch.setattr(registry, "METHODS", (registry.method("propagation"), ToyLearned()))
    (tmp_path / "book").mkdir()
    return open_window(qtbot, tmp_path)


@pytest.fixture
def series(qtbot, window) -> SeriesWindow:
    window.actions_by_id["series"].trigger()
    qtbot.waitExposed(window.series)
    return window.series


def looked_at(qtbot, window: Window, count: int) -> None:
    teaching = window.session.teaching
    qtbot.waitUntil(lambda: len(teaching.pictures) == count)
    qtbot.waitUntil(lambda: all(item.small is not None for item in teaching.pictures))


def choose(qtbot, window: Window, series: SeriesWindow, folder, *, name: str = "Pepper", count: int = 2) -> None:
    folder = folder / "book"
    for number in range(count):
        reference_file(folder / f"{number}.png")
    assert drop(series.choosing, folder)
    looked_at(qtbot, window, count)
    series.choosing.series.setEditText(name)
    series.choosing.network.setCurrentIndex(series.choosing.network.findData("unet"))


def click(button) -> None:
    QTest.mouseClick(button, LEFT_BUTTON)


def learns(qtbot, window: Window, series: SeriesWindow, folder) -> None:
    choose(qtbot, window, series, folder)
    click(series.choosing.start)
    qtbot.waitUntil(lambda: window.session.teaching.stage is Stage.LEARNING)


def menu_rows(window: Window) -> list[str]:
    return [action.text() or "-" for action in window.parts.bar.method.menu().actions()]


# --- choosing


def test_it_can_begin_once_there_are_pictures_and_a_name(qtbot, window, series, tmp_path):
    choosing = series.choosing
    choosing.series.setEditText("")
    assert choosing.said.full == NO_PICTURES
    assert not choosing.start.isEnabled()
    assert choosing.area.isVisible()
    choose(qtbot, window, series, tmp_path, name=" ")
    assert choosing.said.full == NO_NAME
    assert not choosing.start.isEnabled()
    assert not choosing.area.isVisible()
    choosing.series.setEditText("Pepper")
    assert choosing.start.isEnabled()
    assert choosing.count.text() == "2 pictures"


def test_what_is_chosen_is_what_is_learned(qtbot, window, series, tmp_path, toy):
    choose(qtbot, window, series, tmp_path, name="Pepper/2")
    choosing = series.choosing
    choosing.network.setCurrentIndex(choosing.network.findData("gan"))
    choosing.pages.setCurrentIndex(choosing.pages.findData("gray"))
    click(choosing.times[0])
    click(choosing.start)
    qtbot.waitUntil(lambda: len(toy.tasks) == 1)
    (task,) = toy.tasks
    assert (task.series, task.method, task.pages, task.minutes) == ("Pepper-2", "gan", "gray", 5.0)
    assert [path.name for path in task.pictures] == ["0.png", "1.png"]
    assert not task.further
    assert series.faces.currentWidget() is series.watching


def test_a_picture_is_left_out_with_its_cross(qtbot, window, series, tmp_path):
    choose(qtbot, window, series, tmp_path)
    grid = series.choosing.grid
    QTest.mouseMove(grid, grid.cross(0).center())
    QTest.mouseClick(grid, LEFT_BUTTON, NO_KEY, grid.cell(0).center())
    assert len(window.session.teaching.pictures) == 2  # only the cross does
    QTest.mouseClick(grid, LEFT_BUTTON, NO_KEY, grid.cross(0).center())
    assert [item.path.name for item in window.session.teaching.pictures] == ["1.png"]


def test_what_cannot_be_used_is_told(qtbot, window, series, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert drop(series.choosing, broken)
    qtbot.waitUntil(lambda: "broken.png" in series.choosing.said.full)
    assert window.session.teaching.pictures == ()


def test_pictures_and_folders_are_browsed_for(qtbot, window, series, tmp_path, monkeypatch):
    paths = [reference_file(tmp_path / "book" / f"{number}.png") for number in range(3)]
    monkeypatch.setattr(module, "ask_pictures", lambda *_given: paths[:1])
    click(series.choosing.files)
    looked_at(qtbot, window, 1)
    monkeypatch.setattr(module.QFileDialog, "getExistingDirectory", lambda *_given: str(tmp_path / "book"))
    click(series.choosing.folder)
    looked_at(qtbot, window, 3)
    assert dialogs.ask_pictures is not module.ask_pictures


def test_the_page_brings_its_references_its_kind_and_its_folder(qtbot, window, tmp_path):
    window.add_references([reference_file(tmp_path / "reference.png")])
    settle(qtbot, window.session)
    window.session.choose(kind=Kind.GRAY)
    settle(qtbot, window.session)
    window.learn_series()
    looked_at(qtbot, window, 1)
    assert window.series.choosing.wanted.series == tmp_path.name[:60]
    assert window.series.choosing.wanted.pages == "gray"
    window.session.teaching.clear()
    click(window.series.choosing.references)
    looked_at(qtbot, window, 1)


# --- watching


def test_stopping_keeps_it_and_using_it_colours_the_page(qtbot, window, series, tmp_path, toy):
    learns(qtbot, window, series, tmp_path)
    watching = series.watching
    assert watching.title.text().startswith("Pepper: U-Net, 2 pictures")
    assert watching.state.text() == "first step, 20:00 left"
    assert not watching.use.isEnabled()
    toy.let(2)
    qtbot.waitUntil(lambda: watching.state.text() == "2 steps, 19:58 left")
    assert watching.use.isEnabled()
    click(watching.stop)
    qtbot.waitUntil(lambda: watching.state.text() == "learned for 0:02, 2 steps")
    assert not watching.stop.isVisible()
    click(watching.use)
    settle(qtbot, window.session)
    assert window.session.document.choice.series == "Pepper"
    assert window.parts.bar.method.text() == "Pepper: U-Net"
    assert window.failures == []


def test_samples_and_curve_appear_as_it_goes(qtbot, window, series, tmp_path, toy):
    learns(qtbot, window, series, tmp_path)
    assert series.watching.sheet._image.isNull()
    toy.let(9)
    qtbot.waitUntil(lambda: not series.watching.sheet._image.isNull())
    assert len(series.watching.curve._learned) >= 8
    assert len(series.watching.curve._held_out) == 1


def test_what_was_left_off_is_continued(qtbot, window, series, tmp_path, toy):
    learns(qtbot, window, series, tmp_path)
    toy.let(1)
    qtbot.waitUntil(lambda: len(window.session.teaching.moments) == 1)
    click(series.watching.stop)
    qtbot.waitUntil(lambda: window.session.teaching.stage is Stage.OVER)
    click(series.watching.again)
    assert series.choosing.further.isVisible()
    assert series.choosing.start.text() == "Learn anew"
    series.choosing.series.setEditText("Another")
    assert not series.choosing.further.isVisible()
    series.choosing.series.setEditText("Pepper")
    click(series.choosing.further)
    qtbot.waitUntil(lambda: len(toy.tasks) == 2)
    assert toy.tasks[1].further


def test_closed_it_learns_on_and_the_status_bar_says_so_and_stops_it(qtbot, window, series, tmp_path, toy):
    learns(qtbot, window, series, tmp_path)
    QTest.keyClick(series, Qt.Key.Key_Escape)
    assert not series.isVisible()
    toy.let(1)
    progress = window.parts.status.progress
    qtbot.waitUntil(lambda: progress.isVisible() and progress.text.full == "Learning, 19:59 left")
    assert progress.bar.value() == 1
    click(progress.cancel)
    qtbot.waitUntil(lambda: window.session.teaching.stage is Stage.OVER)
    assert toy.kept[-1][1]
    qtbot.waitUntil(lambda: not progress.isVisible())


def test_closing_the_main_window_asks_nothing(qtbot, window, series, tmp_path, toy):
    learns(qtbot, window, series, tmp_path)
    toy.let(1)
    qtbot.waitUntil(lambda: len(window.session.teaching.moments) == 1)
    window.close()
    assert toy.kept == [(1, True)]
    assert not series.isVisible()


def test_what_goes_wrong_is_said_where_one_looks(qtbot, window, series, tmp_path, toy):
    toy.error = UserError("not enough memory", remedy="choose fewer pictures")
    learns(qtbot, window, series, tmp_path)
    toy.let(1)
    qtbot.waitUntil(lambda: window.session.teaching.stage is Stage.IDLE)
    assert series.faces.currentWidget() is series.choosing
    assert series.choosing.said.full == "not enough memory; choose fewer pictures"


# --- the menu of methods


def test_learned_series_are_in_the_menu_of_methods(qtbot, window, tmp_path):
    shelf = window.session.teaching.shelf
    weights_file(shelf.weights_path("Pepper", "unet"), "unet")
    weights_file(shelf.weights_path("Pepper", "no-method"), "no-method")
    other = open_window(qtbot, tmp_path)
    assert menu_rows(other)[:4] == ["Auto", "-", "Pepper: U-Net", "-"]
    assert not any("no-method" in text for text in menu_rows(other))
    other.parts.bar.methodPicked.emit("unet\nPepper")
    settle(qtbot, other.session)
    assert (other.session.document.choice.method, other.session.document.choice.series) == ("unet", "Pepper")
    assert other.parts.bar.method.text() == "Pepper: U-Net"
    other.parts.bar.methodPicked.emit("propagation")
    assert (other.session.document.choice.method, other.session.document.choice.series) == ("propagation", "")


def test_the_series_used_last_is_offered_when_a_page_is_opened(qtbot, window, tmp_path):
    shelf = window.session.teaching.shelf
    for name in ("Alba", "Pepper"):
        weights_file(shelf.weights_path(name, "unet"), "unet")
    settings = Settings()
    settings.keep("series", ["Pepper", "unet"])
    other = open_window(qtbot, tmp_path, settings=settings)
    assert "Pepper" in other.parts.status.message.full
    assert menu_rows(other)[:4] == ["Auto", "-", "Pepper: U-Net", "Alba: U-Net"]
    other.learn_series()
    assert other.series.choosing.wanted.series == "Pepper"
    assert other.series.choosing.wanted.method == "unet"


def test_both_themes_reach_the_window(qtbot, window, series, tmp_path):
    choose(qtbot, window, series, tmp_path)
    before = series.grab().toImage().pixelColor(QPoint(4, 4)).lightness()
    window.settings["theme"] = "light" if window.theme.is_dark else "dark"
    window._change_theme()
    assert abs(series.grab().toImage().pixelColor(QPoint(4, 4)).lightness() - before) > 100
