"""Colour flows softly: neighbours of like luminance take like colours, edges and patterns hold it back."""

from __future__ import annotations

from dataclasses import replace

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.hints import of_picture, of_stroke
from mangapaint.colorizers import levin_affinity
from mangapaint.colorizers.levin import Levin, Prepared
from mangapaint.colorizers.method import Colorization, ColorRequest, Stamp
from mangapaint.document.page import Kind
from mangapaint.document.strokes import Purpose, Stroke, stroke
from mangapaint.progress import Silent

RED, BLUE, GREEN = (220, 30, 40), (30, 60, 220), (60, 180, 75)
METHOD = Levin()


def dab(x: float, y: float, color, *, width: float = 8, purpose: Purpose = Purpose.HINT) -> Stroke:
    return stroke([(x - 3, y), (x + 3, y)], width=width, color=color, purpose=purpose)


def gray_page(pixels: np.ndarray, kind: Kind = Kind.GRAY) -> PageAnalysis:
    return replace(analyze(drawing.page(pixels.astype(np.uint8)), kind=Kind.GRAY), kind=kind)


def colored(page: PageAnalysis, *strokes: Stroke, prepared: Prepared | None = None, hints=(),
            **options: str) -> Colorization:  # fmt: skip
    prepared = prepared or METHOD.prepare(ColorRequest(Stamp(page.page.id, 0), page), Silent())
    request = ColorRequest(Stamp(page.page.id, 1), page, strokes=strokes, hints=hints, options=tuple(options.items()))
    return METHOD.colorize(prepared, request, Silent())


def field(page: PageAnalysis, *strokes: Stroke, **more) -> np.ndarray:
    """The solved CIELAB of every working pixel."""
    found = colored(page, *strokes, **more)
    (blend,) = found.blends
    assert blend.region is None
    assert (blend.rect.width, blend.rect.height) == page.gray.shape[::-1]
    assert blend.lab.dtype == np.float32
    assert np.isfinite(blend.lab).all()
    return blend.lab


def ab(color) -> np.ndarray:
    return cv2.cvtColor(np.float32([[color]]) / 255, cv2.COLOR_RGB2LAB)[0, 0, 1:]


def off(lab: np.ndarray, color) -> np.ndarray:
    """How far each pixel's a,b is from a colour's; None is no colour."""
    return np.hypot(*np.moveaxis(lab[..., 1:] - (ab(color) if color else np.float32([0, 0])), -1, 0))


def halves(left: int = 90, right: int = 170) -> np.ndarray:
    pixels = np.full((120, 200), left)
    pixels[:, 100:] = right
    return pixels


@pytest.fixture(scope="module")
def two() -> PageAnalysis:
    """A dark and a light half."""
    return gray_page(halves())


