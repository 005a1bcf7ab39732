"""From an opened picture file to arrays: every bit depth and colour mode to 8-bit gray or RGB, and alpha."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops

from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.formats.profiles import Profile, cmyk_to_srgb, gray_curve, profile_of

Split = tuple[Pixels, Pixels | None]
Dpi = tuple[float, float] | None

_TURNED = range(5, 9)  # EXIF orientations by which width and height change places
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PHOTOMETRIC, _BITS, _WHITE_IS_ZERO = 262, 258, 0
_INCHES = {2: 1.0, 3: 2.54}  # EXIF resolution unit: pixels per inch or per centimetre; JFIF counts them one lower
_GRAY_STEPS = {"L;2": 85, "L;4": 17}


@dataclass(frozen=True)
class Decoded:
    """What a file holds: ``color`` uint8 (H, W) or (H, W, 3), ``alpha`` uint8 (H, W) or None where it has none."""

    color: Pixels
    alpha: Pixels | None
    dpi: Dpi = None
    icc: bytes | None = None


def decoded(image: Image.Image, path: Path) -> Decoded:
    """Decode an opened picture: turned upright, 8 bits, first page or frame, CMYK and print grays as sRGB.

    An RGB profile is kept as bytes and its pixels left alone. ``path`` is named in errors. May raise anything
    Pillow raises, and ``UserError`` for numbers that cannot be shown as gray.
    """
    stored = _Stored.of(image, path)  # before loading: the decoder forgets it
    image.load()
    exif = _exif(image)
    orientation = exif.get(ExifTags.Base.Orientation)  # Pillow has turned a TIFF already and removed its mark
    dpi = _dpi(image, exif)
    if dpi and (stored.orientation or orientation) in _TURNED:
        dpi = dpi[::-1]
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    profile = profile_of(image.info.get("icc_profile"))
    color, alpha = _split(image, stored, profile)
    icc = profile.icc if profile is not None and profile.space == "RGB" else None
    return Decoded(_with_curve(gray_if_equal(color), profile), alpha, dpi, icc)


def on_white(picture: Decoded) -> Pixels:
    """Lay the picture on white paper; gray where all three channels are equal."""
    if picture.alpha is None or picture.alpha.min() == 255:
        return picture.color
    alpha = picture.alpha.astype(np.uint16)
    if picture.color.ndim == 3:
        alpha = alpha[:, :, None]
    mixed = picture.color * alpha  # at most 65025 with the paper added, so 16 bits hold it
    mixed += 255 * (255 - alpha) + 127
    return gray_if_equal((mixed // 255).astype(np.uint8))


def gray_if_equal(pixels: Pixels) -> Pixels:
    """Return (H, W) where the three channels are the same everywhere, otherwise the pixels as they are."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = pixels[:, :, 0], pixels[:, :, 1], pixels[:, :, 2]
    same = np.array_equal(red, green) and np.array_equal(green, blue)
    return np.ascontiguousarray(green) if same else pixels


def sane_dpi(x: object, y: object) -> Dpi:
    """Return pixels per inch as floats, or None where a file says something no scanner or screen has."""
    try:
        pair = float(x), float(y)  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        return None
    return pair if all(math.isfinite(value) and 1 <= value <= 10_000 for value in pair) else None


@dataclass(frozen=True)
class _Stored:
    """How the samples stand in the file, as far as Pillow's mode does not say it."""

    path: Path
    raw: str
    bits: int
    white_is_zero: bool
    orientation: int | None

    @classmethod
    def of(cls, image: Image.Image, path: Path) -> _Stored:
        tiles: Any = getattr(image, "tile", None)  # WebP has none before loading
        args = tiles[0][3] if tiles else ""
        tags: Any = getattr(image, "tag_v2", {})
        bits = tags.get(_BITS)
        return cls(
            path=path,
            raw=args if isinstance(args, str) else str(args[0]),
            bits=bits[0] if isinstance(bits, tuple) and bits else 0,
            white_is_zero=tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO,
            orientation=tags.get(ExifTags.Base.Orientation),
        )


def _exif(image: Image.Image) -> Mapping[int, Any]:
    try:
        return image.getexif()
    except Exception:  # its bytes come from anywhere; a page does not become unreadable by them
        return {}


def _dpi(image: Image.Image, exif: Mapping[int, Any]) -> Dpi:
    """Return pixels per inch along the stored rows and columns."""
    if image.format == "PNG":
        return sane_dpi(*image.info.get("dpi", (None, None)))
    # Where the file says nothing Pillow's own answer is 72 for JPEG and 1 for TIFF.
    x, y = image.info.get("jfif_density", (None, None))
    found = _scaled_dpi(x, y, _INCHES.get(image.info.get("jfif_unit", 0) + 1))
    if found is None:
        x = exif.get(ExifTags.Base.XResolution)
        y = exif.get(ExifTags.Base.YResolution, x)
        found = _scaled_dpi(x, y, _INCHES.get(exif.get(ExifTags.Base.ResolutionUnit, 2)))
    return found


