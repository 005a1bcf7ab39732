"""Panels of a page in reading order, and which of its regions are the margins and gutters around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.rect import Rect

Mask = NDArray[np.bool_]

MOST_CUTS = 400
"""Cuts that are tried on one part of a page."""
WORKING_SIDE = 800
"""Panels are found on a page reduced to this many pixels on its longer side."""
SMALLEST_PAGE = 64
"""A page narrower than this, in reduced pixels, has no panels."""
FAINT = 12
"""Of 255: how much ink a reduced pixel needs. Little, so that thin frames stay closed."""
CLOSINGS = (0, 1, 2, 4)
"""Reduced pixels by which broken frames are closed, tried in turn; what is found with less is found better."""
THIN = 0.05
"""Of the longer side: bare paper nowhere further than this from ink, running to the border, is margin or gutter."""
SIDE_HELD = 0.8
"""A region that holds more than this part of two sides of the page is its margin."""
LITTLE_INK = 0.02
"""Of the ink: when no more is left, all panels are found."""
SMALLEST_AREA = 0.02
"""Of the page: smaller things are no panels."""
SMALLEST_SIDE = 0.05
"""Of the page's shorter side: narrower things are no panels."""
ROW_FILLED = 0.5
"""Rows and columns less filled than this, at a panel's rim, are bubbles and heads that reach out of it."""
GUTTER_BRIDGED = 0.6
"""A gutter is still one when bubbles and figures cover up to this part of it."""
RECTANGLE_FILLED = 0.85
"""A panel fills its rectangle at least so far."""
STRAIGHT_PART = 0.7
"""A side of a panel is straight for at least this part of its length."""
UPRIGHT = 0.08
"""Slope up to which a side is a rotated upright one; with more, the panel lies between oblique gutters."""
STRAIGHT_WITHIN = 0.005
"""Of the page's longer side: how far a straight side may waver; and no more than four times that of the panel's own."""
SAME_PART = 0.7
"""Two rectangles that share so much of the smaller are one panel; those between oblique gutters share less."""
KEPT_PART = 0.75
"""Of a panel: at least so much lies in its rectangle, not in what reaches out of it."""
POLYGON_SOLIDITY = 0.93
"""A panel between oblique gutters has a convex hull that three to five corners describe so well,"""
UPRIGHT_PART = 0.92
"""Upright rectangles that leave more than the rest of it uncovered do not describe it."""
OBLIQUE_AREA = 0.05
"""Of the page: its rectangle is at least so large (bodies have straight sides, too),"""
POLYGON_FILLED = 0.9
"""and fills it at least so far."""
PANELS_PART = 0.5
"""Framed panels cover at least this part of a page that has panels; otherwise the page is one drawing."""
PANELS_BLED = 3
"""A page without a margin on any side has panels only if it has so many: two parts may be earth and sky."""
BARE_AREA = 0.03
"""Of the page: a drawing without frame, between framed panels, is at least so large (a title is not)."""
BARE_SIDE = 0.12
"""Of the page's shorter side: and at least so high and wide."""
CROWDED_PART = 0.2
"""Of its rectangle: and at most so much lies in framed panels."""
BARE_REACH = 0.025
"""Of the longer side: the parts of a drawing without frame lie this close together."""
INK_BESIDE = 0.2
"""Of the ink: with more than this outside of all panels, the page is one drawing that holds straight lines."""
ROW_OVERLAP = 0.3
"""Panels that share less than this part of the smaller one's height lie in different rows."""


def panels(ink: Mask) -> tuple[Rect, ...]:
    """Return the bounding rectangles of the panels in reading order: rows from the top, each from the left.

    ``ink`` is bool (H, W). It is the drawing's ink; for a gray page whose panels are washes without frames give
    what is darker than paper instead. Panels may be slightly rotated, broken, bled off the page, joined by figures or
    bubbles across a gutter; those without a frame are found between framed ones. A page without panels is one panel.
    """
    height, width = ink.shape
    whole = Rect.whole(height, width)
    small = reduced(ink, WORKING_SIDE, FAINT)
    if min(small.shape) < SMALLEST_PAGE:
        return (whole,)
    framed = _framed(small)
    margin = bool(framed) and max(side.mean() for side in _sides(_outer(small, 0))) > SIDE_HELD
    least = 1 if margin else PANELS_BLED
    if len(framed) < least or sum(rect.area for rect in framed) < PANELS_PART * small.size:
        return (whole,)
    found = framed + _bare(small, framed)
    if _without(small, found).sum() > INK_BESIDE * small.sum():
        return (whole,)
    return tuple(_ordered([_at_native(rect, small.shape, whole) for rect in found]))


