"""Panels divide a picture, bubbles leave faces free, lettering is in its bubble, speed lines spare their middle."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from figures_drawn import PAPER, STYLE

from mangapaint.training.scenes.bubbles import Bubble, bubble
from mangapaint.training.scenes.inking import SHIFT, rays
from mangapaint.training.scenes.lettering import LETTERS, SOUNDS, broken, columns, lettered, sound, words
from mangapaint.training.scenes.panels import divided
from mangapaint.training.scenes.rendering import Artist, Layers, developed
from mangapaint.training.scenes.shapes import Identity

NOISE = Identity(1, "sound", (250, 220, 60))


def bubbles(count: int = 60) -> list[Bubble]:
    """Bubbles in a panel of 400x300 pixels whose speaker's head is in the middle."""
    rngs = [np.random.default_rng(seed) for seed in range(count)]
    made = [
        bubble(rng, PAPER, within=(0, 0, 400, 300), speaker=(200, 150), avoid=[(160, 110, 240, 190)]) for rng in rngs
    ]
    return [one for one in made if one]


def test_most_pictures_have_one_panel_and_some_up_to_six():
    counts = [len(divided(np.random.default_rng(seed), 512, 512)) for seed in range(300)]
    assert 150 < counts.count(1) < 270
    assert max(counts) in (5, 6)
    assert min(counts) == 1


@pytest.mark.parametrize("size", [(512, 512), (300, 700), (640, 200)])
def test_panels_lie_in_the_picture_apart_from_each_other(size):
    width, height = size
    for seed in range(80):
        panels = divided(np.random.default_rng(seed), width, height)
        taken = np.zeros((height, width), np.int32)
        for panel in panels:
            mask = np.zeros((height, width), np.uint8)
            cv2.fillPoly(mask, [np.rint(panel.points).astype(np.int32)], 1)
            assert mask.sum() > 0.02 * mask.size
            taken += mask
            left, top, right, bottom = panel.inner
            assert left < right
            assert top < bottom
            if len(panels) > 1:
                assert panel.framed
                assert panel.corners[0] >= 0
                assert panel.corners[3] <= height
        assert taken.max() == 1
        if len(panels) == 1 and not panels[0].framed:
            assert taken.min() == 1, "no seam at the edge"
        else:
            assert taken.min() == 0, "gutters or margins"


def test_bubbles_leave_the_speaker_visible_and_stay_in_the_panel():
    made = bubbles()
    assert len(made) > 40
    for one in made:
        left, top, right, bottom = one.rect
        wide, tall = min(right, 240) - max(left, 160), min(bottom, 190) - max(top, 110)
        assert max(wide, 0) * max(tall, 0) < 0.45 * min(80 * 80, (right - left) * (bottom - top))
        assert (min(left, top) > -30, right < 430, bottom < 330) == (True, True, True)


def test_lettering_lies_within_its_bubble():
    for one in bubbles():
        outline = one.shapes[0].points
        points = np.concatenate(one.strokes)
        inside = [cv2.pointPolygonTest(outline, (float(x), float(y)), False) >= 0 for x, y in points]
        assert np.mean(inside) > 0.93


def test_bubbles_are_of_all_sorts_and_captions_are_boxes():
    corners = {len(one.shapes[0].points) for one in bubbles()}
    assert len(corners) > 3
    assert max(len(one.shapes) for one in bubbles()) == 3, "thoughts have two small bubbles more"
    caption = bubble(np.random.default_rng(0), PAPER, within=(0, 0, 400, 300), speaker=None, avoid=[])
    assert caption is not None
    assert len(caption.shapes[0].points) == 4


def test_there_is_no_bubble_where_there_is_no_room():
    made = [bubble(np.random.default_rng(seed), PAPER, within=(0, 0, 60, 40), speaker=(30, 20), avoid=[(0, 0, 60, 40)])
            for seed in range(30)]  # fmt: skip
    assert sum(one is None for one in made) > 20


def test_all_letters_that_are_said_can_be_written():
    said = "".join(word for seed in range(200) for word in words(np.random.default_rng(seed), 5))
    assert set(said) | set("".join(SOUNDS)) - {" "} <= set(LETTERS)


def test_lines_are_as_wide_as_they_may_be_and_keep_all_words():
    said = ["ONE", "TWO", "THREE", "ENORMOUSLY", "A"]
    lines = broken(said, 8)
    assert " ".join(lines).split() == said
    assert lines == ["ONE TWO", "THREE", "ENORMOUSLY", "A"]


@pytest.mark.parametrize("written", [
    lambda rng: lettered(["HELLO", "YOU"], rng, middle=(100, 50), height=12),
    lambda rng: columns(rng, middle=(100, 50), height=12, rows=[3, 2]),
    lambda rng: sound(rng, middle=(100, 50), height=12),
])  # fmt: skip
def test_writing_is_centred(written):
    points = np.concatenate(written(np.random.default_rng(2)))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    assert np.abs(middle - (100, 50)).max() < 12


def test_sounds_are_areas_of_their_own_color_with_an_outline():
    layers, rng = Layers.blank(200, 100, PAPER), np.random.default_rng(0)
    Artist(STYLE, rng, 1.0).outlined(layers, [np.array(((40, 50), (160, 50)), np.float32)], NOISE, 20.0)
    made = developed(layers, STYLE, (PAPER, NOISE), rng)
    assert made.identities[50, 100] == NOISE.number
    assert tuple(made.color[50, 100]) == NOISE.color
    assert made.ink[50, 100] == 255
    assert made.ink[36:44, 100].min() < 60
    assert made.ink[20, 100] == 255


def test_speed_lines_leave_their_middle_free():
    ink = np.full((300, 300), 255, np.uint8)
    for wedge in rays(np.random.default_rng(0), (150.0, 150.0), hole=60.0, reach=400.0):
        cv2.fillConvexPoly(ink, wedge, 0, shift=SHIFT)
    y, x = np.nonzero(ink == 0)
    away = np.hypot(x - 150, y - 150)
    assert away.min() > 50
    assert len(away) > 1000
