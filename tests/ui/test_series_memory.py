"""Pages that were coloured are references for the others in their folder, in a session with real files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mangapaint.document.page import Reference
from mangapaint.settings import Settings
from mangapaint.ui.session import Session
from mangapaint.ui.tools import Edit
from tests.ui.test_session import BLUE, LEFT, RED, RIGHT, draw, open_page, page_file, reference_file, settle


def session_in(folder: Path, **settings: str) -> Session:
    session = Session(Settings(settings), kept=folder / "kept")
    session.failures = []
    session.failed.connect(session.failures.append)
    return session


@pytest.fixture
def session(qtbot, tmp_path):
    session = session_in(tmp_path)
    yield session
    session.jobs.close()


@pytest.fixture
def pages(tmp_path) -> list[Path]:
    return [page_file(tmp_path / f"page {number}.png", shift=3 * number) for number in range(3)]


def references(session: Session) -> tuple[Reference, ...]:
    return session.history.present.references


def test_a_page_coloured_by_hand_is_a_reference_of_the_next_one(qtbot, session, pages):
    open_page(qtbot, session, pages[0])
    draw(qtbot, session, LEFT, RED)
    draw(qtbot, session, RIGHT, BLUE)
    shown = session.picture.level(0)[..., 2::-1].copy()
    open_page(qtbot, session, pages[1])
    (found,) = references(session)
    assert found.name == "page 0.png, as you coloured it"
    np.testing.assert_array_equal(found.pixels, shown)
    taken = np.array(session.picture.color(*RIGHT))
    assert np.abs(taken - BLUE).max() <= 3, "the next page takes its colours by itself"
    assert session.failures == []


def test_corrections_count_from_then_on(qtbot, session, pages):
    open_page(qtbot, session, pages[0])
    draw(qtbot, session, RIGHT, BLUE)
    open_page(qtbot, session, pages[1])
    draw(qtbot, session, RIGHT, RED)
    open_page(qtbot, session, pages[2])
    assert [item.pixels[RIGHT[1], RIGHT[0]].tolist() for item in references(session)] == [list(RED), list(BLUE)]


def test_a_page_nobody_coloured_is_no_reference(qtbot, session, pages):
    open_page(qtbot, session, pages[0])
    open_page(qtbot, session, pages[1])
    assert references(session) == ()


def test_a_page_whose_hints_were_taken_away_is_no_reference_any_more(qtbot, session, pages):
    open_page(qtbot, session, pages[0])
    draw(qtbot, session, LEFT, RED)
    open_page(qtbot, session, pages[1])
    open_page(qtbot, session, pages[0])
    session.apply(Edit("Delete strokes", replace(session.history.present, strokes=())))
    settle(qtbot, session)
    open_page(qtbot, session, pages[1])
    assert references(session) == ()


def test_the_artists_own_references_go_with_the_series(qtbot, session, pages, tmp_path):
    open_page(qtbot, session, pages[0])
    session.add_reference(reference_file(tmp_path / "reference.png"))
    settle(qtbot, session)
    open_page(qtbot, session, pages[1])
    assert [item.name for item in references(session)] == ["reference.png"]
    elsewhere = tmp_path / "other series"
    elsewhere.mkdir()
    open_page(qtbot, session, page_file(elsewhere / "page 1.png", shift=20))
    assert references(session) == ()


def test_what_was_coloured_yesterday_is_remembered_today(qtbot, pages, tmp_path):
    yesterday = session_in(tmp_path)
    open_page(qtbot, yesterday, pages[0])
    draw(qtbot, yesterday, RIGHT, BLUE)
    yesterday.close()
    today = session_in(tmp_path)
    open_page(qtbot, today, pages[1])
    assert [item.pixels[RIGHT[1], RIGHT[0]].tolist() for item in references(today)] == [list(BLUE)]
    today.close()


def test_nothing_is_remembered_where_the_artist_does_not_want_it(qtbot, pages, tmp_path):
    session = session_in(tmp_path, remember="off")
    open_page(qtbot, session, pages[0])
    draw(qtbot, session, RIGHT, BLUE)
    open_page(qtbot, session, pages[1])
    assert references(session) == ()
    session.close()
    assert not session.memory.folder.exists()


def test_a_memory_that_cannot_be_written_is_told_and_the_page_opens_all_the_same(qtbot, session, pages):
    session.memory.folder.write_bytes(b"a file is in the way")
    open_page(qtbot, session, pages[0])
    draw(qtbot, session, RIGHT, BLUE)
    open_page(qtbot, session, pages[1])
    assert session.page.name == pages[1].name
    assert len(session.failures) == 1
    assert "cannot be remembered" in session.failures[0]
