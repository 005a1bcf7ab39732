"""Screentone is as dark as the things are, wear is what a scanner does, styles differ and can be had again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from figures_drawn import ALL, DOOR, FLAT, PAPER, SCREEN, SKY, STYLE, WALL, box, house, pictured

from mangapaint.document.page import Pixels
from mangapaint.training.samples import NOWHERE
from mangapaint.training.scenes import styles
from mangapaint.training.scenes.screening import screened, worn
from mangapaint.training.scenes.shapes import Shape
from mangapaint.training.scenes.styles import Screening, Shading, Style, Wear

CEL = replace(STYLE, paint=replace(FLAT, shading=Shading.CEL))


def toned(style: Style, *, shaded: bool = False) -> tuple[Pixels, Pixels]:
    """Ink and tone of three bare areas, light to dark: sky, wall, door; their right halves in shadow, if so."""
    shapes = [Shape(box(-5, 50 * i, 305, 50 * i + 50), one, line=0, round=0) for i, one in enumerate((SKY, WALL, DOOR))]
    made = pictured(tuple(shapes), style, size=(300, 150))
    shadow = made.shadow.copy()
    shadow[:, 150:] = 255 if shaded else 0
    rng = np.random.default_rng(0)
    return made.ink, screened(made.ink, shadow, made.identities, known=ALL, style=style, rng=rng)


@pytest.mark.parametrize("screening", list(Screening))
@pytest.mark.parametrize("pitch", [3.5, 6.0])
def test_darker_things_have_more_black(screening, pitch):
    _, tone = toned(replace(STYLE, screen=replace(SCREEN, screening=screening, pitch=pitch)))
    sky, wall, door = (1 - tone[i * 50 + 4 : i * 50 + 46].mean() / 255 for i in range(3))
    assert 0.05 < sky <= wall + 0.02 < door < 0.6
    assert sky == pytest.approx(0.12, abs=0.06)
    assert door == pytest.approx(0.55, abs=0.08)


def test_shadow_adds_black_unless_it_is_hatched():
    _, tone = toned(STYLE, shaded=True)
    assert tone[:, 150:].mean() < tone[:, :150].mean() - 20
    _, hatched = toned(replace(STYLE, screen=replace(SCREEN, hatched=True)), shaded=True)
    assert hatched[:, 150:].mean() == pytest.approx(hatched[:, :150].mean(), abs=6)


def test_dots_stand_apart_by_the_pitch_at_the_angle():
    _, tone = toned(replace(STYLE, screen=replace(SCREEN, pitch=6.0, angle=0.0)))
    row = 255 - tone[4:46].mean(axis=0)
    wave = np.abs(np.fft.rfft(row - row.mean()))
    assert int(np.argmax(wave)) == pytest.approx(300 / 6, abs=1)


def test_tone_keeps_the_lines_and_leaves_paper_white():
    made = pictured(house())
    tone = screened(made.ink, made.shadow, made.identities, known=ALL, style=STYLE, rng=np.random.default_rng(0))
    assert (tone <= made.ink).all()
    empty = pictured((Shape(box(-5, -5, 125, 105), PAPER, line=0, round=0),))
    bare = screened(empty.ink, empty.shadow, empty.identities, known=ALL, style=STYLE, rng=np.random.default_rng(0))
    assert (bare == 255).all()


def test_a_thing_has_the_same_tone_in_all_pictures_of_a_series():
    some = replace(STYLE, screen=replace(SCREEN, share=0.5))
    chosen = set()
    for taste in range(12):
        dark = [tuple(bool((tone < 255).any()) for tone in np.split(toned(replace(some, taste=taste))[1], 3))
                for _ in range(2)]  # fmt: skip
        assert dark[0] == dark[1]
        chosen.add(dark[0])
    assert len(chosen) > 2


def test_hatching_is_ink_in_the_shadow():
    body = (Shape(box(10, 10, 110, 90), WALL, round=1.0),)
    plain = pictured(body, CEL)
    hatched = pictured(body, replace(CEL, screen=replace(SCREEN, hatched=True)))
    more = hatched.ink < plain.ink.astype(int) - 60
    assert more.sum() > 100
    assert (plain.shadow[more] > 90).all()
    assert (hatched.identities[hatched.ink < 128] == NOWHERE).all()


def test_wear_changes_a_drawing_but_not_its_content():
    ink = pictured(house()).ink
    assert worn(ink, Wear(), np.random.default_rng(0)) is ink
    for wear in (Wear(blur=0.7), Wear(grain=5.0), Wear(black=40, white=240), Wear(slant=12.0), Wear(quality=60)):
        scan = worn(ink, wear, np.random.default_rng(0))
        assert (scan != ink).any()
        assert (scan.dtype, scan.shape) == (np.uint8, ink.shape)
        assert scan[ink == 255].mean() > 220 > 110 > scan[ink == 0].mean()


def test_levels_of_wear_are_black_and_white():
    scan = worn(np.array([[0, 255]], np.uint8), Wear(black=30, white=240), np.random.default_rng(0))
    assert scan.tolist() == [[30, 240]]


def test_styles_are_of_all_sorts():
    all_styles = [styles.drawn(np.random.default_rng(seed)) for seed in range(200)]
    assert set(Counter(style.paint.shading for style in all_styles)) == set(Shading)
    assert sum(style.line == styles.BLACK for style in all_styles) > 100
    assert {style.line is None for style in all_styles} == {True, False}
    for choice in (
        lambda s: s.solid,
        lambda s: s.pen.gaps > 0,
        lambda s: s.pen.repeats > 1,
        lambda s: s.screen.hatched,
    ):
        assert 0 < sum(map(choice, all_styles)) < 200
    assert max(s.pen.width for s in all_styles) > 2 * min(s.pen.width for s in all_styles)


def test_pictures_of_a_series_vary_its_style_a_little():
    style = styles.drawn(np.random.default_rng(5))
    pictures = [styles.varied(style, np.random.default_rng(seed)) for seed in range(40)]
    assert {(s.line, s.solid, s.taste, s.paint.shading, s.screen.screening) for s in pictures} == {
        (style.line, style.solid, style.taste, style.paint.shading, style.screen.screening)
    }
    assert all(0.8 <= s.pen.width / style.pen.width <= 1.25 for s in pictures)
    assert 10 < sum(s.wear == Wear() for s in pictures) < 30, "clean pictures are common"
    assert {np.sign(s.light[0]) for s in pictures} == {-1.0, 1.0}
