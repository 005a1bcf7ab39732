"""Regions vote: what most of a region is likely of, refined to what was painted there, or a hint's colour exactly."""

from __future__ import annotations

from dataclasses import replace

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.gamut import COUNT, bins
from mangapaint.colorizers.guesses import Likely
from mangapaint.colorizers.region_votes import FINER, Votes, cells, votes
from mangapaint.colorizers.working import to_lab
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect

PLACE = 8
"""Page pixels along a side of a place; a sample is a quarter of that."""
WARM, COLD, BESIDE, MAUVE = (40, 20), (-40, 20), (50, 20), (40, -40)
"""Bins of the a,b plane; the third lies beside the first."""
LIGHT = 60.0
WHOLE = Rect(0, 0, 64, 32)


def page(labels: np.ndarray, ink: np.ndarray | None = None) -> PageAnalysis:
    """A page whose regions are as given."""
    blank = analyze(drawing.page(np.full(labels.shape, 255, np.uint8)), kind=Kind.LINE)
    count = int(labels.max()) + 1
    boxes = np.zeros((count, 4), np.int32)
    for region in range(count):
        y, x = np.nonzero(labels == region)
        boxes[region] = x.min(), y.min(), x.max() + 1, y.max() + 1
    regions = replace(blank.regions, labels=labels.astype(np.uint16), boxes=boxes, shade=np.zeros(count, np.float32))
    return replace(blank, regions=regions, ink=np.zeros(labels.shape, bool) if ink is None else ink)


def sides() -> np.ndarray:
    """Region 0 on the left, 1 on the right."""
    return np.repeat([[0, 1]], 32, axis=1).repeat(32, axis=0)


def chances(**parts: float) -> np.ndarray:
    """One distribution, by the names of bins."""
    found = np.zeros(COUNT, np.float32)
    for name, part in parts.items():
        (at,) = np.flatnonzero((bins() == globals()[name.upper()]).all(axis=1))
        found[at] = part
    return found


def everywhere(row: np.ndarray, size: tuple[int, int] = (4, 8)) -> np.ndarray:
    return np.tile(row, (*size, 1))


def painted(ab, size: tuple[int, int] = (4, 8), light: float = LIGHT) -> np.ndarray:
    return np.tile(np.float32([light, *ab]), (size[0] * FINER, size[1] * FINER, 1))


def voted(analysis: PageAnalysis, *parts, hints=()) -> Votes:
    """What regions decide; ``parts`` are a rectangle, distributions (h, w, 313) and what was painted."""
    rows = []
    for rect, spread, lab in parts:
        size = spread.shape[:2]
        rows.append((cells(analysis, rect, size), Likely(rect, spread, np.full(size, LIGHT, np.float32)), lab))
    return votes(analysis.regions.count, rows, hints)


def lab_of(color) -> np.ndarray:
    return to_lab(np.array([[color]], np.uint8))[0, 0]


def color_of(light: float, ab) -> tuple[int, int, int]:
    """A colour as a hint has it."""
    rgb = cv2.cvtColor(np.float32([[[light, *ab]]]), cv2.COLOR_LAB2RGB)[0, 0]
    red, green, blue = (int(value) for value in np.rint(rgb * 255))
    return red, green, blue


# --- votes


def test_a_region_takes_what_is_likeliest_in_most_of_it():
    spread = everywhere(chances(warm=1.0))
    spread[:, 4:] = chances(cold=1.0)
    spread[0, :3], spread[3, 6:] = chances(cold=1.0), chances(warm=1.0)
    lab = painted(WARM)
    lab[..., 1:] = np.where(np.arange(32)[None, :, None] < 16, WARM, COLD)
    found = voted(page(sides()), (WHOLE, spread, lab))
    assert found.colors.dtype == np.uint8
    assert found.chance.dtype == np.float32
    np.testing.assert_allclose(lab_of(found.colors[0]), (LIGHT, *WARM), atol=1)
    np.testing.assert_allclose(lab_of(found.colors[1]), (LIGHT, *COLD), atol=1)
    assert found.chance == pytest.approx([13 / 16, 14 / 16])


def test_what_each_place_is_likeliest_of_may_lose_against_what_all_hold_possible():
    spread = everywhere(chances(warm=0.45, cold=0.55))
    spread[:, ::2] = chances(warm=0.45, mauve=0.55)
    found = voted(page(sides()), (WHOLE, spread, painted(WARM)))
    np.testing.assert_allclose(lab_of(found.colors[0]), (LIGHT, *WARM), atol=1)
    assert found.chance == pytest.approx([0.45, 0.45])


