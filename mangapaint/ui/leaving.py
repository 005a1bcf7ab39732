"""A page that the artist leaves: what of it the series remembers."""

from __future__ import annotations

from dataclasses import dataclass

from mangapaint.document.document import Document
from mangapaint.document.page import Page, Pixels
from mangapaint.document.strokes import HINTS
from mangapaint.errors import UserError
from mangapaint.formats.memory import LONGEST, Memory
from mangapaint.ui.pyramid import Pyramid


@dataclass(frozen=True, eq=False)
class Left:
    """A page that the artist leaves: its picture, uint8 RGB (h, w, 3), of any size; None if no hand coloured it."""

    page: Page
    picture: Pixels | None


def leaving(document: Document, picture: Pyramid, *, colored: bool) -> Left | None:
    """Return a page as it is left behind; without a picture where the artist had no hand in its colours, and None where
    it has not been ``colored`` yet: what is remembered of it stands."""
    if not any(item.purpose in HINTS for item in document.strokes):
        return Left(document.page, None)
    return Left(document.page, picture.small(LONGEST)) if colored else None


def remembered(left: Left | None, memory: Memory | None) -> str:
    """Remember a page that is left, if it was coloured; return what is to be said of it, mostly nothing."""
    if memory is None or left is None:
        return ""
    try:
        if left.picture is None:
            memory.forget(left.page)
        else:
            memory.remember(left.page, left.picture)
    except UserError as error:
        return error.line()
    return ""
