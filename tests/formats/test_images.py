"""Pictures open right: every format, bit depth, colour mode, orientation, resolution and profile."""

from __future__ import annotations

import io

import cv2
import numpy as np
import picture_files as files
import pytest
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from mangapaint.document.page import Page, Reference
from mangapaint.errors import UserError
from mangapaint.formats import images

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture
def gray():
    return np.arange(0, 240, dtype=np.uint8).reshape(12, 20)


@pytest.fixture
def color(gray):
    return np.dstack([gray, gray[::-1], 255 - gray])


def pixels(data: bytes) -> np.ndarray:
    return images.decode(data, "test").pixels


def test_page_and_reference_carry_name_and_path(tmp_path, color):
    path = tmp_path / "page 1.png"
    path.write_bytes(files.encoded(color, "PNG", dpi=(300, 300)))
    page, reference = images.read_page(path), images.read_reference(path)
    assert type(page) is Page
    assert type(reference) is Reference
    assert (page.name, page.path) == ("page 1.png", path)
    assert page.dpi == pytest.approx((300, 300), abs=0.1)
    assert not page.pixels.flags.writeable
    assert page.id == reference.id
    np.testing.assert_array_equal(page.pixels, color)


def test_content_decides_not_the_suffix(tmp_path, color):
    path = tmp_path / "page.jpg"
    path.write_bytes(files.encoded(color, "TIFF"))
    np.testing.assert_array_equal(images.read(path).pixels, color)


def test_every_format_has_one_row():
    assert [row.id for row in images.FORMATS if row.readable] == ["png", "jpeg", "webp", "tiff"]
    assert [row.id for row in images.FORMATS if row.writable] == ["png"]


@pytest.mark.parametrize("options", [{"kind": "PNG"}, {"kind": "WEBP", "lossless": True}, {"kind": "TIFF"}])
def test_color_and_gray_come_back_exactly(options, color, gray):
    np.testing.assert_array_equal(pixels(files.encoded(color, **options)), color)
    np.testing.assert_array_equal(pixels(files.encoded(gray, **options)), gray)


def test_color_file_with_equal_channels_is_gray(gray):
    np.testing.assert_array_equal(pixels(files.encoded(np.dstack([gray] * 3), "PNG")), gray)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_is_near(kind):
    flat = np.full((16, 16, 3), (200, 120, 60), np.uint8)
    assert np.abs(pixels(files.encoded(flat, kind, quality=95)).astype(int) - flat).max() <= 4
    assert pixels(files.encoded(flat[:, :, 0].copy(), kind, quality=95)).shape == (16, 16)


# --- PNG -------------------------------------------------------------------------------------------------------------


def test_png_16_bit_gray_is_rounded_not_cut():
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    shown = pixels(files.png((256, 256), 16, 0, files.rows(deep)))
    np.testing.assert_array_equal(shown, np.rint(deep / 257).astype(np.uint8))


def test_png_16_bit_color_is_within_one():
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    deep = np.dstack([deep, deep[::-1], deep.T])
    shown = pixels(files.png((256, 256), 16, 2, files.rows(deep)))
    assert np.abs(shown - np.rint(deep / 257)).max() <= 1


def test_png_16_bit_alpha():
    deep = np.zeros((1, 3, 2), np.uint16)
    deep[0, :, 1] = (0, 32896, 65535)
    shown = pixels(files.png((3, 1), 16, 4, files.rows(deep)))
    assert shown.ndim == 2
    assert np.abs(shown[0].astype(int) - (255, 127, 0)).max() <= 1


@pytest.mark.parametrize(
    ("bits", "expected"), [(1, [0, 255]), (2, [0, 85, 170, 255]), (4, [17 * v for v in range(16)])]
)
def test_png_of_few_grays(bits, expected):
    values = np.arange(len(expected))
    packed = np.packbits(((values[:, None] >> np.arange(bits)[::-1]) & 1).astype(np.uint8)).tobytes()
    shown = pixels(files.png((len(expected), 1), bits, 0, b"\0" + packed))
    assert shown.tolist() == [expected]


