"""The window: wires the parts to the session; every command of the action table ends here."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QByteArray, QPointF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from mangapaint.colorizers.registry import AUTO, capabilities
from mangapaint.document.page import Color, Page
from mangapaint.document.palette import Palette, Swatch
from mangapaint.document.strokes import recolored
from mangapaint.errors import UserError
from mangapaint.settings import Settings
from mangapaint.ui import dialogs
from mangapaint.ui.actions import ACTIONS, TOOLS
from mangapaint.ui.canvas import Canvas
from mangapaint.ui.docks.references import dropped_paths
from mangapaint.ui.docks.titlebar import balance
from mangapaint.ui.firstrun import FirstRun, Note, Side
from mangapaint.ui.jobs import Job
from mangapaint.ui.marks import Highlight
from mangapaint.ui.overlays import OVERLAYS
from mangapaint.ui.pagebar import MethodRow
from mangapaint.ui.paintbox import Paintbox
from mangapaint.ui.parts import add_actions, build, recolor_actions
from mangapaint.ui.pyramid import pixels_of
from mangapaint.ui.session import Session
from mangapaint.ui.theme import app_icon, apply, theme_for
from mangapaint.ui.tools import At, BrushTool, Edit, EraserTool, MoveTool, PickerTool, Tool, ToolId

MEMORY_INTERVAL = 2000
WELCOME = "Open a page, or try the sample"
HINT = "Draw over an area with the brush: it takes the colour while you draw"


class Window(QMainWindow):
    """The drawing table."""

    session: Session
    canvas: Canvas

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
        self.actions_by_id = add_actions(self, self.parts.menus, self.theme, lambda row: row.run(self))
        self.notes: FirstRun | None = None
        self._export_to: Path | None = None
        self._is_laid_out = False
        self._tools: dict[ToolId, Tool | None] = {
            ToolId.BRUSH: BrushTool(),
            ToolId.ERASER: EraserTool(),
            ToolId.PICKER: PickerTool(self._pick_at),
            ToolId.MOVE: MoveTool(self.canvas.select),
            ToolId.HAND: None,
        }
        self.canvas.set_picker(PickerTool(self._pick_at))
        self.setAcceptDrops(True)
        self._wire()
        self._show_nothing()
        self._restore()

    # --- wiring

    def _wire(self) -> None:
        self._wire_session()
        self._wire_parts()
        for row in TOOLS:
            QShortcut(QKeySequence(row.key), self, partial(self.paintbox.take, ToolId(row.id)))
        self._memory = QTimer(self)
        self._memory.timeout.connect(lambda: self.parts.status.set_memory(psutil.Process().memory_info().rss))
        self._memory.start(MEMORY_INTERVAL)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(lambda _scheme: self._change_theme())
        self.paintbox.changed.connect(self._show_paintbox)
        self.paintbox.tool_changed.connect(self._show_tool)
        self._show_paintbox()
        self._show_tool()
        for overlay in OVERLAYS:
            self._show_overlay(overlay.id)

    def _wire_session(self) -> None:
        session, status = self.session, self.parts.status
        session.opened.connect(self._on_opened)
        session.documentChanged.connect(self._on_document)
        session.analysisChanged.connect(self._on_analysis)
        session.pictureChanged.connect(self.canvas.refresh)
        session.overlayChanged.connect(self._show_overlay)
        session.palettesChanged.connect(self._show_palettes)
        session.freshChanged.connect(status.set_fresh)
        session.stood.connect(status.set_latency)
        session.message.connect(status.show_message)
        session.failed.connect(status.show_error)
        session.jobs.started.connect(self._on_job)
        session.jobs.progressed.connect(lambda job, fraction, _text: status.set_progress(job.title, fraction))
        for ended in (session.jobs.finished, session.jobs.failed):
            ended.connect(lambda _job, _result: status.set_progress(None))
        session.jobs.cancelled.connect(lambda _job: status.set_progress(None))

    def _wire_parts(self) -> None:
        parts, session, paintbox = self.parts, self.session, self.paintbox
        self.canvas.edited.connect(self._on_edited)
        self.canvas.drafted.connect(session.set_draft)
        self.canvas.hovered.connect(self._on_hovered)
        parts.welcome.openRequested.connect(self.ask_open)
        parts.welcome.pasteRequested.connect(self.paste)
        parts.welcome.sampleRequested.connect(session.open_sample)
        parts.welcome.recentPicked.connect(session.open)
        parts.welcome.filesDropped.connect(self.open_files)
        parts.rail.toolPicked.connect(lambda tool: paintbox.take(ToolId(tool)))
        parts.rail.swapRequested.connect(paintbox.swap)
        parts.rail.colorClicked.connect(self._on_color_clicked)
        parts.bar.kindPicked.connect(lambda kind: session.choose(kind=kind))
        parts.bar.methodPicked.connect(lambda method: session.choose(method=method))
        parts.bar.gapPicked.connect(lambda gap: session.choose(gap=round(gap)))
        parts.bar.overlayToggled.connect(lambda overlay, _on: self.toggle_overlay(overlay))
        parts.bar.overlayOpacityChanged.connect(self._on_opacity)
        parts.bar.overlayParameterChanged.connect(self._on_parameter)
        parts.status.cancelRequested.connect(session.jobs.cancel)
        parts.color.colorPicked.connect(self.pick_color)
        parts.color.sizePicked.connect(paintbox.resize)
        parts.palette.colorPicked.connect(self.pick_color)
        parts.references.colorPicked.connect(self.pick_color)
        parts.references.filesDropped.connect(self.add_references)
        parts.references.browseRequested.connect(self.ask_reference)
        parts.references.removeRequested.connect(session.remove_reference)

    # --- commands: files

    def ask_open(self) -> None:
        """Choose a page to open."""
        path = dialogs.ask_picture(self, "Open page", self._folder())
        if path:
            self.session.open(path)

    def ask_reference(self) -> None:
        """Choose references to add."""
        self.add_references(dialogs.ask_pictures(self, "Add reference", self._folder()))

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
            self._export_to = path
            self.session.export(path)
            self._done("export")

    def _folder(self) -> str:
        page = self.session.page
        recent = self.settings.kept("recent") or []
        near = page.path if page and page.path else Path(recent[0]) if recent else Path.home() / "x"
        return str(near.parent)

    # --- commands: edit

    def pick_color(self, color: Color | None) -> None:
        """Take a colour; a selected stroke is recoloured with it."""
        self.paintbox.pick(color)
        selected, history = self.canvas.scene.selected, self.session.history
        if selected is not None and history and selected.color != color:
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
        selected, history = self.canvas.scene.selected, self.session.history
        if selected is not None and history:
            self.session.apply(Edit("Delete stroke", history.present.with_replaced(selected)))

    def ask_settings(self) -> None:
        """Show the settings."""
        dialog = dialogs.SettingsDialog(self.settings, self)
        if dialog.exec():
            for key, value in dialog.values().items():
                self.settings[key] = value
            self._change_theme()

    # --- commands: view

    def zoom(self, factor: float) -> None:
        """Zoom about the canvas's middle."""
        self.canvas.change_view(lambda view: view.zoomed(factor, self.canvas.middle()))

    def rotate(self, degrees: float) -> None:
        """Turn the page as seen, clockwise."""
        self.canvas.change_view(lambda view: view.rotated(degrees))

    def toggle_overlay(self, overlay: str) -> None:
        """Show or hide an overlay."""
        state = self.session.overlays[overlay]
        self.session.set_overlay(overlay, replace(state, on=not state.on))
        self._done("overlays")

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

    # --- what the session and the hand report

    def _on_opened(self) -> None:
        page = self.session.page
        self._export_to = None
        self.canvas.set_pictures(self.session.picture, self.session.bare)
        self.parts.table.setCurrentWidget(self.canvas)
        self.canvas.setFocus()
        self.parts.status.clear_error()
        self.parts.status.show_message(HINT)
        self.parts.welcome.set_recent(self._recent())
        self.setWindowTitle(f"{page.name} - mangapaint" if page else "mangapaint")
        self.setWindowFilePath(str(page.path) if page and page.path else "")

    def _on_document(self) -> None:
        session, history = self.session, self.session.history
        document = session.document
        self.canvas.set_document(document)
        for row in ACTIONS:
            self.actions_by_id[row.id].setEnabled(not row.page or document is not None)
        if history is None or document is None:
            return
        self.parts.bar.set_page(document.page.name, changed=bool(document.strokes) and not history.is_exported)
        for action, text, step in (("undo", "Undo", history.undo_text), ("redo", "Redo", history.redo_text)):
            self.actions_by_id[action].setEnabled(step is not None)
            self.actions_by_id[action].setText(f"{text} {step[0].lower()}{step[1:]}" if step else text)
        rows = [MethodRow(AUTO, "Auto"), *(
            MethodRow(item.info.id, item.info.title, item.available, item.why_not) for item in capabilities()
        )]  # fmt: skip
        self.parts.bar.set_methods(rows, document.choice.method)
        self.parts.references.set_references(document.references)
        if document.references:
            self._done("reference")
        self._show_palettes()
        self._on_analysis()

    def _on_analysis(self) -> None:
        analysis, document = self.session.analysis, self.session.document
        if document is None:
            return
        self.parts.bar.set_kind(analysis.found if analysis else None, document.choice.kind)
        lines = analysis is not None and not analysis.kind.keeps_luminance
        self.parts.bar.set_gap(analysis.gap if analysis and lines else None)

    def _on_edited(self, edit: Edit) -> None:
        self.session.apply(edit)
        self.paintbox.used(edit.document.strokes[-1].color if edit.document.strokes else None)
        self._done("brush")

    def _on_hovered(self, point: QPointF | None) -> None:
        """Fill the region under the pointer while the regions are shown."""
        scene, analysis = self.canvas.scene, self.session.analysis
        region = None
        if point is not None and analysis and "regions" in scene.layers:
            x, y = int(point.x()), int(point.y())
            if 0 <= x < analysis.page.width and 0 <= y < analysis.page.height:
                region = int(analysis.regions.labels[y, x])
        if region != (scene.highlight.region if scene.highlight else None):
            scene.highlight = Highlight.of(analysis.regions, region) if analysis and region is not None else None
            self.canvas.update()

    def _on_color_clicked(self, foreground: bool) -> None:
        if not foreground:
            self.paintbox.swap()

    def _pick_at(self, at: At) -> None:
        picture = self.session.picture
        if picture and 0 <= at.x < picture.width and 0 <= at.y < picture.height:
            self.paintbox.pick(picture.color(int(at.x), int(at.y)))

    def _on_job(self, job: Job) -> None:
        self.parts.status.set_progress(job.title, 0.0)

    def _on_opacity(self, overlay: str, opacity: float) -> None:
        self._set_overlay(overlay, opacity=opacity)

    def _on_parameter(self, overlay: str, parameter: str, value: float) -> None:
        row = next(item for item in OVERLAYS if item.id == overlay)
        values = list(self.session.overlays[overlay].values)
        values[[item.id for item in row.parameters].index(parameter)] = value
        self._set_overlay(overlay, values=tuple(values))

    def _set_overlay(self, overlay: str, **changes: Any) -> None:
        state = replace(self.session.overlays[overlay], **changes)
        self.settings.keep(f"overlay.{overlay}", state.as_kept())
        self.session.set_overlay(overlay, state)

    # --- showing what is

    def _show_nothing(self) -> None:
        self.parts.table.setCurrentWidget(self.parts.welcome)
        self.parts.bar.set_page(None, changed=False)
        self.parts.bar.set_device("CPU", "Everything that works today runs on the processor")
        self.parts.welcome.set_recent(self._recent())
        self.parts.status.show_message(WELCOME)
        self.setWindowTitle("mangapaint")
        self._on_document()

    def _show_paintbox(self) -> None:
        box = self.paintbox
        self.parts.color.set_color(box.foreground)
        self.parts.color.set_recent(box.recent)
        self.parts.color.set_size(box.size)
        self.parts.rail.set_colors(box.foreground, box.background)
        self.canvas.set_brush(box.brush)

    def _show_tool(self) -> None:
        self.parts.rail.set_active(self.paintbox.tool.value)
        self.canvas.set_tool(self._tools[self.paintbox.tool])

    def _show_overlay(self, overlay: str) -> None:
        state = self.session.overlays[overlay]
        row = next(item for item in OVERLAYS if item.id == overlay)
        _, layer = self.session.layers.get(overlay, (None, None))
        self.canvas.set_layer(overlay, layer if state.on else None, state)
        self.parts.bar.set_overlay(overlay, state.on, state.opacity)
        for parameter, value in zip(row.parameters, state.values, strict=True):
            self.parts.bar.set_overlay_parameter(overlay, parameter.id, value)
        self.actions_by_id[overlay].setChecked(state.on)

    def _show_palettes(self) -> None:
        document = self.session.document
        if document is None:
            return
        groups = [
            (reference.name, self.session.palettes[reference.id])
            for reference in document.references
            if reference.id in self.session.palettes
        ]
        used = dict.fromkeys(item.color for item in document.strokes if item.color is not None)
        if used:
            groups.insert(0, ("On this page", Palette(tuple(Swatch(color) for color in used))))
        self.parts.palette.set_groups(groups)

    def _recent(self) -> list[Path]:
        return [Path(text) for text in self.settings.kept("recent") or [] if Path(text).is_file()]

    def _change_theme(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme = theme_for(self.settings["theme"], app)
        apply(app, self.theme)
        self.parts.set_theme(self.theme)
        recolor_actions(self.actions_by_id, self.theme)
        if self.notes:
            self.notes.set_theme(self.theme)

    # --- first run

    def start_notes(self) -> None:
        """Show the four small notes of the first run, unless they were all read before."""
        if self.settings.kept("notes_read"):
            return
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

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep strokes, settings and layout; end the worker; then go."""
        self.canvas.cancel()
        self.settings.keep("geometry", _text_of(self.saveGeometry()))
        self.settings.keep("layout", _text_of(self.saveState()))
        self.hide()
        for step in (self.session.close, self.settings.save):
            try:
                step()
            except UserError as error:
                QApplication.instance().setProperty("mangapaint_error", error.line())  # type: ignore[union-attr]
        self._memory.stop()
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
