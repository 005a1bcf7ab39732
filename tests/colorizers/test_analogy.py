"""Analogies: copies that were shifted or mirrored find their colours again, and neighbours outvote speckle."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import referring

from mangapaint.colorizers import analogy, analogy_search
from mangapaint.colorizers.analogy import Analogy, agreeing, main_tints, voted
from mangapaint.colorizers.analogy_search import analogous
from mangapaint.colorizers.ready import ready
from mangapaint.colorizers.working import example
from mangapaint.document.page import Kind, Pixels
from mangapaint.errors import Cancelled
from mangapaint.progress import Silent

METHOD = Analogy()
CYAN, OCHRE, PINK = (60, 150, 160), (160, 120, 60), (200, 90, 140)


def textured(height: int = 96, width: int = 120) -> Pixels:
    """Areas of one luma that only texture tells apart: bars of one colour, dots of another, plain of a third."""
    bars, dots, plain = (np.array(referring.of_luma(color, 130), np.uint8) for color in (CYAN, OCHRE, PINK))
    picture = np.empty((height, width, 3), np.uint8)
    third = width // 3
    picture[:, :third], picture[:, third : 2 * third], picture[:, 2 * third :] = bars, dots, plain
    picture[:, 0:third:4] //= 2
    picture[2::4, third + 2 : 2 * third : 4] //= 4
    return picture


def test_texture_tells_colours_apart_where_gray_does_not():
    picture = textured()
    result = referring.colored(METHOD, referring.turned(picture[:, ::-1]), picture)
    assert np.median(referring.chroma_distance(result, picture[:, ::-1])) < 2
    assert (referring.chroma_distance(result, picture[:, ::-1]) < 10).mean() > 0.9


def test_a_shifted_copy_takes_its_colours_from_where_it_came():
    """Noise in gray and a colour of its own for every place: only the place itself is right."""
    rng = np.random.default_rng(1)
    gray = cv2.GaussianBlur(rng.random((80, 90)).astype(np.float32), (0, 0), 1.5)
    gray = (gray - gray.min()) / np.ptp(gray)
    y, x = np.mgrid[0:80, 0:90].astype(np.float32)
    lab = np.dstack([gray, x / 90 - 0.5, y / 80 - 0.5])
    found = analogous(gray[10:74, 15:79], [(gray, lab)], Silent())
    apart = np.abs(found[..., 1:] - lab[10:74, 15:79, 1:]).max(axis=2)[4:-4, 4:-4]
    assert (apart < 0.01).mean() > 0.95


def test_the_reference_that_fits_is_the_one_whose_colours_are_taken():
    """Two references of the same colours' gray, side by side with others of no use, narrower and wider."""
    picture = textured()
    others = np.full((40, 150, 3), (20, 20, 90), np.uint8), np.full((70, 11, 3), (250, 240, 200), np.uint8)
    result = referring.colored(METHOD, referring.turned(picture), others[0], picture, others[1])
    assert (referring.chroma_distance(result, picture) < 10).mean() > 0.9


def test_places_never_leave_their_reference():
    rng = np.random.default_rng(2)
    sizes = ((9, 30), (33, 7), (1, 1))
    references = [(rng.random(size, np.float32), np.full((*size, 3), i, np.float32)) for i, size in enumerate(sizes, 1)]
    found = analogous(rng.random((40, 50), np.float32), references, Silent())
    assert set(np.unique(found)) <= {1, 2, 3}  # 0 is what lies beside the narrower ones


def test_coherence_keeps_neighbours_together(monkeypatch):
    """The more a neighbour's place is preferred, the more pixels lie in the reference as they do on the page."""
    rng = np.random.default_rng(3)
    gray = np.round(cv2.GaussianBlur(rng.random((64, 64)).astype(np.float32), (0, 0), 2), 2)
    page = gray[:, ::-1] + rng.normal(0, 0.01, (64, 64)).astype(np.float32)
    places = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    lab = np.dstack([places, np.zeros((64, 64, 2), np.float32)])

    def together(kappa: float) -> float:
        monkeypatch.setattr(analogy_search, "KAPPA", kappa)
        found = analogous(page, [(gray, lab)], Silent())[..., 0]
        return float((np.diff(found, axis=1) == 1).mean())

    assert together(100) > together(0) + 0.1


