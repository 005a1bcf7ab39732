"""Coloured pictures to learn from: opened from folders, files, videos and scenes, read when asked for, remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from mangapaint.analysis.drawn import line_art
from mangapaint.errors import UserError
from mangapaint.progress import Progress, Silent
from mangapaint.training.areas import areas
from mangapaint.training.samples import Labels, Original
from mangapaint.training.shelf import LAYERS, Shelf, fits, narrow, wide
from mangapaint.training.sources import Found, Source, find, scenes_of

LIMIT = 512 << 20
"""Bytes of pictures that are remembered unless it is said otherwise; every process of a loader has its own."""
HASHED = 1 << 20
"""Bytes of a file that are hashed at a time."""

Warn = Callable[[str], None]


def silent(line: str) -> None:
    """Say nothing of what is skipped; it is in ``Originals.skipped`` all the same."""


@dataclass(frozen=True)
class Content:
    """A series that is learned from: its name, how many pictures it has, and a SHA-256 over what its files hold.

    The hash is over the files' names, without the folders they lie in, and theirs; empty for scenes, which lie in none.
    """

    series: str
    pictures: int
    sha256: str


@dataclass(eq=False)
class _Memory:
    """What has been read, as far as there is room, and what could not be."""

    kept: dict[int, Original] = field(default_factory=dict)
    size: int = 0
    broken: set[int] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Originals:
    """All pictures there are to learn from, by number.

    ``sources`` say how each is read, ``folders`` where they come from (a ``split.json`` may lie there). ``warn`` is
    told of each file that is skipped, once, in one line; it must be picklable where a loader starts new processes.
    ``limit`` is the most bytes of pictures that are remembered: an epoch asks for each picture once, so whatever
    came first is as good to keep as anything else, and nothing is ever given up for another. What was worked out or
    drawn is kept in ``shelf`` besides, if there is one: a folder of this training's own, for all its processes.
    """

    sources: tuple[Source, ...]
    folders: tuple[Path, ...] = ()
    warn: Warn = silent
    limit: int = LIMIT
    shelf: Shelf | None = None
    _memory: _Memory = field(default_factory=_Memory)

    def __len__(self) -> int:
        return len(self.sources)

    @property
    def series(self) -> tuple[str, ...]:
        """The names of all series, in order."""
        return tuple(sorted({source.series for source in self.sources}))

    @property
    def skipped(self) -> list[str]:
        """Why what was skipped so far was skipped, a line each."""
        return list(self._memory.skipped)

    def of(self, series: str) -> tuple[int, ...]:
        """Return the numbers of a series' pictures."""
        return tuple(number for number, source in enumerate(self.sources) if source.series == series)

    def names(self, series: str) -> tuple[str, ...]:
        """Return the names of a series' pictures."""
        return tuple(self.sources[number].name for number in self.of(series))

    def get(self, number: int, *, divided: bool = True) -> Original | None:
        """Return a picture, None for a broken one; if it is to be ``divided``, with its regions, which are found in its
        colours if nobody knows them."""
        kept = self._memory.kept.get(number)
        if kept is not None and (kept.regions is not None or not divided):
            return _unpacked(kept)
        if number in self._memory.broken:
            return None
        try:
            original = _unpacked(kept) if kept is not None else self._read(number)
        except UserError as error:
            self._memory.broken.add(number)
            self._skip(error.line())
            return None
        if divided:
            original = self._with(number, original, "regions", lambda it: areas(it.color, it.line))
        self._keep(number, original)
        return original

    def drawn(self, number: int, *, divided: bool = True) -> Original | None:
        """Return a picture like ``get``, with a line drawing: one made from its colours where it has none."""
        original = self.get(number, divided=divided)
        if original is None or original.line is not None:
            return original
        original = self._with(number, original, "line", lambda it: line_art(it.color))
        self._keep(number, original)
        return original

    def fill(self, *, drawn: bool = False, progress: Progress | None = None) -> None:
        """Read what there is room for, so that processes that are forked later share it."""
        said = progress or Silent()
        for number in range(len(self)):
            said.report(number / len(self), "Reading pictures")
            self.drawn(number) if drawn else self.get(number)
            if self._memory.size >= self.limit:
                break

    def contents(self, progress: Progress | None = None) -> tuple[Content, ...]:
        """Return what there is to learn from, by series; raises ``UserError`` for a file that is there no more."""
        said, found = progress or Silent(), []
        for number, series in enumerate(self.series):
            said.report(number / len(self.series), f"Hashing {series}")
            sources = [source for source in self.sources if source.series == series]
            lines = sorted({f"{name} {_sha256(path)}" for name, path in _files(sources)})
            found.append(Content(series, len(sources), of_lines(lines) if lines else ""))
        return tuple(found)

    def _read(self, number: int) -> Original:
        """Read a picture; one that no file holds is looked for on the shelf first."""
        source = self.sources[number]
        if self.shelf is None or source.files:
            return source.read()
        found = self.shelf.find(number, LAYERS)
        if len(found) == len(LAYERS):
            return Original(source.name, source.series, **found)
        original = source.read()
        self.shelf.keep(number, original, LAYERS)
        return original

    def _with(self, number: int, original: Original, layer: str, make: Callable[[Original], Any]) -> Original:
        """Return an original with a layer that it may lack: from the shelf, or made now."""
        if getattr(original, layer) is not None:
            return original
        found = {} if self.shelf is None else self.shelf.find(number, [layer])
        if found:
            return replace(original, **found)
        original = replace(original, **{layer: make(original)})
        if self.shelf is not None:
            self.shelf.keep(number, original, [layer])
        return original

    def _keep(self, number: int, original: Original) -> None:
        packed = _packed(original)
        more = _size(packed) - (_size(self._memory.kept[number]) if number in self._memory.kept else 0)
        if self._memory.size + more <= self.limit:
            self._memory.kept[number] = packed
            self._memory.size += more

    def _skip(self, line: str) -> None:
        self._memory.skipped.append(line)
        self.warn(line)


