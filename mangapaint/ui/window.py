"""The window: wires the parts to the session; every command of the action table ends here."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from mangapaint.document.page import Color, Page
from mangapaint.document.strokes import HINTS, Stroke, recolored
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import dialogs
from mangapaint.ui.actions import TOOLS
from mangapaint.ui.binding import Binding
from mangapaint.ui.canvas import Canvas
from mangapaint.ui.docks.titlebar import balance
from mangapaint.ui.dropping import dropped_paths
from mangapaint.ui.firstrun import FirstRun, Note, Side
from mangapaint.ui.inspection import Inspection
from mangapaint.ui.methodnews import MethodNews
from mangapaint.ui.paintbox import Paintbox
from mangapaint.ui.parts import add_actions, build, recolor_actions
from mangapaint.ui.pointing import Pointing
from mangapaint.ui.pyramid import pixels_of
from mangapaint.ui.recent import RecentMenu
from mangapaint.ui.review import Review
from mangapaint.ui.series.window import SeriesWindow
from mangapaint.ui.session import Session
from mangapaint.ui.theme import app_icon, apply, theme_for
from mangapaint.ui.tools import Edit, ToolId


class Window(QMainWindow):
    """The drawing table."""

    session: Session
    canvas: Canvas
    pointing: Pointing

    def __init__(self, settings: Settings, *, kept: Path | None = None) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.settings = settings
        self.theme = theme_for(settings["theme"], app)
        apply(app, self.theme)
        self.setWindowIcon(app_icon())
        self.session = Session(settings, self, kept=kept)
        self.paintbox = Paintbox(settings, self)
        self.parts = build(self, self.theme)
        self.canvas = self.parts.canvas
        self.actions_by_id = add_actions(self, self.parts, self.theme, lambda row: row.run(self))
        self.recent_menu = RecentMenu(self.actions_by_id["open"], settings, self.session.open)
        self.notes: FirstRun | None = None
        self.series: SeriesWindow | None = None
        self._export_to: Path | None = None
        self._is_laid_out = False
        self.binding = Binding(self.session, self.paintbox, self.parts, self.actions_by_id, done=self._done)
        self._news = MethodNews(self.session, self.parts.status)
        self.review = Review(self.session, self.canvas)
        self.review.counted.connect(self.parts.status.set_standing)
        self.inspection = Inspection(self.session, self.parts, self.review)
        self.binding.colorTaken.connect(self.inspection.point_at)
        self.pointing = Pointing(self.session, self.paintbox, self.parts)
        self.binding.show_recent()
        self.setAcceptDrops(True)
        self._wire()
        self._restore()

    def _wire(self) -> None:
        parts, session = self.parts, self.session
        session.opened.connect(self._on_opened)
        session.exported.connect(self._on_exported)
        parts.welcome.openRequested.connect(self.ask_open)
        parts.welcome.pasteRequested.connect(self.paste)
        parts.welcome.sampleRequested.connect(session.open_sample)
        parts.welcome.recentPicked.connect(session.open)
        parts.welcome.filesDropped.connect(self.open_files)
        parts.color.colorPicked.connect(self.pick_color)
        parts.palette.colorPicked.connect(self.pick_color)
        parts.references.colorPicked.connect(self.pick_color)
        parts.references.filesDropped.connect(self.add_references)
        parts.references.browseRequested.connect(self.ask_reference)
        parts.references.grown.connect(lambda: QTimer.singleShot(0, self._make_room))
        for row in TOOLS:
            QShortcut(QKeySequence(row.key), self, partial(self.paintbox.take, ToolId(row.id)))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._change_theme)

    def _on_opened(self) -> None:
        page = self.session.page
        self._export_to = None
        self.setWindowTitle(f"{page.name} - mangapaint" if page else "mangapaint")
        self.setWindowFilePath(str(page.path) if page and page.path else "")

    def _on_exported(self, path: Path) -> None:
        self._export_to = path
        self._done("export")

    # --- commands: files

    def ask_open(self) -> None:
        """Choose a page to open."""
        path = dialogs.ask_picture(self, "Open page", self._folder())
        if path:
            self.session.open(path)

    def ask_reference(self) -> None:
        """Choose references to add."""
        self.add_references(dialogs.ask_pictures(self, "Add reference", self._folder()))

    def learn_series(self) -> None:
        """Show what is learned from whole series, or begin to."""
        if self.series is None:
            self.series = SeriesWindow(self.session, self.theme, self)
        self.series.show()
        self.series.raise_()
        self.series.activateWindow()

    def add_references(self, paths: list[Path]) -> None:
        """Add coloured pictures as references of the open page."""
        if self.session.page is None:
            self.parts.status.show_message("Open a page first, then give it references")
            return
        for path in paths:
            self.session.add_reference(path)

    def open_files(self, paths: list[Path]) -> None:
        """Open what was dropped on the table: the first is the page, the others are its references."""
        if paths:
            self.session.open(paths[0])
            for path in paths[1:]:
                self.session.add_reference(path)

    def paste(self) -> None:
        """Open the clipboard's picture, or the file that was copied."""
        clipboard = QGuiApplication.clipboard()
        paths = dropped_paths(clipboard.mimeData())
        image = clipboard.image()
        if paths:
            self.open_files(paths)
        elif not image.isNull():
            self.session.open_pasted(Page(pixels_of(image), "clipboard"))
        else:
            self.parts.status.show_message("The clipboard holds no picture: copy one first")

    def export(self, *, ask: bool = False) -> None:
        """Write the coloured page; asks where unless it was exported before."""
        if self.session.page is None:
            return
        known = self._export_to or dialogs.export_path(self.session.page)
        path = dialogs.ask_export(self, known) if ask or self._export_to is None else known
        if path:
            self.session.export(path)

    def _folder(self) -> str:
        page = self.session.page
        recent = self.settings.kept("recent") or []
        near = page.path if page and page.path else Path(recent[0]) if recent else Path.home() / "x"
        return str(near.parent)

    # --- commands: edit

    def pick_color(self, color: Color | None) -> None:
        """Take a colour; a selected stroke is recoloured with it."""
        self.paintbox.pick(color)
        selected, history = self._selected(), self.session.history
        if selected is not None and history and selected.purpose in HINTS and selected.color != color:
            fresh = recolored(selected, color)
            self.session.apply(Edit("Recolour stroke", history.present.with_replaced(selected, fresh)))
            self.canvas.select(fresh)

    def swap_colors(self) -> None:
        """Exchange foreground and background colour."""
        self.paintbox.swap()

    def scale_brush(self, factor: float) -> None:
        """Make the brush smaller or larger, by at least a pixel."""
        size = self.paintbox.size
        step = max(1.0, abs(size * factor - size))
        self.paintbox.resize(round(size + (step if factor > 1 else -step)))

    def delete_selected(self) -> None:
        """Delete the selected stroke."""
        selected, history = self._selected(), self.session.history
        if selected is not None and history:
            self.session.apply(Edit("Delete stroke", history.present.with_replaced(selected)))

    def _selected(self) -> Stroke | None:
        """Return the selected stroke; none while it is being moved."""
        selected, history = self.canvas.scene.selected, self.session.history
        return selected if history and any(item is selected for item in history.present.strokes) else None

    def ask_settings(self) -> None:
        """Show the settings."""
        dialog = dialogs.SettingsDialog(self.settings, self)
        if dialog.exec():
            for key, value in dialog.values().items():
                self.settings[key] = value
            self._change_theme()
            self.session.jobs.wake()

    # --- commands: view

    def zoom(self, factor: float) -> None:
        """Zoom about the canvas's middle."""
        self.canvas.change_view(lambda view: view.zoomed(factor, self.canvas.middle()))

    def rotate(self, degrees: float) -> None:
        """Turn the page as seen, clockwise."""
        self.canvas.change_view(lambda view: view.rotated(degrees))

    def toggle_overlay(self, overlay: str) -> None:
        """Show or hide an overlay."""
        self.binding.toggle_overlay(overlay)

    def look_at(self, way: int) -> None:
        """Go to the next region (with -1 the one before) whose colour is little certain."""
        self.parts.status.show_message("")
        self.review.step(way)

    def toggle_hints(self) -> None:
        """Show or hide the hints."""
        self.canvas.scene.hides_hints = self.actions_by_id["hints"].isChecked()
        self.canvas.update()

    def toggle_docks(self) -> None:
        """Hide all docks, or show them again."""
        hidden = self.actions_by_id["docks"].isChecked()
        for dock in self.parts.docks:
            dock.setVisible(not hidden)

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or leave it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_keys(self) -> None:
        """List all keys."""
        dialogs.KeysDialog(self).exec()

    def show_about(self) -> None:
        """Say what this is."""
        dialogs.AboutDialog(self.theme, self).exec()

    def _change_theme(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme = theme_for(self.settings["theme"], app)
        apply(app, self.theme)
        self.parts.set_theme(self.theme)
        recolor_actions(self.actions_by_id, self.theme)
        for part in (self.notes, self.series):
            if part:
                part.set_theme(self.theme)

    # --- first run

    def start_notes(self) -> None:
        """Show the four small notes of the first run once a page is open, unless they were all read before."""
        if not self.settings.kept("notes_read"):
            self.session.opened.connect(self._show_notes, Qt.ConnectionType.SingleShotConnection)

    def _show_notes(self) -> None:
        parts = self.parts
        self.notes = FirstRun(self, (
            Note("export", "File > Export PNG writes the coloured page (Ctrl+E)", parts.menus, Side.BELOW),
            Note("brush", "Scribble over an area: it takes the colour while you draw", parts.rail.button("brush"),
                 Side.RIGHT),
            Note("overlays", "Look at palette, edges, corners and regions", parts.bar.overlay_button("palette"),
                 Side.BELOW),
            Note("reference", "Drop a coloured picture here and paint with its colours", parts.references.area,
                 Side.LEFT),
        ), self.theme)  # fmt: skip
        self.notes.finished.connect(partial(self.settings.keep, "notes_read", True))

    def _done(self, note: str) -> None:
        if self.notes:
            self.notes.done(note)

    # --- the window itself

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.open_files(paths)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the docks their heights the first time."""
        super().showEvent(event)
        if not self._is_laid_out:
            self._is_laid_out = True
            if not self.settings.kept("layout"):
                balance(self, self.parts.docks, filling=self.parts.docks[1])

    def _make_room(self) -> None:
        """Give the references, now that there is more of them, the height they ask for, unless they have it."""
        dock = self.parts.docks[2]
        if dock.height() < dock.sizeHint().height():
            balance(self, self.parts.docks, filling=self.parts.docks[1])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep strokes, settings and layout; end the worker; then go."""
        self.canvas.cancel()
        if self.actions_by_id["docks"].isChecked():  # hidden for a moment's view, not for the next start
            self.actions_by_id["docks"].trigger()
        self.settings.keep("geometry", _text_of(self.saveGeometry()))
        self.settings.keep("layout", _text_of(self.saveState()))
        self.hide()
        if self.series:
            self.series.hide()
        for step in (self.session.close, self.settings.save):
            try:
                step()
            except UserError as error:
                QApplication.instance().setProperty("mangapaint_error", error.line())  # type: ignore[union-attr]
        event.accept()

    def _restore(self) -> None:
        self.resize(1280, 800)
        for key, restore in (("geometry", self.restoreGeometry), ("layout", self.restoreState)):
            kept = self.settings.kept(key)
            if isinstance(kept, str):
                restore(_bytes_of(kept))


def _text_of(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes_of(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except binascii.Error:
        return QByteArray()
