from __future__ import annotations

import numpy as np
import pytest
from shown import picture, things

from mangapaint.training.samples import NOWHERE
from mangapaint.training.warping import FINE, Placement, bend, fitted, mapping, moved, moved_labels


def test_a_picture_of_the_size_stays_as_it_is() -> None:
    way = mapping((96, 128), fitted((96, 128), (96, 128)))
    np.testing.assert_array_equal(moved(picture(), way), picture())
    np.testing.assert_array_equal(moved_labels(things(), way), things())


def test_mirroring_and_turning_by_half_are_exact() -> None:
    mirrored = mapping((96, 128), Placement((64, 48), 1.0, mirror=True))
    np.testing.assert_array_equal(moved(picture(turn=1), mirrored), picture(turn=1)[:, ::-1])
    np.testing.assert_array_equal(moved_labels(things(), mirrored), things()[:, ::-1])
    turned = moved(picture(), mapping((96, 128), Placement((64, 48), 1.0, angle=180)))
    assert np.abs(turned.astype(int) - picture()[::-1, ::-1]).max() <= 1


@pytest.mark.parametrize(("source", "size"), [((96, 128), (64, 64)), ((128, 96), (64, 64)), ((40, 40), (64, 96))])
def test_a_fitted_picture_is_whole_and_padded_with_white(source: tuple[int, int], size: tuple[int, int]) -> None:
    full = np.full((*source, 3), 50, np.uint8)
    found = moved(full, mapping(size, fitted(source, size)))
    assert found.shape == (*size, 3)
    scale = min(size[0] / source[0], size[1] / source[1])
    shown = (found[..., 0] < 150).sum()
    assert shown == pytest.approx(full[..., 0].size * scale**2, rel=0.06)
    assert ((found == 50) | (found == 255)).all(axis=2).mean() > 0.9
    labels = moved_labels(np.zeros(source, np.int32), mapping(size, fitted(source, size)))
    assert (labels == 0).sum() == pytest.approx(shown, rel=0.06)
    assert set(np.unique(labels)) <= {0, NOWHERE}


def test_shrinking_averages_so_that_lines_stay() -> None:
    stripes = np.full((256, 256), 255, np.uint8)
    stripes[:, ::4] = 0
    small = moved(stripes, mapping((64, 64), fitted((256, 256), (64, 64))))
    assert np.abs(small[2:-2, 2:-2].astype(int) - 191).max() <= 1


def test_a_part_is_where_it_was_asked_for() -> None:
    rows, columns = np.mgrid[:200, :200].astype(np.uint8)
    place = np.stack([rows, columns, rows], axis=2)
    found = moved(place, mapping((20, 20), Placement((60, 150), 1.0)))
    np.testing.assert_array_equal(found, place[140:160, 50:70])
    larger = moved(place, mapping((40, 40), Placement((60, 150), 2.0)))
    assert np.abs(larger[::2, ::2, 0].astype(int) - place[140:160, 50:70, 0]).max() <= 1


def test_labels_and_colours_move_together() -> None:
    rng = np.random.default_rng(3)
    way = mapping((96, 96), Placement((60, 45), 0.9, angle=7, mirror=True), bend(4, 0.06, rng))
    color, labels = moved(picture(), way), moved_labels(things(), way)
    for label, rgb in ((4, (120, 180, 240)), (5, (90, 160, 70)), (9, (220, 40, 50))):
        at = labels == label
        assert at.sum() > 100
        assert (np.abs(color[at].astype(int) - rgb).max(axis=1) <= 3).mean() > 0.9


def test_beyond_a_picture_there_is_nothing() -> None:
    way = mapping((16, 16), Placement((900, 900), 1.0))
    assert (moved(picture(), way) == 255).all()
    assert (moved_labels(things(), way) == NOWHERE).all()


@pytest.mark.parametrize("points", [3, 4, 5])
def test_bends_are_smooth_and_no_stronger_than_asked(points: int) -> None:
    for seed in range(20):
        bent = bend(points, 0.06, np.random.default_rng(seed))
        assert bent.shape == (FINE, FINE, 2)
        assert 0.005 < np.abs(bent).max() < 0.1  # between its points a spline may swing a little further
        # No place overtakes its neighbour: the picture does not fold.
        assert np.abs(np.diff(bent[..., 0], axis=1)).max() < 1 / FINE
        assert np.abs(np.diff(bent[..., 1], axis=0)).max() < 1 / FINE


def test_a_spline_follows_what_is_even_exactly() -> None:
    class Shifted:
        def uniform(self, low: float, high: float, shape: tuple[int, int]) -> np.ndarray:
            return np.full(shape, high) * [1, -0.5]

    bent = bend(4, 0.04, Shifted())  # type: ignore[arg-type]
    np.testing.assert_allclose(bent, np.broadcast_to([0.04, -0.02], bent.shape), atol=1e-6)
