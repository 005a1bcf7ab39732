"""A page takes the references' colours however it was moved, and stays as it is where they do not show it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import drawing
import figures
import numpy as np
import pytest
from figures import (
    DRESS,
    DRESS_AT,
    GRASS,
    GRASS_AT,
    HEAD_AT,
    METHOD,
    RIBBON,
    RIBBON_AT,
    SIDE,
    SKIN,
    SKY,
    SKY_AT,
    asked,
    chroma,
    gray_page,
    line_page,
    matched,
    moved,
    shown,
)
from painting import BLUE, GREEN, dab, region_at
from referring import ODD, chroma_distance, lab, turned

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers import matching, registry, sights
from mangapaint.colorizers.fusing import Fusion
from mangapaint.colorizers.method import Colorization
from mangapaint.document.page import Kind, Pixels
from mangapaint.document.strokes import Purpose
from mangapaint.evaluation.metrics import chroma_accuracy, psnr, region_accuracy
from mangapaint.progress import Silent

FIGURE = figures.figure()
PLACES = {HEAD_AT: SKIN, DRESS_AT: DRESS, RIBBON_AT: RIBBON, SKY_AT: SKY, GRASS_AT: GRASS}
MOVES: dict[str, dict] = {
    "as it is": {},
    "mirrored": {"mirrored": True},
    "turned": {"turn": 18},
    "mirrored and turned": {"mirrored": True, "turn": -16},
    "small": {"scale": 0.6},
    "large and shifted": {"scale": 1.6, "shift": (20, -15)},
}
PAGES = {Kind.GRAY: gray_page, Kind.LINE: line_page}
SOUND = 0.8
"""Chroma accuracy that is surely right: gray gets 0."""


@lru_cache(maxsize=16)
def done(kind: Kind, move: str) -> tuple[Pixels, PageAnalysis, Colorization, Pixels]:
    """The moved figure, the page made of it, what the method says, and the coloured page."""
    truth = moved(FIGURE, **MOVES[move])
    page = PAGES[kind](truth)
    found = matched(page, FIGURE)
    return truth, page, found, shown(page, found)


@lru_cache(maxsize=2)
def prepared(kind: Kind) -> tuple[PageAnalysis, Fusion]:
    page = done(kind, "as it is")[1]
    return page, METHOD.prepare(asked(page, FIGURE), Silent())


def redone(kind: Kind, *strokes) -> tuple[PageAnalysis, Colorization, Pixels]:
    page, ready = prepared(kind)
    found = METHOD.colorize(ready, replace(asked(page, FIGURE), strokes=strokes), Silent())
    return page, found, shown(page, found)


def off(pixels: Pixels, place: tuple[int, int], color) -> float:
    """How far a place's a,b are from a colour's."""
    here = np.array(pixels[place[1], place[0]], np.uint8).reshape(1, 1, 3)
    return float(chroma_distance(here, np.array(color, np.uint8).reshape(1, 1, 3))[0, 0])


def weighted(page: PageAnalysis, values: np.ndarray) -> float:
    """The mean of a value of each region over the page's pixels."""
    return float(values[page.regions.labels].mean())


@pytest.mark.parametrize("move", MOVES)
def test_a_gray_page_takes_the_same_things_colours_wherever_they_are(move):
    truth, page, found, out = done(Kind.GRAY, move)
    assert chroma_accuracy(out, truth) > SOUND
    assert psnr(out, truth) > psnr(np.dstack([page.gray] * 3), truth) + 6
    np.testing.assert_allclose(lab(out)[..., 0], lab(np.dstack([page.gray] * 3))[..., 0], atol=3)
    assert found.method == "matcher"


@pytest.mark.parametrize("move", MOVES)
def test_line_art_takes_full_flat_colours_under_ink_that_stays(move):
    truth, page, found, out = done(Kind.LINE, move)
    assert chroma_accuracy(out, truth) > SOUND
    assert not found.blends
    assert not found.splits
    assert page.ink.any()
    assert not out[page.ink].any()
    for region in np.unique(page.regions.labels)[:40]:
        inside = (page.regions.labels == region) & ~page.ink
        assert len(np.unique(out[inside], axis=0)) <= 1


@pytest.mark.parametrize("kind", PAGES)
def test_the_page_itself_as_a_reference_is_near_perfect(kind):
    truth, page, found, out = done(kind, "as it is")
    assert chroma_accuracy(out, truth) > 0.95
    for place, color in PLACES.items():
        assert off(out, place, color) < 6
    assert weighted(page, found.confidence) > 0.6
    if kind is Kind.GRAY:
        assert region_accuracy(out, truth, page.regions.labels) > 0.9


@pytest.mark.parametrize("kind", PAGES)
def test_confidence_and_matches_are_told_for_each_region(kind):
    _, page, found, _ = done(kind, "mirrored")
    count = page.regions.count
    assert found.confidence.shape == found.regions.shape == (count,)
    assert found.confidence.dtype == np.float32
    assert 0 <= found.confidence.min() <= found.confidence.max() <= 1
    matches = found.matches
    assert matches is not None
    assert matches.reference.shape[0] == count
    assert (matches.confidence[:, 0] <= found.confidence + 1e-5).all()


