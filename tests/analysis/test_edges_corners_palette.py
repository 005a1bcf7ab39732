"""What the overlays show: edges, corners and the main colours."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.corners import corners
from mangapaint.analysis.edges import edges
from mangapaint.analysis.palette import main_colors, posterised
from mangapaint.document.page import Picture


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


def planted() -> np.ndarray:
    """Five colours in known parts."""
    pixels = np.empty((100, 100, 3), np.uint8)
    pixels[:50], pixels[50:75], pixels[75:90] = (250, 240, 220), (40, 60, 150), (200, 50, 60)
    pixels[90:, :60], pixels[90:, 60:] = (30, 30, 35), (90, 170, 80)
    return pixels


def test_planted_colours_and_their_shares_are_found():
    found = main_colors(Picture(planted(), "planted"))
    assert [swatch.color for swatch in found.swatches] == [
        (250, 240, 220),
        (40, 60, 150),
        (200, 50, 60),
        (30, 30, 35),
        (90, 170, 80),
    ]
    assert [swatch.share for swatch in found.swatches] == pytest.approx([0.5, 0.25, 0.15, 0.06, 0.04])


def test_noise_does_not_hide_them():
    rng = np.random.default_rng(2)
    noisy = np.clip(planted() + rng.normal(0, 3, (100, 100, 3)), 0, 255).astype(np.uint8)
    found = main_colors(Picture(noisy, "noisy"), count=8)
    for color in {tuple(color) for color in planted().reshape(-1, 3).tolist()}:
        assert min(np.abs(np.subtract(color, other)).max() for other in found.colors) <= 6
    assert sum(swatch.share for swatch in found.swatches) == pytest.approx(1)


def test_the_same_picture_gives_the_same_colours():
    rng = np.random.default_rng(3)
    picture = Picture(rng.integers(0, 256, (80, 90, 3), dtype=np.uint8), "noise")
    first = main_colors(picture, count=12)
    cv2.kmeans(rng.random((50, 3), np.float32), 4, np.zeros((0, 1), np.int32), (3, 5, 0.1), 1, cv2.KMEANS_PP_CENTERS)
    assert main_colors(picture, count=12) == first
    assert 2 <= len(first.swatches) <= 12
    shares = [swatch.share for swatch in first.swatches]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("shape", [(1, 1), (40, 50), (1, 10000)])
def test_an_even_picture_has_one_colour(shape):
    gray = main_colors(Picture(np.full(shape, 77, np.uint8), "gray"))
    assert [(swatch.color, swatch.share) for swatch in gray.swatches] == [((77, 77, 77), 1.0)]
    color = main_colors(Picture(np.full((*shape, 3), (10, 200, 90), np.uint8), "colour"))
    assert color.colors == ((10, 200, 90),)


def test_flats_hold_only_the_palettes_colours_each_the_nearest():
    pixels = planted()
    palette = main_colors(Picture(pixels, "planted"))
    np.testing.assert_array_equal(posterised(pixels, palette), pixels)
    rng = np.random.default_rng(4)
    noise = rng.integers(0, 256, (60, 70, 3), dtype=np.uint8)
    flat = posterised(noise, palette)
    assert {tuple(color) for color in flat.reshape(-1, 3).tolist()} <= set(palette.colors)
    assert len(np.unique(flat.reshape(-1, 3), axis=0)) == 5
    near = np.clip(pixels.astype(int) + rng.integers(-6, 7, pixels.shape), 0, 255).astype(np.uint8)
    np.testing.assert_array_equal(posterised(near, palette), pixels)
