"""Descriptions of places: of any size, of length 1, the same in any company, and alike where pictures are."""

from __future__ import annotations

import pytest
import torch

from mangapaint.colorizers.networks.descriptors import LENGTH, DescriptorNetwork, parts

GRAY, LINES = torch.tensor([True]), torch.tensor([False])


def network(**shape: str) -> DescriptorNetwork:
    torch.manual_seed(1)
    return DescriptorNetwork(shape).eval()


def pages(height: int, width: int, count: int = 2, seed: int = 3) -> torch.Tensor:
    return torch.rand(count, 1, height, width, generator=torch.Generator().manual_seed(seed))


def colors(height: int, width: int, count: int = 2) -> torch.Tensor:
    lab = 100 * torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(9))
    return parts(lab - torch.tensor([0.0, 50.0, 50.0]).reshape(3, 1, 1))


@pytest.mark.parametrize("context", ["both", "own", "off"])
@pytest.mark.parametrize("size", [(64, 64), (1, 1), (65, 31), (130, 3)])
@torch.inference_mode()
def test_every_fourth_place_is_described(size: tuple[int, int], context: str) -> None:
    found = network(context=context)(pages(*size), pages(*size, seed=4), colors(*size), torch.tensor([True, False]))
    page, reference, absent = found.page, found.reference, found.absent
    assert page.shape == reference.shape == (2, LENGTH, -(-size[0] // 4), -(-size[1] // 4))
    assert absent.shape == (2, *page.shape[2:])
    assert torch.isfinite(absent).all()
    lengths = reference.norm(dim=1)
    assert ((lengths - 1).abs() < 1e-4).logical_or(lengths < 1e-4).all()  # of a single place nothing is left


@torch.inference_mode()
def test_page_and_reference_need_not_be_of_one_size() -> None:
    made = network()
    found = made.compared(made.seen(pages(40, 64, 1), GRAY), made.seen(pages(80, 33, 1), GRAY))
    assert found.page.shape == (1, LENGTH, 10, 16)
    assert found.reference.shape == (1, LENGTH, 20, 9)
    assert made.pointers(found.page.flatten(2), found.reference.flatten(2)).shape == (1, 160, 180)


@torch.inference_mode()
def test_a_pair_is_described_the_same_in_any_company() -> None:
    made, page, other, keeps = network(), pages(48, 64, 3), pages(48, 64, 3, seed=4), torch.tensor([True, False, True])
    together = made(page, other, colors(48, 64, 3), keeps)
    for at in range(3):
        one = slice(at, at + 1)
        alone = made(page[one], other[one], colors(48, 64, 3)[one], keeps[one])
        for name in ("page", "reference", "absent", "here", "there"):
            torch.testing.assert_close(getattr(alone, name), getattr(together, name)[one], atol=1e-4, rtol=0)


@torch.inference_mode()
def test_gray_and_lines_are_seen_differently() -> None:
    made, page, other = network(), pages(48, 64, 1), pages(48, 64, 1, seed=4)
    gray, lines = (made(page, other, colors(48, 64, 1), keeps).page for keeps in (GRAY, LINES))
    assert (gray - lines).abs().max() > 0.01


@torch.inference_mode()
def test_before_anything_is_learned_places_point_at_themselves() -> None:
    made = network()
    found = made(pages(32, 32, 1), pages(32, 32, 1), colors(32, 32, 1), GRAY)
    logits = made.pointers(found.page.flatten(2), found.reference.flatten(2))[0]
    assert (logits.argmax(dim=1) == torch.arange(64)).float().mean() > 0.9


def test_learning_reaches_every_parameter() -> None:
    made = network().train()
    with torch.no_grad():
        made.tint.weight.fill_(0.1)
    found = made(pages(32, 32), pages(32, 32, seed=4), colors(32, 32), torch.tensor([True, False]))
    logits = made.pointers(found.page.flatten(2), found.reference.flatten(2))
    (torch.softmax(logits, dim=2)[..., 0].square().sum() + found.absent.square().sum()).backward()
    places = {name: value for name, value in made.named_parameters() if not name.startswith("wholes.")}
    assert [name for name, value in places.items() if value.grad is None or not value.grad.any()] == []


def test_colours_of_the_reference_count_only_where_they_are_wanted() -> None:
    for wanted in ("on", "off"):
        made = network(colors=wanted)
        with torch.no_grad():
            made.tint.weight.fill_(0.5)
            one, two = (made.seen(pages(32, 32, 1), GRAY, shown).deep for shown in (colors(32, 32, 1), None))
        assert bool((one - two).abs().max() > 0.1) == (wanted == "on")


def test_a_shape_it_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="size is tiny"):
        network(size="tiny")
    with pytest.raises(ValueError, match="depth"):
        network(depth="3")
