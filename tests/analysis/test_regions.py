"""Regions: what ink parts is apart, what it does not part is one, and every pixel belongs to exactly one."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis import even
from mangapaint.analysis.analysis import analyze
from mangapaint.analysis.division import divided_by_lines, divided_by_shade
from mangapaint.analysis.ink import ink_mask
from mangapaint.analysis.regions import RegionMap
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect


def scribbles(seed: int, size: tuple[int, int] = (90, 130)) -> np.ndarray:
    """Random lines, circles and dust."""
    rng = np.random.default_rng(seed)
    pixels = np.full(size, 255, np.uint8)
    for _ in range(rng.integers(1, 14)):
        x0, y0, x1, y1 = rng.integers(0, (size[1], size[0], size[1], size[0])).tolist()
        cv2.line(pixels, (x0, y0), (x1, y1), 0, int(rng.integers(1, 4)), cv2.LINE_AA)
        cv2.circle(pixels, (x1, y1), int(rng.integers(3, 40)), 0, int(rng.integers(1, 3)), cv2.LINE_AA)
    pixels[rng.random(size) < 0.004] = 0
    return pixels


def regions_of(gray: np.ndarray, *, gap: float = 0, kind: Kind = Kind.LINE) -> RegionMap:
    return (divided_by_shade(gray) if kind.keeps_luminance else divided_by_lines(gray, ink_mask(gray))).regions(gap)


def checked(found: RegionMap, shape: tuple[int, ...]) -> RegionMap:
    """What holds for every map of every page."""
    labels = found.labels
    assert labels.shape == shape
    assert labels.dtype == (np.uint16 if found.count <= 65536 else np.int32)
    assert not labels.flags.writeable
    np.testing.assert_array_equal(np.unique(labels), np.arange(found.count))
    assert found.areas.sum() == labels.size
    for column in (found.areas, found.boxes, found.shade, found.keeps, found.outside, found.bubbles):
        assert len(column) == found.count
    ways = found.cost.tocoo()
    assert found.cost.shape == (found.count, found.count)
    assert (ways.data > 0).all()
    touching = {(a, b) for a, b in zip(*map(np.ravel, (labels[:, :-1], labels[:, 1:])), strict=True) if a != b}
    touching |= {(a, b) for a, b in zip(*map(np.ravel, (labels[:-1], labels[1:])), strict=True) if a != b}
    touching |= {(b, a) for a, b in touching}
    assert set(zip(ways.row.tolist(), ways.col.tolist(), strict=True)) <= touching
    pairs = set(zip(found.borders.a.tolist(), found.borders.b.tolist(), strict=True))
    assert pairs | {(b, a) for a, b in pairs} == touching
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("kind", "gap"), [(Kind.LINE, 0), (Kind.LINE, 5), (Kind.GRAY, 0)])
def test_every_pixel_belongs_to_one_region(seed, kind, gap):
    gray = scribbles(seed)
    found = checked(regions_of(gray, gap=gap, kind=kind), gray.shape)
    some = np.flatnonzero(np.random.default_rng(seed).random(found.count) < 0.5)
    y, x = np.nonzero(np.isin(found.labels, some))
    around = Rect(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1) if len(x) else Rect(0, 0, 0, 0)
    assert found.box(some) == around


@pytest.mark.parametrize("kind", [Kind.LINE, Kind.TONE, Kind.GRAY])
@pytest.mark.parametrize("shape", [(1, 2), (1, 3000), (3000, 1), (2, 3), (3, 4), (4, 1), (5, 7), (300, 20)])
@pytest.mark.parametrize("value", [0, 255])
def test_the_smallest_and_the_blankest_pages_are_one_region(kind, shape, value):
    found = analyze(drawing.page(np.full(shape, value, np.uint8)), kind=kind)
    for gap in (0, 8, 60):
        regions = checked(found.division.regions(gap), shape)
        assert regions.count == 1
        assert regions.boxes.tolist() == [[0, 0, shape[1], shape[0]]]
        assert not regions.outlines.any()


@pytest.mark.parametrize("value", [0, 255])
def test_a_page_of_one_pixel_is_one_region(value):
    gray = np.full((1, 1), value, np.uint8)
    for found in (divided_by_lines(gray, gray < 128), divided_by_shade(gray)):
        assert checked(found.regions(5), (1, 1)).boxes.tolist() == [[0, 0, 1, 1]]


@pytest.mark.parametrize("value", [0, 255])
def test_noise_of_a_pixel_is_no_region(value):
    gray = np.full((60, 80), value, np.uint8)
    gray[20:40, 30:50] = 255 - value
    speckled = gray.copy()
    speckled[3:57:7, 5:75:9] ^= 255
    clean = regions_of(gray)
    assert regions_of(speckled).count == clean.count
    assert regions_of(speckled, gap=2).count <= clean.count


@pytest.mark.parametrize("gap", [0, 2, 6, 60])
def test_a_line_of_one_pixel_parts_two_boxes(gap):
    gray = drawing.two_boxes()
    found = checked(regions_of(gray, gap=gap), gray.shape)
    assert found.count == 2
    assert set(found.labels[:, :48].ravel()) == {found.labels[30, 20]}
    assert set(found.labels[:, 49:].ravel()) == {found.labels[30, 70]}


def test_a_soft_line_of_one_pixel_parts_two_boxes_at_any_angle():
    for angle in np.linspace(0, np.pi, 13):
        x, y = 60 * np.cos(angle), 60 * np.sin(angle)

        def draw(canvas, x=x, y=y):
            drawing.line(canvas, (40 - x, 40 - y), (40 + x, 40 + y), pen=1)

        assert regions_of(drawing.antialiased(80, 80, draw)).count == 2


def test_a_hole_in_the_line_leaks_unless_it_is_closed():
    gray = drawing.gapped_box(gap=6)
    leaking = regions_of(gray)
    assert leaking.labels[64, 64] == leaking.labels[64, 120] == leaking.labels[5, 5]
    closed = checked(regions_of(gray, gap=8), gray.shape)
    assert closed.count == 2
    inside = closed.labels == closed.labels[64, 64]
    assert inside[34:94, 36:92].all()
    y, x = np.nonzero(inside)
    assert x.min() >= 31
    assert x.max() <= 99
    assert y.min() >= 31
    assert y.max() <= 97


@pytest.mark.parametrize("gap", [0, 2, 4, 8, 12, 60])
def test_the_corners_of_a_box_belong_to_it(gap):
    def draw(canvas):
        drawing.box(canvas, 20, 20, 100, 100)
        drawing.line(canvas, (108, 100), (132, 45), (156, 100), (108, 100))

    gray = drawing.antialiased(128, 170, draw)
    found = regions_of(gray, gap=gap)
    bare = ~ink_mask(gray)
    inside = found.labels == found.labels[60, 60]
    assert inside[22:98, 22:98][bare[22:98, 22:98]].all()
    assert found.labels[96, 114] == found.labels[96, 150] == found.labels[53, 132]
    assert len({int(found.labels[y, x]) for y, x in ((60, 60), (90, 132), (5, 5))}) == 3


@pytest.mark.parametrize("tip", [120, 90])
def test_a_narrow_lock_is_a_region_though_no_ball_fits_into_it(tip):
    """Two lines close together, to the page's other side or to a tip from which the paper runs on."""
    pixels = np.full((80, 120), 255, np.uint8)
    pixels[38, :tip], pixels[43, :tip] = 0, 0
    found = regions_of(pixels, gap=8)
    lock = found.labels[41, 40]
    assert (found.labels[39:43, : tip - 8] == lock).all()
    assert lock not in (found.labels[10, 40], found.labels[70, 40], found.labels[41, 119] if tip < 120 else -1)


