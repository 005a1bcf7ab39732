"""The method ``guided``: a network that has seen much colours what the hints leave open, and follows the hints.

Zhang, Zhu et al. 2017 ("Real-Time User-Guided Image Colorization with Learned Deep Priors"); how ours differs stands in
``networks/guided.py``. The network looks at each panel once; after a stroke only the panels that it lies in run through
the smaller part that listens to hints. In a hurry not even that: then new hints show around where they lie (on line art
in their regions), and what the network made of the earlier ones stays as it was. A hint always shows: what the network
makes of the places under it is corrected there, and around it as far as colour flows from it. Regions of line art take
one colour each, their own hint's first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint, painted
from mangapaint.colorizers import gamut, learned, parts, propagation
from mangapaint.colorizers.fusing import HINTS, Fusion, Mark
from mangapaint.colorizers.guesses import Guesses
from mangapaint.colorizers.hint_flow import REACH, SCALE, Ground, HintFlow, hint_flow, whole_cells
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need
from mangapaint.colorizers.region_votes import Cells
from mangapaint.document.page import Color, Kind, Pixels, Reference
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke
from mangapaint.progress import Progress, Span

if TYPE_CHECKING:
    from mangapaint.colorizers.guided_running import Looked

FINE_PIXELS = 1_000_000
"""Levin sees all panels together at most so large: to lay a graph over them takes a third of a second."""
AROUND = 0.3
"""In a hurry colour flows from a hint for this cost of a way at most: six cells of even ground, a twelfth of a panel,
so that little of the page is composed anew."""
NO_COLOR = (255, 255, 255)
"""What a hint to keep a place uncoloured is to the network."""

Field = NDArray[np.float32]
Spots = NDArray[np.intp]
"""Flat indices of a panel's pixels, at some size."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A part of the page as the network looked at it, (h, w) pixels of ``size``; it may keep its luminance."""

    rect: Rect
    size: tuple[int, int]
    keeps: bool
    ground: Ground
    looked: Looked

    @property
    def fine(self) -> tuple[int, int]:
        """The size of the picture on which levin spreads hints."""
        height, width = self.ground.patches.labels.shape
        return height, width


