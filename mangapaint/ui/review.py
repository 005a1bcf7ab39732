"""Looking again at what the page is least certain about: from one region to the next, and how many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, QVariantAnimation, Signal

from mangapaint.document.rect import Rect
from mangapaint.ui.canvas import Canvas
from mangapaint.ui.doubts import places
from mangapaint.ui.marks import Spot
from mangapaint.ui.session import Session
from mangapaint.ui.viewport import Viewport

GLIDE = 120
"""Milliseconds the view takes to the next region."""
REST = 600
"""Milliseconds without news before the regions are counted, so that the number does not flicker while drawing."""


class Review(QObject):
    """Leads through the doubtful places, the least certain first, and counts them while the page is at rest."""

    counted = Signal(str)
    """How many regions there are to look at, or which of them is marked, in words; empty for none."""
    marked = Signal(object)
    """The regions that are led to (int array), the least certain first."""
    left = Signal()
    """The mark was taken away."""

    def __init__(self, session: Session, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._session, self._canvas = session, canvas
        self._glide = Glide(canvas)
        self._place = self._number = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._count)
        session.opened.connect(self._forget)
        session.freshChanged.connect(self._wait)
        session.overlayChanged.connect(lambda _overlay: self._wait(session.is_fresh))
        session.documentChanged.connect(self._leave_drafting)
        session.analysisChanged.connect(self.leave)
        canvas.dismissed.connect(self.leave)

    def step(self, way: int) -> None:
        """Show the next region (with -1 the one before), or say that there is none."""
        found, shown = self._doubts(), self._session.shown
        if not found or shown is None or shown.analysis is None:
            self.leave()
            self.counted.emit("No region to look at")
            return
        self._place, self._number = self._next(found, way), len(found)
        spot = Spot.of(shown.analysis.regions, found[self._place])
        self._canvas.scene.spot = spot
        self._canvas.update()
        self.marked.emit(found[self._place])
        page = shown.analysis.page
        self._glide.to(self._canvas.view.showing(spot.box, Rect.whole(page.height, page.width)))
        self.counted.emit(f"Region {self._place + 1} of {len(found)} to look at")

    def leave(self) -> None:
        """Take the mark away; the next step goes on from here."""
        if self._canvas.scene.spot is not None:
            self._canvas.scene.spot = None
            self._canvas.update()
            self.left.emit()
            self.counted.emit(_words(self._number))
            self._wait(self._session.is_fresh)

    def _leave_drafting(self) -> None:
        """What is being drawn is what is looked at now; what was taken from a suggestion stays marked."""
        if self._session.is_drafting:
            self.leave()

    def _doubts(self) -> list[NDArray[np.intp]]:
        return places(self._session.shown, self._session.overlays["confidence"].values[0] / 100)

    def _next(self, found: list[NDArray[np.intp]], way: int) -> int:
        """Return the place to go to: beside the marked region, or where the last one was before it was settled."""
        spot = self._canvas.scene.spot
        marked = [place for place, members in enumerate(found) if spot and spot.region in members]
        if marked:
            return (marked[0] + way) % len(found)
        return (self._place if way > 0 else self._place - 1) % len(found)

    def _forget(self) -> None:
        self._place = self._number = 0
        self.leave()
        self.counted.emit("")

    def _wait(self, fresh: bool) -> None:
        if fresh:
            self._rest.start()
        else:
            self._rest.stop()

    def _count(self) -> None:
        if not self._session.is_drafting and self._canvas.scene.spot is None:
            self._number = len(self._doubts())
            self.counted.emit(_words(self._number))


def _words(number: int) -> str:
    return f"{number} region{'s' if number > 1 else ''} to look at" if number else ""


class Glide(QObject):
    """Moves a canvas's view to another one, so quickly that the eye just follows; any other change of view ends it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._start = self._end = self._last = canvas.view
        self._motion = QVariantAnimation(self)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setDuration(GLIDE)
        self._motion.valueChanged.connect(self._step)

    def to(self, view: Viewport) -> None:
        """Begin to move."""
        self._motion.stop()
        self._start = self._last = self._canvas.view
        self._end = view
        self._motion.start()

    def _step(self, part: float) -> None:
        if self._canvas.view != self._last:
            self._motion.stop()
            return
        between = self._start.towards(self._end, part)
        self._canvas.change_view(lambda _view: between)
        self._last = self._canvas.view
