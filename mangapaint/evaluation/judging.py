"""A page made ready to be coloured and judged; the figures that its kind has, their means, and a line of them."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.ink import luminance
from mangapaint.document.page import Kind, Pixels
from mangapaint.evaluation import metrics
from mangapaint.evaluation.corpus import Group, Loaded, Sample, load
from mangapaint.evaluation.tables import plain


@dataclass(frozen=True, eq=False)
class Ground:
    """A loaded sample with its analysis and the seconds this took, and its ink, bool (H, W); a gray page has none."""

    loaded: Loaded
    analysis: PageAnalysis
    ink: NDArray[np.bool_]
    seconds: float

    @property
    def sample(self) -> Sample:
        """What was loaded."""
        return self.loaded.sample

    @property
    def drawn(self) -> bool:
        """Whether it is line art."""
        return self.sample.group.kind is Kind.LINE


def ground_of(sample: Sample) -> Ground:
    """Read a sample and analyse it as the kind that its group is of."""
    loaded, kind = load(sample), sample.group.kind
    start = time.perf_counter()
    analysis = analyze(loaded.page, kind=kind)
    seconds = time.perf_counter() - start
    ink = metrics.ink_of(luminance(loaded.page)) if kind is Kind.LINE else np.zeros(analysis.gray.shape, bool)
    return Ground(loaded, analysis, ink, seconds)


def accuracy(ground: Ground, result: Pixels) -> dict[str, float]:
    """Return fill, regions (both nan where a page is gray), chroma and psnr of a result, uint8 RGB (H, W, 3)."""
    truth = ground.loaded.truth
    return {
        "fill": metrics.fill_accuracy(result, truth, ground.ink) if ground.drawn else math.nan,
        "regions": metrics.region_accuracy(result, truth, ground.analysis.regions.labels) if ground.drawn else math.nan,
        "chroma": metrics.chroma_accuracy(result, truth),
        "psnr": metrics.psnr(result, truth),
    }


def decisive(group: Group) -> str:
    """Return the figure by which a group's pictures are better or worse: its name in ``accuracy``."""
    return "chroma" if group is Group.GRAY else "fill"


def in_words(group: Group, figures: Mapping[str, float]) -> str:
    """Return the figure that decides, and PSNR, as a caption says them."""
    name = decisive(group)
    part = "-" if math.isnan(figures[name]) else f"{100 * figures[name]:.0f} %"
    return f"{name} {part}, {figures['psnr']:.1f} dB"


def means(measured: Sequence[Any], keys: Sequence[str], figures: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row for each combination of ``keys``, in the order in which they come: its pictures, and their means."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for item in measured:
        groups.setdefault(tuple(getattr(item, key) for key in keys), []).append(item)
    return [
        plain({
            **dict(zip(keys, values, strict=True)),
            "pictures": len(members),
            **{figure: metrics.mean([getattr(item, figure) for item in members]) for figure in figures},
        })
        for values, members in groups.items()
    ]  # fmt: skip
