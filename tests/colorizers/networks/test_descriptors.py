"""Descriptions of places: of any size, of length 1, the same in any company."""

from __future__ import annotations

import pytest
import torch

from mangapaint.colorizers.networks.descriptors import LENGTH, DescriptorNetwork


def network(**shape: str) -> DescriptorNetwork:
    torch.manual_seed(1)
    return DescriptorNetwork(shape).eval()


def pages(height: int, width: int, count: int = 2) -> torch.Tensor:
    return torch.rand(count, 1, height, width, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("size", [(64, 64), (1, 1), (65, 31), (130, 3)])
@torch.inference_mode()
def test_every_fourth_place_is_described(size: tuple[int, int]) -> None:
    found = network()(pages(*size), torch.tensor([True, False]))
    assert found.shape == (2, LENGTH, -(-size[0] // 4), -(-size[1] // 4))
    torch.testing.assert_close(found.norm(dim=1), torch.ones(found.shape[0], *found.shape[2:]))


@torch.inference_mode()
def test_a_picture_is_described_the_same_in_any_company() -> None:
    made, page, keeps = network(), pages(48, 64, 3), torch.tensor([True, False, True])
    together = made(page, keeps)
    for at in range(3):
        torch.testing.assert_close(
            together[at : at + 1], made(page[at : at + 1], keeps[at : at + 1]), atol=1e-4, rtol=0
        )
    assert (together[0] - made(page[:1], torch.tensor([False]))[0]).abs().max() > 0.01


@torch.inference_mode()
def test_places_point_at_what_is_like_them() -> None:
    made = network()
    found = made(pages(32, 32, 1), torch.tensor([True])).flatten(2)
    logits = made.pointers(found, found)
    assert logits.shape == (1, 64, 64)
    assert logits[0].diagonal().min() == pytest.approx(float(logits.max()), abs=1e-3)


def test_learning_reaches_every_parameter() -> None:
    made = network().train()
    one, two = made(pages(32, 32), torch.tensor([True, False])).flatten(2).chunk(2)
    torch.softmax(made.pointers(one, two), dim=2)[..., 0].square().sum().backward()
    assert [name for name, value in made.named_parameters() if value.grad is None or not value.grad.any()] == []


def test_a_shape_it_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="size is tiny"):
        network(size="tiny")
    with pytest.raises(ValueError, match="depth"):
        network(depth="3")
