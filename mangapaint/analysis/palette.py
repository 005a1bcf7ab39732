"""Main colours of a picture: k-means in CIELAB, as many colours as the picture needs."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.difference import ciede2000
from mangapaint.analysis.ink import as_rgb
from mangapaint.document.page import Picture, Pixels
from mangapaint.document.palette import Palette, Swatch

SAMPLE = 400_000
"""About as many pixels are looked at; an iris of 60 pixels in a small picture must not fall through the sieve."""
LIGHT = 0.7
"""What a step of L counts beside one of a or b: shading moves L, what a thing is shows in a,b."""
EDGE, EDGE_PART = 24, 0.05
"""Pixels whose neighbours differ by so many levels are mixtures of two colours, and count for a part only."""
WORTH = 0.075
"""So much nearer to the picture (CIELAB, in the mean) another colour must bring the palette to be taken in."""
PATIENCE = 8
"""So many colours in a row that are not worth it end the search."""
MOST = 64
"""More colours are not chosen for a picture; a person could not look through them."""
SAME_COLOR = 2.0
"""CIEDE2000 difference below which two main colours look the same and are merged."""
_ROWS = 1 << 16

Points = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Cells:
    """The colours of a picture, gathered into the occupied ones of 32 x 32 x 32 boxes of sRGB.

    ``lab`` is the mean colour of each, CIELAB float32 (N, 3); ``pixels`` how many pixels of the sample it has, and
    ``weights`` how much they count, both float64 (N,).
    """

    lab: Points
    pixels: NDArray[np.float64]
    weights: NDArray[np.float64]


def main_colors(picture: Picture, *, count: int | None = None, seed: int = 0) -> Palette:
    """Return the main colours of a picture, the largest first, with their share of it.

    ``count`` is how many at most; None chooses it for the picture: another colour is taken in as long as it brings
    the picture's colours 0.075 CIELAB nearer to the palette in the mean, where each counts by the root of its pixels.
    So an eye or a ribbon has a say, and a plain picture few colours. Colours nobody can tell apart are merged. On 41
    pictures this takes 23.4 colours in the mean (9 to 39): pixels are off by 2.11 CIELAB (a,b: 1.41), small spots of a
    colour of their own by 4.6; with a fixed 24 it is 2.24 (1.49) and 4.8. At equal numbers other criteria did worse: a
    bound on the mean distance, one on the share of pixels farther off than so much, and a gain in proportion to what
    is left.

    ``seed`` decides which pixels of a large picture are looked at. Raises ``ValueError`` for a count below 1.
    """
    if count is not None and count < 1:
        raise ValueError(f"a palette of {count} colours")
    cells = color_cells(picture, seed=seed)
    points = _weighted(cells.lab)
    centers = _settled(points, cells.weights, _grown(points, cells.weights, count))
    labels = _squares(points, centers).argmin(axis=1)
    shares = np.bincount(labels, cells.pixels, len(centers)) / cells.pixels.sum()
    colors = centers.astype(np.float64) / (LIGHT, 1, 1)
    merged = _merged(colors, shares)
    rgb = rgb_of(colors[list(merged)]).tolist()
    return Palette(
        tuple(Swatch((r, g, b), share=share) for (r, g, b), share in zip(rgb, merged.values(), strict=True)),
        name=picture.name,
    )


def color_cells(picture: Picture, *, seed: int = 0) -> Cells:
    """Gather the colours of a picture."""
    pixels = _sample(picture.pixels, seed)
    box = np.ones((3, 3), np.uint8)
    spread = cv2.subtract(cv2.dilate(pixels, box), cv2.erode(pixels, box))
    weights = np.where(spread.max(axis=2).ravel() < EDGE, 1.0, EDGE_PART)
    red, green, blue = cv2.split(pixels.reshape(-1, 1, 3))
    keys = (((red >> 3).astype(np.int32) << 10) | ((green >> 3).astype(np.int32) << 5) | (blue >> 3)).ravel()
    counts = np.bincount(keys, minlength=1 << 15)
    cells = np.flatnonzero(counts)
    weight = np.bincount(keys, weights, 1 << 15)[cells].astype(np.float64)
    sums = [np.bincount(keys, weights * channel.ravel(), 1 << 15)[cells] for channel in (red, green, blue)]
    return Cells(lab_of(np.stack(sums, axis=1) / weight[:, None]), counts[cells].astype(np.float64), weight)


def nearest(pixels: Pixels, palette: Palette) -> NDArray[np.int32]:
    """Return which of a palette's colours each pixel is nearest to, int32 (H, W): an index into its swatches.

    ``pixels`` is uint8, (H, W) gray or (H, W, 3) sRGB. The distance is the one the palette is made with: CIELAB with
    L counted 0.7 times. Exact; of equally near colours the first. Raises ``ValueError`` for an empty palette.
    """
    if not palette.swatches:
        raise ValueError("a palette without colours")
    rgb = as_rgb(pixels).astype(np.int32)
    keys = (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]
    table = np.zeros(1 << 24, np.int32)  # only what the picture holds is touched
    present = np.zeros(1 << 24, np.bool_)
    present[keys] = True
    found = np.flatnonzero(present)
    centers = _weighted(lab_of(np.array(palette.colors, np.float64)))
    for start in range(0, len(found), _ROWS):
        some = found[start : start + _ROWS]
        colors = np.stack([some >> 16, (some >> 8) & 255, some & 255], axis=1)
        table[some] = _squares(_weighted(lab_of(colors)), centers).argmin(axis=1)
    return table[keys]


def posterised(pixels: Pixels, palette: Palette) -> Pixels:
    """Return an RGB picture (H, W, 3) with each pixel replaced by the palette's nearest colour."""
    return np.array(palette.colors, np.uint8)[nearest(pixels, palette)]


