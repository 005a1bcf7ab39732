"""Picture files built byte by byte, for what Pillow itself cannot write."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(size: tuple[int, int], bits: int, color: int, data: bytes, *, extra: bytes = b"", interlace: int = 0) -> bytes:
    """A PNG of (width, height) around already filtered rows; ``extra`` are chunks between header and data."""
    header = struct.pack(">IIBBBBB", *size, bits, color, 0, 0, interlace)
    return SIGNATURE + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def rows(samples: np.ndarray) -> bytes:
    """Unfiltered PNG rows of (H, W) or (H, W, C) samples of 8 or 16 bits."""
    big = samples.astype(samples.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in big)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def interlaced(samples: np.ndarray, color: int) -> bytes:
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
    data = b"".join(rows(part) for part in passes if part.size)
    height, width = samples.shape[:2]
    return png((width, height), 8, color, data, interlace=1)


def bomb(width: int, height: int) -> bytes:
    """A whole, valid 1-bit white PNG of that size, compressed as a stream so that it is never held unpacked."""
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    block = row * 64
    parts = [packer.compress(block if left >= 64 else row * left) for left in range(height, 0, -64)]
    data = b"".join(parts) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encoded(pixels: np.ndarray, kind: str, mode: str | None = None, **options: Any) -> bytes:
    """What Pillow writes for these pixels."""
    image = Image.fromarray(pixels)
    buffer = io.BytesIO()
    (image if mode is None else image.convert(mode)).save(buffer, kind, **options)
    return buffer.getvalue()


def cmyk_jpeg(color: tuple[int, int, int, int], *, transform: int | None = 0, **options: Any) -> bytes:
    """A 16x16 CMYK JPEG of one colour, as Pillow stores it (inverted); without Adobe's mark where transform is None."""
    buffer = io.BytesIO()
    Image.new("CMYK", (16, 16), color).save(buffer, "JPEG", quality=100, **options)
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\xee")
    length = struct.unpack_from(">H", data, at + 2)[0] + 2
    if transform is None:
        del data[at : at + length]
    else:
        data[at + length - 1] = transform
    return bytes(data)


def profile(space: bytes, connection: bytes, kind: bytes, tags: Iterable[tuple[bytes, bytes]]) -> bytes:
    """An ICC 2.4 profile from its tags."""
    padded = [(name, body + b"\0" * (-len(body) % 4)) for name, body in tags]
    start = 132 + 12 * len(padded)
    table, content = b"", b""
    for name, body in padded:
        table += name + struct.pack(">II", start + len(content), len(body))
        content += body
    head = struct.pack(">I4sI4s4s4s", start + len(content), b"test", 0x02400000, kind, space, connection)
    head += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(padded)) + table + content


def gray_profile(gamma: float) -> bytes:
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
    return profile(b"GRAY", b"XYZ ", b"mntr", [(b"wtpt", white), (b"kTRC", curve)])


def cmyk_profile() -> bytes:
    """Ink on paper with two grid points an axis: no ink is white, black ink black, any other colour one middle gray."""
    head = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    grid = bytearray()
    for corner in range(16):
        black, inks = corner & 1, corner >> 1
        grid += bytes([0 if black else 140 if inks else 255, 128, 128])
    ramp = bytes(range(256))
    return profile(b"CMYK", b"Lab ", b"prtr", [(b"A2B0", head + ramp * 4 + bytes(grid) + ramp * 3)])
