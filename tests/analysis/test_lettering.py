"""Lettering and speech bubbles: found where there is text, and nowhere else."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pages
import pytest

from mangapaint.analysis.bubbles import bubbles
from mangapaint.analysis.gutters import gutters
from mangapaint.analysis.labels import nearest
from mangapaint.analysis.lettering import Lettering, find_lettering
from mangapaint.analysis.panels import panels
from mangapaint.document.rect import Rect

LINES = ["THE WIND IS", "RISING AGAIN,", "LET US GO"]


def analysed(ink):
    """The lettering, the label map without its ink, and which regions are bubbles."""
    ink = ink > 0
    lettering = find_lettering(ink)
    count, labels = cv2.connectedComponents((~(ink & ~lettering.mask)).astype(np.uint8), connectivity=4)
    labels = nearest(labels) - 1
    outside = gutters(labels, panels(ink), count - 1)
    return lettering, labels, bubbles(labels, count - 1, ink, lettering, outside)


def recall(lettering, letters):
    return (lettering.mask & letters).sum() / letters.sum()


def test_rows_of_latin_in_a_bubble():
    ink = pages.page_of_panels()
    pages.bubble(ink, 200, 150, 140, 80)
    letters = pages.latin(ink, 105, 130, LINES)
    lettering, labels, found = analysed(ink)
    assert recall(lettering, letters) > 0.97
    assert not (lettering.mask & ~letters).any(), "no line of the drawing is lettering"
    assert found[labels[90, 200]]
    assert found.sum() == 1
    (block,) = lettering.blocks
    rows, columns = np.nonzero(letters)
    assert block.x0 <= columns.min() + 2
    assert block.y1 >= rows.max() - 2


def test_columns_of_glyphs_in_a_bubble():
    ink = pages.page_of_panels()
    pages.bubble(ink, 180, 190, 75, 125)
    letters = pages.columns(ink, 190, 100, (6, 6))
    lettering, labels, found = analysed(ink)
    assert recall(lettering, letters) > 0.97
    assert not (lettering.mask & ~letters).any()
    assert found[labels[190, 115]]
    assert found.sum() == 1


def test_one_short_word_is_enough_in_a_bubble_but_not_outside():
    ink = pages.page_of_panels()
    pages.bubble(ink, 200, 150, 80, 60, tail=False)
    letters = pages.latin(ink, 172, 160, ["NO!"])
    lettering, labels, found = analysed(ink)
    assert recall(lettering, letters) > 0.7
    assert found[labels[110, 200]]
    bare = pages.page_of_panels()
    pages.latin(bare, 172, 160, ["NO!"])
    lettering, _, found = analysed(bare)
    assert not lettering.blocks
    assert not found.any()


def test_a_longer_text_floating_in_a_panel_is_lettering_and_protects_nothing():
    ink = pages.page_of_panels()
    letters = pages.latin(ink, 60, 100, ["MEANWHILE, IN THE OTHER TOWN"])
    lettering, _, found = analysed(ink)
    assert recall(lettering, letters) > 0.85, "a short word at its end may stand too far off"
    assert not found.any()


def test_a_caption_is_protected_and_its_panel_is_not():
    ink = pages.page_of_panels()
    pages.caption(ink, 60, 60, 340, 130)
    pages.latin(ink, 75, 88, ["LATER THAT DAY,", "NOT FAR AWAY"], scale=0.7)
    _, labels, found = analysed(ink)
    assert found[labels[70, 70]]
    assert not found[labels[200, 600]]


def test_a_line_through_a_bubble_does_not_hide_its_text():
    ink = pages.page_of_panels()
    pages.bubble(ink, 200, 200, 130, 100, tail=False)
    letters = pages.latin(ink, 110, 170, LINES)
    cv2.line(ink, (100, 255), (300, 255), 1, 2)
    lettering, labels, found = analysed(ink)
    assert recall(lettering, letters) > 0.9
    assert not lettering.mask[255, 110:290].any()
    assert found[labels[110, 200]]


def test_a_title_on_the_margin_protects_nothing():
    ink = pages.blank()
    for x0, y0, x1, y1 in pages.GRID[1:]:
        pages.frame(ink, x0, y0, x1, y1)
    letters = pages.latin(ink, 80, 220, ["A TITLE OF A STORY"], scale=1.6, pen=4)
    lettering, labels, found = analysed(ink)
    assert recall(lettering, letters) > 0.9
    assert not found[labels[5, 5]]
    assert not found.any()


def test_what_is_left_between_letters_belongs_to_the_bubble():
    ink = pages.page_of_panels()
    pages.bubble(ink, 200, 150, 140, 80, tail=False)
    pages.latin(ink, 105, 130, LINES)
    lettering, labels, _ = analysed(ink)
    speck = labels.max() + 1
    labels = labels.copy()
    labels[195:200, 195:205] = speck
    count = int(speck) + 1
    found = bubbles(labels, count, ink > 0, lettering, np.zeros(count, bool))
    assert found[speck]
    outside = np.zeros(count, bool)
    outside[labels[90, 200]] = True
    assert not bubbles(labels, count, ink > 0, lettering, outside).any(), "the margin is never a bubble"


def drawn(draw):
    ink = pages.page_of_panels()
    draw(ink)
    return ink


@pytest.mark.parametrize(
    "draw",
    [
        lambda ink: pages.hatching(ink, 60, 820, 790, 1140),
        lambda ink: pages.screen(ink, 60, 820, 790, 1140),
        lambda ink: pages.leaves(ink, 60, 820, 790, 1140),
        lambda ink: [pages.figure(ink, x, 930, 150) for x in (120, 300, 600, 740)],
        lambda ink: [pages.frame(ink, x, 860, x + 22, 930, pen=2) for x in range(80, 780, 30)],
        lambda ink: [cv2.circle(ink, (x, 900), 12, 1, -1) for x in range(80, 780, 32)],
    ],
    ids=["hatching", "screentone", "leaves", "faces", "books", "spots"],
)
def test_what_is_no_text(draw):
    lettering, _, found = analysed(drawn(draw))
    assert not lettering.mask.any()
    assert not found.any()


@pytest.mark.parametrize("times", [2, 4])
def test_letters_of_a_fine_scan(times):
    ink = pages.page_of_panels()
    pages.bubble(ink, 200, 150, 140, 80)
    letters = pages.latin(ink, 105, 130, LINES)
    ink, letters = (cv2.resize(part.astype(np.uint8), None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
                    for part in (ink, letters))  # fmt: skip
    lettering = find_lettering(ink > 0)
    assert recall(lettering, letters > 0) > 0.95
    assert not (lettering.mask & (letters == 0)).any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1500, 20)])
def test_tiny_pages(shape):
    for ink in (np.zeros(shape, bool), np.ones(shape, bool), np.random.default_rng(0).random(shape) < 0.2):
        lettering = find_lettering(ink)
        assert lettering.mask.shape == shape
        assert not bubbles(np.zeros(shape, np.int32), 1, ink, lettering, np.zeros(1, bool)).any()


def test_a_block_without_letters_is_no_harm():
    empty = Lettering(np.zeros((40, 40), bool), (Rect(5, 5, 9, 9),))
    assert not bubbles(np.zeros((40, 40), np.int32), 1, np.zeros((40, 40), bool), empty, np.zeros(1, bool)).any()


def test_hostile_pages_take_bounded_time():
    random = np.random.default_rng(1)
    specks = np.zeros((3508, 2480), bool)
    specks[random.integers(0, 3508, 200_000), random.integers(0, 2480, 200_000)] = True
    start = time.perf_counter()
    for ink in (np.ones((3508, 2480), bool), random.random((3508, 2480), np.float32) < 0.1, specks):
        assert not find_lettering(ink).blocks
    assert time.perf_counter() - start < 6
