"""The commonest colour of each group of pixels: a mode, never a mean of different colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

MODE_BITS = 4
"""Leading bits of a channel by which colours count as one unless it is said otherwise."""


def commonest(colors: Pixels, groups: NDArray[np.int64], count: int, *, fallback: Pixels,
              bits: int = MODE_BITS) -> Pixels:  # fmt: skip
    """Return the commonest colour of each group, uint8 (count, 3): the mean of what falls into the fullest cell.

    ``colors`` is uint8 (n, 3), ``groups`` (n,) 0..count-1; groups without a member get theirs from ``fallback``.
    ``bits`` are the leading bits of a channel by which colours fall into one cell.
    """
    out = fallback.astype(np.uint8).copy()
    if not len(groups):
        return out
    cell = (colors >> (8 - bits)).astype(np.int64) @ np.array([1 << 2 * bits, 1 << bits, 1])
    keys = (groups << 3 * bits) | cell
    cells, counts = np.unique(keys, return_counts=True)  # much quicker than to say of each pixel which it is in
    owners = cells >> 3 * bits
    order = np.lexsort((-counts, owners))
    first = order[np.unique(owners[order], return_index=True)[1]]
    fullest = np.full(count, -1, np.int64)
    fullest[owners[first]] = cells[first]
    inside = keys == fullest[groups]
    members, chosen = groups[inside], owners[first]
    sums = np.stack([np.bincount(members, colors[inside, channel], count) for channel in range(3)], axis=1)
    out[chosen] = np.rint(sums[chosen] / counts[first, None])
    return out
