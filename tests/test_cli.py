"""The commands: what they print, what they return, and one clear line for whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import drawing
import numpy as np
import pytest
from PIL import Image

from mangapaint import batch, cli
from mangapaint.cli import main
from mangapaint.errors import Cancelled, UserError

ROOT = Path(__file__).parents[1]
RED, BLUE = (220, 30, 40), (30, 60, 220)


@pytest.fixture(autouse=True)
def _plain(monkeypatch, tmp_path):
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("MANGAPAINT_DEBUG", raising=False)


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.png"
    Image.fromarray(drawing.target()).save(path, dpi=(300, 300))
    return path


@pytest.fixture
def hints(tmp_path) -> Path:
    return draw_hints(tmp_path / "hints.png", (200, 200))


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out.png"


def draw_hints(path: Path, size: tuple[int, int]) -> Path:
    pixels = np.zeros((*size, 4), np.uint8)
    pixels[size[0] - 54 : size[0] - 46, 36:44] = (*RED, 255)
    pixels[size[0] - 54 : size[0] - 46, 136:144] = (*BLUE, 255)
    Image.fromarray(pixels).save(path)
    return path


def pixel(path: Path, x: int, y: int) -> tuple[int, ...]:
    with Image.open(path) as image:
        return image.convert("RGB").getpixel((x, y))


def refused(capsys, *arguments: object, code: int = 1) -> str:
    """The one line on stderr of a command that fails."""
    assert main([str(argument) for argument in arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("mangapaint: ")
    assert "Traceback" not in said.err
    return lines[0]


def test_colorize_writes_the_picture_and_says_so(capsys, page, hints, out):
    assert main(["colorize", str(page), "-o", str(out), "--hints", str(hints)]) == 0
    said = capsys.readouterr()
    assert str(out) in said.out
    assert "propagation" in said.out
    assert said.err == ""
    assert pixel(out, 40, 100) == RED
    assert pixel(out, 140, 100) == BLUE


def test_colorize_reports_as_json(capsys, page, hints, out):
    arguments = ["colorize", page, "-o", out, "--hints", hints, "--json", "--seed", 3, "--device", "cpu"]
    assert main([str(argument) for argument in arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["page"] == str(page)
    assert found["out"] == str(out)
    assert (found["method"], found["device"], found["kind"], found["size"]) == (
        "propagation",
        "cpu",
        "line",
        [200, 200],
    )
    assert set(found["seconds"]) == {"read", "analyze", "prepare", "colorize", "write"}
    assert all(value >= 0 for value in found["seconds"].values())
    assert found["peak_mb"] > 10


def test_the_kind_can_be_chosen(capsys, page, hints, out):
    for kind in ("line", "gray", "tone"):
        assert main(["colorize", str(page), "-o", str(out), "--hints", str(hints), "--kind", kind, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["kind"] == kind


def test_hints_of_another_size_are_refused(capsys, tmp_path, page, out):
    other = draw_hints(tmp_path / "small.png", (150, 180))
    line = refused(capsys, "colorize", page, "-o", out, "--hints", other)
    assert str(other) in line
    assert "180 x 150" in line
    assert "200 x 200" in line
    assert "draw the hints" in line
    assert not out.exists()


def test_a_missing_page_and_missing_hints_are_named(capsys, tmp_path, page, hints, out):
    nowhere = tmp_path / "nowhere.png"
    assert str(nowhere) in refused(capsys, "colorize", nowhere, "-o", out, "--hints", hints)
    assert str(nowhere) in refused(capsys, "colorize", page, "-o", out, "--hints", nowhere)
    assert str(nowhere) in refused(capsys, "colorize", page, "-o", out, "--hints", hints, "--reference", nowhere)
    assert str(nowhere) in refused(capsys, "analyze", nowhere, "-o", tmp_path / "folder")
    assert not out.exists()
    assert not (tmp_path / "folder").exists()


def test_what_is_no_picture_is_refused(capsys, tmp_path, hints, out):
    text = tmp_path / "page.png"
    text.write_text("this is no picture")
    assert str(text) in refused(capsys, "colorize", text, "-o", out, "--hints", hints)


def test_a_missing_folder_for_the_result_is_named(capsys, tmp_path, page, hints):
    target = tmp_path / "no folder" / "out.png"
    line = refused(capsys, "colorize", page, "-o", target, "--hints", hints)
    assert str(target) in line
    assert "folder" in line
    assert not target.parent.exists()


def test_a_result_that_is_no_png_is_refused(capsys, tmp_path, page, hints):
    assert "save it as out.png" in refused(capsys, "colorize", page, "-o", tmp_path / "out.jpg", "--hints", hints)


def test_an_unknown_method_is_refused_before_anything_is_read(capsys, tmp_path, out):
    line = refused(capsys, "colorize", tmp_path / "nowhere.png", "-o", out, "--method", "magic")
    assert "magic" in line
    assert "propagation" in line


def test_no_guidance_is_refused_with_the_remedy(capsys, page, out):
    for method in ("auto", "propagation"):
        line = refused(capsys, "colorize", page, "-o", out, "--method", method)
        assert str(page) in line
        assert "--hints" in line
    assert not out.exists()


def test_a_page_above_the_limit_is_refused(capsys, tmp_path, page, hints, out):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.json").write_text('{"image_limit": 1}')
    large = tmp_path / "large.png"
    Image.new("1", (1100, 1100)).save(large)
    line = refused(capsys, "colorize", large, "-o", out, "--hints", hints)
    assert str(large) in line
    assert "limit" in line


def test_a_failure_leaves_the_earlier_result(capsys, page, out):
    out.write_bytes(b"earlier")
    refused(capsys, "colorize", page, "-o", out)
    assert out.read_bytes() == b"earlier"


@pytest.mark.parametrize(
    "arguments",
    [
        ["colorize"],
        ["colorize", "page.png"],
        ["colorize", "page.png", "-o"],
        ["colorize", "page.png", "-o", "out.png", "--kind", "pink"],
        ["colorize", "page.png", "-o", "out.png", "--seed", "many"],
        ["colorize", "page.png", "-o", "out.png", "--hint", "hints.png"],
        ["analyze", "page.png"],
        ["methods", "extra"],
        ["bench"],
        ["bench", "hints", "--vs", "magic"],
        ["bench", "hints", "--kind", "tone"],
        ["--nonsense"],
        ["one.png", "two.png"],
    ],
)
def test_wrong_usage_is_2_and_explained(capsys, arguments):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert "usage: mangapaint" in said.err
    assert said.out == ""


def test_help_and_version_name_the_commands(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {command.name} " in said for command in cli.COMMANDS)
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("mangapaint ")
    assert main(["colorize", "--help"]) == 0
    assert "--reference" in capsys.readouterr().out


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), Cancelled()])
def test_an_interruption_is_130(capsys, monkeypatch, page, hints, out, interruption):
    def interrupt(*_arguments, **_keywords):
        raise interruption

    monkeypatch.setattr(batch, "analyze", interrupt)
    line = refused(capsys, "colorize", page, "-o", out, "--hints", hints, code=130)
    assert line == "mangapaint: interrupted"
    assert not out.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("two\nlines   of it"), "RuntimeError: two lines of it"),
        (MemoryError(), "not enough memory"),
        (OSError(5, "it broke"), "OSError"),
        (UserError("the moon is full", path="page.png", remedy="wait"), "page.png: the moon is full; wait"),
    ],
)
def test_the_unexpected_is_one_line(capsys, monkeypatch, page, hints, out, error, words):
    def fail(*_arguments, **_keywords):
        raise error

    monkeypatch.setattr(batch, "analyze", fail)
    assert words in refused(capsys, "colorize", page, "-o", out, "--hints", hints)
    assert not out.exists()


def test_who_looks_for_a_mistake_gets_it_whole(monkeypatch, page, hints, out):
    def fail(*_arguments, **_keywords):
        raise ZeroDivisionError("here")

    monkeypatch.setattr(batch, "analyze", fail)
    monkeypatch.setenv("MANGAPAINT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError, match="here"):
        main(["colorize", str(page), "-o", str(out), "--hints", str(hints)])


def test_analyze_writes_the_folder_and_prints_its_values(capsys, tmp_path, page):
    folder = tmp_path / "analysis"
    assert main(["analyze", str(page), "-o", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((folder / "analysis.json").read_text())
    assert found["kind"] == "line"
    assert main(["analyze", str(page), "-o", str(folder)]) == 0
    assert "4 regions" in capsys.readouterr().out
    assert len(list(folder.iterdir())) == 10


def test_analyze_into_a_file_is_refused(capsys, page):
    assert str(page) in refused(capsys, "analyze", page, "-o", page)
    with Image.open(page) as image:
        assert image.size == (200, 200)


def test_methods_are_listed(capsys):
    assert main(["methods", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    found = next(row for row in rows if row["id"] == "propagation")
    assert found["needs"] == ["hints"]
    assert found["available"] is True
    assert {"line", "gray", "tone"} <= set(found["kinds"])
    assert found["source"]
    assert main(["methods"]) == 0
    assert "propagation" in capsys.readouterr().out


@pytest.fixture
def data(tmp_path) -> Path:
    """A folder with one page of two rooms and its colours."""
    folder = tmp_path / "data" / "lineart" / "rooms"
    folder.mkdir(parents=True)
    line = drawing.target()
    color = np.repeat(line[..., None], 3, axis=2)
    color[:, :100][line[:, :100] > 160] = RED
    Image.fromarray(line).save(folder / "line.png")
    Image.fromarray(color).save(folder / "color.png")
    return tmp_path / "data"


def test_bench_hints_prints_a_table_or_everything(capsys, data):
    arguments = ["bench", "hints", "--data", str(data), "--counts", "40,5", "--method", "propagation"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert [line.split()[:3] for line in said.out.splitlines()[1:]] == [
        ["vector", "propagation", "5"],
        ["vector", "propagation", "40"],
    ]
    assert said.err == ""
    assert main([*arguments, "--json", "--seed", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["seed"] == 2
    assert [row["dots"] for row in found["rows"]] == [5, 40]
    assert found["pictures"][0]["name"] == "rooms"


def test_bench_hints_times_a_page(capsys, monkeypatch, page):
    monkeypatch.setattr("mangapaint.evaluation.speed.MANY", 70)
    assert main(["bench", "hints", "--page", str(page), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["page"]["size"] == [200, 200]
    assert {row["strokes"] for row in found["page"]["methods"]} == {60, 70}


def test_bench_hints_says_in_one_line_what_is_wrong(capsys, monkeypatch, tmp_path, data):
    assert "--data" in refused(capsys, "bench", "hints")
    assert "no such folder" in refused(capsys, "bench", "hints", "--data", tmp_path / "nowhere")
    assert "no pictures" in refused(capsys, "bench", "hints", "--data", data / "lineart" / "rooms")
    assert "no pictures" in refused(capsys, "bench", "hints", "--data", data, "--kind", "gray")
    assert "nowhere.png" in refused(capsys, "bench", "hints", "--page", tmp_path / "nowhere.png")
    for counts in ("many", "10,", "0", "-3"):
        assert "--counts" in refused(capsys, "bench", "hints", "--data", data, f"--counts={counts}")
    assert "magic" in refused(capsys, "bench", "hints", "--data", data, "--method", "magic")
    monkeypatch.setitem(sys.modules, "gmic", None)
    assert "mangapaint[bench]" in refused(capsys, "bench", "hints", "--data", data, "--vs", "gmic")


def command(tmp_path: Path, *arguments: object, code: str | None = None) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, as a person starts it."""
    start = ["-c", code] if code else ["-m", "mangapaint"]
    environment = {**os.environ, "MANGAPAINT_CONFIG_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-W", "error", *start, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False)


