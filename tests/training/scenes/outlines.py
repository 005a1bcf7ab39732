"""What drawings are made of, whatever lies within what."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mangapaint.training.scenes.shapes import Drawing, Shape


def shapes(items: Drawing) -> Iterator[Shape]:
    for item in items:
        if isinstance(item, Shape):
            yield item
            yield from shapes(item.inside)


def lines(items: Drawing) -> Iterator[np.ndarray]:
    for item in items:
        yield item.points
        if isinstance(item, Shape):
            yield from lines((*item.marks, *item.inside))
