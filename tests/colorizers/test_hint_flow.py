import numpy as np
import pytest

from mangapaint.colorizers.hint_flow import AB_SCALE, CELL, LIGHT_SCALE, TOKENS, Ground, hint_flow, laid
from mangapaint.colorizers.working import to_lab

RED, BLUE = (220, 40, 40), (40, 60, 220)


def hints(shape, *dots):
    picture = np.zeros((*shape, 4), np.uint8)
    for y, x, color in dots:
        picture[y : y + 3, x : x + 3] = (*color, 255)
    return picture


def scaled(color):
    return to_lab(np.array([[color]], np.uint8))[0, 0] / [LIGHT_SCALE, AB_SCALE, AB_SCALE]


def test_without_hints_nothing_flows():
    found = hint_flow(Ground.of(np.full((40, 64), 200, np.uint8)), np.zeros((40, 64, 4), np.uint8))
    assert found.flow.shape == found.given.shape == (4, 10, 16)
    assert not found.flow.any()
    assert (found.tokens == -1).all()
    assert (found.source == -1).all()


def test_a_cell_has_the_mean_color_and_cover_of_its_hints():
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[:4, :2] = (*RED, 255)
    found = laid(picture)
    assert found[3].tolist() == [[0.5, 0], [0, 0]]
    assert found[:3, 0, 0] == pytest.approx(scaled(RED), abs=0.01)
    assert not found[:3, 1, 1].any()


def test_color_flows_over_even_ground_and_stops_at_a_line():
    page = np.full((64, 128), 230, np.uint8)
    page[:, 62:64] = 0
    found = hint_flow(Ground.of(page), hints(page.shape, (30, 20, RED), (30, 100, BLUE)))
    columns = found.flow.shape[2]
    left, right = found.flow[1:3, :, : columns // 2 - 2], found.flow[1:3, :, columns // 2 + 2 :]
    assert np.abs(left - scaled(RED)[1:, None, None]).max() < 0.01
    assert np.abs(right - scaled(BLUE)[1:, None, None]).max() < 0.01


def test_a_hint_is_nearer_on_its_side_of_a_line():
    page = np.full((64, 128), 230, np.uint8)
    page[:, 62:64] = 0
    near = hint_flow(Ground.of(page), hints(page.shape, (30, 20, RED))).flow[3]
    assert near[8, 4] > 0.7
    assert near[8, 14] > 2 * near[8, 17]
    assert near.min() > 0


def test_sides_that_are_no_whole_cells_are_rounded_up():
    found = hint_flow(Ground.of(np.full((41, 63), 200, np.uint8)), hints((41, 63), (38, 60, RED)))
    assert found.flow.shape == (4, 11, 16)
    assert np.isfinite(found.flow).all()


def test_every_color_speaks_even_beside_a_large_stroke():
    page = np.full((256, 256), 230, np.uint8)
    picture = hints(page.shape, (240, 240, BLUE))
    picture[:200, :200] = (*RED, 255)
    found = hint_flow(Ground.of(page), picture)
    chosen = found.tokens[found.tokens >= 0]
    assert len(chosen) == TOKENS
    assert len(set(chosen.tolist())) == TOKENS
    colors = found.given[1:3].reshape(2, -1)[:, chosen].T
    assert (np.abs(colors - scaled(BLUE)[1:]).max(axis=1) < 0.02).any()


def test_the_same_hints_give_the_same_flow():
    rng = np.random.default_rng(3)
    page = rng.integers(0, 256, (60, 80), np.uint8)
    picture = np.zeros((60, 80, 4), np.uint8)
    picture[rng.random((60, 80)) < 0.3] = (*RED, 255)
    one, two = hint_flow(Ground.of(page), picture), hint_flow(Ground.of(page), picture)
    assert np.array_equal(one.flow, two.flow)
    assert np.array_equal(one.tokens, two.tokens)
    assert one.flow.shape == (4, 60 // CELL, 80 // CELL)
