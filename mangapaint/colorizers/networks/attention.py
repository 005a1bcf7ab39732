"""Attention: places or areas that look at others."""

from __future__ import annotations

import torch.nn.functional as nnf
from torch import Tensor, nn

HEADS, INNER = 4, 2
"""Of attention: heads, and by how much its inner layer is wider."""


class Attending(nn.Module):
    """Adds to each place what it sees in some (Vaswani et al. 2017)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.before = nn.LayerNorm(channels)
        self.asked = nn.Linear(channels, channels)
        self.known = nn.Linear(channels, 2 * channels)
        self.told = nn.Linear(channels, channels)
        self.after = nn.Sequential(nn.LayerNorm(channels), nn.Linear(channels, INNER * channels), nn.GELU(),
                                   nn.Linear(INNER * channels, channels))  # fmt: skip

    def forward(self, x: Tensor, others: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return places (n, t, c) that have looked at others (n, u, c).

        ``bias`` (n, HEADS or 1, t or 1, u) is added to the logits of how much they look.
        """
        count, tokens, channels = x.shape
        key, value = self.known(self.before(others)).chunk(2, dim=2)
        query, key, value = (
            part.reshape(count, -1, HEADS, channels // HEADS).transpose(1, 2)
            for part in (self.asked(self.before(x)), key, value)
        )
        bias = None if bias is None else bias.to(query).expand(count, HEADS, tokens, -1)
        seen = nnf.scaled_dot_product_attention(query, key, value, bias)
        seen = seen.transpose(1, 2).reshape(count, tokens, channels)
        x = x + self.told(seen)
        return x + self.after(x)
