from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidgetAction

from mangapaint.document.page import Kind
from mangapaint.ui import theme as themes
from mangapaint.ui.controls import ElidedLabel, Range, ValueSlider
from mangapaint.ui.pagebar import MethodRow, OptionRow, OverlayRow, PageBar, Parameter
from mangapaint.ui.statusbar import StatusBar
from mangapaint.ui.theme import DARK, LIGHT
from mangapaint.ui.toolrail import ColorPair, ToolRail, ToolRow

TOOLS = (ToolRow("brush", "Brush", "brush", "B"), ToolRow("eraser", "Eraser", "eraser", "E"))
OVERLAYS = (
    OverlayRow(
        "edges", "Edges", "edges", "F2", (Parameter("low", "Low", 0, 255, 60), Parameter("q", "Q", 0, 1, 0, 0.05))
    ),
    OverlayRow("palette", "Palette", "palette", "F1"),
    OverlayRow("corners", "Corners", "corners", "F3"),
    OverlayRow("regions", "Regions", "regions", "F4"),
)
METHODS = (
    MethodRow("auto", "Auto"),
    MethodRow("flow", "Hint flow"),
    MethodRow("net", "Network", enabled=False, why_not="needs weights"),
)


@pytest.fixture(autouse=True)
def _dark(qapp):
    themes.apply(qapp, DARK)


@pytest.fixture
def rail(qtbot):
    widget = ToolRail(TOOLS, DARK)
    qtbot.addWidget(widget)
    widget.resize(44, 600)
    widget.show()
    return widget


@pytest.fixture
def bar(qtbot):
    widget = PageBar(DARK)
    qtbot.addWidget(widget)
    widget.set_overlays(OVERLAYS)
    widget.set_methods(METHODS, "auto")
    widget.set_page("page-012.png", changed=False)
    widget.set_kind(Kind.LINE, None)
    widget.set_device("CPU", "the processor")
    widget.resize(1000, 40)
    widget.show()
    return widget


@pytest.fixture
def status(qtbot):
    widget = StatusBar(DARK)
    qtbot.addWidget(widget)
    widget.resize(1000, 24)
    widget.show()
    return widget


def press(qtbot, menu: QMenu, text: str) -> None:
    menu.popup(QPoint(0, 0))
    action = next(action for action in menu.actions() if action.text() == text)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    menu.close()


def test_a_tool_is_picked_with_the_mouse_and_is_alone(qtbot, rail):
    rail.set_active("brush")
    with qtbot.waitSignal(rail.toolPicked) as picked:
        qtbot.mouseClick(rail.button("eraser"), Qt.MouseButton.LeftButton)
    assert picked.args == ["eraser"]
    assert rail.button("eraser").isChecked()
    assert not rail.button("brush").isChecked()


def test_setting_the_tool_tells_nobody(qtbot, rail):
    with qtbot.assertNotEmitted(rail.toolPicked):
        rail.set_active("eraser")
        rail.set_active("no such tool")
    assert rail.button("eraser").isChecked()


def test_the_active_tool_is_painted_in_the_accent(rail):
    rail.set_active("brush")
    assert rail.button("brush").grab().toImage().pixelColor(6, 6).name() == DARK.accent
    assert rail.button("eraser").grab().toImage().pixelColor(6, 6).name() != DARK.accent


def test_tools_say_their_key(rail):
    assert rail.button("brush").toolTip() == "Brush  B"
    assert rail.width() == 44


def test_the_two_colours_are_painted_and_pressed(qtbot, rail):
    rail.set_colors((10, 200, 30), (200, 10, 30))
    shot = rail.colors.grab().toImage()
    assert shot.pixelColor(ColorPair.FRONT.center()).getRgb()[:3] == (10, 200, 30)
    corner = ColorPair.BACK.bottomRight() - QPoint(4, 4)
    assert shot.pixelColor(corner).getRgb()[:3] == (200, 10, 30)
    for at, front in ((ColorPair.FRONT.center(), True), (corner, False)):
        with qtbot.waitSignal(rail.colorClicked) as clicked:
            qtbot.mouseClick(rail.colors, Qt.MouseButton.LeftButton, pos=at)
        assert clicked.args == [front]
    with qtbot.waitSignal(rail.swapRequested):
        qtbot.mouseClick(rail.colors, Qt.MouseButton.LeftButton, pos=ColorPair.SWAP.center())


