"""Places where page and reference show the same thing: registered by their local features, mirrored or not.

SIFT features (Lowe 2004) of both pictures are paired; similarity transforms are drawn from the pairs one after the
other (RANSAC: Fischler, Bolles 1981), each refined by dense optical flow (DIS: Kroeger et al. 2016). A figure that was
moved, turned, enlarged or mirrored as a whole gets its transform, whatever the rest of the picture does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels

MOST_FEATURES = 2500
FAINTEST = 0.02
"""Contrast of the weakest feature: washes are faint."""
DISTINCT = 0.85
"""A pair counts if the second best is at least so much farther (Lowe's ratio)."""
LEAST_PAIRS = 7
"""Pairs at different places that a transform must explain. Unrelated pictures reached this in none of 25 trials."""
APART = 3
"""Pixels; pairs nearer to each other count as one."""
REACH = 5.0
"""Pixels by which a pair may miss its transform."""
MOST_TRANSFORMS = 6
SMALLEST, LARGEST = 0.2, 5.0
"""How much smaller or larger the same thing may be."""
TRIALS = 3000

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Warp:
    """One transform: ``at`` is float32 (h, w, 2), where each working pixel lies in the reference, in its pixels.

    ``pairs`` is how many features agree, ``scale`` how many reference pixels a working pixel covers.
    """

    at: Field
    pairs: int
    scale: float


@dataclass(frozen=True, eq=False)
class Features:
    """A picture's features: places float32 (n, 2) x, y; descriptors float32 (n, 128)."""

    places: Field
    descriptors: Field


def features(gray: Pixels) -> Features:
    """Find the features of a gray picture, uint8 (H, W)."""
    points, found = cv2.SIFT.create(nfeatures=MOST_FEATURES, contrastThreshold=FAINTEST).detectAndCompute(gray, None)
    places = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
    return Features(places, np.zeros((0, 128), np.float32) if found is None else found)


def mirrored(gray: Pixels) -> Pixels:
    """Return a picture's mirror image."""
    return np.ascontiguousarray(gray[:, ::-1])


def warps(page: Pixels, known: Features, reference: Pixels, found: Sequence[Features],
          size: tuple[int, int]) -> list[Warp]:  # fmt: skip
    """Return the transforms that lead from a page to a reference, both uint8 (H, W), at a working ``size`` (h, w).

    ``known`` are the page's features, ``found`` those of the reference and of its mirror image.
    """
    out = []
    small = np.asarray(cv2.resize(page, size[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
    for flipped, gray, features_there in zip((False, True), (reference, mirrored(reference)), found, strict=True):
        for pairs, transform in _transforms(known, features_there):
            warp = _refined(small, gray, transform, pairs, page.shape)
            if flipped:
                warp.at[..., 0] = reference.shape[1] - 1 - warp.at[..., 0]
            out.append(warp)
    return out


def _transforms(page: Features, reference: Features) -> list[tuple[int, Field]]:
    """Draw transforms (page to reference, float32 (2, 3)) from the pairs until too few agree; with how many do."""
    if min(len(page.places), len(reference.places)) < 2:
        return []
    pairs = cv2.BFMatcher().knnMatch(page.descriptors, reference.descriptors, k=2)
    good = [one for one, two in pairs if one.distance < DISTINCT * two.distance]
    here = page.places[[pair.queryIdx for pair in good]]
    there = reference.places[[pair.trainIdx for pair in good]]
    out: list[tuple[int, Field]] = []
    cv2.setRNGSeed(0)
    while len(here) >= LEAST_PAIRS and len(out) < MOST_TRANSFORMS:
        transform, inside = cv2.estimateAffinePartial2D(there, here, ransacReprojThreshold=REACH, maxIters=TRIALS)
        if transform is None:
            break
        agree = inside.ravel() > 0
        count = len(np.unique(np.rint(here[agree] / APART), axis=0))
        if count < LEAST_PAIRS or not SMALLEST < float(np.hypot(transform[0, 0], transform[1, 0])) < LARGEST:
            break
        out.append((count, cv2.invertAffineTransform(transform).astype(np.float32)))
        here, there = here[~agree], there[~agree]
    return out


def _refined(small: Pixels, reference: Pixels, transform: Field, pairs: int, page: tuple[int, ...]) -> Warp:
    """Return a transform with the flow that is left between the page at working size and what it takes over."""
    height, width = small.shape
    step = page[1] / width
    scale = float(np.hypot(transform[0, 0], transform[1, 0])) * step
    y, x = np.mgrid[:height, :width].astype(np.float32)
    at = _applied(transform, x, y, step)
    source = cv2.GaussianBlur(reference, (0, 0), (scale - 1) / 2) if scale > 1.2 else reference
    taken = cv2.remap(source, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if min(height, width) >= 16:  # the flow needs a few blocks
        flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(small, taken, None)
        at = _applied(transform, x + flow[..., 0], y + flow[..., 1], step)
    return Warp(at, pairs, scale)


def _applied(transform: Field, x: Field, y: Field, step: float) -> Field:
    """Return where working pixels lie in the reference; ``step`` is how many page pixels one of them covers."""
    here = np.dstack([(x + 0.5) * step - 0.5, (y + 0.5) * step - 0.5])
    return np.asarray(here @ transform[:, :2].T + transform[:, 2], dtype=np.float32)
