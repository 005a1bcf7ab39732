"""What wheel, touchpad and fingers mean for the view: each event as a change of the viewport, or None."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QPinchGesture

from mangapaint.ui.viewport import Viewport

Change = Callable[[Viewport], Viewport]
WHEEL_STEP = 1.0015
"""Zoom factor for each eighth of a degree of the wheel."""


def of_wheel(event: QWheelEvent) -> Change | None:
    """Zoom about the pointer; Shift pans sideways, Ctrl up and down; a touchpad pans."""
    pixels, angle, at = event.pixelDelta(), event.angleDelta(), event.position()
    modifiers = event.modifiers()
    if not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase and not modifiers:
        return lambda view: view.panned(pixels.x(), pixels.y())
    if modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
        return lambda view: view.panned(angle.y() + angle.x(), 0)
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return lambda view: view.panned(0, angle.y())
    return (lambda view: view.zoomed(WHEEL_STEP ** angle.y(), at)) if angle.y() else None


def of_touchpad(event: QNativeGestureEvent) -> Change | None:
    """Zoom about the fingers, or turn."""
    value, at = event.value(), event.position()
    if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
        return lambda view: view.zoomed(1 + value, at)
    if event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
        return lambda view: view.rotated(value)
    return None


def of_pinch(pinch: QPinchGesture, center: QPointF) -> Change:
    """Pan, zoom and turn with two fingers on a screen; ``center`` is between them."""
    shift = pinch.centerPoint() - pinch.lastCenterPoint()
    turn, factor = pinch.rotationAngle() - pinch.lastRotationAngle(), pinch.scaleFactor()
    return lambda view: view.panned(shift.x(), shift.y()).zoomed(factor, center).rotated(turn)
