"""Dense likeness of places: what surrounds each pixel, at several scales, and the places most like it elsewhere.

Patches of luminance at several scales (as in image analogies: Hertzmann 2001, Welsh 2002), the directions of edges
around each place in the manner of DAISY (Tola, Lepetit, Fua 2010), and the position as a weak prior.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

NEAREST = 8
"""Places that are looked up for each pixel."""
KEPT = 40
"""Dimensions that are kept of a place's description; they hold nearly all of its variance."""
BLURS = (0.0, 1.0, 2.0, 4.0, 8.0)
RINGS = (1, 2, 4)
"""Half the distance, in pixels, of the eight samples around a pixel, and the blur they are taken at."""
EDGE_BLURS = (1.5, 3.0, 6.0)
DIRECTIONS = 4
LIGHT = 20.0
"""CIELAB L that counts as much as 1 of a description."""
POSITION = 1.5
"""... and so does the picture's longer side, divided by this."""
EDGES = 0.12
AROUND = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)
LEAST_GROUPED = 1500
"""Up to so many places all are compared."""
GROUPS, PROBES = 128, 8
"""Groups of like places, and how many of them are looked through for each place."""
GROUPED_SAMPLE = 6000
AT_ONCE = 4096
"""Places that are compared with all others at a time."""

Field = NDArray[np.float32]


def descriptions(light: Field) -> Field:
    """Describe each pixel of a picture's L (h, w), 0..100; float32 (h * w, d)."""
    layers = [_blurred(light, blur) * ((1.5 if not blur else 1) / LIGHT) for blur in BLURS]
    for ring in RINGS:
        even = _blurred(light, 0.6 * ring)
        layers += [_moved(even, 2 * ring * x, 2 * ring * y) / (2 * LIGHT) for x, y in AROUND]
    layers += _edges(light)
    height, width = light.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    layers += [
        (axis - size / 2) / max(height, width) * np.float32(POSITION) for axis, size in ((x, width), (y, height))
    ]
    return np.stack(layers, axis=2).reshape(height * width, -1).astype(np.float32)


def _edges(light: Field) -> list[Field]:
    """Return how steep the surroundings are in each direction, here and on a ring around, at each scale."""
    across, down = (cv2.Sobel(light, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    layers = []
    for blur in EDGE_BLURS:
        ring = [
            (0.0, 0.0),
            *((2.5 * blur * np.cos(turn), 2.5 * blur * np.sin(turn)) for turn in np.arange(8) * np.pi / 4),
        ]
        for turn in np.arange(DIRECTIONS) * np.pi / DIRECTIONS:
            steep = _blurred(np.abs(np.cos(turn) * across + np.sin(turn) * down).astype(np.float32), blur)
            steep = np.sqrt(steep + np.float32(0.05)) * np.float32(EDGES)
            layers += [_moved(steep, x, y) for x, y in ring]
    return layers


def _blurred(values: Field, blur: float) -> Field:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), blur) if blur else values, dtype=np.float32)


def _moved(values: Field, x: float, y: float) -> Field:
    """Return what lies at (x, y) from each pixel."""
    shift = np.array([[1, 0, -x], [0, 1, -y]], np.float32)
    return np.asarray(cv2.warpAffine(values, shift, values.shape[::-1], borderMode=cv2.BORDER_REFLECT))


def nearest(page: Field, others: Field) -> tuple[NDArray[np.intp], Field]:
    """Return for each description (n, d) the ``NEAREST`` most alike of ``others`` (m, d), best first.

    Their indices, intp (n, k), and squared distances, float32 (n, k). With fewer than k others there are as many.
    Only the groups of like places that lie nearest are looked through: now and then a slightly better one is missed.
    """
    page, others = _compressed(page, others)
    count = min(NEAREST, len(others))
    if len(others) <= LEAST_GROUPED:
        found = [_best(_distances(part, others), count) for part in np.array_split(page, -(-len(page) // AT_ONCE))]
        return np.concatenate([index for index, _ in found]), np.concatenate([far for _, far in found])
    centers, groups = _grouped(others)
    probes = _best(_distances(page, centers), min(PROBES, len(groups)))[0]
    far = np.full((*probes.shape, count), np.inf, np.float32)
    index = np.zeros(far.shape, np.intp)
    for inside, (who, slot) in zip(groups, _asking(probes, len(groups)), strict=True):
        some = min(count, len(inside))
        best, far[who, slot, :some] = _best(_distances(page[who], others[inside]), some)
        index[who, slot, :some] = inside[best]
    best, near = _best(far.reshape(len(page), -1), count)
    return np.take_along_axis(index.reshape(len(page), -1), best, axis=1), near


def _asking(probes: NDArray[np.intp], count: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return for each of ``count`` groups which rows of ``probes`` (n, p) name it, and in which column."""
    order = probes.ravel().argsort(kind="stable")
    ends = np.cumsum(np.bincount(probes.ravel(), minlength=count))[:-1]
    return [(places // probes.shape[1], places % probes.shape[1]) for places in np.split(order, ends)]


def _best(far: Field, count: int) -> tuple[NDArray[np.intp], Field]:
    """Return the columns of the ``count`` smallest of each row in order, and their values; ``far`` is used up.

    For a handful, so many searches for the least are several times faster than a partition.
    """
    rows = np.arange(len(far))
    best, near = np.empty((len(far), count), np.intp), np.empty((len(far), count), np.float32)
    for place in range(count):
        best[:, place] = far.argmin(axis=1)
        near[:, place] = far[rows, best[:, place]]
        far[rows, best[:, place]] = np.inf
    return best, np.maximum(near, 0)


def _distances(ones: Field, others: Field) -> Field:
    """Return the squared distance of each of (n, d) to each of (m, d), float32 (n, m)."""
    return np.asarray((ones * ones).sum(axis=1)[:, None] + (others * others).sum(axis=1) - 2 * ones @ others.T)


def _grouped(others: Field) -> tuple[Field, list[NDArray[np.intp]]]:
    """Put like places into groups: their middles, (g, d), and who is in each, at least one."""
    centers = _centers(others)
    home = _distances(others, centers).argmin(axis=1)
    order = np.argsort(home, kind="stable")
    return centers[np.unique(home)], np.split(order, np.flatnonzero(np.diff(home[order])) + 1)


def _centers(others: Field) -> Field:
    """Return the middles of groups of like places, (g, d)."""
    sample = np.ascontiguousarray(others[:: max(1, len(others) // GROUPED_SAMPLE)])
    cv2.setRNGSeed(0)
    rounds = (cv2.TERM_CRITERIA_COUNT, 6, 0.0)
    return np.asarray(cv2.kmeans(sample, GROUPS, np.zeros((0, 1), np.int32), rounds, 1, cv2.KMEANS_RANDOM_CENTERS)[2])


def _compressed(page: Field, others: Field) -> tuple[Field, Field]:
    """Project both onto the main components of what is there."""
    both = np.concatenate([page, others])
    mean = both.mean(axis=0)
    sample = both[:: max(1, len(both) // 4000)] - mean
    axes = np.linalg.svd(sample.T @ sample, full_matrices=False)[0][:, :KEPT].astype(np.float32)
    return (page - mean) @ axes, (others - mean) @ axes
