"""Composition: ink and luminance stay, colour is laid under or into them, and what changed is repainted, no less."""

from __future__ import annotations

from dataclasses import replace

import cv2
import drawing
import numpy as np
import painting
import pytest
from painting import BLUE, LIT, NEAR, RED, SKIN, dab, levels, picture, ready, region_at, whole

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.hints import of_stroke
from mangapaint.colorizers.compose import bare, changed, compose, rgb
from mangapaint.colorizers.method import Blend, Colorization, Stamp
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import erased, moved, recolored, stroke

COLORS = [(220, 30, 40), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255),
          (232, 183, 150), (30, 60, 30), (128, 128, 128), (255, 255, 255), (0, 0, 0)]  # fmt: skip
EVERY_VALUE = np.arange(256, dtype=np.uint8).reshape(16, 16)


def flat(analysis: PageAnalysis, color) -> Colorization:
    """The whole page in one colour."""
    count = analysis.regions.count
    table = np.array([(255, 255, 255), color], np.uint8)
    return Colorization(Stamp("", 0), "test", table, np.ones(count, np.uint16), (), np.ones(count, np.float32))


def colored(analysis: PageAnalysis, strokes, prepared=None, **fields) -> Colorization:
    return painting.colored(analysis, *strokes, prepared=prepared, **fields)


