"""Files that are too big, broken, cut off, or no pictures at all: one clear line each, never another exception."""

from __future__ import annotations

import os
import random
import stat
import struct
import threading
import warnings

import numpy as np
import picture_files as files
import pytest
from PIL import Image, ImageFile, PngImagePlugin

from mangapaint.document.page import Picture
from mangapaint.errors import UserError
from mangapaint.formats import images

SAMPLE = np.random.default_rng(5).integers(0, 256, (24, 20, 3), dtype=np.uint8)
FLAT = np.full((24, 20, 3), (210, 100, 40), np.uint8)


def with_exif(**tags: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x011A], exif[0x0128] = 6, 300.0, 2
    return exif.tobytes()


VALID = {
    "png": files.encoded(SAMPLE, "PNG", dpi=(300, 300)),
    "png-interlaced": files.interlaced(SAMPLE, 2),
    "png-palette": files.encoded(SAMPLE, "PNG", "P", transparency=3),
    "png-16": files.png((20, 24), 16, 0, files.rows(SAMPLE[:, :, 0].astype(np.uint16) * 257)),
    "png-gray-profile": files.encoded(SAMPLE[:, :, 0].copy(), "PNG", icc_profile=files.gray_profile(1.8)),
    "jpeg": files.encoded(SAMPLE, "JPEG", exif=with_exif(), dpi=(300, 300)),
    "jpeg-progressive": files.encoded(SAMPLE, "JPEG", progressive=True),
    "jpeg-cmyk": files.cmyk_jpeg((10, 200, 30, 4), icc_profile=files.cmyk_profile()),
    "webp": files.encoded(SAMPLE, "WEBP", exif=with_exif()),
    "webp-lossless": files.encoded(np.dstack([SAMPLE, SAMPLE[:, :, :1]]), "WEBP", lossless=True),
    "tiff": files.encoded(SAMPLE, "TIFF", dpi=(300, 300)),
    "tiff-lzw": files.encoded(SAMPLE, "TIFF", compression="tiff_lzw"),
    "tiff-deflate": files.encoded(SAMPLE, "TIFF", compression="tiff_adobe_deflate", exif=with_exif()),
    "tiff-group4": files.encoded(SAMPLE, "TIFF", "1", compression="group4"),
    "tiff-float": files.encoded(SAMPLE[:, :, 0] / np.float32(255), "TIFF"),
}


# --- too big ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bomb(tmp_path_factory):
    path = tmp_path_factory.mktemp("bomb") / "bomb.png"
    path.write_bytes(files.bomb(25_000, 20_000))
    assert path.stat().st_size < 500_000
    return path


def test_bomb_is_refused_by_its_header(bomb):
    with pytest.raises(UserError) as caught:
        images.read(bomb)
    line = str(caught.value)
    assert line.startswith(f"{bomb}: the picture is 25000 x 20000 pixels (500.0 megapixels)")
    assert "image limit of 400 megapixels" in line
    assert "raise 'image limit' in the settings" in line


@pytest.mark.parametrize("name", sorted(VALID))
def test_every_format_is_measured(name):
    assert isinstance(images.decode(VALID[name], name, limit_megapixels=0.001), Picture)
    with pytest.raises(UserError, match=r"image limit of 0\.0001 megapixels"):
        images.decode(VALID[name], name, limit_megapixels=0.0001)


def test_big_webp_canvas_is_refused_before_room_is_made_for_it():
    head = b"RIFF" + struct.pack("<I", 100) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0"
    data = head + (50_000 - 1).to_bytes(3, "little") + (40_000 - 1).to_bytes(3, "little") + bytes(80)
    with pytest.raises(UserError, match="50000 x 40000 pixels"):
        images.decode(data, "big.webp")


@pytest.mark.parametrize("name", ["webp", "webp-lossless"])
def test_webp_size_is_read_from_every_kind_of_header(name):
    with pytest.raises(UserError, match="picture is 20 x 24 pixels"):
        images.decode(VALID[name], name, limit_megapixels=0.0001)


