"""Lettering of a page, and which of its regions are the speech bubbles and captions that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.panels import reduced
from mangapaint.document.rect import Rect

Mask = NDArray[np.bool_]
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

WORKING_SIDE = 1800
"""Lettering is found on a page reduced to this many pixels on its longer side; lengths below are in these pixels."""
INKED = 60
"""Of 255: how much ink a reduced pixel needs; less would join letters to their bubble."""
SMALLEST = 5
"""Marks no longer than this are dots: screentone, or a full stop that comes along with its letters."""
LARGEST = 80
"""No letter is higher or wider, except for joined ones in a row."""
LONGEST = 320
"""Joined letters are no longer than this."""
MOST_MARKS = 12_000
"""A page with more marks of a letter's size is covered by texture; nothing can be read from it."""
REACH = 0.6
"""Two marks belong together if their distance is less than this part of the sum of their sizes."""
LEAK = 3
"""Holes in a bubble's outline up to this wide do not count (odd: a kernel's side)."""
SLIM_STROKE = 0.42
"""A letter's stroke is thinner than this part of the letter; a filled spot's is not."""
OUTSIZE = 2.5
"""A mark this many times as large as the usual letter of a bubble is none."""
SPOT = 0.45
"""Marks whose stroke is thicker than this part of them are spots: dots beside letters, pupils."""
SLIMMEST_STROKE = 0.045
"""And thicker than this part: windows, plates and books are drawn in longer lines."""
WINDING = 1.45
"""A letter's stroke is this many times as long as the letter on average: hatching, rain and leaves' is not."""
TEXT_LETTERS = 6
"""A text outside of a bubble has at least so many letters."""
PUNCTUATION = 0.45
"""Marks smaller than this part of the usual letter are dots, accents and furigana."""
LETTER_GAP = 1.3
"""Letters that follow each other are no further apart, in parts of their thickness across the line."""
MOST_LETTERS = 600
"""No text in one place is longer."""
STROKE_SPREAD = 0.25
"""Standard deviation of the strokes' widths in a text, in parts of their mean, is at most this."""
NESTED = 0.3
"""Of the letters of a text, at most this part stands within another."""
SHRUNK = 0.2
"""Lines are told apart by their letters' middles, without so much at either end (accents, descenders)."""
IN_LINES = 0.8
"""Of a text's letters, by their size: at least so many stand in lines."""
LINE_THICK = 1.75
"""A line is no thicker, in parts of the usual letter."""
FLAT = 2.0
"""Letters are not so many times as wide as high, most of them: brows and eyes are."""
BOXES = 0.78
"""Letters fill less of their boxes, their counters included, most of them: books and tiles more."""
COVER = 0.4
"""A short text's letters cover at least this part of the rectangle around them: features of a face are far apart."""
SHORT = 8
"""Letters of a short text."""
FEW = 4
"""Up to so many letters in a line stand close together,"""
FEW_GAP = 0.7
"""which is this part of the usual letter; after more of them there may be a comma and a pause."""
ROOM_AREA = 0.25
"""Of the page: a bubble is no larger."""
ROOM_SOLIDITY = 0.72
"""A bubble fills its convex hull at least so far, its tail included."""
SPIKES = 0.2
"""... or does so when what is narrower than this part of it (spikes, a tail) is rounded off."""
ROOM_TEXT = 0.035
"""A bubble's text, as boxes, covers at least this part of it."""
ROOM_BLOCK = 0.55
"""The rectangle around a bubble's text covers at most this part of it, as it leaves a margin."""
FEW_BLOCK = 0.42
"""The same for few letters."""
FEW_SOLIDITY = 0.85
"""A bubble with few letters fills its convex hull at least so far."""
FOREIGN = 0.05
"""Of a bubble's region: other ink and other regions within it cover at most this part."""


@dataclass(frozen=True, eq=False)
class Lettering:
    """The letters of a page: ``mask`` bool (H, W), their ink; ``blocks`` the texts' bounding rectangles."""

    mask: Mask
    blocks: tuple[Rect, ...]


