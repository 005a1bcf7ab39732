"""Basins: the areas of paper that would be apart if the holes in the ink were closed, and how wide those holes are.

Descending trapped balls (Zhang, Chen, Zhang, Hu, Martin 2009): the largest ball finds the open areas, smaller ones the
narrower areas beside them. Unlike there no gap is chosen beforehand: every basin is kept with the width of its
openings, so that any gap can be closed or opened afterwards without looking at a pixel again, and closing a wider one
only ever divides further.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.labels import nearest

WIDEST_GAP = 60
"""Pixels; wider holes are openings, not gaps."""
RADII = ((31.0, 8), (22.6, 8), (16.0, 8), (11.3, 4), (8.0, 4), (5.6, 2), (4.0, 2), (2.8, 2), (2.0, 2), (0.9, 1))
"""Radius of the ball, in pixels, and how many times smaller the page is looked at meanwhile: what such a ball fits
into is at least twice as wide as the steps."""
LONG = 2.0
"""What no ball reached is an area of its own where it is this many times longer than its mouth is wide: a lock of hair
that is open at its end."""
THIN_LINE = 5
"""Half the thickness of lines that are divided to the pixel; in thicker ink the middle is found at half size."""
SMALLEST = 8
"""Areas of fewer pixels are specks in the ink, not regions."""

Numbers = NDArray[np.uint16] | NDArray[np.float32]
"""Labels in a type that cv2 can dilate: 16 bits where they suffice."""

_ALL, _FIRST, _LAST = slice(None), slice(None, -1), slice(1, None)
_BESIDE = (((_ALL, _FIRST), (_ALL, _LAST)), ((_ALL, _LAST), (_ALL, _FIRST)),
           ((_FIRST, _ALL), (_LAST, _ALL)), ((_LAST, _ALL), (_FIRST, _ALL)))  # fmt: skip
"""Index pairs that lay an array beside itself, shifted by one pixel each way."""


@dataclass(frozen=True, eq=False)
class Basins:
    """The finest division of a page.

    ``labels`` is int32 (H, W), 0..count-1; ink belongs to the nearest basin, so that two meet in mid-line. ``peaks``
    is float32 (count,): the radius in pixels of the largest ball that fits in (at most the largest of ``RADII`` tells
    basins apart). ``long`` is bool (count,): narrow and open at an end, as a lock of hair. ``depth`` is float32 (H, W):
    each pixel's distance to the nearest ink.
    """

    labels: NDArray[np.int32]
    peaks: NDArray[np.float32]
    long: NDArray[np.bool_]
    depth: NDArray[np.float32]


def basins(paper: NDArray[np.bool_]) -> Basins:
    """Divide a page, bool (H, W), True where there is no ink, into basins; at least one."""
    depth = cv2.distanceTransform(paper.view(np.uint8), cv2.DIST_L2, 5)
    labels, found = np.zeros((1, 1), np.int32), _Found(np.zeros(1, np.float32), np.zeros(1, bool))
    for (above, coarser), (radius, step) in pairwise(((RADII[0]), *RADII)):
        small = np.ascontiguousarray(depth[::step, ::step])
        labels, found = _descended(_at_size(labels, small.shape, coarser // step), found, small, radius,
                                   grow=int((above - radius) / step) + 1)  # fmt: skip
    if len(found.peaks) == 1:
        return Basins(np.zeros(paper.shape, np.int32), np.ones(1, np.float32), np.zeros(1, bool), depth)
    return Basins(_under_ink(labels), found.peaks[1:], found.long[1:], depth)


@dataclass(frozen=True)
class _Found:
    """What is known of the basins so far; the first entry stands for none."""

    peaks: NDArray[np.float32]
    long: NDArray[np.bool_]

    def joined(self, peaks: NDArray[np.float32], long: NDArray[np.bool_]) -> _Found:
        return _Found(np.concatenate([self.peaks, peaks]), np.concatenate([self.long, long]))


def _at_size(labels: NDArray[np.int32], shape: tuple[int, ...], times: int) -> NDArray[np.int32]:
    """Enlarge a label map a whole number of times and cut it to shape; the first one is empty."""
    if labels.size == 1 and shape != (1, 1):
        return np.zeros(shape, np.int32)
    if times > 1:
        labels = np.repeat(np.repeat(labels, times, axis=0), times, axis=1)
    return np.ascontiguousarray(labels[: shape[0], : shape[1]])


def _descended(labels: NDArray[np.int32], found: _Found, depth: NDArray[np.float32], radius: float,
               *, grow: int) -> tuple[NDArray[np.int32], _Found]:  # fmt: skip
    """Go down to a smaller ball: known basins grow, and what belongs to none is a new one.

    ``labels`` is 1..n (0: none yet). Returns the labels and what is known of the basins for this ball.
    """
    reached = depth > radius
    finest = radius < 1
    grown = _grown(labels, reached, grow, stamps=_STAMPS[:1] if finest else _STAMPS)
    rest = reached & (grown == 0)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(rest.view(np.uint8), connectivity=4 if finest else 8,
                                                               ltype=cv2.CV_32S)  # fmt: skip
    areas = stats[:count, cv2.CC_STAT_AREA]
    owner, touched = _owners(grown, pieces, areas)
    new = (owner == 0) & (areas >= (SMALLEST if finest else 1))
    new[0] = False
    owner[new] = len(found.peaks) + np.arange(int(new.sum()))
    at = np.flatnonzero(rest)
    which = pieces.ravel()[at]
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, which, depth.ravel()[at])
    grown.ravel()[at] = owner[which]
    return grown, found.joined(deepest[new], touched[new])


_STAMPS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)), np.ones((3, 3), np.uint8)
"""By turns they make an octagon, which is near enough to a disc; the cross alone never slips through a slanting line."""


def _grown(labels: NDArray[np.int32], within: NDArray[np.bool_], times: int,
           *, stamps: tuple[NDArray[np.uint8], ...] = _STAMPS) -> NDArray[np.int32]:  # fmt: skip
    """Let labels grow by so many pixels into what is not labelled, and nowhere else."""
    numbers = _numbers(labels)
    for turn in range(times):
        wider = cv2.dilate(numbers, stamps[turn % len(stamps)])
        np.copyto(numbers, wider, where=within & (numbers == 0))
    return np.asarray(numbers, dtype=np.int32)


def _numbers(labels: NDArray[np.int32]) -> Numbers:
    return labels.astype(np.uint16 if labels.max() < 1 << 16 else np.float32)


def _owners(labels: NDArray[np.int32], pieces: NDArray[np.int32],
            areas: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:  # fmt: skip
    """Return for each piece the label it belongs to, 0 where it is an area of its own, and whether it touches any.

    It belongs to the label it touches most, unless it touches none or is long beside all its mouths.
    """
    owner, mouths = np.zeros(len(areas), np.int32), np.zeros(len(areas))
    pairs = np.concatenate([_contacts(pieces[a], labels[b]) for a, b in _BESIDE])
    if len(pairs):
        keys, contact = np.unique(pairs, return_counts=True)
        order = np.argsort(contact, kind="stable")
        owner[keys[order] >> 32] = keys[order] & 0xFFFFFFFF
        mouths = np.bincount(keys >> 32, contact, len(areas))
        owner[areas > LONG * mouths**2] = 0
    return owner, mouths > 0


def _contacts(pieces: NDArray[np.int32], labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return (piece << 32 | label) for every pair of neighbouring pixels of which one is either."""
    meet = (pieces > 0) & (labels > 0)
    return (pieces[meet].astype(np.int64) << 32) | labels[meet]


def _under_ink(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Let basins (1..n) grow under the ink until they meet in mid-line; 0..n-1."""
    everywhere = np.ones(labels.shape, bool)
    grown = _grown(labels, everywhere, THIN_LINE)
    bare = grown == 0
    if bare.any():
        filled, _ = nearest(np.ascontiguousarray(grown[::2, ::2]))
        grown[bare] = _at_size(filled, grown.shape, 2)[bare] if filled.any() else nearest(grown)[0][bare]
    return grown - 1
