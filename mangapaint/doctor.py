"""What this machine has and lacks, and the line that installs what is missing."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mangapaint import __version__
from mangapaint.colorizers.device import probe
from mangapaint.colorizers.weights import intact, method_of, shipped_files
from mangapaint.errors import UserError
from mangapaint.settings import config_path, resources

PACKAGES = ("PySide6-Essentials", "torch", "opencv-python", "numpy", "scipy", "pillow", "qimage2ndarray",
            "safetensors", "platformdirs", "defusedxml", "tqdm", "psutil")  # fmt: skip
NEEDED_MEMORY_GB = 4.0


@dataclass(frozen=True)
class Library:
    """A shared library the window needs: its file, its Debian package, and whether only X11 needs it."""

    file: str
    package: str
    only_x11: bool


def libraries(path: Path | None = None) -> tuple[Library, ...]:
    """Read the table of system libraries."""
    lines = (path or resources() / "system" / "debian.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(Library(row[0], row[1], row[2] == "x11") for row in rows)


def missing_libraries(rows: tuple[Library, ...]) -> tuple[Library, ...]:
    """Return those that the loader does not find; none on systems other than Linux."""
    return tuple(row for row in rows if not _loads(row.file)) if sys.platform == "linux" else ()


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def examine() -> dict[str, Any]:
    """Look at the machine; returns plain values for ``--json``. ``problems`` holds (what, remedy) lines."""
    versions = {package: _version(package) for package in PACKAGES}
    missing = missing_libraries(libraries())
    devices = probe()
    memory = _memory_gb()
    weights, damaged = shipped_weights()
    return {
        "mangapaint": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": versions,
        "device": {"cpu_cores": os.cpu_count(), "cuda": devices.cuda or None, "why_no_cuda": devices.why_not or None},
        "memory_gb": memory and {name: round(value, 1) for name, value in memory.items()},
        "display": _display(),
        "system_libraries": {"missing": [row.file for row in missing]},
        "settings": str(config_path()),
        "resources": str(resources()),
        "weights": weights,
        "problems": [*_problems(versions, missing, memory), *damaged],
    }


def shipped_weights() -> tuple[list[str], list[dict[str, str]]]:
    """Return the methods whose weights came with the program, and what is wrong with files that are not used."""
    methods, problems = [], []
    for path in shipped_files():
        try:
            methods.append(method_of(intact(path)))
        except UserError as error:
            problems.append({"what": f"{path}: {error.what}", "remedy": "install mangapaint again"})
    return methods, problems


def _memory_gb() -> dict[str, float] | None:
    """Return the machine's memory; None where psutil, one of the packages that may be missing, cannot say it."""
    try:
        import psutil
    except ImportError:
        return None
    memory = psutil.virtual_memory()
    return {"total": memory.total / 1e9, "available": memory.available / 1e9}


def _display() -> str | None:
    if sys.platform != "linux":
        return platform.system()
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or None


def _problems(
    versions: dict[str, str | None], missing: tuple[Library, ...], memory: dict[str, float] | None
) -> list[dict[str, str]]:
    found = []
    absent = [package for package, version in versions.items() if version is None]
    if absent:
        found.append({"what": f"missing packages: {', '.join(absent)}",
                      "remedy": f"python -m pip install {' '.join(absent)}"})  # fmt: skip
    if missing:
        names = " ".join(row.package for row in missing)
        found.append({"what": f"missing system libraries: {', '.join(row.file for row in missing)}",
                      "remedy": f"sudo apt-get install -y {names}"})  # fmt: skip
    if memory and memory["total"] < NEEDED_MEMORY_GB:
        found.append({"what": f"only {memory['total']:.1f} GB of memory",
                      "remedy": f"pages at 300 dpi want {NEEDED_MEMORY_GB:.0f} GB or more"})  # fmt: skip
    return found


def as_text(found: dict[str, Any]) -> str:
    """Return the examination as lines for a person."""
    device, memory = found["device"], found["memory_gb"]
    lines = [
        f"mangapaint {found['mangapaint']}, Python {found['python']}, {found['system']}",
        "packages   " + ", ".join(f"{name} {version or '(missing)'}" for name, version in found["packages"].items()),
        f"device     {device['cpu_cores']} cores; " + (device["cuda"] or f"no GPU: {device['why_no_cuda']}"),
        "memory     " + (f"{memory['total']} GB, {memory['available']} GB free" if memory else "unknown"),
        f"display    {found['display'] or 'none: the window cannot open here, the command line works'}",
        f"weights    {', '.join(found['weights']) or 'none to use: networks have to be trained first'}",
        f"settings   {found['settings']}",
    ]
    problems = [f"! {row['what']}\n  -> {row['remedy']}" for row in found["problems"]]
    return "\n".join([*lines, *(problems or ["nothing is missing"])])
