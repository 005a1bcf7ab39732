"""The window's parts: made, named and put in their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMenuBar,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QWidget,
)

from mangapaint.ui.actions import ACTIONS, TOOLS, Action
from mangapaint.ui.canvas import Canvas
from mangapaint.ui.docks.color import ColorDock
from mangapaint.ui.docks.palette import PaletteDock
from mangapaint.ui.docks.references import ReferencesDock
from mangapaint.ui.docks.titlebar import DockTitle, framed
from mangapaint.ui.overlays import OVERLAYS
from mangapaint.ui.pagebar import PageBar
from mangapaint.ui.statusbar import StatusBar
from mangapaint.ui.theme import Theme, icon
from mangapaint.ui.toolrail import ToolRail
from mangapaint.ui.welcome import Welcome

DOCK_WIDTH = 300


@dataclass(frozen=True)
class Parts:
    """Every widget the window wires."""

    canvas: Canvas
    welcome: Welcome
    table: QStackedWidget
    rail: ToolRail
    bar: PageBar
    menus: QMenuBar
    status: StatusBar
    color: ColorDock
    palette: PaletteDock
    references: ReferencesDock
    docks: tuple[QDockWidget, ...]

    def set_theme(self, theme: Theme) -> None:
        """Hand every part the theme."""
        for part in (self.canvas, self.welcome, self.rail, self.bar, self.status, self.color, self.palette,
                     self.references):  # fmt: skip
            part.set_theme(theme)
        for dock in self.docks:
            title = dock.titleBarWidget()
            if isinstance(title, DockTitle):
                title.set_theme(theme)


def build(window: QMainWindow, theme: Theme) -> Parts:
    """Make all parts and put them into the window."""
    color, palette, references = ColorDock(theme), PaletteDock(theme), ReferencesDock(theme)
    docks = (
        framed("Colour", color, theme, name="color"),
        framed("Palette", palette, theme, name="palette"),
        framed("References", references, theme, name="references"),
    )
    parts = Parts(Canvas(theme), Welcome(theme), QStackedWidget(), ToolRail(TOOLS, theme), PageBar(theme), QMenuBar(),
                  StatusBar(theme), color, palette, references, docks)  # fmt: skip
    parts.table.addWidget(parts.welcome)
    parts.table.addWidget(parts.canvas)
    parts.bar.set_overlays([overlay.row for overlay in OVERLAYS])
    window.setMenuWidget(_top(parts))
    window.setCentralWidget(_middle(parts))
    window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, _foot(parts))
    for dock in docks:
        dock.setMinimumWidth(DOCK_WIDTH)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    return parts


def _top(parts: Parts) -> QWidget:
    """The 40 px bar: menus and page bar in one row."""
    top = QWidget()
    top.setObjectName("panel")
    top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(top)
    row.setContentsMargins(4, 0, 0, 0)
    row.setSpacing(0)
    parts.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    parts.menus.setNativeMenuBar(False)
    row.addWidget(parts.menus, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(parts.bar, 1)
    return top


def _middle(parts: Parts) -> QWidget:
    """Rail and drawing table."""
    middle = QWidget()
    row = QHBoxLayout(middle)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(parts.rail)
    row.addWidget(parts.table, 1)
    return middle


def _foot(parts: Parts) -> QToolBar:
    """The status bar, under everything; a tool bar, because only these reach below the docks without a margin."""
    foot = QToolBar("Status")
    foot.setObjectName("foot")
    foot.setMovable(False)
    foot.toggleViewAction().setEnabled(False)
    foot.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    parts.status.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    foot.addWidget(parts.status)
    layout = foot.layout()
    if layout is not None:
        layout.setContentsMargins(0, 0, 0, 0)
    return foot


def add_actions(window: QMainWindow, parts: Parts, theme: Theme, run: Callable[[Action], object]) -> dict[str, QAction]:
    """Make the action table's rows menu entries with their keys; return them by id."""
    made: dict[str, QAction] = {}
    by_menu = {name: parts.menus.addMenu(name) for name in dict.fromkeys(row.menu for row in ACTIONS)}
    for row in ACTIONS:
        if row.separated:
            by_menu[row.menu].addSeparator()
        action = QAction(row.text, window)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setCheckable(row.checkable)
        action.triggered.connect(lambda _on=False, row=row: run(row))
        if row.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            parts.canvas.addAction(action)
        by_menu[row.menu].addAction(action)
        made[row.id] = action
    by_menu["View"].addSeparator()
    for dock in parts.docks:
        by_menu["View"].addAction(dock.toggleViewAction())
    recolor_actions(made, theme)
    return made


def recolor_actions(actions: dict[str, QAction], theme: Theme) -> None:
    """Draw the actions' icons in the theme's colours."""
    for row in ACTIONS:
        if row.icon:
            actions[row.id].setIcon(icon(row.icon, theme))
