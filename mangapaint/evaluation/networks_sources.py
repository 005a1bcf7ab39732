"""The table of manga colorization's sources again: a ConvNet and a conditional GAN, from gray pages and from edges.

They report, on test frames of their own series, how far each pixel and channel (0..255) is from the truth: the mean of
the absolute difference (L1) and of its square (L2). Other pictures give other figures: what can be compared is which
is the smaller one. Both networks take equally many steps, on the same samples in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mangapaint.analysis.ink import as_rgb
from mangapaint.colorizers.weights import load
from mangapaint.document.page import Pixels
from mangapaint.evaluation import sheets
from mangapaint.evaluation.networks_parts import Outcome
from mangapaint.evaluation.networks_teaching import Lesson, Setting, Setup, Taught, measured, settings
from mangapaint.progress import Progress
from mangapaint.training.augmentation import NONE
from mangapaint.training.samples import Input

PART = "sources"
UNET, GAN, BARE = "unet", "gan", "uncoloured"
INPUTS = (Input.GRAY, Input.EDGES)
REPORTED: Mapping[tuple[str, str], tuple[float, float]] = MappingProxyType({
    ("gray", UNET): (19.19, 1219.73),
    ("gray", GAN): (16.25, 747.29),
    ("edges", UNET): (50.68, 4720.35),
    ("edges", GAN): (39.09, 3046.84),
})  # fmt: skip
"""L1 and L2 by input and method, from 180 x 320 pixels, 20 epochs in batches of 64, other series."""
FRAMES = replace(NONE, mirror=0.5)
"""Whole frames, as the sources learn from; mirrored, because there are fewer of them here."""
SETTINGS = settings(
    quick=Setting(128, 2, (("width", "16"),), steps=2000),
    cpu=Setting(128, 4, (("width", "32"),)),
    cuda=Setting(256, 64, (("width", "64"),)),
)
"""A processor takes many steps in small batches: the GAN learns at a fifth of the ConvNet's rate."""


def measure_sources(setup: Setup, progress: Progress) -> Outcome:
    """Teach both networks with both inputs and measure them on the pictures that are held out."""
    setting = setup.setting(SETTINGS)
    lessons = [Lesson(f"{method}-{given.value}", method, given, setting.shape, FRAMES)
               for given in INPUTS for method in (UNET, GAN)]  # fmt: skip
    return measured(setup, setting, PART, lessons, _measure, progress)


def _measure(setup: Setup, setting: Setting, done: Sequence[Taught], number: int, outcome: Outcome) -> None:
    """Measure all networks on one picture; what they are shown of it is measured like a result."""
    from mangapaint.training.answers import answer  # torch is slow to import

    name = setup.series.names([number])[0]
    cells: list[sheets.Cell | None] = []
    for given in INPUTS:
        sample = setup.series.sample(number, given, size=setting.size, seed=setup.seed)
        results = {BARE: as_rgb(sample.page)}
        for item in done:
            if item.lesson.input is given:
                network = load(item.weights, item.lesson.method, device=setup.device)
                results[item.lesson.method] = answer(network, sample.page, keeps=False, device=setup.device)
        for method, result in results.items():
            l1, l2 = distance(result, sample.color)
            outcome.pictures.append({"series": setup.series.name, "name": name, "input": given.value,
                                     "method": method, "l1": l1, "l2": l2})  # fmt: skip
            cells.append(sheets.cell(result, f"{method}, {given.value}: {l1:.1f}"))
    truth = setup.series.sample(number, Input.GRAY, size=setting.size, seed=setup.seed).color
    outcome.sheet.append(sheets.Row((*cells, sheets.cell(truth, name)), -outcome.pictures[-1]["l1"]))


def distance(result: Pixels, truth: Pixels) -> tuple[float, float]:
    """Return the mean absolute and the mean squared difference per pixel and channel, 0..255."""
    difference = result.astype(np.float64) - truth
    return float(np.abs(difference).mean()), float(np.square(difference).mean())


def with_reported(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of means with what the sources report."""
    l1, l2 = REPORTED.get((row["input"], row["method"]), (None, None))
    return {**row, "reported_l1": l1, "reported_l2": l2}


def orders(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of each order that the sources report whether it holds, for L1 and for L2, of the rows of one series."""
    found = {(row["input"], row["method"]): row for row in rows}
    claims = [("gan < unet", given.value, (given.value, GAN), (given.value, UNET)) for given in INPUTS]
    claims += [("gray < edges", method, ("gray", method), ("edges", method)) for method in (UNET, GAN)]
    return [
        {"order": order, "of": of, **{key: found[less][key] < found[more][key] for key in ("l1", "l2")}}
        for order, of, less, more in claims
    ]
