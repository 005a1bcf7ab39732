"""Lettering by hand: capital letters and made-up characters as strokes, lines of them, columns, sound effects."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
from numpy.random import Generator

from mangapaint.training.scenes.shapes import Points

LETTERS = MappingProxyType(
    {
        "A": "06 20 46,14 34", "B": "06 00 30 41 42 33 03,33 44 45 36 06", "C": "41 30 10 01 05 16 36 45",
        "D": "00 06 26 44 42 20 00", "E": "40 00 06 46,03 33", "F": "40 00 06,03 33",
        "G": "41 30 10 01 05 16 36 45 43 23",
        "H": "00 06,40 46,03 43", "I": "20 26", "J": "40 45 36 16 05", "K": "00 06,40 03 46", "L": "00 06 46",
        "M": "06 00 24 40 46", "N": "06 00 46 40", "O": "10 01 05 16 36 45 41 30 10", "P": "06 00 30 41 42 33 03",
        "R": "06 00 30 41 42 33 03,23 46", "S": "41 30 10 01 02 13 33 44 45 36 16 05", "T": "00 40,20 26",
        "U": "00 05 16 36 45 40", "V": "00 26 40", "W": "00 16 22 36 40", "X": "00 46,40 06", "Y": "00 23 40,23 26",
        "Z": "00 40 06 46", "!": "20 24,26 26", "?": "01 10 30 41 42 23 24,26 26", ".": "16 16", ",": "16 07",
        "'": "20 11", "-": "03 33",
    }
)  # fmt: skip
"""Strokes of each letter: points x, y on a grid 0..4 by 0..6, y downwards; strokes are divided by commas."""
STARTS = ("", "", "", "B", "C", "D", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "T", "W", "SH", "TH", "ST", "WH")
VOWELS = ("A", "E", "E", "I", "O", "U", "OU", "EA", "OO")
ENDS = ("", "", "", "N", "T", "S", "R", "LL", "ND", "D", "M", "RE", "VE")
SOUNDS = ("BAM", "POW", "WHAM", "CRASH", "DOOM", "ZAP", "SPLASH", "VROOM", "TAP TAP", "KRAK", "BOOM", "SNAP", "FWOOSH")
ADVANCE, LEADING = 5.6, 8.6
"""From one letter to the next, from one line to the next, in units of the letters' grid (which is 6 high)."""

Strokes = list[Points]


def words(rng: Generator, count: int) -> list[str]:
    """Return words that look like words; the last ends a sentence."""
    said = ["".join(_syllable(rng) for _ in range(rng.choice(3, p=[0.6, 0.3, 0.1]) + 1)) for _ in range(count)]
    return [*said[:-1], said[-1] + str(rng.choice(list(".!?")))]


def _syllable(rng: Generator) -> str:
    return "".join(parts[rng.integers(len(parts))] for parts in (STARTS, VOWELS, ENDS))


def broken(said: Sequence[str], widest: int) -> list[str]:
    """Return lines of at most ``widest`` letters, except for longer words."""
    lines = [said[0]]
    for word in said[1:]:
        if len(lines[-1]) + 1 + len(word) <= widest:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def lettered(lines: Sequence[str], rng: Generator, *, middle: tuple[float, float], height: float) -> Strokes:
    """Return the strokes of centred lines about ``middle``; ``height`` is a letter's."""
    unit, slant = height / 6, rng.uniform(0, 0.18)
    strokes: Strokes = []
    for row, text in enumerate(lines):
        left = middle[0] - (len(text) * ADVANCE - 1.6) * unit / 2
        top = middle[1] + ((row - (len(lines) - 1) / 2) * LEADING - 3) * unit
        for column, letter in enumerate(text):
            at = np.array((left + column * ADVANCE * unit, top)) + rng.normal(0, 0.15 * unit, 2)
            strokes += [_placed(points, at, unit, slant) for points in _letter(letter, rng)]
    return strokes


def columns(rng: Generator, *, middle: tuple[float, float], height: float, rows: Sequence[int]) -> Strokes:
    """Return the strokes of made-up characters in upright columns, read from the right; ``rows`` says how many."""
    unit = height / 6
    strokes: Strokes = []
    for column, count in enumerate(rows):
        x = middle[0] + ((len(rows) - 1) / 2 - column) * 8 * unit - 3 * unit
        for row in range(count):
            y = middle[1] + (row - max(rows) / 2) * 7.2 * unit
            strokes += [_placed(points, np.array((x, y)), unit, 0.0) for points in _character(rng)]
    return strokes


def sound(rng: Generator, *, middle: tuple[float, float], height: float) -> Strokes:
    """Return the strokes of a sound effect: large letters along a rising line, each turned a little."""
    text = str(rng.choice(SOUNDS)) + ("!" if rng.random() < 0.4 else "")
    unit, rise = height / 6, rng.uniform(-0.35, 0.2)
    strokes: Strokes = []
    for column, letter in enumerate(text):
        along = (column - (len(text) - 1) / 2) * (ADVANCE + 1) * unit
        at = np.array((middle[0] + along - 2 * unit, middle[1] + along * rise - 3 * unit))
        size = unit * rng.uniform(0.85, 1.25)
        strokes += [_placed(points, at, size, rng.uniform(-0.2, 0.3)) for points in _letter(letter, rng)]
    return strokes


def _letter(letter: str, rng: Generator) -> Strokes:
    text = LETTERS.get(letter)
    if text is None:
        return []
    grid = [[[int(place) for place in point] for point in stroke.split()] for stroke in text.split(",")]
    strokes = [np.array(points, np.float32) for points in grid]
    return [stroke + rng.normal(0, 0.16, stroke.shape).astype(np.float32) for stroke in strokes]


def _character(rng: Generator) -> Strokes:
    """Return the strokes of a character that no one can read, in a square of 6."""
    strokes: Strokes = []
    for y in np.sort(rng.uniform(0.3, 5.7, int(rng.integers(1, 4)))):
        strokes.append(np.array(((rng.uniform(0, 1.5), y), (rng.uniform(4, 6), y - 0.3)), np.float32))
    for x in rng.uniform(1, 5, int(rng.integers(1, 3))):
        strokes.append(np.array(((x, rng.uniform(0, 2)), (x, rng.uniform(4, 6))), np.float32))
    if rng.random() < 0.5:
        strokes.append(np.array(((3, 2), (2.2, 4), (0.5, 6)), np.float32))
    if rng.random() < 0.5:
        strokes.append(np.array(((3, 2.5), (4.2, 4.4), (5.8, 5.8)), np.float32))
    return strokes


def _placed(points: Points, at: np.ndarray[tuple[int], np.dtype[np.float64]], unit: float, slant: float) -> Points:
    x = points[:, 0] + slant * (3 - points[:, 1])
    return np.stack((at[0] + x * unit, at[1] + points[:, 1] * unit), axis=1).astype(np.float32)