@pytest.mark.parametrize(("bits", "key", "expected"), [(1, 0, [255, 255]), (2, 1, [0, 255, 170, 255])])
def test_png_transparent_gray_is_counted_in_the_files_own_bits(bits, key, expected):
    values = np.arange(1 << bits)
    packed = np.packbits(((values[:, None] >> np.arange(bits)[::-1]) & 1).astype(np.uint8)).tobytes()
    data = files.png((1 << bits, 1), bits, 0, b"\0" + packed, extra=files.chunk(b"tRNS", bytes([0, key])))
    assert pixels(data).tolist() == [expected]


def test_png_transparent_16_bit_gray():
    deep = np.array([[0, 1000, 40000]], np.uint16)
    data = files.png((3, 1), 16, 0, files.rows(deep), extra=files.chunk(b"tRNS", (1000).to_bytes(2, "big")))
    assert pixels(data).tolist() == [[0, 255, 156]]


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_png_transparent_color(depth):
    scale = 257 if depth is np.uint16 else 1
    samples = np.array([[[10, 20, 30], [10, 20, 31]]], depth) * depth(scale)
    key = b"".join(int(v).to_bytes(2, "big") for v in samples[0, 0])
    data = files.png((2, 1), 8 * samples.itemsize, 2, files.rows(samples), extra=files.chunk(b"tRNS", key))
    assert pixels(data).tolist() == [[[255, 255, 255], [10, 20, 31]]]


def test_png_interlaced(color, gray):
    np.testing.assert_array_equal(pixels(files.interlaced(color, 2)), color)
    np.testing.assert_array_equal(pixels(files.interlaced(gray, 0)), gray)


def test_png_with_alpha_is_laid_on_white(gray):
    rgba = np.dstack([gray, gray, np.full_like(gray, 7), np.zeros_like(gray)])
    rgba[0, 0] = (10, 20, 30, 255)
    rgba[0, 1] = (0, 0, 100, 51)
    shown = pixels(files.encoded(rgba, "PNG"))
    assert shown[0, 0].tolist() == [10, 20, 30]
    assert shown[0, 1].tolist() == [204, 204, 224]
    assert (shown[1:] == 255).all()


def test_gray_under_colored_but_invisible_pixels_is_gray(gray):
    rgba = np.dstack([gray, gray, gray, np.full_like(gray, 255)])
    rgba[0] = (200, 0, 0, 0)
    shown = pixels(files.encoded(rgba, "PNG"))
    assert shown.shape == gray.shape
    assert (shown[0] == 255).all()
    np.testing.assert_array_equal(shown[1:], gray[1:])


def test_png_gray_with_alpha(gray):
    alpha = np.where(gray > 100, 255, 0).astype(np.uint8)
    shown = pixels(files.png((20, 12), 8, 4, files.rows(np.dstack([gray, alpha]))))
    np.testing.assert_array_equal(shown, np.where(gray > 100, gray, 255))


def test_png_palette_with_and_without_transparency():
    palette = files.chunk(b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255]))
    data = b"\0\0\1\2"
    plain = files.png((3, 1), 8, 3, data, extra=palette)
    assert pixels(plain).tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    one = files.png((3, 1), 8, 3, data, extra=palette + files.chunk(b"tRNS", b"\xff\x00"))
    assert pixels(one).tolist() == [[[255, 0, 0], [255, 255, 255], [0, 0, 255]]]
    several = files.png((3, 1), 8, 3, data, extra=palette + files.chunk(b"tRNS", b"\xff\x00\x33"))
    assert pixels(several).tolist() == [[[255, 0, 0], [255, 255, 255], [204, 204, 255]]]


def test_png_with_a_long_history_opens(gray):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "x" * (3 << 20), zip=True)
    np.testing.assert_array_equal(pixels(files.encoded(gray, "PNG", pnginfo=info)), gray)


def test_animated_png_gives_its_first_frame(gray):
    frames = [Image.fromarray(255 - gray)]
    data = files.encoded(gray, "PNG", save_all=True, append_images=frames)
    np.testing.assert_array_equal(pixels(data), gray)


# --- JPEG ------------------------------------------------------------------------------------------------------------


def near(shown: np.ndarray, expected: tuple[int, int, int], tolerance: int = 4) -> bool:
    wide = shown if shown.ndim == 3 else shown[:, :, None]
    return bool(np.abs(wide.astype(int) - expected).max() <= tolerance)


