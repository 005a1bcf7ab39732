"""The uncoloured picture and what the file said about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]


class Kind(Enum):
    """What sort of page it is; decides how colour and page are composed."""

    LINE = "line"
    GRAY = "gray"
    TONE = "tone"
    COLORED = "colored"
    MIXED = "mixed"

    @property
    def keeps_luminance(self) -> bool:
        """True where the page's own L stays and only a,b are taken.

        Line art has no luminance to keep, and the pixels of a screentone are ink or bare paper: both take full
        colours under the ink. On a mixed page each panel has a kind of its own.
        """
        return self in (Kind.GRAY, Kind.COLORED)


@dataclass(frozen=True)
class Picture:
    """An opened picture file.

    ``pixels`` is read-only uint8, (H, W) gray or (H, W, 3) sRGB, alpha already laid on white.
    ``dpi`` is pixels per inch (x, y), ``icc`` an embedded RGB profile's bytes; both None where the file has none.
    """

    pixels: Pixels
    name: str
    path: Path | None = None
    dpi: tuple[float, float] | None = None
    icc: bytes | None = None

    def __post_init__(self) -> None:
        self.pixels.setflags(write=False)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def is_gray(self) -> bool:
        """True for one channel."""
        return self.pixels.ndim == 2

    @cached_property
    def id(self) -> str:
        """A digest of size and pixels: equal pictures are equal pages, whatever their file is called."""
        digest = hashlib.blake2b(str(self.pixels.shape).encode(), digest_size=16)
        digest.update(np.ascontiguousarray(self.pixels).data)
        return digest.hexdigest()


class Page(Picture):
    """The picture that is to be coloured."""


class Reference(Picture):
    """A coloured picture that colours are taken from."""
