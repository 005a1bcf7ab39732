"""Colours with a name."""

from __future__ import annotations

from dataclasses import dataclass

from mangapaint.document.page import Color


@dataclass(frozen=True)
class Swatch:
    """One colour of a palette; ``share`` is the part of the picture it stands for (0..1, 0 where unknown)."""

    color: Color
    name: str = ""
    share: float = 0.0


@dataclass(frozen=True)
class Palette:
    """Colours in order, the most important first."""

    swatches: tuple[Swatch, ...] = ()
    name: str = ""

    @property
    def colors(self) -> tuple[Color, ...]:
        """The colours alone."""
        return tuple(swatch.color for swatch in self.swatches)


def hex_of(color: Color) -> str:
    """Return ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def color_of(text: str) -> Color:
    """Read ``#rgb``, ``#rrggbb`` or the same without the hash; raise ``ValueError`` for anything else."""
    digits = text.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6 or not all(c in "0123456789abcdefABCDEF" for c in digits):
        raise ValueError(f"{text!r} is not a colour like #e8b796")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