def _without(ink: Mask, found: list[Rect]) -> Mask:
    """Return the ink that is not in some panels, their frames included."""
    left = ink.copy()
    for rect in found:
        left[rect.grown(2).intersection(Rect.whole(*ink.shape)).slices] = False
    return left


def reduced(ink: Mask, side: int, least: int) -> Mask:
    """Reduce a mask so that its longer side is at most ``side``; a pixel needs ``least`` of 255 parts to be set."""
    scale = side / max(ink.shape)
    if scale >= 1:
        return np.ascontiguousarray(ink)
    size = max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))
    gray = cv2.resize(np.ascontiguousarray(ink).view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    return np.asarray(gray > least)


def _at_native(rect: Rect, shape: tuple[int, ...], whole: Rect) -> Rect:
    """Return a rectangle of the reduced page in page pixels."""
    across, down = whole.width / shape[1], whole.height / shape[0]
    return Rect(int(rect.x0 * across), int(rect.y0 * down),
                min(whole.x1, round(rect.x1 * across)), min(whole.y1, round(rect.y1 * down)))  # fmt: skip


def _framed(ink: Mask) -> list[Rect]:
    """Find the panels with a frame; what is found is wiped out before frames are closed any further."""
    left, found = ink, list[Rect]()
    for closing in CLOSINGS:
        if left.sum() <= LITTLE_INK * ink.sum():
            break
        closed = _closed_panels(left, closing)
        left = _without(left, closed)
        for rect in closed:
            found = _joined(found, rect)
    return found


def _joined(found: list[Rect], rect: Rect) -> list[Rect]:
    """Add a panel, unless it is the rest of a known one or several known ones; drop figures that stand in it."""
    shared = [rect.intersection(other).area for other in found]
    known = any(area >= SAME_PART * rect.area for area in shared)
    within = [other for other, area in zip(found, shared, strict=True) if area >= SAME_PART * other.area]
    if known or sum(other.area for other in within) >= SAME_PART * rect.area:
        return found
    return [other for other in found if other not in within] + [rect]


def _closed_panels(ink: Mask, closing: int) -> list[Rect]:
    """Find the panels among what the margin and gutters enclose, with frames closed by so many pixels."""
    content = (~_outer(ink, closing)).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(content, connectivity=4, ltype=cv2.CV_32S)
    found = []
    for index in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[index])
        if area >= SMALLEST_AREA * ink.size:
            part = Rect(x, y, x + width, y + height)
            found += _parted(labels[part.slices] == index, part, _Page(ink.shape))
    return found


def _moved(rect: Rect, frame: Rect) -> Rect:
    """Return a rectangle given in a frame's coordinates in those the frame is given in."""
    return rect.within(Rect(-frame.x0, -frame.y0, 0, 0))


def _outer(ink: Mask, closing: int) -> Mask:
    """Tell the paper that is margin or gutter: it reaches the border and is thin, or holds two of the page's sides."""
    kernel = np.ones((2 * closing + 1, 2 * closing + 1), np.uint8)
    paper = 1 - cv2.dilate(ink.view(np.uint8), kernel)
    count, labels = cv2.connectedComponents(paper, connectivity=4, ltype=cv2.CV_32S)
    depth = cv2.distanceTransform(paper, cv2.DIST_L2, 3)
    thick = np.zeros(count, bool)
    thick[labels[depth > THIN * max(ink.shape)]] = True
    outer = at_border(labels, count) & (~thick | margins(labels, count))
    outer[0] = False
    return np.asarray((cv2.dilate(outer[labels].view(np.uint8), kernel) > 0) & ~ink)


def _sides(labels: NDArray[Any]) -> list[NDArray[Any]]:
    return [labels[0], labels[-1], labels[:, 0], labels[:, -1]]


def at_border(labels: NDArray[np.integer], count: int) -> Mask:
    """Tell the labels that touch the page's border, bool (count,)."""
    touching = np.zeros(count, bool)
    for side in _sides(labels):
        touching[side] = True
    return touching


def margins(labels: NDArray[np.integer], count: int) -> Mask:
    """Tell the labels that hold nearly the whole of two sides of the page, bool (count,)."""
    shares = np.stack([np.bincount(side, minlength=count) / len(side) for side in _sides(labels)])
    return np.asarray((shares > SIDE_HELD).sum(axis=0) >= 2)


