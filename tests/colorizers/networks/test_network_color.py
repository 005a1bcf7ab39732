"""Colours as tensors come to what cv2 says, both ways, and let gradients through."""

from __future__ import annotations

import cv2
import numpy as np
import torch

from mangapaint.colorizers.networks.color import lab_from_srgb, lightness, srgb_from_lab

AXIS = np.arange(0, 256, 15, dtype=np.float32) / 255
RGB = np.stack(np.meshgrid(AXIS, AXIS, AXIS, indexing="ij"), axis=-1).reshape(1, -1, 3)


def tensor(pixels):
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None]


def picture(values):
    return values[0].permute(1, 2, 0).numpy()


def test_lab_is_that_of_cv2_for_colours_all_over_srgb():
    found = picture(lab_from_srgb(tensor(RGB)))
    away = np.abs(found - cv2.cvtColor(RGB, cv2.COLOR_RGB2LAB))
    assert away.mean() < 0.1
    assert away.max() < 0.4  # cv2 looks sRGB up in a table of eighths; in linear light it reckons
    linear = np.where(RGB <= 0.04045, RGB / 12.92, ((RGB + 0.055) / 1.055) ** 2.4).astype(np.float32)
    assert np.abs(found - cv2.cvtColor(linear, cv2.COLOR_LRGB2LAB)).max() < 0.1
    assert found[..., 1].max() > 90


def test_srgb_comes_back_and_what_it_cannot_show_is_cut_off():
    assert np.abs(picture(srgb_from_lab(lab_from_srgb(tensor(RGB)))) - RGB).max() < 1e-3
    beyond = torch.tensor([[[[50.0, -5.0, 120.0]], [[120.0, 0.0, 0.0]], [[-120.0, 0.0, 0.0]]]])
    shown = srgb_from_lab(beyond)
    assert torch.equal(shown, shown.clamp(0, 1))
    assert torch.equal(shown[0, :, 0, 1], torch.zeros(3))
    assert torch.equal(shown[0, :, 0, 2], torch.ones(3))


def test_lightness_of_gray_is_its_lab():
    gray = torch.linspace(0, 1, 256).reshape(1, 1, 1, 256)
    lab = lab_from_srgb(gray.expand(1, 3, 1, 256))
    torch.testing.assert_close(lightness(gray), lab[:, :1], atol=1e-3, rtol=0)


def test_gradients_are_numbers_at_black_white_and_beyond():
    rgb = torch.tensor([0.0, 1.0, 0.04, 0.5]).reshape(1, 1, 1, 4).repeat(1, 3, 1, 1).requires_grad_()
    (given,) = torch.autograd.grad(lab_from_srgb(rgb).sum(), rgb)
    assert given.isfinite().all()
    assert given.abs().min() > 0
    lab = torch.tensor([[0.0, 100, 50, 50], [0, 0, 200, 10], [0, 0, -200, 10]]).reshape(1, 3, 1, 4).requires_grad_()
    (back,) = torch.autograd.grad(srgb_from_lab(lab).sum(), lab)
    assert back.isfinite().all()
    assert back[0, :, 0, 3].abs().min() > 0


def test_half_precision_is_reckoned_in_single():
    exact = lab_from_srgb(tensor(RGB[:, ::7]))
    found = lab_from_srgb(tensor(RGB[:, ::7]).half())
    assert found.dtype == torch.float32
    assert (found - exact).abs().max() < 0.5
