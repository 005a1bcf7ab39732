"""A large page can be drawn on from a coarse analysis at once; the exact one replaces it when there is time."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from test_session import BLUE, RED, Gate, open_page, page_file, settle, shown

from mangapaint.analysis.analysis import analyze, sketch
from mangapaint.batch import composed
from mangapaint.document.document import Document
from mangapaint.document.page import Kind, Page
from mangapaint.document.strokes import stroke
from mangapaint.settings import Settings
from mangapaint.ui.analyses import KEPT, Analyses, analysis_key
from mangapaint.ui.filling import BucketTool
from mangapaint.ui.session import Session
from mangapaint.ui.tools import At, Brush, Edit
from mangapaint.ui.wishes import MOST_WAYS_MADE

LEFT, RIGHT, FAR = (250, 1100), (1000, 1100), (800, 50)
"""Points in the left box, in the right one, and beside both."""
GAP = 9


def large_page() -> np.ndarray:
    gray = np.full((1400, 1600), 255, np.uint8)
    cv2.rectangle(gray, (101, 101), (761, 1301), 0, 6)
    cv2.rectangle(gray, (841, 101), (1501, 1301), 0, 6)
    cv2.circle(gray, (431, 603), 201, 0, 6)
    return gray


class Slow(Gate):
    """Holds an analysis until it is opened or cancelled."""

    def _held(self, document, progress):
        self.calls += 1
        while not self.opened.wait(0.002):
            progress.check()
        return self._run(document, progress)


@pytest.fixture
def session(qtbot, tmp_path):
    session = Session(Settings(), kept=tmp_path / "kept")
    session.failures = []
    session.failed.connect(session.failures.append)
    yield session
    session.jobs.close()


@pytest.fixture
def exact(monkeypatch) -> Slow:
    return Slow(monkeypatch, "analyzed")


@pytest.fixture
def large(qtbot, tmp_path, session, exact) -> Session:
    """The large page, sketched; its exact analysis has begun and waits."""
    cv2.imwrite(str(tmp_path / "large.png"), large_page())
    session.open(tmp_path / "large.png")
    qtbot.waitUntil(lambda: exact.calls == 1)
    assert session.analysis is not None
    return session


def scribbled(session: Session, at, color) -> Document:
    return session.history.present.with_stroke(stroke([at, (at[0] + 60, at[1] + 9)], width=20, color=color))


def draw(session: Session, at, color) -> None:
    session.apply(Edit("Brush stroke", scribbled(session, at, color)))


def ended(qtbot, session: Session, exact: Slow) -> None:
    """Let the exact analysis finish and see that the picture is made with it."""
    exact.opened.set()
    settle(qtbot, session)
    assert session.analysis.exact
    assert session.shown.analysis is session.analysis
    assert session.is_fresh
    assert session.failures == []
    np.testing.assert_array_equal(shown(session), composed(session.analysis, session.shown.colorization))


def test_strokes_colour_the_page_from_the_sketch_and_then_from_the_exact_analysis(qtbot, large, exact):
    assert not large.analysis.exact
    assert not large.is_fresh
    draw(large, LEFT, RED)
    qtbot.waitUntil(lambda: large.picture.color(*LEFT) == RED)
    assert large.picture.color(150, 150) == RED
    assert large.picture.color(*RIGHT) == (255, 255, 255)
    assert not large.shown.analysis.exact
    qtbot.waitUntil(lambda: exact.calls == 2)
    assert not large.is_fresh
    ended(qtbot, large, exact)
    assert large.picture.color(150, 150) == RED


def test_without_a_stroke_the_exact_analysis_just_takes_over(qtbot, large, exact):
    exact.opened.set()
    settle(qtbot, large)
    assert large.analysis.exact
    assert large.is_fresh
    assert exact.calls == 1


def test_a_small_page_has_no_sketch(qtbot, tmp_path, session, exact):
    names = []
    session.jobs.started.connect(lambda job: names.append(job.name))
    exact.opened.set()
    open_page(qtbot, session, page_file(tmp_path / "page.png"))
    assert "sketch" not in names
    assert session.analysis.exact


def test_drawing_makes_the_exact_analysis_wait_but_not_for_ever(qtbot, large, exact):
    for number in range(MOST_WAYS_MADE):
        draw(large, (LEFT[0] + 9 * number, LEFT[1]), RED)
        qtbot.waitUntil(lambda calls=number + 2: exact.calls == calls)
        assert large.picture.color(*LEFT) == RED
    draw(large, RIGHT, BLUE)
    qtbot.wait(100)
    assert exact.calls == MOST_WAYS_MADE + 1
    assert large.picture.color(*RIGHT) == (255, 255, 255)
    ended(qtbot, large, exact)
    assert exact.calls == MOST_WAYS_MADE + 1
    assert large.picture.color(*RIGHT) == BLUE


def test_one_drag_makes_it_wait_once_however_often_the_hand_moves(qtbot, large, exact):
    for _ in range(20):
        large.set_draft(scribbled(large, LEFT, RED))
    assert large.ways_made == 1
    qtbot.waitUntil(lambda: large.picture.color(*LEFT) == RED)
    settle(qtbot, large)
    assert exact.calls == 1
    assert not large.is_fresh
    draw(large, LEFT, RED)
    qtbot.waitUntil(lambda: exact.calls == 2)
    ended(qtbot, large, exact)


def test_the_next_kind_has_its_ways_to_make_again(qtbot, large, exact):
    for number in range(MOST_WAYS_MADE):
        draw(large, LEFT, RED)
        qtbot.waitUntil(lambda calls=number + 2: exact.calls == calls)
    ended(qtbot, large, exact)
    assert large.ways_made == 0


def test_what_the_artist_cancels_is_left_until_the_next_change(qtbot, large, exact):
    large.jobs.cancel()
    settle(qtbot, large)
    assert exact.calls == 1
    assert large.is_fresh
    draw(large, LEFT, RED)
    qtbot.waitUntil(lambda: exact.calls == 2)
    ended(qtbot, large, exact)


def test_a_kind_changed_there_and_back_is_analysed_all_the_same(qtbot, tmp_path, session, exact):
    session.open(page_file(tmp_path / "page.png"))
    qtbot.waitUntil(lambda: exact.calls == 1)
    session.choose(kind=Kind.GRAY)
    session.undo()
    exact.opened.set()
    settle(qtbot, session)
    assert session.analysis is not None
    assert session.analysis.kind is Kind.LINE


def test_an_export_is_exact_even_while_only_a_sketch_is_there(qtbot, tmp_path, large, exact):
    draw(large, LEFT, RED)
    qtbot.waitUntil(lambda: exact.calls == 2)
    assert not large.analysis.exact
    large.export(tmp_path / "out.png")
    exact.opened.set()
    settle(qtbot, large)
    written = cv2.imread(str(tmp_path / "out.png"))[..., ::-1]
    np.testing.assert_array_equal(written, composed(large.analysis, large.shown.colorization))


# --- the gap


def test_another_gap_of_a_sketch_shows_at_once_and_becomes_exact(qtbot, large, exact):
    draw(large, LEFT, RED)
    large.choose(gap=GAP)
    qtbot.waitUntil(lambda: large.analysis is not None and large.shown.analysis is large.analysis)
    assert large.analysis.gap == GAP
    assert not large.analysis.exact
    assert large.picture.color(*LEFT) == RED
    ended(qtbot, large, exact)
    assert large.analysis.gap == GAP


def test_once_one_gap_is_exact_no_other_one_is_analysed_anew(qtbot, large, exact):
    draw(large, LEFT, RED)
    large.choose(gap=GAP)
    qtbot.waitUntil(lambda: large.analysis is not None and not large.analysis.exact)
    ended(qtbot, large, exact)
    calls = exact.calls
    large.undo()
    ended(qtbot, large, exact)
    assert large.document.choice.gap is None
    large.undo()
    settle(qtbot, large)
    assert large.document.strokes == ()
    assert large.picture.color(*LEFT) == (255, 255, 255)
    large.redo()
    large.redo()
    ended(qtbot, large, exact)
    assert large.analysis.gap == GAP
    assert exact.calls == calls


def test_a_gap_tried_while_the_exact_analysis_runs_on_is_taken_from_it(qtbot, large, exact):
    large.ways_made = MOST_WAYS_MADE
    large.choose(gap=GAP)
    draw(large, LEFT, RED)
    ended(qtbot, large, exact)
    assert large.analysis.gap == GAP
    assert exact.calls == 1


# --- what is remembered


@pytest.fixture(scope="module")
def pair():
    """The large page's coarse and exact analysis."""
    page = Page(large_page(), "large")
    return sketch(page), analyze(page)


