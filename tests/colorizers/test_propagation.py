"""Hints flow: into what they lie in and what that encloses, and never where nobody decided anything."""

from __future__ import annotations

import drawing
import numpy as np
import pytest
from painting import BLUE, CELL, GREEN, NEAR, RED, WHITE, at, colored, dab, dot, grid, picture, ready, region_at

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.hints import of_picture, of_stroke
from mangapaint.colorizers import propagation, splitting
from mangapaint.colorizers.compose import changed
from mangapaint.document.page import Kind
from mangapaint.document.strokes import Purpose, Stroke, stroke


@pytest.fixture(scope="module")
def target() -> PageAnalysis:
    """Two large boxes side by side, the left one with a small box in it, margins around."""
    return analyze(drawing.page(drawing.target()))


LEFT, RIGHT, SMALL, MARGIN = (40, 150), (140, 150), (58, 98), (100, 8)


def test_a_region_takes_exactly_the_colour_of_its_hint(target):
    pixels = picture(target, colored(target, dab(*LEFT, RED)))
    region = target.regions.labels == target.regions.labels[LEFT[1], LEFT[0]]
    white = region & (target.gray == 255)
    assert white.sum() > 0.85 * region.sum()
    assert (pixels[white] == RED).all()
    np.testing.assert_array_equal(pixels[target.gray <= 64], np.repeat(target.gray[target.gray <= 64][:, None], 3, 1))


def test_colour_flows_into_what_it_encloses_and_not_into_the_neighbour(target):
    pixels = picture(target, colored(target, dab(*LEFT, RED)))
    assert at(pixels, SMALL) == RED
    assert at(pixels, RIGHT) == at(pixels, MARGIN) == (255, 255, 255)
    assert at(picture(target, colored(target, dab(*SMALL, BLUE, width=4))), LEFT) == (255, 255, 255)


def test_an_enclosed_region_keeps_a_hint_of_its_own(target):
    pixels = picture(target, colored(target, dab(*LEFT, RED), dab(*SMALL, BLUE, width=4)))
    assert at(pixels, SMALL) == BLUE
    assert at(pixels, LEFT) == RED


def test_colour_crosses_one_line_and_not_a_second():
    def draw(canvas):
        drawing.box(canvas, 10, 10, 590, 590)
        drawing.box(canvas, 300, 300, 334, 334, pen=2)
        drawing.box(canvas, 315, 315, 320, 320, pen=1.5)

    page = analyze(drawing.page(drawing.antialiased(600, 600, draw)), gap=0)
    pixels = picture(page, colored(page, dab(50, 50, RED)))
    assert at(pixels, (305, 305)) == RED
    assert at(pixels, (317, 317)) == (255, 255, 255)
    assert at(picture(page, colored(page, dab(50, 50, RED), dab(306, 306, RED, width=4))), (317, 317)) == RED


def test_the_margin_is_coloured_by_its_own_hint_alone(target):
    everywhere = picture(target, colored(target, dab(*LEFT, RED), dab(*RIGHT, BLUE)))
    assert at(everywhere, MARGIN) == (255, 255, 255)
    outside = target.regions.outside[target.regions.labels]
    assert outside.any()
    assert (everywhere[outside & (target.gray == 255)] == 255).all()
    pixels = picture(target, colored(target, dab(*MARGIN, GREEN)))
    assert (pixels[outside & (target.gray == 255)] == GREEN).all()
    assert at(pixels, LEFT) == at(pixels, RIGHT) == at(pixels, SMALL) == (255, 255, 255)


def test_two_colours_divide_a_region(target):
    upper, lower = dab(60, 40, RED), dab(60, 160, BLUE)
    found = colored(target, upper, lower)
    assert [split.region for split in found.splits] == [target.regions.labels[150, 40]]
    pixels = picture(target, found)
    for place, color in (((60, 40), RED), ((40, 30), RED), ((60, 160), BLUE), ((30, 170), BLUE)):
        assert at(pixels, place) == color
    region = (target.regions.labels == target.regions.labels[150, 40]) & (target.gray == 255)
    shown = {tuple(color) for color in pixels[region].tolist()}
    assert shown == {RED, BLUE}
    red = (pixels == RED).all(axis=2)[region].mean()
    assert 0.3 < red < 0.7
    assert at(pixels, RIGHT) == (255, 255, 255)


