"""The document: one immutable value that holds everything the artist has decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from mangapaint.document.page import Kind, Page, Reference
from mangapaint.document.strokes import HINTS, Inside, Purpose, Stroke, cleared, erased


@dataclass(frozen=True)
class Choice:
    """How the page is to be coloured.

    ``method`` is a method's id or "auto"; ``kind`` overrides the recognised kind of page; ``gap`` is the widest
    hole in the ink, in page pixels, that regions do not leak through (None: chosen from the page). ``options`` are
    the method's, as (id, choice) where they are not the default. ``series`` names the series whose weights the method
    colours with; empty for those that come with the program, where it needs any.
    """

    method: str = "auto"
    kind: Kind | None = None
    gap: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    series: str = ""


@dataclass(frozen=True, eq=False)
class Document:
    """A page with all that was decided about it. Undo goes back to an earlier value."""

    page: Page
    strokes: tuple[Stroke, ...] = ()
    references: tuple[Reference, ...] = ()
    choice: Choice = Choice()

    def with_stroke(self, item: Stroke) -> Document:
        """Add a stroke on top."""
        return replace(self, strokes=(*self.strokes, item))

    def with_replaced(self, old: Stroke, *new: Stroke) -> Document:
        """Put other strokes (or none) in the place of one."""
        at = next(i for i, item in enumerate(self.strokes) if item is old)
        return replace(self, strokes=(*self.strokes[:at], *new, *self.strokes[at + 1 :]))

    def with_erased(self, x: float, y: float, radius: float) -> Document:
        """Cut a disc out of all strokes; the same document where it touches none."""
        return self._with_left(tuple(piece for item in self.strokes for piece in erased(item, x, y, radius)))

    def with_cleared(self, inside: Inside, purposes: Collection[Purpose] = HINTS) -> Document:
        """Take all hints (or what else is meant) inside an area away; the same document where there are none."""
        return self._with_left(cleared(self.strokes, inside, purposes))

    def _with_left(self, left: tuple[Stroke, ...]) -> Document:
        same = len(left) == len(self.strokes) and all(a is b for a, b in zip(left, self.strokes, strict=True))
        return self if same else replace(self, strokes=left)

    def with_reference(self, reference: Reference) -> Document:
        """Add a reference unless the same picture is there already."""
        if any(reference.id == other.id for other in self.references):
            return self
        return replace(self, references=(*self.references, reference))

    def without_reference(self, reference: Reference) -> Document:
        """Take a reference away."""
        return replace(self, references=tuple(other for other in self.references if other is not reference))

    def with_choice(self, choice: Choice) -> Document:
        """Decide otherwise how the page is coloured."""
        return self if choice == self.choice else replace(self, choice=choice)
