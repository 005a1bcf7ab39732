"""Division: any gap is an arrangement of the same parts, a wider one never joins, and the map's numbers are true."""

from __future__ import annotations

from itertools import pairwise

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import analyze
from mangapaint.analysis.borders import Borders
from mangapaint.analysis.division import Division, Ties, divided_by_lines, divided_by_panels, divided_by_shade
from mangapaint.analysis.graph import Ways, crossing_costs
from mangapaint.analysis.ink import ink_mask
from mangapaint.analysis.regions import RegionMap
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect

GAPS = (0, 1, 2, 4, 7, 12, 20, 33, 60)


def scribbles(seed: int, size: tuple[int, int] = (150, 190)) -> np.ndarray:
    """Random lines, circles and dust."""
    rng = np.random.default_rng(seed)
    pixels = np.full(size, 255, np.uint8)
    for _ in range(rng.integers(3, 16)):
        x0, y0, x1, y1 = rng.integers(0, (size[1], size[0], size[1], size[0])).tolist()
        cv2.line(pixels, (x0, y0), (x1, y1), 0, int(rng.integers(1, 4)), cv2.LINE_AA)
        cv2.ellipse(pixels, (x1, y1), (int(rng.integers(5, 60)),) * 2, 0, 0, int(rng.integers(200, 361)), 0, 2)
    pixels[rng.random(size) < 0.002] = 0
    return pixels


def divided(gray: np.ndarray) -> Division:
    return divided_by_lines(gray, ink_mask(gray))


