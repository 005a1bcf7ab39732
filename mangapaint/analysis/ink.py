"""Luminance, even white paper, ink, line width and solid blacks of a page, also of a scanned one."""

from __future__ import annotations

from itertools import combinations_with_replacement

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.document.page import Picture, Pixels

INK_PART = 0.62
"""Where between black (0) and paper (1) ink ends: high enough that thin anti-aliased lines stay closed."""
FAINT_PART = 0.8
"""Where the ink of a thin line ends that is darker than the paper on both sides of it."""
FAINT_DEPTH = 0.12
"""How much darker than both its sides a faint line is at least, of the span from black to paper."""
NOISE_MARGIN = 5.0
"""Ink is darker than paper by this many standard deviations of the paper's noise, at least."""
BAND = 128
"""Rows of a page that are looked at together: what is worked out on the way stays in the processor's cache."""
SPECK = 3
"""Marks of up to this many pixels, with nothing near, are dust."""

CELL = 32
"""The paper is looked at in squares of this many page pixels."""
PAPER_DEGREE = 4
"""Illumination is taken for a polynomial of this degree over the page: lamps, vignettes, a book's curve."""
PAPER_WINDOW = 10
"""Somewhere within a tenth of the page's height there is bare paper, or else a tone or a wash as wide as that."""
PAPER_FLOOR = 0.5
"""Squares darker than this part of the brightest paper hold no paper at all."""
PAPER_TOLERANCE = 0.05
"""Squares that are darker than the fit by this part are toned or inked: they do not say how light the paper is."""
WHITE = 0.97
"""Paper's grain down to this part of the paper's value is paper, too, on pages that need evening out."""
EVEN_WHITE = 250
"""Paper at least this light everywhere is left as it is."""

PENCIL_SPREAD = 28
"""Spread of R, G, B, with the paper's tint taken out, above which a light stroke is a coloured pencil's."""
PENCIL_LIGHT = 105
"""Coloured strokes darker than this (0..255, paper 255) are drawn to be seen, not to be drawn over."""
PENCIL_GAIN = 1.14
"""How much brighter than paper the strongest channel of a pencil stroke is made: it has some gray of its own."""
PENCIL_PART = 0.0005
"""Pages with fewer coloured pixels than this are not looked through for pencil."""

SOLID_WIDTHS = 3.5
"""A disc of this many line widths fits into a solid black; ..."""
SOLID_LEAST = 9.0
"""... and of this many pixels at least."""
BAR_LENGTH = 6
"""A core that is so many times longer than the line it lies in is thick, and no wider than a line, is a bar."""
SOLID_WORKING_PIXELS = 2_200_000
WIDTH_WORKING_PIXELS = 1_500_000


