"""What a network paints, as a picture: of the page's size, at the temperature that is asked for."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from mangapaint.colorizers.gamut import COUNT, bins
from mangapaint.colorizers.networks.unet import Unet
from mangapaint.training.answers import answer

LIKELY, RARER, OWN = 200, 40, (12.0, -7.0)


class Painter(nn.Module):
    """L of the page where it keeps that, else 60; one colour of its own, beside two bins, one a little likelier."""

    def __init__(self, *, likely: bool) -> None:
        super().__init__()
        self.likely = likely

    def painted(self, page, keeps):
        height, width = page.shape[-2:]
        light = torch.where(keeps[:, None, None, None], page * 100, torch.full_like(page, 60))
        lab = torch.cat([light, *(torch.full_like(page, value) for value in OWN)], dim=1)
        if not self.likely:
            return lab, None
        logits = torch.full((1, COUNT, -(-height // 4), -(-width // 4)), -50.0)
        logits[:, LIKELY], logits[:, RARER] = 1.0, 0.0
        return lab, logits


def ab_of(picture) -> np.ndarray:
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:].reshape(-1, 2)


def answered(network, *, keeps=False, temperature=None):
    page = np.full((37, 50), 140, np.uint8)
    return answer(network, page, keeps=keeps, device="cpu", temperature=temperature)


@pytest.mark.parametrize(("temperature", "expected"), [
    (None, OWN),
    (0.0, bins()[LIKELY]),
    (1.0, (bins()[LIKELY] * np.e + bins()[RARER]) / (np.e + 1)),
])  # fmt: skip
def test_one_colour_is_taken_at_the_temperature(temperature, expected):
    found = answered(Painter(likely=True), temperature=temperature)
    assert found.shape == (37, 50, 3)
    assert found.dtype == np.uint8
    assert np.abs(ab_of(found) - np.asarray(expected)).max() < 1.5


def test_a_network_without_a_distribution_has_no_temperature():
    assert (answered(Painter(likely=False), temperature=0.0) == answered(Painter(likely=False))).all()


def test_the_page_keeps_its_luminance_only_if_it_is_said():
    light = {keeps: float(cv2.cvtColor(answered(Painter(likely=False), keeps=keeps), cv2.COLOR_RGB2LAB)[..., 0].mean())
             for keeps in (True, False)}  # fmt: skip
    assert light[False] == pytest.approx(60 * 2.55, abs=2)
    assert light[True] == pytest.approx(140, abs=2)


def test_a_network_that_paints_rgb_is_shown_as_it_is():
    torch.manual_seed(0)
    network = Unet({"width": "2"}).eval()
    page = np.random.default_rng(0).integers(256, size=(64, 96), dtype=np.uint8)
    with torch.no_grad():
        own = network(torch.from_numpy(page / np.float32(255))[None, None])[0].permute(1, 2, 0).numpy() * 255
    assert np.abs(answer(network, page, keeps=False, device="cpu") - own).max() < 1