def lab_of(rgb: NDArray[np.floating | np.integer]) -> Points:
    """Return CIELAB float32 (N, 3) of sRGB (N, 3), 0..255."""
    scaled = (np.asarray(rgb, np.float32) / 255).reshape(-1, 1, 3)
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), dtype=np.float32).reshape(-1, 3)


def rgb_of(lab: NDArray[np.floating]) -> Pixels:
    """Return the nearest sRGB, uint8 (N, 3), of CIELAB (N, 3)."""
    rgb = cv2.cvtColor(np.asarray(lab, np.float32).reshape(-1, 1, 3), cv2.COLOR_LAB2RGB).reshape(-1, 3)
    return np.asarray(np.rint(np.clip(rgb, 0, 1) * 255), dtype=np.uint8)


def _sample(pixels: Pixels, seed: int) -> Pixels:
    """Return a smaller picture, RGB uint8 (h, w, 3), of one pixel by chance from each square of the large one.

    By chance, because every fourth pixel of a screentone may be a dot.
    """
    height, width = pixels.shape[:2]
    step = max(1, round((height * width / SAMPLE) ** 0.5))
    if step == 1:
        return as_rgb(pixels)
    rng = np.random.default_rng(seed)
    shape = max(1, height // step), max(1, width // step)
    rows = np.arange(shape[0])[:, None] * step + rng.integers(0, step, shape)
    columns = np.arange(shape[1])[None] * step + rng.integers(0, step, shape)
    return as_rgb(pixels[np.minimum(rows, height - 1), np.minimum(columns, width - 1)])


def _weighted(lab: Points) -> Points:
    """Return the points between which plain distances are the palette's."""
    return lab * np.array([LIGHT, 1, 1], np.float32)


def _squares(points: Points, centers: Points) -> Points:
    """Return the squared distances of points (N, 3) from centres (K, 3), float32 (N, K)."""
    own = (points**2).sum(axis=1)[:, None] + (centers**2).sum(axis=1)
    return np.asarray(np.maximum(own - 2 * points @ centers.T, 0), dtype=np.float32)


def _grown(points: Points, weights: NDArray[np.float64], count: int | None) -> Points:
    """Return as many centres as asked for or worth it, each started at the colour that needed one most."""
    roots = np.sqrt(weights)
    roots /= roots.sum()
    centers = best = points[[weights.argmax()]]
    least = np.inf
    while True:
        centers = _moved(points, weights, _moved(points, weights, centers))
        near = _squares(points, centers).min(axis=1)
        cost = float(roots @ np.sqrt(near)) + WORTH * len(centers)
        if count is not None or cost < least:
            best, least = centers, cost
        if _is_enough(near, len(centers), count=count, late=len(centers) - len(best)):
            return best
        centers = np.concatenate([centers, points[[(roots * near).argmax()]]])


def _is_enough(near: Points, reached: int, *, count: int | None, late: int) -> bool:
    """Say whether no further centre should be tried."""
    return near.max() < 1 or reached >= (count or MOST) or late >= PATIENCE


def _moved(points: Points, weights: NDArray[np.float64], centers: Points) -> Points:
    """Move each centre into the middle of the points nearest to it; one that has none is gone."""
    labels = _squares(points, centers).argmin(axis=1)
    total = np.bincount(labels, weights, len(centers))
    sums = [np.bincount(labels, weights * points[:, axis], len(centers)) for axis in range(3)]
    held = total > 0
    return (np.stack(sums, axis=1)[held] / total[held, None]).astype(np.float32)


def _settled(points: Points, weights: NDArray[np.float64], centers: Points, *, rounds: int = 20) -> Points:
    """Move the centres until they rest."""
    for _ in range(rounds):
        moved = _moved(points, weights, centers)
        if len(moved) == len(centers) and np.abs(moved - centers).max() < 0.05:
            return moved
        centers = moved
    return centers


def _merged(colors: NDArray[np.float64], shares: NDArray[np.float64]) -> dict[int, float]:
    """Fold each colour into a larger one it cannot be told from; return those that stay, with shares, largest first."""
    kept: dict[int, float] = {}
    for at in np.argsort(-shares, kind="stable").tolist():
        looks = ciede2000(colors[list(kept)], colors[at])
        if looks.min(initial=np.inf) >= SAME_COLOR:
            kept[at] = float(shares[at])
        else:
            kept[list(kept)[int(looks.argmin())]] += float(shares[at])
    return dict(sorted(kept.items(), key=lambda item: -item[1]))
