from __future__ import annotations

import cv2
import numpy as np
from shown import picture, things

from mangapaint.training.areas import areas
from mangapaint.training.samples import NOWHERE


def _agreeing(found: np.ndarray, true: np.ndarray) -> float:
    """The part of the true areas' pixels that lie in the one found area that has most of them."""
    return float(np.mean([np.bincount(found[true == at] + 1, minlength=2)[1:].max() / (true == at).sum()
                          for at in np.unique(true[true > NOWHERE])]))  # fmt: skip


def test_areas_are_what_was_drawn() -> None:
    found = areas(picture(192, 256))
    assert found.dtype == np.int32
    assert found.shape == (192, 256)
    assert _agreeing(found, things(192, 256)) > 0.93
    assert len(np.unique(found[found > NOWHERE])) == 3
    assert (found[(picture(192, 256) == 0).all(axis=2)] == NOWHERE).mean() > 0.9


def test_noise_and_compression_make_no_areas() -> None:
    noisy = picture(192, 256) + np.random.default_rng(0).normal(0, 6, (192, 256, 3))
    sent = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
    found = areas(np.asarray(cv2.imdecode(sent, cv2.IMREAD_COLOR), np.uint8))
    assert _agreeing(found, things(192, 256)) > 0.85
    assert len(np.unique(found)) < 20


def test_one_colour_in_two_places_is_two_areas() -> None:
    color = np.full((100, 200, 3), (240, 240, 220), np.uint8)
    color[20:80, 20:80] = color[20:80, 120:180] = (200, 40, 40)
    found = areas(color)
    one, other, around = (int(found[at]) for at in ((50, 50), (50, 150), (5, 5)))
    assert len({one, other, around}) == 3
    assert NOWHERE not in (one, other, around)


def test_lines_are_nowhere_and_solid_black_is_an_area() -> None:
    color = np.full((200, 200, 3), (250, 220, 190), np.uint8)
    color[:, 98:102] = 0
    color[20:70, 20:70] = 0
    found = areas(color)
    assert (found[:, 98:102] == NOWHERE).mean() > 0.95
    assert found[45, 45] != NOWHERE
    assert found[100, 50] != found[100, 150]


def test_known_ink_is_nowhere() -> None:
    line = np.full((96, 128), 255, np.uint8)
    line[10:14] = 0
    found = areas(picture(), line)
    assert (found[10:14] == NOWHERE).all()
    assert found[5, 5] != NOWHERE


def test_a_large_picture_has_areas_of_its_own_size() -> None:
    found = areas(picture(600, 768))
    assert found.shape == (600, 768)
    assert _agreeing(found, things(600, 768)) > 0.95


def test_one_colour_is_one_area() -> None:
    assert (areas(np.full((40, 60, 3), 90, np.uint8)) == 0).all()
