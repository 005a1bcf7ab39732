"""What the artist holds: the active tool, two colours, the brush's size, and the colours used lately."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from mangapaint.document.page import Color
from mangapaint.document.palette import color_of, hex_of
from mangapaint.settings import Settings
from mangapaint.ui.tools import Brush, ToolId

RECENT = 18
SMALLEST, LARGEST = 1.0, 500.0
FIRST: Color = (232, 183, 150)
"""Skin: what a hand reaches for first."""
SECOND: Color = (255, 255, 255)


class Paintbox(QObject):
    """The state behind the tool rail and the colour dock; remembers itself in the settings."""

    changed = Signal()
    tool_changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.tool = ToolId.BRUSH
        self.foreground: Color | None = FIRST
        self.background: Color | None = SECOND
        self.size = float(settings["brush_size"])
        self.recent: list[Color] = _colors(settings.kept("colors"))

    @property
    def brush(self) -> Brush:
        """The brush as the canvas needs it."""
        return Brush(self.foreground, self.size)

    def take(self, tool: ToolId) -> None:
        """Take another tool."""
        if tool is not self.tool:
            self.tool = tool
            self.tool_changed.emit()

    def pick(self, color: Color | None) -> None:
        """Make a colour the foreground; None keeps areas uncoloured."""
        self.foreground = color
        self.changed.emit()

    def swap(self) -> None:
        """Exchange foreground and background."""
        self.foreground, self.background = self.background, self.foreground
        self.changed.emit()

    def resize(self, size: float) -> None:
        """Set the brush's diameter in page pixels."""
        self.size = min(LARGEST, max(SMALLEST, size))
        self._settings["brush_size"] = self.size
        self.changed.emit()

    def used(self, color: Color | None) -> None:
        """Remember a colour that was painted with."""
        if color is None or self.recent[:1] == [color]:
            return
        self.recent = [color, *(other for other in self.recent if other != color)][:RECENT]
        self._settings.keep("colors", [hex_of(item) for item in self.recent])
        self.changed.emit()


def _colors(kept: Any) -> list[Color]:
    """Read remembered colours; what is no colour is left out."""
    found = []
    for text in kept if isinstance(kept, list) else []:
        try:
            found.append(color_of(str(text)))
        except ValueError:
            continue
    return found[:RECENT]
