"""The canvas: what the hand does to the page, with mouse, pen, wheel, fingers and held keys."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from mangapaint.document.document import Document
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import Stroke
from mangapaint.ui import gestures
from mangapaint.ui.carrying import DropTarget
from mangapaint.ui.overlays import OverlayState
from mangapaint.ui.pyramid import Pyramid
from mangapaint.ui.scene import Look, Scene
from mangapaint.ui.strokelayer import end_of
from mangapaint.ui.theme import Theme
from mangapaint.ui.tools import At, Brush, Edit, Tool
from mangapaint.ui.viewport import Viewport

HELD_KEYS = {Qt.Key.Key_Space: Look.ALL, Qt.Key.Key_C: Look.BARE, Qt.Key.Key_V: Look.RESULT}
"""What is shown while a key is held; Space also pans."""
REST = 120
"""Milliseconds without a change after which the view is at rest."""


class Canvas(DropTarget):
    """Shows the page and drives the active tool. Holds nothing that it was not given."""

    edited = Signal(object)
    """A finished change (Edit)."""
    drafted = Signal(object)
    """The document as it looks while a change is being made, or None when it was discarded."""
    viewChanged = Signal()
    painted = Signal()
    hovered = Signal(object)
    """The page point under the pointer (QPointF), or None."""
    dismissed = Signal()
    """Esc was pressed while nothing was being drawn."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = Viewport()
        self.scene = Scene(theme)
        self._tool: Tool | None = None
        self._picker: Tool | None = None
        self._held_tool: Tool | None = None
        self._drawing = False
        self._panning: QPointF | None = None
        self._button = Qt.MouseButton.NoButton
        self._space = False
        self._pointer: QPointF | None = None
        self._fits = True
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._rested)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName("Page")

    # --- what it is given

    def set_theme(self, theme: Theme) -> None:
        """Take the surround's colour."""
        self.scene.theme = theme
        self.update()

    def set_pictures(self, picture: Pyramid | None, bare: Pyramid | None) -> None:
        """Show another page, wholly in view."""
        self.cancel()
        self.scene.show_page(picture, bare)
        self.fit()

    def set_document(self, document: Document | None) -> None:
        """Show the strokes of a document."""
        self.scene.show_document(document)
        if not self._drawing:
            self.update()

    def set_tool(self, tool: Tool | None) -> None:
        """Change the tool; None is the hand."""
        self.cancel()
        self._tool = tool
        self.select(None)
        self._update_cursor()
        self.update()

    def set_picker(self, tool: Tool) -> None:
        """Set the tool that Ctrl stands for while a brush is in the hand."""
        self._picker = tool

    def set_brush(self, brush: Brush) -> None:
        """Change the brush."""
        self.scene.brush = brush
        self.update()

    def select(self, stroke: Stroke | None) -> None:
        """Mark a stroke as the one that Delete and a picked colour mean."""
        self.scene.selected = stroke
        self.update()

    def set_layer(self, overlay: str, layer: Any, state: OverlayState) -> None:
        """Show an overlay, or hide it with None."""
        self.scene.layers.pop(overlay, None)
        if layer is not None:
            self.scene.layers[overlay] = layer, state
        self.update()

    def refresh(self, part: Rect | None) -> None:
        """Repaint a part of the page (None: everything) after its picture changed."""
        if part is None:
            self.update()
        else:
            self._update_page_rect(QRectF(part.x0, part.y0, part.width, part.height))

    # --- the view

    def change_view(self, change: Callable[[Viewport], Viewport]) -> None:
        """Look at the page otherwise."""
        self.view = change(self.view)
        self._fits = False
        self.scene.moving = True
        self._rest.start()
        self.viewChanged.emit()
        self.update()

    def fit(self, *, whole: bool = True) -> None:
        """Show the whole page, or its full width; stays so when the window changes size."""
        picture = self.scene.picture
        if picture:
            self.view = self.view.fitted(picture.width, picture.height, whole=whole)
            self.viewChanged.emit()
        self._fits = whole
        self.update()

    def _rested(self) -> None:
        """Draw exactly what was only moved along while the view changed."""
        self.scene.moving = False
        self.update()

    def middle(self) -> QPointF:
        """Return the screen point in the middle of the canvas."""
        return QPointF(self.width() / 2, self.height() / 2)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what the event's region shows."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        self.scene.paint(painter, self.view, self._pointer if self._shows_ring() else None)
        painter.end()
        self.painted.emit()

    @property
    def pointed(self) -> QPointF | None:
        """The page point under the pointer, or None."""
        return None if self._pointer is None else self.view.to_page(self._pointer)

    def _shows_ring(self) -> bool:
        return bool(self._tool and self._tool.has_ring) and not self._space and self._panning is None

    def _update_page_rect(self, rect: QRectF) -> None:
        self.update(self.view.to_screen(rect).toAlignedRect().adjusted(-2, -2, 2, 2))

    def _update_ring(self) -> None:
        if self._pointer is not None:
            reach = self.scene.brush.size * self.view.zoom / 2 + 4
            area = QRectF(self._pointer.x() - reach, self._pointer.y() - reach, 2 * reach, 2 * reach)
            self.update(area.toAlignedRect())

    # --- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start to pan or to draw."""
        self._press(event.position(), event.button(), 1.0, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan or draw on."""
        self._move(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning or drawing."""
        self._release(event.button())

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Take a pen with its pressure."""
        event.accept()
        pressure = event.pressure() if event.deviceType() != QInputDevice.DeviceType.Mouse else 1.0
        if event.type() == QEvent.Type.TabletPress:
            self._press(event.position(), event.button(), pressure, event.modifiers())
        elif event.type() == QEvent.Type.TabletMove:
            self._move(event.position(), pressure)
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(event.button())

    def _press(
        self, position: QPointF, button: Qt.MouseButton, pressure: float, modifiers: Qt.KeyboardModifier
    ) -> None:
        self._pointer = position
        if self._drawing or self._panning is not None:
            return
        self._button = button
        hand = self._space or self._tool is None
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and hand):
            self._panning = position
            self._update_cursor()
        elif button == Qt.MouseButton.LeftButton and self.scene.document and self._tool:
            self._drawing = True
            if modifiers & Qt.KeyboardModifier.ControlModifier and self._tool.adds_stroke and self._picker:
                self._held_tool, self._tool = self._tool, self._picker
            shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            at = self._at(position, pressure, shift=shift)
            self._show_draft(self._tool.begin(self.scene.document, at, self.scene.brush))

    def _move(self, position: QPointF, pressure: float) -> None:
        self._update_ring()
        before, self._pointer = self._pointer, position
        self._update_ring()
        if self._panning is not None:
            shift = position - self._panning
            self._panning = position
            self.change_view(lambda view: view.panned(shift.x(), shift.y()))
        elif self._drawing and self._tool and before != position:
            self._show_draft(self._tool.extend(self._at(position, pressure)))
        else:
            self.hovered.emit(self.view.to_page(position))

    def _release(self, button: Qt.MouseButton) -> None:
        if self._panning is not None and button == self._button:
            self._panning = None
            self._update_cursor()
        elif self._drawing and button == self._button and self._tool:
            self._drawing = False
            self.scene.draft = None
            edit: Edit | None = self._tool.commit()
            self._put_back()
            (self.edited if edit else self.drafted).emit(edit)

    def cancel(self) -> None:
        """Discard what is being drawn."""
        if self._drawing and self._tool:
            self._drawing = False
            self.scene.draft = None
            self._tool.cancel()
            self._put_back()
            self.drafted.emit(None)

    def _put_back(self) -> None:
        """Take the brush again after Ctrl lent the picker."""
        if self._held_tool:
            self._tool, self._held_tool = self._held_tool, None

    def _show_draft(self, draft: Document) -> None:
        if draft is self.scene.document:
            return
        adds = bool(self._tool and self._tool.adds_stroke and draft.strokes)
        self.scene.draft = draft.strokes[-1] if adds else None
        self.scene.document = draft
        if self.scene.draft is not None:
            self._update_page_rect(end_of(self.scene.draft, self.view.zoom))
        else:
            self.update()
        self.drafted.emit(draft)

    def _at(self, position: QPointF, pressure: float, *, shift: bool = False) -> At:
        point = self.view.to_page(position)
        return At(point.x(), point.y(), pressure, 1 / self.view.zoom, shift)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the ring away."""
        self._update_ring()
        self._pointer = None
        self.hovered.emit(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Bring the ring back."""
        self._pointer = event.position()
        self._update_ring()

    # --- zooming

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom or pan."""
        change = gestures.of_wheel(event)
        if change:
            self.change_view(change)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Take pinches of touchpads and touch screens."""
        change = None
        if isinstance(event, QNativeGestureEvent):
            change = gestures.of_touchpad(event)
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.cancel()
                change = gestures.of_pinch(pinch, QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
        if change is None:
            return super().event(event)
        self.change_view(change)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page's middle, or the whole page, in view."""
        self.view = self.view.resized(QSizeF(self.width(), self.height()))
        if self._fits:
            self.fit()
        super().resizeEvent(event)

    # --- held keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans; C shows the bare page and V the result alone, while held; Esc discards."""
        if not self._held(event, pressed=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End what was held."""
        if not self._held(event, pressed=False):
            super().keyReleaseEvent(event)

    def _held(self, event: QKeyEvent, *, pressed: bool) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape and pressed:
            if not self._drawing:
                self.dismissed.emit()
            self.cancel()
            return True
        if key not in HELD_KEYS or (pressed and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier):
            return False
        if not event.isAutoRepeat():
            if key == Qt.Key.Key_Space:
                self._space = pressed
            else:
                self.scene.look = HELD_KEYS[Qt.Key(key)] if pressed else Look.ALL
            self._update_cursor()
            self.update()
        return True

    def focusOutEvent(self, event: Any) -> None:
        """A key released elsewhere is not held any more."""
        self._space, self.scene.look = False, Look.ALL
        self._update_cursor()
        self.update()
        super().focusOutEvent(event)

    def _update_cursor(self) -> None:
        if self._panning is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space or self._tool is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool.has_ring or self._tool.adds_stroke:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.setCursor(Qt.CursorShape.ArrowCursor)