@dataclass(eq=False)
class Prepared:
    """A page that was looked at, and what is remembered from stroke to stroke.

    ``laid`` are marks as pixels, ``spots`` where these lie in a panel (by its number and size), ``known`` what came of
    each panel, and which hints it was for; ``cells`` is how the regions lie in the panels, ``last`` what came of the
    page.
    """

    analysis: PageAnalysis
    panels: tuple[Panel, ...]
    hints: propagation.Prepared
    overall: Field
    laid: dict[Mark, Hint | None] = field(default_factory=dict)
    spots: dict[tuple[int, tuple[int, int], Hint], Spots] = field(default_factory=dict)
    known: dict[int, tuple[tuple[Hint, ...], learned.Part]] = field(default_factory=dict)
    cells: tuple[Cells, ...] = ()
    last: Outcome | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the network made of a page for some marks; ``colors`` are those of all hints, sorted."""

    parts: list[learned.Part]
    heard: tuple[Mark, ...]
    colors: list[Color]
    fusion: Fusion
    guesses: Guesses | None


class Guided:
    """A learned network listens to hints."""

    info = MethodInfo(
        id="guided",
        title="Learned, guided by hints",
        source="Zhang, Zhu et al. 2017 (Real-Time User-Guided Image Colorization)",
        needs=frozenset({Need.WEIGHTS}),
        kinds=frozenset(Kind),
        devices=("cpu", "cuda"),
        options=(learned.WORKING_SIZE,),
        hurries=True,
        suits=learned.SHADED,
    )

    def prepare(self, request: ColorRequest, progress: Progress) -> Prepared:
        """Look at each panel; raises ``UserError`` where there are no weights."""
        progress.report(0.0, "Reading the weights")
        opened = learned.Opened.of(self.info, request)
        from mangapaint.colorizers.guided_running import looked  # torch is slow to import

        rects = parts.rects(request.analysis)
        height, width = request.analysis.gray.shape
        share = (FINE_PIXELS / (height * width)) ** 0.5
        panels = []
        for number, rect in enumerate(rects):
            progress.report(0.1 + 0.7 * number / len(rects), "Looking at the page")
            gray, keeps = opened.seen(request.analysis, rect)
            fine = opened.seen(request.analysis, rect, max(round(share * max(rect.width, rect.height)), *gray.shape))[0]
            seen = looked(opened.network, gray, keeps=keeps, device=opened.device)
            panels.append(Panel(rect, (gray.shape[0], gray.shape[1]), keeps, Ground.of(gray, fine), seen))
        hints = HINTS.prepare(request, Span(progress, 0.8, 1))
        prepared = Prepared(request.analysis, tuple(panels), hints, wanted(request.references))
        prepared.last = _heard(prepared, replace(request, hints=(), strokes=()), progress)
        return prepared

    def colorize(self, prepared: Prepared, request: ColorRequest, progress: Progress) -> Colorization:
        """Colour the page; only panels whose hints have changed are coloured anew, and none in a hurry."""
        if prepared.last is None or not request.hurried:
            prepared.last = _heard(prepared, request, progress)
        last = prepared.last
        fusion, heard = _hurried(prepared, last, request) if request.hurried else (last.fusion, last.heard)
        return replace(fusion.colorized(request, self.info, progress, heard=heard), guesses=last.guesses)


def _hurried(prepared: Prepared, last: Outcome, request: ColorRequest) -> tuple[Fusion, tuple[Mark, ...]]:
    """Return what was made of the page with new hints shown in it, and which marks are; line art is left to regions.

    On gray pages colour flows from new hints as far as they are the nearest: a region there may be half of the page.
    """
    known, before = set(last.heard), last.fusion.evidence
    if before.lab is None or all(mark in known for mark in (*request.hints, *request.strokes)):
        return last.fusion, last.heard
    hints = _laid(prepared, request)
    found = [_shown_in(prepared, number, part, hints) for number, part in enumerate(last.parts)]
    lab = np.dstack([before.lab[..., 0], parts.spread(prepared.analysis, found).lab[..., 1:]])
    return Fusion(replace(before, lab=lab), prepared.hints), _reaching(prepared, request)


def _shown_in(prepared: Prepared, number: int, part: learned.Part, hints: tuple[Hint, ...]) -> learned.Part:
    """Return a panel's colours with hints shown in them that these were not made for."""
    panel, own, known = prepared.panels[number], _inside(prepared, number, hints), set(prepared.known[number][0])
    new = [hint for hint in own if hint not in known]
    if not new:
        return part
    flow = hint_flow(panel.ground, _picture(prepared, number, own, panel.size), spread=False)
    way = -REACH * np.log(np.maximum(flow.flow[3], np.float32(1e-12)))
    near = np.clip(1 - way / AROUND, 0, 1) ** 2
    return replace(part, lab=shown(part.lab, flow, _picture(prepared, number, new, panel.size), near=near))


def _heard(prepared: Prepared, request: ColorRequest, progress: Progress) -> Outcome:
    """Let the network hear a request's hints; where it has heard them already nothing is worked out anew."""
    hints, last, found = _laid(prepared, request), prepared.last, []
    for number, panel in enumerate(prepared.panels):
        progress.check()
        found.append(_colored(prepared, number, panel, hints))
    heard = _reaching(prepared, request)
    colors = sorted({hint.color for hint in hints if hint.color is not None})
    if last is not None and last.colors == colors and all(a is b for a, b in zip(last.parts, found, strict=True)):
        return replace(last, heard=heard)
    progress.check()
    if not prepared.cells:
        prepared.cells = learned.cells_of(prepared.analysis, found)
    fusion = Fusion(learned.evidence(prepared.analysis, found, prepared.cells, hints=colors), prepared.hints)
    return Outcome(found, heard, colors, fusion, learned.guesses(found))


def _reaching(prepared: Prepared, request: ColorRequest) -> tuple[Mark, ...]:
    """Return the marks of a request that reach the network."""
    marks: tuple[Mark, ...] = (*request.hints, *request.strokes)
    return tuple(mark for mark in marks if _reaches(prepared, mark))


def _reaches(prepared: Prepared, mark: Mark) -> bool:
    """Say whether a mark reaches the network: not if it gives colour beside all panels."""
    hint = prepared.laid.get(mark)
    return hint is None or any(
        hint.rect.intersection(panel.rect).area and len(_spots(prepared, number, hint, panel.size))
        for number, panel in enumerate(prepared.panels)
    )


def wanted(references: Sequence[Reference]) -> Field:
    """Return the colours that a picture is to have in all: how frequent the references' are, float32 (314,).

    The last says whether there is a reference at all.
    """
    return gamut.wanted([item.pixels for item in references if item.pixels.ndim == 3])


