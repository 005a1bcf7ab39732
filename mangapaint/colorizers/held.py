"""What the artist's marks come to: which hints hold in which region, and which regions are protected."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.hints import Hint, Vote, of_stroke, vote
from mangapaint.document.page import Color
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke

FREE, BY_PAGE, BY_ARTIST = 0, 1, 2
"""How far a region is protected: not; a speech bubble, against strokes that pass through; against everything."""
DELIBERATE = 0.5
"""A hint means a bubble if at least this part of its pixels lies in it; otherwise it only passes through."""
KEPT = 64
"""Votes of marks that are gone which may be remembered (an undo brings them back)."""


@dataclass(frozen=True, eq=False)
class Held:
    """The hints that hold in each region, oldest first, and how many pixels each has there.

    ``protected`` is bool (count,): regions that show the page itself, whatever is drawn elsewhere.
    """

    hints: dict[int, tuple[Hint, ...]]
    pixels: dict[int, tuple[int, ...]]
    protected: NDArray[np.bool_]

    def own_color(self, region: int) -> Color | None:
        """Return the colour that has most pixels in a region with hints; where two have, not the order decides."""
        total: dict[Color | None, int] = {}
        for hint, pixels in zip(self.hints[region], self.pixels[region], strict=True):
            total[hint.color] = total.get(hint.color, 0) + pixels
        return max(total, key=lambda color: (total[color], color or ()))

    def colors(self) -> list[Color | None]:
        """Return every colour that holds somewhere, in order of the regions."""
        return list(dict.fromkeys(hint.color for region in sorted(self.hints) for hint in self.hints[region]))


@dataclass(eq=False)
class Ballot:
    """What every mark means on one page; each is worked out once."""

    analysis: PageAnalysis
    known: dict[Stroke | Hint, tuple[Vote, ...]] = field(default_factory=dict)

    def count(self, marks: tuple[Stroke | Hint, ...]) -> Held:
        """Count the marks' votes, oldest first."""
        held: dict[int, list[tuple[Hint, int, bool]]] = {}
        guard = self.analysis.regions.bubbles.astype(np.int8) * BY_PAGE
        for mark in marks:
            purpose = mark.purpose if isinstance(mark, Stroke) else Purpose.HINT
            for found in self._votes(mark):
                if purpose in (Purpose.PROTECT, Purpose.FREE):
                    guard[found.regions] = BY_ARTIST if purpose is Purpose.PROTECT else FREE
                else:
                    _add(held, found, replaces=purpose is Purpose.FILL)
        self._forget(marks)
        return _held(held, guard)

    def _votes(self, mark: Stroke | Hint) -> tuple[Vote, ...]:
        if mark not in self.known:
            self.known[mark] = _votes_of(mark, self.analysis)
        return self.known[mark]

    def _forget(self, marks: tuple[Stroke | Hint, ...]) -> None:
        """Drop what was remembered for marks that are gone, so that a day of drawing does not fill the memory."""
        if len(self.known) > 2 * len(marks) + KEPT:
            self.known = {mark: self.known[mark] for mark in marks}


def _votes_of(mark: Stroke | Hint, analysis: PageAnalysis) -> tuple[Vote, ...]:
    if isinstance(mark, Hint):
        return (vote(mark, analysis),)
    if mark.purpose is Purpose.FILL:
        return _fills(mark, analysis)
    hint = of_stroke(mark, *analysis.gray.shape)
    return () if hint is None else (vote(hint, analysis),)


def _fills(mark: Stroke, analysis: PageAnalysis) -> tuple[Vote, ...]:
    """Return for each point of a filling a hint of one pixel that counts as much as its whole region."""
    regions = analysis.regions
    high, wide = regions.labels.shape
    votes = []
    for x, y in np.floor(mark.points).astype(int).tolist():
        if 0 <= x < wide and 0 <= y < high:
            region = int(regions.labels[y, x])
            hint = Hint(mark.color, Rect(x, y, x + 1, y + 1), np.ones((1, 1), bool), 1.0)
            votes.append(Vote(hint, np.array([region]), regions.areas[[region]]))
    return tuple(votes)


def _add(held: dict[int, list[tuple[Hint, int, bool]]], found: Vote, *, replaces: bool) -> None:
    for region, pixels, part in found.parts:
        if replaces:
            held.pop(region, None)
        held.setdefault(region, []).append((found.hint, pixels, part >= DELIBERATE))


def _held(held: dict[int, list[tuple[Hint, int, bool]]], guard: NDArray[np.int8]) -> Held:
    hints: dict[int, tuple[Hint, ...]] = {}
    pixels: dict[int, tuple[int, ...]] = {}
    for region, rows in held.items():
        counted = [row for row in rows if guard[region] == FREE or (guard[region] == BY_PAGE and row[2])]
        if counted:
            hints[region] = tuple(row[0] for row in counted)
            pixels[region] = tuple(row[1] for row in counted)
    protected = guard > FREE
    protected[list(hints)] = False
    return Held(hints, pixels, protected)