def test_jpeg_cmyk_of_adobe():
    assert near(pixels(files.cmyk_jpeg((0, 255, 255, 0))), (255, 0, 0))
    assert near(pixels(files.cmyk_jpeg((0, 0, 0, 255))), (0, 0, 0))
    assert near(pixels(files.cmyk_jpeg((0, 0, 0, 0))), (255, 255, 255))


def test_jpeg_ycck_of_adobe():
    luma, blue, red = 76, 85, 255  # of the red the inverted inks look like
    data = files.cmyk_jpeg((255 - luma, 255 - blue, 255 - red, 0), transform=2)
    assert near(pixels(data), (0, 255, 255))


def test_jpeg_cmyk_not_of_adobe_is_not_inverted():
    assert near(pixels(files.cmyk_jpeg((255, 0, 0, 255), transform=None)), (255, 0, 0))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_is_applied(kind, orientation):
    page = np.zeros((16, 32), np.uint8)
    page[:8, :8] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = images.decode(files.encoded(page, kind, exif=exif.tobytes(), dpi=(300, 150)), "test")
    expected = {
        1: page,
        2: page[:, ::-1],
        3: page[::-1, ::-1],
        4: page[::-1],
        5: page.T,
        6: np.rot90(page, -1),
        7: page[::-1, ::-1].T,
        8: np.rot90(page),
    }[orientation]
    assert shown.pixels.shape == expected.shape
    assert np.abs(shown.pixels.astype(int) - expected).max() < 60
    if kind != "WEBP":
        assert shown.dpi == pytest.approx((300, 150) if orientation < 5 else (150, 300), abs=0.1)


def test_jpeg_of_two_pictures_gives_the_first(color, gray):
    data = files.encoded(color, "MPO", save_all=True, append_images=[Image.fromarray(gray)], quality=95)
    assert pixels(data).shape == color.shape


# --- WebP and TIFF ---------------------------------------------------------------------------------------------------


def test_webp_alpha_and_animation(color):
    rgba = np.dstack([color, np.where(color[:, :, 0] > 100, 255, 0).astype(np.uint8)])
    shown = pixels(files.encoded(rgba, "WEBP", lossless=True))
    np.testing.assert_array_equal(shown, np.where(rgba[:, :, 3:] == 255, color, 255))
    frames = [Image.fromarray(255 - color)]
    moving = files.encoded(color, "WEBP", lossless=True, save_all=True, append_images=frames, duration=100)
    np.testing.assert_array_equal(pixels(moving), color)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_compressions(tmp_path, compression, gray, color):
    for index, picture in enumerate((gray, color)):
        path = tmp_path / f"{index}.tif"
        path.write_bytes(files.encoded(picture, "TIFF", compression=compression))
        np.testing.assert_array_equal(images.read(path).pixels, picture)
        np.testing.assert_array_equal(pixels(path.read_bytes()), picture)


def test_tiff_1_bit(gray):
    shown = pixels(files.encoded(np.where(gray > 100, 255, 0).astype(np.uint8), "TIFF", "1", compression="group4"))
    np.testing.assert_array_equal(shown, np.where(gray > 100, 255, 0))


def test_tiff_16_bit():
    deep = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    expected = np.rint(deep / 257).astype(np.uint8)
    np.testing.assert_array_equal(pixels(files.encoded(deep, "TIFF")), expected)
    done, packed = cv2.imencode(".tiff", np.dstack([deep, deep.T, deep[::-1]]))
    assert done
    shown = pixels(packed.tobytes())
    assert np.abs(shown[:, :, 2].astype(int) - expected).max() <= 1


@pytest.mark.parametrize("prefix", ["<", ">"])
def test_tiff_16_bit_of_either_byte_order(prefix):
    deep = np.array([[0, 256, 65535]], np.uint16)
    image = Image.frombytes("I;16" if prefix == "<" else "I;16B", (3, 1), deep.astype(prefix + "u2").tobytes())
    buffer = io.BytesIO()
    image.save(buffer, "TIFF")
    assert pixels(buffer.getvalue()).tolist() == [[0, 1, 255]]


