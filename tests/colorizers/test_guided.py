"""``guided`` before it has learned anything: hints already spread, show where they lie, and cost one panel each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import drawing
import numpy as np
import pytest
import torch
from painting import GREEN, RED, dab, picture
from referring import lab

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.guided import Guided, wanted
from mangapaint.colorizers.method import Colorization, ColorRequest, Stamp
from mangapaint.colorizers.networks.guided import GuidedNetwork
from mangapaint.colorizers.weights import Weights
from mangapaint.document.page import Kind, Reference
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose
from mangapaint.errors import UserError
from mangapaint.progress import Silent
from mangapaint.training.saving import save_weights

METHOD = Guided()
PINK, SKY = (240, 180, 200), (150, 205, 245)


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Weights:
    torch.manual_seed(0)
    path: Path = tmp_path_factory.mktemp("weights") / "guided.safetensors"
    network = GuidedNetwork({})
    save_weights(path, network, method="guided", shape=network.shape, about={})
    return Weights.at(path)


def analysis(pixels, kind=Kind.GRAY) -> PageAnalysis:
    return analyze(drawing.page(pixels), kind=kind)


def halves() -> np.ndarray:
    pixels = np.full((120, 200), 215, np.uint8)
    pixels[:, 100:] = 120
    return pixels


def request(known: PageAnalysis, weights: Weights, *strokes, **fields) -> ColorRequest:
    return ColorRequest(
        Stamp(known.page.id, len(strokes)), known, strokes=strokes, weights=weights, device="cpu", **fields
    )


def colored(asked: ColorRequest, prepared=None) -> Colorization:
    return METHOD.colorize(prepared or METHOD.prepare(asked, Silent()), asked, Silent())


def away(pixels, place, color) -> float:
    """How far a,b at a place (x, y) are from those of a colour."""
    there = lab(pixels[place[1] - 1 : place[1] + 2, place[0] - 1 : place[0] + 2])[..., 1:].mean(axis=(0, 1))
    return float(np.linalg.norm(there - lab(np.array([[color]], np.uint8))[0, 0, 1:]))


def test_hints_spread_over_what_looks_like_them(weights):
    known = analysis(halves())
    found = picture(known, colored(request(known, weights, dab(30, 60, GREEN), dab(170, 60, RED))))
    gray = (128, 128, 128)
    assert away(found, (80, 20), GREEN) < 0.4 * away(found, (80, 20), gray)
    assert away(found, (180, 100), RED) < 0.4 * away(found, (180, 100), gray)


def test_a_hint_shows_where_it_lies_whatever_the_network_holds_likely(weights):
    known = analysis(halves())
    colors = (GREEN, PINK, SKY)
    strokes = [dab(30 + 20 * number, 60, color, width=9) for number, color in enumerate(colors)]
    found = picture(known, colored(request(known, weights, *strokes)))
    for number, color in enumerate(colors):
        assert away(found, (30 + 20 * number, 60), color) < 15


def test_without_hints_an_untaught_network_colors_nothing(weights):
    known = analysis(halves())
    found = picture(known, colored(request(known, weights)))
    assert np.abs(found.astype(int) - halves()[..., None]).max() <= 3


def test_line_art_takes_the_hint_in_its_region(weights):
    pixels = np.full((160, 160), 255, np.uint8)
    cv2.rectangle(pixels, (30, 30), (120, 120), 0, 3)
    known = analysis(pixels, Kind.LINE)
    found = picture(known, colored(request(known, weights, dab(75, 75, RED))))
    assert tuple(found[100, 100]) == RED
    assert tuple(found[30, 75]) == (0, 0, 0)


def test_only_the_panel_of_a_new_stroke_is_colored_anew(weights, monkeypatch):
    pixels = np.full((400, 300), 255, np.uint8)
    for top in (10, 210):
        pixels[top : top + 180, 10:290] = 200
        cv2.rectangle(pixels, (10, top), (290, top + 180), 0, 3)
        cv2.circle(pixels, (150, top + 90), 50, 120, -1)
    known = analysis(pixels)
    first = request(known, weights, dab(60, 60, GREEN))
    prepared = METHOD.prepare(first, Silent())
    assert len(prepared.panels) == 2
    colored(first, prepared)
    before = dict(prepared.known)
    colored(request(known, weights, *first.strokes, dab(60, 300, RED)), prepared)
    assert prepared.known[0] is before[0]
    assert prepared.known[1] is not before[1]


def test_what_a_stroke_costs_is_not_the_page(weights):
    known = analysis(halves())
    prepared = METHOD.prepare(request(known, weights), Silent())
    network = prepared.panels[0].looked.network
    pages = []
    network.first.register_forward_hook(lambda *_: pages.append(1))
    colored(request(known, weights, dab(30, 60, GREEN)), prepared)
    assert not pages


def test_protected_places_stay_and_uncolored_hints_are_white(weights):
    known = analysis(halves())
    protect = dab(170, 60, None, purpose=Purpose.PROTECT)
    found = picture(known, colored(request(known, weights, dab(30, 60, GREEN), protect)))
    assert away(found, (170, 60), (120, 120, 120)) < 2
    plain = picture(known, colored(request(known, weights, dab(30, 60, GREEN), dab(170, 60, None))))
    assert away(plain, (170, 60), (120, 120, 120)) < 6


def test_guesses_name_the_hints_colors(weights):
    known = analysis(halves())
    found = colored(request(known, weights, dab(30, 60, GREEN)))
    assert found.guesses is not None
    there, likely = found.guesses.at(25, 60)
    apart = np.linalg.norm(there[0, 1:] - lab(np.array([[GREEN]], np.uint8))[0, 0, 1:])
    assert apart < 12
    assert 0 < likely.sum() <= 1.0001


def test_the_same_hints_give_the_same_colors(weights):
    known = analysis(halves())
    asked = request(known, weights, dab(30, 60, GREEN))
    one, two = (picture(known, colored(asked)) for _ in range(2))
    assert np.array_equal(one, two)


def test_references_say_which_colors_are_wanted():
    red = Reference(np.full((20, 20, 3), RED, np.uint8), "red")
    assert not wanted(()).any()
    assert wanted((red,))[-1] == 1
    assert wanted((red,))[:-1].max() > 0.9
    assert not wanted((Reference(np.full((20, 20), 90, np.uint8), "gray"),)).any()


def test_without_weights_one_line_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("mangapaint.colorizers.weights.resources", lambda: tmp_path)
    known = analysis(halves())
    with pytest.raises(UserError) as caught:
        METHOD.prepare(ColorRequest(Stamp(known.page.id, 0), known), Silent())
    assert "mangapaint train guided" in caught.value.line()


# --- in a hurry


def boxes() -> np.ndarray:
    """Line art: two boxes side by side."""
    pixels = np.full((160, 240), 255, np.uint8)
    for left in (20, 130):
        cv2.rectangle(pixels, (left, 30), (left + 90, 120), 0, 3)
    return pixels


def framed() -> np.ndarray:
    """Line art: two panels with a circle in each, and a gutter between."""
    pixels = np.full((400, 300), 255, np.uint8)
    for top in (10, 210):
        cv2.rectangle(pixels, (10, top), (290, top + 180), 0, 3)
        cv2.circle(pixels, (150, top + 90), 50, 0, 3)
    return pixels


DRAWN = pytest.mark.parametrize(("kind", "draw"), [(Kind.GRAY, halves), (Kind.LINE, boxes)])
LEFT, RIGHT = (50, 60), (170, 60)
"""Places in the two halves, and in the two boxes."""


@DRAWN
def test_in_a_hurry_a_new_hint_shows_and_what_the_network_made_stays(weights, kind, draw):
    known = analysis(draw(), kind)
    first = request(known, weights, dab(*LEFT, GREEN))
    prepared = METHOD.prepare(first, Silent())
    before, made, parts = picture(known, colored(first, prepared)), prepared.last, dict(prepared.known)
    assert away(before, (170, 85), RED) > 50
    found = colored(request(known, weights, *first.strokes, dab(*RIGHT, RED), hurried=True), prepared)
    assert prepared.last is made
    assert prepared.known == parts
    after = picture(known, found)
    assert away(after, RIGHT, RED) < 15
    # Line art shows it in its region, a gray page around it.
    assert away(after, (170, 85), RED) < (15 if kind is Kind.LINE else away(before, (170, 85), RED))
    np.testing.assert_array_equal(after[:, :95], before[:, :95])
    assert found.method == "guided"
    assert found.stamp.moment == 2
    assert found.guesses is made.guesses


@DRAWN
def test_what_was_hurried_is_heard_when_there_is_time(weights, kind, draw):
    known = analysis(draw(), kind)
    strokes = dab(*LEFT, GREEN), dab(*RIGHT, RED)
    prepared = METHOD.prepare(request(known, weights), Silent())
    made = prepared.last
    for count in (1, 2):
        colored(request(known, weights, *strokes[:count], hurried=True), prepared)
    assert prepared.last is made
    asked = request(known, weights, *strokes)
    careful = picture(known, colored(asked, prepared))
    assert prepared.last is not made
    assert prepared.last.heard == strokes
    np.testing.assert_array_equal(careful, picture(known, colored(asked)))
    # Those are the network's own now: they are no longer flat hints above what it makes of them.
    hurried = picture(known, colored(request(known, weights, *strokes, hurried=True), prepared))
    np.testing.assert_array_equal(hurried, careful)


def test_in_a_hurry_a_new_hint_shows_around_itself_and_the_rest_stays_as_the_network_shows_it(weights):
    """A region of a gray page may be half of it, and is soft from pixel to pixel; a flat colour would be a jump."""
    known = analysis(drawing.washes())
    strokes = dab(60, 60, GREEN), dab(200, 200, RED)
    prepared = METHOD.prepare(request(known, weights), Silent())
    before = picture(known, colored(request(known, weights, *strokes), prepared))
    third = dab(160, 60, SKY)
    found = colored(request(known, weights, *strokes, third, hurried=True), prepared)
    after, (blend, *_) = picture(known, found), found.blends
    for x, y in ((60, 60), (200, 200)):
        assert not blend.spared[known.regions.labels[y, x]]
        np.testing.assert_array_equal(after[y - 8 : y + 8, x - 8 : x + 8], before[y - 8 : y + 8, x - 8 : x + 8])
    differs = (after != before).any(axis=2)
    assert differs[50:70, 150:170].any()
    assert differs.mean() < 0.2
    assert away(after, (160, 60), SKY) < 15


@DRAWN
def test_nothing_is_left_of_a_hint_that_was_taken_back(weights, kind, draw):
    known = analysis(draw(), kind)
    strokes = dab(*LEFT, GREEN), dab(*RIGHT, RED)
    prepared = METHOD.prepare(request(known, weights), Silent())
    before = picture(known, colored(request(known, weights, *strokes[:1]), prepared))
    colored(request(known, weights, *strokes, hurried=True), prepared)
    assert away(picture(known, colored(request(known, weights, *strokes), prepared)), (170, 85), RED) < 15
    colored(request(known, weights, *strokes[:1], hurried=True), prepared)
    after = picture(known, colored(request(known, weights, *strokes[:1]), prepared))
    assert away(after, (170, 85), RED) > 50
    np.testing.assert_array_equal(after, before)


@DRAWN
def test_taking_back_a_hint_that_was_never_heard_leaves_nothing_even_in_a_hurry(weights, kind, draw):
    known = analysis(draw(), kind)
    strokes = dab(*LEFT, GREEN), dab(*RIGHT, RED)
    prepared = METHOD.prepare(request(known, weights), Silent())
    before = picture(known, colored(request(known, weights, *strokes[:1]), prepared))
    colored(request(known, weights, *strokes, hurried=True), prepared)
    after = picture(known, colored(request(known, weights, *strokes[:1], hurried=True), prepared))
    np.testing.assert_array_equal(after, before)


def test_protection_holds_in_a_hurry(weights):
    known = analysis(halves())
    strokes = dab(*LEFT, GREEN), dab(*RIGHT, None, purpose=Purpose.PROTECT)
    prepared = METHOD.prepare(request(known, weights, *strokes[:1]), Silent())
    assert away(picture(known, colored(request(known, weights, *strokes[:1]), prepared)), RIGHT, (120, 120, 120)) > 5
    found = picture(known, colored(request(known, weights, *strokes, hurried=True), prepared))
    assert away(found, RIGHT, (120, 120, 120)) < 2


def test_the_way_to_some_hints_does_not_matter(weights):
    """Hints beside all panels change nothing in them, yet their colours are among those that regions may take."""
    known = analysis(framed(), Kind.LINE)
    inside, beside = dab(60, 60, GREEN), dab(150, 200, (66, 178, 80))
    prepared = METHOD.prepare(request(known, weights), Silent())
    one = picture(known, colored(request(known, weights, inside), prepared))
    both = picture(known, colored(request(known, weights, inside, beside), prepared))
    np.testing.assert_array_equal(both, picture(known, colored(request(known, weights, inside, beside))))
    assert (both[100, 150] != one[100, 150]).any()
    np.testing.assert_array_equal(picture(known, colored(request(known, weights, inside), prepared)), one)


@pytest.mark.parametrize("hurried", [False, True])
def test_a_hint_beside_all_panels_shows_although_the_network_does_not_hear_it(weights, hurried):
    """What is drawn over a panel's frame lies there, too."""
    known = replace(analysis(halves()), panels=(Rect(0, 0, 90, 120), Rect(110, 0, 200, 120)))
    strokes = dab(*RIGHT, GREEN), dab(104, 60, RED, width=4)
    prepared = METHOD.prepare(request(known, weights), Silent())
    assert len(prepared.panels) == 2
    found = picture(known, colored(request(known, weights, *strokes, hurried=hurried), prepared))
    assert away(found, (104, 60), RED) < 15
    assert away(found, RIGHT, GREEN) < 15
    assert prepared.last.heard == (() if hurried else strokes[:1])


def test_while_no_hint_changes_nothing_is_worked_out_anew(weights):
    known = analysis(framed(), Kind.LINE)
    strokes = dab(60, 60, GREEN), dab(60, 300, None, purpose=Purpose.PROTECT)
    prepared = METHOD.prepare(request(known, weights), Silent())
    colored(request(known, weights, *strokes[:1]), prepared)
    made = prepared.last
    colored(request(known, weights, *strokes), prepared)
    assert prepared.last.fusion is made.fusion
    assert prepared.last.heard == strokes


def test_on_gray_pages_a_hint_leaves_nothing_bare(weights):
    """Without one, what this network is unsure of stays as it is; line art leaves such areas white."""
    known = analysis(drawing.washes())
    prepared = METHOD.prepare(request(known, weights), Silent())
    colored(request(known, weights), prepared)
    assert not prepared.last.parts[0].known.all()
    colored(request(known, weights, dab(60, 60, GREEN)), prepared)
    assert prepared.last.parts[0].known.all()
