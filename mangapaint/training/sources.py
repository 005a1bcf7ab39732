"""Where coloured pictures are found, and how each is read: files, drawn pages with their lines, frames, scenes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from mangapaint.analysis.ink import luminance
from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.formats.images import FORMATS, read
from mangapaint.progress import Progress, Span
from mangapaint.training.samples import Original
from mangapaint.training.videos import LONGEST, VIDEOS, Frame, frames

if TYPE_CHECKING:
    from mangapaint.training.scenes.series import Series

SMALLEST = 32
"""Shorter sides below this show nothing."""
COLORED, COLORED_PART = 24, 0.002
"""A picture has colour where R, G and B differ by so much, in so much of it."""
PICTURES = frozenset(suffix for row in FORMATS if row.readable for suffix in row.suffixes)
WHOLE = ("series", "lineart")
"""Folders that are looked through alone where a folder holds any of them: what else is there is for measuring."""
SCENES = 24
"""Pictures of one series of scenes."""
LINED_UP = 4
"""Every so many-th of them shows its people side by side: the first such is their design sheet."""
SCENE_SIZES = ((512, 512), (400, 560), (560, 400))
"""Heights and widths of scenes."""
SCENE_SERIES = 1_000_000
"""How many series of scenes one seed has room for."""

Files = tuple[tuple[str, Path], ...]


class Source(Protocol):
    """One picture that can be read: its name, which series it is of, and the files it is made of (with short names)."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def series(self) -> str: ...  # noqa: D102

    @property
    def files(self) -> Files: ...  # noqa: D102

    def read(self) -> Original:
        """Read it, at most ``LONGEST`` on its longer side; raises ``UserError`` if it cannot be used."""


