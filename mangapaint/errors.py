"""Errors meant for a person: what happened, to which file, and what to do."""

from __future__ import annotations

from pathlib import Path


class UserError(Exception):
    """Something a person can act on; shown as one line, never as a traceback.

    ``what`` says what happened, ``path`` names the file it happened to (if any), ``remedy`` says what to do.
    """

    def __init__(self, what: str, *, path: Path | str | None = None, remedy: str = "") -> None:
        self.what = what
        self.path = None if path is None else Path(path)
        self.remedy = remedy
        super().__init__(self.line())

    def line(self) -> str:
        """Return the whole message as one line: ``PATH: what happened; remedy``."""
        where = "" if self.path is None else f"{self.path}: "
        text = f"{where}{self.what}" + (f"; {self.remedy}" if self.remedy else "")
        return " ".join(text.split())


class Cancelled(Exception):  # noqa: N818 - not a failure: the artist or the window asked for it
    """Raised inside a job by ``Progress.check`` once the job has been cancelled."""
