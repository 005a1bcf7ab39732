"""Evidence and hints together: a region's own hint beats all, then what the references say, then what flows in."""

from __future__ import annotations

from dataclasses import replace

import drawing
import figures
import numpy as np
import painting
import pytest
from painting import BLUE, GREEN, RED, at, dab, picture, region_at
from referring import lab

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.commonest import commonest
from mangapaint.colorizers import fusing
from mangapaint.colorizers.fusing import Evidence, Fusion, at_page, flats, of_picture
from mangapaint.colorizers.method import Colorization, ColorRequest, Stamp
from mangapaint.document.page import Kind
from mangapaint.document.strokes import Purpose, Stroke
from mangapaint.progress import Silent

LEFT, RIGHT, SMALL = (40, 150), (140, 150), (58, 98)
"""Places in the two boxes, and in the small one inside the left, on the page of ``drawing.target``."""
INFO = replace(figures.METHOD.info, id="toy")


@pytest.fixture(scope="module")
def boxes() -> PageAnalysis:
    return analyze(drawing.page(drawing.target()))


@pytest.fixture(scope="module")
def shades() -> PageAnalysis:
    """A dark and a light half that keep their luminance."""
    pixels = np.full((60, 100), 90, np.uint8)
    pixels[:, 50:] = 170
    return analyze(drawing.page(pixels), kind=Kind.GRAY)


def evidence(page: PageAnalysis, found: dict[tuple[int, int], tuple[tuple[int, int, int], float]]) -> Evidence:
    """Colour and confidence at some places; nothing is known of the others."""
    colors = np.full((page.regions.count, 3), 255, np.uint8)
    confidence = np.zeros(page.regions.count, np.float32)
    for place, (color, sure) in found.items():
        colors[region_at(page, *place)], confidence[region_at(page, *place)] = color, sure
    return Evidence(colors, confidence)


def fusion(page: PageAnalysis, what: Evidence) -> Fusion:
    return Fusion.of(ColorRequest(Stamp(page.page.id, 0), page), what, Silent())


def colored(page: PageAnalysis, item: Fusion, *strokes: Stroke) -> Colorization:
    return item.colorized(ColorRequest(Stamp(page.page.id, 1), page, strokes=strokes), INFO, Silent())


ALL = {LEFT: (GREEN, 0.9), RIGHT: (BLUE, 0.8), SMALL: (RED, 0.7)}


def test_without_hints_the_evidence_shows_with_its_confidence(boxes):
    found = colored(boxes, fusion(boxes, evidence(boxes, ALL)))
    shown = picture(boxes, found)
    for place, (color, sure) in ALL.items():
        assert at(shown, place) == color
        assert found.confidence[region_at(boxes, *place)] == pytest.approx(sure)
    assert found.method == "toy"
    assert found.confidence.dtype == np.float32
    assert found.regions.dtype == np.uint16
    assert at(shown, (3, 3)) == (255, 255, 255)
    ink = boxes.gray <= 64
    np.testing.assert_array_equal(shown[ink], np.repeat(boxes.gray[ink][:, None], 3, axis=1))


def test_withheld_evidence_leaves_the_page_as_it_is(boxes):
    found = colored(boxes, fusion(boxes, evidence(boxes, {LEFT: (GREEN, 0.0), RIGHT: (BLUE, 0.4)})))
    shown = picture(boxes, found)
    assert at(shown, LEFT) == at(shown, SMALL) == (255, 255, 255)
    assert at(shown, RIGHT) == BLUE
    assert found.confidence[region_at(boxes, *LEFT)] == 0
    assert found.regions[region_at(boxes, *LEFT)] == 0


def test_a_regions_own_hint_beats_the_surest_evidence(boxes):
    item = fusion(boxes, evidence(boxes, {**ALL, LEFT: (GREEN, 1.0)}))
    found = colored(boxes, item, dab(*LEFT, RED))
    shown = picture(boxes, found)
    assert at(shown, LEFT) == RED
    assert at(shown, RIGHT) == BLUE
    assert found.confidence[region_at(boxes, *LEFT)] == 1


def test_keep_uncoloured_is_a_hint_too(boxes):
    shown = picture(boxes, colored(boxes, fusion(boxes, evidence(boxes, ALL)), dab(*RIGHT, None)))
    assert at(shown, RIGHT) == (255, 255, 255)
    assert at(shown, LEFT) == GREEN


def test_a_protected_region_stays_bare(boxes):
    mark = dab(*RIGHT, None, purpose=Purpose.PROTECT)
    shown = picture(boxes, colored(boxes, fusion(boxes, evidence(boxes, ALL)), mark))
    assert at(shown, RIGHT) == (255, 255, 255)
    assert at(shown, LEFT) == GREEN


