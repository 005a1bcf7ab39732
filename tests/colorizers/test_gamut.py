import cv2
import numpy as np
import pytest

from mangapaint.colorizers.gamut import COUNT, STEP, bins, frequencies


def test_there_are_as_many_bins_as_published_on_a_grid_of_ten():
    found = bins()
    assert found.shape == (COUNT, 2)
    assert len(np.unique(found, axis=0)) == COUNT
    assert not (found % STEP).any()


def test_every_color_has_a_bin_next_to_it():
    rgb = np.random.default_rng(1).integers(0, 256, (1, 4000, 3)).astype(np.float32) / 255
    ab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0, :, 1:]
    away = np.abs(ab[:, None] - bins()).max(axis=2).min(axis=1)
    assert away.max() <= STEP / 2


def test_frequencies_say_which_colors_a_picture_has():
    picture = np.full((40, 60, 3), (128, 128, 128), np.uint8)
    picture[:, :15] = (200, 30, 30)
    found = frequencies(picture)
    assert found.sum() == pytest.approx(1)
    gray = int(np.flatnonzero((bins() == 0).all(axis=1))[0])
    assert found[gray] == pytest.approx(0.75, abs=0.02)
    red = bins()[np.argsort(found)[-2]]
    assert red[0] > 40
    assert red[1] > 20