def test_a_coarse_analysis_never_takes_the_place_of_an_exact_one(pair):
    coarse, fine = pair
    assert (coarse.exact, fine.exact) == (False, True)
    known, document = Analyses(), Document(fine.page)
    known.add(analysis_key(document), coarse)
    assert known.of(document) is coarse
    known.add(analysis_key(document), fine)
    known.add(analysis_key(document), coarse)
    assert known.of(document) is fine
    assert known.latest is fine


def test_the_best_one_is_exact_and_of_the_wanted_kind(pair):
    coarse, fine = pair
    known, document = Analyses(), Document(fine.page)
    assert known.best(document) is None
    known.add(("exact",), fine)
    known.add(("coarse",), coarse)
    assert known.latest is coarse
    assert known.best(document) is fine
    gray = document.with_choice(replace(document.choice, kind=Kind.GRAY))
    assert known.best(gray) is None
    for number in range(KEPT):
        known.add((number,), coarse)
    assert known.best(document) is coarse
    known.clear()
    assert known.latest is known.best(document) is None


def test_a_bucket_that_is_down_keeps_to_the_regions_it_began_with(pair):
    coarse, fine = pair
    now = [coarse]
    tool = BucketTool(lambda: now[0])
    tool.begin(Document(fine.page), At(*LEFT), Brush())
    now[0] = fine
    (item,) = tool.extend(At(*RIGHT)).strokes
    places = [int(fine.regions.labels[int(y), int(x)]) for x, y in item.points.tolist()]
    assert len(places) == len(set(places)) == 3
    tool.cancel()
    now[0] = None
    assert tool.begin(Document(fine.page), At(*LEFT), Brush()).strokes == ()
