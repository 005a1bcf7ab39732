"""A series can be made again from its number, what is said of its pictures is true, its people stay who they are."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from mangapaint.training.samples import NOWHERE
from mangapaint.training.scenes.series import LEAST, Scene, Series

ARRAYS = ("ink", "tone", "flats", "shade", "color", "regions", "identities")
PRINT = "from test_scene_series import digest; from mangapaint.training.scenes.series import Series; "


def digest(scene: Scene) -> str:
    return hashlib.sha256(b"".join(getattr(scene, name).tobytes() for name in ARRAYS)).hexdigest()


@pytest.fixture(scope="module")
def scenes() -> list[tuple[Series, Scene]]:
    made = [(Series.of(seed), index) for seed in range(6) for index in range(3)]
    return [(series, series.scene(index, width=256, height=256)) for series, index in made]


def test_the_same_number_gives_the_same_picture_in_any_process_and_order():
    here = digest(Series.of(3).scene(1, width=200, height=160))
    series = Series.of(3)
    series.scene(0, width=64, height=64)
    assert digest(series.scene(1, width=200, height=160)) == here
    there = subprocess.run(
        [sys.executable, "-c", PRINT + "print(digest(Series.of(3).scene(1, width=200, height=160)))"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert there.stdout.strip() == here


def test_other_numbers_give_other_pictures():
    made = {digest(Series.of(seed).scene(index, width=64, height=64)) for seed in (1, 2) for index in (0, 1)}
    assert len(made) == 4
    assert Series.of(4) == Series.of(4) != Series.of(5)


@pytest.mark.parametrize(("width", "height"), [(LEAST, LEAST), (333, 201), (160, 400)])
def test_pictures_have_the_size_that_was_asked_for(width, height):
    scene = Series.of(1).scene(0, width=width, height=height)
    for name in ARRAYS:
        array = getattr(scene, name)
        assert array.shape[:2] == (height, width), name
        assert array.dtype == (np.int32 if name in ("regions", "identities") else np.uint8)
        assert array.shape[2:] == ((3,) if name in ("flats", "shade", "color") else ())
        assert array.flags.c_contiguous


def test_too_small_pictures_are_refused():
    with pytest.raises(ValueError, match="too small"):
        Series.of(1).scene(0, width=LEAST - 1, height=100)


def test_identities_are_known_by_one_number(scenes):
    for series, scene in scenes:
        numbers = [one.number for one in series.identities]
        assert len(set(numbers)) == len(numbers)
        assert set(np.unique(scene.identities)) <= {NOWHERE, *numbers}
        assert 1 <= len(series.cast.people) <= 4
        assert 1 <= len(series.cast.places) <= 4


def test_each_region_is_of_one_identity_and_its_flats_have_its_color(scenes):
    for series, scene in scenes:
        colors = {one.number: one.color for one in series.identities}
        known = scene.regions != NOWHERE
        assert (known == (scene.identities != NOWHERE)).all()
        pairs = np.unique(np.stack((scene.regions[known], scene.identities[known])), axis=1)
        assert pairs.shape[1] == scene.regions.max() + 1 > 5
        for number in np.unique(scene.identities[known]):
            assert (scene.flats[scene.identities == number] == colors[number]).all()


def test_ink_is_dark_where_nothing_is_and_light_elsewhere(scenes):
    for _, scene in scenes:
        nothing = scene.identities == NOWHERE
        assert 0.005 < nothing.mean() < 0.6
        assert scene.ink[nothing].mean() < scene.ink[~nothing].mean() - 70
        assert scene.ink[~nothing].mean() > 200
        assert scene.tone.mean() <= scene.ink.mean() + 2


def test_color_is_flats_times_shade_nearly_everywhere_else(scenes):
    """But for highlights, marks of other colours, and pixels where two things meet."""
    for _, scene in scenes:
        clear = (scene.identities != NOWHERE) & (scene.ink > 225)
        apart = np.abs(scene.flats * (scene.shade / 255) - scene.color).max(axis=2)
        assert np.median(apart[clear]) <= 2
        assert (apart[clear] < 24).mean() > 0.8


def test_things_come_back_in_other_pictures_of_the_series():
    series = Series.of(2)
    people = {one.number for person in series.cast.people for one in person.identities}
    seen = [people & set(np.unique(series.scene(index, width=128, height=128).identities)) for index in range(8)]
    often = [sum(number in numbers for numbers in seen) for number in set.union(*seen)]
    assert max(often) >= 3
    assert len([numbers for numbers in seen if numbers]) >= 4


def test_there_are_bubbles_panels_and_sounds_among_the_pictures():
    made = [Series.of(seed).scene(0, width=96, height=96) for seed in range(30)]
    assert {len(scene.panels) > 1 for scene in made} == {True, False}
    assert any((scene.identities == 1).any() for scene in made)
    assert any((scene.identities == 0).any() for scene in made)
    assert any((scene.tone != scene.ink).mean() > 0.05 for scene in made)


def test_an_original_is_the_scene_to_learn_from():
    scene = Series.of(0).scene(0, width=64, height=64)
    original = scene.original("scene-0-0", "scene-0")
    assert (original.name, original.series) == ("scene-0-0", "scene-0")
    assert original.color is scene.color
    assert original.line is scene.ink
    assert original.tone is scene.tone
    assert original.regions is scene.regions
    assert original.identities is scene.identities
