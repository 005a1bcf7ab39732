"""Reading pictures: pages, references and hints as arrays; PNG out."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Page, Picture, Pixels, Reference
from mangapaint.errors import UserError
from mangapaint.formats.decoding import Decoded, decoded, on_white
from mangapaint.formats.header import FORMATS, LIMIT_MEGAPIXELS, ImageFormat, opened
from mangapaint.formats.writing import write_png

__all__ = [
    "FORMATS",
    "LIMIT_MEGAPIXELS",
    "ImageFormat",
    "decode",
    "read",
    "read_hints",
    "read_page",
    "read_reference",
    "write_png",
]


def read(path: Path, *, limit_megapixels: float = LIMIT_MEGAPIXELS) -> Picture:
    """Read a PNG, JPEG, WebP or TIFF file; raise ``UserError`` whatever is wrong with it.

    16-bit pictures are rounded to 8 bits, several pages or frames give the first, EXIF orientation is applied,
    CMYK becomes sRGB. ``limit_megapixels`` is compared with the header before anything is decoded.
    """
    return Picture(**_fields(_decoded(path, path.name, limit_megapixels), path.name, path))


def read_page(path: Path, *, limit_megapixels: float = LIMIT_MEGAPIXELS) -> Page:
    """Read a page, like ``read``."""
    return Page(**_fields(_decoded(path, path.name, limit_megapixels), path.name, path))


def read_reference(path: Path, *, limit_megapixels: float = LIMIT_MEGAPIXELS) -> Reference:
    """Read a reference, like ``read``."""
    return Reference(**_fields(_decoded(path, path.name, limit_megapixels), path.name, path))


def decode(data: bytes, name: str, *, limit_megapixels: float = LIMIT_MEGAPIXELS) -> Page:
    """Decode the bytes of a picture file, like ``read``; ``name`` stands for the file in the page and in errors."""
    return Page(**_fields(_decoded(data, name, limit_megapixels), name, None))


def read_hints(
    path: Path, size: tuple[int, int], *, limit_megapixels: float = LIMIT_MEGAPIXELS
) -> tuple[Pixels, NDArray[np.bool_]]:
    """Read hints drawn in another program: a picture of the page's ``size`` (height, width) on a transparent ground.

    Returns colours (H, W, 3) uint8, black where there is no hint, and the mask (H, W), True where the picture is
    opaque (alpha 128 and more). Raises ``UserError`` like ``read``, and for a picture of another size, without
    transparency, or with nothing drawn on it.
    """
    found = _decoded(path, path.name, limit_megapixels)
    height, width = found.color.shape[:2]
    if (height, width) != size:
        raise UserError(
            f"the hints are {width} x {height} pixels but the page is {size[1]} x {size[0]}",
            path=path,
            remedy="draw the hints on a layer of the page's own size",
        )
    if found.alpha is None:
        raise UserError(
            "the hints have no transparency, so they cannot be told from the paper",
            path=path,
            remedy="export only the hint layer, as PNG with a transparent background",
        )
    mask = found.alpha >= 128
    if not mask.any():
        raise UserError("there is no hint in it, all is transparent", path=path, remedy="export the layer with hints")
    colors = found.color if found.color.ndim == 3 else np.repeat(found.color[:, :, None], 3, axis=2)
    return np.where(mask[:, :, None], colors, np.uint8(0)), mask


class _Fields(TypedDict):
    pixels: Pixels
    name: str
    path: Path | None
    dpi: tuple[float, float] | None
    icc: bytes | None


def _decoded(source: Path | bytes, name: str, limit_megapixels: float) -> Decoded:
    with opened(source, name=name, limit_megapixels=limit_megapixels) as image:
        return decoded(image, source if isinstance(source, Path) else Path(name))


def _fields(found: Decoded, name: str, path: Path | None) -> _Fields:
    return _Fields(pixels=on_white(found), name=name, path=path, dpi=found.dpi, icc=found.icc)
