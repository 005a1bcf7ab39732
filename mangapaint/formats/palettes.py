"""Palettes as files: GIMP's .gpl, which Krita, Inkscape and MyPaint read too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mangapaint.document.page import Color
from mangapaint.document.palette import Palette, Swatch
from mangapaint.errors import UserError
from mangapaint.formats.atomic import write_text

_FIRST_LINE = "GIMP Palette"
_LIMIT_BYTES = 4 << 20  # a palette of a hundred thousand colours; more is some other file
_COLOR = re.compile(r"(\d{1,4})\s+(\d{1,4})\s+(\d{1,4})(?:\s+(.*))?")
_KEY = re.compile(r"(Name|Columns):\s*(.*)", re.IGNORECASE)


def write_gpl(path: Path, palette: Palette) -> None:
    """Write a palette in order, with its names; shares are not part of the format. Raises ``UserError``."""
    lines = [_FIRST_LINE, f"Name: {_one_line(palette.name) or path.stem}", "Columns: 0", "#"]
    for swatch in palette.swatches:
        red, green, blue = swatch.color
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{_one_line(swatch.name) or 'Untitled'}")
    write_text(path, "\n".join(lines) + "\n", suffix=".gpl")


def read_gpl(path: Path) -> Palette:
    """Read a palette; comments, empty lines and a missing name or column count are fine, a swatch need not be named.

    Raises ``UserError``, with the number of the line where one is broken.
    """
    lines = _text(path).splitlines()
    if not lines or lines[0].strip().lower() != _FIRST_LINE.lower():
        raise UserError(
            f"this is not a GIMP palette: line 1 is not '{_FIRST_LINE}'", path=path, remedy="choose a .gpl file"
        )
    keys = dict(_keys(lines))
    swatches = tuple(_swatches(lines, path))
    return Palette(swatches, name=keys.get("name") or path.stem)


def _text(path: Path) -> str:
    """Return the file as text: UTF-8 with or without a mark, or the Latin-1 of old palettes."""
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        raise UserError(f"the palette cannot be read ({reason})", path=path, remedy="check the file") from error
    if len(content) > _LIMIT_BYTES:
        raise UserError("the file is too big for a palette", path=path, remedy="choose a .gpl file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _keys(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines[1:]:
        if found := _KEY.fullmatch(line.strip()):
            yield found[1].lower(), found[2].strip()


def _swatches(lines: list[str], path: Path) -> Iterator[Swatch]:
    for number, line in enumerate(lines[1:], start=2):
        text = line.strip()
        if text and not text.startswith("#") and not _KEY.fullmatch(text):
            yield _swatch(text, number, path)


def _swatch(text: str, number: int, path: Path) -> Swatch:
    found = _COLOR.fullmatch(text)
    if found is None:
        raise _broken(number, "is not a colour like '232 183 150 Skin'", path)
    color: Color = int(found[1]), int(found[2]), int(found[3])
    if max(color) > 255:
        raise _broken(number, "has a number above 255", path)
    name = (found[4] or "").strip()
    return Swatch(color, "" if name == "Untitled" else name)


def _broken(number: int, what: str, path: Path) -> UserError:
    return UserError(f"line {number} {what}", path=path, remedy="mend or delete that line")


def _one_line(name: str) -> str:
    return " ".join(name.split())
