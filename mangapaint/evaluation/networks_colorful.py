"""Likely colours against their mean: what a distribution over colours, rebalancing and the annealed mean each give.

Zhang, Isola, Efros 2016 ("Colorful Image Colorization"): classification against regression with L2, whose averages are
gray; rare colours counting more or not; one colour from a distribution: that which is likeliest to be nearly right, or
at a temperature of 0.38, between its mean (1) and its mode (0). All networks take equally many steps, on the same
samples in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mangapaint.colorizers.weights import load
from mangapaint.document.page import Pixels
from mangapaint.evaluation import metrics, sheets
from mangapaint.evaluation.networks_parts import Outcome
from mangapaint.evaluation.networks_teaching import Lesson, Setting, Setup, Taught, measured, settings
from mangapaint.progress import Progress
from mangapaint.training.samples import Input

PART, METHOD = "colorful", "colorful"
L2 = "l2"
LESSONS = (
    ("classes-rebalanced", (("rebalance", "on"),)),
    ("classes", (("rebalance", "off"),)),
    (L2, (("predicts", "l2"), ("rebalance", "off"))),
)
COLORS = (("likeliest", None), ("T 0.38", 0.38), ("mean (T 1)", 1.0), ("mode (T 0)", 0.0))
"""How one colour is taken from a distribution: its name and the temperature, None for what the network itself does."""
ITSELF = "itself"
SETTINGS = settings(
    quick=Setting(96, 8, (("width", "8"),), steps=400),
    cpu=Setting(128, 8, (("width", "16"),)),
    cuda=Setting(256, 32, (("width", "64"),)),
)


def measure_colorful(setup: Setup, progress: Progress) -> Outcome:
    """Teach the network in three ways and measure it on the pictures that are held out, turned gray."""
    setting = setup.setting(SETTINGS)
    lessons = [Lesson(name, METHOD, Input.GRAY, (*setting.shape, *shape)) for name, shape in LESSONS]
    return measured(setup, setting, PART, lessons, _measure, progress)


def _measure(setup: Setup, setting: Setting, done: Sequence[Taught], number: int, outcome: Outcome) -> None:
    """Measure all networks on one picture."""
    from mangapaint.training.answers import answer  # torch is slow to import

    name = setup.series.names([number])[0]
    sample = setup.series.sample(number, Input.GRAY, size=setting.size, seed=setup.seed)
    cells = []
    for item in done:
        network = load(item.weights, METHOD, device=setup.device)
        for color, temperature in ((ITSELF, None),) if item.lesson.name == L2 else COLORS:
            result = answer(network, sample.page, keeps=True, device=setup.device, temperature=temperature)
            figures = {"chroma": metrics.chroma_accuracy(result, sample.color),
                       "psnr": metrics.psnr(result, sample.color), "vivid": vivid(result, sample.color)}  # fmt: skip
            outcome.pictures.append({"series": setup.series.name, "name": name, "network": item.lesson.name,
                                     "color": color, **figures})  # fmt: skip
            cells.append(sheets.cell(result, f"{item.lesson.name}, {color}: {figures['chroma']:.2f}"))
    ends = sheets.cell(sample.page, "page"), sheets.cell(sample.color, name)
    outcome.sheet.append(sheets.Row((ends[0], *cells, ends[1]), outcome.pictures[-1]["chroma"]))


def vivid(result: Pixels, truth: Pixels) -> float:
    """Return the result's mean CIELAB chroma as a part of the truth's; nan where that has none."""
    ours, true = (float(np.hypot(*np.moveaxis(metrics.lab(picture)[..., 1:], -1, 0)).mean())
                  for picture in (result, truth))  # fmt: skip
    return ours / true if true else float("nan")
