"""What networks have in common: shapes in words, and pages whose sides do not divide evenly."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as nnf
from torch import Tensor


def whole(shape: Mapping[str, str], **defaults: str) -> dict[str, str]:
    """Return a shape with what it leaves open; raises ``ValueError`` where it says what the network does not know."""
    unknown = sorted(set(shape) - set(defaults))
    if unknown:
        raise ValueError(f"no network has the {', '.join(unknown)} of this shape")
    return {**defaults, **shape}


def number(shape: Mapping[str, str], key: str) -> int:
    """Return a number of at least 1 from a shape; raises ``KeyError`` or ``ValueError`` where it has none."""
    value = int(shape[key])
    if value < 1:
        raise ValueError(f"a {key} of {value}")
    return value


def one_of(shape: Mapping[str, str], key: str, choices: tuple[str, ...]) -> str:
    """Return one of some words from a shape; raises ``KeyError`` or ``ValueError`` where it says another."""
    if shape[key] not in choices:
        raise ValueError(f"{key} is {shape[key]}, not {' or '.join(choices)}")
    return shape[key]


def padded(page: Tensor, multiple: int) -> Tensor:
    """Return pages (n, c, h, w) with their last row and column repeated until both sides divide evenly."""
    below, right = (-side % multiple for side in page.shape[-2:])
    return nnf.pad(page, (0, right, 0, below), mode="replicate") if below or right else page
