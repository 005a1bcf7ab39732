"""Composition at native size: a colorization laid under or into the page's own pixels.

Every output pixel is looked up in a table of (colour, page value). Line art and screentone: the colour is multiplied
into the paper, and ink keeps its value exactly. Gray pages: the pixel keeps its own L and takes the colour's a,b
(less chroma where the full chroma would leave sRGB). Nothing of the page is resampled. Blends are laid over that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.ink import as_rgb
from mangapaint.colorizers.blending import EXACT, difference, multiplied, shaded
from mangapaint.colorizers.method import Blend, Colorization, Split
from mangapaint.document.page import Color, Pixels
from mangapaint.document.rect import Rect

INK = 64
"""Page values up to this one are ink and keep their value."""
PAPER = 112
"""Page values from this one on are paper and are multiplied by the colour; between the two it blends."""
BAND = 128
"""Rows that are composed into one buffer where a page is shown: larger ones come fresh from the system each time, page
by page, at twice the cost; and a stroke waits no longer than for one of them."""
STRIP = 64
"""Rows composed at a time: what fits the processor's cache (2.5 times faster than the whole page at once)."""


def compose(analysis: PageAnalysis, colorization: Colorization | None, rect: Rect) -> Pixels:
    """Return the coloured page inside ``rect`` as uint8 (h, w, 4), blue, green, red and 255: a screen's order.

    ``rect`` must lie within the page. Without a colorization it is the page itself.
    """
    if colorization is None:
        return bare(analysis.page.pixels[rect.slices])
    tables = _tables(analysis, colorization)
    paint = _paint_gray(analysis, tables) if analysis.page.is_gray else _paint_colored(analysis, tables)
    out = np.empty((rect.height, rect.width, 4), np.uint8)
    for y in range(rect.y0, rect.y1, STRIP):
        strip = Rect(rect.x0, y, rect.x1, min(y + STRIP, rect.y1))
        there = out[y - rect.y0 : strip.y1 - rect.y0]
        paint(strip, _index(analysis, colorization, strip), there)
        _lay_blends(analysis, colorization, strip, there)
    return out


def bands(rect: Rect) -> list[Rect]:
    """Divide a part of the page into what is composed one after the other."""
    return [Rect(rect.x0, y, rect.x1, min(y + BAND, rect.y1)) for y in range(rect.y0, rect.y1, BAND)]


def bare(pixels: Pixels) -> Pixels:
    """Return page pixels, gray or RGB, in a screen's order: uint8 (h, w, 4)."""
    code = cv2.COLOR_GRAY2BGRA if pixels.ndim == 2 else cv2.COLOR_RGB2BGRA
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), code), dtype=np.uint8)


def rgb(screen: Pixels) -> Pixels:
    """Return uint8 RGB (h, w, 3) of a composed picture."""
    return np.asarray(cv2.cvtColor(screen, cv2.COLOR_BGRA2RGB), dtype=np.uint8)


def changed(analysis: PageAnalysis, old: Colorization | None, new: Colorization | None) -> Rect:
    """Return the part of the page in which two colorizations differ; empty where they show the same."""
    whole = Rect.whole(analysis.page.height, analysis.page.width)
    if old is None or new is None or len(old.regions) != len(new.regions):
        return Rect(0, 0, 0, 0) if old is new else whole
    differs = _painted(old, old.regions) != _painted(new, new.regions)
    differs[[split.region for split in (*old.splits, *new.splits)]] = False  # told more closely below
    rect = analysis.regions.box(np.flatnonzero(differs))
    known = min(len(old.colors), len(new.colors))
    steady = np.array_equal(old.colors[:known], new.colors[:known])
    for part in (*_unshared(old, new, steady=steady), *_unblended(analysis, old, new)):
        rect = rect.union(part)
    return rect.intersection(whole)


def _unblended(analysis: PageAnalysis, old: Colorization, new: Colorization) -> list[Rect]:
    """Return where the blends look different."""
    before = {(blend.region, blend.row): blend for blend in old.blends}
    after = {(blend.region, blend.row): blend for blend in new.blends}
    return [difference(analysis.regions, before.get(key), after.get(key)) for key in before.keys() | after.keys()]


