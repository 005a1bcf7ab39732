"""Draws pages of ink: panels with frames and gutters, bubbles with tails, lettering, faces, hatching. bool (H, W)."""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT, WIDTH = 1200, 850
"""A page of these pixels, as a manga page at about 100 dpi."""
GRID = ((40, 40, 810, 380), (40, 400, 410, 780), (430, 400, 810, 780), (40, 800, 810, 1160))
"""x0, y0, x1, y1 of four panels: one, two, one."""


def blank(height=HEIGHT, width=WIDTH):
    return np.zeros((height, width), np.uint8)


def frame(ink, x0, y0, x1, y1, *, pen=4):
    cv2.rectangle(ink, (x0, y0), (x1 - 1, y1 - 1), 1, pen)


def figure(ink, x, y, size):
    """A person without a frame: head, face, body."""
    head = size // 3
    cv2.circle(ink, (x, y), head, 1, 3)
    face(ink, x, y, head)
    body = [(x - head // 2, y + head), (x - head, y + 3 * head), (x + head, y + 3 * head), (x + head // 2, y + head)]
    cv2.polylines(ink, [np.array(body, np.int32)], isClosed=True, color=1, thickness=3)


def face(ink, x, y, radius):
    """Brows, eyes with pupils, nose and mouth within a head's radius."""
    for side in (-1, 1):
        at = (x + side * radius // 3, y - radius // 6)
        cv2.ellipse(ink, at, (radius // 5, radius // 8), 0, 0, 360, 1, 2)
        cv2.circle(ink, at, max(2, radius // 14), 1, -1)
        cv2.ellipse(ink, (at[0], at[1] - radius // 6), (radius // 5, radius // 12), 0, 180, 360, 1, 3)
    cv2.polylines(ink, [np.array([(x, y), (x - 4, y + radius // 5), (x + 2, y + radius // 5)], np.int32)], False, 1, 2)
    cv2.ellipse(ink, (x, y + radius // 2), (radius // 3, radius // 8), 0, 0, 180, 1, 2)


def page_of_panels(boxes=GRID, *, figures=True):
    ink = blank()
    for x0, y0, x1, y1 in boxes:
        frame(ink, x0, y0, x1, y1)
        if figures:
            figure(ink, (x0 + x1) // 2, (y0 + y1) // 2 - 60, 150)
    return ink


def latin(ink, x, y, lines, *, scale=0.8, pen=2):
    """Rows of Latin capitals, the first baseline at y; returns the letters alone."""
    letters = np.zeros_like(ink)
    for row, text in enumerate(lines):
        cv2.putText(letters, text, (x, y + round(row * 36 * scale)), cv2.FONT_HERSHEY_SIMPLEX, scale, 1, pen)
    ink |= letters
    return letters > 0


def columns(ink, x, y, counts, *, size=24, pen=2, seed=3):
    """Vertical columns of glyphs like kanji and kana, the first on the right; returns the glyphs alone."""
    letters, random = np.zeros_like(ink), np.random.default_rng(seed)
    for column, count in enumerate(counts):
        for row in range(count):
            glyph(letters, x - column * round(size * 1.6), y + row * round(size * 1.15), size, pen, random)
    ink |= letters
    return letters > 0


def glyph(letters, x, y, size, pen, random):
    """A glyph of strokes in a box, of one or two parts: horizontals crossed by a vertical, and a curve."""
    levels = np.linspace(0.1, 0.9, random.integers(2, 5))
    for level in levels:
        cv2.line(letters, (x + 2, y + round(level * size)), (x + size - 2, y + round(level * size)), 1, pen)
    across = x + round(random.uniform(0.35, 0.65) * size)
    cv2.line(letters, (across, y + 1), (across, y + size - 2), 1, pen)
    if random.random() < 0.5:
        cv2.line(letters, (x + 2, y + size // 10), (x + 2, y + round(0.9 * size)), 1, pen)


def bubble(ink, x, y, across, down, *, tail=True, pen=3):
    """An oval white bubble over whatever is there, with a tail to the lower left."""
    shape = np.zeros_like(ink)
    cv2.ellipse(shape, (x, y), (across, down), 0, 0, 360, 1, -1)
    if tail:
        tip = [(x - across // 3, y + down // 2), (x - across, y + down + 40), (x, y + down // 2)]
        cv2.fillPoly(shape, [np.array(tip, np.int32)], 1)
    ink[shape > 0] = 0
    outlines, _ = cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(ink, outlines, -1, 1, pen)


def caption(ink, x0, y0, x1, y1, *, pen=3):
    ink[y0:y1, x0:x1] = 0
    frame(ink, x0, y0, x1, y1, pen=pen)


def hatching(ink, x0, y0, x1, y1, *, step=9):
    for x in range(x0, x1, step):
        for y in range(y0, y1, 40):
            cv2.line(ink, (x, y + 28), (x + 8, y), 1, 2)


def screen(ink, x0, y0, x1, y1, *, pitch=12, radius=3):
    for row, y in enumerate(range(y0, y1, pitch)):
        for x in range(x0 + (row % 2) * pitch // 2, x1, pitch):
            cv2.circle(ink, (x, y), radius, 1, -1)


def leaves(ink, x0, y0, x1, y1, *, count=60, seed=5):
    random = np.random.default_rng(seed)
    for _ in range(count):
        at = (int(random.integers(x0, x1)), int(random.integers(y0, y1)))
        cv2.ellipse(ink, at, (14, 5), float(random.uniform(0, 180)), 0, 360, 1, 2)


def rotated(ink, degrees):
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST)
