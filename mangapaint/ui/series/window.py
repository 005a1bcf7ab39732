"""The window "Learn a series": first what is chosen, then how it is learned. It never stands in the way of painting."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from mangapaint.document.page import Kind
from mangapaint.settings import resources
from mangapaint.ui.dialogs import ask_pictures
from mangapaint.ui.series.choosing import Choosing, Wanted
from mangapaint.ui.series.session import Stage
from mangapaint.ui.series.tuition import GRAY, INK, Task
from mangapaint.ui.series.watching import Watching
from mangapaint.ui.theme import Theme

if TYPE_CHECKING:
    from mangapaint.ui.session import Session

TITLE = "Learn a series"
BESIDE = 160
"""Pixels from the main window's left edge."""
PAGES_OF = {Kind.GRAY: GRAY, Kind.COLORED: GRAY, Kind.LINE: INK, Kind.TONE: INK}
"""For which pages a network is to learn, by the kind of the open page; other kinds say nothing."""


class SeriesWindow(QWidget):
    """Stands beside the main window; closed, learning goes on, and the status bar says so."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(TITLE)
        self._session, self._teaching = session, session.teaching
        self._behind, self._was_opened = parent, False
        self.choosing, self.watching = Choosing(theme), Watching(theme, self._teaching)
        self.faces = QStackedWidget()
        self.faces.addWidget(self.choosing)
        self.faces.addWidget(self.watching)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.faces)
        self.resize(680, 560)
        self._connect()
        self._show_document()
        self._show_shelf()
        self._show_stage()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.choosing.set_theme(theme)
        self.watching.set_theme(theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what suits the open page."""
        super().showEvent(event)
        if not self._was_opened:
            self._was_opened = True
            self.move(self._beside())
            self.choosing.start.setFocus()
            self._suggest()

    def _connect(self) -> None:
        choosing, teaching = self.choosing, self._teaching
        choosing.filesDropped.connect(teaching.add)
        choosing.removeRequested.connect(teaching.remove)
        choosing.browseRequested.connect(lambda: teaching.add(ask_pictures(self, "Add pictures", self._folder())))
        choosing.folderRequested.connect(self._ask_folder)
        choosing.referencesRequested.connect(self._add_references)
        choosing.changed.connect(self._on_changed)
        choosing.startRequested.connect(self._start)
        self.watching.againRequested.connect(lambda: self.faces.setCurrentWidget(choosing))
        teaching.picturesChanged.connect(self._show_pictures)
        teaching.stageChanged.connect(self._show_stage)
        teaching.shelfChanged.connect(self._show_shelf)
        self._session.documentChanged.connect(self._show_document)

    # --- what the hand reports

    def _start(self, wanted: Wanted, further: bool) -> None:
        pictures = tuple(item.path for item in self._teaching.pictures)
        series, method, pages, minutes = astuple(wanted)
        device = self._session.settings["device"]
        self._teaching.start(Task(series, method, pictures, pages, minutes, device, further))

    def _on_changed(self) -> None:
        """A series that was learned before brings its pictures, unless others were chosen."""
        wanted = self.choosing.wanted
        if not self._teaching.pictures:
            self._teaching.add(self._teaching.shelf.pictures(wanted.series))
        self._show_shelf()

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Add a folder", self._folder())
        if name:
            self._teaching.add([Path(name)])

    def _add_references(self) -> None:
        document = self._session.document
        found = [item.path for item in document.references if item.path] if document else []
        self._teaching.add(found)

    def _folder(self) -> str:
        chosen, page = self._teaching.pictures, self._session.page
        near = chosen[-1].path if chosen else page.path if page and page.path else Path.home() / "x"
        return str(near.parent)

    def _suggest(self) -> None:
        """Begin with the page's kind, its folder's name, and its references."""
        page, known = self._session.page, self._session.analysis
        last = self._teaching.last()
        folder = page.path.parent if page and page.path else resources()
        name = last.series if last else "" if resources() in (folder, *folder.parents) else folder.name
        pages = PAGES_OF.get(known.kind, "") if known else ""
        self.choosing.choose(name, method=last.method if last else "", pages=pages)
        if not self._teaching.pictures:
            self._add_references()
        self._on_changed()

    def _beside(self) -> QPoint:
        """Return a place over the main window that leaves the docks free."""
        behind = self._behind.geometry()
        return QPoint(behind.left() + BESIDE, behind.top() + (behind.height() - self.height()) // 2)

    # --- what is reported

    def _show_pictures(self) -> None:
        self.choosing.set_pictures(self._teaching.pictures, self._teaching.refused)

    def _show_stage(self) -> None:
        """Bring to the front what there is to see."""
        stage = self._teaching.stage
        self.watching.show_state()
        if stage is Stage.IDLE:
            self.faces.setCurrentWidget(self.choosing)
            if self._teaching.trouble:
                self.choosing.said.set_full(self._teaching.trouble)
        elif stage is not Stage.OVER:
            self.faces.setCurrentWidget(self.watching)
        self._show_shelf()

    def _show_shelf(self) -> None:
        wanted, teaching = self.choosing.wanted, self._teaching
        self.choosing.set_series(list(dict.fromkeys(row.series for row in teaching.taught)))
        self.choosing.set_goes_on(teaching.shelf.goes_on(wanted.series, wanted.method))

    def _show_document(self) -> None:
        document = self._session.document
        self.choosing.set_has_references(bool(document and any(item.path for item in document.references)))
        self.watching.set_has_page(document is not None)
