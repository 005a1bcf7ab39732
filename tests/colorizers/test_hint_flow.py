import numpy as np
import pytest

from mangapaint.colorizers import levin_affinity
from mangapaint.colorizers.hint_flow import (
    AB_SCALE,
    CELL,
    LIGHT_SCALE,
    SCALE,
    TOKENS,
    Ground,
    HintFlow,
    hint_flow,
    laid,
)
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


# --- as levin spreads them


def lab(color):
    return to_lab(np.array([[color]], np.uint8))[0, 0]


def halves(height=60, width=101):
    page = np.full((height, width), 200, np.uint8)
    page[:, width // 2 :] = 90
    return page


def spread(page, *dots) -> HintFlow:
    return hint_flow(Ground.of(page), hints(page.shape, *dots))


def test_without_hints_nothing_is_spread():
    found = spread(halves())
    assert found.spread.shape == (60, 101, 3)
    assert found.halved.shape == (3, 30, 51)
    assert found.spread.dtype == found.halved.dtype == np.float32
    assert not found.spread.any()
    assert not found.halved.any()


def test_hints_are_spread_over_their_sides_pixel_by_pixel():
    found = spread(halves(), (30, 20, RED), (30, 80, BLUE)).spread
    for side, color in ((np.s_[:, :48], RED), (np.s_[:, 54:], BLUE)):
        assert np.abs(found[side] - lab(color)).max() < 5
    np.testing.assert_allclose(found[30:33, 20:23], np.broadcast_to(lab(RED), (3, 3, 3)), atol=1e-3)


def test_half_the_size_is_the_mean_of_four_pixels_scaled():
    rng = np.random.default_rng(1)
    full = (rng.normal(0, 1, (6, 8, 3)) * SCALE).astype(np.float32)
    empty = np.zeros((4, 2, 2), np.float32)
    flow = HintFlow(empty, empty, np.zeros(TOKENS, np.int64), np.zeros((2, 2), np.int32), full)
    wanted = full.reshape(3, 2, 4, 2, 3).mean(axis=(1, 3)).transpose(2, 0, 1) / SCALE[:, None, None]
    np.testing.assert_allclose(flow.halved, wanted, atol=1e-5)


@pytest.mark.parametrize("shape", [(41, 63), (40, 63), (41, 64), (3, 5), (1, 9), (1, 1)])
def test_odd_sides_are_rounded_up_when_halved(shape):
    found = spread(np.full(shape, 200, np.uint8), (0, 0, RED))
    assert found.spread.shape == (*shape, 3)
    assert found.halved.shape == (3, -(-shape[0] // 2), -(-shape[1] // 2))
    np.testing.assert_allclose(found.halved, np.broadcast_to((lab(RED) / SCALE)[:, None, None], found.halved.shape),
                               atol=0.02)  # fmt: skip
    assert np.abs(found.halved).max() <= 1


def test_on_pages_larger_than_levins_patches_hints_lie_where_they_do(monkeypatch):
    monkeypatch.setattr(levin_affinity, "WORKING_PIXELS", 1500)
    page = halves()
    found = spread(page, (50, 40, RED), (4, 95, BLUE))
    assert found.spread.shape == (*page.shape, 3)
    assert found.halved.shape == (3, 30, 51)
    assert np.abs(found.spread[51, 41] - lab(RED)).max() < 5
    assert np.abs(found.spread[5, 96] - lab(BLUE)).max() < 5
    for side, color in ((np.s_[:, :44], RED), (np.s_[:, 58:], BLUE)):
        assert np.abs(found.spread[side] - lab(color)).max() < 8


def test_levin_may_see_a_finer_picture_of_the_page():
    fine = np.full((160, 240), 230, np.uint8)
    fine[:, 119:121] = 0  # half a pixel of the page, on which it is no more than a shade
    page = np.full((40, 60), 230, np.uint8)
    marks = hints(fine.shape, (80, 40, RED), (80, 200, BLUE))
    found = hint_flow(Ground.of(page, fine), hints(page.shape, (20, 10, RED), (20, 50, BLUE)), marks)
    assert found.spread.shape == (40, 60, 3)
    coarse = hint_flow(Ground.of(page), hints(page.shape, (20, 10, RED), (20, 50, BLUE)))
    for columns, color in ((np.s_[:, :28], RED), (np.s_[:, 32:], BLUE)):
        wanted = to_lab(np.array([[color]], np.uint8))[0, 0]
        off, before = (np.abs(item.spread[columns] - wanted).mean() for item in (found, coarse))
        assert off < 5
        assert before > 3 * off
