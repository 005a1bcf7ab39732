"""Two ways to choose any colour, one in front: the wheel, and the a,b plane."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from mangapaint.document.page import Color
from mangapaint.ui.docks.gamut import GamutPicker
from mangapaint.ui.docks.picking import MAX_SIZE, MIN_SIZE
from mangapaint.ui.docks.wheel import ColorWheel
from mangapaint.ui.theme import Theme, small

WHEEL, PLANE = "wheel", "plane"
WAYS = ((WHEEL, "wheel", "Hue around saturation and value"),
        (PLANE, "a,b", "All colours of one lightness that a screen can show"))  # fmt: skip
ROOM = 18
"""Height of a button in the corner, which both ways leave free."""


class Picker(QWidget):
    """Passive: setters in, signals out."""

    picked = Signal(object)
    switched = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wheel, self.gamut = ColorWheel(theme, self), GamutPicker(theme, self)
        self._ways: dict[str, ColorWheel | GamutPicker] = {WHEEL: self.wheel, PLANE: self.gamut}
        self._group = QButtonGroup(self)
        self.buttons = {way: self._button(text, tip) for way, text, tip in WAYS}
        for way, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, way=way: self._switch(way))
        for part in self._ways.values():
            part.colorPicked.connect(self.picked)
        for part in self._ways.values():
            part.setMinimumSize(1, 1)  # what holds is the minimum of both together
        self.setMinimumWidth(MIN_SIZE)
        self.setMaximumHeight(MAX_SIZE)
        self.set_room(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_way(WHEEL)

    @property
    def way(self) -> str:
        """Which one is in front."""
        return next(way for way, button in self.buttons.items() if button.isChecked())

    def set_way(self, way: str) -> None:
        """Bring one to the front without telling anyone; what is no way brings the wheel."""
        chosen = way if way in self._ways else WHEEL
        self.buttons[chosen].setChecked(True)
        for name, part in self._ways.items():
            part.setVisible(name == chosen)

    def set_room(self, taken: int) -> None:
        """Do with less height, by so many pixels, where something else has come beside it."""
        self.setMinimumHeight(MIN_SIZE - taken)

    def set_color(self, color: Color) -> None:
        """Show a colour without telling anyone."""
        self.wheel.set_color(color)
        self.gamut.set_color(color)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.wheel.set_theme(theme)
        self.gamut.set_theme(theme)

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return self.wheel.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give both all the room, and the switch the corner."""
        super().resizeEvent(event)
        for part in self._ways.values():
            part.setGeometry(self.rect())
        for number, button in enumerate(self.buttons.values()):
            button.setGeometry(0, number * ROOM, button.sizeHint().width(), ROOM)
            button.raise_()

    def _switch(self, way: str) -> None:
        self.set_way(way)
        self.switched.emit(way)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("tab")
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFont(small(button.font()))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._group.addButton(button)
        return button
