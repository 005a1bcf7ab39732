"""Pairs of scenes of series that are never taught: the same people in their next pose, and from their design sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from mangapaint.analysis.ink import luminance
from mangapaint.document.page import Kind, Page, Picture, Reference
from mangapaint.evaluation.pairs import Loaded, Pair, PosedAs
from mangapaint.training.samples import NOWHERE
from mangapaint.training.scenes.lineups import SHEET, lineup
from mangapaint.training.scenes.series import PAPER, Scene, Series

FIRST = 900_000
"""Series of this number and those after it are never taught: no training asks for so many."""
POSES = {
    "scenes, next pose": ((1,), 2),
    "scenes, from the design sheet": ((SHEET,), 1),
    "scenes, from the sheet and a pose": ((SHEET, 1), 2),
}
"""The line-ups that are the references, and the one that is the page, by kind."""


def scene_pairs(count: int, inputs: Sequence[Kind], *, first: int = FIRST) -> Iterator[Pair]:
    """Yield the pairs of so many series, those from ``first`` on, once for each input, GRAY or LINE."""
    for number in range(first, first + count):
        for kind, (references, page) in POSES.items():
            for given in inputs:
                name = f"scenes-{number} {'+'.join(map(str, references))}-{page}"
                yield Pair(name, given, Path(), Path(), kind=kind, scene=PosedAs(number, references, page))


def load_scenes(pair: Pair) -> Loaded:
    """Draw a pair; what counts are the things that the references show, not the paper around them."""
    assert pair.scene is not None
    here = _scene(pair.scene.series, pair.scene.page)
    there = [_scene(pair.scene.series, number) for number in pair.scene.references]
    page = Page(here.ink if pair.input is Kind.LINE else luminance(Picture(here.color, pair.name)), pair.name)
    shown = np.unique(np.concatenate([np.unique(scene.identities) for scene in there]))
    references = tuple(
        Reference(scene.color, f"{pair.name} reference {number}")
        for number, scene in zip(pair.scene.references, there, strict=True)
    )
    known = np.setdiff1d(shown, [NOWHERE, PAPER.number])
    return Loaded(pair, page, references, here.color, np.isin(here.identities, known))


@lru_cache(maxsize=4)
def _scene(series: int, number: int) -> Scene:
    return lineup(Series.of(series), number)
