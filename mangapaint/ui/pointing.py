"""What is known of the place where the pointer rests on the page: its lightness, and the colours likely there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QObject, QPointF, QTimer

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.guesses import Guesses
from mangapaint.colorizers.working import lightness
from mangapaint.document.page import Color
from mangapaint.ui.docks.gamut import Lab
from mangapaint.ui.docks.guesses import MOST, Guess
from mangapaint.ui.filling import region_at

if TYPE_CHECKING:
    from mangapaint.ui.paintbox import Paintbox
    from mangapaint.ui.parts import Parts
    from mangapaint.ui.session import Session
    from mangapaint.ui.work import Shown

REST = 70
"""Milliseconds the pointer stands still before a place counts: on its way to the docks it passes many others."""
LEAST = 0.005
"""What is less likely is not offered."""


def likely(shown: Shown | None, x: float, y: float) -> tuple[Guess, ...] | None:
    """Return the colours held likely at a page point, the likeliest first; None where nothing is held likely at all.

    Colours that look the same on a screen count as one. Beside the page there are none.
    """
    guesses = _guesses_of(shown)
    if guesses is None or shown is None or shown.analysis is None:
        return None
    page = shown.analysis.page
    if not (0 <= x < page.width and 0 <= y < page.height):
        return ()
    lab, chances = guesses.at(x, y)
    if not len(lab):
        return ()
    rgb = np.clip(cv2.cvtColor(lab[None], cv2.COLOR_LAB2RGB)[0], 0, 1)
    found: dict[Color, float] = {}
    for (red, green, blue), chance in zip(np.rint(rgb * 255).astype(int).tolist(), chances.tolist(), strict=True):
        found[red, green, blue] = found.get((red, green, blue), 0.0) + chance
    best = sorted((Guess(color, chance) for color, chance in found.items() if chance >= LEAST),
                  key=lambda row: -row.chance)  # fmt: skip
    return tuple(best[:MOST])


def lightness_at(analysis: PageAnalysis | None, x: float, y: float) -> float | None:
    """Return L (0..100) of a page point where the page keeps its own luminance, otherwise None."""
    region = region_at(analysis, x, y)
    if analysis is None or region is None or not analysis.regions.keeps[region]:
        return None
    return float(lightness(analysis.gray[int(y) : int(y) + 1, int(x) : int(x) + 1])[0, 0])


def _guesses_of(shown: Shown | None) -> Guesses | None:
    return shown.colorization.guesses if shown is not None and shown.colorization is not None else None


class Pointing(QObject):
    """Keeps the Color dock showing what is known of the place where the pointer last rested on the page."""

    def __init__(self, session: Session, paintbox: Paintbox, parts: Parts) -> None:
        super().__init__(parts.canvas)
        self._session, self._paintbox, self._parts = session, paintbox, parts
        self._place: QPointF | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._rested)
        parts.canvas.hovered.connect(self._moved)
        session.pictureChanged.connect(lambda _part: self._show())
        session.opened.connect(self._forget)

    def take(self) -> None:
        """Take the likeliest colour under the pointer; where it is in the brush already, the next one."""
        point = self._parts.canvas.pointed or self._place
        offered = (likely(self._session.shown, point.x(), point.y()) if point is not None else None) or ()
        if not offered:
            self._parts.status.show_message("No colour is held likely here: a learned network knows some")
            return
        colors = [row.color for row in offered]
        held = self._paintbox.foreground
        at = colors.index(held) + 1 if held in colors else 0
        self._parts.color.colorPicked.emit(colors[at % len(colors)])

    def _moved(self, point: QPointF | None) -> None:
        """Wait for the pointer to rest; what it rested on stays while it is elsewhere."""
        if point is None:
            self._rest.stop()
        else:
            self._rest.start()

    def _rested(self) -> None:
        self._place = self._parts.canvas.pointed or self._place
        self._show()
        light = self._lightness()
        if light is not None:
            self._parts.color.gamut.set_lightness(light)

    def _lightness(self) -> float | None:
        """Return the L that a colour has here: the page's own, or that of the likeliest colour; None: nobody knows."""
        place, best = self._place, next(iter(self._parts.color.guesses.guesses), None)
        own = lightness_at(self._session.analysis, place.x(), place.y()) if place is not None else None
        return Lab.of(best.color).lightness if own is None and best is not None else own

    def _show(self) -> None:
        place, shown = self._place, self._session.shown
        x, y = (place.x(), place.y()) if place is not None else (-1.0, -1.0)
        self._parts.color.set_guesses(likely(shown, x, y))

    def _forget(self) -> None:
        self._place = None
        self._show()
