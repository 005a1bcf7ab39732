"""Basins: areas are told apart where the paper is narrowest, and lines part them whatever their slant or thickness."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mangapaint.analysis.basins import RADII, Basins, basins

SHAPES = [(1, 1), (1, 2), (4, 1), (1, 9), (3, 4), (2, 17), (20, 300), (300, 20), (1, 3000), (3000, 1), (8, 8), (9, 33)]


def blank(height: int, width: int) -> np.ndarray:
    return np.ones((height, width), bool)


def wall(*, hole: int, thick: int = 3, size: tuple[int, int] = (300, 400)) -> np.ndarray:
    """Paper with a wall across it, in the middle of which there is a hole; the wall starts at the middle column."""
    paper = blank(*size)
    top, left = (size[0] - hole) // 2, size[1] // 2
    paper[:top, left : left + thick] = False
    paper[top + hole :, left : left + thick] = False
    return paper


def checked(found: Basins, paper: np.ndarray) -> Basins:
    assert found.labels.shape == found.depth.shape == paper.shape
    np.testing.assert_array_equal(np.unique(found.labels), np.arange(found.count))
    assert len(found.peaks) == len(found.long) == found.count
    return found


def width_between(found: Basins, one: int, two: int) -> float:
    """How wide the way from one basin straight into another is, by brute force."""
    widest = 0.0
    for a, b, depth in ((found.labels, found.labels, found.depth), (found.labels.T, found.labels.T, found.depth.T)):
        beside = ((a[1:] == one) & (b[:-1] == two)) | ((a[1:] == two) & (b[:-1] == one))
        if beside.any():
            widest = max(widest, float(2 * np.minimum(depth[1:], depth[:-1])[beside].max()))
    return widest


@pytest.mark.parametrize("shape", SHAPES)
def test_pages_of_any_size_are_divided_without_a_pixel_left(shape):
    assert checked(basins(blank(*shape)), blank(*shape)).count == 1
    assert checked(basins(~blank(*shape)), blank(*shape)).count == 1
    rng = np.random.default_rng(sum(shape))
    for share in (0.02, 0.5, 0.98):
        paper = rng.random(shape) < share
        checked(basins(paper), paper)


@pytest.mark.parametrize("hole", [2, 3, 4, 5, 7, 8, 11, 16, 20, 26, 33, 40, 46, 50])
@pytest.mark.parametrize("thick", [1, 3, 12])
def test_a_hole_is_as_wide_as_it_is_and_divided_where_it_is_narrowest(hole, thick):
    paper = wall(hole=hole, thick=thick)
    found = checked(basins(paper), paper)
    left, right = int(found.labels[150, 20]), int(found.labels[150, 380])
    assert left != right
    assert (found.labels[:, :192] == left).all()
    assert (found.labels[:, 220:] == right).all()
    assert abs(width_between(found, left, right) - hole) <= 1.5


@pytest.mark.parametrize("waist", [6, 12, 22, 34])
def test_two_bays_that_narrow_towards_each_other_part_at_the_waist(waist):
    y, x = np.indices((240, 400))
    paper = np.abs(y - 120) < waist / 2 + np.abs(x - 200) * 0.5
    found = checked(basins(paper), paper)
    left, right = int(found.labels[120, 60]), int(found.labels[120, 340])
    assert left != right
    step = np.flatnonzero(found.labels[120] != left)[0]
    assert abs(step - 200) <= 6


@pytest.mark.parametrize("angle", range(0, 180, 9))
def test_a_slanting_line_of_one_pixel_leaks_nowhere(angle):
    y, x = 200 * np.sin(np.deg2rad(angle)), 200 * np.cos(np.deg2rad(angle))
    paper = np.ones((150, 170), np.uint8)
    cv2.line(paper, (round(85 - x), round(75 - y)), (round(85 + x), round(75 + y)), 0, 1)
    _, truth = cv2.connectedComponents(paper, connectivity=4)
    found = checked(basins(paper > 0), paper)
    assert found.count == 2
    for side in (1, 2):
        assert len(np.unique(found.labels[truth == side])) == 1


@pytest.mark.parametrize("thick", [1, 4, 9, 16, 31])
def test_two_basins_meet_in_mid_line(thick):
    paper = blank(90, 120)
    paper[:, 50 : 50 + thick] = False
    found = checked(basins(paper), paper)
    steps = np.argmax(found.labels != found.labels[0, 0], axis=1)
    assert found.count == 2
    assert np.abs(steps - (50 + thick / 2)).max() <= 2


@pytest.mark.parametrize("radius", [3, 6, 13, 24, 60])
def test_a_discs_peak_is_its_radius_and_it_is_whole(radius):
    page = np.zeros((180, 180), np.uint8)
    cv2.circle(page, (90, 90), radius, 1, -1)
    found = basins(page > 0)
    assert found.count == 1
    assert abs(found.peaks[0] - radius) <= 1 + RADII[0][1] / 2 * (radius > RADII[-2][0])


def lock(width: int, *, turned: bool) -> np.ndarray:
    """Paper with a lock of hair: two lines side by side, closed at the left, open at the right."""
    paper = blank(320, 500)
    top = 150 - width // 2
    paper[top - 2 : top, 100:380] = False
    paper[top + width : top + width + 2, 100:380] = False
    paper[top - 2 : top + width + 2, 98:100] = False
    return np.ascontiguousarray(paper.T[:, ::-1]) if turned else paper


@pytest.mark.parametrize("width", [3, 4, 5, 8, 10, 14, 20, 27, 36])
@pytest.mark.parametrize("turned", [False, True])
def test_a_lock_that_is_open_at_its_end_is_a_basin(width, turned):
    found = basins(lock(width, turned=turned))
    labels = found.labels[:, ::-1].T if turned else found.labels
    inside, outside = int(labels[150, 150]), int(labels[150, 480])
    assert inside != outside
    assert found.long[inside]
    assert not found.long[outside]
    assert (labels[150, 102:360] == inside).all()
    assert abs(width_between(found, inside, outside) - width) <= 1 + width / 10


@pytest.mark.parametrize("width", [8, 12, 18, 24])
def test_a_slanting_lock_is_a_basin_too(width):
    """Where the ball just fits in, its places are few and scattered at the small size that it is looked at."""
    page = np.ones((460, 460), np.uint8)
    turn = cv2.getRotationMatrix2D((230, 230), 30, 1)[:, :2]
    corners = np.array([(130, -1), (-130, -1), (-130, 1), (130, 1)]) * (1, width / 2 + 1)
    cv2.polylines(page, [np.rint(corners @ turn.T + 230).astype(np.int32)], False, 0, 2)
    found = basins(page > 0)
    inside = int(found.labels[230, 230])
    assert found.long[inside]
    assert inside != found.labels[5, 5]
    along = np.rint(np.linspace((-110, 0), (90, 0), 40) @ turn.T + 230).astype(int)
    assert (found.labels[along[:, 1], along[:, 0]] == inside).all()


def test_a_short_slit_belongs_to_the_room_it_opens_into():
    paper = blank(120, 80)
    paper[60:67] = False
    paper[60:66, 40] = True
    found = basins(paper)
    assert found.count == 2
    assert (found.labels[60:66, 40] == found.labels[20, 40]).all()


def test_a_tip_is_no_lock():
    page = np.zeros((240, 700), np.uint8)
    cv2.fillConvexPoly(page, np.array([(20, 60), (680, 120), (20, 180)]), 1)
    found = basins(page > 0)
    assert not found.long.any()


def test_there_may_be_more_basins_than_sixteen_bits_can_number():
    paper = blank(1030, 1030)
    paper[::4], paper[:, ::4] = False, False
    few, many = basins(paper[:1020, :1020].copy()), basins(paper)
    assert (few.labels.dtype, few.count) == (np.uint16, 255**2)
    assert (many.labels.dtype, many.count) == (np.int32, 257**2)
    checked(many, paper)


def test_the_page_is_not_written_to():
    paper = wall(hole=9)
    paper.setflags(write=False)
    before = paper.copy()
    basins(paper)
    np.testing.assert_array_equal(paper, before)
