"""Choosing what is to be learned: pictures, the series' name, the network, for which pages, and for how long."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mangapaint.ui.controls import ElidedLabel
from mangapaint.ui.docks.reference_thumbs import DropArea
from mangapaint.ui.dropping import TakesFiles
from mangapaint.ui.series.pictures import PictureGrid
from mangapaint.ui.series.session import Chosen
from mangapaint.ui.series.shelf import named
from mangapaint.ui.series.tuition import NETWORKS, PAGES
from mangapaint.ui.theme import Theme, caption

TIMES: tuple[tuple[str, float | None], ...] = (
    ("5 min", 5.0), ("20 min", 20.0), ("60 min", 60.0), ("Until stopped", None))  # fmt: skip
USUAL = 1
"""Which of them is meant unless something else is chosen."""
FIELD = 240
NO_PICTURES = "Add a few coloured pages of the series: five to twenty are a good number"
NO_NAME = "Give the series a name"


@dataclass(frozen=True)
class Wanted:
    """What was chosen besides the pictures."""

    series: str
    method: str
    pages: str
    minutes: float | None


class Choosing(TakesFiles):
    """Passive: setters in, signals out. Files dropped anywhere on it are offered."""

    browseRequested = Signal()
    folderRequested = Signal()
    referencesRequested = Signal()
    removeRequested = Signal(object)
    changed = Signal()
    """Another series or network was chosen."""
    startRequested = Signal(object, bool)
    """What is wanted, and whether to go on from where it was left."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._refused: tuple[str, ...] = ()
        self._theme = theme
        self.grid, self.area = PictureGrid(theme), DropArea(theme)
        self.count = QLabel()
        self.count.setObjectName("secondary")
        self.files, self.folder = QPushButton("Add pictures\u2026"), QPushButton("Add a folder\u2026")
        self.references = QPushButton("Add the page's references")
        self.series, self.network, self.pages = QComboBox(), QComboBox(), QComboBox()
        self.about = ElidedLabel()
        self.about.setObjectName("secondary")
        self.times = [QPushButton(text) for text, _ in TIMES]
        self.said = ElidedLabel()
        self.said.setObjectName("secondary")
        self.further, self.start = QPushButton("Continue"), QPushButton("Start learning")
        self._build()
        self._connect()
        self.set_pictures((), ())

    @property
    def wanted(self) -> Wanted:
        """What is chosen."""
        chosen = next(number for number, button in enumerate(self.times) if button.isChecked())
        return Wanted(named(self.series.currentText()), self.network.currentData(), self.pages.currentData(),
                      TIMES[chosen][1])  # fmt: skip

    def set_pictures(self, chosen: Sequence[Chosen], refused: Sequence[str]) -> None:
        """Show the pictures, and why others were left out, a line each."""
        self._count, self._refused = len(chosen), tuple(refused)
        self.grid.set_pictures(chosen)
        self.count.setText(f"{self._count} picture{'s' if self._count != 1 else ''}" if chosen else "")
        self.area.setVisible(not chosen)
        self._scrolled.setVisible(bool(chosen))
        self._show_state()

    def set_series(self, names: Sequence[str]) -> None:
        """Offer the series that were learned before; what was typed stays."""
        text = self.series.currentText()
        self.series.blockSignals(True)
        self.series.clear()
        self.series.addItems(list(names))
        self.series.setEditText(text)
        self.series.blockSignals(False)

    def choose(self, series: str = "", *, method: str = "", pages: str = "") -> None:
        """Choose by name, without telling anyone; what is empty stays as it is."""
        for box, value in ((self.network, method), (self.pages, pages)):
            if value and box.findData(value) >= 0:
                box.blockSignals(True)
                box.setCurrentIndex(box.findData(value))
                box.blockSignals(False)
        if series:
            self.series.blockSignals(True)
            self.series.setEditText(series)
            self.series.blockSignals(False)
        self._show_state()

    def set_goes_on(self, goes_on: bool) -> None:
        """Say whether what is chosen was learned before and can be learned further."""
        self.further.setVisible(goes_on)
        self.start.setText("Learn anew" if goes_on else "Start learning")
        self.further.setDefault(goes_on)
        self.start.setDefault(not goes_on)

    def set_has_references(self, has: bool) -> None:
        """Say whether the open page has references that can be added."""
        self.references.setEnabled(has)
        self.references.setToolTip("" if has else "The open page has no references")

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.grid.set_theme(theme)
        self.area.set_theme(theme)

    # --- how it is built

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(_row(_titled("pictures"), None, self.count))
        column.addWidget(self.area)
        column.addWidget(self._scroll(), 1)
        column.addLayout(_row(self.files, self.folder, self.references, None))
        column.addSpacing(8)
        column.addLayout(self._form())
        column.addStretch()
        column.addSpacing(8)
        foot = _row(self.said, self.further, self.start)
        foot.setStretch(0, 1)
        column.addLayout(foot)

    def _scroll(self) -> QScrollArea:
        inner = QWidget()
        inner.setObjectName("scrolled")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.grid)
        rows.addStretch()
        self._scrolled = QScrollArea()
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scrolled.setWidget(inner)
        return self._scrolled

    def _form(self) -> QGridLayout:
        self.series.setEditable(True)
        self.series.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for each in NETWORKS:
            self.network.addItem(each.title, each.method)
        for key, text in PAGES.items():
            self.pages.addItem(text, key)
        for box in (self.series, self.network, self.pages):
            box.setFixedSize(FIELD, 28)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        rows = (("Series", _row(self.series, None)), ("Network", _row(self.network, self.about)),
                ("Learns for", _row(self.pages, None)), ("Time", _row(*self._time_buttons(), None)))  # fmt: skip
        for number, (text, row) in enumerate(rows):
            label = QLabel(text)
            label.setObjectName("secondary")
            grid.addWidget(label, number, 0)
            grid.addLayout(row, number, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _time_buttons(self) -> list[QPushButton]:
        group = QButtonGroup(self)
        for number, button in enumerate(self.times):
            button.setCheckable(True)
            button.setChecked(number == USUAL)
            button.setFixedHeight(28)
            group.addButton(button)
        return self.times

    def _connect(self) -> None:
        self.area.clicked.connect(self.browseRequested)
        self.grid.moreRequested.connect(self.browseRequested)
        self.grid.removeRequested.connect(self.removeRequested)
        self.files.clicked.connect(self.browseRequested)
        self.folder.clicked.connect(self.folderRequested)
        self.references.clicked.connect(self.referencesRequested)
        self.series.editTextChanged.connect(lambda _text: self._on_changed())
        self.network.currentIndexChanged.connect(lambda _index: self._on_changed())
        asked: Callable[[bool], Callable[[], None]] = lambda on: lambda: self.startRequested.emit(self.wanted, on)  # noqa: E731
        self.start.clicked.connect(asked(False))
        self.further.clicked.connect(asked(True))

    def _on_changed(self) -> None:
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        """Say what is lacking before it can begin, or which pictures were left out."""
        self.about.set_full(next((row.about for row in NETWORKS if row.method == self.network.currentData()), ""))
        lack = NO_PICTURES if not self._count else NO_NAME if not named(self.series.currentText()) else ""
        left_out = f"{len(self._refused)} left out: {self._refused[-1]}" if self._refused else ""
        self.said.set_full(left_out or lack)
        for button in (self.start, self.further):
            button.setEnabled(not lack)

    def _set_hot(self, hot: bool) -> None:
        self.area.set_hot(hot)
        self.grid.set_hot(hot)


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; None is a stretch."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row


def _titled(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("secondary")
    label.setFont(caption(label.font()))
    return label
