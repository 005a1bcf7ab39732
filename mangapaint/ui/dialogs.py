"""The few dialogs: choosing files, the settings, the list of keys, and what this program is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mangapaint import __version__
from mangapaint.document.page import Page
from mangapaint.formats.header import FORMATS
from mangapaint.settings import SETTINGS, Setting, Settings
from mangapaint.ui.actions import ACTIONS, HELD, TOOLS
from mangapaint.ui.theme import Theme, caption

IN_DIALOG = ("theme", "device", "image_limit", "palette_colors", "remember")
"""The settings a person looks for; the others are set where they are used."""


def picture_filter() -> str:
    """Return the file dialog's filter for pictures that can be opened."""
    patterns = " ".join(f"*{suffix}" for row in FORMATS if row.readable for suffix in row.suffixes)
    return f"Pictures ({patterns});;All files (*)"


def ask_picture(parent: QWidget, title: str, folder: str) -> Path | None:
    """Ask for one picture to open."""
    name, _ = QFileDialog.getOpenFileName(parent, title, folder, picture_filter())
    return Path(name) if name else None


def ask_pictures(parent: QWidget, title: str, folder: str) -> list[Path]:
    """Ask for pictures to open."""
    names, _ = QFileDialog.getOpenFileNames(parent, title, folder, picture_filter())
    return [Path(name) for name in names]


def export_path(page: Page) -> Path:
    """Return where a coloured page goes unless the artist says otherwise: beside the page."""
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    folder = page.path.parent if page.path else Path(pictures or Path.home())
    return folder / f"{Path(page.name).stem or 'page'}-color.png"


def ask_export(parent: QWidget, start: Path) -> Path | None:
    """Ask where to write the PNG; asks before replacing a file."""
    name, _ = QFileDialog.getSaveFileName(parent, "Export PNG", str(start), "PNG (*.png)")
    if not name:
        return None
    path = Path(name)
    return path if path.suffix.lower() == ".png" else path.with_name(path.name + ".png")


class SettingsDialog(QDialog):
    """One row for each setting a person looks for; what is changed holds when the dialog is accepted."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.editors: dict[str, QComboBox | QDoubleSpinBox] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for row in SETTINGS:
            if row.key in IN_DIALOG:
                self.editors[row.key] = _editor(row, settings[row.key])
                form.addRow(row.title, self.editors[row.key])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(16)
        box.addLayout(form)
        box.addWidget(buttons)

    def values(self) -> dict[str, Any]:
        """Return what the rows say now."""
        return {key: _value(editor) for key, editor in self.editors.items()}


def _editor(row: Setting, value: Any) -> QComboBox | QDoubleSpinBox:
    if row.choices:
        box = QComboBox()
        for choice in row.choices:
            box.addItem(choice.upper() if choice in ("cpu", "cuda") else choice.capitalize(), choice)
        box.setCurrentIndex(row.choices.index(value))
        return box
    spin = QDoubleSpinBox()
    spin.setRange(row.low, row.high)
    spin.setDecimals(0)
    spin.setValue(value)
    spin.setSuffix(f" {row.unit}" if row.unit else "")
    return spin


def _value(editor: QComboBox | QDoubleSpinBox) -> Any:
    return editor.currentData() if isinstance(editor, QComboBox) else editor.value()


class KeysDialog(QDialog):
    """All keys, read from the tables that make them work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        inner = QWidget()
        columns = QGridLayout(inner)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setHorizontalSpacing(32)
        groups = [("Tools", [(row.key, row.title) for row in TOOLS]), ("On the canvas", list(HELD))]
        for menu in dict.fromkeys(row.menu for row in ACTIONS):
            rows = [(" or ".join(row.keys), row.text.rstrip("…")) for row in ACTIONS if row.menu == menu and row.keys]
            groups.append((menu, rows))
        for number, (title, rows) in enumerate(groups):
            columns.addLayout(_key_group(title, rows), number // 3, number % 3, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area)
        self.resize(inner.sizeHint().width() + 24, min(inner.sizeHint().height() + 8, 720))


def _key_group(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(4)
    grid.setHorizontalSpacing(12)
    heading = QLabel(title.lower())
    heading.setObjectName("secondary")
    heading.setFont(caption(heading.font()))
    grid.addWidget(heading, 0, 0, 1, 2)
    for number, (keys, text) in enumerate(rows, start=1):
        grid.addWidget(QLabel(text), number, 0)
        key = QLabel(keys)
        key.setObjectName("secondary")
        grid.addWidget(key, number, 1)
    return grid


class AboutDialog(QDialog):
    """What this program is and where its parts come from."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About mangapaint")
        text = QLabel(
            f"<b>mangapaint {__version__}</b><p>A painting assistant for artists who colour manga pages.<br>"
            "Everything happens on this machine; no page leaves it.</p><p>Apache-2.0. Made with Qt (PySide6), "
            "OpenCV, NumPy, SciPy and Pillow.</p>"
        )
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.addWidget(text)
