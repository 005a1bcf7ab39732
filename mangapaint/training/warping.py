"""Moving a picture and all that is known of it together: scale, turn, mirror, and thin-plate splines.

Thin-plate splines (Duchon 1976; Bookstein 1989) bend as a thin sheet of metal does, held at some points that move by
chance: a figure drawn once more, a little differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Pixels
from mangapaint.training.samples import NOWHERE, Labels

FINE = 16
"""A bend is worked out at so many places along each side, and between them by cubic interpolation."""
SHRINKING = 1.2
"""Pictures that become smaller by more than this are averaged first, so that lines do not break up."""
WHITE = 255

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Mapping:
    """Where each pixel of a result comes from: ``x`` and ``y`` float32 (h, w), in pixels of the source, whose first
    has its middle at 0; ``shrink`` is how many pixels of the source make one of the result, along a side."""

    x: Field
    y: Field
    shrink: float


@dataclass(frozen=True)
class Placement:
    """How a picture lies in the result: ``middle`` is the point (x, y) of the source, in its pixels, that comes to the
    middle; ``scale`` result pixels for each of the source's; ``angle`` in degrees; ``mirror`` left to right."""

    middle: tuple[float, float]
    scale: float
    angle: float = 0.0
    mirror: bool = False


def fitted(source: tuple[int, int], size: tuple[int, int]) -> Placement:
    """Return how a whole picture of (height, width) fits into a size (height, width), in its middle."""
    scale = min(size[0] / source[0], size[1] / source[1])
    return Placement((source[1] / 2, source[0] / 2), scale)


def bend(points: int, strength: float, rng: np.random.Generator) -> Field:
    """Return a random bend, float32 (FINE, FINE, 2): how far the places of a square move, in parts of its side.

    ``points`` x ``points`` of it are held, each moved by up to ``strength`` either way on both axes.
    """
    moved = rng.uniform(-strength, strength, (points * points, 2))
    return (_spline(points) @ moved).astype(np.float32).reshape(FINE, FINE, 2)


def mapping(size: tuple[int, int], placement: Placement, bent: Field | None = None) -> Mapping:
    """Return the mapping onto a result of ``size`` (height, width)."""
    height, width = size
    across = np.arange(width, dtype=np.float32) + (0.5 - width / 2)
    down = np.arange(height, dtype=np.float32) + (0.5 - height / 2)
    x, y = np.meshgrid(across, down)
    if bent is not None:
        moved = cv2.resize(bent * np.float32(min(size)), (width, height), interpolation=cv2.INTER_CUBIC)
        x += moved[..., 0]
        y += moved[..., 1]
    turn = np.deg2rad(placement.angle)
    cosine, sine = np.cos(turn) / placement.scale, np.sin(turn) / placement.scale
    sign = -1.0 if placement.mirror else 1.0
    left, top = placement.middle[0] - 0.5, placement.middle[1] - 0.5
    from_x = cv2.addWeighted(x, sign * cosine, y, -sign * sine, left)
    from_y = cv2.addWeighted(x, sine, y, cosine, top)
    return Mapping(from_x, from_y, 1 / placement.scale)


def moved(picture: Pixels, way: Mapping) -> Pixels:
    """Return a picture, uint8 (H, W) or (H, W, 3), as the mapping moves it; white where it ends."""
    x0, y0, x1, y1 = _reach(way, picture.shape)
    if x0 >= x1 or y0 >= y1:
        return np.full((*way.x.shape, *picture.shape[2:]), WHITE, np.uint8)
    part = picture[y0:y1, x0:x1]
    wide, high = x1 - x0, y1 - y0
    if way.shrink > SHRINKING:
        wide, high = max(1, round(wide / way.shrink)), max(1, round(high / way.shrink))
        part = cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA)
    x, y = _scaled(way.x, x0, wide / (x1 - x0)), _scaled(way.y, y0, high / (y1 - y0))
    fill = (WHITE,) * 3
    return np.asarray(cv2.remap(part, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=fill))


def moved_labels(labels: Labels, way: Mapping) -> Labels:
    """Return labels, int32 (H, W), as the mapping moves them; ``NOWHERE`` where they end."""
    found = cv2.remap(labels, way.x, way.y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=NOWHERE)
    return np.asarray(found, dtype=np.int32)


def _reach(way: Mapping, shape: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the part of the source that a mapping sees, x0, y0, x1, y1, with a margin for interpolation."""
    margin = int(way.shrink) + 2
    x0, y0 = (max(0, int(np.floor(values.min())) - margin) for values in (way.x, way.y))
    x1, y1 = (
        min(most, int(np.ceil(values.max())) + margin + 1)
        for values, most in ((way.x, shape[1]), (way.y, shape[0]))
    )  # fmt: skip
    return x0, y0, x1, y1


def _scaled(values: Field, start: int, scale: float) -> Field:
    """Return places counted from another first pixel, at another scale."""
    return (values + np.float32(0.5 - start)) * np.float32(scale) - np.float32(0.5)


@lru_cache(maxsize=8)
def _spline(points: int) -> NDArray[np.float64]:
    """Return the matrix (FINE * FINE, points * points) from what the held points move to what all places move."""
    held, places = _grid(np.linspace(0, 1, points)), _grid((np.arange(FINE) + 0.5) / FINE)
    count = len(held)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _kernel(held, held)
    system[:count, count:] = _plane(held)
    system[count:, :count] = _plane(held).T
    solved = np.linalg.inv(system)[:, :count]
    return np.asarray(np.hstack([_kernel(places, held), _plane(places)]) @ solved)


def _grid(along: NDArray[np.float64]) -> NDArray[np.float64]:
    y, x = np.meshgrid(along, along, indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _kernel(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = ((one[:, None] - other) ** 2).sum(axis=2)
    return np.asarray(squares * np.log(np.maximum(squares, 1e-12)))


def _plane(at: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hstack([np.ones((len(at), 1)), at])
