"""A picture of hints becomes demands upon patches: which ones each hint means, and what is kept of it to the pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mangapaint.colorizers.levin_affinity import PatchGraph, patch_graph
from mangapaint.colorizers.levin_solving import Demands, pictured, smoothed, solved
from mangapaint.colorizers.working import to_lab

RED, BLUE, GREEN = (220, 30, 40), (30, 60, 220), (60, 180, 75)
ROWS, COLUMNS, SIDE = 6, 8, 10
"""Blocks of the page, and their side in pixels."""


@pytest.fixture(scope="module")
def graph() -> PatchGraph:
    """A page of even blocks, each of another gray than its neighbours, in patches as they are found."""
    y, x = np.indices((ROWS * SIDE, COLUMNS * SIDE)) // SIDE
    return patch_graph(np.where((x + y) % 2, 90, 180).astype(np.uint8), pattern=False)


@pytest.fixture(scope="module")
def ruled(graph) -> PatchGraph:
    """The same page, as if each block were a patch: only for what is demanded of patches, not to be solved."""
    y, x = np.indices(graph.labels.shape) // SIDE
    labels = (y * COLUMNS + x).astype(np.int32)
    return replace(graph, labels=labels, area=np.bincount(labels.ravel()).astype(np.float64))


def hinted(graph: PatchGraph, *rects) -> np.ndarray:
    """A picture of hints: rectangles x0, y0, x1, y1 with their colours, later ones on top."""
    hints = np.zeros((*graph.labels.shape, 4), np.uint8)
    for x0, y0, x1, y1, color in rects:
        hints[y0:y1, x0:x1] = (*color, 255)
    return hints


def asked(graph: PatchGraph, *rects) -> Demands:
    found = pictured(graph, hinted(graph, *rects))
    assert found is not None
    return found


def lab(color) -> np.ndarray:
    return to_lab(np.array([[color]], np.uint8))[0, 0]


def held(ruled: PatchGraph, *rects) -> dict:
    """Which blocks, column and row, hints hold at which colours."""
    found = asked(ruled, *rects)
    assert len(np.unique(found.held)) == len(found.held)
    names = {tuple(np.round(lab(color), 2)): color for color in (RED, BLUE, GREEN)}
    colors = [names[tuple(np.round(row, 2))] for row in found.lab[found.held_color].astype(np.float32)]
    return {(patch % COLUMNS, patch // COLUMNS): color for patch, color in zip(found.held, colors, strict=True)}


def test_without_hints_nothing_is_demanded(ruled):
    assert pictured(ruled, hinted(ruled)) is None
    clear = hinted(ruled, (0, 0, 30, 30, RED))
    clear[..., 3] = 0
    assert pictured(ruled, clear) is None


def test_a_hint_holds_its_patch_and_pins_its_pixels(ruled):
    hint = 13, 13, 17, 17, RED
    assert held(ruled, hint) == {(1, 1): RED}
    found = asked(ruled, hint)
    np.testing.assert_array_equal(found.pinned, np.flatnonzero(hinted(ruled, hint)[..., 3]))
    np.testing.assert_allclose(found.lab[found.pinned_color], np.tile(lab(RED), (16, 1)), atol=1e-3)


def test_a_hint_that_strays_over_a_border_by_a_pixel_leaves_the_other_patch_alone(ruled):
    straying = 12, 12, 21, 18, RED
    assert held(ruled, straying) == {(1, 1): RED}
    assert len(asked(ruled, straying).pinned) == 9 * 6, "but it is drawn there"


def test_a_hint_on_both_sides_of_a_border_holds_both(ruled):
    assert held(ruled, (15, 12, 25, 18, RED)) == {(1, 1): RED, (2, 1): RED}
    assert held(ruled, (19, 19, 21, 21, RED)) == dict.fromkeys([(1, 1), (2, 1), (1, 2), (2, 2)], RED)


def test_a_patch_that_is_wholly_covered_is_meant_however_small_it_is(ruled):
    labels = ruled.labels.copy()
    labels[15:18, 30:33] = ROWS * COLUMNS
    graph = replace(ruled, labels=labels, area=np.bincount(labels.ravel()).astype(np.float64))
    found = asked(graph, (20, 11, 33, 19, RED))
    assert set(found.held.tolist()) == {COLUMNS + 2, ROWS * COLUMNS}


def test_a_small_hint_counts_by_itself_beside_a_large_one_of_its_color(ruled):
    """As a part of the large one so few pixels would only have strayed there."""
    large, small = (2, 2, 38, 28, RED), (64, 44, 66, 46, RED)
    apart = held(ruled, large, small)
    assert apart[6, 4] == RED
    assert apart[1, 1] == RED
    joined = held(ruled, large, (37, 27, 38, 46, RED), (37, 45, 66, 46, RED), small)
    assert joined == {place: color for place, color in apart.items() if place != (6, 4)}


def test_hints_that_touch_count_by_themselves_where_their_colors_differ(ruled):
    red, tip = (2, 2, 50, 28, RED), (50, 13, 51, 17)
    assert (5, 1) not in held(ruled, red, (*tip, RED))
    found = held(ruled, red, (*tip, BLUE))
    assert found[5, 1] == BLUE
    assert found[4, 1] == RED


def test_a_patch_is_held_at_the_color_that_has_most_of_its_pixels(ruled):
    for most, least in ((RED, BLUE), (BLUE, RED)):
        assert held(ruled, (11, 11, 19, 16, most), (11, 16, 19, 19, least)) == {(1, 1): most}


def test_a_color_that_only_strays_into_a_patch_does_not_count_there_at_all(ruled):
    """However many hints of others have fewer pixels there."""
    straying, own = (10, 10, 22, 20, RED), (25, 14, 28, 17, BLUE)
    assert held(ruled, straying, own) == {(1, 1): RED, (2, 1): BLUE}


def test_how_colors_are_numbered_decides_nothing(ruled):
    places = (11, 11, 19, 19), (41, 31, 49, 39), (45, 35, 57, 37)
    for colors in ((RED, BLUE, GREEN), (GREEN, RED, BLUE), (BLUE, GREEN, RED)):
        found = held(ruled, *((*place, color) for place, color in zip(places, colors, strict=True)))
        assert found == {(1, 1): colors[0], (4, 3): colors[1], (5, 3): colors[2]}


def test_a_page_wholly_covered_with_many_colors_is_solved(graph):
    rng = np.random.default_rng(2)
    hints = np.full((*graph.labels.shape, 4), 255, np.uint8)
    hints[..., :3] = rng.integers(0, 256, (*graph.labels.shape, 3))
    found = pictured(graph, hints)
    assert found is not None
    assert len(found.pinned) == graph.labels.size
    assert len(np.unique(found.held)) == len(found.held) > 0
    there = smoothed(graph, found, solved(graph, found, edges=True, texture=True))
    np.testing.assert_allclose(there, to_lab(np.ascontiguousarray(hints[..., :3])), atol=1e-3)


def test_patches_that_are_held_have_their_color_and_others_one_between(graph):
    found = asked(graph, (12, 12, 18, 18, RED), (62, 42, 68, 48, BLUE))
    values = solved(graph, found, edges=True, texture=False)
    assert values.shape == (graph.count, 3)
    np.testing.assert_allclose(values[found.held], found.lab[found.held_color], atol=0.5)
    low, high = found.lab.min(axis=0) - 1e-6, found.lab.max(axis=0) + 1e-6
    assert ((values >= low) & (values <= high)).all()
    assert (np.abs(values - found.lab[:, None]).min(axis=0).max(axis=1) > 5).any(), "somewhere they mix"


@pytest.mark.parametrize("channels", [2, 3])
def test_hints_stay_as_they_are_to_the_pixel(graph, channels):
    hints = hinted(graph, (12, 12, 21, 18, RED), (30, 30, 31, 31, BLUE), (29, 30, 30, 31, GREEN), (70, 3, 78, 40, BLUE))
    found = pictured(graph, hints)
    assert found is not None
    there = smoothed(graph, found, solved(graph, found, edges=True, texture=True)[:, 3 - channels :])
    assert there.shape == (*graph.labels.shape, 3)
    assert there.dtype == np.float32
    assert np.isfinite(there).all()
    on = hints[..., 3] > 0
    wanted = to_lab(np.ascontiguousarray(hints[..., :3]))[on]
    np.testing.assert_allclose(there[on][:, 3 - channels :], wanted[:, 3 - channels :], atol=1e-3)
    assert there[..., 0].any() == (channels == 3)
