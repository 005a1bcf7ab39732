from __future__ import annotations

import gc

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter

from mangapaint.document.rect import Rect
from mangapaint.ui.pyramid import ALIGN, LEVELS, Pyramid, patch, pixels_of

SHAPES = [(1, 1), (7, 13), (1, 1000), (1000, 1), (8, 8), (65, 130), (64, 127)]


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def whole(pixels: np.ndarray) -> Pyramid:
    return Pyramid(patch(pixels, Rect.whole(*pixels.shape[:2])))


def painted(pyramid: Pyramid, scale: float = 1.0, *, size: QSize | None = None) -> QImage:
    image = QImage(size or QSize(pyramid.width, pyramid.height), QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3))
    painter = QPainter(image)
    painter.scale(scale, scale)
    pyramid.paint(painter, scale=scale)
    painter.end()
    return image


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_a_pasted_part_equals_the_whole_built_anew_in_every_size(height, width):
    before, after = noise(height, width), noise(height, width, seed=1)
    rng = np.random.default_rng(2)
    for _ in range(6):
        y0, y1 = sorted(rng.integers(0, height + 1, 2).tolist())
        x0, x1 = sorted(rng.integers(0, width + 1, 2).tolist())
        rect = Rect(x0, y0, x1 + 1, y1 + 1).aligned(ALIGN).intersection(Rect.whole(height, width))
        mixed = before.copy()
        mixed[rect.slices] = after[rect.slices]
        pyramid, expected = whole(before), whole(mixed)
        pyramid.paste(patch(after[rect.slices], rect))
        for level in range(LEVELS):
            np.testing.assert_array_equal(pyramid.level(level), expected.level(level))


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_each_size_halves_the_one_before_and_never_vanishes(height, width):
    pyramid = whole(noise(height, width))
    for number in range(LEVELS):
        high, wide = pyramid.level(number).shape[:2]
        assert high >= max(1, height >> number)
        assert wide >= max(1, width >> number)


def test_nothing_darkens_at_the_borders_of_odd_pictures():
    pyramid = whole(np.full((13, 7, 4), 255, np.uint8))
    assert all((pyramid.level(number) == 255).all() for number in range(LEVELS))


def test_smaller_sizes_hold_means():
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[::2] = 200
    pyramid = whole(pixels)
    assert (pyramid.level(1)[..., 0] == 100).all()
    assert (pyramid.level(3)[..., 0] == 100).all()


def test_the_pyramid_owns_its_memory():
    source = noise(33, 47)
    wanted = source.copy()
    pyramid = whole(source)
    source[:] = 0
    del source
    gc.collect()
    filler = [np.full((33, 47, 4), 7, np.uint8) for _ in range(50)]
    image = painted(pyramid)
    assert len(filler) == 50
    np.testing.assert_array_equal(pixels_of(image), wanted[..., 2::-1])


def test_what_is_pasted_is_painted():
    pyramid = whole(noise(40, 40))
    painted(pyramid)
    red = np.zeros((8, 8, 4), np.uint8)
    red[..., 2:] = 255
    pyramid.paste(patch(red, Rect(16, 8, 24, 16)))
    for scale in (1.0, 0.5):
        image = painted(pyramid, scale)
        assert image.pixelColor(round(20 * scale), round(12 * scale)) == QColor(255, 0, 0)
    assert pyramid.color(20, 12) == (255, 0, 0)


def test_painting_stays_inside_the_page_although_smaller_sizes_are_padded():
    pixels = np.full((9, 9, 4), 255, np.uint8)
    image = painted(whole(pixels), 0.125, size=QSize(8, 8))
    assert image.pixelColor(0, 0) == QColor(255, 255, 255)
    assert image.pixelColor(4, 4) == QColor(1, 2, 3)


def test_enlarged_pixels_are_squares():
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[0, 1, :3] = 255
    image = painted(whole(pixels), 8.0, size=QSize(16, 16))
    assert {image.pixelColor(x, 3).name() for x in range(8)} == {"#000000"}
    assert {image.pixelColor(x, 3).name() for x in range(8, 16)} == {"#ffffff"}


def test_translucent_pyramids_let_through_what_lies_below():
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[2:4, 2:4] = (255, 0, 0, 255)
    image = painted(Pyramid(patch(pixels, Rect.whole(8, 8)), opaque=False))
    assert image.pixelColor(2, 2) == QColor(0, 0, 255)
    assert image.pixelColor(6, 6) == QColor(1, 2, 3)


def test_color_is_red_green_blue():
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[1, 2] = (10, 20, 30, 255)
    assert whole(pixels).color(2, 1) == (30, 20, 10)


def test_pixels_of_outlive_the_image():
    image = QImage(31, 17, QImage.Format.Format_RGB32)
    image.fill(QColor(12, 34, 56))
    pixels = pixels_of(image)
    del image
    gc.collect()
    filler = [QImage(31, 17, QImage.Format.Format_RGB32) for _ in range(20)]
    for other in filler:
        other.fill(QColor(255, 0, 255))
    assert pixels.shape == (17, 31, 3)
    assert (pixels == (12, 34, 56)).all()


@pytest.mark.parametrize(("alpha", "expected"), [(0, 255), (255, 0), (128, 127)])
def test_pixels_of_lays_what_is_transparent_on_white(alpha, expected):
    image = QImage(3, 2, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, alpha))
    assert (pixels_of(image) == expected).all()


@pytest.mark.parametrize("form", [QImage.Format.Format_Grayscale8, QImage.Format.Format_Mono,
                                  QImage.Format.Format_RGB888, QImage.Format.Format_ARGB32_Premultiplied])  # fmt: skip
def test_pixels_of_reads_every_format(form):
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 255, 255))
    image.setPixelColor(1, 2, QColor(0, 0, 0))
    pixels = pixels_of(image.convertToFormat(form))
    assert pixels.shape == (4, 5, 3)
    assert tuple(pixels[2, 1]) == (0, 0, 0)
    assert tuple(pixels[0, 0]) == (255, 255, 255)
