"""The plot in the Palette dock, and how many colours the window finds."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from test_canvas import open_window
from test_session import BLUE, RED, page_file, reference_file, settle

from mangapaint.analysis.components import components, fields
from mangapaint.analysis.palette import main_colors
from mangapaint.document.page import Reference
from mangapaint.document.palette import Palette, Swatch
from mangapaint.formats.writing import write_png
from mangapaint.ui import dialogs, work
from mangapaint.ui import theme as themes
from mangapaint.ui.controls import Range, ValueSlider
from mangapaint.ui.docks.palette import Group, PaletteDock
from mangapaint.ui.overlays import CHOSEN
from mangapaint.ui.theme import DARK, LIGHT
from mangapaint.ui.window import Window

LEFT = Qt.MouseButton.LeftButton
FOUR = ((255, 255, 255), RED, BLUE, (40, 160, 90))


def reference(name: str = "four.png") -> Reference:
    pixels = np.full((90, 120, 3), FOUR[0], np.uint8)
    pixels[:20], pixels[20:45], pixels[45:60] = FOUR[1:]
    return Reference(pixels, name)


def found(picture: Reference) -> Group:
    palette = main_colors(picture)
    return Group(picture.name, palette, fields(components(picture, palette), work.PLOT_SIDE))


@pytest.fixture
def dock(qtbot) -> PaletteDock:
    themes.apply(QApplication.instance(), DARK)
    dock = PaletteDock(DARK)
    qtbot.addWidget(dock)
    dock.resize(300, 600)
    dock.show()
    qtbot.waitExposed(dock)
    return dock


@pytest.fixture
def window(qtbot, tmp_path) -> Window:
    return open_window(qtbot, tmp_path)


def painted(dock: PaletteDock, number: int) -> set[tuple[int, ...]]:
    """The colours to be seen in one field of the first plot."""
    QApplication.processEvents()
    plot = next(group for group in dock.groups if group.has_plot).plot
    image, box = plot.grab().toImage(), plot.field(number)
    return {
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(box.left(), box.right())
        for y in range(box.top(), box.bottom())
    }


def test_the_plot_is_shown_on_demand(qtbot, dock):
    dock.set_groups([Group("On this page", Palette((Swatch(RED),))), found(reference())])
    QApplication.processEvents()
    page, other = dock.groups
    assert not page.unfold.isVisible()
    assert other.unfold.isVisible()
    assert not other.plot.isVisible()
    below = other.swatches.mapTo(dock, other.swatches.rect().topLeft()).y()
    qtbot.mouseClick(other.unfold, LEFT)
    QApplication.processEvents()
    assert other.plot.isVisible()
    assert not page.plot.isVisible()
    assert other.swatches.mapTo(dock, other.swatches.rect().topLeft()).y() >= below + other.plot.side
    qtbot.mouseClick(other.unfold, LEFT)
    assert not other.plot.isVisible()


def test_both_fields_show_the_colours_on_the_themes_ground(dock):
    dock.set_groups([found(reference())])
    for theme in (DARK, LIGHT):
        dock.set_theme(theme)
        dock.set_plots(True)
        for number in (0, 1):
            seen = painted(dock, number)
            assert set(FOUR) <= seen
            assert themes.QColor(theme.ground).getRgb()[:3] in seen


def test_the_plot_says_how_good_the_palette_is(dock):
    group = found(reference())
    dock.set_groups([group])
    plot = dock.groups[0].plot
    across, up = (f"{part * 100:.0f}\u2009%" for part in group.plot.explained)
    assert across in plot.accessibleName()
    assert up in plot.toolTip()
    assert "off by 0.0" in plot.accessibleName()


def test_only_the_first_plot_has_a_button_and_it_turns_all(qtbot, dock):
    dock.set_groups([found(reference("a.png")), found(reference("b.png"))])
    QApplication.processEvents()
    assert [group.unfold.isVisible() for group in dock.groups] == [True, False]
    qtbot.mouseClick(dock.groups[0].unfold, LEFT)
    assert all(group.plot.isVisible() for group in dock.groups)
    dock.set_groups([Group("On this page", Palette((Swatch(RED),))), found(reference("b.png")), found(reference("c"))])
    QApplication.processEvents()
    assert [group.plot.isVisible() for group in dock.groups] == [False, True, True]
    assert [group.unfold.isVisible() for group in dock.groups] == [False, True, False]
    assert all(group.unfold.isChecked() for group in dock.groups)


def test_fields_stay_square_at_any_width(dock):
    dock.set_groups([found(reference())])
    dock.set_plots(True)
    for width in (300, 420):
        dock.resize(width, 600)
        QApplication.processEvents()
        plot = dock.groups[0].plot
        assert plot.height() >= plot.side > width // 3
        assert plot.field(1).right() == plot.width() - 1
        assert plot.field(0).right() < plot.field(1).left()


def test_a_references_palette_comes_with_its_plot(qtbot, window, tmp_path):
    window.session.add_reference(reference_file(tmp_path / "reference.png"))
    settle(qtbot, window.session)
    (group,) = window.parts.palette.groups
    assert group.has_plot
    (colors,) = window.session.palettes.values()
    assert colors.choice == "auto"
    assert colors.plot.error < 1


def many_colored(path):
    """A reference that needs more than 24 colours."""
    pixels = np.random.default_rng(1).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    write_png(path, np.repeat(np.repeat(pixels, 20, axis=0), 20, axis=1))
    return path


def test_another_number_of_colours_in_the_settings_finds_them_anew(qtbot, window, tmp_path, monkeypatch):
    window.session.add_reference(many_colored(tmp_path / "many.png"))
    settle(qtbot, window.session)
    (item,) = window.session.document.references
    chosen = window.session.palettes[item.id]
    assert len(chosen.palette.swatches) > 32
    for choice in ("24", "32"):
        monkeypatch.setattr(dialogs.SettingsDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
        monkeypatch.setattr(dialogs.SettingsDialog, "values", lambda dialog, choice=choice: {"palette_colors": choice})
        window.ask_settings()
        qtbot.waitUntil(lambda choice=choice: window.session.palettes[item.id].choice == choice)
        assert len(window.session.palettes[item.id].palette.swatches) == int(choice)
        settle(qtbot, window.session)
        (group,) = window.parts.palette.groups
        assert len(group.swatches._swatches) == int(choice)


def test_the_settings_offer_auto_24_and_32(qtbot, window):
    dialog = dialogs.SettingsDialog(window.settings, window)
    box = dialog.editors["palette_colors"]
    assert [box.itemText(at) for at in range(box.count())] == ["Auto", "24", "32"]
    assert dialog.values()["palette_colors"] == "auto"


def test_the_overlay_takes_the_references_palette_where_the_number_is_the_same(qtbot, window, tmp_path):
    window.session.open(page_file(tmp_path / "page2.png", shift=2))
    qtbot.waitSignal(window.session.opened).wait()
    window.session.add_reference(many_colored(tmp_path / "many.png"))
    settle(qtbot, window.session)
    window.toggle_overlay("palette")
    settle(qtbot, window.session)
    (colors,) = window.session.palettes.values()
    assert window.session.layers["palette"][1].palette is colors.palette
    window.parts.bar.overlayParameterChanged.emit("palette", "count", 5.0)
    settle(qtbot, window.session)
    assert len(window.session.layers["palette"][1].palette.swatches) == 5
    window.parts.bar.overlayParameterChanged.emit("palette", "count", float(CHOSEN))
    settle(qtbot, window.session)
    assert window.session.layers["palette"][1].palette is colors.palette


def test_a_sliders_lowest_place_may_have_a_name(qtbot):
    slider = ValueSlider(Range(1, 64), lowest="auto")
    qtbot.addWidget(slider)
    slider.set_value(1)
    assert slider.label.text() == "auto"
    slider.set_value(2)
    assert slider.label.text() == "2"
    assert slider.label.width() >= themes.width_of(slider.label.font(), "auto")