def test_a_match_names_the_place_it_was_found_at():
    _, page, found, _ = done(Kind.GRAY, "mirrored")
    for place in (HEAD_AT, DRESS_AT):
        region = region_at(page, SIDE - 1 - place[0], place[1])
        x, y = found.matches.at[region, 0] * SIDE
        assert found.matches.reference[region, 0] == 0
        assert off(FIGURE, (int(x), int(y)), PLACES[place]) < 6
        np.testing.assert_allclose(lab(found.matches.color[region, :1][None])[0, 0, 1:],
                                   lab(np.uint8([[PLACES[place]]]))[0, 0, 1:], atol=6)  # fmt: skip


def torn() -> tuple[Pixels, Pixels]:
    """Two references: the figure's upper part beside night, and the lower one beside snow."""
    upper, lower = np.full((SIDE, SIDE, 3), (24, 20, 40), np.uint8), np.full((SIDE, SIDE, 3), (250, 250, 255), np.uint8)
    upper[20 : 20 + 170], lower[60 : 60 + 150] = FIGURE[:170], FIGURE[170:]
    return upper, lower


@pytest.mark.parametrize("kind", PAGES)
def test_things_are_found_in_several_references_at_once(kind):
    upper, lower = torn()
    page = PAGES[kind](FIGURE)
    found = matched(page, upper, lower)
    out = shown(page, found)
    assert chroma_accuracy(out, FIGURE) > SOUND
    for place, number in ((HEAD_AT, 0), (RIBBON_AT, 0), (DRESS_AT, 1), (GRASS_AT, 1)):
        assert found.matches.reference[region_at(page, *place), 0] == number
        assert off(out, place, PLACES[place]) < 12


def test_an_unrelated_reference_beside_the_right_one_does_no_harm():
    page = gray_page(moved(FIGURE, mirrored=True))
    out = shown(page, matched(page, drawing.colored(200), FIGURE))
    assert chroma_accuracy(out, moved(FIGURE, mirrored=True)) > SOUND


def rings() -> Pixels:
    """Discs of many grays, here and there."""
    random = np.random.default_rng(7)
    pixels = np.full((200, 240), 245, np.uint8)
    for x, y, radius, value in zip(*(random.integers(*some, 40) for some in ((0, 240), (0, 200), (6, 30), (0, 255))),
                                   strict=True):  # fmt: skip
        cv2.circle(pixels, (int(x), int(y)), int(radius), int(value), -1)
    return pixels


