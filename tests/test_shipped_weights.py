"""Weights that ship are listed with their hash, small, in half precision, and say whose pictures they learned from."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from safetensors.numpy import save

from mangapaint.batch import Task, colorize
from mangapaint.colorizers.weights import FORMAT, SUMS, intact, metadata
from mangapaint.document.page import Kind
from mangapaint.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "weights"
FILES = sorted(FOLDER.glob("*.safetensors"))
CREDITS = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
SAID = ("credits", "licence", "data", "seed", "steps", "seconds", "device")
WHOLE = {"F16", "BF16", "BOOL", "U8", "I8", "I16", "U16", "I32", "U32", "I64", "U64"}
"""What tensors may hold: half precision, or what has no fractions."""

SERIES = {"asp-0005-anansi-and-turtle": [11, "ab" * 32], "asp-0006": [6, "cd" * 32], "gopher-party": [2, "ef" * 32]}
GOOD = {"credits": "see CREDITS.md", "licence": "Apache-2.0", "data": json.dumps(SERIES), "seed": "0", "steps": "9000",
        "seconds": "5400", "device": "cpu"}  # fmt: skip
HALF = np.zeros(4, np.float16)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What writes the list, imported from the repository's folder."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("weights")


def faults(path: Path, largest: int) -> list[str]:
    """Which rules a file breaks."""
    said = metadata(path)
    found = [f"no {key}" for key in SAID if not said.get(key)]
    found += ["another method"] if said["method"] != path.stem else []
    found += ["too large"] if path.stat().st_size > largest else []
    found += [f"{name} is {kind}" for name, kind in kinds(path).items() if kind not in WHOLE]
    try:
        intact(path)
    except UserError as error:
        found.append(error.what)
    return found + data_faults(said.get("data", ""))


def kinds(path: Path) -> dict[str, str]:
    """What sort of numbers each tensor holds."""
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return {name: row["dtype"] for name, row in header.items() if name != "__metadata__"}


def data_faults(text: str) -> list[str]:
    """What is wrong with the list of series that were learned from."""
    try:
        rows = dict(json.loads(text))
    except ValueError:
        return ["data is no table"]
    odd = [name for name, row in rows.items() if not is_counted(row)]
    return [f"{name} has no hash" for name in odd] + [f"nobody is credited for {name}" for name in uncredited(rows)]


def is_counted(row: object) -> bool:
    match row:
        case [int(pictures), str(sha256)]:
            return pictures > 0 and bool(re.fullmatch("[0-9a-f]{64}", sha256))
    return False


def uncredited(series: Mapping[str, object]) -> list[str]:
    """The series that no row of the credits' tables begins with the name of."""
    firsts = re.findall(r"^\| (.*?) \|", CREDITS, re.MULTILINE)
    known = [name for first in firsts for name in re.findall(r"`(\S+)`", first)]
    return [name for name in series if not any(fnmatchcase(name, pattern) for pattern in known)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_weights_that_ship_keep_the_rules(path: Path, command: ModuleType) -> None:
    assert faults(path, command.LARGEST) == []


def test_the_list_is_of_the_weights_that_are_there(command: ModuleType) -> None:
    assert (FOLDER / SUMS).read_text(encoding="utf-8") == command.sums(FILES)
    assert command.too_large(FILES) == ""
    assert {path.name for path in FOLDER.iterdir()} == {"CREDITS.md", SUMS, *(path.name for path in FILES)}


def test_every_row_of_the_credits_says_by_whom_and_under_which_licence() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in CREDITS.splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    for _, what, artist, licence, *_ in rows:
        assert what
        assert artist
        assert re.search(r"CC BY( [34]\.0)?(?![- ](NC|SA|ND))|CC0 1\.0|MIT", licence), licence
    for named in re.findall(r"\[(CC[^\]]*|MIT)\](?!\()", CREDITS):
        assert f"[{named}]: https://" in CREDITS


def made(folder: Path, tensor: np.ndarray = HALF, *, method: str = "guided", **said: str) -> Path:
    """A listed file that keeps the rules, but for what is said otherwise; an empty text is left out."""
    about = {key: text for key, text in {"format": FORMAT, "method": method, **GOOD, **said}.items() if text}
    path = folder / "guided.safetensors"
    path.write_bytes(save({"first": tensor, "seen": np.zeros((), np.int64)}, about))
    (folder / SUMS).write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return path


def test_a_file_that_keeps_the_rules_is_found_to(tmp_path: Path, command: ModuleType) -> None:
    assert faults(made(tmp_path), command.LARGEST) == []


@pytest.mark.parametrize("key", SAID)
def test_words_that_are_missing_are_noticed(tmp_path: Path, command: ModuleType, key: str) -> None:
    assert f"no {key}" in faults(made(tmp_path, **{key: ""}), command.LARGEST)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda folder: made(folder, HALF.astype(np.float32)), "first is F32"),
        (lambda folder: made(folder, method="colorful"), "another method"),
        (lambda folder: made(folder, np.zeros(6_000_000, np.float16)), "too large"),
        (lambda folder: made(folder, data="a list"), "data is no table"),
        (lambda folder: made(folder, data='{"asp-0005": [11, "ab"]}'), "asp-0005 has no hash"),
        (lambda folder: made(folder, data='{"asp-0005": 11}'), "asp-0005 has no hash"),
        (lambda folder: made(folder, data=json.dumps({"asp-9": [1, "0" * 64]})), "nobody is credited for asp-9"),
    ],
)
def test_each_rule_that_is_broken_is_noticed(
    tmp_path: Path, command: ModuleType, make: Callable[[Path], Path], told: str
) -> None:
    assert faults(make(tmp_path), command.LARGEST) == [told]