def luminance(picture: Picture) -> Pixels:
    """Return the luma of a picture (BT.601, as JPEG and cv2 have it), uint8 (H, W)."""
    if picture.is_gray:
        return picture.pixels
    gray = np.asarray(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    gray.setflags(write=False)
    return gray


def as_rgb(pixels: Pixels) -> Pixels:
    """Return a picture, uint8 (H, W) or (H, W, 3), as the latter."""
    return pixels if pixels.ndim == 3 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def levels(gray: Pixels) -> tuple[int, int]:
    """Return the gray values of black and of paper: the darkest and the brightest two percent's limits."""
    histogram = np.bincount(gray.ravel()[:: max(1, gray.size // 1_000_000)], minlength=256)
    part = np.cumsum(histogram) / histogram.sum()
    black, paper = int(np.searchsorted(part, 0.01)), int(np.searchsorted(part, 0.98))
    if paper - black < paper / 2:
        black = min(black, int(np.searchsorted(part, 0.001)))
    return min(black, max(0, paper - 32)), paper


def flattened(picture: Picture, gray: Pixels) -> Pixels:
    """Return a line drawing on even white paper, uint8 (H, W): paper 255, ink dark; ``gray`` itself if it is that.

    Shadows, vignettes and gray or yellowed paper are divided out; light coloured pencil under the ink of an RGB scan
    is lifted. For drawings in ink, with or without screentone: washes as wide as the page would be taken for shadows.
    """
    lifted = gray if picture.is_gray else _without_pencil(picture.pixels, gray)
    paper = _paper(lifted)
    if paper is None or paper.min() >= EVEN_WHITE:
        return lifted
    if np.ptp(paper) <= 2:
        table = np.minimum(np.arange(256) * (255 / (WHITE * float(paper.mean()))), 255)
        drawing = cv2.LUT(lifted, np.rint(table).astype(np.uint8))
    else:
        beside = cv2.resize(paper, lifted.shape[::-1], interpolation=cv2.INTER_LINEAR)
        drawing = cv2.divide(lifted, beside, scale=255 / WHITE)
    drawing.setflags(write=False)
    return np.asarray(drawing, dtype=np.uint8)


def _without_pencil(pixels: Pixels, gray: Pixels) -> Pixels:
    """Lift light coloured strokes out of a scan, uint8 (H, W); ``gray`` itself if there are none, or no black ink.

    Light blue, cyan or red is as bright as paper in one of its channels, and black is dark in all of them, so that
    the brightest channel shows the ink alone; mixtures at an ink's rim come out as they would on bare paper.
    """
    tint = _paper_tint(pixels, gray)
    if not _has_pencil(pixels, gray, tint):
        return gray
    balance = (np.minimum(np.rint(np.arange(256) * (tint.max() / of)), 255).astype(np.uint8) for of in tint)
    red, green, blue = (cv2.LUT(plane, table) for plane, table in zip(cv2.split(pixels), balance, strict=True))
    high = cv2.max(cv2.max(red, green), blue)
    low = cv2.min(cv2.min(red, green), blue)
    light = max(1, round(PENCIL_LIGHT * float(tint.max()) / 255))
    pencil = cv2.bitwise_and(cv2.inRange(cv2.subtract(high, low), PENCIL_SPREAD, 255), cv2.inRange(gray, light, 255))
    bright = np.minimum(np.arange(256) * PENCIL_GAIN, round(float(tint @ (0.299, 0.587, 0.114)))).astype(np.uint8)
    lifted = cv2.max(gray, cv2.bitwise_and(cv2.LUT(high, bright), pencil))
    return np.asarray(lifted, dtype=np.uint8)


def _paper_tint(pixels: Pixels, gray: Pixels) -> NDArray[np.float64]:
    """Return the paper's R, G, B: the median of the brighter half of the page."""
    step = max(1, int((gray.size / 200_000) ** 0.5))
    sample, luma = pixels[::step, ::step].reshape(-1, 3), gray[::step, ::step].ravel()
    return np.maximum(np.median(sample[luma >= np.median(luma)], axis=0), 1.0)


def _has_pencil(pixels: Pixels, gray: Pixels, tint: NDArray[np.float64]) -> bool:
    """Tell whether there are light coloured strokes, under a drawing that is black rather than coloured itself."""
    step = max(1, int((gray.size / 400_000) ** 0.5))
    sample, luma = pixels[::step, ::step] * (tint.max() / tint), gray[::step, ::step]
    colored = np.ptp(sample, axis=2) > PENCIL_SPREAD
    black, paper = levels(gray)
    light = luma > PENCIL_LIGHT * tint.max() / 255
    dark = luma < black + 0.3 * (paper - black)
    return bool((colored & light).mean() > PENCIL_PART and (dark & ~colored).sum() > 2 * (dark & colored).sum())


def _paper(gray: Pixels) -> Pixels | None:
    """Return how light the paper is, uint8, a few pixels for each square of the page; None if there is no paper."""
    cells, seen = _lightest_of_cells(gray)
    top = float(np.percentile(cells, 95))
    if top < 32:
        return None
    usable = cells > PAPER_FLOOR * top
    around = cv2.dilate(cells, np.ones((2 * (len(cells) // PAPER_WINDOW) + 3,) * 2, np.uint8))
    if top >= EVEN_WHITE and (around[usable] >= EVEN_WHITE).all():
        return np.full((1, 1), round(top), np.uint8)
    fit, near = _fitted(cells, usable, usable & (cells > (1 - PAPER_TOLERANCE) * around))
    rest = cv2.GaussianBlur(np.where(near, cells - fit, 0).astype(np.float32), (0, 0), 2)
    weight = cv2.GaussianBlur(near.astype(np.float32), (0, 0), 2)
    paper = np.clip(fit + rest / np.maximum(weight, 0.2), PAPER_FLOOR * top, 255)
    return np.asarray(cv2.resize(np.rint(paper).astype(np.uint8), seen[::-1], interpolation=cv2.INTER_CUBIC))


def _lightest_of_cells(gray: Pixels) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Return the light end of each square of the page, float32 (rows, columns), and four times that shape.

    The page is averaged in blocks first, so that grain and the ringing of JPEG do not make paper lighter than it is.
    """
    rows, columns = (max(2, round(side / CELL)) for side in gray.shape)
    blocks = cv2.resize(gray, (columns * 8, rows * 8), interpolation=cv2.INTER_AREA)
    parts = blocks.reshape(rows, 8, columns, 8).swapaxes(1, 2).reshape(rows, columns, 64)
    return np.partition(parts, 48, axis=2)[:, :, 48].astype(np.float32), (rows * 4, columns * 4)


def _fitted(cells: NDArray[np.float32], usable: NDArray[np.bool_],
            first: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:  # fmt: skip
    """Fit a polynomial to the upper envelope of the squares, starting from ``first``; return it and what is on it."""
    rows, columns = cells.shape
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    terms = [np.ones_like(x)]
    for degree in range(1, PAPER_DEGREE + 1 if min(rows, columns) > 2 * PAPER_DEGREE else 2):
        terms += [np.prod(factors, axis=0) for factors in combinations_with_replacement((x, y), degree)]
    design, values = np.stack(terms, axis=-1).reshape(cells.size, -1), cells.ravel().astype(np.float64)
    tolerance = PAPER_TOLERANCE * float(cells.max())
    weight = first.ravel().astype(np.float64)
    for _ in range(8):
        scaled = design * weight[:, None]
        ridge = 1e-3 * np.trace(scaled.T @ design) / design.shape[1] * np.eye(design.shape[1])
        ridge[0, 0] = 0.0
        fit = design @ np.linalg.lstsq(scaled.T @ design + ridge, scaled.T @ values, rcond=None)[0]
        below = np.maximum(fit - values, 0) / tolerance
        weight = usable.ravel() / (1 + (2 * below) ** 4)
    return fit.reshape(cells.shape), (np.abs(values - fit) < tolerance).reshape(cells.shape) & usable


def ink_mask(gray: Pixels) -> NDArray[np.bool_]:
    """Return where the drawing's ink is, bool (H, W), judged between the page's own black and paper.

    Thin lines may be fainter than other ink, so that pencil stays closed; specks of up to three pixels are no ink.
    """
    black, paper = levels(gray)
    span = paper - black
    clear = paper - NOISE_MARGIN * _noise(gray)
    limit, faint = (max(0, int(np.ceil(min(black + part * span, clear)))) for part in (INK_PART, FAINT_PART))
    dark = np.empty_like(gray)
    for top in range(0, len(gray), BAND):
        band, into = gray[top : top + BAND], dark[top : top + BAND]
        cv2.threshold(band, limit - 1, 255, cv2.THRESH_BINARY_INV, dst=into)
        if faint > limit:
            above, below = min(2, top), min(2, len(gray) - top - len(band))
            depth = _ridge_depth(gray[top - above : top + len(band) + below])[above : above + len(band)]
            thin = cv2.inRange(depth, max(1, round(FAINT_DEPTH * span)), 255)
            cv2.bitwise_or(into, cv2.bitwise_and(thin, cv2.inRange(band, 0, faint)), dst=into)
    return _without_specks(dark)


def _noise(gray: Pixels) -> float:
    """Return the standard deviation of the page's grain, from neighbours on some of its rows; 0 for a clean page."""
    rows = gray[:: max(1, gray.shape[0] // 200)].astype(np.int16)
    return float(np.median(np.abs(np.diff(rows, axis=1)))) / 0.954 if rows.shape[1] > 1 else 0.0


def _ridge_depth(gray: Pixels) -> Pixels:
    """Return how much darker a pixel is than both its sides two pixels away, in the best of four directions, uint8."""
    around = cv2.copyMakeBorder(gray, 2, 2, 2, 2, cv2.BORDER_REPLICATE)
    height, width = gray.shape

    def shifted(down: int, right: int) -> Pixels:
        return around[2 + down : 2 + down + height, 2 + right : 2 + right + width]

    sides = cv2.min(shifted(0, 2), shifted(0, -2))
    for down, right in ((2, 0), (2, 2), (2, -2)):
        sides = cv2.max(sides, cv2.min(shifted(down, right), shifted(-down, -right)))
    return np.asarray(cv2.subtract(sides, gray), dtype=np.uint8)


def _without_specks(dark: Pixels) -> NDArray[np.bool_]:
    """Return the ink of a mask (0 or 255), bool (H, W), without marks of up to ``SPECK`` pixels that lie alone."""
    ones = dark & np.uint8(1)  # cv2.min takes a page of one pixel for a scalar
    near = cv2.boxFilter(ones, -1, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    core = cv2.bitwise_and(cv2.inRange(near, SPECK + 1, 255), dark)
    kept = cv2.bitwise_and(cv2.dilate(core, np.ones((5, 5), np.uint8)), ones)
    return np.asarray(kept, dtype=np.uint8).view(np.bool_)


def line_width(ink: NDArray[np.bool_]) -> float:
    """Return the drawing's typical line width in pixels, solids left out; 1 where there is no ink."""
    depths = []
    for tile in _inked_tiles(ink):
        depth = cv2.distanceTransform(tile, cv2.DIST_L2, 5)
        ridge = cv2.inRange(cv2.subtract(cv2.dilate(depth, np.ones((3, 3), np.uint8)), depth), -1, 0.01)
        depths.append(depth[cv2.bitwise_and(ridge, tile) > 0])
    found = np.concatenate(depths) if depths else np.zeros(0)
    if not len(found):
        return 1.0
    thin = found[found <= 3 * np.percentile(found, 40)]
    return max(1.0, 2 * float(np.median(thin)) - 0.5)


def _inked_tiles(ink: NDArray[np.bool_]) -> list[Pixels]:
    """Return parts of a page (0 or 255), about a million pixels altogether, evenly from all over where ink is."""
    whole = ink.view(np.uint8) * np.uint8(255)
    if ink.size <= WIDTH_WORKING_PIXELS:
        return [whole]
    side = 320
    corners = [(y, x) for y in range(0, ink.shape[0], side) for x in range(0, ink.shape[1], side)]
    inked = [at for at in corners if ink[at[0] : at[0] + side : 4, at[1] : at[1] + side : 4].mean() > 0.005]
    step = max(1, len(inked) * side * side // WIDTH_WORKING_PIXELS)
    return [whole[y : y + side, x : x + side] for y, x in inked[::step]]


def solids(ink: NDArray[np.bool_], width: float) -> NDArray[np.bool_]:
    """Return the ink that is large solid black, bool (H, W), not the lines of about ``width`` pixels attached to it.

    A solid holds a disc of several line widths; it reaches from there over all that is thicker than lines are.
    """
    shrink = max(1, round((ink.size / SOLID_WORKING_PIXELS) ** 0.5))
    size = (max(1, ink.shape[1] // shrink), max(1, ink.shape[0] // shrink))
    small = cv2.resize(ink.view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    dark = cv2.inRange(small, 160, 255)
    radius = max(SOLID_WIDTHS * width, SOLID_LEAST) / 2 / shrink
    core = cv2.inRange(cv2.distanceTransform(dark, cv2.DIST_L2, 3), radius, 1e9)
    core = _without_bars(core, radius)
    if not cv2.countNonZero(core):
        return np.zeros_like(ink)
    reach = _dilated(core, radius + 1)
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _disc(0.9 * width / shrink))
    grown = cv2.bitwise_or(reach, cv2.bitwise_and(thick, _dilated(core, 2 * radius + 2)))
    full = cv2.resize(grown, ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(full, ink.view(np.uint8)), dtype=np.uint8).view(np.bool_)


def _without_bars(core: Pixels, radius: float) -> Pixels:
    """Leave out cores (0 or 255) that are long and hardly wider than they must be: frames and other thick lines."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    depth = cv2.distanceTransform(core, cv2.DIST_L2, 3)
    widest = np.zeros(count)
    np.maximum.at(widest, labels[core > 0], depth[core > 0])
    solid = (widest > radius) | (stats[:count, cv2.CC_STAT_AREA] <= BAR_LENGTH * (radius + widest) * (2 * widest + 1))
    solid[0] = False
    return np.asarray(solid[labels] * np.uint8(255), dtype=np.uint8)


def _disc(radius: float) -> Pixels:
    """Return a round structuring element, at least 3 wide."""
    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)


def _dilated(mask: Pixels, radius: float) -> Pixels:
    """Return a mask (0 or 255) grown by a radius in pixels, uint8."""
    away = cv2.distanceTransform(cv2.bitwise_not(mask), cv2.DIST_L2, 3)
    return np.asarray(cv2.inRange(away, 0, radius), dtype=np.uint8)
