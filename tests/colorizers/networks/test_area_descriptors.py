"""Areas matched as wholes: in any order and any company, each beside those that it touches."""

from __future__ import annotations

import pytest
import torch

from mangapaint.colorizers.areas import SIGNS
from mangapaint.colorizers.networks.area_descriptors import AreaNetwork, Parting
from mangapaint.colorizers.networks.descriptors import COLORS, DescriptorNetwork, parts

KNOWN = 10


def chance(*shape: int, seed: int) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) - 0.5


def parting(count: int, *, seed: int, pictures: int = 1) -> Parting:
    touching = chance(pictures, count, count, seed=seed + 1).clamp(min=0)
    labels = torch.zeros(pictures, 1, 1, dtype=torch.int16)
    return Parting(labels, chance(pictures, count, SIGNS, seed=seed), touching + touching.transpose(1, 2))


def network() -> AreaNetwork:
    torch.manual_seed(2)
    made = AreaNetwork(KNOWN, COLORS).eval()
    with torch.no_grad():
        for value in (made.beside, made.tint.weight, made.absent.weight):
            value.normal_(0, 0.5)
    return made


def asked(made: AreaNetwork, here: Parting, there: Parting) -> tuple[torch.Tensor, torch.Tensor]:
    page, reference = (chance(1, item.signs.shape[1], KNOWN, seed=40 + at) for at, item in enumerate((here, there)))
    return made(page, reference, chance(1, there.signs.shape[1], COLORS, seed=50), here, there)


@torch.inference_mode()
def test_areas_that_are_not_there_change_nothing() -> None:
    made, here, there = network(), parting(5, seed=1), parting(4, seed=9)
    page, reference, colors = chance(1, 5, KNOWN, seed=3), chance(1, 4, KNOWN, seed=4), chance(1, 4, COLORS, seed=5)

    def more(values: torch.Tensor, sides: int) -> torch.Tensor:
        return torch.nn.functional.pad(values, (0, 3, 0, 3) if sides == 2 else (0, 0, 0, 3))

    wide = [Parting(item.labels, more(item.signs, 1), more(item.touching, 2)) for item in (here, there)]
    logits, absent = made(page, reference, colors, here, there)
    others, nowhere = made(more(page, 1), more(reference, 1), more(colors, 1), *wide)
    torch.testing.assert_close(others[:, :5, :4], logits, atol=1e-4, rtol=0)
    torch.testing.assert_close(nowhere[:, :5], absent, atol=1e-4, rtol=0)
    assert others[:, :5, 4:].max() < -1000


@torch.inference_mode()
def test_their_order_does_not_matter() -> None:
    made, here, there = network(), parting(5, seed=1), parting(4, seed=9)
    page, reference, colors = chance(1, 5, KNOWN, seed=3), chance(1, 4, KNOWN, seed=4), chance(1, 4, COLORS, seed=5)
    order = torch.tensor([3, 0, 4, 2, 1])
    turned = Parting(here.labels, here.signs[:, order], here.touching[:, order][:, :, order])
    one, two = (made(values, reference, colors, item, there)[0]
                for values, item in ((page, here), (page[:, order], turned)))  # fmt: skip
    torch.testing.assert_close(one[:, order], two, atol=1e-4, rtol=0)


@torch.inference_mode()
@pytest.mark.parametrize("what", ["touching", "signs"])
def test_whom_areas_touch_and_their_shapes_count(what: str) -> None:
    made, here, there = network(), parting(5, seed=1), parting(4, seed=9)
    other = Parting(here.labels, here.signs * (what != "signs") + 0.1, here.touching * (what != "touching"))
    same = Parting(here.labels, here.signs + 0.1 * (what == "touching"), here.touching)
    assert (asked(made, same, there)[0] - asked(made, other, there)[0]).abs().max() > 1e-3


def test_areas_lie_in_the_places_that_their_pixels_lie_in() -> None:
    labels = torch.full((2, 8, 12), -1, dtype=torch.int16)
    labels[0, :4, :4], labels[0, :4, 4:6], labels[1] = 0, 1, 2
    made = Parting(labels, torch.zeros(2, 3, SIGNS), torch.zeros(2, 3, 3)).members(2, 3)
    assert made.shape == (2, 3, 6)
    assert made[0, 0].tolist() == [1, 0, 0, 0, 0, 0]
    assert made[0, 1].tolist() == [0, 1, 0, 0, 0, 0]
    assert not made[0, 2].any()
    torch.testing.assert_close(made[1, 2], torch.full((6,), 1 / 6))


@torch.inference_mode()
def test_labels_may_be_of_any_size() -> None:
    labels = torch.zeros(1, 50, 33, dtype=torch.int16)
    labels[:, 25:] = 1
    made = Parting(labels, torch.zeros(1, 2, SIGNS), torch.zeros(1, 2, 2)).members(4, 7)
    torch.testing.assert_close(made.sum(dim=2), torch.ones(1, 2))
    assert not (made[0, 0] * made[0, 1]).any()


def test_learning_reaches_every_parameter() -> None:
    made = network().train()
    logits, absent = asked(made, parting(5, seed=1), parting(4, seed=9))
    (torch.softmax(logits, dim=2)[..., 0].square().sum() + absent.square().sum()).backward()
    assert [name for name, value in made.named_parameters() if value.grad is None or not value.grad.any()] == []


@torch.inference_mode()
def test_before_anything_is_learned_areas_point_where_their_places_do() -> None:
    torch.manual_seed(0)
    made = DescriptorNetwork({}).eval()
    picture = chance(1, 1, 64, 64, seed=3) + 0.5
    colors = parts(torch.zeros(1, 3, 64, 64))
    labels = torch.arange(16, dtype=torch.int16).reshape(4, 4).repeat_interleave(16, 0).repeat_interleave(16, 1)
    areas = Parting(labels[None], chance(1, 16, SIGNS, seed=7), torch.zeros(1, 16, 16))
    logits, absent = made.areas(made(picture, picture, colors, torch.tensor([False])), colors, areas, areas)
    assert (logits[0].argmax(dim=1) == torch.arange(16)).float().mean() > 0.9
    assert absent.shape == (1, 16)
