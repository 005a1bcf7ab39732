"""Where the page is on the screen: pan, zoom, rotation and mirror as one immutable value."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

from mangapaint.document.rect import Rect

SMALLEST, LARGEST = 0.02, 32.0
MARGIN = 24.0
"""Logical pixels left free around a fitted page."""


@dataclass(frozen=True)
class Viewport:
    """How page pixels become logical screen pixels.

    ``center`` is the page point in the middle of the widget, ``zoom`` logical pixels for a page pixel, ``angle``
    degrees clockwise, ``mirrored`` left to right on the screen.
    """

    size: QSizeF = field(default_factory=lambda: QSizeF(1, 1))
    center: QPointF = field(default_factory=QPointF)
    zoom: float = 1.0
    angle: float = 0.0
    mirrored: bool = False

    @property
    def transform(self) -> QTransform:
        """Page to screen."""
        result = QTransform.fromTranslate(self.size.width() / 2, self.size.height() / 2)
        if self.mirrored:
            result.scale(-1, 1)
        result.rotate(self.angle)
        result.scale(self.zoom, self.zoom)
        result.translate(-self.center.x(), -self.center.y())
        return self._snapped(result)

    def _snapped(self, result: QTransform) -> QTransform:
        """Put an upright page at 100 % on whole pixels, so that it is sharp."""
        if self.zoom != 1.0 or self.angle or self.mirrored:
            return result
        return QTransform.fromTranslate(round(result.dx()), round(result.dy()))

    def to_page(self, point: QPointF) -> QPointF:
        """Return the page point under a screen point."""
        inverse, _ = self.transform.inverted()
        return inverse.map(point)

    def to_screen(self, rect: QRectF) -> QRectF:
        """Return the screen rectangle around a page rectangle."""
        return self.transform.mapRect(rect)

    def resized(self, size: QSizeF) -> Viewport:
        """Return the view in a widget of another size; the middle stays in the middle."""
        return replace(self, size=size)

    def panned(self, dx: float, dy: float) -> Viewport:
        """Return the view shifted by logical screen pixels."""
        middle = QPointF(self.size.width() / 2, self.size.height() / 2)
        inverse, _ = replace(self, zoom=self.zoom * (1 + 1e-12)).transform.inverted()
        return replace(self, center=inverse.map(middle - QPointF(dx, dy)))

    def zoomed(self, factor: float, anchor: QPointF) -> Viewport:
        """Return the view zoomed about a screen point, which keeps its page point."""
        zoom = min(LARGEST, max(SMALLEST, self.zoom * factor))
        return replace(self, zoom=zoom)._anchored(anchor, self.to_page(anchor))

    def rotated(self, degrees: float) -> Viewport:
        """Return the view turned about the widget's middle; ``degrees`` clockwise as seen."""
        turn = -degrees if self.mirrored else degrees
        return replace(self, angle=(self.angle + turn + 180) % 360 - 180)

    def upright(self) -> Viewport:
        """Return the view without rotation."""
        return replace(self, angle=0.0)

    def mirror(self) -> Viewport:
        """Return the view mirrored left to right."""
        return replace(self, mirrored=not self.mirrored, angle=-self.angle)

    def actual(self) -> Viewport:
        """Return the view at 100 %."""
        return replace(self, zoom=1.0)

    def fitted(self, width: float, height: float, *, whole: bool = True) -> Viewport:
        """Return the view with the whole page, or its full width, in the widget."""
        turned = QTransform().rotate(self.angle).mapRect(QRectF(0, 0, width, height))
        across = max(1.0, self.size.width() - 2 * MARGIN) / turned.width()
        down = max(1.0, self.size.height() - 2 * MARGIN) / turned.height()
        zoom = min(LARGEST, max(SMALLEST, min(across, down) if whole else across))
        center = QPointF(width / 2, height / 2)
        if not whole and zoom * turned.height() > self.size.height():
            center = QPointF(width / 2, min(self.center.y(), height - (self.size.height() / 2 - MARGIN) / zoom))
            center.setY(max(center.y(), (self.size.height() / 2 - MARGIN) / zoom))
        return replace(self, zoom=zoom, center=center)

    def showing(self, part: Rect, page: Rect) -> Viewport:
        """Return the view with a part of the page as near its middle as the page's edges allow.

        It is zoomed out only as far as the part needs.
        """
        fitted = self.fitted(part.width, part.height)
        center = QPointF((part.x0 + part.x1) / 2, (part.y0 + part.y1) / 2)
        found = replace(self, zoom=min(self.zoom, fitted.zoom), center=center)
        seen = found.to_screen(QRectF(page.x0, page.y0, page.width, page.height))
        across = _kept_in(seen.left(), seen.right(), self.size.width())
        return found.panned(across, _kept_in(seen.top(), seen.bottom(), self.size.height()))

    def towards(self, other: Viewport, part: float) -> Viewport:
        """Return the view on the way to another one of the same size; ``part`` 1 is there."""
        if part >= 1:
            return replace(other, size=self.size)
        center = self.center + (other.center - self.center) * part
        return replace(self, center=center, zoom=self.zoom * (other.zoom / self.zoom) ** part)

    def _anchored(self, anchor: QPointF, page: QPointF) -> Viewport:
        moved = self.to_page(anchor)
        return replace(self, center=self.center + (page - moved))

    @property
    def text(self) -> str:
        """Zoom and angle for the eye."""
        angle = math.floor(self.angle + 0.5)
        return f"{self.zoom * 100:.0f} %   {angle}°" + ("   mirrored" if self.mirrored else "")


def _kept_in(low: float, high: float, size: float) -> float:
    """Return how far to shift what reaches from ``low`` to ``high``: into the middle, or so that it fills the size."""
    if high - low <= size - 2 * MARGIN:
        return (size - low - high) / 2
    return min(0.0, MARGIN - low) + max(0.0, size - MARGIN - high)
