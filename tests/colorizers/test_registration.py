"""The same thing is found where it was moved, turned, enlarged or mirrored to, to a pixel."""

from __future__ import annotations

import cv2
import figures
import numpy as np
import pytest
from referring import turned

from mangapaint.colorizers.registration import LEAST_PAIRS, Warp, features, mirrored, warps

SIDE = 240
FIGURE = cv2.resize(turned(figures.figure()), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
"""The reference's luma."""


def registered(page: np.ndarray, reference: np.ndarray, size: tuple[int, int]) -> list[Warp]:
    both = features(reference), features(mirrored(reference))
    return warps(page, features(page), reference, both, size)


def best(page: np.ndarray, reference: np.ndarray = FIGURE, *, part: int = 1) -> Warp:
    """The transform with most pairs, at a working size that is a part of the page's."""
    found = registered(page, reference, (page.shape[0] // part, page.shape[1] // part))
    assert found
    for warp in found:
        assert warp.at.shape == (page.shape[0] // part, page.shape[1] // part, 2)
        assert warp.at.dtype == np.float32
        assert warp.pairs >= LEAST_PAIRS
        assert warp.scale > 0
    return max(found, key=lambda warp: warp.pairs)


def way(turn: float, scale: float, shift: tuple[float, float]) -> np.ndarray:
    """From the reference to the page, 2 x 3."""
    middle = (SIDE - 1) / 2
    found = cv2.getRotationMatrix2D((middle, middle), turn, scale)
    found[:, 2] += shift
    return found


def off(warp: Warp, forth: np.ndarray, *, flipped: bool = False, part: int = 1) -> np.ndarray:
    """How many pixels each place in the middle of the page is off in the reference."""
    back = cv2.invertAffineTransform(forth)
    height, width = warp.at.shape[:2]
    y, x = np.mgrid[:height, :width]
    here = np.dstack([(x + 0.5) * part - 0.5, (y + 0.5) * part - 0.5])
    there = here @ back[:, :2].T + back[:, 2]
    if flipped:
        there[..., 0] = SIDE - 1 - there[..., 0]
    middle = np.s_[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
    return np.linalg.norm(warp.at - there, axis=2)[middle]


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize(
    ("turn", "scale", "shift"),
    [(0, 1.0, (0, 0)), (0, 1.0, (23, -11)), (17, 1.0, (0, 0)), (-40, 1.0, (5, 5)), (0, 0.6, (10, 0)),
     (0, 1.5, (-20, 9)), (-12, 0.8, (14, 6))],
)  # fmt: skip
def test_a_known_transform_is_found_to_a_pixel(turn, scale, shift, flipped):
    source = mirrored(FIGURE) if flipped else FIGURE
    forth = way(turn, scale, shift)
    page = cv2.warpAffine(source, forth, (SIDE, SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    warp = best(page)
    assert np.median(off(warp, forth, flipped=flipped)) < 1
    assert np.mean(off(warp, forth, flipped=flipped) < 1.5) > 0.95
    assert warp.scale == pytest.approx(1 / scale, rel=0.03)


@pytest.mark.parametrize("part", [2, 3])
def test_at_a_smaller_working_size_places_are_still_the_references_pixels(part):
    forth = way(10, 1.0, (8, -5))
    page = cv2.warpAffine(FIGURE, forth, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    warp = best(page, part=part)
    assert np.median(off(warp, forth, part=part)) < 1
    assert warp.scale == pytest.approx(part, rel=0.03)


def test_what_bent_a_little_is_followed():
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    bent = x + 5 * np.sin(y / SIDE * np.pi * 2)
    page = cv2.remap(FIGURE, bent, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    warp = best(page)
    away = np.abs(warp.at[..., 0] - bent)[SIDE // 3 : 2 * SIDE // 3, SIDE // 3 : 2 * SIDE // 3]
    assert np.median(away) < 1


def test_two_things_that_moved_apart_get_a_transform_each():
    reference = np.full((SIDE, 2 * SIDE), 200, np.uint8)
    reference[:, :SIDE] = FIGURE
    other = np.random.default_rng(2).integers(0, 2, (30, 30)).astype(np.uint8) * 150 + 40
    other = cv2.resize(other, (180, 180), interpolation=cv2.INTER_CUBIC)
    reference[30:210, 270:450] = other
    page = np.full((2 * SIDE, 2 * SIDE), 200, np.uint8)
    page[200 : 200 + SIDE, 230 : 230 + SIDE] = FIGURE
    page[10:190, 20:200] = other
    found = registered(page, reference, (2 * SIDE, 2 * SIDE))
    for (y, x), (there_y, there_x) in (((320, 350), (120, 120)), ((100, 110), (120, 360))):
        assert any(np.linalg.norm(warp.at[y, x] - (there_x, there_y)) < 1.5 for warp in found)


def test_what_has_nothing_in_common_is_not_registered():
    page = figures.stranger(SIDE, SIDE)
    assert registered(page, FIGURE, (SIDE, SIDE)) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 200), (200, 1), (3, 300), (12, 12), (200, 200)])
def test_empty_and_tiny_pictures_are_not_registered(size):
    flat = np.full(size, 128, np.uint8)
    found = features(flat)
    assert found.places.shape == (0, 2)
    assert found.descriptors.shape == (0, 128)
    assert registered(flat, FIGURE, size) == []
    assert registered(FIGURE, flat, FIGURE.shape) == []


def test_the_same_pictures_give_the_same_transforms():
    page = cv2.warpAffine(FIGURE, way(9, 1.1, (4, 4)), (SIDE, SIDE))
    one, other = (registered(page, FIGURE, (120, 120)) for _ in range(2))
    assert [warp.pairs for warp in one] == [warp.pairs for warp in other]
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a.at, b.at)
