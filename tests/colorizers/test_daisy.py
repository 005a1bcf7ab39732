"""DAISY descriptors move, turn and mirror with the picture, and do not mind light and contrast."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.colorizers.daisy import daisy

SIZE = 64
SMALL = {"radius": 6, "rings": 2, "histograms": 4, "orientations": 4}
PICTURE = drawing.line_art(SIZE)
INSIDE = slice(24, SIZE - 24)


def test_there_is_one_descriptor_for_each_pixel_of_the_promised_length():
    found = daisy(PICTURE[:40], radius=15, rings=3, histograms=8, orientations=8)
    assert found.shape == (40, SIZE, 200)
    assert found.dtype == np.float32
    assert found.min() >= 0
    lengths = np.linalg.norm(found, axis=2)
    assert lengths.max() <= 1.0001
    assert lengths.max() > 0.8  # beside a line nearly every histogram sees something


def test_bytes_and_parts_of_white_are_the_same():
    assert np.allclose(daisy(PICTURE, **SMALL), daisy(PICTURE.astype(np.float32) / 255, **SMALL), atol=1e-5)


def test_descriptors_move_with_the_picture():
    moved = np.roll(PICTURE, (5, 3), axis=(0, 1))
    assert np.allclose(daisy(PICTURE, **SMALL)[INSIDE, INSIDE], daisy(moved, **SMALL)[29:-19, 27:-21], atol=1e-3)


def test_light_and_contrast_hardly_count():
    pale = (150 + PICTURE.astype(np.float32) * 0.4) / 255
    edge = cv2.Canny(PICTURE, 50, 100) > 0
    difference = np.linalg.norm(daisy(PICTURE, **SMALL) - daisy(pale, **SMALL), axis=2)
    assert difference[edge].mean() < 0.1
    assert difference[edge].max() < 0.2


def test_places_and_directions_run_clockwise_from_right():
    """A step that rises to the right: seen first by the place on its side, and by the first direction."""
    step = np.zeros((SIZE, SIZE), np.float32)
    step[:, 32:] = 1
    found = daisy(step, **SMALL).reshape(SIZE, SIZE, 9, 4)
    assert found[32, 32, 0].argmax() == 0
    left_of_it = found[32, 24]
    assert left_of_it[5, 0] > 0.3  # the outer ring's first place lies to the right
    assert left_of_it[7].max() < 0.01  # ... and its third to the left
    falling = daisy(step.T[::-1].copy(), **SMALL).reshape(SIZE, SIZE, 9, 4)
    assert falling[32, 32, 0].argmax() == 3  # bright above: it rises upwards


def test_a_quarter_turn_turns_places_and_directions():
    turned = np.rot90(PICTURE, -1).copy()  # clockwise
    before = daisy(PICTURE, **SMALL).reshape(SIZE, SIZE, 9, 4)
    after = np.rot90(daisy(turned, **SMALL).reshape(SIZE, SIZE, 9, 4), 1)
    rings = before[:, :, 1:].reshape(SIZE, SIZE, 2, 4, 4)
    expected = np.roll(np.roll(rings, 1, axis=3), 1, axis=4)
    assert np.allclose(after[:, :, 1:].reshape(rings.shape), expected, atol=1e-5)
    assert np.allclose(after[:, :, 0], np.roll(before[:, :, 0], 1, axis=2), atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (300, 2)])
def test_tiny_and_narrow_pictures_have_descriptors_and_flat_ones_say_nothing(shape):
    flat = daisy(np.full(shape, 130, np.uint8), **SMALL)
    assert flat.shape == (*shape, 36)
    assert not flat.any()


def test_grain_says_little():
    grain = np.clip(np.random.default_rng(0).normal(0.5, 0.004, (SIZE, SIZE)), 0, 1).astype(np.float32)
    assert np.linalg.norm(daisy(grain, **SMALL), axis=2).max() < 0.2