def test_tiff_of_other_color_spaces():
    flat = np.full((8, 8, 3), (200, 120, 60), np.uint8)
    assert near(pixels(files.encoded(flat, "TIFF", "YCbCr")), (200, 120, 60))
    lab = ImageCms.profileToProfile(
        Image.fromarray(flat), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    buffer = io.BytesIO()
    lab.save(buffer, "TIFF")
    assert near(pixels(buffer.getvalue()), (200, 120, 60))


def test_tiff_with_alpha(gray):
    alpha = np.where(gray > 100, 255, 0).astype(np.uint8)
    shown = pixels(files.encoded(np.dstack([gray, alpha]), "TIFF"))
    np.testing.assert_array_equal(shown, np.where(gray > 100, gray, 255))


def test_tiff_16_bit_with_white_as_zero():
    deep = np.array([[0, 65535, 257]], np.uint16)
    data = files.encoded(deep, "TIFF", tiffinfo=photometric(0))
    assert pixels(data).tolist() == [[255, 0, 254]]


def photometric(value: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[262] = value
    return tags


def test_tiff_cmyk():
    data = files.encoded(np.zeros((2, 2, 3), np.uint8), "TIFF", "CMYK")
    assert pixels(data).tolist() == [[0, 0], [0, 0]]
    buffer = io.BytesIO()
    Image.new("CMYK", (2, 1), (255, 0, 0, 0)).save(buffer, "TIFF")
    assert pixels(buffer.getvalue()).tolist() == [[[0, 255, 255], [0, 255, 255]]]


def test_tiff_pages_give_the_first(gray):
    data = files.encoded(gray, "TIFF", save_all=True, append_images=[Image.fromarray(255 - gray)])
    np.testing.assert_array_equal(pixels(data), gray)


def test_tiff_floats_from_0_to_1():
    assert pixels(files.encoded(np.array([[0, 0.5, 1]], np.float32), "TIFF")).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, 200])
def test_tiff_floats_beyond_are_refused(tmp_path, wrong):
    path = tmp_path / "page.tif"
    path.write_bytes(files.encoded(np.array([[0, wrong]], np.float32), "TIFF"))
    with pytest.raises(UserError, match=r"page\.tif: .*outside 0 to 1; save it with 8 or 16 bits"):
        images.read(path)


def test_tiff_32_bit_whole_numbers():
    assert pixels(files.encoded(np.array([[0, 65535]], np.int32), "TIFF")).tolist() == [[0, 255]]
    with pytest.raises(UserError, match="32-bit"):
        pixels(files.encoded(np.array([[0, 65536]], np.int32), "TIFF"))


# --- resolution ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_resolution(kind, gray):
    assert images.decode(files.encoded(gray, kind, dpi=(300, 600)), "x").dpi == pytest.approx((300, 600), abs=0.1)
    assert images.decode(files.encoded(gray, kind), "x").dpi is None


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize(("unit", "expected"), [(2, (400, 200)), (3, (1016, 508)), (1, None)])
def test_resolution_of_exif(kind, unit, expected, gray):
    exif = Image.Exif()
    exif[0x011A], exif[0x011B], exif[0x0128] = 400.0, 200.0, unit
    dpi = images.decode(files.encoded(gray, kind, exif=exif.tobytes()), "x").dpi
    assert dpi == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("density", [0, 4_000_000, 0xFFFFFFFF])
def test_nonsense_resolution_is_none(density, gray):
    body = density.to_bytes(4, "big") * 2 + b"\1"
    data = files.png((20, 12), 8, 0, files.rows(gray), extra=files.chunk(b"pHYs", body))
    assert images.decode(data, "x").dpi is None


def test_tiff_resolution_that_is_no_number(gray):
    data = files.encoded(gray, "TIFF", dpi=(300, 300))
    at = data.index((300).to_bytes(4, "little") + (1).to_bytes(4, "little"))
    assert images.decode(data[:at] + bytes(8) + data[at + 8 :], "x").dpi is None


# --- profiles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_rgb_profile_is_kept(kind, color):
    assert images.decode(files.encoded(color, kind, icc_profile=SRGB), "x").icc == SRGB


@pytest.mark.parametrize("broken", [b"nonsense", SRGB[:200], SRGB[:128] + bytes(200), SRGB[:36] + b"xxxx" + SRGB[40:]])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_broken_profile_is_ignored(kind, broken, color):
    page = images.decode(files.encoded(color, kind, icc_profile=broken), "x")
    assert page.icc is None
    assert page.pixels.shape == color.shape


def test_usual_gray_profile_leaves_the_page_alone(gray):
    page = images.decode(files.encoded(gray, "PNG", icc_profile=files.gray_profile(2.2)), "x")
    np.testing.assert_array_equal(page.pixels, gray)
    assert page.icc is None


