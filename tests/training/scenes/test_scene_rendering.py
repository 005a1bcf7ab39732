"""What is drawn is what is said of it: areas, colours, ink, shadows, each by simple drawings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from figures_drawn import DOOR, FLAT, PAPER, PEN, ROOF, SKY, SNOW, STYLE, WALL, box, disc, house, pictured, snowman

from mangapaint.training.samples import NOWHERE
from mangapaint.training.scenes.rendering import regions
from mangapaint.training.scenes.shapes import Drawing, Mark, Shape
from mangapaint.training.scenes.styles import Shading, Style

CEL = replace(STYLE, paint=replace(FLAT, shading=Shading.CEL))
SOFT = replace(STYLE, paint=replace(FLAT, shading=Shading.SOFT))


def test_what_comes_later_covers_what_came_before():
    made = pictured(house())
    assert made.identities[5, 5] == SKY.number
    assert made.identities[60, 40] == WALL.number
    assert made.identities[75, 60] == DOOR.number
    assert made.identities[30, 60] == ROOF.number


def test_what_lies_inside_is_clipped_by_the_outline():
    made = pictured(house())
    assert made.identities[96, 60] == SKY.number
    assert (made.ink[94:, 40:80] == 255).all()


def test_flats_have_the_color_of_the_identity_under_ink_too():
    made = pictured(house())
    for one in (SKY, WALL, DOOR, ROOF):
        assert (made.flats[made.identities == one.number] == one.color).all()
    assert tuple(made.flats[60, 30]) in (SKY.color, WALL.color)


def test_lines_are_dark_and_belong_to_nothing():
    made = pictured(house())
    assert made.ink[60, 30] < 60
    assert made.identities[60, 30] == made.regions[60, 30] == NOWHERE
    assert (made.ink < 128).sum() == (made.identities == NOWHERE).sum() > 200
    assert made.color[60, 30].max() < 90


def test_a_line_lies_where_the_outline_is():
    made = pictured((Shape(box(20, 20, 80, 80), WALL, round=0),))
    dark = np.flatnonzero(made.ink[50] < 128)
    assert np.abs(dark[dark < 50] - 20).max() <= 1
    assert np.abs(dark[dark > 50] - 80).max() <= 1


def test_no_outline_is_drawn_where_none_is_wanted():
    made = pictured((Shape(box(20, 20, 80, 80), WALL, line=0, round=0),))
    assert (made.ink == 255).all()
    assert made.identities[50, 50] == WALL.number


def test_regions_are_connected_areas_of_one_identity():
    made = pictured((Shape(disc(30, 50, 20), SNOW), Shape(disc(90, 50, 20), SNOW), Shape(box(0, 0, 9, 9), SNOW)))
    assert made.identities[50, 30] == made.identities[50, 90] == SNOW.number
    assert made.regions[50, 30] != made.regions[50, 90]
    for region in range(made.regions.max() + 1):
        assert len(np.unique(made.identities[made.regions == region])) == 1


def test_regions_of_touching_things_without_a_line_differ():
    owner = np.array([[1, 1, 2, 2], [1, 1, 2, 2], [2, 2, 1, NOWHERE]], np.int32)
    found = regions(owner)
    assert len(np.unique(found[owner != NOWHERE])) == 4, "things that touch at a corner are not one"
    assert found[2, 3] == NOWHERE
    assert found[0, 0] == found[1, 1]
    assert found[0, 2] == found[1, 3]


def test_dark_solid_things_are_filled_with_black_if_the_style_does():
    assert pictured(house()).ink[30, 60] == 255
    made = pictured(house(), replace(STYLE, solid=True))
    assert made.ink[30, 60] == 0
    assert made.identities[30, 60] == NOWHERE
    assert made.ink[60, 40] == 255, "only what is solid"


@pytest.mark.parametrize("style", [CEL, SOFT])
def test_round_bodies_are_darker_away_from_the_light(style):
    made = pictured(snowman(), style)
    assert made.shade[58, 45].min() > made.shade[84, 74].max() + 15
    assert made.color[58, 45].min() > made.color[84, 74].max() + 15
    assert (made.identities[58, 45], made.identities[84, 74]) == (SNOW.number, SNOW.number)


def test_flat_pictures_have_no_shadows_and_walls_have_none():
    assert (pictured(snowman()).shade == 255).all()
    assert (pictured(house(), CEL).shade == 255).all()


def test_cel_shadows_have_hard_edges_and_soft_ones_do_not():
    hard, soft = (np.unique(pictured(snowman(), style).shadow) for style in (CEL, SOFT))
    assert len(soft) > 3 * len(hard)


def test_color_is_flats_times_shade_where_nothing_else_is():
    made = pictured(snowman(), CEL)
    inner = (made.ink == 255) & ((made.shadow == 0) | (made.shadow == 255)) & (made.identities == SNOW.number)
    expected = made.flats.astype(float) * made.shade / 255
    assert inner.sum() > 500
    assert np.abs(expected - made.color)[inner].max() <= 1


def test_highlights_are_lighter_than_the_flats():
    glossy = replace(CEL, paint=replace(CEL.paint, gloss=0.8))
    body = (Shape(disc(60, 50, 40), DOOR, round=1.0),)
    assert (pictured(body, CEL).color <= pictured(body, CEL).flats).all()
    made = pictured(body, glossy)
    assert (made.color.astype(int) - made.flats).min(axis=2).max() > 60


def test_what_is_in_front_throws_a_shadow_on_its_own_figure_only():
    casting = replace(CEL, paint=replace(CEL.paint, cast=True))
    figure = (Shape(box(10, 10, 110, 90), WALL, round=0.01), Shape(disc(60, 50, 20), SNOW, round=0.01))

    def fallen(drawing: Drawing, style: Style, span: float) -> int:
        made = pictured(drawing, style, span=span)
        below = made.shadow[66:80, 60:85][made.identities[66:80, 60:85] != SNOW.number]
        return int((below > 200).sum())

    assert fallen(figure, casting, 200) > fallen(figure, CEL, 200) + 10
    assert fallen(figure, casting, 0) == fallen(figure, CEL, 200)
    behind = pictured(figure[1:], casting, span=200)
    assert (behind.shadow[behind.identities == PAPER.number] < 200).all(), "not on what is behind the figure"


def test_gaps_and_unsteady_hands_change_the_ink_but_not_what_things_are():
    plain = pictured(house())
    pens = (
        replace(PEN, gaps=1.0),
        replace(PEN, wobble=1.2, repeats=3),
        replace(PEN, pressure=0.8, taper=1.0),
        replace(PEN, width=3.5),
    )
    for pen in pens:
        made = pictured(house(), replace(STYLE, pen=pen))
        assert (made.ink != plain.ink).sum() > 50
        both = (made.identities != NOWHERE) & (plain.identities != NOWHERE)
        assert (made.identities == plain.identities)[both].all()
        assert (made.flats == plain.flats).all()


def test_gaps_leave_less_ink():
    ink = [(pictured(house(), replace(STYLE, pen=replace(PEN, gaps=gaps)), seed=3).ink < 128).sum() for gaps in (0, 1)]
    assert ink[1] < ink[0] - 10


def test_the_width_of_lines_is_the_pens():
    for width in (1.0, 2.0, 4.0):
        made = pictured((Shape(box(20, 20, 80, 80), WALL, round=0),), replace(STYLE, pen=replace(PEN, width=width)))
        drawn = (255 - made.ink[50, :50].astype(float)).sum() / 255
        assert drawn == pytest.approx(width, abs=0.45)


def test_lines_take_the_color_of_the_style_or_of_what_they_enclose():
    brown = pictured(house(), replace(STYLE, line=(90, 40, 20)))
    own = pictured(house(), replace(STYLE, line=None))
    at = 75, 30
    assert (brown.ink == own.ink).all()
    assert np.abs(brown.color[at].astype(int) - (90, 40, 20)).max() < 45
    assert own.color[at].max() > 40
    assert pictured(house()).color[at].max() < 40


def test_colored_marks_are_in_the_paint_and_pale_ones_not_in_the_ink():
    line = np.array(((20, 50), (100, 50)), np.float32)
    pale, dark = (pictured((Mark(line, 3.0, color),)) for color in ((255, 200, 200), (120, 0, 0)))
    assert (pale.ink == 255).all()
    assert tuple(pale.color[50, 60]) == (255, 200, 200)
    assert dark.ink[50, 60] == 0
    assert pale.identities[50, 60] == PAPER.number


def test_what_lies_outside_changes_nothing():
    far = (Shape(box(500, 500, 700, 700), WALL), Shape(box(-90, -90, -30, -30), DOOR), Mark(box(300, 0, 400, 9)))
    assert (pictured((*house(), *far)).color == pictured(house()).color).all()
