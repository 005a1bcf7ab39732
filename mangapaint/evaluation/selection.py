"""Which pictures are measured: of which folders, kinds and splits, and how many of them.

A folder holds ``lineart/NAME/`` and ``series/NAME/`` (or is itself such a ``lineart``), of which a part is enough for a
stable mean; or pairs, ``NAME/source.png`` with ``target.png``, of which the targets are turned gray; or else series,
``NAME/*.png``. Pairs have their splits from their index. For the others a ``split.json`` in the folder or beside it
says which series are of which split, and which stories of drawings by hand are for validation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mangapaint.document.page import Kind
from mangapaint.errors import UserError
from mangapaint.evaluation import pairs
from mangapaint.evaluation.corpus import Group, Sample, line_art, series
from mangapaint.training.splitting import FILE, Part, Rules, rules_beside

LARGE = ("lineart", "series")
"""Folders of which only a part is measured, unless all is asked for."""


@dataclass(frozen=True)
class Selection:
    """What is wanted: of each series ``each`` pictures, of each group at most ``limit``, both spread evenly.

    ``splits`` are names of which one must be a picture's own; none means all pictures.
    """

    data: tuple[Path, ...]
    kinds: tuple[Kind, ...] = (Kind.LINE, Kind.GRAY)
    splits: tuple[str, ...] = ()
    each: int = 1
    everything: bool = False
    limit: int | None = None

    @property
    def folders(self) -> list[str]:
        """The folders in words, for a report."""
        return [str(folder) for folder in self.data]


@dataclass(frozen=True)
class Series:
    """Pictures that belong together (a drawing stands alone), and the split they are of; empty where nothing says."""

    samples: tuple[Sample, ...]
    split: str

    @property
    def group(self) -> Group:
        """What sort of pictures they are."""
        return self.samples[0].group


def find(wanted: Selection) -> tuple[Sample, ...]:
    """Return what is wanted, group by group, each picture once.

    Raises ``UserError`` for a folder without pictures or without the splits, and where nothing is left.
    """
    _check(wanted)
    there = {folder: _found(folder, wanted) for folder in wanted.data}
    found = dict.fromkeys(sample for folder in there for sample in _chosen(folder, there[folder], wanted))
    chosen: list[Sample] = []
    for group in Group:
        members = [sample for sample in found if sample.group is group]
        chosen += members if wanted.limit is None else spread(members, wanted.limit)
    if not chosen:
        raise _nothing_left(wanted, [item for items in there.values() for item in items])
    return tuple(chosen)


def spread(samples: Sequence[Sample], count: int) -> list[Sample]:
    """Return so many of the samples, or all there are, as far apart as can be, the first always."""
    count = min(count, len(samples))
    return [samples[number * len(samples) // count] for number in range(count)]


def _check(wanted: Selection) -> None:
    if wanted.each < 1 or (wanted.limit is not None and wanted.limit < 1):
        raise UserError("a bench needs pictures", remedy="give --each and --limit as 1 or more")


def _nothing_left(wanted: Selection, there: Sequence[Series]) -> UserError:
    """Return what to say where no picture is of the kinds and splits that are wanted."""
    what = " or ".join(kind.value for kind in wanted.kinds)
    path = wanted.data[0] if len(wanted.data) == 1 else None
    if not wanted.splits:
        return UserError(f"there are no pictures to measure as {what}", path=path, remedy="choose another --kind")
    known = ", ".join(sorted({item.split for item in there if item.group.kind in wanted.kinds} - {""})) or "none"
    problem = f"there are no pictures of {', '.join(wanted.splits)} to measure as {what}"
    return UserError(problem, path=path, remedy=f"their splits are: {known}")


def _chosen(folder: Path, found: Sequence[Series], wanted: Selection) -> Iterator[Sample]:
    """Yield what is wanted of what one folder holds."""
    for group in Group:
        members = [item for item in found if item.group is group and _is_wanted(item, wanted)]
        for item in members[:: 1 if wanted.everything or not _is_large(folder) else group.every]:
            yield from spread(item.samples, wanted.each)


def _found(folder: Path, wanted: Selection) -> list[Series]:
    """Return a folder's series; raises ``UserError`` where it has none, or where splits are wanted and none is told."""
    if not folder.is_dir():
        raise UserError("there is no such folder", path=folder, remedy="give the folder that holds the pictures")
    try:
        found = list(_series(folder, rules_beside(folder) if wanted.splits else None))
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UserError(f"it cannot be looked through ({reason})", path=folder, remedy="choose another") from error
    if not found:
        remedy = "it must hold lineart/NAME/line.png with color.png beside it, series/NAME/*.png, or NAME/*.png"
        raise UserError("there are no pictures to measure in it", path=folder, remedy=remedy)
    if wanted.splits and not any(item.split for item in found):
        remedy = f"put a {FILE} into it or beside it, or leave out --split"
        raise UserError("nothing says of which split its pictures are", path=folder, remedy=remedy)
    return found


def _is_wanted(item: Series, wanted: Selection) -> bool:
    return item.group.kind in wanted.kinds and (not wanted.splits or item.split in wanted.splits)


def _series(folder: Path, rules: Rules | None) -> Iterator[Series]:
    """Yield all that a folder holds, in order."""
    if _is_large(folder):
        drawings = folder / "lineart" if (folder / "lineart").is_dir() else folder
        yield from (Series((item,), _split_of_drawing(item, rules)) for item in line_art(drawings))
        yield from _colored(folder / "series", rules)
    elif _holds_pairs(folder):
        for pair in pairs.find(folder, (Kind.GRAY,))[0]:
            yield Series((Sample(pair.name, Group.GRAY, pair.truth),), pair.split)
    else:
        yield from _colored(folder, rules)


def _is_large(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in LARGE) or any(folder.glob("*/line.png"))


def _holds_pairs(folder: Path) -> bool:
    return (folder / "pairs").is_dir() or any(folder.glob("*/target.*"))


def _colored(folder: Path, rules: Rules | None) -> Iterator[Series]:
    for samples in series(folder):
        name = samples[0].truth.parent.name
        yield Series(samples, rules.part(name).value if rules else "")


def _split_of_drawing(drawing: Sample, rules: Rules | None) -> str:
    """Return the split of a drawing: by its story if it was drawn by hand and stories are told, else by its series."""
    if rules is None:
        return ""
    if drawing.group is Group.HAND and rules.stories:
        story = drawing.name.split("-")[1]
        return (Part.VALIDATION if story in rules.stories else Part.TRAINING).value
    return rules.part(drawing.name.rpartition("-")[0] or drawing.name).value