def lab(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor((pixels / 255).astype(np.float32), cv2.COLOR_RGB2LAB)


def gray_rgb(gray: np.ndarray) -> np.ndarray:
    return np.repeat(gray[..., None], 3, axis=2)


def random_strokes(rng: np.random.Generator, size: tuple[int, int], count: int) -> list:
    colors = [RED, BLUE, SKIN, LIT, (60, 180, 75), (250, 240, 90), None]
    return [
        stroke(rng.uniform((-5, -5), (size[1] + 5, size[0] + 5), (2, 2)).tolist(),
               width=float(rng.uniform(2, 16)), color=colors[rng.integers(len(colors))])
        for _ in range(count)
    ]  # fmt: skip


PAGES = {
    "line": drawing.line_art(160),
    "target": drawing.target(160),
    "panels": drawing.panels(),
    "tone": drawing.screentone(160, pitch=6),
    "gray": drawing.washes(160),
    "scan": drawing.yellowed(drawing.target(160)),
    "colored": drawing.colored(160),
    "mixed": painting.mixed(),
    "mixed scan": drawing.yellowed(painting.mixed()),
}


@pytest.fixture(scope="module", params=list(PAGES))
def any_page(request) -> PageAnalysis:
    return analyze(drawing.page(PAGES[request.param]))


def test_a_page_without_colour_is_itself(any_page):
    pixels = any_page.page.pixels
    expected = gray_rgb(pixels) if pixels.ndim == 2 else pixels
    none = Colorization(Stamp("", 0), "test", np.full((1, 3), 255, np.uint8),
                        np.zeros(any_page.regions.count, np.uint16), (), np.zeros(1, np.float32))  # fmt: skip
    for colorization in (None, none):
        screen = compose(any_page, colorization, whole(any_page))
        np.testing.assert_array_equal(rgb(screen), expected)
        assert (screen[..., 3] == 255).all()
    np.testing.assert_array_equal(bare(pixels)[..., :3], expected[..., ::-1])


def test_ink_keeps_its_value_under_any_colour():
    for pixels in (drawing.line_art(), drawing.yellowed(drawing.line_art()), drawing.screentone()):
        page = analyze(drawing.page(pixels))
        assert not page.kind.keeps_luminance
        ink = page.gray <= 64
        if pixels.ndim == 3:
            ink = (pixels <= 64).all(axis=2)
        assert ink.mean() > 0.03
        before = gray_rgb(pixels) if pixels.ndim == 2 else pixels
        for color in COLORS:
            after = rgb(compose(page, flat(page, color), whole(page)))
            np.testing.assert_array_equal(after[ink], before[ink])


def test_uncoloured_areas_are_exactly_the_page(any_page):
    found = colored(any_page, [stroke([(52, 60), (56, 62)], width=5, color=RED)])
    painted = found.regions[any_page.regions.labels] > 0
    assert painted.any()
    pixels = any_page.page.pixels
    before = gray_rgb(pixels) if pixels.ndim == 2 else pixels
    after = rgb(compose(any_page, found, whole(any_page)))
    np.testing.assert_array_equal(after[~painted], before[~painted])
    assert (after[painted] != before[painted]).any()


@pytest.mark.parametrize("color", COLORS)
def test_white_paper_takes_exactly_the_colour(color):
    page = analyze(drawing.page(drawing.line_art()))
    after = rgb(compose(page, flat(page, color), whole(page)))
    assert (after[page.gray == 255] == color).all()


@pytest.mark.parametrize("color", COLORS)
def test_colour_grows_with_the_page_where_it_is_light_and_never_leaves_the_range(color):
    page = analyze(drawing.page(EVERY_VALUE), kind=Kind.LINE)
    after = rgb(compose(page, flat(page, color), whole(page))).reshape(256, 3).astype(int)
    for channel in range(3):
        curve = after[:, channel]
        assert (curve <= np.arange(256)).all()
        if color[channel] >= 183:
            assert (np.diff(curve) >= 0).all()
        assert (np.diff(curve[112:]) >= 0).all()
        assert np.abs(np.diff(curve)).max() <= 6


@pytest.mark.parametrize("color", COLORS)
def test_gray_pages_keep_their_luminance_and_take_the_hue(color):
    page = analyze(drawing.page(EVERY_VALUE), kind=Kind.GRAY)
    after = rgb(compose(page, flat(page, color), whole(page)))
    found, wanted = lab(after).reshape(256, 3), lab(gray_rgb(EVERY_VALUE)).reshape(256, 3)
    assert np.abs(levels(after) - EVERY_VALUE).max() < 1.1
    assert after[0, 0].tolist() == [0, 0, 0]
    assert after[15, 15].tolist() == [255, 255, 255]
    a, b = lab(np.array([[color]], np.uint8))[0, 0, 1:]
    chroma = np.hypot(found[:, 1], found[:, 2])
    own = np.hypot(a, b)
    assert chroma.max() <= own + 1.5
    strong = chroma > 12
    if own > 20:
        assert strong.any()
    along = (found[:, 1] * a + found[:, 2] * b) / np.maximum(chroma * own, 1e-6)
    assert (along[strong] > 0.98).all()
    more = wanted.copy()
    more[:, 1:] = np.outer(chroma * 1.1 + 3, (a, b)) / max(own, 1e-6)
    shown = np.clip(cv2.cvtColor(more[None], cv2.COLOR_LAB2RGB), 0, 1) * 255
    outside = np.abs(lab(shown)[0] - more).max(axis=1)
    assert (outside[chroma < own - 3] > 0.3).all()


def test_a_colour_is_taken_whole_where_the_page_is_as_light_as_it():
    color = (200, 120, 90)
    light = lab(np.array([[color]], np.uint8))[0, 0]
    page = analyze(drawing.page(EVERY_VALUE), kind=Kind.GRAY)
    after = rgb(compose(page, flat(page, color), whole(page))).reshape(256, 3)
    nearest = np.abs(lab(gray_rgb(EVERY_VALUE)).reshape(256, 3)[:, 0] - light[0]).argmin()
    assert np.abs(after[nearest].astype(int) - color).max() <= 3


def test_yellowed_paper_multiplies_each_channel():
    page = analyze(drawing.page(drawing.yellowed(drawing.line_art())))
    after = rgb(compose(page, flat(page, (200, 100, 50)), whole(page)))
    paper = (page.page.pixels == (244, 232, 205)).all(axis=2)
    assert paper.mean() > 0.5
    expected = np.rint(np.array([200, 100, 50]) * np.array([244, 232, 205]) / 255)
    assert (after[paper] == expected).all()


def test_a_part_is_composed_as_it_is_in_the_whole(any_page):
    rng = np.random.default_rng(11)
    height, width = any_page.gray.shape
    found = colored(any_page, random_strokes(rng, (height, width), 14))
    assert found.splits
    picture = compose(any_page, found, whole(any_page))
    for _ in range(60):
        x0, y0 = int(rng.integers(0, width)), int(rng.integers(0, height))
        rect = Rect(x0, y0, int(rng.integers(x0 + 1, width + 1)), int(rng.integers(y0 + 1, height + 1)))
        np.testing.assert_array_equal(compose(any_page, found, rect), picture[rect.slices])


def edited(rng: np.random.Generator, strokes: list, size: tuple[int, int]) -> list:
    """One step of work: draw, extend, take away, recolour, move, erase, or start anew."""
    act = rng.random()
    if not strokes or act < 0.4:
        return [*strokes, *random_strokes(rng, size, 1)]
    at = int(rng.integers(len(strokes)))
    item = strokes[at]
    if act < 0.55:
        more = [*item.points.tolist(), rng.uniform((0, 0), size[::-1]).tolist()]
        return [*strokes[:at], stroke(more, width=item.width, color=item.color), *strokes[at + 1 :]]
    if act < 0.7:
        return strokes[:at] + strokes[at + 1 :]
    if act < 0.8:
        other = random_strokes(rng, size, 1)[0].color
        return [*strokes[:at], recolored(item, other), *strokes[at + 1 :]]
    if act < 0.88:
        return [*strokes[:at], moved(item, *rng.uniform(-20, 20, 2).tolist()), *strokes[at + 1 :]]
    if act < 0.97:
        x, y = rng.uniform((0, 0), size[::-1]).tolist()
        return [piece for one in strokes for piece in erased(one, x, y, 20)]
    return []


@pytest.mark.parametrize("seed", range(2))
def test_repainting_what_changed_shows_what_painting_all_would(any_page, seed):
    rng = np.random.default_rng(seed)
    prepared = ready(any_page)
    strokes: list = []
    old = None
    screen = compose(any_page, None, whole(any_page))
    saved = []
    for _ in range(24):
        strokes = edited(rng, strokes, any_page.gray.shape)
        new = colored(any_page, strokes, prepared)
        rect = changed(any_page, old, new)
        if rect.area:
            screen[rect.slices] = compose(any_page, new, rect)
        full = compose(any_page, new, whole(any_page))
        np.testing.assert_array_equal(screen, full)
        saved.append(rect.area < whole(any_page).area)
        old = new
    assert any(saved)


def test_the_same_colours_in_another_order_change_nothing():
    page = analyze(drawing.page(drawing.target()))
    red, blue = (stroke([(x, 150)], width=8, color=color) for x, color in ((40, RED), (140, BLUE)))
    assert changed(page, colored(page, [red, blue]), colored(page, [blue, red])).area == 0
    one = colored(page, [red])
    assert changed(page, one, one).area == 0
    assert changed(page, None, None).area == 0
    assert changed(page, None, one) == changed(page, one, None) == whole(page)


def test_only_what_a_stroke_reaches_is_repainted():
    page = analyze(drawing.page(drawing.target()))
    red, blue = (stroke([(x, 150)], width=8, color=color) for x, color in ((40, RED), (140, BLUE)))
    rect = changed(page, colored(page, [red], options=NEAR), colored(page, [red, blue], options=NEAR))
    region = int(page.regions.labels[150, 140])
    assert rect == page.regions.box(np.array([region]))
    box = page.regions.box(np.array([int(page.regions.labels[150, 40])]))
    red = stroke([(40, 150), (80, 150)], width=8, color=RED)
    inside, grown = (stroke([(40, 30), (x, 30)], width=4, color=(0, 90, 0)) for x in (42, 60))
    split = changed(page, colored(page, [red, inside]), colored(page, [red, grown]))
    assert 0 < split.area < 0.5 * box.area


def test_an_uncoloured_table_row_is_never_shown():
    page = analyze(drawing.page(drawing.target()))
    found = colored(page, [stroke([(40, 150)], width=8, color=(255, 255, 255))])
    colors = found.colors.copy()
    colors[0] = 7
    other = replace(found, colors=colors)
    np.testing.assert_array_equal(compose(page, found, whole(page)), compose(page, other, whole(page)))


@pytest.fixture(scope="module", params=["mixed", "mixed scan"])
def mixed(request) -> PageAnalysis:
    page = analyze(drawing.page(PAGES[request.param]))
    assert page.kind is Kind.MIXED
    return page


def test_on_a_mixed_page_each_panel_takes_colour_in_its_own_way(mixed):
    keeps = mixed.regions.keeps[mixed.regions.labels]
    assert 0.2 < keeps.mean() < 0.6
    pixels = mixed.page.pixels
    before = gray_rgb(pixels) if pixels.ndim == 2 else pixels
    paper = (before == before[0, 0]).all(axis=2)
    for color in [*COLORS, SKIN]:
        after = rgb(compose(mixed, flat(mixed, color), whole(mixed)))
        shown = np.rint(np.array(color) * before[0, 0].astype(int) / 255)
        assert (after[paper & ~keeps] == shown).all()
        ink = (before <= 64).all(axis=2) & ~keeps
        np.testing.assert_array_equal(after[ink], before[ink])
        assert np.abs(levels(after) - mixed.gray)[keeps].max() < 1.1
        painted = (mixed.gray == 255) | (mixed.gray == 0)
        np.testing.assert_array_equal(after[painted & keeps], gray_rgb(mixed.gray)[painted & keeps])
    assert np.ptp(rgb(compose(mixed, flat(mixed, RED), whole(mixed)))[keeps].astype(int), axis=1).max() > 80


def test_a_mixed_page_scanned_in_colour_keeps_its_own_colour_where_nobody_painted():
    page = analyze(drawing.page(PAGES["mixed scan"]))
    keeps, regions = page.regions.keeps, np.zeros(page.regions.count, np.uint16)
    shown = region_at(page, 60, 120)
    assert keeps[shown]
    regions[shown] = 1
    found = replace(flat(page, RED), regions=regions)
    elsewhere = page.regions.labels != shown
    np.testing.assert_array_equal(picture(page, found)[elsewhere], page.page.pixels[elsewhere])
    assert (picture(page, found)[~elsewhere] != page.page.pixels[~elsewhere]).any()


def blended(analysis: PageAnalysis, seed: int = 3) -> Colorization:
    """Smooth colours over the whole page."""
    small = np.random.default_rng(seed).uniform((30, -50, -50), (90, 50, 50), (5, 4, 3)).astype(np.float32)
    values = cv2.resize(small, (40, 50), interpolation=cv2.INTER_LINEAR)
    return replace(flat(analysis, RED), blends=(Blend(None, whole(analysis), values),))


def test_ink_stays_under_a_blend_and_gray_keeps_its_luminance(any_page):
    keeps = any_page.regions.keeps[any_page.regions.labels]
    after = picture(any_page, blended(any_page))
    pixels = any_page.page.pixels
    before = gray_rgb(pixels) if pixels.ndim == 2 else pixels
    ink = (before <= 64).all(axis=2) & ~keeps
    np.testing.assert_array_equal(after[ink], before[ink])
    assert (after <= before.astype(int) + 1)[~keeps].all()
    assert not keeps.any() or np.abs(levels(after) - any_page.gray)[keeps].max() < 1.1
    assert (np.ptp(after.astype(int), axis=2) > 20).mean() > 0.2


def test_a_part_of_a_blend_is_composed_as_it_is_in_the_whole(any_page):
    height, width = any_page.gray.shape
    rng = np.random.default_rng(4)
    places = rng.uniform((0, 0), (width, height), (24, 2)).tolist()
    split = colored(any_page, [dab(*place, (SKIN, LIT)[number % 2]) for number, place in enumerate(places)])
    for found in (blended(any_page), split):
        assert found.blends
        screen = compose(any_page, found, whole(any_page))
        for _ in range(40):
            x0, y0 = int(rng.integers(0, width)), int(rng.integers(0, height))
            rect = Rect(x0, y0, int(rng.integers(x0 + 1, width + 1)), int(rng.integers(y0 + 1, height + 1)))
            np.testing.assert_array_equal(compose(any_page, found, rect), screen[rect.slices])


def test_a_blend_stays_within_its_region_and_its_row():
    page = analyze(drawing.page(drawing.target()))
    strokes = [dab(60, 40, SKIN), dab(60, 170, LIT), dab(80, 100, BLUE)]
    found = colored(page, strokes)
    (blend,) = found.blends
    bare_of_it = picture(page, replace(found, blends=()))
    after = picture(page, found)
    (split,) = found.splits
    mine = np.zeros(page.gray.shape, bool)
    mine[split.rect.slices] = split.index == blend.row
    mine &= page.regions.labels == blend.region
    np.testing.assert_array_equal(after[~mine], bare_of_it[~mine])
    assert (after[mine] != bare_of_it[mine]).any()


def test_akin_colours_pass_into_each_other_and_hints_show_their_own_exactly():
    page = analyze(drawing.page(drawing.target()))
    upper, lower = dab(60, 40, SKIN), dab(60, 160, LIT)
    after = picture(page, colored(page, [upper, lower]))
    for item in (upper, lower):
        hint = of_stroke(item, *page.gray.shape)
        assert (after[hint.rect.slices][hint.mask] == item.color).all()
    column = after[30:170, 40].astype(int)
    assert (column >= np.minimum(SKIN, LIT) - 1).all()
    assert (column <= np.maximum(SKIN, LIT) + 1).all()
    assert len({tuple(color) for color in column.tolist()}) > 6
    assert np.abs(np.diff(column, axis=0)).max() <= 4


@pytest.mark.parametrize("seed", range(2))
def test_repainting_what_changed_of_blends_shows_what_painting_all_would(any_page, seed):
    rng = np.random.default_rng(seed)
    colors = [SKIN, LIT, (206, 126, 98), (190, 112, 84), BLUE]
    prepared = ready(any_page)
    height, width = any_page.gray.shape
    strokes: list = []
    old, screen, least = None, compose(any_page, None, whole(any_page)), whole(any_page).area
    for _ in range(16):
        if strokes and rng.random() < 0.3:
            strokes.pop(int(rng.integers(len(strokes))))
        else:
            strokes.append(dab(*rng.uniform((0, 0), (width, height)).tolist(), colors[rng.integers(5)], width=4))
        new = colored(any_page, strokes, prepared)
        rect = changed(any_page, old, new)
        if rect.area:
            screen[rect.slices] = compose(any_page, new, rect)
            least = min(least, rect.area)
        np.testing.assert_array_equal(screen, compose(any_page, new, whole(any_page)))
        old = new
    assert least < 0.6 * whole(any_page).area
