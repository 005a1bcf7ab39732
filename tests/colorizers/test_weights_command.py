"""``--weights``: a page coloured by what a network has learned, from files to a file, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import drawing
import pytest
from PIL import Image
from taught import METHOD, VIOLET, taught, two_colors  # noqa: F401 - a fixture

from mangapaint.cli import main
from mangapaint.colorizers.weights import Weights

pytestmark = pytest.mark.usefixtures("two_colors")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    Image.fromarray(drawing.target()).save(tmp_path / "page.png")
    return tmp_path / "page.png"


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return taught(tmp_path / "two.safetensors")


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert run(*arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


@pytest.mark.parametrize("chosen", [[], ["--method", "auto"], ["--method", METHOD]])
def test_a_page_is_coloured_by_the_method_of_the_weights(capsys, tmp_path, page, weights, chosen):
    out = tmp_path / "out.png"
    assert run("colorize", page, "-o", out, "--weights", weights.path, "--device", "cpu", "--json", *chosen) == 0
    assert json.loads(capsys.readouterr().out)["method"] == METHOD
    with Image.open(out) as image:
        assert image.getpixel((40, 100)) == pytest.approx(VIOLET, abs=2)


def test_what_does_not_fit_together_is_refused_in_one_line(capsys, tmp_path, page, weights):
    asked = ("colorize", page, "-o", tmp_path / "out.png")
    line = refused(capsys, *asked, "--weights", weights.path, "--method", "unet")
    assert f"of the method {METHOD}, not unet" in line
    Image.fromarray(drawing.colored(64)).save(tmp_path / "reference.png")
    line = refused(capsys, *asked, "--weights", weights.path, "--reference", tmp_path / "reference.png")
    assert "two.safetensors" in line
    assert f"--method {METHOD}" in line
    assert "--weights" in refused(capsys, *asked, "--method", METHOD)
    assert not (tmp_path / "out.png").exists()


def test_what_is_no_weights_is_refused_in_one_line(capsys, tmp_path, page, weights):
    asked = ("colorize", page, "-o", tmp_path / "out.png", "--weights")
    for path in (tmp_path / "nowhere.safetensors", page, tmp_path):
        assert str(path) in refused(capsys, *asked, path)
    weights.path.write_bytes(weights.path.read_bytes()[:-4])
    assert "damaged" in refused(capsys, *asked, weights.path)
    assert not (tmp_path / "out.png").exists()


def test_the_list_of_methods_says_what_is_lacking(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("mangapaint.colorizers.weights.resources", lambda: tmp_path)
    assert run("methods", "--json") == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    for name in ("palette-classes", "unet", "gan", "colorful"):
        assert rows[name]["needs"] == (["weights"] if name == "colorful" else ["series"])
        assert not rows[name]["available"]
        assert f"mangapaint train {name}" in rows[name]["why_not"]


def test_weights_that_are_not_as_they_came_are_not_used_and_the_reason_is_said(capsys, monkeypatch, tmp_path, page):
    monkeypatch.setattr("mangapaint.colorizers.weights.resources", lambda: tmp_path)
    path = tmp_path / "weights" / f"{METHOD}.safetensors"
    path.parent.mkdir()
    taught(path)
    path.with_name("SHA256SUMS").write_text(f"{'0' * 64}  {path.name}\n")
    assert run("methods", "--json") == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    reason = (
        f"{path}: this file is damaged or was changed: its hash is not that in SHA256SUMS; install mangapaint again"
    )
    assert not rows[METHOD]["available"]
    assert rows[METHOD]["why_not"].startswith(reason)
    assert reason in refused(capsys, "colorize", page, "-o", tmp_path / "out.png", "--method", METHOD)
    assert not (tmp_path / "out.png").exists()


def test_a_bench_measures_the_method_of_the_weights_beside_others(capsys, tmp_path, weights):
    folder = tmp_path / "data" / "pair"
    folder.mkdir(parents=True)
    for name in ("source", "target"):
        Image.fromarray(drawing.colored(64)).save(folder / f"{name}.png")
    asked = ("bench", "reference", "--data", folder.parent, "--weights", weights.path, "--json")
    assert run(*asked, "--method", "histogram") == 0
    assert {row["method"] for row in json.loads(capsys.readouterr().out)["rows"]} == {"histogram", METHOD}
    assert "unet cannot run here" in refused(capsys, *asked, "--method", "unet")


def test_a_bench_of_hints_takes_weights_too(capsys, tmp_path, weights):
    folder = tmp_path / "data" / "lineart" / "one"
    folder.mkdir(parents=True)
    Image.fromarray(drawing.target()).save(folder / "line.png")
    Image.fromarray(drawing.colored(200)).save(folder / "color.png")
    asked = ("bench", "hints", "--data", folder.parents[1], "--counts", "3", "--all", "--json")
    code = run(*asked, "--weights", weights.path, "--kind", "line")
    found = capsys.readouterr()
    assert code == 0, found.err
    assert {row["method"] for row in json.loads(found.out)["rows"]} == {"propagation", METHOD}
    assert "unet cannot run here" in refused(capsys, *asked, "--weights", weights.path, "--method", "unet")
