"""G'MIC beside us: how it is asked, and what it answers where it is installed."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError
from mangapaint.evaluation import gmic

RED, BLUE, BLACK = (220, 40, 40), (40, 60, 210), (0, 0, 0)


@pytest.fixture
def line():
    """Two rooms with a wall between them."""
    pixels = np.full((60, 90), 255, np.uint8)
    pixels[:2] = pixels[-2:] = 0
    pixels[:, :2] = pixels[:, -2:] = pixels[:, 44:46] = 0
    return pixels


def dot(x, y, color):
    return stroke([(x, y)], width=5, color=color)


def test_without_it_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "gmic", None)
    with pytest.raises(UserError, match=r'pip install "mangapaint\[bench\]"'):
        gmic.check()


def test_hints_are_a_transparent_layer_with_later_strokes_on_top():
    layer = gmic.hint_layer(20, 30, [dot(10.5, 10.5, RED), dot(12.5, 10.5, BLACK), dot(5, 5, None), dot(99, 5, RED)])
    assert layer.shape == (20, 30, 4)
    assert layer[10, 9].tolist() == [*RED, 255]
    assert layer[10, 12].tolist() == [0, 0, 0, 255]
    assert layer[5, 5].tolist() == [0, 0, 0, 0]


def test_each_room_takes_its_hint_and_the_wall_stays_ink(line):
    pytest.importorskip("gmic")
    result = gmic.colored(line, [dot(15.5, 40.5, RED), dot(70.5, 20.5, BLUE)])
    assert result.shape == (60, 90, 3)
    assert (result[5:55, 5:40] == RED).all()
    assert (result[5:55, 50:85] == BLUE).all()
    assert (result[:, 44:46] == 0).all()


def test_a_black_hint_is_a_hint(line):
    pytest.importorskip("gmic")
    flats = gmic.flats(line, [dot(15.5, 40.5, BLACK), dot(70.5, 20.5, BLUE)])
    assert flats[30, 10].tolist() == [0, 0, 0]
    assert flats[30, 80].tolist() == list(BLUE)
