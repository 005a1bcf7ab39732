"""What is registered tells how likely it is right: place by place, and by how well the whole agrees."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mangapaint.colorizers.matching import OUTSIDE, likelihood, registered_signs
from mangapaint.colorizers.odds import REGISTERED

RNG = np.random.default_rng(0)
WHOLE = 7
"""The place of the sign for how well all that is registered agrees."""


def texture() -> np.ndarray:
    """Blots of light and dark, float32 (96, 128), 0..100."""
    blots = cv2.GaussianBlur(RNG.random((96, 128)).astype(np.float32), (0, 0), 3)
    return np.asarray(cv2.normalize(blots, None, 0, 100, cv2.NORM_MINMAX), np.float32)


def test_the_whole_agrees_with_itself_and_not_with_another():
    page, other = texture(), texture()
    same, apart = (registered_signs(page, taken, 20)[..., WHOLE] for taken in (page, other))
    assert same.shape == page.shape
    assert np.ptp(same) == 0, "one number for all of it"
    assert same[0, 0] > 0.98
    assert apart[0, 0] < 0.3


def test_what_lies_outside_of_the_reference_does_not_count():
    page, other = texture(), texture()
    half = page.copy()
    half[:, 64:] = OUTSIDE
    mixed = np.where(np.arange(128) < 64, page, other).astype(np.float32)
    inside, both = (registered_signs(page, taken, 20)[0, 0, WHOLE] for taken in (half, mixed))
    assert inside > both + 0.15


def test_nothing_but_outside_is_a_number_and_never_likely():
    nothing = np.full((96, 128), OUTSIDE, np.float32)
    for row in REGISTERED.values():
        assert (likelihood(texture(), nothing, 7, row) == 0).all()


@pytest.mark.parametrize("lines", [False, True])
def test_a_face_with_another_expression_is_likelier_where_the_figure_agrees(lines):
    page, other = texture(), texture()
    face = (slice(40, 56), slice(56, 72))
    figure, elsewhere = page.copy(), other.copy()
    figure[face] = other[face]
    row = REGISTERED[lines]
    there = [float(likelihood(page, taken, 20, row)[face].mean()) for taken in (figure, elsewhere)]
    assert there[0] > there[1] + 0.1
