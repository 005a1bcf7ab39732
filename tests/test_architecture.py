"""The house keeps its shape: what is imported when, where threads are, how long files are, what a wheel holds."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mangapaint.settings import resources

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "mangapaint"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 420
CATCH_ALLS = {"utils", "util", "helpers", "helper", "misc", "common"}
THREAD_NAMES = {"QThread", "QThreadPool", "QRunnable", "QMutex", "QtConcurrent", "moveToThread"}

MAIN = """
import json, sys
from mangapaint.cli import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def command(*arguments: str | Path) -> tuple[int, set[str], str]:
    """Run mangapaint in a process of its own: exit code, the packages that were imported, and what it printed."""
    done = subprocess.run([sys.executable, "-c", MAIN, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules), done.stdout


@pytest.fixture
def page(tmp_path: Path) -> Path:
    pixels = np.full((64, 48), 255, np.uint8)
    pixels[16:48, [8, 40]] = pixels[[16, 47], 8:41] = 0
    Image.fromarray(pixels).save(tmp_path / "page.png")
    return tmp_path / "page.png"


@pytest.fixture
def hints(tmp_path: Path) -> Path:
    pixels = np.zeros((64, 48, 4), np.uint8)
    pixels[28:34, 20:26] = 200, 40, 40, 255
    Image.fromarray(pixels).save(tmp_path / "hints.png")
    return tmp_path / "hints.png"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["colorize", "--help"], ["analyze", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code, modules, printed = command(*arguments)
    assert code == 0
    assert "mangapaint" in printed
    assert not modules & {"torch", "PySide6", "numpy", "cv2", "scipy", "PIL"}


def test_methods_need_neither_torch_nor_qt() -> None:
    code, modules, printed = command("methods")
    assert code == 0
    assert "propagation" in printed
    assert not modules & {"torch", "PySide6"}


def test_colorize_needs_neither_torch_nor_qt(page: Path, hints: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    code, modules, _ = command("colorize", page, "--hints", hints, "-o", out)
    assert code == 0
    with Image.open(out) as image:
        assert image.size == (48, 64)
    assert "cv2" in modules  # the list does say what was imported
    assert not modules & {"torch", "PySide6"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_says_what_it_is_for_and_is_not_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert docstring.partition("\n")[0].endswith("."), "the first line is one sentence"
    lines = len(text.splitlines())
    assert lines <= LONGEST, f"{lines} lines; split it where its responsibilities part"
    assert path.stem not in CATCH_ALLS, "a function lives with the thing it is about"


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) != "mangapaint/ui/jobs.py"], ids=name_of)
def test_only_jobs_knows_qt_threads(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not names & THREAD_NAMES


def test_resources_of_a_checkout_are_beside_the_package() -> None:
    assert resources() == ROOT / "resources"


def test_wheel_holds_and_finds_its_resources(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("mangapaint-*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)

    code = "from mangapaint.settings import resources; print(resources())"
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)},
                           capture_output=True, text=True, check=True)  # fmt: skip

    assert Path(found.stdout.strip()) == installed / "mangapaint" / "resources"
    assert relative_files(Path(found.stdout.strip())) == relative_files(ROOT / "resources")


def relative_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
