"""Leaks: none in the truth, many in what is blurred or shifted over a border, none in what is gray."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from mangapaint.evaluation.leaks import leak

SKIN, HAIR, SKY = (235, 195, 165), (150, 60, 40), (110, 160, 225)


@pytest.fixture
def truth():
    """A head before a sky, anti-aliased, its hair inked round about."""
    large = np.full((800, 800, 3), SKY, np.uint8)
    cv2.circle(large, (400, 400), 280, HAIR, -1)
    cv2.circle(large, (400, 400), 280, (10, 10, 10), 16)
    cv2.circle(large, (400, 460), 160, SKIN, -1)
    return cv2.resize(large, (200, 200), interpolation=cv2.INTER_AREA)


def with_chroma(picture, change):
    """The picture with changed a,b and the L it has, as a gray page is composed."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab[..., 1:] = change(lab[..., 1:])
    return np.rint(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1) * 255).astype(np.uint8)


def test_the_truth_leaks_nowhere(truth):
    assert leak(truth, truth) == 0


def test_jpeg_is_no_leak(truth):
    data = cv2.imencode(".jpg", truth[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    jpeg = np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    assert leak(truth, jpeg) < 0.02
    assert leak(jpeg, jpeg) < 0.02


def test_the_more_blur_the_more_leaks(truth):
    little, much = (leak(with_chroma(truth, lambda ab, k=k: cv2.blur(ab, (k, k))), truth) for k in (15, 25))
    assert 0 < little < much
    assert much > 0.3


def test_colour_that_has_flowed_over_a_border_leaks(truth):
    over = with_chroma(truth, lambda ab: np.roll(ab, 12, axis=1))
    assert leak(over, truth) > 0.3


def test_a_leak_stays_a_leak_where_ink_lies_between(truth):
    sky = truth[2, 2]
    one = np.zeros((200, 200), np.uint8)
    cv2.circle(one, (100, 100), 66, 1, -1)  # the hair, up to its ink, in the colour of the sky
    cv2.circle(one, (100, 115), 41, 0, -1)
    flooded = np.where(one[..., None] > 0, sky, truth).astype(np.uint8)
    assert leak(flooded, truth) > 0.2


def test_a_colour_from_nowhere_is_wrong_but_no_leak(truth):
    green = np.where((truth == SKIN).all(axis=2)[..., None], np.uint8([60, 200, 60]), truth).astype(np.uint8)
    assert leak(green, truth) < 0.02


def test_gray_results_and_pictures_without_borders_have_nothing_to_count(truth):
    gray = cv2.cvtColor(cv2.cvtColor(truth, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert math.isnan(leak(gray, truth))
    assert math.isnan(leak(truth, gray))
    black = np.zeros_like(truth)
    assert math.isnan(leak(black, black))
