"""Areas of a picture that are matched as wholes: what encloses them, their shapes, and which touch which."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.basins import basins
from mangapaint.analysis.even import even_areas
from mangapaint.document.page import Pixels

NOWHERE = -1
"""The label of pixels that are in no area."""
INK = 140
"""Values of line art below this part areas."""
SMALLEST = 8
"""Pixels of an area that counts."""
SIDE = 192
"""Lengths are told as if the longer side of the picture had so many pixels."""
SIGNS = 8
"""Numbers that an area's shape is described by."""

Field = NDArray[np.float32]
Labels = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas of a picture: ``labels`` int16 (h, w), 0..count-1 or ``NOWHERE``, ``signs`` float32 (count, SIGNS) of their
    shapes (see ``shapes``), and ``touching`` float32 (count, count) of which meet (see ``meeting``)."""

    labels: Labels
    signs: Field
    touching: Field

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.signs)


def parted(picture: Pixels, *, lines: bool, most: int) -> Areas:
    """Part a picture, uint8 (h, w): line art into what its ink encloses, or nearly, luminance into what is even."""
    if lines:
        paper = picture >= INK
        return described(np.where(paper, basins(paper).labels.astype(np.int32), NOWHERE), most=most, smallest=SMALLEST)
    return described(even_areas(picture), most=most, smallest=SMALLEST)


def described(labels: NDArray[np.integer], *, most: int, smallest: int = 1) -> Areas:
    """Describe the ``most`` largest of some areas, int (h, w), the largest first, none of less than so many pixels."""
    kept, count = _largest(labels, most=most, smallest=smallest)
    return Areas(kept, shapes(kept, count), meeting(kept, count))


def _largest(labels: NDArray[np.integer], *, most: int, smallest: int) -> tuple[Labels, int]:
    sizes = np.bincount(labels[labels >= 0].ravel())
    kept = np.argsort(-sizes, kind="stable")[:most]
    kept = kept[sizes[kept] >= smallest]
    new = np.full(len(sizes) + 1, NOWHERE, np.int16)  # the last is what NOWHERE finds
    new[kept] = np.arange(len(kept), dtype=np.int16)
    return new[np.where(labels >= 0, labels, len(sizes))], len(kept)


def shapes(labels: Labels, count: int) -> Field:
    """Return the signs of areas' shapes, float32 (count, SIGNS), each about -1..2.

    How large they are (logarithm), where their middles lie, how far they reach to either side, how they lean, how
    compact they are (logarithm), and how much of the picture's border is theirs.
    """
    height, width = labels.shape
    side = max(height, width)
    rows, columns = np.nonzero(labels >= 0)
    label, (y, x) = labels[rows, columns], (places * SIDE / side for places in (rows, columns))
    pixels = np.bincount(label, minlength=count).astype(np.float64)
    middle_x, middle_y = (np.bincount(label, values, count) / pixels for values in (x, y))
    off_x, off_y = x - middle_x[label], y - middle_y[label]
    reach_x, reach_y = (np.sqrt(np.bincount(label, values**2, count) / pixels) for values in (off_x, off_y))
    lean = np.bincount(label, off_x * off_y, count) / pixels / (reach_x * reach_y + 1e-3)
    size = pixels * (SIDE / side) ** 2
    compact = np.log(size / (4 * np.pi * (reach_x * reach_y + 0.3)))
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    border = np.bincount(rim[rim >= 0], minlength=count) / side
    return np.stack([
        np.log(size / SIDE**2) / 3 + 1.5, middle_x * 2 / SIDE - width / side, middle_y * 2 / SIDE - height / side,
        reach_x * 6 / SIDE, reach_y * 6 / SIDE, lean, compact, 2 * np.minimum(border, 1),
    ], axis=1).astype(np.float32)  # fmt: skip


def meeting(labels: Labels, count: int) -> Field:
    """Return along how much two areas meet, float32 (count, count), as log(1 + pixels) of a picture of ``SIDE``.

    The ink between them is bridged.
    """
    apart = (labels < 0).astype(np.uint8)
    if count == 0 or apart.all():
        return np.zeros((count, count), np.float32)
    _, index = cv2.distanceTransformWithLabels(apart, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(index.max()) + 1, np.int64)
    owner[index[apart == 0]] = labels[apart == 0]
    full = owner[index]
    met = np.zeros(count * count)
    for one, two in ((full[:, 1:], full[:, :-1]), (full[1:], full[:-1])):
        differ = one != two
        met += np.bincount(one[differ] * count + two[differ], minlength=count * count)
    both = met.reshape(count, count)
    return np.log1p((both + both.T) * (SIDE / max(labels.shape))).astype(np.float32)