def test_keep_uncoloured_is_a_white_square_struck_through(rail):
    rail.set_colors(None, (0, 0, 0))
    shot = rail.colors.grab().toImage()
    assert shot.pixelColor(ColorPair.FRONT.topLeft() + QPoint(6, 6)).name() == "#ffffff"
    middle = shot.pixelColor(ColorPair.FRONT.center())
    assert middle.red() > middle.green() + 60
    assert rail.colors.tip(5, 5) == "Foreground  keep uncoloured"


def test_space_opens_the_foreground(qtbot, rail):
    with qtbot.waitSignal(rail.colorClicked) as clicked:
        qtbot.keyClick(rail.colors, Qt.Key.Key_Space)
    assert clicked.args == [True]


def test_the_name_elides_first_and_nothing_is_clipped(bar):
    bar.set_page("a very long name of a page " * 6 + ".png", changed=True)
    bar.set_kind(Kind.TONE, Kind.TONE)
    bar.set_gap(8)
    bar.resize(1000, 40)
    bar.layout().activate()
    assert "\u2026" in bar.name.text()
    assert bar.name.toolTip().endswith(".png \u2022")
    parts = [bar.kind, bar.method, bar.gap, bar.device, *(bar.overlay_button(row.id) for row in OVERLAYS)]
    for part in parts:
        assert part.width() >= part.sizeHint().width()
        assert part.x() >= 0
        assert part.geometry().right() < bar.width() - 11
    assert bar.minimumSizeHint().width() <= 1000


def test_changes_are_marked_with_a_dot(bar):
    bar.set_page("a.png", changed=False)
    assert bar.name.full == "a.png"
    bar.set_page("a.png", changed=True)
    assert bar.name.full == "a.png \u2022"


def test_without_a_page_there_is_nothing_to_choose(bar):
    bar.set_page(None, changed=False)
    assert bar.name.isHidden()
    assert bar.kind.isHidden()
    assert not bar.overlay_button("edges").isEnabled()


def test_the_kind_chip_tells_the_kind_and_who_chose_it(bar):
    bar.set_kind(Kind.GRAY, None)
    assert bar.kind.text() == "Gray"
    assert bar.kind.icon().isNull()
    bar.set_kind(Kind.GRAY, Kind.TONE)
    assert bar.kind.text() == "Screentone"
    assert not bar.kind.icon().isNull()
    checked = [action.text() for action in bar.kind.menu().actions() if action.isChecked()]
    assert checked == ["Screentone"]


def test_the_kind_chip_tells_the_panels_kinds_where_they_differ(bar):
    panels = (Kind.LINE, Kind.TONE, Kind.LINE)
    bar.set_kind(Kind.MIXED, None, panels)
    assert bar.kind.toolTip().splitlines()[1:] == ["Panels 1, 3: line art", "Panel 2: screentone"]
    bar.set_kind(Kind.MIXED, Kind.GRAY, panels)
    assert bar.kind.toolTip() == "Kind of page, chosen by hand"
    bar.set_kind(Kind.LINE, None, (Kind.LINE, Kind.LINE))
    assert bar.kind.toolTip() == "Kind of page, recognised"


@pytest.mark.parametrize(
    ("text", "kind"), [("Automatic (line art)", None), ("Gray", Kind.GRAY), ("Screentone", Kind.TONE)]
)
def test_a_kind_is_picked_from_the_menu(qtbot, bar, text: str, kind: Kind | None):
    bar.set_kind(Kind.LINE, Kind.LINE)
    with qtbot.waitSignal(bar.kindPicked) as picked:
        press(qtbot, bar.kind.menu(), text)
    assert picked.args == [kind]


