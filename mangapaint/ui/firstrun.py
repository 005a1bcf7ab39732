"""The first run: small notes beside the real controls, each gone once the thing is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import reduce

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mangapaint.ui.controls import IconButton
from mangapaint.ui.theme import Theme, width_of

TEXT_WIDTH = 176
TAIL = 10
TAIL_BASE = 6
AWAY = 8
MOVES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}


class Side(Enum):
    """On which side of its control a note stands."""

    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class Note:
    """What is said, of which control, and on which side of it."""

    id: str
    text: str
    target: QWidget
    side: Side


class FirstRun(QObject):
    """Keeps the notes beside their controls while the window moves under them."""

    finished = Signal()

    def __init__(self, window: QWidget, notes: Sequence[Note], theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._notes = {note.id: note for note in notes}
        self._bubbles = {note.id: Bubble(note.text, theme, window) for note in notes}
        for key, bubble in self._bubbles.items():
            bubble.close_button.clicked.connect(lambda _on=False, key=key: self.done(key))
        for watched in (window, *(note.target for note in notes)):
            watched.installEventFilter(self)
        self.place()

    @property
    def bubbles(self) -> dict[str, Bubble]:
        """The notes still shown, by id."""
        return dict(self._bubbles)

    def done(self, note: str) -> None:
        """Dismiss one note; an unknown or dismissed one changes nothing. The last one ends the first run."""
        bubble = self._bubbles.pop(note, None)
        if bubble is None:
            return
        bubble.hide()
        bubble.deleteLater()
        if not self._bubbles:
            self._end()

    def dismiss_all(self) -> None:
        """Dismiss what is left."""
        for note in tuple(self._bubbles):
            self.done(note)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for bubble in self._bubbles.values():
            bubble.set_theme(theme)

    def place(self) -> None:
        """Put every note beside its control, none over another, none over the window's middle."""
        taken: list[QRect] = []
        for key, bubble in self._bubbles.items():
            note = self._notes[key]
            target = self._target_rect(note.target)
            if target is None:
                bubble.hide()
                continue
            body = _free(self._body(note, target, bubble.body_size()), note.side, taken, self._window.rect())
            taken.append(body)
            bubble.stand(body, _tip(target, note.side))
            bubble.show()
            bubble.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window and the controls."""
        if event.type() in MOVES and self._bubbles:
            self.place()
        return False

    def _end(self) -> None:
        for watched in (self._window, *(note.target for note in self._notes.values())):
            watched.removeEventFilter(self)
        self.finished.emit()

    def _target_rect(self, target: QWidget) -> QRect | None:
        if not target.isVisibleTo(self._window) or not self._window.isAncestorOf(target):
            return None
        return QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())

    def _body(self, note: Note, target: QRect, size: QSize) -> QRect:
        away = AWAY + TAIL // 2
        middle = target.center()
        corner = {
            Side.RIGHT: QPoint(target.right() + away, middle.y() - 16),
            Side.LEFT: QPoint(target.left() - away - size.width(), middle.y() - 16),
            Side.BELOW: QPoint(middle.x() - 24, target.bottom() + away),
            Side.ABOVE: QPoint(middle.x() - 24, target.top() - away - size.height()),
        }[note.side]
        return QRect(corner, size)


def _tip(target: QRect, side: Side) -> QPoint:
    """The point of the control that the tail touches."""
    middle = target.center()
    return {
        Side.RIGHT: QPoint(target.right() + 3, middle.y()),
        Side.LEFT: QPoint(target.left() - 3, middle.y()),
        Side.BELOW: QPoint(middle.x(), target.bottom() + 3),
        Side.ABOVE: QPoint(middle.x(), target.top() - 3),
    }[side]


def _free(body: QRect, side: Side, taken: Sequence[QRect], room: QRect) -> QRect:
    """Push a note along its control's edge until it stands within the window and clear of the others."""
    body = _inside(body, room)
    for other in sorted(taken, key=lambda rect: (rect.top(), rect.left())):
        if not body.adjusted(-AWAY, -AWAY, AWAY, AWAY).intersects(other):
            continue
        body = QRect(body)
        if side in (Side.LEFT, Side.RIGHT):
            body.moveTop(other.bottom() + AWAY + 1)
        else:
            body.moveLeft(other.right() + AWAY + 1)
    return _inside(body, room)


