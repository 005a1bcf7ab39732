"""Pictures made ready for matching: sizes, lines taken out of a reference's colours, and what is remembered."""

from __future__ import annotations

import cv2
import drawing
import figures
import numpy as np
import painting
import pytest
from referring import lab, reference

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.sights import COARSE, FINE, WORKING, has_lines, of_page, of_reference
from mangapaint.colorizers.working import lightness, shrunk
from mangapaint.document.page import Kind
from mangapaint.document.rect import Rect

FIGURE = figures.figure()


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (40, 30), (900, 700)])
@pytest.mark.parametrize("lines", [False, True])
def test_a_reference_of_any_size_is_made_ready(size, lines):
    pixels = cv2.resize(FIGURE, size[::-1], interpolation=cv2.INTER_AREA)
    found = of_reference(reference(pixels), lines=lines)
    scale = max(size)
    for picture, longest in ((found.fine, FINE), (found.light, WORKING), (found.coarse, COARSE)):
        assert max(picture.shape) == min(scale, longest)
        assert min(picture.shape) >= 1
    assert found.lab.shape == (*found.fine.shape, 3)
    assert found.lines is lines
    assert found.fine.dtype == np.uint8
    for field in (found.light, found.coarse, found.lab):
        assert field.dtype == np.float32
        assert np.isfinite(field).all()
    for light in (found.light, found.coarse):
        assert -0.01 <= light.min() <= light.max() <= 100.01


def test_a_references_colours_are_its_own():
    found = of_reference(reference(FIGURE), lines=False)
    np.testing.assert_allclose(found.lab, lab(FIGURE), atol=0.1)
    assert found.fine.shape == FIGURE.shape[:2]


def test_a_gray_reference_has_no_colour():
    gray = cv2.cvtColor(FIGURE, cv2.COLOR_RGB2GRAY)
    found = of_reference(reference(gray), lines=False)
    assert np.abs(found.lab[..., 1:]).max() < 0.5
    np.testing.assert_array_equal(found.fine, gray)


def test_where_lines_are_drawn_their_colour_is_taken_out():
    found = of_reference(reference(FIGURE), lines=True)
    dark = lab(FIGURE)[..., 0] < 15
    assert dark.mean() > 0.02
    was_line = cv2.erode(dark.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    assert (found.lab[..., 0][was_line] < 15).mean() < 0.1
    x, y = figures.DRESS_AT
    np.testing.assert_allclose(found.lab[y, x], lab(FIGURE)[y, x], atol=0.1)


def test_a_reference_that_is_all_ink_is_made_ready():
    found = of_reference(reference(np.zeros((40, 40, 3), np.uint8)), lines=True)
    assert np.isfinite(found.lab).all()


def test_equal_pictures_are_made_ready_once():
    one, other = (of_reference(reference(FIGURE.copy()), lines=False) for _ in range(2))
    assert one is other
    assert of_reference(reference(FIGURE), lines=True) is not one
    assert of_reference(reference(FIGURE[:, ::-1]), lines=False) != one


def test_a_page_is_seen_as_what_it_is():
    shaded, drawn = figures.gray_page(FIGURE), figures.line_page(FIGURE)
    whole = Rect.whole(*shaded.gray.shape)
    assert not has_lines(shaded, whole)
    assert has_lines(drawn, whole)
    one, two = of_page(shaded, whole), of_page(drawn, whole)
    assert (one.lines, two.lines) == (False, True)
    assert one.lab is two.lab is None
    np.testing.assert_array_equal(one.fine, shaded.gray)
    assert one.name != two.name
    assert one == of_page(figures.gray_page(FIGURE), whole)
    assert one != of_page(shaded, Rect(0, 0, 100, 100))


def test_a_mixed_page_is_seen_panel_by_panel():
    mixed = analyze(drawing.page(painting.mixed(240)), kind=Kind.MIXED)
    assert has_lines(mixed, Rect(12, 12, 228, 108))
    assert not has_lines(mixed, Rect(16, 136, 224, 224))


def test_lines_look_alike_however_the_reference_is_coloured():
    """What is compared on line art does not know of colours and shades."""
    drawn = of_page(figures.line_page(FIGURE), Rect.whole(figures.SIDE, figures.SIDE))
    same = of_reference(reference(FIGURE), lines=True)
    np.testing.assert_allclose(drawn.coarse, same.coarse, atol=12)
    assert np.abs(drawn.coarse - same.coarse).mean() < 1


def test_pictures_are_averaged_and_never_enlarged():
    np.testing.assert_array_equal(shrunk(FIGURE, 1000), FIGURE)
    checks = (np.indices((80, 80)).sum(axis=0) % 2 * 255).astype(np.uint8)
    small = shrunk(checks, 20)
    assert small.shape == (20, 20)
    assert np.abs(small.astype(int) - 127).max() <= 1
    assert shrunk(checks[:1], 20).shape == (1, 20)


def test_lightness_is_cielab():
    gray = np.arange(256, dtype=np.uint8)[None]
    np.testing.assert_allclose(lightness(gray), lab(np.dstack([gray] * 3))[..., 0], atol=0.01)
