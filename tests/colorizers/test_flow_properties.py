"""What holds whatever is drawn: hints are obeyed, order and memory do not matter, repainting misses nothing."""

from __future__ import annotations

import drawing
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from painting import BLUE, FLAT, LIT, RED, SKIN, colored, levels, mixed, picture, ready, region_at, whole

from mangapaint.analysis.analysis import analyze
from mangapaint.analysis.hints import of_stroke, vote
from mangapaint.colorizers.compose import changed, compose, rgb
from mangapaint.document.strokes import Purpose, Stroke, stroke

SIZE = 120
COLORS = (RED, BLUE, SKIN, LIT, None)
PAGES = {
    name: analyze(drawing.page(pixels))
    for name, pixels in {
        "target": drawing.target(SIZE),
        "line": drawing.line_art(SIZE),
        "gray": drawing.washes(SIZE),
        "mixed": mixed(SIZE),
    }.items()
}
quickly = settings(deadline=None, derandomize=True, max_examples=25, database=None,
                   suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
places = st.tuples(st.integers(-4, SIZE + 4), st.integers(-4, SIZE + 4))
on_page = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).map(lambda at: (at[0] + 0.5, at[1] + 0.5))
options = st.sampled_from([(), FLAT, (("areas", "near"),)])


@st.composite
def strokes(draw, purposes=(Purpose.HINT,), colors=COLORS, at=places) -> Stroke:
    points = draw(st.lists(at, min_size=1, max_size=3))
    return stroke(points, width=draw(st.integers(1, 14)), color=draw(st.sampled_from(colors)),
                  purpose=draw(st.sampled_from(purposes)))  # fmt: skip


drawings = st.lists(strokes(), max_size=7)
everything = st.lists(strokes(tuple(Purpose)), max_size=7)


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(drawn=drawings, chosen=options)
def test_a_regions_hints_show_their_colours_exactly(name, drawn, chosen):
    page = PAGES[name]
    pixels = picture(page, colored(page, *drawn, options=chosen))
    labels, keeps = page.regions.labels, page.regions.keeps[page.regions.labels]
    owner = np.full((page.regions.count, *page.gray.shape), -1, np.int16)
    for number, item in enumerate(drawn):
        hint = of_stroke(item, *page.gray.shape)
        for region in vote(hint, page).regions.tolist() if hint else ():
            owner[region][hint.rect.slices][hint.mask] = number
    owner = np.take_along_axis(owner, labels[None].astype(np.intp), axis=0)[0]
    paper = (page.gray == 255) & ~keeps
    for number, item in enumerate(drawn):
        assert (pixels[(owner == number) & paper] == (item.color or (255, 255, 255))).all()
        bare = (owner == number) & (item.color is None)
        assert (pixels[bare] == page.gray[bare][:, None]).all()


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(drawn=everything, chosen=options)
def test_ink_and_luminance_stay(name, drawn, chosen):
    page = PAGES[name]
    pixels = picture(page, colored(page, *drawn, options=chosen))
    keeps = page.regions.keeps[page.regions.labels]
    ink = (page.gray <= 64) & ~keeps
    assert (pixels[ink] == page.gray[ink][:, None]).all()
    assert (pixels[~keeps] <= page.gray[~keeps][:, None]).all()
    assert not keeps.any() or np.abs(levels(pixels) - page.gray)[keeps].max() < 1.1


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(spots=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=8, unique=True),
       colors=st.lists(st.sampled_from((RED, BLUE, None)), min_size=8, max_size=8), data=st.data())  # fmt: skip
def test_the_order_of_strokes_of_one_colour_does_not_matter(name, spots, colors, data):
    page = PAGES[name]
    drawn = [stroke([(6 + 12 * x, 6 + 12 * y)], width=5, color=color)
             for (x, y), color in zip(spots, colors, strict=False)]  # fmt: skip
    color = data.draw(st.sampled_from([item.color for item in drawn]))
    own = [item for item in drawn if item.color == color]
    shuffled = iter(data.draw(st.permutations(own)))
    other = [next(shuffled) if item.color == color else item for item in drawn]
    one, two = colored(page, *drawn), colored(page, *other)
    np.testing.assert_array_equal(picture(page, one), picture(page, two))
    np.testing.assert_array_equal(one.confidence, two.confidence)


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(drawn=everything, more=strokes(tuple(Purpose)), chosen=options)
def test_a_new_stroke_changes_nothing_outside_what_is_repainted(name, drawn, more, chosen):
    page = PAGES[name]
    prepared = ready(page)
    old = colored(page, *drawn, prepared=prepared, options=chosen)
    new = colored(page, *drawn, more, prepared=prepared, options=chosen)
    for before, after in ((old, new), (new, old)):
        rect = changed(page, before, after)
        screen = picture(page, before)
        if rect.area:
            screen[rect.slices] = rgb(compose(page, after, rect))
        np.testing.assert_array_equal(screen, picture(page, after))


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(drawn=everything, shield=strokes((Purpose.PROTECT,), at=on_page), after=drawings, chosen=options)
def test_what_is_protected_is_bare_whatever_is_drawn(name, drawn, shield, after, chosen):
    page = PAGES[name]
    pixels = picture(page, colored(page, *drawn, shield, *after, options=chosen))
    regions = vote(of_stroke(shield, *page.gray.shape), page).regions
    assert len(regions)
    inside = np.isin(page.regions.labels, regions)
    assert (pixels[inside] == page.gray[inside][:, None]).all()


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(drawn=st.lists(strokes(tuple(Purpose)), min_size=1, max_size=7), chosen=options)
def test_going_back_stroke_by_stroke_shows_exactly_the_earlier_pictures(name, drawn, chosen):
    page = PAGES[name]
    prepared = ready(page)
    states = [drawn[:count] for count in range(len(drawn) + 1)]
    there = [colored(page, *state, prepared=prepared, options=chosen) for state in states]
    for state, earlier in reversed(list(zip(states, there, strict=True))):
        back, fresh = colored(page, *state, prepared=prepared, options=chosen), colored(page, *state, options=chosen)
        for again in (back, fresh):
            np.testing.assert_array_equal(again.confidence, earlier.confidence)
            assert changed(page, earlier, again).area == 0
        if state is drawn[: len(state)] or len(state) % 3 == 0:
            np.testing.assert_array_equal(picture(page, back), picture(page, earlier))
            np.testing.assert_array_equal(picture(page, fresh), picture(page, earlier))


@pytest.mark.parametrize("name", list(PAGES))
@quickly
@given(drawn=everything, spot=on_page)
def test_a_fill_gives_its_whole_region_its_colour(name, drawn, spot):
    page = PAGES[name]
    region = region_at(page, *spot)
    free = stroke([spot], width=1, color=None, purpose=Purpose.FREE)
    fill = stroke([spot], width=1, color=RED, purpose=Purpose.FILL)
    found = colored(page, *drawn, fill)
    if not any(item.purpose is Purpose.PROTECT for item in drawn):
        assert region not in {split.region for split in found.splits}
        assert tuple(found.colors[found.regions[region]]) == RED
    pixels = rgb(compose(page, colored(page, *drawn, free, fill), whole(page)))
    inside = (page.regions.labels == region) & (page.gray == 255) & ~page.regions.keeps[page.regions.labels]
    guarded = any(item.purpose is Purpose.PROTECT for item in drawn) and page.ink[int(spot[1]), int(spot[0])]
    assert guarded or (pixels[inside] == RED).all()
