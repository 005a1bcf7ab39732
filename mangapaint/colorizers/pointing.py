"""What a network finds: each place of a page points at places of the references, and these tell it their colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.sights import Sight

BEST = 4
"""Colours that are proposed for each place."""
AROUND = 5
"""Places along each side that are around one."""
LEAST = 1e-3
"""What is pointed at less counts as so much."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Places:
    """Places of references, n in all: their colours ``lab`` (n, 3), in which reference, and where there, (n, 2)."""

    lab: Field
    number: NDArray[np.int16]
    at: Field

    @classmethod
    def joined(cls, rows: Sequence[Places]) -> Places:
        """Put the places of some references together."""
        return cls(*(np.concatenate([getattr(row, name) for row in rows]) for name in ("lab", "number", "at")))


@dataclass(frozen=True, eq=False)
class Pointed:
    """What the places of a page, m in rows and columns of ``shape``, point at.

    ``share`` float32 (m, k) is how much of it has each of k colours, ``place`` intp (m, k) which of ``places`` with
    that colour it is most, ``absent`` float32 (m,) how much is not in the references at all: together 1.
    """

    shape: tuple[int, int]
    share: Field
    place: NDArray[np.intp]
    absent: Field
    places: Places


class Describer(Protocol):
    """Knows what the places of pictures are like; equal ones know the same."""

    def __hash__(self) -> int:
        """Return a number that is the same for equal ones."""

    def pointed(self, page: Sight, references: tuple[Sight, ...], colors: Field, light: float) -> Pointed:
        """Return where places of the references have what those of a page show, by their nearest of some ``colors``.

        These are CIELAB, float32 (k, 3); ``light`` is what a step of L counts.
        """

    def matched(self, page: Sight, references: tuple[Sight, ...], colors: Field, light: float) -> Pointed:
        """Return the same for the page's areas, one in each row of a single column, and those of the references."""


def places_of(reference: Sight, number: int, size: tuple[int, int], *, mirrored: bool = False) -> Places:
    """Return the places of a grid (height, width) over a reference or its mirror image."""
    assert reference.lab is not None
    height, width = size
    lab = cv2.resize(reference.lab, (width, height), interpolation=cv2.INTER_AREA)
    y, x = (np.mgrid[:height, :width].astype(np.float32) + 0.5) / np.array([height, width], np.float32)[:, None, None]
    at = np.dstack([x, y])
    if mirrored:
        lab, at = lab[:, ::-1], at[:, ::-1]
    return Places(lab.reshape(-1, 3), np.full(height * width, number, np.int16), at.reshape(-1, 2))


@lru_cache(maxsize=16)
def places_of_areas(reference: Sight, number: int) -> Places:
    """Return the areas of a reference as places: their middles, and the colour that is in the middle of theirs.

    The latest are remembered.
    """
    assert reference.lab is not None
    areas, (height, width) = reference.areas, reference.areas.labels.shape
    y, x = np.nonzero(areas.labels >= 0)
    label, lab = areas.labels[y, x], reference.lab[y, x]
    count = np.bincount(label, minlength=areas.count)
    middle = (np.cumsum(count) - count) + count // 2
    colors = np.stack([lab[np.lexsort((lab[:, i], label))][middle, i] for i in range(3)], axis=1)
    at = np.stack([(np.bincount(label, values, areas.count) / count + 0.5) / side
                   for values, side in ((x, width), (y, height))], axis=1)  # fmt: skip
    return Places(colors.astype(np.float32), np.full(areas.count, number, np.int16), at.astype(np.float32))


def matched_signs(matched: Pointed, akin: NDArray[np.bool_], sizes: Field) -> Field:
    """Return the signs that what areas point at most is right, float32 (m, 4).

    Logarithms of the odds of the colour they point at most, with those ``akin`` to it, and of its not being in the
    references; how large they are, ``sizes`` (m,); and the odds of the colours on the whole picture.
    """
    agreed, absent = _odds_of(matched, akin)
    part = np.exp(3 * sizes)
    whole = np.full_like(agreed, (agreed * part).sum() / max(float(part.sum()), 1e-6))
    return np.stack([agreed, absent, sizes, whole], axis=1).astype(np.float32)


def pointed_signs(pointed: Pointed, akin: NDArray[np.bool_]) -> Field:
    """Return the signs that what places point at most is right, float32 (m, 4).

    Logarithms of the odds of the colour they point at most, with those ``akin`` (k, k) to it, there and around, and of
    its not being in the references.
    """
    signs = _odds_of(pointed, akin)
    around = [cv2.blur(sign.reshape(pointed.shape), (AROUND, AROUND)).ravel() for sign in signs]
    return np.stack([*signs, *around], axis=1).astype(np.float32)


def _odds_of(pointed: Pointed, akin: NDArray[np.bool_]) -> tuple[Field, Field]:
    """Return the logarithms of the odds of what is pointed at most, and of its not being there."""
    return _odds((pointed.share @ akin.astype(np.float32)).max(axis=1, initial=0.0)), _odds(pointed.absent)


def _odds(share: Field) -> Field:
    """Return the logarithm of odds, kept within bounds."""
    inside = np.clip(share, LEAST, 1 - LEAST)
    return np.asarray(np.log(inside / (1 - inside)), dtype=np.float32)
