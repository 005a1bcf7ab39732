"""Giving the things of a picture other colours, so that a network learns to be told colours, not to know them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.labels import nearest
from mangapaint.document.page import Pixels
from mangapaint.training.samples import NOWHERE, Labels, Original

Field = NDArray[np.float32]

PERMUTED = 0.5
"""How often the colours of things change places, rather than being drawn anew."""
NEUTRAL_PART = 0.2
"""How often a newly drawn colour is a gray."""
KEPT = 0.6
"""The part of the things that keep their colours, at most."""
STRONGEST = 70.0
"""Chroma of newly drawn colours at most."""
NEUTRAL = 8.0
"""Chroma below which a colour has no hue that could be turned."""
LIGHTEST, DARKEST = 92.0, 22.0
"""CIELAB L of other colours, where it may change."""
PAPER = 0
"""What is never anything but paper: bubbles, gutters (``scenes.series.PAPER``)."""
BLACK, WHITE, GRAY = 12.0, 95.0, 4.0
"""CIELAB L up to which a thing is ink, and from which on it is paper if its chroma is below the third: both stay."""
ENDED = 245
"""Where R, G and B are above this and nothing is known to be, the picture has ended."""
RIM = 13
"""Ink within half of so many pixels of a thing takes part in its change; further off is solid black, or no picture."""
STEPS = 12
"""Chroma is reduced in so many steps until sRGB has the colour, ..."""
REACHED = 2.0
"""... which it has if CIELAB is no further off than this after it was cut off."""
HUES = 256
"""A turn of hues is tabulated in so many steps."""
WAVES = (0.5, 0.2)
"""How far hues wander apart at most, in radians, in one and in two waves around the circle: never past each other."""
PALER, STRONGER = 0.6, 1.25
"""By how much chroma is multiplied, from and to."""


def with_lab(color: Pixels, change: Callable[[Field], Field]) -> Pixels:
    """Return a picture, uint8 RGB (h, w, 3), after a change of its CIELAB, float32 likewise, that may overwrite it."""
    lab = cv2.cvtColor(color.astype(np.float32) * np.float32(1 / 255), cv2.COLOR_RGB2LAB)
    rgb = cv2.cvtColor(change(lab), cv2.COLOR_LAB2RGB)
    return np.asarray(cv2.convertScaleAbs(np.clip(rgb, 0, 1), alpha=255), dtype=np.uint8)


def recolored(original: Original, *, light: bool, rng: np.random.Generator) -> Original:
    """Return an original whose things have other colours: each its own where it is known what they are.

    Of other pictures all hues are turned, by angles that differ with the hue but nowhere jump, so that a wash stays
    one. ``light`` says whether luminance may change with the colours.
    """
    if original.identities is None or not (original.identities > NOWHERE).any():
        return replace(original, color=hues_turned(original.color, rng))
    return replace(original, color=_things_recolored(original.color, original.identities, light=light, rng=rng))


def hues_turned(color: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a picture, uint8 RGB, with its hues turned about the gray axis and its chroma changed; L stays."""
    angle = np.arange(HUES) * (2 * np.pi / HUES)
    turn = np.full(HUES, rng.uniform(-np.pi, np.pi))
    for wave, most in enumerate(WAVES, 1):
        turn += rng.uniform(-most, most) * np.sin(wave * angle + rng.uniform(0, 2 * np.pi))
    gain = rng.uniform(PALER, STRONGER)
    cosine, sine = (gain * way(turn).astype(np.float32) for way in (np.cos, np.sin))

    def change(lab: Field) -> Field:
        a, b = lab[..., 1].copy(), lab[..., 2].copy()
        hue = (cv2.phase(a, b) * np.float32(HUES / (2 * np.pi))).astype(np.intp) % HUES
        turned_a, turned_b = cosine[hue], sine[hue]
        lab[..., 1] = a * turned_a - b * turned_b
        lab[..., 2] = a * turned_b + b * turned_a
        return lab

    return with_lab(color, change)


