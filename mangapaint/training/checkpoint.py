"""Everything a training needs to go on exactly where it was, in one file: safetensors, with what is said as JSON.

Nothing of it is a pickle. Tensors go by group: "course.NAME" (weights, of a discriminator, too), "average.NAME",
"best.NAME", "survey.NAME", and "turn0.PLACE.NAME" for what the optimiser of a turn remembers of a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as packed
from torch import Tensor
from torch.optim import Optimizer

from mangapaint.errors import UserError
from mangapaint.formats.atomic import write_bytes
from mangapaint.training.plan import Plan, differences
from mangapaint.training.record import STOPPED

FORMAT = "mangapaint checkpoint 1"
SUFFIX = ".checkpoint"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training at one moment: its tensors by name, and what else there is to say, as JSON can hold it."""

    tensors: Mapping[str, Tensor]
    said: Mapping[str, Any]

    def group(self, name: str) -> dict[str, Tensor]:
        """Return the tensors of a group by their own names."""
        start = f"{name}."
        return {key.removeprefix(start): value for key, value in self.tensors.items() if key.startswith(start)}

    def check(self, plan: Plan, path: Path) -> None:
        """Raise ``UserError`` where this is of another training than ``plan``, which may only last longer."""
        earlier = self.said["plan"]
        other = differences(plan, earlier)
        if other:
            said = ", ".join(f"{name} {_words(earlier.get(name))}" for name in other)
            raise UserError(f"this checkpoint is of another training ({said})", path=path,
                            remedy="ask for the same, or begin anew into another file")  # fmt: skip


def grouped(groups: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the tensors of all groups under the names they have in a file."""
    return {f"{group}.{name}": value for group, tensors in groups.items() for name, value in tensors.items()}


def remembered(optimizer: Optimizer) -> dict[str, Tensor]:
    """Return what an optimiser remembers of each parameter, as "PLACE.NAME"."""
    state = optimizer.state_dict()["state"]
    return {f"{place}.{name}": value for place, row in state.items() for name, value in row.items()}


def remind(optimizer: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Give an optimiser what ``remembered`` told of it."""
    state: dict[int, dict[str, Tensor]] = {}
    parameters = [row for group in optimizer.param_groups for row in group["params"]]
    for key, value in tensors.items():
        place, _, name = key.partition(".")
        parameter = parameters[int(place)]
        # In memory as the parameter is: optimisers go through both side by side.
        alike = torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value.clone()
        state.setdefault(int(place), {})[name] = alike
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint whole or not at all; raises ``UserError`` where that is not possible."""
    tensors = {name: value.detach().cpu().contiguous().clone() for name, value in checkpoint.tensors.items()}
    write_bytes(path, packed(tensors, {"format": FORMAT, "said": json.dumps(checkpoint.said)}))


def read(path: Path) -> Checkpoint:
    """Read a checkpoint; raises ``UserError`` where there is none, or what is there is none."""
    if not path.is_file():
        raise UserError("there is no checkpoint to go on from", path=path, remedy="leave out --resume to begin anew")
    with _opened(path) as (file, said):
        return Checkpoint({name: file.get_tensor(name) for name in file.keys()}, said)  # noqa: SIM118


def is_unfinished(path: Path) -> bool:
    """Return whether a checkpoint lies there whose training has not come to its end."""
    if not path.is_file():
        return False
    with _opened(path) as (_, said):
        return said["moment"]["ended"] in ("", STOPPED)


def damaged(path: Path) -> UserError:
    """Return what is said of a file that holds something else than it should."""
    remedy = "remove it and begin anew"
    return UserError("the checkpoint is damaged, or of another version", path=path, remedy=remedy)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Open a checkpoint and read what it says, not yet its tensors; raises ``UserError`` where it is none."""
    try:
        with safe_open(path, framework="pt") as file:
            told = file.metadata() or {}
            if told.get("format") != FORMAT:
                raise ValueError("another format")
            said = json.loads(told["said"])
            if not isinstance(said["plan"], dict) or not isinstance(said["moment"], dict):
                raise TypeError("another structure")
            yield file, said
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}={row}" for key, row in value.items()) or "as usual"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(str, value))
    return str(value)