def test_bins_side_by_side_are_one_color():
    spread = everywhere(chances(warm=0.3, beside=0.3, cold=0.4))
    found = voted(page(sides()), (WHOLE, spread, painted((45, 20))))
    np.testing.assert_allclose(lab_of(found.colors[0]), (LIGHT, 45, 20), atol=1)
    assert found.chance == pytest.approx([0.6, 0.6])


def test_a_place_on_a_border_counts_by_how_much_of_it_lies_in_the_region():
    labels = (np.arange(64) >= 34)[None].repeat(32, axis=0).astype(int)  # a quarter of the fifth place
    spread = everywhere(chances(warm=1.0))
    spread[:, 4] = chances(cold=1.0)
    found = voted(page(labels), (WHOLE, spread, painted(WARM)))
    assert found.chance == pytest.approx([16 / 17, 12 / 15])


def test_ink_has_no_vote():
    ink = np.zeros((32, 64), bool)
    ink[:, 8:32] = True
    spread = everywhere(chances(cold=1.0))
    spread[:, 0] = chances(warm=1.0)
    lab = painted(COLD)
    lab[:, :FINER, 1:] = WARM
    inked, bare = (voted(page(sides(), drawn), (WHOLE, spread, lab)) for drawn in (ink, np.zeros_like(ink)))
    np.testing.assert_allclose(lab_of(inked.colors[0]), (LIGHT, *WARM), atol=1)
    assert inked.chance == pytest.approx([1, 1])
    np.testing.assert_allclose(lab_of(bare.colors[0]), (LIGHT, *COLD), atol=1)


def test_what_was_painted_under_ink_does_not_count():
    ink = np.zeros((32, 64), bool)
    ink[:, ::4] = ink[:, 1::4] = True
    lab = painted(WARM)
    lab[:, ::2, 0] = 20
    found = voted(page(sides(), ink), (WHOLE, everywhere(chances(warm=1.0)), lab))
    np.testing.assert_allclose(lab_of(found.colors[0]), (LIGHT, *WARM), atol=1)


@pytest.mark.parametrize("hidden", ["small", "ink"])
def test_a_region_that_no_sample_lies_in_votes_by_its_middle(hidden):
    labels, ink = sides(), np.zeros((32, 64), bool)
    if hidden == "small":
        labels[16, 40] = 2  # samples lie at odd pixels
    else:
        labels[12:20, 40:48], ink[12:20, 40:48] = 2, True
    spread = everywhere(chances(cold=1.0))
    spread[2, 5] = chances(warm=0.8, cold=0.2)
    found = voted(page(labels, ink), (WHOLE, spread, painted(COLD)))
    assert found.chance[2] == pytest.approx(0.8)
    np.testing.assert_allclose(lab_of(found.colors[2]), (LIGHT, *WARM), atol=1)


# --- what was painted


def test_the_color_is_the_mean_of_what_was_painted_near_the_likeliest_bin():
    lab = painted((44, 16), light=50)
    lab[::2, :, :] = 54, 40, 24
    lab[:6] = 90, *COLD
    found = voted(page(sides()), (WHOLE, everywhere(chances(warm=0.9, cold=0.1)), lab))
    for color in found.colors:
        np.testing.assert_allclose(lab_of(color), (52, 42, 20), atol=1)


def test_where_nothing_like_it_was_painted_it_is_the_bin_itself_as_light_as_the_place():
    found = voted(page(sides()), (WHOLE, everywhere(chances(warm=1.0)), painted(COLD)))
    np.testing.assert_allclose(lab_of(found.colors[0]), (LIGHT, *WARM), atol=1)


def test_what_was_painted_may_be_of_any_size():
    big = cv2.resize(painted(WARM), (200, 90))
    found = voted(page(sides()), (WHOLE, everywhere(chances(warm=1.0)), big))
    np.testing.assert_allclose(lab_of(found.colors[0]), (LIGHT, *WARM), atol=1)


# --- hints


def of_hints(spread: dict[str, float], *hints) -> Votes:
    return voted(page(sides()), (WHOLE, everywhere(chances(**spread)), painted(WARM)), hints=hints)


def test_a_hints_color_is_taken_exactly_where_it_is_nearly_as_likely():
    hint = color_of(LIGHT + 2, COLD)
    found = of_hints({"warm": 0.6, "cold": 0.4}, hint)
    assert tuple(found.colors[0].tolist()) == hint
    assert found.chance == pytest.approx([0.4, 0.4])
    same = color_of(LIGHT, (43, 22))
    assert tuple(of_hints({"warm": 0.6, "cold": 0.4}, same).colors[0].tolist()) == same


