"""The Palette dock: colours with their names and shares, in titled groups."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mangapaint.document.palette import Palette
from mangapaint.ui.controls import ElidedLabel, IconButton
from mangapaint.ui.swatches import Layout, Swatches
from mangapaint.ui.theme import Theme, small

EMPTY = "Colours of the page and of its references gather here."


class PaletteDock(QWidget):
    """Passive: setters in, signals out."""

    colorPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._layout = Layout.LIST
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

    def set_groups(self, groups: Sequence[tuple[str, Palette]]) -> None:
        """Show titled palettes one under the other; none at all shows what the dock is for."""
        shown = [(title, palette) for title, palette in groups if palette.swatches]
        while len(self._groups) > len(shown):
            group = self._groups.pop()
            self._column.removeWidget(group)
            group.hide()
            group.deleteLater()
        while len(self._groups) < len(shown):
            self._add_group()
        for group, (title, palette) in zip(self._groups, shown, strict=True):
            group.set_palette(title, palette)
        self.empty.setVisible(not self._groups)

    def _add_group(self) -> None:
        group = PaletteGroup(self._theme, self._layout)
        group.swatches.colorPicked.connect(self.colorPicked)
        group.layoutRequested.connect(self.set_layout)
        group.switch.setVisible(not self._groups)
        self._column.insertWidget(len(self._groups), group)
        self._groups.append(group)

    def set_layout(self, layout: Layout) -> None:
        """Show every group as a grid or as a list."""
        self._layout = layout
        for group in self._groups:
            group.set_layout(layout)

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
        self._shown: tuple[str, Palette] | None = None
        self.switch = IconButton("grid", theme, size=12)
        self.switch.setObjectName("cross")
        self.switch.setFixedSize(20, 20)
        self.switch.clicked.connect(self._switch)
        self.swatches = Swatches(theme, layout)
        self._frame = QHBoxLayout()
        self._frame.addWidget(self.swatches)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 4, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._frame)
        self.set_layout(layout)

    def set_palette(self, title: str, palette: Palette) -> None:
        """Show another palette; one that is shown already costs nothing."""
        if (title, palette) != self._shown:
            self._shown = title, palette
            self.title.set_full(title)
            self.swatches.set_swatches(palette.swatches)

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
        self._show_switch()

    def _show_switch(self) -> None:
        other = Layout.GRID if self._layout is Layout.LIST else Layout.LIST
        self.switch.set_icon(other.value, self._theme)
        self.switch.setToolTip(f"Show as a {other.value}")

    def _switch(self) -> None:
        self.layoutRequested.emit(Layout.GRID if self._layout is Layout.LIST else Layout.LIST)
