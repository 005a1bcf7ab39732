"""What the artist's marks come to: which hints hold in which region, and which regions are protected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

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
    """The hints that hold in each region, oldest first, and ``own``, the colour that has most pixels there.

    ``mixed`` are the hints of those regions that hold several colours. ``protected`` is bool (count,): regions that
    show the page itself, whatever is drawn elsewhere.
    """

    hints: dict[int, tuple[Hint, ...]]
    own: dict[int, Color | None]
    mixed: dict[int, tuple[Hint, ...]]
    protected: NDArray[np.bool_]

    def colors(self) -> list[Color | None]:
        """Return every colour that holds somewhere, in order of the regions."""
        return list(dict.fromkeys(hint.color for region in sorted(self.hints) for hint in self.hints[region]))


_Row = tuple[Hint, int, bool]
"""A hint in a region: its pixels there, and whether it means the region even if that is a bubble."""


@dataclass(frozen=True, eq=False)
class _Count:
    """What some marks come to: ``rows`` of each region, how each is guarded, int8 (count,), and the outcome."""

    marks: tuple[Stroke | Hint, ...]
    rows: dict[int, tuple[_Row, ...]]
    guard: NDArray[np.int8]
    held: Held


@dataclass(eq=False)
class Ballot:
    """What every mark means on one page; each is worked out once, and a further one changes only what it touches."""

    analysis: PageAnalysis
    known: dict[Stroke | Hint, tuple[Vote, ...]] = field(default_factory=dict)
    _last: _Count | None = None

    def count(self, marks: tuple[Stroke | Hint, ...]) -> Held:
        """Count the marks' votes, oldest first."""
        if self._last is None or marks != self._last.marks:
            # The newest mark is often one that is still being drawn: what comes before it is kept.
            self._last = self._counted(marks[:-1])
            if not marks:
                return self._last.held
            found = self._added(self._last, marks[-1])
            self._forget(marks)
            return found.held
        return self._last.held

    def touched(self, marks: Collection[Stroke | Hint]) -> NDArray[np.bool_]:
        """Return the regions that some of the marks lie in, bool (count,)."""
        found = np.zeros(self.analysis.regions.count, bool)
        for mark in marks:
            for item in self._votes(mark):
                found[item.regions] = True
        return found

    def _counted(self, marks: tuple[Stroke | Hint, ...]) -> _Count:
        last = self._last
        if last is not None and last.marks == marks:
            return last
        if last is not None and marks and last.marks == marks[:-1]:
            return self._added(last, marks[-1])
        return self._from_scratch(marks)

    def _from_scratch(self, marks: tuple[Stroke | Hint, ...]) -> _Count:
        rows: dict[int, tuple[_Row, ...]] = {}
        guard = self.analysis.regions.bubbles.astype(np.int8) * BY_PAGE
        for mark in marks:
            purpose = _purpose(mark)
            for found in self._votes(mark):
                if purpose in (Purpose.PROTECT, Purpose.FREE):
                    guard[found.regions] = BY_ARTIST if purpose is Purpose.PROTECT else FREE
                else:
                    _add(rows, found, replaces=purpose is Purpose.FILL)
        empty = Held({}, {}, {}, guard > FREE)
        return _Count(marks, rows, guard, _updated(empty, rows, guard, rows.keys()))

    def _added(self, count: _Count, mark: Stroke | Hint) -> _Count:
        """Count one mark more."""
        purpose, marks = _purpose(mark), (*count.marks, mark)
        if purpose in (Purpose.PROTECT, Purpose.FREE):
            return self._from_scratch(marks)
        rows, touched = dict(count.rows), set[int]()
        for found in self._votes(mark):
            _add(rows, found, replaces=purpose is Purpose.FILL)
            touched.update(found.regions.tolist())
        return _Count(marks, rows, count.guard, _updated(count.held, rows, count.guard, touched))

    def _votes(self, mark: Stroke | Hint) -> tuple[Vote, ...]:
        if mark not in self.known:
            self.known[mark] = _votes_of(mark, self.analysis)
        return self.known[mark]

    def _forget(self, marks: tuple[Stroke | Hint, ...]) -> None:
        """Drop what was remembered for marks that are gone, so that a day of drawing does not fill the memory."""
        if len(self.known) > 2 * len(marks) + KEPT:
            self.known = {mark: self.known[mark] for mark in marks if mark in self.known}


def _purpose(mark: Stroke | Hint) -> Purpose:
    return mark.purpose if isinstance(mark, Stroke) else Purpose.HINT


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


def _add(rows: dict[int, tuple[_Row, ...]], found: Vote, *, replaces: bool) -> None:
    for region, pixels, part in found.parts:
        earlier = () if replaces else rows.get(region, ())
        rows[region] = (*earlier, (found.hint, pixels, part >= DELIBERATE))


def _updated(held: Held, rows: dict[int, tuple[_Row, ...]], guard: NDArray[np.int8], touched: Collection[int]) -> Held:
    """Return what holds after the rows of some regions have changed."""
    hints, own, mixed, protected = dict(held.hints), dict(held.own), dict(held.mixed), held.protected.copy()
    for region in touched:
        counted = [row for row in rows[region] if guard[region] == FREE or (guard[region] == BY_PAGE and row[2])]
        if counted:
            hints[region] = tuple(row[0] for row in counted)
            total = _pixels_of_colors(counted)
            # Where two colours have as many pixels, it is not the order that decides.
            own[region] = max(total, key=partial(_weight, total))
            mixed.pop(region, None)
            if len(total) > 1:
                mixed[region] = hints[region]
            protected[region] = False
    return Held(hints, own, mixed, protected)


def _weight(total: dict[Color | None, int], color: Color | None) -> tuple[int, tuple[int, ...]]:
    return total[color], color or ()


def _pixels_of_colors(rows: list[_Row]) -> dict[Color | None, int]:
    total: dict[Color | None, int] = {}
    for hint, pixels, _ in rows:
        total[hint.color] = total.get(hint.color, 0) + pixels
    return total
