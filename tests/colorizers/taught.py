"""A network that knows two colours, one for what is dark and one for what is bright, and writes it as real weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from mangapaint.colorizers.gamut import COUNT
from mangapaint.colorizers.networks.color import lab_from_srgb, lightness
from mangapaint.colorizers.networks.distribution import centres
from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.colorizers.weights import Weights
from mangapaint.training.saving import save_weights

GREEN, VIOLET = (60, 170, 80), (150, 90, 200)
"""What is dark, and what is bright."""
METHOD = "colorful"


class TwoColors(nn.Module):
    """Knows the distribution where its shape says so; ``certain`` is how much likelier than others its colour is."""

    shown: list[tuple[Tensor, bool]]
    """The pages it was shown, and whether their luminance stays."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        if set(shape) != {"knows"} or shape["knows"] not in ("colour", "distribution"):
            raise ValueError("another shape")
        self.shape = dict(shape)
        self.colors = nn.Parameter(torch.zeros(2, 3))
        self.register_buffer("certain", torch.tensor(20.0))
        self.register_buffer("steps", torch.tensor(3))
        self.shown = []

    def painted(self, page: Tensor, keeps: Tensor) -> tuple[Tensor, Tensor | None]:
        self.shown.append((page[0, 0].clone(), bool(keeps[0])))
        lab = lab_from_srgb(self.colors.T[None, :, :, None] / 255)[0, ..., 0].T[(page[:, 0] > 0.5).long()]
        lab = lab.permute(0, 3, 1, 2)
        own = torch.where(keeps[:, None, None, None], lightness(page), lab[:, :1])
        logits = None if self.shape["knows"] == "colour" else self._logits(lab[:, 1:, ::4, ::4])
        return torch.cat([own, lab[:, 1:]], dim=1), logits

    def _logits(self, ab: Tensor) -> Tensor:
        far = torch.cdist(ab.permute(0, 2, 3, 1).flatten(1, 2), centres(ab)[None])
        nearest = nn.functional.one_hot(far.argmin(dim=2), COUNT).float() * self.certain
        return nearest.transpose(1, 2).reshape(len(ab), COUNT, *ab.shape[-2:])


def taught(path: Path, *, knows: str = "distribution", certain: float = 20.0, method: str = METHOD,
           colors=(GREEN, VIOLET), **about: str) -> Weights:  # fmt: skip
    """Weights of such a network, in a file."""
    network = TwoColors({"knows": knows})
    network.colors.data = torch.tensor(colors, dtype=torch.float32)
    network.certain.fill_(certain)
    save_weights(path, network, method=method, shape=network.shape, about=about)
    return Weights.at(path)


@pytest.fixture
def two_colors(monkeypatch) -> type[TwoColors]:
    """Makes it the network of ``METHOD``."""
    monkeypatch.setitem(NETWORKS, METHOD, TwoColors)
    return TwoColors
