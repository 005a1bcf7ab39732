"""A method's options: offered in the page bar, kept in the document, and handed to the method."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, NO_KEY, SCRIBBLE, drag, open_window
from test_session import settle

from mangapaint.colorizers import registry
from mangapaint.colorizers.method import Option
from mangapaint.colorizers.registry import method
from mangapaint.ui.window import Window

OPTIONS = (Option("soft", "Soft borders", ("off", "on"), "Colours run into each other"),
           Option("reach", "Reach", ("near", "far", "everywhere"), "near: a little; far: on: all"))  # fmt: skip


@pytest.fixture
def asked(monkeypatch) -> list:
    """The requests a method with options gets."""
    requests = []
    kind = type(method("propagation"))
    monkeypatch.setattr(registry, "METHODS", (method("propagation"),))
    colorize = kind.colorize
    monkeypatch.setattr(kind, "info", replace(kind.info, options=OPTIONS))
    monkeypatch.setattr(kind, "colorize", lambda *given: requests.append(given[2]) or colorize(*given))
    return requests


@pytest.fixture
def window(qtbot, tmp_path, asked) -> Window:
    return open_window(qtbot, tmp_path)


def offered(window: Window) -> dict[str, list[str]]:
    """The options' titles, each with what is chosen of it."""
    menus = [action for action in window.parts.bar.method.menu().actions() if action.menu()]
    return {row.text(): [item.text() for item in row.menu().actions() if item.isChecked()] for row in menus}


def pick(qtbot, window: Window, title: str, choice: str) -> None:
    row = next(action for action in window.parts.bar.method.menu().actions() if action.text() == title)
    menu = row.menu()
    menu.popup(window.mapToGlobal(window.rect().center()))
    entry = next(action for action in menu.actions() if action.text() == choice)
    QTest.mouseClick(menu, LEFT_BUTTON, NO_KEY, menu.actionGeometry(entry).center())
    settle(qtbot, window.session)


def test_what_is_picked_reaches_the_method_and_can_be_undone(qtbot, window, asked):
    drag(qtbot, window, SCRIBBLE)
    assert offered(window) == {"Soft borders": ["Off"], "Reach": ["Near"]}
    pick(qtbot, window, "Soft borders", "On")
    assert window.session.document.choice.options == (("soft", "on"),)
    assert asked[-1].option(method("propagation").info, "soft") == "on"
    assert offered(window) == {"Soft borders": ["On"], "Reach": ["Near"]}
    window.actions_by_id["undo"].trigger()
    settle(qtbot, window.session)
    assert window.session.document.choice.options == ()
    assert asked[-1].option(method("propagation").info, "soft") == "off"
    assert offered(window)["Soft borders"] == ["Off"]
    assert len(window.session.document.strokes) == 1


def test_the_help_names_the_choices_as_the_menu_does(window):
    rows = {action.text(): action for action in window.parts.bar.method.menu().actions() if action.menu()}
    assert window.parts.bar.method.menu().toolTipsVisible()
    assert rows["Soft borders"].toolTip() == "Colours run into each other"
    assert rows["Reach"].toolTip() == "Near: a little\nFar: on: all"
    assert [item.text() for item in rows["Reach"].menu().actions()] == ["Near", "Far", "Everywhere"]


def test_only_what_is_not_the_default_is_kept(qtbot, window):
    pick(qtbot, window, "Reach", "Everywhere")
    pick(qtbot, window, "Soft borders", "On")
    assert window.session.document.choice.options == (("reach", "everywhere"), ("soft", "on"))
    pick(qtbot, window, "Reach", "Near")
    assert window.session.document.choice.options == (("soft", "on"),)
