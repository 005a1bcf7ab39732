"""Where the shown colours came from: the best places of a region in the references, and what each reference gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath, QTransform

from mangapaint.colorizers.method import Matches
from mangapaint.document.page import Color
from mangapaint.ui.hatching import outlined

if TYPE_CHECKING:
    from mangapaint.ui.work import Shown

MOST = 5
"""Places offered for a region: its match and the next best."""
ALIKE = 6.0
"""In CIELAB; of places whose colours are nearer than that, only the best is offered."""


@dataclass(frozen=True)
class Place:
    """A place in a reference, known by its id: ``x`` and ``y`` as parts (0..1) of its width and height, the colour
    there, the label of its area, and how sure the match is (0..1)."""

    reference: str
    x: float
    y: float
    color: Color
    area: int
    confidence: float


def matches_of(shown: Shown | None) -> Matches | None:
    """Return the matches behind the shown colours; None where no method looked at references."""
    if shown is None or shown.colorization is None or shown.request is None:
        return None
    return shown.colorization.matches


def places_of(shown: Shown | None, region: int) -> tuple[Place, ...]:
    """Return a region's match and the next best places that have other colours, best first; maybe none."""
    matches = matches_of(shown)
    if matches is None or shown is None or shown.request is None:
        return ()
    found: list[Place] = []
    for rank in _ranks(matches, region)[:MOST]:
        x, y = matches.at[region, rank].tolist()
        red, green, blue = matches.color[region, rank].tolist()
        reference = shown.request.references[int(matches.reference[region, rank])].id
        area, confidence = int(matches.area[region, rank]), float(matches.confidence[region, rank])
        found.append(Place(reference, x, y, (red, green, blue), area, confidence))
    return tuple(found)


def _ranks(matches: Matches, region: int) -> list[int]:
    """Return which of a region's places are offered: real ones of different colours."""
    real = np.flatnonzero((matches.reference[region] >= 0) & (matches.confidence[region] > 0))
    pixels = matches.color[region].astype(np.float32) / 255
    lab = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2LAB)[0]
    kept: list[int] = []
    for rank in real.tolist():
        if all(np.linalg.norm(lab[rank] - lab[other]) >= ALIKE for other in kept):
            kept.append(rank)
    return kept


def origins(shown: Shown | None) -> NDArray[np.int16]:
    """Return for each region the number of the reference that its shown colour came from, int16 (R,).

    -1 for none: uncoloured, or coloured by a hint.
    """
    matches = matches_of(shown)
    if matches is None or shown is None or shown.colorization is None or shown.request is None:
        return np.zeros(0, np.int16)
    return np.where(matches.used, matches.reference[:, :1].max(axis=1, initial=-1), -1).astype(np.int16)


def shares(shown: Shown | None) -> dict[str, float] | None:
    """Return for each reference, by id, the part (0..1) of what can be coloured on the page that it gave colour to.

    Margins, gutters and bubbles do not count. None where no method looked at references.
    """
    if matches_of(shown) is None or shown is None or shown.request is None or shown.analysis is None:
        return None
    regions = shown.analysis.regions
    areas = np.where(regions.outside | regions.bubbles, 0, regions.areas)
    given = origins(shown)
    sums = np.bincount(given + 1, weights=areas, minlength=len(shown.request.references) + 1)[1:]
    whole = max(1, int(areas.sum()))
    return {item.id: float(part) / whole for item, part in zip(shown.request.references, sums, strict=True)}


def areas_of(shown: Shown | None) -> dict[str, NDArray[np.int32]]:
    """Return the references' areas by their ids; empty where no method looked at references."""
    matches = matches_of(shown)
    if matches is None or shown is None or shown.request is None:
        return {}
    return {item.id: labels for item, labels in zip(shown.request.references, matches.areas, strict=True)}


def outline(mask: NDArray[np.bool_]) -> QPainterPath:
    """Return the outline of a part of a picture, bool (h, w), in parts (0..1) of its width and height."""
    height, width = mask.shape
    return QTransform.fromScale(1 / width, 1 / height).map(outlined(mask.view(np.uint8)))
