"""What the program remembers between starts, as one table of settings and one small file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import platformdirs

from mangapaint.errors import UserError


@dataclass(frozen=True)
class Setting:
    """One row of the table: its key in the file, its default, and what it means.

    Numbers carry their range, texts their choices; a value outside of them is replaced by the default.
    """

    key: str
    default: bool | float | str
    title: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    unit: str = ""

    def accepts(self, value: object) -> bool:
        """Say whether a value read from the file can be used."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(value, bool) and isinstance(self.default, bool)
        if isinstance(self.default, str):
            return isinstance(value, str) and (not self.choices or value in self.choices)
        return isinstance(value, int | float) and self.low <= value <= self.high


SETTINGS: tuple[Setting, ...] = (
    Setting("theme", "system", "Theme", choices=("system", "dark", "light")),
    Setting("image_limit", 400.0, "Largest picture to open (image limit)", low=1, high=4000, unit="megapixels"),
    Setting("device", "auto", "Compute device", choices=("auto", "cpu", "cuda")),
    Setting("brush_size", 24.0, "Brush size", low=1, high=500, unit="px"),
    Setting("remember", "on", "Coloured pages are references for the others in their folder", choices=("on", "off")),
    Setting("palette_colors", "auto", "Palette: colours", choices=("auto", "24", "32")),
)
_BY_KEY = MappingProxyType({row.key: row for row in SETTINGS})


def config_path() -> Path:
    """Return the settings file; ``MANGAPAINT_CONFIG_DIR`` names another folder (tests, portable use)."""
    folder = os.environ.get("MANGAPAINT_CONFIG_DIR") or platformdirs.user_config_dir("mangapaint", appauthor=False)
    return Path(folder) / "settings.json"


def resources() -> Path:
    """Return the folder with icons, samples and weights: inside the wheel, or beside the package in a checkout."""
    installed = Path(__file__).parent / "resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


class Settings:
    """The settings' values, plus a few lists the window keeps (recent files, layout).

    Reading never fails: a missing or broken file means defaults. Nothing is written before ``save``.
    """

    def __init__(self, values: Mapping[str, Any] | None = None, path: Path | None = None) -> None:
        self._values: dict[str, Any] = dict(values or {})
        self._path = path

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """Read the settings file."""
        where = path or config_path()
        try:
            values = json.loads(where.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            values = {}
        return cls(values if isinstance(values, dict) else {}, where)

    def __getitem__(self, key: str) -> Any:
        """Return a setting's value, in its default's type, or the default where the file holds nothing usable."""
        row = _BY_KEY[key]
        value = self._values.get(key, row.default)
        return type(row.default)(value) if row.accepts(value) else row.default

    def __setitem__(self, key: str, value: bool | float | str) -> None:
        """Change a setting; raises ``ValueError`` for a value outside its range."""
        if not _BY_KEY[key].accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        self._values[key] = value

    def kept(self, key: str) -> Any:
        """Return something the window keeps under a free name (``recent``, ``layout``), or None."""
        return self._values.get(f"window.{key}")

    def keep(self, key: str, value: Any) -> None:
        """Keep something plain (JSON) for the window."""
        self._values[f"window.{key}"] = value

    def save(self) -> None:
        """Write the file beside and put it in place; raises ``UserError`` where that is not possible."""
        if self._path is None:
            return
        beside = self._path.with_suffix(".json.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(self._values, indent=2, sort_keys=True), encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            remedy = "check that you may write there"
            raise UserError(f"the settings were not kept ({error.strerror})", path=self._path, remedy=remedy) from error
