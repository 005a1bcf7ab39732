"""What the worker composes anew: what changed, and everything where the regions are others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.method import Stamp
from mangapaint.document.document import Document
from mangapaint.document.page import Kind, Page
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import stroke
from mangapaint.progress import Silent
from mangapaint.ui import work

NOTHING = work.Shown(Stamp("", 0))


def boxes() -> Page:
    pixels = np.full((1200, 90), 255, np.uint8)
    pixels[::400] = pixels[399::400] = 0
    pixels[:, 0] = pixels[:, -1] = 0
    return Page(pixels, "boxes")


def test_nothing_is_composed_where_nothing_looks_different():
    page = boxes()
    analysis = analyze(page, kind=Kind.LINE)
    document = Document(page, (stroke([(40, 200)], width=8, color=(200, 40, 50)),))
    request = work.request_for(document, analysis, Stamp(page.id, 1), "cpu")
    first = work.recolor(request, NOTHING, None, Silent())
    again = work.recolor(request, work.Shown(Stamp(page.id, 1), first.colorization, analysis), first.ready, Silent())
    assert again.parts == ()


def test_everything_is_composed_where_the_shown_regions_were_others():
    page = boxes()
    document = Document(page, (stroke([(40, 200)], width=8, color=(200, 40, 50)),))
    old, new = analyze(page, kind=Kind.LINE), analyze(page, kind=Kind.LINE)
    before = work.recolor(work.request_for(document, old, Stamp(page.id, 1), "cpu"), NOTHING, None, Silent())
    request = work.request_for(document, new, Stamp(page.id, 2), "cpu")
    after = work.recolor(request, work.Shown(Stamp(page.id, 1), before.colorization, old), None, Silent())
    assert sum(part.rect.area for part in after.parts) == page.width * page.height
    assert {(part.rect.x0, part.rect.x1) for part in after.parts} == {(0, page.width)}


def test_a_change_is_composed_in_bands_that_meet():
    page = boxes()
    analysis = analyze(page, kind=Kind.LINE)
    marks = tuple(stroke([(40, y)], width=8, color=(200, 40, 50)) for y in (200, 1000))
    request = work.request_for(Document(page, marks), analysis, Stamp(page.id, 1), "cpu")
    done = work.recolor(request, work.Shown(Stamp(page.id, 0), None, analysis), None, Silent())
    rects = [part.rect for part in done.parts]
    assert len(rects) > 1
    assert all(a.y1 == b.y0 for a, b in pairwise(rects))
    whole = Rect.whole(page.height, page.width)
    assert all(rect.intersection(whole) == rect and rect.y0 % 8 == 0 for rect in rects)
