"""Undo and redo without limit: a line of document values and a place on it."""

from __future__ import annotations

from mangapaint.document.document import Document


class History:
    """Every value the document has had. Nothing is copied pixel by pixel, so there is no need for a limit."""

    def __init__(self, start: Document) -> None:
        self._steps: list[tuple[str, Document]] = [("", start)]
        self._at = 0
        self._saved: Document | None = start

    @property
    def present(self) -> Document:
        """The document as it is now."""
        return self._steps[self._at][1]

    @property
    def undo_text(self) -> str | None:
        """What undo would take back, or None."""
        return self._steps[self._at][0] if self._at else None

    @property
    def redo_text(self) -> str | None:
        """What redo would bring again, or None."""
        return self._steps[self._at + 1][0] if self._at + 1 < len(self._steps) else None

    @property
    def is_exported(self) -> bool:
        """True while the present value is the one last exported (or opened)."""
        return self.present is self._saved

    def push(self, text: str, document: Document, *, merge: bool = False) -> None:
        """Make a new value the present one; what had been undone is forgotten.

        With ``merge`` it takes the place of a present value that was pushed under the same text: a slider that is
        dragged is one step.
        """
        if document is self.present:
            return
        del self._steps[self._at + 1 :]
        if merge and self._at and self.undo_text == text:
            self._steps.pop()
            self._at -= 1
        self._steps.append((text, document))
        self._at += 1

    def undo(self) -> bool:
        """Go one step back; False at the start."""
        if not self._at:
            return False
        self._at -= 1
        return True

    def redo(self) -> bool:
        """Go one step forward again; False at the end."""
        if self._at + 1 >= len(self._steps):
            return False
        self._at += 1
        return True

    def mark_exported(self, document: Document) -> None:
        """Remember which value was written to disk."""
        self._saved = document
