"""Embedded colour profiles: which are kept, and which are applied because nothing later could."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageCms

from mangapaint.document.page import Pixels

# Gamma 2.2, the usual gray profile, differs from sRGB by 9 of 255 in the darks at most; gamma 1.8 and the dot gain
# curves of print by 19 and more. Below this bound the page's values are better left as they were drawn.
_GRAY_TOLERANCE = 12


@dataclass(frozen=True)
class Profile:
    """An embedded profile that the colour engine accepts; ``space`` is "RGB", "GRAY", "CMYK" or another."""

    icc: bytes
    space: str


def profile_of(icc: object) -> Profile | None:
    """Return the profile in ``icc``, or None where there is none or its bytes are broken."""
    if not isinstance(icc, bytes) or not icc:
        return None
    try:
        found = Profile(icc, ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile.xcolor_space.strip())
        if found.space == "RGB":
            _transform(found, "RGB")  # a header alone proves little: one that cannot be applied is no profile
    except Exception:  # the bytes come from anywhere; a page does not become unreadable by its profile
        return None
    return found


def gray_curve(profile: Profile) -> Pixels | None:
    """Return the sRGB gray (256,) uint8 for every gray of a GRAY profile; None where it is near enough to none."""
    ramp = np.arange(256, dtype=np.uint8)
    try:
        # Unoptimized: for 8 bits the engine's short cut is off by 10 in the darks of a linear profile.
        picture = _transform(profile, "L", ImageCms.Flags.NOOPTIMIZE).apply(Image.fromarray(ramp[None, :]))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    curve = np.array(picture)[0, :, 1]
    return curve if np.abs(curve.astype(int) - ramp).max() > _GRAY_TOLERANCE else None


def cmyk_to_srgb(image: Image.Image, profile: Profile | None) -> Image.Image:
    """Convert a CMYK picture to sRGB, through its profile where it has a usable one."""
    if profile is not None and profile.space == "CMYK":
        try:
            return _transform(profile, "CMYK").apply(image)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: as without one
    return image.convert("RGB")


def _transform(profile: Profile, mode: str, flags: ImageCms.Flags = ImageCms.Flags.NONE) -> ImageCms.ImageCmsTransform:
    """Prepare the way from a profile to sRGB for pictures of Pillow's ``mode``."""
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile.icc)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        # Without it the black of printing ink comes out dark gray, and line art is mostly that.
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION | flags,
    )
