"""A sheet of samples: the page, its hints, what the network makes of it and the truth, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from mangapaint.document.page import Pixels
from mangapaint.training.samples import Sample

MOST = 8
"""Samples on a sheet, side by side."""
SIDE = 256
"""Pixels along the longer side of a picture on it, at most."""
GAP = 4
GROUND = 255
PALE = 0.25
"""How much of the page shows beneath its hints."""


def drawn(samples: Sequence[Sample], results: Sequence[Pixels], *, hinted: bool) -> Pixels:
    """Return a sheet, uint8 RGB, of samples and what was made of them, uint8 RGB (h, w, 3); hints only if ``hinted``.

    A result may lack the last rows and columns of its sample: then they are left out of all pictures.
    """
    columns = []
    for sample, result in zip(samples, results, strict=True):
        seen = slice(result.shape[0]), slice(result.shape[1])
        page = np.repeat(sample.page[seen][..., None], 3, axis=2)
        hints = [_marked(page, sample.hints[seen])] if hinted else []
        columns.append(np.concatenate([_framed(picture) for picture in (page, *hints, result, sample.color[seen])]))
    return np.concatenate(columns, axis=1)


def _marked(page: Pixels, hints: Pixels) -> Pixels:
    """Return the page grown pale, with its hints on it."""
    pale = np.asarray(255 - PALE * (255.0 - page), dtype=np.uint8)
    return np.where(hints[..., 3:] > 0, hints[..., :3], pale)


def _framed(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(small, 0, GAP, 0, GAP, cv2.BORDER_CONSTANT, value=(GROUND,) * 3)
    return np.asarray(framed, dtype=np.uint8)
