"""Writing weights: a network in half precision with its shape and what it was taught, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save as packed
from torch import Tensor, nn

from mangapaint.colorizers.weights import FORMAT, SHAPE, metadata
from mangapaint.formats.atomic import write_bytes

BEGINNINGS = ("steps", "seconds", "seed", "data_sha256", "from")
"""What weights tell of those that they began with, which may have begun with others."""


def beginning(start: Path) -> str:
    """Return for the metadata how the weights were taught that a training begins with, as JSON."""
    said = metadata(start)
    return json.dumps({key: said[key] for key in BEGINNINGS if key in said})


def save_weights(path: Path, network: nn.Module, *, method: str, shape: Mapping[str, str],
                 about: Mapping[str, str]) -> None:  # fmt: skip
    """Write a network so that ``colorizers.weights.load`` reads it; raises ``UserError`` where that is not possible.

    ``shape`` is what ``NETWORKS[method]`` makes it from; ``about`` goes to the metadata (credits, licence, measures).
    """
    tensors = {name: _halved(value.detach()).cpu().contiguous() for name, value in network.state_dict().items()}
    said = {"format": FORMAT, "method": method, **{SHAPE + key: value for key, value in shape.items()}, **about}
    write_bytes(path, packed(tensors, said), suffix=".safetensors")


def _halved(value: Tensor) -> Tensor:
    """Return a tensor in half precision; what is too large for the finer kind of it (variances may be) in bfloat16."""
    if value.dtype != torch.float32:
        return value
    fits = not value.numel() or float(value.abs().max()) <= torch.finfo(torch.float16).max
    return value.half() if fits else value.bfloat16()
