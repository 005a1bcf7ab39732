"""Watching a series being learned: samples, the loss, the time that is left; stopping, going on, using it."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from mangapaint.ui.controls import ElidedLabel
from mangapaint.ui.series.curve import LossCurve, clock
from mangapaint.ui.series.session import Stage, Teaching
from mangapaint.ui.series.sheet import SampleSheet
from mangapaint.ui.series.tuition import PAGES, network
from mangapaint.ui.theme import Theme, tabular

USES = "Colour the open page with it"
NO_PAGE = "Open a page first, then it can be coloured"
GETTING_READY = "Getting ready: the pictures are being read"
KEEPING = "Keeping what was learned"


class Watching(QWidget):
    """Shows how far learning is."""

    againRequested = Signal()
    """Other pictures, another network or more time are wanted."""

    def __init__(self, theme: Theme, teaching: Teaching, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._teaching = teaching
        self._has_page = False
        self.title, self.state = QLabel(), QLabel()
        self.state.setObjectName("secondary")
        self.state.setFont(tabular(self.state.font()))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setRange(0, 1000)
        room = self.bar.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(room)
        self.sheet, self.curve = SampleSheet(theme), LossCurve(theme)
        self.said = ElidedLabel()
        self.again = QPushButton("Back")
        self.again.setToolTip("Choose other pictures, another network, or more time")
        self.stop, self.use = QPushButton("Stop"), QPushButton("Use it")
        self._build()
        self.again.clicked.connect(self.againRequested)
        self.stop.clicked.connect(self._stopped)
        self.use.clicked.connect(teaching.use)
        for news in (teaching.stageChanged, teaching.advanced, teaching.looked, teaching.shelfChanged):
            news.connect(self.show_state)
        teaching.advanced.connect(self._show_curve)
        teaching.looked.connect(self._show_look)
        teaching.stageChanged.connect(self._show_look)

    def set_has_page(self, has: bool) -> None:
        """Say whether there is a page to use it on."""
        self._has_page = has
        self.show_state()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.sheet.set_theme(theme)
        self.curve.set_theme(theme)

    def show_state(self) -> None:
        """Say how far it is, and offer what can be done now."""
        teaching, stage = self._teaching, self._teaching.stage
        self.title.setText(_named(teaching))
        self.state.setText(_told(teaching))
        self.said.set_full(teaching.trouble)
        left, whole = teaching.left, max(1e-9, teaching.seconds + (teaching.left or 0.0))
        self.bar.setVisible(left is not None and stage is not Stage.OVER)
        self.bar.setValue(0 if stage is Stage.BEGINNING else round(1000 * teaching.seconds / whole))
        self.again.setVisible(stage is Stage.OVER)
        self.stop.setVisible(stage is not Stage.OVER or teaching.is_unkept)
        self.stop.setEnabled(stage is not Stage.KEEPING)
        self.stop.setText("Keep it" if teaching.is_unkept else "Stop")
        self.use.setEnabled(self._has_page and teaching.can_be_used and stage is not Stage.KEEPING)
        self.use.setToolTip(USES if self._has_page else NO_PAGE)
        self.use.setDefault(stage is Stage.OVER)

    def _build(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        for row in (head, foot):
            row.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        foot.addWidget(self.said, 1)
        for button in (self.again, self.stop, self.use):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addSpacing(4)
        column.addWidget(self.sheet)
        column.addSpacing(4)
        column.addWidget(self.curve, 1)
        column.addSpacing(4)
        column.addLayout(foot)

    def _stopped(self) -> None:
        (self._teaching.keep_again if self._teaching.is_unkept else self._teaching.stop)()

    def _show_curve(self) -> None:
        moments = self._teaching.moments
        self.curve.set_curves([(row.seconds, row.loss) for row in moments],
                              [(row.seconds, row.validation) for row in moments])  # fmt: skip

    def _show_look(self) -> None:
        look = self._teaching.look
        self.sheet.set_sheet(look.sheet if look else None, look.rows if look else 3)
        self._show_curve()


def _named(teaching: Teaching) -> str:
    """Say what is being learned."""
    task = teaching.task
    if task is None:
        return ""
    count = len(task.pictures)
    pages = PAGES[task.pages].lower()
    return f"{task.series}: {network(task.method).title}, {count} picture{'s' if count != 1 else ''}, {pages}"


def _told(teaching: Teaching) -> str:
    """Say how far it is."""
    if teaching.stage is Stage.BEGINNING:
        return GETTING_READY
    if teaching.stage is Stage.KEEPING:
        return KEEPING
    steps = f"{teaching.moments[-1].step} steps" if teaching.moments else "first step"
    if teaching.stage is Stage.OVER:
        return f"learned for {clock(teaching.seconds)}, {steps}"
    left = teaching.left
    return f"{steps}, {clock(teaching.seconds)}" if left is None else f"{steps}, {clock(left)} left"