def open_sources(paths: Sequence[Path], *, scenes: int = 0, every: int = 50, seed: int = 0, warn: Warn = silent,
                 limit: int = LIMIT, progress: Progress | None = None) -> Originals:  # fmt: skip
    """Find all coloured pictures in folders, picture files and videos, and ``scenes`` series of drawn scenes.

    Of a video, a frame in ``every`` is taken. Folders: each that holds pictures is a series; where there are folders
    ``series`` and ``lineart`` in one, only these are looked through (``lineart/NAME/line.png`` beside ``color.png``
    is one picture, its series the name up to the last dash). What cannot be read is skipped with a line to ``warn``.
    Raises ``UserError`` for a path that does not exist, and where nothing usable is found.
    """
    found = find(paths, every=every, progress=progress or Silent())
    sources = (*found.sources, *scenes_of(scenes, seed=seed))
    originals = Originals(sources, found.folders, warn, limit)
    for line in found.skipped:
        originals._skip(line)
    if all(originals.get(number) is None for number in range(len(originals))):
        raise _nothing(paths, found, originals)
    return originals


def _nothing(paths: Sequence[Path], found: Found, originals: Originals) -> UserError:
    reason = f" ({originals.skipped[0]})" if originals.skipped else ""
    what = "none of the pictures can be used" if found.sources else "there are no coloured pictures in it"
    remedy = f"give folders of coloured PNG, JPEG, WebP or TIFF pictures, or videos{reason}"
    return UserError(what, path=paths[0] if len(paths) == 1 else None, remedy=remedy)


def _files(sources: Sequence[Source]) -> dict[tuple[str, Path], None]:
    """Return the files of some pictures, each once: all frames of a video are of one."""
    return dict.fromkeys(file for source in sources for file in source.files)


def of_lines(lines: Sequence[str]) -> str:
    """Return a SHA-256 over lines of text."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(HASHED):
                digest.update(block)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UserError(f"it cannot be read ({reason})", path=path, remedy="leave the data as it is") from error
    return digest.hexdigest()


def _packed(original: Original) -> Original:
    """Return an original as it is remembered, its label maps in 16 bits where that suffices."""
    return replace(original, regions=_narrow(original.regions), identities=_narrow(original.identities))


def _unpacked(original: Original) -> Original:
    return replace(original, regions=_wide(original.regions), identities=_wide(original.identities))


def _narrow(labels: Labels | None) -> Any:
    return narrow(labels) if labels is not None and fits(labels) else labels


def _wide(labels: Any) -> Labels | None:
    return wide(labels) if labels is not None and labels.dtype == np.uint16 else labels


def _size(original: Original) -> int:
    layers = (original.color, original.line, original.tone, original.regions, original.identities)
    return sum(layer.nbytes for layer in layers if layer is not None)
