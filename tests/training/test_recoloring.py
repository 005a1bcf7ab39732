from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from shown import known, picture, things

from mangapaint.document.page import Pixels
from mangapaint.training.recoloring import hues_turned, recolored, with_lab
from mangapaint.training.samples import NOWHERE, Original


def _lab(rgb: Pixels) -> np.ndarray:
    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _recolored(seed: int, *, light: bool = False, original: Original | None = None) -> Original:
    return recolored(original or known(), light=light, rng=np.random.default_rng(seed))


def test_nothing_changed_is_the_same_picture() -> None:
    np.testing.assert_allclose(with_lab(picture(), lambda lab: lab), picture(), atol=1)


def test_things_change_their_colours_and_stay_even() -> None:
    changed = set()
    for seed in range(12):
        found = _recolored(seed)
        for label in (4, 5, 9):
            inside = cv2.erode((things() == label).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            colors = found.color[inside].astype(int)
            assert np.ptp(colors, axis=0).max() <= 2
            if np.abs(colors[0] - picture()[inside][0]).max() > 10:
                changed.add(label)
        np.testing.assert_array_equal(found.identities, things())
    assert changed == {4, 5, 9}


def test_lightness_stays_where_the_page_shows_it() -> None:
    inside = things() > NOWHERE
    own = _lab(picture())[..., 0][inside]
    for seed in range(12):
        away = np.abs(_lab(_recolored(seed).color)[..., 0][inside] - own)
        assert np.median(away) < 1.5
    free = [np.abs(_lab(_recolored(seed, light=True).color)[..., 0][inside] - own).max() for seed in range(12)]
    assert max(free) > 10


@pytest.mark.parametrize("light", [False, True])
def test_ink_stays_black_and_keeps_no_rim_of_the_old_colour(light: bool) -> None:
    soft = known(192, 256)
    color = np.asarray(cv2.GaussianBlur(soft.color, (0, 0), 0.8), np.uint8)
    soft = replace(soft, color=color)
    ink = (soft.line == 0) & (color.max(axis=2) < 25)
    rim = (soft.identities == NOWHERE) & ~ink
    assert ink.sum() > 50
    for seed in range(12):
        found = _recolored(seed, light=light, original=soft)
        assert found.color[ink].max() < 60
        disc = found.color[96, 128].astype(float)
        if np.abs(disc - color[96, 128]).max() < 60:
            continue
        # Rims are mixtures of black and what is beside them: darker, but not redder than the red disc has become.
        old_red = (_lab(found.color)[..., 1][rim] > max(20.0, _lab(found.color)[..., 1][~rim].max() + 5)).mean()
        assert old_red < 0.02


def test_black_and_white_things_stay() -> None:
    color = np.full((60, 90, 3), 255, np.uint8)
    color[:, 30:60] = 8
    color[:, 60:] = (200, 120, 90)
    labels = np.repeat(np.arange(3, dtype=np.int32), 30)[None].repeat(60, axis=0)
    original = Original("three", "three", color, identities=labels)
    changed = []
    for seed in range(10):
        found = _recolored(seed, light=True, original=original).color
        np.testing.assert_array_equal(found[:, :30], 255)
        assert np.abs(found[:, 31:59].astype(int) - 8).max() <= 2
        changed.append(np.abs(found[30, 80].astype(int) - color[30, 80]).max() > 10)
    assert any(changed)


def test_paper_stays_whatever_its_colour_is() -> None:
    labels = np.where(things() == 4, np.int32(0), things())
    yellowed = Original("old", "old", np.where((labels == 0)[..., None], np.uint8((240, 225, 190)), picture()),
                        identities=labels)  # fmt: skip
    for seed in range(10):
        found = _recolored(seed, light=True, original=yellowed).color[labels == 0]
        assert np.abs(found.astype(int) - (240, 225, 190)).max() <= 2


def test_where_the_picture_ended_is_white_still() -> None:
    original = known()
    color, labels = original.color.copy(), things()
    color[:, 100:], labels[:, 100:] = 255, NOWHERE
    padded = replace(original, color=color, identities=labels)
    for seed in range(10):
        np.testing.assert_array_equal(_recolored(seed, light=True, original=padded).color[:, 101:], 255)


def test_shades_of_a_thing_change_with_it() -> None:
    color = np.empty((40, 80, 3), np.uint8)
    color[:, :40], color[:, 40:] = (220, 60, 60), (150, 35, 40)
    original = Original("shaded", "shaded", color, identities=np.ones((40, 80), np.int32))
    turned = []
    for seed in range(16):
        lab = _lab(_recolored(seed, original=original).color)
        light, dark = lab[20, 20], lab[20, 60]
        assert light[0] > dark[0] + 10
        if np.hypot(*light[1:]) > 15:
            hues = np.arctan2(light[2], light[1]), np.arctan2(dark[2], dark[1])
            assert abs(np.angle(np.exp(1j * (hues[0] - hues[1])))) < 0.6
            turned.append(hues[0])
    assert np.ptp(turned) > 1


def test_hues_of_an_unknown_picture_turn_smoothly() -> None:
    wheel = np.zeros((36, 360, 3), np.float32)
    angle = np.deg2rad(np.arange(360, dtype=np.float32))
    wheel[..., 0], wheel[..., 1], wheel[..., 2] = 60, 25 * np.cos(angle), 25 * np.sin(angle)
    rgb = np.rint(cv2.cvtColor(wheel, cv2.COLOR_LAB2RGB) * 255).astype(np.uint8)
    for seed in range(8):
        lab = _lab(hues_turned(rgb, np.random.default_rng(seed)))
        assert np.abs(lab[..., 0] - _lab(rgb)[..., 0]).max() < 2
        hues = np.unwrap(np.arctan2(lab[0, :, 2], lab[0, :, 1]))
        steps = np.diff(hues)
        assert np.abs(steps).max() < 0.12  # no jump
        assert hues[-1] - hues[0] == pytest.approx(2 * np.pi, abs=0.15)  # none is lost
    assert np.abs(_recolored(3, original=Original("bare", "bare", picture())).color.astype(int) - picture()).max() > 20


def test_gray_stays_gray_when_hues_turn() -> None:
    gray = np.repeat(np.arange(0, 250, 10, dtype=np.uint8)[:, None, None], 3, axis=2).repeat(8, axis=1)
    np.testing.assert_allclose(hues_turned(gray, np.random.default_rng(0)), gray, atol=1)