def test_a_method_is_picked_and_one_that_cannot_run_says_why(qtbot, bar):
    assert bar.method.text() == "Auto"
    with qtbot.waitSignal(bar.methodPicked) as picked:
        press(qtbot, bar.method.menu(), "Hint flow")
    assert picked.args == ["flow"]
    with qtbot.assertNotEmitted(bar.methodPicked):
        press(qtbot, bar.method.menu(), "Network")
    refused = bar.method.menu().actions()[-1]
    assert isinstance(refused, QWidgetAction)
    assert not refused.isEnabled()
    assert refused.toolTip() == "needs weights"


def test_the_options_of_the_method_stand_below_the_methods_and_are_picked(qtbot, bar):
    rows = [MethodRow("auto", "Auto"), MethodRow("flow", "Hint flow")]
    option = OptionRow("edges", "Soft edges", ("off", "on"), "off", "Lets colours run into each other")
    bar.set_methods(rows, "auto", [option])
    menu = bar.method.menu()
    *methods, separator, submenu = menu.actions()
    assert [action.text() for action in methods] == ["Auto", "Hint flow"]
    assert separator.isSeparator()
    assert (submenu.text(), submenu.toolTip()) == ("Soft edges", "Lets colours run into each other")
    assert [(action.text(), action.isChecked()) for action in submenu.menu().actions()] == [
        ("Off", True),
        ("On", False),
    ]
    with qtbot.waitSignal(bar.optionPicked) as picked:
        press(qtbot, submenu.menu(), "On")
    assert picked.args == ["edges", "on"]
    bar.set_methods(rows, "auto", [replace(option, chosen="on")])
    assert [action.isChecked() for action in menu.actions()[-1].menu().actions()] == [False, True]
    bar.set_methods(rows, "auto")
    assert [action.text() for action in menu.actions()] == ["Auto", "Hint flow"]
    qtbot.waitUntil(lambda: len(menu.findChildren(QMenu)) == 0)


def test_a_mixed_page_can_be_chosen(qtbot, bar):
    bar.set_kind(Kind.LINE, None)
    with qtbot.waitSignal(bar.kindPicked) as picked:
        press(qtbot, bar.kind.menu(), "Mixed")
    assert picked.args == [Kind.MIXED]
    bar.set_kind(Kind.MIXED, None)
    assert bar.kind.text() == "Mixed"


def test_an_overlay_is_switched_and_set(qtbot, bar):
    button = bar.overlay_button("edges")
    with qtbot.waitSignal(bar.overlayToggled) as toggled:
        qtbot.mouseClick(button.switch, Qt.MouseButton.LeftButton)
    assert toggled.args == ["edges", True]
    with qtbot.assertNotEmitted(bar.overlayToggled), qtbot.assertNotEmitted(bar.overlayOpacityChanged):
        bar.set_overlay("edges", False, 0.25)
    assert not button.switch.isChecked()
    assert button.popover.opacity.value == pytest.approx(0.25)


def test_the_popover_opens_and_its_sliders_speak(qtbot, bar):
    button = bar.overlay_button("edges")
    qtbot.mouseClick(button.chevron, Qt.MouseButton.LeftButton)
    assert button.popover.isVisible()
    with qtbot.waitSignal(bar.overlayOpacityChanged) as opacity:
        qtbot.keyClick(button.popover.opacity.track, Qt.Key.Key_Home)
    assert opacity.args == ["edges", 0.0]
    with qtbot.waitSignal(bar.overlayParameterChanged) as parameter:
        qtbot.keyClick(button.popover.parameters["q"].track, Qt.Key.Key_Right)
    assert parameter.args == ["edges", "q", pytest.approx(0.05)]
    button.popover.close()


def test_the_right_button_opens_the_popover(bar):
    button = bar.overlay_button("palette")
    button.switch.customContextMenuRequested.emit(QPoint(3, 3))
    assert button.popover.isVisible()
    button.popover.close()


def test_the_gap_shows_only_where_there_is_one(qtbot, bar):
    bar.set_gap(None)
    assert bar.gap.isHidden()
    bar.set_gap(8)
    assert bar.gap.slider.label.text() == "8\u2009px"
    with qtbot.waitSignal(bar.gapPicked) as picked:
        qtbot.keyClick(bar.gap.slider.track, Qt.Key.Key_Right)
    assert picked.args == [9.0]