@dataclass(frozen=True)
class Found:
    """What a search found: the pictures, the folders that were searched, and what was skipped, a line each."""

    sources: tuple[Source, ...]
    folders: tuple[Path, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class PictureFile:
    """A coloured picture in a file."""

    name: str
    series: str
    path: Path

    @property
    def files(self) -> Files:
        """The one file."""
        return ((f"{self.series}/{self.path.name}", self.path),)

    def read(self) -> Original:
        """Read it."""
        return Original(self.name, self.series, _usable(read(self.path).pixels, self.path))


@dataclass(frozen=True)
class DrawnPage:
    """A coloured picture with its line drawing beside it."""

    name: str
    series: str
    color: Path
    line: Path

    @property
    def files(self) -> Files:
        """Both files."""
        return tuple((f"{path.parent.name}/{path.name}", path) for path in (self.color, self.line))

    def read(self) -> Original:
        """Read both; the lines are brought to the colours' size."""
        color = _usable(read(self.color).pixels, self.color)
        line = luminance(read(self.line))
        size = color.shape[1], color.shape[0]
        if not _of_one_form(line.shape, color.shape):
            raise UserError("line and colours are not of one form", path=self.line, remedy="crop them alike")
        return Original(self.name, self.series, color, line=_resized(line, size))


@dataclass(frozen=True)
class VideoFrame:
    """A frame of a video, which keeps it compressed: seeking in videos is slow and not always exact."""

    name: str
    series: str
    path: Path
    frame: Frame

    @property
    def files(self) -> Files:
        """The whole video."""
        return ((self.path.name, self.path),)

    def read(self) -> Original:
        """Decompress it."""
        return Original(self.name, self.series, _usable(self.frame.pixels(), self.path))


@dataclass(frozen=True)
class ScenePicture:
    """A picture drawn by ``scenes``."""

    name: str
    series: str
    seed: int
    index: int

    @property
    def files(self) -> Files:
        """None."""
        return ()

    def read(self) -> Original:
        """Draw it."""
        height, width = SCENE_SIZES[self.index % len(SCENE_SIZES)]
        series, (number, place) = _scene_series(self.seed), divmod(self.index, LINED_UP)
        if place == LINED_UP - 1:
            from mangapaint.training.scenes.lineups import lineup

            return lineup(series, number, width=width, height=height).original(self.name, self.series)
        return series.scene(self.index, width=width, height=height).original(self.name, self.series)


def scenes_of(count: int, *, seed: int) -> tuple[ScenePicture, ...]:
    """Return the pictures of some series of scenes; each seed has series of its own."""
    numbers = [seed * SCENE_SERIES + number for number in range(count)]
    return tuple(ScenePicture(f"scenes-{number}/{index:03}", f"scenes-{number}", number, index)
                 for number in numbers for index in range(SCENES))  # fmt: skip


def find(paths: Sequence[Path], *, every: int, progress: Progress) -> Found:
    """Look through folders, files and videos; see ``originals.open_sources``. Each file is found once."""
    search = _Search(every)
    for number, path in enumerate(paths):
        span = Span(progress, number / len(paths), (number + 1) / len(paths))
        span.report(0.0, f"Looking through {path.name or path}")
        search.add(path, span)
    return search.found()


@lru_cache(maxsize=4)
def _scene_series(seed: int) -> Series:
    from mangapaint.training.scenes.series import Series

    return Series.of(seed)


def _usable(pixels: Pixels, path: Path) -> Pixels:
    """Return a picture as RGB and not too large; raises ``UserError`` for one without size or colour."""
    if min(pixels.shape[:2]) < SMALLEST:
        raise UserError(f"the picture is smaller than {SMALLEST} pixels", path=path, remedy="leave it out")
    small = _shrunk(pixels)
    if small.ndim == 2 or float(np.mean(np.ptp(small, axis=2) > COLORED)) < COLORED_PART:
        raise UserError("the picture has no colours to learn from", path=path, remedy="leave it out")
    return small


def _shrunk(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = LONGEST / max(height, width)
    if scale >= 1:
        return pixels
    return _resized(pixels, (max(SMALLEST, round(width * scale)), max(SMALLEST, round(height * scale))))


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    if pixels.shape[1::-1] == size:
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _of_one_form(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether height and width are in nearly the same proportion."""
    return abs(one[0] * other[1] - one[1] * other[0]) <= 0.02 * one[1] * other[0]


class _Search:
    """What has been found so far."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._sources: list[Source] = []
        self._folders: list[Path] = []
        self._skipped: list[str] = []
        self._known: set[Path] = set()

    def found(self) -> Found:
        return Found(tuple(self._sources), tuple(self._folders), tuple(self._skipped))

    def add(self, path: Path, progress: Progress) -> None:
        """Add what a path holds; raises ``UserError`` where there is nothing at all."""
        if path.is_dir():
            self._folders.append(path)
            self._add_folder(path, progress)
        elif path.is_file():
            self._add_file(path, path.absolute().parent.name or "pictures", progress)
        else:
            raise UserError("there is no such file or folder", path=path, remedy="check the name")

    def _add_folder(self, root: Path, progress: Progress) -> None:
        parts = [root / name for name in WHOLE if (root / name).is_dir()] or [root]
        folders = [(part, *row) for part in parts for row in self._walked(part)]
        for number, (part, folder, files) in enumerate(folders):
            inside = folder.relative_to(part).as_posix()
            series = root.absolute().name if inside == "." else inside
            self._add_files(folder, files, series or "pictures",
                            Span(progress, number / len(folders), (number + 1) / len(folders)))  # fmt: skip

    def _walked(self, part: Path) -> Iterator[tuple[Path, list[Path]]]:
        """Yield the folders below one, itself first, each with its files; hidden ones are left out."""
        for folder, below, files in os.walk(part, onerror=self._unread):
            below[:] = sorted(name for name in below if not name.startswith("."))
            yield Path(folder), [Path(folder) / name for name in sorted(files) if not name.startswith(".")]

    def _unread(self, error: OSError) -> None:
        self._skipped.append(f"{error.filename}: {error.strerror or 'it cannot be looked through'}")

    def _add_files(self, folder: Path, files: Sequence[Path], series: str, progress: Progress) -> None:
        pictures = [path for path in files if path.suffix.lower() in PICTURES]
        color, line = (next((path for path in pictures if path.stem == stem), None) for stem in ("color", "line"))
        if color is not None and line is not None:
            self._add_source(DrawnPage(folder.name, folder.name.rpartition("-")[0] or folder.name, color, line), color)
            return
        videos = [path for path in files if path.suffix.lower() in VIDEOS]
        for path in (*pictures, *videos):
            self._add_file(path, series, progress)

    def _add_file(self, path: Path, series: str, progress: Progress) -> None:
        if path.suffix.lower() in VIDEOS:
            self._add_video(path, progress)
        else:
            self._add_source(PictureFile(f"{series}/{path.stem}", series, path), path)

    def _add_video(self, path: Path, progress: Progress) -> None:
        try:
            taken = frames(path, every=self._every, progress=progress)
        except UserError as error:
            self._skipped.append(error.line())
            return
        if taken.trouble:
            self._skipped.append(f"{path}: {taken.trouble}")
        for frame in taken.frames:
            self._add_source(VideoFrame(f"{path.stem}/{frame.number:06}", path.stem, path, frame), None)

    def _add_source(self, source: Source, path: Path | None) -> None:
        """Take in a picture; ``path`` is what tells it from others (None: it is known to be new)."""
        if path is not None:
            resolved = path.resolve()
            if resolved in self._known:
                return
            self._known.add(resolved)
        self._sources.append(source)
