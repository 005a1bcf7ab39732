"""Which series were learned, and the files of each: weights, checkpoints, and the pictures it was learned from."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from mangapaint.colorizers.weights import Weights
from mangapaint.errors import UserError
from mangapaint.formats.atomic import make_folder, write_text

WEIGHTS, CHECKPOINT = ".safetensors", ".checkpoint"
PICTURES = "pictures.json"
LONGEST_NAME = 60
REFUSED = frozenset('/\\:*?"<>|')
"""What no file system should be asked to have in a name."""


@dataclass(frozen=True)
class Taught:
    """A network that has learned a series: the series' name, the method, and where its weights lie."""

    series: str
    method: str
    path: Path


@dataclass(frozen=True)
class Shelf:
    """The folder in which each series has one of its own, under its name."""

    folder: Path

    def weights_path(self, series: str, method: str) -> Path:
        """Return where a series' weights of a method lie, or will."""
        return self.folder / series / (method + WEIGHTS)

    def checkpoint_path(self, series: str, method: str) -> Path:
        """Return where learning can be taken up again."""
        return self.folder / series / (method + CHECKPOINT)

    def taught(self) -> tuple[Taught, ...]:
        """Return all that was learned, by name."""
        found = sorted(self.folder.glob(f"*/*{WEIGHTS}")) if self.folder.is_dir() else []
        return tuple(Taught(path.parent.name, path.stem, path) for path in found if not path.name.startswith("."))

    def weights(self, series: str, method: str) -> Weights | None:
        """Return the weights of a series and method as they are at this moment; None where there are none."""
        if not series or not method:
            return None
        try:
            return Weights.at(self.weights_path(series, method))
        except UserError:
            return None

    def goes_on(self, series: str, method: str) -> bool:
        """Say whether learning was left off here and can be continued."""
        return bool(series) and self.checkpoint_path(series, method).is_file()

    def pictures(self, series: str) -> tuple[Path, ...]:
        """Return the pictures a series was learned from, as far as they are still there."""
        try:
            rows = json.loads((self.folder / series / PICTURES).read_text(encoding="utf-8"))["pictures"]
            paths = [Path(row) for row in rows if isinstance(row, str)]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ()
        return tuple(path for path in paths if path.is_file())

    def note(self, series: str, pictures: tuple[Path, ...]) -> None:
        """Remember what a series is learned from, in its folder, which is made; raises ``UserError``."""
        folder = self.folder / series
        make_folder(folder, what="the series cannot be kept", remedy="check the folder")
        write_text(folder / PICTURES, json.dumps({"pictures": [str(path.absolute()) for path in pictures]}, indent=2))


def named(text: str) -> str:
    """Return a series' name as it can be a folder's, from what was typed; empty where nothing is left of it."""
    plain = "".join("-" if letter in REFUSED else letter for letter in unicodedata.normalize("NFC", text)
                    if letter.isprintable())  # fmt: skip
    name = " ".join(plain.split()).strip(". ")[:LONGEST_NAME]
    while len(name.encode()) > 3 * LONGEST_NAME:
        name = name[:-1]
    return name.rstrip(". ")
