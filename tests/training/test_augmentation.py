from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from shown import known, picture

from mangapaint.document.page import Pixels
from mangapaint.training.augmentation import GENERAL, NONE, SERIES, Augmentation, augmented, relit, worn
from mangapaint.training.samples import NOWHERE, Input, Original
from mangapaint.training.warping import fitted, mapping, moved


def _lab(rgb: Pixels) -> np.ndarray:
    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _shown(augmentation: Augmentation, seed: int, original: Original | None = None, size: tuple[int, int] = (64, 64)):
    rng = np.random.default_rng(seed)
    return augmented(original or known(), size, augmentation, input=Input.GRAY, rng=rng)


def test_none_only_brings_to_the_size() -> None:
    first, second = _shown(NONE, 1), _shown(NONE, 2)
    np.testing.assert_array_equal(first.color, second.color)
    np.testing.assert_array_equal(first.color, moved(picture(), mapping((64, 64), fitted((96, 128), (64, 64)))))


@pytest.mark.parametrize("augmentation", [NONE, SERIES, GENERAL])
def test_every_layer_has_the_size(augmentation: Augmentation) -> None:
    for seed in range(5):
        shown = _shown(augmentation, seed, size=(48, 80))
        assert shown.color.shape == (48, 80, 3)
        for layer, dtype in (("line", np.uint8), ("tone", np.uint8), ("regions", np.int32), ("identities", np.int32)):
            values = getattr(shown, layer)
            assert values.shape == (48, 80)
            assert values.dtype == dtype
        assert shown.color.dtype == np.uint8
        np.testing.assert_array_equal(shown.regions, shown.identities)


def test_what_is_not_known_stays_unknown() -> None:
    shown = _shown(GENERAL, 0, Original("bare", "bare", picture()))
    assert shown.line is None
    assert shown.tone is None
    assert shown.regions is None
    assert shown.identities is None


def test_the_same_seed_shows_the_same() -> None:
    np.testing.assert_array_equal(_shown(GENERAL, 7).color, _shown(GENERAL, 7).color)
    assert len({_shown(GENERAL, seed).color.tobytes() for seed in range(10)}) == 10


def test_one_series_keeps_its_colours() -> None:
    true = {4: (120, 180, 240), 5: (90, 160, 70), 9: (220, 40, 50)}
    for seed in range(12):
        shown = _shown(SERIES, seed)
        assert shown.identities is not None
        for label, rgb in true.items():
            inside = cv2.erode((shown.identities == label).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            if inside.sum() < 20:
                continue
            lab = np.median(_lab(shown.color)[inside], axis=0)
            expected = _lab(np.array([[rgb]], np.uint8))[0, 0]
            # Nothing but its lightness changes, and chroma where sRGB has no more of it.
            assert np.hypot(*(lab - expected)[1:]) < 3 or np.hypot(*lab[1:]) < np.hypot(*expected[1:])
            hues = [np.arctan2(b, a) for _, a, b in (lab, expected)]
            assert abs(np.angle(np.exp(1j * (hues[0] - hues[1])))) < 0.25


def test_parts_do_not_reach_out_of_a_large_picture() -> None:
    large = Original("large", "large", np.full((300, 400, 3), 60, np.uint8))
    parts = replace(NONE, whole=0.0, scale=(0.5, 2.0), mirror=0.5)
    for seed in range(30):
        assert (_shown(parts, seed, large).color == 60).all()
    whole = _shown(NONE, 0, large).color
    assert (whole[[0, -1]] == 255).all()


def test_parts_come_at_the_scales_asked_for() -> None:
    rows = np.mgrid[:400, :400][0]
    place = Original("place", "place", np.repeat((rows % 256).astype(np.uint8)[..., None], 3, axis=2))
    parts = replace(NONE, whole=0.0, scale=(0.5, 2.0))
    steps = [float(np.median(np.diff(_shown(parts, seed, place).color[:, 32, 0].astype(int)))) for seed in range(60)]
    assert min(steps) >= 0.0
    assert max(steps) <= 2.0
    assert len({step for step in steps if step >= 1}) >= 2


def test_mirroring_is_as_often_as_asked() -> None:
    left = np.full((64, 64, 3), 255, np.uint8)
    left[:, :32] = (200, 30, 30)
    original = Original("left", "left", left)
    mirrored = [bool(_shown(replace(NONE, mirror=0.5), seed, original).color[5, 5, 1] == 255) for seed in range(60)]
    assert 15 < sum(mirrored) < 45
    assert not any(_shown(NONE, seed, original).color[5, 5, 1] == 255 for seed in range(5))


def test_another_light_changes_lightness_alone() -> None:
    muted = np.full((40, 40, 3), (150, 120, 110), np.uint8)
    muted[:20] = (90, 110, 100)
    lights = []
    for seed in range(20):
        lab = _lab(relit(muted, np.random.default_rng(seed)))
        assert np.abs(lab[..., 1:] - _lab(muted)[..., 1:]).max() < 1.0
        assert lab[5, 5, 0] < lab[35, 35, 0]
        lights.append(float(lab[5, 5, 0]))
    assert np.ptp(lights) > 8


def test_a_page_is_worn_as_often_as_asked() -> None:
    page = np.full((64, 64), 255, np.uint8)
    page[20:40, 20:40] = 0
    np.testing.assert_array_equal(worn(page, NONE, np.random.default_rng(0)), page)
    always = [worn(page, replace(NONE, wear=1.0), np.random.default_rng(seed)) for seed in range(8)]
    for other in always:
        assert other.dtype == np.uint8
        assert other.shape == page.shape
        away = np.abs(other.astype(int) - page)
        assert 0 < away.mean() < 12
    some = [worn(page, replace(NONE, wear=0.15), np.random.default_rng(seed)) is page for seed in range(40)]
    assert 10 < sum(some) < 38


def test_only_what_a_page_shows_of_luminance_varies() -> None:
    always = replace(NONE, light=1.0)
    for shown, input in ((True, Input.GRAY), (False, Input.INK), (False, Input.EDGES), (False, Input.TONE)):  # noqa: A001
        found = augmented(known(), (96, 128), always, input=input, rng=np.random.default_rng(1))
        assert (found.color != picture()).any() == shown


def test_parts_that_show_something_are_preferred() -> None:
    color, labels = np.full((400, 400, 3), 255, np.uint8), np.zeros((400, 400), np.int32)
    color[200:, 200:] = np.random.default_rng(0).integers(0, 255, (200, 200, 1))
    labels[200:, 200:] = np.arange(1, 40001).reshape(200, 200)
    busy = Original("busy", "busy", color, regions=labels)
    parts = replace(NONE, whole=0.0, scale=(1.0, 1.0))
    blank = sum(bool((_shown(parts, seed, busy).color == 255).all()) for seed in range(60))
    # Of one part each, 69 % would show nothing; of the best of three, a third.
    assert blank < 32


def test_recolouring_is_for_the_general_alone() -> None:
    def hue_changed(augmentation: Augmentation, seed: int) -> bool:
        shown = _shown(replace(augmentation, light=0.0), seed)
        assert shown.identities is not None
        disc = cv2.erode((shown.identities == 9).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        return bool(disc.any()) and bool(np.abs(np.median(shown.color[disc], axis=0) - (220, 40, 50)).max() > 8)

    assert not any(hue_changed(SERIES, seed) for seed in range(20))
    assert any(hue_changed(GENERAL, seed) for seed in range(20))
    assert NOWHERE not in (4, 5, 9)
