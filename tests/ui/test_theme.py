from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QPushButton, QSlider

from mangapaint.settings import resources
from mangapaint.ui import theme as themes
from mangapaint.ui.theme import DARK, LIGHT, Theme

BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
NAMES = sorted(path.stem for path in (resources() / "icons").glob("*.svg"))
WANTED = """
brush eraser picker move hand bucket protect swap palette edges corners regions hints undo redo open export paste
sample close plus chevron-down warning error zoom-in zoom-out fit rotate-left rotate-right mirror reference
transparent app
"""


def luminance(color: str) -> float:
    channels = [value / 255 for value in QColor(color).getRgb()[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pixels(icon: QIcon, *, ratio: float = 1, mode: QIcon.Mode = QIcon.Mode.Normal, state=QIcon.State.Off):
    image = icon.pixmap(QSize(20, 20), ratio, mode, state).toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


@BOTH
@pytest.mark.parametrize("ground", ["ground", "panel", "raised", "hover", "selection"])
def test_text_can_be_read(theme: Theme, ground: str):
    assert contrast(theme.text, getattr(theme, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize("ground", ["ground", "panel"])
def test_secondary_text_can_be_read(theme: Theme, ground: str):
    assert contrast(theme.secondary, getattr(theme, ground)) >= 4.5


@BOTH
def test_pictures_and_focus_stand_out(theme: Theme):
    assert contrast(theme.on_accent, theme.accent) >= 3
    assert contrast(theme.accent, theme.panel) >= 3


@BOTH
def test_everything_but_the_accents_is_neutral(theme: Theme):
    grays = ("ground", "panel", "raised", "hover", "line", "text", "secondary", "disabled", "surround")
    for name in grays:
        red, green, blue = QColor(getattr(theme, name)).getRgb()[:3]
        assert red == green == blue, name


@pytest.mark.parametrize(("theme", "lightness"), [(DARK, 22), (LIGHT, 78)])
def test_the_surround_has_the_lightness_artists_judge_colour_on(theme: Theme, lightness: float):
    assert 116 * luminance(theme.surround) ** (1 / 3) - 16 == pytest.approx(lightness, abs=0.5)


def test_is_dark_tells_the_themes_apart():
    assert DARK.is_dark
    assert not LIGHT.is_dark


def test_the_choice_decides(qapp: QApplication):
    assert themes.theme_for("dark", qapp) is DARK
    assert themes.theme_for("light", qapp) is LIGHT


@pytest.mark.parametrize(("scheme", "theme"), [(Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)])
def test_the_system_decides_where_asked(qapp: QApplication, monkeypatch, scheme: Qt.ColorScheme, theme: Theme):
    class Hints:
        def colorScheme(self):
            return scheme

    class App:
        def styleHints(self):
            return Hints()

    assert themes.theme_for("system", App()) is theme


@BOTH
def test_apply_reaches_the_screen_without_a_warning(qtbot, qapp: QApplication, theme: Theme):
    themes.apply(qapp, theme)
    for kind in (QPushButton, QLineEdit, QComboBox, QDoubleSpinBox, QSlider):
        widget = kind()
        qtbot.addWidget(widget)
        widget.resize(120, 28)
        widget.grab()
    button = QPushButton()
    qtbot.addWidget(button)
    button.resize(80, 28)
    assert button.grab().toImage().pixelColor(40, 14).name() == theme.raised
    assert qapp.palette().window().color().name() == theme.ground


def test_the_template_leaves_nothing_open():
    assert "$" not in themes.SHEET.substitute(vars(DARK))


def test_every_icon_that_is_needed_is_there():
    assert set(WANTED.split()) <= set(NAMES)


@BOTH
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("app",) and not name.startswith("fixed-")])
def test_icons_have_ink_in_the_themes_colour(qapp: QApplication, name: str, theme: Theme):
    for ratio in (1, 2, 3):
        shot = pixels(themes.icon(name, theme), ratio=ratio)
        assert shot.shape[0] == 20 * ratio
        solid = shot[shot[..., 3] > 160]
        assert len(solid) >= 8 * ratio
        assert np.abs(solid[:, :3].astype(int) - QColor(theme.text).red()).max() <= 4
        border = np.concatenate([shot[0], shot[-1], shot[:, 0], shot[:, -1]])
        assert border[:, 3].max() == 0, "the picture touches the edge of its square"


def test_a_checked_icon_takes_the_active_colour_and_a_disabled_one_is_quiet(qapp: QApplication):
    icon = themes.icon("brush", DARK, active="#ff0000")
    on = pixels(icon, state=QIcon.State.On)
    assert on[on[..., 3] > 200][:, :3].mean(axis=0) == pytest.approx([255, 0, 0], abs=3)
    off = pixels(icon, mode=QIcon.Mode.Disabled)
    assert off[off[..., 3] > 200][:, 0].mean() == pytest.approx(QColor(DARK.disabled).red(), abs=3)


def test_an_unknown_icon_is_an_error(qapp: QApplication):
    with pytest.raises(FileNotFoundError):
        themes.icon("no-such-icon", DARK)


def test_the_application_has_a_coloured_icon_in_all_sizes(qapp: QApplication):
    sizes = {size.width() for size in themes.app_icon().availableSizes()}
    assert {16, 32, 64, 256} <= sizes
    shot = pixels(themes.app_icon())
    spread = shot[..., :3].max(axis=2).astype(int) - shot[..., :3].min(axis=2)
    assert spread.max() > 60


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("fixed-")])
def test_pictures_of_the_stylesheet_read_on_both_themes(name: str):
    svg = (resources() / "icons" / f"{name}.svg").read_text()
    color = svg.split('stroke="')[1][:7]
    for theme in (DARK, LIGHT) if name != "fixed-tick" else ():
        assert contrast(color, theme.panel) >= 3
        assert contrast(color, theme.raised) >= 3


def test_small_works_in_points_and_in_pixels(qapp: QApplication):
    points, by_pixel = qapp.font(), qapp.font()
    points.setPointSizeF(10)
    by_pixel.setPixelSize(20)
    assert themes.small(points).pointSizeF() == pytest.approx(9)
    assert themes.small(by_pixel).pixelSize() == 18
