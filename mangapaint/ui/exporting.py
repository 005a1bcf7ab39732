"""Writing the coloured page: what the window shows, or what it would show once everything is learned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.batch import composed
from mangapaint.colorizers.method import ColorRequest, Stamp
from mangapaint.colorizers.ready import Ready, learned_through, ready
from mangapaint.colorizers.weights import Weights
from mangapaint.document.document import Document
from mangapaint.formats.writing import write_png
from mangapaint.progress import Progress, Span
from mangapaint.ui.guidance import suited
from mangapaint.ui.work import analyzed, colored, request_for


@dataclass(frozen=True, eq=False)
class Exported:
    """Which document was written where."""

    document: Document
    path: Path


def export(document: Document, analysis: PageAnalysis | None, known: Ready | None, device: str, path: Path,
           progress: Progress, *, weights: Weights | None = None) -> Exported:  # fmt: skip
    """Colour a document's page once more and write it as PNG.

    ``analysis`` is an exact one of its page and kind, if there is one; its gap may be another. ``known`` is what
    colours the page in the window: where it fits, the export has the same colours, however much of them is learned
    by then. Where it does not, a method that learns does so to the end first. ``weights`` are those of the series
    the document chose.
    """
    page = document.page
    analysis = analysis.with_gap(document.choice.gap) if analysis else analyzed(document, Span(progress, 0, 0.2))
    request = request_for(document, analysis, Stamp(page.id, 0), device, weights=weights)
    known = _learned_ready(request, known, Span(progress, 0.2, 0.6))
    colorization = colored(request, known, Span(progress, 0.6, 0.7))[0]
    progress.report(0.7, f"Writing {path.name}")
    write_png(path, composed(analysis, colorization), dpi=page.dpi, icc=page.icc)
    return Exported(document, path)


def _learned_ready(request: ColorRequest, known: Ready | None, progress: Progress) -> Ready | None:
    """Return what is known where it fits a request, otherwise what its method prepares and learns for it."""
    method = suited(request)
    if method is None or (known is not None and known.fits(method, request)):
        return known
    return learned_through(ready(method, request, Span(progress, 0, 0.1)), Span(progress, 0.1, 1))
