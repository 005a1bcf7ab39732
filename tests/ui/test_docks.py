from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from mangapaint.document.page import Reference
from mangapaint.document.palette import Palette, Swatch
from mangapaint.ui import theme as themes
from mangapaint.ui.docks.color import ColorDock
from mangapaint.ui.docks.palette import Group, PaletteDock
from mangapaint.ui.docks.references import ReferencesDock
from mangapaint.ui.docks.titlebar import HEIGHT, DockTitle, balance, framed
from mangapaint.ui.docks.wheel import Hsv
from mangapaint.ui.swatches import Layout
from mangapaint.ui.theme import DARK, LIGHT

LEFT = Qt.MouseButton.LeftButton
SKIN = (232, 183, 150)


@pytest.fixture(autouse=True)
def _dark(qapp):
    themes.apply(qapp, DARK)


def shown(qtbot, widget: QWidget, height: int = 480):
    qtbot.addWidget(widget)
    widget.resize(300, height)
    widget.show()
    qtbot.waitExposed(widget)
    QApplication.processEvents()
    return widget


@pytest.fixture
def color(qtbot):
    return shown(qtbot, ColorDock(DARK))


@pytest.fixture
def references(qtbot):
    return shown(qtbot, ReferencesDock(DARK))


@pytest.fixture
def palette(qtbot):
    return shown(qtbot, PaletteDock(DARK))


def two_colored(name: str = "two.png", size: int = 900) -> Reference:
    pixels = np.zeros((size, size, 3), np.uint8)
    pixels[:, : size // 2] = (200, 30, 40)
    pixels[:, size // 2 :] = (20, 60, 220)
    return Reference(pixels, name)


def test_setting_a_colour_shows_it_and_tells_nobody(qtbot, color):
    with qtbot.assertNotEmitted(color.colorPicked):
        color.set_color(SKIN)
    assert color.color == SKIN
    assert color.hex.text() == "#e8b796"
    assert color.wheel.hsv.color == SKIN
    assert color.sample.grab().toImage().pixelColor(14, 14).getRgb()[:3] == SKIN


def test_the_ring_picks_a_hue(qtbot, color):
    color.set_color((255, 0, 0))
    with qtbot.waitSignal(color.colorPicked) as picked:
        qtbot.mouseClick(color.wheel, LEFT, pos=color.wheel.hue_point(120).toPoint())
    red, green, blue = picked.args[0]
    assert green == 255
    assert max(red, blue) < 12


def test_the_square_picks_and_is_dragged_beyond_its_edge(qtbot, color):
    color.set_color((255, 0, 0))
    wheel = color.wheel
    qtbot.mousePress(wheel, LEFT, pos=wheel.square_point(0.5, 0.5).toPoint())
    assert color.color == pytest.approx((128, 64, 64), abs=4)
    with qtbot.waitSignal(color.colorPicked):
        qtbot.mouseMove(wheel, wheel.square().topRight().toPoint() + QPoint(12, -12))
    assert color.color == (255, 0, 0)
    qtbot.mouseRelease(wheel, LEFT)
    with qtbot.assertNotEmitted(color.colorPicked):
        qtbot.mouseMove(wheel, wheel.square().center().toPoint())


def test_a_press_between_ring_and_square_does_nothing(qtbot, color):
    box = color.wheel.square()
    with qtbot.assertNotEmitted(color.colorPicked):
        qtbot.mouseClick(color.wheel, LEFT, pos=QPoint(round(box.center().x()), round(box.top()) - 6))
        qtbot.mouseClick(color.wheel, LEFT, pos=color.wheel.outer().topLeft().toPoint() + QPoint(2, 2))


def test_the_wheel_is_painted_where_it_is_pressed(color):
    color.set_color((0, 255, 0))
    wheel = color.wheel
    shot = wheel.grab().toImage()
    for hue, expected in ((0, (255, 0, 0)), (240, (0, 0, 255)), (60, (255, 255, 0))):
        assert shot.pixelColor(wheel.hue_point(hue).toPoint()).getRgb()[:3] == pytest.approx(expected, abs=12)
    assert shot.pixelColor(wheel.square().center().toPoint()).getRgb()[:3] == pytest.approx((64, 128, 64), abs=6)
    corner = wheel.mapTo(color, wheel.outer().topLeft().toPoint())
    assert color.grab().toImage().pixelColor(corner).name() == DARK.panel


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Left, Hsv(40, 0.49, 0.5)),
        (Qt.Key.Key_Right, Hsv(40, 0.51, 0.5)),
        (Qt.Key.Key_Up, Hsv(40, 0.5, 0.51)),
        (Qt.Key.Key_Down, Hsv(40, 0.5, 0.49)),
        (Qt.Key.Key_PageUp, Hsv(42, 0.5, 0.5)),
    ],
)
def test_the_wheel_follows_the_keys(qtbot, color, key: Qt.Key, expected: Hsv):
    color.wheel._hsv = Hsv(40, 0.5, 0.5)
    with qtbot.waitSignal(color.colorPicked):
        qtbot.keyClick(color.wheel, key)
    hsv = color.wheel.hsv
    assert (hsv.hue, hsv.saturation, hsv.value) == pytest.approx((expected.hue, expected.saturation, expected.value))