def _unshared(old: Colorization, new: Colorization, *, steady: bool) -> list[Rect]:
    """Return where the divided regions look different; ``steady``: the numbers mean the same colours in both."""
    before = {split.region: split for split in old.splits}
    after = {split.region: split for split in new.splits}
    regions = [
        region for region in before.keys() | after.keys() if not steady or before.get(region) is not after.get(region)
    ]
    return [_difference((old, before.get(region)), (new, after.get(region))) for region in regions]


def _difference(old: tuple[Colorization, Split | None], new: tuple[Colorization, Split | None]) -> Rect:
    """Return where one divided region looks different."""
    (before, one), (after, two) = old, new
    if one is None and two is not None:
        return _unlike(after, two, before)
    if two is None and one is not None:
        return _unlike(before, one, after)
    assert one is not None
    assert two is not None
    mine, others = _codes(before, one), _codes(after, two)
    same = np.array_equal(mine, others)
    if one.index is two.index and same:
        return Rect(0, 0, 0, 0)
    differs = one.index != two.index if same else _looked_up(one.index, two.index, mine, others)
    x, y, width, height = cv2.boundingRect(differs.view(np.uint8))
    return Rect(two.rect.x0 + x, two.rect.y0 + y, two.rect.x0 + x + width, two.rect.y0 + y + height)


def _codes(colorization: Colorization, split: Split) -> NDArray[np.int64]:
    """Return a comparable value of each row of a split: its colour, or which of the region's blends lies over it."""
    codes = _painted(colorization, split.names)
    rows = [blend.row for blend in colorization.blends if blend.region == split.region]
    codes[rows] = -2 - np.array(rows, np.int64)
    return codes


def _looked_up(one: NDArray[Any], two: NDArray[Any], mine: NDArray[np.int64],
               others: NDArray[np.int64]) -> NDArray[np.bool_]:  # fmt: skip
    """Say where the values of rows differ, in bytes where these suffice (ten times faster)."""
    values, numbers = np.unique(np.concatenate([mine, others]), return_inverse=True)
    if len(values) > 256 or one.dtype != np.uint8 or two.dtype != np.uint8:
        return np.asarray(mine[one] != others[two])
    tables = np.zeros((2, 256), np.uint8)
    tables[0, : len(mine)], tables[1, : len(others)] = numbers[: len(mine)], numbers[len(mine) :]
    return np.asarray(cv2.LUT(one, tables[0]) != cv2.LUT(two, tables[1]))


def _unlike(divided: Colorization, split: Split, plain: Colorization) -> Rect:
    """Return where a divided region looks other than when it was of one colour."""
    color = _painted(plain, plain.regions[[split.region]])[0]
    differs = _painted(divided, split.names) != color
    x, y, width, height = cv2.boundingRect(differs[split.index].view(np.uint8))
    return Rect(split.rect.x0 + x, split.rect.y0 + y, split.rect.x0 + x + width, split.rect.y0 + y + height)