def test_two_hints_in_one_region_divide_it_whatever_the_evidence_says(boxes):
    hints = dab(110, 40, RED), dab(170, 170, BLUE)
    shown = picture(boxes, colored(boxes, fusion(boxes, evidence(boxes, {RIGHT: (GREEN, 1.0)})), *hints))
    assert at(shown, (110, 40)) == RED
    assert at(shown, (170, 170)) == BLUE


def test_where_nothing_is_known_colour_flows_in_as_without_references(boxes):
    item = fusion(boxes, evidence(boxes, {RIGHT: (GREEN, 0.6)}))
    found = colored(boxes, item, dab(*LEFT, RED))
    alone = painting.colored(boxes, dab(*LEFT, RED))
    inside = region_at(boxes, *SMALL)
    assert at(picture(boxes, found), SMALL) == at(picture(boxes, alone), SMALL) == RED
    assert found.confidence[inside] == alone.confidence[inside]


def test_sure_evidence_holds_against_what_flows_in(boxes):
    shown = picture(boxes, colored(boxes, fusion(boxes, evidence(boxes, {SMALL: (GREEN, 1.0)})), dab(*LEFT, RED)))
    assert at(shown, SMALL) == GREEN
    assert at(shown, LEFT) == RED


def test_the_hints_colours_keep_their_numbers(boxes):
    """Whoever paints repaints only what changed."""
    found = colored(boxes, fusion(boxes, evidence(boxes, ALL)), dab(*LEFT, RED))
    assert found.regions.max() < len(found.colors)
    assert tuple(found.colors[found.regions[region_at(boxes, *LEFT)]].tolist()) == RED


def test_more_colours_than_a_table_holds_lose_their_last_bits(monkeypatch):
    page = painting.grid(12, 10)
    random = np.random.default_rng(0)
    colors = random.integers(0, 256, (page.regions.count, 3), np.uint8)
    monkeypatch.setattr(fusing, "MOST_COLORS", 20)
    what = Evidence(colors, np.ones(page.regions.count, np.float32))
    found = colored(page, fusion(page, what))
    assert len(np.unique(found.colors[found.regions], axis=0)) <= 20
    away = np.abs(found.colors[found.regions].astype(int) - colors)
    assert 0 < away.max() < 256 // 2 + 1
    monkeypatch.setattr(fusing, "MOST_COLORS", 4096)
    found = colored(page, fusion(page, what))
    np.testing.assert_array_equal(found.colors[found.regions], colors)


def tinted(page: PageAnalysis, sure: float = 0.8) -> Evidence:
    """Red on the left half, blue on the right, from pixel to pixel."""
    field = np.zeros((*page.gray.shape, 3), np.float32)
    field[:, :50, 1:], field[:, 50:, 1:] = (40, 25), (10, -45)
    colors = np.full((page.regions.count, 3), 128, np.uint8)
    return Evidence(colors, np.full(page.regions.count, sure, np.float32), at_page(page, field))


def test_a_page_that_keeps_its_luminance_takes_colour_pixel_by_pixel(shades):
    found = colored(shades, fusion(shades, tinted(shades)))
    shown = lab(picture(shades, found))
    np.testing.assert_allclose(shown[30, 20, 1:], (40, 25), atol=3)
    np.testing.assert_allclose(shown[30, 80, 1:], (10, -45), atol=3)
    assert not found.regions.any()
    (blend,) = found.blends
    assert blend.region is None


def test_its_hints_hold_in_their_region_and_the_rest_is_as_before(shades):
    item = fusion(shades, tinted(shades))
    hinted = picture(shades, colored(shades, item, dab(20, 30, GREEN)))
    before = picture(shades, colored(shades, item))
    left = shades.regions.labels == region_at(shades, 20, 30)
    np.testing.assert_array_equal(hinted[~left], before[~left])
    np.testing.assert_allclose(lab(hinted)[30, 20, 1:], lab(np.full((1, 1, 3), GREEN, np.uint8))[0, 0, 1:], atol=12)


def test_the_same_blend_is_handed_on_while_it_lies_on_the_same_regions(shades):
    """So only what a stroke touched is painted again."""
    item = fusion(shades, tinted(shades))
    first, again = colored(shades, item), colored(shades, item)
    assert first.blends[0] is again.blends[0]
    one, two = colored(shades, item, dab(20, 30, GREEN)), colored(shades, item, dab(20, 30, GREEN), dab(22, 30, GREEN))
    assert one.blends[0] is not first.blends[0]
    assert one.blends[0] is two.blends[0]
    assert one.blends[0].spared[region_at(shades, 20, 30)]