@dataclass(frozen=True)
class _Page:
    """What a panel is measured against: the reduced page's (height, width)."""

    shape: tuple[int, ...]

    def holds(self, rect: Rect, *, area: float, side: float) -> bool:
        """Whether a rectangle is large enough, in parts of the page's area and shorter side."""
        shorter = min(rect.width, rect.height) >= side * min(self.shape)
        return shorter and rect.area >= area * self.shape[0] * self.shape[1]


def _parted(content: Mask, frame: Rect, page: _Page) -> list[Rect]:
    """Return the panels one connected part of a page consists of; none if it does not look like panels.

    ``content`` is bool (h, w), of the page's part in ``frame``.
    """
    upright = _upright(content, frame, page, iter(range(MOST_CUTS)))
    mostly = sum(rect.area for rect in upright) >= UPRIGHT_PART * frame.area
    oblique = not mostly and page.holds(frame, area=OBLIQUE_AREA, side=SMALLEST_SIDE) and _is_polygon(content)
    return [frame] if oblique else upright


def _upright(content: Mask, frame: Rect, page: _Page, tries: Iterator[int]) -> list[Rect]:
    """Return the upright rectangular panels a part consists of.

    Cut first where a gutter runs through, even a bridged one; a cut holds if it leaves panels on both sides. What
    seems to have a gutter everywhere (a spiral) runs out of ``tries``.
    """
    if not page.holds(frame, area=SMALLEST_AREA, side=SMALLEST_SIDE) or next(tries, None) is None:
        return []
    for one, two in _cuts(content):
        first = _upright(content[one.slices], _moved(one, frame), page, tries)
        second = _upright(content[two.slices], _moved(two, frame), page, tries) if first else []
        if first and second:
            return first + second
    trimmed = _trimmed(content)
    inner, rect = content[trimmed.slices], _moved(trimmed, frame)
    whole = page.holds(rect, area=SMALLEST_AREA, side=SMALLEST_SIDE) and inner.sum() >= KEPT_PART * content.sum()
    return [rect] if whole and inner.mean() >= RECTANGLE_FILLED and _is_straight(inner, rect, page) else []


def _trimmed(content: Mask) -> Rect:
    """Return the rectangle of a part without what reaches out of it: rims whose rows are mostly empty."""
    rect = Rect.whole(*content.shape)
    for _ in range(3):
        if not rect.area:
            return rect
        rows = np.flatnonzero(content[rect.slices].mean(axis=1) >= ROW_FILLED)
        columns = np.flatnonzero(content[rect.slices].mean(axis=0) >= ROW_FILLED)
        if not len(rows) or not len(columns):
            return Rect(0, 0, 0, 0)
        rect = Rect(rect.x0 + int(columns[0]), rect.y0 + int(rows[0]),
                    rect.x0 + int(columns[-1]) + 1, rect.y0 + int(rows[-1]) + 1)  # fmt: skip
    return rect


def _cuts(content: Mask) -> list[tuple[Rect, Rect]]:
    """Return the halves on either side of the likeliest gutter across and down, the clearer one first.

    A gutter is a valley: rows emptier than some above and some below, by much.
    """
    found = []
    for axis in (0, 1):
        filled = content.mean(axis=1 - axis)
        banks = np.minimum(np.maximum.accumulate(filled), np.maximum.accumulate(filled[::-1])[::-1])
        bridged = filled / np.maximum(banks, 1e-6)
        emptiest = float(bridged.min())
        if emptiest <= GUTTER_BRIDGED:
            found.append((emptiest, _halves(content, axis, _middle_of_longest(bridged <= emptiest + 0.02))))
    return [halves for _, halves in sorted(found, key=lambda cut: cut[0])]


