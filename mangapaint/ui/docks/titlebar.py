"""A dock's title: small caps, a chevron that folds the dock, and a button that lets it float."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QWidget

from mangapaint.ui.controls import IconButton
from mangapaint.ui.theme import Theme, caption

HEIGHT = 32
UNBOUND = 16777215


class DockTitle(QWidget):
    """Set as a dock's title bar; dragging it moves the dock, a double click folds it."""

    folded = Signal(bool)

    def __init__(self, dock: QDockWidget, theme: Theme) -> None:
        super().__init__(dock)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._dock = dock
        self._theme = theme
        self._folded = False
        self.title = QLabel(dock.windowTitle().lower())
        self.title.setObjectName("secondary")
        self.title.setFont(caption(self.title.font()))
        self.fold = IconButton("chevron-down", theme, tip="Fold", size=12)
        self.float = IconButton("float", theme, tip="Float", size=12)
        self.close_button = IconButton("close", theme, tip="Close", size=12)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 8, 0)
        row.setSpacing(0)
        row.addWidget(self.fold)
        row.addSpacing(2)
        row.addWidget(self.title, 1)
        for button in (self.float, self.close_button):
            row.addWidget(button)
        for button in (self.fold, self.float, self.close_button):
            button.setFixedSize(20, 20)
            button.setObjectName("cross")
        self.fold.clicked.connect(lambda: self.set_folded(not self._folded))
        self.float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self.close_button.clicked.connect(dock.close)
        dock.windowTitleChanged.connect(lambda text: self.title.setText(text.lower()))

    @property
    def is_folded(self) -> bool:
        """True while only the title shows."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Leave only the title, or show the whole dock."""
        if folded == self._folded:
            return
        self._folded = folded
        content = self._dock.widget()
        if content is not None:
            content.setVisible(not folded)
        self._dock.setMaximumHeight(HEIGHT if folded else UNBOUND)
        self.fold.set_icon("chevron-right" if folded else "chevron-down", self._theme)
        self.fold.setToolTip("Unfold" if folded else "Fold")
        self.folded.emit(folded)

    def sizeHint(self) -> QSize:
        """What the dock asks to learn where its content begins."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """See :meth:`sizeHint`."""
        return QSize(super().minimumSizeHint().width(), HEIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for button in (self.fold, self.float, self.close_button):
            button.set_theme(theme)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_folded(not self._folded)


def framed(title: str, content: QWidget, theme: Theme, *, name: str) -> QDockWidget:
    """Return a dock with our title; ``name`` is what the remembered layout calls it."""
    dock = QDockWidget(title)
    dock.setObjectName(name)
    dock.setWidget(content)
    dock.setTitleBarWidget(DockTitle(dock, theme))
    dock.setSizePolicy(content.sizePolicy())
    return dock


def balance(window: QMainWindow, docks: Sequence[QDockWidget], *, filling: QDockWidget) -> None:
    """Give each of the docks above one another the height it asks for, and ``filling`` what is left."""
    shown = [dock for dock in docks if dock.isVisible() and not dock.isFloating()]
    if filling not in shown:
        return
    wanted = {dock: dock.sizeHint().height() for dock in shown if dock is not filling}
    rest = sum(dock.height() for dock in shown) - sum(wanted.values())
    heights = [max(filling.minimumSizeHint().height(), rest) if dock is filling else wanted[dock] for dock in shown]
    window.resizeDocks(shown, heights, Qt.Orientation.Vertical)
