from dataclasses import replace

import numpy as np
import pytest
import torch

from mangapaint.colorizers.hint_flow import AB_SCALE, Ground, hint_flow
from mangapaint.colorizers.networks.distribution import annealed_mean
from mangapaint.colorizers.networks.guided import GuidedNetwork, HintTensors
from mangapaint.colorizers.working import to_lab

GREEN, RED = (60, 170, 60), (210, 50, 50)


def fresh():
    torch.manual_seed(0)
    return GuidedNetwork({}).eval()


def tensors(page, *dots):
    picture = np.zeros((*page.shape, 4), np.uint8)
    for y, x, color in dots:
        picture[y : y + 4, x : x + 4] = (*color, 255)
    flow = hint_flow(Ground.of(page), picture)
    parts = (torch.from_numpy(item)[None] for item in (flow.given, flow.flow, flow.tokens, flow.halved))
    return HintTensors(*parts, torch.zeros(1, 314))


def as_page(gray):
    return torch.from_numpy(gray.astype(np.float32) / 255)[None, None]


def ab_of(color):
    return torch.from_numpy(to_lab(np.array([[color]], np.uint8))[0, 0, 1:])


@torch.inference_mode()
def answered(network, gray, *dots, keeps=1.0):
    return network(network.page(as_page(gray), torch.tensor([keeps])), tensors(gray, *dots))


@pytest.mark.parametrize("size", [(64, 64), (65, 103), (48, 33), (1, 1)])
def test_answers_fit_the_page_whatever_its_sides(size):
    found = answered(fresh(), np.full(size, 200, np.uint8), (0, 0, GREEN))
    rows, columns = (-(-side // 4) for side in size)
    assert found.logits.shape == (1, 313, rows, columns)
    assert found.lab.shape == (1, 3, -(-size[0] // 2), -(-size[1] // 2))
    assert torch.isfinite(found.logits).all()


def test_a_network_that_knows_nothing_already_spreads_hints_by_lines_and_looks():
    gray = np.full((64, 128), 210, np.uint8)
    gray[:, 64:] = 120
    found = answered(fresh(), gray, (30, 20, GREEN), (30, 100, RED))
    ab = annealed_mean(found.logits)[0]
    assert torch.linalg.norm(ab[:, 4, 4] - ab_of(GREEN)) < 8
    assert torch.linalg.norm(ab[:, 12, 28] - ab_of(RED)) < 8


def test_without_a_hint_nothing_is_said_before_it_has_learned():
    found = answered(fresh(), np.full((64, 64), 180, np.uint8))
    assert found.logits.abs().max() < 1e-5


def test_places_that_look_alike_hear_a_hint_from_afar():
    gray = np.full((64, 192), 90, np.uint8)
    gray[16:48, 8:40] = gray[16:48, 150:182] = 220
    gray[:, 80:100] = 0
    network = fresh()
    with torch.inference_mode():
        seen = network.page(as_page(gray), torch.ones(1))
        hints = tensors(gray, (30, 20, GREEN))
        heard = network._heard(seen.looks, hints.given, hints.tokens)[0]
    assert heard[3, 8, 41] > 0.9
    assert heard[3, 2, 41] < 0.1
    assert torch.linalg.norm(heard[1:3, 8, 41] * AB_SCALE - ab_of(GREEN)) < 1


def test_a_sample_does_not_depend_on_what_else_is_in_the_batch():
    torch.manual_seed(1)
    network = GuidedNetwork({}).eval()
    torch.nn.init.normal_(network.bins.weight, std=0.1)
    pages = torch.rand(2, 1, 64, 64)
    with torch.inference_mode():
        both = network(network.page(pages, torch.ones(2)), HintTensors.none(pages)).logits
        alone = network(network.page(pages[:1], torch.ones(1)), HintTensors.none(pages[:1])).logits
    assert torch.allclose(both[:1], alone, atol=1e-5)


def test_gray_pages_and_line_art_are_told_apart():
    torch.manual_seed(2)
    network = GuidedNetwork({}).eval()
    torch.nn.init.normal_(network.bins.weight, std=0.1)
    gray = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    one, two = answered(network, gray, keeps=1.0).logits, answered(network, gray, keeps=0.0).logits
    assert not torch.allclose(one, two)


def test_wanted_colors_change_the_answer():
    torch.manual_seed(3)
    network = GuidedNetwork({}).eval()
    for layer in (network.bins, network.overall):
        torch.nn.init.normal_(layer.weight, std=0.2)
    page = torch.rand(1, 1, 64, 64)
    none = HintTensors.none(page)
    wanted = replace(none, overall=torch.rand(1, 314))
    with torch.inference_mode():
        seen = network.page(page, torch.ones(1))
        assert not torch.allclose(network(seen, none).logits, network(seen, wanted).logits)


def test_it_paints_without_hints_like_every_other_network():
    lab, logits = fresh().painted(torch.rand(2, 1, 70, 90), torch.tensor([True, False]))
    assert lab.shape == (2, 3, 70, 90)
    assert logits.shape == (2, 313, 18, 23)


def test_what_levin_spreads_is_the_colour_before_anything_is_learned():
    gray = np.full((64, 128), 210, np.uint8)
    gray[:, 64:] = 120
    dots = (30, 20, GREEN), (30, 100, RED)
    found = answered(fresh(), gray, *dots)
    spread = tensors(gray, *dots).spread
    away = torch.linalg.norm(found.lab[0, 1:] - spread[0, 1:] * AB_SCALE, dim=0)
    assert away.max() < 6
    assert found.kept.min() > 0.8
    assert answered(fresh(), gray).kept.max() == 0


@pytest.mark.parametrize(("told", "far", "kept"), [("all", True, True), ("flow", True, False), ("given", False, False)])
def test_a_network_can_be_told_less_of_the_hints(told, far, kept):
    torch.manual_seed(0)
    network = GuidedNetwork({"hints": told}).eval()
    found = answered(network, np.full((64, 64), 210, np.uint8), (10, 10, GREEN))
    assert bool(torch.linalg.norm(annealed_mean(found.logits)[0, :, 14, 14]) > 20) is far
    assert bool(found.kept.max() > 0.5) is kept


def test_there_is_no_other_way_of_telling_hints():
    with pytest.raises(ValueError, match="hints"):
        GuidedNetwork({"hints": "none"})
