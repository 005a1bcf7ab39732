"""Layers that took long to make, kept in a folder for the length of a training, for all of its processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.errors import UserError
from mangapaint.formats.atomic import write_bytes
from mangapaint.training.samples import NOWHERE, Labels, Original

LABELS = frozenset({"regions", "identities"})
LAYERS = ("color", "line", "tone", "regions", "identities")
MOST = np.iinfo(np.uint16).max - 1
"""The largest label that 16 bits hold beside ``NOWHERE``."""
QUICK = (cv2.IMWRITE_PNG_COMPRESSION, 1)


@dataclass(frozen=True)
class Shelf:
    """A folder that belongs to one training. Nothing is said where it cannot be written: the work is done again."""

    folder: Path

    def keep(self, number: int, original: Original, layers: Iterable[str]) -> None:
        """Keep some layers of the original of a number, those that it has."""
        for layer in layers:
            values = getattr(original, layer)
            if values is not None and layer in LABELS:
                values = narrow(values) if fits(values) else None
            if values is not None:
                with suppress(UserError):
                    write_bytes(self._path(number, layer), cv2.imencode(".png", values, QUICK)[1].tobytes())

    def find(self, number: int, layers: Iterable[str]) -> Mapping[str, Any]:
        """Return those of some layers that are kept, by name: as ``Original`` has them."""
        found = ((layer, self._read(self._path(number, layer))) for layer in layers)
        return {layer: wide(values) if layer in LABELS else values for layer, values in found if values is not None}

    def _path(self, number: int, layer: str) -> Path:
        return self.folder / f"{number:07}-{layer}.png"

    def _read(self, path: Path) -> NDArray[Any] | None:
        try:
            data = path.read_bytes()
        except OSError:
            return None
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None


def fits(labels: Labels) -> bool:
    """Tell whether labels can be kept in 16 bits."""
    return bool(labels.min() >= NOWHERE and labels.max() <= MOST)


def narrow(labels: Labels) -> NDArray[np.uint16]:
    """Return labels that fit in 16 bits, 0 for ``NOWHERE``."""
    return (labels - NOWHERE).astype(np.uint16)


def wide(labels: NDArray[np.uint16]) -> Labels:
    """Return what ``narrow`` made as labels again."""
    return labels.astype(np.int32) + NOWHERE