def test_a_division_stays_within_its_region(target):
    pixels = picture(target, colored(target, dab(60, 40, RED), dab(60, 160, BLUE), dab(*SMALL, GREEN, width=4)))
    small = target.regions.labels == target.regions.labels[SMALL[1], SMALL[0]]
    assert (pixels[small & (target.gray == 255)] == GREEN).all()
    assert at(pixels, (40, 40)) == RED
    assert at(pixels, (40, 165)) == BLUE


def test_every_hint_pixel_shows_its_own_colour_in_a_divided_region(target):
    rng = np.random.default_rng(5)
    strokes = [dab(*rng.uniform((30, 30), (85, 170)).tolist(), color, width=5) for color in (RED, BLUE, GREEN) * 3]
    pixels = picture(target, colored(target, *strokes))
    owner = np.full(target.gray.shape, -1)
    for number, item in enumerate(strokes):
        hint = of_stroke(item, *target.gray.shape)
        owner[hint.rect.slices][hint.mask] = number
    region = (target.regions.labels == target.regions.labels[150, 40]) & (target.gray == 255)
    for number, item in enumerate(strokes):
        assert (pixels[(owner == number) & region] == item.color).all()


def test_keep_uncoloured_holds_an_area_free_and_divides(target):
    pixels = picture(target, colored(target, dab(60, 40, RED), dab(60, 160, None)))
    assert at(pixels, (60, 40)) == RED
    assert at(pixels, (60, 160)) == at(pixels, (30, 170)) == (255, 255, 255)
    assert at(picture(target, colored(target, dab(*LEFT, RED), dab(*SMALL, None, width=4))), SMALL) == (255, 255, 255)
    alone = picture(target, colored(target, dab(*LEFT, None)))
    np.testing.assert_array_equal(alone, np.repeat(target.gray[..., None], 3, axis=2))


def test_a_large_divided_region_is_worked_out_small_and_stays_near(target, monkeypatch):
    strokes = (dab(60, 40, RED), dab(60, 160, BLUE), dab(35, 100, GREEN))
    exact = picture(target, colored(target, *strokes, options=NEAR))
    monkeypatch.setattr(splitting, "SPLIT_PIXELS", 1000)
    coarse = picture(target, colored(target, *strokes, options=NEAR))
    assert (exact != coarse).any(axis=2).mean() < 0.05
    for place, color in (((60, 40), RED), ((60, 160), BLUE), ((35, 100), GREEN)):
        assert at(coarse, place) == color
    assert at(coarse, RIGHT) == (255, 255, 255)


def test_thin_hints_close_together_are_kept_to_the_pixel_in_a_region_worked_out_small(target, monkeypatch):
    monkeypatch.setattr(splitting, "SPLIT_PIXELS", 1000)
    strokes = [stroke([(30, y), (90, y)], width=2, color=color)
               for y, color in ((140.5, RED), (143.5, BLUE), (146.5, RED), (149.5, GREEN))]  # fmt: skip
    pixels = picture(target, colored(target, *strokes))
    for item in strokes:
        hint = of_stroke(item, *target.gray.shape)
        assert (pixels[hint.rect.slices][hint.mask] == item.color).all()


def test_no_hints_colour_nothing(target):
    found = colored(target)
    assert not found.regions.any()
    assert not found.confidence.any()
    np.testing.assert_array_equal(picture(target, found), np.repeat(target.gray[..., None], 3, axis=2))


def test_confidence_is_full_at_hints_and_falls_on_the_way(target):
    found = colored(target, dab(*LEFT, RED))
    own, small, right, margin = (
        float(found.confidence[target.regions.labels[y, x]]) for x, y in (LEFT, SMALL, RIGHT, MARGIN)
    )
    assert own == 1
    assert 0 < small < 1
    assert right == margin == 0


