"""Pairs of scenes: the same people in another pose, never those that are taught, and what of them counts."""

from __future__ import annotations

import numpy as np

from mangapaint.document.page import Kind
from mangapaint.evaluation.reference_bench import Plan, bench_reference
from mangapaint.evaluation.scene_pairs import FIRST, POSES, load_scenes, scene_pairs
from mangapaint.training.samples import NOWHERE
from mangapaint.training.scenes.lineups import SHEET, lineup
from mangapaint.training.scenes.series import PAPER, Series
from mangapaint.training.shipped import TEACHINGS
from mangapaint.training.sources import LINED_UP, SCENE_SERIES, scenes_of


def test_a_design_sheet_shows_everybody_and_other_poses_the_same_people() -> None:
    series = Series.of(5)
    sheet, posed = lineup(series, SHEET, width=300, height=200), lineup(series, 1, width=300, height=200)
    again = lineup(series, 1, width=300, height=200)
    np.testing.assert_array_equal(posed.color, again.color)
    assert (sheet.ink != posed.ink).any()
    shown, again_shown = (set(np.unique(item.identities)) - {NOWHERE, PAPER.number} for item in (sheet, posed))
    assert len(shown & again_shown) >= 0.5 * len(again_shown)
    assert sheet.color.shape == (200, 300, 3)


def test_nobody_reaches_out_of_the_picture() -> None:
    for number in range(4):
        scene = lineup(Series.of(7), number, width=240, height=160)
        assert (scene.identities[0] == PAPER.number).all(), "a raised hand is cut off"


def test_some_pictures_of_a_taught_series_are_line_ups() -> None:
    pictures = scenes_of(1, seed=0)[:LINED_UP]
    sheet = pictures[-1].read()
    scene = lineup(Series.of(0), SHEET, width=sheet.color.shape[1], height=sheet.color.shape[0])
    np.testing.assert_array_equal(sheet.color, scene.color)


def test_each_series_has_its_next_pose_and_its_design_sheet_for_each_input() -> None:
    pairs = list(scene_pairs(2, (Kind.GRAY, Kind.LINE)))
    assert len(pairs) == 2 * len(POSES) * 2
    assert len({(item.name, item.input) for item in pairs}) == len(pairs)
    assert all(item.kind in POSES for item in pairs)


def test_they_are_of_series_that_no_recipe_teaches() -> None:
    assert max(how.scenes for how in TEACHINGS.values()) < FIRST < SCENE_SERIES


def test_what_the_reference_shows_is_counted_and_paper_is_not() -> None:
    pair = next(item for item in scene_pairs(1, (Kind.LINE,)) if item.scene.references == (SHEET,))
    loaded = load_scenes(pair)
    page = lineup(Series.of(FIRST), pair.scene.page)
    sheet = lineup(Series.of(FIRST), SHEET)
    np.testing.assert_array_equal(loaded.page.pixels, page.ink)
    np.testing.assert_array_equal(loaded.truth, page.color)
    np.testing.assert_array_equal(loaded.references[0].pixels, sheet.color)
    counted = set(np.unique(page.identities[loaded.counted]))
    assert counted
    assert counted <= set(np.unique(sheet.identities)) - {NOWHERE, PAPER.number}


def test_what_either_of_two_references_shows_is_counted() -> None:
    several = next(item for item in scene_pairs(1, (Kind.GRAY,)) if len(item.scene.references) == 2)
    loaded = load_scenes(several)
    shown = [lineup(Series.of(FIRST), number).identities for number in several.scene.references]
    page = lineup(Series.of(FIRST), several.scene.page)
    assert len({item.id for item in loaded.references}) == 2
    known = np.isin(page.identities, np.setdiff1d(np.unique(np.concatenate(shown)), [NOWHERE, PAPER.number]))
    np.testing.assert_array_equal(loaded.counted, known)


def test_the_bench_tells_of_them_apart_from_all_others(tmp_path) -> None:
    found = bench_reference(Plan(scenes=1, methods=("histogram",), sheets=tmp_path))
    assert [row["group"] for row in found["rows"]] == sorted(POSES)
    assert all(0 <= row["regions"] <= 1 for row in found["rows"])