def test_hints_show_exactly_their_colour_and_the_page_keeps_its_lightness(two):
    strokes = dab(40, 60, RED), dab(160, 60, BLUE), dab(50, 68, GREEN, width=3)
    lab = field(two, *strokes)
    for item in strokes:
        hint = of_stroke(item, *two.gray.shape)
        assert off(lab, item.color)[hint.rect.slices][hint.mask].max() < 1
    own = cv2.cvtColor(np.repeat(two.gray[..., None], 3, axis=2).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    np.testing.assert_allclose(lab[..., 0], own, atol=0.1)


def test_what_is_returned_beside_the_field(two):
    found = colored(two, dab(40, 60, RED))
    assert found.colors.tolist() == [[255, 255, 255]]
    assert found.regions.dtype == np.uint16
    assert not found.regions.any()
    assert not found.splits
    assert found.method == METHOD.info.id == "levin"
    assert found.confidence.dtype == np.float32
    near, far = (found.confidence[two.regions.labels[60, x]] for x in (40, 160))
    assert near == 1
    assert 0 < far < 1


@pytest.mark.parametrize("edges", ["adaptive", "plain"])
@pytest.mark.parametrize("texture", ["on", "off"])
def test_a_strong_edge_holds_colour_back(two, edges, texture):
    lab = field(two, dab(40, 60, RED), dab(160, 60, BLUE), edges=edges, texture=texture)
    assert off(lab[:, :98], RED).max() < 3
    assert off(lab[:, 102:], BLUE).max() < 3


def test_a_soft_shade_stays_one_colour():
    ramp = np.tile(np.linspace(90, 200, 200), (120, 1))
    assert off(field(gray_page(ramp), dab(30, 60, RED)), RED).max() < 1


def test_two_colours_on_even_ground_melt_into_each_other():
    lab = field(gray_page(np.full((120, 200), 150)), dab(20, 60, RED), dab(180, 60, BLUE), texture="off")
    way = off(lab, RED)[60, 25:176]
    assert np.diff(way).min() > -1
    assert np.abs(np.diff(way)).max() < 12


def test_none_and_protected_places_stay_gray(two):
    for item in (dab(160, 60, None), dab(160, 60, BLUE, purpose=Purpose.PROTECT)):
        lab = field(two, dab(40, 60, RED), item)
        assert off(lab[:, 102:], None).max() < 3
        assert off(lab[:, :98], RED).max() < 3


def test_without_a_hint_on_the_page_nothing_is_coloured(two):
    for strokes in ((), (dab(-90, -90, RED),), (dab(40, 60, RED, purpose=Purpose.FREE),)):
        found = colored(two, *strokes)
        assert not found.blends
        assert not found.confidence.any()


def test_a_fill_is_a_dot_at_each_of_its_points():
    page = gray_page(np.where(np.arange(300) // 100 == 1, 90, 170) * np.ones((100, 1)))
    ends = [(50, 50), (250, 50)]
    lab = field(page, stroke(ends, width=8, color=RED, purpose=Purpose.FILL), dab(150, 70, BLUE))
    assert off(lab, BLUE)[50, 150] < 3
    assert off(lab, RED)[50, [50, 250]].max() < 1


def test_the_newer_of_two_overlapping_strokes_wins(two):
    for first, second in ((RED, BLUE), (BLUE, RED)):
        lab = field(two, dab(40, 60, first, width=14), dab(40, 60, second, width=14))
        assert off(lab, second)[60, 37:43].max() < 1


def test_the_order_of_strokes_of_one_colour_does_not_matter(two):
    strokes = dab(40, 60, RED), dab(44, 62, RED), dab(160, 60, BLUE), dab(60, 100, RED)
    there, back = field(two, *strokes), field(two, *strokes[::-1])
    np.testing.assert_allclose(there, back, atol=0.01)


def test_a_stroke_that_strays_over_an_edge_leaves_the_other_side_alone(two):
    lab = field(two, stroke([(30, 60), (99.5, 60)], width=6, color=RED), dab(160, 60, BLUE))
    assert (off(lab[:, 104:], BLUE) > 10).mean() < 0.03


def test_detected_edges_hold_back_what_luminance_alone_lets_through():
    page = gray_page(halves(150, 158))
    strokes = dab(60, 60, RED), dab(160, 60, BLUE)
    plain, adaptive = (field(page, *strokes, edges=edges, texture="off") for edges in ("plain", "adaptive"))
    for side, color in ((np.s_[:, :98], RED), (np.s_[:, 102:], BLUE)):
        assert off(adaptive[side], color).mean() < 0.75 * off(plain[side], color).mean()


def test_a_hint_speaks_for_places_that_look_alike():
    page = gray_page(np.where(np.arange(240) // 40 % 2, 90, 180) * np.ones((100, 1)))
    strokes = dab(20, 50, RED), dab(60, 50, BLUE)
    alone, alike = (field(page, *strokes, texture=texture) for texture in ("off", "on"))
    for middle, color in ((100, RED), (140, BLUE), (180, RED), (220, BLUE)):
        assert off(alike, color)[50, middle] < 15
    assert off(alone, RED)[50, 180] > 30


def tones(size: int = 240) -> np.ndarray:
    """Two screentones of one gray: lines that lie, then lines that stand."""
    lying = np.where(np.arange(size) % 6 < 3, 0, 255)[:, None] * np.ones((1, size))
    return np.where(np.arange(size) < size // 2, lying, lying.T)


def test_patterns_stop_colour_where_the_gray_is_the_same():
    page = gray_page(tones(), Kind.TONE)
    strokes = dab(30, 60, RED, width=16), dab(130, 180, BLUE, width=16)
    wrong = {}
    for pattern in ("off", "on", "auto"):
        lab = field(page, *strokes, pattern=pattern)
        red, blue = off(lab, RED), off(lab, BLUE)
        wrong[pattern] = ((red > blue)[:, :108].mean() + (red < blue)[:, 132:].mean()) / 2
    assert wrong["on"] == wrong["auto"] < 0.01 < 0.1 < wrong["off"]


def test_colour_flows_over_the_dots_of_a_screentone():
    lab = field(gray_page(drawing.screentone(), Kind.TONE), dab(80, 80, RED), pattern="on")
    assert off(lab[60:200, 60:200], RED).max() < 5


def test_a_page_whose_lightness_is_not_kept_takes_the_colours_own():
    lab = field(gray_page(tones(), Kind.TONE), dab(30, 60, RED, width=16))
    own = cv2.cvtColor(np.float32([[RED]]) / 255, cv2.COLOR_RGB2LAB)[0, 0]
    np.testing.assert_allclose(lab[60, 30], own, atol=1)


def test_a_picture_of_hints_colours_like_strokes(two):
    colors, mask = np.zeros((120, 200, 3), np.uint8), np.zeros((120, 200), bool)
    strokes = dab(40, 60, RED), dab(160, 60, BLUE)
    for item in strokes:
        hint = of_stroke(item, 120, 200)
        mask[hint.rect.slices] |= hint.mask
        colors[hint.rect.slices][hint.mask] = item.color
    np.testing.assert_allclose(field(two, hints=of_picture(colors, mask)), field(two, *strokes), atol=0.01)


def test_a_large_page_is_worked_out_small(two, monkeypatch):
    monkeypatch.setattr(levin_affinity, "WORKING_PIXELS", 6000)
    lab = field(two, dab(40, 60, RED), dab(160, 60, BLUE))
    assert lab.shape == (60, 100, 3)
    assert off(lab[:, :48], RED).max() < 4
    assert off(lab[:, 52:], BLUE).max() < 4
    assert off(lab, RED)[30, 19:21].max() < 1


def test_what_is_remembered_changes_nothing_and_what_is_gone_is_forgotten(two):
    prepared = METHOD.prepare(ColorRequest(Stamp(two.page.id, 0), two), Silent())
    before = field(two, dab(40, 60, RED), prepared=prepared)
    for number in range(80):
        colored(two, dab(40, 20 + number, RED), dab(160, 60, BLUE), prepared=prepared)
    assert len(prepared.laid) < 80
    np.testing.assert_array_equal(field(two, dab(40, 60, RED), prepared=prepared), before)


def test_thousands_of_strokes_are_solved(two):
    rng = np.random.default_rng(4)
    places = rng.uniform((2, 2), (198, 118), (5000, 2)).tolist()
    strokes = [stroke([place], width=2, color=(RED, BLUE)[place[0] > 100]) for place in places]
    lab = field(two, *strokes)
    assert off(lab[:, :98], RED).mean() < 2
    assert off(lab[:, 102:], BLUE).mean() < 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 9000), (3000, 20), (3, 4)])
@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("kind", [Kind.GRAY, Kind.TONE])
def test_the_smallest_and_plainest_pages_can_be_coloured(shape, value, kind):
    page = gray_page(np.full(shape, value), kind)
    lab = field(page, stroke([(0.5, 0.5)], width=2, color=RED))
    assert off(lab, RED).max() < 1
    both = field(page, stroke([(0.5, 0.5)], width=2, color=RED), stroke([shape[::-1]], width=2, color=BLUE))
    assert np.abs(both).max() < 150