def test_all_of_a_gray_page_is_reached_from_one_hint():
    page = analyze(drawing.page(drawing.washes()))
    found = colored(page, dab(70, 70, RED))
    assert page.kind is Kind.GRAY
    assert page.regions.count > 2
    assert (found.regions == 1).all()
    assert (found.confidence > 0).all()
    two = colored(page, dab(70, 70, RED), dab(190, 70, BLUE))
    pixels = picture(page, two)
    left, right = (pixels[70, x].astype(int) for x in (70, 190))
    assert left[0] > left[2] + 30
    assert right[2] > right[0] + 30


def test_a_picture_of_hints_colours_like_strokes(target):
    colors, mask = np.zeros((200, 200, 3), np.uint8), np.zeros((200, 200), bool)
    for (x, y), color in ((LEFT, RED), (RIGHT, BLUE)):
        colors[y - 4 : y + 4, x - 4 : x + 4], mask[y - 4 : y + 4, x - 4 : x + 4] = color, True
    drawn = picture(target, colored(target, dab(*LEFT, RED), dab(*RIGHT, BLUE)))
    np.testing.assert_array_equal(picture(target, colored(target, hints=of_picture(colors, mask))), drawn)


def edits(rng: np.random.Generator, size: int, steps: int) -> list[tuple[Stroke, ...]]:
    """Strokes added, taken away and recoloured, at random."""
    strokes: tuple[Stroke, ...] = ()
    states = []
    for _ in range(steps):
        if strokes and rng.random() < 0.35:
            gone = int(rng.integers(len(strokes)))
            strokes = strokes[:gone] + strokes[gone + 1 :]
        else:
            points = rng.uniform(-5, size + 5, (2, 2)).tolist()
            color = (RED, BLUE, GREEN, None)[rng.integers(4)]
            strokes = (*strokes, stroke(points, width=float(rng.uniform(2, 14)), color=color))
        states.append(strokes)
    return states


@pytest.mark.parametrize("drawn", [drawing.target(), drawing.washes(200)], ids=["line", "gray"])
def test_what_is_remembered_changes_nothing(drawn):
    page = analyze(drawing.page(drawn))
    prepared = ready(page)
    states = edits(np.random.default_rng(9), 200, 30)
    shown = []
    for strokes in states:
        warm, fresh = colored(page, *strokes, prepared=prepared), colored(page, *strokes)
        shown.append(picture(page, warm))
        np.testing.assert_array_equal(shown[-1], picture(page, fresh))
        np.testing.assert_array_equal(warm.confidence, fresh.confidence)
    for strokes, earlier in reversed(list(zip(states, shown, strict=True))):
        np.testing.assert_array_equal(picture(page, colored(page, *strokes, prepared=prepared)), earlier)


def test_taking_a_stroke_away_undoes_it_exactly(target):
    prepared = ready(target)
    before = colored(target, dab(60, 40, RED), prepared=prepared)
    colored(target, dab(60, 40, RED), dab(60, 160, BLUE), prepared=prepared)
    after = colored(target, dab(60, 40, RED), prepared=prepared)
    assert not after.splits
    np.testing.assert_array_equal(picture(target, before), picture(target, after))
    np.testing.assert_array_equal(before.confidence, after.confidence)


def test_what_is_gone_is_forgotten(target):
    prepared = ready(target)
    ballot, splitter = prepared.ballot, prepared.splitter
    for number in range(400):
        colored(target, dab(30 + number % 50, 40, RED), dab(60, 160, BLUE), prepared=prepared)
        assert len(ballot.known) < 100
        assert sum(len(frame.laid) for frame in splitter.frames.values()) < 100
    assert len(splitter.known) == len(splitter.frames) == 1
    colored(target, prepared=prepared)
    assert not splitter.known
    assert not splitter.frames


def test_strokes_off_the_page_are_no_hints(target):
    found = colored(target, stroke([(-90, -90), (-50, -40)], width=9, color=RED))
    assert not found.regions.any()


