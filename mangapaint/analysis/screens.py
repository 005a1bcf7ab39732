"""The rasters of a page: where and at which period its spectrum shows the dots of a screentone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

BLOCK = 64
"""Spectra are of squares of this many pixels, half overlapping."""
PERIODS = (2.7, 21.0)
"""Dots of a screentone are so many pixels apart: 40 to 200 lines per inch at 150 to 600 dpi, nearly."""
LIVELY = 9.0
"""Mean difference between pixels two apart, in gray levels, without which there is nothing to look at."""
FIRST_PEAK = 0.075
"""Part of the spectrum between the shortest and the longest period that is one peak of a raster, ..."""
SECOND_PEAK = 0.045
"""... and the weaker of the two, at right angles to it."""
SAME_PERIOD = 1.08
SAME_WAVE = 0.4
"""Blocks side by side are of one raster if they have as many waves as each other, up to this part of a wave."""
FEWEST_ALIKE = 2
FEWEST_BLOCKS = 4
"""A raster shows in so many blocks at least; one square of twice a block's side holds nine."""
MANY = 200
"""If there are more blocks than this to look at, those that do not overlap come first."""
CHUNK = 512

_AT = np.fft.fftfreq(BLOCK, 1 / BLOCK).astype(np.float32)
_RADIUS = np.hypot(_AT[:, None], np.arange(BLOCK // 2 + 1, dtype=np.float32))
_SHORTEST, _LONGEST = PERIODS
_RING = (_RADIUS >= BLOCK / _LONGEST) & (_RADIUS <= BLOCK / _SHORTEST)
_WINDOW = np.outer(np.hanning(BLOCK + 1)[:-1], np.hanning(BLOCK + 1)[:-1]).astype(np.float32)


Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Screen:
    """One raster: its period in pixels and the upper left corners (row, column) of its blocks, int (n, 2)."""

    period: float
    blocks: NDArray[np.intp]


def screens(drawing: Pixels) -> list[Screen]:
    """Return the rasters of a drawing, uint8 (H, W), the widest spread first; none for most pages."""
    if min(drawing.shape) < BLOCK:
        return []
    corners = _lively(drawing)
    if len(corners) > MANY:
        coarse = corners[(corners % BLOCK == 0).all(axis=1)]
        if not _steady(coarse, _waves(drawing, coarse), BLOCK, 1).any():
            return []
    waves = _waves(drawing, corners)
    steady = _steady(corners, waves, BLOCK // 2, FEWEST_ALIKE)
    corners, period = corners[steady], BLOCK / np.abs(waves[steady])
    found = []
    while len(period) >= FEWEST_BLOCKS:
        same = np.abs(np.log(period / _commonest(period))) < np.log(SAME_PERIOD)
        if same.sum() >= FEWEST_BLOCKS:
            found.append(Screen(float(np.median(period[same])), corners[same]))
        corners, period = corners[~same], period[~same]
    return found


def _steady(corners: NDArray[np.intp], waves: NDArray[np.complex64], step: int, least: int) -> NDArray[np.bool_]:
    """Tell which blocks show the same wave as at least so many of their eight neighbours, bool (n,).

    A printed raster runs on from block to block; what stipple or grain happens to show in one, it does not in the next.
    """
    at = corners // step + 1
    plane = np.zeros(tuple(at.max(axis=0) + 2) if len(at) else (1, 1), np.complex64)
    plane[at[:, 0], at[:, 1]] = waves
    alike = np.zeros(len(at), int)
    for down, right in ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)):
        other = plane[at[:, 0] + down, at[:, 1] + right]
        turned = np.min([np.abs(waves - other * turn) for turn in (1, 1j, -1, -1j)], axis=0)
        alike += (other != 0) & (turned < SAME_WAVE)
    return (waves != 0) & (alike >= least)


def _commonest(period: Floats) -> float:
    """Return the period that most others are near to."""
    candidates = np.unique(np.round(period, 1))
    near = [(np.abs(np.log(period / at)) < np.log(SAME_PERIOD)).sum() for at in candidates]
    return float(candidates[int(np.argmax(near))])


def _lively(drawing: Pixels) -> NDArray[np.intp]:
    """Return the corners of the blocks with something in each quarter, int (n, 2): row, column."""
    half = BLOCK // 2
    rows, columns = drawing.shape[0] // half, drawing.shape[1] // half
    seen = drawing[: rows * half, : columns * half]
    beside = cv2.absdiff(seen[::4, 2:], seen[::4, :-2])
    below = cv2.absdiff(seen[2::4], seen[::4])
    changes = cv2.max(cv2.resize(beside, (columns, rows), interpolation=cv2.INTER_AREA),
                      cv2.resize(below, (columns, rows), interpolation=cv2.INTER_AREA))  # fmt: skip
    lively = changes > LIVELY
    quarters = lively[:-1, :-1] & lively[1:, :-1] & lively[:-1, 1:] & lively[1:, 1:]
    return np.argwhere(quarters) * half


def _waves(drawing: Pixels, corners: NDArray[np.intp]) -> NDArray[np.complex64]:
    """Return the raster in each block, complex64 (n,): x + iy in waves a block, 0 where there is none."""
    from scipy import fft  # slow to import; most commands look at no page

    waves = np.zeros(len(corners), np.complex64)
    for start in range(0, len(corners), CHUNK):
        some = corners[start : start + CHUNK]
        blocks = np.stack([drawing[y : y + BLOCK, x : x + BLOCK] for y, x in some]).astype(np.float32)
        blocks = (blocks - blocks.mean(axis=(1, 2), keepdims=True)) * _WINDOW
        spectrum = fft.rfft2(blocks)
        power = spectrum.real**2 + spectrum.imag**2
        waves[start : start + CHUNK] = _raster(power * _RING)
    return waves


def _raster(power: Floats) -> NDArray[np.complex64]:
    """Return the raster that spectra (n, BLOCK, BLOCK / 2 + 1) show, x + iy in waves a block, 0 where they do not."""
    which = np.arange(len(power))
    total = np.maximum(power.sum(axis=(1, 2)), 1e-6)
    row, column = np.unravel_index(power.reshape(len(power), -1).argmax(axis=1), power.shape[1:])
    y, x = _AT[row], column.astype(np.float32)
    first, y, x = _peak(power, which, y, x)
    second, _, _ = _peak(power, which, -x, y)
    # The diagonal neighbours of a raster's peaks can be the stronger ones where its dots are small.
    one, one_y, one_x = _peak(power, which, (y + x) / 2, (x - y) / 2)
    other, _, _ = _peak(power, which, (y - x) / 2, (x + y) / 2)
    finer = np.minimum(one, other) > 0.25 * np.minimum(first, second)
    wave = np.where(finer, one_x + 1j * one_y, x + 1j * y)
    both = np.where(finer, one + other, 0)
    good = (first + both > FIRST_PEAK * total) & (second + both > SECOND_PEAK * total) & (np.abs(wave) > 1)
    return np.where(good, wave, 0).astype(np.complex64)


def _peak(power: Floats, which: NDArray[np.intp], y: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the power within a pixel of a frequency, and that power's middle (y, x)."""
    turn = np.where(np.rint(x) < 0, -1, 1)
    y0, x0 = np.rint(y * turn).astype(int), np.rint(x * turn).astype(int)
    held, middle_y, middle_x = (np.zeros(len(which), np.float32) for _ in range(3))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            at_x, at_y = x0 + right, y0 + down
            flip = np.where(at_x < 0, -1, 1)
            part = power[which, (at_y * flip) % BLOCK, np.minimum(at_x * flip, BLOCK // 2)]
            held += part
            middle_y += part * at_y
            middle_x += part * at_x
    safe = np.maximum(held, 1e-6)
    return held, middle_y / safe, middle_x / safe