def test_shift_and_an_arrow_turn_the_hue(qtbot, color):
    color.wheel._hsv = Hsv(1, 1, 1)
    qtbot.keyClick(color.wheel, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert color.wheel.hsv.hue == pytest.approx(359)


def test_gray_keeps_the_hue():
    assert Hsv(200, 0.7, 0.7).towards((90, 90, 90)).hue == 200
    black = Hsv(200, 0.7, 0.7).towards((0, 0, 0))
    assert (black.hue, black.saturation, black.value) == (200, 0.7, 0)


def test_hex_is_typed(qtbot, color):
    color.hex.clear()
    qtbot.keyClicks(color.hex, "#0a8")
    with qtbot.waitSignal(color.colorPicked) as picked:
        qtbot.keyClick(color.hex, Qt.Key.Key_Return)
    assert picked.args == [(0, 170, 136)]
    assert color.hex.text() == "#00aa88"
    assert color.wheel.hsv.color == (0, 170, 136)


def test_wrong_hex_is_marked_and_put_back(qtbot, color):
    color.set_color(SKIN)
    color.hex.clear()
    with qtbot.assertNotEmitted(color.colorPicked):
        qtbot.keyClicks(color.hex, "#zz")
        assert color.hex.property("invalid") is True
        assert color.hex.grab().toImage().pixelColor(40, 0).name() == DARK.error
        qtbot.keyClick(color.hex, Qt.Key.Key_Return)
        qtbot.keyClick(color.hex, Qt.Key.Key_Escape)
    assert color.hex.text() == "#e8b796"
    assert color.hex.property("invalid") is False


def test_keep_uncoloured_is_a_choice_and_comes_back(qtbot, color):
    color.set_color(SKIN)
    with qtbot.waitSignal(color.colorPicked) as picked:
        qtbot.mouseClick(color.uncoloured, LEFT)
    assert picked.args == [None]
    assert color.hex.text() == ""
    with qtbot.waitSignal(color.colorPicked) as picked:
        qtbot.mouseClick(color.uncoloured, LEFT)
    assert picked.args == [SKIN]


def test_recent_colours_are_unique_few_and_pressed(qtbot, color):
    many = [(index, 0, 0) for index in range(30)]
    color.set_recent([SKIN, *many, SKIN])
    QApplication.processEvents()
    swatches = color.recent
    assert len(swatches._swatches) == 18
    with qtbot.waitSignal(color.colorPicked) as picked:
        qtbot.mouseClick(swatches, LEFT, pos=swatches.cell(0).center())
    assert picked.args == [SKIN]
    with qtbot.waitSignal(color.colorPicked) as picked:
        qtbot.mouseClick(swatches, LEFT, pos=swatches.cell(17).center())
    assert picked.args == [(16, 0, 0)]
    assert swatches.rect().contains(swatches.cell(17))


def test_the_size_is_slid_and_typed(qtbot, color):
    with qtbot.assertNotEmitted(color.sizePicked):
        color.set_size(7.5)
    assert color.size_row.spin.value() == 7.5
    assert color.size_row.spin.text() == "7.5\u2009px"
    with qtbot.waitSignal(color.sizePicked) as picked:
        qtbot.keyClick(color.size_row.track, Qt.Key.Key_End)
    assert picked.args == [500.0]
    assert color.size_row.spin.text() == "500\u2009px"
    with qtbot.waitSignal(color.sizePicked) as picked:
        color.size_row.spin.selectAll()
        qtbot.keyClicks(color.size_row.spin, "3.5")
        qtbot.keyClick(color.size_row.spin, Qt.Key.Key_Return)
    assert picked.args == [3.5]


def test_an_empty_palette_says_what_it_is_for(palette):
    assert palette.empty.isVisible()
    palette.set_groups([Group("Page", Palette((Swatch(SKIN),)))])
    assert not palette.empty.isVisible()
    palette.set_groups([Group("Page", Palette())])
    assert palette.empty.isVisible()
    assert palette.groups == ()


@pytest.mark.parametrize("layout", list(Layout))
def test_a_swatch_is_painted_named_and_pressed(qtbot, palette, layout: Layout):
    swatches = (Swatch((1, 2, 200), "hair", 0.31), Swatch(SKIN, "", 0.004))
    palette.set_groups([Group("Reference: x.png", Palette(swatches)), Group("Page", Palette((Swatch((9, 9, 9)),)))])
    palette.set_layout(layout)
    QApplication.processEvents()
    first = palette.groups[0].swatches
    assert palette.groups[0].title.full == "Reference: x.png"
    assert first.tip(0) == "hair  #0102c8  31\u2009%"
    assert first.tip(1).startswith("#e8b796  <")
    at = first.cell(1).topLeft() + QPoint(12, 12)
    assert first.grab().toImage().pixelColor(at).getRgb()[:3] == SKIN
    with qtbot.waitSignal(palette.colorPicked) as picked:
        qtbot.mouseClick(first, LEFT, pos=at)
    assert picked.args == [SKIN]


def test_swatches_are_reached_by_keys(qtbot, palette):
    palette.set_groups([Group("Page", Palette((Swatch((1, 1, 1)), Swatch((2, 2, 2)), Swatch((3, 3, 3)))))])
    swatches = palette.groups[0].swatches
    qtbot.keyClick(swatches, Qt.Key.Key_Down)
    qtbot.keyClick(swatches, Qt.Key.Key_Down)
    qtbot.keyClick(swatches, Qt.Key.Key_Up)
    with qtbot.waitSignal(palette.colorPicked) as picked:
        qtbot.keyClick(swatches, Qt.Key.Key_Return)
    assert picked.args == [(2, 2, 2)]


def test_the_switch_turns_all_groups(qtbot, palette):
    one = Palette((Swatch(SKIN),))
    palette.set_groups([Group("A", one), Group("B", one)])
    QApplication.processEvents()
    qtbot.mouseClick(palette.groups[0].switch, LEFT)
    assert [group.swatches._layout for group in palette.groups] == [Layout.GRID, Layout.GRID]
    assert palette.groups[0].switch.isVisible()
    assert not palette.groups[1].switch.isVisible()


def test_a_reference_is_shown_and_its_colour_picked(qtbot, references):
    references.set_references([two_colored()])
    QApplication.processEvents()
    large, place = references.large, references.large.place()
    shot = large.grab().toImage()
    for part, expected in ((0.25, (200, 30, 40)), (0.75, (20, 60, 220))):
        at = QPointF(place.left() + part * place.width(), place.center().y())
        assert shot.pixelColor(at.toPoint()).getRgb()[:3] == expected
        with qtbot.waitSignal(references.colorPicked) as picked:
            qtbot.mouseClick(large, LEFT, pos=at.toPoint())
        assert picked.args == [expected]
    assert large.color_at(QPointF(place.left() - 3, place.center().y())) is None


def test_gray_references_are_shown_too(references):
    references.set_references([Reference(np.full((40, 60), 77, np.uint8), "g.png")])
    QApplication.processEvents()
    assert references.large.color_at(references.large.place().center()) == (77, 77, 77)


def test_thumbnails_choose_and_the_cross_removes(qtbot, references):
    one, two = two_colored("one.png"), Reference(np.full((50, 50, 3), 9, np.uint8), "two.png")
    references.set_references([one, two])
    QApplication.processEvents()
    assert references.selected is two
    qtbot.mouseClick(references.thumbs, LEFT, pos=references.thumbs.cell(0).center())
    assert references.selected is one
    assert references.name.full == "one.png"
    with qtbot.waitSignal(references.removeRequested) as removed:
        qtbot.mouseClick(references.remove, LEFT)
    assert removed.args == [one]
    references.set_references([two])
    assert references.selected is two
    references.set_references([])
    assert references.selected is None
    assert not references.large.isVisible()


def test_thumbnails_are_made_once_for_each_reference(references, monkeypatch):
    import mangapaint.ui.docks.references as module

    made = []
    shrink = module._shrunk
    monkeypatch.setattr(module, "_shrunk", lambda item: made.append(item.name) or shrink(item))
    one, two = two_colored("one.png"), Reference(np.full((50, 50, 3), 9, np.uint8), "two.png")
    references.set_references([one])
    references.set_references([one, two])
    references.set_references([two, one])
    assert made == ["one.png", "two.png"]


def test_files_are_dropped_and_other_things_are_not(qtbot, references, tmp_path: Path):
    paths = [tmp_path / "a.png", tmp_path / "b c.jpg"]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    QApplication.sendEvent(references, enter)
    assert enter.isAccepted()
    assert references.area._hot
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(references.filesDropped) as dropped:
        QApplication.sendEvent(references, drop)
    assert dropped.args == [paths]
    assert not references.area._hot
    text = QMimeData()
    text.setText("words")
    wrong = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, text, LEFT, Qt.KeyboardModifier.NoModifier)
    wrong.ignore()
    QApplication.sendEvent(references, wrong)
    assert not wrong.isAccepted()
    QApplication.sendEvent(references, QDragLeaveEvent())


