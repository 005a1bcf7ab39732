"""Strokes are cut, moved, recoloured and found as vectors, and never change under the hands of who holds them."""

from __future__ import annotations

import numpy as np
import pytest

from mangapaint.analysis.hints import of_stroke
from mangapaint.document.document import Document
from mangapaint.document.page import Page
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import erased, hit, moved, recolored, stroke

RED, BLUE = (220, 30, 40), (30, 60, 220)
PAGE = Page(np.full((100, 200), 255, np.uint8), "blank")


def line(x0: float, y0: float, x1: float, y1: float, *, color=RED, width=10.0, count=2, pressures=None):
    points = np.linspace((x0, y0), (x1, y1), count).tolist()
    return stroke(points, width=width, color=color, pressures=pressures)


def painted(*strokes) -> np.ndarray:
    """Pixels of the page the strokes cover, as they are painted."""
    cover = np.zeros(PAGE.pixels.shape, bool)
    for item in strokes:
        hint = of_stroke(item, *PAGE.pixels.shape)
        if hint is not None:
            cover[hint.rect.slices] |= hint.mask
    return cover


def covered(item) -> np.ndarray:
    """Distance of each pixel's centre from the stroke's edge, negative inside; discs swept along the segments."""
    y, x = np.mgrid[: PAGE.height, : PAGE.width] + 0.5
    best = np.full(x.shape, np.inf)
    for at in range(len(item.points)):
        a, b = item.points[at].astype(float), item.points[min(at + 1, len(item.points) - 1)].astype(float)
        ra, rb = float(item.radii[at]), float(item.radii[min(at + 1, len(item.points) - 1)])
        for part in np.linspace(0, 1, 40):
            cx, cy = a + (b - a) * part
            best = np.minimum(best, np.hypot(x - cx, y - cy) - (ra + (rb - ra) * part))
    return best


def test_erasing_in_the_middle_leaves_two_pieces():
    item = line(20, 50, 180, 50, count=30)
    pieces = erased(item, 100, 50, 15)
    assert len(pieces) == 2
    left, right = sorted(pieces, key=lambda piece: piece.points[0, 0])
    assert left.points[0].tolist() == [20, 50]
    assert right.points[-1].tolist() == [180, 50]
    assert 75 < left.points[-1, 0] < 85
    assert 115 < right.points[0, 0] < 125
    assert {(piece.color, piece.width) for piece in pieces} == {(RED, 10.0)}
    before, after = painted(item), painted(*pieces)
    y, x = np.mgrid[:100, :200] + 0.5
    away = np.hypot(x - 100, y - 50)
    assert not after[away < 11].any()
    np.testing.assert_array_equal(after[away > 25], before[away > 25])


def test_a_stroke_of_two_points_far_apart_is_cut_where_the_eraser_is():
    pieces = erased(line(0, 50, 200, 50), 100, 50, 10)
    assert [piece.points[[0, -1], 0].round().tolist() for piece in pieces] == [
        [0, pytest.approx(87, abs=3)],
        [pytest.approx(113, abs=3), 200],
    ]


def test_erasing_all_of_it_leaves_nothing():
    assert erased(line(50, 50, 60, 50, count=5), 55, 50, 30) == ()


def test_an_eraser_elsewhere_leaves_the_very_same_stroke():
    item = line(20, 20, 180, 80)
    assert erased(item, 20, 90, 10) == (item,)
    assert erased(item, 100, 75, 10) == (item,)
    document = Document(PAGE, (item,))
    assert document.with_erased(20, 90, 10) is document


def test_erasing_bit_by_bit_does_not_swell_what_is_left():
    pieces = (line(0, 50, 200, 50, width=12),)
    for x in np.arange(0, 150, 1.3):
        pieces = tuple(part for piece in pieces for part in erased(piece, float(x), 50, 6))
        assert sum(len(piece.points) for piece in pieces) < 100


def test_an_eraser_drawn_along_a_stroke_takes_its_part_away():
    item = line(10, 50, 190, 50, count=40)
    document = Document(PAGE, (item, line(10, 90, 190, 90, color=BLUE)))
    for x in np.arange(30, 171, 0.5):
        document = document.with_erased(float(x), 50, 8)
    left, right, other = document.strokes
    assert other.color == BLUE
    assert not painted(left, right)[50, 25:175].any()
    assert painted(left, right)[50, 12:16].all()


def test_a_tap_is_a_dot_that_is_there_or_gone():
    dot = stroke([(30.5, 40.5)], width=8, color=RED)
    assert painted(dot)[40, 30]
    assert 30 <= painted(dot).sum() <= 60
    assert hit((dot,), 33, 41) is dot
    assert hit((dot,), 40, 41) is None
    assert erased(dot, 31, 40, 3) == ()
    assert erased(dot, 60, 40, 3) == (dot,)


