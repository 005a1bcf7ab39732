"""Which hints hold where: protection, speech bubbles, fills, and what is remembered of them."""

from __future__ import annotations

from dataclasses import replace

import drawing
import numpy as np
import pytest
from painting import BLUE, GREEN, RED, dab, dot, region_at, with_bubble

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.hints import Hint
from mangapaint.colorizers.held import Ballot, Held
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, Stroke, stroke

HINT, FILL, PROTECT, FREE = Purpose.HINT, Purpose.FILL, Purpose.PROTECT, Purpose.FREE
LEFT, RIGHT, SMALL = (40, 150), (140, 150), (58, 98)


@pytest.fixture(scope="module")
def target() -> PageAnalysis:
    """Two large boxes side by side, the left one with a small box in it."""
    return analyze(drawing.page(drawing.target()))


@pytest.fixture(scope="module")
def spoken(target) -> PageAnalysis:
    """The same page, its small box a speech bubble."""
    return with_bubble(target, *SMALL)


def held(page: PageAnalysis, *marks: Stroke | Hint) -> Held:
    return Ballot(page).count(marks)


def colors(page: PageAnalysis, place: tuple[int, int], *marks: Stroke | Hint) -> list:
    """The colours that hold at a place, oldest first."""
    return [hint.color for hint in held(page, *marks).hints.get(region_at(page, *place), ())]


def test_hints_hold_where_they_lie_and_share_in_order(target):
    found = held(target, dab(*LEFT, RED), dab(*RIGHT, BLUE), dab(40, 40, GREEN))
    left, right = region_at(target, *LEFT), region_at(target, *RIGHT)
    assert set(found.hints) == set(found.own) == {left, right}
    assert [hint.color for hint in found.hints[left]] == [RED, GREEN]
    assert [len(found.hints[region]) for region in (left, right)] == [2, 1]
    assert not found.protected.any()
    assert set(found.colors()) == {RED, BLUE, GREEN}


def test_nothing_drawn_nothing_holds(spoken):
    found = held(spoken)
    assert found.hints == found.own == found.mixed == {}
    assert found.colors() == []
    assert np.flatnonzero(found.protected).tolist() == [region_at(spoken, *SMALL)]


def test_the_own_colour_of_a_region_is_the_one_with_most_pixels(target):
    left = region_at(target, *LEFT)
    few = dab(30, 160, RED, width=3)
    many = stroke([(30, 40), (90, 40)], width=9, color=BLUE)
    assert held(target, many, few).own[left] == BLUE
    assert held(target, few, many).own[left] == BLUE
    three = [dab(x, 160, RED, width=8) for x in (30, 50, 70)]
    assert held(target, dab(60, 40, BLUE, width=11), *three).own[left] == RED
    assert held(target, dab(60, 40, None, width=11), few).own[left] is None


def test_a_stroke_that_passes_through_a_bubble_leaves_it_white(spoken):
    through = stroke([(35, 98), (90, 98)], width=10, color=RED)
    assert colors(spoken, LEFT, through) == [RED]
    assert colors(spoken, SMALL, through) == []
    assert held(spoken, through).protected[region_at(spoken, *SMALL)]


def test_a_hint_that_means_the_bubble_colours_it(spoken):
    for meant in (dot(*SMALL, RED), dot(*SMALL, RED, purpose=FILL)):
        found = held(spoken, meant)
        assert colors(spoken, SMALL, meant) == [RED]
        assert not found.protected.any()


def test_a_bubble_meant_once_is_still_left_alone_by_strokes_that_pass(spoken):
    through = stroke([(35, 98), (90, 98)], width=10, color=RED)
    assert colors(spoken, SMALL, dot(*SMALL, BLUE), through) == [BLUE]


def test_a_bubble_set_free_is_a_region_like_any(spoken):
    through = stroke([(35, 98), (90, 98)], width=10, color=RED)
    free = dot(*SMALL, None, purpose=FREE)
    for marks in ((free, through), (through, free)):
        assert colors(spoken, SMALL, *marks) == [RED]
        assert not held(spoken, *marks).protected.any()
    again = dot(*SMALL, None, purpose=PROTECT)
    assert colors(spoken, SMALL, free, through, again) == []


@pytest.mark.parametrize("purpose", [HINT, FILL])
def test_protection_beats_every_hint_before_and_after(target, purpose):
    shield, hint = dot(*LEFT, None, purpose=PROTECT), dot(*LEFT, RED, purpose=purpose)
    for marks in ((shield, hint), (hint, shield), (hint, shield, hint)):
        found = held(target, *marks)
        assert found.hints == {}
        assert found.protected[region_at(target, *LEFT)]
        assert found.protected.sum() == 1


def test_protection_is_for_the_regions_it_is_drawn_on(target):
    shield = stroke([(60, 40), (140, 40)], width=10, color=None, purpose=PROTECT)
    found = held(target, shield, dab(*LEFT, RED), dab(*RIGHT, RED), dot(*SMALL, BLUE))
    assert np.flatnonzero(found.protected).tolist() == sorted({region_at(target, *LEFT), region_at(target, *RIGHT)})
    assert set(found.hints) == {region_at(target, *SMALL)}


