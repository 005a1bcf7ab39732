from __future__ import annotations

import numpy as np
import pytest

from mangapaint.document.document import Document
from mangapaint.document.page import Page
from mangapaint.document.strokes import stroke
from mangapaint.ui.tools import At, Brush, BrushTool, EraserTool, MoveTool, PickerTool

RED = (200, 30, 40)
BRUSH = Brush(RED, 10.0)


@pytest.fixture
def document():
    page = Page(np.full((100, 200), 255, np.uint8), "page")
    return Document(page, (stroke([(20, 50), (180, 50)], width=10, color=(0, 0, 255)),))


def drawn(tool, document: Document, *points: At) -> Document:
    draft = tool.begin(document, points[0], BRUSH)
    for point in points[1:]:
        draft = tool.extend(point)
    return draft


def test_the_brush_draws_points_with_their_pressures(document):
    tool = BrushTool()
    draft = drawn(tool, document, At(1, 2, 0.2), At(5, 2, 0.5), At(9, 4, 1.0))
    item = draft.strokes[-1]
    assert item.points.tolist() == [[1, 2], [5, 2], [9, 4]]
    assert item.pressures.tolist() == pytest.approx([0.2, 0.5, 1.0])
    assert (item.width, item.color) == (10.0, RED)
    assert item.radii[0] < item.radii[1] < item.radii[2] == 5
    edit = tool.commit()
    assert edit is not None
    assert edit.document.strokes[-1].points.tolist() == item.points.tolist()
    assert edit.document.strokes[:-1] == document.strokes


def test_a_tap_makes_a_dot(document):
    tool = BrushTool()
    tool.begin(document, At(40, 40, 0.7), BRUSH)
    edit = tool.commit()
    assert edit is not None
    assert edit.document.strokes[-1].points.tolist() == [[40, 40]]


def test_steps_below_half_a_screen_pixel_only_deepen_the_pressure(document):
    tool = BrushTool()
    draft = drawn(tool, document, At(10, 10, 0.3, 1), At(10.2, 10, 0.8, 1), At(10.1, 10.1, 0.4, 1), At(12, 10, 0.4, 1))
    assert draft.strokes[-1].points.tolist() == [[10, 10], [12, 10]]
    assert draft.strokes[-1].pressures.tolist() == pytest.approx([0.8, 0.4])


def test_the_brush_can_keep_uncoloured(document):
    tool = BrushTool()
    assert tool.begin(document, At(1, 1), Brush(None, 4)).strokes[-1].color is None


@pytest.mark.parametrize(
    "tool", [BrushTool(), EraserTool(), MoveTool(lambda _item: None)], ids=lambda x: type(x).__name__
)
def test_cancelling_leaves_nothing_to_commit(document, tool):
    before = document.strokes
    drawn(tool, document, At(100, 50), At(110, 60), At(120, 70))
    tool.cancel()
    assert tool.commit() is None
    assert document.strokes is before
    assert document.strokes[0].points.tolist() == [[20, 50], [180, 50]]


def test_the_eraser_splits_a_stroke(document):
    tool = EraserTool()
    drawn(tool, document, At(100, 20), At(100, 80))
    edit = tool.commit()
    assert edit is not None
    left, right = edit.document.strokes
    assert left.points[:, 0].max() < 96
    assert right.points[:, 0].min() > 104
    assert (left.color, right.color) == ((0, 0, 255), (0, 0, 255))


def test_a_quick_eraser_leaves_nothing_behind(document):
    tool = EraserTool()
    drawn(tool, document, At(0, 50), At(200, 50))
    edit = tool.commit()
    assert edit is not None
    assert edit.document.strokes == ()


def test_an_eraser_that_touches_nothing_is_no_change(document):
    tool = EraserTool()
    assert drawn(tool, document, At(0, 0), At(200, 0)) is document
    assert tool.commit() is None


def test_moving_selects_the_stroke_and_shifts_it(document):
    selected = []
    tool = MoveTool(selected.append)
    draft = drawn(tool, document, At(100, 52), At(105, 60), At(110, 72))
    assert selected[0] is document.strokes[0]
    assert draft.strokes[0].points.tolist() == [[30, 70], [190, 70]]
    edit = tool.commit()
    assert edit is not None
    assert selected[-1] is edit.document.strokes[0]
    assert edit.document.strokes[0].points.tolist() == [[30, 70], [190, 70]]


def test_a_press_on_a_stroke_selects_without_a_change(document):
    selected = []
    tool = MoveTool(selected.append)
    tool.begin(document, At(100, 50), BRUSH)
    assert tool.commit() is None
    assert selected == [document.strokes[0]]


def test_a_press_beside_all_strokes_selects_nothing(document):
    selected = []
    tool = MoveTool(selected.append)
    assert drawn(tool, document, At(100, 90), At(120, 95)) is document
    assert tool.commit() is None
    assert selected == [None]


def test_the_topmost_of_two_strokes_is_moved(document):
    above = stroke([(20, 50), (180, 50)], width=10, color=RED)
    tool = MoveTool(lambda _item: None)
    draft = drawn(tool, document.with_stroke(above), At(100, 50), At(100, 60))
    assert [item.points[0].tolist() for item in draft.strokes] == [[20, 50], [20, 60]]


def test_cancelling_a_move_selects_the_stroke_where_it_was(document):
    selected = []
    tool = MoveTool(selected.append)
    drawn(tool, document, At(100, 50), At(130, 80))
    tool.cancel()
    assert selected[-1] is document.strokes[0]


def test_the_picker_takes_colours_along_its_way_and_changes_nothing(document):
    seen = []
    tool = PickerTool(lambda at: seen.append((at.x, at.y)))
    assert drawn(tool, document, At(1, 2), At(3, 4)) is document
    assert tool.commit() is None
    assert seen == [(1, 2), (3, 4)]
