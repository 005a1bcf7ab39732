from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from mangapaint.ui import theme as themes
from mangapaint.ui.firstrun import Bubble, FirstRun, Note, Side
from mangapaint.ui.theme import DARK, LIGHT
from mangapaint.ui.welcome import Welcome

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _dark(qapp):
    themes.apply(qapp, DARK)


@pytest.fixture
def welcome(qtbot):
    widget = Welcome(DARK)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show()
    return widget


def control(window: QWidget, x: int, y: int) -> QPushButton:
    button = QPushButton(window)
    button.setGeometry(x, y, 36, 36)
    return button


@pytest.fixture
def window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(1280, 800)
    return widget


@pytest.fixture
def first(window):
    notes = [
        Note("export", "Export the coloured page from here when it is done", control(window, 4, 2), Side.BELOW),
        Note("brush", "Draw a stroke of colour on the page", control(window, 4, 44), Side.RIGHT),
        Note("overlays", "See what the page says by itself", control(window, 1230, 2), Side.BELOW),
        Note("reference", "Drop a coloured picture here", control(window, 1240, 740), Side.LEFT),
    ]
    window.show()
    return FirstRun(window, notes, DARK)


@pytest.mark.parametrize("name", ["open", "paste", "sample"])
def test_the_three_buttons_ask(qtbot, welcome, name: str):
    with qtbot.waitSignal(getattr(welcome, f"{name}Requested")):
        qtbot.mouseClick(getattr(welcome.card, name), LEFT)


def test_a_button_is_pressed_with_the_keyboard(qtbot, welcome):
    with qtbot.waitSignal(welcome.sampleRequested):
        qtbot.keyClick(welcome.card.sample, Qt.Key.Key_Space)


def test_recent_files_are_offered(qtbot, welcome):
    assert not welcome.card.recent.isVisible()
    paths = [Path(f"/volume/page-{index}.png") for index in range(8)]
    welcome.set_recent(paths)
    QApplication.processEvents()
    rows = welcome.card.recent.rows
    assert [row.path for row in rows] == paths[:5]
    with qtbot.waitSignal(welcome.recentPicked) as picked:
        qtbot.mouseClick(rows[2], LEFT)
    assert picked.args == [paths[2]]
    welcome.set_recent([])
    assert not welcome.card.recent.isVisible()


def test_a_page_is_dropped(qtbot, welcome, tmp_path: Path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "page.png"))])
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(welcome, enter)
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(welcome.filesDropped) as dropped:
        QApplication.sendEvent(welcome, drop)
    assert dropped.args == [[tmp_path / "page.png"]]


def test_the_card_stands_in_the_middle_of_the_surround(qapp, welcome):
    card = welcome.card.geometry()
    assert abs(card.center().x() - welcome.rect().center().x()) <= 1
    assert abs(card.center().y() - welcome.rect().center().y()) <= 1
    assert welcome.grab().toImage().pixelColor(20, 20).name() == DARK.surround
    themes.apply(qapp, LIGHT)
    welcome.set_theme(LIGHT)
    assert welcome.grab().toImage().pixelColor(20, 20).name() == LIGHT.surround


def bodies(first: FirstRun):
    return {key: bubble.panel.geometry().translated(bubble.pos()) for key, bubble in first.bubbles.items()}


@pytest.mark.parametrize("size", [(1280, 800), (1000, 640), (2560, 1440)])
def test_notes_stand_clear_within_the_window_and_off_its_middle(window, first, size: tuple[int, int]):
    window.resize(*size)
    for target in window.findChildren(QPushButton):
        if target.x() > 1000:
            target.move(window.width() - 45, min(target.y(), window.height() - 60))
    QApplication.processEvents()
    placed = bodies(first)
    assert len(placed) == 4
    for key, body in placed.items():
        assert window.rect().contains(body), key
        assert not body.contains(window.rect().center()), key
        assert not any(body.intersects(other) for name, other in placed.items() if name != key), key


def test_a_note_points_at_its_control(window, first):
    note = first.bubbles["reference"]
    tip = note.pos() + note._tail
    target = next(button for button in window.findChildren(QPushButton) if button.pos() == QPoint(1240, 740))
    assert abs(tip.x() - target.x()) <= 4
    assert target.geometry().top() <= tip.y() <= target.geometry().bottom()
    assert note.mask().contains(note._tail)


def test_notes_follow_their_controls_and_hide_with_them(window, first):
    note = first.bubbles["reference"]
    target = next(button for button in window.findChildren(QPushButton) if button.pos() == QPoint(1240, 740))
    before = note.geometry()
    target.move(1240, 500)
    QApplication.processEvents()
    assert note.geometry().top() < before.top() - 200
    target.hide()
    QApplication.processEvents()
    assert not note.isVisible()
    target.show()
    QApplication.processEvents()
    assert note.isVisible()


def test_doing_the_thing_dismisses_its_note_and_the_last_one_ends(qtbot, first):
    with qtbot.assertNotEmitted(first.finished):
        first.done("brush")
        first.done("brush")
        first.done("no such note")
    assert set(first.bubbles) == {"export", "overlays", "reference"}
    first.done("export")
    first.done("overlays")
    with qtbot.waitSignal(first.finished):
        qtbot.mouseClick(first.bubbles["reference"].close_button, LEFT)
    assert first.bubbles == {}


def test_all_notes_can_be_dismissed_at_once(qtbot, window, first):
    with qtbot.waitSignal(first.finished):
        first.dismiss_all()
    QApplication.processEvents()
    assert not any(bubble.isVisible() for bubble in window.findChildren(Bubble))
