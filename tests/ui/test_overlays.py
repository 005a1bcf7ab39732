"""The overlays over the canvas: switched in three places, painted, and following page, strokes and references."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from test_canvas import LEFT_BUTTON, NO_KEY, SCRIBBLE, color_at, drag, grabbed, open_window, rgb, screen
from test_session import BLUE, RED, page_file, reference_file, settle

from mangapaint.document.document import Choice
from mangapaint.formats.writing import write_png
from mangapaint.settings import Settings
from mangapaint.ui import work
from mangapaint.ui.marks import CROSS_COLOR, STRIP_HEIGHT, STRIP_MARGIN
from mangapaint.ui.overlays import OVERLAYS, OverlayState, overlay_by_id
from mangapaint.ui.paintbox import FIRST
from mangapaint.ui.window import Window

KEYS = {"palette": Qt.Key.Key_F6, "edges": Qt.Key.Key_F7, "corners": Qt.Key.Key_F8, "regions": Qt.Key.Key_F9,
        "confidence": Qt.Key.Key_F10}  # fmt: skip
CROSS = (CROSS_COLOR >> 16 & 255, CROSS_COLOR >> 8 & 255, CROSS_COLOR & 255)
WHITE = (255, 255, 255)


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    return open_window(qtbot, tmp_path)


def switch_on(qtbot, window: Window, overlay: str, *, opacity: float = 1.0) -> None:
    window.parts.bar.overlayOpacityChanged.emit(overlay, opacity)
    QTest.keyClick(window.canvas, KEYS[overlay])
    settle(qtbot, window.session)


def line_points(window: Window, overlay: str) -> list[tuple[float, float]]:
    """The middles of the page pixels that an overlay of lines covers wholly."""
    pixels = window.session.layers[overlay][1].level(0)
    return [(x + 0.5, y + 0.5) for y, x in np.argwhere(pixels[..., 3] == 255).tolist()]


def strip(window: Window) -> set[tuple[int, int, int]]:
    """The colours in the middle line of the palette strip."""
    image = grabbed(window)
    y = image.height() - 1 - STRIP_MARGIN - STRIP_HEIGHT // 2
    return {rgb(image.pixelColor(x, y)) for x in range(STRIP_MARGIN + 1, STRIP_MARGIN + 640)}


def stands(window: Window, overlay: str) -> tuple[bool, bool, bool, bool]:
    """Whether it is on, in all the places that say so."""
    return (
        window.session.overlays[overlay].on,
        window.actions_by_id[overlay].isChecked(),
        window.parts.bar.overlay_button(overlay).switch.isChecked(),
        overlay in window.canvas.scene.layers,
    )


@pytest.mark.parametrize("overlay", ["palette", "edges", "corners", "regions"])
def test_key_menu_and_page_bar_switch_the_same_thing_and_stay_in_step(qtbot, window, overlay):
    plain = grabbed(window)
    switch = window.parts.bar.overlay_button(overlay).switch
    ways = [
        lambda: QTest.keyClick(window.canvas, KEYS[overlay]),
        lambda: QTest.mouseClick(switch, LEFT_BUTTON),
        window.actions_by_id[overlay].trigger,
    ]
    for on, off in ((0, 1), (1, 2), (2, 0)):
        ways[on]()
        settle(qtbot, window.session)
        assert stands(window, overlay) == (True, True, True, True)
        assert grabbed(window) != plain
        ways[off]()
        settle(qtbot, window.session)
        assert stands(window, overlay) == (False, False, False, False)
        assert grabbed(window) == plain


def test_edges_are_painted_at_edges(qtbot, window):
    switch_on(qtbot, window, "edges")
    points = line_points(window, "edges")
    assert len(points) > 300
    assert all(20 < x < 280 and 20 < y < 180 for x, y in points)
    image = grabbed(window)
    assert {rgb(image.pixelColor(screen(window, point))) for point in points} == {work.EDGE_COLOR}
    assert rgb(image.pixelColor(screen(window, (85, 100)))) == WHITE


def test_crosses_are_painted_at_the_corners(qtbot, window):
    switch_on(qtbot, window, "corners")
    points = window.session.layers["corners"][1]
    image = grabbed(window)
    shown = [
        (x, y) for x in range(image.width()) for y in range(image.height()) if rgb(image.pixelColor(x, y)) == CROSS
    ]
    assert shown
    marked = np.array(shown)
    for corner in ((240, 140), (252, 140), (240, 152), (252, 152)):
        at = screen(window, corner)
        assert np.abs(marked - (at.x(), at.y())).max(axis=1).min() < 10
    places = np.array([[p.x(), p.y()] for p in (screen(window, (x + 0.5, y + 0.5)) for x, y, *_ in points.tolist())])
    for x, y in marked[::7].tolist():
        assert np.abs(places - (x, y)).max(axis=1).min() <= 3


def test_regions_are_outlined_and_the_one_under_the_pointer_is_filled(qtbot, window):
    switch_on(qtbot, window, "regions")
    image = grabbed(window)
    assert {rgb(image.pixelColor(screen(window, point))) for point in line_points(window, "regions")} == {
        work.REGION_COLOR
    }
    QTest.mouseMove(window.canvas, screen(window, (60, 60)))
    image = window.canvas.grab().toImage()
    filled = rgb(image.pixelColor(screen(window, (110, 150))))
    assert filled == pytest.approx(np.array(WHITE) * 0.8 + np.array(work.REGION_COLOR) * 0.2, abs=3)
    assert rgb(image.pixelColor(screen(window, (215, 100)))) == WHITE
    QTest.mouseMove(window.canvas, screen(window, (215, 60)))
    image = window.canvas.grab().toImage()
    assert rgb(image.pixelColor(screen(window, (110, 150)))) == WHITE
    assert rgb(image.pixelColor(screen(window, (215, 150)))) == filled
    assert color_at(window, (215, 150)) == WHITE


def test_the_palette_is_painted_as_strip_and_as_flats_and_follows_the_strokes(qtbot, window):
    switch_on(qtbot, window, "palette")
    swatches = {item.color for item in window.session.layers["palette"][1].palette.swatches}
    assert strip(window) == swatches
    assert color_at(window, (215, 100)) in swatches
    drag(qtbot, window, SCRIBBLE)
    after = {item.color for item in window.session.layers["palette"][1].palette.swatches}
    assert strip(window) == after != swatches
    assert color_at(window, (40, 150)) == pytest.approx(FIRST, abs=3)


def test_the_palette_is_the_reference_s_where_there_is_one(qtbot, window, tmp_path):
    switch_on(qtbot, window, "palette")
    before = strip(window)
    window.session.add_reference(reference_file(tmp_path / "reference.png"))
    settle(qtbot, window.session)
    assert all(color == pytest.approx(RED, abs=3) or color == pytest.approx(BLUE, abs=3) for color in strip(window))
    assert len(strip(window)) == 2
    assert any(color_at(window, (215, 100)) == pytest.approx(color, abs=3) for color in (RED, BLUE))
    window.session.undo()
    settle(qtbot, window.session)
    assert strip(window) == before


@pytest.mark.parametrize("overlay", KEYS)
def test_overlays_are_of_the_page_that_is_open(qtbot, window, tmp_path, overlay):
    switch_on(qtbot, window, overlay)
    first = window.session.layers[overlay]
    window.session.open(page_file(tmp_path / "other.png", shift=40))
    qtbot.waitSignal(window.session.opened).wait()
    assert overlay not in window.canvas.scene.layers
    settle(qtbot, window.session)
    key, layer = window.session.layers[overlay]
    assert key[1] == window.session.page.id != first[0][1]
    assert window.canvas.scene.layers[overlay][0] is layer
    assert layer is not first[1]


def test_edges_move_with_the_page(qtbot, window, tmp_path):
    switch_on(qtbot, window, "edges")
    assert color_at(window, (85, 29.5)) == color_at(window, (85, 29.5))
    before = set(line_points(window, "edges"))
    window.session.open(page_file(tmp_path / "other.png", shift=40))
    settle(qtbot, window.session)
    after = set(line_points(window, "edges"))
    image = grabbed(window)
    gone = [point for point in before - after if 40 < point[0] < 130 and point[1] < 40]
    assert gone
    assert {rgb(image.pixelColor(screen(window, point))) for point in gone} == {WHITE}


def test_the_filled_region_does_not_stay_when_another_page_opens(qtbot, window, tmp_path):
    switch_on(qtbot, window, "regions")
    QTest.mouseMove(window.canvas, screen(window, (60, 60)))
    window.session.open(page_file(tmp_path / "other.png", shift=40))
    settle(qtbot, window.session)
    image = window.canvas.grab().toImage()
    assert rgb(image.pixelColor(screen(window, (110, 150)))) == WHITE


def test_opacity_is_how_strongly_it_is_painted(qtbot, window):
    switch_on(qtbot, window, "edges", opacity=0.5)
    pixels = window.session.layers["edges"][1].level(0)
    light = [point for point in line_points(window, "edges") if color_of_page(window, point) == WHITE]
    assert (pixels[..., 3] > 0).any()
    assert light
    half = (np.array(WHITE) + work.EDGE_COLOR) / 2
    assert color_at(window, light[0]) == pytest.approx(half, abs=2)
    window.parts.bar.overlayOpacityChanged.emit("edges", 0.0)
    assert color_at(window, light[0]) == WHITE


def color_of_page(window: Window, at: tuple[float, float]) -> tuple[int, int, int]:
    return window.session.picture.color(int(at[0]), int(at[1]))


def test_a_parameter_makes_the_overlay_anew_and_is_remembered(qtbot, tmp_path, window):
    switch_on(qtbot, window, "corners", opacity=0.7)
    window.parts.bar.overlayParameterChanged.emit("corners", "threshold", 60.0)
    settle(qtbot, window.session)
    assert window.session.layers["corners"][0][-1] == 60
    assert OverlayState.of(overlay_by_id("corners"), window.settings) == OverlayState(False, 0.7, (60.0,))


@pytest.mark.parametrize(
    "kept", [None, 5, {"opacity": "x", "values": []}, {"opacity": 0.5, "values": [1e9]}, {"opacity": 0.5, "values": []}]
)
def test_settings_that_fit_no_overlay_are_the_defaults(kept):
    row, settings = overlay_by_id("edges"), Settings()
    settings.keep("overlay.edges", kept)
    assert OverlayState.of(row, settings) == OverlayState(False, row.opacity, (row.parameters[0].value,))


def test_another_gap_outlines_the_regions_anew(qtbot, window):
    switch_on(qtbot, window, "regions")
    before = window.session.layers["regions"]
    window.session.choose(gap=9)
    settle(qtbot, window.session)
    assert window.session.document.choice == Choice(gap=9)
    assert window.session.layers["regions"][0] != before[0]


def test_all_overlays_at_once_stay_under_the_hints(qtbot, window):
    drag(qtbot, window, SCRIBBLE)
    for overlay in KEYS:
        switch_on(qtbot, window, overlay)
    assert set(window.canvas.scene.layers) == {row.id for row in OVERLAYS}
    assert color_at(window, SCRIBBLE[1]) == FIRST


def test_while_a_key_shows_the_result_alone_no_overlay_is_painted(qtbot, window):
    plain = grabbed(window)
    for overlay in KEYS:
        switch_on(qtbot, window, overlay)
    QTest.keyPress(window.canvas, Qt.Key.Key_V)
    assert grabbed(window) == plain
    QTest.keyRelease(window.canvas, Qt.Key.Key_V)


def test_a_failed_overlay_is_tried_again_when_it_is_switched_on_again(qtbot, window, monkeypatch):
    edges_layer, tried = work.edges_layer, []

    def failing(gray, sigma):
        tried.append(sigma)
        raise MemoryError

    monkeypatch.setattr(work, "edges_layer", failing)
    QTest.keyClick(window.canvas, KEYS["edges"])
    settle(qtbot, window.session)
    window.parts.bar.overlayOpacityChanged.emit("edges", 0.4)
    settle(qtbot, window.session)
    assert len(tried) == 1
    assert "memory" in window.parts.status.message.full
    monkeypatch.setattr(work, "edges_layer", edges_layer)
    QTest.keyClick(window.canvas, KEYS["edges"])
    QTest.keyClick(window.canvas, KEYS["edges"])
    settle(qtbot, window.session)
    assert "edges" in window.canvas.scene.layers


def test_no_overlay_is_worked_on_while_a_stroke_is_drawn(qtbot, window):
    switch_on(qtbot, window, "palette")
    before = window.session.layers["palette"]
    QTest.mousePress(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[0]))
    QTest.mouseMove(window.canvas, screen(window, SCRIBBLE[1]))
    settle(qtbot, window.session)
    assert window.session.layers["palette"] is before
    QTest.mouseRelease(window.canvas, LEFT_BUTTON, NO_KEY, screen(window, SCRIBBLE[1]))
    settle(qtbot, window.session)
    assert window.session.layers["palette"] is not before


def test_overlays_that_were_given_no_page_wait_for_one(qtbot, tmp_path):
    window = Window(Settings(), kept=tmp_path)
    qtbot.addWidget(window)
    window.session.set_overlay("edges", replace(window.session.overlays["edges"], on=True))
    window.show()
    window.session.open(page_file(tmp_path / "page.png"))
    settle(qtbot, window.session)
    assert stands(window, "edges") == (True, True, True, True)
    assert color_at(window, (85, 100)) == WHITE
    assert window.canvas.rect().contains(QPoint(5, 5))


def test_a_reference_shows_the_overlays_that_are_on_and_no_others(qtbot, window, tmp_path):
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[20:40, 20:40] = 0
    write_png(tmp_path / "edged.png", pixels)
    window.session.add_reference(tmp_path / "edged.png")
    settle(qtbot, window.session)
    (reference,) = window.session.document.references
    switch_on(qtbot, window, "regions")
    assert window.session.views == {}
    switch_on(qtbot, window, "edges")
    _, view = window.session.views[reference.id]
    assert (view == work.EDGE_COLOR).all(axis=2).any()
    window.toggle_overlay("edges")
    settle(qtbot, window.session)
    assert window.session.views == {}
