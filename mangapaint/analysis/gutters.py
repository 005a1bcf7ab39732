"""Margins and gutters: which regions lie outside the panels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.panels import at_border, margins
from mangapaint.document.rect import Rect

SAMPLES = 2_000_000
"""Pixels of a label map that are looked at to tell inside from outside."""
OUTSIDE_PART = 0.7
"""A gutter lies outside of all panels with at least this part of its area."""
GUTTER_SLENDER = 5
"""A gutter that is shut off from the margin is at least this many times as long as wide."""

Mask = NDArray[np.bool_]


def gutters(labels: NDArray[np.integer], panels: tuple[Rect, ...], count: int) -> Mask:
    """Tell the regions that are margins and gutters, bool (count,).

    ``labels`` is (H, W), 0..count-1. On a page with panels: what lies outside all of them and touches the page's
    border, or runs between them. On any page: what holds nearly the whole of two of the page's sides, as the paper
    around a single figure does; a sky that merely reaches the border is no gutter.
    """
    margin = margins(labels, count)
    if len(panels) == 1 and panels[0] == Rect.whole(*labels.shape):
        return margin
    step = max(1, int(np.sqrt(labels.size / SAMPLES)))
    sample = labels[::step, ::step]
    inside = np.zeros(sample.shape, bool)
    for rect in panels:
        inside[rect.y0 // step : -(-rect.y1 // step), rect.x0 // step : -(-rect.x1 // step)] = True
    area = np.bincount(sample.ravel(), minlength=count)
    outer = np.bincount(sample[~inside], minlength=count)
    beyond = (outer > 0) & (outer >= OUTSIDE_PART * area)
    return np.asarray(margin | (beyond & (at_border(labels, count) | _slender(sample, beyond, area))))


def _slender(sample: NDArray[np.integer], wanted: Mask, area: NDArray[np.intp]) -> Mask:
    """Tell which of the wanted labels are long and thin, bool (count,), from a sample of the label map."""
    slender = np.zeros(len(wanted), bool)
    for axis in (0, 1):
        lines = [np.unique(line[wanted[line]]) for line in (sample if axis == 0 else sample.T)]
        extent = np.bincount(np.concatenate(lines), minlength=len(wanted))
        slender |= extent**2 >= GUTTER_SLENDER * np.maximum(area, 1)
    return slender & (area >= 8)
