"""The document is a value; history walks along its values without limit and without copies."""

from __future__ import annotations

import numpy as np
import pytest

from mangapaint.document.document import Choice, Document
from mangapaint.document.history import History
from mangapaint.document.page import Kind, Page, Reference
from mangapaint.document.palette import color_of, hex_of
from mangapaint.document.rect import Rect
from mangapaint.document.strokes import recolored, stroke

PAGE = Page(np.full((40, 60), 255, np.uint8), "blank")
STEPS = 1000


def dot(x: float = 10, color=(220, 30, 40)):
    return stroke([(x, 10)], width=4, color=color)


def reference(value: int, name: str = "frame") -> Reference:
    return Reference(np.full((4, 5, 3), value, np.uint8), name)


def test_a_thousand_steps_back_and_forth_give_the_very_same_values():
    rng = np.random.default_rng(3)
    history = History(Document(PAGE))
    values = [history.present]
    for step in range(STEPS):
        document = history.present
        if document.strokes and rng.random() < 0.3:
            document = document.with_replaced(document.strokes[rng.integers(len(document.strokes))])
        else:
            document = document.with_stroke(dot(float(rng.uniform(0, 60))))
        history.push(f"step {step}", document)
        values.append(document)
    for step in reversed(range(STEPS)):
        assert history.undo_text == f"step {step}"
        assert history.undo()
        assert history.present is values[step]
    assert not history.undo()
    assert history.undo_text is None
    for step in range(STEPS):
        assert history.redo_text == f"step {step}"
        assert history.redo()
        assert history.present is values[step + 1]
    assert not history.redo()
    assert history.redo_text is None


def test_a_new_step_forgets_what_was_undone():
    history = History(Document(PAGE))
    first = history.present.with_stroke(dot(1))
    history.push("one", first)
    history.push("two", first.with_stroke(dot(2)))
    history.undo()
    other = first.with_stroke(dot(3))
    history.push("other", other)
    assert not history.redo()
    assert history.present is other
    history.undo()
    assert history.present is first


def test_a_step_that_changes_nothing_is_none():
    history = History(Document(PAGE))
    history.push("nothing", history.present)
    assert history.undo_text is None
    history.push("one", history.present.with_stroke(dot()))
    history.undo()
    history.push("nothing", history.present)
    assert history.redo_text == "one"


def test_steps_of_one_drag_are_one_step():
    history = History(Document(PAGE))
    start = history.present
    for gap in (1, 2, 3):
        history.push("Gap", start.with_choice(Choice(gap=gap)), merge=True)
    assert history.present.choice.gap == 3
    history.push("Gap", start.with_choice(Choice(gap=4)))
    history.push("Draw", history.present.with_stroke(dot()), merge=True)
    texts = []
    while history.undo_text:
        texts.append(history.undo_text)
        history.undo()
    assert texts == ["Draw", "Gap", "Gap"]
    assert history.present is start
    history.redo()
    assert history.present.choice.gap == 3


def test_exported_is_the_value_that_was_written_not_the_latest():
    history = History(Document(PAGE))
    assert history.is_exported
    written = history.present.with_stroke(dot())
    history.push("one", written)
    assert not history.is_exported
    history.push("two", written.with_stroke(dot(20)))
    history.mark_exported(written)
    assert not history.is_exported
    history.undo()
    assert history.is_exported
    history.undo()
    assert not history.is_exported


def test_replacing_keeps_the_place_of_a_stroke():
    low, middle, high = dot(1), dot(2), dot(3)
    document = Document(PAGE, (low, middle, high))
    one, two = recolored(middle, None), dot(5)
    assert document.with_replaced(middle, one, two).strokes == (low, one, two, high)
    assert document.with_replaced(low).strokes == (middle, high)
    assert document.strokes == (low, middle, high)


def test_erasing_cuts_all_strokes_in_place():
    lines = [stroke([(5, y), (55, y)], width=4, color=(y, y, y)) for y in (8, 12, 30)]
    left = Document(PAGE, tuple(lines)).with_erased(30, 10, 8).strokes
    assert [item.color for item in left] == [(8, 8, 8)] * 2 + [(12, 12, 12)] * 2 + [(30, 30, 30)]
    assert left[-1] is lines[-1]


def test_the_same_picture_is_one_reference():
    document = Document(PAGE).with_reference(reference(7))
    assert document.with_reference(reference(7, "again")) is document
    both = document.with_reference(reference(8))
    assert [item.pixels[0, 0, 0] for item in both.references] == [7, 8]
    assert both.without_reference(both.references[0]).references == (both.references[1],)


def test_the_same_choice_is_no_change():
    document = Document(PAGE)
    assert document.with_choice(Choice()) is document
    changed = document.with_choice(Choice(kind=Kind.GRAY, gap=3))
    assert changed.choice.kind is Kind.GRAY
    assert changed.page is document.page


def test_a_picture_is_known_by_size_and_pixels_not_by_name():
    pixels = np.arange(24, dtype=np.uint8).reshape(4, 6)
    page = Page(pixels.copy(), "a")
    assert page.id == Page(pixels.copy(), "b").id
    assert page.id != Page(pixels.reshape(6, 4).copy(), "a").id
    assert page.id != Page(pixels[::-1].copy(), "a").id
    with pytest.raises(ValueError, match="read-only"):
        page.pixels[0, 0] = 1


@pytest.mark.parametrize("text", ["#e8b796", "E8B796", " #e8b796 "])
def test_colours_are_read_as_people_write_them(text):
    assert color_of(text) == (232, 183, 150)
    assert hex_of(color_of(text)) == "#e8b796"
    assert color_of("#fa0") == (255, 170, 0)


@pytest.mark.parametrize("text", ["", "#12345", "#12345g", "red", "#1234567", "#+12345"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match="not a colour"):
        color_of(text)


def test_rectangles_are_sets_of_pixels():
    rng = np.random.default_rng(5)
    for _ in range(200):
        one, two = (Rect(*np.sort(rng.integers(0, 12, (2, 2)), axis=0).ravel().tolist()) for _ in range(2))
        cells = [np.zeros((12, 12), bool) for _ in range(2)]
        for cell, rect in zip(cells, (one, two), strict=True):
            cell[rect.slices] = True
        assert one.area == cells[0].sum()
        assert one.intersection(two).area == (cells[0] & cells[1]).sum()
        union = np.zeros((12, 12), bool)
        union[one.union(two).slices] = True
        assert union[cells[0] | cells[1]].all()
        assert one.aligned(4).intersection(one) == one
        assert {value % 4 for value in (one.aligned(4).x0, one.aligned(4).y1)} == {0}
