"""Pages nobody draws but somebody opens: they are divided like any other, into what they hold."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mangapaint.analysis.division import divided_by_lines
from mangapaint.analysis.regions import RegionMap

SIZE = HEIGHT, WIDTH = 800, 600


def spiral() -> np.ndarray:
    page = np.full(SIZE, 255, np.uint8)
    turn = np.arange(0, 2 * np.pi * 8, 0.01)
    points = np.stack([WIDTH / 2 + 5 * turn * np.cos(turn), HEIGHT / 2 + 5 * turn * np.sin(turn)], axis=1)
    cv2.polylines(page, [np.rint(points).astype(np.int32)], False, 0, 3)
    return page


def specks() -> np.ndarray:
    rng = np.random.default_rng(0)
    page = np.full(SIZE, 255, np.uint8)
    page[rng.integers(0, HEIGHT, 12000), rng.integers(0, WIDTH, 12000)] = 0
    return page


def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, SIZE, dtype=np.uint8)


def checkerboard() -> np.ndarray:
    return (np.indices(SIZE).sum(axis=0) % 2 * 255).astype(np.uint8)


def hatching() -> np.ndarray:
    page = np.full(SIZE, 255, np.uint8)
    for start in range(-HEIGHT, WIDTH, 7):
        cv2.line(page, (start, 0), (start + HEIGHT, HEIGHT), 0, 2)
    return page


def crossed() -> np.ndarray:
    page = hatching()
    for start in range(0, WIDTH + HEIGHT, 9):
        cv2.line(page, (start, 0), (start - HEIGHT, HEIGHT), 0, 1)
    return page


def grid() -> np.ndarray:
    page = np.full(SIZE, 255, np.uint8)
    page[::4], page[:, ::4] = 0, 0
    return page


def maze() -> np.ndarray:
    rng = np.random.default_rng(0)
    page = np.full(SIZE, 255, np.uint8)
    for y in range(0, HEIGHT, 16):
        for x in range(0, WIDTH, 16):
            page[slice(y, y + 18) if rng.random() < 0.5 else slice(y, y + 2), x : x + 2] = 0
            page[y : y + 2, slice(x, x + 18) if rng.random() < 0.5 else slice(x, x + 2)] = 0
    return page


def strip() -> np.ndarray:
    page = np.full((HEIGHT, 20), 255, np.uint8)
    page[::37], page[:, 10] = 0, 0
    return page


PAGES = [spiral, specks, noise, checkerboard, hatching, crossed, grid, maze, strip]


def regions_of(page: np.ndarray, gap: float) -> RegionMap:
    return divided_by_lines(page, page < 128).regions(gap)


@pytest.mark.parametrize("draw", PAGES)
def test_every_pixel_has_its_region(draw):
    page = draw()
    division = divided_by_lines(page, page < 128)
    last = 0
    for gap in (0, 7, 60):
        found = division.regions(gap)
        counted = np.bincount(found.labels.ravel(), minlength=found.count)
        assert len(counted) == found.count >= max(1, last)
        assert counted.min() > 0
        assert found.areas.sum() == page.size
        assert found.outlines.any() == (found.count > 1)
        last = found.count


@pytest.mark.parametrize("value", [0, 255])
def test_a_page_of_one_colour_is_one_region(value):
    assert regions_of(np.full(SIZE, value, np.uint8), 7).count == 1


def test_a_checkerboard_of_pixels_is_one_region():
    assert regions_of(checkerboard(), 7).count == 1


def test_an_unclosed_spiral_is_one_region_until_its_way_is_closed():
    page = spiral()
    assert regions_of(page, 7).count == 1
    assert regions_of(page, 60).count > 1


def test_specks_part_nothing():
    assert regions_of(specks(), 0).count == 1


def test_between_two_lines_of_hatching_is_one_region():
    page = hatching()
    count, _, stats, _ = cv2.connectedComponentsWithStats((page > 0).view(np.uint8), connectivity=4)
    large = int((stats[1:, cv2.CC_STAT_AREA] >= 30).sum())
    for gap in (0, 7):
        assert large <= regions_of(page, gap).count <= count - 1


def test_the_strips_boxes_are_found():
    found = regions_of(strip(), 7)
    boxes = {int(found.labels[y, x]) for y in range(18, HEIGHT - 20, 37) for x in (5, 15)}
    assert len(boxes) == 2 * len(range(18, HEIGHT - 20, 37))
