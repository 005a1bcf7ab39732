"""Line art from colours: outlines and borders of colour are drawn, shadows and colours are not."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import analyze
from mangapaint.analysis.drawn import line_art
from mangapaint.document.page import Kind

GREEN, RED, SKIN, SHADOW = (60, 140, 90), (190, 50, 60), (240, 205, 180), (224, 190, 166)


def picture(color=SKIN, *, size: int = 240):
    return np.full((size, size, 3), color, np.uint8)


def smoothed(rgb):
    """Anti-aliased, as pictures are."""
    return cv2.GaussianBlur(rgb, (0, 0), 0.7)


def regions(line) -> int:
    """How many areas of more than 30 pixels the ink encloses."""
    count, _, stats, _ = cv2.connectedComponentsWithStats((line > 0).astype(np.uint8), connectivity=4)
    return int((stats[1:, cv2.CC_STAT_AREA] > 30).sum()) if count > 1 else 0


def test_there_is_nothing_but_black_and_white():
    line = line_art(drawing.colored(120))
    assert line.dtype == np.uint8
    assert line.shape == (120, 120)
    assert np.unique(line).tolist() == [0, 255]


@pytest.mark.parametrize("width", [1, 2, 4, 6])
def test_an_outline_is_drawn_once_about_as_wide_as_it_is(width):
    rgb = picture()
    cv2.circle(rgb, (120, 120), 60, (20, 15, 15), width)
    row = line_art(smoothed(rgb))[120] == 0
    starts = np.flatnonzero(np.diff(row.astype(int)) == 1)
    assert len(starts) == 2
    assert width <= row.sum() / 2 <= width + 3


def test_a_border_without_an_outline_is_drawn_thin_and_closed():
    rgb = picture()
    cv2.circle(rgb, (120, 120), 60, RED, -1)
    line = line_art(smoothed(rgb))
    assert regions(line) == 2
    assert line[120, 120] == line[10, 10] == 255
    assert (line[120] == 0).sum() <= 8


def test_colours_as_light_as_each_other_have_a_border():
    green = np.array([[(112, 165, 76)]], np.uint8)
    rgb = picture((214, 130, 128))
    rgb[60:180, 60:180] = green
    light = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    assert np.ptp(light) < 2
    assert regions(line_art(smoothed(rgb))) == 2


def test_a_soft_shadow_has_none():
    rgb = picture()
    cv2.ellipse(rgb, (120, 150), (80, 40), 0, 0, 360, SHADOW, -1)
    assert (line_art(smoothed(rgb)) == 255).all()


def test_lines_and_borders_that_meet_part_areas():
    rgb = picture((255, 255, 255))
    cv2.rectangle(rgb, (40, 40), (200, 120), GREEN, -1)  # hair without a line, above
    cv2.rectangle(rgb, (40, 120), (200, 200), SKIN, -1)  # a face outlined in brown, below
    cv2.polylines(
        rgb, [np.array([(40, 120), (40, 200), (200, 200), (200, 120)])], isClosed=False, color=(90, 50, 40), thickness=2
    )
    assert regions(line_art(smoothed(rgb))) == 3


def test_black_areas_stay_and_dark_ones_do_not():
    rgb = picture()
    cv2.rectangle(rgb, (20, 40), (100, 200), (8, 8, 8), -1)
    cv2.rectangle(rgb, (140, 40), (220, 200), (60, 40, 70), -1)
    line = line_art(smoothed(rgb))
    assert (line[50:190, 30:90] == 0).all()
    assert (line[60:180, 160:200] == 255).all()
    assert regions(line) == 2


def test_pencil_texture_is_no_line():
    rng = np.random.default_rng(0)
    rgb = picture((150, 200, 225)).astype(int) + rng.integers(-14, 15, (240, 240, 1))
    cv2.circle(canvas := np.clip(rgb, 0, 255).astype(np.uint8), (120, 120), 60, (70, 70, 75), 4)
    line = line_art(cv2.GaussianBlur(canvas, (0, 0), 0.8))
    ring = cv2.circle(np.zeros((240, 240), np.uint8), (120, 120), 60, 1, 16) > 0
    assert (line[~ring] == 255).mean() > 0.995
    assert regions(line) >= 2


def test_a_larger_picture_has_the_same_lines():
    small = picture((255, 255, 255), size=160)
    cv2.circle(small, (80, 80), 50, RED, -1)
    cv2.circle(small, (80, 80), 50, (20, 15, 15), 3)
    large = cv2.resize(small, (1280, 1280), interpolation=cv2.INTER_CUBIC)
    ours = cv2.resize(line_art(large), (160, 160), interpolation=cv2.INTER_AREA)
    assert np.abs(ours.astype(int) - line_art(smoothed(small))).mean() < 12


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (3, 2), (40, 1)])
def test_the_smallest_pictures_are_drawn_too(shape):
    line = line_art(np.full((*shape, 3), 200, np.uint8))
    assert line.shape == shape
    assert (line == 255).all()


def test_what_is_drawn_is_line_art_to_the_analysis():
    line = line_art(drawing.colored(256))
    assert analyze(drawing.page(line)).found is Kind.LINE
