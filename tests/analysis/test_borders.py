"""Borders: length, ink and the widest hole of every pair of areas that touch."""

from __future__ import annotations

from collections import defaultdict

import cv2
import numpy as np
import pytest

from mangapaint.analysis.borders import Borders, borders
from mangapaint.analysis.labels import BAND, compact, measured


def brute(labels: np.ndarray, gray: np.ndarray, depth: np.ndarray) -> dict[tuple[int, int], tuple[int, float, float]]:
    """Length, mean ink and widest hole of each pair, pixel by pixel."""
    dark = cv2.erode(gray, np.ones((3, 3), np.uint8))
    found = defaultdict(list)
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            for v, u in ((y + 1, x), (y, x + 1)):
                if v < labels.shape[0] and u < labels.shape[1] and labels[y, x] != labels[v, u]:
                    pair = tuple(sorted((int(labels[y, x]), int(labels[v, u]))))
                    found[pair].append(((255 - dark[v, u]) / 255, 2 * min(depth[y, x], depth[v, u])))
    return {
        pair: (len(at), float(np.mean([ink for ink, _ in at])), float(max(gap for _, gap in at)))
        for pair, at in found.items()
    }


def as_table(found: Borders) -> dict[tuple[int, int], tuple[float, float, float]]:
    rows = zip(found.length.tolist(), found.ink.tolist(), found.gap.tolist(), strict=True)
    return dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), rows, strict=True))


def patches(seed: int, size: tuple[int, int], count: int) -> np.ndarray:
    """A map of patches around random points, every number present."""
    rng = np.random.default_rng(seed)
    y, x = np.indices(size)
    points = rng.random((count, 2)) * size
    owner = np.argmin([(y - v) ** 2 + (x - u) ** 2 for v, u in points], axis=0)
    return np.unique(owner, return_inverse=True)[1].reshape(size)


@pytest.mark.parametrize(("seed", "size"), [(0, (30, 40)), (1, (BAND + 3, 12)), (2, (2 * BAND, 5)), (3, (1, 50)),
                                            (4, (50, 1)), (5, (BAND + 1, 3))])  # fmt: skip
def test_borders_are_what_counting_pixels_says(seed, size):
    labels = patches(seed, size, 14)
    rng = np.random.default_rng(seed)
    gray, depth = rng.integers(0, 256, size, dtype=np.uint8), rng.random(size, np.float32) * 9
    count = int(labels.max()) + 1
    found = borders(compact(labels.astype(np.int32), count), gray, depth, count)
    assert (found.a < found.b).all()
    assert list(as_table(found)) == sorted(as_table(found))
    truth = brute(labels, gray, depth)
    assert set(as_table(found)) == set(truth)
    for pair, row in as_table(found).items():
        assert row == pytest.approx(truth[pair], abs=1e-5)


def test_a_line_has_ink_and_a_hole_has_a_width():
    gray = np.full((40, 60), 255, np.uint8)
    gray[:, 30] = 0
    gray[10:16, 30] = 255
    labels = np.zeros((40, 60), np.uint16)
    labels[:, 30:] = 1
    depth = cv2.distanceTransform((gray > 0).view(np.uint8), cv2.DIST_L2, 5)
    found = borders(labels, gray, depth, 2)
    assert (found.a.tolist(), found.b.tolist(), found.length.tolist()) == ([0], [1], [40])
    assert found.ink[0] == pytest.approx(36 / 40)  # the darkest within a pixel: the ends of the line count
    assert found.gap[0] == pytest.approx(6, abs=1)
    gray[:, 30] = 0
    closed = borders(labels, gray, cv2.distanceTransform((gray > 0).view(np.uint8), cv2.DIST_L2, 5), 2)
    assert (closed.ink[0], closed.gap[0]) == (1, 0)


def test_without_lines_nothing_is_a_gap():
    labels = patches(7, (40, 40), 6)
    found = borders(labels.astype(np.uint16), np.full((40, 40), 255, np.uint8), None, int(labels.max()) + 1)
    assert not found.gap.any()
    assert not found.ink.any()


def test_one_area_has_no_border():
    found = borders(np.zeros((5, 6), np.uint16), np.zeros((5, 6), np.uint8), None, 1)
    assert [len(column) for column in (found.a, found.b, found.length, found.ink, found.gap)] == [0] * 5
    assert len(found.merged(np.zeros(1, np.int32), 1).a) == 0


def test_borders_of_larger_areas_follow_from_those_of_their_parts():
    labels = patches(3, (60, 70), 20)
    count = int(labels.max()) + 1
    rng = np.random.default_rng(3)
    gray, depth = rng.integers(0, 256, labels.shape, dtype=np.uint8), rng.random(labels.shape, np.float32) * 9
    owner = rng.integers(0, 5, count).astype(np.int32)
    owner[:5] = range(5)
    merged = as_table(borders(labels.astype(np.uint16), gray, depth, count).merged(owner, 5))
    truth = as_table(borders(owner[labels], gray, depth, 5))
    assert set(merged) == set(truth)
    for pair, row in merged.items():
        assert row == pytest.approx(truth[pair])


@pytest.mark.parametrize("size", [(1, 1), (3, 4), (BAND, 6), (2 * BAND + 5, 7)])
def test_areas_are_measured_as_counting_pixels_says(size):
    labels = patches(9, size, 11)
    count = int(labels.max()) + 1
    rng = np.random.default_rng(0)
    gray, ink = rng.integers(0, 256, size, dtype=np.uint8), rng.random(size) < 0.4
    found = measured(labels.astype(np.int32), count, gray, ink)
    for at in range(count):
        y, x = np.nonzero(labels == at)
        assert found.areas[at] == len(y)
        assert found.boxes[at].tolist() == [x.min(), y.min(), x.max() + 1, y.max() + 1]
        assert found.sums[0][at] == gray[y, x].sum()
        assert found.sums[1][at] == ink[y, x].sum()
