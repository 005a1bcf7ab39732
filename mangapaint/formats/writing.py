"""Writing pictures: PNG, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from mangapaint.document.page import Pixels
from mangapaint.formats.atomic import written_beside
from mangapaint.formats.decoding import sane_dpi
from mangapaint.formats.profiles import profile_of


def write_png(
    path: Path,
    pixels: Pixels,
    *,
    dpi: tuple[float, float] | None = None,
    icc: bytes | None = None,
    compress: int = 1,
) -> None:
    """Write gray (H, W), RGB (H, W, 3) or RGBA (H, W, 4) uint8 pixels as PNG; an earlier file stays until it is done.

    ``dpi`` is pixels per inch (x, y), left out where it is nonsense. ``icc`` is an RGB profile; it is left out of a
    gray file, where it must not stand, and where its bytes are broken. ``compress`` is zlib's level, 0..9: 1 is
    nearly as small as 6 for drawings and several times faster.

    Raises ``UserError`` where the file cannot be written, ``ValueError`` for pixels of another shape or type.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)):
        raise ValueError(f"cannot write {pixels.dtype} pixels of shape {pixels.shape} as PNG")
    if pixels.size == 0:
        raise ValueError("cannot write a picture without pixels")
    image = Image.fromarray(np.ascontiguousarray(pixels))
    profile = profile_of(icc) if pixels.ndim == 3 else None
    with written_beside(path, suffix=".png") as file:
        image.save(
            file,
            "PNG",
            compress_level=compress,
            dpi=None if dpi is None else sane_dpi(*dpi),
            icc_profile=profile.icc if profile is not None and profile.space == "RGB" else None,
        )
