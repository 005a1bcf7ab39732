"""The empty state: where a page is dropped, opened, pasted or tried."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mangapaint.ui.controls import ElidedLabel
from mangapaint.ui.dropping import TakesFiles
from mangapaint.ui.theme import Theme, caption, icon, picture

SHOWN = 5
CARD_WIDTH = 440


class Welcome(TakesFiles):
    """Stands where the page will stand. Passive: setters in, signals out."""

    openRequested = Signal()
    pasteRequested = Signal()
    sampleRequested = Signal()
    recentPicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.card = Card(theme)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addWidget(self.card, 0, Qt.AlignmentFlag.AlignCenter)
        self.card.open.clicked.connect(self.openRequested)
        self.card.paste.clicked.connect(self.pasteRequested)
        self.card.sample.clicked.connect(self.sampleRequested)
        self.card.recent.picked.connect(self.recentPicked)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Offer the files last opened, newest first; five are shown."""
        self.card.recent.set_paths(paths)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.card.set_theme(theme)

    def _set_hot(self, hot: bool) -> None:
        self.card.set_hot(hot)


class Card(QWidget):
    """The panel in the middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hot = False
        self.setFixedWidth(CARD_WIDTH)
        self.mark = QLabel()
        self.title = QLabel("Drop a page here")
        font = self.title.font()
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * 1.5)
        self.title.setFont(font)
        self.subtitle = QLabel("Line art, gray or screentone")
        self.subtitle.setObjectName("secondary")
        self.open = _button("Open\u2026", "Ctrl+O")
        self.paste = _button("Paste", "Ctrl+V")
        self.sample = _button("Sample page", "")
        self.recent = RecentFiles()
        self._build()
        self.set_theme(theme)

    def set_hot(self, hot: bool) -> None:
        """Show that what is held over it may be dropped."""
        self._hot = hot
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.mark.setPixmap(picture("sample", theme.secondary, size=40, ratio=self.devicePixelRatioF()))
        for button, name in ((self.open, "open"), (self.paste, "paste"), (self.sample, "sample")):
            button.setIcon(icon(name, theme))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and its dashed frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        pen = QPen(QColor(self._theme.accent if self._hot else self._theme.secondary), 1.5 if self._hot else 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(8.5, 8.5, -8.5, -8.5), 4, 4)
        painter.end()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(8, 0, 8, 0)
        buttons.setSpacing(8)
        for button in (self.open, self.paste, self.sample):
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 40, 24, 40)
        column.setSpacing(0)
        for label in (self.mark, self.title, self.subtitle):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.mark)
        column.addSpacing(12)
        column.addWidget(self.title)
        column.addSpacing(4)
        column.addWidget(self.subtitle)
        column.addSpacing(24)
        column.addLayout(buttons)
        column.addWidget(self.recent)


def _button(text: str, key: str) -> QPushButton:
    button = QPushButton(text)
    button.setFixedHeight(36)
    button.setIconSize(QSize(20, 20))
    button.setToolTip(key)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


class RecentFiles(QWidget):
    """The files last opened, one line each."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[RecentRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 24, 0, 0)
        self._column.setSpacing(0)
        heading = QLabel("recent")
        heading.setContentsMargins(8, 0, 8, 0)
        heading.setObjectName("secondary")
        heading.setFont(caption(heading.font()))
        self._column.addWidget(heading)
        self._column.addSpacing(4)
        self.hide()

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Show these; none hides the list."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [RecentRow(path) for path in tuple(paths)[:SHOWN]]
        for row in self.rows:
            self._column.addWidget(row)
            row.clicked.connect(lambda _on=False, path=row.path: self.picked.emit(path))
        self.setVisible(bool(self.rows))


class RecentRow(QPushButton):
    """A file's name and, quieter, its folder."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setObjectName("row")
        self.setFixedHeight(28)
        self.setToolTip(str(path))
        self.setAccessibleName(path.name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        name, folder = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        name.set_full(path.name)
        folder.set_full(str(path.parent))
        folder.setObjectName("secondary")
        folder.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(12)
        row.addWidget(name)
        row.addWidget(folder, 1)
        for label in (name, folder):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