def _painted(colorization: Colorization, index: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return a comparable value of each colour index: -1 uncoloured, otherwise its RGB."""
    red, green, blue = colorization.colors[index].astype(np.int64).T
    return np.where(index == 0, -1, red << 16 | green << 8 | blue)


def _index(analysis: PageAnalysis, colorization: Colorization, rect: Rect) -> NDArray[np.uint32]:
    """Return each pixel's colour index, already shifted to its row in the table, uint32 (h, w)."""
    labels = analysis.regions.labels[rect.slices]
    keeps = analysis.regions.keeps
    index = _rows(colorization.regions, keeps, colorization).take(labels, mode="clip")
    for split in colorization.splits:
        shared = split.rect.intersection(rect)
        if shared.area:
            here, there = shared.within(rect).slices, shared.within(split.rect).slices
            own = _rows(split.names, keeps[split.region], colorization)
            np.copyto(index[here], own.take(split.index[there], mode="clip"), where=labels[here] == split.region)
    return index


def _rows(names: NDArray[np.uint16], keeps: NDArray[np.bool_] | np.bool_,
          colorization: Colorization) -> NDArray[np.uint32]:  # fmt: skip
    """Return where in the flat tables each colour begins, uint32; those that keep luminance have tables of their own.

    Uncoloured is one row for both: there the page shows as it is.
    """
    second = np.where(keeps & (names > 0), len(colorization.colors) - 1, 0)
    return np.left_shift((names + second).astype(np.uint32), 8)


def _lay_blends(analysis: PageAnalysis, colorization: Colorization, strip: Rect, out: Pixels) -> None:
    """Lay the blends over what is painted of a strip; those of one region one after the other."""
    splits = {split.region: split for split in colorization.splits}
    for region, group in groupby(colorization.blends, key=lambda blend: blend.region):
        blends = list(group)
        rect = blends[0].rect.intersection(strip)
        if not rect.area:
            continue
        labels = analysis.regions.labels[rect.slices]
        within = np.ones(labels.shape, bool) if region is None else labels == region
        split = splits.get(region) if region is not None else None
        if split is None:
            for blend in blends:
                bare_of = within if blend.spared is None else within & ~blend.spared.take(labels)
                _lay(analysis, blend, rect, bare_of, out[rect.within(strip).slices])
        elif within.any():
            rows = split.index[rect.within(split.rect).slices]
            present = np.bincount(rows[within], minlength=len(split.names)) > 0
            for blend in blends:
                if present[blend.row]:
                    _lay(analysis, blend, rect, within & (rows == blend.row), out[rect.within(strip).slices])


def _lay(analysis: PageAnalysis, blend: Blend, rect: Rect, within: NDArray[np.bool_], out: Pixels) -> None:
    """Lay one blend over the pixels ``within`` of a rectangle, as each pixel's kind of page asks for."""
    if blend.region is None:
        keeps = analysis.regions.keeps.take(analysis.regions.labels[rect.slices])
    else:
        keeps = analysis.regions.keeps[blend.region]
    for kept, paint in ((True, shaded), (False, _multiplied)):
        where = within & (keeps == kept)
        x, y, width, height = cv2.boundingRect(where.view(np.uint8))
        if width:
            part = Rect(rect.x0 + x, rect.y0 + y, rect.x0 + x + width, rect.y0 + y + height)
            inside = part.within(rect).slices
            painted = cv2.cvtColor(paint(analysis, blend, part), cv2.COLOR_RGB2BGRA).view(np.uint32)[..., 0]
            np.copyto(out[inside].view(np.uint32)[..., 0], painted, where=where[inside])


def _multiplied(analysis: PageAnalysis, blend: Blend, rect: Rect) -> Pixels:
    """Return a blend multiplied into the paper under the ink, as flats are; uint8 RGB (h, w, 3)."""
    page = as_rgb(analysis.page.pixels[rect.slices])
    taken = cv2.multiply(multiplied(blend, rect), cv2.LUT(page, _TAKEN_BYTE), scale=1 / 255)
    return np.asarray(cv2.add(taken, cv2.LUT(page, _KEPT_BYTE)), dtype=np.uint8)


Paint = Callable[[Rect, NDArray[np.uint32], Pixels], None]
"""Fills the last argument (h, w, 4) with the page inside a rectangle, given each pixel's row in the table."""


def _paint_gray(analysis: PageAnalysis, tables: Pixels) -> Paint:
    """Look every pixel up by its colour and its gray value, all channels at once."""
    packed = tables.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32) | np.uint32(0xFF000000)
    flat = packed.astype(np.uint32).ravel()

    def paint(rect: Rect, index: NDArray[np.uint32], out: Pixels) -> None:
        index |= analysis.gray[rect.slices]
        flat.take(index, out=out.view(np.uint32)[..., 0], mode="clip")

    return paint


