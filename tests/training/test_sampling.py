from __future__ import annotations

import pickle

import numpy as np
import pytest
from shown import given, known, picture

from mangapaint.errors import UserError
from mangapaint.training.augmentation import GENERAL, NONE, Augmentation
from mangapaint.training.originals import Originals
from mangapaint.training.samples import NOWHERE, Input, Original, Sample
from mangapaint.training.sampling import Samples

LAYERS = ("page", "color", "hints", "regions")


def _plain(count: int) -> Originals:
    """Pictures of one colour each, by which they are known again: red is 20 times the number."""
    return given(*(Original(str(at), "s", np.full((40, 40, 3), (20 * at, 200, 10), np.uint8)) for at in range(count)))


def _samples(originals: Originals, *, inputs: tuple[Input, ...] = (Input.GRAY,), hinted: bool = True,
             augmentation: Augmentation = NONE, seed: int = 5) -> Samples:  # fmt: skip
    return Samples(originals, tuple(range(len(originals))), inputs, (32, 48), augmentation, seed, hinted)


def _which(sample: Sample) -> int:
    return round(int(sample.color[16, 24, 0]) / 20)


@pytest.mark.parametrize("input", list(Input))
@pytest.mark.parametrize("augmentation", [NONE, GENERAL])
def test_a_sample_is_of_the_size_and_of_the_types(input: Input, augmentation: Augmentation) -> None:  # noqa: A002
    for original in (known(), Original("bare", "bare", picture())):
        sample = _samples(given(original), inputs=(input,), augmentation=augmentation)[3]
        assert sample.input is input
        for layer, shape, dtype in (("page", (), np.uint8), ("color", (3,), np.uint8), ("hints", (4,), np.uint8),
                                    ("regions", (), np.int32)):  # fmt: skip
            assert getattr(sample, layer).shape == (32, 48, *shape)
            assert getattr(sample, layer).dtype == dtype
        assert sample.regions.min() >= NOWHERE
        assert sample.regions.max() >= 0


def test_a_number_is_the_same_sample_in_any_order_and_process() -> None:
    settings = {"inputs": tuple(Input), "augmentation": GENERAL}
    originals = given(known(), Original("bare", "bare", picture(turn=1)), None, known())
    there = _samples(pickle.loads(pickle.dumps(originals)), **settings)
    here = _samples(originals, **settings)
    forth = {number: here[number] for number in (0, 7, 31, 1000)}
    back = {number: there[number] for number in (1000, 31, 7, 0)}
    for number, sample in forth.items():
        assert back[number].input is sample.input
        for layer in LAYERS:
            np.testing.assert_array_equal(getattr(back[number], layer), getattr(sample, layer))
    one = given(known())
    fifth, sixth = (_samples(one, **settings, seed=seed) for seed in (5, 6))
    assert any((fifth[at].color != sixth[at].color).any() for at in range(3))


def test_an_epoch_shows_each_once_in_an_order_of_its_own() -> None:
    samples = _samples(_plain(8))
    assert len(samples) == 8
    epochs = [[_which(samples[number]) for number in range(at, at + 8)] for at in (0, 8, 16, 800)]
    for epoch in epochs:
        assert sorted(epoch) == list(range(8))
    assert len({tuple(epoch) for epoch in epochs}) > 2


def test_only_the_indices_are_shown() -> None:
    samples = Samples(_plain(8), (2, 5), (Input.GRAY,), (32, 48), NONE, 0, False)
    assert {_which(samples[number]) for number in range(10)} == {2, 5}


def test_a_broken_picture_is_replaced_by_a_good_one() -> None:
    whole = _plain(4)
    kept = [whole.get(at) for at in range(4)]
    broken = given(kept[0], None, kept[2], None)
    samples = _samples(broken)
    shown = [_which(samples[number]) for number in range(8)]
    assert set(shown) == {0, 2}
    assert shown == [_which(_samples(broken)[number]) for number in range(8)]
    assert len(broken.skipped) == 2
    with pytest.raises(UserError, match="none of the pictures"):
        _samples(given(None, None))[0]


def test_without_hints_there_are_none() -> None:
    samples = _samples(given(known()), hinted=False)
    assert not any(samples[number].hints.any() for number in range(40))
    hinted = _samples(given(known()))
    assert sum(bool(hinted[number].hints.any()) for number in range(40)) > 20


def test_all_inputs_are_shown() -> None:
    samples = _samples(given(known()), inputs=tuple(Input))
    assert {samples[number].input for number in range(40)} == set(Input)


def test_truth_and_page_agree_whatever_was_changed() -> None:
    calm = Augmentation(whole=0.3, scale=(0.5, 2.0), mirror=0.5, turn=10, bend=0.05, light=1.0, recolor=1.0)
    samples = _samples(given(known()), augmentation=calm)
    for number in range(10):
        sample = samples[number]
        luma = sample.color.astype(float) @ (0.299, 0.587, 0.114)
        assert np.abs(luma - sample.page).max() <= 1


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(ValueError, match="no originals"):
        Samples(_plain(1), (), (Input.GRAY,), (8, 8), NONE, 0, False)


def test_samples_drawn_finer_are_shrunk_and_keep_what_they_were() -> None:
    originals = given(known())
    finer = Samples(originals, (0,), (Input.GRAY,), (32, 48), NONE, 5, True, finer=2)
    hinted = 0
    for number in range(12):
        sample = finer[number]
        assert sample.page.shape == sample.regions.shape == (32, 48)
        page, hints = sample.fine
        assert page.shape == (64, 96)
        means = page.reshape(32, 2, 48, 2).mean(axis=(1, 3))
        assert np.abs(means - sample.page).max() <= 1
        there = hints[..., 3].reshape(32, 2, 48, 2).max(axis=(1, 3))
        np.testing.assert_array_equal(sample.hints[..., 3], there)
        hinted += int(there.any())
    assert hinted > 6


def test_samples_drawn_as_large_as_they_are_shown_have_nothing_finer() -> None:
    assert _samples(given(known()))[0].fine is None
