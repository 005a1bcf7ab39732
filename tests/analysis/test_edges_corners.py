"""What the overlays show: edges and corners."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.corners import corners
from mangapaint.analysis.edges import edges


def step(difference: int) -> np.ndarray:
    pixels = np.full((60, 80), 120, np.uint8)
    pixels[:, 40:] += difference
    return pixels


def test_a_step_is_an_edge_of_one_pixel_where_it_is():
    found = edges(step(100), sigma=1.4)
    assert set(np.unique(found)) == {0, 255}
    assert ((found[2:-2] > 0).sum(axis=1) == 1).all()
    assert set(np.nonzero(found)[1].tolist()) <= {39, 40}


def test_the_thresholds_are_20_and_80_of_canny_on_the_blurred_picture():
    gray = drawing.jpeg_noised(drawing.washes(), quality=70)
    for sigma in (0.0, 1.0, 2.5):
        smooth = cv2.GaussianBlur(gray, (0, 0), sigma) if sigma else gray
        np.testing.assert_array_equal(edges(gray, sigma=sigma), cv2.Canny(smooth, 20, 80))
    assert edges(step(25), sigma=0).any()
    assert not edges(step(15), sigma=0).any()


def test_blur_takes_noise_away_and_leaves_the_drawing():
    noise = np.random.default_rng(0).normal(0, 12, (256, 256))
    noisy = np.clip(drawing.line_art() + noise, 0, 255).astype(np.uint8)
    sharp, soft = edges(noisy, sigma=0), edges(noisy, sigma=3)
    assert (soft > 0).mean() < 0.5 * (sharp > 0).mean()
    near = cv2.dilate(drawing.line_art(), np.ones((1, 1))) < 128
    assert (cv2.dilate(soft, np.ones((9, 9))) > 0)[near].mean() > 0.95


def test_a_square_has_four_corners():
    pixels = np.full((100, 120), 255, np.uint8)
    pixels[30:70, 40:90] = 0
    found = corners(cv2.GaussianBlur(pixels, (3, 3), 0))
    assert len(found) == 4
    for x, y in ((40, 30), (89, 30), (40, 69), (89, 69)):
        assert np.hypot(found[:, 0] - x, found[:, 1] - y).min() <= 2


def test_corners_come_strongest_first_and_a_threshold_thins_them():
    gray = drawing.jpeg_noised(drawing.line_art())
    found = corners(gray, threshold=10)
    assert (np.diff(found[:, 2]) <= 0).all()
    assert len(found) > len(corners(gray, threshold=100)) > 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 7), (64, 64)])
def test_blank_and_tiny_pictures_have_neither(shape):
    blank = np.full(shape, 255, np.uint8)
    assert corners(blank).shape == (0, 3)
    found = edges(blank)
    assert found.shape == shape
    assert not found.any()
