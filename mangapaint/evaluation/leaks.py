"""How much colour runs over the borders that the truth has, where a gray page may show none.

1. Areas of even colour: connected pixels of the truth (smoothed by a median) whose CIELAB neighbours hardly differ.
   Specks, the slope of an anti-aliased or JPEG-blurred edge, and ink too dark to show a hue belong to no area; they
   are divided among the areas nearest to them, so a border runs in the middle of a line.
2. Strong borders: where two areas meet whose a,b differ by more than 20 on the spot.
3. The band: pixels of areas within 6 px of a strong border whose result is coloured. One leaks if its a,b are visibly
   wrong and lie between the truth of its own side and the truth across the border, a third of the way or more. (Half
   the way would never be reached by blur, however wide, and that is a leak, too.) Colours that are wrong in another
   way are none.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.evaluation.metrics import NEAR, NEUTRAL, Field, Mask, lab

BAND = 6.0
"""How far from a border, in pixels, colour is looked at."""
STRONG = 20.0
"""Distance in a,b from which on two sides of a border are of different colour for anyone."""
EVEN = 6.0
"""CIELAB range among the neighbours of a pixel up to which it lies in an area, not on an edge."""
SPECK = 30
"""Pixels an area has at the least."""
TOWARDS = 1 / 3
"""The part of the way to the colour across the border from which on a pixel leaks."""
ASTRAY = 20.0
"""Distance in a,b from that way up to which a colour can still have come from across the border."""
DARK = 20.0
"""L below which no hue shows."""


def leak(result: Pixels, truth: Pixels) -> float:
    """Return the part of the coloured pixels at strong true borders that have the other side's colour.

    Both are uint8 RGB (H, W, 3). Nan where the truth has no strong border or the result no colour there.
    """
    own, across, band = _sides(truth)
    ours = lab(result)[..., 1:]
    counted = band & (np.linalg.norm(ours, axis=2) > NEUTRAL)
    if not counted.any():
        return float("nan")
    return float(_between(ours[counted], own[counted], across[counted]).mean())


def _between(ours: Field, own: Field, across: Field) -> Mask:
    """Say of each a,b (N, 2) whether it has come from across the border."""
    way, gone = across - own, ours - own
    part = np.clip((gone * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-6), 0, 1)
    astray = np.linalg.norm(gone - part[:, None] * way, axis=1)
    return np.asarray((part >= TOWARDS) & (astray <= ASTRAY) & (np.linalg.norm(gone, axis=1) > NEAR))


def _sides(truth: Pixels) -> tuple[Field, Field, Mask]:
    """Return the true a,b of each pixel's own side and of the side across its border, and the band."""
    even = lab(np.asarray(cv2.medianBlur(truth, 3), dtype=np.uint8))
    areas, core = _areas(even)
    home = _nearest(core)
    labels, ab = areas.ravel()[home], even[..., 1:].reshape(-1, 2)[home]
    other = _partners(labels, ab)
    marked = other >= 0
    if not marked.any():
        return ab, ab, np.zeros(core.shape, bool)
    near, far = _nearest(marked), cv2.distanceTransform((~marked).view(np.uint8), cv2.DIST_L2, 5)
    band = core & (far <= BAND) & (labels.ravel()[near] == labels)
    across = ab.reshape(-1, 2)[other.ravel()[near]]
    return ab, across, band


def _areas(even: Field) -> tuple[NDArray[np.int32], Mask]:
    """Return the areas of even colour as labels, int32 (H, W), and which pixels belong to one."""
    square = np.ones((3, 3), np.uint8)
    span = np.linalg.norm(cv2.dilate(even, square) - cv2.erode(even, square), axis=2)
    core = (span <= EVEN) & (even[..., 0] >= DARK)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(core.view(np.uint8), connectivity=4)
    core &= stats[labels, cv2.CC_STAT_AREA] >= SPECK
    if not core.any():
        core[:] = True
    return np.asarray(labels, dtype=np.int32), core


def _nearest(mask: Mask) -> NDArray[np.intp]:
    """Return for each pixel the flat index of the nearest pixel of a mask, which has one, (H, W)."""
    _, number = cv2.distanceTransformWithLabels(
        (~mask).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )  # fmt: skip
    where = np.zeros(int(number.max()) + 1, np.intp)
    where[number[mask]] = np.flatnonzero(mask)
    return where[number]


def _partners(labels: NDArray[np.int32], ab: Field) -> NDArray[np.intp]:
    """Return for each pixel at a strong border the flat index of its neighbour across it; -1 for all others."""
    index = np.arange(labels.size).reshape(labels.shape)
    found = np.full(labels.shape, -1, np.intp)
    for here, there in (
        ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
        ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
    ):
        strong = (labels[here] != labels[there]) & (np.linalg.norm(ab[here] - ab[there], axis=2) > STRONG)
        found[here][strong] = index[there][strong]
        found[there][strong] = index[here][strong]
    return found
