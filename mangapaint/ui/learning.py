"""What methods have made ready for the open page, and how far the one in force has learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from mangapaint.colorizers.method import ColorRequest, Learner, Method
from mangapaint.colorizers.ready import Ready
from mangapaint.ui import work
from mangapaint.ui.guidance import looks_first, suited

if TYPE_CHECKING:
    from mangapaint.ui.session import Session

KEPT = 2
"""So many that took long and are not in force are remembered: undo brings them back."""
LOOKS = 2.0
"""Learning goes on for so many times as long as a look at it takes, so that looking never slows it much."""


@dataclass(frozen=True)
class Lesson:
    """How much a method has learned (0..1) of what it means to, and whether it goes on."""

    learned: float
    goes_on: bool


class Learning(QObject):
    """Remembers what was made ready, so that no stroke, undo or change of mind makes a method learn anew.

    ``unseen`` is how many seconds were spent on what is learned and not looked at yet."""

    changed = Signal()
    """There may be another :attr:`lesson`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._last: Ready | None = None
        self._others: list[Ready] = []
        self._stopped: WeakSet[Ready] = WeakSet()
        self._coloring = 0.0
        self.unseen = 0.0

    @property
    def lesson(self) -> Lesson | None:
        """What the method that coloured the page is learning or was stopped at; None where there is nothing more."""
        last, shown, known = self._last, self._session.shown, self._session.analysis
        colors = shown is not None and shown.colorization is not None
        if last is None or not colors or known is None or not known.exact or last.request.analysis is not known:
            return None
        learned = last.learned
        return Lesson(learned, not self.is_stopped(last)) if learned < 1 else None

    def of(self, request: ColorRequest) -> Ready | None:
        """Return what the request's method has made ready for it."""
        method = suited(request)
        return self.by(method, request) if method is not None else None

    def by(self, method: Method, request: ColorRequest) -> Ready | None:
        """Return what a method has made ready for a request."""
        known = [item for item in (self._last, *self._others) if item is not None]
        return next((item for item in known if item.fits(method, request)), None)

    def is_stopped(self, item: Ready) -> bool:
        """Say whether it is not to learn on."""
        return item in self._stopped

    def clear(self) -> None:
        """Forget all, as for another page."""
        self._last, self._others, self.unseen = None, [], 0.0
        self.changed.emit()

    def colored(self, result: work.Recolored) -> None:
        """Take what a page was coloured with, which from now on is in force."""
        self._coloring, self.unseen = result.seconds, 0.0
        self._put(result.ready or self._last)
        self.changed.emit()

    def prepared(self, item: Ready) -> None:
        """Take what was made ready; the page is coloured with it at once."""
        self._put(item)
        self._look()

    def learned(self, before: Ready, result: work.Learned) -> None:
        """Take what was learned in a step; the page is coloured with it as often as that does not slow it down."""
        if before is not self._last:
            return
        self._last = result.ready
        self.unseen += result.seconds
        if result.ready.learned >= 1:
            self.show()
        elif self.unseen >= LOOKS * self._coloring:
            self._look()
        self.changed.emit()

    def stop(self) -> None:
        """Learn no more; what was learned so far stays, and colours."""
        if self._last is not None:
            self._stopped.add(self._last)
            self.changed.emit()

    def go_on(self) -> None:
        """Learn on from where it was stopped."""
        if self._last is not None:
            self._stopped.discard(self._last)
            self.changed.emit()

    def _put(self, item: Ready | None) -> None:
        before, self._last = self._last, item
        if before is not item:
            kept = [other for other in (before, *self._others) if other is not None and other is not item]
            self._others = [other for other in kept if _is_dear(other)][:KEPT]

    def show(self) -> None:
        """Have the page show all that was learned, now that nothing more comes."""
        if self.unseen:
            self._look()
        self._session.set_fresh(False)

    def _look(self) -> None:
        """Have the page coloured with what is known by now: a new moment of it."""
        self.unseen = 0.0
        self._session.moment += 1


def _is_dear(item: Ready) -> bool:
    """Say whether it took long."""
    return item.learned > 0 if isinstance(item.method, Learner) else looks_first(item.method)
