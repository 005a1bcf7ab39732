"""Half-open pixel rectangles: which part of a page something touches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rect:
    """Pixels with x0 <= x < x1 and y0 <= y < y1, in page coordinates."""

    x0: int
    y0: int
    x1: int
    y1: int

    @staticmethod
    def whole(height: int, width: int) -> Rect:
        """Return the rectangle of a whole picture."""
        return Rect(0, 0, width, height)

    @property
    def width(self) -> int:
        """Columns, 0 when empty."""
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        """Rows, 0 when empty."""
        return max(0, self.y1 - self.y0)

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index into an (H, W, ...) array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def union(self, other: Rect) -> Rect:
        """Return the smallest rectangle around both; an empty one does not count."""
        if not self.area:
            return other
        if not other.area:
            return self
        return Rect(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def intersection(self, other: Rect) -> Rect:
        """Return what both share; may be empty."""
        return Rect(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))

    def within(self, frame: Rect) -> Rect:
        """Return the same pixels in the coordinates of a frame, whose corner becomes the origin."""
        return Rect(self.x0 - frame.x0, self.y0 - frame.y0, self.x1 - frame.x0, self.y1 - frame.y0)

    def grown(self, margin: int) -> Rect:
        """Return the rectangle with ``margin`` more pixels on every side."""
        return Rect(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    def aligned(self, step: int) -> Rect:
        """Return the smallest rectangle around this one whose corners are multiples of ``step``."""
        x0, y0 = self.x0 // step * step, self.y0 // step * step
        return Rect(x0, y0, -(-self.x1 // step) * step, -(-self.y1 // step) * step)
