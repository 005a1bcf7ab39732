"""Keeps the widgets showing what the session and the paintbox hold, and hands on what the widgets report."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QAction

from mangapaint.colorizers.method import MethodInfo
from mangapaint.colorizers.registry import AUTO, capabilities
from mangapaint.document.palette import Palette, Swatch
from mangapaint.document.strokes import Purpose
from mangapaint.ui.actions import ACTIONS
from mangapaint.ui.docks.palette import Group
from mangapaint.ui.filling import BucketTool, region_at
from mangapaint.ui.gaptrial import GapTrial
from mangapaint.ui.jobs import Job
from mangapaint.ui.marks import Highlight
from mangapaint.ui.overlays import OVERLAYS, overlay_by_id
from mangapaint.ui.pagebar import MethodRow, OptionRow
from mangapaint.ui.paintbox import Paintbox
from mangapaint.ui.parts import Parts
from mangapaint.ui.protection import Protection
from mangapaint.ui.series.tuition import NETWORKS, network
from mangapaint.ui.session import Session
from mangapaint.ui.tools import At, BrushTool, Edit, EraserTool, MoveTool, PickerTool, Tool, ToolId

MEMORY_INTERVAL = 2000
WELCOME = "Open a page, or try the sample"
OF_SERIES = "\n"
"""Stands in a row of the methods' menu between a method and the series it has learned."""
LEARN_FIRST, NOT_HERE = "Learn a series first (File menu)", "Its weights are not installed"
OFFER = "\u201c{}\u201d can colour this page as it has learned: see the menu beside its kind"
HINT = "Draw over an area with the brush: it takes the colour while you draw"


