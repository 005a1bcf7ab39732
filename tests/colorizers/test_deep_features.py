"""Descriptors and the dense network on them: what it learns, that steps are as good as one go, what does no harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import referring

from mangapaint.colorizers import deep_features, deep_features_network
from mangapaint.colorizers.deep_features import DeepFeatures, chroma, with_chroma
from mangapaint.colorizers.deep_features_descriptors import LABELS, clustered, described
from mangapaint.colorizers.deep_features_network import begun
from mangapaint.colorizers.method import Learner
from mangapaint.colorizers.ready import learned_through, ready
from mangapaint.document.page import Pixels
from mangapaint.errors import Cancelled
from mangapaint.progress import Silent

METHOD = DeepFeatures()
PICTURE = referring.flags(48, 72)


def few(monkeypatch, steps: int, *, seconds: float = 1e9) -> None:
    """Learn no more than so many steps, each for so long."""
    monkeypatch.setattr(deep_features_network, "STEPS", steps)
    monkeypatch.setattr(deep_features, "STEP_SECONDS", seconds)


def test_u_and_v_are_what_they_are_in_yuv_and_there_is_a_way_back():
    colors = np.array(
        [[(0, 0, 0), (255, 255, 255), (128, 128, 128)], [(255, 0, 0), (0, 0, 255), (30, 200, 90)]], np.uint8
    )
    found = chroma(colors)
    assert np.allclose(found[0], 0, atol=1e-6)
    assert found[1, 0] == pytest.approx((-0.147, 0.615), abs=1e-3)
    assert found[1, 1] == pytest.approx((0.436, -0.100), abs=1e-3)
    assert np.abs(with_chroma(referring.turned(colors), found).astype(int) - colors).max() <= 1
    assert not chroma(colors[..., 0]).any()


def test_a_descriptor_is_patch_daisy_and_labels():
    gray = referring.turned(PICTURE)
    (found,) = described([gray], clustered, seed=0)
    labels = clustered([gray], 0)[0].reshape(gray.size, -1)
    assert found.shape == (gray.size, 49 + 68 + labels.shape[1])
    rows = found.reshape(*gray.shape, -1)
    assert rows[20, 30, :49].reshape(7, 7) == pytest.approx(gray[17:24, 27:34] / 255, abs=1e-6)
    assert np.array_equal(found[:, 117:], labels)


def test_labels_of_another_kind_can_take_the_place_of_the_clusters():
    def halves(pictures: list[Pixels], seed: int) -> list[np.ndarray]:
        return [np.full((*item.shape, 2), 0.5, np.float32) for item in pictures]

    (found,) = described([referring.turned(PICTURE)], halves, seed=0)
    assert found.shape[1] == 49 + 68 + 2
    assert (found[:, -2:] == 0.5).all()


def test_labels_are_shared_by_all_pictures_and_do_not_ask_where_something_lies():
    gray = referring.turned(PICTURE)
    one, mirrored, other = clustered([gray, gray[:, ::-1].copy(), np.full((9, 9), 128, np.uint8)], 0)
    assert one.sum(axis=2) == pytest.approx(1, abs=1e-5)
    assert one.shape[2] == mirrored.shape[2] == other.shape[2] == LABELS
    assert np.allclose(one, mirrored[:, ::-1], atol=1e-3)
    assert (one[:, :6].argmax(axis=2) != one[:, -6:].argmax(axis=2)).all()  # white and black


def test_a_network_that_knows_nothing_says_gray():
    assert not begun(133, seed=0).colors(np.random.default_rng(0).random((50, 133), np.float32), Silent()).any()


def test_it_learns_a_toy(monkeypatch):
    """Colour by the sign of one number times that of another: no straight line tells it."""
    few(monkeypatch, 300)
    rng = np.random.default_rng(0)
    rows = rng.random((6000, 8), np.float32)
    sign = np.sign((rows[:, 0] - 0.5) * (rows[:, 1] - 0.5))
    wanted = np.stack([sign, -sign], axis=1).astype(np.float32) * 0.4
    training = begun(8 * 4, seed=0).advanced(np.tile(rows, 4), wanted, seconds=1e9, progress=Silent())
    assert training.learned == 1
    found = training.colors(np.tile(rows, 4), Silent())
    assert (np.sign(found) == np.sign(wanted)).mean() > 0.9
    assert np.abs(found - wanted).mean() < 0.2


def test_many_short_lessons_are_one_long_one_and_leave_what_they_began_with(monkeypatch):
    few(monkeypatch, 12)
    rng = np.random.default_rng(1)
    rows, wanted = rng.random((300, 20), np.float32), rng.random((300, 2), np.float32)
    first = begun(20, seed=3)
    long = first.advanced(rows, wanted, seconds=1e9, progress=Silent())
    short = first
    for step in range(1, 13):
        short = short.advanced(rows, wanted, seconds=0, progress=Silent())
        assert short.learned == pytest.approx(step / 12)
    assert np.array_equal(short.colors(rows, Silent()), long.colors(rows, Silent()))
    assert not first.colors(rows, Silent()).any()
    assert first.learned == 0
    other = begun(20, seed=4).advanced(rows, wanted, seconds=1e9, progress=Silent())
    assert not np.array_equal(other.colors(rows, Silent()), long.colors(rows, Silent()))


def test_a_page_comes_out_in_the_colours_of_its_reference(monkeypatch):
    few(monkeypatch, 300)
    result = referring.colored(METHOD, referring.turned(PICTURE), PICTURE)
    inside = np.tile(np.abs(np.arange(72) % 12 - 5.5) < 4, (48, 1))
    assert referring.chroma_distance(result, PICTURE)[inside].mean() < 6
    again = referring.colored(METHOD, referring.turned(PICTURE), PICTURE)
    assert np.array_equal(result, again)


def test_mirror_images_are_learned_from_too():
    """What faces left in the reference may face right on the page."""
    lessons, mirrored = (
        ready(METHOD, referring.request(referring.turned(PICTURE), item), Silent()).values
        for item in (PICTURE, PICTURE[:, ::-1])
    )
    half = PICTURE.shape[0] * PICTURE.shape[1]
    assert len(lessons.known) == len(lessons.colors) == 2 * half
    assert np.allclose(lessons.known[:half, :117], mirrored.known[half:, :117], atol=1e-5)
    assert np.array_equal(lessons.colors[:half], mirrored.colors[half:])
    assert not np.allclose(lessons.colors[:half], lessons.colors[half:], atol=0.1)


def test_it_colours_before_and_while_it_learns(monkeypatch):
    few(monkeypatch, 60, seconds=0)
    asked = referring.request(referring.turned(PICTURE), PICTURE)
    assert isinstance(METHOD, Learner)
    item = ready(METHOD, asked, Silent())
    untaught = METHOD.colorize(item.values, asked, Silent())
    assert item.learned == 0
    assert np.abs(untaught.blends[0].lab[..., 1:]).max() < 1
    later = item
    for _ in range(20):
        later = later.further(Silent())
    assert later.learned == pytest.approx(20 / 60)
    assert np.abs(METHOD.colorize(later.values, asked, Silent()).blends[0].lab[..., 1:]).max() > 5
    assert METHOD.colorize(item.values, asked, Silent()).blends[0] is untaught.blends[0]


@pytest.mark.parametrize("odd", referring.ODD)
def test_odd_pages_and_references_do_no_harm(odd, monkeypatch):
    few(monkeypatch, 20)
    page, references = referring.ODD[odd]
    result = referring.colored(METHOD, page, *references)
    assert result.shape == (*page.shape, 3)
    if all(item.ndim == 2 for item in references):
        assert referring.chroma_distance(result, np.dstack([page] * 3)).max() < 2


def test_many_references_are_taken_smaller():
    large = np.full((600, 400, 3), (90, 200, 90), np.uint8)
    prepared = ready(METHOD, referring.request(referring.turned(PICTURE), *[large] * 8), Silent()).values
    assert len(prepared.known) == 8 * 2 * 128 * 85


def test_hints_overrule_the_reference(monkeypatch):
    few(monkeypatch, 20)
    dot = referring.dab(42, 24, (30, 60, 220))
    result = referring.colored(METHOD, referring.turned(PICTURE), PICTURE, strokes=(dot,))
    assert referring.lab(result)[24, 42, 2] < -30


def test_speckle_is_gone_and_edges_stay(monkeypatch):
    """The network is given away by what it says: pixels of another colour here and there."""
    gray = referring.turned(PICTURE)
    asked = referring.request(gray, PICTURE)
    item = ready(METHOD, asked, Silent())
    said = chroma(PICTURE)
    said[3::8, 3::8] = 0.3, -0.3

    class Told:
        def colors(self, descriptors, progress):
            return said.reshape(-1, 2)

    done = METHOD.colorize(replace(item.values, training=Told()), asked, Silent()).blends[0].lab[..., 1:]
    wanted = referring.lab(PICTURE)[..., 1:]
    assert np.abs(done - wanted)[3::8, 3::8].max() < 25
    assert np.abs(done - wanted).mean() < 3


def test_it_hears_that_it_should_stop(monkeypatch):
    class Stopped(Silent):
        def check(self) -> None:
            raise Cancelled

    few(monkeypatch, 20)
    item = ready(METHOD, referring.request(referring.turned(PICTURE), PICTURE), Silent())
    with pytest.raises(Cancelled):
        item.further(Stopped())


def test_learned_through_ends_at_the_last_step(monkeypatch):
    few(monkeypatch, 7, seconds=0)
    asked = referring.request(referring.turned(PICTURE), PICTURE)
    assert learned_through(ready(METHOD, asked, Silent()), Silent()).values.training.steps == 7