def test_where_every_region_is_withheld_no_blend_is_laid(shades):
    found = colored(shades, fusion(shades, tinted(shades, 0.0)))
    assert found.blends == ()
    np.testing.assert_array_equal(picture(shades, found), np.dstack([shades.gray] * 3))


def test_the_commonest_colour_is_the_mode_and_no_mean():
    colors = np.array([RED] * 6 + [BLUE] * 4 + [GREEN] * 3, np.uint8)
    groups = np.array([0] * 10 + [2] * 3)
    fallback = np.array([(1, 1, 1), (2, 2, 2), (3, 3, 3)], np.uint8)
    found = commonest(colors, groups, 3, fallback=fallback)
    assert found.dtype == np.uint8
    assert [tuple(row) for row in found.tolist()] == [RED, (2, 2, 2), GREEN]
    np.testing.assert_array_equal(commonest(colors[:0], groups[:0], 3, fallback=fallback), fallback)


def test_colours_that_differ_by_noise_count_as_one():
    noise = np.random.default_rng(0).integers(-3, 4, (60, 3))
    colors = np.concatenate([np.array((200, 40, 40)) + noise, np.tile((0, 0, 255), (40, 1))]).astype(np.uint8)
    found = commonest(colors, np.zeros(100, np.int64), 1, fallback=np.zeros((1, 3), np.uint8))
    np.testing.assert_allclose(found[0], (200, 40, 40), atol=3)


@pytest.mark.parametrize("scale", [1, 0.5, 3])
def test_regions_take_their_commonest_colour_of_a_picture_of_any_size(boxes, scale):
    side = round(200 * scale)
    painted = np.full((side, side, 3), 255, np.uint8)
    painted[:, : side // 2], painted[:, side // 2 :] = RED, BLUE
    painted[: side // 5, side // 2 :] = GREEN
    found = flats(boxes, painted)
    assert found.shape == (boxes.regions.count, 3)
    assert found.dtype == np.uint8
    assert tuple(found[region_at(boxes, *LEFT)].tolist()) == RED
    assert tuple(found[region_at(boxes, *RIGHT)].tolist()) == BLUE


def test_ink_has_no_say(boxes):
    painted = np.full((200, 200, 3), RED, np.uint8)
    painted[boxes.ink] = BLUE
    found = flats(boxes, painted)
    assert {tuple(row) for row in found.tolist()} == {RED}


def test_regions_too_small_to_be_met_take_what_lies_there():
    page = painting.grid(9, 7)
    painted = np.tile(np.array(GREEN, np.uint8), (1, 1, 1))
    assert {tuple(row) for row in flats(page, painted).tolist()} == {GREEN}


def test_the_evidence_of_a_whole_picture(boxes, shades):
    painted = np.full((30, 40, 3), RED, np.uint8)
    flat = of_picture(boxes, painted, confidence=0.3)
    assert flat.lab is None
    assert flat.confidence[region_at(boxes, *LEFT)] == pytest.approx(0.3)
    assert not flat.confidence[boxes.regions.outside].any()
    soft = of_picture(shades, painted)
    assert soft.lab is not None
    assert soft.lab.shape == (30, 40, 3)
    assert (soft.confidence == 0.5).all()


def test_a_field_has_the_pages_own_lightness(shades):
    field = at_page(shades, np.full((30, 50, 3), (3, 20, -20), np.float32))
    assert field.dtype == np.float32
    own = lab(np.dstack([shades.gray] * 3))[::2, ::2, 0]
    np.testing.assert_allclose(field[..., 0], own, atol=0.5)
    np.testing.assert_array_equal(field[..., 1:], np.tile(np.float32([20, -20]), (30, 50, 1)))


def test_hints_that_the_evidence_has_heard_do_not_divide_a_region_again(shades: PageAnalysis) -> None:
    """Two hints in one region: what the evidence makes of both is shown, not where colour would flow from them."""
    strokes = dab(12, 30, RED), dab(38, 30, BLUE)
    whole = np.broadcast_to(lab(np.array([[GREEN]], np.uint8))[0, 0], (60, 100, 3)).copy()
    regions = shades.regions.count
    known = Evidence(np.zeros((regions, 3), np.uint8), np.ones(regions, np.float32), at_page(shades, whole))
    asked = ColorRequest(Stamp(shades.page.id, 2), shades, strokes=strokes)
    item = fusion(shades, known)
    apart = item.colorized(asked, INFO, Silent())
    assert len(apart.splits) + len(apart.blends) > 1
    together = item.colorized(asked, INFO, Silent(), heard=strokes)
    assert together.splits == ()
    assert [blend.region for blend in together.blends] == [None]
    unmarked = item.colorized(replace(asked, strokes=()), INFO, Silent())
    np.testing.assert_array_equal(picture(shades, together), picture(shades, unmarked))