def test_pressure_runs_on_evenly_in_the_pieces():
    item = line(0, 50, 200, 50, pressures=[0.0, 1.0])
    pieces = erased(item, 100, 50, 10)
    assert len(pieces) == 2
    for piece in pieces:
        np.testing.assert_allclose(piece.pressures, piece.points[:, 0] / 200, atol=1e-5)


def test_points_in_one_place_can_be_erased():
    still = stroke([(50, 50)] * 4, width=6, color=RED, pressures=[0.2, 0.5, 0.9, 1])
    assert erased(still, 50, 50, 2) == ()
    assert erased(still, 80, 50, 2) == (still,)


def test_moving_shifts_what_is_painted():
    item = line(30, 30, 120, 60, count=6, pressures=[0.1, 0.3, 0.8, 1, 0.6, 0.4])
    shifted = moved(item, 20, -7)
    np.testing.assert_array_equal(painted(shifted), np.roll(painted(item), (-7, 20), axis=(0, 1)))
    np.testing.assert_array_equal(shifted.points, item.points + np.float32([20, -7]))


def test_recolouring_keeps_everything_else():
    item = line(30, 30, 120, 60)
    blue, kept = recolored(item, BLUE), recolored(item, None)
    assert (item.color, blue.color, kept.color) == (RED, BLUE, None)
    assert blue.points is item.points
    assert blue != item


def test_the_topmost_stroke_is_hit():
    below, above = line(20, 50, 180, 50), line(100, 10, 100, 90, color=BLUE)
    assert hit((below, above), 100, 50) is above
    assert hit((above, below), 100, 50) is below
    assert hit((below, above), 40, 52) is below
    assert hit((below, above), 40, 62) is None
    assert hit((below, above), 40, 62, reach=10) is below
    assert hit((), 40, 62) is None


def test_strokes_cannot_be_changed_in_place():
    source = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    item = stroke(source, width=4, color=RED)
    for made in (item, moved(item, 1, 1), *erased(line(0, 50, 200, 50), 100, 50, 10)):
        for array in (made.points, made.pressures):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
    source[:] = 99
    assert item.points[0].tolist() == [1, 2]


@pytest.mark.parametrize("pressures", [[1.0], [1.0, 1.0, 1.0]])
def test_each_point_has_one_pressure(pressures):
    with pytest.raises(ValueError, match="one pressure"):
        stroke([(1, 1), (2, 2)], width=4, color=RED, pressures=pressures)


def test_a_stroke_has_a_point():
    with pytest.raises(ValueError, match="at least one point"):
        stroke([], width=4, color=RED)


@pytest.mark.parametrize("pressure", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("width", [1.0, 3.0, 12.0, 40.0])
def test_bounds_hold_what_is_painted_and_it_is_as_wide_as_it_says(pressure, width):
    rng = np.random.default_rng(round(width + 10 * pressure))
    for _ in range(3):
        points = rng.uniform((40, 35), (160, 65), (3, 2)).tolist()
        item = stroke(points, width=width, color=RED, pressures=[pressure] * 3)
        cover, edge = painted(item), covered(item)
        assert cover[edge < -1.1].all()
        assert not cover[edge > 1.3].any()
        unbounded = recolored(item, BLUE)
        unbounded.__dict__["bounds"] = Rect.whole(*PAGE.pixels.shape)
        beyond = painted(unbounded)
        beyond[item.bounds.slices] = False
        assert (edge[beyond] > 0.5).all()


def test_a_stroke_drawn_far_off_the_page_is_cut_at_its_edge():
    item = line(-500, 30, 700, 60, width=9, count=7)
    unbounded = recolored(item, BLUE)
    unbounded.__dict__["bounds"] = Rect.whole(*PAGE.pixels.shape)
    assert (painted(item) ^ painted(unbounded)).sum() < 5
    assert painted(item).any(axis=0).all()


def test_pressure_makes_a_stroke_thick_and_thin():
    cover = painted(line(20, 50, 180, 50, width=20, count=20, pressures=np.linspace(0, 1, 20)))
    thickness = cover.sum(axis=0)
    assert 2 <= thickness[25] <= 7
    assert 16 <= thickness[175] <= 22
    assert (np.diff(thickness[25:175].astype(int)) >= -1).all()


def test_a_stroke_beside_the_page_paints_nothing():
    assert of_stroke(line(-60, -50, -40, -50), 100, 200) is None
    half = of_stroke(line(190, 50, 260, 50), 100, 200)
    assert half is not None
    assert half.rect.x1 == 200
