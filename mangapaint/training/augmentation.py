"""Making many pictures of one: where it lies and how it bends, how light it is, and what a page suffers on its way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.training.recoloring import recolored, with_lab
from mangapaint.training.samples import Input, Original
from mangapaint.training.warping import Mapping, Placement, bend, fitted, mapping, moved, moved_labels

BENDS = (3, 4, 5)
"""Along each side so many points hold a bend."""
LOOKED_AT, STEP = 3, 8
"""So many parts of a picture are looked at, every so many-th pixel of them; the one with most areas is taken."""
SHADIEST, PALEST = 12.0, 15.0
"""CIELAB L by which black may become lighter, and white darker, where luminance changes in full."""
GAMMA = 0.5
"""By how many powers of two the exponent of luminance changes at most, either way."""
BLURS, NOISES, QUALITIES = (0.3, 1.1), (1.0, 7.0), (40, 92)
"""Deviation of a blur in pixels, of noise in gray values; quality of JPEG: from and to."""

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Augmentation:
    """How much pictures are changed before they are shown.

    ``whole`` is how often (0..1) all of a picture is shown, otherwise a part of it at a scale from ``scale`` (result
    pixels for each of the original's). ``mirror``, ``light``, ``recolor`` and ``wear`` are how often it is mirrored,
    its luminance changes, its things change colours, and the page (nothing else) is blurred, noisy or compressed.
    ``turn`` is the most degrees it is rotated by, ``bend`` the most a point is moved by, in parts of the shorter side.
    """

    whole: float = 1.0
    scale: tuple[float, float] = (1.0, 1.0)
    mirror: float = 0.0
    turn: float = 0.0
    bend: float = 0.0
    light: float = 0.0
    recolor: float = 0.0
    wear: float = 0.0


NONE = Augmentation()
"""The whole picture, brought to the size and padded with white."""
SERIES = Augmentation(whole=0.35, scale=(0.5, 2.0), mirror=0.5, turn=6.0, bend=0.05, light=0.4, wear=0.15)
"""For learning one series: its colours stay."""
GENERAL = replace(SERIES, whole=0.3, turn=10.0, bend=0.06, light=0.6, recolor=0.4, wear=0.35)
"""For learning to colour anything: hints must count for more than what things mostly look like."""

PAIRED = replace(GENERAL, whole=0.6, turn=15.0, bend=0.1, light=0.3, recolor=0.5)
"""For learning what is the same in two pictures: most of either is to be seen."""


def augmented(original: Original, size: tuple[int, int], augmentation: Augmentation, *, input: Input,  # noqa: A002
              rng: np.random.Generator) -> Original:  # fmt: skip
    """Return an original as it is shown once, all its layers of ``size`` (height, width), white where it ends.

    Where the page of ``input`` will show luminance it varies, but not with the colours; else the other way round.
    """
    placed = _moved(original, _mapping(original, size, augmentation, rng))
    if augmentation.recolor and rng.random() < augmentation.recolor:
        placed = recolored(placed, light=input in (Input.EDGES, Input.INK), rng=rng)
    if input.keeps and augmentation.light and rng.random() < augmentation.light:
        placed = replace(placed, color=relit(placed.color, rng))
    return placed


def relit(color: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a picture, uint8 RGB, with another exposure: CIELAB L bent and squeezed, a and b as they were."""
    exponent = 2 ** rng.uniform(-GAMMA, GAMMA)
    low, high = rng.uniform(0, SHADIEST) * (rng.random() < 0.5), 100 - rng.uniform(0, PALEST) * (rng.random() < 0.5)

    def change(lab: Field) -> Field:
        lab[..., 0] = low + (high - low) * cv2.pow(np.ascontiguousarray(lab[..., 0]) / 100, exponent)
        return lab

    return with_lab(color, change)


def worn(page: Pixels, augmentation: Augmentation, rng: np.random.Generator) -> Pixels:
    """Return a page, uint8 (h, w), as scanning, scaling and sending may leave it."""
    if augmentation.wear and rng.random() < augmentation.wear:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), rng.uniform(*BLURS)), dtype=np.uint8)
    if augmentation.wear and rng.random() < augmentation.wear:
        grain = rng.standard_normal(page.shape, dtype=np.float32) * np.float32(rng.uniform(*NOISES))
        page = np.clip(np.rint(page + grain), 0, 255).astype(np.uint8)
    if augmentation.wear and rng.random() < augmentation.wear:
        sent = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*QUALITIES))])[1]
        page = np.asarray(cv2.imdecode(sent, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return page


def _mapping(original: Original, size: tuple[int, int], augmentation: Augmentation,
             rng: np.random.Generator) -> Mapping:  # fmt: skip
    placement = _placement(original, size, augmentation, rng)
    bent = None
    if augmentation.bend:
        bent = bend(int(rng.choice(BENDS)), rng.uniform(0, augmentation.bend), rng)
    return mapping(size, placement, bent)


def _placement(original: Original, size: tuple[int, int], augmentation: Augmentation,
               rng: np.random.Generator) -> Placement:  # fmt: skip
    """Choose how a picture lies: whole, or a part that does not reach out of it where it is large enough."""
    height, width = original.color.shape[:2]
    placement = fitted((height, width), size)
    if rng.random() >= augmentation.whole:
        least = max(augmentation.scale[0], placement.scale)
        scale = float(np.exp(rng.uniform(np.log(least), np.log(max(augmentation.scale[1], least)))))
        placement = replace(placement, scale=scale, middle=_middle(original, size[0] / scale, size[1] / scale, rng))
    angle = rng.uniform(-augmentation.turn, augmentation.turn) if augmentation.turn else 0.0
    return replace(placement, angle=angle, mirror=bool(rng.random() < augmentation.mirror))


def _middle(original: Original, high: float, wide: float, rng: np.random.Generator) -> tuple[float, float]:
    """Return the middle (x, y) of a part that is so high and wide: of a few, the one that shows most."""
    height, width = original.color.shape[:2]
    places = [(_within(width, wide, rng), _within(height, high, rng)) for _ in range(LOOKED_AT)]
    return max(places, key=lambda at: _shown(original, at, high, wide))


def _shown(original: Original, at: tuple[float, float], high: float, wide: float) -> int:
    """Return how many areas a part shows."""
    if original.regions is None:
        return 0
    x0, y0 = max(0, int(at[0] - wide / 2)), max(0, int(at[1] - high / 2))
    return len(np.unique(original.regions[y0 : y0 + int(high) : STEP, x0 : x0 + int(wide) : STEP]))


def _within(length: int, seen: float, rng: np.random.Generator) -> float:
    """Return the middle of a part of some length, anywhere in the whole; the whole's own where it is shorter."""
    return rng.uniform(seen / 2, length - seen / 2) if seen < length else length / 2


def _moved(original: Original, way: Mapping) -> Original:
    line, tone = (None if layer is None else moved(layer, way) for layer in (original.line, original.tone))
    regions, identities = (
        None if labels is None else moved_labels(labels, way) for labels in (original.regions, original.identities)
    )
    return replace(original, color=moved(original.color, way), line=line, tone=tone, regions=regions,
                   identities=identities)  # fmt: skip
