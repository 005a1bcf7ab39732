"""PNG files come out whole, exact and with their resolution and profile."""

from __future__ import annotations

import io
import time

import numpy as np
import picture_files as files
import pytest
from PIL import Image, ImageCms

from mangapaint.errors import UserError
from mangapaint.formats import images

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 3), (9, 7, 4), (1, 1), (1, 1000, 3)])
def test_pixels_come_back(tmp_path, shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    path = tmp_path / "out.png"
    images.write_png(path, pixels)
    with Image.open(path) as image:
        assert image.mode == {2: "L", 3: "RGB", 4: "RGBA"}[len(shape) if len(shape) == 2 else shape[2]]
        np.testing.assert_array_equal(np.asarray(image), pixels)
    assert [p.name for p in tmp_path.iterdir()] == ["out.png"]


def test_views_and_read_only_pixels(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 4), dtype=np.uint8)
    view = pixels[::2, ::-1, :3]
    view.setflags(write=False)
    images.write_png(tmp_path / "out.png", view)
    np.testing.assert_array_equal(images.read(tmp_path / "out.png").pixels, view)


@pytest.mark.parametrize("dpi", [(72, 72), (96.5, 300), (350, 350), (1200, 600)])
def test_resolution_survives(tmp_path, dpi):
    images.write_png(tmp_path / "out.png", np.zeros((2, 2), np.uint8), dpi=dpi)
    assert images.read(tmp_path / "out.png").dpi == pytest.approx(dpi, abs=0.1)


@pytest.mark.parametrize("dpi", [None, (0, 0), (float("nan"), 300), (300, float("inf")), (1e6, 1e6)])
def test_nonsense_resolution_is_left_out(tmp_path, dpi):
    images.write_png(tmp_path / "out.png", np.zeros((2, 2), np.uint8), dpi=dpi)
    assert b"pHYs" not in (tmp_path / "out.png").read_bytes()


def test_profile_only_where_it_belongs(tmp_path):
    path = tmp_path / "out.png"
    color, gray = np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8)
    color[0, 0] = (9, 8, 7)
    images.write_png(path, color, icc=SRGB)
    assert images.read(path).icc == SRGB
    for pixels, icc in ((gray, SRGB), (color, b"broken"), (color, files.gray_profile(1.8)), (color, None)):
        images.write_png(path, pixels, icc=icc)
        assert b"iCCP" not in path.read_bytes()


@pytest.mark.parametrize("pixels", [np.zeros((2, 2, 2), np.uint8), np.zeros((2, 2), float), np.zeros((0, 2), np.uint8)])
def test_other_pixels_are_a_mistake_of_the_program(tmp_path, pixels):
    with pytest.raises(ValueError, match="cannot write"):
        images.write_png(tmp_path / "out.png", pixels)
    assert not list(tmp_path.iterdir())


def test_other_suffix_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"does not end with \.png; save it as page\.png"):
        images.write_png(tmp_path / "page.jpg", np.zeros((2, 2), np.uint8))
    images.write_png(tmp_path / "page.PNG", np.zeros((2, 2), np.uint8))


def test_earlier_file_stays_when_the_encoder_fails(tmp_path, monkeypatch):
    path = tmp_path / "out.png"
    images.write_png(path, np.full((4, 4), 9, np.uint8))
    before = path.read_bytes()

    def full(self: Image.Image, file: io.BufferedWriter, *_: object, **__: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(UserError, match=r"out\.png: the disk is full; free some space"):
        images.write_png(path, np.zeros((4, 4), np.uint8))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["out.png"]


def test_a_page_for_print_is_written_and_read_soon(tmp_path):
    page = np.full((3508, 2480, 3), 255, np.uint8)
    page[100:3400:7, 100:2300, 1] = np.arange(2200, dtype=np.uint8)
    start = time.perf_counter()
    images.write_png(tmp_path / "page.png", page)
    images.read_page(tmp_path / "page.png")
    assert time.perf_counter() - start < 10  # about 0.5 s; the bound only catches a wrong way of doing it
