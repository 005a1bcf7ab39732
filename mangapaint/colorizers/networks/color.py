"""Colours between sRGB and CIELAB (D65) as tensors: (n, 3, h, w), sRGB 0..1, L 0..100; in single precision."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

WHITE = (0.950456, 1.0, 1.088754)
"""X, Y, Z of white."""
TO_XYZ = ((0.412453, 0.357580, 0.180423), (0.212671, 0.715160, 0.072169), (0.019334, 0.119193, 0.950227))
FROM_XYZ = ((3.240479, -1.537150, -0.498535), (-0.969256, 1.875991, 0.041556), (0.055648, -0.204043, 1.057311))
GAMMA, BEND, SLOPE = 2.4, 0.0031308, 12.92
"""Of sRGB: above the bend, in linear light, it is a power, below a straight line."""
DARK = (6 / 29) ** 3
"""Below this part of white CIELAB is a straight line."""
STEEP = (29 / 3) ** 3
"""L per part of white on that line."""


def lab_from_srgb(rgb: Tensor) -> Tensor:
    """Return CIELAB of sRGB."""
    rgb = rgb.float()
    bent = ((rgb.clamp(min=BEND * SLOPE) + 0.055) / 1.055) ** GAMMA
    xyz = _mixed(torch.where(rgb <= BEND * SLOPE, rgb / SLOPE, bent), TO_XYZ)
    x, y, z = (_root(xyz[:, axis : axis + 1] / white) for axis, white in enumerate(WHITE))
    return torch.cat([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def srgb_from_lab(lab: Tensor) -> Tensor:
    """Return sRGB of CIELAB; what sRGB cannot show is cut off, channel by channel."""
    lab = lab.float()
    y = (lab[:, :1] + 16) / 116
    roots = (y + lab[:, 1:2] / 500, y, y - lab[:, 2:] / 200)
    xyz = torch.cat([_cubed(root) * white for root, white in zip(roots, WHITE, strict=True)], dim=1)
    linear = _mixed(xyz, FROM_XYZ)
    bent = 1.055 * linear.clamp(min=BEND) ** (1 / GAMMA) - 0.055
    return torch.where(linear <= BEND, linear * SLOPE, bent).clamp(0, 1)


def lightness(page: Tensor) -> Tensor:
    """Return CIELAB's L, 0..100, of gray values 0..1, (n, 1, h, w)."""
    page = page.float()
    bent = ((page.clamp(min=BEND * SLOPE) + 0.055) / 1.055) ** GAMMA
    return 116 * _root(torch.where(page <= BEND * SLOPE, page / SLOPE, bent)) - 16


def _mixed(values: Tensor, matrix: Sequence[Sequence[float]]) -> Tensor:
    """Return three weighted sums of three channels; no matrix product, which mixed precision would round."""
    first, second, third = values.unbind(dim=1)
    return torch.stack([a * first + b * second + c * third for a, b, c in matrix], dim=1)


def _root(part: Tensor) -> Tensor:
    """Return CIELAB's cube root, which is a straight line near black."""
    straight = (STEEP * part + 16) / 116
    return torch.where(part <= DARK, straight, part.clamp(min=DARK) ** (1 / 3))


def _cubed(root: Tensor) -> Tensor:
    """Undo ``_root``."""
    return torch.where(root <= 6 / 29, (116 * root - 16) / STEEP, root**3)
