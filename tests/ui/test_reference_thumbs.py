"""The References dock grows with its references, and nothing in it jumps."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from test_docks import LEFT, shown, two_colored

from mangapaint.document.page import Reference
from mangapaint.ui.docks.references import ReferencesDock
from mangapaint.ui.theme import DARK


@pytest.fixture
def references(qtbot):
    return shown(qtbot, ReferencesDock(DARK))


def test_behind_the_thumbnails_more_can_be_added_and_dropped(qtbot, references):
    references.set_references([two_colored("one.png"), Reference(np.full((50, 50, 3), 9, np.uint8), "two.png")])
    QApplication.processEvents()
    assert not references.area.isVisible()
    thumbs = references.thumbs
    assert thumbs.rect().contains(thumbs.cell(2))
    with qtbot.waitSignal(references.browseRequested):
        qtbot.mouseClick(thumbs, LEFT, pos=thumbs.cell(2).center())
    before = thumbs.grab().toImage()
    references._set_hot(True)
    assert thumbs.grab().toImage() != before
    qtbot.mouseClick(thumbs, LEFT, pos=thumbs.cell(4).center())
    assert references.selected.name == "two.png"


def test_references_ask_for_room_as_they_need_it_and_what_lies_below_stands_still(qtbot, references):
    tall, wide = Reference(np.zeros((90, 60, 3), np.uint8), "tall.png"), two_colored("wide.png")
    with qtbot.assertNotEmitted(references.grown):
        references.set_references([])
    for more in ([wide], [wide, tall]):
        with qtbot.waitSignal(references.grown):
            references.set_references(more)
    with qtbot.assertNotEmitted(references.grown):
        references.set_references([tall])
        references.set_references([tall, wide])
    with qtbot.waitSignal(references.grown):
        references.set_origins({tall.id: 0.5, wide.id: 0}, {})
    QApplication.processEvents()
    places = []
    for number in (0, 1):
        references._select(number)
        QApplication.processEvents()
        places.append((references.large.height(), references.thumbs.y()))
    assert places[0] == places[1]
