"""Choosing the gap with the slider held: the outlines follow the hand, and the whole drag is one step."""

from __future__ import annotations

from dataclasses import replace

from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit


class GapTrial:
    """Between taking hold of the gap's slider and letting go of it. ``session.tries_gap`` says whether that is now."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, held: bool) -> None:
        """Show the outlines of the regions; or keep the gap that was tried last and take the outlines away."""
        session = self._session
        tried = session.document if session.tries_gap and session.is_drafting else None
        session.tries_gap = held and session.history is not None
        if tried is not None and not held:
            session.apply(Edit("Change gap", tried))
        if not session.shows("regions"):
            session.layers.pop("regions", None)
        session.overlayChanged.emit("regions")
        session.jobs.wake()

    def pick(self, gap: int) -> None:
        """Change the gap; while the slider is held, only try it."""
        session = self._session
        if session.tries_gap and session.history:
            present = session.history.present
            session.set_draft(present.with_choice(replace(present.choice, gap=gap)))
        else:
            session.choose(gap=gap)
