"""The kind of a page and its ink are told from the pixels alone."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest
import scans

from mangapaint.analysis.analysis import analyze, default_gap
from mangapaint.analysis.ink import ink_mask, levels, luminance
from mangapaint.analysis.kind import kind_of_page, recognise, recognise_panels
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect


def kind_of(pixels) -> Kind:
    page = drawing.page(pixels)
    return recognise(page, luminance(page))


@pytest.mark.parametrize("size", [64, 128, 300])
def test_line_art(size):
    assert kind_of(drawing.line_art(size)) is Kind.LINE


@pytest.mark.parametrize("paper", [255, 240, 215])
def test_line_art_on_gray_paper(paper):
    assert kind_of(drawing.line_art(paper=paper)) is Kind.LINE


def test_line_art_of_panels():
    assert kind_of(drawing.panels()) is Kind.LINE


def test_line_art_on_yellowed_paper_scanned_in_colour():
    assert kind_of(drawing.yellowed(drawing.line_art())) is Kind.LINE
    noise = np.random.default_rng(1).normal(0, 3, (256, 256, 3))
    noisy = np.clip(drawing.yellowed(drawing.line_art()) + noise, 0, 255).astype(np.uint8)
    assert kind_of(noisy) is Kind.LINE


@pytest.mark.parametrize("quality", [90, 60, 30])
def test_line_art_with_the_noise_of_jpeg(quality):
    assert kind_of(drawing.jpeg_noised(drawing.line_art(), quality=quality)) is Kind.LINE


def test_solid_blacks_are_line_art():
    pixels = drawing.line_art().copy()
    pixels[40:120, 130:220] = 0
    assert kind_of(pixels) is Kind.LINE


@pytest.mark.parametrize("pitch", [4, 5, 6, 8, 10, 12])
def test_screentone_of_any_pitch(pitch):
    assert kind_of(drawing.screentone(pitch=pitch)) is Kind.TONE


def test_washes_are_gray():
    assert kind_of(drawing.washes()) is Kind.GRAY
    assert kind_of(drawing.jpeg_noised(drawing.washes(), quality=70)) is Kind.GRAY
    assert kind_of(np.full((64, 64), 90, np.uint8)) is Kind.GRAY


def test_colours_are_coloured_but_a_small_stamp_is_not():
    assert kind_of(drawing.colored()) is Kind.COLORED
    stamped = drawing.yellowed(drawing.line_art()).copy()
    stamped[10:40, 10:40] = (200, 30, 30)
    assert kind_of(stamped) is Kind.LINE


def test_ink_is_judged_by_the_pages_own_black_and_paper():
    white, faded = drawing.line_art(), drawing.line_art(paper=200)
    faded = (60 + faded.astype(float) * 140 / 200).astype(np.uint8)
    assert levels(faded) == (60, 200)
    differs = ink_mask(white) != ink_mask(faded)
    assert ink_mask(white).mean() > 0.05
    assert differs.mean() < 0.002


def test_specks_of_dust_do_not_shift_paper_or_black():
    pixels = np.full((200, 200), 220, np.uint8)
    pixels[50:60] = 30
    pixels[100, :40], pixels[120, :40] = 255, 0
    assert levels(pixels) == (30, 220)


@pytest.mark.parametrize("value", [0, 1, 31, 128, 255])
def test_an_even_page_has_no_ink(value):
    assert not ink_mask(np.full((20, 30), value, np.uint8)).any()


def test_luma_is_that_of_the_eye_and_gray_pages_are_not_copied():
    page = drawing.page(drawing.line_art())
    assert luminance(page) is page.pixels
    colors = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    np.testing.assert_allclose(luminance(drawing.page(colors))[0], [76, 150, 29, 255], atol=1)


def test_an_override_wins_but_what_was_found_is_kept():
    page = drawing.page(drawing.washes())
    analysis = analyze(page, kind=Kind.LINE)
    assert (analysis.found, analysis.kind) == (Kind.GRAY, Kind.LINE)
    assert analysis.ink.any()
    assert not analyze(page).ink.any()


def test_the_gap_grows_with_the_page_and_can_be_chosen():
    sizes = [(64, 64), (1754, 1240), (3508, 2480), (20000, 100)]
    assert [default_gap(drawing.page(np.zeros(size, np.uint8))) for size in sizes] == [2, 4, 7, 12]
    assert analyze(drawing.page(drawing.line_art(64)), gap=5).gap == 5


def test_an_a4_page_is_divided_into_its_panels_and_circles():
    analysis = analyze(drawing.page(drawing.a4()))
    assert analysis.kind is Kind.LINE
    assert analysis.regions.count == 1 + 24 * 3
    assert analysis.regions.outside.sum() == 1


FRAMES = (Rect(10, 10, 390, 190), Rect(10, 200, 190, 390), Rect(200, 200, 390, 390))


def page_of_panels(*contents) -> np.ndarray:
    """Three framed panels on white paper, filled from pictures at least as large."""
    pixels = np.full((400, 400), 255, np.uint8)
    for frame, content in zip(FRAMES, contents, strict=True):
        pixels[frame.slices] = content[: frame.height, : frame.width]
        cv2.rectangle(pixels, (frame.x0, frame.y0), (frame.x1 - 1, frame.y1 - 1), 0, 3)
    return pixels


def kinds_of(pixels) -> tuple[tuple[Kind, ...], Kind]:
    page = drawing.page(pixels)
    gray = luminance(page)
    kinds = recognise_panels(page, gray, FRAMES)
    return kinds, kind_of_page(kinds, [frame.area for frame in FRAMES], recognise(page, gray))


LINES, WASHES, TONE = drawing.line_art(400), drawing.washes(400), drawing.screentone(400)
BLACK, WHITE = np.zeros((400, 400), np.uint8), np.full((400, 400), 255, np.uint8)


def test_each_panel_has_a_kind_and_a_page_of_two_sorts_is_mixed():
    assert kinds_of(page_of_panels(LINES, WASHES, TONE)) == ((Kind.LINE, Kind.GRAY, Kind.TONE), Kind.MIXED)
    assert kinds_of(page_of_panels(WASHES, LINES, LINES)) == ((Kind.GRAY, Kind.LINE, Kind.LINE), Kind.MIXED)


@pytest.mark.parametrize("blank", [BLACK, WHITE])
@pytest.mark.parametrize(("drawn", "kind"), [(LINES, Kind.LINE), (WASHES, Kind.GRAY), (TONE, Kind.TONE)])
def test_black_and_white_panels_are_of_the_pages_kind(blank, drawn, kind):
    assert kinds_of(page_of_panels(drawn, blank, drawn)) == ((kind,) * 3, kind)


def test_line_art_beside_screentone_is_a_screentone_page():
    assert kinds_of(page_of_panels(LINES, TONE, LINES)) == ((Kind.LINE, Kind.TONE, Kind.LINE), Kind.TONE)


@pytest.mark.parametrize("scan", [lambda drawn: drawn, scans.grainy, scans.as_jpeg, scans.on_paper, scans.yellowed])
def test_pages_of_line_art_are_never_mixed(scan):
    solid = LINES.copy()
    solid[40:120, 60:160] = 0
    for contents in ((LINES, LINES, LINES), (LINES, solid, WHITE), (solid, BLACK, LINES)):
        kinds, kind = kinds_of(scan(page_of_panels(*contents)))
        assert kind is Kind.LINE
        assert set(kinds) == {Kind.LINE}


def test_a_page_is_mixed_only_if_both_sorts_hold_much_of_it():
    assert kind_of_page([Kind.LINE, Kind.GRAY], [90, 10]) is Kind.LINE
    assert kind_of_page([Kind.LINE, Kind.GRAY], [10, 90]) is Kind.GRAY
    assert kind_of_page([Kind.LINE, Kind.GRAY], [70, 30]) is Kind.MIXED
    assert kind_of_page([Kind.TONE, Kind.LINE], [50, 50]) is Kind.TONE
    assert kind_of_page([Kind.COLORED, Kind.GRAY], [70, 30]) is Kind.COLORED
    assert kind_of_page([], [], Kind.TONE) is Kind.TONE
    assert kind_of_page([Kind.GRAY], [0]) is Kind.LINE


def test_panels_that_are_empty_or_off_the_page_do_no_harm():
    page = drawing.page(LINES)
    panels = (Rect(0, 0, 0, 0), Rect(390, 390, 900, 900), Rect(-50, -50, 400, 400))
    assert recognise_panels(page, page.pixels, panels) == (Kind.LINE,) * 3
    assert recognise_panels(page, page.pixels, ()) == ()