def agrees(found: Division | RegionMap, gray: np.ndarray) -> None:
    """Areas, boxes and shade are what counting pixels says."""
    np.testing.assert_array_equal(np.unique(found.labels), np.arange(found.count))
    assert found.labels.dtype == (np.uint16 if found.count <= 65536 else np.int32)
    assert not found.labels.flags.writeable
    for at in range(found.count):
        y, x = np.nonzero(found.labels == at)
        assert found.areas[at] == len(x)
        assert found.boxes[at].tolist() == [x.min(), y.min(), x.max() + 1, y.max() + 1]
        assert found.shade[at] == pytest.approx(gray[y, x].mean(), abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_parts_and_regions_are_measured_as_counting_pixels_says(seed):
    gray = scribbles(seed)
    division = divided(gray)
    agrees(division, gray)
    for gap in (0, 7, 60):
        regions = division.regions(gap)
        agrees(regions, gray)
        np.testing.assert_array_equal(regions.parts[division.labels], regions.labels)


@pytest.mark.parametrize("seed", range(5))
def test_a_wider_gap_divides_further_and_never_joins(seed):
    division = divided(scribbles(seed))
    counts = []
    for narrow, wide in pairwise(GAPS):
        coarse, fine = division.regions(narrow), division.regions(wide)
        pairs = set(zip(fine.parts.tolist(), coarse.parts.tolist(), strict=True))
        assert len(pairs) == fine.count
        counts += [coarse.count, fine.count]
    assert counts == sorted(counts)


@pytest.mark.parametrize("hole", [3, 6, 11, 18, 30])
def test_a_hole_is_closed_from_its_own_width_on(hole):
    gray = np.full((260, 400), 255, np.uint8)
    gray[:, 200:203] = 0
    gray[130 - hole // 2 : 130 - hole // 2 + hole, 200:203] = 255
    division = divided(gray)
    for gap in range(61):
        found = division.regions(gap)
        joined = found.labels[20, 20] == found.labels[20, 380]
        if gap <= hole - 2:
            assert joined
        if gap >= hole + 2:
            assert not joined
            assert found.count == 2


@pytest.mark.parametrize("mouth", [4, 9, 15])
def test_a_lock_is_apart_from_its_mouths_width_on(mouth):
    gray = np.full((260, 420), 255, np.uint8)
    cv2.rectangle(gray, (60, 100), (300, 100 + mouth + 1), 0, 1)
    gray[101 : 101 + mouth, 300] = 255
    division = divided(gray)
    inside, outside = (100 + mouth // 2 + 1, 150), (100 + mouth // 2 + 1, 400)
    for gap, together in ((0, True), (mouth - 2, True), (mouth + 2, False), (60, False)):
        labels = division.regions(gap).labels
        assert (labels[inside] == labels[outside]) == together


def test_a_thin_slanting_box_is_one_region():
    """It is five pixels wide here and six there: that is no hole."""
    gray = np.full((130, 260), 255, np.uint8)
    cv2.polylines(gray, [np.array([(225, 40), (30, 92), (32, 102), (227, 50)])], True, 0, 3)
    _, areas = cv2.connectedComponents((gray > 0).view(np.uint8), connectivity=4)
    inside = areas == areas[71, 128]
    assert areas[71, 128] > 0
    assert inside.sum() < 3000
    for gap in GAPS:
        assert len(np.unique(divided(gray).regions(gap).labels[inside])) == 1


def test_tiny_areas_belong_to_a_neighbour_and_larger_ones_do_not():
    gray = np.full((200, 200), 255, np.uint8)
    cv2.rectangle(gray, (50, 50), (53, 53), 0, 1)
    cv2.rectangle(gray, (120, 120), (131, 131), 0, 1)
    assert divided(gray).regions(60).count == 2


def test_the_analysis_of_a_page_holds_its_division():
    found = analyze(drawing.page(drawing.target()), kind=Kind.LINE, gap=3)
    np.testing.assert_array_equal(found.regions.labels, found.division.regions(3).labels)
    agrees(found.division, found.gray)


def test_marks_reach_the_regions():
    division = divided(drawing.target())
    marks = np.arange(division.count) % 2 == 0
    found = division.marked(outside=marks, bubble=~marks).regions(0)
    assert found.outside.any()
    for part, region in enumerate(found.parts.tolist()):
        if (found.parts == region).sum() == 1:
            assert found.outside[region] == marks[part]
            assert found.bubbles[region] != marks[part]


@pytest.mark.parametrize(("height", "width"), [(60, 84), (58, 83), (59, 82)])
def test_an_enlarged_division_is_that_of_the_larger_page(height, width):
    small = divided(scribbles(3, (20, 28)))
    large = small.enlarged(3, height, width)
    assert large.labels.shape == (height, width)
    assert not large.labels.flags.writeable
    np.testing.assert_array_equal(large.areas, np.bincount(large.labels.ravel(), minlength=small.count))
    for at in range(large.count):
        y, x = np.nonzero(large.labels == at)
        assert large.boxes[at].tolist() == [x.min(), y.min(), x.max() + 1, y.max() + 1]
    for gap in (0, 4, 20):
        np.testing.assert_array_equal(large.regions(3 * gap).parts, small.regions(gap).parts)


@pytest.mark.parametrize("seed", range(3))
def test_gray_pages_have_no_gaps_and_can_be_crossed_both_ways(seed):
    blurred = cv2.GaussianBlur(np.random.default_rng(seed).integers(0, 256, (70, 90), dtype=np.uint8), (0, 0), 5)
    gray = cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX)
    division = divided_by_shade(gray)
    agrees(division, gray)
    found = division.regions(0)
    assert found.keeps.all()
    assert found.labels is division.labels
    assert division.regions(60).count == found.count
    there = found.cost.tocoo()
    ways = set(zip(there.row.tolist(), there.col.tolist(), strict=True))
    assert ways == {(b, a) for a, b in ways}


def test_panels_with_washes_are_divided_by_shade_and_the_others_by_lines():
    gray = np.full((140, 300), 255, np.uint8)
    cv2.rectangle(gray, (10, 10), (140, 130), 0, 3)
    cv2.rectangle(gray, (160, 10), (290, 130), 0, 3)
    cv2.line(gray, (75, 10), (75, 130), 0, 3)
    gray[60:129, 163:288] = 120
    division = divided_by_panels(gray, gray < 60, (Rect(160, 10, 291, 131),))
    agrees(division, gray)
    found = division.regions(0)
    left, right, sky, ground, margin = (int(found.labels[y, x])
                                        for y, x in ((70, 40), (70, 110), (35, 220), (95, 220), (3, 3)))  # fmt: skip
    assert len({left, right, sky, ground, margin}) == 5
    assert found.keeps[[sky, ground]].all()
    assert not found.keeps[[left, right, margin]].any()


def test_ties_among_some_parts_are_numbered_anew():
    ties = Ties(np.array([0, 1, 3]), np.array([1, 2, 4]), np.array([5.0, np.inf, 2.0]))
    some = ties.kept(np.array([1, 2, 3, 4]))
    assert (some.a.tolist(), some.b.tolist(), some.width.tolist()) == ([0, 2], [1, 3], [np.inf, 2.0])
    assert ties.owners(5, 0).tolist() == [0, 0, 0, 1, 1]
    assert ties.owners(5, 2).tolist() == [0, 0, 0, 1, 2]
    assert ties.owners(5, 5).tolist() == [0, 1, 1, 2, 3]


def ways(*, areas: tuple[int, ...], ink: float, gray: bool = False, closed: tuple[bool, ...] = ()) -> np.ndarray:
    """What it costs to cross between 0 and 1, and 1 and 2, both with borders of ten pixels."""
    edges = Borders(np.array([0, 1]), np.array([1, 2]), np.array([10.0, 10.0]), np.full(2, ink), np.zeros(2))
    count = len(areas)
    flags = np.array(closed or (False,) * count)
    found = crossing_costs(Ways(edges, np.array(areas), np.arange(count) * 32.0, np.full(count, gray), flags))
    return found.toarray()


def test_colour_crosses_ink_only_into_small_areas():
    cost = ways(areas=(5000, 10, 5000), ink=1.0)
    assert cost[0, 1] > 0
    assert cost[2, 1] > 0
    assert cost[1, 0] == cost[1, 2] == cost[0, 2] == 0


def test_colour_crosses_faint_lines_and_shades_both_ways_and_cheaper():
    faint = ways(areas=(5000, 10, 5000), ink=0.3)
    assert (faint > 0).sum() == 4
    assert faint[0, 1] < ways(areas=(5000, 10, 5000), ink=1.0)[0, 1]
    shaded = ways(areas=(5000, 10, 5000), ink=1.0, gray=True)
    assert (shaded > 0).sum() == 4


def test_nothing_crosses_a_margin():
    cost = ways(areas=(5000, 10, 10), ink=1.0, closed=(True, False, False))
    assert not cost[0].any()
    assert not cost[:, 0].any()
    assert cost[1, 2] > 0
