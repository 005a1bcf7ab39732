"""A whole picture gives the network what patch after patch gives it, and every epoch goes over every pixel."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mangapaint.colorizers import palette_cnn_learning as learning
from mangapaint.colorizers.palette_cnn_network import FIELD, PADDED_FIELD, PaletteNetwork
from mangapaint.colorizers.palette_cnn_pictures import Lesson, Sight
from mangapaint.progress import Silent

SHAPE = 9, 13


def network(*, padded: bool = False, described: bool = False, colors: int = 5) -> PaletteNetwork:
    """One with weights as large as those of a network that has learned, and normalisation that does something."""
    made = PaletteNetwork(colors, described=described, padded=padded, seed=1)
    noise = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(0, 0.2, generator=noise)
        for norm in made.norms:
            norm.running_mean.normal_(0, 0.5, generator=noise)
            norm.running_var.uniform_(0.5, 2, generator=noise)
    return made.eval()


def pictured(*, described: bool = False) -> Sight:
    rng = np.random.default_rng(3)
    descriptors = rng.random((*SHAPE, 128), np.float32) if described else None
    return Sight(rng.random((*SHAPE, 3), np.float32) - 0.5, descriptors)


def bordered(sight: Sight) -> torch.Tensor:
    """The picture with zeros around it, so that every pixel has a patch: (1, 3, H, W)."""
    before = (FIELD - 1) // 2
    after = FIELD - 1 - before
    channels = np.pad(sight.channels, ((before, after), (before, after), (0, 0)))
    return torch.from_numpy(channels).permute(2, 0, 1)[None]


def patchwise(made: PaletteNetwork, whole: torch.Tensor) -> torch.Tensor:
    """The scores of each pixel, every patch of 30 x 30 shown by itself: (h, w, K)."""
    rows = [
        [
            made.scores(made.blocks(whole[..., y : y + FIELD, x : x + FIELD]).flatten(0, 2), None)
            for x in range(SHAPE[1])
        ]
        for y in range(SHAPE[0])
    ]
    return torch.stack([torch.cat(row) for row in rows])


@pytest.mark.parametrize("stride", [1, 2, 4, 8])
@torch.inference_mode()
def test_a_whole_picture_gives_what_its_patches_give_at_every_pixel(stride):
    made, whole = network(), bordered(pictured())
    truth = patchwise(made, whole)[::stride, ::stride]
    blocks = made.blocks(whole, stride=stride)
    assert blocks.shape == (1, *truth.shape[:2], 64, 2, 2)
    found = made.scores(blocks.flatten(0, 2), None).reshape(truth.shape)
    assert truth.std() > 0.1
    torch.testing.assert_close(found, truth, rtol=1e-4, atol=1e-4)


@torch.inference_mode()
def test_padded_patches_come_to_the_published_sizes():
    made = network(padded=True)
    blocks = made.blocks(torch.rand(6, 3, PADDED_FIELD, PADDED_FIELD))
    assert blocks.shape == (6, 1, 1, 64, 4, 4)
    assert made.scores(blocks.flatten(0, 2), None).shape == (6, 5)
    assert made.first.in_features == 4 * 128


@torch.inference_mode()
def test_both_ways_have_weights_of_the_same_shapes():
    shapes = [{name: value.shape for name, value in network(padded=padded).state_dict().items()} for padded in (0, 1)]
    assert shapes[0] == shapes[1]


def test_fresh_weights_are_cut_off_at_two_deviations():
    made = PaletteNetwork(24, described=False, padded=False, seed=0)
    weights = torch.cat([layer.weight.detach().flatten() for layer in (*made.convolutions, made.first, made.last)])
    assert weights.abs().max() <= 0.04
    assert weights.std().item() == pytest.approx(0.02 * 0.8796, rel=0.02)  # of a normal distribution cut off there
    assert all(not layer.bias.any() for layer in (*made.convolutions, made.first, made.second, made.last))


@torch.inference_mode()
def test_descriptors_count_and_dropout_takes_half():
    made = network(described=True)
    blocks = torch.rand(4, 64, 2, 2)
    some, other = torch.rand(4, 128), torch.rand(4, 128)
    assert not torch.allclose(made.scores(blocks, some), made.scores(blocks, other))
    dropped = [made.scores(blocks, some, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(dropped[0], dropped[1])
    assert not torch.allclose(dropped[0], dropped[2])
    assert not torch.allclose(dropped[0], made.scores(blocks, some))


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("shape", [(9, 13), (1, 1), (1, 40), (3, 2), (160, 170)])
def test_an_epoch_goes_over_every_pixel_once(shape, padded):
    lesson = Lesson(Sight(np.zeros((*shape, 3), np.float32)), np.zeros(shape, np.int64))
    seen = np.zeros(shape, int)
    parts = learning._parts(lesson, padded=padded)
    for part in range(parts):
        at = learning._places(lesson, part, padded=padded, seed=(0, 0))
        assert seen[at].size
        seen[at] += 1
    assert (seen == 1).all()
    if shape == (160, 170):
        assert parts == (213 if padded else 64)


@pytest.mark.parametrize("padded", [False, True])
def test_labels_are_those_of_each_pixel_by_itself(padded, monkeypatch):
    """Pieces that are labelled at once leave no seams."""
    made, sight = network(padded=padded, described=True), pictured(described=True)
    training = learning.Training(made, torch.optim.Adam(made.parameters()), 0, 0, "cpu")
    whole = training.labels(sight, Silent())
    assert len(np.unique(whole)) > 1
    monkeypatch.setattr(learning, "PART", 17)
    monkeypatch.setattr(learning, "BATCH", 17)
    assert np.array_equal(training.labels(sight, Silent()), whole)
