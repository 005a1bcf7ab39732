"""Recognising the kind of a page and of its panels: line art, gray, screentone, already coloured, or mixed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.ink import flattened, ink_mask, levels
from mangapaint.analysis.tone import screentone
from mangapaint.document.page import Kind, Picture, Pixels
from mangapaint.document.rect import Rect

COLORED_CHROMA = 18
"""Spread of R, G, B above which a pixel counts as coloured; yellowed paper and blue pencil stay below or are few."""
COLORED_PART = 0.12
SHADE = 0.0115
"""A gray page's washes darken it at least this much on average (0 paper, 1 black); a line drawing's shade less."""
LAMP_SHADE = 0.0002
"""A line drawing under an uneven lamp has no shade but this when the paper is evened out; a gray page keeps more."""
FLAT_WIDTH = 9
"""A wash is at least this many pixels wide everywhere; the soft ramps beside lines are narrower."""
DARK_PAPER = 200
"""Paper darker than this is no paper but a wash over the whole page."""
TONED_PART = 0.02
"""A page with screentone on this part of it is a screentone page, if the tone's raster was found."""
MIXED_PART = 0.15
"""Panels of another kind than most make a page mixed if they hold this part of what all panels cover."""
PANEL_PART = 0.03
"""Panels smaller than this part of the page, in area, are too small to be told a kind of their own."""
PANEL_SHADE = 0.035
"""A panel's washes darken it at least this much where the page is not gray: a shirt or a sky, not a shadow."""
PANEL_FRAME = 0.02
"""This part of a panel's sides is left out: frames, and the gutter beside slanted ones."""
LIGHT_PAPER = 215
"""Panels of line art or screentone show paper at least this light, where the page's lightest is 255."""


def recognise(picture: Picture, gray: Pixels) -> Kind:
    """Return the kind of a whole page from its pixels at native size.

    Already coloured: many pixels with chroma beyond what paper and pencil show. Gray: part of it is
    flat and neither ink nor paper, also with the paper evened out. Screentone: a raster of dots. Else line art.
    """
    if not picture.is_gray and _colored_part(picture.pixels, _tint(picture.pixels)) > COLORED_PART:
        return Kind.COLORED
    if levels(gray)[1] < DARK_PAPER:
        return Kind.GRAY
    if _shade(gray) > SHADE:
        gray = flattened(picture, gray)
        if _shade(gray) > LAMP_SHADE:
            return Kind.GRAY
    return Kind.TONE if _is_toned(gray) else Kind.LINE


def recognise_panels(picture: Picture, gray: Pixels, panels: tuple[Rect, ...],
                     whole: Kind | None = None, drawing: Pixels | None = None) -> tuple[Kind, ...]:  # fmt: skip
    """Return the kind of each panel of a page; empty and tiny panels have the page's own.

    A panel is judged by the page's paper, not by its own lightest gray, and against what the page is as a whole: a
    panel all black or all white, or one whose drawing says too little, is of the same kind as the page. ``whole`` is
    what ``recognise`` says of the page and ``drawing`` the page on even white paper, where they are known already.
    """
    whole = whole or recognise(picture, gray)
    if whole in (Kind.LINE, Kind.TONE):
        gray = flattened(picture, gray) if drawing is None else drawing
    return tuple(_kind_of_panel(picture, gray, panel, whole) for panel in panels)


def kind_of_page(kinds: Sequence[Kind], areas: Sequence[int], whole: Kind = Kind.LINE) -> Kind:
    """Return the kind of a page from those of its panels and their areas in pixels; ``whole`` if there are none.

    Mixed: line art or screentone beside gray or coloured panels, both on a substantial part of the page; these are
    composed differently. Line art beside screentone is a screentone page; coloured beside gray is a coloured one.
    """
    total = sum(areas)
    if not total:
        return whole
    held = {kind: sum(area for one, area in zip(kinds, areas, strict=True) if one is kind) / total for kind in Kind}
    washed, drawn = held[Kind.GRAY] + held[Kind.COLORED], held[Kind.LINE] + held[Kind.TONE]
    if min(washed, drawn) >= MIXED_PART:
        return Kind.MIXED
    if washed >= drawn:
        return Kind.COLORED if held[Kind.COLORED] > held[Kind.GRAY] else Kind.GRAY
    return Kind.TONE if held[Kind.TONE] > TONED_PART else Kind.LINE


def _kind_of_panel(picture: Picture, gray: Pixels, panel: Rect, whole: Kind) -> Kind:
    """Return the kind of one panel of a page that is ``whole``."""
    panel = panel.intersection(Rect.whole(gray.shape[0], gray.shape[1]))
    inset = -round(PANEL_FRAME * min(panel.width, panel.height))
    inner = panel.grown(inset)
    if inner.area < PANEL_PART * gray.size or (whole is Kind.COLORED and picture.is_gray):
        return whole
    part = gray[inner.slices]
    if not picture.is_gray and _colored_part(picture.pixels[inner.slices], _tint(picture.pixels)) > COLORED_PART:
        return Kind.COLORED
    low, high = (int(value) for value in np.percentile(part[::3, ::3], (1, 99)))
    if high - low < 48 and (low > 230 or high < 48):
        return whole if whole is not Kind.COLORED else Kind.GRAY
    paper = levels(gray)[1]
    if high < LIGHT_PAPER * paper / 255 or _shade(part) > (SHADE if whole is Kind.GRAY else PANEL_SHADE):
        return Kind.GRAY
    return Kind.TONE if _is_toned(part) else Kind.LINE


def _is_toned(gray: Pixels) -> bool:
    """Tell whether there is screentone on a substantial part of a drawing."""
    tone = screentone(gray, ink_mask(gray))
    return tone is not None and float((tone.value < 255).mean()) > TONED_PART


def _colored_part(pixels: Pixels, tint: NDArray[np.float64]) -> float:
    """Part of the pixels whose colour differs from a tint by more than paper and black ink on it do."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / 400_000) ** 0.5))
    sample = pixels[::step, ::step].reshape(-1, 3).astype(np.float32)
    tinted = sample.mean(axis=1, keepdims=True) * tint.astype(np.float32)
    return float((np.ptp(sample - tinted, axis=1) > COLORED_CHROMA).mean())


def _tint(pixels: Pixels) -> NDArray[np.float64]:
    """Return the page's commonest tint (yellowed paper is one): R, G, B as parts of their mean."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / 50_000) ** 0.5))
    sample = pixels[::step, ::step].reshape(-1, 3)
    light = sample.max(axis=1)
    color = np.median(sample[light >= np.median(light)], axis=0)
    return np.asarray(color / color.mean() if color.mean() > 32 else np.ones(3), np.float64)


def _shade(gray: Pixels) -> float:
    """Mean darkness over the page, 0..1, of what is smooth, wide, and clearly neither paper nor black."""
    black, paper = levels(gray)
    span = paper - black
    small = cv2.blur(gray, (5, 5))
    middle = cv2.inRange(small, black + 0.1 * span, paper - 0.05 * span)
    smooth = cv2.inRange(cv2.absdiff(gray, small), 0, 8)
    wide = cv2.erode(cv2.bitwise_and(middle, smooth), np.ones((FLAT_WIDTH, FLAT_WIDTH), np.uint8))
    covered = cv2.countNonZero(wide) / gray.size
    return float(covered * (paper - cv2.mean(small, mask=wide)[0]) / span) if covered else 0.0
