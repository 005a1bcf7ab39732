"""Ink of scans is the ink of the drawing: paper is evened out, pencil lifted, grain and dust are not drawn."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest
import scans

from mangapaint.analysis.ink import flattened, ink_mask, line_width, luminance, solids

CLEAN = drawing.line_art(512)


def flat(pixels):
    page = drawing.page(pixels)
    return flattened(page, luminance(page))


@pytest.mark.parametrize("pixels", [CLEAN, drawing.panels(), drawing.screentone(), np.full((90, 70), 255, np.uint8)])
def test_white_paper_is_left_as_it_is(pixels):
    page = drawing.page(pixels)
    assert flattened(page, page.pixels) is page.pixels
    rgb = drawing.page(np.repeat(pixels[..., None], 3, axis=2))
    gray = luminance(rgb)
    assert flattened(rgb, gray) is gray


SCANS = {
    "grain": lambda drawn: scans.grainy(drawn),
    "jpeg": lambda drawn: scans.as_jpeg(drawn),
    "gray paper": lambda drawn: scans.on_paper(drawn),
    "all three": lambda drawn: scans.as_jpeg(scans.grainy(scans.on_paper(drawn))),
    "yellowed, vignette": lambda drawn: scans.yellowed(drawn),
    "yellowed, vignette, grain": lambda drawn: scans.grainy(scans.yellowed(drawn)),
    "blue pencil": lambda drawn: scans.pencilled(drawn),
    "red pencil": lambda drawn: scans.pencilled(drawn, color=(245, 160, 160)),
    "blue pencil, grain": lambda drawn: scans.grainy(scans.pencilled(drawn), sigma=5),
}


@pytest.mark.parametrize("how", SCANS)
def test_the_ink_of_a_scan_is_the_ink_of_the_drawing(how):
    scan = SCANS[how](CLEAN)
    drawn = flat(scan)
    assert scans.agreement(ink_mask(drawn), ink_mask(CLEAN)) > 0.95
    bare = cv2.erode((CLEAN == 255).view(np.uint8), np.ones((15, 15), np.uint8)) > 0
    assert np.median(drawn[bare]) >= 250
    assert (drawn[bare] < 200).mean() < 0.001


def test_a_vignette_would_be_ink_without_evening_out():
    scan = luminance(drawing.page(scans.yellowed(CLEAN, corners=0.45)))
    assert scans.agreement(ink_mask(scan), ink_mask(CLEAN)) < 0.9
    assert scans.agreement(ink_mask(flat(scan)), ink_mask(CLEAN)) > 0.95


def test_a_drawing_in_colour_alone_is_kept():
    blue = np.repeat(CLEAN[..., None], 3, axis=2).astype(float)
    blue = (255 - (255 - blue) * (np.array([205, 155, 25]) / 255)).astype(np.uint8)
    assert scans.agreement(ink_mask(flat(blue)), ink_mask(CLEAN)) > 0.9


def test_solid_blacks_do_not_become_paper():
    pixels = CLEAN.copy()
    pixels[300:500, 60:460] = 0
    drawn = flat(scans.yellowed(pixels))
    assert drawn[310:490, 70:450].max() < 40
    assert np.median(drawn[10:40]) >= 250


def test_an_all_black_page_has_no_paper():
    assert not flat(np.zeros((80, 90), np.uint8)).any()


def test_dust_is_no_ink_but_short_strokes_and_ends_of_lines_are():
    pixels = np.full((120, 160), 255, np.uint8)
    pixels[60, 20:140] = 0
    pixels[20:22, 20] = pixels[90, 50:53] = pixels[100, 100] = 0
    pixels[30, 80:84] = 0
    ink = ink_mask(pixels)
    assert ink[60, 20:140].all()
    assert ink[30, 80:84].all()
    assert ink.sum() == 124


def test_a_faint_thin_line_closes_but_a_faint_wash_is_no_ink():
    pixels = np.full((200, 200), 255, np.uint8)
    cv2.circle(pixels, (100, 100), 60, 0, 3)
    pixels[20, 20:180] = 192
    pixels[90:110, 90:110] = 192
    ink = ink_mask(pixels)
    assert ink[20, 22:178].all()
    assert not ink[92:108, 92:108].any()


def test_noise_alone_has_next_to_no_ink():
    paper = np.clip(np.random.default_rng(0).normal(225, 8, (300, 300)), 0, 255).astype(np.uint8)
    assert ink_mask(paper).mean() < 0.001


@pytest.mark.parametrize("pen", [1, 2, 3, 5, 8])
def test_the_width_of_lines_does_not_count_solids(pen):
    def draw(canvas):
        for row in range(8):
            drawing.line(canvas, (20, 20 + 30 * row), (280, 25 + 33 * row), pen=pen)
        drawing.filled(canvas, 20, 270, 280, 295, 0)

    ink = ink_mask(drawing.antialiased(300, 300, draw))
    assert line_width(ink) == pytest.approx(pen, abs=0.6)
    assert line_width(np.zeros((20, 30), bool)) == 1


@pytest.mark.parametrize("scale", [1, 7])
def test_solids_are_told_from_the_lines_on_them(scale):
    """Large pages are looked at reduced."""
    pixels = np.full((300, 400), 255, np.uint8)
    cv2.line(pixels, (10, 150), (390, 150), 0, 3)
    cv2.ellipse(pixels, (200, 150), (60, 40), 20, 0, 360, 0, -1)
    solid = cv2.ellipse(np.zeros_like(pixels), (200, 150), (60, 40), 20, 0, 360, 1, -1) > 0
    size = (400 * scale, 300 * scale)
    pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST)
    solid = cv2.resize(solid.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    ink = ink_mask(pixels)
    found = solids(ink, 3.0 * scale)
    assert not (found & ~ink).any()
    assert found[solid].mean() > 0.97
    assert not found[:, : 110 * scale].any()
    assert not found[:, 290 * scale :].any()
