"""Measures of beasts, from which they are drawn from the side and from the front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mangapaint.training.scenes.curves import Point, ellipse
from mangapaint.training.scenes.materials import Parts
from mangapaint.training.scenes.muzzles import Ears
from mangapaint.training.scenes.shapes import Shape

STRIPED = 0.5
"""How many of the beasts that are not of one colour have stripes; the others have patches."""


@dataclass(frozen=True)
class Build:
    """Measures of a beast that is about one unit high when it stands, looking to the right.

    ``body``: length and height; ``leg``: length and width; ``neck``: how far the head is before and above the
    shoulder, and how wide the neck; ``head``: radius, how long and how wide the snout.
    """

    body: tuple[float, float]
    leg: tuple[float, float]
    neck: tuple[float, float, float]
    head: tuple[float, float, float]
    ears: Ears
    tail: str
    whiskered: bool = False
    mane: str = ""
    horned: bool = False
    trunk: bool = False
    snouted: bool = False
    hooved: bool = False
    woolly: bool = False
    sits: bool = True


def tail_tip(parts: Parts, at: Point) -> tuple[Shape, ...]:
    """Return the pale tip of a bushy tail, if the beast has any pale part."""
    return (Shape(ellipse(*at, 0.12), parts["belly"], line=0.6),) if "belly" in parts else ()


BUILDS: Mapping[str, Build] = MappingProxyType(
    {
        "bear": Build((0.95, 0.52), (0.28, 0.18), (0.12, 0.04, 0.36), (0.21, 0.09, 0.16), Ears.ROUND, "stub"),
        "cat": Build(
            (0.8, 0.34), (0.3, 0.1), (0.12, 0.1, 0.2), (0.19, 0.06, 0.12), Ears.POINTED, "thin", whiskered=True
        ),
        "cow": Build(
            (1.0, 0.42), (0.36, 0.1), (0.16, 0.04, 0.26), (0.17, 0.14, 0.18), Ears.ASIDE, "tuft",
            horned=True, hooved=True, sits=False,
        ),
        "dog": Build((0.8, 0.32), (0.36, 0.1), (0.1, 0.14, 0.2), (0.18, 0.13, 0.13), Ears.FLOPPY, "thin"),
        "elephant": Build(
            (0.95, 0.52), (0.34, 0.18), (0.14, 0.06, 0.36), (0.24, 0.0, 0.2), Ears.FAN, "tuft", trunk=True, hooved=True
        ),
        "fox": Build((0.8, 0.28), (0.32, 0.08), (0.12, 0.12, 0.17), (0.17, 0.14, 0.09), Ears.POINTED, "bushy"),
        "giraffe": Build(
            (0.55, 0.24), (0.42, 0.07), (0.2, 0.36, 0.12), (0.09, 0.1, 0.08), Ears.ASIDE, "tuft",
            horned=True, hooved=True, sits=False,
        ),
        "goat": Build(
            (0.75, 0.34), (0.34, 0.08), (0.14, 0.14, 0.18), (0.15, 0.1, 0.11), Ears.ASIDE, "stub",
            horned=True, hooved=True, sits=False,
        ),
        "horse": Build(
            (0.85, 0.34), (0.42, 0.09), (0.22, 0.2, 0.2), (0.14, 0.2, 0.13), Ears.ASIDE, "hair",
            mane="crest", hooved=True, sits=False,
        ),
        "lion": Build(
            (0.9, 0.38), (0.32, 0.12), (0.14, 0.12, 0.26), (0.18, 0.08, 0.14), Ears.ROUND, "tuft", mane="ruff"
        ),
        "mouse": Build(
            (0.74, 0.36), (0.2, 0.09), (0.12, 0.06, 0.2), (0.2, 0.12, 0.1), Ears.ROUND, "thin", whiskered=True
        ),
        "pig": Build(
            (0.9, 0.46), (0.26, 0.12), (0.08, 0.0, 0.3), (0.2, 0.1, 0.15), Ears.POINTED, "curl",
            hooved=True, snouted=True,
        ),
        "rabbit": Build(
            (0.66, 0.36), (0.2, 0.1), (0.06, 0.12, 0.2), (0.18, 0.05, 0.11), Ears.LONG, "stub", whiskered=True
        ),
        "sheep": Build(
            (0.8, 0.46), (0.28, 0.09), (0.12, 0.06, 0.2), (0.15, 0.1, 0.12), Ears.ASIDE, "stub",
            hooved=True, woolly=True,
        ),
    }
)  # fmt: skip
