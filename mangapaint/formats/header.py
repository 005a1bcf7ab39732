"""Opening a picture file: which format it is, how big it says it is, and every way this can go wrong."""

from __future__ import annotations

import errno
import io
import re
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from mangapaint.errors import Cancelled, UserError

LIMIT_MEGAPIXELS = 400.0


@dataclass(frozen=True)
class ImageFormat:
    """A kind of picture file: ``magic`` is a pattern its first bytes match, ``suffixes`` what one is usually called."""

    id: str
    pillow: str
    suffixes: tuple[str, ...]
    title: str
    magic: bytes
    readable: bool = True
    writable: bool = False


FORMATS: tuple[ImageFormat, ...] = (
    ImageFormat("png", "PNG", (".png",), "PNG", rb"\x89PNG\r\n\x1a\n", writable=True),
    ImageFormat("jpeg", "JPEG", (".jpg", ".jpeg", ".jpe"), "JPEG", rb"\xff\xd8\xff"),
    ImageFormat("webp", "WEBP", (".webp",), "WebP", rb"RIFF.{4}WEBP"),
    ImageFormat("tiff", "TIFF", (".tif", ".tiff"), "TIFF", rb"II[*+]\0|MM\0[*+]"),
)

_OPEN_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("there is no such file", "check the name and the folder"),
    errno.ENOTDIR: ("there is no such file", "check the name and the folder"),
    errno.EACCES: ("there is no permission to read it", "ask its owner or copy it to a folder of your own"),
    errno.EPERM: ("there is no permission to read it", "ask its owner or copy it to a folder of your own"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}

# What Pillow only offers as module globals, and the value wanted while one of our files is open: its own size limit
# would refuse pages below ours, and its 1 MB for a text or profile chunk refuses pages with a long editing history.
_GLOBALS = ((Image, "MAX_IMAGE_PIXELS", None), (PngImagePlugin, "MAX_TEXT_CHUNK", 32 << 20))
_PILLOW = threading.RLock()


@contextmanager
def opened(source: Path | bytes, *, name: str, limit_megapixels: float) -> Iterator[Image.Image]:
    """Yield the picture in a file or in memory, its header read and its size checked, not yet decoded.

    The content decides which format it is, not the suffix. What Pillow raises inside the block, however broken
    the bytes are, comes out as one ``UserError`` with the file and a remedy. ``name`` stands for the file where
    there is none. ``limit_megapixels`` is the most width x height may be, in millions.
    """
    where = source if isinstance(source, Path) else Path(name)
    try:
        with _stream(source) as file, _pillow_ours():
            head = _checked_head(file, where, limit_megapixels)
            with _recognised(file, head, where) as image:
                check_size(image.width, image.height, path=where, limit_megapixels=limit_megapixels)
                yield image
    except (UserError, Cancelled):
        raise
    except Exception as error:  # decoders given arbitrary bytes raise nearly anything, from SyntaxError to zlib.error
        raise _refusal(where, error) from error


def check_size(width: int, height: int, *, path: Path, limit_megapixels: float) -> None:
    """Raise ``UserError`` where ``width`` x ``height`` pixels are more than the limit."""
    megapixels = width * height / 1e6
    if megapixels > limit_megapixels:
        raise UserError(
            f"the picture is {width} x {height} pixels ({megapixels:.1f} megapixels), "
            f"more than the image limit of {limit_megapixels:g} megapixels",
            path=path,
            remedy="make the picture smaller or raise 'image limit' in the settings",
        )


@contextmanager
def _pillow_ours() -> Iterator[None]:
    """Let one thread use Pillow with our limits and without its warnings; put everything back afterwards.

    Pillow's limits and Python's warning filters both belong to the whole process, so they are changed only while a
    file is open, under a lock: two threads reading at once must not put back each other's values. Our own size
    check has taken the place of the size limit by the time anything is decoded.
    """
    with _PILLOW, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept = [getattr(module, name) for module, name, _ in _GLOBALS]
        try:
            for module, name, value in _GLOBALS:
                setattr(module, name, value)
            yield
        finally:
            for (module, name, _), value in zip(_GLOBALS, kept, strict=True):
                setattr(module, name, value)


def _stream(source: Path | bytes) -> BinaryIO:
    """Open the file to read; raise ``UserError`` where there is none or it is not a plain file."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        mode = source.stat().st_mode
        if stat.S_ISREG(mode):
            return source.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        number = getattr(error, "errno", None)
        what, remedy = _OPEN_REASONS.get(number or 0, ("the file cannot be read", "copy it to another disk"))
        raise UserError(what, path=source, remedy=remedy) from error
    what = "this is a folder" if stat.S_ISDIR(mode) else "this is a device, not a file"
    raise UserError(what, path=source, remedy="choose a picture file")


def _checked_head(file: BinaryIO, path: Path, limit_megapixels: float) -> bytes:
    """Read the first bytes; refuse an empty file, and a WebP picture too big to be even opened."""
    head = file.read(32)
    file.seek(0)
    if not head:
        raise UserError("the file is empty", path=path, remedy="copy or export it again")
    # Pillow makes room for the whole WebP canvas on opening, before it tells the size.
    check_size(*_webp_size(head), path=path, limit_megapixels=limit_megapixels)
    return head


def _webp_size(head: bytes) -> tuple[int, int]:
    """Return width and height from a WebP file's first 30 bytes, (0, 0) for anything else."""
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return 0, 0
    little = int.from_bytes
    match head[12:16]:
        case b"VP8X":
            return little(head[24:27], "little") + 1, little(head[27:30], "little") + 1
        case b"VP8L":
            bits = little(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return little(head[26:28], "little") & 0x3FFF, little(head[28:30], "little") & 0x3FFF
    return 0, 0


def _recognised(file: BinaryIO, head: bytes, path: Path) -> Image.Image:
    """Let Pillow read the header, as one of our formats only."""
    try:
        return Image.open(file, formats=[row.pillow for row in FORMATS if row.readable])
    except UnidentifiedImageError:
        if any(re.match(row.magic, head, re.DOTALL) for row in FORMATS):
            raise
        titles = [row.title for row in FORMATS if row.readable]
        raise UserError(
            f"this is not a {', '.join(titles[:-1])} or {titles[-1]} picture",
            path=path,
            remedy="export it as PNG from the program it was made with",
        ) from None


def _refusal(path: Path, error: Exception) -> UserError:
    """Say in a person's words what a decoder said in its own."""
    if isinstance(error, MemoryError):
        return UserError(
            "there is not enough memory to open the picture",
            path=path,
            remedy="close other programs or make the picture smaller",
        )
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        return UserError("the file is cut off", path=path, remedy="copy or export it again")
    return UserError(
        "the file is damaged or of a kind that cannot be read",
        path=path,
        remedy="export it again as an ordinary 8-bit PNG",
    )
