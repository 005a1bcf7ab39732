"""Screentone: where a page is toned, how gray, and the drawing with the pattern lifted out and its lines kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.ink import solids
from mangapaint.analysis.labels import nearest
from mangapaint.analysis.screens import BLOCK, Screen, screens
from mangapaint.document.page import Pixels
from mangapaint.document.rect import Rect

PAPER = 250
"""Pixels of a toned area darker than this belong to the pattern, soft rims of its dots included."""
FINEST = 5
"""Dots are looked for at a size at which they lie at least this many pixels apart."""
MEAN_SIGMA = 0.55
"""A Gaussian of this many periods shows a tone's mean and hides its dots (a 380th of their contrast is left)."""
REACH = 0.75
"""A disc of this many periods' radius does not fit between the dots of a tone, ..."""
EDGE = 0.55
"""... which reaches this many periods beyond the outermost ones, unless a line is in the way."""
TO_LINE = 1.4
"""Between its outermost dots and a line a tone goes on for this many periods at the most."""
FEWEST = 12
"""A toned area has at least this many whole dots."""
EXPLAINED = 0.75
"""Part of what stands out from a tone's mean that are its dots, at least, ..."""
FULLEST = 0.345
"""... and part of the toned area that they stand out from, at most."""
FULLEST_DARK = 0.42
STRAIGHT = 7
"""Lines run straight for one and a half dots and this many pixels; a dot on the side of a line does not."""
DIRECTIONS = 12
"""In half a turn, for bars up to ``LONG`` pixels; twice as many for longer ones, which would not fit otherwise."""
LONG = 12
DARK = 0.57
"""Tones with a mean below this (0 black, 1 paper) are looked at as light dots on black: dark ones touch there."""
VALUE_STEP = 14
"""Tones that differ by fewer gray levels are the same."""
SMALLEST_TONE = 40
"""A tone of its own covers at least this many times the square of its period."""
DOT_PIXELS = 120
"""A coarse screen's dot at 300 dpi has at most about this many pixels."""


@dataclass(frozen=True, eq=False)
class Tone:
    """A page's screentone.

    ``value`` is the gray of each toned area, uint8 (H, W): the mean luma of the pattern, the same over the whole of
    one area and under the lines that cross it, 255 where there is no tone. ``dots`` is bool (H, W): the pixels that
    belong to the pattern and not to lines.
    """

    value: Pixels
    dots: NDArray[np.bool_]


def screentone(drawing: Pixels, ink: NDArray[np.bool_]) -> Tone | None:
    """Find the screentone of a drawing on even white paper (0..255, uint8 (H, W)); None if there is none.

    Screentone is dots on a square raster, dark on light or light on dark, three to twenty pixels apart, over at least
    a patch of some 64 pixels. Hatching, stipple, lettering and grain are not.
    """
    found = screens(drawing)
    if not found:
        return None
    value, dots = np.full_like(drawing, 255), np.zeros(drawing.shape, bool)
    for screen in found:
        for frame, seeds in _patches(screen, drawing.shape):
            free = value[frame.slices] == 255
            _add(value[frame.slices], dots[frame.slices], drawing[frame.slices], ink[frame.slices], free, seeds,
                 screen.period)  # fmt: skip
    if not dots.any():
        return None
    for plane in (value, dots):
        plane.setflags(write=False)
    return Tone(value, dots)


def without_tone(drawing: Pixels, tone: Tone) -> Pixels:
    """Return the drawing with the pattern lifted, uint8 (H, W): bare paper where dots were, lines as they are."""
    return np.asarray(cv2.bitwise_or(drawing, tone.dots.view(np.uint8) * np.uint8(255)), dtype=np.uint8)