class Binding(QObject):
    """Between the session and the widgets. ``done`` is told what of the first run's notes was done."""

    colorTaken = Signal(object)
    """A colour was picked from the page at this point (QPointF)."""

    def __init__(self, session: Session, paintbox: Paintbox, parts: Parts, actions: dict[str, QAction],
                 *, done: Callable[[str], None]) -> None:  # fmt: skip
        super().__init__(session)
        self._session, self._paintbox, self._parts, self._actions = session, paintbox, parts, actions
        self._done = done
        self._calmed: int | None = None
        self._protection = Protection()
        self._tools: dict[ToolId, Tool | None] = {
            ToolId.BRUSH: BrushTool(),
            ToolId.ERASER: EraserTool(),
            ToolId.BUCKET: BucketTool(lambda: session.analysis),
            ToolId.PICKER: PickerTool(self._pick_at),
            ToolId.PROTECT: BrushTool("Protect", Purpose.PROTECT, ("Free from protection", Purpose.FREE)),
            ToolId.MOVE: MoveTool(parts.canvas.select),
            ToolId.HAND: None,
        }
        parts.canvas.set_picker(PickerTool(self._pick_at))
        self._memory = QTimer(self)
        self._memory.timeout.connect(lambda: parts.status.set_memory(psutil.Process().memory_info().rss))
        self._memory.start(MEMORY_INTERVAL)
        self._wire_session()
        self._wire_widgets()
        self._show_everything()

    def _wire_session(self) -> None:
        session, status, canvas = self._session, self._parts.status, self._parts.canvas
        session.opened.connect(self._on_opened)
        session.documentChanged.connect(self._on_document)
        session.analysisChanged.connect(self._on_analysis)
        session.pictureChanged.connect(canvas.refresh)
        session.overlayChanged.connect(self._show_overlay)
        session.palettesChanged.connect(self._show_palettes)
        session.freshChanged.connect(status.set_fresh)
        session.freshChanged.connect(self._show_methods)
        session.teaching.shelfChanged.connect(self._show_methods)
        session.stood.connect(status.set_latency)
        session.message.connect(status.show_message)
        session.failed.connect(status.show_error)
        jobs = session.jobs
        jobs.started.connect(lambda job: status.set_progress(job.title, 0.0))
        jobs.progressed.connect(self._on_progress)
        jobs.finished.connect(lambda _job, _result: status.set_progress(None))
        jobs.failed.connect(lambda _job, _error: status.set_progress(None))
        jobs.cancelled.connect(lambda _job: status.set_progress(None))

    def _wire_widgets(self) -> None:
        parts, session, paintbox, trial = self._parts, self._session, self._paintbox, GapTrial(self._session)
        parts.canvas.edited.connect(self._on_edited)
        parts.canvas.drafted.connect(session.set_draft)
        parts.canvas.drafted.connect(self._calm)
        parts.canvas.hovered.connect(self._on_hovered)
        parts.canvas.hovered.connect(lambda point: session.teaching.make_way() if point is not None else None)
        parts.rail.toolPicked.connect(lambda tool: paintbox.take(ToolId(tool)))
        parts.rail.swapRequested.connect(paintbox.swap)
        parts.rail.colorClicked.connect(lambda foreground: None if foreground else paintbox.swap())
        parts.bar.kindPicked.connect(lambda kind: session.choose(kind=kind))
        parts.bar.methodPicked.connect(self._on_method)
        parts.bar.optionPicked.connect(self._on_option)
        parts.bar.gapPicked.connect(lambda gap: trial.pick(round(gap)))
        parts.bar.gapHeld.connect(trial.hold)
        parts.bar.overlayToggled.connect(lambda overlay, on: self._change_overlay(overlay, on=on))
        parts.bar.overlayOpacityChanged.connect(lambda overlay, value: self._change_overlay(overlay, opacity=value))
        parts.bar.overlayParameterChanged.connect(self._on_parameter)
        parts.status.cancelRequested.connect(session.jobs.cancel)
        parts.color.sizePicked.connect(paintbox.resize)
        parts.color.picker.switched.connect(lambda way: session.settings.keep("picker", way))
        parts.references.removeRequested.connect(session.remove_reference)
        paintbox.changed.connect(self._show_paintbox)
        paintbox.tool_changed.connect(self._show_tool)

    def _show_everything(self) -> None:
        self._parts.bar.set_page(None, changed=False)
        self._parts.bar.set_device("CPU", "Everything that works today runs on the processor")
        self._parts.status.show_message(WELCOME)
        self._parts.color.picker.set_way(str(self._session.settings.kept("picker")))
        self._show_paintbox()
        self._show_tool()
        for overlay in OVERLAYS:
            self._show_overlay(overlay.id)
        self._on_document()

    # --- what the session reports

    def _on_opened(self) -> None:
        parts = self._parts
        parts.canvas.set_pictures(self._session.picture, self._session.bare)
        parts.table.setCurrentWidget(parts.canvas)
        parts.canvas.setFocus()
        parts.status.clear_error()
        document, last = self._session.document, self._session.teaching.last()
        hint = OFFER.format(last.series) if last else HINT
        parts.status.show_message("" if document and document.strokes else hint)

    def _on_document(self) -> None:
        history, document = self._session.history, self._session.document
        self._parts.canvas.set_document(document)
        self._show_protected()
        if self._session.is_drafting:
            return
        for row in ACTIONS:
            self._actions[row.id].setEnabled(not row.page or document is not None)
        if history is None or document is None:
            return
        changed = bool(document.strokes) and not history.is_exported
        self._parts.bar.set_page(document.page.name, changed=changed)
        for action, text, step in (("undo", "Undo", history.undo_text), ("redo", "Redo", history.redo_text)):
            self._actions[action].setEnabled(step is not None)
            self._actions[action].setText(f"{text} {step[0].lower()}{step[1:]}" if step else text)
        self._show_methods()
        self._parts.references.set_references(document.references)
        if document.references:
            self._done("reference")
        self._show_palettes()
        self._show_kind()

    def _on_analysis(self) -> None:
        canvas = self._parts.canvas
        canvas.scene.highlight = self._calmed = None  # its number means another region now
        self._on_hovered(canvas.pointed)
        self._show_kind()
        self._show_protected()

    def _on_progress(self, job: Job, fraction: float, _text: str) -> None:
        self._parts.status.set_progress(job.title, fraction)

    # --- what the hand reports

    def _on_edited(self, edit: Edit) -> None:
        if self._session.history:  # what else was decided while the hand was busy stays
            present = self._session.history.present
            edit = replace(edit, document=replace(present, strokes=edit.document.strokes))
        self._session.apply(edit)
        self._parts.status.show_message("")
        if self._paintbox.tool in (ToolId.BRUSH, ToolId.BUCKET):
            self._paintbox.used(self._paintbox.foreground)
            self._done("brush")

    def _on_hovered(self, point: QPointF | None) -> None:
        """Fill the region under the pointer thinly while the regions are shown or the bucket is in the hand."""
        scene, analysis = self._parts.canvas.scene, self._session.analysis
        region = None
        if point is not None and ("regions" in scene.layers or self._paintbox.tool is ToolId.BUCKET):
            region = region_at(analysis, point.x(), point.y())
        if region == self._calmed:
            region = None
        else:
            self._calmed = None
        if region != (scene.highlight.region if scene.highlight else None):
            scene.highlight = Highlight.of(analysis.regions, region) if analysis and region is not None else None
            self._parts.canvas.update()

    def _calm(self) -> None:
        """Show a region that was just filled in its own colour, until the pointer comes to another one."""
        canvas = self._parts.canvas
        if self._paintbox.tool is ToolId.BUCKET and canvas.pointed is not None:
            self._calmed = region_at(self._session.analysis, canvas.pointed.x(), canvas.pointed.y())
            canvas.scene.highlight = None
            canvas.update()

    def _on_method(self, row: str) -> None:
        """Colour by a method; of the row of a learned series, by what it has learned."""
        method, _, series = row.partition(OF_SERIES)
        if series:
            self._session.teaching.choose(series, method)
        else:
            self._session.choose(method=method, series="")

    def _on_option(self, option: str, choice: str) -> None:
        document = self._session.document
        if document is not None:
            kept = {**dict(document.choice.options), option: choice}
            defaults = {row.id: row.choices[0] for row in self._method().options}
            chosen = tuple((key, value) for key, value in sorted(kept.items()) if defaults.get(key) != value)
            self._session.choose(options=chosen)

    def _pick_at(self, at: At) -> None:
        picture = self._session.picture
        if picture and 0 <= at.x < picture.width and 0 <= at.y < picture.height:
            self._paintbox.pick(picture.color(int(at.x), int(at.y)))
            self.colorTaken.emit(QPointF(at.x, at.y))

    def _on_parameter(self, overlay: str, parameter: str, value: float) -> None:
        row = overlay_by_id(overlay)
        values = list(self._session.overlays[overlay].values)
        values[[item.id for item in row.parameters].index(parameter)] = value
        self._change_overlay(overlay, values=tuple(values))

    def _change_overlay(self, overlay: str, **changes: Any) -> None:
        before = self._session.overlays[overlay]
        state = replace(before, **changes)
        if state == before:
            return
        self._session.settings.keep(f"overlay.{overlay}", state.as_kept())
        self._session.set_overlay(overlay, state)
        if state.on:
            self._done("overlays")

    def toggle_overlay(self, overlay: str) -> None:
        """Show or hide an overlay."""
        self._change_overlay(overlay, on=not self._session.overlays[overlay].on)

    # --- showing what is

    def _show_paintbox(self) -> None:
        box, parts = self._paintbox, self._parts
        parts.color.set_color(box.foreground)
        parts.color.set_recent(box.recent)
        parts.color.set_size(box.size)
        parts.rail.set_colors(box.foreground, box.background)
        colorless = box.tool is ToolId.PROTECT
        parts.canvas.set_brush(replace(box.brush, color=None) if colorless else box.brush)

    def _show_tool(self) -> None:
        canvas = self._parts.canvas
        self._parts.rail.set_active(self._paintbox.tool.value)
        canvas.set_tool(self._tools[self._paintbox.tool])
        self._show_paintbox()
        self._show_protected()
        self._on_hovered(canvas.pointed)

    def _show_protected(self) -> None:
        """Hatch the regions that are protected while the tool for it is in the hand."""
        scene, analysis, document = self._parts.canvas.scene, self._session.analysis, self._session.document
        before, scene.protected = scene.protected, None
        if self._paintbox.tool is ToolId.PROTECT and analysis and document:
            scene.protected = self._protection.shape(analysis, document)
        else:
            self._protection.forget()
        if scene.protected is not before:
            self._parts.canvas.update()

    def _method(self) -> MethodInfo:
        """Return what is known of the method in force: the chosen one, or the one that "auto" ran last."""
        document, shown = self._session.document, self._session.shown
        chosen = document.choice.method if document else AUTO
        if chosen == AUTO and shown and shown.colorization:
            chosen = shown.colorization.method
        rows = [item.info for item in capabilities()]
        return next((info for info in rows if info.id == chosen), rows[0])

    def _show_methods(self) -> None:
        document = self._session.document
        if document is None:
            return
        rows = [
            MethodRow(row.info.id, row.info.title, row.available, "" if row.available else _refusal(row.info.id))
            for row in capabilities()
        ]
        chosen = dict(document.choice.options)
        options = [OptionRow(row.id, row.title, row.choices, chosen.get(row.id, row.choices[0]), row.help)
                   for row in self._method().options]  # fmt: skip
        choice, last = document.choice, self._session.teaching.last()
        taught = sorted(self._session.teaching.taught, key=lambda row: row != last)
        learned = [MethodRow(f"{row.method}{OF_SERIES}{row.series}", f"{row.series}: {network(row.method).title}")
                   for row in taught if any(known.id == row.method for known in rows)]  # fmt: skip
        current = f"{choice.method}{OF_SERIES}{choice.series}" if choice.series else choice.method
        parts = [[MethodRow(AUTO, "Auto")], learned, rows] if learned else [[MethodRow(AUTO, "Auto"), *rows]]
        shown = [replace(row, apart=bool(part and not place))
                 for part, group in enumerate(parts) for place, row in enumerate(group)]  # fmt: skip
        self._parts.bar.set_methods(shown, current, options)

    def _show_kind(self) -> None:
        analysis, document = self._session.analysis, self._session.document
        if document is None:
            return
        if analysis is None:
            self._parts.canvas.scene.highlight = None
        known = analysis or self._session.analyses.latest  # while another gap is looked for, the controls stand still
        kind = (document.choice.kind or known.found) if known else None
        self._parts.bar.set_kind(known.found if known else None, document.choice.kind, known.kinds if known else ())
        gap = known.gap if known and document.choice.gap is None else document.choice.gap
        self._parts.bar.set_gap(gap if kind and not kind.keeps_luminance else None)

    def _show_overlay(self, overlay: str) -> None:
        state = self._session.overlays[overlay]
        row = overlay_by_id(overlay)
        _, layer = self._session.layers.get(overlay, (None, None))
        self._parts.canvas.set_layer(overlay, layer if self._session.shows(overlay) else None, state)
        self._parts.bar.set_overlay(overlay, state.on, state.opacity)
        for parameter, value in zip(row.parameters, state.values, strict=True):
            self._parts.bar.set_overlay_parameter(overlay, parameter.id, value)
        self._actions[overlay].setChecked(state.on)

    def _show_palettes(self) -> None:
        document, known = self._session.document, self._session.palettes
        if document is None:
            return
        found = [(item.name, known[item.id]) for item in document.references if item.id in known]
        groups = [Group(name, colors.palette, colors.plot) for name, colors in found]
        used = dict.fromkeys(item.color for item in document.strokes if item.color is not None)
        if used:
            groups.insert(0, Group("On this page", Palette(tuple(Swatch(color) for color in used))))
        self._parts.palette.set_groups(groups)
        self._parts.references.set_views({key: view for key, (_, view) in self._session.views.items()})

    def show_recent(self) -> None:
        """Offer the files opened lately, as far as they still exist."""
        kept = self._session.settings.kept("recent")
        paths = [Path(text) for text in kept if isinstance(text, str)] if isinstance(kept, list) else []
        self._parts.welcome.set_recent([path for path in paths if path.is_file()])


def _refusal(method: str) -> str:
    """Say in an artist's words why a method cannot run here."""
    return LEARN_FIRST if any(row.method == method for row in NETWORKS) else NOT_HERE
