"""A coloured picture given with --reference colours the page, whatever file it comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import figures
import numpy as np
import pytest
from PIL import Image
from referring import chroma_distance

from mangapaint.analysis.drawn import line_art
from mangapaint.cli import main
from mangapaint.document.page import Pixels
from mangapaint.evaluation.metrics import chroma_accuracy, turned_gray
from mangapaint.formats.images import read_reference

FIGURE = cv2.resize(figures.figure(), (160, 160), interpolation=cv2.INTER_AREA)
TRUTH = figures.moved(FIGURE, mirrored=True)


@pytest.fixture(autouse=True)
def _plain(monkeypatch, tmp_path):
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("MANGAPAINT_DEBUG", raising=False)


def saved(path: Path, pixels: Pixels, **options) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def _see_through(path: Path) -> None:
    alpha = np.full((*FIGURE.shape[:2], 1), 255, np.uint8)
    alpha[:12] = 0
    Image.fromarray(np.concatenate([FIGURE, alpha], axis=2)).save(path, "PNG")


FILES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "RGB": ("r.png", lambda path: Image.fromarray(FIGURE).save(path)),
    "JPEG": ("r.jpg", lambda path: Image.fromarray(FIGURE).save(path, quality=85)),
    "printing inks": ("r.jpg", lambda path: Image.fromarray(FIGURE).convert("CMYK").save(path, quality=95)),
    "alpha": ("r.png", _see_through),
    "palette": ("r.png", lambda path: Image.fromarray(FIGURE).quantize(64).save(path)),
    "16 bits": ("r.png", lambda path: cv2.imwrite(str(path), FIGURE[..., ::-1].astype(np.uint16) * 257)),
    "WebP": ("r.webp", lambda path: Image.fromarray(FIGURE).save(path, quality=90)),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_reference_of_any_sort_is_read_in_its_colours(tmp_path, kind):
    name, write = FILES[kind]
    write(tmp_path / name)
    found = read_reference(tmp_path / name).pixels
    assert found.shape == FIGURE.shape
    assert found.dtype == np.uint8
    away = chroma_distance(found, FIGURE)
    if kind == "alpha":
        assert (found[:12] == 255).all()
        away = away[12:]
    assert np.median(away) < 6


@pytest.mark.parametrize("kind", FILES)
def test_a_gray_page_is_coloured_from_it(capsys, tmp_path, kind):
    name, write = FILES[kind]
    write(tmp_path / name)
    page, out = saved(tmp_path / "page.png", turned_gray(TRUTH), dpi=(300, 300)), tmp_path / "out.png"
    assert main(["colorize", str(page), "-o", str(out), "--reference", str(tmp_path / name), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["method"], report["kind"]) == ("matcher", "gray")
    with Image.open(out) as image:
        assert image.mode == "RGB"
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert chroma_accuracy(np.asarray(image), TRUTH) > 0.8


def test_a_line_page_is_coloured_from_it(capsys, tmp_path):
    large = figures.moved(figures.figure(), mirrored=True)
    lines = line_art(large)
    page, out = saved(tmp_path / "page.png", lines), tmp_path / "out.png"
    reference = saved(tmp_path / "r.png", figures.figure())
    assert main(["colorize", str(page), "-o", str(out), "--reference", str(reference), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["method"], report["kind"]) == ("matcher", "line")
    result = np.asarray(Image.open(out))
    assert chroma_accuracy(result, large) > 0.8
    assert not result[lines == 0].any()


def test_several_references_are_all_looked_at(capsys, tmp_path):
    page, out = saved(tmp_path / "page.png", turned_gray(TRUTH)), tmp_path / "out.png"
    other = saved(tmp_path / "other.png", np.full((50, 60, 3), (30, 30, 120), np.uint8))
    right = saved(tmp_path / "right.png", FIGURE)
    arguments = ["colorize", page, "-o", out, "--reference", other, "--reference", right]
    assert main([str(argument) for argument in arguments]) == 0
    assert "matcher" in capsys.readouterr().out
    assert chroma_accuracy(np.asarray(Image.open(out)), TRUTH) > 0.8


@pytest.mark.parametrize("keep", [0, 10, 0.6])
def test_a_damaged_reference_is_refused_in_one_line(capsys, tmp_path, keep):
    page, out = saved(tmp_path / "page.png", turned_gray(TRUTH)), tmp_path / "out.png"
    reference = saved(tmp_path / "reference.png", FIGURE)
    data = reference.read_bytes()
    reference.write_bytes(data[: keep if isinstance(keep, int) else round(keep * len(data))])
    assert main(["colorize", str(page), "-o", str(out), "--reference", str(reference)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert str(reference) in line
    assert not out.exists()
