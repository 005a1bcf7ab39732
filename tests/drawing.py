"""Draws small manga pages for the tests: line art, washes, screentone, panels, yellowed paper, one A4 page."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from mangapaint.document.page import Page, Pixels

FINE = 4
"""Antialiased pages are drawn this much larger and averaged."""
PEN = 3
"""The pen's width in page pixels."""


def page(pixels: Pixels, **fields: object) -> Page:
    return Page(np.ascontiguousarray(pixels), "drawn", **fields)


def antialiased(height: int, width: int, draw: Callable[[Pixels], None], *, paper: int = 255) -> Pixels:
    """What ``draw`` draws on a canvas ``FINE`` times as large, at page size."""
    canvas = np.full((height * FINE, width * FINE), paper, np.uint8)
    draw(canvas)
    return np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def box(canvas: Pixels, x0: float, y0: float, x1: float, y1: float, *, pen: float = PEN, value: int = 0) -> None:
    """The outline of a box, its middle line on the given corners, in page pixels on an antialiased canvas."""
    at = [(round(x * FINE), round(y * FINE)) for x, y in ((x0, y0), (x1, y1))]
    cv2.rectangle(canvas, at[0], at[1], value, round(pen * FINE))


def line(canvas: Pixels, *points: tuple[float, float], pen: float = PEN, value: int = 0) -> None:
    at = np.array([(round(x * FINE), round(y * FINE)) for x, y in points], np.int32)
    cv2.polylines(canvas, [at], isClosed=False, color=value, thickness=round(pen * FINE))


def circle(canvas: Pixels, x: float, y: float, radius: float, *, pen: float = PEN, value: int = 0) -> None:
    """A circle's outline, or a disc for a negative pen."""
    thickness = -1 if pen < 0 else round(pen * FINE)
    cv2.circle(canvas, (round(x * FINE), round(y * FINE)), round(radius * FINE), value, thickness)


def filled(canvas: Pixels, x0: float, y0: float, x1: float, y1: float, value: int) -> None:
    canvas[round(y0 * FINE) : round(y1 * FINE), round(x0 * FINE) : round(x1 * FINE)] = value


def line_art(size: int = 256, *, paper: int = 255) -> Pixels:
    """A box, a circle in it, an open wave and a loose line."""

    def draw(canvas: Pixels) -> None:
        box(canvas, size * 0.1, size * 0.1, size * 0.9, size * 0.9)
        circle(canvas, size * 0.4, size * 0.45, size * 0.2)
        wave = [(size * (0.15 + 0.07 * i), size * (0.78 + 0.05 * (-1) ** i)) for i in range(10)]
        line(canvas, *wave, pen=2)
        line(canvas, (size * 0.7, size * 0.2), (size * 0.8, size * 0.6), pen=2)

    return antialiased(size, size, draw, paper=paper)


def gapped_box(size: int = 128, *, gap: int) -> Pixels:
    """A box whose right side has a hole of exactly ``gap`` pixels between the ends of the line; not antialiased."""
    pixels = np.full((size, size), 255, np.uint8)
    low, high = size // 4, size - size // 4
    cv2.rectangle(pixels, (low, low), (high, high), 0, PEN)
    start = (size - gap) // 2
    pixels[start : start + gap, high - PEN : high + PEN] = 255
    return pixels


def two_boxes(height: int = 64, width: int = 96) -> Pixels:
    """Two boxes that share one hard line of one pixel, in the middle column; the frame is one pixel, too."""
    pixels = np.full((height, width), 255, np.uint8)
    pixels[[0, -1]] = 0
    pixels[:, [0, width // 2, -1]] = 0
    return pixels


def target(size: int = 200) -> Pixels:
    """A box, a small closed box in it, and a large closed box beside it that shares a side."""

    def draw(canvas: Pixels) -> None:
        box(canvas, size * 0.1, size * 0.1, size * 0.5, size * 0.9)
        box(canvas, size * 0.5, size * 0.1, size * 0.9, size * 0.9)
        box(canvas, size * 0.26, size * 0.46, size * 0.32, size * 0.52, pen=2)

    return antialiased(size, size, draw)


def washes(size: int = 256) -> Pixels:
    """A gray page: three washes, one of them a soft ramp, with some lines on top."""

    def draw(canvas: Pixels) -> None:
        filled(canvas, size * 0.1, size * 0.1, size * 0.5, size * 0.5, 150)
        filled(canvas, size * 0.5, size * 0.1, size * 0.9, size * 0.5, 90)
        ramp = np.linspace(230, 120, round(size * 0.8 * FINE)).astype(np.uint8)
        canvas[round(size * 0.6 * FINE) : round(size * 0.9 * FINE), round(size * 0.1 * FINE) :][:, : len(ramp)] = ramp
        box(canvas, size * 0.1, size * 0.1, size * 0.9, size * 0.5, pen=2)

    return antialiased(size, size, draw)


def screentone(size: int = 256, *, pitch: int = 6) -> Pixels:
    """Line art whose box is filled with a square raster of round dots, ``pitch`` pixels apart."""

    def draw(canvas: Pixels) -> None:
        for y in np.arange(size * 0.15, size * 0.85, pitch):
            for x in np.arange(size * 0.15, size * 0.85, pitch):
                circle(canvas, x, y, max(1.2, pitch * 0.28), pen=-1)
        box(canvas, size * 0.1, size * 0.1, size * 0.9, size * 0.9)

    return antialiased(size, size, draw)


PANELS = ((8, 8, 152, 92), (8, 104, 74, 232), (86, 104, 152, 232))
"""x0, y0, x1, y1 of the panels' middle lines on the page of ``panels``."""


def panels() -> Pixels:
    """A page of 160 x 240 with three framed panels and gutters, a drawing in the first."""

    def draw(canvas: Pixels) -> None:
        for corners in PANELS:
            box(canvas, *corners)
        circle(canvas, 60, 50, 24)

    return antialiased(240, 160, draw)


def yellowed(gray: Pixels) -> Pixels:
    """A scan in colour of the same drawing on old paper, RGB."""
    paper = np.array([244, 232, 205], np.float64) / 255
    return np.asarray(np.rint(gray[..., None] * paper), dtype=np.uint8)


def jpeg_noised(gray: Pixels, *, quality: int = 60) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def colored(size: int = 256) -> Pixels:
    """A picture in full colour: sky, ground, a red disc, black lines, RGB."""
    pixels = np.empty((size, size, 3), np.uint8)
    pixels[: size // 2], pixels[size // 2 :] = (120, 180, 240), (90, 160, 70)
    cv2.circle(pixels, (size // 2, size // 2), size // 4, (220, 40, 50), -1)
    cv2.circle(pixels, (size // 2, size // 2), size // 4, (0, 0, 0), 3)
    return pixels


def a4(*, columns: int = 4, rows: int = 6) -> Pixels:
    """Line art of A4 at 300 dpi: panels with a circle and a small circle in each."""
    height, width = 3508, 2480
    pixels = np.full((height, width), 255, np.uint8)
    for row in range(rows):
        for column in range(columns):
            x, y = 60 + column * 600, 60 + row * 570
            cv2.rectangle(pixels, (x, y), (x + 560, y + 530), 0, 7)
            cv2.circle(pixels, (x + 280, y + 260), 200, 0, 5, cv2.LINE_AA)
            cv2.circle(pixels, (x + 280, y + 260), 30, 0, 4, cv2.LINE_AA)
    return pixels