def _scaled_dpi(x: object, y: object, unit: float | None) -> Dpi:
    pair = sane_dpi(x, y)
    return None if pair is None or unit is None else sane_dpi(pair[0] * unit, pair[1] * unit)


def _with_curve(color: Pixels, profile: Profile | None) -> Pixels:
    """Bring the grays of a picture with a GRAY profile to sRGB, where that makes a difference."""
    if profile is None or profile.space != "GRAY" or color.ndim != 2:
        return color
    curve = gray_curve(profile)
    return color if curve is None else curve[color]


def _split(image: Image.Image, stored: _Stored, profile: Profile | None) -> Split:
    """Return colour and alpha of a loaded picture."""
    if image.mode == "CMYK":
        return _rgb(cmyk_to_srgb(_with_ink(image), profile)), None
    convert = _MODES.get(image.mode)
    return (_rgb(image), None) if convert is None else convert(image, stored)


def _with_ink(image: Image.Image) -> Image.Image:
    """Undo Pillow's inversion for a CMYK JPEG that does not come from Adobe: only Adobe stores 255 for no ink."""
    if image.format in {"JPEG", "MPO"} and "adobe" not in image.info:
        return ImageChops.invert(image)
    return image


def _gray(image: Image.Image, stored: _Stored) -> Split:
    pixels = np.array(image.convert("L"))
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return pixels, None
    # The transparent gray is given in the file's own bits, the pixels have been stretched to 8.
    return pixels, _opaque_unless(pixels == key * _GRAY_STEPS.get(stored.raw, 1))


def _deep_gray(image: Image.Image, stored: _Stored) -> Split:
    levels = 4095 if stored.bits == 12 else 65535
    values = np.asarray(image)
    key = image.info.get("transparency")
    alpha = _opaque_unless(values == key) if isinstance(key, int) else None
    # Scaled and rounded by a table: Pillow's own conversion cuts everything above 255 to white.
    table = np.rint(np.arange(65536) * 255 / levels).clip(0, 255).astype(np.uint8)
    return (255 - table if stored.white_is_zero else table)[values], alpha


def _whole_numbers(image: Image.Image, stored: _Stored) -> Split:
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65535:
        raise _out_of_range(stored, "32-bit whole numbers")
    return ((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8), None


def _floats(image: Image.Image, stored: _Stored) -> Split:
    values = np.asarray(image)
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise _out_of_range(stored, "floating-point numbers outside 0 to 1")
    pixels = np.rint(values * 255).astype(np.uint8)
    return (255 - pixels if stored.white_is_zero else pixels), None


def _colors(image: Image.Image, stored: _Stored) -> Split:
    pixels = _rgb(image)
    key = image.info.get("transparency")
    if not isinstance(key, tuple) or len(key) != 3:
        return pixels, None
    shift = 8 if "16" in stored.raw else 0
    return pixels, _opaque_unless((pixels == np.array([value >> shift for value in key])).all(axis=2))


def _indexed(image: Image.Image, stored: _Stored) -> Split:
    return _with_alpha(image, stored) if "transparency" in image.info else (_rgb(image), None)


def _with_alpha(image: Image.Image, stored: _Stored) -> Split:
    pixels = np.array(image.convert("RGBA"))
    return np.ascontiguousarray(pixels[:, :, :3]), np.ascontiguousarray(pixels[:, :, 3])


def _gray_with_alpha(image: Image.Image, stored: _Stored) -> Split:
    pixels = np.array(image.convert("LA"))
    return np.ascontiguousarray(pixels[:, :, 0]), np.ascontiguousarray(pixels[:, :, 1])


_MODES: dict[str, Callable[[Image.Image, _Stored], Split]] = {
    "1": _gray,
    "L": _gray,
    "LA": _gray_with_alpha,
    "La": _gray_with_alpha,
    "I;16": _deep_gray,
    "I;16B": _deep_gray,
    "I;16L": _deep_gray,
    "I;16N": _deep_gray,
    "I": _whole_numbers,
    "F": _floats,
    "P": _indexed,
    "PA": _with_alpha,
    "RGB": _colors,
    "RGBA": _with_alpha,
    "RGBa": _with_alpha,
}


def _rgb(image: Image.Image) -> Pixels:
    return np.array(image.convert("RGB"))


def _opaque_unless(transparent: NDArray[np.bool_]) -> Pixels:
    return np.where(transparent, np.uint8(0), np.uint8(255))


def _out_of_range(stored: _Stored, what: str) -> UserError:
    return UserError(f"the picture holds {what}", path=stored.path, remedy="save it with 8 or 16 bits a channel")
