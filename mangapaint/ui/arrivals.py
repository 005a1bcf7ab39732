"""What becomes of a job's result when it arrives in the session: one function for each name of a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.ready import Ready
from mangapaint.document.document import Document
from mangapaint.document.page import Page, Pixels, Reference
from mangapaint.document.rect import Rect
from mangapaint.ui import work
from mangapaint.ui.exporting import Exported
from mangapaint.ui.jobs import Job
from mangapaint.ui.overlays import overlay_by_id
from mangapaint.ui.series.session import JOB as SERIES
from mangapaint.ui.tools import Edit
from mangapaint.ui.work import Shown

if TYPE_CHECKING:
    from mangapaint.ui.session import Session


def _opened(session: Session, job: Job, result: work.Opened) -> None:
    strokes, references = result.strokes, result.references
    before = session.history.present if session.history and job.key[0] != "sample" else None
    if before and before.page.id == result.page.id:
        strokes = before.strokes  # newer than what the worker found on disk
    opened = Document(result.page, strokes)
    if before and _of_one_series(before.page, result.page):
        opened = replace(opened, references=tuple(item for item in before.references if not session.memory.holds(item)))
    for reference in references:
        opened = opened.with_reference(reference)
    session.begin(opened, result)
    if result.page.path and job.key[0] == "open":
        session.remember(result.page.path)
    if result.trouble:
        session.failed.emit(result.trouble)


def _of_one_series(one: Page, two: Page) -> bool:
    """Say whether two pages lie in one folder: they share their references."""
    return one.path is not None and two.path is not None and one.path.absolute().parent == two.path.absolute().parent


def _referred(session: Session, job: Job, result: Reference) -> None:
    if session.history:
        session.apply(Edit("Add reference", session.history.present.with_reference(result)))


def _analysed(session: Session, job: Job, result: PageAnalysis) -> None:
    if session.page is None or result.page.id != session.page.id:
        return
    session.analyses.add(job.key, result)
    session.ways_made = 0 if result.exact else session.ways_made
    session.analysisChanged.emit()


def _colored(session: Session, job: Job, result: work.Recolored) -> None:
    stamp, shown = result.request.stamp, session.shown
    if shown is None or session.picture is None or stamp.page != shown.stamp.page or stamp < shown.stamp:
        return
    session.shown = Shown(stamp, result.colorization, result.request.analysis, result.request)
    for part in result.parts:
        session.picture.paste(part)
    session.learning.colored(result)
    session.pictureChanged.emit(reduce(Rect.union, (part.rect for part in result.parts), Rect(0, 0, 0, 0)))
    session.report_latency(stamp.moment)
    session.set_lack(result.lack)


def _prepared(session: Session, job: Job, result: Ready) -> None:
    session.ways_made = 0
    session.learning.prepared(result)


def _learned(session: Session, job: Job, result: work.Learned) -> None:
    session.ways_made = 0
    session.learning.learned(job.about, result)


def _overlaid(session: Session, job: Job, result: Any) -> None:
    overlay = job.key[0]
    if session.page and job.key[1] == session.page.id and session.shows(overlay):
        session.layers[overlay] = job.key, overlay_by_id(overlay).shown(result)
        session.overlayChanged.emit(overlay)


def _palette_found(session: Session, job: Job, result: work.ReferenceColors) -> None:
    session.palettes[job.key[1]] = result
    session.palettesChanged.emit()


def _viewed(session: Session, job: Job, result: Pixels) -> None:
    session.views[job.key[1]] = job.key, result
    session.palettesChanged.emit()


def _exported(session: Session, job: Job, result: Exported) -> None:
    if session.history:
        session.history.mark_exported(result.document)
    session.exported.emit(result.path)
    session.message.emit(f"Exported to {result.path}")
    session.documentChanged.emit()


def _kept(session: Session, job: Job, result: Document) -> None:
    if session.keep_due is result:
        session.keep_due = None


def _taught(session: Session, job: Job, result: Any) -> None:
    session.teaching.finished(job, result)


def _warmed(session: Session, job: Job, result: None) -> None:
    """Nothing is kept of it."""


ARRIVALS: dict[str, Callable[[Session, Job, Any], None]] = {
    "open": _opened,
    "reference": _referred,
    "sketch": _analysed,
    "analyze": _analysed,
    "warm": _warmed,
    "colorize": _colored,
    "refine": _colored,
    "prepare": _prepared,
    "learn": _learned,
    "overlay": _overlaid,
    "palette": _palette_found,
    "view": _viewed,
    "export": _exported,
    "keep": _kept,
    SERIES: _taught,
}
"""By the job's name."""