@dataclass(frozen=True, eq=False)
class _Marks:
    """Connected ink of a letter's size on the reduced page, n of them.

    ``box`` is int32 (n, 4): x, y, width, height; ``stroke`` float64 (n,), the stroke's mean width; ``winding``
    float64 (n,), the stroke's length in parts of the mark's diagonal; ``room`` int32 (n,), the paper it stands on;
    ``group`` int32 (n,), what it stands close to; ``part`` intp (n,), its number among the page's connected ink.
    """

    box: Ints
    stroke: Floats
    winding: Floats
    room: Ints
    group: Ints
    part: NDArray[np.intp]

    @property
    def size(self) -> Floats:
        """The longer side of each mark's box."""
        return self.box[:, 2:].max(axis=1).astype(np.float64)

    def of(self, chosen: NDArray[np.intp]) -> _Marks:
        """Return some of the marks."""
        return _Marks(self.box[chosen], self.stroke[chosen], self.winding[chosen], self.room[chosen],
                      self.group[chosen], self.part[chosen])  # fmt: skip


def find_lettering(ink: Mask) -> Lettering:
    """Find the lettering in a page's ink, bool (H, W).

    Text is rows or columns of small marks of one size, close to each other and free of the drawing. Within a closed
    bubble one short word is enough; elsewhere it takes a longer text.
    """
    page = _Reduced(reduced(ink, WORKING_SIDE, INKED))
    if not 2 <= len(page.chosen) <= MOST_MARKS:
        return Lettering(np.zeros(ink.shape, bool), ())
    marks = _measured(page)
    rooms = [room for room in _split(marks.room) if len(room) >= 2 and marks.room[room[0]]]
    texts = [text for room in rooms for text in _texts(page, marks, room)]
    return _at_native(ink, page, marks, texts)


