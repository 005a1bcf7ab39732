"""How the window looks: the two themes, what they do to Qt, and the icons in their colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QByteArray, QDir, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from mangapaint.settings import resources
from mangapaint.ui.stylesheet import SHEET

Choice = Literal["system", "dark", "light"]
ICON_SIZE = 20
RATIOS = (1, 2, 3)
APP_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256)


@dataclass(frozen=True)
class Theme:
    """The colours of the window as ``#rrggbb``; all but accent, selection, warning and error are neutral.

    ``ground`` lies under everything, ``panel`` carries controls, ``raised`` is what can be pressed, ``hover`` the same
    under the pointer. ``surround`` is what the page lies on: L 22 dark, L 78 light, so that colour is judged rightly.
    ``selection`` is the accent laid thinly on a panel, so that ``text`` stays readable on it.
    """

    name: str
    ground: str
    panel: str
    raised: str
    hover: str
    line: str
    text: str
    secondary: str
    disabled: str
    surround: str
    accent: str
    on_accent: str
    selection: str
    warning: str
    error: str

    @property
    def is_dark(self) -> bool:
        """True where text is lighter than what it stands on."""
        return QColor(self.text).lightness() > QColor(self.panel).lightness()


DARK = Theme(
    name="dark",
    ground="#1f1f1f",
    panel="#2a2a2a",
    raised="#353535",
    hover="#404040",
    line="#4a4a4a",
    text="#d6d6d6",
    secondary="#9a9a9a",
    disabled="#6a6a6a",
    surround="#353535",
    accent="#3d8bfd",
    on_accent="#ffffff",
    selection="#304b73",
    warning="#d9a03f",
    error="#d9534f",
)
LIGHT = Theme(
    name="light",
    ground="#f4f4f4",
    panel="#fafafa",
    raised="#ffffff",
    hover="#ebebeb",
    line="#d0d0d0",
    text="#222222",
    secondary="#666666",
    disabled="#a6a6a6",
    surround="#c1c1c1",
    accent="#3d8bfd",
    on_accent="#ffffff",
    selection="#cbe0fe",
    warning="#d9a03f",
    error="#d9534f",
)


def theme_for(choice: str, app: QApplication) -> Theme:
    """Return the theme for ``"system"``, ``"dark"`` or ``"light"``; a system that does not say is taken as dark."""
    if choice == "dark":
        return DARK
    if choice == "light":
        return LIGHT
    return LIGHT if app.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application the theme's style, palette and stylesheet."""
    QDir.setSearchPaths("icons", [str(resources() / "icons")])
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(SHEET.substitute(vars(theme)))


def palette(theme: Theme) -> QPalette:
    """Return the theme as a Qt palette, for what the stylesheet does not reach."""
    role = QPalette.ColorRole
    table = {
        role.Window: theme.ground,
        role.WindowText: theme.text,
        role.Base: theme.ground,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.secondary,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.Accent: theme.accent,
        role.Link: theme.text,
        role.LinkVisited: theme.text,
        role.Light: theme.line,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.ground,
    }
    colors = QPalette()
    for key, value in table.items():
        colors.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        colors.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.disabled))
    return colors


def icon(name: str, theme: Theme, *, active: str | None = None, size: int = ICON_SIZE) -> QIcon:
    """Return ``resources/icons/NAME.svg`` in the theme's colours, sharp at one, two and three times the scale.

    ``active`` is the colour while checked (the text colour where None). Raises ``FileNotFoundError`` for a name
    that has no picture.
    """
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for state, color in ((QIcon.State.Off, theme.text), (QIcon.State.On, active or theme.text)):
        for ratio in RATIOS:
            normal = _rendered(svg, color, size=size, ratio=ratio)
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
                result.addPixmap(normal, mode, state)
            disabled = _rendered(svg, theme.disabled, size=size, ratio=ratio)
            result.addPixmap(disabled, QIcon.Mode.Disabled, state)
    return result


def picture(name: str, color: str, *, size: int = ICON_SIZE, ratio: float = 1.0) -> QPixmap:
    """Return one picture of an icon in one colour, for widgets that paint themselves."""
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return _rendered(svg, color, size=size, ratio=ratio)


def app_icon() -> QIcon:
    """Return the application's own icon, which keeps its colours."""
    svg = (resources() / "icons" / "app.svg").read_text(encoding="utf-8")
    result = QIcon()
    for size in APP_ICON_SIZES:
        result.addPixmap(_rendered(svg, "#000000", size=size, ratio=1))
    return result


def _rendered(svg: str, color: str, *, size: int, ratio: float) -> QPixmap:
    edge = round(size * ratio)
    pixmap = QPixmap(edge, edge)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.replace("currentColor", color).encode())).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def tabular(font: QFont) -> QFont:
    """Return the font with figures of one width, so that numbers do not dance."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def small(font: QFont) -> QFont:
    """Return the font a step smaller, whether it is measured in points or in pixels."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
    elif font.pixelSize() > 0:
        result.setPixelSize(max(10, round(font.pixelSize() * 0.9)))
    return result


def caption(font: QFont) -> QFont:
    """Return the font of dock and group titles: small caps, a little wider set."""
    result = QFont(font)
    result.setCapitalization(QFont.Capitalization.SmallCaps)
    result.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
    result.setWeight(QFont.Weight.DemiBold)
    return result


def width_of(font: QFont, text: str) -> int:
    """Return how many logical pixels a text takes."""
    return QFontMetrics(font).horizontalAdvance(text)
