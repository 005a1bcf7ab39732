"""Draws references and pages for the methods that need a reference, runs these, and looks at what came out."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from painting import dab

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.analysis.ink import luminance
from mangapaint.colorizers.compose import compose, rgb
from mangapaint.colorizers.method import ColorRequest, Method, Stamp
from mangapaint.colorizers.ready import learned_through, ready
from mangapaint.document.page import Kind, Page, Pixels, Reference
from mangapaint.document.rect import Rect
from mangapaint.evaluation.metrics import lab
from mangapaint.progress import Silent

FLAGS = ((250, 250, 250), (235, 200, 60), (90, 190, 90), (210, 80, 120), (60, 90, 200), (40, 30, 60))
"""Colours of different luma."""

RAMP = np.repeat(np.linspace(0, 255, 40).astype(np.uint8)[None], 30, axis=0)
ONE = np.full((30, 40, 3), (200, 60, 60), np.uint8)
ODD: dict[str, tuple[Pixels, tuple[Pixels, ...]]] = {
    "gray reference": (RAMP, (RAMP,)),
    "gray in three channels": (RAMP, (np.dstack([RAMP] * 3),)),
    "one colour": (RAMP, (ONE,)),
    "page of one pixel": (RAMP[:1, 20:21], (ONE,)),
    "reference of one pixel": (RAMP, (ONE[:1, :1],)),
    "very wide": (np.repeat(RAMP[:2], 40, axis=1), (np.repeat(ONE[:, :3], 30, axis=0),)),
    "very high": (np.repeat(RAMP[:, 20:21], 90, axis=0), (np.repeat(ONE[:2], 40, axis=1),)),
    "page of one gray": (np.full((30, 40), 128, np.uint8), (ONE,)),
    "page and reference of one gray": (np.full((9, 9), 128, np.uint8), (np.full((7, 5), 9, np.uint8),)),
    "unlike sizes": (RAMP, (ONE, ONE[:1, :1], RAMP[:, :3])),
}
"""Pages and references that nobody means, and that must do no harm."""

__all__ = [
    "FLAGS",
    "ODD",
    "chroma_distance",
    "colored",
    "dab",
    "flags",
    "lab",
    "of_luma",
    "reference",
    "request",
    "turned",
]


def reference(pixels: Pixels) -> Reference:
    return Reference(np.ascontiguousarray(pixels), "reference")


def turned(pixels: Pixels) -> Pixels:
    """A coloured picture turned gray."""
    return luminance(reference(pixels))


def flags(height: int = 60, width: int = 96) -> Pixels:
    """Upright stripes, each of one colour, with grain of one level, so that no two histograms are spikes."""
    stripes = np.repeat(np.array(FLAGS, np.int16), -(-width // len(FLAGS)), axis=0)[:width]
    grain = np.random.default_rng(0).integers(-1, 2, (height, width, 1), np.int16)
    return np.clip(stripes[None] + grain, 0, 255).astype(np.uint8)


def of_luma(color: tuple[int, int, int], luma: int) -> tuple[int, int, int]:
    """The colour made so light that its luma is as asked for."""
    found = min(
        (np.clip(np.array(color) + step, 0, 255).astype(np.uint8) for step in range(-255, 256)),
        key=lambda item: abs(int(cv2.cvtColor(item[None, None], cv2.COLOR_RGB2GRAY)[0, 0]) - luma),
    )
    return tuple(int(value) for value in found)


def request(page: Pixels | PageAnalysis, *references: Pixels, kind: Kind = Kind.GRAY, **fields) -> ColorRequest:
    analysis = page if isinstance(page, PageAnalysis) else analyze(Page(np.ascontiguousarray(page), "page"), kind=kind)
    pictures = tuple(reference(item) for item in references)
    return ColorRequest(Stamp(analysis.page.id, 0), analysis, references=pictures, **fields)


def colored(method: Method, page: Pixels | PageAnalysis, *references: Pixels, kind: Kind = Kind.GRAY,
            strokes: tuple = (), **fields) -> Pixels:  # fmt: skip
    """The page, coloured by a method that has learned all it means to."""
    asked = request(page, *references, kind=kind, **fields)
    item = learned_through(ready(method, asked, Silent()), Silent())
    done = method.colorize(item.values, replace(asked, strokes=strokes), Silent())
    height, width = asked.analysis.gray.shape
    return rgb(compose(asked.analysis, done, Rect.whole(height, width)))


def chroma_distance(one: Pixels, other: Pixels) -> np.ndarray:
    """How far apart a,b are, pixel by pixel."""
    return np.linalg.norm((lab(one) - lab(other))[..., 1:], axis=2)
