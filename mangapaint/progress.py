"""How long work tells how far it is and hears that it should stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What every long computation is handed; it knows nothing of who is listening."""

    def report(self, fraction: float, text: str) -> None:
        """Say that ``fraction`` (0..1) of the work is done and what is being done now.

        Raises ``Cancelled`` when the work should stop.
        """

    def check(self) -> None:
        """Raise ``Cancelled`` when the work should stop; cheap enough for inner loops."""


class Silent:
    """A progress nobody listens to; never cancels."""

    def report(self, fraction: float, text: str) -> None:
        """Ignore the report."""

    def check(self) -> None:
        """Never cancel."""


class Span:
    """The part ``start``..``end`` of another progress, for work made of several steps."""

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        self._whole = whole
        self._start = start
        self._end = end

    def report(self, fraction: float, text: str) -> None:
        """Report to the whole, scaled into this span."""
        self._whole.report(self._start + (self._end - self._start) * fraction, text)

    def check(self) -> None:
        """Raise ``Cancelled`` when the whole should stop."""
        self._whole.check()
