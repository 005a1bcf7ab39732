"""Frames of a video: one in so many, without those that look like the one before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.progress import Progress

VIDEOS = frozenset({".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm", ".wmv"})
LONGEST = 768
"""Pictures are brought to this on their longer side: crops of networks' sizes see no more."""
QUALITY = 93
"""Of the JPEG a frame is kept as; the video's own compression lost more."""
FFMPEG, QUIET = "OPENCV_FFMPEG_LOGLEVEL", "-8"
"""Where cv2 looks up how much FFmpeg may say, when it opens its first video; AV_LOG_QUIET."""
THUMB = 24
"""Side of the thumbnails by which frames are compared."""
SAME = 4.0
"""Mean difference of the thumbnails' R, G and B (0..255) up to which two frames show the same, ..."""
SAME_PART, MOVED = 0.03, 24
"""... if no more than this part of the thumbnail differs by so much: somebody's mouth, say."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame, its number in the video from 0, kept as JPEG."""

    number: int
    jpeg: bytes

    def pixels(self) -> Pixels:
        """Return it as uint8 RGB (h, w, 3)."""
        found = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Taken:
    """The frames of a video that were taken; ``trouble`` says in words if it broke off before its end."""

    frames: tuple[Frame, ...]
    trouble: str = ""


def frames(path: Path, *, every: int, progress: Progress) -> Taken:
    """Take a frame in ``every`` (1 or more), and of those only what differs from the last one taken.

    Raises ``UserError`` for what is no video, and for one of which no frame can be read.
    """
    with _quiet():
        video = cv2.VideoCapture(str(path))
        try:
            return _taken(video, path, every, progress)
        finally:
            video.release()


def _taken(video: cv2.VideoCapture, path: Path, every: int, progress: Progress) -> Taken:
    expected = max(0, int(video.get(cv2.CAP_PROP_FRAME_COUNT))) if video.isOpened() else 0
    taken: list[Frame] = []
    before: NDArray[np.int16] | None = None
    number = -1
    for number, picture in _read(video, every):
        progress.report(min(1.0, number / max(expected, 1)), f"Reading frames of {path.name}")
        if picture is None:
            continue
        thumb = _thumb(picture)
        if before is None or not _same(before, thumb):
            taken.append(Frame(number, _jpeg(picture)))
            before = thumb
    if not taken:
        raise UserError("no frame of this video can be read", path=path, remedy="convert it to MP4 or leave it out")
    return Taken(tuple(taken), _trouble(number + 1, expected, every))


def _read(video: cv2.VideoCapture, every: int) -> Iterator[tuple[int, Pixels | None]]:
    """Yield every frame's number, with its picture (uint8 BGR) for those that are wanted and can be decoded."""
    number = 0
    while video.grab():
        wanted, picture = video.retrieve() if number % every == 0 else (False, None)
        yield number, picture if wanted else None
        number += 1


def _trouble(read: int, expected: int, every: int) -> str:
    """Say that a video broke off, if so; containers' own counts are off by a few frames."""
    if read + max(every, expected // 20) >= expected:
        return ""
    return f"the video breaks off after {read} of {expected} frames; what came before is used"


def _thumb(picture: Pixels) -> NDArray[np.int16]:
    return np.asarray(cv2.resize(picture, (THUMB, THUMB), interpolation=cv2.INTER_AREA), dtype=np.int16)


def _same(one: NDArray[np.int16], other: NDArray[np.int16]) -> bool:
    """Tell whether two thumbnails show the same."""
    away = np.abs(one - other)
    return float(away.mean()) <= SAME and float((away.max(axis=2) > MOVED).mean()) <= SAME_PART


def _jpeg(picture: Pixels) -> bytes:
    scale = LONGEST / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    how = [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return bytes(cv2.imencode(".jpg", picture, how)[1])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep cv2 and FFmpeg from writing about damaged files to stderr: what is wrong is said in one line of our own."""
    level, said = cv2.utils.logging.getLogLevel(), os.environ.get(FFMPEG)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ[FFMPEG] = QUIET
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)
        if said is None:
            del os.environ[FFMPEG]
        else:
            os.environ[FFMPEG] = said
