"""Areas that are matched as wholes: what they are, what their shapes say, and which of them touch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mangapaint.colorizers.areas import NOWHERE, SIDE, SIGNS, described, meeting, parted, shapes


def boxes(scale: int = 1) -> np.ndarray:
    """Three areas beside each other with ink of two pixels between: a square, a tall and a wide one."""
    labels = np.full((96 * scale, 192 * scale), NOWHERE, np.int16)
    for number, (y0, y1, x0, x1) in enumerate(((10, 50, 10, 50), (10, 90, 52, 62), (52, 62, 10, 50))):
        labels[y0 * scale : y1 * scale, x0 * scale : x1 * scale] = number
    return labels


def test_shapes_tell_large_from_small_tall_from_wide_and_where() -> None:
    signs = shapes(boxes(), 3)
    size, x, y, reach_x, reach_y, lean, _, border = signs.T
    assert signs.shape == (3, SIGNS)
    assert np.isfinite(signs).all()
    assert size[0] > size[1] > size[2]
    assert x[1] > x[0] == pytest.approx(x[2])
    assert y[2] > y[1] > y[0]
    assert reach_y[1] > 4 * reach_x[1]
    assert reach_x[2] > 3 * reach_y[2]
    assert np.abs(lean).max() < 1e-6
    assert not border.any()


def test_what_leans_and_what_lies_at_the_border_is_told() -> None:
    labels = np.full((64, 64), NOWHERE, np.int16)
    labels[np.arange(5, 60), np.arange(5, 60)] = 0
    labels[40:, :4] = 1
    signs = shapes(labels, 2)
    assert signs[0, 5] > 0.9
    assert signs[1, 7] > 0 == signs[0, 7]


def test_thin_areas_are_less_compact() -> None:
    labels = np.full((64, 64), NOWHERE, np.int16)
    labels[10:30, 10:30] = 0
    cv2.circle(labels, (45, 45), 12, 1, 1)
    assert shapes(labels, 2)[0, 6] > shapes(labels, 2)[1, 6] + 1


@pytest.mark.parametrize("scale", [2, 5])
def test_the_same_picture_enlarged_says_the_same(scale: int) -> None:
    small, large = (described(boxes(times), most=3) for times in (1, scale))
    np.testing.assert_allclose(small.signs, large.signs, atol=0.1)
    np.testing.assert_allclose(small.touching, large.touching, atol=0.3)


def test_areas_touch_across_the_ink_between_them() -> None:
    touching = meeting(boxes(), 3)
    np.testing.assert_array_equal(touching, touching.T)
    assert not touching.diagonal().any()
    assert (touching[np.triu_indices(3, 1)] > np.log(8)).all()
    apart = np.full((40, SIDE), NOWHERE, np.int16)
    for number in range(3):
        apart[10:30, 10 + 60 * number : 60 + 60 * number] = number
    assert meeting(apart, 3)[0, 2] == 0 < meeting(apart, 3)[0, 1]


def test_the_largest_are_kept_the_largest_first() -> None:
    labels = boxes().astype(np.int32)
    labels[0, :3] = 7
    areas = described(labels, most=2)
    assert areas.count == 2
    assert [int((areas.labels == number).sum()) for number in range(-1, 2)] == [96 * 192 - 2400, 1600, 800]
    assert described(labels, most=9, smallest=4).count == 3
    assert described(labels, most=9).count == 4


def test_where_there_is_nothing_there_are_no_areas() -> None:
    areas = described(np.full((8, 9), NOWHERE), most=4)
    assert areas.count == 0
    assert areas.signs.shape == (0, SIGNS)
    assert areas.touching.shape == (0, 0)


def test_ink_parts_line_art_though_there_is_a_hole_in_it() -> None:
    page = np.full((200, 200), 255, np.uint8)
    cv2.circle(page, (100, 100), 60, 0, 3)
    page[95:103, 30:50] = 255
    areas = parted(page, lines=True, most=9)
    assert areas.labels[100, 100] != areas.labels[5, 5]
    assert areas.labels[100, 100] >= 0 <= areas.labels[5, 5]
    assert areas.labels[40, 100] == NOWHERE


def test_luminance_is_parted_where_it_changes() -> None:
    page = np.full((120, 120), 200, np.uint8)
    page[30:90, 30:90] = 90
    areas = parted(page, lines=False, most=9)
    assert areas.count == 2
    assert areas.labels[60, 60] != areas.labels[5, 5]
