"""Every command of the window as one table: its text, its keys, its menu and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mangapaint.ui.toolrail import ToolRow
from mangapaint.ui.tools import ToolId

if TYPE_CHECKING:
    from mangapaint.ui.window import Window

ZOOM_STEP = 2**0.5
ROTATION_STEP = 15.0
SIZE_STEP = 1.15


@dataclass(frozen=True)
class Action:
    """One command.

    ``page``: it needs an open page. ``checkable``: it is a switch. ``on_canvas``: its keys work only while the canvas
    has the focus (Tab must go on moving the focus elsewhere).
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...]
    run: Callable[[Window], object]
    icon: str = ""
    page: bool = True
    checkable: bool = False
    separated: bool = False
    on_canvas: bool = False


def _overlay(identity: str) -> Callable[[Window], object]:
    return lambda window: window.toggle_overlay(identity)


ACTIONS: tuple[Action, ...] = (
    Action("open", "File", "Open page…", ("Ctrl+O",), lambda w: w.ask_open(), "open", page=False),
    Action("paste", "File", "Open from clipboard", ("Ctrl+V",), lambda w: w.paste(), "paste", page=False),
    Action("sample", "File", "Open sample page", (), lambda w: w.session.open_sample(), "sample", page=False),
    Action("reference", "File", "Add reference…", ("Ctrl+R",), lambda w: w.ask_reference(), "reference"),
    Action("series", "File", "Learn a series…", ("Ctrl+L",), lambda w: w.learn_series(), "series", page=False),
    Action("export", "File", "Export PNG", ("Ctrl+E", "Ctrl+S"), lambda w: w.export(), "export", separated=True),
    Action("export-as", "File", "Export PNG as…", ("Ctrl+Shift+E", "Ctrl+Shift+S"), lambda w: w.export(ask=True)),
    Action("quit", "File", "Quit", ("Ctrl+Q",), lambda w: w.close(), page=False, separated=True),
    Action("undo", "Edit", "Undo", ("Ctrl+Z",), lambda w: w.session.undo(), "undo"),
    Action("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), lambda w: w.session.redo(), "redo"),
    Action("delete", "Edit", "Delete stroke", ("Del",), lambda w: w.delete_selected(), separated=True),
    Action("swap", "Edit", "Swap colours", ("X",), lambda w: w.swap_colors(), "swap", page=False),
    Action("uncolored", "Edit", "Keep uncoloured", ("N",), lambda w: w.pick_color(None), "transparent", page=False),
    Action("likely", "Edit", "Take the likeliest colour here", ("Q",), lambda w: w.pointing.take()),
    Action("smaller", "Edit", "Smaller brush", ("[",), lambda w: w.scale_brush(1 / SIZE_STEP), page=False,
           separated=True),
    Action("larger", "Edit", "Larger brush", ("]",), lambda w: w.scale_brush(SIZE_STEP), page=False),
    Action("settings", "Edit", "Settings…", ("Ctrl+,",), lambda w: w.ask_settings(), page=False, separated=True),
    Action("zoom-in", "View", "Zoom in", ("Ctrl++", "Ctrl+="), lambda w: w.zoom(ZOOM_STEP), "zoom-in"),
    Action("zoom-out", "View", "Zoom out", ("Ctrl+-",), lambda w: w.zoom(1 / ZOOM_STEP), "zoom-out"),
    Action("actual", "View", "Actual pixels", ("1",), lambda w: w.canvas.change_view(lambda v: v.actual())),
    Action("fit", "View", "Fit page", ("2", "Ctrl+0"), lambda w: w.canvas.fit(), "fit"),
    Action("fit-width", "View", "Fit width", ("3",), lambda w: w.canvas.fit(whole=False)),
    Action("rotate-left", "View", "Rotate left", ("4",), lambda w: w.rotate(-ROTATION_STEP), "rotate-left",
           separated=True),
    Action("upright", "View", "Upright", ("5",), lambda w: w.canvas.change_view(lambda v: v.upright())),
    Action("rotate-right", "View", "Rotate right", ("6",), lambda w: w.rotate(ROTATION_STEP), "rotate-right"),
    Action("mirror", "View", "Mirror", ("M",), lambda w: w.canvas.change_view(lambda v: v.mirror()), "mirror",
           checkable=True),
    Action("palette", "View", "Palette overlay", ("F6",), _overlay("palette"), "palette", checkable=True,
           separated=True),
    Action("edges", "View", "Edges overlay", ("F7",), _overlay("edges"), "edges", checkable=True),
    Action("corners", "View", "Corners overlay", ("F8",), _overlay("corners"), "corners", checkable=True),
    Action("regions", "View", "Regions overlay", ("F9",), _overlay("regions"), "regions", checkable=True),
    Action("confidence", "View", "Confidence overlay", ("F10",), _overlay("confidence"), "confidence", checkable=True),
    Action("next", "View", "Next region to look at", ("J",), lambda w: w.look_at(1), separated=True),
    Action("previous", "View", "Previous region to look at", ("Shift+J",), lambda w: w.look_at(-1)),
    Action("hints", "View", "Hide hints", ("H",), lambda w: w.toggle_hints(), "hints", checkable=True, separated=True),
    Action("docks", "View", "Hide docks", ("Tab",), lambda w: w.toggle_docks(), page=False, checkable=True,
           on_canvas=True),
    Action("fullscreen", "View", "Full screen", ("F11",), lambda w: w.toggle_fullscreen(), page=False, checkable=True),
    Action("keys", "Help", "Keys", ("F1",), lambda w: w.show_keys(), page=False),
    Action("about", "Help", "About mangapaint", (), lambda w: w.show_about(), page=False),
)  # fmt: skip

TOOLS: tuple[ToolRow, ...] = (
    ToolRow(ToolId.BRUSH.value, "Brush", "brush", "B"),
    ToolRow(ToolId.ERASER.value, "Eraser", "eraser", "E"),
    ToolRow(ToolId.BUCKET.value, "Bucket (Shift empties)", "bucket", "F"),
    ToolRow(ToolId.PICKER.value, "Colour picker", "picker", "I"),
    ToolRow(ToolId.PROTECT.value, "Protect from colour (Shift frees)", "protect", "P"),
    ToolRow(ToolId.MOVE.value, "Move and recolour strokes", "move", "T"),
    ToolRow(ToolId.HAND.value, "Hand (or hold Space)", "hand", "G"),
)
"""The tool rail, from the top."""

HELD: tuple[tuple[str, str], ...] = (
    ("Space", "Pan while held"),
    ("C", "Bare page while held"),
    ("V", "Result without hints and overlays while held"),
    ("Ctrl", "Pick a colour while held, and see where it came from"),
    ("Alt+1 to 5", "Give the region its match, or another suggestion"),
    ("Shift", "Take a region's hints away, with the bucket"),
    ("Shift", "Free from protection, with the protect brush"),
    ("Esc", "Discard the stroke being drawn, or the mark"),
    ("Wheel", "Zoom about the pointer"),
    ("Middle button", "Pan"),
)
"""What the canvas does with keys and buttons of its own; shown among the keys."""
