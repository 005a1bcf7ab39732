"""The overlays as a table: what each needs, how the worker makes it, and what the canvas is given to paint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mangapaint.document.document import Document
from mangapaint.settings import Settings
from mangapaint.ui import work
from mangapaint.ui.overlaybutton import OverlayRow, Parameter
from mangapaint.ui.pyramid import Patch, Pyramid

if TYPE_CHECKING:
    from mangapaint.ui.session import Session

Work = Callable[[Any], Any]


@dataclass(frozen=True)
class OverlayState:
    """Whether an overlay is shown, how strongly (0..1), and its parameters' values in their order."""

    on: bool = False
    opacity: float = 0.9
    values: tuple[float, ...] = ()

    @staticmethod
    def of(row: Overlay, settings: Settings) -> OverlayState:
        """Return the state kept from the last time, or the defaults."""
        kept = settings.kept(f"overlay.{row.id}")
        start = OverlayState(False, row.opacity, tuple(item.value for item in row.parameters))
        try:
            opacity, values = float(kept["opacity"]), tuple(float(value) for value in kept["values"])
        except (TypeError, KeyError, ValueError):
            return start
        fits = len(values) == len(row.parameters) and all(
            item.minimum <= value <= item.maximum for item, value in zip(row.parameters, values, strict=True)
        )
        return replace(start, opacity=min(1.0, max(0.0, opacity)), values=values) if fits else start

    def as_kept(self) -> dict[str, Any]:
        """Return plain values for the settings."""
        return {"opacity": self.opacity, "values": list(self.values)}


@dataclass(frozen=True)
class Overlay:
    """One overlay: how it looks in the page bar, what it follows, and how it is made.

    ``depends`` names what makes it out of date; ``work`` returns the job's function; ``shown`` turns the job's
    result, on the main thread, into what the canvas paints.
    """

    id: str
    title: str
    icon: str
    key: str
    opacity: float
    parameters: tuple[Parameter, ...]
    depends: Callable[[Session, Document], tuple[Any, ...]]
    work: Callable[[Session, Document, OverlayState], Work]
    shown: Callable[[Any], Any]

    @property
    def row(self) -> OverlayRow:
        """How it looks in the page bar."""
        return OverlayRow(self.id, self.title, self.icon, self.key, self.parameters)


def _translucent(part: Patch) -> Pyramid:
    return Pyramid(part, opaque=False)


def _same(result: Any) -> Any:
    return result


def _by_page(session: Session, document: Document) -> tuple[Any, ...]:
    return ()


def _by_analysis(session: Session, document: Document) -> tuple[Any, ...]:
    exact = session.analysis is not None and session.analysis.exact
    return document.choice.kind, document.choice.gap, exact


def _by_picture(session: Session, document: Document) -> tuple[Any, ...]:
    moment = session.shown.stamp.moment if session.shown else 0
    return (moment, *(reference.id for reference in document.references))


def _palette_work(session: Session, document: Document, state: OverlayState) -> Work:
    assert session.picture is not None
    screen, references = session.picture.level(work.PALETTE_LEVEL).copy(), document.references
    count = int(state.values[0]) if state.values[0] > CHOSEN else None
    found = session.palettes.get(references[0].id) if references else None
    known = found.palette if found and work.count_of(found.choice) == count else None
    return lambda progress: work.palette_layer(screen, references, count, known)


def _edges_work(session: Session, document: Document, state: OverlayState) -> Work:
    assert session.analysis is not None
    gray = session.analysis.gray
    return lambda progress: work.edges_layer(gray, state.values[0])


def _corners_work(session: Session, document: Document, state: OverlayState) -> Work:
    assert session.analysis is not None
    gray = session.analysis.gray
    return lambda progress: work.corners_layer(gray, state.values[0])


def _by_colors(session: Session, document: Document) -> tuple[Any, ...]:
    return session.shown.stamp.moment if session.shown else 0, *_by_analysis(session, document)


def _confidence_work(session: Session, document: Document, state: OverlayState) -> Work:
    shown = session.shown
    return lambda progress: work.confidence_layer(document.page, shown, state.values[0] / 100)


def _regions_work(session: Session, document: Document, state: OverlayState) -> Work:
    analysis = session.analysis
    assert analysis is not None
    return lambda progress: work.regions_layer(analysis)


CHOSEN = 1
"""Stands for a number of colours that is chosen for the picture."""
OVERLAYS: tuple[Overlay, ...] = (
    Overlay("palette", "Palette", "palette", "F6", 0.6,
            (Parameter("count", "Colours", CHOSEN, 64, CHOSEN, lowest="auto"),), _by_picture, _palette_work, _same),
    Overlay("edges", "Edges", "edges", "F7", 0.9, (Parameter("sigma", "Blur", 0, 6, 1.4, 0.1, " px"),),
            _by_page, _edges_work, _translucent),
    Overlay("corners", "Corners", "corners", "F8", 0.9, (Parameter("threshold", "Threshold", 1, 100, 20),),
            _by_page, _corners_work, _same),
    Overlay("regions", "Regions", "regions", "F9", 0.9, (), _by_analysis, _regions_work, _translucent),
    Overlay("confidence", "Confidence", "confidence", "F10", 0.9, (Parameter("below", "Below", 0, 100, 60, 1, "%"),),
            _by_colors, _confidence_work, _translucent),
)  # fmt: skip
"""Palette: main colours as a strip and flat areas. Edges: Canny 20/80. Corners: FAST. Regions: their outlines.
Confidence: the outlines of what was coloured with little."""
OF_PICTURES = ("palette", "edges", "corners")
"""What is shown of references, too."""


def overlay_by_id(identity: str) -> Overlay:
    """Return an overlay by its id."""
    return next(row for row in OVERLAYS if row.id == identity)
