"""The main colours of a picture: which, how many, and what is nearest to which."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.difference import ciede2000
from mangapaint.analysis.palette import (
    LIGHT,
    SAME_COLOR,
    color_cells,
    lab_of,
    main_colors,
    nearest,
    posterised,
    rgb_of,
)
from mangapaint.document.page import Picture
from mangapaint.document.palette import Palette, Swatch

PLANTED = ((250, 240, 220), (40, 60, 150), (200, 50, 60), (30, 30, 35), (90, 170, 80))


def planted() -> np.ndarray:
    """Five colours in known parts."""
    pixels = np.empty((100, 100, 3), np.uint8)
    pixels[:50], pixels[50:75], pixels[75:90] = PLANTED[:3]
    pixels[90:, :60], pixels[90:, 60:] = PLANTED[3:]
    return pixels


def painted(seed: int = 5) -> np.ndarray:
    """Soft browns and blues that run into each other, with the grain of a painting; nothing of it is green."""
    rng = np.random.default_rng(seed)
    soft = cv2.resize(rng.random((5, 6)).astype(np.float32), (640, 480), interpolation=cv2.INTER_CUBIC)[..., None]
    mixed = np.array((190, 120, 70)) * soft + np.array((60, 70, 160)) * (1 - soft)
    return np.clip(mixed + rng.normal(0, 4, (480, 640, 3)), 0, 255).astype(np.uint8)


def strip(labs: np.ndarray) -> np.ndarray:
    """CIELAB colours as broad columns side by side."""
    return np.repeat(np.repeat(rgb_of(labs)[None], 60, axis=0), 6, axis=1)


def farthest(color: tuple[int, int, int], palette: Palette) -> float:
    """How far a colour is from the nearest of a palette."""
    return float(np.linalg.norm(lab_of(np.array(palette.colors)) - lab_of(np.array([color])), axis=1).min())


def test_planted_colours_and_their_shares_are_found():
    found = main_colors(Picture(planted(), "planted"))
    assert found.colors == PLANTED
    assert found.name == "planted"
    assert [swatch.share for swatch in found.swatches] == pytest.approx([0.5, 0.25, 0.15, 0.06, 0.04])


def test_noise_does_not_hide_them():
    rng = np.random.default_rng(2)
    noisy = np.clip(planted() + rng.normal(0, 3, (100, 100, 3)), 0, 255).astype(np.uint8)
    found = main_colors(Picture(noisy, "noisy"))
    assert all(farthest(color, found) < 4 for color in PLANTED)
    assert sum(swatch.share for swatch in found.swatches) == pytest.approx(1)


@pytest.mark.parametrize("count", [None, 24])
def test_an_iris_of_sixty_pixels_is_kept(count):
    pixels, iris = painted(), (40, 160, 90)
    assert farthest(iris, main_colors(Picture(pixels.copy(), "without"), count=count)) > 25
    cv2.circle(pixels, (300, 200), 4, iris, cv2.FILLED)
    assert 45 <= (pixels == iris).all(axis=2).sum() <= 75
    found = main_colors(Picture(pixels, "with"), count=count)
    assert farthest(iris, found) < 6
    assert min(swatch.share for swatch in found.swatches) < 0.001


def test_a_plain_picture_has_fewer_colours_than_a_rich_one():
    rng = np.random.default_rng(7)
    rich = cv2.resize(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8), (300, 300), interpolation=cv2.INTER_CUBIC)
    plain = len(main_colors(Picture(planted(), "plain")).swatches)
    assert (
        plain < len(main_colors(Picture(painted(), "painted")).swatches) < len(main_colors(Picture(rich, "")).swatches)
    )


def test_shading_takes_fewer_colours_than_hue():
    way = np.linspace(-35, 35, 80)
    flat = np.zeros(80)
    shaded = main_colors(Picture(strip(np.stack([60 + way, flat + 8, flat + 8], axis=1)), "shaded"))
    turning = main_colors(Picture(strip(np.stack([60 + flat, way, flat + 8], axis=1)), "turning"))
    assert len(shaded.swatches) < len(turning.swatches)


def test_mixtures_along_an_outline_count_for_little():
    pixels = np.full((300, 300, 3), PLANTED[0], np.uint8)
    for at in range(20, 300, 20):
        cv2.circle(pixels, (150, 150), at, PLANTED[2], 9, cv2.LINE_AA)
    soft = cv2.GaussianBlur(pixels, (0, 0), 0.8)
    found = main_colors(Picture(soft, "rings"), count=2)
    assert all(farthest(color, found) < 2 for color in (PLANTED[0], PLANTED[2]))


def test_what_nobody_can_tell_apart_is_one_colour():
    near = np.array([[60, 30, 20], [60.8, 30.5, 20.5]])
    assert ciede2000(*near) < SAME_COLOR
    merged = main_colors(Picture(strip(near), "near"), count=24)
    assert [swatch.share for swatch in merged.swatches] == [1.0]
    far = np.array([[60, 30, 20], [60, 30, 29]])
    assert ciede2000(*far) > SAME_COLOR
    assert len(main_colors(Picture(strip(far), "far"), count=24).swatches) == 2


@pytest.mark.parametrize("count", [None, 1, 2, 24, 32, 100])
def test_a_count_is_the_most_and_all_colours_can_be_told_apart(count):
    found = main_colors(Picture(painted(), "painted"), count=count)
    assert 1 <= len(found.swatches) <= (count or 64)
    lab = lab_of(np.array(found.colors)).astype(float)
    apart = ciede2000(lab[:, None], lab[None])
    assert apart[~np.eye(len(lab), dtype=bool)].min(initial=99) > SAME_COLOR - 0.5  # rounded to 8 bits meanwhile
    shares = [swatch.share for swatch in found.swatches]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) > 0
    assert sum(shares) == pytest.approx(1)


def test_a_count_below_one_is_a_mistake():
    with pytest.raises(ValueError, match="0 colours"):
        main_colors(Picture(planted(), "planted"), count=0)


def test_the_same_picture_and_seed_give_the_same_colours():
    rng = np.random.default_rng(3)
    large = Picture(np.repeat(rng.integers(0, 256, (900, 500, 3), dtype=np.uint8), 3, axis=1), "large")
    first = main_colors(large, count=12, seed=4)
    cv2.setRNGSeed(9)
    np.random.default_rng(9).random(5)
    assert main_colors(large, count=12, seed=4) == first
    assert main_colors(large, count=12, seed=5) != first


def test_a_large_picture_is_looked_at_by_chance_not_in_step_with_its_screentone():
    gray = np.full((2000, 2000), 255, np.uint8)
    gray[::3, ::3] = 0
    cells = color_cells(Picture(gray, "tone"))
    assert cells.pixels[cells.lab[:, 0] < 50].sum() / cells.pixels.sum() == pytest.approx(1 / 9, abs=0.01)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (40, 50), (1, 10000), (3_000_000, 1)])
def test_an_even_picture_has_one_colour(shape):
    gray = main_colors(Picture(np.full(shape, 77, np.uint8), "gray"))
    assert [(swatch.color, swatch.share) for swatch in gray.swatches] == [((77, 77, 77), 1.0)]
    color = main_colors(Picture(np.full((*shape, 3), (10, 200, 90), np.uint8), "colour"), count=24)
    assert color.colors == ((10, 200, 90),)


def test_four_pixels_are_four_colours():
    pixels = np.array([[PLANTED[0], PLANTED[1]], [PLANTED[2], PLANTED[4]]], np.uint8)
    assert set(main_colors(Picture(pixels, "four")).colors) == {PLANTED[0], PLANTED[1], PLANTED[2], PLANTED[4]}


def test_a_gray_page_has_gray_colours_from_ink_to_paper():
    found = main_colors(Picture(drawing.washes(), "washes"))
    assert all(max(color) - min(color) <= 1 for color in found.colors)
    assert min(found.colors)[0] < 40
    assert max(found.colors)[0] > 240


def test_noise_has_colours_all_over():
    rng = np.random.default_rng(8)
    found = main_colors(Picture(rng.integers(0, 256, (60, 60, 3), dtype=np.uint8), "noise"))
    assert 24 < len(found.swatches) <= 64


def palette_of(*colors: tuple[int, int, int]) -> Palette:
    return Palette(tuple(Swatch(color) for color in colors))


def test_the_nearest_colour_is_the_nearest_of_each_single_pixel():
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, 256, (70, 90, 3), dtype=np.uint8)
    colors = rng.integers(0, 256, (300, 3), dtype=np.uint8)
    found = nearest(pixels, palette_of(*[tuple(color) for color in colors.tolist()]))
    weights = (LIGHT, 1, 1)
    off = (lab_of(pixels.reshape(-1, 3))[:, None].astype(float) - lab_of(colors)[None]) * weights
    distances = np.linalg.norm(off, axis=2)
    assert (found.dtype, found.shape) == (np.int32, (70, 90))
    chosen = np.take_along_axis(distances, found.reshape(-1, 1), axis=1)[:, 0]
    np.testing.assert_allclose(chosen, distances.min(axis=1), atol=1e-3)
    assert found.max() > 255


def test_the_nearest_colour_of_gray_pixels_and_of_twins():
    gray = np.array([[0, 90, 255]], np.uint8)
    assert nearest(gray, palette_of((250, 250, 250), (100, 100, 100), (100, 100, 100))).tolist() == [[1, 1, 0]]


def test_close_colours_are_told_apart_exactly():
    close = palette_of((100, 100, 100), (104, 100, 100))
    pixels = np.array([[(100, 100, 100), (101, 100, 100), (103, 100, 100), (104, 100, 100)]], np.uint8)
    assert nearest(pixels, close).tolist() == [[0, 0, 1, 1]]


def test_an_empty_palette_has_no_nearest_colour():
    with pytest.raises(ValueError, match="without colours"):
        nearest(planted(), Palette())


def test_flats_hold_only_the_palettes_colours_each_the_nearest():
    pixels = planted()
    palette = main_colors(Picture(pixels, "planted"))
    np.testing.assert_array_equal(posterised(pixels, palette), pixels)
    rng = np.random.default_rng(4)
    noise = rng.integers(0, 256, (60, 70, 3), dtype=np.uint8)
    flat = posterised(noise, palette)
    assert flat.dtype == np.uint8
    assert {tuple(color) for color in flat.reshape(-1, 3).tolist()} == set(palette.colors)
    near = np.clip(pixels.astype(int) + rng.integers(-6, 7, pixels.shape), 0, 255).astype(np.uint8)
    np.testing.assert_array_equal(posterised(near, palette), pixels)
