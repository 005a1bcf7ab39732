"""The plot of a picture's colours and its palette's on the same principal components."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mangapaint.analysis.components import components, fields, over, plotted
from mangapaint.analysis.palette import lab_of, main_colors
from mangapaint.document.page import Picture
from mangapaint.document.palette import Palette, Swatch

RED, PINK, BLUE, WHITE = (200, 40, 50), (235, 150, 160), (30, 60, 200), (255, 255, 255)


def four() -> Picture:
    """Four colours, most of it white."""
    pixels = np.full((80, 100, 3), WHITE, np.uint8)
    pixels[:20], pixels[20:30], pixels[30:32] = RED, BLUE, PINK
    return Picture(pixels, "four")


def pixel_of(found, dots, number: int, side: int) -> tuple[int, int]:
    """Row and column of a dot's middle."""
    left, lower, span = found.span
    across, up = (dots.at[number] - (left, lower)) / span
    return round((1 - float(up)) * side - 0.5), round(float(across) * side - 0.5)


def test_both_lie_on_the_components_of_the_true_colours():
    picture = four()
    palette = Palette((Swatch(RED, share=0.5), Swatch((0, 0, 0), share=0.5)))
    found = components(picture, palette)
    lab = lab_of(picture.pixels.reshape(-1, 3)).astype(float)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-6)
    variances = np.linalg.eigvalsh(np.cov(lab.T, bias=True))[::-1]
    assert found.explained == pytest.approx(tuple(variances[:2] / variances.sum()), abs=1e-4)
    middle = lab.mean(axis=0)
    np.testing.assert_allclose(found.chosen.at, (lab_of(np.array(palette.colors)) - middle) @ found.axes.T, atol=1e-2)
    (red,) = np.flatnonzero((found.true.colors == RED).all(axis=1))
    np.testing.assert_allclose(found.true.at[red], found.chosen.at[0], atol=1e-2)
    assert found.true.shares[red] == pytest.approx(0.25)
    assert found.true.shares.sum() == pytest.approx(1)
    assert (found.axes[np.arange(2), np.abs(found.axes).argmax(axis=1)] > 0).all()


def test_the_error_is_the_mean_distance_to_the_nearest_colour():
    picture = four()
    assert components(picture, main_colors(picture)).error == pytest.approx(0, abs=0.1)
    only_white = components(picture, Palette((Swatch(WHITE, share=1.0),)))
    off = np.linalg.norm(lab_of(picture.pixels.reshape(-1, 3)) - lab_of(np.array([WHITE])), axis=1).mean()
    assert only_white.error == pytest.approx(off, rel=1e-3)


def test_dots_are_drawn_in_their_colours_at_the_same_places_in_both_fields():
    picture, side = four(), 300
    found = components(picture, main_colors(picture))
    drawn = fields(found, side)
    assert (drawn.explained, drawn.error) == (found.explained, found.error)
    for field in (drawn.true, drawn.chosen):
        assert (field.dtype, field.shape) == (np.uint8, (side, side, 4))
        assert (field[..., :3] <= field[..., 3:]).all()
        assert not field[[0, -1]].any()
        assert not field[:, [0, -1]].any()
    for number, color in enumerate(found.chosen.colors.tolist()):
        at = pixel_of(found, found.chosen, number, side)
        assert drawn.chosen[at].tolist() == [*color, 255]
        assert np.abs(drawn.true[at].astype(int) - [*color, 255]).max() <= 2


def test_the_fields_hold_true_colours_that_the_palette_lacks():
    drawn = fields(components(four(), Palette((Swatch(WHITE, share=1.0),))), 300)
    for color in (RED, BLUE, PINK):
        assert (drawn.true == [*color, 255]).all(axis=2).any()
        assert not (drawn.chosen == [*color, 255]).all(axis=2).any()
    assert not drawn.true[[0, -1]].any()


def test_a_dot_grows_with_its_share():
    drawn = fields(components(four(), main_colors(four())), 300)
    areas = [(drawn.chosen == [*color, 255]).all(axis=2).sum() for color in (WHITE, RED, BLUE, PINK)]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > 2 * areas[2] > 0
    assert areas[3] > 20


def test_dots_stand_out_from_any_ground():
    picture = Picture(np.repeat(np.array([[[0] * 3, [255] * 3]], np.uint8), 8, axis=0), "black and white")
    drawn = fields(components(picture, main_colors(picture)), 200)
    for ground in ((0, 0, 0), (255, 255, 255)):
        laid = over(drawn.chosen, ground)
        assert laid.shape == (200, 200, 3)
        assert tuple(laid[0, 0]) == ground
        hidden = (drawn.chosen == [*ground, 255]).all(axis=2)
        assert hidden.any()
        around = (cv2.dilate(hidden.astype(np.uint8), np.ones((5, 5))) > 0) & ~hidden
        assert (np.abs(laid[around].astype(int) - ground).max(axis=1) > 40).mean() > 0.2


def test_half_transparent_pixels_are_laid_over_the_ground():
    field = np.array([[(64, 64, 64, 128), (0, 0, 0, 0), (10, 20, 30, 255)]], np.uint8)
    assert over(field, (200, 100, 0)).tolist() == [[[164, 114, 64], [200, 100, 0], [10, 20, 30]]]


def test_the_plot_shows_both_fields_and_says_something():
    found = components(four(), main_colors(four()))
    picture = plotted(found, side=280)
    assert picture.dtype == np.uint8
    assert picture.shape[1] > 2 * 280
    half = picture.shape[1] // 2
    for color in (RED, BLUE, WHITE):
        for part in (picture[:, :half], picture[:, half:]):
            assert (np.abs(part.astype(int) - color).max(axis=2) <= 3).any()
    ground = picture[0, 0]
    head, foot = picture[:28], picture[-24:]
    assert (head < 100).any()
    assert (foot < 100).any()
    assert (picture[-1] == ground).all()
    np.testing.assert_array_equal(plotted(found, side=280), picture)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (1, 5000), (64, 64)])
def test_a_picture_of_one_colour_has_no_differences(shape):
    for pixels in (np.full(shape, 0, np.uint8), np.full((*shape, 3), RED, np.uint8)):
        picture = Picture(pixels, "even")
        found = components(picture, main_colors(picture))
        assert found.explained == (0.0, 0.0)
        np.testing.assert_allclose(found.true.at, found.chosen.at, atol=0.5)
        assert plotted(found, side=100).any()


def test_a_gray_picture_lies_along_one_component_from_dark_to_light():
    picture = Picture(np.arange(256, dtype=np.uint8).reshape(16, 16), "gray")
    found = components(picture, main_colors(picture))
    assert found.explained == pytest.approx((1, 0), abs=1e-3)
    light = lab_of(found.true.colors)[:, 0]
    assert (np.diff(found.true.at[np.argsort(light), 0]) > 0).all()


def test_an_empty_palette_cannot_be_plotted():
    with pytest.raises(ValueError, match="without colours"):
        components(four(), Palette())
