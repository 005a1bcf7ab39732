"""CIEDE2000 against the published pairs."""

from __future__ import annotations

import numpy as np
import pytest

from mangapaint.analysis.difference import ciede2000

# Sharma, Wu, Dalal 2005, table 1: pairs that try hue across zero, blue, near gray, far apart, and dark.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "two", "difference"), PUBLISHED)
def test_published_pairs(one, two, difference):
    first, second = np.array(one, float), np.array(two, float)
    assert ciede2000(first, second) == pytest.approx(difference, abs=1e-4)
    assert ciede2000(second, first) == pytest.approx(difference, abs=1e-4)


def test_many_against_one():
    table = np.array([pair[0] for pair in PUBLISHED], float)
    found = ciede2000(table, table[3])
    assert found.shape == (len(table),)
    assert found[3] == 0
    assert (found[[0, 1, 2, 9, 10, 11]] > 1).all()
    assert ciede2000(table[:0], table[3]).shape == (0,)