def _middle_of_longest(flags: Mask) -> int:
    """Return the middle of the longest run of True; there is one."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    longest = int((ends - starts).argmax())
    return int(starts[longest] + ends[longest]) // 2


def _halves(content: Mask, axis: int, at: int) -> tuple[Rect, Rect]:
    """Return the rectangles around what lies before and after row (column, for axis 1) ``at``."""
    height, width = content.shape
    if axis == 0:
        return _tight(content, Rect(0, 0, width, at)), _tight(content, Rect(0, at, width, height))
    return _tight(content, Rect(0, 0, at, height)), _tight(content, Rect(at, 0, width, height))


def _tight(content: Mask, rect: Rect) -> Rect:
    """Return the rectangle around the pixels set in a part of a mask; empty if there are none."""
    x, y, width, height = cv2.boundingRect(np.ascontiguousarray(content[rect.slices]).view(np.uint8))
    return Rect(rect.x0 + x, rect.y0 + y, rect.x0 + x + width, rect.y0 + y + height)


def _is_polygon(content: Mask) -> bool:
    """Whether a part is convex with three to five straight sides, as panels between oblique gutters are."""
    outlines, _ = cv2.findContours(content.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, closed=True), closed=True)
    area = cv2.contourArea(hull)
    plain = 3 <= len(corners) <= 5 and cv2.contourArea(corners) >= POLYGON_SOLIDITY * area
    return bool(plain and content.sum() >= POLYGON_FILLED * area)


def _is_straight(inner: Mask, rect: Rect, page: _Page) -> bool:
    """Whether a part's sides are straight, slightly rotated or not.

    Those at the page's border do not count; if there are none, one side may waver. None is straight but oblique.
    """
    within = 1 + min(STRAIGHT_WITHIN * max(page.shape), 4 * STRAIGHT_WITHIN * min(inner.shape))
    free = (rect.x0 > 1, rect.x1 < page.shape[1] - 1, rect.y0 > 1, rect.y1 < page.shape[0] - 1)
    views = (inner, inner[:, ::-1], inner.T, inner[::-1].T)
    slopes = [_slope(view, within) for view, counts in zip(views, free, strict=True) if counts]
    straight = [slope for slope in slopes if slope is not None]
    return len(straight) >= min(len(slopes), 3) and max(straight, default=0.0) <= UPRIGHT


def _slope(inner: Mask, within: float) -> float | None:
    """Return how oblique the left side is, 0 upright; None if most of its rows' first pixels lie on no line."""
    first = np.where(inner.any(axis=1), inner.argmax(axis=1), inner.shape[1]).astype(np.float64)
    third = max(1, len(first) // 3)
    top, bottom = float(np.median(first[:third])), float(np.median(first[-third:]))
    slope = (bottom - top) / max(1, len(first) - third)
    line = (top + bottom) / 2 + (np.arange(len(first)) - (len(first) - 1) / 2) * slope
    straight = (np.abs(first - line) <= within).mean() >= STRAIGHT_PART
    return max(0.0, abs(slope) - within / len(first)) if straight else None


def _bare(ink: Mask, framed: list[Rect]) -> list[Rect]:
    """Find drawings without a frame that stand between the framed panels."""
    left = _without(ink, framed).view(np.uint8)
    reach = max(1, round(BARE_REACH * max(ink.shape)))
    joined = cv2.morphologyEx(left, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8, ltype=cv2.CV_32S)
    found = []
    for x, y, width, height, _ in stats[1:count].tolist():
        rect = Rect(x, y, x + width, y + height)
        # What shares much with others is the frame of a margin, or reaches out of panels.
        crowded = sum(rect.intersection(other).area for other in framed) > CROWDED_PART * rect.area
        if _Page(ink.shape).holds(rect, area=BARE_AREA, side=BARE_SIDE) and not crowded:
            found.append(rect)
    return found


def _ordered(rects: list[Rect]) -> list[Rect]:
    """Sort panels: rows from the top, within a row from the left; a column beside rows is read at its place."""
    for low, high in (("y0", "y1"), ("x0", "x1")):
        groups = _groups(rects, low, high)
        if len(groups) > 1:
            return [rect for group in groups for rect in _ordered(group)]
    return sorted(rects, key=lambda rect: (rect.y0 + rect.y1, rect.x0))


def _groups(rects: list[Rect], low: str, high: str) -> list[list[Rect]]:
    """Part rectangles at every line that (nearly) none of them crosses; ``low`` and ``high`` name the axis' ends."""
    groups: list[list[Rect]] = []
    end = 0
    for rect in sorted(rects, key=lambda rect: getattr(rect, low)):
        start, stop = getattr(rect, low), getattr(rect, high)
        shortest = min(
            [stop - start] + [getattr(other, high) - getattr(other, low) for other in groups[-1:] and groups[-1]]
        )
        if not groups or start >= end - ROW_OVERLAP * shortest:
            groups.append([])
        groups[-1].append(rect)
        end = max(end, stop)
    return groups
