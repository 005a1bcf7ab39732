"""What the network sees of page and references, their common palette, and how lessons vary."""

from __future__ import annotations

import cv2
import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers import palette_cnn_pictures as pictures
from mangapaint.colorizers.palette_cnn_pictures import Choices, Lesson, Sight, material, palette, sight
from mangapaint.document.page import Kind, Reference

CHOICES = Choices(size=112, count=24, chroma=False, described=False)
DESCRIBED = Choices(size=112, count=24, chroma=False, described=True)


def random_rgb(*shape: int) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (*shape, 3), np.uint8)


def lesson(*, described: bool = False) -> Lesson:
    """Labels, gray and descriptors all say the same: where a pixel comes from."""
    labels = np.arange(30 * 40).reshape(30, 40)
    channels = np.repeat(labels[..., None] / 1200, 3, axis=2).astype(np.float32)
    descriptors = np.repeat(labels[..., None], 128, axis=2).astype(np.float32) if described else None
    return Lesson(Sight(channels, descriptors), labels)


def test_gray_edges_and_corners_are_seen_in_their_places():
    gray = np.full((224, 448), 200, np.uint8)
    gray[60:120, 100:200] = 40
    channels = sight(cv2.GaussianBlur(gray, (0, 0), 1), CHOICES).channels
    assert channels.shape == (56, 112, 3)
    assert channels[22, 37, 0] == pytest.approx(40 / 255 - 0.5)
    assert channels[5, 5].tolist() == pytest.approx([200 / 255 - 0.5, 0, 0])
    assert channels[22, 24:26, 1].max() > 0.2
    assert channels[22, 37, 1] == 0
    assert channels[14:17, 24:27, 2].any()
    assert not channels[20:25, 30:45, 2].any()
    assert sight(gray, CHOICES).descriptors is None


def test_descriptors_tell_places_apart_and_find_them_again():
    gray = cv2.GaussianBlur(random_rgb(112, 112)[..., 0], (0, 0), 3)
    found = sight(gray, DESCRIBED).descriptors
    moved = sight(np.roll(gray, 10, axis=1), DESCRIBED).descriptors
    assert found.shape == (112, 112, 128)
    assert found.min() >= 0
    assert found.max() <= 2
    here, there = found[56, 50], moved[56, 60]
    assert np.linalg.norm(here - there) < 0.3 * np.linalg.norm(here - found[56, 70])


def test_references_are_looked_at_in_the_size_of_the_smallest_picture():
    """An edge of one pixel fades where a picture is made much smaller; at a common size it does not."""
    small = drawing.colored(128)
    large = cv2.resize(small, (1024, 1024), interpolation=cv2.INTER_CUBIC)
    page = analyze(drawing.page(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)), kind=Kind.GRAY)
    made = material(page, [Reference(large, "large")], CHOICES, seed=0)
    ratio = made.lessons[0].sight.channels[..., 1].mean() / made.page.channels[..., 1].mean()
    assert 0.8 < ratio < 1.25


@pytest.mark.parametrize(("kind", "white"), [(Kind.LINE, True), (Kind.GRAY, False)])
def test_for_line_art_the_references_are_drawn_like_it(kind, white):
    colored = drawing.colored(224)
    page = analyze(drawing.page(drawing.line_art(224)), kind=kind)
    gray = material(page, [Reference(colored, "colored")], CHOICES, seed=0).lessons[0].sight.channels[..., 0] + 0.5
    assert (gray[100, 56] > 0.95) == white
    assert gray[56, 28:32].min() < 0.7  # the circle's outline


def test_a_palette_of_few_colours_is_these_and_labels_name_them():
    colors = np.array([[200, 60, 40], [70, 110, 230], [10, 10, 10]], np.uint8)
    truth = np.random.default_rng(0).integers(0, 3, (20, 30))
    found, (labels,) = palette([colors[truth]], count=24, chroma=False, seed=0)
    assert len(found) == 3
    assert np.array_equal(found[labels], colors[truth])


def test_no_more_colours_than_asked_for_each_the_mean_of_its_pixels():
    pixels = random_rgb(40, 50)
    found, (labels,) = palette([pixels], count=24, chroma=False, seed=0)
    assert len(found) == 24
    assert set(labels.ravel()) == set(range(24))
    for label, color in enumerate(found):
        assert np.abs(pixels[labels == label].mean(axis=0) - color).max() <= 0.5
    again, _ = palette([pixels], count=24, chroma=False, seed=0)
    assert np.array_equal(found, again)


def test_by_a_and_b_light_and_dark_of_a_hue_are_one_colour():
    light, dark, other = (214, 150, 140), (166, 104, 95), (90, 150, 220)
    pixels = np.array([light, dark, other, other], np.uint8).reshape(1, 4, 3).repeat(5, axis=0)
    assert len(palette([pixels], count=3, chroma=False, seed=0)[0]) == 3
    found, (labels,) = palette([pixels], count=2, chroma=True, seed=0)
    assert labels[0, 0] == labels[0, 1] != labels[0, 2]
    lab = cv2.cvtColor(found[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    ends = cv2.cvtColor(np.array([[light, dark]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    assert lab[labels[0, 0]] == pytest.approx(ends.mean(axis=0), abs=1)


def test_the_number_of_colours_may_follow_the_picture():
    few, _ = palette([np.repeat(drawing.colored(64)[:, :32], 2, axis=1)], count=None, chroma=False, seed=0)
    assert 2 <= len(few) < 24


def test_pictures_share_a_palette():
    red, blue = (np.full((3, 5, 3), color, np.uint8) for color in ((200, 60, 40), (70, 110, 230)))
    found, (one, other) = palette([red, blue], count=24, chroma=False, seed=0)
    assert len(found) == 2
    assert found[one[0, 0]].tolist() == [200, 60, 40]
    assert found[other[0, 0]].tolist() == [70, 110, 230]
    assert one.shape == other.shape == (3, 5)


def test_varied_lessons_keep_labels_with_what_they_belong_to():
    plain, kinds = lesson(described=True), set()
    for seed in range(40):
        varied = plain.varied(np.random.default_rng(seed))
        inside = varied.labels >= 0
        blurred = not np.array_equal(varied.sight.channels, plain._turned(0).sight.channels)
        turned = not np.array_equal(varied.labels, plain.labels)
        kinds.add((turned, blurred))
        assert inside.mean() > 0.7
        assert np.array_equal(varied.sight.descriptors[inside][:, 0], varied.labels[inside])
        middle = (slice(8, 22), slice(8, 32))
        assert np.abs(varied.sight.channels[middle][..., 0] * 1200 - varied.labels[middle]).max() < 45
    assert kinds == {(False, False), (True, True), (False, True)}


def test_a_turn_brings_in_nothing_from_beyond_the_border():
    turned = lesson()._turned(10)
    assert (turned.labels[0, 0], turned.labels[-1, -1]) == (pictures.NOWHERE, pictures.NOWHERE)
    assert turned.labels[15, 20] == pytest.approx(15 * 40 + 20, abs=41)
    assert not turned.sight.channels[0, 0].any()


def test_the_palette_picture_is_twice_as_large_and_linear_between():
    colors = np.array([[0, 0, 0], [200, 100, 40]], np.uint8)
    made = pictures.Material(colors, (), Sight(np.zeros((1, 2, 3), np.float32)))
    found = made.picture(np.array([[0, 1]]))
    assert found.tolist() == [[[0, 0, 0], [50, 25, 10], [150, 75, 30], [200, 100, 40]]] * 2