def test_moments_and_zero_points_agree_afterwards_and_kept_is_kept():
    rng = np.random.default_rng(4)
    one = np.clip(np.concatenate([rng.normal(60, 6, 3000), rng.normal(180, 6, 3000)]), 0, 255).astype(np.uint8)
    page, reference = one.reshape(60, 100), np.clip(one.astype(int) + 20, 0, 255).astype(np.uint8).reshape(60, 100)
    assert np.array_equal(agreeing(page, reference, "kept"), (reference / 255).astype(np.float32))
    for how in ("moments", "aligned"):
        assert np.abs(agreeing(page, reference, how) * 255 - page).mean() < 2


def test_neighbours_of_a_like_gray_outvote_speckle():
    gray = np.full((40, 40), 120, np.uint8)
    gray[:, 20:] = 180
    lab = np.zeros((40, 40, 3), np.float32)
    lab[..., 0], lab[:, :20, 1], lab[:, 20:, 1] = 50, 40, -40
    truth = lab.copy()
    lab[5:35:4, 2:38:4, 1:] = 0, 60
    result = voted(lab, gray, np.array([[40, 0], [-40, 0], [0, 60]], np.float32))
    assert np.allclose(result, truth, atol=0.5)


def test_a_vote_returns_the_mean_of_those_who_agree():
    gray = np.full((9, 9), 120, np.uint8)
    lab = np.zeros((9, 9, 3), np.float32)
    lab[..., 1] = np.where(np.indices((9, 9)).sum(axis=0) % 2 == 0, 38, 42)
    lab[4, 4] = 0, -90, 90
    result = voted(lab, gray, np.array([[40, 0], [-90, 90]], np.float32))
    assert result[4, 4, 1] == pytest.approx(40, abs=1)
    assert np.abs(result[..., 2]).max() < 1e-3


def test_tints_are_the_references_colours():
    one, other = (example(referring.reference(np.full((20, 20, 3), color, np.uint8)), 99) for color in (CYAN, PINK))
    tints = main_tints([one, other], 12, seed=2**40)
    assert len(tints) == 2
    expected = sorted(item.lab[0, 0, 1:].tolist() for item in (one, other))
    assert sorted(tints.tolist()) == [pytest.approx(row, abs=0.5) for row in expected]


@pytest.mark.parametrize("voting", ["on", "off"])
@pytest.mark.parametrize("odd", referring.ODD)
def test_odd_pages_and_references_do_no_harm(odd, voting):
    page, references = referring.ODD[odd]
    result = referring.colored(METHOD, page, *references, options=(("voting", voting),))
    assert result.shape == (*page.shape, 3)
    if all(item.ndim == 2 for item in references):
        assert referring.chroma_distance(result, np.dstack([page] * 3)).max() < 2


def test_many_references_are_taken_smaller(monkeypatch):
    seen = []
    monkeypatch.setattr(analogy, "analogous", lambda page, references, progress: seen.extend(references) or
                        np.zeros((*page.shape, 3), np.float32))  # fmt: skip
    large = np.full((600, 400, 3), CYAN, np.uint8)
    ready(METHOD, referring.request(referring.turned(textured()), *[large] * 16), Silent())
    assert [item[0].shape for item in seen] == [(128, 85)] * 16


def test_the_same_request_gives_the_same_picture():
    picture = textured()
    results = [referring.colored(METHOD, referring.turned(picture), picture, seed=5) for _ in range(2)]
    assert np.array_equal(*results)


def test_hints_overrule_the_reference():
    flags = referring.flags()
    dot = referring.dab(56, 30, (30, 60, 220))
    result = referring.colored(METHOD, referring.turned(flags), flags, strokes=(dot,))
    assert referring.lab(result)[30, 56, 2] < -30
    assert referring.chroma_distance(result, flags)[:, :30].mean() < 4


def test_toned_pages_take_the_references_own_lightness():
    """What keeps no luminance of its own takes whole colours."""
    picture = textured()
    asked = referring.request(referring.turned(picture), picture)
    toned = replace(asked.analysis, kind=Kind.TONE)
    toned = replace(toned, regions=replace(toned.regions, keeps=np.zeros(toned.regions.count, bool)))
    found = ready(METHOD, replace(asked, analysis=toned), Silent()).values.evidence
    assert found.lab is None
    known = np.unique(picture.reshape(-1, 3), axis=0).astype(int)
    assert np.linalg.norm(found.colors[:, None] - known, axis=2).min(axis=1).max() < 12


def test_it_hears_that_it_should_stop():
    class Stopped(Silent):
        def check(self) -> None:
            raise Cancelled

    picture = textured()
    with pytest.raises(Cancelled):
        ready(METHOD, referring.request(referring.turned(picture), picture), Stopped())
