"""The metrics: exact on pictures whose answer is known."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from mangapaint.evaluation import metrics

RED, BLUE, GRAY, WHITE = (220, 40, 40), (40, 60, 210), (120, 120, 120), (255, 255, 255)


def halves(left, right, *, size: int = 40):
    picture = np.empty((size, size, 3), np.uint8)
    picture[:, : size // 2], picture[:, size // 2 :] = left, right
    return picture


def test_lab_and_its_distance_are_true_cielab():
    black, white = np.zeros((1, 1, 3), np.uint8), np.full((1, 1, 3), 255, np.uint8)
    assert metrics.lab(white)[0, 0].tolist() == pytest.approx([100, 0, 0], abs=0.1)
    assert metrics.delta_e(black, white)[0, 0] == pytest.approx(100, abs=0.1)
    red, darker = np.array([[[255, 0, 0]]], np.uint8), np.array([[[200, 0, 0]]], np.uint8)
    assert metrics.lab(red)[0, 0].tolist() == pytest.approx([53.2, 80.1, 67.2], abs=0.3)
    assert metrics.delta_e(red, darker) == metrics.delta_e(darker, red)
    assert metrics.delta_e(red, darker).dtype == np.float32


def test_fill_counts_pixels_off_the_ink():
    truth, result = halves(RED, BLUE), halves(RED, RED)
    ink = np.zeros((40, 40), bool)
    assert metrics.fill_accuracy(truth, truth, ink) == 1
    assert metrics.fill_accuracy(result, truth, ink) == 0.5
    ink[:, 20:30] = True  # and column 19 and 30 by dilation: 19 right, 9 wrong ones are left
    assert metrics.fill_accuracy(result, truth, ink) == pytest.approx(19 / 28)


def test_fill_where_all_is_ink_is_nothing_to_count():
    truth = halves(RED, BLUE)
    assert math.isnan(metrics.fill_accuracy(truth, truth, np.ones((40, 40), bool)))


def test_what_is_ink_is_decided_by_the_gray_value_alone():
    line = np.array([[0, 159, 160, 255]], np.uint8)
    assert metrics.ink_of(line).tolist() == [[True, True, False, False]]


def test_chroma_counts_neither_gray_paper_nor_lightness():
    truth = halves(RED, WHITE)
    darker = cv2.cvtColor(truth.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    darker[..., 0] *= 0.9
    darker = np.rint(cv2.cvtColor(darker, cv2.COLOR_LAB2RGB) * 255).clip(0, 255).astype(np.uint8)
    assert metrics.chroma_accuracy(truth, truth) == 1
    assert metrics.chroma_accuracy(darker, truth) == 1
    assert metrics.chroma_accuracy(halves(GRAY, WHITE), truth) == 0
    assert metrics.chroma_accuracy(halves(RED, BLUE), truth) == 0.5
    assert math.isnan(metrics.chroma_accuracy(halves(GRAY, WHITE), halves(WHITE, WHITE)))


def test_psnr_is_of_rgb_and_finite():
    truth = halves(GRAY, GRAY)
    assert metrics.psnr(truth, truth) == metrics.MOST_DB
    assert metrics.psnr(truth + 1, truth) == pytest.approx(20 * math.log10(255))
    assert metrics.psnr(halves(WHITE, WHITE), halves((0, 0, 0), (0, 0, 0))) == pytest.approx(0)


def test_a_region_is_right_by_its_most_frequent_colour():
    truth, labels = halves(RED, BLUE), np.zeros((40, 40), np.int32)
    labels[:, 20:] = 7
    result = truth.copy()
    result[:15, :20] = GRAY  # the lesser part of the left region
    assert metrics.region_accuracy(result, truth, labels) == 1
    result[:25, :20] = GRAY  # now the greater
    assert metrics.region_accuracy(result, truth, labels) == 0.5
    labels[:, :20] = -1
    assert metrics.region_accuracy(result, truth, labels) == 1
    assert math.isnan(metrics.region_accuracy(result, truth, np.full((40, 40), -1)))


def test_a_regions_most_frequent_colour_bears_noise():
    rng = np.random.default_rng(1)
    truth = halves((220, 44, 44), (44, 60, 212))  # in the middle of the cells that count as one colour
    noisy = np.clip(truth + rng.integers(-3, 4, truth.shape), 0, 255).astype(np.uint8)
    noisy[:12] = WHITE  # a third in exactly one colour, more than any single noisy one has
    labels = np.repeat([[0] * 20 + [1] * 20], 40, axis=0)
    assert metrics.region_accuracy(noisy, truth, labels) == 1


def test_wrong_and_coloured_count_what_has_colour():
    truth = halves(RED, WHITE)
    result = halves(GRAY, WHITE)
    assert math.isnan(metrics.wrong_part(result, truth))
    assert metrics.colored_part(result, truth) == 0
    result[:10, :20] = RED  # a quarter of the red half, rightly
    result[:10, 20:] = BLUE  # and as much of the white one, wrongly
    assert metrics.wrong_part(result, truth) == 0.5
    assert metrics.colored_part(result, truth) == 0.25
    assert math.isnan(metrics.colored_part(result, halves(GRAY, WHITE)))


def test_labels_are_the_references_colours_and_nearest_ones_count_as_equal():
    source = halves(RED, BLUE, size=112)
    colors = metrics.label_colors(source)
    assert sorted(colors.tolist()) == sorted([list(map(float, RED)), list(map(float, BLUE))])
    truth, nearly = halves(RED, BLUE, size=224), halves((200, 60, 60), (60, 70, 190), size=224)
    assert metrics.label_accuracy(nearly, truth, colors) == 1
    assert metrics.label_accuracy(halves(RED, RED, size=224), truth, colors) == 0.5


def test_there_are_at_most_24_labels_and_they_are_the_same_each_time():
    source = np.random.default_rng(0).integers(0, 256, (150, 90, 3)).astype(np.uint8)
    colors = metrics.label_colors(source)
    assert colors.shape == (24, 3)
    assert np.array_equal(colors, metrics.label_colors(source))
    assert metrics.label_colors(np.full((9, 9), 130, np.uint8)).tolist() == [[130, 130, 130]]


def test_a_mean_is_of_what_is_known():
    assert metrics.mean([1.0, math.nan, 2.0]) == 1.5
    assert math.isnan(metrics.mean([math.nan]))


def test_colours_occur_where_the_reference_has_them_in_any_light():
    truth, reference = halves(RED, BLUE), halves(tuple(value // 2 for value in BLUE), WHITE)
    near = metrics.occurring(halves(BLUE, WHITE), [reference])
    assert near.shape == (40, 40)
    assert not metrics.occurring(truth, [reference])[:, :20].any()
    assert near[:, 20:].all()
    assert metrics.occurring(truth, [reference, halves(RED, RED)])[:, :20].all()


def test_what_is_rare_in_the_reference_does_not_occur():
    truth, reference = halves(RED, RED), halves(BLUE, BLUE)
    reference[0, 0] = RED
    assert not metrics.occurring(truth, [reference]).any()
    reference[0, :8] = RED
    assert metrics.occurring(truth, [reference]).all()


def test_occurring_colours_are_those_within_ten():
    truth = np.full((4, 4, 3), 128, np.uint8)
    away = cv2.cvtColor(np.float32([[[53.6, distance, 0] for distance in (6, 9, 14, 20)]]), cv2.COLOR_LAB2RGB)
    for column, occurs in enumerate((True, True, False, False)):
        reference = np.broadcast_to(np.rint(away[:, column] * 255).astype(np.uint8), (8, 8, 3))
        assert metrics.occurring(truth, [reference]).all() == occurs


def test_a_gray_reference_has_grays():
    gray = np.full((8, 8), 90, np.uint8)
    assert metrics.occurring(halves(GRAY, RED), [gray])[:, :20].all()
    assert not metrics.occurring(halves(GRAY, RED), [gray])[:, 20:].any()


def test_chroma_may_count_some_pixels_only():
    truth, result = halves(RED, BLUE), halves(RED, RED)
    left = np.zeros((40, 40), bool)
    left[:, :20] = True
    assert metrics.chroma_accuracy(result, truth, left) == 1
    assert metrics.chroma_accuracy(result, truth, ~left) == 0
    assert math.isnan(metrics.chroma_accuracy(result, truth, np.zeros((40, 40), bool)))
