from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from shown import picture, write

from mangapaint.errors import Cancelled, UserError
from mangapaint.progress import Silent
from mangapaint.training.originals import Content, open_sources
from mangapaint.training.videos import frames


def _video(path: Path, shots: list[np.ndarray], *, each: int = 10) -> Path:
    height, width = shots[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 24, (width, height))
    assert writer.isOpened()
    for shot in shots:
        for _ in range(each):
            writer.write(np.ascontiguousarray(shot[..., ::-1]))
    writer.release()
    return path


def test_a_frame_in_so_many_without_those_that_look_alike(tmp_path: Path) -> None:
    path = _video(tmp_path / "film.avi", [picture(turn=turn) for turn in (0, 1, 1, 2)])
    taken = frames(path, every=5, progress=Silent())
    assert [frame.number for frame in taken.frames] == [0, 10, 30]
    assert taken.trouble == ""
    for frame, turn in zip(taken.frames, (0, 1, 2), strict=True):
        away = np.abs(frame.pixels().astype(int) - picture(turn=turn))
        assert away.mean() < 3


def test_something_small_that_moves_makes_another_picture(tmp_path: Path) -> None:
    shots = [picture(), picture()]
    cv2.rectangle(shots[1], (4, 4), (30, 30), (180, 180, 240), cv2.FILLED)
    taken = frames(_video(tmp_path / "film.avi", shots), every=10, progress=Silent())
    assert [frame.number for frame in taken.frames] == [0, 10]


def test_frames_are_originals_of_one_series(tmp_path: Path) -> None:
    path = _video(tmp_path / "film.avi", [picture(turn=turn) for turn in range(3)])
    write(tmp_path / "page.png", picture())
    originals = open_sources([tmp_path], every=10)
    assert originals.names("film") == ("film/000000", "film/000010", "film/000020")
    original = originals.get(originals.of("film")[1])
    assert original is not None
    assert np.abs(original.color.astype(int) - picture(turn=1)).mean() < 3
    contents = {item.series: item for item in originals.contents()}
    held = hashlib.sha256(f"film.avi {hashlib.sha256(path.read_bytes()).hexdigest()}".encode()).hexdigest()
    assert contents["film"] == Content("film", 3, held)
    assert open_sources([path], every=10).series == ("film",)


def test_large_frames_are_brought_to_size(tmp_path: Path) -> None:
    path = _video(tmp_path / "film.avi", [picture(400, 1024)], each=2)
    taken = frames(path, every=1, progress=Silent())
    assert taken.frames[0].pixels().shape == (300, 768, 3)


def test_a_damaged_video_is_a_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "page.png", picture())
    (tmp_path / "broken.avi").write_bytes(b"RIFF no video at all" * 20)
    told: list[str] = []
    originals = open_sources([tmp_path], warn=told.append)
    assert len(originals) == 1
    assert len(told) == 1
    assert "broken.avi" in told[0]
    assert "no frame" in told[0]
    with pytest.raises(UserError, match="no frame"):
        open_sources([tmp_path / "broken.avi"])
    assert capfd.readouterr().err == ""


def test_nothing_is_said_but_by_us(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.write_bytes(b"\0\0\0\x20ftypisom" + bytes(2000))
    program = """
import sys
from pathlib import Path
from mangapaint.errors import UserError
from mangapaint.progress import Silent
from mangapaint.training.videos import frames
try:
    frames(Path(sys.argv[1]), every=1, progress=Silent())
except UserError as error:
    print(error.what)
"""
    # In a process of its own: writing videos, as these tests do, settles once and for all how much FFmpeg says.
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "no frame of this video can be read\n"
    assert done.stderr == ""


def test_a_video_that_breaks_off_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    path = _video(tmp_path / "film.avi", [picture(turn=turn) for turn in (0, 1, 2, 0, 1, 2)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    originals = open_sources([path], every=5)
    assert 2 <= len(originals) <= 4
    assert "breaks off" in originals.skipped[0]


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    class Stopped(Silent):
        def report(self, fraction: float, text: str) -> None:
            if fraction > 0.4:
                raise Cancelled

    with pytest.raises(Cancelled):
        frames(_video(tmp_path / "film.avi", [picture()], each=20), every=2, progress=Stopped())