def test_the_drop_area_browses(qtbot, references):
    with qtbot.waitSignal(references.browseRequested):
        qtbot.mouseClick(references.area, LEFT)


def test_a_dock_folds_floats_and_shares_its_height(qtbot):
    window = shown(qtbot, QMainWindow(), 900)
    window.setCentralWidget(QWidget())
    color, palette = ColorDock(DARK), PaletteDock(DARK)
    docks = [framed("Color", color, DARK, name="color"), framed("Palette", palette, DARK, name="palette")]
    for dock in docks:
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    QApplication.processEvents()
    balance(window, docks, filling=docks[1])
    QApplication.processEvents()
    assert abs(docks[0].height() - docks[0].sizeHint().height()) <= 2
    title = docks[0].titleBarWidget()
    assert isinstance(title, DockTitle)
    assert color.mapTo(docks[0], QPoint(0, 0)).y() == HEIGHT
    with qtbot.waitSignal(title.folded) as folded:
        qtbot.mouseDClick(title, LEFT, pos=QPoint(120, 16))
    QApplication.processEvents()
    assert folded.args == [True]
    assert not color.isVisible()
    assert docks[0].height() == HEIGHT
    qtbot.mouseClick(title.fold, LEFT)
    assert color.isVisible()
    qtbot.mouseClick(title.float, LEFT)
    assert docks[0].isFloating()
    qtbot.mouseClick(title.close_button, LEFT)
    assert not docks[0].isVisible()


def test_docks_take_the_other_theme(qapp, color, palette, references):
    palette.set_groups([Group("Page", Palette((Swatch(SKIN),)))])
    references.set_references([two_colored()])
    themes.apply(qapp, LIGHT)
    for dock in (color, palette, references):
        dock.set_theme(LIGHT)
        assert dock.grab().toImage().pixelColor(2, 2).name() == LIGHT.panel