class _Reduced:
    """A page at working size, its connected ink, and which of it has a letter's size.

    ``ink`` is uint8 0 or 1 (h, w); ``labels`` int32 (h, w), its connected parts; ``stats`` int32 (n, 5) as cv2 has
    it; ``chosen`` the parts of a letter's size; ``rooms`` int32 (h, w), areas of paper bounded by other ink, 0 on it.
    """

    def __init__(self, ink: Mask) -> None:
        self.ink = ink.view(np.uint8)
        count, self.labels, stats, _ = cv2.connectedComponentsWithStats(self.ink, connectivity=8, ltype=cv2.CV_32S)
        self.stats: Ints = stats[:count]
        long, short = self.stats[:, 2:4].max(axis=1), self.stats[:, 2:4].min(axis=1)
        fitting = (long <= LARGEST) | ((long <= LONGEST) & (short <= LARGEST * 3 // 4) & (short > SMALLEST))
        ends = self.stats[:, :2] + self.stats[:, 2:4]
        free = (self.stats[:, :2].min(axis=1) > 0) & (ends[:, 0] < ink.shape[1]) & (ends[:, 1] < ink.shape[0])
        letters = (long > SMALLEST) & fitting & free
        drawing = ~letters & (long > SMALLEST)
        letters[0] = drawing[0] = False
        self.chosen = np.flatnonzero(letters)
        walls = cv2.dilate(drawing.view(np.uint8)[self.labels], np.ones((LEAK, LEAK), np.uint8))
        self.room_count, self.rooms = cv2.connectedComponents(1 - walls, connectivity=4, ltype=cv2.CV_32S)


def _measured(page: _Reduced) -> _Marks:
    """Measure the marks of a letter's size; what stands in no room (wholly beside other ink) is in room 0."""
    index = np.full(len(page.stats), -1, np.int32)
    index[page.chosen] = np.arange(len(page.chosen))
    at = np.flatnonzero(page.labels)
    mark = index[page.labels.ravel()[at]]
    at, mark = at[mark >= 0], mark[mark >= 0]
    count = len(page.chosen)
    area = np.bincount(mark, minlength=count).astype(np.float64)
    depth = cv2.distanceTransform(page.ink, cv2.DIST_L2, 3).ravel()[at]
    # Across a stroke the depth rises from 1 by 1 a pixel to the middle and falls again: its mean tells the width.
    stroke = np.maximum(1.0, 4 * np.bincount(mark, depth, count) / area - 2.3)
    box = page.stats[page.chosen, :4]
    winding = area / stroke / np.hypot(box[:, 2], box[:, 3])
    room = np.zeros(count, np.int32)
    standing = page.rooms.ravel()[at]
    room[mark[standing > 0]] = standing[standing > 0]
    group = np.zeros(count, np.int32)
    near = _near(page, box).ravel()[at]
    group[mark[near > 0]] = near[near > 0]
    return _Marks(box, stroke, winding, room, group, page.chosen)


def _near(page: _Reduced, boxes: Ints) -> Ints:
    """Label what belongs together by distance, int32 (h, w), within each room."""
    canvas = np.zeros(page.ink.shape, np.uint8)
    for x, y, width, height in boxes.tolist():
        short, long = min(width, height), max(width, height)
        reach = int(np.ceil(REACH * min(long, 2 * short + 4)))
        cv2.rectangle(canvas, (x - reach, y - reach), (x + width + reach, y + height + reach), 1, -1)
    canvas[page.rooms == 0] = 0
    labels: Ints = cv2.connectedComponents(canvas, connectivity=4, ltype=cv2.CV_32S)[1]
    return labels


def _split(keys: NDArray[Any]) -> list[NDArray[np.intp]]:
    """Return the indices of each distinct key."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)


def _texts(page: _Reduced, marks: _Marks, room: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Return the texts in one room, as indices of their marks: all of it if it is a bubble, else group by group."""
    size = marks.of(room).size
    # What is larger by far is no letter: a line of the drawing that runs through a bubble.
    letters = room[size <= OUTSIZE * np.percentile(size, 75)]
    if 2 <= len(letters) <= MOST_LETTERS:
        everything = marks.of(letters)
        if _is_text(page, everything, few=True) and _is_bubble(page, everything):
            return [letters]
    groups = [room[part] for part in _split(marks.group[room])]
    return [group for group in groups if len(group) <= MOST_LETTERS and _is_text(page, marks.of(group), few=False)]


def _is_bubble(page: _Reduced, marks: _Marks) -> bool:
    """Whether the room that some marks stand in is closed, compact, empty but for them, and of a size with them.

    The fewer letters, the stricter: a face, too, is closed and holds two things of one size.
    """
    inside = page.rooms == marks.room[0]
    x, y, width, height = cv2.boundingRect(inside.view(np.uint8))
    high, wide = inside.shape
    if x == 0 or y == 0 or x + width == wide or y + height == high or width * height > 2 * ROOM_AREA * inside.size:
        return False
    crop = np.ascontiguousarray(inside[y : y + height, x : x + width]).view(np.uint8)
    filled, solidity = outline(crop)
    solidity = max(solidity, outline(_rounded(crop))[1])
    few = len(marks.size) <= SHORT
    low, far = marks.box[:, :2].min(axis=0), (marks.box[:, :2] + marks.box[:, 2:]).max(axis=0)
    block = float(np.prod(far - low))
    letters = float(np.prod(marks.box[:, 2:].astype(np.float64), axis=1).sum())
    return bool(filled <= ROOM_AREA * inside.size and solidity >= (FEW_SOLIDITY if few else ROOM_SOLIDITY)
                and letters >= ROOM_TEXT * filled and block <= (FEW_BLOCK if few else ROOM_BLOCK) * filled
                and (letters >= COVER * block or not few)
                and filled - cv2.countNonZero(crop) <= FOREIGN * filled)  # fmt: skip


def _rounded(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take the spikes and the tail off a bubble's mask, 0 or 1, its holes filled."""
    outlines, _ = cv2.findContours(crop, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    full = cv2.drawContours(np.zeros_like(crop), outlines, -1, 255, -1)
    side = max(3, round(SPIKES * min(crop.shape)) | 1)
    blurred = cv2.blur(cv2.copyMakeBorder(full, side, side, side, side, cv2.BORDER_CONSTANT), (side, side))
    round_ = cv2.inRange(blurred, 140, 255)
    return np.asarray(round_ // 255 if round_.any() else crop, dtype=np.uint8)


def outline(crop: NDArray[np.uint8]) -> tuple[float, float]:
    """Return a mask's area with its holes filled, and how far that fills its convex hull, 0..1."""
    outlines, _ = cv2.findContours(crop, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    filled = float(cv2.contourArea(outline))
    return filled, filled / max(1.0, cv2.contourArea(cv2.convexHull(outline)))


def _is_text(page: _Reduced, marks: _Marks, *, few: bool) -> bool:
    """Whether marks look like text; ``few`` letters are enough in a bubble."""
    size = marks.size
    usual = float(np.percentile(size, 75))
    letters = marks.of(np.flatnonzero((size >= PUNCTUATION * usual) & (marks.stroke <= SPOT * size)))
    if len(letters.size) < (2 if few else TEXT_LETTERS) or not _written(letters) or _nested(letters.box) > NESTED:
        return False
    if not _in_lines(letters.box, usual, few=few):
        return False
    boxes = [(part, *page.stats[part, :4].tolist()) for part in letters.part.tolist()]
    crops = [(page.labels[y : y + high, x : x + wide] == part).view(np.uint8) for part, x, y, wide, high in boxes]
    return bool(np.median([outline(crop)[0] / crop.size for crop in crops]) <= BOXES)


def _written(letters: _Marks) -> bool:
    """Whether marks are made of one winding, slim stroke each, and not flat."""
    slim = SLIMMEST_STROKE <= np.median(letters.stroke / letters.size) <= SLIM_STROKE
    even = letters.stroke.std() <= STROKE_SPREAD * letters.stroke.mean()
    flat = np.median(letters.box[:, 2] / letters.box[:, 3]) > FLAT
    return bool(slim and even and not flat and letters.winding.mean() >= WINDING)


def _nested(boxes: Ints) -> float:
    """Return which part of some boxes lies within another: eyes hold pupils, and panes stand in frames."""
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    within = (low[:, None] >= low[None]).all(axis=2) & (high[:, None] <= high[None]).all(axis=2)
    return float((within.sum(axis=1) > 1).mean())


def _in_lines(boxes: Ints, usual: float, *, few: bool) -> bool:
    """Whether boxes form rows, or columns, when seen along them; ``usual`` is the size of a letter."""
    size = boxes[:, 2:].astype(np.float64)
    weight = size.max(axis=1)
    for axis in (0, 1):
        low = boxes[:, axis] + SHRUNK * size[:, axis]
        thread = _runs(low, low + (1 - 2 * SHRUNK) * size[:, axis], 0.0)
        accepted = 0.0
        for line in _split(thread):
            accepted += sum(weight[run].sum() for run in _words(boxes[line], line, 1 - axis, usual, few=few))
        if accepted >= IN_LINES * weight.sum():
            return True
    return False


def _words(line: Ints, index: NDArray[np.intp], along: int, usual: float, *, few: bool) -> list[NDArray[np.intp]]:
    """Return the runs of letters in one line, as their indices: thin, long, of several letters not far apart."""
    low = line[:, along].astype(np.float64)
    gap = usual * (LETTER_GAP if len(line) > FEW else FEW_GAP)
    found = []
    for run in _split(_runs(low, low + line[:, 2 + along], gap)):
        start, end = line[run, :2].min(axis=0), (line[run, :2] + line[run, 2:]).max(axis=0)
        thick, long = (end - start)[1 - along], (end - start)[along]
        enough = len(run) >= (2 if few else 3) and long >= (1.2 if few else 2.5) * usual
        if enough and thick <= LINE_THICK * usual:
            found.append(index[run])
    return found


def _runs(low: Floats, high: Floats, gap: float) -> NDArray[np.intp]:
    """Number the intervals, intp (n,), so that those that meet, or leave less than ``gap``, have one number."""
    order = np.argsort(low, kind="stable")
    ends = np.maximum.accumulate(high[order])
    numbers = np.empty(len(low), np.intp)
    numbers[order] = np.concatenate([[0], np.cumsum(low[order][1:] > ends[:-1] + gap)])
    return numbers


def _at_native(ink: Mask, page: _Reduced, marks: _Marks, texts: list[NDArray[np.intp]]) -> Lettering:
    """Return the lettering at page size: the ink of the texts' marks and of the dots among them."""
    height, width = ink.shape
    down, across = height / page.ink.shape[0], width / page.ink.shape[1]
    chosen = np.zeros(len(page.stats), bool)
    blocks, found = list[Rect](), np.zeros(page.ink.shape, np.uint8)
    for text in texts:
        chosen[marks.part[text]] = True
        low, high = marks.box[text, :2].min(axis=0), (marks.box[text, :2] + marks.box[text, 2:]).max(axis=0)
        far = np.ceil(high * (across, down)).astype(int).tolist()
        blocks.append(Rect(int(low[0] * across), int(low[1] * down), min(width, far[0]), min(height, far[1])))
        found[low[1] : high[1], low[0] : high[0]] = 1
    dots = page.stats[:, 2:4].max(axis=1) <= SMALLEST
    dots[0] = False
    letters = chosen[page.labels] | (dots[page.labels] & (found > 0))
    if page.ink.shape == ink.shape:
        return Lettering(letters, tuple(blocks))
    # Ink too thin to count at working size lies beside what counts.
    wide = cv2.dilate(letters.view(np.uint8), np.ones((3, 3), np.uint8))
    return Lettering(ink & (cv2.resize(wide, (width, height), interpolation=cv2.INTER_NEAREST) > 0), tuple(blocks))
