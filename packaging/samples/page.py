"""Puts the panels together into the page, and frames the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .canvas import Canvas, Pixels
from .pen import pen_on
from .scenery import Box
from .scenes import PANELS, Hint, Panel, draw_welcome

PAGE_SIZE = (1654, 2339)
REFERENCE_SIZE = (1000, 1400)
FRAME = 4.5
MARGIN = 60
"""Page pixels around a panel's box in which lettering may cross its frame."""


def draw_panel(panel: Panel, seed: int) -> tuple[Canvas, tuple[int, int], list[Hint]]:
    """Draw a panel on a canvas of its own; return it, its place on the page, and its hints in page pixels."""
    box = panel.box
    x, y = int(box.left) - MARGIN, int(box.top) - MARGIN
    canvas = Canvas(int(box.right) + MARGIN - x, int(box.bottom) + MARGIN - y, seed)
    pen = pen_on(canvas, panel.weight).at(-x, -y)
    hints = panel.draw(pen, Box(box.left - 20, box.top - 20, box.right + 20, box.bottom + 20))
    corners = pen.on_page(panel.corners)
    canvas.crop(corners)
    canvas.stroke(np.vstack((corners, corners[:1])), np.full(len(corners), FRAME))
    panel.letter(replace(pen, weight=3.4))
    return canvas, (x, y), [replace(hint, points=hint.points + np.array([x, y])) for hint in hints]


def draw_page() -> tuple[Pixels, Pixels, list[Hint]]:
    """Return the page's line art, uint8 (H, W), the area at each of its pixels, and its hints."""
    width, height = PAGE_SIZE
    page = np.full((height, width), 255, np.uint8)
    areas = np.zeros((height, width), np.uint8)
    hints: list[Hint] = []
    for seed, panel in enumerate(PANELS):
        canvas, (x, y), found = draw_panel(panel, seed)
        place = (slice(y, y + canvas.size[1]), slice(x, x + canvas.size[0]))
        drawn = canvas.area_map()
        page[place] = np.where(drawn > 0, canvas.line_art(), np.minimum(page[place], canvas.line_art()))
        areas[place] = np.where(drawn > 0, drawn, areas[place])
        hints += found
    return page, areas, hints


def draw_reference() -> Pixels:
    """Return the coloured frame, uint8 (H, W, 3)."""
    width, height = REFERENCE_SIZE
    canvas = Canvas(width, height, seed=7)
    draw_welcome(pen_on(canvas, 3.4), Box(-20, -20, width + 20, height + 20))
    return canvas.painted()
