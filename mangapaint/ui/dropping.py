"""Files that are held over a widget and let go there."""

# ruff: noqa: N815 - signals are named as Qt names its own

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def dropped_paths(mime: QMimeData | None) -> list[Path]:
    """The local files that are being dropped or were copied, in order; an empty clipboard has no data at all."""
    return [Path(url.toLocalFile()) for url in (mime.urls() if mime else ()) if url.isLocalFile()]


class TakesFiles(QWidget):
    """Offers files that are dropped anywhere on it, and shows by ``_set_hot`` that it would take what is held."""

    filesDropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Offer the files."""
        self._set_hot(False)
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.filesDropped.emit(paths)

    def _set_hot(self, hot: bool) -> None:
        """Show whether what is held over it may be dropped."""
        raise NotImplementedError
