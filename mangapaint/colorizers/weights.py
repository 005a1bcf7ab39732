"""What networks have learned, in files: safetensors in half precision, with words on where it comes from.

A file's metadata says of which method it is, the shape of its network (``network.KEY``), what it was trained on
(``credits``), under which licence, and how good it was. Pickles are never opened. Whatever a file holds, it is either
read or refused in one line: a network is compared with it before it takes any memory. Files that come with the program
are used only as they came: their hashes are listed beside them.
"""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mangapaint.errors import UserError
from mangapaint.settings import resources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

FORMAT = "mangapaint 1"
"""What ``format`` in the metadata must say."""
SHAPE = "network."
SUFFIX = ".safetensors"
SUMS = "SHA256SUMS"
"""The hashes of the weights that come with the program, in the folder they lie in, as ``sha256sum`` writes them."""
OPENED = 4
"""Networks that stay in memory."""
KNOWN = 64
"""Files whose method and hash are remembered."""
MOST_HEADER = 1 << 24
"""Bytes a file's header may have."""

_GIVE = "give weights that mangapaint train has written"


@dataclass(frozen=True)
class Weights:
    """A file of weights as it was at one moment: another training into the same file is another one."""

    path: Path
    moment: int

    @classmethod
    def at(cls, path: Path) -> Weights:
        """Return the file as it is now; raises ``UserError`` where there is none."""
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise UserError("this is no file of weights", path=path, remedy=_GIVE)
            return cls(path.resolve(), found.st_mtime_ns)
        except OSError as error:
            raise _unreadable(path, error) from error


def shipped(method: str) -> Weights | None:
    """Return the weights that come with the program for a method, if any do and are as they came (see ``intact``)."""
    try:
        return _shipped(method)
    except UserError:  # whoever wants to run the method is told by ``meant_for``
        return None


def _shipped(method: str) -> Weights | None:
    path = _shipped_folder() / (method + SUFFIX)
    return intact(path) if path.is_file() else None


def intact(path: Path) -> Weights:
    """Return a file that comes with the program; raises ``UserError`` unless its hash is the one that ``SUMS`` lists.

    A file is hashed when this is first asked of it (7 MB take 5 to 10 ms), and again once it has been written anew.
    """
    found, listed = Weights.at(path), _listed(path.with_name(SUMS)).get(path.name)
    remedy = f"install mangapaint again, or train it (mangapaint train {path.stem})"
    if listed is None:
        raise UserError(f"this file is not listed in {SUMS}", path=path, remedy=remedy)
    if sha256(found) != listed:
        what = f"this file is damaged or was changed: its hash is not that in {SUMS}"
        raise UserError(what, path=path, remedy=remedy)
    return found


@lru_cache(KNOWN)
def sha256(weights: Weights) -> str:
    """Return the SHA-256 of a file as hexadecimal digits; raises ``UserError`` where it cannot be read."""
    try:
        with weights.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(weights.path, error) from error


def _listed(sums: Path) -> dict[str, str]:
    """Return the hashes that a file as ``sha256sum`` writes it lists, by name; none where there is no such file."""
    try:
        rows = [line.split(maxsplit=1) for line in sums.read_text("utf-8", errors="replace").splitlines()]
    except OSError:
        return {}
    return {row[1].removeprefix("*"): row[0].lower() for row in rows if len(row) == 2}


def shipped_files() -> tuple[Path, ...]:
    """Return all files of weights that come with the program, by name."""
    return tuple(sorted(_shipped_folder().glob("*" + SUFFIX)))


def _shipped_folder() -> Path:
    return resources() / "weights"


def metadata(path: Path) -> dict[str, str]:
    """Return what a file of weights says about itself, without torch; raises ``UserError`` for any other file."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if not 2 <= size <= MOST_HEADER:
                raise _foreign(path)
            found = json.loads(file.read(size))
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        raise _foreign(path) from error
    said = found.get("__metadata__") if isinstance(found, dict) else None
    if not isinstance(said, dict) or said.get("format") != FORMAT or not said.get("method"):
        raise _foreign(path)
    return {str(key): str(value) for key, value in said.items()}


@lru_cache(KNOWN)
def method_of(weights: Weights) -> str:
    """Return the method whose weights a file holds, without torch; raises ``UserError`` for any other file."""
    return metadata(weights.path)["method"]


def meant_for(method: str, given: Weights | None) -> Weights | None:
    """Return the weights a method is to run with: those given if they are its own, else those that come with it.

    None where there are neither. Raises ``UserError`` where what was given is no file of weights, and where what comes
    with the program for the method is not as it came (see ``intact``).
    """
    return given if given is not None and method_of(given) == method else _shipped(method)


def load(weights: Weights, method: str, *, device: str = "cpu") -> nn.Module:
    """Return a method's network as a file holds it, ready to run; do not change it: others share it.

    Raises ``UserError`` for a file of another method, a damaged file, or a shape this version does not know.
    """
    said = metadata(weights.path)["method"]
    if said != method:
        problem = f"these weights are of the method {said}, not {method}"
        raise UserError(problem, path=weights.path, remedy=f"choose weights of {method}")
    return _opened(weights, method, device)


@lru_cache(OPENED)
def _opened(weights: Weights, method: str, device: str) -> nn.Module:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    said = metadata(weights.path)
    shape = {key[len(SHAPE) :]: value for key, value in said.items() if key.startswith(SHAPE)}
    try:
        network = _filled(load_file(weights.path), method, shape)
    except (SafetensorError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, OSError) as error:
        raise UserError("these weights are damaged, or of another version of mangapaint", path=weights.path,
                        remedy="train them again, or update mangapaint") from error  # fmt: skip
    try:
        return network.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    except torch.OutOfMemoryError as error:
        raise UserError("there is no room for this network on the GPU", path=weights.path,
                        remedy="close other programs, or choose --device cpu") from error  # fmt: skip


def _filled(tensors: Mapping[str, Tensor], method: str, shape: Mapping[str, str]) -> nn.Module:
    """Return a network that holds ``tensors``; raises ``ValueError`` and the like where it cannot."""
    import torch

    from mangapaint.colorizers.networks.table import NETWORKS

    with torch.device("meta"):  # takes no memory, however large it says it is
        outline = NETWORKS[method](shape)
    if _layout(outline.state_dict()) != _layout(tensors):
        raise ValueError("other tensors than the network's")
    if not all(bool(value.isfinite().all()) for value in tensors.values() if value.is_floating_point()):
        raise ValueError("values that are no numbers")
    network = NETWORKS[method](shape)
    network.load_state_dict({name: value.float() if value.is_floating_point() else value
                             for name, value in tensors.items()})  # fmt: skip
    return network


def _layout(tensors: Mapping[str, Tensor]) -> dict[str, tuple[tuple[int, ...], str]]:
    """Return the shape of each tensor and what sort of numbers it holds."""
    return {name: (tuple(value.shape), _sort(value)) for name, value in tensors.items()}


def _sort(value: Tensor) -> str:
    return "float" if value.is_floating_point() else "complex" if value.is_complex() else "whole"


def _foreign(path: Path) -> UserError:
    return UserError("this is no file of weights", path=path, remedy=_GIVE)


def _unreadable(path: Path, error: OSError) -> UserError:
    reason = error.strerror or "no reason given"
    return UserError(f"the weights cannot be read ({reason})", path=path, remedy=_GIVE)