def test_what_is_set_free_has_its_hints_again(target):
    marks = dab(*LEFT, RED), dot(*LEFT, None, purpose=PROTECT), dot(*LEFT, None, purpose=FREE)
    assert colors(target, LEFT, *marks) == [RED]
    assert not held(target, *marks).protected.any()
    assert held(target, *marks, dot(*LEFT, None, purpose=PROTECT)).protected.any()


def test_a_fill_replaces_older_hints_of_its_region_and_newer_ones_join_it(target):
    fill = dot(*LEFT, BLUE, purpose=FILL)
    assert colors(target, LEFT, dab(*LEFT, RED), dab(40, 40, GREEN), fill) == [BLUE]
    assert colors(target, LEFT, fill, dab(40, 40, GREEN)) == [BLUE, GREEN]
    assert colors(target, RIGHT, dab(*RIGHT, RED), fill) == [RED]


def test_a_fill_counts_as_much_as_its_region(target):
    found = held(target, dot(*LEFT, BLUE, purpose=FILL), stroke([(30, 40), (90, 40)], width=20, color=RED))
    left = region_at(target, *LEFT)
    assert found.own[left] == BLUE


def test_each_point_of_a_fill_is_a_fill_and_what_lies_between_is_not(target):
    fill = stroke([(30, 98), (140, 98)], width=1, color=BLUE, purpose=FILL)
    assert set(held(target, fill).hints) == {region_at(target, 30, 98), region_at(target, 140, 98)}
    off = stroke([(-4, 20), (300, 20), (20, -0.5), (40.9, 150.2)], width=1, color=BLUE, purpose=FILL)
    (hint,) = held(target, off).hints[region_at(target, *LEFT)]
    assert hint.rect == Rect(40, 150, 41, 151)
    assert len(held(target, off).hints) == 1
    assert not held(target, replace(off, points=off.points[:3].copy(), pressures=off.pressures[:3].copy())).hints


def test_a_hint_picture_counts_as_hints_below_the_strokes(target):
    patch = Hint(GREEN, Rect(36, 146, 44, 154), np.ones((8, 8), bool), 8.0)
    assert colors(target, LEFT, patch, dab(40, 40, RED)) == [GREEN, RED]
    assert colors(target, LEFT, patch, dot(*LEFT, RED, purpose=FILL)) == [RED]


def test_every_mark_is_worked_out_once_and_forgotten_when_gone(target, monkeypatch):
    from mangapaint.colorizers import held as module

    asked = []
    original = module.of_stroke

    def counted(item, *size):
        asked.append(item)
        return original(item, *size)

    monkeypatch.setattr(module, "of_stroke", counted)
    ballot = Ballot(target)
    strokes: list[Stroke] = []
    for number in range(40):
        strokes.append(dab(30 + number, 40, RED))
        ballot.count(tuple(strokes))
    assert asked == strokes
    for number in range(300):
        ballot.count((dab(30 + number % 60, 60, BLUE),))
        assert len(ballot.known) <= 2 + module.KEPT + len(strokes)
    assert len(ballot.known) <= 2 + module.KEPT


def test_marks_off_the_page_count_nowhere(spoken):
    for purpose in Purpose:
        found = held(spoken, dab(-40, -40, RED, purpose=purpose))
        assert found.hints == {}
        assert found.protected.sum() == 1


def touched(page: PageAnalysis, *marks: Stroke | Hint) -> set[int]:
    return set(np.flatnonzero(Ballot(page).touched(marks)).tolist())


def test_marks_touch_the_regions_they_mean_whatever_holds_there(spoken):
    left, right, small = (region_at(spoken, *place) for place in (LEFT, RIGHT, SMALL))
    assert touched(spoken) == set()
    assert touched(spoken, dab(*LEFT, RED)) == {left}
    assert touched(spoken, dab(*LEFT, RED), dab(*RIGHT, None)) == {left, right}
    for purpose in Purpose:
        assert touched(spoken, dot(*RIGHT, None, purpose=purpose)) == {right}
    assert touched(spoken, stroke([(35, 98), (90, 98)], width=10, color=RED)) == {left, small}
    assert touched(spoken, dab(-40, -40, RED)) == set()
    patch = Hint(GREEN, Rect(36, 146, 44, 154), np.ones((8, 8), bool), 8.0)
    assert touched(spoken, patch) == {left}


def test_a_fill_touches_the_regions_of_its_points_alone(target):
    fill = stroke([(30, 98), (140, 98)], width=1, color=BLUE, purpose=FILL)
    assert touched(target, fill) == {region_at(target, 30, 98), region_at(target, 140, 98)}


def test_what_a_stroke_only_strays_into_is_not_touched(target):
    straying = stroke([(30, 40), (98, 40)], width=8, color=RED)
    assert touched(target, straying) == {region_at(target, *LEFT)}


def test_asking_what_is_touched_counts_nothing(target):
    ballot = Ballot(target)
    marks = dab(*LEFT, RED), dab(*RIGHT, BLUE)
    found = ballot.count(marks[:1])
    assert ballot.touched(marks[1:]).tolist() == [region == region_at(target, *RIGHT)
                                                  for region in range(target.regions.count)]  # fmt: skip
    assert ballot.count(marks[:1]).own == found.own
    assert set(ballot.count(marks).own) == {region_at(target, *LEFT), region_at(target, *RIGHT)}
