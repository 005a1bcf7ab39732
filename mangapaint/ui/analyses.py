"""What is known of the open page: an analysis for each choice of kind and gap, coarse at first and exact later."""

from __future__ import annotations

from typing import Any

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.document.document import Document

KEPT = 2
"""Choices of kind and gap whose analyses are remembered."""


def analysis_key(document: Document) -> tuple[Any, ...]:
    """Return what an analysis depends on."""
    return ("analyze", document.page.id, document.choice.kind, document.choice.gap)


class Analyses:
    """Remembers the last few; ``latest`` is the one that came last, whatever it was made for."""

    def __init__(self) -> None:
        self.latest: PageAnalysis | None = None
        self._known: dict[tuple[Any, ...], PageAnalysis] = {}

    def of(self, document: Document) -> PageAnalysis | None:
        """Return the analysis for what a document chose."""
        return self._known.get(analysis_key(document))

    def best(self, document: Document) -> PageAnalysis | None:
        """Return one that differs from what a document chose at most in the gap and in being coarse; an exact one
        rather than a coarse one."""
        wanted = document.choice.kind
        rows = (self.of(document), self.latest, *self._known.values())
        alike = [item for item in rows if item is not None and item.kind is (wanted or item.found)]
        return next((item for item in alike if item.exact), alike[0] if alike else None)

    def add(self, key: tuple[Any, ...], analysis: PageAnalysis) -> None:
        """Remember one; a coarse one never takes the place of an exact one."""
        earlier = self._known.pop(key, None)
        if earlier is not None and earlier.exact:
            analysis = analysis if analysis.exact else earlier
        while len(self._known) >= KEPT:
            del self._known[next(iter(self._known))]
        self._known[key] = self.latest = analysis

    def clear(self) -> None:
        """Forget all, as for another page."""
        self.latest = None
        self._known.clear()
