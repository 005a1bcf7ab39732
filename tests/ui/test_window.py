"""The window as a whole: files in and out, focus, theme, layout, and the first run."""

from __future__ import annotations

from pathlib import Path

import cv2
import drawing
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QActionGroup, QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from test_canvas import (
    LEFT_BUTTON,
    NO_KEY,
    SCRIBBLE,
    begin,
    color_at,
    drag,
    grabbed,
    open_window,
    rgb,
    screen,
)
from test_session import BLUE, page_file, reference_file, settle

from mangapaint.document.page import Kind
from mangapaint.settings import Settings
from mangapaint.ui import dialogs
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.theme import DARK, LIGHT
from mangapaint.ui.tools import ToolId
from mangapaint.ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    return open_window(qtbot, tmp_path)


@pytest.fixture
def empty(qtbot, tmp_path) -> Window:
    """The window before any page."""
    window = Window(Settings(), kept=tmp_path / "kept")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def clipboard(qapp):
    clipboard = QGuiApplication.clipboard()
    yield clipboard
    clipboard.clear()


def drop(target: QWidget, *paths: Path) -> bool:
    """Drop files as a file manager does; whether they were taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy = Qt.DropAction.CopyAction
    at = target.rect().center()
    enter = QDragEnterEvent(at, copy, mime, LEFT_BUTTON, NO_KEY)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    dropped = QDropEvent(QPointF(at), copy, mime, LEFT_BUTTON, NO_KEY)
    QApplication.sendEvent(target, dropped)
    return dropped.isAccepted()


# --- files come in


def test_before_a_page_the_welcome_stands_there_and_nothing_for_pages_can_be_done(empty):
    assert empty.parts.welcome.isVisible()
    assert not empty.canvas.isVisible()
    enabled = {name for name, action in empty.actions_by_id.items() if action.isEnabled()}
    assert {"open", "paste", "sample", "quit", "settings", "keys"} <= enabled
    assert not {"export", "undo", "delete", "palette", "fit", "mirror"} & enabled


def test_a_dropped_file_is_opened(qtbot, empty, tmp_path):
    assert drop(empty, page_file(tmp_path / "dropped.png"))
    settle(qtbot, empty.session)
    assert empty.session.page.name == "dropped.png"
    assert empty.canvas.isVisible()
    assert "dropped.png" in empty.windowTitle()
    assert empty.parts.bar.name.full == "dropped.png"
    assert color_at(empty, (30, 100)) == (0, 0, 0)


def test_of_several_dropped_files_the_first_is_the_page_and_the_others_its_references(qtbot, window, tmp_path):
    begun = []
    window.session.jobs.started.connect(lambda job: begun.append(job.title))
    drop(window, page_file(tmp_path / "never.png", shift=3), reference_file(tmp_path / "lost.png"))
    drop(window, page_file(tmp_path / "other.png", shift=9), reference_file(tmp_path / "reference.png"))
    settle(qtbot, window.session)
    assert window.session.page.name == "other.png"
    assert [item.name for item in window.session.document.references] == ["reference.png"]
    assert window.session.settings.kept("recent")[0].endswith("other.png")
    assert "Opening lost.png" not in begun


def test_text_is_not_taken(window):
    mime = QMimeData()
    mime.setText("words")
    enter = QDragEnterEvent(window.rect().center(), Qt.DropAction.CopyAction, mime, LEFT_BUTTON, NO_KEY)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_what_is_dropped_on_the_references_is_a_reference(qtbot, window, tmp_path):
    assert drop(window.parts.references, reference_file(tmp_path / "reference.png"))
    settle(qtbot, window.session)
    assert window.session.page.name == "page.png"
    (reference,) = window.session.document.references
    assert window.parts.references.selected is reference
    (group,) = window.parts.palette.groups
    colors = {swatch.color for swatch in window.session.palettes[reference.id].palette.swatches}
    assert len(colors) == 2
    qtbot.waitUntil(lambda: group.isVisibleTo(window.parts.palette))  # Qt shows what is new in a layout a turn later
    assert drop(window.parts.references, reference_file(tmp_path / "again.png"))
    settle(qtbot, window.session)
    assert len(window.session.document.references) == 1
    QTest.mouseClick(window.parts.references.remove, LEFT_BUTTON)
    settle(qtbot, window.session)
    assert window.session.document.references == ()
    assert window.parts.palette.groups == ()


def test_a_reference_without_a_page_is_refused_kindly(empty, tmp_path):
    drop(empty.parts.references, reference_file(tmp_path / "reference.png"))
    assert empty.session.jobs.running is None
    assert "Open a page first" in empty.parts.status.message.full


def test_a_reference_that_comes_while_a_stroke_is_drawn_and_the_stroke_both_stay(qtbot, window, tmp_path):
    begin(window, SCRIBBLE[:2])
    window.session.add_reference(reference_file(tmp_path / "reference.png"))
    settle(qtbot, window.session)
    QTest.mouseMove(window.canvas, screen(window, SCRIBBLE[2]))
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[2]))
    settle(qtbot, window.session)
    assert len(window.session.document.strokes) == 1
    assert len(window.session.document.references) == 1


def test_a_broken_file_is_told_of_in_one_line_until_another_page_opens(qtbot, window, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"nothing")
    drop(window, tmp_path / "broken.png")
    settle(qtbot, window.session)
    assert "broken.png" in window.parts.status.message.full
    assert window.parts.status.mark.isVisible()
    assert color_at(window, (30, 100)) == (0, 0, 0)
    drop(window, page_file(tmp_path / "other.png", shift=9))
    settle(qtbot, window.session)
    assert not window.parts.status.mark.isVisible()


def test_a_copied_picture_is_pasted(qtbot, window, clipboard):
    image = QImage(90, 60, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 255, 255))
    image.setPixelColor(10, 20, QColor(255, 0, 0))
    clipboard.setImage(image)
    QTest.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    settle(qtbot, window.session)
    assert (window.session.page.width, window.session.page.height) == (90, 60)
    assert window.session.picture.color(10, 20) == (255, 0, 0)
    assert window.canvas.scene.picture is window.session.picture


def test_a_copied_file_is_pasted(qtbot, window, clipboard, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(page_file(tmp_path / "copied.png", shift=9)))])
    clipboard.setMimeData(mime)
    QTest.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    settle(qtbot, window.session)
    assert window.session.page.name == "copied.png"


@pytest.mark.parametrize("text", [None, "words"])
def test_an_empty_clipboard_is_said_to_be_empty(window, clipboard, text):
    clipboard.clear()
    if text:
        clipboard.setText(text)
    QTest.keyClick(window.canvas, Qt.Key.Key_V, CTRL)
    assert "no picture" in window.parts.status.message.full
    assert window.session.page.name == "page.png"


def test_the_menu_of_recent_files_opens_them_and_greys_out_what_is_gone(qtbot, window, tmp_path):
    for name in ("second.png", "gone.png"):
        window.session.open(page_file(tmp_path / name, shift=len(name)))
        settle(qtbot, window.session)
    (tmp_path / "gone.png").unlink()
    window.recent_menu.aboutToShow.emit()
    entries = window.recent_menu.actions()
    assert [entry.text().split()[0] for entry in entries] == ["gone.png", "second.png", "page.png"]
    assert [entry.isEnabled() for entry in entries] == [False, True, True]
    entries[2].trigger()
    settle(qtbot, window.session)
    assert window.session.page.name == "page.png"
    window.recent_menu.aboutToShow.emit()
    assert window.recent_menu.actions()[0].text().startswith("page.png")


def test_the_sample_opens_with_its_reference_and_its_hints_coloured(qtbot, empty):
    empty.actions_by_id["sample"].trigger()
    settle(qtbot, empty.session)
    document = empty.session.document
    assert document.strokes
    assert len(document.references) == 1
    point = document.strokes[0].points[0]
    assert empty.session.picture.color(int(point[0]), int(point[1])) != (255, 255, 255)
    assert empty.session.shown.colorization is not None


def test_a_page_of_a4_at_300_dpi_opens_and_takes_colour(qtbot, tmp_path):
    path = tmp_path / "a4.png"
    cv2.imwrite(str(path), drawing.a4())
    window = open_window(qtbot, tmp_path, page=path)
    assert (window.session.page.width, window.session.page.height) == (2480, 3508)
    assert 0.15 < window.canvas.view.zoom < 0.25
    window.paintbox.resize(60)
    drag(qtbot, window, [(340, 250), (400, 300)])
    assert window.session.picture.color(200, 320) == FIRST
    assert color_at(window, (250, 200)) == FIRST


# --- keys and focus


def test_tab_hides_the_docks_only_while_the_canvas_has_the_focus(qtbot, window):
    docks = window.parts.docks
    window.parts.color.hex.setFocus()
    QTest.keyClick(window.parts.color.hex, Qt.Key.Key_Tab)
    assert all(dock.isVisible() for dock in docks)
    assert not window.parts.color.hex.hasFocus()
    window.canvas.setFocus()
    width = window.canvas.width()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert not any(dock.isVisible() for dock in docks)
    assert window.canvas.hasFocus()
    qtbot.waitUntil(lambda: window.canvas.width() > width)
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert all(dock.isVisible() for dock in docks)


def test_letters_typed_into_a_field_are_no_commands(qtbot, window):
    field = window.parts.color.hex
    view, tool = window.canvas.view, window.paintbox.tool
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "#2850c8ebximh123456")
    assert field.text() == "#2850c8eb"
    assert (window.canvas.view, window.paintbox.tool) == (view, tool)
    assert not window.actions_by_id["hints"].isChecked()
    field.selectAll()
    QTest.keyClicks(field, "#2850c8")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.paintbox.foreground == BLUE
    drag(qtbot, window, SCRIBBLE)
    assert color_at(window, (40, 160)) == BLUE


@pytest.mark.parametrize(("key", "tool"), [("B", ToolId.BRUSH), ("E", ToolId.ERASER), ("F", ToolId.BUCKET),
                                           ("I", ToolId.PICKER), ("P", ToolId.PROTECT),
                                           ("T", ToolId.MOVE), ("G", ToolId.HAND)])  # fmt: skip
def test_every_tool_has_its_key_and_its_button(window, key, tool):
    window.paintbox.take(ToolId.HAND if tool is not ToolId.HAND else ToolId.BRUSH)
    QTest.keyClick(window.canvas, key)
    assert window.paintbox.tool is tool
    assert window.parts.rail.button(tool.value).isChecked()
    window.paintbox.take(ToolId.HAND if tool is not ToolId.HAND else ToolId.BRUSH)
    QTest.mouseClick(window.parts.rail.button(tool.value), LEFT_BUTTON)
    assert window.paintbox.tool is tool


def test_a_kind_picked_in_the_page_bar_holds_and_leaves_nothing_behind(qtbot, window):
    menu = window.parts.bar.kind.menu()
    for name, kind in (("Gray", Kind.GRAY), ("Automatic (line art)", Kind.LINE)) * 3:
        menu.popup(window.mapToGlobal(window.rect().center()))
        row = next(action for action in menu.actions() if action.text() == name)
        QTest.mouseClick(menu, LEFT_BUTTON, NO_KEY, menu.actionGeometry(row).center())
        settle(qtbot, window.session)
        assert window.session.analysis.kind is kind
    qtbot.waitUntil(lambda: len(menu.findChildren(QActionGroup)) == 1)


# --- how it looks


def test_the_theme_changes_while_it_runs(qtbot, window, monkeypatch):
    window.settings["theme"] = "dark"
    window._change_theme()
    colors = {}
    for theme in (LIGHT, DARK):
        monkeypatch.setattr(dialogs.SettingsDialog, "exec", lambda dialog: True)
        values = {"theme": theme.name}
        monkeypatch.setattr(dialogs.SettingsDialog, "values", lambda dialog, values=values: values)
        QTest.keyClick(window.canvas, Qt.Key.Key_Comma, CTRL)
        assert window.theme is theme
        assert rgb(grabbed(window).pixelColor(5, 5)) == rgb(QColor(theme.surround))
        image = window.grab().toImage()
        place = window.parts.rail.mapTo(window, window.parts.rail.rect().bottomLeft())
        colors[theme.name] = rgb(image.pixelColor(place.x() + 4, place.y() - 4))
    assert colors == {"light": rgb(QColor(LIGHT.panel)), "dark": rgb(QColor(DARK.panel))}


@pytest.mark.parametrize("with_page", [False, True])
def test_nothing_is_clipped_at_1280_by_800(qtbot, window, empty, with_page, tmp_path):
    shown_window = window if with_page else empty
    shown_window.resize(1280, 800)
    if with_page:
        drag(qtbot, window, SCRIBBLE)
        window.session.add_reference(reference_file(tmp_path / "reference.png"))
        settle(qtbot, window.session)
    qtbot.wait(50)
    assert (shown_window.width(), shown_window.height()) == (1280, 800)
    assert [text for part in shown_window.findChildren(QWidget) for text in clipped(part)] == []


def clipped(part: QWidget) -> list[str]:
    """Say if a visible widget reaches beyond what holds it, or is smaller than it can be."""
    holder = part.parentWidget()
    scrolled = isinstance(holder.parentWidget(), QScrollArea) if holder else False
    if not part.isVisible() or part.isWindow() or holder is None or scrolled:
        return []
    name = f"{type(part).__name__} {part.objectName() or part.accessibleName()} in {type(holder).__name__}"
    beyond = [] if holder.rect().contains(part.geometry()) else [f"{name}: {part.geometry()} beyond {holder.rect()}"]
    small = part.width() < min(part.minimumSizeHint().width(), part.maximumWidth())
    return beyond + ([f"{name}: {part.width()} < {part.minimumSizeHint().width()}"] if small else [])


def test_layout_and_brush_are_remembered(qtbot, tmp_path):
    first = open_window(qtbot, tmp_path, settings=Settings.load(tmp_path / "settings.json"))
    first.resize(812, 640)
    first.parts.docks[1].close()
    first.paintbox.resize(33)
    first.parts.bar.overlayOpacityChanged.emit("edges", 0.25)
    drag(qtbot, first, SCRIBBLE)
    first.close()
    second = open_window(qtbot, tmp_path, settings=Settings.load(tmp_path / "settings.json"))
    assert (second.width(), second.height()) == (812, 640)
    assert [dock.isVisible() for dock in second.parts.docks] == [True, False, True]
    assert second.paintbox.size == 33
    assert second.session.overlays["edges"].opacity == 0.25
    assert second.paintbox.recent[0] == FIRST
    assert len(second.session.document.strokes) == 1


@pytest.mark.parametrize("layout", ["", "no base64!", "AAAA", 5])
def test_a_remembered_layout_that_cannot_be_read_is_no_layout(qtbot, tmp_path, layout):
    settings = Settings()
    for key in ("layout", "geometry"):
        settings.keep(key, layout)
    window = open_window(qtbot, tmp_path, settings=settings)
    assert all(dock.isVisible() for dock in window.parts.docks)


# --- the first run


def test_the_notes_of_the_first_run_vanish_one_by_one_when_the_things_are_done(qtbot, empty, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_export", lambda parent, start: tmp_path / "out.png")
    empty.start_notes()
    assert empty.notes is None
    drop(empty, page_file(tmp_path / "page.png"))
    settle(qtbot, empty.session)
    assert set(empty.notes.bubbles) == {"export", "brush", "overlays", "reference"}
    assert all(bubble.isVisible() for bubble in empty.notes.bubbles.values())
    drag(qtbot, empty, SCRIBBLE)
    assert set(empty.notes.bubbles) == {"export", "overlays", "reference"}
    QTest.keyClick(empty.canvas, Qt.Key.Key_F7)
    assert set(empty.notes.bubbles) == {"export", "reference"}
    drop(empty.parts.references, reference_file(tmp_path / "reference.png"))
    settle(qtbot, empty.session)
    assert set(empty.notes.bubbles) == {"export"}
    assert not empty.settings.kept("notes_read")
    QTest.keyClick(empty.canvas, Qt.Key.Key_E, CTRL)
    settle(qtbot, empty.session)
    assert empty.notes.bubbles == {}
    assert empty.settings.kept("notes_read")


def test_who_has_read_the_notes_sees_none(qtbot, tmp_path):
    settings = Settings()
    settings.keep("notes_read", True)
    window = Window(settings, kept=tmp_path / "kept")
    qtbot.addWidget(window)
    window.start_notes()
    window.session.open(page_file(tmp_path / "page.png"))
    settle(qtbot, window.session)
    assert window.notes is None