STRANGERS: dict[str, tuple[Kind, Pixels]] = {
    "noise": (Kind.GRAY, np.random.default_rng(0).integers(0, 256, (200, 240), np.uint8)),
    "discs": (Kind.GRAY, rings()),
    "washes": (Kind.GRAY, drawing.washes(240)),
    "drawn washes": (Kind.LINE, drawing.washes(240)),
    "lines": (Kind.LINE, (np.indices((200, 240)).sum(axis=0) // 12 % 2 * 255).astype(np.uint8)),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_the_references_do_not_show_stays_uncoloured(name):
    kind, pixels = STRANGERS[name]
    page = analyze(drawing.page(pixels), kind=kind)
    found = matched(page, FIGURE)
    out = shown(page, found)
    assert (chroma(out) > 10).mean() < 0.05
    withheld = found.confidence == 0
    assert weighted(page, withheld) > 0.9
    bare = withheld[page.regions.labels]
    np.testing.assert_array_equal(out[bare], np.repeat(page.gray[bare][:, None], 3, axis=1))


@pytest.mark.parametrize("kind", PAGES)
def test_with_an_unrelated_reference_a_page_is_no_worse_than_gray(kind):
    truth = drawing.colored(240)
    page = PAGES[kind](truth)
    out = shown(page, matched(page, FIGURE))
    assert psnr(out, truth) >= psnr(np.dstack([page.gray] * 3), truth) - 0.5


@pytest.mark.parametrize("kind", PAGES)
def test_a_hint_overrules_the_match_in_its_own_region_and_nowhere_else(kind):
    page, found, out = redone(kind, dab(*DRESS_AT, GREEN))
    before = redone(kind)[2]
    dress = page.regions.labels == region_at(page, *DRESS_AT)
    assert off(out, DRESS_AT, GREEN) < off(out, DRESS_AT, DRESS) / 3
    assert found.confidence[region_at(page, *DRESS_AT)] == 1
    for place in (HEAD_AT, RIBBON_AT, SKY_AT, GRASS_AT):
        assert off(out, place, PLACES[place]) < 8
    same = (out == before).all(axis=2)
    assert same[~dress].mean() > 0.97
    assert not same[dress & ~page.ink].mean() > 0.1


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("purpose", [Purpose.HINT, Purpose.PROTECT])
def test_kept_uncoloured_and_protected_regions_stay_bare(kind, purpose):
    page, _, out = redone(kind, dab(*DRESS_AT, None, purpose=purpose))
    x, y = DRESS_AT
    assert out[y, x].tolist() == [page.gray[y, x]] * 3
    assert off(out, SKY_AT, SKY) < 8


def test_a_hint_after_the_match_is_as_one_before():
    """Nothing of an earlier stroke is left."""
    kind = Kind.GRAY
    redone(kind, dab(*DRESS_AT, BLUE), dab(*SKY_AT, GREEN))
    np.testing.assert_array_equal(redone(kind)[2], done(kind, "as it is")[3])


def test_the_page_is_coloured_at_its_own_size_up_to_its_own_edges():
    large = cv2.resize(FIGURE, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    x, y = (3 * value for value in GRASS_AT)
    large[805:845], large[845:] = SKY, GRASS  # one hard edge of the page's own, without ink, off the reference's pixels
    page = gray_page(large)
    out = shown(page, matched(page, FIGURE))
    assert out.shape == large.shape
    assert chroma_accuracy(out, large) > SOUND
    columns = np.r_[20:230, 760:940]
    away = chroma_distance(out, large)[:, columns]
    assert np.mean(away[840:843] < 10) > 0.9
    assert np.mean(away[847:850] < 10) > 0.9
    assert off(out, (x, y), GRASS) < 8


def test_the_same_request_gives_the_same_pixels():
    truth, page, found, out = done(Kind.GRAY, "turned")
    sights._known_reference.cache_clear()
    matching.found.cache_clear()
    again = matched(gray_page(truth), FIGURE)
    np.testing.assert_array_equal(shown(page, again), out)
    np.testing.assert_array_equal(again.confidence, found.confidence)
    np.testing.assert_array_equal(again.matches.reference, found.matches.reference)
    np.testing.assert_array_equal(again.matches.at, found.matches.at)


def test_panels_are_matched_one_by_one():
    scenes = [cv2.resize(item, (220, 220), interpolation=cv2.INTER_AREA) for item in (moved(FIGURE, mirrored=True),
                                                                                    drawing.colored(220))]  # fmt: skip
    pixels = np.full((480, 240, 3), 255, np.uint8)
    for top, scene in zip((10, 250), scenes, strict=True):
        pixels[top : top + 220, 10:230] = scene
    page = gray_page(pixels)
    assert len(page.panels) == 2
    out = shown(page, matched(page, FIGURE, drawing.colored(300)))
    assert chroma_accuracy(out[10:230, 10:230], scenes[0]) > SOUND
    assert chroma_accuracy(out[250:470, 10:230], scenes[1]) > SOUND
    assert (chroma(out)[236:244] < 10).all()


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("name", ODD)
def test_odd_pages_and_references_do_no_harm(name, kind):
    pixels, references = ODD[name]
    page = analyze(drawing.page(pixels), kind=kind)
    found = matched(page, *references)
    assert shown(page, found).shape == (*pixels.shape, 3)
    assert found.confidence.shape == (page.regions.count,)
    assert np.isfinite(found.confidence).all()


@pytest.mark.parametrize("kind", PAGES)
def test_a_gray_reference_gives_no_chroma(kind):
    page = PAGES[kind](FIGURE)
    assert chroma(shown(page, matched(page, turned(FIGURE)))).max() < 3


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (4000, 5000)])
def test_references_of_any_size_are_taken(size):
    page = gray_page(cv2.resize(FIGURE, (96, 96), interpolation=cv2.INTER_AREA))
    pixels = np.broadcast_to(np.uint8([200, 60, 60]), (*size, 3)).copy()
    pixels[size[0] // 2 :] = (60, 90, 200)
    assert shown(page, matched(page, pixels)).shape == (96, 96, 3)


def test_a_huge_copy_of_the_figure_is_as_good_as_the_figure():
    truth, page, _, _ = done(Kind.GRAY, "mirrored")
    huge = cv2.resize(FIGURE, (4000, 4000), interpolation=cv2.INTER_LINEAR)
    assert chroma_accuracy(shown(page, matched(page, huge)), truth) > SOUND


def test_a_page_scanned_in_colour_takes_the_references_colours():
    truth = moved(FIGURE, mirrored=True)
    page = analyze(drawing.page(drawing.yellowed(turned(truth))), kind=Kind.COLORED)
    assert chroma_accuracy(shown(page, matched(page, FIGURE)), truth) > SOUND


def test_it_is_in_the_table_and_needs_a_reference():
    page = done(Kind.GRAY, "as it is")[1]
    assert registry.choose(asked(page, FIGURE)).info.id == METHOD.info.id
    assert "--reference" in registry.missing(METHOD.info, asked(page))


def test_what_is_hardly_found_is_guessed_only_if_that_is_wanted():
    page = analyze(drawing.page(rings()), kind=Kind.GRAY)
    left, guessed = (
        METHOD.colorize(METHOD.prepare(request, Silent()), request, Silent())
        for request in (asked(page, FIGURE, options=(("unsure", choice),)) for choice in ("leave", "guess"))
    )
    assert (guessed.confidence > 0).sum() > (left.confidence > 0).sum()
    assert weighted(page, guessed.confidence) < 0.2