def without_dots(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ink of a page with tone, bool (H, W), without small marks: dots that were left where a tone fades.

    Close as they stand they would otherwise bound regions like a broken line.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    large = stats[:count, cv2.CC_STAT_AREA] > DOT_PIXELS
    large[0] = False
    return np.asarray(large[labels])


def _patches(screen: Screen, shape: tuple[int, ...]) -> Iterator[tuple[Rect, NDArray[np.bool_]]]:
    """Yield the rectangles of the page that hold a screen, and the middles of its blocks within, bool."""
    page = Rect.whole(shape[0], shape[1])
    cells = np.zeros((shape[0] // (BLOCK // 2) + 2, shape[1] // (BLOCK // 2) + 2), np.uint8)
    rows, columns = screen.blocks.T // (BLOCK // 2)
    for down in range(-2, 4):
        for right in range(-2, 4):
            cells[np.clip(rows + down, 0, len(cells) - 1), np.clip(columns + right, 0, cells.shape[1] - 1)] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cells, connectivity=8)
    for at in range(1, count):
        x, y, width, height = (int(v) * (BLOCK // 2) for v in stats[at, :4])
        frame = Rect(x, y, x + width, y + height).intersection(page)
        seeds = np.zeros((frame.height, frame.width), bool)
        for row, column in screen.blocks[labels[rows, columns] == at]:
            top, left = row - frame.y0 + BLOCK // 4, column - frame.x0 + BLOCK // 4
            seeds[top : top + BLOCK // 2, left : left + BLOCK // 2] = True
        yield frame, seeds


def _add(value: Pixels, dots: NDArray[np.bool_], drawing: Pixels, ink: NDArray[np.bool_], free: NDArray[np.bool_],
         seeds: NDArray[np.bool_], period: float) -> None:  # fmt: skip
    """Enter the tone of one patch into ``value`` and ``dots``, both in place."""
    light = float(np.median(cv2.blur(drawing, (odd(3 * period),) * 2)[seeds])) / 255
    dark = light < DARK
    covered = _covered(drawing, seeds, period, dark=dark)
    covered &= free
    if not covered.any():
        return
    near = cv2.dilate(covered.view(np.uint8), _disc(1.5 * period)).view(bool)
    lines = _lines_in_dark(drawing, near, light, period) if dark else _lines(drawing, near, light, period)
    lines |= solids(ink & near & ~covered, 3.0)
    area = _area(covered, lines, period, dark=dark) & free
    rims = cv2.dilate(lines.view(np.uint8), np.ones((3, 3), np.uint8)).view(bool)
    _enter_values(value, drawing, area, rims, period)
    dots |= area & ~(lines if dark else rims) & (drawing < PAPER)


def odd(length: float) -> int:
    """Return the nearest odd number, at least 3."""
    return max(1, round((length - 1) / 2)) * 2 + 1


def _disc(radius: float) -> Pixels:
    """Return a round structuring element."""
    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)


def _covered(drawing: Pixels, seeds: NDArray[np.bool_], period: float, *, dark: bool) -> NDArray[np.bool_]:
    """Return where dots (light ones, where the tone is ``dark``) stand close on all sides, bool."""
    shrink = max(1, int(period / FINEST))
    size = (max(1, drawing.shape[1] // shrink), max(1, drawing.shape[0] // shrink))
    small = cv2.resize(drawing, size, interpolation=cv2.INTER_AREA) if shrink > 1 else drawing
    pitch = period / shrink
    mean = cv2.GaussianBlur(small, (0, 0), MEAN_SIGMA * pitch)
    fine = cv2.GaussianBlur(small, (0, 0), 0.15 * pitch) if pitch > 4 else small
    stands_out = cv2.subtract(fine, mean) if dark else cv2.subtract(mean, fine)
    middle = cv2.resize(seeds.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).view(bool)
    limit = max(6.0, 0.35 * float(np.percentile(stands_out[middle], 95 if not dark else 90)))
    blobs = cv2.inRange(stands_out, limit, 255)
    marks = _alike(blobs, middle, pitch)
    close = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, _disc(REACH * pitch), borderType=cv2.BORDER_CONSTANT)
    close = _regular(close, marks, middle, stands_out, pitch, FULLEST_DARK if dark else FULLEST)
    return np.asarray(cv2.resize(close, drawing.shape[::-1], interpolation=cv2.INTER_NEAREST)) > 0


def _alike(blobs: Pixels, middle: NDArray[np.bool_], pitch: float) -> Pixels:
    """Keep the blobs (0 or 255) that have the size of those in the middle of the tone."""
    _, labels, stats, centers = cv2.connectedComponentsWithStats(blobs, connectivity=4)
    area, wide, high = (stats[:, at] for at in (cv2.CC_STAT_AREA, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    fits = np.maximum(wide, high) <= 1.2 * pitch + 1
    fits[0] = False
    inside = fits & middle[np.clip(centers[:, 1].astype(int), 0, len(middle) - 1),
                           np.clip(centers[:, 0].astype(int), 0, middle.shape[1] - 1)]  # fmt: skip
    if not inside.any():
        return np.zeros_like(blobs)
    typical = float(np.median(area[inside]))
    fits &= (area >= 0.3 * typical) & (area <= 2.5 * typical + 2)
    return np.where(fits, 255, 0).astype(np.uint8)[labels]


def _regular(close: Pixels, marks: Pixels, middle: NDArray[np.bool_], stands_out: Pixels, pitch: float,
             fullest: float) -> Pixels:  # fmt: skip
    """Keep those areas (0 or 255) that are toned.

    They hold enough marks, about one for each square of the period, and a seed; and little but the marks stands out
    from the mean (in a grid of lines, whose crossings look like dots, most does).
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(close, connectivity=8)
    _, _, _, centers = cv2.connectedComponentsWithStats(marks, connectivity=4)
    at, count = np.rint(centers[1:]).astype(int), len(stats)
    marked = np.bincount(labels[at[:, 1], at[:, 0]], minlength=count)
    seeded = np.bincount(labels[middle], minlength=count) > pitch**2
    density = marked * pitch**2 / np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    everything = np.bincount(labels.ravel(), stands_out.ravel(), count)
    dotted = np.bincount(labels.ravel(), cv2.bitwise_and(stands_out, marks).ravel(), count)
    extent = np.bincount(labels.ravel(), cv2.min(marks, 1).ravel(), count) / np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    dots = (dotted > EXPLAINED * everything) & (extent < fullest)
    keep = (marked >= FEWEST) & seeded & dots & (density > 0.45) & (density < 2.2)
    keep[0] = False
    return np.where(keep, 255, 0).astype(np.uint8)[labels]


def _lines(drawing: Pixels, near: NDArray[np.bool_], light: float, period: float) -> NDArray[np.bool_]:
    """Return the lines in and around a tone of dark dots, bool: ink that runs on straight for longer than dots do."""
    ink = cv2.bitwise_and(cv2.inRange(drawing, 0, 140), near.view(np.uint8) * np.uint8(255))
    dot = 2 * ((1 - light) * period**2 / np.pi) ** 0.5
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > dot + 2.5
    long[0] = False
    joined = np.where(long, 255, 0).astype(np.uint8)[labels]
    return _opened(joined, _segments(1.6 * dot + STRAIGHT, 1)) > 0


def _lines_in_dark(drawing: Pixels, near: NDArray[np.bool_], light: float, period: float) -> NDArray[np.bool_]:
    """Return the lines in and around a tone of light dots, bool: black bars wider than those between the dots."""
    ink = cv2.bitwise_and(cv2.inRange(drawing, 0, 110), near.view(np.uint8) * np.uint8(255))
    between = period - 2 * (light * period**2 / np.pi) ** 0.5
    return _opened(ink, _segments(2.2 * period, int(between) + 2)) > 0


def _opened(ink: Pixels, elements: Iterator[Pixels]) -> Pixels:
    """Return what of a mask (0 or 255) any of the elements fits into, uint8."""
    found = np.zeros_like(ink)
    for element in elements:
        cv2.max(found, cv2.morphologyEx(ink, cv2.MORPH_OPEN, element, borderType=cv2.BORDER_CONSTANT), dst=found)
    return found


def _segments(length: float, thickness: int) -> Iterator[Pixels]:
    """Yield straight bars of a length in all directions, as structuring elements."""
    radius = max(2, round((length - 1) / 2))
    count = DIRECTIONS if length <= LONG else 2 * DIRECTIONS
    for angle in np.arange(count) * np.pi / count:
        element = np.zeros((2 * radius + 1, 2 * radius + 1), np.uint8)
        x, y = round(radius * np.cos(angle)), round(radius * np.sin(angle))
        cv2.line(element, (radius - x, radius - y), (radius + x, radius + y), 1, thickness)
        yield element


def _area(covered: NDArray[np.bool_], lines: NDArray[np.bool_], period: float, *, dark: bool) -> NDArray[np.bool_]:
    """Return the toned area, bool: beyond the outermost dots up to the next line, under the lines that cross it.

    Where a tone ends without a line it reaches half a period beyond its dots; a dark one ends with its dots.
    """
    if dark:
        return _without_holes(covered, 8 * period**2)
    inner = covered.view(np.uint8)
    away = cv2.distanceTransform(1 - inner, cv2.DIST_L2, 3)
    to_line = cv2.distanceTransform((~lines).view(np.uint8), cv2.DIST_L2, 3)
    beyond = (away < EDGE * period) | ((away < TO_LINE * period) & (to_line < period))
    barrier = 1 + 0.15 * period
    open_ = (beyond & (to_line > barrier)) | covered
    count, labels = cv2.connectedComponents(open_.view(np.uint8), connectivity=4)
    held = np.zeros(count, bool)
    held[labels[covered]] = True
    held[0] = False
    mask = cv2.dilate(held[labels].view(np.uint8), _disc(barrier + 1)) & (beyond | covered).view(np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(0.7 * period), borderType=cv2.BORDER_CONSTANT)) > 0


def _without_holes(mask: NDArray[np.bool_], largest: float) -> NDArray[np.bool_]:
    """Fill what a mask encloses, up to so many pixels each."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).view(np.uint8), connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] <= largest
    small[0] = True
    return np.asarray(small[labels])


def _enter_values(value: Pixels, drawing: Pixels, area: NDArray[np.bool_], rims: NDArray[np.bool_],
                  period: float) -> None:  # fmt: skip
    """Enter the mean luma of each area of one tone into ``value``, in place; lines do not count."""
    shrink = max(1, int(period / 2.5))
    size = (max(1, drawing.shape[1] // shrink), max(1, drawing.shape[0] // shrink))
    open_ = (area & ~rims).astype(np.float32)
    reduced = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (open_, open_ * drawing)]
    weight, light = (cv2.GaussianBlur(plane, (0, 0), 0.8 * period / shrink) for plane in reduced)
    mean = light / np.maximum(weight, 1e-3)
    sure = weight > 0.5
    tones = _tones(mean[sure if sure.any() else weight > 0], SMALLEST_TONE * (period / shrink) ** 2)
    likest = np.abs(mean[..., None] - tones).argmin(axis=2).astype(np.uint8)
    which = cv2.resize(_wide(likest, len(tones), 1.5 * period / shrink), drawing.shape[::-1],
                       interpolation=cv2.INTER_NEAREST)  # fmt: skip
    for tone in range(len(tones)):
        part = ((which == tone) & area).view(np.uint8)
        count, labels = cv2.connectedComponents(part, connectivity=8)
        held = np.bincount(labels.ravel(), open_.ravel(), count)
        total = np.bincount(labels.ravel(), (open_ * drawing).ravel(), count)
        gray = np.where(held > 0, total / np.maximum(held, 1), tones[tone])
        gray[0] = 255
        value[part > 0] = np.clip(np.rint(gray), 0, 254).astype(np.uint8)[labels[part > 0]]


def _wide(which: Pixels, count: int, radius: float) -> Pixels:
    """Give strips narrower than two radii, which are the halos of lines, to the tone beside them."""
    if count == 1:
        return which
    held = np.zeros(which.shape, np.int32)
    for tone in range(count):
        mask = (which == tone).view(np.uint8)
        held[cv2.morphologyEx(mask, cv2.MORPH_OPEN, _disc(radius)) > 0] = tone + 1
    return (nearest(held) - 1).astype(np.uint8) if held.any() else which


def _tones(values: NDArray[np.float32], least: float) -> NDArray[np.float32]:
    """Return the gray values that are common, float32 (n,), at least one: the peaks of a smooth histogram."""
    histogram = np.bincount(np.clip(values, 0, 255).astype(int), minlength=256).astype(np.float32)
    smooth = cv2.GaussianBlur(histogram[None], (0, 0), 4)[0]
    peaks: list[int] = []
    for at in np.argsort(-smooth):
        held = histogram[max(0, at - VALUE_STEP // 2) : at + VALUE_STEP // 2 + 1].sum()
        top = smooth[max(0, at - 4) : at + 5].max()
        if smooth[at] >= top and held >= least and all(abs(int(at) - peak) >= VALUE_STEP for peak in peaks):
            peaks.append(int(at))
    return np.array(peaks or [round(float(np.median(values)))], np.float32)
