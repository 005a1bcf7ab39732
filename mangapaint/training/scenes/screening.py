"""What happens to a line drawing on its way to print and back: screentone by how dark things are, wear, the scanner."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.training.samples import NOWHERE, Labels
from mangapaint.training.scenes.rendering import luma
from mangapaint.training.scenes.shapes import Identity
from mangapaint.training.scenes.styles import Screen, Screening, Style, Wear

GRAYS = ((205, 0.0), (168, 0.1), (128, 0.2), (84, 0.34), (0, 0.55))
"""From which luma on a thing has how much black, the lightest first."""
BARE = frozenset({"paper", "skin", "eye white", "cloud"})
"""What is left white whatever its colour, nearly always."""
SHADED = 0.28
"""How much black shadow adds."""


def screened(ink: Pixels, shadow: Pixels, identities: Labels, *, known: Iterable[Identity], style: Style,
             rng: Generator) -> Pixels:  # fmt: skip
    """Return the line drawing with screentone, uint8 (h, w).

    ``shadow`` is uint8, how much of it there is; ``identities`` are as in ``samples.Original``, ``known`` all that may
    be among them.
    """
    black = _grays(known, style)[identities]
    if style.screen.fading and rng.random() < 0.5:
        black *= _ramp(ink.shape, rng)
    if not style.screen.hatched:
        black += shadow.astype(np.float32) * (SHADED / 255)
    black[identities == NOWHERE] = 0
    if not black.any():
        return ink.copy()
    screen = _pattern(ink.shape, style.screen, rng)
    # Antialiased: half a pixel about the dot's edge goes from black to white.
    edge = style.screen.pitch * 1.1
    dots = np.clip((screen - black) * edge * 255 + 127, 0, 255)
    dots[black < 0.02] = 255
    return np.minimum(ink, dots.astype(np.uint8))


def _grays(known: Iterable[Identity], style: Style) -> NDArray[np.float32]:
    """Return how much black things have, by their number; the last is for what is nothing."""
    things = list(known)
    table = np.zeros(max(thing.number for thing in things) + 2, np.float32)
    for thing in things:
        # A thing has the same tone in all pictures of its series.
        own = default_rng((style.taste, thing.number))
        bare = thing.name in BARE and own.random() < 0.97
        if not bare and own.random() < style.screen.share:
            table[thing.number] = next(black for least, black in GRAYS if luma(thing.color) >= least)
    return table


def _ramp(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float32]:
    """Return a factor that runs from dark to light across the picture."""
    angle = rng.choice([np.pi / 2, -np.pi / 2, rng.uniform(0, 2 * np.pi)])
    y, x = np.ogrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return np.clip(0.9 + 0.8 * (x * np.cos(angle) + y * np.sin(angle)), 0.0, 1.6).astype(np.float32)


def _pattern(shape: tuple[int, ...], screen: Screen, rng: Generator) -> NDArray[np.float32]:
    """Return at each pixel how much black there must be for the pixel to be black, evenly spread over 0..1."""
    angle = np.radians(screen.angle)
    turn = 2 * np.pi / screen.pitch
    y, x = np.arange(shape[0], dtype=np.float32)[:, None], np.arange(shape[1], dtype=np.float32)[None]
    across = np.cos(turn * (x * np.cos(angle) - y * np.sin(angle)) + rng.uniform(0, 6), dtype=np.float32)
    if screen.screening is Screening.LINES:
        return np.asarray(0.5 - np.arcsin(across) / np.pi, np.float32)
    along = np.cos(turn * (x * np.sin(angle) + y * np.cos(angle)) + rng.uniform(0, 6), dtype=np.float32)
    return _spread(0.5 - (across + along) / 4)


def _spread(height: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share of the pattern that lies below each of its heights, as the wave (cos + cos) has it."""
    grid = np.cos(np.linspace(0, np.pi, 64))
    known = np.sort((0.5 - (grid[:, None] + grid[None]) / 4).ravel())
    levels = np.linspace(0, 1, 256)
    table = (np.searchsorted(known, levels) / known.size).astype(np.float32)
    return table[np.clip(height * 255, 0, 255).astype(np.uint8)]


def worn(ink: Pixels, wear: Wear, rng: Generator) -> Pixels:
    """Return a drawing as a scanner gives it back, uint8 (h, w); the same if there is no wear."""
    if wear == Wear():
        return ink
    if wear.blur:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), wear.blur), np.uint8)
    gray = wear.black + ink.astype(np.float32) * ((wear.white - wear.black) / 255)
    if wear.slant:
        gray -= np.linspace(0, wear.slant, ink.shape[1], dtype=np.float32) * (gray / 255)
    if wear.grain:
        gray += rng.standard_normal(ink.shape, np.float32) * wear.grain
    scanned = np.clip(gray, 0, 255).astype(np.uint8)
    if wear.quality:
        _, packed = cv2.imencode(".jpg", scanned, [cv2.IMWRITE_JPEG_QUALITY, wear.quality])
        scanned = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return scanned