def _laid(prepared: Prepared, request: ColorRequest) -> tuple[Hint, ...]:
    """Return all hints as pixels, oldest first; each is painted once."""
    items: list[Mark] = [
        *request.hints,
        *(item for item in request.strokes if item.purpose not in (Purpose.FREE, Purpose.PROTECT)),
    ]
    height, width = prepared.analysis.gray.shape
    known = prepared.laid
    prepared.laid = {
        item: known[item] if item in known else painted(item, height, width) if isinstance(item, Stroke) else item
        for item in items
    }
    hints = tuple(hint for hint in prepared.laid.values() if hint is not None)
    present = set(hints)
    prepared.spots = {key: value for key, value in prepared.spots.items() if key[2] in present}
    return hints


def _colored(prepared: Prepared, number: int, panel: Panel, hints: tuple[Hint, ...]) -> learned.Part:
    """Return a panel's colours, from memory where its hints are the same as before."""
    own = _inside(prepared, number, hints)
    if number not in prepared.known or prepared.known[number][0] != own:
        marks = _picture(prepared, number, own, panel.size)
        flow = hint_flow(panel.ground, marks, _picture(prepared, number, own, panel.fine))
        painting = panel.looked.answer(flow, prepared.overall)
        lab = shown(painting.lab, flow, marks)
        # On a gray page levin has a colour for every place as soon as there is a hint.
        found = learned.part(panel.rect, replace(painting, lab=lab), hints=flow.flow[3],
                             withholds=not (panel.keeps and own))  # fmt: skip
        prepared.known[number] = own, found
    return prepared.known[number][1]


def _inside(prepared: Prepared, number: int, hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
    """Return the hints that lie in a panel, at least in part."""
    return tuple(hint for hint in hints if hint.rect.intersection(prepared.panels[number].rect).area)


def _picture(prepared: Prepared, number: int, hints: Sequence[Hint], size: tuple[int, int]) -> Pixels:
    """Return a panel's hints at a size (height, width), uint8 RGBA (h, w, 4)."""
    out = np.zeros((size[0] * size[1], 4), np.uint8)
    for hint in hints:
        out[_spots(prepared, number, hint, size)] = (*(hint.color or NO_COLOR), 255)
    return out.reshape(*size, 4)


def _spots(prepared: Prepared, number: int, hint: Hint, size: tuple[int, int]) -> Spots:
    """Return the pixels of a panel, at a size, that a hint lies on; they are looked for once."""
    key = number, size, hint
    if key not in prepared.spots:
        prepared.spots[key] = _found(prepared.panels[number].rect, size, hint)
    return prepared.spots[key]


def _found(rect: Rect, size: tuple[int, int], hint: Hint) -> Spots:
    y, x = np.nonzero(hint.mask)
    row, column = y + hint.rect.y0 - rect.y0, x + hint.rect.x0 - rect.x0
    inside = (row >= 0) & (row < rect.height) & (column >= 0) & (column < rect.width)
    flat = row[inside] * size[0] // rect.height * size[1] + column[inside] * size[1] // rect.width
    return np.unique(flat)


def shown(lab: Field, flow: HintFlow, marks: Pixels, *, near: Field | None = None) -> Field:
    """Return colours, CIELAB (h, w, 3), in which hints show, and around them as far as their colour flows.

    What is lacking of a hint's colour under its pixels in ``marks``, uint8 RGBA (h, w, 4), is added wherever that hint
    is nearest, fading with the way as ``flow`` says, or as ``near``, float32 (h / 4, w / 4), does. Hints of ``flow``
    that are not in ``marks`` add nothing.
    """
    under = (marks[..., 3] > 0).astype(np.float32)
    if not under.any():
        return lab
    rows, columns = flow.source.shape
    weighted = whole_cells(np.dstack([lab * under[..., None], under]), cv2.BORDER_CONSTANT)
    sums = cv2.resize(weighted, (columns, rows), interpolation=cv2.INTER_AREA).reshape(-1, 4)
    lacks = flow.given[:3].reshape(3, -1).T * SCALE - sums[:, :3] / np.maximum(sums[:, 3:], 1e-6)
    lacks *= sums[:, 3:] > 0
    added = lacks[flow.source] * (flow.flow[3] if near is None else near)[..., None]
    height, width = lab.shape[:2]
    return lab + np.asarray(cv2.resize(added, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
