"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from mangapaint.errors import UserError
from mangapaint.formats.atomic import write_bytes, write_text, written_beside

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links of POSIX")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_new_and_again(tmp_path):
    path = tmp_path / "notes.csv"
    write_text(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    write_bytes(path, b"two", suffix=".csv")
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == ["notes.csv"]


def test_earlier_file_is_there_until_the_end(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"one")
    with written_beside(path) as file:
        file.write(b"two")
        file.flush()
        assert path.read_bytes() == b"one"
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize("raised", [ValueError, KeyboardInterrupt, MemoryError])
def test_any_failure_leaves_the_earlier_file(tmp_path, raised):
    path = tmp_path / "a.json"
    path.write_bytes(b"one")

    def fail() -> None:
        with written_beside(path) as file:
            file.write(b"two")
            raise raised

    with pytest.raises(raised):
        fail()
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["a.json"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission"), (errno.EIO, "cannot be written")],
)
def test_the_disk_refuses(tmp_path, monkeypatch, call, number, words):
    path = tmp_path / "a.json"
    path.write_bytes(b"one")

    def refuse(*_: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), refuse)
    with pytest.raises(UserError, match=words) as caught:
        write_bytes(path, b"two")
    assert caught.value.path == path
    assert caught.value.remedy
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["a.json"]


def test_folder_missing(tmp_path):
    with pytest.raises(UserError, match="the folder does not exist; make the folder"):
        write_bytes(tmp_path / "no" / "a.json", b"x")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="the folder does not exist"):
        write_bytes(tmp_path / "file" / "a.json", b"x")


def test_target_is_a_folder(tmp_path):
    (tmp_path / "a.json").mkdir()
    with pytest.raises(UserError, match="there is a folder of this name"):
        write_bytes(tmp_path / "a.json", b"x")
    assert names(tmp_path) == ["a.json"]


def test_names_that_do_not_do(tmp_path):
    with pytest.raises(UserError, match="name is too long"):
        write_bytes(tmp_path / ("x" * 300), b"x")
    with pytest.raises(UserError, match="cannot be written"):
        write_bytes(tmp_path / "a\0b", b"x")
    write_bytes(tmp_path / ("y" * 250), b"x")
    assert names(tmp_path) == ["y" * 250]


@posix
def test_devices_are_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UserError, match="device"):
        write_bytes(pipe, b"x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix
def test_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path):
    path, plain = tmp_path / "a", tmp_path / "plain"
    plain.touch()
    write_bytes(path, b"x")
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o640)
    write_bytes(path, b"y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@posix
def test_write_protected_file(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"x")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # an administrator may write everything
    with pytest.raises(UserError, match="write-protected"):
        write_bytes(path, b"y")
    assert path.read_bytes() == b"x"


@posix
def test_links_are_written_through(tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "target", tmp_path / "link"
    target.write_bytes(b"x")
    link.symlink_to(Path("far") / "target")
    write_bytes(link, b"y")
    assert link.is_symlink()
    assert target.read_bytes() == b"y"
    assert names(tmp_path / "far") == ["target"]
    target.unlink()
    write_bytes(link, b"z")
    assert target.read_bytes() == b"z"


@posix
def test_links_in_a_ring(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(UserError, match="cannot be written"):
        write_bytes(tmp_path / "a", b"x")


def test_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_bytes(Path("a"), b"x")
    assert names(tmp_path) == ["a"]
