"""Pairs show the same things twice, and say what belongs together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shown import DISC, given, known, picture

from mangapaint.errors import UserError
from mangapaint.training.augmentation import GENERAL, NONE
from mangapaint.training.originals import Originals
from mangapaint.training.pairing import Pairs
from mangapaint.training.samples import NOWHERE, Input, Original

SIZE = (48, 64)
VARIED = replace(GENERAL, recolor=0.0)


def pairs(originals: Originals, *, augmentation=VARIED, inputs=(Input.GRAY, Input.INK), seed=3) -> Pairs:
    return Pairs(originals, tuple(range(len(originals))), inputs, SIZE, augmentation, seed)


def series(*pictures: Original) -> Originals:
    """Pictures that are all of one series."""
    found = given(*pictures)
    for source in found.sources:
        source.series = pictures[0].series
    return found


def real(turn: int = 0, *, mirrored: bool = False) -> Original:
    color = picture(turn=turn)
    return Original(f"real/{turn}", "real", np.ascontiguousarray(color[:, ::-1]) if mirrored else color)


def test_both_are_of_the_size_and_seen_alike() -> None:
    supply = pairs(series(known(), known()))
    for number in range(6):
        sample = supply[number]
        other = sample.reference
        assert sample.page.shape == sample.regions.shape == other.page.shape == other.regions.shape == SIZE
        assert sample.color.shape == other.color.shape == (*SIZE, 3)
        assert sample.input is other.input
        assert not sample.hints.any()


def test_a_number_is_always_the_same_pair() -> None:
    originals = series(known(), known(), known())
    one, two = pairs(originals), pairs(originals)
    for number in (0, 5, 900):
        for layer in ("page", "color", "regions"):
            for item in (lambda it: it, lambda it: it.reference):
                np.testing.assert_array_equal(getattr(item(one[number]), layer), getattr(item(two[number]), layer))
    assert any((one[number].page != one[number].reference.page).any() for number in range(3))


def test_things_of_drawn_scenes_keep_their_numbers_in_other_pictures() -> None:
    """Here the sky of one is red, that of the other blue: colours say nothing, numbers all."""
    turned = replace(known(), color=picture(turn=1))
    supply = pairs(series(known(), turned), augmentation=NONE, inputs=(Input.GRAY,))
    apart = 0
    for number in range(8):
        sample = supply[number]
        assert set(np.unique(sample.regions)) <= {NOWHERE, 4, 5, 9}
        np.testing.assert_array_equal(sample.regions, sample.reference.regions)
        apart += int((sample.color != sample.reference.color).any())
    assert 0 < apart < 8


def test_in_real_series_what_has_the_same_colour_belongs_together() -> None:
    supply = pairs(series(real(), real(mirrored=True)), augmentation=NONE, inputs=(Input.GRAY,))
    found = 0
    for number in range(12):
        sample, other = supply[number], supply[number].reference
        if (sample.color == other.color).all():
            continue
        found += 1
        named = []
        for item in (sample, other):
            labels, counts = np.unique(item.regions[np.abs(item.color.astype(int) - DISC).max(axis=2) < 6],
                                       return_counts=True)  # fmt: skip
            assert counts.max() > 0.9 * counts.sum()  # the rest lies along its outline
            named.append(labels[counts.argmax()])
        assert named[0] == named[1]
    assert found


def test_a_picture_alone_is_paired_with_itself_moved() -> None:
    supply = pairs(series(real()), inputs=(Input.GRAY,))
    for number in range(4):
        sample, other = supply[number], supply[number].reference
        shared = set(np.unique(sample.regions)) & set(np.unique(other.regions)) - {NOWHERE}
        assert shared
        for label in shared:
            colors = [item.color[item.regions == label].mean(axis=0) for item in (sample, other)]
            assert np.abs(colors[0] - colors[1])[1:].max() < 60


def test_a_broken_partner_is_replaced_by_the_picture_itself() -> None:
    supply = pairs(series(known(), None), augmentation=NONE)
    for number in range(6):
        np.testing.assert_array_equal(supply[number].color, supply[number].reference.color)
    with pytest.raises(UserError, match="none of the pictures"):
        pairs(given(None))[0]
    with pytest.raises(ValueError, match="no originals"):
        Pairs(given(known()), (), (Input.GRAY,), SIZE, NONE, 0)
