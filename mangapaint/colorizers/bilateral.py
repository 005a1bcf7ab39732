"""A joint bilateral filter: means over what lies near and looks alike in a picture that guides."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


def joint_bilateral(values: Field, guide: Field, *, radius: int, near: float, alike: float) -> Field:
    """Return weighted means of ``values``, float32 (h, w, c), over the pixels up to ``radius`` away.

    ``guide`` is float32 (h, w); weights are Gaussians of the distance, deviation ``near`` in pixels, times those of
    the difference in the guide, deviation ``alike`` in its units. Beyond the border there is nothing.
    """
    height, width = guide.shape
    total = np.zeros(values.shape, np.float32)
    weights = np.zeros(guide.shape, np.float32)
    for down, right in product(_shifts(radius, height), _shifts(radius, width)):
        rows, columns = _parts(height, down), _parts(width, right)
        here, there = (rows[0], columns[0]), (rows[1], columns[1])
        share = np.float32(np.exp(-(down**2 + right**2) / (2 * near**2)))
        weight = share * np.exp((guide[here] - guide[there]) ** 2 * np.float32(-0.5 / alike**2))
        total[here] += weight[..., None] * values[there]
        weights[here] += weight
    return total / weights[..., None]


def _shifts(radius: int, length: int) -> range:
    """Return the shifts that leave something of so many pixels."""
    most = min(radius, length - 1)
    return range(-most, most + 1)


def _parts(length: int, shift: int) -> tuple[slice, slice]:
    """Return the pixels that have one so far away, and those that these have."""
    first, last = max(0, -shift), length - max(0, shift)
    return slice(first, last), slice(first + shift, last + shift)
