"""Tools as small state machines: Ready, Drawing, then committed or discarded. They turn documents into documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np

from mangapaint.document.document import Document
from mangapaint.document.page import Color
from mangapaint.document.strokes import Purpose, Stroke, hit, moved, parted, stroke


@dataclass(frozen=True)
class At:
    """Where the pen is: page pixels, pressure 0..1 (1 for a mouse), and how large a screen pixel is on the page.

    ``shift`` is whether Shift is held; tools that do the opposite with it look at it when the pen comes down.
    """

    x: float
    y: float
    pressure: float = 1.0
    pixel: float = 1.0
    shift: bool = False


@dataclass(frozen=True)
class Brush:
    """What the artist paints with: colour (None keeps an area uncoloured) and diameter in page pixels."""

    color: Color | None = (0, 0, 0)
    size: float = 24.0


@dataclass(frozen=True)
class Edit:
    """A change ready for the history; ``merges``: it is one step with the same change just before it."""

    text: str
    document: Document
    merges: bool = False


class Tool(Protocol):
    """What the canvas drives. ``begin`` to ``commit`` is one undo step; ``cancel`` discards it."""

    @property
    def has_ring(self) -> bool:
        """True where the pointer is a ring of the brush's size."""

    @property
    def adds_stroke(self) -> bool:
        """True where the draft only adds a stroke on top."""

    def begin(self, document: Document, at: At, brush: Brush) -> Document:
        """Start; returns the document to be shown meanwhile."""

    def extend(self, at: At) -> Document:
        """Go on; returns the document to be shown meanwhile."""

    def commit(self) -> Edit | None:
        """End; returns the change, or None where nothing changed."""

    def cancel(self) -> None:
        """Forget what was begun."""


class BrushTool:
    """Draws one stroke: a hint, or what else a stroke can be for; with Shift it draws the opposite."""

    has_ring = True
    adds_stroke = True

    def __init__(self, text: str = "Brush stroke", purpose: Purpose = Purpose.HINT,
                 opposite: tuple[str, Purpose] | None = None) -> None:  # fmt: skip
        self._plain = text, purpose
        self._opposite = opposite or self._plain
        self._text, self._purpose = self._plain
        self._start: Document | None = None
        self._points: list[tuple[float, float]] = []
        self._pressures: list[float] = []
        self._brush = Brush()
        self._draft: Document | None = None

    def begin(self, document: Document, at: At, brush: Brush) -> Document:
        """Put the pen down."""
        self._start, self._brush = document, brush
        self._text, self._purpose = self._opposite if at.shift else self._plain
        self._points, self._pressures = [(at.x, at.y)], [at.pressure]
        return self._drawn(document)

    def extend(self, at: At) -> Document:
        """Draw on; steps below half a screen pixel only deepen the pressure."""
        assert self._start is not None
        last = self._points[-1]
        if abs(at.x - last[0]) + abs(at.y - last[1]) >= at.pixel / 2:
            self._points.append((at.x, at.y))
            self._pressures.append(at.pressure)
        else:
            self._pressures[-1] = max(self._pressures[-1], at.pressure)
        return self._drawn(self._start)

    def commit(self) -> Edit | None:
        """Lift the pen."""
        draft, self._start, self._draft = self._draft, None, None
        return None if draft is None else Edit(self._text, draft)

    def cancel(self) -> None:
        """Discard the stroke."""
        self._start = self._draft = None

    def _drawn(self, start: Document) -> Document:
        color = self._brush.color if self._purpose is Purpose.HINT else None
        drawn = stroke(self._points, width=self._brush.size, color=color, pressures=self._pressures,
                       purpose=self._purpose)  # fmt: skip
        self._draft = start.with_stroke(drawn)
        return self._draft


class EraserTool:
    """Cuts strokes where it passes."""

    has_ring = True
    adds_stroke = False

    def __init__(self) -> None:
        self._start: Document | None = None
        self._draft: Document | None = None
        self._last = At(0, 0)
        self._radius = 1.0

    def begin(self, document: Document, at: At, brush: Brush) -> Document:
        """Put the eraser down."""
        self._start, self._last, self._radius = document, at, brush.size / 2
        self._draft = document.with_erased(at.x, at.y, self._radius)
        return self._draft

    def extend(self, at: At) -> Document:
        """Erase along the way, in steps of half the eraser, so that a quick hand leaves nothing behind."""
        assert self._draft is not None
        way = np.hypot(at.x - self._last.x, at.y - self._last.y)
        count = max(1, int(np.ceil(way / max(1.0, self._radius / 2))))
        for part in np.linspace(1 / count, 1, count):
            x = self._last.x + (at.x - self._last.x) * part
            y = self._last.y + (at.y - self._last.y) * part
            self._draft = self._draft.with_erased(float(x), float(y), self._radius)
        self._last = at
        return self._draft

    def commit(self) -> Edit | None:
        """Lift the eraser."""
        start, draft = self._start, self._draft
        self.cancel()
        return None if draft is None or draft is start else Edit("Erase", draft)

    def cancel(self) -> None:
        """Bring back what was erased."""
        self._start = self._draft = None


class MoveTool:
    """Selects a stroke and shifts it; of a fill with several points, only the one that was taken hold of."""

    has_ring = False
    adds_stroke = False

    def __init__(self, select: Callable[[Stroke | None], None]) -> None:
        self._select = select
        self._start: Document | None = None
        self._held: Stroke | None = None
        self._now: Stroke | None = None
        self._from = At(0, 0)

    def begin(self, document: Document, at: At, brush: Brush) -> Document:
        """Take hold of the topmost stroke here."""
        del brush
        self._start, self._from = document, at
        self._held = self._now = hit(document.strokes, at.x, at.y, reach=4 * at.pixel)
        self._select(self._held)
        return document

    def extend(self, at: At) -> Document:
        """Shift it."""
        assert self._start is not None
        if self._held is None:
            return self._start
        taken, _ = parted(self._held, self._from.x, self._from.y)
        self._now = moved(taken, at.x - self._from.x, at.y - self._from.y)
        self._select(self._now)
        return self._placed(self._start, self._held, self._now)

    def commit(self) -> Edit | None:
        """Let go."""
        start, held, now = self._start, self._held, self._now
        self._start = self._held = self._now = None
        if start is None or held is None or now is None or now is held:
            return None
        return Edit("Move stroke", self._placed(start, held, now))

    def cancel(self) -> None:
        """Put it back."""
        self._select(self._held)
        self._start = self._held = self._now = None

    def _placed(self, start: Document, held: Stroke, now: Stroke) -> Document:
        _, left = parted(held, self._from.x, self._from.y)
        return start.with_replaced(held, *(item for item in (left, now) if item is not None))


class PickerTool:
    """Takes the colour under the pen; changes no document."""

    has_ring = False
    adds_stroke = False

    def __init__(self, pick: Callable[[At], None]) -> None:
        self._pick = pick
        self._document: Document | None = None

    def begin(self, document: Document, at: At, brush: Brush) -> Document:
        """Take the colour here."""
        del brush
        self._document = document
        self._pick(at)
        return document

    def extend(self, at: At) -> Document:
        """Take the colour there."""
        assert self._document is not None
        self._pick(at)
        return self._document

    def commit(self) -> Edit | None:
        """Done; nothing to undo."""
        self._document = None
        return None

    def cancel(self) -> None:
        """Done."""
        self._document = None


class ToolId(Enum):
    """The tools that can be active."""

    BRUSH = "brush"
    ERASER = "eraser"
    BUCKET = "bucket"
    PICKER = "picker"
    PROTECT = "protect"
    MOVE = "move"
    HAND = "hand"