def test_more_colours_than_a_byte_holds_in_one_region_do_no_harm(target):
    rng = np.random.default_rng(8)
    strokes = [dab(*rng.uniform((26, 26), (95, 175)).tolist(), (number, 255 - number // 2, number * 7 % 256), width=2)
               for number in range(256)]  # fmt: skip
    strokes += [dab(60, 100 + number, (0, number, 0), width=2) for number in range(40)]
    pixels = picture(target, colored(target, *strokes, options=NEAR))
    assert at(pixels, RIGHT) == WHITE
    np.testing.assert_array_equal(pixels[target.gray <= 64, 0], target.gray[target.gray <= 64])


@pytest.mark.parametrize("shape", [(1, 1), (1, 10000), (10000, 1), (3, 4)])
@pytest.mark.parametrize("value", [0, 255])
def test_the_smallest_pages_can_be_coloured(shape, value):
    page = analyze(drawing.page(np.full(shape, value, np.uint8)))
    dots = [stroke([(x, y)], width=2, color=color) for x, y, color in ((0.5, 0.5, RED), (shape[1], shape[0], BLUE))]
    pixels = picture(page, colored(page, *dots))
    assert pixels.shape == (*shape, 3)
    if value == 255:
        assert at(pixels, (0, 0)) in (RED, BLUE)
    else:
        assert (pixels == 0).all()


@pytest.fixture(scope="module")
def house() -> PageAnalysis:
    """One drawing without panels: two small walls of equal windows, far apart, on a large ground."""

    def draw(canvas):
        for x in (40, 200):
            drawing.box(canvas, x, 60, x + 50, 130)
            drawing.box(canvas, x + 15, 70, x + 35, 90, pen=2)
            drawing.box(canvas, x + 15, 100, x + 35, 120, pen=2)

    return analyze(drawing.page(drawing.antialiased(200, 300, draw)))


WALL, WINDOW, LOWER, OTHER_WALL, OTHER_WINDOW, GROUND = (48, 95), (65, 80), (65, 110), (208, 95), (225, 80), (150, 20)


def test_areas_without_a_hint_wait_until_there_is_something_to_choose_from(house):
    one = picture(house, colored(house, dot(*GROUND, RED), dot(*WALL, RED), dot(*WINDOW, RED)))
    assert at(one, OTHER_WALL) == at(one, OTHER_WINDOW) == WHITE
    little = picture(house, colored(house, dot(*WALL, RED), dot(*WINDOW, BLUE)))
    assert at(little, OTHER_WALL) == at(little, OTHER_WINDOW) == WHITE
    enough = picture(house, colored(house, dot(*GROUND, GREEN), dot(*WALL, RED), dot(*WINDOW, BLUE)))
    assert at(enough, OTHER_WALL) == RED
    assert at(enough, OTHER_WINDOW) == BLUE


def test_large_areas_wait_for_a_hint_of_their_own_however_much_is_decided(house, monkeypatch):
    strokes = dot(*GROUND, GREEN), dot(*WALL, RED), dot(*WINDOW, BLUE)
    monkeypatch.setattr(propagation, "LARGE_PART", 0.03)
    pixels = picture(house, colored(house, *strokes))
    assert at(pixels, OTHER_WALL) == WHITE
    assert at(pixels, OTHER_WINDOW) == BLUE


def test_guesses_can_be_turned_off_and_an_unknown_choice_is_the_default(house):
    strokes = dot(*GROUND, GREEN), dot(*WALL, RED), dot(*WINDOW, BLUE)
    near = picture(house, colored(house, *strokes, options=NEAR))
    assert at(near, OTHER_WALL) != RED
    assert at(near, OTHER_WINDOW) != BLUE
    assert at(near, WALL) == RED
    odd = picture(house, colored(house, *strokes, options=(("areas", "all"), ("no such", "thing"))))
    assert at(odd, OTHER_WALL) == RED


def test_a_guess_is_less_certain_than_a_hint_and_gives_way_to_it(house):
    strokes = dot(*GROUND, GREEN), dot(*WALL, RED), dot(*WINDOW, BLUE)
    sure = colored(house, *strokes).confidence
    assert sure[region_at(house, *WALL)] == 1
    assert 0 < sure[region_at(house, *OTHER_WALL)] < 1
    assert at(picture(house, colored(house, *strokes, dot(*OTHER_WALL, BLUE))), OTHER_WALL) == BLUE


def test_what_is_kept_uncoloured_is_a_colour_to_choose_too(house):
    pixels = picture(house, colored(house, dot(*GROUND, GREEN), dot(*WALL, RED), dot(*WINDOW, None)))
    assert at(pixels, OTHER_WALL) == RED
    assert at(pixels, OTHER_WINDOW) == WHITE


def test_margins_between_panels_are_not_guessed():
    page = analyze(drawing.page(drawing.panels()))
    assert len(page.panels) == 3
    pixels = picture(page, colored(page, dot(20, 20, RED), dot(60, 50, BLUE)))
    assert (at(pixels, (20, 20)), at(pixels, (60, 50))) == (RED, BLUE)
    assert at(pixels, (80, 98)) == at(pixels, (2, 2)) == WHITE
    assert at(pixels, (40, 160)) == at(pixels, (120, 160)) == WHITE  # other panels hold no colour to choose from


def test_protected_areas_take_no_colour_from_anywhere(house):
    shields = dot(*OTHER_WALL, None, purpose=Purpose.PROTECT), dot(*WINDOW, None, purpose=Purpose.PROTECT)
    pixels = picture(house, colored(house, dot(*GROUND, GREEN), dot(*WALL, RED), dot(*LOWER, BLUE), *shields))
    assert at(pixels, WALL) == RED
    assert at(pixels, OTHER_WINDOW) == BLUE
    assert at(pixels, OTHER_WALL) == at(pixels, WINDOW) == WHITE


def test_a_page_of_many_regions_is_changed_only_where_a_stroke_can_matter():
    page = grid(15, 14)
    rng = np.random.default_rng(2)
    assert page.regions.count == 210
    prepared, high, wide = ready(page), *page.gray.shape
    colors = [tuple(rng.integers(0, 256, 3).tolist()) for _ in range(9)]
    strokes = [dot(*rng.uniform((0, 0), (wide, high)).tolist(), colors[rng.integers(9)], width=3) for _ in range(500)]
    old = colored(page, *strokes, prepared=prepared, options=NEAR)
    for _ in range(20):
        place = rng.uniform((0, 0), (wide, high)).tolist()
        strokes.append(dot(*place, colors[rng.integers(9)], width=3))
        new = colored(page, *strokes, prepared=prepared, options=NEAR)
        rect = changed(page, old, new)
        assert rect.area <= (4 * CELL) ** 2
        assert rect.union(strokes[-1].bounds).area <= (5 * CELL) ** 2
        differs = (picture(page, old) != picture(page, new)).any(axis=2)
        differs[rect.slices] = False
        assert not differs.any()
        old = new
    assert len(prepared.ballot.known) <= 2 * len(strokes) + 64
    assert len(prepared.splitter.known) <= page.regions.count
    for _ in range(3):
        colored(page, dot(50, 50, RED), prepared=prepared)
    assert len(prepared.ballot.known) < 100
    assert not prepared.splitter.known


@pytest.mark.parametrize("decided", [propagation.ENOUGH_DECIDED, 0.0])
def test_a_page_of_twenty_thousand_regions_is_coloured(huge, monkeypatch, decided):
    monkeypatch.setattr(propagation, "ENOUGH_DECIDED", decided)
    rng = np.random.default_rng(4)
    places = rng.uniform((0, 0), huge.gray.shape[::-1], (300, 2))
    strokes = [dot(*place.tolist(), (RED, BLUE, GREEN)[number % 3]) for number, place in enumerate(places)]
    found = colored(huge, *strokes)
    assert (found.confidence == 1).sum() > 0.9 * len(strokes)
    assert (found.regions[found.confidence == 1] > 0).all()
    assert np.isfinite(found.confidence).all()
    assert (found.regions > 0).all() == (decided == 0)
    assert set(np.unique(found.regions)) - {0} == {1, 2, 3}


@pytest.fixture(scope="module")
def huge() -> PageAnalysis:
    page = grid(150, 130)
    assert page.regions.count == 150 * 130
    return page
