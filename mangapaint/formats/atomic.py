"""Writing a file whole or not at all: beside the target first, then in its place."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mangapaint.errors import UserError

_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("the folder does not exist", "make the folder first or choose another one"),
    errno.ENOTDIR: ("the folder does not exist", "make the folder first or choose another one"),
    errno.EACCES: ("there is no permission to write here", "choose another folder"),
    errno.EPERM: ("there is no permission to write here", "choose another folder"),
    errno.EROFS: ("the disk can only be read", "choose another folder"),
    errno.ENOSPC: ("the disk is full", "free some space or choose another disk"),
    errno.EDQUOT: ("your share of the disk is full", "free some space or choose another disk"),
    errno.EFBIG: ("the file is too big for this disk", "choose another disk"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}


@contextmanager
def written_beside(path: Path, *, suffix: str | None = None) -> Iterator[BinaryIO]:
    """Yield a binary file that takes the place of ``path`` once the block ends well.

    The file is made in the folder of ``path``, reaches the disk, and only then replaces it, so a reader never
    sees half a file. When anything fails the earlier file stays as it was and nothing is left behind. A link is
    written through to what it points at; an existing file keeps its permissions. ``suffix`` (".png"), when given,
    is what the name must end with, in small or capital letters.

    Raises ``UserError`` where the name or folder does not do, or the disk refuses; any other exception of the
    block is passed on.
    """
    target = _target(path, suffix)
    # A short name of its own: the target's name with something added could be too long for the disk.
    beside = target.parent / f".mangapaint-{secrets.token_hex(8)}.part"
    try:
        with _created(beside, target) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        raise _refusal(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    _sync_folder(target.parent)


def check_target(path: Path, *, suffix: str | None = None) -> None:
    """Raise ``UserError`` where it can be told beforehand that ``path`` cannot be written: before long work."""
    target = _target(path, suffix)
    if not target.parent.is_dir():
        raise _refusal(path, FileNotFoundError(errno.ENOENT, ""))
    if not os.access(target.parent, os.W_OK):
        raise _refusal(path, PermissionError(errno.EACCES, ""))


def make_folder(folder: Path, *, what: str = "the folder cannot be made", remedy: str = "choose another one") -> None:
    """Make a folder and those above it, where they are missing; raise ``UserError`` where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UserError(f"{what} ({reason})", path=folder, remedy=remedy) from error


def write_bytes(path: Path, content: bytes, *, suffix: str | None = None) -> None:
    """Write ``content`` whole or not at all; raise ``UserError`` like ``written_beside``."""
    with written_beside(path, suffix=suffix) as file:
        file.write(content)


def write_text(path: Path, text: str, *, suffix: str | None = None) -> None:
    """Write ``text`` as UTF-8, whole or not at all; raise ``UserError`` like ``written_beside``."""
    write_bytes(path, text.encode("utf-8"), suffix=suffix)


def _target(path: Path, suffix: str | None) -> Path:
    """Return where ``path`` leads once links are followed, after checking that a file can be put there."""
    if suffix is not None and path.suffix.lower() != suffix:
        raise UserError(f"the name does not end with {suffix}", path=path, remedy=f"save it as {path.stem}{suffix}")
    try:
        target = path.resolve()
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links is a RuntimeError below Python 3.13
        raise _refusal(path, error) from error
    if stat.S_ISDIR(mode):
        raise UserError("there is a folder of this name", path=path, remedy="choose another name")
    if not stat.S_ISREG(mode):
        raise UserError("this is a device, not a file", path=path, remedy="choose another name")
    if not os.access(target, os.W_OK):
        raise UserError("the file is write-protected", path=path, remedy="choose another name or lift the protection")
    return target


def _created(beside: Path, target: Path) -> BinaryIO:
    """Open the new file with the permissions ``target`` has, or those any new file gets here."""
    # tempfile would make it 0600; asking the system for 0666 lets the umask decide without touching it.
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(beside, flags, 0o666), "w+b")
    with suppress(OSError):  # a disk without permissions, or a target that does not exist yet
        beside.chmod(stat.S_IMODE(target.stat().st_mode))
    return file


def _sync_folder(folder: Path) -> None:
    """Make the new name itself last through a power cut, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refusal(path: Path, error: Exception) -> UserError:
    number = getattr(error, "errno", None)
    what, remedy = _REASONS.get(number or 0, ("it cannot be written here", "choose another folder or name"))
    return UserError(what, path=path, remedy=remedy)
