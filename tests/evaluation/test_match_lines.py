"""Match lines go from the place a colour was found at to the region that took it."""

from __future__ import annotations

import numpy as np

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.method import Matches
from mangapaint.document.page import Kind, Page
from mangapaint.evaluation.match_lines import HEIGHT, drawn
from mangapaint.evaluation.reference_bench import LINES, Plan, bench_reference

RED = (210, 20, 30)


def halves() -> Page:
    pixels = np.full((100, 200), 255, np.uint8)
    pixels[:, 98:102] = 0
    return Page(pixels, "halves")


def matches(count: int, *, used: bool) -> Matches:
    found = Matches(np.full((count, 4), -1, np.int16), np.zeros((count, 4, 2), np.float32),
                    np.full((count, 4, 3), 255, np.uint8), np.zeros((count, 4), np.float32),
                    np.zeros((count, 4), np.int32), (), np.full(count, used))  # fmt: skip
    found.reference[:, 0], found.at[:, 0], found.color[:, 0] = 0, (0.5, 0.5), RED
    return found


def red(sheet: np.ndarray) -> np.ndarray:
    return np.abs(sheet.astype(int) - RED).max(axis=2) < 8


def test_a_line_leads_from_the_match_to_the_middle_of_its_region() -> None:
    analysis = analyze(halves(), kind=Kind.LINE)
    reference = np.full((60, 60, 3), 240, np.uint8)
    sheet = drawn(analysis.page.pixels, reference, analysis, matches(analysis.regions.count, used=True))
    assert sheet.shape == (HEIGHT, HEIGHT + 2 * HEIGHT, 3)
    found = red(sheet)
    assert found[HEIGHT // 2 - 3 : HEIGHT // 2 + 4, HEIGHT // 2 - 3 : HEIGHT // 2 + 4].any(), "where it was found"
    assert found[:, HEIGHT + 40 : HEIGHT + 920].any(), "where it is used"


def test_what_took_no_match_has_no_line() -> None:
    analysis = analyze(halves(), kind=Kind.LINE)
    reference = np.full((60, 60, 3), 240, np.uint8)
    assert not red(drawn(analysis.page.pixels, reference, analysis, matches(analysis.regions.count, used=False))).any()


def test_the_bench_draws_them_beside_its_sheets(tmp_path) -> None:
    bench_reference(Plan(scenes=1, methods=("matcher",), sheets=tmp_path, limit=1))
    (made,) = (tmp_path / LINES).iterdir()
    assert made.name.startswith("scenes-900000")
    assert made.suffix == ".png"
