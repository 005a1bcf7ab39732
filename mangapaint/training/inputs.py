"""What a network is given of a coloured picture: its luma, edges, ink, or ink with screentone."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.drawn import line_art
from mangapaint.analysis.edges import edges
from mangapaint.analysis.ink import luminance
from mangapaint.document.page import Picture, Pixels
from mangapaint.training.samples import NOWHERE, Input, Labels, Original

PITCHES = (2.2, 7.0)
"""Pixels between the dots of a screen, from and to: at a network's size a page's screens are fine, some hardly seen."""
LEVELS = (0.0, 0.12, 0.22, 0.34, 0.48)
"""Parts of the paper that screens cover; there are few kinds of them."""
LIGHTEST, DARKEST = 205.0, 45.0
"""Luma of areas that are left white, and of those that get the darkest screen."""
SHARP = 0.9
"""How quickly a dot's rim goes from black to white, in gray values of its height field per pixel of the pitch."""

Field = NDArray[np.float32]


def page_of(input: Input, original: Original, rng: np.random.Generator) -> Pixels:  # noqa: A002
    """Return the page of a picture, uint8 (h, w) as the picture, dark lines on white unless it is its luma.

    ``original`` is of the page's size already. Its own ink and screentone are taken where it has them; ``rng`` draws
    the screens of one that has none.
    """
    if input is Input.GRAY:
        return _luma(original.color)
    if input is Input.EDGES:
        return 255 - edges(_luma(original.color))
    if input is Input.TONE and original.tone is not None:
        return original.tone
    line = line_art(original.color) if original.line is None else original.line
    if input is Input.INK:
        return line
    light = _even_light(_luma(original.color), original.regions)
    return np.asarray(np.minimum(line, screened(light, rng)), dtype=np.uint8)


def screened(light: Pixels, rng: np.random.Generator) -> Pixels:
    """Return screens of round dots, uint8 (h, w), black on white, the denser the darker ``light``, uint8 (h, w), is.

    One screen's pitch and angle are drawn for the whole page, as an artist has one box of them.
    """
    depth = np.clip((LIGHTEST - np.arange(256)) / (LIGHTEST - DARKEST), 0, 1)
    level = np.rint(depth * (len(LEVELS) - 1)).astype(np.intp)
    pitch, angle = rng.uniform(*PITCHES), rng.uniform(0, np.pi / 2)
    above = _dots(light.shape, pitch, angle) - _limits()[level][light]
    ink = np.clip(above * np.float32(SHARP * pitch) + np.float32(0.5), 0, 1)
    ink[level[light] == 0] = 0
    return np.asarray(cv2.convertScaleAbs(1 - ink, alpha=255), dtype=np.uint8)


def _luma(color: Pixels) -> Pixels:
    return luminance(Picture(color.view(), "original"))


def _dots(shape: tuple[int, ...], pitch: float, angle: float) -> Field:
    """Return a field with a hill in the middle of each dot, float32 (h, w), -1..1."""
    y, x = (np.arange(length, dtype=np.float32) * np.float32(2 * np.pi / pitch) for length in shape)
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    across, down = cosine * x, sine * y
    # cos(p + q) = cos p cos q - sin p sin q: sines of rows and columns suffice.
    one = np.outer(np.cos(down), np.cos(across)) - np.outer(np.sin(down), np.sin(across))
    across, down = sine * x, cosine * y
    other = np.outer(np.cos(down), np.cos(across)) + np.outer(np.sin(down), np.sin(across))
    return np.asarray((one + other) / 2, dtype=np.float32)


@lru_cache(maxsize=1)
def _limits() -> Field:
    """Return the heights above which dots are ink, one for each level, float32, so that they cover what it says."""
    one_period = _dots((100, 100), 100, 0)
    return np.quantile(one_period, 1 - np.asarray(LEVELS)).astype(np.float32)


def _even_light(luma: Pixels, regions: Labels | None) -> Pixels:
    """Return luma that is even in each region, white where there is none; without regions, only smooth."""
    if regions is None:
        return np.asarray(cv2.medianBlur(luma, 7), dtype=np.uint8)
    names = (regions - NOWHERE).ravel()
    count = np.maximum(np.bincount(names), 1)
    mean = np.bincount(names, luma.ravel()) / count
    mean[0] = 255
    return np.rint(mean).astype(np.uint8)[names].reshape(luma.shape)
