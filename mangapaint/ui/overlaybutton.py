"""One overlay's switch, with its opacity and its few parameters in a popover."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from mangapaint.ui.controls import IconButton, Popover, Range, ValueSlider
from mangapaint.ui.theme import ICON_SIZE, Theme, caption, icon

SLIDER_WIDTH = 176


@dataclass(frozen=True)
class Parameter:
    """A number of an overlay that the artist may set; ``lowest`` names its minimum where that stands for no number."""

    id: str
    title: str
    minimum: float
    maximum: float
    value: float
    step: float = 1.0
    suffix: str = ""
    lowest: str = ""


@dataclass(frozen=True)
class OverlayRow:
    """One overlay: its id, its name, its icon's name, its key, and what can be set about it."""

    id: str
    title: str
    icon: str
    key: str = ""
    parameters: tuple[Parameter, ...] = ()


class OverlayButton(QWidget):
    """A switch and a chevron; the chevron or the right mouse button opens the popover."""

    toggled = Signal(str, bool)
    opacityChanged = Signal(str, float)
    parameterChanged = Signal(str, str, float)

    def __init__(self, row: OverlayRow, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self.switch = QToolButton()
        self.switch.setCheckable(True)
        self.switch.setFixedSize(28, 28)
        self.switch.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.setToolTip(f"{row.title}  {row.key}".rstrip())
        self.switch.setAccessibleName(row.title)
        self.switch.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.chevron = IconButton("chevron-down", theme, tip=f"{row.title}: opacity and more", size=12)
        self.chevron.setObjectName("slim")
        self.chevron.setFixedSize(16, 28)
        self.popover = OverlayPopover(row, self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.switch)
        line.addWidget(self.chevron)
        self._connect()
        self.set_theme(theme)

    def set_state(self, *, on: bool, opacity: float) -> None:
        """Show whether the overlay is on and its opacity (0..1), without telling anyone."""
        self.switch.setChecked(on)
        self.popover.opacity.set_value(opacity)

    def set_parameter(self, parameter: str, value: float) -> None:
        """Show a parameter's value, without telling anyone."""
        self.popover.parameters[parameter].set_value(value)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.switch.setIcon(icon(self._row.icon, theme))
        self.chevron.set_theme(theme)

    def open(self) -> None:
        """Open the popover."""
        self.popover.open_under(self)

    def _connect(self) -> None:
        name = self._row.id
        self.switch.clicked.connect(lambda on: self.toggled.emit(name, on))
        self.switch.customContextMenuRequested.connect(self.open)
        self.chevron.clicked.connect(self.open)
        self.popover.opacity.valuePicked.connect(lambda value: self.opacityChanged.emit(name, value))
        for key, slider in self.popover.parameters.items():
            slider.valuePicked.connect(lambda value, key=key: self.parameterChanged.emit(name, key, value))


class OverlayPopover(Popover):
    """Opacity, then the parameters, their sliders on one line of sight."""

    def __init__(self, row: OverlayRow, parent: QWidget) -> None:
        super().__init__(parent)
        heading = QLabel(row.title.lower())
        heading.setObjectName("secondary")
        heading.setFont(caption(heading.font()))
        self.opacity = ValueSlider(Range(0, 1, 0.01), percent=True)
        self.opacity.set_value(1)
        self.parameters = {
            item.id: ValueSlider(Range(item.minimum, item.maximum, item.step), suffix=item.suffix, lowest=item.lowest)
            for item in row.parameters
        }
        for item in row.parameters:
            self.parameters[item.id].set_value(item.value)
        self.rows.addWidget(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        titles = ("Opacity", *(item.title for item in row.parameters))
        for line, (title, slider) in enumerate(zip(titles, (self.opacity, *self.parameters.values()), strict=True)):
            grid.addWidget(QLabel(title), line, 0)
            grid.addWidget(slider, line, 1)
            slider.setMinimumWidth(SLIDER_WIDTH)
        self._align_values()
        self.rows.addLayout(grid)

    def _align_values(self) -> None:
        sliders = (self.opacity, *self.parameters.values())
        widest = max(slider.label.width() for slider in sliders)
        for slider in sliders:
            slider.label.setFixedWidth(widest)