@pytest.mark.parametrize("pen", [1, 4, 9])
def test_regions_meet_within_the_line(pen):
    def draw(canvas):
        drawing.line(canvas, (60, -10), (60, 90), pen=pen)

    gray = drawing.antialiased(80, 120, draw)
    found = regions_of(gray)
    assert found.count == 2
    steps = np.flatnonzero((np.diff(found.labels.astype(int), axis=1) != 0).any(axis=0))
    assert len(steps)
    assert (np.abs(steps + 1 - 60) <= 1).all()
    assert (found.outlines > 0).sum(axis=1).tolist() == [1] * 80


@pytest.mark.parametrize("gap", [0, 7, 30])
def test_no_region_ends_on_bare_paper_beside_a_line(gap):
    """No white fringe: where a line is closed, both its sides belong to regions that meet under it."""
    gray = drawing.target()
    found = regions_of(gray, gap=gap)
    white = (gray > 250).view(np.uint8)
    border = found.outlines > 0
    assert border.any()
    assert not (border & (cv2.erode(white, np.ones((3, 3), np.uint8)) > 0)).any()


def test_colour_crosses_ink_only_into_small_areas():
    found = regions_of(drawing.target(), gap=2)
    left, right, small = (int(found.labels[y, x]) for x, y in ((40, 150), (140, 150), (58, 98)))
    assert found.cost[left, small] > 0
    assert found.cost[left, right] == found.cost[right, left] == 0


