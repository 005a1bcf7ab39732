"""What the page is least certain about: counted, outlined, and looked at one after the other."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtTest import QTest
from test_canvas import color_at, drag, open_window, screen
from test_session import settle

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.method import Blend, Colorization, Matches, Split, Stamp
from mangapaint.document.page import Page
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Purpose, stroke
from mangapaint.ui import review, work
from mangapaint.ui.doubts import doubtful, places
from mangapaint.ui.viewport import Viewport
from mangapaint.ui.window import Window
from mangapaint.ui.work import DOUBT_COLOR

SHIFT = Qt.KeyboardModifier.ShiftModifier
BOXES = tuple((20 + 60 * n, 20) for n in range(5))
"""Upper left corners of a row of closed boxes of 50 x 100, the last of them tiny."""


def boxes() -> np.ndarray:
    gray = np.full((300, 400), 255, np.uint8)
    for x, y in BOXES[:4]:
        cv2.rectangle(gray, (x, y), (x + 50, y + 100), 0, 2)
    cv2.rectangle(gray, (BOXES[4][0], 20), (BOXES[4][0] + 5, 25), 0, 2)
    return gray


def middle(number: int) -> tuple[int, int]:
    return BOXES[number][0] + 25, BOXES[number][1] + 50


@pytest.fixture
def known():
    return analyze(Page(boxes(), "boxes"), gap=0)


def colored(analysis, confidences: dict[int, float]) -> Colorization:
    """A colorization of the boxes with these confidences; all else bare."""
    count = analysis.regions.count
    regions, confidence = np.zeros(count, np.uint16), np.zeros(count, np.float32)
    for number, value in confidences.items():
        x, y = middle(number) if number < 4 else (BOXES[4][0] + 3, 23)
        regions[analysis.regions.labels[y, x]] = 1
        confidence[analysis.regions.labels[y, x]] = value
    return Colorization(Stamp("page", 1), "test", np.zeros((2, 3), np.uint8), regions, (), confidence)


def region(analysis, number: int) -> int:
    x, y = middle(number)
    return int(analysis.regions.labels[y, x])


# --- which regions


def test_the_least_certain_come_first_and_certain_bare_and_tiny_ones_not_at_all(known):
    colors = colored(known, {0: 0.5, 1: 0.9, 2: 0.2, 4: 0.1})
    assert doubtful(known, colors, 0.6).tolist() == [region(known, 2), region(known, 0)]
    assert doubtful(known, colors, 0.3).tolist() == [region(known, 2)]
    assert doubtful(known, colors, 0.1).tolist() == []


@pytest.mark.parametrize("flag", ["outside", "bubbles"])
def test_margins_and_bubbles_are_no_matter_of_doubt(known, flag):
    marked = np.arange(known.regions.count) == region(known, 2)
    analysis = replace(known, regions=replace(known.regions, **{flag: marked}))
    assert doubtful(analysis, colored(known, {0: 0.5, 2: 0.2}), 0.6).tolist() == [region(known, 0)]


def test_divided_and_blended_regions_have_colour_too(known):
    first, third = region(known, 0), region(known, 2)
    bare = replace(colored(known, {}), confidence=np.full(known.regions.count, 0.2, np.float32))
    rect = Rect(0, 0, 1, 1)
    split = Split(third, rect, np.zeros((1, 1), np.uint8), np.ones(1, np.uint16))
    blend = Blend(first, rect, np.zeros((1, 1, 3), np.float32))
    assert doubtful(known, bare, 0.6).tolist() == []
    assert doubtful(known, replace(bare, splits=(split,)), 0.6).tolist() == [third]
    assert doubtful(known, replace(bare, blends=(blend,)), 0.6).tolist() == [first]
    whole = replace(bare, blends=(replace(blend, region=None),))
    assert len(doubtful(known, whole, 0.6)) >= 4


def lost(analysis) -> Matches:
    """Matches in which no region found anything."""
    none = np.full((analysis.regions.count, 1), -1)
    empty = np.zeros((analysis.regions.count, 1, 3), np.float32)
    used = np.zeros(analysis.regions.count, bool)
    return Matches(
        none.astype(np.int16), empty[..., :2], empty.astype(np.uint8), empty[..., 0], none.astype(np.int32), (), used
    )


def test_large_regions_that_found_no_match_are_doubtful_too_the_largest_first(known):
    colors = replace(colored(known, {0: 0.5, 1: 0.9}), matches=lost(known))
    small = replace(known.regions, areas=known.regions.areas.copy())
    small.areas[region(known, 3)] -= 900
    analysis = replace(known, regions=small)
    wanted = [region(known, 2), region(known, 3), region(known, 0)]
    assert doubtful(analysis, colors, 0.6).tolist() == wanted
    assert doubtful(analysis, replace(colors, matches=None), 0.6).tolist() == wanted[2:]
    little = replace(small, areas=np.where(np.arange(small.count) == wanted[0], 100, small.areas))
    assert doubtful(replace(known, regions=little), colors, 0.6).tolist() == wanted[1:]


def test_what_is_protected_or_kept_uncoloured_needs_no_match(known):
    colors = replace(colored(known, {0: 0.9, 1: 0.9}), matches=lost(known))
    protect = stroke([middle(2)], width=20, color=None, purpose=Purpose.PROTECT)
    hint = stroke([middle(3)], width=20, color=None)
    assert doubtful(known, colors, 0.6, (protect, hint)).tolist() == [region(known, 3)]
    kept = colors.confidence.copy()
    kept[region(known, 3)] = 1
    assert doubtful(known, replace(colors, confidence=kept), 0.6, (protect, hint)).tolist() == []
    free = stroke([middle(2)], width=20, color=None, purpose=Purpose.FREE)
    assert region(known, 2) in doubtful(known, colors, 0.6, (protect, free))


def test_what_a_blend_spares_has_no_colour(known):
    first, third = region(known, 0), region(known, 2)
    sure = np.full(known.regions.count, 0.2, np.float32)
    spared = np.arange(known.regions.count) != third
    blend = Blend(None, Rect(0, 0, 1, 1), np.zeros((1, 1, 3), np.float32), spared=spared)
    colors = replace(colored(known, {}), confidence=sure, blends=(blend,))
    assert doubtful(known, colors, 0.6).tolist() == [third]
    spared[first] = False
    assert sorted(doubtful(known, colors, 0.6).tolist()) == sorted([first, third])


def test_neighbours_that_found_no_match_are_looked_at_one_by_one():
    shown = shelf((0, 0, 0))
    bare = replace(shown.colorization, confidence=np.where(shown.colorization.confidence < 1, 0, 1).astype(np.float32))
    assert len(places(replace(shown, colorization=replace(bare, matches=lost(shown.analysis))), 0.6)) == 3
    assert places(replace(shown, colorization=bare), 0.6) == []


def shelf(colors: tuple[int, int, int]) -> work.Shown:
    """Three books side by side in these colours, the middle one least certain, beside a page that is certain."""
    gray = np.full((200, 300), 255, np.uint8)
    for x in (60, 100, 140):
        cv2.rectangle(gray, (x, 50), (x + 40, 150), 0, 2)
    analysis = analyze(Page(gray, "shelf"), gap=0)
    books = [int(analysis.regions.labels[100, x]) for x in (80, 120, 160)]
    assert len(set(books)) == 3
    index, confidence = np.zeros(analysis.regions.count, np.uint16), np.ones(analysis.regions.count, np.float32)
    index[books], confidence[books] = colors, (0.4, 0.2, 0.5)
    colorization = Colorization(Stamp("page", 1), "test", np.zeros((3, 3), np.uint8), index, (), confidence)
    return work.Shown(colorization.stamp, colorization, analysis)


def books_of(shown: work.Shown) -> list[list[int]]:
    """The places to look at, in numbers of books from the left."""
    numbers = {int(shown.analysis.regions.labels[100, x]): book for book, x in enumerate((80, 120, 160))}
    return [[numbers[region] for region in members.tolist()] for members in places(shown, 0.6)]


def test_doubtful_neighbours_of_one_colour_are_one_place_to_look_at():
    assert books_of(shelf((1, 1, 1))) == [[1, 0, 2]]
    assert books_of(shelf((1, 1, 2))) == [[1, 0], [2]]
    assert books_of(shelf((1, 2, 1))) == [[1], [0], [2]]
    assert places(None, 0.6) == []


def test_neighbours_of_one_colour_share_their_outline():
    def inner(colors: tuple[int, int, int]) -> int:
        shown = shelf(colors)
        layer = work.confidence_layer(shown.analysis.page, shown, 0.6).levels[0]
        return int(layer[80:120, 97:105, 3].max())

    assert inner((1, 1, 1)) == 0
    assert inner((1, 2, 1)) > 100


# --- in the window


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch) -> Window:
    """The boxes, coloured by a method that is least sure of the third and fairly unsure of the first."""
    monkeypatch.setattr(review, "REST", 30)
    cv2.imwrite(str(tmp_path / "boxes.png"), boxes())
    window = open_window(qtbot, tmp_path, page=tmp_path / "boxes.png")
    doubt(window, {0: 0.5, 1: 0.95, 2: 0.2, 3: 0.4})
    return window


def doubt(window: Window, confidences: dict[int, float]) -> None:
    shown = window.session.shown
    analysis = window.session.analysis
    window.session.shown = replace(shown, colorization=colored(analysis, confidences), analysis=analysis)
    window.review._wait(True)


def marked(window: Window) -> int | None:
    spot = window.canvas.scene.spot
    return next((n for n in range(4) if spot and region(window.session.analysis, n) == spot.region), None)


def test_the_status_bar_says_how_many_once_there_is_nothing_else_to_say(qtbot, window):
    message = window.parts.status.message
    qtbot.wait(60)
    assert "brush" in message.full
    window.parts.status.show_message("")
    assert message.full == "3 regions to look at"
    doubt(window, {0: 0.5})
    qtbot.waitUntil(lambda: message.full == "1 region to look at")
    doubt(window, {})
    qtbot.waitUntil(lambda: message.full == "")
    window.parts.status.show_error("wrong")
    doubt(window, {0: 0.5})
    qtbot.wait(60)
    assert message.full == "wrong"


def test_the_number_stands_still_while_a_stroke_is_drawn(qtbot, window):
    window.parts.status.show_message("")
    qtbot.waitUntil(lambda: window.parts.status.message.full == "3 regions to look at")
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=screen(window, middle(0)))
    settle(qtbot, window.session)
    qtbot.wait(60)
    assert window.session.is_drafting
    assert window.parts.status.message.full == "3 regions to look at"
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=screen(window, middle(0)))
    settle(qtbot, window.session)
    qtbot.waitUntil(lambda: window.parts.status.message.full == "")


def test_j_goes_from_the_least_certain_on_and_round(qtbot, window):
    seen = []
    for _ in range(4):
        QTest.keyClick(window.canvas, "J")
        seen.append(marked(window))
    assert seen == [2, 3, 0, 2]
    assert window.parts.status.message.full == "Region 1 of 3 to look at"
    QTest.keyClick(window.canvas, "J", SHIFT)
    assert marked(window) == 0


def test_what_was_settled_is_left_out_and_the_next_one_comes(qtbot, window):
    QTest.keyClick(window.canvas, "J")
    QTest.keyClick(window.canvas, "J")
    assert marked(window) == 3
    drag(qtbot, window, [middle(3)])
    assert marked(window) is None
    doubt(window, {0: 0.5, 2: 0.2})
    QTest.keyClick(window.canvas, "J")
    assert marked(window) == 0


def test_without_doubts_j_says_so_and_stays(qtbot, window):
    doubt(window, {1: 0.9})
    before = window.canvas.view
    QTest.keyClick(window.canvas, "J")
    assert window.parts.status.message.full == "No region to look at"
    qtbot.wait(150)
    assert window.canvas.view == before


def test_the_region_comes_to_the_middle_at_the_same_zoom(qtbot, window):
    window.canvas.change_view(lambda view: replace(view, zoom=5.0))
    QTest.keyClick(window.canvas, "J")
    qtbot.wait(300)
    box = window.session.analysis.regions.box(np.array([region(window.session.analysis, 2)]))
    center = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    assert (screen(window, center) - window.canvas.middle().toPoint()).manhattanLength() <= 2
    assert window.canvas.view.zoom == 5.0
    window.canvas.change_view(lambda view: replace(view, zoom=30.0))
    QTest.keyClick(window.canvas, "J")
    qtbot.waitUntil(lambda: window.canvas.view.zoom < 10)
    qtbot.wait(150)
    box = window.canvas.view.to_screen(QRectF(200, 20, 50, 100))
    assert window.canvas.rect().contains(box.toAlignedRect().adjusted(2, 2, -2, -2))


def test_a_view_changed_by_hand_ends_the_glide(qtbot, window):
    window.canvas.change_view(lambda view: replace(view, zoom=5.0))
    QTest.keyClick(window.canvas, "J")
    QTest.keyClick(window.canvas, "2")
    fitted = window.canvas.view
    qtbot.wait(200)
    assert window.canvas.view == fitted


def test_a_page_wholly_in_view_is_not_moved():
    view = Viewport(size=QSizeF(800, 600)).fitted(400, 300)
    assert view.showing(Rect(20, 20, 60, 60), Rect(0, 0, 400, 300)).center == view.center


def test_a_page_s_edge_does_not_come_far_into_a_zoomed_view():
    view = replace(Viewport(size=QSizeF(800, 600)), zoom=4.0)
    shown = view.showing(Rect(0, 100, 20, 120), Rect(0, 0, 400, 300))
    assert shown.transform.map(0.0, 0.0)[0] == pytest.approx(24, abs=1)


def test_the_mark_is_a_dark_and_a_light_line_around_the_region(qtbot, window):
    before = color_at(window, (BOXES[2][0] + 1, 70))
    QTest.keyClick(window.canvas, "J")
    qtbot.wait(150)
    image = window.canvas.grab().toImage()
    left = screen(window, (BOXES[2][0] + 1, 70))
    row = [image.pixelColor(left.x() + d, left.y()).lightness() for d in range(-8, 9)]
    assert before == (0, 0, 0)
    assert max(row) > 240
    assert min(row) < 40


def test_the_overlay_outlines_the_doubtful_regions_the_least_certain_strongest(qtbot, window):
    QTest.keyClick(window.canvas, Qt.Key.Key_F10)
    settle(qtbot, window.session)
    assert window.session.overlays["confidence"].on
    layer = window.session.layers["confidence"][1].level(0)

    def strength(number: int) -> int:
        x, y = BOXES[number]
        return int(layer[y + 30 : y + 60, x - 2 : x + 8, 3].max())

    assert strength(2) > strength(3) > strength(0) > 100
    assert strength(1) == 0
    assert layer[60, BOXES[2][0] + 25, 3] == 0
    y, x = np.argwhere(layer[..., 3] == layer[..., 3].max())[0]
    wanted = [part * int(layer[y, x, 3]) // 255 for part in DOUBT_COLOR]
    assert layer[y, x, 2::-1].tolist() == pytest.approx(wanted, abs=2)


def test_below_sets_what_counts_as_doubtful_for_all(qtbot, window):
    QTest.keyClick(window.canvas, Qt.Key.Key_F10)
    window.parts.bar.overlayParameterChanged.emit("confidence", "below", 30)
    window.parts.status.show_message("")
    settle(qtbot, window.session)
    qtbot.waitUntil(lambda: window.parts.status.message.full == "1 region to look at")
    layer = window.session.layers["confidence"][1].level(0)
    assert layer[20:60, BOXES[0][0] - 4 : BOXES[0][0] + 10, 3].max() == 0
