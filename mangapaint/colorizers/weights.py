"""What networks have learned, in files: safetensors in half precision, with words on where it comes from.

A file's metadata says of which method it is, the shape of its network (``network.KEY``), what it was trained on
(``credits``), under which licence, and how good it was. Pickles are never opened.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mangapaint.errors import UserError
from mangapaint.settings import resources

if TYPE_CHECKING:
    from torch import nn

FORMAT = "mangapaint 1"
"""What ``format`` in the metadata must say."""
SHAPE = "network."
OPENED = 4
"""Networks that stay in memory."""
MOST_HEADER = 1 << 24
"""Bytes a file's header may have."""


@dataclass(frozen=True)
class Weights:
    """A file of weights as it was at one moment: another training into the same file is another one."""

    path: Path
    moment: int

    @classmethod
    def at(cls, path: Path) -> Weights:
        """Return the file as it is now; raises ``UserError`` where there is none."""
        try:
            return cls(path.resolve(), path.stat().st_mtime_ns)
        except OSError as error:
            reason = error.strerror or "no reason given"
            remedy = "give weights that mangapaint train has written"
            raise UserError(f"the weights cannot be read ({reason})", path=path, remedy=remedy) from error


def shipped(method: str) -> Weights | None:
    """Return the weights that come with the program for a method, if any do."""
    path = resources() / "weights" / f"{method}.safetensors"
    return Weights.at(path) if path.is_file() else None


def metadata(path: Path) -> dict[str, str]:
    """Return what a file of weights says about itself, without torch; raises ``UserError`` for any other file."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if not 2 <= size <= MOST_HEADER:
                raise ValueError("no header")
            found = json.loads(file.read(size)).get("__metadata__", {})
    except OSError as error:
        raise UserError(f"the weights cannot be read ({error.strerror})", path=path, remedy="choose others") from error
    except (ValueError, AttributeError) as error:
        raise _foreign(path) from error
    if found.get("format") != FORMAT:
        raise _foreign(path)
    return {str(key): str(value) for key, value in found.items()}


def load(weights: Weights, method: str, *, device: str = "cpu") -> nn.Module:
    """Return a method's network as a file holds it, ready to run; do not change it: others share it.

    Raises ``UserError`` for a file of another method, a damaged file, or a shape this version does not know.
    """
    said = metadata(weights.path)
    if said.get("method") != method:
        problem = f"these weights are of the method {said.get('method')}, not {method}"
        raise UserError(problem, path=weights.path, remedy=f"choose weights of {method}")
    return _opened(weights, method, device)


@lru_cache(OPENED)
def _opened(weights: Weights, method: str, device: str) -> nn.Module:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from mangapaint.colorizers.networks.table import NETWORKS

    said = metadata(weights.path)
    try:
        network = NETWORKS[method]({key[len(SHAPE) :]: value for key, value in said.items() if key.startswith(SHAPE)})
        tensors = load_file(weights.path)
        network.load_state_dict({name: value.float() if value.is_floating_point() else value
                                 for name, value in tensors.items()})  # fmt: skip
    except (SafetensorError, RuntimeError, KeyError, ValueError, OSError) as error:
        raise UserError("these weights are damaged, or of another version of mangapaint", path=weights.path,
                        remedy="train them again, or update mangapaint") from error  # fmt: skip
    return network.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]


def _foreign(path: Path) -> UserError:
    return UserError("this is no file of weights", path=path, remedy="give one that mangapaint train has written")