def test_two_processes_write_the_same_bytes(tmp_path, page, hints):
    for name in ("a.png", "b.png"):
        done = command(tmp_path, "colorize", page, "-o", name, "--hints", hints, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["out"] == name
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_process_that_fails_returns_1_and_one_line(tmp_path, page):
    done = command(tmp_path, "colorize", page, "-o", "out.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "--hints" in done.stderr
    assert not (tmp_path / "out.png").exists()
    assert command(tmp_path, "colorize").returncode == 2


COMMANDS_AND_MODULES = """
import sys
from mangapaint.cli import main
code = main(sys.argv[1:])
heavy = [name for name in ("torch", "PySide6", "qimage2ndarray", "gmic") if name in sys.modules]
assert not heavy, heavy
if "methods" in sys.argv:
    assert "scipy" not in sys.modules
if "--version" in sys.argv:
    heavy = [name for name in ("cv2", "numpy", "scipy", "PIL", "tqdm") if name in sys.modules]
    assert not heavy, heavy
sys.exit(code)
"""


def test_neither_torch_nor_qt_is_imported_where_they_are_not_needed(tmp_path, page, hints, data):
    lines = [
        ["--version"],
        ["methods"],
        ["analyze", page, "-o", "analysis"],
        ["colorize", page, "-o", "out.png", "--hints", hints],
        ["bench", "hints", "--data", data, "--method", "propagation"],
    ]
    for line in lines:
        done = command(tmp_path, *line, code=COMMANDS_AND_MODULES)
        assert (done.returncode, done.stderr) == (0, ""), line