def _things_recolored(color: Pixels, identities: Labels, *, light: bool, rng: np.random.Generator) -> Pixels:
    # Ink belongs to what it bounds, or the mixtures along it would keep the old colour.
    things = nearest(np.asarray(identities - NOWHERE, dtype=np.int32))
    numbers, group = np.unique(things, return_inverse=True)
    group = group.reshape(identities.shape)
    inside = identities > NOWHERE

    def change(lab: Field) -> Field:
        old = _means(lab[inside], group[inside], len(numbers))
        fixed = (numbers + NOWHERE == PAPER) | _is_paper_or_ink(old)
        return _shifted(lab, group, old, _other(old, fixed, light=light, rng=rng))

    near = cv2.dilate(inside.view(np.uint8), np.ones((RIM, RIM), np.uint8)) > 0
    ours = inside | (near & (color.min(axis=2) < ENDED))
    return np.where(ours[..., None], with_lab(color, change), color)


def _means(lab: Field, group: NDArray[np.intp], count: int) -> Field:
    """Return the mean colour of each group, float32 (count, 3)."""
    held = np.maximum(np.bincount(group, minlength=count), 1)
    sums = [np.bincount(group, lab[:, channel], minlength=count) / held for channel in range(3)]
    return np.stack(sums, axis=1).astype(np.float32)


def _is_paper_or_ink(colors: Field) -> NDArray[np.bool_]:
    white = (colors[:, 0] > WHITE) & (np.hypot(colors[:, 1], colors[:, 2]) < GRAY)
    return np.asarray(white | (colors[:, 0] < BLACK))


def _other(old: Field, fixed: NDArray[np.bool_], *, light: bool, rng: np.random.Generator) -> Field:
    """Return other colours for some things, CIELAB float32 (n, 3), with their own L unless it may change.

    Those that are ``fixed``, and some by chance, keep theirs.
    """
    count = len(old)
    new = old[rng.permutation(count)] if rng.random() < PERMUTED else _drawn(count, rng)
    new[:, 0] = np.clip(new[:, 0], DARKEST, LIGHTEST) if light else old[:, 0]
    kept = fixed | (rng.random(count) < rng.uniform(0, KEPT))
    new = np.where(kept[:, None], old, _reachable(new))
    return np.asarray(new, dtype=np.float32)


def _drawn(count: int, rng: np.random.Generator) -> Field:
    """Draw colours: every hue, pale as often as strong, and some grays."""
    hue = rng.uniform(0, 2 * np.pi, count)
    chroma = rng.uniform(0, STRONGEST, count) * (rng.random(count) >= NEUTRAL_PART)
    light = rng.uniform(DARKEST, LIGHTEST, count)
    return np.stack([light, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1).astype(np.float32)


def _reachable(lab: Field) -> Field:
    """Return colours with as much of their chroma as sRGB has at their L."""
    parts = np.linspace(0, 1, STEPS, dtype=np.float32)
    tried = np.repeat(lab[:, None], STEPS, axis=1)
    tried[..., 1:] *= parts[None, :, None]
    shown = cv2.cvtColor(np.clip(cv2.cvtColor(tried, cv2.COLOR_LAB2RGB), 0, 1), cv2.COLOR_RGB2LAB)
    good = np.abs(shown - tried).max(axis=2) <= REACHED
    last = np.where(good, np.arange(STEPS), 0).max(axis=1)
    return tried[np.arange(len(lab)), last]


def _shifted(lab: Field, group: NDArray[np.intp], old: Field, new: Field) -> Field:
    """Return a picture whose things went from their old mean colours to new ones, shades and strokes on them, too.

    What is darker than its thing, as the ink's rims are, moves by as much less, down to black, which stays black. How
    the thing's a, b vary is turned with its hue.
    """
    part = np.clip(lab[..., 0] / np.maximum(old[:, 0], 1.0)[group], 0, 1)
    cosine, sine = (values.astype(np.float32)[group] for values in _turns(old, new))
    rest_a, rest_b = (lab[..., channel] - part * old[:, channel][group] for channel in (1, 2))
    lab[..., 1] = part * new[:, 1][group] + cosine * rest_a - sine * rest_b
    lab[..., 2] = part * new[:, 2][group] + sine * rest_a + cosine * rest_b
    lab[..., 0] = np.clip(lab[..., 0] + part * (new[:, 0] - old[:, 0])[group], 0, 100)
    return lab


def _turns(old: Field, new: Field) -> tuple[Field, Field]:
    """Return cosine and sine of the angles between old and new hues; none for what is gray before or after."""
    hued = (np.hypot(old[:, 1], old[:, 2]) > NEUTRAL) & (np.hypot(new[:, 1], new[:, 2]) > NEUTRAL)
    angle = np.where(hued, np.arctan2(new[:, 2], new[:, 1]) - np.arctan2(old[:, 2], old[:, 1]), 0)
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
