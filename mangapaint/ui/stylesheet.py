"""The one stylesheet, as a template over the theme's colours; 4 px grid, 4 px corners, neutral but for the accent."""

from __future__ import annotations

from string import Template

SHEET = Template("""
QMainWindow, QDialog, QMessageBox { background: $ground; color: $text; }
QMainWindow::separator { background: $ground; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $line; }
QToolBar#foot { background: $panel; border: none; padding: 0; spacing: 0; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QWidget#panel { background: $panel; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }

QMenuBar { background: $panel; color: $text; border: none; padding: 0 4px; spacing: 0; }
QMenuBar::item { background: transparent; padding: 4px 8px; margin: 4px 0; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $selection; }
QMenuBar::item:disabled { color: $disabled; }
QMenu { background: $panel; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { background: transparent; padding: 6px 24px 6px 16px; border-radius: 4px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 8px; }
QMenu::indicator:checked { image: url(icons:fixed-mark.svg); }
QMenu::indicator:unchecked { image: none; }
QMenu::right-arrow { image: url(icons:fixed-right.svg); width: 12px; height: 12px; right: 8px; }
QMenu::icon { left: 6px; }

QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 4px 12px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:open { background: $line; }
QPushButton:checked { background: $selection; }
QPushButton:focus { border-color: $accent; }
QPushButton:default { border-color: $secondary; }
QPushButton:default:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; background: $panel; }
QPushButton#row { background: transparent; border-color: transparent; text-align: left; padding: 0; }
QPushButton#row:hover { background: $hover; }
QPushButton#row:focus { border-color: $accent; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:open { background: $line; }
QToolButton:checked { background: $selection; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; background: transparent; }
QToolButton::menu-indicator { image: none; width: 0; }
ToolRail QToolButton:checked { background: $accent; }
QToolButton#cross { padding: 1px; }
QToolButton#slim { padding: 1px; border-radius: 4px; }
QToolButton#tab { color: $secondary; padding: 0 4px; border-left: 2px solid transparent; }
QToolButton#tab:checked { color: $text; background: transparent; border-left: 2px solid $accent; border-radius: 0; }

Chip { background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 0 24px 0 8px; }
Chip::menu-indicator { image: url(icons:fixed-down.svg); width: 12px; height: 12px;
                       subcontrol-origin: border; subcontrol-position: right center; right: 7px; }
QLabel#badge {
  background: transparent; color: $secondary; border: 1px solid $line; border-radius: 4px; padding: 0 8px; }

QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {
  background: $ground; color: $text; border: 1px solid $line; border-radius: 4px; padding: 2px 6px;
  selection-background-color: $selection; selection-color: $text; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $secondary; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: $disabled; }
QLineEdit[invalid="true"] { border-color: $error; }
QSpinBox, QDoubleSpinBox { padding: 0 18px 0 4px; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; border-radius: 0; padding: 0 0 0 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  background: transparent; border: none; width: 16px; subcontrol-origin: border; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; border-radius: 2px; }
QAbstractSpinBox::up-arrow { image: url(icons:fixed-up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(icons:fixed-down.svg); width: 10px; height: 10px; }

QComboBox { background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 2px 24px 2px 8px; }
QComboBox:hover { background: $hover; }
QComboBox:focus { border-color: $accent; }
QComboBox:disabled { color: $disabled; background: $panel; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(icons:fixed-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $panel; color: $text; border: 1px solid $line; padding: 4px; outline: none; }

QCheckBox, QRadioButton { color: $text; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator {
  width: 14px; height: 14px; border: 1px solid $secondary; background: $ground; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $text; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url(icons:fixed-tick.svg); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; background: $on_accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $panel; }

QSlider { background: transparent; border: 1px solid transparent; border-radius: 4px; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; margin: 0 2px; }
QSlider::sub-page:horizontal { background: $secondary; border-radius: 2px; margin: 0 2px; }
QSlider::handle:horizontal { background: $text; width: 12px; height: 12px; margin: -4px -2px; border-radius: 6px; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $disabled; }
QProgressBar { background: $line; border: none; border-radius: 2px; color: $text; text-align: center; }
QProgressBar::chunk { background: $secondary; border-radius: 2px; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#scrolled { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 24px; margin: 3px; }
QScrollBar::handle:horizontal { min-width: 24px; margin: 3px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QListView, QTreeView, QTableView {
  background: $ground; color: $text; border: 1px solid $line; border-radius: 4px; outline: none;
  selection-background-color: $selection; selection-color: $text; }
QListView::item, QTreeView::item { padding: 4px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $selection; color: $text; }
QHeaderView::section {
  background: $panel; color: $secondary; border: none; border-bottom: 1px solid $line; padding: 4px 8px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: $panel; }
QTabBar::tab {
  background: transparent; color: $secondary; border: none; border-bottom: 2px solid transparent; padding: 6px 12px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QGroupBox { border: 1px solid $line; border-radius: 4px; margin-top: 12px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; color: $secondary; }

QDockWidget { color: $secondary; border: none; }
QDockWidget::title { background: $panel; padding: 8px 12px 4px 12px; }
DockTitle, ColorDock, PaletteDock, ReferencesDock, StatusBar, PageBar, ToolRail { background: $panel; color: $text; }
Popover { background: $panel; border: 1px solid $line; }
Welcome { background: $surround; }
QLabel { background: transparent; }
QLabel#secondary { color: $secondary; }
QLabel#disabled { color: $disabled; }
QFrame#rule { background: $line; border: none; }
""")
