"""The Palette dock: colours with their names and shares, in titled groups."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mangapaint.analysis.components import Fields
from mangapaint.document.palette import Palette
from mangapaint.ui.controls import ElidedLabel, IconButton
from mangapaint.ui.docks.paletteplot import PalettePlot
from mangapaint.ui.swatches import Layout, Swatches
from mangapaint.ui.theme import Theme, small

EMPTY = "Colours of the page and of its references gather here."


@dataclass(frozen=True, eq=False)
class Group:
    """A palette under its title, and where it was found in a picture, the plot of it beside the picture's colours."""

    title: str
    palette: Palette
    plot: Fields | None = None


class PaletteDock(QWidget):
    """Passive: setters in, signals out."""

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._layout = Layout.LIST
        self._plots = False
        self._groups: list[PaletteGroup] = []
        self.empty = QLabel(EMPTY)
        self.empty.setObjectName("secondary")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._scrolled = QWidget()
        self._scrolled.setObjectName("scrolled")
        self._column = QVBoxLayout(self._scrolled)
        self._column.setContentsMargins(8, 4, 8, 12)
        self._column.setSpacing(12)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._scrolled)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.empty.setContentsMargins(4, 0, 4, 0)
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def groups(self) -> tuple[PaletteGroup, ...]:
        """The groups as shown."""
        return tuple(self._groups)

    def set_groups(self, groups: Sequence[Group]) -> None:
        """Show titled palettes one under the other; none at all shows what the dock is for."""
        shown = [group for group in groups if group.palette.swatches]
        while len(self._groups) > len(shown):
            gone = self._groups.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._groups) < len(shown):
            self._add_group()
        for widget, group in zip(self._groups, shown, strict=True):
            widget.set_group(group)
        first = next((widget for widget in self._groups if widget.has_plot), None)
        for widget in self._groups:
            widget.unfold.setVisible(widget is first)
        self.empty.setVisible(not self._groups)

    def _add_group(self) -> None:
        group = PaletteGroup(self._theme, self._layout)
        group.swatches.colorPicked.connect(self.colorPicked)
        group.layoutRequested.connect(self.set_layout)
        group.unfold.clicked.connect(self.set_plots)
        group.set_plot_shown(self._plots)
        group.switch.setVisible(not self._groups)
        self._column.insertWidget(len(self._groups), group)
        self._groups.append(group)

    def set_layout(self, layout: Layout) -> None:
        """Show every group as a grid or as a list."""
        self._layout = layout
        for group in self._groups:
            group.set_layout(layout)

    def set_plots(self, shown: bool) -> None:
        """Show or hide the plots of all palettes that have one."""
        self._plots = shown
        for group in self._groups:
            group.set_plot_shown(shown)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for group in self._groups:
            group.set_theme(theme)


class PaletteGroup(QWidget):
    """One palette under its title."""

    layoutRequested = Signal(object)

    def __init__(self, theme: Theme, layout: Layout) -> None:
        super().__init__()
        self._theme = theme
        self._layout = layout
        self.title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.title.setObjectName("secondary")
        self.title.setFont(small(self.title.font()))
        self._shown: Group | None = None
        self.unfold = IconButton("scatter", theme, tip="Plot beside the picture's true colours", size=12)
        self.unfold.setCheckable(True)
        self.unfold.hide()
        self.switch = IconButton("grid", theme, size=12)
        for button in (self.unfold, self.switch):
            button.setObjectName("cross")
            button.setFixedSize(20, 20)
        self.plot = PalettePlot(theme)
        self.plot.hide()
        self.switch.clicked.connect(self._switch)
        self.swatches = Swatches(theme, layout)
        self._frame = QHBoxLayout()
        self._frame.addWidget(self.swatches)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 4, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.unfold)
        head.addWidget(self.switch)
        under = QHBoxLayout()
        under.setContentsMargins(4, 0, 4, 0)
        under.addWidget(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(under)
        column.addLayout(self._frame)
        self.set_layout(layout)

    @property
    def has_plot(self) -> bool:
        """Say whether there is a plot to show."""
        return self._shown is not None and self._shown.plot is not None

    def set_group(self, group: Group) -> None:
        """Show another palette; what is shown already costs nothing."""
        old, self._shown = self._shown, group
        if old is None or (old.title, old.palette) != (group.title, group.palette):
            self.title.set_full(group.title)
            self.swatches.set_swatches(group.palette.swatches)
        if group.plot is not None and (old is None or group.plot is not old.plot):
            self.plot.set_fields(group.plot)
        self._show_plot()

    def set_plot_shown(self, shown: bool) -> None:
        """Show or hide the plot, where there is one."""
        self.unfold.setChecked(shown)
        self._show_plot()

    def set_layout(self, layout: Layout) -> None:
        """Show the palette as a grid or as a list; the button offers the other one."""
        self._layout = layout
        inset = 4 if layout is Layout.GRID else 0
        self._frame.setContentsMargins(inset, 0, inset, 0)
        self.swatches.set_layout(layout)
        self._show_switch()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.swatches.set_theme(theme)
        self.plot.set_theme(theme)
        self.unfold.set_theme(theme)
        self._show_switch()

    def _show_plot(self) -> None:
        self.plot.setVisible(self.has_plot and self.unfold.isChecked())

    def _show_switch(self) -> None:
        other = Layout.GRID if self._layout is Layout.LIST else Layout.LIST
        self.switch.set_icon(other.value, self._theme)
        self.switch.setToolTip(f"Show as a {other.value}")

    def _switch(self) -> None:
        self.layoutRequested.emit(Layout.GRID if self._layout is Layout.LIST else Layout.LIST)
