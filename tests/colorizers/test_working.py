"""Pages and references at working size: never enlarged, tone as its mean gray, pictures in the page's own light."""

from __future__ import annotations

from dataclasses import replace

import drawing
import numpy as np
import pytest
import referring

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.working import example, lightness, page_gray, painted, shared_side, shrunk, to_lab
from mangapaint.document.page import Kind


@pytest.mark.parametrize(
    ("shape", "longest", "expected"),
    [((100, 40), 50, (50, 20)), ((40, 100, 3), 50, (20, 50, 3)), ((10, 20), 50, (10, 20)), ((1, 900), 30, (1, 30))],
)
def test_pictures_are_made_smaller_and_never_larger(shape, longest, expected):
    assert shrunk(np.zeros(shape, np.uint8), longest).shape == expected


@pytest.mark.parametrize(("count", "side"), [(1, 200), (4, 200), (16, 100), (10**7, 1)])
def test_many_pictures_share_the_room_of_some(count, side):
    assert shared_side(200, count, 4) == side


def test_an_example_is_gray_and_colour_of_the_same_pixels():
    found = example(referring.reference(drawing.colored(64)), 32)
    assert found.gray.shape == (32, 32)
    assert found.lab.shape == (32, 32, 3)
    assert found.lab[4, 4] == pytest.approx(to_lab(np.full((1, 1, 3), (120, 180, 240), np.uint8))[0, 0])
    gray = example(referring.reference(drawing.line_art(64)), 32)
    assert gray.gray.dtype == np.uint8
    assert np.abs(gray.lab[..., 1:]).max() < 0.3


def test_lightness_is_that_of_the_gray():
    assert lightness(np.array([[0, 119, 255]], np.uint8))[0] == pytest.approx([0, 50, 100], abs=0.3)


def test_screentone_becomes_its_mean_gray_and_lines_stay():
    analysis = analyze(drawing.page(drawing.screentone(192)), kind=Kind.TONE)
    gray = page_gray(analysis, 1000)
    assert analysis.tone is not None
    inside = gray[60:130, 60:130]
    assert np.ptp(inside) == 0
    assert inside[0, 0] == pytest.approx(analysis.gray[60:132, 60:132].mean(), abs=12)
    assert gray[4, 4] == 255
    assert gray[96, 19] < 90  # the frame


def test_a_page_with_shades_keeps_its_own_light_and_others_take_that_of_the_colours():
    analysis = analyze(drawing.page(drawing.washes(64)), kind=Kind.GRAY)
    lab = np.full((32, 32, 3), (70, 30, -10), np.float32)
    gray = page_gray(analysis, 32)
    kept = to_lab(painted(analysis, gray, lab))
    middle = (gray > 80) & (gray < 200)
    assert middle.any()
    assert np.abs(kept[..., 0] - lightness(gray))[middle].max() < 1.5
    assert np.abs(kept[middle] - lab[middle])[:, 1:].max() < 3
    regions = replace(analysis.regions, keeps=np.zeros(analysis.regions.count, bool))
    taken = to_lab(painted(replace(analysis, regions=regions), gray, lab))
    assert np.abs(taken - lab).max() < 1
