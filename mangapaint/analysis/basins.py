"""Basins: the areas of paper that would be apart if the holes in the ink were closed, and how wide those holes are.

Descending trapped balls (Zhang, Chen, Zhang, Hu, Martin 2009): the largest ball finds the open areas, smaller ones the
narrower areas beside them. Unlike there no gap is chosen beforehand: every basin is kept with the width of its
openings, so that any gap can be closed or opened afterwards without looking at a pixel again, and closing a wider one
only ever divides further.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.labels import Labels, nearest
from mangapaint.document.page import Pixels

RADII = ((31.0, 8), (22.6, 8), (16.0, 8), (11.3, 4), (8.0, 4), (5.6, 2), (4.0, 2), (2.8, 2), (2.0, 2), (0.9, 1))
"""Radius of the ball, in pixels, and how many times smaller the page is looked at meanwhile: what such a ball fits
into is at least twice as wide as the steps."""
LONG = 2.0
"""What no ball reached is an area of its own where it is this many times longer than its mouth is wide, ..."""
FLARE = 0.42
"""... and where outside of the mouth the paper gets wider on each side by this part of the way: a lock of hair that is
open at its end. The corner or the tip of an area is no lock; there it gets wider only little by little."""
THIN_LINE = 5
"""Half the thickness of lines that are divided to the pixel; in thicker ink the middle is found at half size."""
SMALLEST = 8
"""Areas of fewer pixels are specks in the ink, not regions."""
DEPTH_LEVELS = 4
"""Levels a pixel of depth, where depth is compared in 8 bits."""

Numbers = NDArray[Any]
"""Labels 1..n (0: none) in a type that cv2 can dilate: uint16 where that suffices, otherwise float32."""

_CROSS, _SQUARE = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)), np.ones((3, 3), np.uint8)
_OCTAGON = _CROSS, _SQUARE
"""By turns they make an octagon, which is near enough to a disc; the cross alone slips through no slanting line."""


@dataclass(frozen=True, eq=False)
class Basins:
    """The finest division of a page.

    ``labels`` is (H, W), uint16 or int32, 0..count-1; ink belongs to the nearest basin, so that two meet in mid-line.
    ``peaks`` is float32 (count,): the radius in pixels of the largest ball that fits in (where it is beyond the
    largest of ``RADII``, basins are not told apart). ``long`` is bool (count,): narrow and open at an end, as a lock
    of hair. ``depth`` is float32 (H, W): each pixel's distance to the nearest ink, 0 in ink and in specks of paper.
    """

    labels: Labels
    peaks: NDArray[np.float32]
    long: NDArray[np.bool_]
    depth: NDArray[np.float32]

    @property
    def count(self) -> int:
        """How many basins there are, at least one."""
        return len(self.peaks)


def basins(paper: NDArray[np.bool_]) -> Basins:
    """Divide a page, bool (H, W), True where there is no ink, into basins; at least one."""
    depth = cv2.distanceTransform(paper.view(np.uint8), cv2.DIST_L2, 5)
    numbers: Numbers = np.zeros(_sampled(depth, RADII[0][1]).shape, np.uint16)
    found = _Found(np.zeros(1, np.float32), np.zeros(1, bool))
    for (above, coarser), (radius, step) in pairwise((RADII[0], *RADII)):
        small, ball = _sampled(depth, step), _Ball(radius, step, above, coarser)
        numbers, found = _descended(_enlarged(numbers, small.shape, coarser // step), found, small, ball)
    if len(found.peaks) == 1:
        return Basins(np.zeros(paper.shape, np.uint16), np.ones(1, np.float32), np.zeros(1, bool), depth)
    depth[numbers == 0] = 0  # else basins that meet in the middle of a speck would seem to have a hole there
    return Basins(_under_ink(numbers), found.peaks[1:], found.long[1:], depth)


@dataclass(frozen=True)
class _Found:
    """What is known of the basins so far; the first entry stands for none."""

    peaks: NDArray[np.float32]
    long: NDArray[np.bool_]

    def joined(self, peaks: NDArray[np.float32], long: NDArray[np.bool_]) -> _Found:
        return _Found(np.concatenate([self.peaks, peaks]), np.concatenate([self.long, long]))


@dataclass(frozen=True)
class _Ball:
    """One size of the ball and how many times smaller the page is looked at; both of the next larger ball."""

    radius: float
    step: int
    above: float
    coarser: int

    @property
    def finest(self) -> bool:
        return self.radius < 1

    @property
    def growth(self) -> int:
        """How many steps further than the larger ball this one gets, about."""
        return int((self.above - self.radius) / self.step) + 1

    @property
    def reach(self) -> int:
        """How many steps about a mouth are its surroundings: the width of the widest areas the larger ball left."""
        return round((2 * self.above + self.coarser) / self.step)

    @property
    def sure(self) -> float:
        """What an area's peak must come to if its pixels are to hang together at this size."""
        return self.radius if self.finest else self.radius + self.step / 2

    @property
    def stamps(self) -> tuple[Pixels, ...]:
        return (_CROSS,) if self.finest else _OCTAGON


