"""What comes of a part of the measurement of networks, and means of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mangapaint.evaluation import metrics
from mangapaint.evaluation.sheets import Row

EVERY = "all series"
"""What the mean of several series stands beside."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was taught, what was measured on each picture (nan where nothing could be), and rows of a sheet."""

    trainings: list[dict[str, Any]]
    pictures: list[dict[str, Any]] = field(default_factory=list)
    sheet: list[Row] = field(default_factory=list)

    def with_others(self, other: Outcome) -> Outcome:
        """Return this and another of the same part together."""
        return Outcome(self.trainings + other.trainings, self.pictures + other.pictures, self.sheet + other.sheet)


def means(pictures: Sequence[dict[str, Any]], keys: Sequence[str], figures: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row with the means of each series for each combination of ``keys``, in the order in which they come.

    Of several series there are rows for all of them, too, in which each counts the same.
    """
    rows = _rows(pictures, ("series", *keys), figures)
    if len({row["series"] for row in rows}) > 1:
        rows += [{"series": EVERY, **row} for row in _rows(rows, keys, figures)]
    return rows


def _rows(pictures: Sequence[dict[str, Any]], keys: Sequence[str], figures: Sequence[str]) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for item in pictures:
        groups.setdefault(tuple(item[key] for key in keys), []).append(item)
    return [
        {**dict(zip(keys, group, strict=True)), "pictures": sum(item.get("pictures", 1) for item in members),
         **{figure: metrics.mean([item[figure] for item in members]) for figure in figures}}
        for group, members in groups.items()
    ]  # fmt: skip