def test_pillows_own_limit_does_not_count(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for name, data in VALID.items():
        assert isinstance(images.decode(data, name), Picture), name
    assert Image.MAX_IMAGE_PIXELS == 10


def test_nothing_of_pillow_or_warnings_stays_changed(bomb, tmp_path):
    def settings() -> tuple[object, ...]:
        return Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK, ImageFile.LOAD_TRUNCATED_IMAGES

    before = settings()
    filters = list(warnings.filters)
    for path in (bomb, tmp_path):
        with pytest.raises(UserError):
            images.read(path)
    images.decode(VALID["png"], "x")
    assert settings() == before
    assert warnings.filters == filters


def test_threads_do_not_disturb_each_other():
    before, filters = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    found: list[object] = []

    def work() -> None:
        found.extend(images.decode(data, "x").pixels.size for data in list(VALID.values()) * 3)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 * 3 * len(VALID)
    assert before == Image.MAX_IMAGE_PIXELS
    assert warnings.filters == filters


# --- not there, not readable -----------------------------------------------------------------------------------------


def refusal(path, *words: str) -> str:
    with pytest.raises(UserError) as caught:
        images.read_page(path)
    line = str(caught.value)
    assert "\n" not in line
    assert caught.value.path == path
    assert caught.value.remedy
    for word in words:
        assert word in line
    return line


def test_missing(tmp_path):
    refusal(tmp_path / "no.png", "there is no such file")
    refusal(tmp_path / "no" / "no.png", "there is no such file")
    refusal(tmp_path / ("x" * 300 + ".png"), "name is too long")
    refusal(tmp_path / "a\0b.png", "cannot be read")


def test_folder(tmp_path):
    refusal(tmp_path, "this is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_device_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    refusal(tmp_path / "pipe.png", "device")


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "page.png"
    path.write_bytes(VALID["png"])
    path.chmod(0)
    if os.access(path, os.R_OK):  # an administrator reads everything
        monkeypatch.setattr(type(path), "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
    refusal(path, "no permission")
    monkeypatch.undo()
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_empty(tmp_path):
    path = tmp_path / "page.png"
    path.touch()
    refusal(path, "the file is empty")


@pytest.mark.parametrize("content", [b"hello\n", b"\0" * 100, b"GIF89a" + bytes(50), b"BM" + bytes(90), b"8BPS\0\1"])
def test_not_a_picture(tmp_path, content):
    path = tmp_path / "page.png"
    path.write_bytes(content)
    refusal(path, "this is not a PNG, JPEG, WebP or TIFF picture")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "PPM", "TGA", "ICO"])
def test_other_formats_are_not_opened(tmp_path, kind):
    path = tmp_path / "page.png"
    path.write_bytes(files.encoded(SAMPLE, kind))
    refusal(path, "this is not a PNG")


# --- odd but right ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 1), (1, 10_000), (10_000, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_extreme_shapes(shape, kind):
    assert images.decode(files.encoded(np.full(shape, 77, np.uint8), kind), "x").pixels.shape == shape


# --- cut off and damaged ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["png", "png-interlaced", "jpeg", "jpeg-progressive"])
def test_cut_off_is_refused_not_half_shown(tmp_path, name):
    path = tmp_path / "page.png"
    for part in (0.7, 0.8, 0.9):
        path.write_bytes(VALID[name][: int(len(VALID[name]) * part)])
        refusal(path, "the file is cut off; copy or export it again")


@pytest.mark.parametrize("name", sorted(VALID))
def test_cut_in_the_middle_is_refused(tmp_path, name):
    path = tmp_path / "page.png"
    path.write_bytes(VALID[name][: len(VALID[name]) // 2])
    refusal(path, "the file is")


def test_png_without_picture(tmp_path):
    path = tmp_path / "page.png"
    path.write_bytes(files.SIGNATURE + files.chunk(b"IHDR", VALID["png"][16:29]) + files.chunk(b"IEND", b""))
    refusal(path, "the file is")


def test_memory_running_out(monkeypatch, tmp_path):
    path = tmp_path / "page.png"
    path.write_bytes(VALID["png"])

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", full)
    refusal(path, "not enough memory")


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Change some bytes, mostly among the first where the structure is, or cut, or leave a part out."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        reach = dice.choice((40, 200, len(changed)))
        changed[dice.randrange(min(reach, len(changed)))] = dice.choice((0, 1, 0x7F, 0xFF, dice.randrange(256)))
    kind = dice.random()
    if kind < 0.25:
        del changed[dice.randrange(1, len(changed)) :]
    elif kind < 0.35:
        start = dice.randrange(len(changed))
        del changed[start : start + dice.randrange(1, 30)]
    return bytes(changed)


def outcome(data: bytes) -> Picture | UserError:
    try:
        return images.decode(data, "damaged", limit_megapixels=4)
    except UserError as error:
        return error


@pytest.mark.parametrize("name", sorted(VALID))
def test_damaged_bytes_open_or_are_refused_and_nothing_else(name, capfd):
    dice = random.Random(name)
    outcomes = [outcome(damaged(VALID[name], dice)) for _ in range(150)]
    refused = [one for one in outcomes if isinstance(one, UserError)]
    shown = [one for one in outcomes if isinstance(one, Picture)]
    assert len(refused) > 10
    assert all(one.remedy for one in refused)
    assert all(one.pixels.dtype == np.uint8 for one in shown)
    assert all(one.pixels.ndim == 2 or one.pixels.shape[2:] == (3,) for one in shown)
    if not name.startswith("tiff"):  # libtiff speaks to the terminal by itself and cannot be asked not to
        assert capfd.readouterr() == ("", "")
