"""The bar above the page: its name, what it is, how it is coloured, and what is laid over it."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget, QWidgetAction

from mangapaint.analysis.analysis import WIDEST_GAP
from mangapaint.document.page import Kind
from mangapaint.ui.controls import Chip, ElidedLabel, Range, ValueSlider
from mangapaint.ui.overlaybutton import OverlayButton, OverlayRow, Parameter
from mangapaint.ui.theme import Theme, icon, small, tabular

__all__ = ["MethodRow", "OverlayRow", "PageBar", "Parameter"]

HEIGHT = 40
GAP_RANGE = Range(0, WIDEST_GAP)
KIND_TITLES = {Kind.LINE: "Line art", Kind.GRAY: "Gray", Kind.TONE: "Screentone", Kind.COLORED: "Already coloured",
               Kind.MIXED: "Mixed"}  # fmt: skip
OFFERED = (Kind.LINE, Kind.GRAY, Kind.TONE, Kind.MIXED)


@dataclass(frozen=True)
class MethodRow:
    """One way to colorize as the menu shows it; ``why_not`` says in a few words why it cannot run.

    ``apart``: a line stands above it.
    """

    id: str
    title: str
    enabled: bool = True
    why_not: str = ""
    apart: bool = False


@dataclass(frozen=True)
class OptionRow:
    """Something to decide about the method in force, as the menu shows it."""

    id: str
    title: str
    choices: tuple[str, ...]
    chosen: str
    help: str = ""


class PageBar(QWidget):
    """Passive: setters in, signals out."""

    kindPicked = Signal(object)
    methodPicked = Signal(str)
    optionPicked = Signal(str, str)
    gapPicked = Signal(float)
    gapHeld = Signal(bool)
    overlayToggled = Signal(str, bool)
    overlayOpacityChanged = Signal(str, float)
    overlayParameterChanged = Signal(str, str, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._theme = theme
        self._overlays: dict[str, OverlayButton] = {}
        self._pinned = False
        self._kinds: tuple[Kind | None, Kind | None, tuple[Kind, ...]] | None = None
        self._method_rows: tuple[tuple[MethodRow, ...], str, tuple[OptionRow, ...]] | None = None
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.kind = Chip()
        self.kind.setIconSize(QSize(14, 14))
        self.method = Chip()
        self.gap = GapRow()
        self.device = QLabel()
        self._row = QHBoxLayout()
        self._build()
        self.gap.slider.valuePicked.connect(self.gapPicked)
        self.gap.slider.held.connect(self.gapHeld)
        self.set_page(None, changed=False)
        self.set_kind(None, None)
        self.set_methods((), "")
        self.set_gap(None)
        self.set_device("", "")

    def set_page(self, name: str | None, *, changed: bool) -> None:
        """Show the page's name, with a dot where it has changes that are not exported; None: no page,
        and nothing that needs one."""
        self.name.setVisible(name is not None)
        self.kind.setVisible(name is not None)
        self.method.setVisible(name is not None)
        for button in self._overlays.values():
            button.setEnabled(name is not None)
        self.name.set_full("" if name is None else f"{name} \u2022" if changed else name)
        self.name.setAccessibleName("" if name is None else f"{name}, not exported" if changed else name)

    def set_kind(self, found: Kind | None, chosen: Kind | None, panels: tuple[Kind, ...] = ()) -> None:
        """Show what kind of page it is: as recognised, or as chosen by hand (then with a pin).

        The tooltip tells the kinds of its ``panels``, in reading order, where they differ and count.
        """
        if self._kinds == (found, chosen, panels):
            return
        self._kinds = found, chosen, panels
        shown = chosen or found
        self._pinned = chosen is not None
        self.kind.setText("Kind" if shown is None else KIND_TITLES[shown])
        self.kind.setEnabled(shown is not None)
        source = "Kind of page, chosen by hand" if self._pinned else "Kind of page, recognised"
        self.kind.setToolTip("\n".join([source, *(_listed(panels) if chosen in (None, Kind.MIXED) else ())]))
        self._show_pin()
        self._fill_kinds(found, chosen)

    def set_methods(self, rows: Sequence[MethodRow], current: str, options: Sequence[OptionRow] = ()) -> None:
        """Offer these methods, in this order, and below them the options of the one in force.

        Methods that cannot run are gray and say why.
        """
        if self._method_rows == (tuple(rows), current, tuple(options)):
            return
        self._method_rows = tuple(rows), current, tuple(options)
        menu = self.method.menu()
        group = _emptied(menu)
        for row in rows:
            if row.apart:
                menu.addSeparator()
            menu.addAction(self._method_action(row, group, current) if row.enabled else _refusal(row, menu))
        if options:
            menu.addSeparator()
        for option in options:
            self._add_option(menu, option)
        titles = {row.id: row.title for row in rows}
        self.method.setText(titles.get(current, "Method"))
        self.method.setEnabled(bool(rows))
        self.method.setToolTip("How the page is coloured")
        self.method.updateGeometry()

    def set_gap(self, pixels: float | None) -> None:
        """Show the gap in page pixels that is closed between lines; None hides it, as on pages without line art."""
        self.gap.setVisible(pixels is not None)
        if pixels is not None:
            self.gap.slider.set_value(pixels)

    def set_overlays(self, rows: Sequence[OverlayRow]) -> None:
        """Offer these overlays, in this order, all off."""
        for button in self._overlays.values():
            button.deleteLater()
        self._overlays = {row.id: OverlayButton(row, self._theme) for row in rows}
        for button in self._overlays.values():
            self._row.addWidget(button)
            button.setEnabled(not self.name.isHidden())
            button.toggled.connect(self.overlayToggled)
            button.opacityChanged.connect(self.overlayOpacityChanged)
            button.parameterChanged.connect(self.overlayParameterChanged)

    def set_overlay(self, overlay: str, on: bool, opacity: float) -> None:
        """Show whether an overlay is on and how opaque (0..1) it is."""
        self._overlays[overlay].set_state(on=on, opacity=opacity)

    def set_overlay_parameter(self, overlay: str, parameter: str, value: float) -> None:
        """Show a parameter's value."""
        self._overlays[overlay].set_parameter(parameter, value)

    def set_device(self, text: str, tooltip: str) -> None:
        """Show where networks run; an empty text hides it."""
        self.device.setText(text)
        self.device.setToolTip(tooltip)
        self.device.setVisible(bool(text))

    def overlay_button(self, overlay: str) -> OverlayButton:
        """The control of an overlay, to point at."""
        return self._overlays[overlay]

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self._show_pin()
        for button in self._overlays.values():
            button.set_theme(theme)

    def _build(self) -> None:
        self.device.setObjectName("badge")
        self.device.setFont(small(self.device.font()))
        self.device.setFixedHeight(20)
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._row.setSpacing(4)
        bar = QHBoxLayout(self)
        bar.setContentsMargins(12, 0, 12, 0)
        bar.setSpacing(8)
        bar.addWidget(self.name)
        bar.addSpacing(4)
        bar.addWidget(self.kind)
        bar.addWidget(self.method)
        bar.addSpacing(4)
        bar.addWidget(self.gap)
        bar.addStretch(1)
        bar.addLayout(self._row)
        bar.addSpacing(4)
        bar.addWidget(self.device)

    def _show_pin(self) -> None:
        self.kind.setIcon(icon("pin", self._theme, size=14) if self._pinned else QIcon())
        self.kind.updateGeometry()

    def _fill_kinds(self, found: Kind | None, chosen: Kind | None) -> None:
        menu = self.kind.menu()
        group = _emptied(menu)
        automatic = "Automatic" if found is None else f"Automatic ({KIND_TITLES[found].lower()})"
        for kind, title in ((None, automatic), *((kind, KIND_TITLES[kind]) for kind in OFFERED)):
            action = QAction(title, menu)
            action.setCheckable(True)
            action.setChecked(kind is chosen)
            group.addAction(action)
            menu.addAction(action)
            action.triggered.connect(lambda _checked=False, kind=kind: self.kindPicked.emit(kind))

    def _method_action(self, row: MethodRow, group: QActionGroup, current: str) -> QAction:
        action = QAction(row.title, self.method.menu())
        action.setCheckable(True)
        action.setChecked(row.id == current)
        group.addAction(action)
        action.triggered.connect(lambda: self.methodPicked.emit(row.id))
        return action

    def _add_option(self, menu: QMenu, row: OptionRow) -> None:
        choices = menu.addMenu(row.title)
        choices.setToolTipsVisible(True)
        choices.menuAction().setToolTip(_explained(row))
        group = QActionGroup(choices)
        for choice in row.choices:
            action = QAction(_capital(choice), choices)
            action.setCheckable(True)
            action.setChecked(choice == row.chosen)
            group.addAction(action)
            choices.addAction(action)
            action.triggered.connect(lambda _on=False, choice=choice: self.optionPicked.emit(row.id, choice))