def test_a_track_jumps_to_where_it_is_pressed(qtbot):
    slider = ValueSlider(Range(0, 100))
    qtbot.addWidget(slider)
    slider.resize(300, 20)
    slider.show()
    with qtbot.waitSignal(slider.valuePicked):
        at = QPoint(slider.track.width() // 2, slider.track.height() // 2)
        qtbot.mouseClick(slider.track, Qt.MouseButton.LeftButton, pos=at)
    assert slider.value == pytest.approx(50, abs=2)


@pytest.mark.parametrize("value", [1, 2, 7.5, 60, 500])
def test_a_logarithmic_range_comes_back(value: float):
    span = Range(1, 500, 0.1, logarithmic=True)
    assert span.value(span.position(value)) == pytest.approx(value, rel=0.01)
    assert span.position(2) - span.position(1) == pytest.approx(span.position(200) - span.position(100), abs=1)


def test_a_message_is_elided_with_the_whole_of_it_in_the_tooltip_and_in_copies(qtbot):
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.resize(120, 20)
    label.show()
    text = "the file is not a picture; choose another one"
    label.set_full(text)
    assert label.text().endswith("\u2026")
    assert label.toolTip() == text
    label.setSelection(0, len(label.text()))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == text
    label.setSelection(0, 3)
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "the"


def test_an_error_stays_until_it_is_dismissed(qtbot, status):
    status.show_message("draw something")
    assert not status.dismiss.isVisible()
    status.show_error("page.png: cannot be read")
    status.show_message("12 regions to look at")
    assert status.message.full == "page.png: cannot be read"
    assert status.mark.isVisible()
    with qtbot.waitSignal(status.errorDismissed):
        qtbot.mouseClick(status.dismiss, Qt.MouseButton.LeftButton)
    assert status.message.full == "12 regions to look at"
    assert not status.mark.isVisible()


def test_clearing_an_error_is_not_dismissing_it(qtbot, status):
    status.show_error("gone")
    with qtbot.assertNotEmitted(status.errorDismissed):
        status.clear_error()
    assert status.message.full == ""


def test_progress_waits_and_a_short_job_never_shows(qtbot, status):
    status.set_progress("Colorizing", 0.1)
    assert not status.progress.isVisible()
    qtbot.wait(150)
    status.set_progress("Colorizing", 0.4)
    status.set_progress(None)
    qtbot.wait(300)
    assert not status.progress.isVisible()


def test_progress_of_a_long_job_shows_and_can_be_cancelled(qtbot, status):
    status.set_progress("Colorizing", 0.25)
    qtbot.wait(200)
    status.set_progress("Colorizing", 0.5)
    qtbot.waitUntil(status.progress.isVisible, timeout=1000)
    assert status.progress.bar.value() == 500
    with qtbot.waitSignal(status.cancelRequested):
        qtbot.mouseClick(status.progress.cancel, Qt.MouseButton.LeftButton)
    status.set_progress(None)
    assert not status.progress.isVisible()


def test_progress_without_a_known_end(status):
    status.set_progress("Loading", None)
    assert status.progress.bar.maximum() == 0
    status.set_progress(None)


def test_the_right_side_says_how_things_stand(status):
    status.set_fresh(True)
    status.set_latency(38.4)
    status.set_memory(1_100_000_000)
    assert [label.text() for label in (status.fresh, status.latency, status.memory)] == [
        "up to date",
        "38\u2009ms",
        "1.1\u2009GB",
    ]
    status.set_fresh(False)
    status.set_latency(None)
    status.set_memory(420_000_000)
    assert [label.text() for label in (status.fresh, status.latency, status.memory)] == ["updating", "", "420\u2009MB"]


def test_bars_take_the_other_theme(qapp, rail, bar, status):
    themes.apply(qapp, LIGHT)
    for widget in (rail, bar, status):
        widget.set_theme(LIGHT)
        assert widget.grab().toImage().pixelColor(2, widget.height() // 2).name() == LIGHT.panel
