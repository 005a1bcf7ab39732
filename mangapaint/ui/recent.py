"""The menu of files opened lately."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from mangapaint.settings import Settings


class RecentMenu(QMenu):
    """Stands in the file menu behind "Open"; filled each time it is shown, so that it never lies."""

    def __init__(self, after: QAction, settings: Settings, open_page: Callable[[Path], None]) -> None:
        menus = [item for item in after.associatedObjects() if isinstance(item, QMenu)]
        super().__init__("Open recent", menus[0])
        self._settings, self._open = settings, open_page
        following = menus[0].actions()
        menus[0].insertMenu(following[following.index(after) + 1], self)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        kept = self._settings.kept("recent")
        for text in kept if isinstance(kept, list) else []:
            path = Path(str(text))
            action = self.addAction(f"{path.name}    {path.parent}", partial(self._open, path))
            action.setEnabled(path.is_file())
        if self.isEmpty():
            self.addAction("Nothing opened yet").setEnabled(False)
