"""Cells vote: the commonest colour wins and is never a mean, neighbours help, and "not to be found" is a choice."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mangapaint.colorizers.levin_affinity import patch_graph
from mangapaint.colorizers.voting import (
    Cells,
    Proposal,
    decided,
    decided_signs,
    labelled,
    of_patches,
    of_regions,
    palette,
)

RED, BLUE, GREEN = ((50.0, 60.0, 30.0), (45.0, 10.0, -50.0), (70.0, -45.0, 40.0))
COLORS = np.array([RED, BLUE, GREEN], np.float32)
PAIR = np.repeat(np.array([[0, 1]]), 10, axis=0).repeat(10, axis=1)
"""Two cells of 100 pixels, side by side."""


def cells(labels: np.ndarray = PAIR, *ties: tuple[int, int, float]) -> Cells:
    a, b, weight = (np.array([tie[i] for tie in ties]) for i in range(3))
    return Cells(labels, int(labels.max()) + 1, a.astype(np.int64), b.astype(np.int64), weight.astype(np.float64))


def proposal(colors: np.ndarray, *, weight: float | np.ndarray = 1.0, sure: float = 1.0) -> Proposal:
    """What every pixel proposes, (h, w, 3)."""
    count = colors.shape[0] * colors.shape[1]
    row = np.arange(count).reshape(colors.shape[:2])
    full = np.broadcast_to(np.asarray(weight, np.float32), colors.shape[:2]).ravel()
    return Proposal(colors.reshape(-1, 3).astype(np.float32), full, np.full(count, sure, np.float32), row)


def votes(part: float, *, winner=RED, loser=BLUE) -> np.ndarray:
    """In the left cell so much of the pixels for one, the rest for the other; the right cell wants green."""
    colors = np.full((*PAIR.shape, 3), GREEN)
    colors[:, :10] = loser
    colors[: round(10 * part), :10] = winner
    return colors


@pytest.mark.parametrize("light", [0.4, 1.0])
def test_the_commonest_colour_wins_and_is_no_mean(light):
    found = decided(cells(), [proposal(votes(0.6))], COLORS, light=light)
    assert found.lab.dtype == found.agreed.dtype == found.absent.dtype == np.float32
    np.testing.assert_allclose(found.lab, [RED, GREEN], atol=1e-3)
    np.testing.assert_allclose(found.agreed, [0.6, 1], atol=1e-3)
    np.testing.assert_allclose(found.absent, 0, atol=1e-3)


def test_weight_counts_not_heads():
    heavy = np.where(np.arange(10)[:, None] < 6, 1.0, 3.0)
    found = decided(cells(), [proposal(votes(0.6), weight=np.broadcast_to(heavy, PAIR.shape))], COLORS)
    np.testing.assert_allclose(found.lab[0], BLUE, atol=1e-3)
    assert found.agreed[0] == pytest.approx(12 / 18, abs=1e-3)


def test_several_proposals_add_up():
    flat = [np.full((*PAIR.shape, 3), color) for color in (RED, BLUE, BLUE)]
    found = decided(cells(), [proposal(item, weight=0.5) for item in flat], COLORS)
    np.testing.assert_allclose(found.lab, [BLUE, BLUE], atol=1e-3)


def test_shades_of_one_colour_count_together():
    near = np.add(RED, (0, 4, 4))
    colors = np.array([RED, near, BLUE], np.float32)
    drawn = votes(0.3, winner=BLUE)
    drawn[3:8, :10], drawn[8:, :10] = RED, near
    found = decided(cells(), [proposal(drawn)], colors)
    assert found.agreed[0] == pytest.approx(0.7, abs=1e-3)
    assert (np.abs(found.lab[0] - RED) <= 4).all()


def test_a_cells_own_shade_is_kept_between_the_labels_colours():
    own = np.add(RED, (6, 3, -2))
    drawn = np.full((*PAIR.shape, 3), own)
    found = decided(cells(), [proposal(drawn, weight=50)], COLORS)
    np.testing.assert_allclose(found.lab, [own, own], atol=0.1)


@pytest.mark.parametrize("sure", [0.0, 0.25, 1.0])
def test_what_is_not_sure_speaks_for_not_to_be_found(sure):
    found = decided(cells(), [proposal(votes(1.0), sure=sure)], COLORS)
    np.testing.assert_allclose(found.absent, 1 - sure, atol=1e-3)
    np.testing.assert_allclose(found.agreed, sure, atol=1e-3)
    assert np.isfinite(found.lab).all()


def test_a_cell_without_a_vote_follows_what_it_is_tied_to():
    weight = np.where(PAIR == 0, 1.0, 0.0)
    drawn = [proposal(votes(1.0), weight=weight)]
    tied, loose = decided(cells(PAIR, (0, 1, 1.0)), drawn, COLORS), decided(cells(), drawn, COLORS)
    np.testing.assert_allclose(tied.lab, [RED, RED], atol=0.1)
    assert tied.agreed[1] > 0.9
    assert loose.agreed[1] == loose.absent[1] == 0


def test_a_strong_tie_overrules_a_weak_vote_and_a_weak_tie_does_not():
    drawn = np.where(PAIR[..., None] == 0, RED, BLUE)
    some = [proposal(drawn, weight=np.where(PAIR == 0, 1.0, 0.02))]
    for tie, label in ((5.0, 0), (1e-4, 1)):
        assert labelled(decided(cells(PAIR, (0, 1, tie)), some, COLORS).lab, COLORS)[1] == label


def test_proposals_may_be_coarser_than_the_picture():
    coarse = proposal(np.array([[RED, GREEN]]))
    row = np.repeat(np.array([[0, 1]]), 10, axis=0).repeat(10, axis=1)
    found = decided(cells(), [Proposal(coarse.lab, coarse.weight, coarse.sure, row)], COLORS)
    np.testing.assert_allclose(found.lab, [RED, GREEN], atol=1e-3)


def test_regions_are_cells_that_nothing_ties():
    found = of_regions(np.array([[7, 7, 3], [9, 9, 3]]))
    assert found.count == 3
    assert found.labels.tolist() == [[1, 1, 0], [2, 2, 0]]
    assert len(found.a) == len(found.b) == len(found.weight) == 0


def patches() -> Cells:
    """Four squares on a ground, two and two of one gray."""
    gray = np.full((80, 120), 220, np.uint8)
    for place, value in enumerate((60, 140, 60, 140)):
        gray[20:60, 8 + 28 * place : 28 + 28 * place] = value
    return of_patches(patch_graph(cv2.GaussianBlur(gray, (0, 0), 0.6), pattern=False))


def test_patches_of_like_looks_are_tied_wherever_they_lie():
    found = patches()
    assert found.labels.shape == (80, 120)
    assert found.count == int(found.labels.max()) + 1
    assert len(found.a) == len(found.b) == len(found.weight)
    assert (found.weight >= 0).all()
    assert np.isfinite(found.weight).all()
    squares = [set(np.unique(found.labels[28:52, 12 + 28 * place : 24 + 28 * place])) for place in range(4)]
    ties = list(zip(found.a.tolist(), found.b.tolist(), found.weight.tolist(), strict=True))

    def between(one: set, other: set) -> float:
        return sum(weight for a, b, weight in ties if (a in one and b in other) or (b in one and a in other))

    assert between(squares[0], squares[2]) > 10 * between(squares[0], squares[3])
    assert between(squares[1], squares[3]) > 10 * between(squares[1], squares[2])


def test_patches_decide_together():
    """The third square has no vote of its own: it takes the colour of the one like it."""
    found = patches()
    drawn = np.full((80, 120, 3), GREEN)
    drawn[20:60, 8:28], drawn[20:60, 36:56] = RED, BLUE
    weight = np.ones((80, 120))
    weight[:, 60:] = 0
    decision = decided(found, [proposal(drawn, weight=weight)], COLORS)
    assert labelled(decision.lab, COLORS)[found.labels[40, 74]] == 0
    assert labelled(decision.lab, COLORS)[found.labels[40, 102]] == 1


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (3, 3)])
def test_the_smallest_pictures_have_cells(size):
    found = of_patches(patch_graph(np.full(size, 90, np.uint8), pattern=False))
    drawn = proposal(np.full((*size, 3), RED))
    decision = decided(found, [drawn], COLORS)
    assert found.labels.shape == size
    np.testing.assert_allclose(decision.lab, np.tile(RED, (found.count, 1)), atol=1e-2)


@pytest.mark.parametrize("light", [0.4, 1.0])
def test_the_palette_has_the_pictures_colours(light):
    pixels = np.repeat(COLORS, (500, 300, 20), axis=0)
    found = palette(pixels, light=light)
    assert found.dtype == np.float32
    assert sorted(np.rint(found).tolist()) == sorted(np.rint(COLORS).tolist())


def test_the_palette_of_a_single_pixel_is_that():
    np.testing.assert_allclose(palette(np.array([RED], np.float32)), [RED], atol=1e-3)


def test_labels_are_the_nearest_colours():
    random = np.random.default_rng(0)
    pixels = random.uniform(-60, 60, (5000, 3)).astype(np.float32)
    colors = random.uniform(-60, 60, (9, 3)).astype(np.float32)
    scale = np.array([0.4, 1, 1])
    far = (((pixels[:, None] - colors) * scale) ** 2).sum(axis=2)
    np.testing.assert_array_equal(labelled(pixels, colors), far.argmin(axis=1))
    assert labelled(pixels[:1], colors).shape == (1,)


def test_signs_tell_how_much_agrees_how_large_a_cell_is_and_where():
    labels = np.zeros((10, 20), np.int64)
    labels[2:4, 2:7] = 1  # well within
    colors = np.full((10, 20, 3), RED)
    colors[:, 10:] = BLUE
    divided = cells(labels)
    signs = decided_signs(divided, decided(divided, [proposal(colors, weight=2.0, sure=0.75)], COLORS))
    assert signs.dtype == np.float32
    absent, odds, part, at_border, votes, agreeing, agreed = signs.T
    np.testing.assert_allclose(absent, 0.25, atol=1e-4)
    np.testing.assert_allclose(odds, np.log(np.array([100 / 190, 1]) * 0.75 / (1 - np.array([100 / 190, 1]) * 0.75)),
                               atol=1e-3)  # fmt: skip
    np.testing.assert_allclose(np.exp(part), [0.95, 0.05], atol=1e-4)
    assert at_border.tolist() == [1, 0]
    np.testing.assert_allclose(agreed, np.array([100 / 190, 1]) * 0.75, atol=1e-3)
    np.testing.assert_allclose(np.exp(votes), 1.5, atol=0.01)
    root = np.sqrt([0.95, 0.05])
    np.testing.assert_allclose(agreeing, 0.75 * (root * [100 / 190, 1]).sum() / root.sum(), atol=1e-3)


def test_signs_of_what_nothing_votes_on_are_numbers():
    none = decided(cells(), [proposal(votes(0.6), weight=0.0)], COLORS)
    assert np.isfinite(decided_signs(cells(), none)).all()
