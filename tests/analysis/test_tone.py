"""Screentone is found by its raster, is as gray as it was printed, and goes without taking lines along."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest
import scans

from mangapaint.analysis.ink import flattened, ink_mask
from mangapaint.analysis.tone import screentone, without_tone

SIZE = 360


def lines() -> np.ndarray:
    def draw(canvas):
        drawing.circle(canvas, 130, 130, 100)
        drawing.line(canvas, (10, 300), (130, 90), (340, 200))
        drawing.box(canvas, 190, 190, 340, 340)

    return drawing.antialiased(SIZE, SIZE, draw)


LINES = lines()


def where() -> np.ndarray:
    mask = np.zeros((SIZE, SIZE), np.uint8)
    cv2.circle(mask, (130, 130), 100, 1, -1)
    mask[190:340, 190:340] = 1
    return mask > 0


TONED = where()
INNER = cv2.erode(TONED.view(np.uint8), np.ones((25, 25), np.uint8)) > 0
OUTER = cv2.dilate(TONED.view(np.uint8), np.ones((9, 9), np.uint8)) == 0


def toned(**how):
    dots = scans.raster((SIZE, SIZE), **how)
    return np.where(TONED, np.minimum(LINES, dots), LINES).astype(np.uint8), dots


def found(drawn):
    page = drawing.page(drawn)
    even = flattened(page, page.pixels)
    return even, screentone(even, ink_mask(even))


def check(drawn, dots, *, least: float = 0.9):
    even, tone = found(drawn)
    assert tone is not None
    area, lifted = tone.value < 255, without_tone(even, tone)
    off = np.abs(tone.value[INNER].astype(float) - dots[TONED].mean())
    assert np.percentile(off, 90) <= 12
    assert not (area & OUTER).any()
    assert area[INNER].mean() > 0.95
    away = cv2.dilate((LINES < 250).view(np.uint8), np.ones((3, 3), np.uint8)) == 0
    assert (lifted[TONED & away & (dots < 128)] > 200).mean() > least
    return lifted


@pytest.mark.parametrize("angle", [45, 15])
@pytest.mark.parametrize("part", [0.15, 0.35])
@pytest.mark.parametrize("period", [4, 6, 9, 14])
def test_light_tones_are_lifted_and_lines_stay(period, part, angle):
    drawn, dots = toned(period=period, part=part, angle=angle)
    lifted = check(drawn, dots)
    assert (lifted[LINES < 128] < 140).mean() > 0.97
    np.testing.assert_array_equal(lifted[OUTER], drawn[OUTER])


@pytest.mark.parametrize("period", [5, 8])
@pytest.mark.parametrize("part", [0.5, 0.65])
def test_dark_tones_are_found_by_the_paper_between(period, part):
    check(*toned(period=period, part=part))


def test_hard_dots_a_scanners_blur_and_jpeg_do_no_harm():
    check(*toned(period=7, part=0.25, fine=1))
    drawn, dots = toned(period=6, part=0.3)
    check(cv2.GaussianBlur(drawn, (0, 0), 0.7), dots)
    check(scans.as_jpeg(scans.grainy(scans.on_paper(drawn)), quality=60), dots)


def test_a_toned_area_has_one_value_and_two_tones_have_two():
    drawn = np.full((256, 384), 255, np.uint8)
    drawn[20:236, 20:192] = scans.raster((216, 172), period=6, part=0.15)
    drawn[20:236, 192:364] = scans.raster((216, 172), period=6, part=0.4)
    _, tone = found(drawn)
    left, right = np.unique(tone.value[30:226, 30:180]), np.unique(tone.value[30:226, 204:354])
    assert len(left) == len(right) == 1
    assert left[0] == pytest.approx(255 * 0.85, abs=8)
    assert right[0] == pytest.approx(255 * 0.6, abs=8)
    assert (tone.value[:10] == 255).all()
    assert not tone.dots[drawn == 255].any()


def hatching(rng):
    drawn = np.full((SIZE, SIZE), 255, np.uint8)
    for at in range(0, 2 * SIZE, 9):
        x = at + int(rng.integers(-2, 3))
        cv2.line(drawn, (x, 0), (x - SIZE + int(rng.integers(-12, 13)), SIZE), 0, 2, cv2.LINE_AA)
    return drawn


def stipple(rng):
    drawn = np.full((SIZE, SIZE), 255, np.uint8)
    for x, y in rng.integers(0, SIZE, (1800, 2)).tolist():
        cv2.circle(drawn, (x, y), 2, 0, -1)
    return drawn


def lettering(rng):
    drawn = np.full((SIZE, SIZE), 255, np.uint8)
    for y in range(14, SIZE, 16):
        text = "".join(rng.choice(list("abcdeghimnoprstuvw "), 48))
        cv2.putText(drawn, text, (4, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, 0, 1, cv2.LINE_AA)
    return drawn


def tiles(_rng):
    drawn = np.full((SIZE, SIZE), 255, np.uint8)
    drawn[::12], drawn[:, ::12] = 0, 0
    return drawn


def noise(rng):
    return rng.integers(0, 256, (SIZE, SIZE), dtype=np.uint8)


@pytest.mark.parametrize("draw", [hatching, stipple, lettering, tiles, noise])
def test_what_is_no_raster_of_dots_is_no_tone(draw):
    drawn = draw(np.random.default_rng(3))
    assert screentone(drawn, ink_mask(drawn)) is None


@pytest.mark.parametrize("drawn", [LINES, drawing.panels(), drawing.line_art(), np.zeros((1, 1), np.uint8),
                                   np.full((10, 900), 255, np.uint8), np.zeros((200, 200), np.uint8)])  # fmt: skip
def test_line_art_has_no_tone(drawn):
    assert screentone(drawn, ink_mask(drawn)) is None


def test_very_many_specks_are_no_tone():
    rng = np.random.default_rng(0)
    drawn = np.full((1200, 1000), 255, np.uint8)
    drawn[rng.integers(0, 1200, 28_000), rng.integers(0, 1000, 28_000)] = 0
    assert screentone(drawn, drawn < 128) is None
