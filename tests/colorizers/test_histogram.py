"""Ranges of gray: zero points of histograms, their pairing, and pages that take a reference's colours by their gray."""

from __future__ import annotations

import drawing
import numpy as np
import pytest
import referring
from referring import flags

from mangapaint.colorizers.histogram import (
    Histogram,
    HistogramRanges,
    ZeroPoint,
    color_table,
    joint_histogram,
    paired,
    regression,
    zero_points,
)
from mangapaint.colorizers.working import example
from mangapaint.document.page import Kind

METHOD = HistogramRanges()
LEVELS = np.arange(256)


def hills(*rows: tuple[float, float]) -> np.ndarray:
    """A histogram of Gaussian hills, (level, part) each, 6 levels wide."""
    counts = sum(part * np.exp(-(((LEVELS - level) / 6) ** 2) / 2) for level, part in rows)
    return counts / counts.sum()


def test_regression_returns_a_straight_line_and_its_slope_unchanged_up_to_the_ends():
    value, slope = regression(3 - 0.5 * LEVELS, 5)
    assert np.allclose(value, 3 - 0.5 * LEVELS)
    assert np.allclose(slope, -0.5)


def test_zero_points_are_peaks_and_valleys_in_turn():
    found = zero_points(hills((50, 1), (120, 0.5), (200, 1)))
    assert [point.peak for point in found] == [True, False, True, False, True]
    assert [point.level for point in found[::2]] == pytest.approx([50, 120, 200], abs=0.5)
    assert found[0].height > found[2].height > found[1].height
    assert found[0].stands_out > 0.5


def test_zero_points_move_with_the_histogram_and_are_paired_again():
    one = zero_points(hills((50, 1), (120, 0.5), (200, 1)))
    other = zero_points(hills((60, 1), (130, 0.5), (210, 1)))
    pairs = paired(one, other)
    assert len(pairs) == 5
    assert all(b.level - a.level == pytest.approx(10, abs=0.5) and a.peak is b.peak for a, b in pairs)


def test_zero_points_without_a_partner_are_dropped():
    pairs = paired(zero_points(hills((50, 1), (200, 1))), zero_points(hills((50, 1), (120, 0.3), (200, 1))))
    peaks = [(a.level, b.level) for a, b in pairs if a.peak]
    assert peaks == [pytest.approx((50, 50), abs=0.5), pytest.approx((200, 200), abs=0.5)]
    assert len(pairs) == 3  # one of the two valleys went with the hill between


def test_pairs_are_in_order_and_never_of_a_peak_and_a_valley():
    rng = np.random.default_rng(0)
    for _ in range(20):
        one, other = (zero_points(rng.random(256) ** 8) for _ in range(2))
        pairs = paired(one, other)
        assert 0 < len(pairs) <= min(len(one), len(other))
        for side in (0, 1):
            levels = [pair[side].level for pair in pairs]
            assert levels == sorted(set(levels))
        assert all(a.peak is b.peak for a, b in pairs)


def test_nothing_pairs_with_nothing():
    assert paired([], [ZeroPoint(3, 1, True, 1)]) == []


@pytest.mark.parametrize("weighted", [False, True])
def test_grays_take_the_colours_of_what_answers_to_them(weighted):
    """The page is 12 levels darker than the reference, in which every hill has a colour of its own."""
    page = hills((50, 1), (120, 1), (200, 1))
    counts = hills((62, 1), (132, 1), (212, 1))
    tints = np.where(LEVELS < 97, -40, np.where(LEVELS < 172, 0, 40))
    lab = np.stack([LEVELS / 2.55, tints, -tints], axis=1) * counts[:, None]
    table = color_table(page, Histogram(counts, lab), weighted=weighted)
    assert table.shape == (256, 3)
    for level, tint in ((50, -40), (120, 0), (200, 40)):
        assert table[level - 3 : level + 4, 1] == pytest.approx(tint, abs=1)
        assert table[level - 3 : level + 4, 2] == pytest.approx(-tint, abs=1)


def test_references_count_alike_whatever_their_size():
    red, blue = np.full((8, 8, 3), (200, 0, 0), np.uint8), np.full((80, 60, 3), (0, 0, 200), np.uint8)
    joint = joint_histogram([example(referring.reference(item), 1024) for item in (red, blue)])
    assert joint.counts.sum() == pytest.approx(1)
    assert sorted(joint.counts[joint.counts > 0]) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("within", ["mean", "weighted"])
def test_a_page_that_is_the_references_own_gray_takes_its_colours(within):
    result = referring.colored(METHOD, referring.turned(flags()), flags(), options=(("within", within),))
    assert referring.chroma_distance(result, flags()).mean() < 2


def test_each_of_several_references_gives_what_it_has():
    """Each reference has half of the colours."""
    picture = flags()
    halves = picture[:, : picture.shape[1] // 2], picture[:, picture.shape[1] // 2 :]
    result = referring.colored(METHOD, referring.turned(picture), *halves)
    assert referring.chroma_distance(result, picture).mean() < 3


def test_more_than_one_colour_of_one_gray_become_their_mean():
    gray = drawing.page(np.full((40, 40), 128, np.uint8)).pixels
    picture = np.full((40, 40, 3), (128, 128, 128), np.uint8)
    picture[:20] = referring.of_luma((230, 90, 90), 128)
    result = referring.colored(METHOD, gray, picture, options=(("within", "mean"),))
    lab = referring.lab(result)
    expected = referring.lab(picture).reshape(-1, 3).mean(axis=0)
    assert np.allclose(lab[..., 1:], expected[1:], atol=3)


@pytest.mark.parametrize("odd", referring.ODD)
def test_odd_pages_and_references_do_no_harm(odd):
    page, references = referring.ODD[odd]
    result = referring.colored(METHOD, page, *references)
    assert result.shape == (*page.shape, 3)
    if all(item.ndim == 2 for item in references):
        assert referring.chroma_distance(result, np.dstack([page] * 3)).max() < 2


def test_one_colour_goes_everywhere():
    page, references = referring.ODD["one colour"]
    middle = referring.colored(METHOD, page, *references)[:, 15:25]
    assert np.ptp(referring.lab(middle)[..., 1:], axis=(0, 1)).max() < 8
    assert referring.lab(middle)[..., 1].min() > 30


def test_hints_overrule_the_reference():
    dot = referring.dab(56, 30, (30, 60, 220))
    result = referring.colored(METHOD, referring.turned(flags()), flags(), strokes=(dot,))
    assert referring.lab(result)[30, 56, 2] < -30
    assert referring.chroma_distance(result, flags())[:, :30].mean() < 4


def test_toned_areas_are_as_gray_as_their_tone():
    """Screentone has no gray but its mean; the reference's only colour is of that gray."""
    page = drawing.screentone(192)
    asked = referring.request(page, page, kind=Kind.TONE)
    tone = asked.analysis.tone
    gray = int(np.median(tone.value[tone.value < 255]))
    picture = np.full((64, 64, 3), 255, np.uint8)
    picture[10:50, 10:50] = referring.of_luma((230, 60, 60), gray)
    result = referring.colored(METHOD, asked.analysis, picture, kind=Kind.TONE)
    inside = referring.lab(result)[96, 60:130]
    assert inside[page[96, 60:130] == 255, 1].min() > 20
    assert np.ptp(result[4, 4]) < 6


def test_options_prepare_and_kinds_are_those_with_grays():
    assert all(row.prepares for row in METHOD.info.options)
    assert METHOD.info.kinds == {Kind.GRAY, Kind.COLORED, Kind.TONE}