def test_a_file_that_is_not_as_listed_is_noticed(tmp_path: Path, command: ModuleType) -> None:
    path = made(tmp_path)
    path.write_bytes(path.read_bytes() + b"\0")
    assert any("is damaged or was changed" in line for line in faults(path, command.LARGEST))
    (tmp_path / SUMS).write_text("")
    assert any("is not listed" in line for line in faults(path, command.LARGEST))


def run(command: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["weights.py", str(folder)])
    command.main()


def test_the_command_lists_what_is_there_and_says_how_large_it_is(
    tmp_path: Path, command: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path, np.zeros(1_000_000, np.float16))
    (tmp_path / "colorful.safetensors").write_bytes(path.read_bytes())
    (tmp_path / SUMS).write_text("what was there before\n")
    run(command, monkeypatch, tmp_path)
    digits = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (tmp_path / SUMS).read_bytes() == f"{digits}  colorful.safetensors\n{digits}  guided.safetensors\n".encode()
    assert intact(path).path == path
    assert capsys.readouterr().out.splitlines() == [
        "colorful.safetensors: 2.00 MB",
        "guided.safetensors: 2.00 MB",
        "all 2: 4.00 MB",
    ]


@pytest.mark.parametrize(("limit", "told"), [("LARGEST", "guided.safetensors has more"), ("ALL", "all together have")])
def test_the_command_refuses_what_is_too_large(
    tmp_path: Path, command: ModuleType, monkeypatch: pytest.MonkeyPatch, limit: str, told: str
) -> None:
    made(tmp_path)
    (tmp_path / SUMS).write_text("what was there before\n")
    monkeypatch.setattr(command, limit, 100)
    with pytest.raises(SystemExit, match=told):
        run(command, monkeypatch, tmp_path)
    assert (tmp_path / SUMS).read_text() == "what was there before\n"


@pytest.mark.shipped
@pytest.mark.parametrize("path", [path for path in FILES if path.stem != "matcher"], ids=lambda path: path.stem)
def test_weights_that_ship_colour_a_gray_page_without_a_hint(path, tmp_path):
    page, out = tmp_path / "page.png", tmp_path / "out.png"
    assert cv2.imwrite(str(page), shaded())
    report = colorize(Task(page, out, method=path.stem, kind=Kind.GRAY, device="cpu"))
    found = cv2.imread(str(out))
    assert report.method == path.stem
    assert found.shape == (160, 240, 3)
    assert np.isfinite(found).all()
    assert np.abs(cv2.cvtColor(found, cv2.COLOR_BGR2GRAY).astype(int) - shaded()).mean() < 3, "luminance stays"


@pytest.mark.shipped
@pytest.mark.skipif(not (FOLDER / "guided.safetensors").is_file(), reason="no weights of guided ship")
def test_auto_lets_them_hear_hints_on_gray_pages(tmp_path):
    page, hints, out = (tmp_path / f"{name}.png" for name in ("page", "hints", "out"))
    marks = np.zeros((160, 240, 4), np.uint8)
    marks[70:90, 50:70] = (40, 160, 60, 255)
    assert cv2.imwrite(str(page), shaded())
    assert cv2.imwrite(str(hints), marks)
    report = colorize(Task(page, out, hints=hints, kind=Kind.GRAY, device="cpu"))
    assert report.method == "guided"
    lab = cv2.cvtColor(cv2.imread(str(out)).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    assert lab[80, 60, 1] < -20, "the hint shows"
    assert lab[80, 30, 1] < -15, "and where it flows to"


def shaded() -> np.ndarray:
    """A gray page: a disc before a lighter ground."""
    page = np.full((160, 240), 225, np.uint8)
    cv2.circle(page, (60, 80), 50, 130, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(page, (0, 0), 1.2))
