"""The line at the foot: what to do or what went wrong, what is running, and whether the picture is up to date."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from mangapaint.ui.controls import ElidedLabel, IconButton
from mangapaint.ui.theme import Theme, picture, small, tabular, width_of

HEIGHT = 24
SHOWN_AFTER_MS = 300
CANCEL, STOP = "Cancel", "Stop learning; what it has learned stays"
"""What the cross does."""


class StatusBar(QWidget):
    """Passive: what is set is shown; errors stay until their cross is pressed or :meth:`clear_error` is called."""

    cancelRequested = Signal()
    stopRequested = Signal()
    """The cross was pressed while the progress is that of learning."""
    learnOnRequested = Signal()
    errorDismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._theme = theme
        self._message = self._error = self._lack = self._standing = ""
        self.mark = QLabel()
        self.message = ElidedLabel()
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.dismiss = IconButton("close", theme, tip="Dismiss", size=12)
        self.learned = LearnedRow()
        self.progress = ProgressRow(theme)
        self.fresh, self.latency, self.memory = QLabel(), QLabel(), QLabel()
        self._build()
        self._show_line()
        self.set_theme(theme)
        self.dismiss.clicked.connect(self._dismissed)
        self.progress.cancelRequested.connect(self.cancelRequested)
        self.progress.stopRequested.connect(self.stopRequested)
        self.learned.button.clicked.connect(self.learnOnRequested)

    def show_message(self, text: str) -> None:
        """Say what to do next; an error that has not been read stays in front of it."""
        self._message = text
        self._show_line()

    def set_standing(self, text: str) -> None:
        """Say what is so while there is nothing else to say."""
        if text != self._standing:
            self._standing = text
            self._show_line()

    def set_lack(self, text: str) -> None:
        """Say what is lacking for as long as it is, behind what is said from now on; empty for nothing."""
        self._lack = text
        if text:
            self._message = ""
        self._show_line()

    def show_error(self, text: str) -> None:
        """Say what went wrong, until it is dismissed or cleared."""
        self._error = text
        self._show_line()

    def clear_error(self) -> None:
        """Take the error away, as when its cause is gone."""
        self._error = ""
        self._show_line()

    def set_progress(self, text: str | None, fraction: float | None = None) -> None:
        """Say what runs and how far it is (0..1, None where unknown); it shows after 300 ms. None: nothing runs."""
        self.progress.set_progress(text, fraction)

    def set_learning(self, learned: float | None, *, goes_on: bool = True, said: str = "") -> None:
        """Show how much is learned (0..1): as a progress that stands before that of jobs while learning goes on, and
        with a button to learn on where it does not. None: there is nothing to learn. ``said`` is said instead of how
        much, as where learning has no end."""
        self.progress.set_learning(learned if goes_on else None, said)
        self.learned.set_learned(None if goes_on else learned)

    def set_fresh(self, fresh: bool) -> None:
        """Say whether the picture shows the last stroke."""
        self.fresh.setText("up to date" if fresh else "updating")

    def set_latency(self, milliseconds: float | None) -> None:
        """Say how long the last stroke took to become a picture."""
        self.latency.setText("" if milliseconds is None else f"{milliseconds:.0f}\u2009ms")

    def set_memory(self, size: int) -> None:
        """Say how much memory the application holds, in bytes."""
        self.memory.setText(f"{size / 1e9:.1f}\u2009GB" if size >= 1e9 else f"{size / 1e6:.0f}\u2009MB")

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.dismiss.set_theme(theme)
        self.progress.set_theme(theme)
        mark = picture("error", theme.error, size=16, ratio=self.devicePixelRatioF())
        self.mark.setPixmap(mark)

    def _build(self) -> None:
        for label, widest in ((self.fresh, "up to date"), (self.latency, "9999\u2009ms"), (self.memory, "999\u2009MB")):
            label.setObjectName("secondary")
            label.setFont(tabular(label.font()))
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumWidth(width_of(label.font(), widest) + 2)
        self.latency.setToolTip("From the last stroke to its picture")
        self.memory.setToolTip("Memory in use")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        row.addWidget(self.mark)
        row.addWidget(self.message, 1)
        row.addWidget(self.dismiss)
        row.addSpacing(8)
        row.addWidget(self.learned)
        row.addWidget(self.progress)
        row.addSpacing(8)
        for label in (self.fresh, self.latency, self.memory):
            row.addSpacing(4)
            row.addWidget(label)

    def _show_line(self) -> None:
        wrong = bool(self._error)
        self.mark.setVisible(wrong)
        self.dismiss.setVisible(wrong)
        self.message.set_full(self._error or self._message or self._lack or self._standing)

    def _dismissed(self) -> None:
        self.clear_error()
        self.errorDismissed.emit()


class LearnedRow(QWidget):
    """How much was learned before it was stopped, and a button to learn on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setObjectName("secondary")
        self.text.setFont(tabular(small(self.text.font())))
        self.button = QToolButton()
        self.button.setText("Learn on")
        self.button.setFont(small(self.button.font()))
        self.button.setToolTip("Go on learning from here")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setFixedHeight(HEIGHT - 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.text)
        row.addWidget(self.button)
        self.hide()

    def set_learned(self, learned: float | None) -> None:
        """Say how much was learned (0..1); None: nothing is left to learn, or it goes on."""
        self.text.setText("" if learned is None else f"Learned {_percent(learned)}")
        self.setVisible(learned is not None)


class ProgressRow(QWidget):
    """What runs, how far it is and a cross; it appears only when the job has taken a while.

    Learning is one long progress: the jobs between its steps, and the steps themselves, do not show.
    """

    cancelRequested = Signal()
    stopRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: tuple[str, float | None] | None = None
        self._learned: float | None = None
        self._said = ""
        self.text = ElidedLabel()
        self.text.setFont(tabular(small(self.text.font())))
        self.text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(QSize(112, 4))
        self.cancel = IconButton("close", theme, tip=CANCEL, size=12)
        self.cancel.clicked.connect(self._cancelled)
        self.setFixedWidth(280)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SHOWN_AFTER_MS)
        self._patience.timeout.connect(self.show)
        self.hide()

    def set_progress(self, text: str | None, fraction: float | None) -> None:
        """See :meth:`StatusBar.set_progress`."""
        self._job = None if text is None else (text, fraction)
        self._show_progress()

    def set_learning(self, learned: float | None, said: str = "") -> None:
        """Show how much is learned (0..1), or what is said of it, while learning goes on; None: show the job that runs,
        if it takes a while."""
        if (learned is None) != (self._learned is None):
            self._hide_progress()
            tip = CANCEL if learned is None else STOP
            self.cancel.setToolTip(tip)
            self.cancel.setAccessibleName(tip)
        self._learned, self._said = learned, said
        self._show_progress()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.cancel.set_theme(theme)

    def _show_progress(self) -> None:
        learned = self._learned
        shown = self._job if learned is None else (self._said or f"Learning {_percent(learned)}", learned)
        if shown is None:
            self._hide_progress()
            return
        text, fraction = shown
        self.text.set_full(text)
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(-1 if fraction is None else round(1000 * min(1.0, max(0.0, fraction))))
        if not self.isVisible() and not self._patience.isActive():
            self._patience.start()

    def _hide_progress(self) -> None:
        self._patience.stop()
        self.hide()

    def _cancelled(self) -> None:
        (self.cancelRequested if self._learned is None else self.stopRequested).emit()


def _percent(part: float) -> str:
    """Write a part (0..1) as whole per cent; only what is whole is 100."""
    return f"{int(part * 100)} %"