@pytest.mark.parametrize(("hint", "likely"), [
    ((LIGHT, COLD), 0.2),  # not likely enough
    ((LIGHT + 30, COLD), 0.4),  # far lighter
    ((LIGHT - 30, COLD), 0.4),
    ((LIGHT, MAUVE), 0.4),  # not likely at all
])  # fmt: skip
def test_a_hints_color_is_left_where_it_is_unlikely_or_of_another_light(hint, likely):
    plain = of_hints({"warm": 1 - likely, "cold": likely})
    found = of_hints({"warm": 1 - likely, "cold": likely}, color_of(*hint))
    np.testing.assert_array_equal(found.colors, plain.colors)
    np.testing.assert_array_equal(found.chance, plain.chance)


def test_of_several_hints_the_one_that_fits_best_is_taken():
    likely, dark, unlikely = color_of(LIGHT, WARM), color_of(LIGHT - 25, WARM), color_of(LIGHT, COLD)
    for hints in ((likely, dark, unlikely), (unlikely, dark, likely), (dark, likely, likely)):
        found = of_hints({"warm": 0.6, "cold": 0.4}, *hints)
        assert tuple(found.colors[0].tolist()) == likely
        assert found.chance == pytest.approx([0.6, 0.6])


def test_regions_take_hints_each_for_itself():
    spread = everywhere(chances(warm=0.9, cold=0.1))
    spread[:, 4:] = chances(warm=0.1, cold=0.9)
    hint = color_of(LIGHT, (-37, 18))
    found = voted(page(sides()), (WHOLE, spread, painted(WARM)), hints=(hint,))
    assert tuple(found.colors[0].tolist()) != hint
    assert tuple(found.colors[1].tolist()) == hint


# --- parts


def test_a_region_in_several_parts_adds_up_their_votes():
    labels = sides()
    labels[:, 8:56] = 2
    left, right = Rect(0, 0, 32, 32), Rect(32, 0, 64, 32)
    warm, cold = everywhere(chances(warm=1.0), (4, 4)), everywhere(chances(cold=1.0), (4, 4))
    warm[:, 3] = chances(cold=1.0)
    found = voted(page(labels), (left, warm, painted(WARM, (4, 4))), (right, cold, painted(COLD, (4, 4))))
    np.testing.assert_allclose([lab_of(color)[1:] for color in found.colors], [WARM, COLD, COLD], atol=1)
    assert found.chance == pytest.approx([1, 1, 4 / 6])


def test_parts_may_have_places_of_other_sizes():
    """Each sample counts as much."""
    left, right = Rect(0, 0, 32, 32), Rect(32, 0, 64, 32)
    fine, coarse = everywhere(chances(warm=1.0), (8, 8)), everywhere(chances(cold=1.0), (4, 4))
    one = np.zeros((32, 64), int)
    found = voted(page(one), (left, fine, painted(WARM, (8, 8))), (right, coarse, painted(COLD, (4, 4))))
    np.testing.assert_allclose(lab_of(found.colors[0])[1:], WARM, atol=1)
    assert found.chance == pytest.approx([0.8])


@pytest.mark.parametrize("hints", [(), ((200, 90, 60),)])
def test_a_region_that_no_part_covers_has_no_chance(hints):
    spread = everywhere(chances(warm=1.0), (4, 4))
    found = voted(page(sides()), (Rect(0, 0, 32, 32), spread, painted(WARM, (4, 4))), hints=hints)
    assert found.chance[0] > 0.9
    assert found.chance[1] == 0
    assert np.isfinite(found.chance).all()


def test_a_small_region_beside_a_part_does_not_vote_in_it():
    labels = sides()
    labels[16, 62] = 2
    spread = everywhere(chances(warm=1.0), (4, 4))
    assert voted(page(labels), (Rect(0, 0, 32, 32), spread, painted(WARM, (4, 4)))).chance[2] == 0


def neutral(light: float, hints=()) -> Votes:
    """What becomes of regions that are most likely of no colour, painted as light as that."""
    spread = np.zeros((4, 8, COUNT), np.float32)
    spread[..., np.flatnonzero((bins() == (0, 0)).all(axis=1))] = 1
    return voted(page(sides()), (WHOLE, spread, painted((1, -1), light=light)), hints=hints)


@pytest.mark.parametrize(("light", "known"), [(20.0, False), (60.0, False), (97.0, True)])
def test_a_gray_of_the_networks_own_is_no_colour_for_paper_unless_it_is_white(light, known):
    assert ((neutral(light).chance > 0) == known).all()


def test_a_gray_that_the_artist_has_given_is_one():
    found = neutral(60.0, hints=[(145, 145, 145)])
    assert (found.chance > 0.9).all()
    assert (found.colors == 145).all()