def test_other_gray_profile_is_applied(gray):
    page = images.decode(files.encoded(gray, "PNG", icc_profile=files.gray_profile(1.0)), "x")
    linear = gray / 255
    expected = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert page.pixels.ndim == 2
    assert np.abs(page.pixels - expected).max() <= 2
    assert page.icc is None


def test_cmyk_profile_is_applied():
    profile = files.cmyk_profile()
    plain = pixels(files.cmyk_jpeg((255, 0, 0, 0)))
    page = images.decode(files.cmyk_jpeg((255, 0, 0, 0), icc_profile=profile), "x")
    assert near(plain, (0, 255, 255))
    assert near(page.pixels, (131, 131, 131))
    assert page.icc is None
    assert near(pixels(files.cmyk_jpeg((0, 0, 0, 255), icc_profile=profile)), (0, 0, 0))


@pytest.mark.parametrize("profile", [SRGB, files.gray_profile(1.8), files.cmyk_profile()[:300]])
def test_cmyk_with_a_profile_that_does_not_fit(profile):
    assert near(pixels(files.cmyk_jpeg((255, 0, 0, 0), icc_profile=profile)), (0, 255, 255))


@pytest.mark.parametrize("profile", [files.cmyk_profile(), files.gray_profile(1.0)])
def test_color_with_a_profile_that_does_not_fit(profile, color):
    page = images.decode(files.encoded(color, "PNG", icc_profile=profile), "x")
    np.testing.assert_array_equal(page.pixels, color)
    assert page.icc is None


# --- hints -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hints():
    rgba = np.zeros((6, 8, 4), np.uint8)
    rgba[1, 2] = (255, 0, 10, 255)
    rgba[2, 3] = (9, 9, 9, 128)
    rgba[3, 4] = (200, 200, 200, 127)
    return rgba


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_hints(tmp_path, hints, kind):
    path = tmp_path / "hints"
    path.write_bytes(files.encoded(hints, kind))
    colors, mask = images.read_hints(path, (6, 8))
    assert colors.dtype == np.uint8
    assert colors.shape == (6, 8, 3)
    assert mask.dtype == bool
    assert np.argwhere(mask).tolist() == [[1, 2], [2, 3]]
    assert colors[mask].tolist() == [[255, 0, 10], [9, 9, 9]]


def test_gray_hints_and_hints_with_a_palette(tmp_path):
    path = tmp_path / "hints.png"
    path.write_bytes(files.png((2, 1), 8, 4, b"\0\x50\xff\x60\x00"))
    colors, mask = images.read_hints(path, (1, 2))
    assert colors[0, 0].tolist() == [80, 80, 80]
    assert mask.tolist() == [[True, False]]
    palette = files.chunk(b"PLTE", bytes([255, 0, 0, 0, 255, 0])) + files.chunk(b"tRNS", b"\x00")
    path.write_bytes(files.png((2, 1), 8, 3, b"\0\0\1", extra=palette))
    colors, mask = images.read_hints(path, (1, 2))
    assert mask.tolist() == [[False, True]]
    assert colors[0, 1].tolist() == [0, 255, 0]


def test_hints_that_do_not_do_are_refused(tmp_path, hints, color):
    path = tmp_path / "hints.png"
    path.write_bytes(files.encoded(hints, "PNG"))
    with pytest.raises(UserError, match=r"hints\.png: the hints are 8 x 6 pixels but the page is 6 x 8; draw"):
        images.read_hints(path, (8, 6))
    path.write_bytes(files.encoded(color, "PNG"))
    with pytest.raises(UserError, match=r"hints\.png: the hints have no transparency.*; export only"):
        images.read_hints(path, (12, 20))
    hints[:, :, 3] = 100
    path.write_bytes(files.encoded(hints, "PNG"))
    with pytest.raises(UserError, match=r"hints\.png: there is no hint in it"):
        images.read_hints(path, (6, 8))


def test_hints_are_measured_before_decoding(tmp_path, hints):
    path = tmp_path / "hints.png"
    path.write_bytes(files.encoded(hints, "PNG"))
    with pytest.raises(UserError, match="image limit"):
        images.read_hints(path, (6, 8), limit_megapixels=1e-6)
