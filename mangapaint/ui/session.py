"""The session: what is open, what is shown, and what the worker should do next. Knows no widget."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QObject, QTimer, Signal

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.method import Stamp
from mangapaint.document.document import Document
from mangapaint.document.history import History
from mangapaint.document.page import Page, Pixels, Reference
from mangapaint.errors import UserError
from mangapaint.formats.memory import Memory
from mangapaint.progress import Silent
from mangapaint.settings import Settings, resources
from mangapaint.ui import work
from mangapaint.ui.analyses import Analyses, analysis_key
from mangapaint.ui.arrivals import ARRIVALS
from mangapaint.ui.exporting import export
from mangapaint.ui.jobs import Job, Jobs, told
from mangapaint.ui.latency import Latency
from mangapaint.ui.learning import Learning
from mangapaint.ui.leaving import Left, leaving, remembered
from mangapaint.ui.overlays import OF_PICTURES, OVERLAYS, OverlayState
from mangapaint.ui.pyramid import Pyramid
from mangapaint.ui.series.session import JOB as SERIES
from mangapaint.ui.series.session import Teaching
from mangapaint.ui.tools import Edit
from mangapaint.ui.wishes import PAUSE, REST, WISHES, in_force, look_alike, makes_way, unrefined
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
    lackChanged = Signal(str)
    """What the chosen method lacks, in words; empty once it has it."""
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
        self.palettes: dict[str, work.ReferenceColors] = {}
        self.views: dict[str, tuple[Any, Pixels]] = {}
        self.kept = kept or Path(platformdirs.user_data_dir("mangapaint", appauthor=False)) / "pages"
        self.memory = Memory(self.kept.parent / "remembered")
        self._draft: Document | None = None
        self._asked: Document | None = None
        self.moment = 0
        self.read_seconds = 0.0
        self.analyses = Analyses()
        self.ways_made = 0
        self._dropped: Job | None = None
        self.tries_gap = False
        self.learning = Learning(self)
        self.teaching = Teaching(self, self.kept.parent / "series")
        self.lack = ""
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
        memory, left = self._leaving()
        run = partial(work.open_page, path, self.kept, limit, memory=memory, left=left)
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
        made, device = in_force(self, document), self.settings["device"]
        run = partial(export, document, exact, made, device, path, weights=self.teaching.weights_for(document.choice))
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
                self.report_latency(self.shown.stamp.moment)

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
        self.give_way("prepare", "learn", SERIES)
        self.jobs.wake()

    def stop_learning(self) -> None:
        """Let the method learn no more; what it has learned stays, and colours."""
        self.learning.stop()
        self.learning.show()
        if self.jobs.running and self.jobs.running.name == "learn":
            self._drop(self.jobs.running)
        self.jobs.wake()

    def learn_on(self) -> None:
        """Let the method learn on from where it was stopped, or failed."""
        self._given_up.clear()
        self.learning.go_on()
        self.jobs.wake()

    def look_again(self) -> None:
        """Have the page coloured anew: what its method learned from a series has changed."""
        self.moment += 1
        self.set_fresh(False)
        self.jobs.wake()

    def keep(self) -> None:
        """Write what was drawn to the user's data folder, if it is not there yet; raises ``UserError``."""
        due, self.keep_due = self.keep_due, None
        if due is not None:
            work.keep(due, self.kept, Silent())

    def close(self) -> None:
        """Cancel what runs, keep what was drawn and learned, end the worker; exports that were asked for are still
        written."""
        memory, left = self._leaving()
        try:
            self.keep()
        finally:
            self.jobs.close()
            remembered(left, memory)  # nobody is there any more to hear of trouble
            self._finish()

    def _leaving(self) -> tuple[Memory | None, Left | None]:
        """Return what remembers the series, if it is to, and the open page as it is coloured now, if there is one."""
        if self.settings["remember"] != "on":
            return None, None
        if self.history is None or self.picture is None or self.shown is None:
            return self.memory, None
        colored = self.shown.colorization is not None
        return self.memory, leaving(self.history.present, self.picture, colored=colored)

    def _finish(self) -> None:
        """Write what still waits; the first failure is raised when all were tried."""
        waiting, self._commands = [job for job in self._commands if job.must_end], []
        errors = [self.jobs.last_error] if isinstance(self.jobs.last_error, UserError) else []
        self.jobs.last_error = None
        writes: list[Callable[[], object]] = [partial(job.run, Silent()) for job in waiting]
        for write in (*writes, self.teaching.close):
            try:
                write()
            except UserError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    # --- what comes next

    def order(self, job: Job) -> None:
        """Queue what the artist asked for by name; a page replaces one that still waits, and its references."""
        running = self.jobs.running
        if job.name == "open":
            self._commands = [other for other in self._commands if other.must_end]
        idle = ("prepare", "learn", SERIES)
        if running and (running.name in idle or job.name == "open") and not running.must_end:
            self._drop(running)
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
            for wait in (PAUSE, REST):  # no timers to own: they would have to die in this thread
                QTimer.singleShot(wait + wait // 8, self.jobs.wake)
        self.documentChanged.emit()
        self.set_fresh(False)
        self.give_way()
        self.teaching.make_way()
        self.jobs.wake()

    def give_way(self, *names: str) -> None:
        """Drop what runs (of these names only, if any are given) where something is wanted more by now."""
        running, document = self.jobs.running, self.document
        if running is None or document is None or running is self._dropped or (names and running.name not in names):
            return
        if makes_way(self, running, document):
            self._drop(running)

    def _drop(self, running: Job) -> None:
        """Cancel what runs because of something more urgent; it may come back."""
        self._dropped = running
        self.ways_made += running.name not in ("colorize", "refine", SERIES)
        self.jobs.cancel()

    def _next_job(self) -> Job | None:
        if self._commands:
            return self._commands.pop(0)
        return self._wished() or self.teaching.next_job()

    def _wished(self) -> Job | None:
        """Return the first thing that is missing of what the document asks for."""
        document = self.document
        if document is None:
            return None
        wished = (wish(self, document) for wish in WISHES)
        job = next((job for job in wished if job and job.key not in self._given_up), None)
        if job is None or job.name == "learn":
            known, missing = self.analysis, unrefined(self)
            settled = known is None or known.exact or analysis_key(document) in self._given_up
            self.set_fresh(settled and (missing is None or missing in self._given_up))
        return job

    # --- what came back

    def _on_finished(self, job: Job, result: Any) -> None:
        ARRIVALS[job.name](self, job, result)

    def begin(self, document: Document, opened: work.Opened) -> None:
        """Start over with another page: nothing that was derived is of use any more."""
        self._keep_quietly()
        self.read_seconds = opened.seconds
        self.history = History(document)
        self._draft, self.keep_due = None, None
        self.tries_gap = False
        self.ways_made = 0
        self._latency.clear()
        self._given_up.clear()
        self.layers.clear()
        self.analyses.clear()
        self.moment += 1
        self.picture, self.bare = Pyramid(opened.picture), Pyramid(opened.picture)
        self.shown = Shown(Stamp(document.page.id, self.moment - 1))
        self.learning.clear()
        self.set_lack("")
        self.set_fresh(False)
        self.opened.emit()
        self.documentChanged.emit()
        self.pictureChanged.emit(None)

    def report_latency(self, moment: int) -> None:
        """Tell how long the newest finished stroke waited for its colours, if it has them."""
        waited = self._latency.reach(moment)
        if waited is not None:
            self.stood.emit(waited)

    def remember(self, path: Path) -> None:
        """Put a file in front of those opened lately."""
        recent = [str(path.absolute()), *(self.settings.kept("recent") or [])]
        self.settings.keep("recent", list(dict.fromkeys(recent))[:12])

    def set_lack(self, text: str) -> None:
        """Say what the chosen method lacks, once."""
        if text != self.lack:
            self.lack = text
            self.lackChanged.emit(text)

    def set_fresh(self, fresh: bool) -> None:
        """Say whether the picture shows what it should."""
        if fresh != self.is_fresh:
            self.is_fresh = fresh
            self.freshChanged.emit(fresh)

    def _on_cancelled(self, job: Job) -> None:
        """Leave it until the next change, unless it only made way for something else."""
        if job is self._dropped:
            return
        if job.name == SERIES:
            self.teaching.cancelled(job)
            return
        self._given_up.add(job.key)
        if job.name == "learn":
            self.learning.stop()

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job.name == SERIES:
            self.teaching.failed(job, error)
            return
        self._given_up.add(job.key)
        if job.name in ("colorize", "learn"):
            self.learning.stop()
        self.failed.emit(told(job, error))

    def _keep_quietly(self) -> None:
        try:
            self.keep()
        except UserError as error:
            self.failed.emit(error.line())
