"""Where colours came from, as plain values: places, shares, areas and their colours."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from toymatcher import LEFT_AREA, RIGHT_AREA, ToyMatcher

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.method import ColorRequest, Stamp
from mangapaint.document.page import Page, Reference
from mangapaint.document.strokes import Purpose, stroke
from mangapaint.progress import Silent
from mangapaint.ui.docks.reference_areas import area_at, color_of, spread
from mangapaint.ui.matches import areas_of, origins, outline, places_of, shares
from mangapaint.ui.work import Shown

RED, BLUE, GREEN, OCHRE = (220, 40, 50), (40, 80, 200), (30, 160, 60), (200, 150, 40)
LEFT, RIGHT = (85, 100), (215, 100)
"""A point in each of the page's two boxes, which are alike in size."""


def boxes() -> np.ndarray:
    gray = np.full((200, 300), 255, np.uint8)
    cv2.rectangle(gray, (30, 30), (140, 170), 0, 3)
    cv2.rectangle(gray, (160, 30), (270, 170), 0, 3)
    return gray


def halves(left, right, name: str) -> Reference:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = left, right
    return Reference(pixels, name)


def colored(*references: Reference, strokes=(), lost=()) -> Shown:
    analysis = analyze(Page(boxes(), "boxes"), gap=0)
    request = ColorRequest(Stamp("page", 1), analysis, strokes=strokes, references=references)
    toy = ToyMatcher(lost)
    colorization = toy.colorize(toy.prepare(request, Silent()), request, Silent())
    return Shown(request.stamp, colorization, analysis, request)


def region(shown: Shown, at: tuple[int, int]) -> int:
    return int(shown.analysis.regions.labels[at[1], at[0]])


ONE, TWO = halves(RED, BLUE, "one"), halves(GREEN, OCHRE, "two")


def test_a_region_s_places_come_best_first_with_where_and_what_they_are():
    shown = colored(ONE, TWO)
    places = places_of(shown, region(shown, RIGHT))
    assert [place.color for place in places] == [BLUE, RED, OCHRE, GREEN]
    assert [place.reference for place in places] == [ONE.id, ONE.id, TWO.id, TWO.id]
    assert [place.area for place in places] == [RIGHT_AREA, LEFT_AREA, RIGHT_AREA, LEFT_AREA]
    assert (places[0].x, places[0].y) == (0.75, 0.5)
    assert [place.confidence for place in places] == pytest.approx([0.8, 0.5, 0.4, 0.3])


def test_of_places_with_nearly_one_colour_only_the_best_is_offered():
    near = halves((222, 42, 50), BLUE, "near")
    shown = colored(ONE, near, TWO)
    places = places_of(shown, region(shown, LEFT))
    assert [place.color for place in places] == [RED, BLUE, GREEN, OCHRE]
    assert [place.confidence for place in places] == pytest.approx([0.8, 0.5, 0.2, 0.1])


def test_what_found_no_match_has_no_places():
    shown = colored(ONE, lost=[LEFT])
    assert places_of(shown, region(shown, LEFT)) == ()
    assert origins(shown)[region(shown, LEFT)] == -1
    assert len(places_of(shown, region(shown, RIGHT))) == 2


def test_without_matches_there_is_nothing_to_tell():
    shown = colored(ONE)
    bare = replace(shown, colorization=replace(shown.colorization, matches=None))
    for nothing in (None, Shown(Stamp("", 0)), bare):
        assert places_of(nothing, 0) == ()
        assert shares(nothing) is None
        assert areas_of(nothing) == {}


def test_a_reference_s_share_is_of_what_can_be_coloured_and_hints_lessen_it():
    both = shares(colored(ONE, TWO))
    assert both == {ONE.id: pytest.approx(1), TWO.id: 0}
    half = shares(colored(ONE, TWO, lost=[RIGHT]))
    assert half == {ONE.id: pytest.approx(0.5, abs=0.02), TWO.id: 0}
    hint = stroke([LEFT], width=1, color=GREEN, purpose=Purpose.FILL)
    assert shares(colored(ONE, TWO, strokes=(hint,)))[ONE.id] == pytest.approx(0.5, abs=0.02)


def test_a_hint_of_a_match_s_own_colour_is_told_from_the_match():
    hint = stroke([LEFT], width=1, color=BLUE, purpose=Purpose.FILL)
    shown = colored(ONE, strokes=(hint,))
    found = origins(shown)
    assert (found[region(shown, LEFT)], found[region(shown, RIGHT)]) == (-1, 0)
    kept = stroke([LEFT], width=1, color=None, purpose=Purpose.FILL)
    shown = colored(ONE, strokes=(kept,))
    found = origins(shown)
    assert (found[region(shown, LEFT)], found[region(shown, RIGHT)]) == (-1, 0)


def test_bubbles_count_for_no_reference():
    shown = colored(ONE)
    marked = np.arange(shown.analysis.regions.count) == region(shown, LEFT)
    regions = replace(shown.analysis.regions, bubbles=marked)
    assert shares(replace(shown, analysis=replace(shown.analysis, regions=regions))) == {ONE.id: pytest.approx(1)}


def test_areas_are_known_by_their_reference():
    areas = areas_of(colored(ONE, TWO))
    assert list(areas) == [ONE.id, TWO.id]
    assert areas[ONE.id][0, 0] == LEFT_AREA


def test_an_outline_is_in_parts_of_the_picture():
    mask = np.zeros((10, 20), bool)
    mask[5:, 10:] = True
    box = outline(mask).boundingRect()
    assert (box.left(), box.top(), box.right(), box.bottom()) == pytest.approx((0.5, 0.5, 1, 1), abs=0.03)


# --- what lies under a point of a reference


def test_labels_are_spread_over_a_picture_of_another_size():
    labels = np.array([[1, 2], [3, 4]], np.int32)
    assert spread(labels, 4, 6).tolist() == [[1, 1, 1, 2, 2, 2]] * 2 + [[3, 3, 3, 4, 4, 4]] * 2
    assert spread(spread(labels, 4, 6), 2, 2).tolist() == labels.tolist()


def test_where_no_areas_are_known_an_area_is_what_is_of_one_colour():
    pixels = ONE.pixels.copy()
    pixels[:, 50:] = RED
    area = area_at(pixels, None, 3, 3)
    assert area[:, :30].all()
    assert not area[:, 30:].any()
    labels = np.zeros((40, 60), np.int32)
    assert area_at(pixels, labels, 3, 3).all()


def test_an_area_s_colour_is_the_pressed_one_evened_out():
    rng = np.random.default_rng(1)
    pixels = np.clip(ONE.pixels + rng.integers(-8, 9, ONE.pixels.shape), 0, 255).astype(np.uint8)
    whole = np.ones(pixels.shape[:2], bool)
    assert color_of(pixels, whole, 5, 5) == pytest.approx(RED, abs=1)
    assert color_of(pixels, whole, 45, 5) == pytest.approx(BLUE, abs=1)


def test_a_line_or_a_speck_does_not_stand_for_its_area():
    pixels = ONE.pixels.copy()
    pixels[:, 10] = 0
    pixels[20, 20] = (255, 255, 0)
    left = np.zeros(pixels.shape[:2], bool)
    left[:, :30] = True
    assert color_of(pixels, left, 20, 20) == RED
    pixels[19:22, 19:22] = (255, 255, 0)
    assert color_of(pixels, left, 20, 20) == RED