def test_nothing_flows_into_margins():
    gray = drawing.target()
    division = divided_by_lines(gray, ink_mask(gray))
    bare = division.regions(0)
    flags = bare.parts == bare.labels[2, 2]
    found = division.marked(outside=flags, bubble=np.zeros(division.count, bool)).regions(0)
    outside = int(found.labels[2, 2])
    assert found.outside[outside]
    assert not found.cost[[outside]].nnz
    assert not found.cost[:, [outside]].nnz


def test_the_dots_of_a_screentone_do_not_part_it():
    for pitch in (4, 6, 10):
        found = analyze(drawing.page(drawing.screentone(pitch=pitch)), kind=Kind.TONE, gap=2).regions
        assert found.count == 2
        assert (found.labels[40:210, 40:210] == found.labels[128, 128]).all()


def test_washes_are_regions_and_a_frame_of_one_pixel_does_no_harm():
    gray = drawing.washes()
    found = checked(regions_of(gray, kind=Kind.GRAY), gray.shape)
    left, right, paper = (found.labels[y, x] for x, y in ((70, 70), (190, 70), (128, 140)))
    assert len({int(left), int(right), int(paper)}) == 3
    assert found.shade[left] == pytest.approx(150, abs=12)
    framed = gray.copy()
    framed[[0, -1]] = 0
    framed[:, [0, -1]] = 0
    checked(regions_of(framed, kind=Kind.GRAY), gray.shape)
    half = np.full((40, 60), 250, np.uint8)
    half[0] = 20
    checked(regions_of(half, kind=Kind.GRAY), half.shape)


def test_large_gray_pages_are_worked_out_small_and_keep_their_size(monkeypatch):
    gray = drawing.washes()
    whole = regions_of(gray, kind=Kind.GRAY)
    monkeypatch.setattr(even, "GRAY_WORKING_PIXELS", 30_000)
    small = checked(regions_of(gray, kind=Kind.GRAY), gray.shape)
    for x, y in ((70, 70), (190, 70)):
        same = (whole.labels == whole.labels[y, x]) == (small.labels == small.labels[y, x])
        assert same.mean() > 0.97


def test_labels_are_as_wide_as_their_number_needs():
    gray = np.full((2060, 2060), 255, np.uint8)
    gray[::8], gray[:, ::8] = 0, 0
    few = divided_by_lines(gray[:2040, :2040], gray[:2040, :2040] == 0).regions(0)
    many = divided_by_lines(gray, gray == 0).regions(0)
    assert (few.count, few.labels.dtype) == (255**2, np.uint16)
    assert (many.count, many.labels.dtype) == (258**2, np.int32)
    y, x = np.nonzero(many.labels == many.count - 1)
    assert many.boxes[-1].tolist() == [x.min(), y.min(), x.max() + 1, y.max() + 1]