def _paint_colored(analysis: PageAnalysis, tables: Pixels) -> Paint:
    """The same for a page scanned in colour: what stays uncoloured keeps the scan's own colour."""
    by_luma = _paint_gray(analysis, tables)
    flats = [np.ascontiguousarray(tables[..., channel]).ravel() for channel in range(3)]
    keeps = analysis.regions.keeps

    def paint_luma(rect: Rect, index: NDArray[np.uint32], out: Pixels) -> None:
        uncolored = index == 0
        by_luma(rect, index, out)
        np.copyto(out, bare(analysis.page.pixels[rect.slices]), where=uncolored[..., None])

    def paint_channels(rect: Rect, index: NDArray[np.uint32], out: Pixels) -> None:
        pixels = analysis.page.pixels[rect.slices]
        for channel, flat in enumerate(flats):
            out[..., 2 - channel] = flat.take(index | pixels[..., channel], mode="clip")
        out[..., 3] = 255

    def paint_both(rect: Rect, index: NDArray[np.uint32], out: Pixels) -> None:
        shaded = np.empty_like(out)
        paint_channels(rect, index, out)
        paint_luma(rect, index, shaded)
        np.copyto(out, shaded, where=keeps.take(analysis.regions.labels[rect.slices])[..., None])

    return paint_luma if keeps.all() else paint_both if keeps.any() else paint_channels


def _tables(analysis: PageAnalysis, colorization: Colorization) -> Pixels:
    """Return uint8 (K, 256, 3): the RGB of each colour on each page value; row 0 is the page value itself.

    The colours multiplied into paper come first, then, where some region keeps its luminance, those at its L.
    """
    colors = [tuple(color) for color in colorization.colors[1:].tolist()]
    page = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    keeps = analysis.regions.keeps
    flat = [_multiply_table(color) if not keeps.all() else page for color in colors]
    return np.stack([page, *flat, *([_luminance_table(color) for color in colors] if keeps.any() else [])])


_VALUE = np.arange(256, dtype=np.float32)
_PAPER = np.clip((_VALUE - INK) / (PAPER - INK), 0, 1)
_KEPT, _TAKEN = _VALUE * (1 - _PAPER), _VALUE / 255 * _PAPER
"""For each page value what stays of it, and the part of a colour that is added: ink stays exactly what it is."""
_KEPT_BYTE, _TAKEN_BYTE = np.rint(_KEPT).astype(np.uint8), np.rint(_TAKEN * 255).astype(np.uint8)


@lru_cache(maxsize=4096)
def _multiply_table(color: Color) -> Pixels:
    """Return uint8 (256, 3): the colour multiplied into paper; ink values stay exactly what they are."""
    mixed = _KEPT[:, None] + np.array(color, np.float32) * _TAKEN[:, None]
    return np.asarray(np.rint(mixed), dtype=np.uint8)


@lru_cache(maxsize=4096)
def _luminance_table(color: Color) -> Pixels:
    """Return uint8 (256, 3): each gray value with the colour's a,b, at the same L, chroma lowered into sRGB.

    Black stays black and white white.
    """
    gray = np.repeat(np.arange(256, dtype=np.float32)[:, None], 3, axis=1) / 255
    light = cv2.cvtColor(gray[None], cv2.COLOR_RGB2LAB)[0, :, :1]
    ab = np.repeat(cv2.cvtColor(np.array([[color]], np.float32) / 255, cv2.COLOR_RGB2LAB)[0, :, 1:], 256, axis=0)
    low, high = np.zeros((256, 1), np.float32), np.ones((256, 1), np.float32)
    for _ in range(12):
        middle = (low + high) / 2
        fits = _in_gamut(light, (ab * middle).astype(np.float32))
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    low = np.where(_in_gamut(light, ab), 1, low).astype(np.float32)
    lab = np.concatenate([light, ab * low], axis=1)[None]
    table = np.asarray(np.rint(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)[0], 0, 1) * 255), dtype=np.uint8)
    table[0], table[255] = 0, 255
    return table


def _in_gamut(light: NDArray[np.float32], ab: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say for each row whether L,a,b survives the way to sRGB and back; bool (256, 1)."""
    lab = np.concatenate([light, ab], axis=1).astype(np.float32)[None]
    back = cv2.cvtColor(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1), cv2.COLOR_RGB2LAB)
    return np.asarray((np.abs(back - lab)[0] < EXACT).all(axis=1, keepdims=True))