def _inside(body: QRect, room: QRect) -> QRect:
    x = max(AWAY, min(body.left(), room.width() - body.width() - AWAY))
    y = max(AWAY, min(body.top(), room.height() - body.height() - AWAY))
    return QRect(QPoint(x, y), body.size())


class Bubble(QWidget):
    """One note: words, a cross, and a tail that touches its control."""

    def __init__(self, text: str, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._body = QRect()
        self._tail = QPoint()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel = QWidget(self)
        self.words = QLabel(text)
        self.words.setWordWrap(True)
        self.words.setFixedWidth(min(TEXT_WIDTH, width_of(self.words.font(), text) + 4))
        self.close_button = IconButton("close", theme, tip="Dismiss", size=12)
        self.close_button.setObjectName("cross")
        self.close_button.setFixedSize(20, 20)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self.panel)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.words)
        corner = QVBoxLayout()
        corner.addWidget(self.close_button)
        corner.addStretch(1)
        row.addLayout(corner)

    def body_size(self) -> QSize:
        """What the words and the cross need."""
        return self.panel.sizeHint()

    def stand(self, body: QRect, tip: QPoint) -> None:
        """Take a place in the window's coordinates, the tail reaching to ``tip``."""
        whole = body.united(QRect(tip, QSize(1, 1))).adjusted(-2, -2, 2, 2)
        self._body, self._tail = body.translated(-whole.topLeft()), tip - whole.topLeft()
        self.setGeometry(whole)
        self.panel.setGeometry(self._body)
        self.setMask(_grown(QRegion(self._outline().toFillPolygon().toPolygon())))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.close_button.set_theme(theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and its tail in one outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.secondary), 1))
        painter.setBrush(QColor(self._theme.raised))
        painter.drawPath(self._outline())
        painter.end()

    def _outline(self) -> QPainterPath:
        body = QRectF(self._body).adjusted(0.5, 0.5, -0.5, -0.5)
        path, tail = QPainterPath(), QPainterPath()
        path.addRoundedRect(body, 4, 4)
        tail.addPolygon([*_base(body, QPointF(self._tail)), QPointF(self._tail)])
        tail.closeSubpath()
        return path.united(tail)


def _base(body: QRectF, tip: QPointF) -> tuple[QPointF, QPointF]:
    """The two points of the body's edge that the tail grows from."""
    inset = 4.0 + TAIL_BASE
    beside = not body.left() <= tip.x() <= body.right()
    if beside and not body.top() <= tip.y() <= body.bottom():
        x = body.left() + 1 if tip.x() < body.left() else body.right() - 1
        y = body.top() + 1 if tip.y() < body.top() else body.bottom() - 1
        inwards = QPointF(inset if tip.x() < body.left() else -inset, inset if tip.y() < body.top() else -inset)
        return QPointF(x + inwards.x(), y), QPointF(x, y + inwards.y())
    x = min(max(tip.x(), body.left() + inset), body.right() - inset)
    y = min(max(tip.y(), body.top() + inset), body.bottom() - inset)
    if beside:
        edge = body.left() + 1 if tip.x() < body.left() else body.right() - 1
        return QPointF(edge, y - TAIL_BASE), QPointF(edge, y + TAIL_BASE)
    edge = body.top() + 1 if tip.y() < body.top() else body.bottom() - 1
    return QPointF(x - TAIL_BASE, edge), QPointF(x + TAIL_BASE, edge)


def _grown(region: QRegion) -> QRegion:
    """One pixel wider all around, so that the outline's smooth edge is not cut."""
    sides = [region.translated(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return reduce(QRegion.united, sides)
