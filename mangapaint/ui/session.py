"""The session: what is open, what is shown, and what the worker should do next. Knows no widget."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QObject, QTimer, Signal

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.method import Stamp
from mangapaint.colorizers.ready import Ready
from mangapaint.document.document import Document
from mangapaint.document.history import History
from mangapaint.document.page import Page, Pixels, Reference
from mangapaint.document.palette import Palette
from mangapaint.document.rect import Rect
from mangapaint.errors import UserError
from mangapaint.progress import Silent
from mangapaint.settings import Settings, resources
from mangapaint.ui import work
from mangapaint.ui.analyses import Analyses, analysis_key
from mangapaint.ui.jobs import Job, Jobs, told
from mangapaint.ui.latency import Latency
from mangapaint.ui.overlays import OF_PICTURES, OVERLAYS, OverlayState, overlay_by_id
from mangapaint.ui.pyramid import Pyramid
from mangapaint.ui.tools import Edit
from mangapaint.ui.wishes import REST, WISHES, look_alike, makes_way
from mangapaint.ui.work import Shown


class Session(QObject):
    """Holds the document's history and everything derived from it.

    Derived things (analysis, colors, overlays) are never ordered: ``_next_job`` names the first that is missing."""

    opened = Signal()
    documentChanged = Signal()
    analysisChanged = Signal()
    pictureChanged = Signal(object)
    """The part (Rect) of the picture that changed, maybe none of it; None for all of it."""
    overlayChanged = Signal(str)
    palettesChanged = Signal()
    freshChanged = Signal(bool)
    stood = Signal(float)
    """Milliseconds from the end of a stroke to its colours in the picture."""
    exported = Signal(object)
    """The path of what was written."""
    message = Signal(str)
    failed = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None, *, kept: Path | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.jobs = Jobs(self._next_job, self)
        self.jobs.finished.connect(self._on_finished)
        self.jobs.failed.connect(self._on_failed)
        self.jobs.cancelled.connect(self._on_cancelled)
        self.history: History | None = None
        self.picture: Pyramid | None = None
        self.bare: Pyramid | None = None
        self.shown: Shown | None = None
        self.overlays = {row.id: OverlayState.of(row, settings) for row in OVERLAYS}
        self.layers: dict[str, tuple[Any, Any]] = {}
        self.palettes: dict[str, Palette] = {}
        self.views: dict[str, tuple[Any, Pixels]] = {}
        self.kept = kept or Path(platformdirs.user_data_dir("mangapaint", appauthor=False)) / "pages"
        self._draft: Document | None = None
        self._asked: Document | None = None
        self.moment = 0
        self.read_seconds = 0.0
        self.analyses = Analyses()
        self.ways_made = 0
        self._dropped: Job | None = None
        self.tries_gap = False
        self.ready: Ready | None = None
        self._commands: list[Job] = []
        self._given_up: set[tuple[Any, ...]] = set()
        self.keep_due: Document | None = None
        self.changed_at = 0.0
        self._latency = Latency()
        self.is_fresh = True

    # --- what the window asks

    @property
    def document(self) -> Document | None:
        """The document as it should be shown: a draft while something is being drawn."""
        return self._draft or (self.history.present if self.history else None)

    @property
    def is_drafting(self) -> bool:
        """True while something is being drawn."""
        return self._draft is not None

    @property
    def page(self) -> Page | None:
        """The open page."""
        return self.history.present.page if self.history else None

    @property
    def analysis(self) -> PageAnalysis | None:
        """The page's analysis for the present choice of kind and gap, once there is one."""
        document = self.document
        return self.analyses.of(document) if document else None

    # --- what the window orders

    def open(self, path: Path) -> None:
        """Open a page; the last one asked for wins."""
        limit = self.settings["image_limit"]
        run = partial(work.open_page, path, self.kept, limit)
        self.order(Job("open", f"Opening {path.name}", run, ("open", path, time.monotonic())))

    def open_sample(self) -> None:
        """Open the sample page with its reference and hints."""
        limit, folder = self.settings["image_limit"], resources() / "samples"
        run = partial(work.open_sample, folder, limit)
        self.order(Job("open", "Opening the sample", run, ("sample", time.monotonic())))

    def open_pasted(self, page: Page) -> None:
        """Open a picture from the clipboard."""
        run = partial(work.open_pasted, page, self.kept)
        self.order(Job("open", "Pasting", run, ("paste", page.id, time.monotonic())))

    def add_reference(self, path: Path) -> None:
        """Open a coloured picture as a reference of the present page."""
        limit = self.settings["image_limit"]
        run = partial(work.open_reference, path, limit)
        self.order(Job("reference", f"Opening {path.name}", run, ("reference", path, time.monotonic())))

    def export(self, path: Path) -> None:
        """Write the coloured page as PNG, as it is at this moment."""
        if self.history is None:
            return
        document = self.history.present
        if document.page.path and path.resolve() == document.page.path.resolve():
            self.failed.emit(UserError("this would replace the page itself", path=path,
                                       remedy="choose another name").line())  # fmt: skip
            return
        known = self.analyses.best(document)
        exact = known if known and known.exact else None
        run = partial(work.export, document, exact, self.settings["device"], path)
        self.order(Job("export", f"Exporting {path.name}", run, ("export", path, time.monotonic()), must_end=True))

    def apply(self, edit: Edit) -> None:
        """Make a change an undo step."""
        if self.history:
            self._draft = None
            self.history.push(edit.text, edit.document, merge=edit.merges)
            released = time.perf_counter()
            self._changed()
            self._latency.release(self.moment, released)
            if self.shown:
                self._report_latency(self.shown.stamp.moment)

    def set_draft(self, draft: Document | None) -> None:
        """Show a change that is still being made."""
        self._draft = draft
        self._changed(keep=False)

    def undo(self) -> None:
        """Go a step back; not while something is being drawn."""
        if self.history and not self._draft and self.history.undo():
            self._changed()

    def redo(self) -> None:
        """Go a step forward again; not while something is being drawn."""
        if self.history and not self._draft and self.history.redo():
            self._changed()

    def choose(self, **changes: Any) -> None:
        """Change the choice of method, kind, gap or options; the same change again is one step with it."""
        if self.history:
            present = self.history.present
            chosen = present.with_choice(replace(present.choice, **changes))
            self.apply(Edit(f"Change {' and '.join(changes)}", chosen, merges=True))

    def shows(self, overlay: str) -> bool:
        """Say whether an overlay is on, or shown for the moment."""
        return self.overlays[overlay].on or (overlay == "regions" and self.tries_gap)

    def remove_reference(self, reference: Reference) -> None:
        """Take a reference away."""
        if self.history:
            self.apply(Edit("Remove reference", self.history.present.without_reference(reference)))

    def set_overlay(self, overlay: str, state: OverlayState) -> None:
        """Switch an overlay, or change its opacity or parameters."""
        self.overlays[overlay] = state
        if not state.on:
            self.layers.pop(overlay, None)
            self._given_up = {key for key in self._given_up if key[0] != overlay}
        if not any(self.overlays[other].on for other in OF_PICTURES):
            self.views.clear()
            self.palettesChanged.emit()
        self.overlayChanged.emit(overlay)
        self.jobs.wake()

    def keep(self) -> None:
        """Write what was drawn to the user's data folder, if it is not there yet; raises ``UserError``."""
        due, self.keep_due = self.keep_due, None
        if due is not None:
            work.keep(due, self.kept, Silent())

    def close(self) -> None:
        """Cancel what runs, keep what was drawn, end the worker; exports that were asked for are still written."""
        try:
            self.keep()
        finally:
            self.jobs.close()
            self._finish_exports()

    def _finish_exports(self) -> None:
        """Write what still waits; the first failure is raised when all were tried."""
        waiting, self._commands = [job for job in self._commands if job.must_end], []
        errors = [self.jobs.last_error] if isinstance(self.jobs.last_error, UserError) else []
        self.jobs.last_error = None
        for job in waiting:
            try:
                job.run(Silent())
            except UserError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    # --- what comes next

    def order(self, job: Job) -> None:
        """Queue what the artist asked for by name; a page replaces one that still waits, and its references."""
        if job.name == "open":
            self._commands = [other for other in self._commands if other.must_end]
            if self.jobs.running and self.jobs.running.name not in ("export", "keep"):
                self._drop(self.jobs.running)
        self._commands.append(job)
        self.jobs.wake()

    def _changed(self, *, keep: bool = True) -> None:
        if not look_alike(self.document, self._asked):
            self.moment += 1
        self._asked = self.document
        self._given_up.clear()
        if keep and self.history:
            self.keep_due = self.history.present
            self.changed_at = time.monotonic()
            QTimer.singleShot(REST + REST // 8, self.jobs.wake)  # no timer to own: it would have to die in this thread
        self.documentChanged.emit()
        self._set_fresh(False)
        running, document = self.jobs.running, self.document
        if running and document and running is not self._dropped and makes_way(self, running, document):
            self._drop(running)
        self.jobs.wake()

    def _drop(self, running: Job) -> None:
        """Cancel what runs because of something more urgent; it may come back."""
        self._dropped = running
        self.ways_made += running.name != "colorize"
        self.jobs.cancel()

    def _next_job(self) -> Job | None:
        if self._commands:
            return self._commands.pop(0)
        document = self.document
        if document is None:
            return None
        for wish in WISHES:
            job = wish(self, document)
            if job and job.key not in self._given_up:
                return job
        known = self.analysis
        self._set_fresh(known is None or known.exact or analysis_key(document) in self._given_up)
        return None

    # --- what came back

    def _on_finished(self, job: Job, result: Any) -> None:
        handlers: dict[str, Callable[[Job, Any], None]] = {
            "open": self._on_opened,
            "reference": self._on_reference,
            **dict.fromkeys(("sketch", "analyze"), self._on_analysed),
            "warm": lambda _job, _result: None,
            "colorize": self._on_colored,
            "overlay": self._on_overlay,
            "palette": self._on_palette,
            "view": self._on_view,
            "export": self._on_exported,
            "keep": self._on_kept,
        }
        handlers[job.name](job, result)

    def _on_opened(self, job: Job, result: work.Opened) -> None:
        self._keep_quietly()
        self.read_seconds = result.seconds
        strokes = result.strokes
        if self.history and self.history.present.page.id == result.page.id and job.key[0] != "sample":
            strokes = self.history.present.strokes  # newer than what the worker found on disk
        self.history = History(Document(result.page, strokes, result.references))
        self._draft, self.ready, self.keep_due = None, None, None
        self.tries_gap = False
        self.ways_made = 0
        self._latency.clear()
        self._given_up.clear()
        self.layers.clear()
        self.analyses.clear()
        self.moment += 1
        self.picture, self.bare = Pyramid(result.picture), Pyramid(result.picture)
        self.shown = Shown(Stamp(result.page.id, self.moment - 1))
        self._set_fresh(False)
        self.opened.emit()
        self.documentChanged.emit()
        self.pictureChanged.emit(None)
        if result.page.path and job.key[0] == "open":
            self._remember(result.page.path)
        if result.trouble:
            self.failed.emit(result.trouble)

    def _on_reference(self, job: Job, result: Reference) -> None:
        if self.history:
            self.apply(Edit("Add reference", self.history.present.with_reference(result)))

    def _on_analysed(self, job: Job, result: PageAnalysis) -> None:
        if self.page is None or result.page.id != self.page.id:
            return
        self.analyses.add(job.key, result)
        self.ways_made = 0 if result.exact else self.ways_made
        self.analysisChanged.emit()

    def _on_colored(self, job: Job, result: work.Recolored) -> None:
        stamp, shown = result.request.stamp, self.shown
        self.ready = result.ready
        if shown is None or self.picture is None or stamp.page != shown.stamp.page or stamp < shown.stamp:
            return
        self.shown = Shown(stamp, result.colorization, result.request.analysis)
        for part in result.parts:
            self.picture.paste(part)
        self.pictureChanged.emit(reduce(Rect.union, (part.rect for part in result.parts), Rect(0, 0, 0, 0)))
        self._report_latency(stamp.moment)

    def _report_latency(self, moment: int) -> None:
        """Tell how long the newest finished stroke waited for its colours, if it has them."""
        waited = self._latency.reach(moment)
        if waited is not None:
            self.stood.emit(waited)

    def _on_overlay(self, job: Job, result: Any) -> None:
        overlay = job.key[0]
        if self.page and job.key[1] == self.page.id and self.shows(overlay):
            self.layers[overlay] = job.key, overlay_by_id(overlay).shown(result)
            self.overlayChanged.emit(overlay)

    def _on_palette(self, job: Job, result: Palette) -> None:
        self.palettes[job.key[1]] = result
        self.palettesChanged.emit()

    def _on_view(self, job: Job, result: Pixels) -> None:
        self.views[job.key[1]] = job.key, result
        self.palettesChanged.emit()

    def _on_exported(self, job: Job, result: work.Exported) -> None:
        if self.history:
            self.history.mark_exported(result.document)
        self.exported.emit(result.path)
        self.message.emit(f"Exported to {result.path}")
        self.documentChanged.emit()

    def _on_kept(self, job: Job, result: Document) -> None:
        if self.keep_due is result:
            self.keep_due = None

    def _on_cancelled(self, job: Job) -> None:
        """Leave it until the next change, unless it only made way for something else."""
        if job is not self._dropped:
            self._given_up.add(job.key)

    def _on_failed(self, job: Job, error: Exception) -> None:
        self._given_up.add(job.key)
        self.failed.emit(told(job, error))

    def _keep_quietly(self) -> None:
        try:
            self.keep()
        except UserError as error:
            self.failed.emit(error.line())

    def _remember(self, path: Path) -> None:
        recent = [str(path.absolute()), *(self.settings.kept("recent") or [])]
        self.settings.keep("recent", list(dict.fromkeys(recent))[:12])

    def _set_fresh(self, fresh: bool) -> None:
        if fresh != self.is_fresh:
            self.is_fresh = fresh
            self.freshChanged.emit(fresh)