def _listed(panels: tuple[Kind, ...]) -> list[str]:
    """Return a line for each kind of panel, with their numbers in reading order; none where all are alike."""
    numbers: dict[Kind, list[str]] = {}
    for number, kind in enumerate(panels, start=1):
        numbers.setdefault(kind, []).append(str(number))
    lines = [f"Panel{'s' if len(found) > 1 else ''} {', '.join(found)}: {KIND_TITLES[kind].lower()}"
             for kind, found in numbers.items()]  # fmt: skip
    return lines if len(lines) > 1 else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _explained(row: OptionRow) -> str:
    """Return an option's help with a line for each choice it names, written as the menu writes it."""
    names = "|".join(re.escape(choice) for choice in row.choices)
    named = re.compile(rf"(?:^|;?\s+)({names}):", re.IGNORECASE)
    return _capital(named.sub(lambda found: f"\n{_capital(found[1])}:", row.help).lstrip())


def _emptied(menu: QMenu) -> QActionGroup:
    """Take all rows and their menus out of a menu; return the group of the next ones."""
    menu.clear()
    for submenu in menu.findChildren(QMenu):
        submenu.deleteLater()
    for group in menu.findChildren(QActionGroup):
        group.deleteLater()
    return QActionGroup(menu)


def _refusal(row: MethodRow, parent: QWidget) -> QWidgetAction:
    """A row that cannot be chosen and says why, in small words under its name."""
    title, why = QLabel(row.title), QLabel(row.why_not)
    title.setObjectName("disabled")
    why.setObjectName("secondary")
    why.setFont(small(why.font()))
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(28, 4, 24, 4)
    column.setSpacing(0)
    column.addWidget(title)
    column.addWidget(why)
    why.setVisible(bool(row.why_not))
    action = QWidgetAction(parent)
    action.setText(row.title)
    action.setToolTip(row.why_not)
    action.setDefaultWidget(words)
    action.setEnabled(False)
    return action


class GapRow(QWidget):
    """How wide a gap between lines is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = ValueSlider(GAP_RANGE, suffix="px")
        self.slider.track.setFixedWidth(88)
        self.slider.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        caption = QLabel("Gap")
        caption.setObjectName("secondary")
        caption.setFont(tabular(caption.font()))
        self.setToolTip("Gaps between lines up to this wide are closed")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(caption)
        row.addWidget(self.slider)
