"""From files to a file: size, resolution, profile and ink survive, and nothing half-made is left behind."""

from __future__ import annotations

import json
from pathlib import Path

import drawing
import numpy as np
import pytest
from PIL import Image, ImageCms

from mangapaint import batch
from mangapaint.batch import Task, analyze_to, colorize, palette_strip, peak_mb
from mangapaint.document.page import Kind
from mangapaint.document.palette import Palette, Swatch, color_of
from mangapaint.errors import Cancelled, UserError
from mangapaint.formats.palettes import read_gpl

RED, BLUE = (220, 30, 40), (30, 60, 220)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def save(path: Path, pixels: np.ndarray, **options) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def save_hints(path: Path, size: tuple[int, int], *patches: tuple[int, int, tuple[int, int, int]]) -> Path:
    """A transparent picture of (height, width) with squares of 8 pixels around x, y."""
    pixels = np.zeros((*size, 4), np.uint8)
    for x, y, color in patches:
        pixels[y - 4 : y + 4, x - 4 : x + 4] = (*color, 255)
    return save(path, pixels)


def picture(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        assert image.mode == "RGB"
        return np.asarray(image)


def target_task(folder: Path, gray: np.ndarray | None = None, **fields) -> Task:
    """The page with two boxes, the left one to be red, the right one blue."""
    gray = drawing.target() if gray is None else gray
    page = save(folder / "page.png", gray)
    hints = save_hints(folder / "hints.png", gray.shape[:2], (40, 150, RED), (140, 150, BLUE))
    return Task(page, folder / "out.png", hints, **fields)


def test_the_hints_colours_lie_under_the_untouched_ink(tmp_path):
    report = colorize(target_task(tmp_path))
    gray, out = drawing.target(), picture(tmp_path / "out.png")
    assert out.shape == (200, 200, 3)
    assert tuple(out[100, 40]) == RED
    assert tuple(out[98, 58]) == RED
    assert tuple(out[100, 140]) == BLUE
    assert tuple(out[5, 5]) == (255, 255, 255)
    ink = gray <= 64
    assert ink.any()
    for channel in range(3):
        np.testing.assert_array_equal(out[ink][:, channel], gray[ink])
    assert (report.method, report.device, report.kind, report.size) == ("propagation", "cpu", "line", (200, 200))
    assert list(report.seconds) == ["read", "analyze", "prepare", "colorize", "write"]
    assert 10 < report.peak_mb < 1e6
    assert json.loads(json.dumps(report.as_dict()))["size"] == [200, 200]


@pytest.mark.parametrize("size", [(64, 64), (97, 131), (1, 1), (1, 300)])
def test_the_result_is_exactly_as_large_as_the_page(tmp_path, size):
    page = save(tmp_path / "page.png", np.full(size, 255, np.uint8))
    pixels = np.zeros((*size, 4), np.uint8)
    pixels[0, 0] = (*RED, 255)
    colorize(Task(page, tmp_path / "out.png", save(tmp_path / "hints.png", pixels)))
    assert picture(tmp_path / "out.png").shape == (*size, 3)


def test_resolution_and_profile_survive(tmp_path):
    task = target_task(tmp_path)
    save(task.page, drawing.yellowed(drawing.target()), dpi=(300, 600), icc_profile=SRGB)
    colorize(task)
    with Image.open(task.out) as image:
        assert image.info["dpi"] == pytest.approx((300, 600), abs=0.1)
        assert image.info["icc_profile"] == SRGB


def test_a_page_without_resolution_gets_none(tmp_path):
    colorize(target_task(tmp_path))
    with Image.open(tmp_path / "out.png") as image:
        assert "dpi" not in image.info
        assert "icc_profile" not in image.info


def test_a_gray_page_keeps_its_light_and_dark(tmp_path):
    gray = drawing.washes(200)
    report = colorize(target_task(tmp_path, gray))
    assert report.kind == "gray"
    out = Image.open(tmp_path / "out.png").convert("L")
    assert np.abs(np.asarray(out).astype(int) - gray).max() < 45
    dark = gray < 110
    assert np.asarray(out)[dark].mean() < 120
    assert (np.ptp(picture(tmp_path / "out.png"), axis=2) > 10).mean() > 0.3


def test_an_override_of_the_kind_is_obeyed(tmp_path):
    report = colorize(target_task(tmp_path, drawing.washes(200), kind=Kind.LINE))
    assert report.kind == "line"
    assert tuple(picture(tmp_path / "out.png")[150, 4]) in (RED, BLUE, (255, 255, 255))


def test_a_page_of_16_bits_is_coloured(tmp_path):
    task = target_task(tmp_path)
    save(task.page, drawing.target().astype(np.uint16) * 257)
    colorize(task)
    out = picture(task.out)
    assert tuple(out[100, 40]) == RED
    ink = drawing.target() <= 64
    np.testing.assert_array_equal(out[ink][:, 0], drawing.target()[ink])


def test_a_page_in_printing_inks_is_coloured(tmp_path):
    task = target_task(tmp_path)
    page = tmp_path / "page.jpg"
    Image.fromarray(drawing.target()).convert("RGB").convert("CMYK").save(page, quality=95)
    report = colorize(Task(page, task.out, task.hints))
    out = picture(task.out)
    assert out.shape == (200, 200, 3)
    assert report.kind == "line"
    assert np.abs(out[100, 40].astype(int) - RED).max() <= 8
    assert np.abs(out[100, 140].astype(int) - BLUE).max() <= 8


def test_the_same_task_gives_the_same_bytes(tmp_path):
    task = target_task(tmp_path)
    colorize(task)
    first = task.out.read_bytes()
    colorize(task)
    assert task.out.read_bytes() == first


@pytest.mark.parametrize("trouble", [RuntimeError("no"), Cancelled(), KeyboardInterrupt(), UserError("no")])
@pytest.mark.parametrize("where", ["read_page", "analyze", "choose", "compose", "write_png"])
def test_an_earlier_result_stays_when_anything_fails(tmp_path, monkeypatch, where, trouble):
    task = target_task(tmp_path)
    task.out.write_bytes(b"earlier")

    def fail(*_arguments, **_keywords):
        raise trouble

    monkeypatch.setattr(batch, where, fail)
    with pytest.raises(type(trouble)):
        colorize(task)
    assert task.out.read_bytes() == b"earlier"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["hints.png", "out.png", "page.png"]


class Steps:
    """A progress that remembers, and stops at a fraction."""

    def __init__(self, stop: float = 2.0) -> None:
        self.fractions: list[float] = []
        self._stop = stop

    def report(self, fraction: float, text: str) -> None:
        assert text
        self.fractions.append(fraction)
        self.check()

    def check(self) -> None:
        if self.fractions and self.fractions[-1] >= self._stop:
            raise Cancelled


def test_progress_runs_from_nothing_to_done_and_can_stop_it(tmp_path):
    steps = Steps()
    colorize(target_task(tmp_path), steps)
    assert steps.fractions == sorted(steps.fractions)
    assert (steps.fractions[0], steps.fractions[-1]) == (0, 1)
    (tmp_path / "out.png").unlink()
    for stop in (0.0, 0.3, 0.5):
        with pytest.raises(Cancelled):
            colorize(target_task(tmp_path), Steps(stop))
    assert not (tmp_path / "out.png").exists()


def test_an_analysis_is_ten_files_that_can_be_read(tmp_path):
    page = save(tmp_path / "page.png", drawing.yellowed(drawing.target()), dpi=(300, 300))
    folder = tmp_path / "new" / "folder"
    found = analyze_to(page, folder)
    assert sorted(item.name for item in folder.iterdir()) == [
        "analysis.json", "bubbles.png", "corners.csv", "corners.png", "edges.png", "palette-plot.png",
        "palette.gpl", "palette.png", "regions.png", "tone.png",
    ]  # fmt: skip
    summary = json.loads((folder / "analysis.json").read_text())
    assert summary == json.loads(json.dumps(found))
    assert (summary["width"], summary["height"], summary["kind"], summary["regions"]) == (200, 200, "line", 4)
    assert summary["dpi"] == pytest.approx([300, 300], abs=0.1)
    assert summary["page"] == str(page)
    assert summary["panels"] == [{"box": [18, 18, 182, 182], "kind": "line"}]
    assert (summary["bubbles"], summary["texts"], summary["screentone"]) == (0, 0, False)
    assert summary["line_width"] == pytest.approx(3, abs=1)

    palette = read_gpl(folder / "palette.gpl")
    assert [color_of(row["color"]) for row in summary["palette"]] == list(palette.colors)
    assert sum(row["share"] for row in summary["palette"]) == pytest.approx(1, abs=0.01)
    assert np.abs(np.subtract(palette.colors[0], (244, 232, 205))).max() <= 3
    strip = picture(folder / "palette.png")
    assert strip.shape == (64, 64 * len(palette.colors), 3)
    assert [tuple(color) for color in strip[32, 32::64].tolist()] == list(palette.colors)
    assert summary["palette_components"] == pytest.approx([1, 0], abs=0.01)  # from ink to one shade of paper
    assert 0 <= summary["palette_error"] < 2
    plot = picture(folder / "palette-plot.png")
    assert all((plot == color).all(axis=2).any() for color in palette.colors)

    lines = (folder / "corners.csv").read_text().splitlines()
    assert lines[0] == "x,y,response"
    rows = np.array([[float(value) for value in line.split(",")] for line in lines[1:]])
    assert len(rows) == summary["corners"] > 0
    assert ((rows[:, :2] >= 0) & (rows[:, :2] < 200)).all()
    assert (np.diff(rows[:, 2]) <= 0).all()

    with Image.open(folder / "edges.png") as edges:
        assert (edges.size, edges.mode) == ((200, 200), "L")
        assert {value for _, value in edges.getcolors()} == {0, 255}
        assert edges.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert (picture(folder / "corners.png") == (255, 0, 255)).all(axis=2).any()
    regions = picture(folder / "regions.png")
    assert regions.shape == (200, 200, 3)
    areas = [tuple(regions[y, x].tolist()) for x, y in ((40, 150), (140, 150), (58, 98), (100, 8))]
    assert len(set(areas)) == 4
    assert tuple(regions[100, 100]) == (0, 0, 0)


@pytest.mark.parametrize(
    "pixels",
    [np.full((1, 1), 255, np.uint8), np.zeros((1, 1), np.uint8), np.full((1, 10000), 255, np.uint8), drawing.washes(64),
     np.full((9, 9, 3), (200, 10, 10), np.uint8)],
    ids=["white", "black", "long", "gray", "colour"],
)  # fmt: skip
def test_any_page_can_be_analysed(tmp_path, pixels):
    page = save(tmp_path / "page.png", pixels)
    found = analyze_to(page, tmp_path / "out")
    assert (found["width"], found["height"]) == pixels.shape[1::-1]
    assert len(list((tmp_path / "out").iterdir())) == 10
    assert read_gpl(tmp_path / "out" / "palette.gpl").colors


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    page = save(tmp_path / "page.png", drawing.target())
    with pytest.raises(UserError, match="folder") as refused:
        analyze_to(page, page)
    assert refused.value.path == page
    assert refused.value.remedy


def test_the_palette_strip_shows_each_colour_once():
    strip = palette_strip(Palette((Swatch(RED), Swatch(BLUE))), height=3, width=2)
    assert strip.tolist() == [[list(RED)] * 2 + [list(BLUE)] * 2] * 3


def test_peak_memory_is_in_megabytes():
    assert 20 < peak_mb() < 200_000


@pytest.mark.parametrize("role", ["page", "hints", "reference"])
def test_an_output_over_a_given_picture_is_refused_and_the_picture_stays(tmp_path, role):
    given = {
        "page": save(tmp_path / "page.png", np.full((40, 30), 255, np.uint8)),
        "hints": save_hints(tmp_path / "hints.png", (40, 30), (12, 12, RED)),
        "reference": save(tmp_path / "reference.png", np.full((8, 8, 3), 90, np.uint8)),
    }
    before = given[role].read_bytes()
    task = Task(given["page"], given[role], hints=given["hints"], references=(given["reference"],))
    with pytest.raises(UserError, match="would replace") as caught:
        colorize(task)
    assert caught.value.path == given[role]
    assert given[role].read_bytes() == before