def _sampled(depth: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Return the depth at one pixel of each square of ``step``, in its middle unless the page's edge cuts that off."""
    down, right = (min(step // 2, (side - 1) % step) for side in depth.shape)
    return np.ascontiguousarray(depth[down::step, right::step])


def _enlarged(numbers: Numbers, shape: tuple[int, ...], times: int) -> Numbers:
    """Enlarge a label map a whole number of times and cut it to shape."""
    if times > 1:
        numbers = np.repeat(np.repeat(numbers, times, axis=1), times, axis=0)
    return np.ascontiguousarray(numbers[: shape[0], : shape[1]])


def _descended(numbers: Numbers, found: _Found, depth: NDArray[np.float32],
               ball: _Ball) -> tuple[Numbers, _Found]:  # fmt: skip
    """Go down to a smaller ball: known basins grow, and what belongs to none is a new one.

    ``numbers`` is changed in place where its type allows. Returns the labels and what is known of the basins.
    """
    reached = depth > ball.radius
    _grow(numbers, reached, ball.growth, ball.stamps)
    pieces = _pieces(reached & (numbers == 0), depth, ball)
    contacts = _contacts(pieces, numbers)
    owner, owners = contacts.owners(pieces.count)
    large = pieces.areas >= (SMALLEST if ball.finest else 1)
    long = large & (owners > 0) & (pieces.areas > LONG * np.square(contacts.mouths(pieces.count)))
    if long.any():
        long &= _flaring(contacts, pieces, _widest_near(numbers, depth, ball), ball)
    new = large & (long | (owners == 0)) & (pieces.peaks >= ball.sure)
    owner[long] = 0
    owner[new] = len(found.peaks) + np.arange(int(new.sum()))
    if int(owner.max(initial=0)) >= 1 << 16 and numbers.dtype == np.uint16:
        numbers = numbers.astype(np.float32)
    _claim(numbers, pieces, owner, (owners > 1) & ~long, ball)
    return numbers, found.joined(pieces.peaks[new], long[new])


def _grow(numbers: Numbers, within: NDArray[np.bool_] | None, times: int, stamps: tuple[Pixels, ...]) -> None:
    """Let labels grow in place by so many pixels into what is not labelled, and nowhere but ``within``."""
    # The same two buffers each time: fresh memory for a page takes longer than the work in it.
    bare, wider = np.empty(numbers.shape, bool), np.empty_like(numbers)
    for turn in range(times):
        np.equal(numbers, 0, out=bare)
        if within is not None:
            np.logical_and(bare, within, out=bare)
        cv2.dilate(numbers, stamps[turn % len(stamps)], dst=wider)
        cv2.copyTo(wider, bare.view(np.uint8), numbers)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Connected areas that belong to no basin yet, 0..count-1.

    ``at`` (N,) are their pixels in a map laid flat, ``which`` (N,) the piece of each. Of each piece, (count,):
    ``areas`` in pixels, ``peaks`` its largest depth.
    """

    at: NDArray[np.intp]
    which: NDArray[np.intp]
    areas: NDArray[np.intp]
    peaks: NDArray[np.float32]

    @property
    def count(self) -> int:
        return len(self.areas)


def _pieces(rest: NDArray[np.bool_], depth: NDArray[np.float32], ball: _Ball) -> _Pieces:
    """Take a mask, bool (H, W), apart."""
    count, labels = cv2.connectedComponents(rest.view(np.uint8), connectivity=4 if ball.finest else 8, ltype=cv2.CV_32S)
    at = np.flatnonzero(rest)
    which = labels.ravel()[at].astype(np.intp) - 1
    peaks = np.zeros(count - 1, np.float32)
    np.maximum.at(peaks, which, depth.ravel()[at])
    return _Pieces(at, which, np.bincount(which, minlength=count - 1), peaks)


@dataclass(frozen=True, eq=False)
class _Contacts:
    """Pairs of neighbouring pixels, (N,): one of a ``piece``, the other, at ``beside``, of the basin ``label``."""

    piece: NDArray[np.intp]
    label: NDArray[np.intp]
    beside: NDArray[np.intp]

    def mouths(self, count: int) -> NDArray[np.intp]:
        """Return along how many pixels each piece touches basins."""
        return np.bincount(self.piece, minlength=count)

    def owners(self, count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return for each piece the basin that it touches most, 0 for none, and how many it touches."""
        owner = np.zeros(count, np.intp)
        keys, contact = np.unique((self.piece << 32) | self.label, return_counts=True)
        order = np.argsort(contact, kind="stable")
        owner[keys[order] >> 32] = keys[order] & 0xFFFFFFFF
        return owner, np.bincount(keys >> 32, minlength=count)


def _contacts(pieces: _Pieces, numbers: Numbers) -> _Contacts:
    labels, found = numbers.ravel(), []
    for beside, inside in _beside(pieces.at, numbers.shape, _CROSS):
        label = labels[beside]
        touching = np.flatnonzero((label > 0) & inside)
        found.append((pieces.which[touching], label[touching].astype(np.intp), beside[touching]))
    return _Contacts(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _beside(at: NDArray[np.intp], shape: tuple[int, ...],
            stamp: Pixels) -> Iterator[tuple[NDArray[np.intp], NDArray[np.bool_]]]:  # fmt: skip
    """Yield the neighbours of pixels of a map laid flat, and whether they are on the page; if not, the pixels instead.

    ``stamp`` says which neighbours, 3 x 3 with the pixel in the middle.
    """
    y, x = np.divmod(at, shape[1])
    for down, right in np.argwhere(stamp).tolist():
        if (down, right) != (1, 1):
            inside = np.ones(len(at), bool) if down == 1 else y > 0 if down < 1 else y < shape[0] - 1
            if right != 1:
                inside &= x > 0 if right < 1 else x < shape[1] - 1
            yield np.where(inside, at + (down - 1) * shape[1] + right - 1, at), inside


def _widest_near(numbers: Numbers, depth: NDArray[np.float32], ball: _Ball) -> Pixels:
    """Return for each pixel of a basin the largest depth nearby within basins, in ``DEPTH_LEVELS`` a pixel, uint8."""
    within = (numbers > 0).view(np.uint8) * np.uint8(255)
    widest = cv2.bitwise_and(cv2.convertScaleAbs(depth, alpha=DEPTH_LEVELS), within)
    for turn in range(ball.reach):
        widest = cv2.bitwise_and(cv2.dilate(widest, _OCTAGON[turn % 2]), within)
    return np.asarray(widest, dtype=np.uint8)


def _flaring(contacts: _Contacts, pieces: _Pieces, widest: Pixels, ball: _Ball) -> NDArray[np.bool_]:
    """Tell the pieces outside of whose mouths the paper soon gets wider than in them, bool (count,)."""
    outside = np.zeros(pieces.count, np.uint8)
    np.maximum.at(outside, contacts.piece, widest.ravel()[contacts.beside])
    return outside >= DEPTH_LEVELS * (pieces.peaks + FLARE * ball.reach * ball.step)


def _claim(numbers: Numbers, pieces: _Pieces, owner: NDArray[np.intp], shared: NDArray[np.bool_],
           ball: _Ball) -> None:  # fmt: skip
    """Give the pieces to their owners, in place; in those that are ``shared`` all basins around meet in the middle."""
    flat, owners, divided = numbers.ravel(), owner[pieces.which], shared[pieces.which]
    flat[pieces.at] = np.where(divided, 0, owners)
    at, owners = pieces.at[divided], owners[divided]
    for turn in range(ball.reach):
        if not len(at):
            return
        stamp = ball.stamps[turn % len(ball.stamps)]
        around = np.max([flat[beside] for beside, _ in _beside(at, numbers.shape, stamp)], axis=0)
        flat[at] = around
        at, owners = at[around == 0], owners[around == 0]
    flat[at] = owners


def _under_ink(numbers: Numbers) -> Labels:
    """Let basins (1..n) grow under the ink until they meet in mid-line; 0..n-1."""
    _grow(numbers, None, THIN_LINE, _OCTAGON)
    labels: NDArray[Any] = numbers if numbers.dtype == np.uint16 else numbers.astype(np.int32)
    bare = labels == 0
    if bare.any():
        some = np.ascontiguousarray(labels[::2, ::2])
        filled = _enlarged(nearest(some), labels.shape, 2) if some.any() else nearest(labels)
        np.copyto(labels, filled, where=bare)
    labels -= 1
    return labels
