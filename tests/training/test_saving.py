"""Networks are written in half precision, and nothing of them becomes infinite by it."""

from __future__ import annotations

import torch
from safetensors.torch import load_file

from mangapaint.colorizers.networks.colorful import Colorful
from mangapaint.colorizers.weights import Weights, load
from mangapaint.training.saving import save_weights


def test_variances_too_large_for_the_finer_half_precision_are_kept(tmp_path):
    network = Colorful({"width": "2"})
    norm = next(module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d))
    assert norm.running_var is not None
    norm.running_var.fill_(123456.0)
    path = tmp_path / "colorful.safetensors"
    save_weights(path, network, method="colorful", shape=network.shape, about={})
    kept = load_file(path)
    assert {value.dtype for value in kept.values()} == {torch.float16, torch.bfloat16, torch.int64}
    there = load(Weights.at(path), "colorful").state_dict()
    for name, value in network.state_dict().items():
        assert torch.allclose(there[name].double(), value.double(), rtol=0.01, atol=1e-3), name
