"""What is still missing of what the document asks for, as jobs: the first wish that is not fulfilled comes next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.method import ColorRequest, Method, Need, Stamp
from mangapaint.colorizers.ready import Ready
from mangapaint.document.document import Document
from mangapaint.document.page import Reference
from mangapaint.ui import work
from mangapaint.ui.analyses import analysis_key
from mangapaint.ui.guidance import by_hints, foreseen, looks_first
from mangapaint.ui.jobs import Job
from mangapaint.ui.overlays import OF_PICTURES, OVERLAYS
from mangapaint.ui.series.session import JOB as SERIES

if TYPE_CHECKING:
    from mangapaint.ui.session import Session

SKETCHED_PIXELS = 2_000_000
"""Larger pages are first analysed coarsely."""
MOST_WAYS_MADE = 3
"""How often the exact analysis, a look at references, or a step of learning is put off because the artist goes on
drawing."""

PAUSE = 120
"""Milliseconds without a change after which the artist pauses: then a network may look at what was drawn."""
REST = 800
"""Milliseconds without a change after which the artist rests: what need not be done at once is done then."""

Wish = Callable[["Session", Document], Job | None]


def warming() -> Job:
    """Return the job that loads what the first page would otherwise wait for."""
    return Job("warm", "Getting ready", work.warm, ("warm",))


def makes_way(session: Session, running: Job, document: Document) -> bool:
    """Say whether a running job should be dropped: an analysis of another page or kind; or the exact one when the
    artist does something meanwhile for which a coarse one will do, only that it is not put off for ever.

    One of another gap is of use: its regions are brought to the gap that is wanted by then, and while the gap is
    dragged each that finishes is shown. A look at the references, or a step of learning, is lost to a stroke, which
    should not wait, unless so many before it were. Learning a series loses nothing by it.
    """
    if running.name == SERIES:
        return not running.must_end
    if running.name == "refine":
        return running.key[1].moment < session.moment
    if running.name == "colorize":
        # The pen has been lifted: what a draft would still show is not waited for.
        return not session.is_drafting and running.key[1].moment < session.moment
    if running.name in ("prepare", "learn"):
        return session.ways_made < MOST_WAYS_MADE or not _is_needed(session, running, document)
    if running.name not in ("sketch", "analyze"):
        return False
    if running.key[1:3] != analysis_key(document)[1:3]:
        return True
    may_wait = session.ways_made < MOST_WAYS_MADE and session.analyses.best(document) is not None
    return running.name == "analyze" and may_wait


def _is_needed(session: Session, running: Job, document: Document) -> bool:
    """Say whether what is being prepared or learned is what the document needs now."""
    if running.name == "learn":
        return running.about is in_force(session, document)
    wanted = _unready(session, document)
    return wanted is not None and Ready(wanted[0], running.about, None).fits(*wanted)


def outlines(session: Session, document: Document) -> Job | None:
    """While the gap is being chosen, the newest regions are outlined before the next ones are looked for."""
    known = session.analysis or session.analyses.latest
    if not session.tries_gap or known is None:
        return None
    key = ("regions", document.page.id, "tried", known.kind, known.gap)
    if session.layers.get("regions", (None,))[0] == key:
        return None
    return Job("overlay", "Regions overlay", lambda progress: work.outlines_preview(known), key)


def look_alike(one: Document | None, two: Document | None) -> bool:
    """Say whether two documents are coloured alike, as the last draft of a stroke and the finished one are."""
    if one is None or two is None:
        return False
    same_page = one.page is two.page and one.choice == two.choice
    return same_page and one.strokes is two.strokes and one.references is two.references


def analysis(session: Session, document: Document) -> Job | None:
    """Before all else the page must be analysed; coarsely at first, and never anew for another gap alone."""
    known, best, key = session.analysis, session.analyses.best(document), analysis_key(document)
    if known is not None and (known.exact or best is None or not best.exact):
        return None
    if best is not None:
        return Job("sketch", "Closing gaps", partial(work.regapped, document, best), key)
    if document.page.height * document.page.width > SKETCHED_PIXELS:
        return Job("sketch", "Analysing the page", partial(work.sketched, document), key)
    return Job("analyze", "Analysing the page", partial(work.analyzed, document), key)


def exactness(session: Session, document: Document) -> Job | None:
    """A coarse analysis makes way for the exact one, in a moment when nothing is being drawn."""
    known = session.analysis
    if known is None or known.exact or session.is_drafting:
        return None
    return Job("analyze", "Analysing the page", partial(work.analyzed, document), analysis_key(document))


def colors(session: Session, document: Document) -> Job | None:
    """The picture should show the present moment: only the hints, until what the method looks at first is ready; and
    from then on in a hurry, where the method can."""
    stamp, shown, known = Stamp(document.page.id, session.moment), session.shown, session.analysis
    if known is None or shown is None:
        return None
    is_of_it = shown.analysis is known or shown.colorization is None
    if shown.stamp.moment >= stamp.moment and is_of_it:
        return None
    request = request_of(session, document, known)
    made = session.learning.of(request) if known.exact else None
    if made is None:
        request = by_hints(request)
        made = session.learning.of(request)
    request = replace(request, hurried=made is not None and made.method.info.hurries)
    return Job("colorize", "Colouring", partial(work.recolor, request, shown, made), ("colorize", stamp))


def refining(session: Session, document: Document) -> Job | None:
    """What was coloured in a hurry should be coloured with care, as soon as the artist pauses."""
    shown, known, key = session.shown, session.analysis, unrefined(session)
    if shown is None or known is None or key is None or session.is_drafting:
        return None
    if shown.stamp.moment < session.moment or time.monotonic() - session.changed_at < PAUSE / 1000:
        return None
    request = request_of(session, document, known)
    made = session.learning.of(request)
    return Job("refine", "Colouring", partial(work.recolor, request, shown, made), key) if made else None


def unrefined(session: Session) -> tuple[str, Stamp] | None:
    """Return the key of the job that colours with care what was coloured in a hurry; None where nothing was."""
    request = session.shown.request if session.shown else None
    return ("refine", request.stamp) if request is not None and request.hurried else None


def overlays(session: Session, document: Document) -> Job | None:
    """The overlays that are on should be of the present page; not while a stroke is being drawn."""
    if session.analysis is None or session.is_drafting:
        return None
    for row in OVERLAYS:
        state = session.overlays[row.id]
        key = (row.id, document.page.id, *row.depends(session, document), *state.values)
        if state.on and session.layers.get(row.id, (None,))[0] != key:
            return Job("overlay", f"{row.title} overlay", row.work(session, document, state), key)
    return None


def palettes(session: Session, document: Document) -> Job | None:
    """Every reference should have its main colours, as many as the settings say."""
    choice = session.settings["palette_colors"]
    for reference in document.references:
        known = session.palettes.get(reference.id)
        if known is None or known.choice != choice:
            run = partial(work.colors_of, reference, choice)
            return Job("palette", f"Colours of {reference.name}", run, ("palette", reference.id, choice))
    return None


def views(session: Session, document: Document) -> Job | None:
    """The references should be shown with the overlays that are on."""
    if session.is_drafting:
        return None
    for reference in document.references:
        key, run = view_of(session, reference)
        if key is not None and session.views.get(reference.id, (None,))[0] != key:
            return Job("view", f"Overlays of {reference.name}", run, key)
    return None


def view_of(session: Session, reference: Reference) -> tuple[tuple[Any, ...] | None, Callable[[Any], Any]]:
    """Return what a reference's view depends on (None: no overlay is on) and how it is made."""
    on = {name: session.overlays[name].values[0] for name in OF_PICTURES if session.overlays[name].on}
    known = session.palettes.get(reference.id) if "palette" in on else None
    palette, choice = (known.palette, known.choice) if known else (None, None)
    run = partial(work.reference_view, reference, palette, on.get("edges"), on.get("corners"))
    wanted = ("view", reference.id, choice, on.get("edges"), on.get("corners"))
    return (wanted if any(part is not None for part in wanted[2:]) else None), run


