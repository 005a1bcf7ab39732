"""What is remembered of a series: its pages as the artist coloured them, small, to be references for the others.

A series is what lies in one folder. Of each of its pages that was worked on there is one picture, in the user's data.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from mangapaint.document.page import Page, Pixels, Reference
from mangapaint.errors import UserError
from mangapaint.formats.atomic import make_folder
from mangapaint.formats.images import read_reference
from mangapaint.formats.writing import write_png

LONGEST = 1600
"""Pixels on the long side of what is remembered."""
RECALLED = 2
"""Pages that are recalled for another one: each is looked through, and the nearest know most."""


@dataclass(frozen=True)
class Memory:
    """Coloured pages by series, in a folder of this program's own."""

    folder: Path

    def remember(self, page: Page, colored: Pixels) -> None:
        """Keep how a page was coloured, uint8 RGB (h, w, 3) of any size; what was kept of it before is replaced.

        A page that lies in no folder belongs to no series. Raises ``UserError`` where nothing can be written.
        """
        if page.path is None:
            return
        place = self._place(page.path)
        make_folder(place.parent, what="the coloured page cannot be remembered", remedy="check the folder")
        write_png(place, _small(colored), compress=6)

    def forget(self, page: Page) -> None:
        """Keep nothing of a page any more; raises ``UserError`` where its picture cannot be removed."""
        if page.path is None:
            return
        place = self._place(page.path)
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or "no reason given"
            raise UserError(f"it cannot be removed ({reason})", path=place, remedy="check the folder") from error

    def recall(self, page: Page) -> tuple[Reference, ...]:
        """Return the coloured pages of a page's series that lie nearest to it by their names, those before it first.

        What cannot be read any more is left out.
        """
        if page.path is None:
            return ()
        own = self._place(page.path)
        found = sorted(own.parent.glob("*.png"), key=_order) if own.parent.is_dir() else []
        kept = []
        for place in _nearest([place for place in found if place != own], own):
            try:
                read = read_reference(place)
            except UserError:
                continue
            kept.append(Reference(read.pixels, f"{place.stem}, as you coloured it", place))
        return tuple(kept)

    def holds(self, reference: Reference) -> bool:
        """Say whether a reference was recalled, rather than added by the artist."""
        return reference.path is not None and self.folder in reference.path.parents

    def _place(self, path: Path) -> Path:
        series = hashlib.blake2b(str(path.absolute().parent).encode(), digest_size=16).hexdigest()
        return self.folder / series / f"{path.name}.png"


def _small(colored: Pixels) -> Pixels:
    height, width = colored.shape[:2]
    share = min(1.0, LONGEST / max(height, width))
    if share == 1.0:
        return colored
    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(Image.fromarray(colored).resize(size, Image.Resampling.BOX), dtype=np.uint8)


def _order(place: Path) -> tuple[tuple[int, int | str], ...]:
    """Return what names are ordered by: page 9 comes before page 10."""
    parts = re.split(r"(\d+)", place.name.casefold())
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)


def _nearest(others: Sequence[Path], own: Path) -> list[Path]:
    """Return the nearest of some pages, in order: those that come before, from the last on, then those after."""
    before = [place for place in others if _order(place) < _order(own)][::-1]
    after = [place for place in others if _order(place) >= _order(own)]
    return [*before, *after][:RECALLED]
