"""The joint bilateral filter against what it is by definition."""

from __future__ import annotations

import numpy as np
import pytest

from mangapaint.colorizers.bilateral import joint_bilateral

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(9, 11), (1, 1), (2, 30)])
def test_it_is_the_weighted_mean_of_its_definition(shape):
    values, guide = RNG.random((*shape, 2), np.float32), RNG.random(shape, np.float32)
    found = joint_bilateral(values, guide, radius=3, near=2.0, alike=0.3)
    rows, columns = np.indices(shape)
    for y, x in [(0, 0), (shape[0] - 1, shape[1] - 1), (shape[0] // 2, shape[1] // 2)]:
        down, right = rows - y, columns - x
        weight = np.exp(-(down**2 + right**2) / 8 - (guide - guide[y, x]) ** 2 / 0.18)
        weight[(abs(down) > 3) | (abs(right) > 3)] = 0
        assert found[y, x] == pytest.approx((weight[..., None] * values).sum(axis=(0, 1)) / weight.sum(), abs=1e-4)


def test_it_evens_out_within_a_gray_and_not_across_an_edge():
    guide = np.zeros((20, 20), np.float32)
    guide[:, 10:] = 1
    values = np.where(guide > 0, 5.0, -5.0).astype(np.float32)[..., None]
    noisy = values + RNG.normal(0, 1, values.shape).astype(np.float32)
    found = joint_bilateral(noisy, guide, radius=3, near=2.0, alike=0.1)
    assert np.abs(found - values).mean() < 0.4 * np.abs(noisy - values).mean()
    assert found[:, :10].max() < -3
    assert found[:, 10:].min() > 3