def keeping(session: Session, document: Document) -> Job | None:
    """What was drawn should be on disk, as soon as the artist rests."""
    due = session.keep_due
    if due is None or session.is_drafting or time.monotonic() - session.changed_at < REST / 1000:
        return None
    run = partial(work.keep, due, session.kept)
    return Job("keep", "Keeping the strokes", run, ("keep", document.page.id, session.moment), must_end=True)


def preparing(session: Session, document: Document) -> Job | None:
    """What references give, or a network sees in the page, should be worked out, while nothing is being drawn."""
    wanted = _unready(session, document)
    if wanted is None or session.is_drafting:
        return None
    method, request = wanted
    run = partial(work.prepare, method, request)
    title = "Looking at the references" if Need.REFERENCE in method.info.needs else "Looking at the page"
    return Job("prepare", title, run, ("prepare", request.stamp), about=request)


def _unready(session: Session, document: Document) -> tuple[Method, ColorRequest] | None:
    """Return the method that looks at things first and has not done so yet, with the request it is for.

    A coarse analysis lasts but for a moment: nothing is worked out for it.
    """
    known = session.analyses.of(document)
    if known is None or not known.exact:
        return None
    request = request_of(session, document, known)
    method = foreseen(request)
    if method is None or not looks_first(method) or session.learning.by(method, request) is not None:
        return None
    return method, request


def learning(session: Session, document: Document) -> Job | None:
    """A method that learns should learn on, for a page that is known exactly, while the pen is up and the picture
    shows everything that was drawn: a stroke is coloured between two steps."""
    shown, known, made = session.shown, session.analysis, in_force(session, document)
    if made is None or known is None or not known.exact or shown is None or session.is_drafting:
        return None
    if shown.stamp.moment < session.moment or made.learned >= 1 or session.learning.is_stopped(made):
        return None
    return Job("learn", "Learning", partial(work.learn, made), ("learn", made), about=made)


def in_force(session: Session, document: Document) -> Ready | None:
    """Return what the document's method has made ready for it, as far as it has."""
    known = session.analyses.of(document)
    return session.learning.of(request_of(session, document, known)) if known else None


def request_of(session: Session, document: Document, known: PageAnalysis) -> ColorRequest:
    """Return the request that colours a document at the present moment."""
    stamp, weights = Stamp(document.page.id, session.moment), session.teaching.weights_for(document.choice)
    return work.request_for(document, known, stamp, session.settings["device"], weights=weights)


WISHES: tuple[Wish, ...] = (outlines, analysis, colors, refining, exactness, overlays, palettes, views, keeping,
                            preparing, learning)  # fmt: skip
"""In order of importance; what takes long comes last."""
